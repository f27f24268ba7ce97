//! V118: a percentage typed as a fraction: 0.85 where 85 % is meant.

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Row};
use crate::schema::concept::column;
use crate::text::squeeze;
use crate::value::{Operator, parse_number};

pub(super) static RULE: Rule = Rule {
    code: "V118",
    name: "percent-as-fraction",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "实务（同一指标的指标值、完成值用同一种写法）",
    summary: "百分数写成了小数，相差一百倍",
    docs: "
## 检查什么
1. 指标值按百分数写（≥85%，或者单位栏是 %）而且在 10% 以上，完成值却是不带百分号的 0 到 1 之间的小数（0.92）。
2. 单位栏是 %，率、满意度一类越高越好的指标，指标值却是 0 到 1 之间的小数（≥ 0.95）；增长率、提高幅度一类本来就小的，不提出。
格里显示百分号的（95%）不算；完成值正好是 1、读不出单位的，也不提出。

## 为什么
0.92 与 92% 相差一百倍，按单位栏读就是 0.92%。汇总、计分都会错。

## 正反例
- 反例：指标值 ≥85%，完成值 0.92。
- 反例：指标值 0.95，单位 %。
- 正例：指标值 ≥85%，完成值 92%。

## 怎么改
写成百分数：0.92 改为 92%；单位栏已有 % 的填 92。

## 依据
绩效目标审核、自评复核实务。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    indicator::each(context, &[column::TARGET], |row| of_target(context, row).or_else(|| of_actual(context, row)))
}

/// A bare number between 0 and 1.
fn fraction(field: &Field) -> Option<Decimal> {
    parse_number(&squeeze(field.text())).filter(|number| *number > Decimal::ZERO && *number < Decimal::ONE)
}

fn of_actual(context: &Context<'_>, row: &Row) -> Option<Fault> {
    let target = row.target.as_ref().filter(|target| target.is_percent() && target.number >= Decimal::TEN)?;
    let (actual, aim) = (row.cell(column::ACTUAL)?, row.cell(column::TARGET)?);
    // A reverse indicator may well end at half a percent.
    if target.operator.is_some_and(Operator::is_reverse) {
        return None;
    }
    let percent = phrase::percent(fraction(actual)?);
    Some(Fault {
        expected: Some(percent.clone()),
        message: format!(
            "{}填 {}，而 {} 的指标值是 {}：像是 {percent} 写成了小数，相差一百倍",
            phrase::column_at(context.form, actual, column::ACTUAL),
            actual.text().trim(),
            aim.cell(),
            target,
        ),
        advice: format!("核对后把 {} 改为 {percent}。", actual.cell()),
        ..indicator::fault_at(actual, row, &[column::TARGET, column::UNIT])
    })
}

fn of_target(context: &Context<'_>, row: &Row) -> Option<Fault> {
    const SMALL: [&str; 10] = ["增长", "增幅", "提高", "提升", "下降", "降低", "增加", "减少", "死亡", "发生"];
    let target = row.target.as_ref().filter(|target| target.is_percent())?;
    let name = indicator::name(row)?;
    let is_small =
        SMALL.iter().any(|word| name.contains(word)) || indicator::has_any(&name, &context.policy.words.reverse);
    if target.operator.is_some_and(Operator::is_reverse) || is_small || !indicator::is_rate(&name) {
        return None;
    }
    let (aim, unit) = (row.cell(column::TARGET)?, row.cell(column::UNIT)?);
    let number = target.number;
    let is_fraction = number > Decimal::new(1, 1) && number < Decimal::ONE && !aim.text().contains(['%', '％']);
    if !is_fraction {
        return None;
    }
    let due = phrase::plain(number * Decimal::ONE_HUNDRED);
    Some(Fault {
        expected: Some(due.clone()),
        message: format!(
            "{}填 {}，{} 的单位是 %，合起来是 {}%：像是 {due}% 写成了小数，相差一百倍",
            phrase::column_at(context.form, aim, column::TARGET),
            aim.text().trim(),
            unit.cell(),
            phrase::plain(number),
        ),
        advice: format!("核对后把 {} 改为 {due}，单位仍为 %。", aim.cell()),
        ..indicator::fault_at(aim, row, &[column::UNIT, column::LEVEL3])
    })
}
