//! Official texts as plain text, to be copied into a chat: one after the other, a line between them.

use std::io::{self, Write};

use super::text::{Block, Piece, Sentences, Text};

/// Writes the texts.
pub(super) fn write(texts: &[Text], out: &mut dyn Write) -> io::Result<()> {
    for (number, text) in texts.iter().enumerate() {
        if number > 0 {
            writeln!(out, "\n————————————————\n")?;
        }
        writeln!(out, "{}", text.title())?;
        for block in &text.blocks {
            put(block, out)?;
        }
    }
    Ok(())
}

fn put(block: &Block, out: &mut dyn Write) -> io::Result<()> {
    match block {
        Block::Number(words) | Block::Heading(words) | Block::Subheading(words) | Block::Address(words) => {
            writeln!(out, "{words}")
        }
        Block::Paragraph(sentences) => writeln!(out, "{}", words(sentences)),
        Block::List(items) => {
            for (number, item) in (1..).zip(items) {
                writeln!(out, "{number}. {}", words(item))?;
            }
            Ok(())
        }
        Block::Table(table) => {
            writeln!(out, "{}", table.caption)?;
            for line in &table.lines {
                writeln!(out, "{}", line.join("　"))?;
            }
            Ok(())
        }
        Block::Signature { by, date } => writeln!(out, "{by}\n{date}"),
    }
}

fn words(sentences: &Sentences) -> String {
    let pieces = sentences.0.iter().map(|piece| match piece {
        Piece::Words(words) | Piece::Quoted(words) | Piece::Figure(words, _) | Piece::Blank(words) => words.as_str(),
    });
    pieces.collect()
}
