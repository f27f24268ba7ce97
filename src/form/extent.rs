//! How much of a sheet is looked through for forms: the table that begins at its top left, however far away a stray cell
//! may stand.

use std::collections::BTreeSet;

use crate::address::{CellRange, CellRef};
use crate::workbook::Sheet;

/// Blank rows and columns behind which nothing belongs to the form any more.
const GAP: CellRef = CellRef::new(1_000, 100);

/// The part of a sheet that is looked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent {
    /// From the first row and column with content.
    pub(super) range: CellRange,
    /// The first cell with content outside.
    pub(super) beyond: Option<CellRef>,
}

impl Extent {
    /// Of at most `room` boxes, but for one row; `None` for an empty sheet.
    pub(super) fn of(sheet: &Sheet, room: u64) -> Option<Self> {
        let used = sheet.used()?;
        let area = u64::from(used.height()) * u64::from(used.width());
        if area <= room && used.height() <= GAP.row && used.width() <= GAP.col {
            return Some(Self { range: used, beyond: None });
        }
        let columns: BTreeSet<u32> = sheet.cells().map(|(at, _)| at.col).collect();
        let last_column = before_gap(columns, GAP.col).unwrap_or(used.end.col);
        let inside = sheet.cells().filter(|(at, _)| at.col <= last_column).map(|(at, _)| at.row);
        let last_row = before_gap(inside, GAP.row).unwrap_or(used.end.row);
        let width = u64::from(last_column - used.start.col) + 1;
        let rows = u32::try_from((room / width).max(1)).unwrap_or(u32::MAX);
        let end = CellRef::new(last_row.min(used.start.row.saturating_add(rows - 1)), last_column);
        let range = CellRange::new(used.start, CellRef::new(end.row.max(used.start.row), end.col));
        let beyond =
            sheet.cells().filter(|(_, cell)| !cell.is_blank()).map(|(at, _)| at).find(|at| !range.contains(*at));
        Some(Self { range, beyond })
    }
}

/// The last of the numbers, which ascend, before the first gap wider than this.
fn before_gap(numbers: impl IntoIterator<Item = u32>, gap: u32) -> Option<u32> {
    let mut last: Option<u32> = None;
    for number in numbers {
        match last {
            Some(known) if number.saturating_sub(known) > gap => break,
            _ => last = Some(number),
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::workbook::{Cell, Visibility};

    fn sheet(filled: impl IntoIterator<Item = (u32, u32)>) -> Sheet {
        let cells: BTreeMap<CellRef, Cell> =
            filled.into_iter().map(|(row, col)| (CellRef::new(row, col), Cell::text("甲"))).collect();
        Sheet::new("表", Visibility::Visible, cells, Vec::new())
    }

    fn form() -> impl Iterator<Item = (u32, u32)> {
        (1..40).flat_map(|row| (1..12).map(move |col| (row, col)))
    }

    fn extent(filled: impl IntoIterator<Item = (u32, u32)>, room: u64) -> (String, Option<String>) {
        let extent = Extent::of(&sheet(filled), room).expect("cells");
        (extent.range.to_string(), extent.beyond.map(|at| at.to_string()))
    }

    #[test]
    fn a_form_is_looked_through_whole_and_a_cell_far_away_is_told() {
        assert_eq!(extent(form(), 200_000), ("B2:L40".to_owned(), None));
        let far = |at| extent(form().chain(std::iter::once(at)), 200_000);
        assert_eq!(far((1_048_575, 16_383)), ("B2:L40".to_owned(), Some("XFD1048576".to_owned())));
        assert_eq!(far((3, 16_383)), ("B2:L40".to_owned(), Some("XFD4".to_owned())));
        assert_eq!(far((90_000, 3)), ("B2:L40".to_owned(), Some("D90001".to_owned())));
        // Not far: another form below, notes at the side.
        assert_eq!(far((300, 60)), ("B2:BI301".to_owned(), None));
    }

    #[test]
    fn a_sheet_without_end_is_looked_through_as_far_as_there_is_room() {
        let steps = || (0..160).map(|step| (step * 1_000, step * 100));
        assert_eq!(extent(steps(), 31_802), ("A1:WMO2".to_owned(), Some("CW1001".to_owned())));
        assert_eq!(extent((0..50_000).map(|row| (row, 0)), 20_000).0, "A1:A20000");
        assert_eq!(extent(form(), 0), ("B2:L2".to_owned(), Some("B3".to_owned())));
    }
}
