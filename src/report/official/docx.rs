//! An official text as a Word document: figures carry footnotes, what a person has to add is on yellow.

use std::io::{self, Write};

use super::notes::{Noted, noted, told};
use super::text::{Block, Sentences, Text};
use crate::docx::{Document, Run, Style, Table};
use crate::text::display_width;

/// The width of a line of the title, in Latin characters, with a little room.
const TITLE: u32 = 38;

/// Writes the texts as one document, each from the top of a page.
pub(super) fn write(texts: &[Text], out: &mut dyn Write) -> io::Result<()> {
    let mut document = Document::new(texts.first().map(Text::title).unwrap_or_default());
    for (number, text) in texts.iter().enumerate() {
        if number > 0 {
            document.page_break();
        }
        let title = text.title();
        let fits = display_width(&title) <= TITLE;
        document.paragraph(Style::Title, &if fits { title } else { text.title.join("\n") });
        if !matches!(text.blocks.first(), Some(Block::Number(_))) {
            document.gap();
        }
        let next = text.blocks.iter().skip(1).map(Some).chain([None]);
        for (block, next) in text.blocks.iter().zip(next) {
            put(&mut document, block, matches!(next, Some(Block::Signature { .. })));
        }
    }
    out.write_all(&document.write()?)
}

/// Writes a block; the last lines before a signature go to its page, so that none stands alone.
fn put(document: &mut Document, block: &Block, before_signature: bool) {
    match block {
        Block::Number(number) => {
            document.paragraph(Style::Number, number);
            document.gap();
        }
        Block::Heading(words) => document.paragraph(Style::Heading1, words),
        Block::Subheading(words) => document.paragraph(Style::Heading2, words),
        Block::Address(whom) => document.paragraph(Style::Flush, whom),
        Block::Paragraph(sentences) => sentences_of(document, "", sentences, before_signature),
        Block::List(items) => {
            for (number, item) in (1..).zip(items) {
                let is_last = number == items.len();
                sentences_of(document, &format!("{number}. "), item, before_signature && is_last);
            }
        }
        Block::Table(table) => {
            let note = told(&[&table.source]);
            document.runs(Style::Caption, &[Run::Words(&table.caption), Run::Note(&note)]);
            document.table(&Table {
                columns: table.columns.iter().map(|(head, share)| ((*head).to_owned(), *share)).collect(),
                left: table.left.clone(),
                lines: table.lines.clone(),
            });
        }
        Block::Signature { by, date } => {
            document.gap();
            document.gap();
            document.paragraph_with_next(Style::Signature, by);
            document.paragraph(Style::Date, date);
        }
    }
}

fn sentences_of(document: &mut Document, lead: &str, sentences: &Sentences, with_next: bool) {
    let pieces = noted(&sentences.0);
    let runs = pieces.iter().map(|piece| match piece {
        Noted::Words(words) => Run::Words(words),
        Noted::Blank(words) => Run::Blank(words),
        Noted::Note(note) => Run::Note(note),
    });
    let runs: Vec<Run<'_>> = std::iter::once(Run::Words(lead)).chain(runs).collect();
    if with_next {
        document.runs_with_next(Style::Body, &runs);
    } else {
        document.runs(Style::Body, &runs);
    }
}
