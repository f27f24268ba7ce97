//! One walk over the records of a BIFF5 or BIFF8 stream ([MS-XLS] §2.3): what calamine does not tell (number formats, hidden
//! rows and columns, merged regions), and the checks without which a damaged file makes it abort the process.
//!
//! Reads no cell values.

use std::collections::BTreeMap;

use super::cell::NumberFormat;
use super::facts::{Facts, u16_at, u32_at, utf16_text};
use super::number_format::{builtin, from_code};
use crate::address::{CellRange, CellRef};
use crate::error::{ErrorKind, Unreadable};
use crate::ooxml::Limits;

mod id {
    pub(super) const FORMULA: u16 = 0x0006;
    pub(super) const EOF: u16 = 0x000A;
    pub(super) const FILEPASS: u16 = 0x002F;
    pub(super) const CONTINUE: u16 = 0x003C;
    pub(super) const COLINFO: u16 = 0x007D;
    pub(super) const BOUNDSHEET: u16 = 0x0085;
    pub(super) const MULRK: u16 = 0x00BD;
    pub(super) const XF: u16 = 0x00E0;
    pub(super) const MERGECELLS: u16 = 0x00E5;
    pub(super) const RSTRING: u16 = 0x00D6;
    pub(super) const SST: u16 = 0x00FC;
    pub(super) const LABELSST: u16 = 0x00FD;
    pub(super) const DIMENSIONS: u16 = 0x0200;
    pub(super) const NUMBER: u16 = 0x0203;
    pub(super) const LABEL: u16 = 0x0204;
    pub(super) const BOOLERR: u16 = 0x0205;
    pub(super) const ROW: u16 = 0x0208;
    pub(super) const RK: u16 = 0x027E;
    pub(super) const FORMAT: u16 = 0x041E;
    pub(super) const BOF: u16 = 0x0809;
}

/// One record: id and data, without its CONTINUE records.
struct Records<'a>(&'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    /// The next whole record; none behind a cut.
    fn next(&mut self) -> Option<Self::Item> {
        let length = usize::from(u16_at(self.0, 2)?);
        let record = (u16_at(self.0, 0)?, self.0.get(4..4 + length)?);
        self.0 = self.0.get(4 + length..).unwrap_or(&[]);
        Some(record)
    }
}

/// The facts of each sheet, in the order of the BOUNDSHEET records.
///
/// # Errors
/// A password, a limit passed, or records that contradict themselves.
pub(super) fn scan(stream: &[u8], limits: &Limits) -> Result<Vec<Facts>, ErrorKind> {
    let mut codes: BTreeMap<u32, NumberFormat> = BTreeMap::new();
    let mut ids: Vec<u32> = Vec::new();
    let mut starts: Vec<usize> = Vec::new();
    let mut strings: Vec<&[u8]> = Vec::new();
    let mut in_strings = false;
    let mut biff8 = true;
    for (record, data) in Records(stream) {
        in_strings = record == id::SST || (in_strings && record == id::CONTINUE);
        if in_strings {
            strings.push(data);
        }
        match record {
            id::BOF => biff8 = u16_at(data, 0) != Some(0x0500),
            id::FILEPASS if u16_at(data, 0) != Some(0) => return Err(ErrorKind::NotReadable(Unreadable::Encrypted)),
            id::FORMAT => {
                if let Some((id, code)) = format_code(data, biff8) {
                    codes.insert(id, from_code(&code));
                }
            }
            id::XF => ids.extend(u16_at(data, 2).map(u32::from)),
            id::BOUNDSHEET => {
                let start = u32_at(data, 0).and_then(|at| usize::try_from(at).ok()).filter(|at| *at < stream.len());
                starts.push(start.ok_or_else(|| ErrorKind::damaged("工作表位置超出文件"))?);
            }
            id::EOF => break,
            _ => {}
        }
    }
    Limits::check("工作表数", starts.len() as u64, limits.sheets)?;
    let formats: Vec<NumberFormat> =
        ids.iter().map(|id| codes.get(id).copied().unwrap_or_else(|| builtin(*id))).collect();
    let lengths = text_lengths(&strings);
    Limits::check("共享文字条数", lengths.len() as u64, limits.cells)?;
    let mut budget = Budget { limits, lengths, bytes: stream.len(), cells: 0, area: 0, text_bytes: 0, merges: 0 };
    starts.into_iter().map(|start| sheet(stream.get(start..).unwrap_or(&[]), &formats, &mut budget)).collect()
}

/// Bytes of each shared string as UTF-8, at most, from the SST record and its CONTINUE records ([MS-XLS] §2.4.265):
/// calamine copies a string into every cell that shows it, so one long string in many cells is a bomb.
fn text_lengths(segments: &[&[u8]]) -> Vec<u32> {
    let mut segments = segments.iter().copied();
    let mut lengths = Vec::new();
    let mut rest = segments.next().and_then(|first| first.get(8..)).unwrap_or(&[]);
    loop {
        while rest.is_empty() {
            let Some(segment) = segments.next() else { return lengths };
            rest = segment;
        }
        let (Some(characters), Some(flags)) = (u16_at(rest, 0), rest.get(2).copied()) else { return lengths };
        let mut at = 3;
        let mut behind = 0_usize;
        if flags & 8 != 0 {
            behind += u16_at(rest, at).map_or(0, usize::from) * 4;
            at += 2;
        }
        if flags & 4 != 0 {
            behind = behind.saturating_add(u32_at(rest, at).and_then(|size| usize::try_from(size).ok()).unwrap_or(0));
            at += 4;
        }
        rest = rest.get(at..).unwrap_or(&[]);
        let mut left = usize::from(characters);
        let mut width = if flags & 1 != 0 { 2 } else { 1 };
        while left > 0 {
            if rest.len() < width {
                let Some(segment) = segments.next() else { break };
                // Characters go on behind a new flag byte.
                width = if segment.first().is_some_and(|flags| flags & 1 != 0) { 2 } else { 1 };
                rest = segment.get(1..).unwrap_or(&[]);
                continue;
            }
            let here = left.min(rest.len() / width);
            left -= here;
            rest = rest.get(here * width..).unwrap_or(&[]);
        }
        lengths.push(u32::from(characters) * 3);
        while behind > rest.len() {
            behind -= rest.len();
            let Some(segment) = segments.next() else { return lengths };
            rest = segment;
        }
        rest = rest.get(behind..).unwrap_or(&[]);
    }
}

/// What all sheets together may cost: several may point to the same records.
struct Budget<'a> {
    limits: &'a Limits,
    /// Bytes of each shared string.
    lengths: Vec<u32>,
    /// Bytes of records that are still to be walked: no more than the stream has.
    bytes: usize,
    cells: u64,
    area: u64,
    text_bytes: u64,
    merges: u64,
}

/// Walks one sheet's records, as calamine does: up to its EOF, without nested streams.
fn sheet(stream: &[u8], formats: &[NumberFormat], budget: &mut Budget<'_>) -> Result<Facts, ErrorKind> {
    let mut facts = Facts::default();
    // Embedded charts are streams within the stream.
    let mut depth = 0_u32;
    let mut used: Option<CellRange> = None;
    for (record, data) in Records(stream) {
        let walked = budget.bytes.checked_sub(4 + data.len());
        budget.bytes = walked.ok_or_else(|| ErrorKind::damaged("几张工作表指向同一处内容"))?;
        match record {
            id::BOF => depth += 1,
            id::EOF if depth <= 1 => break,
            id::EOF => depth -= 1,
            _ if depth > 1 => {}
            id::DIMENSIONS => dimensions(data, budget)?,
            id::ROW if u16_at(data, 12).is_some_and(|flags| flags & 0x20 != 0) => {
                facts.hidden_rows.extend(u16_at(data, 0).map(u32::from));
            }
            id::COLINFO => {
                if let (Some(first), Some(last), Some(flags)) = (u16_at(data, 0), u16_at(data, 2), u16_at(data, 8))
                    && flags & 1 != 0
                {
                    facts.hide_columns(u32::from(first), u32::from(last).min(255));
                }
            }
            id::MERGECELLS => {
                let before = facts.merges.len();
                merges(data, &mut facts.merges)?;
                budget.merges += (facts.merges.len() - before) as u64;
                Limits::check("合并区域数", budget.merges, budget.limits.merges)?;
            }
            id::MULRK | id::NUMBER | id::LABEL | id::RSTRING | id::BOOLERR | id::RK | id::LABELSST | id::FORMULA => {
                for (at, xf) in addressed(record, data)? {
                    used = Some(match used {
                        None => at.into(),
                        Some(used) => CellRange {
                            start: CellRef::new(used.start.row.min(at.row), used.start.col.min(at.col)),
                            end: CellRef::new(used.end.row.max(at.row), used.end.col.max(at.col)),
                        },
                    });
                    let format = formats.get(usize::from(xf)).copied().unwrap_or_default();
                    facts.note_format(at, format);
                    budget.cells += 1;
                }
                if record == id::LABELSST {
                    let index = u32_at(data, 6).and_then(|index| usize::try_from(index).ok());
                    budget.text_bytes += index.and_then(|index| budget.lengths.get(index)).map_or(0, |n| u64::from(*n));
                }
                Limits::check("单元格数", budget.cells, budget.limits.cells)?;
                // Counted at three bytes a character, which Latin text does not need.
                Limits::check("单元格文字的总字节数", budget.text_bytes, budget.limits.text_bytes.saturating_mul(3))?;
            }
            _ => {}
        }
    }
    if let Some(used) = used {
        budget.area += u64::from(used.height()) * u64::from(used.width());
        Limits::check("工作表的行数×列数", budget.area, budget.limits.area)?;
    }
    Ok(facts)
}

/// Checks the area a sheet claims: calamine reserves it without asking.
fn dimensions(data: &[u8], budget: &Budget<'_>) -> Result<(), ErrorKind> {
    let word = |at| u16_at(data, at).map(u64::from);
    let (first, end, left, right) = match data.len() {
        10 => (word(0), word(2), word(4), word(6)),
        14 | 16 => (u32_at(data, 0).map(u64::from), u32_at(data, 4).map(u64::from), word(8), word(10)),
        _ => return Err(ErrorKind::damaged("工作表范围记录的长度不对")),
    };
    let (Some(first), Some(end), Some(left), Some(right)) = (first, end, left, right) else {
        return Err(ErrorKind::damaged("工作表范围记录不完整"));
    };
    // `end` and `right` are one behind the last; an empty sheet has both zero.
    if end > 0 && right > 0 && first >= end {
        return Err(ErrorKind::damaged("工作表范围首尾颠倒"));
    }
    let left = if left > 0xFF || right.saturating_sub(1) < left { 0 } else { left };
    let rows = end.saturating_sub(first).max(1);
    let columns = right.saturating_sub(left).max(1);
    Limits::check("工作表的行数×列数", rows.saturating_mul(columns), budget.limits.area)
}

/// Adds the regions of a MERGECELLS record ([MS-XLS] §2.4.168).
fn merges(data: &[u8], merges: &mut Vec<CellRange>) -> Result<(), ErrorKind> {
    let count = usize::from(u16_at(data, 0).unwrap_or(0));
    let regions = data.get(2..).unwrap_or(&[]).chunks_exact(8);
    if count > regions.len() || count > 8191 {
        return Err(ErrorKind::damaged("合并区域记录不完整"));
    }
    for region in regions.take(count) {
        let word = |at| u16_at(region, at).map_or(0, u32::from);
        merges.push(CellRange::new(CellRef::new(word(0), word(4)), CellRef::new(word(2), word(6))));
    }
    Ok(())
}

/// Addresses and format indices of a cell record; all start with row, column, format.
fn addressed(record: u16, data: &[u8]) -> Result<Vec<(CellRef, u16)>, ErrorKind> {
    let short = || ErrorKind::damaged("单元格记录不完整");
    let row = u16_at(data, 0).map(u32::from).ok_or_else(short)?;
    let col = u16_at(data, 2).map(u32::from).ok_or_else(short)?;
    if record != id::MULRK {
        return Ok(vec![(CellRef::new(row, col), u16_at(data, 4).ok_or_else(short)?)]);
    }
    // Row, first column, then six bytes a cell, then the last column ([MS-XLS] §2.4.175).
    let inner = data.len().checked_sub(2).and_then(|end| data.get(4..end)).ok_or_else(short)?;
    Ok((col..)
        .zip(inner.chunks_exact(6))
        .map(|(col, rk)| (CellRef::new(row, col), u16_at(rk, 0).unwrap_or(0)))
        .collect())
}

/// Id and code of a FORMAT record ([MS-XLS] §2.4.126). Of BIFF5 codes the bytes are taken as Latin letters: what
/// counts in a code is ASCII.
fn format_code(data: &[u8], biff8: bool) -> Option<(u32, String)> {
    let id = u32::from(u16_at(data, 0)?);
    if !biff8 {
        return Some((id, data.get(3..)?.iter().map(|byte| char::from(*byte)).collect()));
    }
    let text = data.get(5..)?;
    let wide = data.get(4)? & 1 != 0;
    let code = if wide { utf16_text(text) } else { text.iter().map(|byte| char::from(*byte)).collect() };
    Some((id, code))
}
