//! X110: every target of all projects of a unit is a percentage near 100.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::indicator_sets::has_indicators;
use super::others::{LISTED, besides, elsewhere};
use super::unit_projects::peers;
use super::{Check, Fault, RoundContext, Rule, Verdict, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Row};
use crate::schema::concept::column;

pub(super) static RULE: Rule = Rule {
    code: "X110",
    name: "uniform-targets-across-projects",
    severity: Severity::Info,
    dimension: Dimension::Adequacy,
    authority: "实务",
    summary: "一个单位各项目的指标值全是 95% 以上的百分比",
    docs: "
## 检查什么
同一单位、同一环节、同一年度的项目在三个以上，每个项目至少有 3 个指标值，全部指标值都是不低于 95% 的百分比，没有一个实物量。
单张表五个以上指标值全部是同一个百分比的，另由 L112 提示。工资、公用经费等基本支出项目不计。

## 为什么
全部写成“≥95%”“100%”，看不出每个项目要做多少事，多半是套用模板。

## 正反例
- 反例：四个项目的二十个指标值全是“≥95%”或“100%”。
- 正例：数量指标写公里、人次，质量指标写合格率。

## 怎么改
数量指标改用实物量，其余按历史数据、行业标准逐个测算。

## 依据
绩效目标审核、自评复核实务。
",
    check: Check::Round(check),
};

/// Two projects may both be of that sort.
const FEWEST: usize = 3;

/// With so few targets a project says nothing of how its unit sets them.
const TARGETS: usize = 3;

/// From here on a percentage promises everything.
const NEARLY_ALL: Decimal = Decimal::from_parts(95, 0, 0, false, 0);

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    let mut verdicts = round.each(has_indicators, |_| Vec::new());
    for peers in peers(round) {
        let rows = |form: usize| {
            let table = round.forms.get(form).and_then(|one| one.form.record.indicators());
            table.into_iter().flat_map(|table| &table.rows).filter(|row| row.filled(column::TARGET).is_some())
        };
        let uniform = |form: &usize| rows(*form).count() >= TARGETS && rows(*form).all(is_nearly_all);
        if peers.len() < FEWEST || !peers.iter().all(uniform) {
            continue;
        }
        let all: usize = peers.iter().map(|form| rows(*form).count()).sum();
        let figures: BTreeSet<Decimal> =
            peers.iter().flat_map(|form| rows(*form)).filter_map(|row| Some(row.target.as_ref()?.number)).collect();
        let figures: Vec<String> =
            figures.into_iter().take(LISTED).map(|number| format!("{}%", phrase::plain(number))).collect();
        for form in &peers {
            let cells: Vec<&Field> = rows(*form).filter_map(|row| row.cell(column::TARGET)).collect();
            let (Some(first), Some(Verdict::Checked(faults))) = (cells.first(), verdicts.get_mut(*form)) else {
                continue;
            };
            let others = peers.iter().filter(|other| *other != form).take(LISTED).filter_map(|other| {
                let target = rows(*other).next()?.cell(column::TARGET)?;
                Some(elsewhere(round.forms.get(*other)?, Some(target.cell()), target.text()))
            });
            faults.push(Fault {
                cell: Some(first.cell()),
                related: cells.iter().skip(1).map(|field| field.cell()).collect(),
                elsewhere: others.collect(),
                found: Some(first.text().to_owned()),
                message: format!(
                    "本单位 {} 个项目的 {all} 个指标值全是 {} 这样的百分比，没有一个实物量{}",
                    peers.len(),
                    figures.join("、"),
                    besides(round, *form, &peers),
                ),
                advice: "数量指标改用实物量（公里、人次、台），其余按历史数据、行业标准逐个测算。".to_owned(),
                ..Fault::default()
            });
        }
    }
    verdicts
}

fn is_nearly_all(row: &Row) -> bool {
    let target = row.target.as_ref();
    target.is_some_and(|target| target.is_percent() && target.number >= NEARLY_ALL)
}
