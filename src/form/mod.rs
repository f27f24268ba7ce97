//! Forms: which form a sheet is, and what stands in it.
//!
//! [`Reader`] finds the forms on a sheet, keeps the evidence, and reads them by labels and structure, never by
//! coordinate. Nothing here judges.

mod change;
mod choice;
mod classes;
mod draft;
mod extent;
mod funding;
mod header;
mod id;
mod indicators;
mod kept;
mod lexicon;
mod list;
mod page;
mod path;
mod read;
mod reading;
mod recognize;
mod record;
mod rows;
mod stretch;
mod table_head;
mod title;

pub use change::{Change, changes};
pub use draft::Draft;
pub use id::Id;
pub use read::{Nearest, Reader, SheetReading};
pub use record::{
    ColumnHead, Evidence, Field, Form, Grid, GridRow, Provenance, Reading, Recognition, Record, Row, Stale, Stored,
    Table, VacantRow,
};
