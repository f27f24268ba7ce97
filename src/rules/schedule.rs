//! Progress against the calendar (序时进度), and the lights that a policy makes of it.
//!
//! It reads the record and the policy's lines; it finds no faults.

use rust_decimal::Decimal;

use super::band_score_mismatch::{Effect, effect_in};
use super::funding::Spending;
use super::{Context, attainment, funding, over_completion_unexplained, phrase};
use crate::form::{Field, Form, Row};
use crate::policy::Light;
use crate::schema::Stage;
use crate::schema::concept::{column, field};

/// A row with its light, and how that came about.
pub(super) struct Lit<'a> {
    pub(super) row: &'a Row,
    pub(super) actual: &'a Field,
    pub(super) light: Light,
    /// `D12 2 ÷（C12 9 ÷ 12 × 7）= 38.1%`.
    pub(super) words: String,
}

/// The month up to which the monitoring goes; `None` where the form does not say, or is none of monitoring.
pub(super) fn month(form: &Form) -> Option<u32> {
    let number = form.record.field(field::MONTH).filter(|_| form.schema.stage == Stage::Monitoring)?.number()?;
    u32::try_from(number).ok().filter(|month| (1..=12).contains(month))
}

/// Budget and spending of the form as a whole.
pub(super) fn spending(form: &Form) -> Option<Spending<'_>> {
    form.record.funding().zip(funding::main_row(form)).and_then(|(grid, row)| funding::spending(grid, row))
}

/// The share of the progress due that the spending makes, with its light. Money cannot be ahead: it has no blue.
pub(super) fn of_spending(context: &Context<'_>, rate: Decimal, month: u32) -> Option<(Decimal, Light)> {
    let share = of_year(rate, month)?;
    let light = context.policy.monitoring.light(share);
    Some((share, if light == Light::Blue { Light::Green } else { light }))
}

/// The indicators whose light can be told without doubt: counts of which more is better by the calendar, reverse ones by
/// their line, words by the three bands.
pub(super) fn lights<'a>(context: &Context<'a>, month: u32) -> Vec<Lit<'a>> {
    let rows = context.form.record.indicators().into_iter().flat_map(|table| &table.rows);
    rows.filter(|row| !row.term).filter_map(|row| lit(context, row, month)).collect()
}

fn lit<'a>(context: &Context<'a>, row: &'a Row, month: u32) -> Option<Lit<'a>> {
    let (target, actual) = (row.cell(column::TARGET)?, row.cell(column::ACTUAL)?);
    if let Some(effect) = effect_in(actual.text()) {
        let light = match effect {
            Effect::Full => Light::Green,
            Effect::Partial => Light::Yellow,
            Effect::Poor => Light::Red,
        };
        return Some(Lit { row, actual, light, words: format!("{} “{}”", actual.cell(), actual.text().trim()) });
    }
    let reached = attainment::of(row, context.policy)?;
    if reached.reverse {
        let light = if reached.met { Light::Green } else { Light::Red };
        let (verb, is) = (phrase::plain(reached.actual), phrase::plain(reached.target));
        let words = format!("{} {verb}，{}要求不超过 {is}", actual.cell(), target.cell());
        return Some(Lit { row, actual, light, words });
    }
    let share = of_year(over_completion_unexplained::completion(context, row)?, month)?;
    let words = format!(
        "{} {} ÷（{} {} ÷ 12 × {month}）= {}",
        actual.cell(),
        phrase::plain(reached.actual),
        target.cell(),
        phrase::plain(reached.target),
        phrase::percent(share),
    );
    Some(Lit { row, actual, light: context.policy.monitoring.light(share), words })
}

/// What a part of the year's goal is of the part due by the end of a month.
fn of_year(part: Decimal, month: u32) -> Option<Decimal> {
    part.checked_mul(Decimal::from(12))?.checked_div(Decimal::from(month))
}
