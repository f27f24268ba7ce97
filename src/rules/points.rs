//! Weights and scores of a form: those of the indicators, of the budget execution and of the total row.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;
use rust_decimal::Decimal;

use super::{Context, funding};
use crate::address::CellRef;
use crate::form::{Field, Form, Provenance, Reading, Row};
use crate::policy::{EXECUTION, WeightSet};
use crate::schema::concept;
use crate::text::squeeze;

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

/// 分值 of the budget execution: in the money block, else on a row of its own in the indicator table.
pub(super) fn execution_weight(form: &Form) -> Option<&Field> {
    execution(form, concept::amount::WEIGHT, concept::column::WEIGHT)
}

/// 得分 of the budget execution: in the money block, else on a row of its own in the indicator table.
pub(super) fn execution_score(form: &Form) -> Option<&Field> {
    execution(form, concept::amount::SCORE, concept::column::SCORE)
}

fn execution<'a>(form: &'a Form, amount: &str, column: &str) -> Option<&'a Field> {
    let in_block = funding::main_row(form).and_then(|row| row.cells.get(amount));
    let in_table = || form.record.indicators()?.execution.as_ref()?.cell(column);
    in_block.filter(|field| field.number().is_some()).or_else(in_table).or(in_block)
}

/// Points of the budget execution with their cell: its 分值, else what the block's label prints (预算执行情况（10分）),
/// else what the heading of its score prints (得分（20分×执行率）).
pub(super) fn execution_points(form: &Form) -> Option<(CellRef, Decimal)> {
    let weight = || execution_weight(form).and_then(|field| Some((field.cell(), field.number()?)));
    let of_block = || block_points(form.record.funding()?.block.as_ref()?);
    let of_heading = || {
        let head = form.record.funding()?.columns.get(concept::amount::SCORE)?;
        printed(&head.label).filter(|(from, to)| from == to).map(|(_, points)| (head.cell, points))
    };
    weight().or_else(of_block).or_else(of_heading)
}

/// The points that the budget execution should have: those of the policy's weight set for this form, else the schema's;
/// `None` where neither gives any.
pub(super) fn due_execution(ctx: &Context<'_>) -> Option<Decimal> {
    let of_schema = || ctx.form.schema.indicators.as_ref().map(|indicators| indicators.execution_points);
    let due = match weight_set(ctx) {
        Some(set) => set.get(EXECUTION).copied(),
        None => of_schema(),
    };
    due.filter(|points| !points.is_zero())
}

/// The policy's weight set for this form.
pub(super) fn weight_set<'a>(ctx: &Context<'a>) -> Option<&'a WeightSet> {
    ctx.policy.weights.get(&ctx.form.schema.id)
}

/// Whether the form is one in which the execution of the budget is scored, or may be.
pub(super) fn scores_execution(form: &Form) -> bool {
    let has_points = form.schema.indicators.as_ref().is_some_and(|spec| !spec.execution_points.is_zero());
    let grid = form.schema.grid(concept::FUNDING);
    has_points || grid.is_some_and(|grid| grid.column(concept::amount::EXECUTED).is_some())
}

/// The points that a block's label prints, with its cell.
pub(super) fn block_points(label: &Provenance) -> Option<(CellRef, Decimal)> {
    let (from, to) = printed(&label.text)?;
    (from == to).then_some((label.cell, to))
}

/// The points or range of points in a label: `(50分)`, `(0-20)分`, `（40—50分）`.
pub(super) fn printed(label: &str) -> Option<(Decimal, Decimal)> {
    static POINTS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\(?(\d+(?:\.\d+)?)(?:分?[-~—至](\d+(?:\.\d+)?))?\)?分")
            .expect("a constant pattern, compiled in tests")
    });
    let squeezed = squeeze(label);
    let found = POINTS.captures(&squeezed)?;
    let from: Decimal = found.get(1)?.as_str().parse().ok()?;
    let to = found.get(2).map_or(Some(from), |to| to.as_str().parse().ok())?;
    Some((from, to))
}

/// 分值 in the total row. A box merged over the columns of 分值 and 得分 holds the total score.
pub(super) fn total_weight(form: &Form) -> Option<&Field> {
    let weight = total(form, concept::field::TOTAL_WEIGHT, concept::column::WEIGHT);
    weight.filter(|weight| total_score(form).is_none_or(|score| score.cell() != weight.cell()))
}

/// 得分 in the total row.
pub(super) fn total_score(form: &Form) -> Option<&Field> {
    total(form, concept::field::TOTAL_SCORE, concept::column::SCORE)
}

fn total<'a>(form: &'a Form, field: &str, column: &str) -> Option<&'a Field> {
    let in_table = || form.record.indicators()?.total.as_ref()?.cell(column);
    form.record.field(field).filter(|total| !total.is_blank()).or_else(in_table).or_else(|| form.record.field(field))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_read_from_the_labels_that_units_print() {
        let points = |label| printed(label).map(|(from, to)| format!("{from}-{to}"));
        assert_eq!(points("产出\n指标（50分）").as_deref(), Some("50-50"));
        assert_eq!(points("成本指标(0-20)分").as_deref(), Some("0-20"));
        assert_eq!(points("产出指标（40-50分）").as_deref(), Some("40-50"));
        assert_eq!(points("项目资金\n预算执行\n10分").as_deref(), Some("10-10"));
        assert_eq!(points("效益指标"), None);
    }
}
