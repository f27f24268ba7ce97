//! L114 inputs-as-goal: what is put in, where what comes out should stand.

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::schema::concept::{class, column};
use crate::text::excerpt;

pub(super) static RULE: Rule = Rule {
    code: "L114",
    name: "inputs-as-goal",
    severity: Severity::Warning,
    dimension: Dimension::Relevance,
    authority: "实务（一市审核要求：人力、财力投入不得作为绩效目标）",
    summary: "把投入当作产出",
    docs: "\
## 检查什么

产出指标（成本指标除外）的名称是投入人力、财力一类（词表在口径里）。

## 为什么

绩效看的是产出和效果，投入多少人、多少钱不是成绩。

## 正反例

- 反例：`投入人力 ≥50人`
- 正例：`巡查河道里程 ≥320公里`

## 怎么改

换成这些投入做出来的数量、质量和效果。

## 依据

一市的绩效目标审核要求：人力、财力投入不得作为绩效目标。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    indicator::each(ctx, &[column::LEVEL3], |row| {
        let name = indicator::name(row)?;
        let output = row.class.as_deref() == Some(class::OUTPUT) && !indicator::is_cost(row);
        let word = ctx.policy.words.inputs.iter().find(|word| output && speaks_of(&name, word))?;
        let cell = row.cell(column::LEVEL3)?;
        Some(Fault {
            message: format!(
                "{}“{}”说的是投入（{word}），不是产出",
                phrase::column_at(ctx.form, cell, column::LEVEL3),
                excerpt(&name, 24)
            ),
            advice: "换成这些投入做出来的事，如“巡查河道里程 ≥320公里”。".to_owned(),
            ..indicator::fault_at(cell, row, &[column::TARGET])
        })
    })
}

/// Whether the name speaks of the input itself: `设备投入使用台数` and `人力资源招聘场次` are work put out.
fn speaks_of(name: &str, word: &str) -> bool {
    const OTHER: [&str; 4] = ["使用", "运行", "运营", "资源"];
    name.split_once(word).is_some_and(|(_, behind)| !OTHER.iter().any(|other| behind.starts_with(other)))
}
