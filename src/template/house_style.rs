//! What the workbooks that are sent out have in common: paper, the colour of headers, properties, protection, number
//! formats, where long lists of choices stand.

use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, ProtectionOptions, XlsxError};

use crate::schema::FieldKind;

/// A4.
pub(super) const PAPER: u8 = 9;

/// Behind the headers of tables.
pub(super) const HEADER: Color = Color::RGB(0xE7_ECF3);

/// Name of the sheet that a returned workbook gets; where the unit has a sheet of this name, a number follows. It comes
/// back with the workbook and holds no form.
pub const REVIEW_SHEET: &str = "审核意见";
/// Name, and first line, of the sheet that lists what had no place in a blank form.
pub const LEFT_SHEET: &str = "未能放入的内容";
/// Where lists stand that are too long for an input check: outside the printed area.
pub(super) const LIST_COLUMN: u32 = 8;

/// Title, and a fixed date, so that the same workbook gives the same bytes.
pub(super) fn properties(title: &str) -> Result<DocProperties, XlsxError> {
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    Ok(DocProperties::new().set_title(title).set_creation_datetime(&created))
}

/// Labels stay as they are; rows may be made higher and put between others.
pub(super) fn protection() -> ProtectionOptions {
    ProtectionOptions { format_rows: true, format_columns: true, insert_rows: true, ..ProtectionOptions::new() }
}

/// A column as the writer counts them.
pub(super) fn narrow(col: u32) -> u16 {
    u16::try_from(col).unwrap_or(u16::MAX)
}

/// How a number or a text of a kind is shown. Words, numbers with signs and dates in words stay what was typed.
pub(super) fn number_format(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Amount => "#,##0.00####",
        FieldKind::Rate => "0.00%",
        FieldKind::Text | FieldKind::Measure | FieldKind::Choice | FieldKind::Month | FieldKind::MoneyUnit => "@",
        FieldKind::Points | FieldKind::Year | FieldKind::Number => "General",
    }
}
