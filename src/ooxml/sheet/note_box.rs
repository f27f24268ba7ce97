//! Where the box of a note stands: beside its cell, measured in the sheet's own column widths and row heights.

use std::fmt;

use super::SheetPart;
use crate::address::{CellRange, MAX_COLUMNS, MAX_ROWS};

/// Where a note's box stands: the eight numbers of `x:Anchor` (ECMA-376 part 4, §19.4.2.3): left column and
/// offset, top row and offset, right column and offset, bottom row and offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoteBox {
    /// The numbers.
    pub(crate) numbers: [u32; 8],
}

impl fmt::Display for NoteBox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.numbers.map(|number| number.to_string()).join(", "))
    }
}

/// Pixels of a column or row, and the next one that can be seen.
type Step = (u32, u32);

impl SheetPart {
    /// A box of this size (pixels at 96 dpi) to the right of a cell or merged region, as VML anchors one; to the left
    /// of it where the sheet ends or shows no more columns, and further up where it shows no more rows.
    pub(crate) fn box_beside(&self, cell: CellRange, width: u32, height: u32) -> NoteBox {
        let ((left, left_offset), (right, right_offset)) = self.columns_beside(cell, width);
        let ((top, top_offset), (bottom, bottom_offset)) = self.rows_beside(cell.start.row, height);
        NoteBox { numbers: [left, left_offset, top, top_offset, right, right_offset, bottom, bottom_offset] }
    }

    fn columns_beside(&self, cell: CellRange, width: u32) -> (Place, Place) {
        let size = |col| self.column_step(col);
        let behind = cell.end.col.saturating_add(1);
        let right = forward(behind, 12, MAX_COLUMNS, size).zip(forward(behind, 12 + width, MAX_COLUMNS, size));
        let before = cell.start.col;
        let left = || backward(before, 12 + width, size).zip(backward(before, 12, size));
        let over = || forward(0, 0, MAX_COLUMNS, size).zip(forward(0, width, MAX_COLUMNS, size));
        let rest =
            || (backward(MAX_COLUMNS, width, size).unwrap_or((0, 0)), backward(MAX_COLUMNS, 1, size).unwrap_or((4, 0)));
        right.or_else(left).or_else(over).unwrap_or_else(rest)
    }

    fn rows_beside(&self, row: u32, height: u32) -> (Place, Place) {
        let size = |row| self.row_step(row);
        if let Some(bottom) = forward(row, height + 4, MAX_ROWS, size) {
            return ((row, 4), bottom);
        }
        // Where rows are hidden unless they say otherwise, none is shown behind the last that is written.
        let written = self.rows.last().map_or(0, |last| last.row.saturating_add(1));
        let end = if self.default_hidden { written } else { MAX_ROWS };
        let top = backward(end, height, size).unwrap_or((0, 0));
        (top, backward(end, 1, size).unwrap_or((top.0 + 4, 0)))
    }

    fn column_step(&self, col: u32) -> Step {
        let column = self.columns.iter().find(|column| (column.first..=column.last).contains(&col));
        match column {
            Some(column) if column.hidden => (0, column.last.saturating_add(1)),
            Some(column) => (pixels(column.width.unwrap_or(self.default_width), 7.0), col + 1),
            None => (pixels(self.default_width, 7.0), col + 1),
        }
    }

    fn row_step(&self, row: u32) -> Step {
        let next = self.rows.partition_point(|known| known.row < row);
        match self.rows.get(next) {
            Some(known) if known.row == row => match known.hidden {
                true => (0, row + 1),
                false => (pixels(known.height.unwrap_or(self.default_height), 4.0 / 3.0), row + 1),
            },
            known if self.default_hidden => (0, known.map_or(MAX_ROWS, |known| known.row)),
            _ => (pixels(self.default_height, 4.0 / 3.0), row + 1),
        }
    }
}

/// A column or row, and pixels into it.
type Place = (u32, u32);

/// The place `distance` pixels behind the start of `from`; `None` where the sheet ends before.
fn forward(from: u32, distance: u32, end: u32, size: impl Fn(u32) -> Step) -> Option<Place> {
    let (mut index, mut left) = (from, distance);
    while index < end {
        let (here, next) = size(index);
        if left < here {
            return Some((index, left));
        }
        left -= here;
        index = next.max(index + 1);
    }
    None
}

/// The place `distance` pixels before the start of `before`; `None` where the sheet begins behind it.
fn backward(before: u32, distance: u32, size: impl Fn(u32) -> Step) -> Option<Place> {
    // What is far before is of no use; hidden stretches are stepped through one by one.
    let mut left = distance;
    for index in (0..before).rev().take(20_000) {
        let here = size(index).0;
        if left <= here && here > 0 {
            return Some((index, here - left));
        }
        left -= here;
    }
    None
}

/// A length in pixels; of what is no sensible length, nothing.
fn pixels(length: f64, each: f64) -> u32 {
    let pixels = (length * each).round();
    // Rows are at most 409 points and columns 255 characters: everything in range is exact.
    if (0.0..=4096.0).contains(&pixels) { format!("{pixels:.0}").parse().unwrap_or(0) } else { 0 }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::address::CellRef;

    #[test]
    fn a_note_box_steps_over_hidden_columns() {
        let part = "<worksheet><cols><col min=\"3\" max=\"3\" width=\"10\" hidden=\"1\"/><col min=\"4\" max=\"4\" \
            width=\"10\"/></cols><sheetData/></worksheet>";
        let sheet = SheetPart::read(part.as_bytes(), &BTreeSet::new()).expect("a worksheet");
        let place = sheet.box_beside(CellRef::new(0, 1).into(), 100, 50);
        assert_eq!(place.to_string(), "3, 12, 0, 4, 4, 42, 2, 14");
    }

    fn box_at(part: &str, cell: &str) -> NoteBox {
        let sheet = SheetPart::read(part.as_bytes(), &BTreeSet::new()).expect("a worksheet");
        let at: CellRef = cell.parse().expect("an address");
        sheet.box_beside(at.into(), 100, 50)
    }

    #[test]
    fn a_note_box_at_the_edge_of_what_is_shown_stands_on_the_other_side() {
        let all = "<worksheet><sheetData/></worksheet>";
        assert_eq!(box_at(all, "XFD1048576").to_string(), "16381, 14, 1048573, 10, 16382, 51, 1048575, 19");
        let few = "<worksheet><sheetFormatPr defaultRowHeight=\"15\" zeroHeight=\"1\"/><cols><col min=\"4\" max=\"16384\" \
            hidden=\"1\"/></cols><sheetData><row r=\"1\"/><row r=\"2\"/><row r=\"3\"/><row r=\"4\"/></sheetData></worksheet>";
        assert_eq!(box_at(few, "C3").to_string(), "0, 14, 1, 10, 1, 51, 3, 19");
        assert_eq!(box_at(few, "A1").to_string(), "1, 12, 0, 4, 2, 49, 2, 14");
    }
}
