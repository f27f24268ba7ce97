//! V321: a text is longer than the form lets it be.

use super::{Check, Context, Fault, Rule, Verdict, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Form};
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "V321",
    name: "text-too-long",
    severity: Severity::Info,
    dimension: Dimension::Consistency,
    authority: "本表所印字数限制",
    summary: "文字超过本表规定的字数",
    docs: "
## 检查什么
表样规定了字数的栏目（如四川自评表的评价结论、存在问题、改进措施各 200 字以内，执行率原因 100 字以内），所写的字数是否超过。标点计入，空格、换行不计。

## 为什么
系统按规定字数截断，超出的部分报不上去；写得过长，要点也看不出来。

## 正反例
- 反例：评价结论写了 263 字，规定 200 字以内。
- 正例：评价结论 118 字，写明总分、成效和不足。

## 怎么改
压缩到规定的字数以内，细节放在自评报告里。

## 依据
表上所印“200字以内”“100字以内”；哪些栏目有限制见表样文件中的 `max_chars`。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    let limited = limited(form);
    if limited.is_empty() {
        return Verdict::NotApplicable;
    }
    Verdict::Checked(limited.into_iter().filter_map(|(field, label, most)| judge(field, &label, most)).collect())
}

/// The filled texts that the form limits, with their label and the most characters they may have.
fn limited(form: &Form) -> Vec<(&Field, String, u32)> {
    let record = &form.record;
    let mut limited = Vec::new();
    for spec in &form.schema.fields {
        if let (Some(most), Some(field)) = (spec.max_chars, record.field(&spec.id)) {
            limited.push((field, spec.label.clone(), most));
        }
    }
    for grid in &form.schema.grids {
        let rows = record.grids.get(&grid.id).into_iter().flat_map(|read| &read.rows);
        for (row, column) in rows.flat_map(|row| grid.columns.iter().map(move |column| (row, column))) {
            if let (Some(most), Some(field)) = (column.max_chars, row.cells.get(&column.id)) {
                limited.push((field, column.label.clone(), most));
            }
        }
    }
    for table in &form.schema.tables {
        let rows = record.tables.get(&table.id).into_iter().flat_map(|read| &read.rows);
        for (row, column) in rows.flat_map(|row| table.columns.iter().map(move |column| (row, column))) {
            if let (Some(most), Some(field)) = (column.max_chars, row.cell(&column.id)) {
                limited.push((field, column.label.clone(), most));
            }
        }
    }
    limited.retain(|(field, _, _)| field.is_filled());
    limited
}

fn judge(field: &Field, label: &str, most: u32) -> Option<Fault> {
    let count = u32::try_from(squeeze(field.text()).chars().count()).unwrap_or(u32::MAX);
    let over = count.checked_sub(most).filter(|over| *over > 0)?;
    Some(Fault {
        cell: Some(field.cell()),
        found: Some(excerpt(field.text().trim(), 24)),
        expected: Some(format!("{most} 字以内")),
        difference: Some(over.to_string()),
        message: format!("{}写了 {count} 字，规定 {most} 字以内，多 {over} 字", phrase::at(field.cell(), label)),
        advice: format!("压缩到 {most} 字以内，细节写进自评报告。"),
        ..Fault::default()
    })
}
