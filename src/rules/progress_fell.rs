//! X135 progress-fell: a cumulative result that is lower than what was reported before.

use super::chain::Pair;
use super::target_change::in_one_unit;
use super::{Check, Fault, RoundContext, RoundForm, Rule, Verdict, chain, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::schema::concept::{column, subclass};
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "X135",
    name: "progress-fell",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "实务（累计完成数不会减少）",
    summary: "数量指标的完成数比前一次监控的还少",
    docs: "
## 检查什么
监控表、自评表里数量指标的完成值，是否小于同一项目、同一年度前一次监控表里的完成值（按月份取之前最近的一次；自评表取最后一次）。只比用“≥”或没有符号、不是百分比、单位相同的数量指标；满意度、比率、平均数会有升降，不比。

## 为什么
数量是年初以来的累计数，只会增加。少了，多半是有一次照着计划填的。

## 正反例
- 反例：7月监控“清淤河道长度”9 公里，9月监控 6 公里
- 正例：7月监控 6 公里，9月监控 9 公里

## 怎么改
核对完成情况的原始记录，改正填错的一处；确有返工、退出的，写明原因。

## 依据
实务。
",
    check: Check::Round(check),
};

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    chain::each_monitored_aligned(round, |own, before, alignment| {
        let pairs: Vec<_> = alignment.pairs().into_iter().filter(is_cumulative).collect();
        if pairs.is_empty() {
            return Verdict::InsufficientData;
        }
        Verdict::Checked(pairs.iter().filter_map(|pair| fault(own, before, pair)).collect())
    })
}

/// Whether the indicator counts what has been done since the year began.
fn is_cumulative(pair: &Pair<'_>) -> bool {
    const AVERAGES: [&str; 6] = ["平均", "均", "每", "单价", "月度", "在岗"];
    let name = indicator::name(pair.later).unwrap_or_default();
    let forward = |row: &crate::form::Row| {
        row.target.as_ref().is_none_or(|target| target.operator.is_none_or(|op| !op.is_reverse()))
    };
    indicator::is_subclass(pair.earlier, subclass::QUANTITY)
        && indicator::is_subclass(pair.later, subclass::QUANTITY)
        && forward(pair.earlier)
        && forward(pair.later)
        && !AVERAGES.iter().any(|word| name.contains(word))
        && !indicator::is_rate(&name)
}

fn fault(own: &RoundForm<'_>, before: &RoundForm<'_>, pair: &Pair<'_>) -> Option<Fault> {
    let (was, is) = (pair.earlier.actual.as_ref()?, pair.later.actual.as_ref()?);
    let (old, new) = in_one_unit(was, is).filter(|_| !was.is_percent() && !is.is_percent())?;
    let (before_cell, cell) = (pair.earlier.cell(column::ACTUAL)?, pair.later.cell(column::ACTUAL)?);
    (new < old).then(|| Fault {
        cell: Some(cell.cell()),
        elsewhere: vec![chain::elsewhere(before, before_cell)],
        found: Some(cell.text().to_owned()),
        expected: Some(format!("≥{}", squeeze(before_cell.text()))),
        difference: Some(phrase::plain(new - old)),
        message: format!(
            "{}（{}）填 {}，{}已完成 {}，累计数少了",
            phrase::column_at(own.form, cell, column::ACTUAL),
            excerpt(&indicator::name(pair.later).unwrap_or_default(), 16),
            excerpt(&squeeze(cell.text()), 16),
            chain::cited(before, before_cell.cell()),
            excerpt(&squeeze(before_cell.text()), 16),
        ),
        advice: "核对完成情况的原始记录，改正填错的一处；确有返工、退出的，写明原因。".to_owned(),
        ..Fault::default()
    })
}
