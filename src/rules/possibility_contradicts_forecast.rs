//! L304: the chosen possibility and the forecast of the year's end say opposite things.

use super::{Check, Context, Fault, Rule, Verdict, attainment, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::Row;
use crate::schema::concept::column;
use crate::text::excerpt;
use crate::value::Measure;

pub(super) static RULE: Rule = Rule {
    code: "L304",
    name: "possibility-contradicts-forecast",
    severity: Severity::Warning,
    dimension: Dimension::Adequacy,
    authority: "实务（同一指标的两栏应当一致）",
    summary: "完成目标可能性与全年预计完成情况互相矛盾",
    docs: "
## 检查什么
完成目标可能性填“确定能”，全年预计完成情况却达不到年度指标值；或者填“完全不可能”，全年预计完成情况却已达到。指标值或预计情况不是数字、单位不同的，不判断。

## 为什么
两栏说的是同一件事。互相矛盾，就不知道要不要纠偏。

## 正反例
- 反例：指标值 ≥95%，全年预计 85%，完成目标可能性“确定能”。
- 正例：指标值 ≥95%，全年预计 85%，完成目标可能性“完全不可能”，写明原因。

## 怎么改
核对全年预计数；预计数无误的，改正完成目标可能性，并写明原因和措施。

## 依据
实务：同一指标的预计完成情况与完成可能性应当一致。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    indicator::each(context, &[column::TARGET, column::FORECAST, column::POSSIBILITY], |row| judge(context, row))
}

fn judge(context: &Context<'_>, row: &Row) -> Option<Fault> {
    let choice = indicator::choice(context, row, column::POSSIBILITY)?;
    let reached = is_reached(context, row)?;
    let says = match (choice, reached) {
        ("sure", false) => "达不到",
        ("impossible", true) => "已达到",
        _ => return None,
    };
    let (possibility, forecast) = (row.cell(column::POSSIBILITY)?, row.cell(column::FORECAST)?);
    let target = row.cell(column::TARGET)?;
    let mut fault = indicator::fault_at(possibility, row, &[column::TARGET, column::FORECAST]);
    fault.message = format!(
        "{}填“{}”，而 {}“{}”{says} {}“{}”",
        phrase::at(possibility.cell(), "完成目标可能性"),
        excerpt(possibility.text(), 10),
        phrase::column_at(context.form, forecast, column::FORECAST),
        excerpt(forecast.text(), 16),
        phrase::column_at(context.form, target, column::TARGET),
        excerpt(target.text(), 16),
    );
    fault.advice = "核对全年预计完成情况；无误的，改正完成目标可能性，并写明原因和措施。".to_owned();
    Some(fault)
}

/// Whether the forecast meets the target, read as an actual value would be.
fn is_reached(context: &Context<'_>, row: &Row) -> Option<bool> {
    let forecast = row.cell(column::FORECAST).filter(|field| field.is_filled())?;
    let measure = forecast.measure()?;
    let unit = row.target.as_ref().and_then(|target| target.unit.clone());
    let mut year_end = row.clone();
    year_end.actual = Some(Measure { unit: measure.unit.or(unit), ..measure });
    year_end.cells.insert(column::ACTUAL.into(), forecast.clone());
    attainment::of(&year_end, context.policy).map(|attainment| attainment.met)
}
