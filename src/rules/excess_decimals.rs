//! V113 excess-decimals: amounts with more decimals than the unit of money has sense for.

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, fix, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::Field;
use crate::schema::concept::amount;
use crate::value::Value;

pub(super) static RULE: Rule = Rule {
    code: "V113",
    name: "excess-decimals",
    severity: Severity::Info,
    dimension: Dimension::Consistency,
    authority: "建议（以万元填报，六位小数已精确到分）；本地口径 money.decimals",
    summary: "金额小数位过多",
    docs: "\
## 检查什么

金额（元不超过 2 位、万元不超过口径规定的位数）小数位过多。同一张表有多处时标在第一处。

## 为什么

多出的小数多半是元折算万元时没有四舍五入，合计容易差出尾数。

## 正反例

- 反例：`89.9743215`（万元）
- 正例：`89.97`（万元）

## 怎么改

四舍五入到规定位数，并核对合计。
修改建议：逐格四舍五入到规定位数，合计另行核对。

## 依据

绩效目标审核、自评复核实务。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    let record = &ctx.form.record;
    let Some(grid) = record.funding() else {
        return Verdict::NotApplicable;
    };
    let allowed = if record.money_factor() == Some(Decimal::ONE) { 2 } else { ctx.policy.money.decimals };
    let long: Vec<&Field> = grid
        .rows
        .iter()
        .flat_map(|row| {
            [amount::INITIAL, amount::BUDGET, amount::EXECUTED].into_iter().filter_map(|id| row.cells.get(id))
        })
        .filter(|cell| cell.number().is_some_and(|number| number.normalize().scale() > allowed))
        .collect();
    let mut fault = indicator::once(&long, |cell| Fault {
        message: format!("{}的金额“{}”超过 {allowed} 位小数", cell.cell(), cell.text()),
        expected: cell.number().map(|number| phrase::plain(number.round_dp(allowed))),
        advice: format!(
            "四舍五入到 {allowed} 位小数（{} 填 {}），并核对合计。",
            cell.cell(),
            cell.number().map(|number| phrase::plain(number.round_dp(allowed))).unwrap_or_default()
        ),
        ..Fault::default()
    });
    if let Some(fault) = &mut fault {
        let short = |cell: &&Field| Some(Value::Number(cell.number()?.round_dp(allowed).normalize()));
        fault.fix = fix::suggested(long.iter().filter_map(|cell| Some((*cell, short(cell)?))));
    }
    Verdict::Checked(fault.into_iter().collect())
}
