//! L117 goal-figure-without-indicator: figures of the goal that no indicator takes up.

use rust_decimal::Decimal;

use super::told::{self, Told};
use super::{Check, Context, Fault, Rule, Verdict, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Table};
use crate::schema::concept::{column, field};
use crate::text::excerpt;

pub(super) static RULE: Rule = Rule {
    code: "L117",
    name: "goal-figure-without-indicator",
    severity: Severity::Info,
    dimension: Dimension::Relevance,
    authority: "财预〔2015〕88号（绩效目标应当细化量化、相互匹配）",
    summary: "年度目标里的数，没有指标与它对应",
    docs: "\
## 检查什么

年度目标里写的数量（人、座、公里等），是否至少有一个指标用同样的单位定了这个数，或者几个指标相加等于这个数。金额、时间、比率，“其中、现有、累计”一类的数，“11个乡镇”一类的范围，同一句里已有一个数设了指标的（“培训12期600人”），不查。只作提示，一张表提示一次。

## 为什么

目标里承诺了数量而没有指标去考，年底无从核对。

## 正反例

- 反例：年度目标“新建公厕12座、改造管网8公里”，指标里没有 8 公里
- 正例：`新建公厕数量 ≥12座`，`改造管网长度 ≥8公里`

## 怎么改

为这些数量补设指标；不打算考核的，从目标里删去。

## 依据

财预〔2015〕88号《中央部门预算绩效目标管理办法》：绩效目标应当指向明确、细化量化、合理可行、相互匹配。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    told::judge(ctx, field::GOAL, &[column::TARGET], |goal, table, figures| {
        fault(ctx, goal, &missing(ctx, table, figures)).into_iter().collect()
    })
}

/// The figures that count something and that no indicator takes up.
fn missing<'a>(ctx: &Context<'_>, table: &Table, figures: &'a [Told]) -> Vec<&'a Told> {
    let units = &ctx.policy.words.units;
    let differing: Vec<Told> = told::differences(figures, &table.rows, |row| row.target.as_ref())
        .into_iter()
        .map(|differs| differs.told)
        .collect();
    // A target or a name may hold several figures: `12期600人`.
    let texts = table.rows.iter().flat_map(|row| [column::LEVEL3, column::TARGET].map(|id| row.filled(id)));
    let in_texts: Vec<Told> = texts.flatten().flat_map(|text| told::figures(text, units)).collect();
    let has = |told: &Told| {
        let of_unit = |(number, unit): (Decimal, String)| (unit == told.unit).then_some(number);
        let values = table.rows.iter().filter_map(|row| row.target.as_ref().and_then(told::value).and_then(of_unit));
        let values: Vec<Decimal> = values.collect();
        // A bare number may be of any unit.
        let bare = table.rows.iter().filter_map(|row| row.target.as_ref()).any(|target| target.number == told.number);
        // `上半年300人`, `下半年300人`: the parts of what an indicator has.
        let together: Decimal = figures.iter().filter(|other| other.unit == told.unit).map(|other| other.number).sum();
        bare || told::is_sum(told.number, &values)
            || values.contains(&together)
            || in_texts.iter().any(|other| other.number == told.number && other.unit == told.unit)
    };
    // `培训12期600人`: one deed measured twice is taken up by an indicator of either.
    let is_taken_up = |told: &Told| figures.iter().any(|other| other.clause == told.clause && has(other));
    let mut missing: Vec<&Told> = figures
        .iter()
        .filter(|told| {
            told::counts(&told.unit) && told.number > Decimal::ONE && !told::is_aside(told) && !told::is_scope(told)
        })
        .filter(|told| !is_taken_up(told) && !differing.contains(told))
        .collect();
    missing.dedup_by(|a, b| a.text == b.text);
    missing
}

fn fault(ctx: &Context<'_>, goal: &Field, missing: &[&Told]) -> Option<Fault> {
    let first = missing.first()?;
    let said: Vec<String> = missing.iter().take(3).map(|told| format!("“{}”", told.text)).collect();
    let count = if missing.len() > 3 { format!("等 {} 个数", missing.len()) } else { String::new() };
    Some(Fault {
        cell: Some(goal.cell()),
        found: Some(excerpt(goal.text(), 60)),
        message: format!(
            "{}里的{}{count}，没有指标用这个数",
            phrase::at(goal.cell(), phrase::field_label(ctx.form, field::GOAL)),
            said.join("、")
        ),
        advice: format!("补设指标，如指标值写“≥{}”；不打算考核的，从目标里删去。", first.text),
        ..Fault::default()
    })
}
