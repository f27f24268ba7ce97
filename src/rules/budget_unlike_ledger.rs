//! X130 budget-unlike-ledger: a budget that differs from the ledger of projects.

use rust_decimal::Decimal;

use super::amounts::{self, Money, Projects};
use super::{Check, Fault, RoundContext, RoundForm, Rule, Verdict, figure, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::Form;
use crate::roster::Project;
use crate::schema::Stage;

pub(super) static RULE: Rule = Rule {
    code: "X130",
    name: "budget-unlike-ledger",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "实务（表上的预算与项目台账一致）；允许差按本地口径 money.sum_tolerance",
    summary: "表上的预算与项目台账的金额不同",
    docs: "
## 检查什么
目标表的资金总额、监控表的年初预算数、自评表的年初预算数或全年预算数是否与项目台账的金额（万元）相同；允许差见口径 `money.sum_tolerance`，自评表两个数有一个相同就算相同，台账按万元取整的按取整后比。表以元填报的按表上注明的单位折算；正好差 10 000 倍、100 倍的由 X131 提出。没有台账、台账上没有这个项目、台账没有填金额的，不判断。

## 为什么
台账的金额是批复数。表上的数不同，不是填错就是报错了项目，汇总时金额也对不上。

## 正反例
- 反例：台账 86 万元，自评表年初预算数 68 万元
- 正例：台账 86 万元，年初预算数 86 万元，全年预算数 80 万元

## 怎么改
核对批复文件，改正表上的预算数；年中调整的，年初预算数仍填批复数；台账有误的请股室更正台账。

## 依据
实务。
",
    check: Check::Round(check),
};

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    let projects = Projects::of_round(round);
    let verdict = |one: &RoundForm<'_>| match &projects {
        Some(projects) if has_budget(one.form) => {
            projects.get(one).map_or(Verdict::InsufficientData, |project| judge(round, one, project))
        }
        _ => Verdict::NotApplicable,
    };
    round.forms.iter().map(verdict).collect()
}

/// Whether a form states the budget of one project.
pub(super) fn has_budget(form: &Form) -> bool {
    form.schema.subject.is_project()
        && matches!(form.schema.stage, Stage::Target | Stage::Monitoring | Stage::SelfEvaluation)
}

/// Whether an amount is the ledger's, or rounds to it.
pub(super) fn agrees(money: &Money<'_>, due: Decimal, tolerance: Decimal) -> bool {
    let place = Decimal::new(1, due.scale().min(Decimal::MAX_SCALE));
    (money.wan - due).abs() <= tolerance || figure::Figure { value: due, place }.shows(money.wan)
}

fn judge(round: &RoundContext<'_>, one: &RoundForm<'_>, project: &Project) -> Verdict {
    let budgets = amounts::budgets(one.form);
    let (Some(due), Some(first)) = (project.amount, budgets.first()) else { return Verdict::InsufficientData };
    let tolerance = round.policy.money.sum_tolerance;
    let slipped = budgets.iter().any(|money| amounts::slip(money.wan, due).is_of_units());
    if slipped || budgets.iter().any(|money| agrees(money, due, tolerance)) {
        return Verdict::Checked(Vec::new());
    }
    let hint = match first.likely(amounts::slip(first.wan, due)) {
        hint if hint.is_empty() => hint,
        hint => format!("，{hint}"),
    };
    Verdict::Checked(vec![Fault {
        cell: Some(first.field.cell()),
        related: budgets.iter().skip(1).map(|money| money.field.cell()).collect(),
        found: Some(first.field.text().to_owned()),
        expected: Some(format!("{} 万元", phrase::plain(due))),
        difference: Some(amounts::in_wan(first.wan - due)),
        message: format!(
            "{}，项目台账上“{}”是 {} 万元，{}{hint}",
            first.told(one.form),
            project.name,
            phrase::plain(due),
            amounts::apart(first.wan, due),
        ),
        advice: "核对批复文件，改正表上的预算数；年中调整的，年初预算数仍填批复数；台账有误的，请股室更正台账。"
            .to_owned(),
        ..Fault::default()
    }])
}
