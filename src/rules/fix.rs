//! Corrections as rules write them: which are safe, and what must move with a changed score.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::{Context, Verdict, figure, points};
use crate::address::CellRef;
use crate::finding::{Finding, Fix, FixEdit, Safety, Severity};
use crate::form::{Field, Form, Row, Stored};
use crate::schema::concept::column;
use crate::text::fold;
use crate::value::{Measure, Operator, Value};

/// A correction that changes no meaning. Cells with a formula are left out; where there are only such, the correction
/// is one that the unit must want.
pub(super) fn safe<'a>(changes: impl IntoIterator<Item = (&'a Field, Value)>) -> Option<Fix> {
    let (computed, typed): (Vec<_>, Vec<_>) = changes.into_iter().partition(|(field, _)| has_formula(field));
    if typed.is_empty() { fix(computed, Safety::Unsafe) } else { fix(typed, Safety::Safe) }
}

/// A correction for the unit to decide on.
pub(super) fn suggested<'a>(changes: impl IntoIterator<Item = (&'a Field, Value)>) -> Option<Fix> {
    fix(changes.into_iter().collect(), Safety::Unsafe)
}

fn fix(changes: Vec<(&Field, Value)>, safety: Safety) -> Option<Fix> {
    let edits: Vec<FixEdit> = changes
        .into_iter()
        .map(|(field, value)| FixEdit { cell: field.cell(), was: field.text().to_owned(), value })
        .collect();
    (!edits.is_empty()).then_some(Fix { edits, safety, rests_on: Vec::new() })
}

/// The figure that follows from these cells: safe where nothing but typing stands against it, and the cells themselves
/// are not in doubt.
pub(super) fn computed<'a>(field: &Field, number: Decimal, from: impl IntoIterator<Item = &'a Field>) -> Option<Fix> {
    let rests_on = from.into_iter().map(Field::cell).collect();
    safe([(field, Value::Number(number.normalize()))]).map(|fix| Fix { rests_on, ..fix })
}

/// The correction as one for the unit to decide on, unless `certain`.
pub(super) fn only_if(certain: bool, fix: Option<Fix>) -> Option<Fix> {
    fix.map(|fix| if certain { fix } else { Fix { safety: Safety::Unsafe, ..fix } })
}

/// A rate in the way the cell writes rates: as 0.8621 under a percent format, as 86.21 where the unit writes hundredths
/// without a sign, else as `86.21%` in words, which says the same under any format.
pub(super) fn rate(field: &Field, exact: Decimal) -> Value {
    let fraction = exact.round_dp(4).normalize();
    let percent = (fraction * Decimal::ONE_HUNDRED).normalize();
    let signed = field.text().contains(['%', '％']);
    match field.provenance.stored {
        Stored::Number if signed || field.number().is_none_or(|number| number <= Decimal::TWO) => {
            Value::Number(fraction)
        }
        Stored::Number => Value::Number(percent),
        _ => Value::Text(format!("{percent}%")),
    }
}

/// Another score, with the total that counts it, where that is typed and agreed with the scores before.
pub(super) fn score(form: &Form, score: &Field, number: Decimal) -> Option<Fix> {
    let mut changes = vec![(score, Value::Number(number.normalize()))];
    changes.extend(total_with(form, score, number));
    suggested(changes)
}

fn total_with<'a>(form: &'a Form, score: &Field, number: Decimal) -> Option<(&'a Field, Value)> {
    let total = points::total_score(form).filter(|total| !has_formula(total) && total.cell() != score.cell())?;
    let given = figure::printed(total)?;
    let scores = points::column(&form.record.indicators()?.rows, column::SCORE)?;
    let execution = points::execution_score(form).filter(|field| field.number().is_some());
    let is_counted = scores.iter().copied().chain(execution).any(|field| field.cell() == score.cell());
    let sum = points::sum(&scores) + execution.and_then(Field::number).unwrap_or_default();
    let agreed = is_counted && given.value == sum;
    let changed = given.value - score.number()? + number;
    agreed.then(|| (total, Value::Number(changed.normalize())))
}

/// The verdict of a rule that gathers cells, with one correction for all of them.
pub(super) fn of_rows<'a>(
    ctx: &Context<'a>,
    verdict: Verdict,
    change: impl Fn(&'a Row) -> Option<(&'a Field, Value)>,
) -> Verdict {
    let Verdict::Checked(mut faults) = verdict else { return verdict };
    if let Some(fault) = faults.first_mut() {
        fault.fix =
            suggested(ctx.form.record.indicators().into_iter().flat_map(|table| &table.rows).filter_map(change));
    }
    Verdict::Checked(faults)
}

/// The row's target with another sign, where the form keeps it: in the column of signs, else before the figure. `None`
/// where the target is more than a figure with its unit.
pub(super) fn operator(row: &Row, operator: Operator) -> Option<(&Field, Value)> {
    let column = row.cell(column::OPERATOR);
    if let Some(sign) = column.filter(|sign| sign.is_blank() || Operator::split(&fold(sign.text())).is_some()) {
        return Some((sign, Value::Text(operator.to_string())));
    }
    let target = row.cell(column::TARGET)?;
    let measure = Measure { operator: Some(operator), ..Measure::parse(target.text())? };
    Some((target, Value::Text(measure.to_string())))
}

/// The row's target as a percentage, where the form keeps units: in the column of units, else behind the figure. `None`
/// where the figure is none that is written in hundredths.
pub(super) fn percent(row: &Row) -> Option<(&Field, Value)> {
    let target = row.cell(column::TARGET)?;
    let of_target = Measure::parse(target.text())?;
    if of_target.number <= Decimal::ONE || of_target.number > Decimal::ONE_HUNDRED {
        return None;
    }
    let sign = "%".to_owned();
    match row.cell(column::UNIT).filter(|_| of_target.unit.is_none()) {
        Some(unit) => Some((unit, Value::Text(sign))),
        None => Some((target, Value::Text(Measure { unit: Some(sign), ..of_target }.to_string()))),
    }
}

fn has_formula(field: &Field) -> bool {
    field.provenance.formula.is_some()
}

/// Takes the safety from corrections that rest on cells which another finding doubts.
pub(super) fn weigh(findings: &mut [Finding]) {
    let is_safe = |finding: &Finding| finding.fix.as_ref().is_some_and(|fix| fix.safety == Safety::Safe);
    // A doubted figure makes what follows from it doubtful, and so on; every turn takes at least one.
    loop {
        let doubted: BTreeSet<CellRef> = findings
            .iter()
            .filter(|finding| finding.severity > Severity::Info && !is_safe(finding))
            .filter_map(|finding| finding.cell)
            .collect();
        let rests_on_doubt =
            |fix: &&mut Fix| fix.safety == Safety::Safe && fix.rests_on.iter().any(|cell| doubted.contains(cell));
        let mut turned = false;
        for fix in findings.iter_mut().filter_map(|finding| finding.fix.as_mut()).filter(rests_on_doubt) {
            fix.safety = Safety::Unsafe;
            turned = true;
        }
        if !turned {
            return;
        }
    }
}
