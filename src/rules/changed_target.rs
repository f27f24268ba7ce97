//! X125 changed-target: a target of 监控 or 自评 that is another than the approved one.

use super::target_change::{self, Change};
use super::{Check, RoundContext, Rule, Verdict};
use crate::finding::{Dimension, Severity};

pub(super) static RULE: Rule = Rule {
    code: "X125",
    name: "changed-target",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "财预〔2015〕88号（绩效目标一经批复一般不予调整，确需调整的按程序报批）",
    summary: "监控、自评里的指标值与批复的不同",
    docs: "
## 检查什么
监控表、自评表的年度指标值是否与批复的目标不是一回事：批复的是数，这里换成了文字；两处的文字各说各的；数不同而看不出是高是低。只换了说法（“2023年12月底前”与“12月31日前”，“显著提升”与“明显提升”）不算；比批复的低、高由 X123、X124 提出。批复的目标取本批或上一轮结果里同一项目、同一年度的绩效目标表，没有目标表的取最近一次监控表；部门整体的表按单位认。指标按二级指标和名称对应。

## 为什么
换了指标值，等于换了考核的标准。

## 正反例
- 反例：批复“≥95%”，自评表写“有所提高”
- 正例：自评表照抄批复的“≥95%”

## 怎么改
照批复的指标值填写；确经批准调整的，附批准文件。

## 依据
财预〔2015〕88号。
",
    check: Check::Round(check),
};

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    target_change::each(round, Change::Other, "照批复的指标值填写；确经批准调整的，附批准文件。")
}
