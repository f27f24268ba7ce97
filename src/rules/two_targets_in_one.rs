//! W110 two-targets-in-one: a target that asks two things of one indicator.

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase, told};
use crate::finding::{Dimension, Severity};
use crate::form::Row;
use crate::schema::concept::column;
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "W110",
    name: "two-targets-in-one",
    severity: Severity::Info,
    dimension: Dimension::Feasibility,
    authority: "财预〔2021〕101号 附件1（指标应当独立，原文未见，据公开转述）；实务",
    summary: "一个指标写了两个目标值",
    docs: "\
## 检查什么

一格指标值里并列写了两个不同单位的数（“12期，600人”“2座/3公里”）。区间、时间、“元/人”一类复合单位，括号里的说明不查。只作提示。

## 为什么

一个完成了、一个没完成时，这个指标没法计分。

## 正反例

- 反例：`培训村医`，指标值`12期，600人`
- 正例：`培训期数 ≥12期`、`培训人数 ≥600人`分两行

## 怎么改

拆成两个指标，各写一个指标值、各定分值。

## 依据

财预〔2021〕101号 附件1《项目支出绩效目标和指标设置及取值指引》；绩效目标审核实务。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    indicator::each(ctx, &[column::TARGET], |row| {
        let (first, second) = two(ctx, row)?;
        let target = row.cell(column::TARGET)?;
        Some(Fault {
            message: format!(
                "{}“{}”里有“{first}”“{second}”两个数，一个指标只能考核一个",
                phrase::column_at(ctx.form, target, column::TARGET),
                excerpt(target.text(), 24)
            ),
            advice: format!("拆成两行，一行写“≥{first}”，一行写“≥{second}”，分别定分值。"),
            ..indicator::fault_at(target, row, &[column::LEVEL3])
        })
    })
}

fn two(ctx: &Context<'_>, row: &Row) -> Option<(String, String)> {
    if row.target.is_some() {
        return None;
    }
    let text = squeeze(row.filled(column::TARGET)?);
    // What stands in brackets explains.
    let main = text.split('(').next().unwrap_or_default();
    let figures = told::figures(main, &ctx.policy.words.units);
    let [first, second] = figures.as_slice() else { return None };
    let counted = told::counts(&first.unit) && told::counts(&second.unit) && first.unit != second.unit;
    // `每月2次，全年24次` and sentences tell how, they list nothing.
    (counted && main.chars().count() <= 16).then(|| (first.text.clone(), second.text.clone()))
}
