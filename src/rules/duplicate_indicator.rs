//! L103 duplicate-indicator: one indicator entered twice.

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::Row;
use crate::schema::concept::column;
use crate::text::excerpt;

pub(super) static RULE: Rule = Rule {
    code: "L103",
    name: "duplicate-indicator",
    severity: Severity::Error,
    dimension: Dimension::Relevance,
    authority: "系统（同一指标重复不予通过）；实务（同一指标只计一次）",
    summary: "同一个指标重复出现",
    docs: "\
## 检查什么

两行三级指标名称完全相同（去掉编号和空格后）。同一类下名称相同而计量单位不同的不查。标在后出现的一行。

## 为什么

同一件事算两次分，重复占用权重；名称相同而分在两类，至少有一处放错。

## 正反例

- 反例：质量指标和可持续影响指标都是`为群众办实事`
- 正例：质量指标`培训合格率`，可持续影响指标`结业一年后在岗率`

## 怎么改

保留最合适的一处，另一处换成别的指标或删去。

## 依据

预算绩效管理系统的校验：同一指标重复的不予通过；自评复核实务：产出与效益中重复的只计一次。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    let Some(table) = indicator::table(ctx, &[column::LEVEL3]) else {
        return Verdict::NotApplicable;
    };
    let named: Vec<(&Row, String)> = table.rows.iter().filter_map(|row| Some((row, indicator::name(row)?))).collect();
    if named.is_empty() {
        return Verdict::InsufficientData;
    }
    // Points of an assessment, `覆盖率` of 监控 and of 自评, have no value of their own.
    let valued = table.has(column::TARGET);
    let mut faults = Vec::new();
    for (at, (row, name)) in named.iter().enumerate() {
        let Some((first, _)) = named
            .iter()
            .take(at)
            .find(|(first, other)| other == name && is_repeat(first, row) && (valued || first.class == row.class))
        else {
            continue;
        };
        let Some(cell) = row.cell(column::LEVEL3) else { continue };
        let mut related = indicator::cells(row, &[column::TARGET]);
        related.extend(indicator::cells(first, &[column::LEVEL3, column::TARGET]));
        related.sort();
        faults.push(Fault {
            cell: Some(cell.cell()),
            related,
            found: Some(cell.text().to_owned()),
            message: format!(
                "{}“{}”与 {} 的指标重复",
                phrase::column_at(ctx.form, cell, column::LEVEL3),
                excerpt(name, 24),
                first.at(column::LEVEL3).map(|at| at.to_string()).unwrap_or_default()
            ),
            advice: "保留最合适的一处，另一处换成别的指标或删去。".to_owned(),
            ..Fault::default()
        });
    }
    Verdict::Checked(faults)
}

/// Not one merged cell read twice, nor two measures (次, 人) of one deed in one class, nor two horizons of one
/// indicator.
fn is_repeat(first: &Row, row: &Row) -> bool {
    let unit = |row: &Row| row.target.as_ref().and_then(|target| target.unit.clone());
    let two_measures = first.subclass == row.subclass && unit(first) != unit(row);
    first.term == row.term && first.at(column::LEVEL3) != row.at(column::LEVEL3) && !two_measures
}
