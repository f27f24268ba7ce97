//! Weights and scores of a form: those of the indicators, of the budget execution and of the total row.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::funding;
use crate::form::{Field, Form, Reading, Row};
use crate::schema::concept;

/// The filled cells of a points column, each cell once however many rows it is merged over. `None` where a row's cell
/// is blank or unreadable: no sum can be told then. A row marked `—` has no points.
pub(super) fn column<'a>(rows: impl IntoIterator<Item = &'a Row>, column: &str) -> Option<Vec<&'a Field>> {
    let mut seen = BTreeSet::new();
    let mut fields = Vec::new();
    for row in rows {
        let field = row.cell(column)?;
        match field.reading {
            Reading::NotApplicable => {}
            _ if field.number().is_none() => return None,
            _ if seen.insert(field.cell()) => fields.push(field),
            _ => {}
        }
    }
    Some(fields)
}

/// The sum of cells that hold numbers.
pub(super) fn sum(fields: &[&Field]) -> Decimal {
    fields.iter().filter_map(|field| field.number()).sum()
}

/// 分值 of the budget execution, where it is printed in the money block.
pub(super) fn execution_weight(form: &Form) -> Option<&Field> {
    funding::main_row(form)?.cells.get(concept::amount::WEIGHT)
}

/// 得分 of the budget execution, where it is printed in the money block.
pub(super) fn execution_score(form: &Form) -> Option<&Field> {
    funding::main_row(form)?.cells.get(concept::amount::SCORE)
}

/// 分值 in the total row.
pub(super) fn total_weight(form: &Form) -> Option<&Field> {
    total(form, concept::field::TOTAL_WEIGHT, concept::column::WEIGHT)
}

/// 得分 in the total row.
pub(super) fn total_score(form: &Form) -> Option<&Field> {
    total(form, concept::field::TOTAL_SCORE, concept::column::SCORE)
}

fn total<'a>(form: &'a Form, field: &str, column: &str) -> Option<&'a Field> {
    let in_table = || form.record.indicators()?.total.as_ref()?.cell(column);
    form.record.field(field).filter(|total| !total.is_blank()).or_else(in_table).or_else(|| form.record.field(field))
}
