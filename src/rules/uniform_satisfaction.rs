//! X111: satisfaction came out the same in every project of a unit.

use rust_decimal::Decimal;

use super::others::{LISTED, besides, elsewhere};
use super::unit_projects::peers;
use super::{Check, Fault, RoundContext, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Form};
use crate::schema::Stage;
use crate::schema::concept::column;

pub(super) static RULE: Rule = Rule {
    code: "X111",
    name: "uniform-satisfaction",
    severity: Severity::Info,
    dimension: Dimension::Consistency,
    authority: "实务（自评复核：满意度须有调查）",
    summary: "一个单位各项目的满意度完成值全都一样",
    docs: "
## 检查什么
同一单位、同一年度的项目自评表在三份以上，都有满意度指标，满意度的完成值全部是同一个数。
工资、公用经费等基本支出项目不计；有一份没有填的，不判断。

## 为什么
对象不同、问的事不同，调查结果不会一样；一样的多半没有调查。

## 正反例
- 反例：五个项目的满意度都是 98%。
- 正例：96.4%、98%、91.5%，样本数写在说明里。

## 怎么改
按各项目自己的调查填写；全单位只做一次调查的，在说明里写明调查对象、样本数。

## 依据
自评复核实务第 4 条。
",
    check: Check::Round(check),
};

/// Two may agree by chance.
const FEWEST: usize = 3;

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    let verdict = |one: &super::RoundForm<'_>| match (one.form.schema.stage, actuals(one.form)) {
        (Stage::SelfEvaluation, Some(actuals)) if one.form.schema.subject.is_project() => match common(&actuals) {
            None if actuals.iter().any(|field| percent(field).is_none()) => Verdict::InsufficientData,
            _ => Verdict::Checked(Vec::new()),
        },
        _ => Verdict::NotApplicable,
    };
    let mut verdicts: Vec<Verdict> = round.forms.iter().map(verdict).collect();
    for peers in peers(round).into_iter().filter(|peers| peers.len() >= FEWEST) {
        let of = |form: usize| round.forms.get(form).and_then(|one| actuals(one.form));
        let figures: Option<Vec<Decimal>> = peers.iter().map(|form| common(&of(*form)?)).collect();
        let Some(figure) =
            figures.and_then(|all| all.first().copied().filter(|first| all.iter().all(|one| one == first)))
        else {
            continue;
        };
        for form in &peers {
            let Some(Verdict::Checked(faults)) = verdicts.get_mut(*form) else { continue };
            let Some(fields) = of(*form) else { continue };
            let others = peers.iter().filter(|other| *other != form).take(LISTED).filter_map(|other| {
                let field = of(*other)?.first().copied()?;
                Some(elsewhere(round.forms.get(*other)?, Some(field.cell()), field.text()))
            });
            let stated = indicator::once(&fields, |_| Fault {
                message: format!(
                    "本单位 {} 个项目的满意度完成值全是 {}%{}",
                    peers.len(),
                    phrase::plain(figure),
                    besides(round, *form, &peers),
                ),
                advice: "按各项目自己的调查填写；全单位只做一次调查的，在说明里写明对象和样本数。".to_owned(),
                ..Fault::default()
            });
            faults.extend(stated.map(|fault| Fault { elsewhere: others.collect(), ..fault }));
        }
    }
    verdicts
}

/// The actual values of satisfaction; `None` in a form without such an indicator or column.
fn actuals(form: &Form) -> Option<Vec<&Field>> {
    let rows = &form.record.indicators()?.rows;
    let actuals: Vec<&Field> =
        rows.iter().filter(|row| indicator::is_satisfaction(row)).filter_map(|row| row.cell(column::ACTUAL)).collect();
    Some(actuals).filter(|actuals| !actuals.is_empty())
}

/// The one percentage that all of them are.
fn common(actuals: &[&Field]) -> Option<Decimal> {
    let first = percent(actuals.first()?)?;
    actuals.iter().all(|field| percent(field) == Some(first)).then_some(first)
}

/// A percentage, as written or as a fraction.
fn percent(field: &Field) -> Option<Decimal> {
    let measure = field.measure()?;
    let fraction = measure.unit.is_none() && measure.number <= Decimal::ONE;
    Some(if fraction { measure.number * Decimal::ONE_HUNDRED } else { measure.number }.normalize())
}
