//! Reads `.xls` and `.et`: OLE2 files with a BIFF stream. Values and formulas by calamine, the rest by [`super::biff`].

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::sync::Arc;

use calamine::{Range, Reader, SheetType, Xls};

use super::biff;
use super::book::{Container, Workbook};
use super::budget::Budget;
use super::calamine_cells::{Collector, guarded, visibility};
use super::cell::Cell;
use super::facts::Facts;
use crate::address::CellRef;
use crate::error::{ErrorKind, Unreadable};
use crate::ooxml::Limits;

/// The workbook of an OLE2 file.
pub(super) fn open(bytes: &Arc<[u8]>, limits: &Limits) -> Result<Workbook, ErrorKind> {
    let stream = workbook_stream(bytes)?;
    // Before calamine: it reserves what the records claim, and a reservation too large aborts the process.
    let facts = biff::scan(&stream, limits)?;
    let mut workbook = Workbook::of(Container::Xls);
    let mut xls = guarded(|| Xls::new(Cursor::new(&**bytes)))?;
    let mut budget = Budget::new(limits);
    let listed = xls.sheets_metadata().to_vec();
    for (sheet, facts) in listed.into_iter().zip(facts) {
        if sheet.typ != SheetType::WorkSheet {
            continue;
        }
        let cells = cells(&mut xls, &sheet.name, &facts, &mut budget)?;
        workbook.sheets.push(facts.into_sheet(sheet.name, visibility(sheet.visible), cells));
    }
    if xls.has_1904_epoch() {
        workbook.note_1904_dates();
    }
    Ok(workbook)
}

/// The cells of one sheet.
fn cells(
    xls: &mut Xls<Cursor<&[u8]>>,
    name: &str,
    facts: &Facts,
    budget: &mut Budget<'_>,
) -> Result<BTreeMap<CellRef, Cell>, ErrorKind> {
    let mut collector = Collector::new(xls.has_1904_epoch(), budget);
    let values = guarded(|| xls.worksheet_range(name))?;
    for (row, col, value) in values.used_cells() {
        let at = absolute(&values, row, col);
        collector.value(at, value, facts.format(at))?;
    }
    let formulas = guarded(|| xls.worksheet_formula(name))?;
    for (row, col, formula) in formulas.used_cells() {
        let at = absolute(&formulas, row, col);
        collector.formula(at, formula.clone(), facts.format(at))?;
    }
    Ok(collector.into_cells())
}

/// The address of a cell that calamine gives relative to its range.
fn absolute<T: calamine::CellType>(range: &Range<T>, row: usize, col: usize) -> CellRef {
    let add = |start: u32, offset: usize| start.saturating_add(u32::try_from(offset).unwrap_or(u32::MAX));
    let (first_row, first_col) = range.start().unwrap_or_default();
    CellRef::new(add(first_row, row), add(first_col, col))
}

/// The BIFF stream, or what the OLE2 file holds instead.
fn workbook_stream(bytes: &Arc<[u8]>) -> Result<Vec<u8>, ErrorKind> {
    // Encrypted packages of some programs break the rules of OLE2 and are encrypted all the same.
    let named: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let damaged = |_| match memchr::memmem::find(bytes, &named) {
        Some(_) => ErrorKind::NotReadable(Unreadable::Encrypted),
        None => ErrorKind::damaged("OLE2 结构不完整，可能没有传完"),
    };
    let mut file = cfb::CompoundFile::open(Cursor::new(Arc::clone(bytes))).map_err(damaged)?;
    // OLE2 compares names without case, so `Workbook` finds `WORKBOOK` too.
    let Some(path) = ["/Workbook", "/Book"].into_iter().find(|path| file.is_stream(path)) else {
        return Err(ErrorKind::NotReadable(if file.is_stream("/EncryptedPackage") {
            Unreadable::Encrypted
        } else if file.is_stream("/WordDocument") {
            Unreadable::Word
        } else {
            Unreadable::OtherOle
        }));
    };
    let stream = file.open_stream(path).map_err(damaged)?;
    let mut content = Vec::new();
    // A stream cannot be longer than its file, whatever its directory entry says.
    stream.take(bytes.len() as u64).read_to_end(&mut content).map_err(damaged)?;
    Ok(content)
}
