//! X134 spending-fell: a cumulative spending that is lower than what was reported before.

use super::{Check, Fault, RoundContext, RoundForm, Rule, Verdict, amounts, chain};
use crate::finding::{Dimension, Severity};
use crate::schema::concept::amount;

pub(super) static RULE: Rule = Rule {
    code: "X134",
    name: "spending-fell",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "实务（累计执行数不会减少）；允许差按本地口径 money.sum_tolerance",
    summary: "累计执行数比前一次监控的还少",
    docs: "
## 检查什么
监控表的执行数、自评表的全年执行数，是否少于同一项目、同一年度前一次监控表的执行数（按月份取之前最近的一次；自评表取最后一次）。按两张表注明的单位折成万元后比，允许差见口径 `money.sum_tolerance`。监控表读不出月份的不比。

## 为什么
执行数是年初以来的累计数，只会增加。少了，不是有一处填错，就是退了款没有说明。

## 正反例
- 反例：7月监控执行 52 万元，9月监控执行 45 万元
- 正例：7月监控执行 52 万元，9月监控执行 60 万元

## 怎么改
核对支付系统，改正填错的一处；有退款、收回的，写明原因。

## 依据
实务。
",
    check: Check::Round(check),
};

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    chain::each_monitored(round, |own, before| judge(round, own, before))
}

fn judge(round: &RoundContext<'_>, own: &RoundForm<'_>, before: &RoundForm<'_>) -> Verdict {
    let executed = |one| amounts::of(one, amount::EXECUTED);
    let (Some(was), Some(is)) = (executed(before.form), executed(own.form)) else { return Verdict::InsufficientData };
    // A leap of ten thousand is a matter of units and told as such.
    if is.wan + round.policy.money.sum_tolerance >= was.wan || amounts::slip(is.wan, was.wan).is_of_units() {
        return Verdict::Checked(Vec::new());
    }
    Verdict::Checked(vec![Fault {
        cell: Some(is.field.cell()),
        elsewhere: vec![chain::elsewhere(before, was.field)],
        found: Some(is.field.text().to_owned()),
        expected: Some(format!("≥{} 万元", amounts::in_wan(was.wan))),
        difference: Some(amounts::in_wan(is.wan - was.wan)),
        message: format!(
            "{}，{}已是{}，累计数反而少了 {} 万元",
            is.told(own.form),
            chain::cited(before, was.field.cell()),
            was.amount(),
            amounts::in_wan(was.wan - is.wan),
        ),
        advice: "核对支付系统，改正填错的一处；有退款、收回的，写明原因。".to_owned(),
        ..Fault::default()
    }])
}
