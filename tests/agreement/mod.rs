//! What every product of the statistics must agree on: the cells of 统计.xlsx, the tables of 报告.html, the figures of 说明
//! and 通报 and the cells that their footnotes name.

mod book;
mod links;
mod page;
mod texts;

use std::collections::BTreeMap;

pub(crate) use self::book::{Book, Sheet};
pub(crate) use self::links::links_that_mislead;
pub(crate) use self::page::{TABLES_ONLY_HERE, tables};
pub(crate) use self::texts::{Text, figures_of, of_docx, of_markdown};

/// A table as its reader sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Name of the sheet.
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) heads: Vec<String>,
    /// Blocks; the heading is empty in a table of one.
    pub(crate) blocks: Vec<Block>,
}

/// Lines under a heading.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) heading: String,
    pub(crate) lines: Vec<Vec<String>>,
    pub(crate) total: Option<Vec<String>>,
}

/// Where the page and the workbook differ, cell by cell.
pub(crate) fn page_against_book(page: &str, book: &Book) -> Vec<String> {
    let mut faults = Vec::new();
    let shown = tables(page);
    let names: Vec<&str> = shown.iter().map(|table| table.name.as_str()).collect();
    let sheets: Vec<&str> = book.names().filter(|name| !TABLES_ONLY_HERE.contains(name)).collect();
    if names != sheets {
        faults.push(format!("tables of the page {names:?}, of the workbook {sheets:?}"));
    }
    for table in &shown {
        let Some(sheet) = book.sheet(&table.name) else { continue };
        faults.extend(table_against_sheet(table, sheet));
    }
    faults
}

fn table_against_sheet(table: &Shown, sheet: &Sheet) -> Vec<String> {
    let name = &table.name;
    let mut faults = Vec::new();
    if sheet.row(0).first() != Some(&table.title) {
        faults.push(format!("{name}: titles {:?} {:?}", table.title, sheet.row(0)));
    }
    let width = table.heads.len();
    let Some(mut row) = sheet.find(&table.heads) else {
        return vec![format!("{name}: no row of heads {:?}", table.heads)];
    };
    let several = table.blocks.len() > 1;
    for (number, block) in table.blocks.iter().enumerate() {
        if several {
            let heading = sheet.row(if number == 0 { row - 1 } else { row });
            if heading.first() != Some(&block.heading) {
                faults.push(format!("{name} row {}: {heading:?} is no {:?}", row + 1, block.heading));
            }
            row += usize::from(number > 0);
            if sheet.cells(row, width) != table.heads {
                faults.push(format!("{name} row {}: no heads", row + 1));
            }
        }
        row += 1;
        for line in block.lines.iter().chain(&block.total) {
            let cells = sheet.cells(row, width);
            for (col, (page, book)) in line.iter().zip(&cells).enumerate() {
                if !is_same(page, book) {
                    let head = table.heads.get(col).map_or("", String::as_str);
                    faults.push(format!("{name} row {} {head}: page {page:?}, workbook {book:?}", row + 1));
                }
            }
            row += 1;
        }
    }
    let left = sheet.count().saturating_sub(row);
    // What is left are sentences.
    if (row..row + left).any(|row| sheet.row(row).iter().filter(|cell| !cell.is_empty()).count() > 1) {
        faults.push(format!("{name}: lines from row {} on that the page has not", row + 1));
    }
    faults
}

/// The page cuts long texts, drops what steers, and has one kind of space.
fn is_same(page: &str, book: &str) -> bool {
    let plain = |text: &str| -> String {
        let seen = text.chars().filter(|c| *c == '\n' || *c == '\t' || !jixiao::text::is_steering(*c));
        seen.map(|c| if c == '\t' { ' ' } else { c }).collect()
    };
    let (page, book) = (plain(page), plain(book));
    page == book || page.strip_suffix('…').is_some_and(|start| start.chars().count() >= 300 && book.starts_with(start))
}

/// What is wrong with the figures of a text: each must stand in a cell that its footnote names.
pub(crate) fn text_against_book(text: &Text, book: &Book) -> Vec<String> {
    let mut faults = Vec::new();
    let mut used = BTreeMap::new();
    for span in &text.spans {
        let Some(note) = text.notes.get(&span.note) else {
            faults.push(format!("no note {} after {:?}", span.note, span.words));
            continue;
        };
        *used.entry(&span.note).or_insert(0) += 1;
        match texts::standing(note, book) {
            Ok(stands) => {
                for figure in figures_of(span).iter().filter(|figure| !stands.contains(*figure)) {
                    faults.push(format!("{figure} of {:?}: {note} {stands:?}", span.words));
                }
            }
            Err(problem) => faults.push(format!("{:?}: {note}: {problem}", span.words)),
        }
    }
    for figure in &text.without_note {
        faults.push(format!("a figure without a note: {figure}"));
    }
    let unused = text.notes.keys().filter(|note| used.get(note) != Some(&1));
    faults.extend(unused.map(|note| format!("note {note} is not used once")));
    faults
}

/// The words between tags, entities as they are.
fn without_tags(markup: &str) -> String {
    let mut text = String::with_capacity(markup.len());
    for (number, piece) in markup.split('<').enumerate() {
        text.push_str(if number == 0 { piece } else { piece.split_once('>').map_or("", |(_, words)| words) });
    }
    text
}
