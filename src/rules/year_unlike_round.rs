//! R104 year-unlike-round: a form of another year than nearly all others of its stage.

use std::collections::BTreeMap;

use super::{Check, Fault, RoundContext, Rule, Verdict, chain};
use crate::finding::{Dimension, Severity};
use crate::form::Form;
use crate::schema::concept::field;
use crate::schema::{Stage, Subject};

pub(super) static RULE: Rule = Rule {
    code: "R104",
    name: "year-unlike-round",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "实务（同一批的表是同一年度的）",
    summary: "年度与同一批的其他表不同",
    docs: "
## 检查什么
同一批里同一阶段（目标、监控、自评等）的表至少 5 份（专项债券清单、评价计划一类的清单另算），其他的表有九成以上是同一年度，这一份不是。一个文件里的一览表算一份。表上没有年度的由 F101 提出。

## 为什么
多半是拿去年的表改的，忘了改年度；也可能报错了文件。

## 正反例
- 反例：12 份自评表写 2022 年度，一份写 2021 年度
- 正例：13 份自评表都是 2022 年度

## 怎么改
核对这是不是本年度的表：只是年度没有改的，改正年度；报错了的，换成本年度的表。

## 依据
实务。
",
    check: Check::Round(check),
};

/// So many forms of a stage are a round whose year can be told.
const FEWEST: usize = 5;

/// Forms that are of one year: those of a stage. The bureau's own lists go by years of their own.
type Kind = (Stage, bool);

fn kind(form: &Form) -> Kind {
    (form.schema.stage, form.schema.subject == Subject::Several)
}

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    // A list of projects is one paper, however many lines it has.
    type Paper<'p> = (&'p str, &'p str, bool, usize);
    let mut papers: BTreeMap<Kind, BTreeMap<Paper<'_>, u32>> = BTreeMap::new();
    for (index, one) in round.forms.iter().enumerate() {
        if let Some(year) = chain::year(one.form) {
            let own = if one.form.schema.list { 0 } else { index };
            let paper = (one.source, one.form.sheet.as_str(), one.form.schema.list, own);
            papers.entry(kind(one.form)).or_default().insert(paper, year);
        }
    }
    let usual: BTreeMap<Kind, Option<(u32, usize, usize)>> = papers
        .into_iter()
        .map(|(kind, papers)| {
            let mut years: BTreeMap<u32, usize> = BTreeMap::new();
            for year in papers.values() {
                *years.entry(*year).or_default() += 1;
            }
            let most = years.iter().max_by_key(|(_, count)| **count).map(|(year, count)| (*year, *count, papers.len()));
            (kind, most)
        })
        .collect();
    let judge = |one: &super::RoundForm<'_>| {
        let year = one.form.record.field(field::YEAR);
        let (Some(cell), Some(own)) = (year, chain::year(one.form)) else { return Verdict::InsufficientData };
        let Some((usual, count, all)) = usual.get(&kind(one.form)).copied().flatten() else {
            return Verdict::InsufficientData;
        };
        if all < FEWEST {
            return Verdict::InsufficientData;
        }
        // Nine in ten of the others, among which a form of the usual year is none.
        if own == usual || count * 10 < (all - 1) * 9 {
            return Verdict::Checked(Vec::new());
        }
        let stage = one.form.schema.stage.title();
        Verdict::Checked(vec![Fault {
            cell: Some(cell.cell()),
            found: Some(cell.text().to_owned()),
            expected: Some(format!("{usual}年度")),
            message: format!("{} 写的是 {own} 年度，本批 {all} 份{stage}表有 {count} 份是 {usual} 年度", cell.cell()),
            advice: format!("只是年度没有改的，改为 {usual} 年度；报错了文件的，换成 {usual} 年度的表。"),
            ..Fault::default()
        }])
    };
    round.forms.iter().map(judge).collect()
}
