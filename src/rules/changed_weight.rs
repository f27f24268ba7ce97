//! X127 changed-weight: weights of indicators that differ from the approved ones.

use rust_decimal::Decimal;

use super::chain::{self, Alignment, Pair};
use super::{Check, Fault, RoundContext, RoundForm, Rule, Verdict, indicator, phrase};
use crate::address::CellRef;
use crate::finding::{Dimension, Severity};
use crate::form::Field;
use crate::policy::Policy;
use crate::schema::concept::column;
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "X127",
    name: "changed-weight",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "财预〔2015〕88号（绩效目标一经批复一般不予调整，确需调整的按程序报批）；允许差按本地口径 scoring.tolerance",
    summary: "指标的分值与批复的不同",
    docs: "
## 检查什么
同一指标在批复的目标和监控表、自评表里的分值（权重）是否相同；允许差见口径 `scoring.tolerance`。两处合计不同（一处 100，一处扣除执行率 10 分后是 90）而指标相同的，按合计折算后比，差不到 1 分的不算；指标有增减、合计又不同的不比。批复的目标取本批或上一轮结果里同一项目、同一年度的绩效目标表，没有目标表的取最近一次监控表；部门整体的表按单位认。指标按二级指标和名称对应。

## 为什么
把没有完成的指标分值调低，总分就上去了。

## 正反例
- 反例：批复“验收合格率”20 分，自评表 10 分
- 正例：两处都是 20 分

## 怎么改
改回批复的分值，得分一并重算。

## 依据
财预〔2015〕88号。
",
    check: Check::Round(check),
};

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    chain::each_aligned(round, |own, before, alignment| judge(own, before, alignment, round.policy))
}

/// The weights of an indicator before and now.
struct Weights<'a> {
    name: &'a str,
    old: &'a Field,
    new: &'a Field,
    was: Decimal,
    is: Decimal,
}

fn judge(own: &RoundForm<'_>, before: &RoundForm<'_>, alignment: &Alignment<'_>, policy: &Policy) -> Verdict {
    let pairs = alignment.pairs();
    let all: Vec<Weights<'_>> = pairs.iter().filter_map(of).collect();
    if all.is_empty() || all.len() < pairs.len() {
        return Verdict::InsufficientData;
    }
    let (was, is): (Decimal, Decimal) = (all.iter().map(|one| one.was).sum(), all.iter().map(|one| one.is).sum());
    let tolerance = policy.scoring.tolerance;
    let same_total = (was - is).abs() <= tolerance;
    let same_set = alignment.dropped.is_empty() && alignment.added.is_empty();
    // 100 points with the execution rate among them, 90 without it.
    let scaled = |one: &Weights<'_>| one.was.checked_mul(is).and_then(|product| product.checked_div(was));
    let differs = |one: &&Weights<'_>| match (same_total, same_set) {
        (true, _) => (one.was - one.is).abs() > tolerance,
        (false, true) => scaled(one).is_some_and(|due| (due - one.is).abs() >= Decimal::ONE),
        // The points of what was dropped or added went somewhere: from where is not to be told.
        (false, false) => false,
    };
    let changed: Vec<&Weights<'_>> = all.iter().filter(differs).collect();
    Verdict::Checked(fault(own, before, &changed).into_iter().collect())
}

fn of<'a>(pair: &Pair<'a>) -> Option<Weights<'a>> {
    let (old, new) = (pair.earlier.cell(column::WEIGHT)?, pair.later.cell(column::WEIGHT)?);
    let name = pair.later.filled(column::LEVEL3).unwrap_or_default();
    Some(Weights { name, old, new, was: old.number()?, is: new.number()? })
}

fn fault(own: &RoundForm<'_>, before: &RoundForm<'_>, changed: &[&Weights<'_>]) -> Option<Fault> {
    let first = changed.first()?;
    let rest: Vec<CellRef> = changed.iter().skip(1).map(|one| one.new.cell()).collect();
    Some(Fault {
        cell: Some(first.new.cell()),
        elsewhere: changed.iter().map(|one| chain::elsewhere(before, one.old)).collect(),
        found: Some(phrase::plain(first.is)),
        expected: Some(phrase::plain(first.was)),
        difference: Some(phrase::plain(first.is - first.was)),
        message: format!(
            "{}（{}）是 {} 分，{}是 {} 分{}",
            phrase::column_at(own.form, first.new, column::WEIGHT),
            excerpt(&squeeze(first.name), 16),
            phrase::plain(first.is),
            chain::cited(before, first.old.cell()),
            phrase::plain(first.was),
            indicator::others(&rest),
        ),
        related: rest,
        advice: "改回批复的分值，得分一并重算；确经批准调整的，附批准文件。".to_owned(),
        ..Fault::default()
    })
}
