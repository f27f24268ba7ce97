//! L110 over-completion-unexplained: a target exceeded by far, without a word.

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, attainment, indicator, phrase, scores_in_value_column};
use crate::finding::{Dimension, Severity};
use crate::form::Row;
use crate::schema::concept::{column, subclass};
use crate::text::excerpt;
use crate::value::{Measure, Operator};

pub(super) static RULE: Rule = Rule {
    code: "L110",
    name: "over-completion-unexplained",
    severity: Severity::Warning,
    dimension: Dimension::Adequacy,
    authority: "财预〔2020〕10号（超额完成较多的应分析原因，原文未见，据公开转述）；实务（超过 130% 须注明）；本地口径 scoring.over_completion_warn",
    summary: "大幅超额完成，没有说明原因",
    docs: "\
## 检查什么

数量一类的指标，实际完成值超过指标值的比例达到口径规定的警戒线（默认 130%），又没有写原因。百分比、满意度、成本指标不查；指标值只有一两个的不查。

## 为什么

超出太多说明年初目标定得过低，或者实际数有误。

## 正反例

- 反例：目标 ≥2000户，实际 3061户，原因空白
- 正例：目标 ≥2000户，实际 2150户

## 怎么改

核对实际数；属实的写明超额原因，并在下年度调高目标。

## 依据

财预〔2020〕10号《项目支出绩效评价管理办法》（超额的处理原文未见，据公开转述）；130% 为复核机构的做法，部颁文件没有写明倍数。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    let scoring = &ctx.policy.scoring;
    between(
        ctx,
        |share| share >= scoring.over_completion_warn,
        |share| if share >= scoring.over_completion_strong { "年初目标明显偏低" } else { "超出较多" },
    )
}

/// The unexplained indicators whose completion is one of these; `judge` says what to think of it.
pub(super) fn between(
    ctx: &Context<'_>,
    concerns: impl Fn(Decimal) -> bool,
    judge: impl Fn(Decimal) -> &'static str,
) -> Verdict {
    if scores_in_value_column::hides_actuals(ctx) {
        return Verdict::InsufficientData;
    }
    indicator::each(ctx, &[column::TARGET, column::ACTUAL], |row| {
        let share = completion(ctx, row)?;
        if !concerns(share) || !indicator::lacks_reason(ctx, row.cell(column::REASON)) {
            return None;
        }
        let (target, actual) = (row.cell(column::TARGET)?, row.cell(column::ACTUAL)?);
        let judgement = judge(share);
        Some(Fault {
            message: format!(
                "“{}”{}实际“{}” ÷ {}目标“{}” = {}，{judgement}，没有说明原因",
                excerpt(&indicator::name(row).unwrap_or_default(), 20),
                actual.cell(),
                excerpt(actual.text(), 16),
                target.cell(),
                excerpt(target.text(), 16),
                phrase::percent(share)
            ),
            advice: "核对实际完成数；属实的写明为什么多，如“上级追加两期培训”，下年度调高目标。".to_owned(),
            ..indicator::fault_at(actual, row, &[column::TARGET, column::REASON])
        })
    })
}

/// Actual ÷ target of an indicator that counts and of which more is better.
pub(super) fn completion(ctx: &Context<'_>, row: &Row) -> Option<Decimal> {
    let measure = row.target.as_ref().filter(|target| !target.is_percent())?;
    let counts = measure.operator.is_some_and(Operator::is_forward)
        || (measure.operator.is_none_or(|op| !op.is_reverse()) && indicator::is_subclass(row, subclass::QUANTITY));
    let percent = row.actual.as_ref().is_some_and(Measure::is_percent);
    if !counts
        || percent
        || indicator::is_cost(row)
        || indicator::is_satisfaction(row)
        || indicator::is_rate(&indicator::name(row)?)
    {
        return None;
    }
    let reached =
        attainment::of(row, ctx.policy).filter(|reached| !reached.reverse && reached.target > Decimal::ZERO)?;
    // One more than one or two is chance, not planning.
    let counts_single = measure.unit.as_deref().is_none_or(|unit| !unit.starts_with(['万', '亿']));
    let small = counts_single && reached.target <= Decimal::TWO && reached.actual - reached.target <= Decimal::ONE;
    if small { None } else { reached.actual.checked_div(reached.target) }
}
