//! Any spreadsheet file as sheets of cells at absolute addresses; nobody later thinks about formats.
//!
//! The only place that knows calamine. Owns sniffing by content, the guards against files that would abort the
//! process, merged regions, number formats and formulas. Knows no form.
//!
//! `.xlsx`, `.xlsm` and `.ods` are XML and read in one own pass a sheet; `.xls`, `.et` and `.xlsb` are binary and read by
//! calamine, after a walk over their records has checked every size and taken what calamine does not tell.

mod biff;
mod book;
mod budget;
mod calamine_cells;
mod cell;
mod facts;
mod formula;
mod number_format;
mod ods;
mod open;
mod sheet;
mod sniff;
mod text_grid;
mod xls;
mod xlsb;
mod xlsx;
mod xml;

pub use book::{Container, Workbook};
pub use cell::{Cell, CellError, Content, NumberFormat};
pub use formula::Outdated;
pub use sheet::{Sheet, Visibility};
pub use sniff::no_text;
pub use text_grid::{BadGrid, sheet_from_text};
