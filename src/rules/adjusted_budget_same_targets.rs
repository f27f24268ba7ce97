//! X129 adjusted-budget-same-targets: a budget adjusted a lot while every target stayed.

use super::chain::{self, Alignment};
use super::{Check, Fault, RoundContext, RoundForm, Rule, Verdict, amounts, phrase};
use crate::finding::{Dimension, Severity};
use crate::policy::Policy;
use crate::schema::concept::amount;

pub(super) static RULE: Rule = Rule {
    code: "X129",
    name: "adjusted-budget-same-targets",
    severity: Severity::Info,
    dimension: Dimension::Adequacy,
    authority: "实务（预算调整的，绩效目标同步调整）；幅度按本地口径 money.adjusted_from",
    summary: "预算调整很大，指标值一个没有动",
    docs: "
## 检查什么
自评表的全年预算数比年初预算数增减达到口径 `money.adjusted_from`（默认五成），而批复的目标里的指标值在自评表里一个也没有变。年初、全年预算数有一个没有填，或者没有批复的目标可对照的，不判断。批复的目标取本批或上一轮结果里同一项目、同一年度的绩效目标表，没有目标表的取最近一次监控表；部门整体的表按单位认。指标按二级指标和名称对应。

## 为什么
钱多了一倍、少了一半，要做的事不变，不是当初目标定得不实，就是调整后没有按程序调整目标。

## 正反例
- 反例：年初预算 100 万元，全年预算 240 万元，指标值与批复的全部相同
- 正例：年初预算 100 万元，全年预算 240 万元，“培训人数”由 300 人调为 700 人

## 怎么改
说明预算调整后目标为什么不变；应当调整的，按程序调整后填写。

## 依据
实务；幅度各地可改。
",
    check: Check::Round(check),
};

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    chain::each_behind(round, |form, own| {
        let (before, alignment) = round.aligned(form)?;
        Some(judge(own, before, alignment, round.changes(form).is_empty(), round.policy))
    })
}

fn judge(
    own: &RoundForm<'_>,
    before: &RoundForm<'_>,
    alignment: &Alignment<'_>,
    unchanged: bool,
    policy: &Policy,
) -> Verdict {
    let (initial, budget) = (amounts::of(own.form, amount::INITIAL), amounts::of(own.form, amount::BUDGET));
    let (Some(initial), Some(budget)) = (initial, budget) else { return Verdict::InsufficientData };
    let Some(share) = (budget.wan - initial.wan).checked_div(initial.wan) else { return Verdict::InsufficientData };
    let pairs = alignment.kept.iter().chain(&alignment.renamed);
    let measured = pairs.filter(|pair| pair.earlier.target.is_some()).count();
    let same = measured > 0 && alignment.dropped.is_empty() && alignment.added.is_empty() && unchanged;
    let from = policy.money.adjusted_from;
    if from.is_zero() || share.abs() < from || !same {
        return Verdict::Checked(Vec::new());
    }
    let way = if share.is_sign_negative() { "减少" } else { "增加" };
    Verdict::Checked(vec![Fault {
        cell: Some(budget.field.cell()),
        related: vec![initial.field.cell()],
        found: Some(budget.field.text().to_owned()),
        message: format!(
            "{}，比 {} 年初的{}{way} {}，{} 个定量指标的指标值与{}（{} {}）全部相同",
            budget.told(own.form),
            initial.field.cell(),
            initial.amount(),
            phrase::percent(share.abs()),
            measured,
            chain::said_in(before),
            chain::file(before),
            before.form.sheet,
        ),
        advice: "说明预算调整后目标为什么不变；应当调整的，按程序调整后填写。".to_owned(),
        ..Fault::default()
    }])
}
