//! X123 weakened-target: a target of 监控 or 自评 that promises less than the approved one.

use super::target_change::{self, Change};
use super::{Check, RoundContext, Rule, Verdict};
use crate::finding::{Dimension, Severity};

pub(super) static RULE: Rule = Rule {
    code: "X123",
    name: "weakened-target",
    severity: Severity::Warning,
    dimension: Dimension::Adequacy,
    authority: "财预〔2015〕88号（绩效目标一经批复一般不予调整，确需调整的按程序报批）",
    summary: "监控、自评里的指标值比批复的低",
    docs: "
## 检查什么
监控表、自评表的年度指标值是否比批复的目标低：正向指标（≥）数变小，反向指标（≤）数变大，完成时间推后，或者比较符号换了方向。没有符号又看不出方向的不判断高低，由 X125 提出。批复的目标取本批或上一轮结果里同一项目、同一年度的绩效目标表，没有目标表的取最近一次监控表；部门整体的表按单位认。指标按二级指标和名称对应。

## 为什么
目标是拨款和评价的依据。自评时把目标调低，没有完成的也成了完成。

## 正反例
- 反例：批复“≥95%”，自评表写“≥80%”
- 正例：自评表照抄批复的“≥95%”，实际 91%，写明偏差原因

## 怎么改
改回批复的指标值，没有达到的在偏差原因中说明；确经批准调整的，附批准文件。

## 依据
财预〔2015〕88号。
",
    check: Check::Round(check),
};

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    target_change::each(
        round,
        Change::Weakened,
        "改回批复的指标值，没有达到的写明偏差原因；确经批准调整的，附批准文件。",
    )
}
