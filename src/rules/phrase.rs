//! The turns of phrase that messages share, so that every rule names cells and figures in the same way.

use rust_decimal::Decimal;

use crate::address::CellRef;
use crate::form::{Field, Form};
use crate::schema::concept;

/// `H7「得分」`: a cell with what it is.
pub(super) fn at(cell: CellRef, label: &str) -> String {
    format!("{cell}「{label}」")
}

/// A number without trailing zeros: `8.70` is `8.7`.
pub(super) fn plain(number: Decimal) -> String {
    number.normalize().to_string()
}

/// A fraction as a percentage with at most two decimals: 0.8621 is `86.21%`.
pub(super) fn percent(fraction: Decimal) -> String {
    format!("{}%", (fraction * Decimal::ONE_HUNDRED).round_dp(2).normalize())
}

/// `E7 43.2`: a cell with the figure it holds, for equations; blanks count as `0` and say so.
pub(super) fn term(field: &Field) -> String {
    match field.number() {
        Some(number) => format!("{} {}", field.cell(), plain(number)),
        None => format!("{} 空", field.cell()),
    }
}

/// `H7「得分」`: a cell of an indicator row with its column's header.
pub(super) fn column_at(form: &Form, field: &Field, column: &str) -> String {
    at(field.cell(), column_label(form, column))
}

/// The header of an indicator column as the unit's form prints it, else as the schema has it.
pub(super) fn column_label<'a>(form: &'a Form, column: &'a str) -> &'a str {
    if let Some(head) = form.record.indicators().and_then(|table| table.columns.get(column)) {
        return &head.label;
    }
    form.schema.table(concept::INDICATORS).and_then(|table| table.column(column)).map_or(column, |c| &c.label)
}

/// The header of a funding column as the unit's form prints it, else as the schema has it.
pub(super) fn amount_label<'a>(form: &'a Form, column: &'a str) -> &'a str {
    if let Some(head) = form.record.funding().and_then(|grid| grid.columns.get(column)) {
        return &head.label;
    }
    form.schema.grid(concept::FUNDING).and_then(|grid| grid.column(column)).map_or(column, |c| &c.label)
}

/// The label of a field, as the schema has it; the id where the schema has none.
pub(super) fn field_label<'a>(form: &'a Form, id: &'a str) -> &'a str {
    form.schema.field(id).map_or(id, |field| &field.label)
}

/// `D13 10 + D14 20`: the terms of a sum; long ones as `D13、D14 等 9 项`.
pub(super) fn sum_of(fields: &[&Field]) -> String {
    const MOST: usize = 6;
    if fields.len() <= MOST {
        return fields.iter().map(|field| term(field)).collect::<Vec<_>>().join(" + ");
    }
    format!("{} 等 {} 项", cells(&fields.iter().map(|field| field.cell()).collect::<Vec<_>>()), fields.len())
}

/// `D13 10 + D14 20 = 30`: a sum with its terms; of one term it alone.
pub(super) fn equation(fields: &[&Field], sum: Decimal) -> String {
    match fields {
        [only] if only.number() == Some(sum) => term(only),
        _ => format!("{} = {}", sum_of(fields), plain(sum)),
    }
}

/// `H15、H16`: the first three cells of a list.
pub(super) fn cells(cells: &[CellRef]) -> String {
    cells.iter().take(3).map(ToString::to_string).collect::<Vec<_>>().join("、")
}
