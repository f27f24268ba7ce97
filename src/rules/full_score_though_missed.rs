//! L101 full-score-though-missed: points kept although the target was missed.

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, attainment, fix, indicator, phrase, score_not_proportional};
use crate::finding::{Dimension, Severity};
use crate::schema::concept::column;
use crate::text::excerpt;

pub(super) static RULE: Rule = Rule {
    code: "L101",
    name: "full-score-though-missed",
    severity: Severity::Error,
    dimension: Dimension::Consistency,
    authority: "财预〔2020〕10号 附件1 自评表填表说明（未完成的定量指标按比例计分）",
    summary: "没有达到目标，却得了满分",
    docs: "\
## 检查什么

实际完成值低于（反向指标高于）指标值，得分却等于分值；或者完成情况写“部分达成”“未完成”，却得满分。方向说不清的不查。

## 为什么

未完成的指标应当按完成比例得分，得满分就是虚高。

## 正反例

- 反例：指标值 ≥1000人，实际 900人，分值 10，得分 `10`
- 正例：指标值 ≥1000人，实际 900人，分值 10，得分 `9`

## 怎么改

按完成比例重新计分，并写明偏差原因；实际数填错的改实际数。
修改建议：定量指标（满意度除外）得分改为按完成比例计算的数，总分原来与各项相符的一并改。

## 依据

财预〔2020〕10号《项目支出绩效评价管理办法》及各地自评计分说明：定量指标未完成的按完成值与指标值的比例记分。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    indicator::each(ctx, &[column::ACTUAL, column::WEIGHT, column::SCORE], |row| {
        let weight = row.number(column::WEIGHT).filter(|weight| *weight > Decimal::ZERO)?;
        let full = row.number(column::SCORE).is_some_and(|score| score >= weight);
        if !full || attainment::is_met(ctx, row) != Some(false) {
            return None;
        }
        let (score, target, actual) = (row.cell(column::SCORE)?, row.cell(column::TARGET)?, row.cell(column::ACTUAL)?);
        let due = score_not_proportional::due(ctx, row);
        let by_formula = due.as_ref().map(|(due, formula)| format!("；按比例应为 {formula} = {}", phrase::plain(*due)));
        let advice = match &due {
            Some((due, _)) => format!("把 {} 改为 {}，", score.cell(), phrase::plain(*due)),
            None => "按完成情况重新计分，".to_owned(),
        };
        Some(Fault {
            expected: Some(
                due.as_ref().map_or_else(|| format!("小于 {}", phrase::plain(weight)), |(due, _)| phrase::plain(*due)),
            ),
            difference: due.as_ref().map(|(due, _)| phrase::plain(weight - due)),
            message: format!(
                "{}目标“{}”，{}实际“{}”，没有完成，{}却得满分 {}{}",
                target.cell(),
                excerpt(target.text(), 16),
                actual.cell(),
                excerpt(actual.text(), 16),
                phrase::column_at(ctx.form, score, column::SCORE),
                phrase::plain(weight),
                by_formula.unwrap_or_default(),
            ),
            advice: format!("{advice}写明偏差原因，并相应改正总分；实际数填错的，改正实际完成值。"),
            fix: due.as_ref().and_then(|(due, _)| fix::score(ctx.form, score, *due)),
            ..indicator::fault_at(score, row, &[column::TARGET, column::ACTUAL, column::WEIGHT])
        })
    })
}
