//! L126 no-complaint-as-satisfaction: nobody complained, so everybody is said to be content.

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Row};
use crate::schema::concept::column;
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "L126",
    name: "no-complaint-as-satisfaction",
    severity: Severity::Warning,
    dimension: Dimension::Adequacy,
    authority: "实务（满意度没有调查、以“没有投诉”充数的不计分）",
    summary: "用“没有投诉”代替满意度调查",
    docs: "\
## 检查什么

满意度指标的指标值、实际完成值、偏差原因或备注写“无投诉”“未收到投诉”“零投诉”，没有提到问卷、调查。名称本身就是投诉的不查。

## 为什么

没有投诉只说明没有人来反映，不等于服务对象满意；满意度要有调查数据。

## 正反例

- 反例：`居民满意度`，实际完成值`全年未收到投诉`
- 正例：`居民满意度`，实际完成值`93%`，备注“发放问卷120份”

## 怎么改

补做满意度调查，填调查得出的百分比；没有调查的，不要填满分。

## 依据

自评复核实务：满意度没有数据或者没有调查的不计分。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    indicator::each(ctx, &[column::LEVEL3, column::TARGET], |row| {
        let (id, cell) = claim(row)?;
        Some(Fault {
            message: format!(
                "满意度指标“{}”的{}写“{}”，没有投诉不等于满意",
                excerpt(&indicator::name(row)?, 20),
                phrase::column_at(ctx.form, cell, id),
                excerpt(cell.text(), 24)
            ),
            advice: "填问卷或回访得出的百分比，如“93%（收回问卷116份）”；没有调查的，补做调查。".to_owned(),
            ..indicator::fault_at(cell, row, &[column::LEVEL3])
        })
    })
}

fn claim(row: &Row) -> Option<(&'static str, &Field)> {
    const NONE: [&str; 6] = ["无", "未", "没有", "零", "0", "不存在"];
    const SURVEY: [&str; 5] = ["问卷", "调查", "回访", "测评", "样本"];
    if !indicator::is_satisfaction(row) || indicator::name(row)?.contains("投诉") {
        return None;
    }
    [column::TARGET, column::ACTUAL, column::REASON, "note"].into_iter().find_map(|id| {
        let cell = row.cell(id).filter(|cell| cell.is_filled())?;
        let text = squeeze(cell.text());
        let (before, _) = text.split_once("投诉")?;
        let near: String = before.chars().skip(before.chars().count().saturating_sub(8)).collect();
        let none = NONE.iter().any(|word| near.contains(word));
        (none && !SURVEY.iter().any(|word| text.contains(word))).then_some((id, cell))
    })
}
