//! X105: a goal that is another project's.

use super::copied_texts::{Kind, copied_texts};
use super::{Check, RoundContext, Rule, Verdict};
use crate::finding::{Dimension, Severity};

pub(super) static RULE: Rule = Rule {
    code: "X105",
    name: "copied-goal",
    severity: Severity::Warning,
    dimension: Dimension::Relevance,
    authority: "实务（目标是别的项目的，套模板）",
    summary: "年度目标与内容不同的其他项目雷同",
    docs: "
## 检查什么
同一环节两个项目（不论是不是一个单位）的年度目标一字不差，或者只换了单位、项目名称和数字，而项目名称说的不是一类事。
名称、数字不算，还有 20 个字以上的才比；三字一段，八成半以上相同算雷同，即 60 个字里改两三个词。
名称相近的项目、基本支出项目不比。

## 为什么
目标说的是这个项目要做什么。两个不同的项目写同一段话，必有一个（常常是两个）没有写自己的事。

## 正反例
- 反例：“防汛物资采购”和“水质监测”的目标都是“严格执行各项规定，按时足额保障各项工作顺利开展，不断提高服务群众的能力和水平”。
- 正例：各校的“营养改善计划”目标相同，人数各填各的。

## 怎么改
按本项目的内容重写：做什么、做多少、什么时候完成、达到什么效果。

## 依据
财预〔2015〕88号 绩效目标审核的相关性；自评复核实务。
",
    check: Check::Round(check),
};

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    const ADVICE: &str = "按本项目的内容重写目标：做什么、做多少、达到什么效果。";
    let judge = |form| copied_texts(round, Kind::Goal, form, |bond, _, _| !bond.kindred, ADVICE);
    round.each(|form| Kind::Goal.is_told(form), judge)
}
