//! Any spreadsheet file as sheets of cells at absolute addresses; nobody later thinks about formats.
//!
//! The only place that knows calamine. Owns sniffing by content, the guards against files that would abort the
//! process, merged regions, number formats and formulas. Knows no form.

mod cell;
mod sheet;
mod text_grid;

pub use cell::{Cell, CellError, Content, NumberFormat};
pub use sheet::{Sheet, Visibility};
pub use text_grid::{BadGrid, sheet_from_text};
