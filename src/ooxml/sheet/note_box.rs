//! Where the box of a note stands: beside its cell, measured in the sheet's own column widths and row heights.

use std::fmt;

use super::SheetPart;
use crate::address::CellRange;

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

impl SheetPart {
    /// A box of this size (pixels at 96 dpi) to the right of a cell or merged region, as VML anchors one.
    pub(crate) fn box_beside(&self, cell: CellRange, width: u32, height: u32) -> NoteBox {
        let (left, left_offset) = self.walk(cell.end.col.saturating_add(1), 12, |col| self.column_pixels(col));
        let (right, right_offset) = self.walk(left, left_offset + width, |col| self.column_pixels(col));
        let (bottom, bottom_offset) = self.walk(cell.start.row, height + 4, |row| self.row_pixels(row));
        NoteBox { numbers: [left, left_offset, cell.start.row, 4, right, right_offset, bottom, bottom_offset] }
    }

    /// The column or row that is `distance` pixels on, with the rest inside it.
    fn walk(&self, from: u32, distance: u32, size: impl Fn(u32) -> u32) -> (u32, u32) {
        let mut left = distance;
        for index in from..from.saturating_add(400) {
            let here = size(index);
            if left < here {
                return (index, left);
            }
            left -= here;
        }
        (from.saturating_add(4), 0)
    }

    fn column_pixels(&self, col: u32) -> u32 {
        let column = self.columns.iter().find(|column| (column.first..=column.last).contains(&col));
        match column {
            Some(column) if column.hidden => 0,
            Some(column) => pixels(column.width.unwrap_or(self.default_width), 7.0),
            None => pixels(self.default_width, 7.0),
        }
    }

    fn row_pixels(&self, row: u32) -> u32 {
        let known = self.rows.binary_search_by_key(&row, |known| known.row).ok().and_then(|at| self.rows.get(at));
        match known {
            Some(row) if row.hidden => 0,
            Some(row) => pixels(row.height.unwrap_or(self.default_height), 4.0 / 3.0),
            None => pixels(self.default_height, 4.0 / 3.0),
        }
    }
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
}
