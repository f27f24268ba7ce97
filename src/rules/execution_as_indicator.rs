//! L105 execution-as-indicator: budget execution, scored already, entered as an indicator.

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::schema::concept::column;
use crate::text::excerpt;

pub(super) static RULE: Rule = Rule {
    code: "L105",
    name: "execution-as-indicator",
    severity: Severity::Warning,
    dimension: Dimension::Relevance,
    authority: "实务（执行率已单独计分，不再作为绩效指标）",
    summary: "把预算执行率、资金支付率当作绩效指标",
    docs: "\
## 检查什么

三级指标是预算执行率、资金支付率、支出进度一类（词表在口径里）。表上专设的预算执行率行不查。

## 为什么

预算执行率在资金部分已经单独计分，再设成指标就重复得分，而且反映的是花钱不是效果。

## 正反例

- 反例：`预算执行率 100%`；`资金支付率 ≥95%`
- 正例：`项目按期完工率`

## 怎么改

删去该指标，换成反映产出或效益的指标。

## 依据

自评复核实务：预算执行率已单独计分，资金支付率不作绩效指标。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    indicator::each(ctx, &[column::LEVEL3], |row| {
        // The form's own row of execution stands under no class.
        row.class.as_ref()?;
        let name = indicator::name(row)?;
        let cell = row.cell(column::LEVEL3)?;
        indicator::has_any(&name, &ctx.policy.words.execution_indicators).then(|| Fault {
            message: format!(
                "{}“{}”是预算执行情况，已在资金部分计分",
                phrase::column_at(ctx.form, cell, column::LEVEL3),
                excerpt(&name, 24)
            ),
            advice: "删去这个指标，换成办了什么事，如“项目按期完工率 ≥95%”。".to_owned(),
            ..indicator::fault_at(cell, row, &[column::TARGET])
        })
    })
}
