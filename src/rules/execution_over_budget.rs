//! A104: more was spent than the budget allows.

use super::funding::Spending;
use super::{Check, Context, Fault, Rule, Verdict, funding, money_magnitude_jump, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::{Grid, GridRow};
use crate::schema::concept::amount;

pub(super) static RULE: Rule = Rule {
    code: "A104",
    name: "execution-over-budget",
    severity: Severity::Error,
    dimension: Dimension::Consistency,
    authority: "《预算法》第十三条（支出以经批准的预算为依据）；系统（执行率超过 100% 不能保存）",
    summary: "全年执行数超过预算数，执行率高于 100%",
    docs: "
## 检查什么
资金总额行的全年执行数是否超过全年预算数（没有全年预算数一栏的，用年初预算数）；总额未超而某一分项超出的，指出该分项。口径允许超过的地方（`execution.over_full_is_fault = false`），本规则不再提出问题。

## 为什么
没有预算不得支出。执行率高于 100%，多为漏填年中追加，或执行数口径不对。

## 正反例
- 反例：全年预算数 329.77，全年执行数 338.31，执行率 102.59%。
- 正例：年中追加后全年预算数改为 340，执行 338.31。

## 怎么改
核对年中追加（调整）是否计入全年预算数；执行数按国库集中支付口径填列。

## 依据
《中华人民共和国预算法》第十三条；超过 100% 不予保存为一体化系统的做法。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    let Some(grid) = form.record.funding() else { return Verdict::NotApplicable };
    if !grid.rows.iter().any(|row| row.cells.contains_key(amount::EXECUTED)) {
        return Verdict::NotApplicable;
    }
    if !grid.rows.iter().any(|row| funding::spending(grid, row).is_some()) {
        return Verdict::InsufficientData;
    }
    if !context.policy.execution.over_full_is_fault {
        return Verdict::Checked(Vec::new());
    }
    let over: Vec<_> = grid.rows.iter().filter(|row| is_over(context, grid, row)).collect();
    // Where the total is over, its parts need no finding of their own.
    let totals: Vec<_> = over.iter().copied().filter(|row| funding::is_total(form, row)).collect();
    let marked = if totals.is_empty() { over } else { totals };
    Verdict::Checked(marked.into_iter().filter_map(|row| fault(context, grid, row)).collect())
}

fn is_over(context: &Context<'_>, grid: &Grid, row: &GridRow) -> bool {
    let is_over =
        |spending: &Spending<'_>| spending.spent > spending.planned && !money_magnitude_jump::tells(context, spending);
    funding::spending(grid, row).is_some_and(|spending| is_over(&spending)) && !is_empty_total(grid, row)
}

/// A total left at 0 above filled parts is a wrong sum, not overspending.
fn is_empty_total(grid: &Grid, row: &GridRow) -> bool {
    let column = funding::budget_column(grid);
    row.number(column).is_some_and(|n| n.is_zero())
        && grid.rows.iter().any(|other| other.number(column).is_some_and(|n| !n.is_zero()))
        && row.id == crate::schema::concept::line::TOTAL
}

fn fault(context: &Context<'_>, grid: &Grid, row: &GridRow) -> Option<Fault> {
    let spending = funding::spending(grid, row)?;
    let Spending { budget, executed, planned, spent } = spending;
    let rate = row.cells.get(amount::RATE);
    let mut related = vec![budget.cell(), executed.cell()];
    related.extend(rate.map(crate::form::Field::cell));
    let shown_rate = spending.rate().map(|rate| {
        format!("，执行率 {} ÷ {} = {}", phrase::term(executed), phrase::term(budget), phrase::percent(rate))
    });
    let shown_rate = shown_rate.unwrap_or_default();
    Some(Fault {
        cell: Some(rate.unwrap_or(executed).cell()),
        related,
        found: Some(executed.text().to_owned()),
        expected: Some(format!("≤{}", phrase::plain(planned))),
        difference: Some(phrase::plain(spent - planned)),
        message: format!(
            "{}填 {}，超过 {}的 {}，多出 {}{shown_rate}",
            phrase::at(executed.cell(), phrase::amount_label(context.form, amount::EXECUTED)),
            phrase::plain(spent),
            phrase::at(budget.cell(), phrase::amount_label(context.form, funding::budget_column(grid))),
            phrase::plain(planned),
            phrase::plain(spent - planned),
        ),
        advice: "核对年中追加是否计入全年预算数：计入后改正预算数，执行数多填的改正执行数。".to_owned(),
        ..Fault::default()
    })
}
