//! 出错说明登记表.xlsx: the explanations of the units with what the bureau decided, to be filled in and read back.

use std::io::{self, Write};

use rust_xlsxwriter::XlsxError;

use super::page::{self, Page};
use super::table::Cell;
use crate::decisions::{COLUMNS, Decisions, Entry, SHEET, VERDICT_COLUMN, VERDICTS};

/// Width of a column that people added.
const FURTHER: u32 = 18;

/// Writes the register.
///
/// # Errors
/// What the writer reports.
pub fn write(decisions: &Decisions, out: &mut dyn Write) -> io::Result<()> {
    let bytes = build(decisions).map_err(io::Error::other)?;
    out.write_all(&bytes)
}

fn build(decisions: &Decisions) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = page::workbook(SHEET)?;
    let further = decisions.further().iter().map(|heading| (heading.as_str(), FURTHER));
    let columns: Vec<(&str, u32)> = COLUMNS.into_iter().chain(further).collect();
    let mut page = Page::new(&mut workbook, SHEET, SHEET, NOTE, &columns)?;
    page.header(&columns, Some(2))?;
    let first = page.next_row();
    for entry in decisions.entries() {
        page.line(&items(entry))?;
    }
    let last = page.next_row().saturating_sub(1);
    if last >= first {
        page.choices(VERDICT_COLUMN, first, last, &VERDICTS)?;
    }
    workbook.save_to_buffer()
}

/// Above the header: below it every line is an entry.
const NOTE: &str =
    "填“处理意见”（接受、不接受）、“处理人”、“有效期”（如 2026-12-31，空着为长期）、“备注”，其余各列不要改";

fn items(entry: &Entry) -> Vec<Cell> {
    let verdict = match entry.accepted {
        Some(true) => VERDICTS[0],
        Some(false) => VERDICTS[1],
        None => "",
    };
    let until = entry.until.map(|until| until.to_string()).unwrap_or_default();
    let mut items = vec![
        Cell::text(&entry.unit),
        Cell::text(&entry.project),
        Cell::text(&entry.form),
        Cell::word(&entry.code),
        Cell::text(&entry.label),
        Cell::text(&entry.found),
        Cell::text(&entry.statement),
        Cell::word(verdict),
        Cell::word(&entry.by),
        Cell::word(until),
        Cell::text(&entry.remark),
        Cell::text(&entry.field),
    ];
    items.extend(entry.further.iter().map(Cell::text));
    items
}
