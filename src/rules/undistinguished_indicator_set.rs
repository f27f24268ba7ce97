//! X104: projects of a kind, or of one department, whose indicators do not tell them apart.

use super::indicator_sets::{has_indicators, same_set};
use super::kinship::Tie;
use super::{Check, RoundContext, Rule, Verdict};
use crate::finding::{Dimension, Severity};

pub(super) static RULE: Rule = Rule {
    code: "X104",
    name: "undistinguished-indicator-set",
    severity: Severity::Info,
    dimension: Dimension::Relevance,
    authority: "实务（部门统一模板也要按各项目的任务填写指标值）",
    summary: "同类项目或同一部门的项目，指标和指标值没有区别",
    docs: "
## 检查什么
同一单位名称相近的两个项目（一期、二期），或者同一部门（或看不出部门）不同单位内容不同的两个项目，三级指标名称和指标值有八成以上
（至少 4 个）相同。
各单位都有的同名、同类项目（各校的营养改善）不报；工资、公用经费等基本支出项目不比。

## 为什么
部门下发统一的指标模板是可以的，但任务量、标准各不相同，指标值照抄就失去了意义。

## 正反例
- 反例：“校园安防改造（一期）”改造 4 所学校、“（二期）”改造 9 所，数量指标都写“改造学校 ≥4 所”。
- 正例：两期指标名称相同，指标值按各自的任务填写。

## 怎么改
指标名称可以沿用，指标值按本项目的任务、标准逐个填写；确实相同的不必改。

## 依据
绩效目标审核、自评复核实务。
",
    check: Check::Round(check),
};

/// With so many the same the sets say nothing of each project.
const LEAST: usize = 4;

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    const ADVICE: &str = "指标值按本项目的任务、标准逐个核对填写；确实相同的不必改。";
    let judge = |form| {
        let wanted = |bond: super::kinship::Bond| match bond.tie {
            Tie::Unit => bond.kindred,
            Tie::Department => !bond.kindred,
            Tie::Strangers => false,
        };
        same_set(round, form, LEAST, wanted, ADVICE).into_iter().collect()
    };
    round.each(has_indicators, judge)
}
