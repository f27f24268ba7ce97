//! One sheet: cells at absolute addresses, with merged regions resolved.

use std::collections::BTreeMap;

use foldhash::HashMap;

use super::cell::Cell;
use crate::address::{CellRange, CellRef};

/// Whether a person sees the sheet's tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Visibility {
    /// Shown.
    #[default]
    Visible,
    /// Hidden; a person can show it from the menu.
    Hidden,
    /// Hidden from the menu too (ECMA-376 part 1, §18.18.68 `veryHidden`).
    VeryHidden,
}

/// How many cells of merged regions are listed one by one: so many, and some for each filled cell. A workbook may have
/// hundreds of sheets.
const LISTED_CELLS: u64 = 4_000;
/// See [`LISTED_CELLS`].
const LISTED_PER_CELL: u64 = 4;
/// How many larger regions are kept beside them.
const LARGE_REGIONS: usize = 16;

/// Cells of a sheet that are listed in a plain array: any form has fewer, and a workbook may have hundreds of sheets.
const NEAR: u64 = 1 << 13;

/// Which merged region covers a cell.
#[derive(Debug, Clone)]
enum Covered {
    /// Row by row from the first cell of the sheet: the index of the region and one, 0 for none.
    Near { width: u32, regions: Vec<u32> },
    /// Of a large sheet, cell by cell.
    Far(HashMap<CellRef, u32>),
}

impl Default for Covered {
    fn default() -> Self {
        Self::Near { width: 0, regions: Vec::new() }
    }
}

impl Covered {
    /// None of the cells up to this one, which is the last that regions cover.
    fn up_to(last: CellRef) -> Self {
        let area = (u64::from(last.row) + 1) * (u64::from(last.col) + 1);
        match usize::try_from(area) {
            Ok(cells) if area <= NEAR => Self::Near { width: last.col + 1, regions: vec![0; cells] },
            _ => Self::Far(HashMap::default()),
        }
    }

    /// A region covers a cell, unless one does already.
    fn cover(&mut self, at: CellRef, region: u32) {
        match self {
            Self::Near { width, regions } => {
                if let Some(slot) =
                    place(at, *width).and_then(|place| regions.get_mut(place)).filter(|slot| **slot == 0)
                {
                    *slot = region + 1;
                }
            }
            Self::Far(regions) => {
                regions.entry(at).or_insert(region);
            }
        }
    }

    fn region(&self, at: CellRef) -> Option<u32> {
        match self {
            Self::Near { width, regions } => place(at, *width).and_then(|place| regions.get(place))?.checked_sub(1),
            Self::Far(regions) => regions.get(&at).copied(),
        }
    }
}

/// Where a cell stands in a list of rows of this width; `None` past it.
fn place(at: CellRef, width: u32) -> Option<usize> {
    (at.col < width).then(|| at.row as usize * width as usize + at.col as usize)
}

/// A sheet of cells.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    name: String,
    visibility: Visibility,
    cells: BTreeMap<CellRef, Cell>,
    merges: Vec<CellRange>,
    /// Every covered cell inside the used area → index into `merges`.
    covered: Covered,
    /// Regions too large to list cell by cell, by index into `merges`; asked one by one.
    large: Vec<usize>,
    hidden_rows: Vec<u32>,
    hidden_columns: Vec<u32>,
}

impl Sheet {
    /// A sheet of the given cells and merged regions. Regions are clipped to the used area when they are
    /// resolved; of overlapping regions the first counts. Cost is bounded whatever the regions are: beyond 4,000 covered
    /// cells, and 4 more for each filled cell, a region is no longer listed cell by cell, and of those only the first 16
    /// are resolved. No honest form comes near either number.
    #[must_use]
    pub fn new(
        name: impl Into<String>,
        visibility: Visibility,
        cells: BTreeMap<CellRef, Cell>,
        merges: Vec<CellRange>,
    ) -> Self {
        let mut sheet = Self { name: name.into(), visibility, cells, merges, ..Self::default() };
        let Some(used) = sheet.used() else { return sheet };
        // A merged block may reach past the last filled cell: allow as much again as a form can have.
        let last = CellRef::new(used.end.row.saturating_add(64), used.end.col.saturating_add(64));
        let most = LISTED_CELLS + LISTED_PER_CELL * sheet.cells.len() as u64;
        let clip = |merge: &CellRange| CellRef::new(merge.end.row.min(last.row), merge.end.col.min(last.col));
        let reaches = |merge: &&CellRange| merge.start.row <= last.row && merge.start.col <= last.col;
        let ends = || sheet.merges.iter().filter(reaches).map(clip);
        let furthest = ends().map(|end| end.row).max().zip(ends().map(|end| end.col).max());
        let mut covered = furthest.map_or_else(Covered::default, |(row, col)| Covered::up_to(CellRef::new(row, col)));
        let mut listed: u64 = 0;
        for (index, merge) in (0_u32..).zip(&sheet.merges) {
            if !reaches(&merge) {
                continue;
            }
            let clipped = CellRange::new(merge.start, clip(merge));
            let area = u64::from(clipped.height()) * u64::from(clipped.width());
            if listed + area > most {
                if sheet.large.len() < LARGE_REGIONS {
                    sheet.large.push(index as usize);
                }
                continue;
            }
            listed += area;
            for row in clipped.start.row..=clipped.end.row {
                for col in clipped.start.col..=clipped.end.col {
                    covered.cover(CellRef::new(row, col), index);
                }
            }
        }
        sheet.covered = covered;
        sheet
    }

    /// The same sheet with its hidden rows and columns noted (zero-based, ascending).
    #[must_use]
    pub fn with_hidden(mut self, rows: Vec<u32>, columns: Vec<u32>) -> Self {
        self.hidden_rows = rows;
        self.hidden_columns = columns;
        self
    }

    /// Puts a cell in place of what is stored at an address, in memory only. Regions stay as they are.
    pub fn put(&mut self, at: CellRef, cell: Cell) {
        self.cells.insert(at, cell);
    }

    /// The name on the tab.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether a person sees the tab.
    #[must_use]
    pub fn visibility(&self) -> Visibility {
        self.visibility
    }

    /// Merged regions as the file has them.
    #[must_use]
    pub fn merges(&self) -> &[CellRange] {
        &self.merges
    }

    /// Hidden rows, zero-based, ascending.
    #[must_use]
    pub fn hidden_rows(&self) -> &[u32] {
        &self.hidden_rows
    }

    /// Hidden columns, zero-based, ascending.
    #[must_use]
    pub fn hidden_columns(&self) -> &[u32] {
        &self.hidden_columns
    }

    /// The cells that hold something, in reading order.
    pub fn cells(&self) -> impl Iterator<Item = (CellRef, &Cell)> {
        self.cells.iter().map(|(at, cell)| (*at, cell))
    }

    /// The cells of one row that hold something, left to right. Cells inside a merged region appear at its
    /// top-left cell only.
    pub fn row(&self, row: u32) -> impl Iterator<Item = (CellRef, &Cell)> {
        self.cells.range(CellRef::new(row, 0)..=CellRef::new(row, u32::MAX)).map(|(at, cell)| (*at, cell))
    }

    /// The cell stored at this very address.
    #[must_use]
    pub fn stored(&self, at: CellRef) -> Option<&Cell> {
        self.cells.get(&at)
    }

    /// The cell a person sees at this address: inside a merged region its top-left cell.
    #[must_use]
    pub fn cell(&self, at: CellRef) -> Option<&Cell> {
        self.cells.get(&self.anchor(at))
    }

    /// The text a person sees at this address; empty for a blank.
    #[must_use]
    pub fn shown(&self, at: CellRef) -> std::borrow::Cow<'_, str> {
        self.cell(at).map_or(std::borrow::Cow::Borrowed(""), Cell::shown)
    }

    /// The merged region at this address, or the cell alone.
    #[must_use]
    pub fn span(&self, at: CellRef) -> CellRange {
        let listed = self.covered.region(at).and_then(|index| self.merges.get(index as usize));
        let large = || self.large.iter().filter_map(|index| self.merges.get(*index)).find(|merge| merge.contains(at));
        listed.or_else(large).copied().unwrap_or_else(|| at.into())
    }

    /// The top-left cell of the region at this address.
    #[must_use]
    pub fn anchor(&self, at: CellRef) -> CellRef {
        self.span(at).start
    }

    /// The rectangle of all cells that hold something; `None` for an empty sheet.
    #[must_use]
    pub fn used(&self) -> Option<CellRange> {
        let first_row = self.cells.keys().next()?.row;
        let last_row = self.cells.keys().next_back()?.row;
        let first_col = self.cells.keys().map(|at| at.col).min()?;
        let last_col = self.cells.keys().map(|at| at.col).max()?;
        Some(CellRange::new(CellRef::new(first_row, first_col), CellRef::new(last_row, last_col)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absurd_merges_are_resolved_without_listing_their_cells() {
        let far = CellRef::new(1_048_575, 16_383);
        let cells = BTreeMap::from([(CellRef::new(0, 0), Cell::text("甲")), (far, Cell::text("乙"))]);
        let whole = CellRange::new(CellRef::new(0, 0), far);
        let sheet = Sheet::new("表", Visibility::Visible, cells, vec![whole; 1000]);
        assert_eq!(sheet.shown(CellRef::new(500_000, 9)), "甲");
        assert_eq!(sheet.span(far), whole);
        assert!(matches!(&sheet.covered, Covered::Far(regions) if regions.is_empty()));
    }
}
