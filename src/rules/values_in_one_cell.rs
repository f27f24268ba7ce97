//! V114 values-in-one-cell: target and actual value written into one cell merged over both columns.

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::schema::concept::column;
use crate::text::excerpt;

pub(super) static RULE: Rule = Rule {
    code: "V114",
    name: "values-in-one-cell",
    severity: Severity::Warning,
    dimension: Dimension::Feasibility,
    authority: "实务",
    summary: "指标值和完成值合并写在一格里",
    docs: "\
## 检查什么

指标值和实际完成值（执行情况）两栏是否被合并成一格，只写了一段话。

## 为什么

目标和结果混在一起，看不出要做到多少、做到了多少，也没法计分。

## 正反例

- 反例：指标值、完成值两栏合并，写“举办活动5场，影响良好”
- 正例：指标值写“≥5场”，完成值写“5场”

## 怎么改

取消合并，指标值、完成值分别填写。

## 依据

绩效自评、绩效监控复核实务。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    indicator::each(ctx, &[column::TARGET, column::ACTUAL], |row| {
        // A cell merged over several columns belongs to the first of them; the other column has none in this row.
        let merged = row.cell(column::TARGET).filter(|_| row.cell(column::ACTUAL).is_none())?;
        merged.is_filled().then(|| Fault {
            expected: Some("分别填写".to_owned()),
            message: format!(
                "{}“{}”与「{}」合并成一格，分不清目标和完成情况",
                phrase::column_at(ctx.form, merged, column::TARGET),
                excerpt(merged.text(), 24),
                phrase::column_label(ctx.form, column::ACTUAL)
            ),
            advice: "取消合并，指标值和完成值分别填写。".to_owned(),
            ..indicator::fault_at(merged, row, &[])
        })
    })
}
