//! An official text as Markdown (CommonMark with the tables and footnotes of GitHub).

use std::io::{self, Write};

use super::notes::{Noted, noted, told};
use super::text::{Block, Sentences, Table, Text};

/// Writes the text.
pub(super) fn write(text: &Text, out: &mut dyn Write) -> io::Result<()> {
    let mut notes = Vec::new();
    writeln!(out, "# {}", escaped(&text.title()))?;
    for block in &text.blocks {
        writeln!(out)?;
        put(block, &mut notes, out)?;
    }
    if !notes.is_empty() {
        writeln!(out)?;
    }
    for (number, note) in (1..).zip(&notes) {
        writeln!(out, "[^{number}]: {note}")?;
    }
    Ok(())
}

fn put(block: &Block, notes: &mut Vec<String>, out: &mut dyn Write) -> io::Result<()> {
    match block {
        Block::Heading(words) => writeln!(out, "## {}", escaped(words)),
        Block::Subheading(words) => writeln!(out, "### {}", escaped(words)),
        Block::Number(words) | Block::Address(words) => writeln!(out, "{}", escaped(words)),
        Block::Paragraph(sentences) => writeln!(out, "{}", line(sentences, notes)),
        Block::List(items) => {
            for (number, item) in (1..).zip(items) {
                writeln!(out, "{number}. {}", line(item, notes))?;
            }
            Ok(())
        }
        Block::Table(table) => put_table(table, notes, out),
        Block::Signature { by, date } => writeln!(out, "{}\n\n{}", escaped(by), escaped(date)),
    }
}

fn put_table(table: &Table, notes: &mut Vec<String>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "**{}**{}\n", escaped(&table.caption), mark(told(&[&table.source]), notes))?;
    let heads: Vec<&str> = table.columns.iter().map(|(head, _)| *head).collect();
    writeln!(out, "| {} |", heads.join(" | "))?;
    writeln!(out, "|{}", "---|".repeat(heads.len()))?;
    for cells in &table.lines {
        let cells: Vec<String> = cells.iter().map(|cell| escaped(cell)).collect();
        writeln!(out, "| {} |", cells.join(" | "))?;
    }
    Ok(())
}

fn line(sentences: &Sentences, notes: &mut Vec<String>) -> String {
    let pieces = noted(&sentences.0).into_iter().map(|piece| match piece {
        Noted::Words(words) => escaped(words),
        Noted::Blank(words) => format!("**{}**", escaped(words)),
        Noted::Note(note) => mark(note, notes),
    });
    pieces.collect()
}

fn mark(note: String, notes: &mut Vec<String>) -> String {
    notes.push(escaped(&note));
    format!("[^{}]", notes.len())
}

/// The text as words: what Markdown or HTML would take for markup has a backslash, and an address makes no link.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let begins = out.is_empty() && matches!(c, '#' | '+' | '-' | '=');
        let marks = matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '$' | '@');
        let links = c == ':' && rest.peek() == Some(&'/') || c == '.' && out.to_ascii_lowercase().ends_with("www");
        let digits = !out.is_empty() && out.chars().all(|c| c.is_ascii_digit());
        let counts = digits && matches!(c, '.' | ')') && rest.peek().is_none_or(|next| next.is_whitespace());
        if begins || marks || links || counts {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_no_markup() {
        assert_eq!(escaped("<b>甲</b>|*乙*[丙](http://x)"), r"\<b\>甲\</b\>\|\*乙\*\[丙\](http\://x)");
        assert_eq!(escaped("# 甲"), r"\# 甲");
        assert_eq!(escaped("1. 甲"), r"1\. 甲");
        assert_eq!(escaped("3.5万元"), "3.5万元");
    }
}
