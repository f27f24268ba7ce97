//! X103: a set of indicators that is another department's.

use super::indicator_sets::{has_indicators, same_set};
use super::kinship::Tie;
use super::{Check, RoundContext, Rule, Verdict};
use crate::finding::{Dimension, Severity};

pub(super) static RULE: Rule = Rule {
    code: "X103",
    name: "copied-indicator-set",
    severity: Severity::Warning,
    dimension: Dimension::Relevance,
    authority: "实务（指标抄自别的单位；绩效指标应与项目内容相关）",
    summary: "指标与其他部门内容不同的项目雷同",
    docs: "
## 检查什么
不同部门的两个单位，同一环节的三级指标名称和指标值有八成以上（至少 5 个）相同，而项目名称说的不是一类事。
名称相近的项目（各单位都有的“档案数字化”）本来就可能共用一套指标，不报；同一部门的单位之间由 X104 提示；
工资、公用经费等基本支出项目不比。

## 为什么
两个部门的两件事，指标连同数值一样，必有一家是抄的。抄来的指标与本项目无关，也无法提供佐证。

## 正反例
- 反例：水利站“渠道清淤”的指标与文化馆“送戏下乡”的完全相同。
- 正例：两个单位的“办公设备购置”都写“设备验收合格率 100%”，是一类项目。

## 怎么改
核对哪一家是原来的；抄的一家按本项目的内容重设指标。两家确实共同实施的，写明各自承担的部分。

## 依据
自评复核实务；财预〔2015〕88号 绩效目标审核的相关性。
",
    check: Check::Round(check),
};

/// Of strangers one more must agree than of one unit.
const LEAST: usize = 5;

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    const ADVICE: &str = "与那个单位核对哪一份是原来的；照搬的一方按本项目的内容重设指标，指标值逐个测算。";
    let judge = |form| {
        let fault = same_set(round, form, LEAST, |bond| bond.tie == Tie::Strangers && !bond.kindred, ADVICE);
        fault.into_iter().collect()
    };
    round.each(has_indicators, judge)
}
