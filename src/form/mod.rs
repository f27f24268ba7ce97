//! Forms: which form a sheet is, and what stands in it.
//!
//! `recognize` finds the forms on a sheet and keeps the evidence; `extract` reads them by labels and structure,
//! never by coordinate. Nothing here judges.

mod record;

pub use record::{
    Evidence, Field, Form, Grid, GridRow, Provenance, Reading, Recognition, Record, Row, Stored, Table, VacantRow,
};
