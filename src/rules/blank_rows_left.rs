//! C111 blank-rows-left: rows of the template left empty among filled ones.

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::address::CellRef;
use crate::finding::{Dimension, Severity};
use crate::schema::concept::column;

pub(super) static RULE: Rule = Rule {
    code: "C111",
    name: "blank-rows-left",
    severity: Severity::Info,
    dimension: Dimension::Consistency,
    authority: "实务（导入系统时空行会被当成没有填的指标）",
    summary: "指标表里留有空行",
    docs: "
## 检查什么
指标表里，同一个二级指标下已经填了指标，又留着空行；或者空行夹在填好的两行之间而看不出属于哪一类。整类没有填的由 C103、C104 提出，写着“……”“指标2”的由 V104 提出。只作提示，一张表提示一次。

## 为什么
空行打印出来像是漏填，导入系统时会被当成没有填的指标。

## 正反例
- 反例：数量指标填了一个，下面两行空着。
- 正例：用不到的行删去。

## 怎么改
把空行删去；本来要填的补上。

## 依据
绩效目标审核、自评复核实务。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let Some(table) = indicator::table(context, &[column::LEVEL3]) else { return Verdict::NotApplicable };
    let (Some(first), Some(last)) = (table.rows.first(), table.rows.last()) else { return Verdict::InsufficientData };
    let left: Vec<CellRef> = table
        .vacant
        .iter()
        .filter(|vacant| vacant.text.trim().is_empty())
        .filter(|vacant| match &vacant.subclass {
            Some(own) => table.rows.iter().any(|row| row.subclass.as_ref() == Some(own)),
            None => (first.row..last.row).contains(&vacant.row),
        })
        .map(|vacant| vacant.cell)
        .collect();
    let Some((cell, rest)) = left.split_first() else { return Verdict::Checked(Vec::new()) };
    Verdict::Checked(vec![Fault {
        cell: Some(*cell),
        related: rest.to_vec(),
        message: format!(
            "{}这一行空着，而同类指标已经填了{}",
            phrase::at(*cell, phrase::column_label(context.form, column::LEVEL3)),
            indicator::others(rest)
        ),
        advice: "把用不到的空行删去；本来要填的补上。".to_owned(),
        ..Fault::default()
    }])
}
