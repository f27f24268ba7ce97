//! The round as text, JSON, CSV and workbook: one file a format, each writing what was decided elsewhere.

mod calibration;
mod csv;
mod decisions;
mod diff;
mod diff_xlsx;
mod handback;
mod html;
mod json;
mod letter;
mod notice;
mod official;
mod page;
#[cfg(feature = "parquet")]
mod parquet;
mod place;
mod register;
mod sample;
mod sheets;
mod side_by_side;
mod table;
mod tables;
mod text;
mod unit_list;
mod xlsx;

use std::io::{self, Write};

pub use calibration::{write_json as write_calibration_json, write_text as write_calibration_text};
pub use decisions::write as write_decisions;
pub use diff::{DiffFormat, write as write_difference};
pub use diff_xlsx::write as write_difference_workbook;
pub use handback::{Handback, HandbackFile};
pub use html::{Views, write as write_page};
pub use json::write_facts;
pub use notice::write as write_notice;
pub use official::{AccountFormat, ReminderFormat, write_account, write_circular, write_reminders};
#[cfg(feature = "parquet")]
pub use parquet::{ParquetTable, write as write_parquet};
pub use register::write as write_register;
pub use sample::write as write_sample;
pub use tables::{Material, verdict};
pub use text::Colours;
pub use unit_list::write as write_unit_list;
pub use xlsx::write as write_statistics;

use crate::coverage::Facts;
use crate::review::{Round, Workers};

/// A format of the judged round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format<'a> {
    /// For people at a terminal, grouped by unit and form.
    Text(Colours),
    /// For programs: `docs/result.schema.json` describes it. With what the statistics know; made by so many threads.
    Json(&'a Facts, Workers),
    /// For spreadsheets: one line a finding, UTF-8 with a byte order mark.
    Csv,
}

/// Writes the round.
///
/// # Errors
/// What the writer reports.
pub fn write(round: &Round, format: Format<'_>, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Text(colours) => text::write(round, colours, out),
        Format::Json(facts, workers) => json::write(round, facts, workers, out),
        Format::Csv => csv::write(round, out),
    }
}
