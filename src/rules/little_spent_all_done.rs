//! L111 little-spent-all-done: next to nothing spent and nearly every point taken.

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::Row;
use crate::schema::concept::{amount, column, line};

pub(super) static RULE: Rule = Rule {
    code: "L111",
    name: "little-spent-all-done",
    severity: Severity::Warning,
    dimension: Dimension::Adequacy,
    authority: "财预〔2015〕88号（绩效目标应当与资金量相互匹配）；实务",
    summary: "钱几乎没花，指标却几乎全部得满分",
    docs: "\
## 检查什么

全年预算执行率低于 20%，指标得分合计却达到指标分值合计的 80% 以上。

## 为什么

没有花钱事情却做完了，要么执行数填错，要么完成情况不实，要么预算安排过大。

## 正反例

- 反例：执行率 0.08%，指标得分率 100%
- 正例：执行率 65%，指标得分率 70%

## 怎么改

核对执行数和完成情况；属实的（如资金待结算）在原因栏说明。

## 依据

财预〔2020〕10号《项目支出绩效评价管理办法》及各地绩效自评填报要求。
",
    check: Check::Form(check),
};

/// Spent below this share of the budget.
const LITTLE: Decimal = Decimal::from_parts(2, 0, 0, false, 1);
/// Points taken above this share of the weights.
const ALL: Decimal = Decimal::from_parts(8, 0, 0, false, 1);

fn check(ctx: &Context<'_>) -> Verdict {
    let (Some(grid), Some(table)) =
        (ctx.form.record.funding(), indicator::table(ctx, &[column::WEIGHT, column::SCORE]))
    else {
        return Verdict::NotApplicable;
    };
    let Some(executed) = grid.cell(line::TOTAL, amount::EXECUTED) else {
        return Verdict::NotApplicable;
    };
    let budget = grid.number(line::TOTAL, amount::BUDGET).filter(|budget| *budget > Decimal::ZERO);
    let spent = budget.zip(executed.number()).and_then(|(budget, executed)| executed.checked_div(budget));
    let (Some(spent), Some(planned), Some(points)) = (spent, budget, points_of(&table.rows)) else {
        return Verdict::InsufficientData;
    };
    if spent >= LITTLE || points.taken <= ALL {
        return Verdict::Checked(Vec::new());
    }
    Verdict::Checked(vec![Fault {
        cell: Some(executed.cell()),
        related: table.rows.iter().filter_map(|row| row.at(column::SCORE)).collect(),
        found: Some(executed.text().to_owned()),
        message: format!(
            "{}只执行了预算的 {} ÷ {} = {}，指标得分却占分值的 {} ÷ {} = {}",
            phrase::at(executed.cell(), phrase::amount_label(ctx.form, amount::EXECUTED)),
            executed.number().map(phrase::plain).unwrap_or_default(),
            phrase::plain(planned),
            phrase::percent(spent),
            phrase::plain(points.scores),
            phrase::plain(points.weights),
            phrase::percent(points.taken)
        ),
        advice: "核对执行数和完成情况；属实的，说明资金没有支出的原因。".to_owned(),
        ..Fault::default()
    }])
}

/// Scores and weights of the rows that have both.
struct Points {
    scores: Decimal,
    weights: Decimal,
    taken: Decimal,
}

fn points_of(rows: &[Row]) -> Option<Points> {
    let both = rows.iter().filter_map(|row| Some((row.number(column::SCORE)?, row.number(column::WEIGHT)?)));
    let (scores, weights) =
        both.fold((Decimal::ZERO, Decimal::ZERO), |(s, w), (score, weight)| (s + score, w + weight));
    let taken = scores.checked_div(weights).filter(|_| weights > Decimal::ZERO)?;
    Some(Points { scores, weights, taken })
}
