//! X124 raised-target: a target of 监控 or 自评 that promises more than the approved one.

use super::target_change::{self, Change};
use super::{Check, RoundContext, Rule, Verdict};
use crate::finding::{Dimension, Severity};

pub(super) static RULE: Rule = Rule {
    code: "X124",
    name: "raised-target",
    severity: Severity::Info,
    dimension: Dimension::Consistency,
    authority: "财预〔2015〕88号（绩效目标一经批复一般不予调整，确需调整的按程序报批）",
    summary: "监控、自评里的指标值比批复的高",
    docs: "
## 检查什么
监控表、自评表的年度指标值是否比批复的目标高（方向相反的另算，见 X123）。批复的目标取本批或上一轮结果里同一项目、同一年度的绩效目标表，没有目标表的取最近一次监控表；部门整体的表按单位认。指标按二级指标和名称对应。

## 为什么
要求提高不算毛病，但两张表对不上，统计和评价不知道以哪个为准。

## 正反例
- 反例：批复“≥95%”，自评表写“≥98%”
- 正例：自评表照抄批复的“≥95%”

## 怎么改
照批复的指标值填写；确经批准调整的，附批准文件。

## 依据
财预〔2015〕88号。
",
    check: Check::Round(check),
};

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    target_change::each(round, Change::Raised, "照批复的指标值填写；确经批准调整的，附批准文件。")
}
