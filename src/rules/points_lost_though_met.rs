//! L102 points-lost-though-met: points lost although the target was met, without a reason.

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, attainment, fix, indicator, phrase, scores_as_shares};
use crate::finding::{Dimension, Severity};
use crate::schema::concept::column;
use crate::text::excerpt;

pub(super) static RULE: Rule = Rule {
    code: "L102",
    name: "points-lost-though-met",
    severity: Severity::Error,
    dimension: Dimension::Consistency,
    authority: "财预〔2020〕10号 附件1 自评表填表说明（完成指标值的得满分）；实务（扣分须有与之相称的理由）",
    summary: "目标已经完成，却扣了分又没写原因",
    docs: "\
## 检查什么

实际完成值达到指标值，得分却小于分值，偏差原因空着或只写“无”“0”。写了原因的不查。

## 为什么

扣分必须有理由；目标完成而无故扣分，多半是得分或实际数填错。

## 正反例

- 反例：指标值 ≥95%，实际 95%，分值 30，得分 `27`，原因空白
- 正例：指标值 ≥95%，实际 95%，分值 30，得分 `30`

## 怎么改

没有偏差的把得分改为满分；确有扣分理由的写进偏差原因栏。
修改建议：得分改为分值，总分原来与各项相符的一并改。

## 依据

财预〔2020〕10号《项目支出绩效评价管理办法》及各地绩效自评填报要求。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    if ctx.form.record.indicators().is_some_and(scores_as_shares::tells) {
        return Verdict::InsufficientData;
    }
    indicator::each(ctx, &[column::ACTUAL, column::WEIGHT, column::SCORE, column::REASON], |row| {
        let (weight, score) = (row.number(column::WEIGHT)?, row.number(column::SCORE)?);
        let lost = weight - score;
        if lost <= ctx.policy.scoring.tolerance.max(Decimal::ZERO)
            || attainment::is_met(ctx, row) != Some(true)
            || !indicator::lacks_reason(ctx, row.cell(column::REASON))
        {
            return None;
        }
        let (cell, target, actual) = (row.cell(column::SCORE)?, row.cell(column::TARGET)?, row.cell(column::ACTUAL)?);
        Some(Fault {
            expected: Some(phrase::plain(weight)),
            difference: Some(phrase::plain(score - weight)),
            message: format!(
                "{}目标“{}”，{}实际“{}”，已经完成，{}应得 {}，填的是 {}，又没有写原因",
                target.cell(),
                excerpt(target.text(), 16),
                actual.cell(),
                excerpt(actual.text(), 16),
                phrase::column_at(ctx.form, cell, column::SCORE),
                phrase::plain(weight),
                phrase::plain(score)
            ),
            advice: format!(
                "没有偏差的，把 {} 改为 {}；确有扣分理由的，写进偏差原因栏。",
                cell.cell(),
                phrase::plain(weight)
            ),
            fix: fix::score(ctx.form, cell, weight),
            ..indicator::fault_at(cell, row, &[column::TARGET, column::ACTUAL, column::WEIGHT, column::REASON])
        })
    })
}
