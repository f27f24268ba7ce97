//! Whether an indicator met its target. Silent wherever a careful reader could see it both ways.

use rust_decimal::Decimal;

use super::{Context, indicator};
use crate::form::Row;
use crate::policy::Policy;
use crate::schema::concept::{column, subclass};
use crate::text::squeeze;
use crate::value::{Measure, Operator};

/// Target and actual value in one unit, and what they say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Attainment {
    pub(super) target: Decimal,
    pub(super) actual: Decimal,
    /// Less is better (反向指标).
    pub(super) reverse: bool,
    pub(super) met: bool,
}

/// The attainment of a row; `None` where target or actual is no figure, their units differ, or the direction of an
/// indicator without sign is open.
pub(super) fn of(row: &Row, policy: &Policy) -> Option<Attainment> {
    let (target, actual) = in_one_unit(row)?;
    if target == actual {
        return Some(Attainment { target, actual, reverse: false, met: true });
    }
    let measure = row.target.as_ref()?;
    let reverse = is_reverse(row, measure, policy)?;
    let met = if reverse { actual < target } else { actual > target };
    // A cost with `≥` or a count with `≤` has a wrong sign rather than a missed target.
    let wrong_sign = measure.operator.is_some_and(|op| {
        (op.is_forward() && indicator::is_cost(row) && !measure.is_percent())
            || (op.is_reverse() && row.subclass.as_deref() == Some(subclass::QUANTITY))
    });
    (met || !wrong_sign).then_some(Attainment { target, actual, reverse, met })
}

/// Whether the target was met; `None` where that cannot be told without doubt.
pub(super) fn is_met(ctx: &Context<'_>, row: &Row) -> Option<bool> {
    if let Some(attainment) = of(row, ctx.policy) {
        return Some(attainment.met);
    }
    let target = squeeze(row.filled(column::TARGET)?);
    let actual = squeeze(row.filled(column::ACTUAL)?);
    let words = &ctx.policy.words;
    if indicator::has_any(&actual, &words.missed) {
        Some(false)
    } else if actual == target || words.reached.contains(&actual) {
        Some(true)
    } else {
        None
    }
}

/// Whether less is better; `None` where a figure without sign could mean either.
pub(super) fn is_reverse(row: &Row, target: &Measure, policy: &Policy) -> Option<bool> {
    const DURATIONS: [&str; 10] = ["天", "日", "工作日", "个工作日", "月", "个月", "年", "小时", "分钟", "周"];
    match target.operator {
        Some(Operator::AtLeast | Operator::MoreThan) => return Some(false),
        Some(Operator::AtMost | Operator::LessThan) => return Some(true),
        Some(Operator::Equal) | None => {}
    }
    if target.unit.as_deref().is_some_and(|unit| DURATIONS.contains(&unit)) {
        return None;
    }
    let name = row.filled(column::LEVEL3).unwrap_or_default();
    let less_is_better =
        indicator::is_cost(row) || policy.words.reverse.iter().any(|word| name.contains(word.as_str()));
    match (less_is_better, target.is_percent()) {
        // 成本节约率 and 投诉处理率 want more, 成本超支率 and 投诉率 want less.
        (true, true) => None,
        (reverse, _) => Some(reverse || target.number.is_zero()),
    }
}

/// Target and actual as numbers of one unit.
fn in_one_unit(row: &Row) -> Option<(Decimal, Decimal)> {
    let (target, actual) = (row.target.as_ref()?, row.actual.as_ref()?);
    let is_written_percent = |id: &str| row.filled(id).is_some_and(|text| text.contains(['%', '％']));
    if target.is_percent() || actual.is_percent() {
        let other = |m: &Measure| m.unit.is_none() || m.is_percent();
        let (t, a) = (target.number, actual.number);
        // 0.98 in a cell without sign is 98 %, where the other side speaks of more than 1 %.
        return match (other(target) && other(actual), t > Decimal::ONE, a > Decimal::ONE) {
            (false, ..) => None,
            (_, true, false) if !is_written_percent(column::ACTUAL) => Some((t, a * Decimal::ONE_HUNDRED)),
            (_, false, true) if !is_written_percent(column::TARGET) => Some((t * Decimal::ONE_HUNDRED, a)),
            _ => Some((t, a)),
        };
    }
    let (target_factor, target_unit) = scale(target.unit.as_deref().unwrap_or_default());
    let (actual_factor, actual_unit) = scale(actual.unit.as_deref().unwrap_or_default());
    if !target_unit.is_empty() && !actual_unit.is_empty() && target_unit != actual_unit {
        return None;
    }
    let (t, a) = (target.number.checked_mul(target_factor)?, actual.number.checked_mul(actual_factor)?);
    let thousand = Decimal::ONE_THOUSAND;
    // Where only one side names its unit, a leap is a matter of 元 and 万元, not of performance.
    let far_apart = t.abs() >= a.abs() * thousand || a.abs() >= t.abs() * thousand;
    let both_named = target.unit == actual.unit;
    (both_named || !far_apart || t.is_zero() || a.is_zero()).then_some((t, a))
}

/// `万元` is 10 000 of `元`.
fn scale(unit: &str) -> (Decimal, &str) {
    if let Some(base) = unit.strip_prefix('万') {
        return (Decimal::from(10_000), base);
    }
    unit.strip_prefix('亿').map_or((Decimal::ONE, unit), |base| (Decimal::from(100_000_000), base))
}
