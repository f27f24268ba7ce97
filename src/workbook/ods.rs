//! Reads `.ods` in one pass over `content.xml` (OpenDocument 1.3 part 3, §9).
//!
//! Not by calamine: it repeats rows and columns as the file tells it (659 bytes take 6 GB), knows no merged cells and
//! no percentages. Its values are compared with ours in a test.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use quick_xml::events::{BytesStart, Event};

use super::book::{Container, Workbook};
use super::budget::Budget;
use super::cell::{Cell, CellError, Content, NumberFormat};
use super::number_format::iso_date;
use super::sheet::{Sheet, Visibility};
use super::xml::{self, XmlReader};
use crate::address::{CellRange, CellRef, MAX_COLUMNS, MAX_ROWS};
use crate::error::{ErrorKind, Unreadable};
use crate::ooxml::{Limits, Package};
use crate::value::decimal_of_float;

const PART: &str = "content.xml";
/// Elements that repeat names of tables and cells with other meanings, or hold texts that are no cell's.
const FOREIGN: [&str; 8] = [
    "tracked-changes",
    "dde-links",
    "named-expressions",
    "shapes",
    "forms",
    "annotation",
    "content-validations",
    "database-ranges",
];

/// The workbook of an OpenDocument package.
pub(super) fn open(package: &Package, limits: &Limits) -> Result<Workbook, ErrorKind> {
    // Of an encrypted document every part is, under its own name, no XML.
    if let Some(manifest) = package.part("META-INF/manifest.xml")?
        && memchr::memmem::find(&manifest, b"encryption-data").is_some()
    {
        return Err(ErrorKind::NotReadable(Unreadable::Encrypted));
    }
    let bytes = package.required_part(PART)?;
    let mut reader = xml::reader(PART, &bytes)?;
    let mut workbook = Workbook::of(Container::Ods);
    let mut hidden_styles = BTreeSet::new();
    let mut style = String::new();
    let mut budget = Budget::new(limits);
    loop {
        match xml::next(PART, &mut reader)? {
            Event::Start(element) if FOREIGN.contains(&element.local_name().as_ref()) => {
                xml::skip(PART, &mut reader, &element)?;
            }
            Event::Start(element) if element.local_name().as_ref() == "table" => {
                let name = xml::attribute(&element, "table:name").unwrap_or_default().into_owned();
                let hidden = xml::attribute(&element, "table:style-name")
                    .is_some_and(|style| hidden_styles.contains(style.as_ref()));
                let visibility = if hidden { Visibility::Hidden } else { Visibility::Visible };
                let mut table = table(&mut reader, &mut budget)?;
                let hidden_rows = table.hidden_rows(&mut budget)?;
                workbook.sheets.push(
                    Sheet::new(name, visibility, table.cells, table.merges)
                        .with_hidden(hidden_rows, table.hidden_columns),
                );
                Limits::check("工作表数", workbook.sheets.len() as u64, limits.sheets)?;
            }
            Event::Start(element) | Event::Empty(element) => match element.local_name().as_ref() {
                "style" => style = xml::attribute(&element, "style:name").unwrap_or_default().into_owned(),
                "table-properties" if xml::attribute(&element, "table:display").as_deref() == Some("false") => {
                    hidden_styles.insert(style.clone());
                }
                _ => {}
            },
            Event::Eof => return Ok(workbook),
            _ => {}
        }
    }
}

/// A table under construction.
#[derive(Default)]
struct Table {
    cells: BTreeMap<CellRef, Cell>,
    merges: Vec<CellRange>,
    /// As the file has them: all rows down to the end of the sheet are one entry of a few bytes.
    hidden_rows: Vec<Range<u32>>,
    hidden_columns: Vec<u32>,
    row: u32,
    column: u32,
}

impl Table {
    /// The hidden rows down to the last filled one: rows hidden below hide nothing.
    fn hidden_rows(&mut self, budget: &mut Budget<'_>) -> Result<Vec<u32>, ErrorKind> {
        let end = self.cells.keys().next_back().map_or(0, |last| last.row + 1);
        let mut rows = Vec::new();
        for hidden in std::mem::take(&mut self.hidden_rows) {
            let hidden = hidden.start..hidden.end.min(end);
            budget.hidden(hidden.len() as u64)?;
            rows.extend(hidden);
        }
        Ok(rows)
    }
}

/// The table up to `</table:table>`.
fn table(reader: &mut XmlReader<'_>, budget: &mut Budget<'_>) -> Result<Table, ErrorKind> {
    let mut table = Table::default();
    loop {
        let event = xml::next(PART, reader)?;
        match &event {
            Event::Start(element) if FOREIGN.contains(&element.local_name().as_ref()) => {
                xml::skip(PART, reader, element)?;
            }
            Event::Start(element) | Event::Empty(element) => match element.local_name().as_ref() {
                "table-column" => {
                    let end = table.column.saturating_add(repeats(element, "table:number-columns-repeated"));
                    let end = end.min(MAX_COLUMNS);
                    if is_hidden(element) {
                        budget.hidden(u64::from(end.saturating_sub(table.column)))?;
                        table.hidden_columns.extend(table.column..end);
                    }
                    table.column = end;
                }
                "table-row" => {
                    let count = repeats(element, "table:number-rows-repeated");
                    if matches!(event, Event::Start(_)) {
                        row(reader, &mut table, count, budget)?;
                    }
                    let end = table.row.saturating_add(count).min(MAX_ROWS);
                    if is_hidden(element) {
                        table.hidden_rows.push(table.row..end);
                    }
                    table.row = end;
                }
                _ => {}
            },
            Event::End(element) if element.local_name().as_ref() == "table" => return Ok(table),
            Event::Eof => return Err(ErrorKind::bad_part(PART, "没有结束就断了")),
            _ => {}
        }
    }
}

/// The cells of a row that stands `count` times.
fn row(reader: &mut XmlReader<'_>, table: &mut Table, count: u32, budget: &mut Budget<'_>) -> Result<(), ErrorKind> {
    let mut column = 0_u32;
    loop {
        let event = xml::next(PART, reader)?;
        let (Event::Start(element) | Event::Empty(element)) = &event else {
            match event {
                Event::End(element) if element.local_name().as_ref() == "table-row" => return Ok(()),
                Event::Eof => return Err(ErrorKind::bad_part(PART, "没有结束就断了")),
                _ => continue,
            }
        };
        if !matches!(element.local_name().as_ref(), "table-cell" | "covered-table-cell") {
            continue;
        }
        let text = if matches!(event, Event::Start(_)) { paragraphs(reader, element)? } else { String::new() };
        let width = repeats(element, "table:number-columns-repeated");
        merge(element, CellRef::new(table.row, column), table, budget)?;
        if let Some(cell) = cell(element, text) {
            // Before the first copy is made: a few bytes can ask for the whole sheet.
            budget.cell(&cell, u64::from(width).saturating_mul(u64::from(count)))?;
            if table.row.saturating_add(count) > MAX_ROWS || column.saturating_add(width) > MAX_COLUMNS {
                return Err(ErrorKind::bad_part(PART, "单元格超出工作表范围"));
            }
            for row in table.row..table.row + count {
                for column in column..column + width {
                    table.cells.insert(CellRef::new(row, column), cell.clone());
                }
            }
        }
        column = column.saturating_add(width);
    }
}

/// Notes the region that a cell spans.
fn merge(element: &BytesStart<'_>, at: CellRef, table: &mut Table, budget: &mut Budget<'_>) -> Result<(), ErrorKind> {
    let wide = repeats(element, "table:number-columns-spanned");
    let high = repeats(element, "table:number-rows-spanned");
    if (wide > 1 || high > 1) && at.row < MAX_ROWS && at.col < MAX_COLUMNS {
        let end = CellRef::new(
            at.row.saturating_add(high - 1).min(MAX_ROWS - 1),
            at.col.saturating_add(wide - 1).min(MAX_COLUMNS - 1),
        );
        budget.merges(1)?;
        table.merges.push(CellRange::new(at, end));
    }
    Ok(())
}

/// How often something stands or how far it spans, at least once.
fn repeats(element: &BytesStart<'_>, key: &str) -> u32 {
    xml::attribute(element, key).map_or(1, |count| count.trim().parse().unwrap_or(u32::MAX)).max(1)
}

fn is_hidden(element: &BytesStart<'_>) -> bool {
    xml::attribute(element, "table:visibility").is_some_and(|v| matches!(v.as_ref(), "collapse" | "filter"))
}

/// The cell of an element and the text it shows; `None` where it holds nothing.
fn cell(element: &BytesStart<'_>, text: String) -> Option<Cell> {
    let formula = xml::attribute(element, "table:formula").map(|formula| plain_formula(&formula));
    let get = |key| xml::attribute(element, key);
    let number = get("office:value").and_then(|value| value.trim().parse().ok()).and_then(decimal_of_float);
    // The text shows the number in its format, so the decimals of a percentage are counted there.
    let decimals = || text.rsplit_once('.').map_or(0, |(_, d)| d.chars().take_while(char::is_ascii_digit).count());
    let kind = get("office:value-type");
    let (content, format) = match (kind.as_deref(), number) {
        (Some("percentage"), Some(number)) => {
            let decimals = u32::try_from(decimals().min(20)).unwrap_or(0);
            (Content::Number(number), NumberFormat::Percent { decimals })
        }
        (Some("float" | "currency"), Some(number)) => (Content::Number(number), NumberFormat::General),
        (Some("date"), _) => match get("office:date-value").and_then(|date| iso_date(&date)) {
            Some(date) => (Content::Date(date), NumberFormat::Date),
            None => (Content::Text(text), NumberFormat::Date),
        },
        (Some("boolean"), _) => match get("office:boolean-value").as_deref() {
            Some("true") => (Content::Bool(true), NumberFormat::General),
            Some("false") => (Content::Bool(false), NumberFormat::General),
            _ => (Content::Text(text), NumberFormat::General),
        },
        _ if get("calcext:value-type").as_deref() == Some("error") => {
            (Content::Error(CellError(text)), NumberFormat::General)
        }
        _ if text.is_empty() => (Content::Blank, NumberFormat::General),
        _ => (Content::Text(text), NumberFormat::General),
    };
    (content != Content::Blank || formula.is_some()).then_some(Cell { content, formula, format })
}

/// The formula in the words of Excel as far as signs go: `of:=SUM([.B1:.B3])` is `SUM(B1:B3)`.
fn plain_formula(formula: &str) -> String {
    let body = formula.split_once(":=").map_or(formula, |(_, body)| body).trim_start_matches('=');
    body.replace("[.", "").replace(":.", ":").replace(['[', ']'], "")
}

/// The paragraphs of a cell that has just started, a line each.
fn paragraphs(reader: &mut XmlReader<'_>, outer: &BytesStart<'_>) -> Result<String, ErrorKind> {
    let mut text = String::new();
    let mut lines = 0;
    let mut depth = 0_u32;
    loop {
        let event = xml::next(PART, reader)?;
        match &event {
            Event::Start(element) if FOREIGN.contains(&element.local_name().as_ref()) => {
                xml::skip(PART, reader, element)?;
            }
            Event::Start(element) | Event::Empty(element) => {
                match element.local_name().as_ref() {
                    "p" => {
                        if lines > 0 {
                            text.push('\n');
                        }
                        lines += 1;
                    }
                    // No one types more; a larger count is an attack.
                    "s" => (0..repeats(element, "text:c").min(256)).for_each(|_| text.push(' ')),
                    "tab" => text.push('\t'),
                    "line-break" => text.push('\n'),
                    _ => {}
                }
                if matches!(event, Event::Start(_)) && element.local_name().as_ref() == "p" {
                    depth += 1;
                }
            }
            Event::End(element) if element.name() == outer.name() => return Ok(text),
            Event::End(element) if element.local_name().as_ref() == "p" => depth = depth.saturating_sub(1),
            Event::Eof => return Err(ErrorKind::bad_part(PART, "没有结束就断了")),
            event if depth > 0 => {
                xml::push_text(event, &mut text);
            }
            _ => {}
        }
    }
}
