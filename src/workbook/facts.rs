//! What the records of a binary sheet (`.xls .xlsb`) tell beside its values, which calamine does not hand out; and the
//! numbers those records are made of.

use std::collections::BTreeMap;

use foldhash::HashMap;

use super::cell::{Cell, NumberFormat};
use super::sheet::{Sheet, Visibility};
use crate::address::{CellRange, CellRef};

/// What the records of a sheet tell.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) merges: Vec<CellRange>,
    /// Zero-based, in the order of the records.
    pub(super) hidden_rows: Vec<u32>,
    hidden_columns: Vec<u32>,
    formats: HashMap<CellRef, NumberFormat>,
}

impl Facts {
    /// The number format of a cell.
    pub(super) fn format(&self, at: CellRef) -> NumberFormat {
        self.formats.get(&at).copied().unwrap_or_default()
    }

    /// Notes the number format of a cell, where it says anything.
    pub(super) fn note_format(&mut self, at: CellRef, format: NumberFormat) {
        if format != NumberFormat::General {
            self.formats.insert(at, format);
        }
    }

    /// Notes hidden columns, zero-based, both included. Only those behind the columns already known count: they stand in
    /// order, and repeats would cost a sheet's width each.
    pub(super) fn hide_columns(&mut self, first: u32, last: u32) {
        let first = self.hidden_columns.last().map_or(first, |known| first.max(known + 1));
        self.hidden_columns.extend(first..=last);
    }

    /// The sheet of these facts and cells.
    pub(super) fn into_sheet(mut self, name: String, visibility: Visibility, cells: BTreeMap<CellRef, Cell>) -> Sheet {
        self.hidden_rows.sort_unstable();
        self.hidden_rows.dedup();
        Sheet::new(name, visibility, cells, self.merges).with_hidden(self.hidden_rows, self.hidden_columns)
    }
}

/// The little-endian number of two bytes at this place; `None` where the data end before.
pub(super) fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    data.get(at..)?.first_chunk().map(|bytes| u16::from_le_bytes(*bytes))
}

/// The little-endian number of four bytes at this place; `None` where the data end before.
pub(super) fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    data.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
}

/// The text of UTF-16 little-endian bytes; what is no character is shown as `�`.
pub(super) fn utf16_text(bytes: &[u8]) -> String {
    let units = bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}
