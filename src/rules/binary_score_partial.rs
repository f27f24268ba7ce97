//! A209: a yes-or-no indicator that was not reached keeps part of its points.

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, attainment, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::schema::concept::column;
use crate::text::excerpt;

pub(super) static RULE: Rule = Rule {
    code: "A209",
    name: "binary-score-partial",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "财预〔2021〕101号 附件1（直接赋分：是或否的指标，达到得满分，没有达到得 0 分），原件未核实；实务",
    summary: "是否类指标没有达到，却得了部分分",
    docs: "
## 检查什么
指标值只写“是”“有”“通过”“合格”“达标”，完成值只写“否”“无”“未通过”“不合格”“未达标”的，得分应为 0。得满分的由 L101 提出；其他写法说不清是不是非此即彼的，不判断。

## 为什么
是或否的指标直接赋分，没有中间档。

## 正反例
- 反例：指标值“通过”，完成值“未通过”，分值 10，得分 5。
- 正例：指标值“通过”，完成值“未通过”，分值 10，得分 0，写明原因。

## 怎么改
把得分改为 0；其实有部分成效的，指标改为能分档或能计量的。

## 依据
财预〔2021〕101号 附件1（未见原件）；自评复核实务。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    indicator::each(context, &[column::TARGET, column::ACTUAL, column::WEIGHT, column::SCORE], |row| {
        let (target, actual) = (row.cell(column::TARGET)?, row.cell(column::ACTUAL)?);
        if attainment::of_yes_or_no(target.text(), actual.text()) != Some(false) {
            return None;
        }
        let (weight, score) = (row.number(column::WEIGHT)?, row.cell(column::SCORE)?);
        let given = score.number().filter(|given| *given > Decimal::ZERO && *given < weight)?;
        Some(Fault {
            expected: Some("0".to_owned()),
            difference: Some(phrase::plain(given)),
            message: format!(
                "{}填 {}，{}要求“{}”，{}为“{}”，是或否的指标没有达到应得 0 分",
                phrase::column_at(context.form, score, column::SCORE),
                phrase::plain(given),
                target.cell(),
                excerpt(target.text().trim(), 16),
                actual.cell(),
                excerpt(actual.text().trim(), 16),
            ),
            advice: format!("把 {} 改为 0，写明原因，并相应改正总分；完成值填错的改完成值。", score.cell()),
            ..indicator::fault_at(score, row, &[column::TARGET, column::ACTUAL, column::WEIGHT])
        })
    })
}
