//! L201 satisfaction-target-low: a satisfaction target below what is usual, without a word.

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::Row;
use crate::schema::Stage;
use crate::schema::concept::column;
use crate::text::excerpt;

pub(super) static RULE: Rule = Rule {
    code: "L201",
    name: "satisfaction-target-low",
    severity: Severity::Info,
    dimension: Dimension::Adequacy,
    authority: "建议（公开的表多为 90%、95%，未见文件规定）；本地口径 satisfaction.ask_below",
    summary: "满意度的目标值偏低，没有说明理由",
    docs: "\
## 检查什么

绩效目标表上，满意度指标的目标值是否低于口径 `satisfaction.ask_below`（默认 90%）。备注栏写了理由的不提示。目标值不是百分比、用“≤”的不查。

## 为什么

满意度定得低，完成与否都说明不了服务的好坏。

## 正反例

- 反例：`参训村医满意度 ≥75%`
- 正例：`参训村医满意度 ≥90%`

## 怎么改

提高目标值；确有原因的，在备注里说明。

## 依据

没有文件规定满意度的最低目标值；90% 是公开的表上最常见的写法，可在口径里改，改为 0 即不查。
",
    check: Check::Form(check),
};

/// Where a form leaves room for a reason.
const NOTE: &str = "note";

fn check(ctx: &Context<'_>) -> Verdict {
    if ctx.form.schema.stage != Stage::Target {
        return Verdict::NotApplicable;
    }
    let line = ctx.policy.satisfaction.ask_below;
    indicator::each(ctx, &[column::TARGET], |row| {
        let target = row.cell(column::TARGET).filter(|_| indicator::is_satisfaction(row))?;
        let rate = rate(row).filter(|rate| *rate < line && row.filled(NOTE).is_none())?;
        Some(Fault {
            expected: Some(format!("≥{}", phrase::percent(line))),
            message: format!(
                "{}“{}”为 {}，低于通常的 {}，没有说明理由",
                phrase::column_at(ctx.form, target, column::TARGET),
                excerpt(target.text(), 16),
                phrase::percent(rate),
                phrase::percent(line)
            ),
            advice: "提高满意度的目标值，或在备注里说明理由。".to_owned(),
            ..indicator::fault_at(target, row, &[column::LEVEL3, column::UNIT])
        })
    })
}

/// The target as a fraction; `None` where it is no rate of which more is better. `85` without a unit is 85 %, `0.85` is too.
fn rate(row: &Row) -> Option<Decimal> {
    let target = row.target.as_ref().filter(|target| target.operator.is_none_or(|op| !op.is_reverse()))?;
    let is_fraction = target.number <= Decimal::ONE;
    match (target.is_percent(), target.unit.is_none()) {
        // A cell may hold 0.85 under the unit `%`.
        (true, _) | (_, true) if is_fraction => Some(target.number),
        (true, _) | (_, true) => Some(target.number / Decimal::ONE_HUNDRED),
        _ => None,
    }
    .filter(|rate| *rate > Decimal::ZERO)
}
