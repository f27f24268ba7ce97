//! L204 over-completion-unremarked: a target exceeded, not by far, without a word.

use super::{Check, Context, Rule, Verdict, over_completion_unexplained};
use crate::finding::{Dimension, Severity};

pub(super) static RULE: Rule = Rule {
    code: "L204",
    name: "over-completion-unremarked",
    severity: Severity::Info,
    dimension: Dimension::Adequacy,
    authority: "系统（完成值达到目标值 120% 的标红）；本地口径 scoring.over_completion_note",
    summary: "超额完成较多，没有说明",
    docs: "\
## 检查什么

数量一类的指标，实际完成值达到口径 `scoring.over_completion_note`（默认 120%）而不到大幅超额的倍数 `scoring.over_completion_warn`（默认 130%，由 L110 检查），又没有写原因。查哪些指标与 L110 相同。

## 为什么

预算一体化系统从 120% 起提示；先看一眼，免得报送时被退回。

## 正反例

- 反例：目标 ≥2000户，实际 2460户，原因空白
- 正例：目标 ≥2000户，实际 2150户

## 怎么改

核对实际数；属实的写一句原因。

## 依据

120% 见于预算绩效管理系统的参数；部颁文件没有写明倍数。只提示，不扣分。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    let scoring = &ctx.policy.scoring;
    over_completion_unexplained::between(
        ctx,
        |share| share >= scoring.over_completion_note && share < scoring.over_completion_warn,
        |_| "超出目标",
    )
}
