//! L203 equal-exceeded: a target fixed by `=` was exceeded, without a word.

use super::{Check, Context, Fault, Rule, Verdict, attainment, indicator, over_completion_unexplained, phrase};
use crate::finding::{Dimension, Severity};
use crate::policy::EqualExceeded;
use crate::schema::concept::column;
use crate::text::excerpt;
use crate::value::Operator;

pub(super) static RULE: Rule = Rule {
    code: "L203",
    name: "equal-exceeded",
    severity: Severity::Warning,
    dimension: Dimension::Adequacy,
    authority: "系统（河北、天津：“＝”的指标超额须分析说明）；本地口径 scoring.equal_exceeded",
    summary: "用“=”的指标超额完成，没有说明原因",
    docs: "\
## 检查什么

口径要求说明的地方（`scoring.equal_exceeded = \"explain\"`）才查：指标值用“=”，实际完成值高于指标值，又没有写原因。越少越好的指标不查；超出很多、另有“大幅超额完成”规则指出的，不重复。

## 为什么

“=”的意思是不多也不少；多出来的要么目标定得不准，要么超出了计划。

## 正反例

- 反例：目标 `=12次`，实际 13 次，原因空白
- 正例：目标 `=12次`，实际 12 次

## 怎么改

写明超出的原因；本来允许多于目标的，把“=”改为“≥”。

## 依据

各省做法不同：多数按完成计满分，不要求说明，所以默认不查；河北、天津的系统要求说明。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    if ctx.policy.scoring.equal_exceeded == EqualExceeded::Full {
        return Verdict::NotApplicable;
    }
    let warn = ctx.policy.scoring.over_completion_warn;
    indicator::each(ctx, &[column::TARGET, column::ACTUAL], |row| {
        row.target.as_ref().filter(|target| target.operator == Some(Operator::Equal))?;
        let reached = attainment::of(row, ctx.policy).filter(|reached| !reached.reverse)?;
        let is_told_elsewhere = over_completion_unexplained::completion(ctx, row).is_some_and(|share| share >= warn);
        if reached.actual <= reached.target
            || is_told_elsewhere
            || !indicator::lacks_reason(ctx, row.cell(column::REASON))
        {
            return None;
        }
        let (target, actual) = (row.cell(column::TARGET)?, row.cell(column::ACTUAL)?);
        Some(Fault {
            message: format!(
                "{}实际“{}”高于 {}“=”的目标“{}”，没有说明原因",
                actual.cell(),
                excerpt(actual.text(), 16),
                target.cell(),
                phrase::plain(reached.target)
            ),
            advice: "写明超出的原因；允许多于目标的，下年度把“=”改为“≥”。".to_owned(),
            ..indicator::fault_at(actual, row, &[column::TARGET, column::REASON])
        })
    })
}
