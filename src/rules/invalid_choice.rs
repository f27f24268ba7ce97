//! V301: a cell for one of a few answers gives none of them, or several.

use std::collections::BTreeMap;

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Reading, Table};
use crate::schema::{Choice, FieldKind, TableSpec};
use crate::text::{excerpt, is_empty_box, is_tick};

pub(super) static RULE: Rule = Rule {
    code: "V301",
    name: "invalid-choice",
    severity: Severity::Error,
    dimension: Dimension::Consistency,
    authority: "本表填表说明（只选一项）",
    summary: "只能选一项的栏目填了别的话，或者勾了几项",
    docs: "
## 检查什么
表样规定从几个答案中选一个的栏目（完成目标可能性、评估结论、项目类型等）：填的是不是其中之一，有没有同时勾几项。常见的其他写法（“能”“不可能”“支持”）照认。没有勾选的，由 C101、C102 提出；不是必填、又没有印出方框的栏目，写了别的话不查。

## 为什么
这些栏目要汇总统计，也决定后面是否要写原因。答案不在几项之内，就看不出单位的判断。

## 正反例
- 反例：完成目标可能性填“基本完成”。
- 反例：评估结论勾了“☑予以支持 ☑调整完善后支持”。
- 正例：完成目标可能性填“确定能”。

## 怎么改
只选一项，按表上印的字样填写。

## 依据
本表填表说明；可选的答案见表样文件中的 `choices`。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    let mut looked = false;
    let mut faults = Vec::new();
    for spec in form.schema.fields.iter().filter(|spec| spec.kind == FieldKind::Choice) {
        let Some(field) = form.record.field(&spec.id) else { continue };
        looked = true;
        let boxed = field.text().contains(|c| is_empty_box(c) || is_tick(c));
        if spec.required || boxed {
            faults.extend(fault(field, &spec.label, &spec.choices));
        }
    }
    for spec in &form.schema.tables {
        let Some(table) = form.record.tables.get(&spec.id) else { continue };
        let (has, found) = of_table(spec, table);
        looked |= has;
        faults.extend(found);
    }
    if looked { Verdict::Checked(faults) } else { Verdict::NotApplicable }
}

/// Whether the table has such a column, and the faults: the same wrong answer of a column is told once.
fn of_table(spec: &TableSpec, table: &Table) -> (bool, Vec<Fault>) {
    let mut looked = false;
    let mut faults = Vec::new();
    for column in spec.columns.iter().filter(|column| column.kind == FieldKind::Choice) {
        let Some(head) = table.columns.get(&column.id) else { continue };
        looked = true;
        let mut wrong: BTreeMap<&str, Vec<&Field>> = BTreeMap::new();
        for field in table.rows.iter().filter_map(|row| row.cell(&column.id)) {
            if let Reading::Unreadable(why) = &field.reading {
                wrong.entry(why).or_default().push(field);
            }
        }
        let label = if head.label.chars().count() > 12 { &column.label } else { &head.label };
        for fields in wrong.values() {
            faults.extend(indicator::once(fields, |field| fault(field, label, &column.choices).unwrap_or_default()));
        }
    }
    (looked, faults)
}

fn fault(field: &Field, label: &str, choices: &[Choice]) -> Option<Fault> {
    let Reading::Unreadable(why) = &field.reading else { return None };
    let answers = choices.iter().map(|choice| format!("“{}”", choice.label)).collect::<String>();
    Some(Fault {
        cell: Some(field.cell()),
        found: Some(field.text().to_owned()),
        expected: Some(format!("{answers}之一")),
        message: format!("{}填的是“{}”，{why}", phrase::at(field.cell(), label), excerpt(field.text(), 30)),
        advice: format!("从{answers}中只选一项填写。"),
        ..Fault::default()
    })
}
