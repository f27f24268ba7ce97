//! A102: 执行率 is not 执行数 ÷ 预算数.

use rust_decimal::Decimal;

use super::funding::Spending;
use super::{Check, Context, Fault, Rule, Verdict, figure, fix, funding, money_magnitude_jump, phrase};
use crate::finding::{Dimension, Fix, Severity};
use crate::form::Field;
use crate::schema::concept::amount;

pub(super) static RULE: Rule = Rule {
    code: "A102",
    name: "execution-rate-mismatch",
    severity: Severity::Error,
    dimension: Dimension::Consistency,
    authority: "财预〔2020〕10号 附件1 自评表填表说明（执行率＝全年执行数÷全年预算数×100%）",
    summary: "执行率与执行数、预算数不一致",
    docs: "
## 检查什么
逐行按“全年执行数 ÷ 全年预算数”重算执行率（没有全年预算数一栏的，用年初预算数），与填报的执行率比较。按填报的小数位四舍五入或截去尾数都算一致；没有写百分号的，按小数或百分数理解，有一种相符即可。预算数、执行数都为 0 的，执行率按口径 `execution.zero_budget`，默认应为 0。

## 为什么
执行率决定预算执行得分，也是监控和结果应用的依据。

## 正反例
- 反例：预算 120、执行 100.2，执行率填 98%（应为 83.5%）。
- 反例：预算 0、执行 0，执行率填 100%。
- 正例：预算 43.2、执行 37.24，执行率填 86% 或 86.2%。

## 怎么改
按公式重算执行率；数字本身有误的先改预算数、执行数。
自动改正：预算数、执行数都没有疑问的，执行率改为重算的数。修改建议：执行数超过预算数、预算数为 0 或两数有疑问的，同样改，由单位定。

## 依据
财预〔2020〕10号 附件1 项目支出绩效自评表填表说明。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let Some(grid) = context.form.record.funding() else { return Verdict::NotApplicable };
    if !grid.rows.iter().any(|row| row.cells.contains_key(amount::RATE)) {
        return Verdict::NotApplicable;
    }
    let mut compared = false;
    let mut faults = Vec::new();
    for row in &grid.rows {
        let Some(rate) = row.cells.get(amount::RATE).filter(|rate| rate.number().is_some()) else { continue };
        let Some(spending) = funding::spending(grid, row) else { continue };
        if spending.planned.is_zero() && !spending.spent.is_zero() {
            // No rate can be told; spending without a budget is another rule's fault.
            continue;
        }
        compared = true;
        let exact = spending.rate().unwrap_or_else(|| context.policy.execution.zero_budget.rate());
        let is_shown = figure::printed_rate(rate).iter().any(|figure| figure.shows(exact));
        if !is_shown && !money_magnitude_jump::tells(context, &spending) {
            faults.push(fault(context, rate, &spending, exact));
        }
    }
    if compared { Verdict::Checked(faults) } else { Verdict::InsufficientData }
}

fn fault(context: &Context<'_>, rate: &Field, spending: &Spending<'_>, exact: Decimal) -> Fault {
    let (budget, executed) = (spending.budget, spending.executed);
    let label = phrase::amount_label(context.form, amount::RATE);
    let equation = if spending.planned.is_zero() {
        format!("{} 和 {} 都为 0，执行率应为 {} 或不填", budget.cell(), executed.cell(), phrase::percent(exact))
    } else {
        format!("应为 {} ÷ {} = {}", phrase::term(executed), phrase::term(budget), phrase::percent(exact))
    };
    let shown = phrase::percent(exact);
    // A wrong percent sign makes a hundred.
    let is_hundredfold = |figure: &figure::Figure| {
        [Decimal::ONE_HUNDRED, Decimal::new(1, 2)].into_iter().any(|by| {
            let figure = figure::Figure { value: figure.value * by, place: figure.place * by };
            figure.place <= Decimal::new(1, 2) && !figure.value.is_zero() && figure.shows(exact)
        })
    };
    let likely = match figure::printed_rate(rate).iter().any(is_hundredfold) {
        true => "，相差一百倍，像是百分号写错了",
        false => "",
    };
    let found = figure::printed_rate(rate).into_iter().map(|figure| figure.value - exact).min_by_key(Decimal::abs);
    Fault {
        cell: Some(rate.cell()),
        related: vec![budget.cell(), executed.cell()],
        found: Some(rate.text().to_owned()),
        difference: found.map(phrase::percent),
        message: format!("{}填 {}，{equation}{likely}", phrase::at(rate.cell(), label), rate.text().trim()),
        advice: format!("把 {} 改为 {shown}；预算数、执行数填错的先改数。", rate.cell()),
        expected: Some(shown),
        fix: {
            let certain = !spending.planned.is_zero() && spending.spent <= spending.planned;
            let fix = fix::safe([(rate, fix::rate(rate, exact))]);
            fix::only_if(certain, fix.map(|fix| Fix { rests_on: vec![budget.cell(), executed.cell()], ..fix }))
        },
        ..Fault::default()
    }
}
