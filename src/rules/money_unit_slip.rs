//! X131 money-unit-slip: amounts of 元 and 万元 taken for each other between forms, or against the ledger.

use rust_decimal::Decimal;

use super::amounts::{self, Money, Projects};
use super::budget_unlike_ledger::{agrees, has_budget};
use super::chain;
use super::{Check, Fault, RoundContext, RoundForm, Rule, Verdict, phrase};
use crate::finding::{Dimension, Severity};

pub(super) static RULE: Rule = Rule {
    code: "X131",
    name: "money-unit-slip",
    severity: Severity::Error,
    dimension: Dimension::Consistency,
    authority: "实务（元、万元不得混用）",
    summary: "预算与台账或同一项目的前一张表相差一万倍、一百倍，元与万元弄错",
    docs: "
## 检查什么
表上的预算（年初预算数，没有的取全年预算数、资金总额）与项目台账的金额，或与同一项目、同一年度前一张表（目标表，没有的取监控表）的预算，是否正好相差 10 000 倍（上下 5% 以内）或 100 倍。按两张表各自注明的单位折成万元后比，没有注明的按万元；与台账相符的不再与前一张表比。说明多半是按什么单位填的，不替单位换算。

## 为什么
一万倍是元填成万元或万元填成元，一张表就能让全区的汇总面目全非。

## 正反例
- 反例：台账 86 万元，表上注明单位万元，填 860000
- 正例：台账 86 万元，表上注明单位元，填 860000

## 怎么改
核对金额和表上注明的单位，改正其中一处；前一张表有误的，改前一张。

## 依据
实务。
",
    check: Check::Round(check),
};

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    let projects = Projects::of_round(round);
    let judge = |(form, one): (usize, _)| judge(round, one, projects.as_ref(), || round.approved(form));
    round.forms.iter().enumerate().map(judge).collect()
}

fn judge<'a>(
    round: &RoundContext<'a>,
    one: &'a RoundForm<'a>,
    projects: Option<&Projects<'a>>,
    approved: impl Fn() -> Option<&'a RoundForm<'a>>,
) -> Verdict {
    if !has_budget(one.form) {
        return Verdict::NotApplicable;
    }
    let budgets = amounts::budgets(one.form);
    let Some(own) = budgets.first() else { return Verdict::InsufficientData };
    let due = projects.and_then(|projects| projects.get(one)).and_then(|project| Some((project, project.amount?)));
    if let Some((project, due)) = due {
        let other = format!("项目台账上“{}”是 {} 万元", project.name, phrase::plain(due));
        if let Some((times, found)) = fault(one, own, due, &other) {
            return Verdict::Checked(vec![against_ledger(own, times, found)]);
        }
        if agrees(own, due, round.policy.money.sum_tolerance) {
            return Verdict::Checked(Vec::new());
        }
    }
    let before = approved().and_then(|before| Some((before, *amounts::budgets(before.form).first()?)));
    let Some((before, other)) = before else {
        return if due.is_some() { Verdict::Checked(Vec::new()) } else { Verdict::InsufficientData };
    };
    let told = format!("{}是{}", chain::cited(before, other.field.cell()), other.amount());
    let found = fault(one, own, other.wan, &told);
    let found = found.map(|(_, fault)| Fault {
        elsewhere: vec![chain::elsewhere(before, other.field)],
        message: fault.message + "，有一张表的元、万元弄错了",
        advice: "核对批复文件和两张表注明的单位，改正弄错的那一张。".to_owned(),
        ..fault
    });
    Verdict::Checked(found.into_iter().collect())
}

/// The ledger is what was approved: the form is likely wrong, and what it should say is known.
fn against_ledger(own: &Money<'_>, times: Decimal, fault: Fault) -> Fault {
    let meant = own.field.number().and_then(|number| number.checked_div(times)).map(phrase::plain).unwrap_or_default();
    Fault {
        message: format!("{}，{}", fault.message, own.likely(amounts::Slip::Times(times))),
        advice: format!("核对后把 {} 改为 {meant}；台账有误的，请股室更正台账。", own.field.cell()),
        ..fault
    }
}

/// An amount that is ten thousand times or a hundred times another, with how many times; what is likely wrong is not said.
fn fault(one: &RoundForm<'_>, own: &Money<'_>, other: Decimal, told: &str) -> Option<(Decimal, Fault)> {
    let slip = amounts::slip(own.wan, other);
    let amounts::Slip::Times(times) = slip else { return None };
    if !slip.is_of_units() {
        return None;
    }
    let many = match times > Decimal::ONE {
        true => format!("{} 倍", phrase::plain(times)),
        false => format!("{} 分之一", phrase::plain(Decimal::ONE / times)),
    };
    let fault = Fault {
        cell: Some(own.field.cell()),
        found: Some(own.field.text().to_owned()),
        message: format!("{}，{told}，这里约是它的 {many}", own.told(one.form)),
        ..Fault::default()
    };
    Some((times, fault))
}
