//! Cells as calamine reads them, for the binary formats (`.xls .xlsb`), and the net under it.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, SheetVisible};

use super::budget::Budget;
use super::cell::{Cell, CellError, Content, NumberFormat};
use super::number_format::{self, iso_date};
use super::sheet::Visibility;
use crate::address::{CellRef, MAX_COLUMNS, MAX_ROWS};
use crate::error::ErrorKind;
use crate::value::decimal_of_float;

/// Runs calamine on a file whose sizes have been checked; a panic on damaged bytes becomes an error of that file.
pub(super) fn guarded<T, E: std::fmt::Display>(work: impl FnOnce() -> Result<T, E>) -> Result<T, ErrorKind> {
    // Nothing of the closure is used after a panic, so no half-changed state can be seen.
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(ErrorKind::damaged(format!("内部记录无法解析：{error}"))),
        Err(_) => Err(ErrorKind::damaged("内部记录自相矛盾")),
    }
}

/// The visibility in our words.
pub(super) fn visibility(visible: SheetVisible) -> Visibility {
    match visible {
        SheetVisible::Visible => Visibility::Visible,
        SheetVisible::Hidden => Visibility::Hidden,
        SheetVisible::VeryHidden => Visibility::VeryHidden,
    }
}

/// Collects the cells of a sheet: values first, then formulas laid over them.
pub(super) struct Collector<'a, 'l> {
    cells: BTreeMap<CellRef, Cell>,
    date1904: bool,
    budget: &'a mut Budget<'l>,
}

impl<'a, 'l> Collector<'a, 'l> {
    /// Nothing collected yet.
    pub(super) fn new(date1904: bool, budget: &'a mut Budget<'l>) -> Self {
        Self { cells: BTreeMap::new(), date1904, budget }
    }

    /// Adds a value with the format its cell has.
    pub(super) fn value(&mut self, at: CellRef, value: &Data, format: NumberFormat) -> Result<(), ErrorKind> {
        let (content, format) = content(value, format, self.date1904);
        if content == Content::Blank {
            return Ok(());
        }
        let cell = Cell { content, formula: None, format };
        self.budget.cell(&cell, 1)?;
        self.insert(at, cell)
    }

    /// Adds a formula to the value of the same cell, or to a blank.
    pub(super) fn formula(&mut self, at: CellRef, formula: String, format: NumberFormat) -> Result<(), ErrorKind> {
        self.budget.text(formula.len())?;
        let cell = match self.cells.remove(&at) {
            Some(cell) => cell,
            None => {
                let blank = Cell { content: Content::Blank, formula: None, format };
                self.budget.cell(&blank, 1)?;
                blank
            }
        };
        self.insert(at, Cell { formula: Some(formula), ..cell })
    }

    /// The cells.
    pub(super) fn into_cells(self) -> BTreeMap<CellRef, Cell> {
        self.cells
    }

    fn insert(&mut self, at: CellRef, cell: Cell) -> Result<(), ErrorKind> {
        if at.row >= MAX_ROWS || at.col >= MAX_COLUMNS {
            return Err(ErrorKind::damaged("单元格位置超出工作表范围"));
        }
        self.cells.insert(at, cell);
        Ok(())
    }
}

fn content(value: &Data, format: NumberFormat, date1904: bool) -> (Content, NumberFormat) {
    let number = |float: f64, format| match decimal_of_float(float) {
        Some(number) => number_format::content(number, format, date1904),
        None => Content::Text(float.to_string()),
    };
    match value {
        Data::Empty => (Content::Blank, format),
        Data::String(text) | Data::DurationIso(text) if text.is_empty() => (Content::Blank, format),
        Data::String(text) | Data::DurationIso(text) => (Content::Text(text.clone()), format),
        Data::Float(float) => (number(*float, format), format),
        Data::Int(int) => (number_format::content((*int).into(), format, date1904), format),
        Data::Bool(bool) => (Content::Bool(*bool), format),
        Data::Error(error) => (Content::Error(CellError(error.to_string())), format),
        // Our own reading of the format counts where both have one; elapsed times stay numbers.
        Data::DateTime(at) if at.is_duration() => (number(at.as_f64(), NumberFormat::General), NumberFormat::General),
        Data::DateTime(at) => (number(at.as_f64(), NumberFormat::Date), NumberFormat::Date),
        Data::DateTimeIso(text) => match iso_date(text) {
            Some(at) => (Content::Date(at), NumberFormat::Date),
            None => (Content::Text(text.clone()), format),
        },
        // Variants to come are shown as calamine shows them.
        #[allow(unreachable_patterns)]
        other => (Content::Text(other.to_string()), format),
    }
}
