//! Whether an indicator met its target. Silent wherever a careful reader could see it both ways.

use rust_decimal::Decimal;

use super::{Context, deadline, indicator};
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
    if let Some(met) = of_yes_or_no(&target, &actual).or_else(|| deadline::is_met(&target, &actual)) {
        Some(met)
    } else if indicator::has_any(&actual, &words.missed) {
        Some(false)
    } else if actual == target || words.reached.contains(&actual) {
        Some(true)
    } else {
        None
    }
}

/// Whether an indicator of yes or no was reached, where both cells say nothing but that.
pub(super) fn of_yes_or_no(target: &str, actual: &str) -> Option<bool> {
    const PAIRS: [(&str, &[&str]); 5] = [
        ("是", &["否", "不是"]),
        ("有", &["无", "没有"]),
        ("通过", &["未通过", "不通过", "没有通过"]),
        ("合格", &["不合格", "未合格"]),
        ("达标", &["未达标", "不达标", "没有达标"]),
    ];
    let (target, actual) = (squeeze(target), squeeze(actual));
    let (yes, no) = PAIRS.iter().find(|(yes, _)| *yes == target)?;
    if no.contains(&actual.as_str()) { Some(false) } else { (actual == *yes).then_some(true) }
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
    let harms = &policy.words.reverse;
    let harm = indicator::counts_harm(&indicator::bare_name(name), harms);
    // Of `调解案件数`, `处理投诉` more may be better: without a sign nobody can tell.
    if !harm && !target.number.is_zero() && indicator::has_any(name, harms) {
        return None;
    }
    match (indicator::is_cost(row) || harm, target.is_percent()) {
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
    // Figures of one scale stay as they are written.
    let (t, a) = if target_factor == actual_factor {
        (target.number, actual.number)
    } else {
        (target.number.checked_mul(target_factor)?, actual.number.checked_mul(actual_factor)?)
    };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::{Form, Reader};
    use crate::rules::Context;
    use crate::schema::Catalog;
    use crate::workbook::sheet_from_text;

    /// A self-evaluation with one indicator.
    fn form(subclass: &str, name: &str, target: &str, actual: &str) -> Form {
        let grid = format!(
            "项目支出绩效自评表|<|<|<|<|<|<\n（2026年度）|<|<|<|<|<|<\n项目名称|<|河道清淤|<|<|<|<\n\
             主管部门|<|澄岚区水务局|<|实施单位|澄岚区河道所|<\n\
             一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分\n产出指标|{subclass}|{name}|{target}|{actual}|10|10"
        );
        let sheet = sheet_from_text("表", &grid).expect("a valid grid");
        let mut forms = Reader::new(Catalog::embedded(), &[]).read_sheet(&sheet).forms;
        forms.pop().expect("a form")
    }

    /// `✓` met, `✗` missed, `?` nobody can tell; what is compared.
    fn told(subclass: &str, name: &str, target: &str, actual: &str) -> String {
        let policy = Policy::embedded("national").expect("a built-in policy");
        let form = form(subclass, name, target, actual);
        let row = form.record.indicators().and_then(|table| table.rows.first()).expect("a row");
        of(row, &policy).map_or_else(
            || "?".to_owned(),
            |a| format!("{} {}/{}", if a.met { '✓' } else { '✗' }, a.actual.normalize(), a.target.normalize()),
        )
    }

    #[test]
    fn a_share_without_a_percent_sign_is_per_cent_beside_one_with() {
        assert_eq!(told("质量指标", "验收合格率", "≥99%", "'0.98"), "✗ 98/99");
        assert_eq!(told("质量指标", "验收合格率", "≥95%", "'0.9%"), "✗ 0.9/95");
        assert_eq!(told("质量指标", "验收合格率", "'≥0.95", "'96%"), "✓ 96/95");
        assert_eq!(told("质量指标", "管网漏损率", "'≤0.5%", "'2%"), "✗ 2/0.5");
        assert_eq!(told("质量指标", "验收合格率", "≥95%", "3次"), "?");
    }

    #[test]
    fn amounts_are_compared_in_one_unit_and_a_leap_without_unit_is_no_attainment() {
        assert_eq!(told("数量指标", "清淤河道长度", "≥12公里", "13"), "✓ 13/12");
        assert_eq!(told("数量指标", "发放补贴金额", "≥5万元", "48000元"), "✗ 48000/50000");
        assert_eq!(told("数量指标", "清淤河道长度", "≥12公里", "13次"), "?");
        // As a form of another kind than ours may give them: neither side has a unit column to borrow from.
        let bare = |target: &str, actual: &str| {
            let measure = |text: &str| Measure::parse(text);
            let row = Row { target: measure(target), actual: measure(actual), ..Row::default() };
            in_one_unit(&row).map(|(t, a)| (t.normalize().to_string(), a.normalize().to_string()))
        };
        let pair = |t: &str, a: &str| Some((t.to_owned(), a.to_owned()));
        assert_eq!(bare("≤5万元", "48000"), pair("50000", "48000"));
        assert_eq!(bare("≤5万元", "4.8"), None);
        assert_eq!(bare("≤5", "4万元"), None);
        assert_eq!(bare("≥12个", "13"), pair("12", "13"));
        assert_eq!(bare("≥12", "13个"), pair("12", "13"));
        assert_eq!(bare("≤0万元", "4.8"), pair("0", "4.8"));
        assert_eq!(bare("≥99%", "0.98"), pair("99", "98"));
    }

    #[test]
    fn the_name_tells_the_direction_where_no_sign_does() {
        assert_eq!(told("质量指标", "安全事故起数", "2起", "3起"), "✗ 3/2");
        assert_eq!(told("质量指标", "退回件数", "0件", "2件"), "✗ 2/0");
        assert_eq!(told("数量指标", "清淤河段数", "2段", "3段"), "✓ 3/2");
        assert_eq!(told("时效指标", "工期", "30天", "28天"), "?");
    }

    #[test]
    fn a_wrong_sign_is_no_missed_target() {
        assert_eq!(told("成本指标", "每公里清淤成本", "≥5万元", "3万元"), "?");
        assert_eq!(told("成本指标", "成本节约率", "≥5%", "3%"), "✗ 3/5");
        assert_eq!(told("数量指标", "清淤河道长度", "≤12公里", "13公里"), "?");
        assert_eq!(told("质量指标", "管网漏损率", "≤5%", "6%"), "✗ 6/5");
    }

    #[test]
    fn words_tell_whether_a_target_of_words_was_met() {
        let policy = Policy::embedded("national").expect("a built-in policy");
        let met = |target: &str, actual: &str| {
            let form = form("质量指标", "管护制度建立情况", target, actual);
            let row = form.record.indicators().and_then(|table| table.rows.first()).expect("a row").clone();
            is_met(&Context { form: &form, policy: &policy }, &row)
        };
        assert_eq!(met("建立", "建立"), Some(true));
        assert_eq!(met("建立", "达成预期指标"), Some(true));
        assert_eq!(met("建立", "未完成"), Some(false));
        assert_eq!(met("建立", "正在办理"), None);
    }
}
