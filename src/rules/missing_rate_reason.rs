//! C108: little of the budget was spent and the place for the reason is empty.

use super::{Check, Context, Fault, Rule, Verdict, funding, phrase};
use crate::finding::{Dimension, Severity};
use crate::schema::concept::amount;

pub(super) static RULE: Rule = Rule {
    code: "C108",
    name: "missing-rate-reason",
    severity: Severity::Warning,
    dimension: Dimension::Completeness,
    authority: "实务（四川自评表的注：执行率未达 90% 须说明原因）；本地口径 execution.reason_below",
    summary: "执行率偏低而没有说明原因",
    docs: "
## 检查什么
资金总额行的执行率低于口径 `execution.reason_below`（默认 90%）时，资金栏的“原因”一格是否空着或仍是填表提示语。表上没有这一格的，不适用。

## 为什么
预算没有执行完，要么预算编多了，要么事没有办完，都要有交代。

## 正反例
- 反例：执行率 62%，原因栏空着。
- 正例：执行率 62%，原因“设备 12 月到货，尾款次年支付”。

## 怎么改
写明预算没有执行完的原因。

## 依据
部门预算项目支出绩效自评表（四川）填表说明“执行率未达 90% 须说明原因”；各地要求不同，见口径。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    let (Some(grid), Some(row)) = (form.record.funding(), funding::main_row(form)) else {
        return Verdict::NotApplicable;
    };
    let line = context.policy.execution.reason_below;
    let Some(reason) = row.cells.get(amount::REASON).filter(|_| !line.is_zero()) else {
        return Verdict::NotApplicable;
    };
    let Some(spending) = funding::spending(grid, row) else { return Verdict::InsufficientData };
    let Some(rate) = spending.rate() else { return Verdict::InsufficientData };
    if rate >= line || funding::has_reason(grid, &context.policy.words) {
        return Verdict::Checked(Vec::new());
    }
    Verdict::Checked(vec![Fault {
        cell: Some(reason.cell()),
        related: [spending.budget, spending.executed]
            .into_iter()
            .chain(row.cells.get(amount::RATE))
            .map(crate::form::Field::cell)
            .collect(),
        found: reason.is_filled().then(|| crate::text::excerpt(reason.text(), 30)),
        message: format!(
            "执行率 {} ÷ {} = {}，低于 {}，{}没有说明原因",
            phrase::term(spending.executed),
            phrase::term(spending.budget),
            phrase::percent(rate),
            phrase::percent(line),
            phrase::at(reason.cell(), phrase::amount_label(form, amount::REASON)),
        ),
        advice: "写明预算为什么没有执行完，如“设备12月到货，尾款次年支付”。".to_owned(),
        ..Fault::default()
    }])
}
