//! X102: one set of indicators for several projects of a unit.

use super::indicator_sets::{has_indicators, same_set};
use super::kinship::Tie;
use super::{Check, RoundContext, Rule, Verdict};
use crate::finding::{Dimension, Severity};

pub(super) static RULE: Rule = Rule {
    code: "X102",
    name: "reused-indicator-set",
    severity: Severity::Warning,
    dimension: Dimension::Relevance,
    authority: "实务（一套指标用于全部项目；绩效指标应与项目内容相关）",
    summary: "本单位内容不同的项目用了同一套指标",
    docs: "
## 检查什么
同一单位、同一环节的两个项目，三级指标名称和指标值有八成以上（至少 4 个）相同，而项目名称说的不是一类事。
同一项目的目标表和自评表、不同年度的表不比；名称相近的项目（一期、二期，东校区、西校区）由 X104 提示；工资、公用经费等基本支出项目
的指标由系统统一给定，不比。

## 为什么
内容不同的项目，产出和效益不会一样。一套指标套用到底，看不出这个项目要做什么，自评也无从核对。

## 正反例
- 反例：“防汛物资采购”和“信息系统运维”都是“项目完成率 100%、验收合格率 100%、完成及时率 100%、群众满意度 ≥95%”。
- 正例：前者写“采购冲锋舟 6 艘、编织袋 2 万条”，后者写“系统可用率 ≥99%”。

## 怎么改
按各项目的实施内容分别设指标：数量指标写实物量，质量、时效、效益写这个项目的。

## 依据
财预〔2015〕88号 绩效目标审核的相关性；自评复核实务。
",
    check: Check::Round(check),
};

/// With so many the same, of projects that have nothing to do with each other, a set was copied.
const LEAST: usize = 4;

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    const ADVICE: &str = "按本项目的实施内容另设指标，数量指标写实物量，指标值逐个测算。";
    let judge = |form| {
        same_set(round, form, LEAST, |bond| bond.tie == Tie::Unit && !bond.kindred, ADVICE).into_iter().collect()
    };
    round.each(has_indicators, judge)
}
