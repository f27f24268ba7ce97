//! An official text as a Word document: figures carry footnotes, what a person has to add is on yellow.

use std::io::{self, Write};

use super::notes::{Noted, noted, told};
use super::text::{Block, Sentences, Text};
use crate::docx::{Document, Run, Style, Table};

/// Writes the texts as one document, each from the top of a page.
pub(super) fn write(texts: &[Text], out: &mut dyn Write) -> io::Result<()> {
    let mut document = Document::new(texts.first().map_or("", |text| text.title.as_str()));
    for (number, text) in texts.iter().enumerate() {
        if number > 0 {
            document.page_break();
        }
        document.paragraph(Style::Title, &text.title);
        if !matches!(text.blocks.first(), Some(Block::Number(_))) {
            document.gap();
        }
        for block in &text.blocks {
            put(&mut document, block);
        }
    }
    out.write_all(&document.write()?)
}

fn put(document: &mut Document, block: &Block) {
    match block {
        Block::Number(number) => {
            document.paragraph(Style::Number, number);
            document.gap();
        }
        Block::Heading(words) => document.paragraph(Style::Heading1, words),
        Block::Subheading(words) => document.paragraph(Style::Heading2, words),
        Block::Address(whom) => document.paragraph(Style::Flush, whom),
        Block::Paragraph(sentences) => sentences_of(document, "", sentences),
        Block::List(items) => {
            for (number, item) in (1..).zip(items) {
                sentences_of(document, &format!("{number}. "), item);
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

fn sentences_of(document: &mut Document, lead: &str, sentences: &Sentences) {
    let pieces = noted(&sentences.0);
    let runs = pieces.iter().map(|piece| match piece {
        Noted::Words(words) => Run::Words(words),
        Noted::Blank(words) => Run::Blank(words),
        Noted::Note(note) => Run::Note(note),
    });
    let runs: Vec<Run<'_>> = std::iter::once(Run::Words(lead)).chain(runs).collect();
    document.runs(Style::Body, &runs);
}
