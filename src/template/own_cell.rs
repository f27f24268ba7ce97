//! A cell of a unit's workbook, written into a new one as it is: a number as a number in its format, a date as a date,
//! words as words.

use chrono::{Datelike, NaiveDateTime, Timelike};
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{ExcelDateTime, Format, Worksheet, XlsxError};

use crate::address::CellRef;
use crate::text::{LONGEST_CELL, cut};
use crate::workbook::{Cell, Content, NumberFormat};

/// Writes a cell; of a formula its result. Of a text longer than Excel takes, as much as fits.
///
/// # Errors
/// What the writer refuses, with its own words.
pub fn write_cell(worksheet: &mut Worksheet, at: CellRef, cell: &Cell, format: &Format) -> Result<(), XlsxError> {
    let (row, col) = (at.row, u16::try_from(at.col).map_err(|_| XlsxError::RowColumnLimitError)?);
    match &cell.content {
        Content::Blank => worksheet.write_blank(row, col, format)?,
        Content::Number(number) => match number.to_f64() {
            Some(float) => worksheet.write_number_with_format(row, col, float, format)?,
            None => worksheet.write_string_with_format(row, col, number.to_string(), format)?,
        },
        Content::Date(date) => match excel_date(*date) {
            Some(date) => worksheet.write_datetime_with_format(row, col, date, format)?,
            None => worksheet.write_string_with_format(row, col, cell.shown(), format)?,
        },
        Content::Bool(truth) => worksheet.write_boolean_with_format(row, col, *truth, format)?,
        Content::Text(_) | Content::Error(_) => {
            worksheet.write_string_with_format(row, col, cut(&cell.shown(), LONGEST_CELL), format)?
        }
    };
    Ok(())
}

/// The format with the number format of a cell, as far as that changes what a number means.
#[must_use]
pub fn in_format_of(format: Format, cell: &Cell) -> Format {
    match (cell.format, &cell.content) {
        (NumberFormat::Percent { decimals }, _) => format.set_num_format(decimal_format(decimals) + "%"),
        (NumberFormat::Fixed { decimals }, _) => format.set_num_format(decimal_format(decimals)),
        (NumberFormat::Date, _) | (_, Content::Date(_)) => format.set_num_format("yyyy-mm-dd"),
        (NumberFormat::Text, _) | (_, Content::Text(_)) => format.set_num_format("@"),
        (NumberFormat::General, _) => format.set_num_format("General"),
    }
}

/// `0` or `0.00`.
fn decimal_format(decimals: u32) -> String {
    let zeros: String = (0..decimals.min(15)).map(|_| '0').collect();
    if zeros.is_empty() { "0".to_owned() } else { format!("0.{zeros}") }
}

/// The date as Excel counts it; `None` before 1900 and after 9999.
fn excel_date(at: NaiveDateTime) -> Option<ExcelDateTime> {
    let part = |number: u32| u8::try_from(number).ok();
    let date = ExcelDateTime::from_ymd(u16::try_from(at.year()).ok()?, part(at.month())?, part(at.day())?).ok()?;
    date.and_hms(u16::try_from(at.hour()).ok()?, part(at.minute())?, at.second()).ok()
}
