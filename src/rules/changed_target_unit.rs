//! X126 changed-target-unit: a target of 监控 or 自评 in another unit than the approved one.

use super::target_change::{self, Change};
use super::{Check, RoundContext, Rule, Verdict};
use crate::finding::{Dimension, Severity};

pub(super) static RULE: Rule = Rule {
    code: "X126",
    name: "changed-target-unit",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "财预〔2015〕88号（绩效目标一经批复一般不予调整，确需调整的按程序报批）",
    summary: "监控、自评里的指标换了计量单位",
    docs: "
## 检查什么
监控表、自评表指标值的计量单位是否与批复的目标不同。万元与元换算后相等的、“人”与“名”一类通用的不算；数没有动、单位从万元变成元的算。一处没有写单位的不比。批复的目标取本批或上一轮结果里同一项目、同一年度的绩效目标表，没有目标表的取最近一次监控表；部门整体的表按单位认。指标按二级指标和名称对应。

## 为什么
单位变了，完成值和目标值就不能比。

## 正反例
- 反例：批复“≥120公里”，自评表写“≥120处”；批复“≤150万元”，自评表写“≤150元”
- 正例：批复“≤1.5万元”，自评表写“≤15000元”

## 怎么改
照批复的单位填写；单位写错的改正。

## 依据
财预〔2015〕88号。
",
    check: Check::Round(check),
};

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    target_change::each(round, Change::Unit, "照批复的单位填写；单位写错的改正，完成值一并核对。")
}
