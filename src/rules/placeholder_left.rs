//! V104 placeholder-left: marks and rows of the template that nobody filled or deleted.

use super::{Check, Context, Fault, Rule, Verdict, indicator};
use crate::address::CellRef;
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Record};
use crate::policy::Words;
use crate::schema::concept::column;
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "V104",
    name: "placeholder-left",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "实务",
    summary: "残留模板占位符（**、××、指标2、……）",
    docs: "\
## 检查什么

表头、目标、指标名称、指标值中残留 `**`、`××`、`____`、`≥**%` 一类占位符，或者指标表里留着“指标2”“……”空行。标在第一处，其余列为相关单元格。

## 为什么

占位符说明模板没有填完，打印上报很不规范；导入系统时空行会被当成指标。

## 正反例

- 反例：`带动收入增加额（≥**万元）`；只写“指标2”的空行
- 正例：`带动收入增加额`

## 怎么改

把占位符换成实际内容，多余的模板行删去。

## 依据

绩效目标审核、自评复核实务。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    let mut left = places(&ctx.form.record, &ctx.policy.words);
    left.sort();
    left.dedup_by_key(|(cell, _)| *cell);
    let Some(((first, text), rest)) = left.split_first() else {
        return Verdict::Checked(Vec::new());
    };
    let rest: Vec<CellRef> = rest.iter().map(|(cell, _)| *cell).collect();
    Verdict::Checked(vec![Fault {
        cell: Some(*first),
        found: Some(text.clone()),
        message: format!("{first} 残留模板占位内容“{}”{}", excerpt(text, 24), indicator::others(&rest)),
        related: rest,
        advice: "把占位的记号换成实际的数或内容，如“≥600人”；用不到的模板行整行删去。".to_owned(),
        ..Fault::default()
    }])
}

fn places(record: &Record, words: &Words) -> Vec<(CellRef, String)> {
    let prompts: Vec<String> = words.prompts.iter().map(|prompt| squeeze(prompt)).collect();
    let marked = |field: &&Field| {
        let text = squeeze(field.text());
        // A prompt in brackets is V105's: one fault, one finding.
        !text.is_empty()
            && words.placeholders.iter().any(|mark| mark.is_match(&text))
            && !indicator::has_any(&text, &prompts)
    };
    let rows = record.indicators().into_iter().flat_map(|table| &table.rows);
    let cells = rows.flat_map(|row| {
        [column::LEVEL3, column::TARGET, column::ACTUAL, column::REASON].into_iter().filter_map(|id| row.cell(id))
    });
    let vacant = record.indicators().into_iter().flat_map(|table| &table.vacant);
    let left_rows = vacant.filter(|row| !row.text.trim().is_empty()).map(|row| (row.cell, row.text.clone()));
    let fields = record.fields.values().chain(cells).filter(marked);
    fields.map(|field| (field.cell(), field.text().to_owned())).chain(left_rows).collect()
}
