//! V116 money-magnitude-jump: amounts of one form that differ by ten thousand: 元 taken for 万元.

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::address::CellRef;
use crate::finding::{Dimension, Severity};
use crate::form::{Form, Row};
use crate::schema::concept::{amount, column, line};

pub(super) static RULE: Rule = Rule {
    code: "V116",
    name: "money-magnitude-jump",
    severity: Severity::Error,
    dimension: Dimension::Consistency,
    authority: "实务",
    summary: "金额相差正好一万倍，元与万元混用",
    docs: "\
## 检查什么

资金总额的各列之间、资金总额与成本指标、资金总额与年度目标中写的金额之间，正好相差一万倍（误差千分之一以内）。

## 为什么

元和万元混用会使金额错一万倍，汇总数据跟着出错。

## 正反例

- 反例：资金总额 43.2（万元），成本 `≤432000万元`
- 正例：资金总额 43.2（万元），成本 `≤43.2万元`

## 怎么改

核对金额单位，统一换算成表头注明的单位。

## 依据

绩效目标审核、自评复核实务。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    let Some(grid) = ctx.form.record.funding() else {
        return Verdict::NotApplicable;
    };
    let totals: Vec<(CellRef, Decimal)> = [amount::BUDGET, amount::INITIAL, amount::EXECUTED]
        .into_iter()
        .filter_map(|id| grid.cell(line::TOTAL, id))
        .filter_map(|cell| Some((cell.cell(), cell.number()?)))
        .filter(|(_, number)| *number > Decimal::ZERO)
        .collect();
    let Some((base, total)) = totals.first().copied() else {
        return Verdict::InsufficientData;
    };
    let mut faults: Vec<Fault> = totals
        .iter()
        .skip(1)
        .filter(|(_, number)| is_jump(*number, total))
        .map(|(cell, number)| fault(*cell, &phrase::plain(*number), base, total))
        .collect();
    faults.extend(costs(ctx).into_iter().filter_map(|(cell, text, number)| {
        is_jump(number, in_wan(ctx.form, total)?).then(|| fault(cell, &text, base, total))
    }));
    Verdict::Checked(faults)
}

/// Cost targets that write their unit of money, in 万元.
fn costs(ctx: &Context<'_>) -> Vec<(CellRef, String, Decimal)> {
    let rows = ctx.form.record.indicators().into_iter().flat_map(|table| &table.rows);
    let cost = |row: &Row| {
        let target = row.target.as_ref().filter(|_| indicator::is_money_cost(row) && !is_apiece(row))?;
        let number = indicator::in_wan(target.number, target.unit.as_deref()?)?;
        Some((row.at(column::TARGET)?, target.to_string(), number))
    };
    rows.filter_map(cost).collect()
}

/// `户均成本`, `单座造价`, `每公里投资`: the cost of one piece says nothing of the total.
fn is_apiece(row: &Row) -> bool {
    indicator::name(row).is_some_and(|name| name.contains(['均', '单', '每']))
}

/// The total in 万元, where the form says its unit of money.
fn in_wan(form: &Form, total: Decimal) -> Option<Decimal> {
    total.checked_mul(form.record.money_factor()?)?.checked_div(Decimal::from(10_000))
}

fn is_jump(a: Decimal, b: Decimal) -> bool {
    let (small, large) = if a < b { (a, b) } else { (b, a) };
    let Some(ratio) = large.checked_div(small) else {
        return false;
    };
    (ratio - Decimal::from(10_000)).abs() <= Decimal::TEN
}

fn fault(cell: CellRef, text: &str, base: CellRef, total: Decimal) -> Fault {
    Fault {
        cell: Some(cell),
        related: vec![base],
        found: Some(text.to_owned()),
        message: format!("{cell}的“{text}”与{base}的资金总额 {} 相差一万倍，元与万元混用", phrase::plain(total)),
        advice: "核对金额单位，统一换算成表头注明的单位。".to_owned(),
        ..Fault::default()
    }
}
