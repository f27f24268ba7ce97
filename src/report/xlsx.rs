//! 统计.xlsx: the round for the people who answer for it, ready to print.
//!
//! Decides nothing: what is counted is counted in `coverage`.

use std::io::{self, Write};

use rust_xlsxwriter::XlsxError;

use super::tables::{self, Material};
use super::{page, sheets};

/// Writes the statistics.
///
/// # Errors
/// What the writer reports.
pub fn write(material: &Material<'_>, out: &mut dyn Write) -> io::Result<()> {
    let bytes = build(material).map_err(io::Error::other)?;
    out.write_all(&bytes)
}

fn build(material: &Material<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = page::workbook("预算绩效管理统计")?;
    let all = tables::all(material);
    sheets::write(&mut workbook, &all)?;
    sheets::write_charts(&mut workbook, &tables::charts(material))?;
    workbook.save_to_buffer()
}
