//! L112 uniform-targets: every target the same percentage.

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::Row;
use crate::schema::concept::column;

pub(super) static RULE: Rule = Rule {
    code: "L112",
    name: "uniform-targets",
    severity: Severity::Info,
    dimension: Dimension::Adequacy,
    authority: "实务",
    summary: "所有指标值都是同一个百分比",
    docs: "\
## 检查什么

有 5 个以上指标，指标值全部是同一个百分比（都是 100% 或都是 ≥95%）。

## 为什么

千篇一律的指标值多半是套用模板，没有按实际测算。

## 正反例

- 反例：8 个指标全部 `100%`
- 正例：数量填人次、面积，质量填合格率，满意度填 ≥90%

## 怎么改

按历史数据、行业标准逐个测算指标值，数量指标改用实物量。

## 依据

绩效目标审核、自评复核实务。
",
    check: Check::Form(check),
};

/// From so many indicators on, sameness is no chance.
const MANY: usize = 5;

fn check(ctx: &Context<'_>) -> Verdict {
    let Some(table) = indicator::table(ctx, &[column::TARGET]) else {
        return Verdict::NotApplicable;
    };
    let filled: Vec<&Row> = table.rows.iter().filter(|row| row.filled(column::TARGET).is_some()).collect();
    let Some(first) = filled.first().and_then(|row| row.cell(column::TARGET).zip(row.target.as_ref())) else {
        return if filled.is_empty() { Verdict::InsufficientData } else { Verdict::Checked(Vec::new()) };
    };
    let (cell, measure) = first;
    let same =
        |row: &&Row| row.target.as_ref().is_some_and(|target| target.is_percent() && target.number == measure.number);
    if filled.len() < MANY || !filled.iter().all(same) {
        return Verdict::Checked(Vec::new());
    }
    Verdict::Checked(vec![Fault {
        cell: Some(cell.cell()),
        related: filled.iter().skip(1).filter_map(|row| row.at(column::TARGET)).collect(),
        found: Some(cell.text().to_owned()),
        message: format!(
            "{}起的 {} 个指标，指标值全部是 {}%，没有区分",
            phrase::column_at(ctx.form, cell, column::TARGET),
            filled.len(),
            phrase::plain(measure.number)
        ),
        advice: "按上年数、行业标准逐个测算；数量指标改写人数、面积、里程，如“≥600人”。".to_owned(),
        ..Fault::default()
    }])
}
