//! What the sheets of a template have in common: protection, number formats, where long lists of choices stand.

use rust_xlsxwriter::ProtectionOptions;

use crate::schema::FieldKind;

/// Where lists stand that are too long for an input check: outside the printed area.
pub(super) const LIST_COLUMN: u32 = 8;

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
