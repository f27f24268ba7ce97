//! One pass over a sheet part: cells, merged regions, hidden rows and columns (ECMA-376 part 1, §18.3.1).
//!
//! Nothing the part claims about itself (dimension, counts, spans) is believed; addresses are checked as they come.

use std::borrow::Cow;
use std::collections::BTreeMap;

use quick_xml::events::{BytesStart, Event};

use super::strings;
use crate::address::{CellRange, CellRef, MAX_COLUMNS, MAX_ROWS};
use crate::error::ErrorKind;
use crate::value::decimal_of_float;
use crate::workbook::budget::Budget;
use crate::workbook::cell::{Cell, CellError, Content, NumberFormat};
use crate::workbook::number_format;
use crate::workbook::sheet::{Sheet, Visibility};
use crate::workbook::xml::{self, XmlReader};

/// What all sheets of a workbook share, and what they have used up of its limits.
pub(super) struct Context<'a> {
    pub(super) strings: &'a [String],
    pub(super) formats: &'a [NumberFormat],
    pub(super) date1904: bool,
    pub(super) budget: Budget<'a>,
}

/// How many problems of a sheet are told: what is wrong a million times is said once too often.
const PROBLEMS: usize = 10;

/// What a sheet part holds.
#[derive(Default)]
pub(super) struct Scanned {
    cells: BTreeMap<CellRef, Cell>,
    merges: Vec<CellRange>,
    hidden_rows: Vec<u32>,
    hidden_columns: Vec<u32>,
    /// What could not be read, in words.
    problems: Vec<String>,
}

impl Scanned {
    /// Notes a problem, of the first few.
    fn problem(&mut self, say: impl FnOnce() -> String) {
        if self.problems.len() < PROBLEMS {
            self.problems.push(say());
        }
    }

    /// Moves the problems to the workbook's warnings.
    pub(super) fn noted(mut self, sheet: &str, warnings: &mut Vec<String>) -> Self {
        let problems = std::mem::take(&mut self.problems);
        warnings.extend(problems.into_iter().map(|problem| format!("工作表“{sheet}”{problem}")));
        self
    }

    /// The sheet.
    pub(super) fn into_sheet(mut self, name: &str, visibility: Visibility) -> Sheet {
        self.hidden_rows.sort_unstable();
        self.hidden_rows.dedup();
        Sheet::new(name, visibility, self.cells, self.merges).with_hidden(self.hidden_rows, self.hidden_columns)
    }
}

/// Reads a sheet part.
pub(super) fn read(part: &str, bytes: &[u8], context: &mut Context<'_>) -> Result<Scanned, ErrorKind> {
    let mut reader = xml::reader(part, bytes)?;
    let mut scanned = Scanned::default();
    let mut is_worksheet = false;
    loop {
        let event = xml::next(part, &mut reader)?;
        let (Event::Start(element) | Event::Empty(element)) = &event else {
            if event == Event::Eof {
                break;
            }
            continue;
        };
        let is_open = matches!(event, Event::Start(_));
        match element.local_name().as_ref() {
            "worksheet" => is_worksheet = true,
            "sheetData" if is_open => rows(part, &mut reader, &mut scanned, context)?,
            "col" => hidden_columns(element, &mut scanned.hidden_columns),
            "mergeCell" => {
                match xml::attribute(element, "ref").unwrap_or_default().parse::<CellRange>() {
                    Ok(range) => scanned.merges.push(range),
                    Err(bad) => scanned.problem(|| format!("的合并区域{bad}，已略过")),
                }
                context.budget.merges(1)?;
            }
            // Extensions repeat element names with other meanings.
            "extLst" if is_open => xml::skip(part, &mut reader, element)?,
            _ => {}
        }
    }
    if is_worksheet { Ok(scanned) } else { Err(ErrorKind::bad_part(part, "不是工作表")) }
}

/// Adds the columns that a `<col>` hides. Only columns after those already known count: the standard wants them in
/// order, and repeats would cost 16384 steps each.
fn hidden_columns(element: &BytesStart<'_>, hidden: &mut Vec<u32>) {
    if !xml::flag(element, "hidden") {
        return;
    }
    let first = xml::number(element, "min").unwrap_or(1).saturating_sub(1);
    let last = xml::number(element, "max").unwrap_or(0).min(MAX_COLUMNS);
    let first = hidden.last().map_or(first, |known| first.max(known + 1));
    hidden.extend(first..last);
}

/// The rows up to `</sheetData>`.
fn rows(
    part: &str,
    reader: &mut XmlReader<'_>,
    scanned: &mut Scanned,
    context: &mut Context<'_>,
) -> Result<(), ErrorKind> {
    // Where a row or cell without an address stands: behind the one before.
    let mut next = CellRef::new(0, 0);
    loop {
        let event = xml::next(part, reader)?;
        match &event {
            Event::Start(element) | Event::Empty(element) if element.local_name().as_ref() == "row" => {
                let row = match xml::attribute(element, "r") {
                    Some(written) => written
                        .trim()
                        .parse::<u32>()
                        .ok()
                        .and_then(|row| row.checked_sub(1))
                        .ok_or_else(|| ErrorKind::bad_part(part, format!("行号“{written}”不对")))?,
                    None => next.row,
                };
                if row >= MAX_ROWS {
                    return Err(ErrorKind::bad_part(part, format!("行号 {} 超出工作表范围", u64::from(row) + 1)));
                }
                if xml::flag(element, "hidden") {
                    context.budget.hidden(1)?;
                    scanned.hidden_rows.push(row);
                }
                next = CellRef::new(row, 0);
                if matches!(event, Event::Empty(_)) {
                    next.row = row + 1;
                }
            }
            Event::Start(element) | Event::Empty(element) if element.local_name().as_ref() == "c" => {
                let [written, style, kind] = xml::attributes(element, ["r", "s", "t"]);
                let at = match written {
                    Some(written) => {
                        written.parse::<CellRef>().map_err(|bad| ErrorKind::bad_part(part, bad.to_string()))?
                    }
                    None if next.col < MAX_COLUMNS => next,
                    None => return Err(ErrorKind::bad_part(part, "一行的单元格超出工作表范围")),
                };
                next = CellRef::new(at.row, at.col + 1);
                if matches!(event, Event::Start(_)) {
                    // A cell that names no format has the first (ECMA-376 part 1, §18.3.1.4).
                    let style = style.and_then(|style| style.trim().parse().ok()).unwrap_or(0);
                    let format = context.formats.get(style).copied().unwrap_or_default();
                    let parsed = cell(part, reader, (at, kind.as_deref(), format), scanned, context)?;
                    if let Some(cell) = parsed {
                        context.budget.cell(&cell, 1)?;
                        scanned.cells.insert(at, cell);
                    }
                }
            }
            Event::Start(element) => xml::skip(part, reader, element)?,
            Event::End(element) if element.local_name().as_ref() == "row" => next = CellRef::new(next.row + 1, 0),
            Event::End(_) => return Ok(()),
            Event::Eof => return Err(ErrorKind::bad_part(part, "没有结束就断了")),
            _ => {}
        }
    }
}

/// The cell up to `</c>`, of this address, type and number format; `None` where it holds nothing.
fn cell(
    part: &str,
    reader: &mut XmlReader<'_>,
    (at, kind, format): (CellRef, Option<&str>, NumberFormat),
    scanned: &mut Scanned,
    context: &mut Context<'_>,
) -> Result<Option<Cell>, ErrorKind> {
    let (mut value, mut inline, mut formula): (Option<Cow<'_, str>>, Option<String>, Option<String>) =
        (None, None, None);
    loop {
        let event = xml::next(part, reader)?;
        match &event {
            Event::Start(element) => match element.local_name().as_ref() {
                "v" => value = Some(plain_text(part, reader)?),
                "f" => formula = Some(plain_text(part, reader)?.into_owned()),
                "is" => inline = Some(strings::rich_text(part, reader, element)?),
                _ => xml::skip(part, reader, element)?,
            },
            Event::Empty(element) if element.local_name().as_ref() == "f" => formula = Some(String::new()),
            Event::End(_) => break,
            Event::Eof => return Err(ErrorKind::bad_part(part, "没有结束就断了")),
            _ => {}
        }
    }
    let content = match (inline, value) {
        (Some(text), _) => Content::Text(text),
        (None, None) => Content::Blank,
        (None, Some(value)) => match kind {
            Some("s") => shared(&value, at, scanned, context),
            kind => literal(&value, kind, format, context.date1904),
        },
    };
    let is_nothing = match &content {
        Content::Blank => true,
        Content::Text(text) => text.is_empty(),
        _ => false,
    };
    Ok((!is_nothing || formula.is_some()).then_some(Cell { content, formula, format }))
}

/// The text of an element without inner elements that has just started: as it stands in the part, where it is one piece.
fn plain_text<'a>(part: &str, reader: &mut XmlReader<'a>) -> Result<Cow<'a, str>, ErrorKind> {
    let mut text = Cow::Borrowed("");
    loop {
        let event = xml::next(part, reader)?;
        match &event {
            Event::End(_) => return Ok(text),
            Event::Start(element) => xml::skip(part, reader, element)?,
            Event::Eof => return Err(ErrorKind::bad_part(part, "没有结束就断了")),
            Event::Text(piece) if text.is_empty() => text = piece.xml10_content(),
            event => {
                xml::push_text(event, text.to_mut());
            }
        }
    }
}

/// The shared string that a cell points to.
fn shared(index: &str, at: CellRef, scanned: &mut Scanned, context: &Context<'_>) -> Content {
    match index.trim().parse::<usize>().ok().and_then(|index| context.strings.get(index)) {
        Some(text) => Content::Text(text.clone()),
        None => {
            scanned.problem(|| format!("的 {at} 指向不存在的文字，按空白处理"));
            Content::Blank
        }
    }
}

/// A value written in the cell itself (ECMA-376 part 1, §18.18.11). What does not read as its type stays text.
fn literal(value: &str, kind: Option<&str>, format: NumberFormat, date1904: bool) -> Content {
    let as_text = || Content::Text(value.to_owned());
    match kind {
        Some("str" | "inlineStr") => Content::Text(strings::unescaped(value).into_owned()),
        Some("e") => Content::Error(CellError(value.to_owned())),
        Some("b") => match value.trim() {
            "1" | "true" => Content::Bool(true),
            "0" | "false" => Content::Bool(false),
            _ => as_text(),
        },
        Some("d") => number_format::iso_date(value.trim()).map_or_else(as_text, Content::Date),
        _ if value.trim().is_empty() => Content::Blank,
        _ => match value.trim().parse::<f64>().ok().and_then(decimal_of_float) {
            Some(number) => number_format::content(number, format, date1904),
            None => as_text(),
        },
    }
}
