//! V105 prompt-left: prompts of the template kept where an answer should stand.

use super::{Check, Context, Fault, Rule, Verdict, indicator};
use crate::finding::{Dimension, Severity};
use crate::form::Field;
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "V105",
    name: "prompt-left",
    severity: Severity::Error,
    dimension: Dimension::Completeness,
    authority: "实务",
    summary: "填表提示语原样保留，没有填写内容",
    docs: "\
## 检查什么

单元格里仍是模板的提示语，如“（100字以内）”“对照年度目标，说明……”“请填写”。标在第一处，其余列为相关单元格。

## 为什么

留着提示语等于没有填，审核人无法判断完成情况。

## 正反例

- 反例：`对照年度目标，说明相关任务目标的完成情况（100字以内）`
- 正例：`全年培训 12 期 620 人，全部考核合格。`

## 怎么改

删去提示语，写上本单位的实际情况。

## 依据

绩效目标审核、自评复核实务。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    let record = &ctx.form.record;
    let grids = record.grids.values().flat_map(|grid| &grid.rows).flat_map(|row| row.cells.values());
    let tables = record.tables.values().flat_map(|table| &table.rows).flat_map(|row| row.cells.values());
    let prompts: Vec<String> = ctx.policy.words.prompts.iter().map(|prompt| squeeze(prompt)).collect();
    let mut left: Vec<&Field> = record
        .fields
        .values()
        .chain(grids)
        .chain(tables)
        .filter(|field| indicator::has_any(&squeeze(field.text()), &prompts))
        .collect();
    left.sort_by_key(|field| field.cell());
    left.dedup_by_key(|field| field.cell());
    let fault = indicator::once(&left, |field| Fault {
        message: format!("{}仍是填表提示语“{}”，没有填写内容", field.cell(), excerpt(field.text(), 30)),
        advice: "删去提示语，填写本单位的实际情况。".to_owned(),
        ..Fault::default()
    });
    Verdict::Checked(fault.into_iter().collect())
}
