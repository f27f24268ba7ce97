//! X121 added-indicator: an indicator of 监控 or 自评 that was never approved.

use super::chain::{self, Alignment};
use super::{Check, Fault, RoundContext, RoundForm, Rule, Verdict};
use crate::finding::{Dimension, Severity};
use crate::schema::concept::column;
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "X121",
    name: "added-indicator",
    severity: Severity::Info,
    dimension: Dimension::Relevance,
    authority: "财预〔2015〕88号（绩效目标一经批复一般不予调整，确需调整的按程序报批）",
    summary: "监控、自评里多出没有批复过的指标",
    docs: "
## 检查什么
监控表、自评表里有、批复的目标里没有的指标。批复的目标取本批或上一轮结果里同一项目、同一年度的绩效目标表，没有目标表的取最近一次监控表；部门整体的表按单位认。指标按二级指标和名称对应。名称相近的算改名，由 X122 提出；整套都换了的由 X120 一次提出。

## 为什么
临时加上容易完成的指标，会把没有完成的冲淡。

## 正反例
- 反例：批复没有“资料归档率”，自评表有
- 正例：自评表的指标都在批复的目标里

## 怎么改
删去没有批复的指标，分值还给批复的指标；确经批准增加的，附批准文件。

## 依据
财预〔2015〕88号。
",
    check: Check::Round(check),
};

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    chain::each_aligned(round, |_, before, alignment| Verdict::Checked(faults(before, alignment)))
}

fn faults(before: &RoundForm<'_>, alignment: &Alignment<'_>) -> Vec<Fault> {
    if alignment.paired() == 0 {
        return Vec::new();
    }
    let names = alignment.added.iter().filter_map(|row| row.cell(column::LEVEL3));
    let fault = |name: &crate::form::Field| Fault {
        cell: Some(name.cell()),
        found: Some(name.text().to_owned()),
        message: format!(
            "{} 的指标“{}”不在{}里（{} {}）",
            name.cell(),
            excerpt(&squeeze(name.text()), 30),
            chain::said_in(before),
            chain::file(before),
            before.form.sheet
        ),
        advice: "删去没有批复的指标，分值还给批复的指标；确经批准增加的，附批准文件。".to_owned(),
        ..Fault::default()
    };
    names.map(fault).collect()
}
