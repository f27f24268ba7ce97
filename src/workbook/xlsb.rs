//! Reads `.xlsb`: values and formulas by calamine's sparse reader; merged regions, number formats, hidden rows and
//! columns by an own walk over the records ([MS-XLSB] §2.1.4).

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Write};

use foldhash::{HashMap, HashMapExt};

use calamine::{Data, Reader, SheetType, Xlsb};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::book::{Container, Workbook};
use super::budget::Budget;
use super::calamine_cells::{Collector, guarded, visibility};
use super::cell::{Cell, NumberFormat};
use super::facts::{Facts, u16_at, u32_at, utf16_text};
use super::number_format::{builtin, from_code};
use crate::address::{CellRange, CellRef, MAX_COLUMNS};
use crate::error::ErrorKind;
use crate::ooxml::{Limits, Package};

mod id {
    pub(super) const ROW: u32 = 0;
    pub(super) const LAST_CELL: u32 = 11;
    pub(super) const FMT: u32 = 44;
    pub(super) const XF: u32 = 47;
    pub(super) const COL_INFO: u32 = 60;
    pub(super) const BUNDLE_SHEET: u32 = 156;
    pub(super) const MERGE_CELL: u32 = 176;
    pub(super) const BEGIN_CELL_XFS: u32 = 617;
    pub(super) const END_CELL_XFS: u32 = 618;
}

/// The workbook of a package whose workbook part is binary.
pub(super) fn open(package: &Package, part: &str, limits: &Limits) -> Result<Workbook, ErrorKind> {
    let relations = package.relationships(part)?;
    let mut formats = Vec::new();
    if let Some(styles) = relations.iter().find(|r| r.is("styles")) {
        formats = cell_formats(&package.required_part(&styles.target)?)?;
    }
    let mut facts = BTreeMap::new();
    let mut budget = Budget::new(limits);
    let mut seen = BTreeSet::new();
    for (name, relation) in sheet_relations(&package.required_part(part)?)? {
        if let Some(target) = relations.iter().find(|r| r.id == relation && r.is("worksheet")) {
            if !seen.insert(target.target.as_str()) {
                return Err(ErrorKind::bad_part(&target.target, "几张工作表指向同一个内部文件"));
            }
            facts.insert(name, sheet_facts(&package.required_part(&target.target)?, &formats, &mut budget)?);
        }
    }
    Limits::check("工作表数", facts.len() as u64, limits.sheets)?;
    let inflated = stored(package, limits)?;
    let mut xlsb = guarded(|| Xlsb::new(Cursor::new(inflated.as_slice())))?;
    let mut workbook = Workbook::of(Container::Xlsb);
    for sheet in xlsb.sheets_metadata().to_vec() {
        let Some(facts) = facts.remove(&sheet.name).filter(|_| sheet.typ == SheetType::WorkSheet) else { continue };
        let cells = cells(&mut xlsb, &sheet.name, &facts, &mut budget)?;
        workbook.sheets.push(facts.into_sheet(sheet.name, visibility(sheet.visible), cells));
    }
    if xlsb.has_1904_epoch() {
        workbook.note_1904_dates();
    }
    Ok(workbook)
}

/// The cells of one sheet.
fn cells(
    xlsb: &mut Xlsb<Cursor<&[u8]>>,
    name: &str,
    facts: &Facts,
    budget: &mut Budget<'_>,
) -> Result<BTreeMap<CellRef, Cell>, ErrorKind> {
    let mut collector = Collector::new(xlsb.has_1904_epoch(), budget);
    let mut values = guarded(|| xlsb.worksheet_cells_reader(name))?;
    while let Some(cell) = guarded(|| values.next_cell())? {
        let at = CellRef::new(cell.get_position().0, cell.get_position().1);
        collector.value(at, &Data::from(cell.get_value().clone()), facts.format(at))?;
    }
    drop(values);
    let mut formulas = guarded(|| xlsb.worksheet_cells_reader(name))?;
    while let Some(cell) = guarded(|| formulas.next_formula())? {
        let at = CellRef::new(cell.get_position().0, cell.get_position().1);
        collector.formula(at, cell.get_value().clone(), facts.format(at))?;
    }
    Ok(collector.into_cells())
}

/// The parts calamine needs, inflated under our limits, as a zip of stored entries. They are held twice, and calamine makes
/// its own strings of them: so they may be a third of what other formats may have.
fn stored(package: &Package, limits: &Limits) -> Result<Vec<u8>, ErrorKind> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let mut bytes_in_all = 0;
    let names = package.parts().filter(|name| {
        let is_needed = name.ends_with(".rels") || name.ends_with(".bin");
        is_needed && !name.contains("vbaProject") && !name.contains("printerSettings")
    });
    for name in names {
        let bytes = package.required_part(name)?;
        bytes_in_all += bytes.len() as u64;
        Limits::check("全部内部文件解压后的字节数", bytes_in_all, limits.total_bytes / 3)?;
        // Lengths are checked here once for all parts, calamine believes them.
        if name.ends_with(".bin") {
            Records(&bytes).try_for_each(|record| record.map(|_| ()))?;
        }
        let written = writer.start_file(name, options).map(|()| writer.write_all(&bytes));
        written.map_err(|_| ErrorKind::damaged("内部文件名不合规"))?.map_err(ErrorKind::Io)?;
    }
    writer.finish().map(Cursor::into_inner).map_err(|_| ErrorKind::damaged("内部文件过大"))
}

/// One record: id and data; an error where a length leads out of the part.
struct Records<'a>(&'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = Result<(u32, &'a [u8]), ErrorKind>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let record = self.variable(2).zip(self.variable(4)).and_then(|(id, length)| {
            let (data, rest) = self.0.split_at_checked(usize::try_from(length).ok()?)?;
            self.0 = rest;
            Some((id, data))
        });
        if record.is_none() {
            self.0 = &[];
        }
        Some(record.ok_or_else(|| ErrorKind::damaged("内部记录超出文件")))
    }
}

impl Records<'_> {
    /// A number of seven bits a byte, at most `most` bytes.
    fn variable(&mut self, most: u32) -> Option<u32> {
        let mut value = 0;
        for index in 0..most {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u32::from(byte & 0x7F) << (7 * index);
            if byte & 0x80 == 0 {
                break;
            }
        }
        Some(value)
    }
}

/// Number formats in the order of the cell formats.
fn cell_formats(styles: &[u8]) -> Result<Vec<NumberFormat>, ErrorKind> {
    let mut own = HashMap::new();
    let mut formats = Vec::new();
    let mut in_cell_xfs = false;
    for record in Records(styles) {
        match record? {
            (id::FMT, data) => {
                if let (Some(id), Some((code, _))) = (u16_at(data, 0), data.get(2..).and_then(wide_string)) {
                    own.insert(u32::from(id), from_code(&code));
                }
            }
            (id::BEGIN_CELL_XFS, _) => in_cell_xfs = true,
            (id::END_CELL_XFS, _) => in_cell_xfs = false,
            (id::XF, data) if in_cell_xfs => {
                let id = u16_at(data, 2).map_or(0, u32::from);
                formats.push(own.get(&id).copied().unwrap_or_else(|| builtin(id)));
            }
            _ => {}
        }
    }
    Ok(formats)
}

/// Name and relationship id of each sheet.
fn sheet_relations(workbook: &[u8]) -> Result<Vec<(String, String)>, ErrorKind> {
    let mut sheets = Vec::new();
    for record in Records(workbook) {
        let (id::BUNDLE_SHEET, data) = record? else { continue };
        let relation = data.get(8..).and_then(wide_string);
        if let Some((relation, Some((name, _)))) = relation.map(|(relation, rest)| (relation, wide_string(rest))) {
            sheets.push((name, relation));
        }
    }
    Ok(sheets)
}

/// What the records of a sheet part tell.
fn sheet_facts(part: &[u8], formats: &[NumberFormat], budget: &mut Budget<'_>) -> Result<Facts, ErrorKind> {
    let mut facts = Facts::default();
    let mut row = 0;
    let mut cells = 0;
    for record in Records(part) {
        match record? {
            (id::ROW, data) => {
                row = u32_at(data, 0).unwrap_or(row);
                if data.get(11).is_some_and(|flags| flags & 0x10 != 0) {
                    budget.hidden(1)?;
                    facts.hidden_rows.push(row);
                }
            }
            (1..=id::LAST_CELL, data) => {
                cells += 1;
                Limits::check("单元格数", cells, budget.limits.cells.saturating_mul(4))?;
                let style = u32_at(data, 4).map_or(0, |bits| bits & 0x00FF_FFFF);
                let format = usize::try_from(style).ok().and_then(|style| formats.get(style)).copied();
                if let (Some(col), Some(format)) = (u32_at(data, 0), format) {
                    facts.note_format(CellRef::new(row, col), format);
                }
            }
            (id::COL_INFO, data) => {
                if let (Some(first), Some(last), Some(flags)) = (u32_at(data, 0), u32_at(data, 4), u16_at(data, 16))
                    && flags & 1 != 0
                {
                    facts.hide_columns(first, last.min(MAX_COLUMNS - 1));
                }
            }
            (id::MERGE_CELL, data) => {
                let corner = |row, col| Some(CellRef::new(u32_at(data, row)?, u32_at(data, col)?));
                if let (Some(first), Some(last)) = (corner(0, 8), corner(4, 12)) {
                    facts.merges.push(CellRange::new(first, last));
                }
                budget.merges(1)?;
            }
            _ => {}
        }
    }
    Ok(facts)
}

/// An `XLWideString`: a count and UTF-16 units; with what stands behind it.
fn wide_string(data: &[u8]) -> Option<(String, &[u8])> {
    let length = usize::try_from(u32_at(data, 0)?).ok()?.checked_mul(2)?;
    let (text, rest) = data.get(4..)?.split_at_checked(length)?;
    Some((utf16_text(text), rest))
}
