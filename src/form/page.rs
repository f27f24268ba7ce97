//! A sheet as printed boxes: merged regions and single cells with the label key of what stands in them.
//!
//! Knows neighbours, not meanings.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashMap;

use super::extent::Extent;
use super::record::ColumnHead;
use super::title::title_of_row;
use crate::address::{CellRange, CellRef};
use crate::text::{fold, label_key, squeeze};
use crate::workbook::{Cell, Content, Sheet};

/// Longer texts are paragraphs, never labels.
const LONGEST_LABEL: usize = 60;

/// Blank rows that a label merged downward may cover below the last text.
pub(super) const LONGEST_TAIL: u32 = 200;

/// No form is wider, in columns that hold something.
const WIDEST: usize = 512;

/// No box is wider than so many columns in which none begins; further on there is nothing but a cell far off.
const WIDEST_GAP: u32 = 64;

/// A sheet with the label keys of its texts.
pub(super) struct Page<'a> {
    pub(super) sheet: &'a Sheet,
    used: CellRange,
    /// The last column and row that filled boxes cover: a title merged over the form covers boxes left blank at its right,
    /// a label merged downward those left blank beside it.
    last: CellRef,
    words: HashMap<CellRef, Words>,
    /// Row → the box that reads like the title of a form and stands alone in it.
    titles: BTreeMap<u32, CellRef>,
    /// Rows and columns in which some box begins; the others were inserted or left free.
    begun_rows: BTreeSet<u32>,
    begun_columns: BTreeSet<u32>,
    /// The columns in which boxes are looked for: all with content, but for what lies beyond any form.
    drawn: Vec<u32>,
    /// Whether nothing but titles is merged over columns: a program that copied the form dropped its merges.
    lost_merges: bool,
}

/// What the text of a box is looked up by.
#[derive(Default)]
struct Words {
    /// Its label key; empty for paragraphs.
    key: String,
    /// The key of the first of several headings in one box: of `得分/原因`.
    first: Option<String>,
    /// The text folded, where a label may stand in it before its value: `填报单位：（盖章）`.
    spoken: Option<String>,
}

impl Words {
    /// `None` where a text can be no label and holds none.
    fn of(text: &str) -> Option<Self> {
        // Three bytes a character: a quick bound before the exact count.
        let is_short = text.len() <= LONGEST_LABEL * 3;
        let has_label = text.contains([':', '：']) && !text.trim_start().starts_with('注');
        let words = Self {
            key: if is_short { label_key(text) } else { String::new() },
            first: text.split(['/', '／']).next().filter(|first| first.len() < text.len()).map(label_key),
            // `注：1.偏差原因分析：…` explains a label.
            spoken: has_label.then(|| fold(text)),
        };
        (!words.key.is_empty() || words.first.is_some() || words.spoken.is_some()).then_some(words)
    }
}

/// The columns in which boxes are looked for, row by row: one cell in the last column of a sheet must not make each row of
/// a form sixteen thousand boxes long.
fn drawn(used: CellRange, begun: &BTreeSet<u32>) -> Vec<u32> {
    let mut gap = 0;
    let is_near = |col: &u32| {
        gap = if begun.contains(col) { 0 } else { gap + 1 };
        gap <= WIDEST_GAP
    };
    (used.start.col..=used.end.col).filter(is_near).take(WIDEST).collect()
}

impl<'a> Page<'a> {
    /// The page of a sheet as far as it is looked through.
    pub(super) fn new(sheet: &'a Sheet, extent: Extent) -> Self {
        let used = extent.range;
        let cells = || sheet.cells().filter(|(at, _)| used.contains(*at));
        let words = cells()
            .filter_map(|(at, cell)| match &cell.content {
                Content::Text(text) => Words::of(text).map(|words| (at, words)),
                _ => None,
            })
            .collect();
        let filled = || cells().filter(|(at, cell)| !cell.is_blank() && sheet.anchor(*at) == *at);
        let spans = || filled().map(|(at, _)| sheet.span(at).end);
        let last = CellRef::new(
            // A label merged down to the end of the sheet says nothing of where the form ends.
            spans().map(|end| end.row).filter(|row| *row <= used.end.row + LONGEST_TAIL).max().unwrap_or(0),
            spans().map(|end| end.col).max().unwrap_or(0),
        );
        let starts: Vec<CellRef> =
            filled().map(|(at, _)| at).chain(sheet.merges().iter().map(|merge| merge.start)).collect();
        let last = CellRef::new(last.row.max(used.end.row), last.col.max(used.end.col));
        let begun_columns: BTreeSet<u32> = starts.iter().map(|at| at.col).collect();
        let mut page = Self {
            sheet,
            used,
            last,
            words,
            titles: BTreeMap::new(),
            begun_rows: starts.iter().map(|at| at.row).collect(),
            drawn: drawn(used, &begun_columns),
            begun_columns,
            lost_merges: sheet.merges().iter().all(|merge| merge.width() == 1 || merge.width() >= used.width()),
        };
        page.titles = page.begun(page.rows()).filter_map(|row| Some((row, title_of_row(&page, row)?))).collect();
        page
    }

    /// First and last column with content.
    pub(super) fn columns(&self) -> std::ops::RangeInclusive<u32> {
        self.used.start.col..=self.used.end.col
    }

    /// First row with content and last row of a box with content.
    pub(super) fn rows(&self) -> std::ops::RangeInclusive<u32> {
        self.used.start.row..=self.last.row
    }

    /// The rows among these in which some box begins: a form that ends in the last row of a sheet has few others than blank
    /// ones.
    pub(super) fn begun(&self, rows: std::ops::RangeInclusive<u32>) -> impl Iterator<Item = u32> + '_ {
        // A range that ends before it begins has no rows, and is no range of a set.
        let rows = (rows.start() <= rows.end()).then_some(rows);
        rows.into_iter().flat_map(|rows| self.begun_rows.range(rows)).copied()
    }

    /// The columns in which some box begins.
    pub(super) fn begun_columns(&self) -> impl Iterator<Item = u32> + '_ {
        self.drawn.iter().copied().filter(|col| !self.is_gap_column(*col))
    }

    /// The label key of the box seen at this address; empty for blanks, numbers and paragraphs.
    pub(super) fn key(&self, at: CellRef) -> &str {
        self.words.get(&self.sheet.anchor(at)).map_or("", |words| &words.key)
    }

    /// The key of the first of several headings in the box seen at this address, `得分/原因`; `None` where it holds one.
    pub(super) fn first_key(&self, at: CellRef) -> Option<&str> {
        self.words.get(&self.sheet.anchor(at))?.first.as_deref()
    }

    /// The folded text of a cell that a label may stand in before its value; `None` where none can.
    pub(super) fn spoken(&self, at: CellRef) -> Option<&str> {
        self.words.get(&at)?.spoken.as_deref()
    }

    /// The box of a row that reads like the title of a form and stands alone but for short marks.
    pub(super) fn title(&self, row: u32) -> Option<CellRef> {
        self.titles.get(&row).copied()
    }

    /// Whether a person sees nothing at this address.
    pub(super) fn is_blank(&self, at: CellRef) -> bool {
        self.sheet.cell(at).is_none_or(Cell::is_blank)
    }

    /// The header of a column as printed at this address.
    pub(super) fn head(&self, at: CellRef) -> ColumnHead {
        let cell = self.sheet.anchor(at);
        ColumnHead { cell, label: squeeze(&self.sheet.shown(cell)) }
    }

    /// The first cell of the box right of the box at this address; `None` past the last column of the form.
    pub(super) fn right_of(&self, at: CellRef) -> Option<CellRef> {
        let span = self.sheet.span(at);
        let next = CellRef::new(at.row, span.end.col.checked_add(1)?);
        let beyond = next.col > self.last.col && self.sheet.span(next).start == self.sheet.span(next).end;
        if beyond { None } else { Some(self.sheet.anchor(next)) }
    }

    /// The first cell of the box below the box at this address; `None` past the last filled row.
    pub(super) fn below(&self, at: CellRef) -> Option<CellRef> {
        let span = self.sheet.span(at);
        let next = CellRef::new(span.end.row.checked_add(1)?, span.start.col);
        (next.row <= self.last.row).then(|| self.sheet.anchor(next))
    }

    /// Whether a blank cell may be the rest of a box whose merge was lost.
    pub(super) fn is_rest_of_box(&self, at: CellRef) -> bool {
        self.lost_merges && self.is_blank(at)
    }

    /// Whether no box begins in a column: it was inserted, or left free.
    pub(super) fn is_gap_column(&self, col: u32) -> bool {
        !self.begun_columns.contains(&col)
    }

    /// The first box right of a box that stands in an empty column, past all columns empty over the whole sheet;
    /// `None` where its column is not empty.
    pub(super) fn right_past_gap(&self, at: CellRef) -> Option<CellRef> {
        let beyond =
            *self.begun_columns.range(at.col..).next().filter(|col| (at.col + 1..=self.used.end.col).contains(*col))?;
        Some(self.sheet.anchor(CellRef::new(at.row, beyond)))
    }

    /// The first box below a box that stands in an empty row, past all empty rows; `None` where its row is not empty.
    pub(super) fn below_past_gap(&self, at: CellRef) -> Option<CellRef> {
        let beyond =
            *self.begun_rows.range(at.row..).next().filter(|row| (at.row + 1..=self.used.end.row).contains(*row))?;
        Some(self.sheet.anchor(CellRef::new(beyond, at.col)))
    }

    /// The box above an address, past empty rows; `None` in the first row.
    pub(super) fn above(&self, at: CellRef) -> Option<CellRef> {
        let row = self.begun_rows.range(..at.row).next_back().filter(|row| **row >= self.used.start.row)?;
        Some(self.sheet.anchor(CellRef::new(*row, at.col)))
    }

    /// The boxes seen in a row from left to right, each once; blanks included, boxes that began above too.
    pub(super) fn boxes(&self, row: u32) -> impl Iterator<Item = CellRef> + '_ {
        let mut last = None;
        self.drawn.iter().filter_map(move |col| {
            let anchor = self.sheet.anchor(CellRef::new(row, *col));
            (last.replace(anchor) != Some(anchor)).then_some(anchor)
        })
    }

    /// The filled boxes that begin in a row, from left to right.
    pub(super) fn filled(&self, row: u32) -> impl Iterator<Item = (CellRef, &Cell)> {
        self.sheet.row(row).filter(|(at, cell)| !cell.is_blank() && self.sheet.anchor(*at) == *at)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::workbook::Visibility;

    #[test]
    fn a_cell_far_off_makes_no_row_longer_and_adds_few_rows() {
        let cells = ["A1", "C1", "B2", "XFD1048576"].map(|at| (at.parse().expect("a cell"), Cell::text("甲")));
        let sheet = Sheet::new("表", Visibility::Visible, BTreeMap::from(cells), Vec::new());
        let extent = Extent { range: sheet.used().expect("cells"), beyond: None };
        let page = Page::new(&sheet, extent);
        let seen: Vec<String> = page.boxes(0).take(3).map(|at| at.to_string()).collect();
        assert_eq!(seen, ["A1", "B1", "C1"]);
        assert!(page.boxes(0).count() < 100, "the free columns before the last are passed over");
        assert_eq!(page.begun(page.rows()).collect::<Vec<_>>(), [0, 1, 1_048_575]);
        let far = "XFD2".parse().expect("a cell");
        assert_eq!(page.above(far), Some(CellRef::new(0, far.col)));
        assert_eq!(page.below_past_gap(CellRef::new(2, 0)), Some(CellRef::new(1_048_575, 0)));
    }
}
