//! What a workbook has used up of its limits, all its sheets together: several sheets may point to the same bytes.

use super::cell::{Cell, Content};
use crate::error::ErrorKind;
use crate::ooxml::Limits;

/// What is left of the limits of a workbook that is being read.
pub(super) struct Budget<'a> {
    pub(super) limits: &'a Limits,
    cells: u64,
    text_bytes: u64,
    merges: u64,
    hidden: u64,
}

impl<'a> Budget<'a> {
    /// Nothing used up yet.
    pub(super) fn new(limits: &'a Limits) -> Self {
        Self { limits, cells: 0, text_bytes: 0, merges: 0, hidden: 0 }
    }

    /// Spends what a cell costs that stands so many times.
    ///
    /// # Errors
    /// [`ErrorKind::TooLarge`].
    pub(super) fn cell(&mut self, cell: &Cell, times: u64) -> Result<(), ErrorKind> {
        self.cells = self.cells.saturating_add(times);
        let shown = match &cell.content {
            Content::Text(text) => text.len(),
            Content::Error(error) => error.0.len(),
            _ => 0,
        };
        let text = shown + cell.formula.as_ref().map_or(0, String::len);
        Limits::check("单元格数", self.cells, self.limits.cells)?;
        self.text(text.saturating_mul(usize::try_from(times).unwrap_or(usize::MAX)))
    }

    /// Spends bytes of texts and formulas.
    ///
    /// # Errors
    /// [`ErrorKind::TooLarge`].
    pub(super) fn text(&mut self, bytes: usize) -> Result<(), ErrorKind> {
        self.text_bytes = self.text_bytes.saturating_add(bytes as u64);
        Limits::check("单元格文字和公式的总字节数", self.text_bytes, self.limits.text_bytes)
    }

    /// Spends merged regions.
    ///
    /// # Errors
    /// [`ErrorKind::TooLarge`].
    pub(super) fn merges(&mut self, count: u64) -> Result<(), ErrorKind> {
        self.merges = self.merges.saturating_add(count);
        Limits::check("合并区域数", self.merges, self.limits.merges)
    }

    /// Spends rows or columns that are hidden: a few bytes can hide a million.
    ///
    /// # Errors
    /// [`ErrorKind::TooLarge`].
    pub(super) fn hidden(&mut self, count: u64) -> Result<(), ErrorKind> {
        self.hidden = self.hidden.saturating_add(count);
        Limits::check("隐藏的行数和列数", self.hidden, self.limits.area)
    }
}
