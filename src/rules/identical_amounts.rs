//! X112: the money of two projects is the same to the cent.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::others::{LISTED, called, elsewhere, more};
use super::unit_projects::peers;
use super::{Check, Fault, RoundContext, Rule, Verdict, funding, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Form};

pub(super) static RULE: Rule = Rule {
    code: "X112",
    name: "identical-amounts",
    severity: Severity::Info,
    dimension: Dimension::Consistency,
    authority: "实务（资金数照抄别的项目）",
    summary: "本单位两个项目的资金一分不差",
    docs: "
## 检查什么
同一单位、同一环节、同一年度的两个项目，资金栏的全部数字完全相同，而且不是整数：其中至少有一个数的有效数字在四位以上（如 52.37）。
工资、公用经费等基本支出项目不计。

## 为什么
两个项目的预算、执行一分不差，多半是复制上一张表之后没有改。

## 正反例
- 反例：“渠道清淤”和“泵站改造”都是预算 52.37 万元、执行 51.86 万元。
- 正例：两个项目都是预算 50 万元。

## 怎么改
按预算批复和支付系统逐个核对；确实相同的不必改。

## 依据
自评复核实务。
",
    check: Check::Round(check),
};

/// A figure with fewer digits that say something is a round one: 50, 12.5, 1 200 000.
const DIGITS: Decimal = Decimal::from_parts(1_000, 0, 0, false, 0);

/// A row, a column and what it holds, in 元.
type Said<'a> = (&'a str, &'a str, Decimal);

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    let mut alike: BTreeMap<(usize, Vec<Said<'_>>), Vec<usize>> = BTreeMap::new();
    for (unit, peers) in peers(round).into_iter().enumerate() {
        for form in peers {
            let Some(one) = round.forms.get(form) else { continue };
            let factor = one.form.record.money_factor().unwrap_or(Decimal::from(10_000));
            let in_yuan = |(row, column, field): (_, _, &Field)| {
                Some((row, column, field.number()?.checked_mul(factor)?.normalize()))
            };
            let said: Vec<_> = amounts(one.form).into_iter().filter_map(in_yuan).collect();
            if said.iter().any(|(.., number)| is_telling(*number)) {
                alike.entry((unit, said)).or_default().push(form);
            }
        }
    }
    let verdict = |one: &super::RoundForm<'_>| match one.form.record.funding() {
        None => Verdict::NotApplicable,
        Some(grid) => {
            let mut cells = grid.rows.iter().flat_map(|row| row.cells.values());
            if cells.any(|field| field.number().is_some()) {
                Verdict::Checked(Vec::new())
            } else {
                Verdict::InsufficientData
            }
        }
    };
    let mut verdicts: Vec<Verdict> = round.forms.iter().map(verdict).collect();
    for forms in alike.values().filter(|forms| forms.len() > 1) {
        for form in forms {
            let fault = fault(round, *form, forms);
            if let (Some(Verdict::Checked(faults)), Some(fault)) = (verdicts.get_mut(*form), fault) {
                faults.push(fault);
            }
        }
    }
    verdicts
}

fn fault(round: &RoundContext<'_>, form: usize, alike: &[usize]) -> Option<Fault> {
    let own = round.forms.get(form)?;
    let first = alike.iter().find(|other| **other != form).and_then(|other| round.forms.get(*other))?;
    let fields = amounts(own.form);
    let telling = fields.iter().find(|(.., field)| field.number().is_some_and(is_telling));
    let field = telling.or(fields.first())?.2;
    let others = alike.iter().filter(|other| **other != form).take(LISTED).filter_map(|other| {
        let other = round.forms.get(*other)?;
        let their =
            amounts(other.form).into_iter().map(|(.., field)| field).find(|their| their.number() == field.number());
        Some(elsewhere(other, their.map(Field::cell), their.map(Field::text).unwrap_or_default()))
    });
    let figures: Vec<String> = fields.iter().take(LISTED).map(|(.., field)| phrase::term(field)).collect();
    Some(Fault {
        cell: Some(field.cell()),
        related: fields.iter().map(|(.., field)| field.cell()).collect(),
        elsewhere: others.collect(),
        found: Some(field.text().to_owned()),
        message: format!(
            "资金栏的数字（{}）与{}的完全相同{}",
            figures.join("、"),
            called(own, first),
            more(alike.len() - 1)
        ),
        advice: "按预算批复和支付系统核对这两个项目的金额；确实相同的不必改。".to_owned(),
        ..Fault::default()
    })
}

/// The amounts of the money block that are not 0, with what they are, in reading order.
fn amounts(form: &Form) -> Vec<(&str, &str, &Field)> {
    let Some(grid) = form.record.funding() else { return Vec::new() };
    let columns = funding::money_columns(form);
    let cells = grid.rows.iter().flat_map(|row| row.cells.iter().map(move |(column, field)| (row, column, field)));
    let money = cells.filter(|(_, column, field)| {
        columns.contains(column.as_str()) && field.number().is_some_and(|number| !number.is_zero())
    });
    let mut amounts: Vec<(&str, &str, &Field)> =
        money.map(|(row, column, field)| (row.id.as_str(), column.as_str(), field)).collect();
    amounts.sort_by_key(|(.., field)| field.cell());
    amounts
}

/// Whether the figure is one that two projects do not share by chance.
fn is_telling(number: Decimal) -> bool {
    let mut digits = Decimal::from(number.normalize().mantissa().unsigned_abs() % 1_000_000_000_000_000_000);
    while !digits.is_zero() && (digits % Decimal::TEN).is_zero() {
        digits /= Decimal::TEN;
    }
    digits >= DIGITS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_figure_tells_nothing_in_any_unit_of_money() {
        let telling = |text: &str| is_telling(text.parse().expect("a number"));
        assert!(telling("52.37") && telling("523700") && telling("1234.5"));
        assert!(!telling("50") && !telling("12.5") && !telling("1200000") && !telling("0"));
    }
}
