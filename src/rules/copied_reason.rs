//! X107: a reason for deviation that is another project's.

use super::copied_texts::{Kind, copied_texts};
use super::{Check, Fault, RoundContext, Rule, Verdict};
use crate::finding::{Dimension, Severity};

pub(super) static RULE: Rule = Rule {
    code: "X107",
    name: "copied-reason",
    severity: Severity::Info,
    dimension: Dimension::Consistency,
    authority: "实务（扣分要有与之相称的理由）",
    summary: "偏差原因与内容不同的其他项目雷同",
    docs: "
## 检查什么
同一环节两个项目的偏差原因、改进措施一字不差，或者只换了名称和数字，而项目名称说的不是一类事。
名称、数字不算，还有 20 个字以上的才比；同一张表上几处雷同的，记在第一处。基本支出项目不比。

## 为什么
原因要说明这个指标为什么没有完成。几个项目写同一段话，多半是套话；确是同一件事造成的，写明对本项目的影响就可以了。

## 正反例
- 反例：五个项目都写“因年初预算编制不够精细，部分工作安排与实际进度存在偏差，下一步将加强管理”。
- 正例：“7 月汛期停工 42 天，剩余 1.3 公里 10 月已完成”。

## 怎么改
写明本项目的具体情况：哪一项、差多少、为什么、什么时候补上。

## 依据
自评复核实务第 14 条。
",
    check: Check::Round(check),
};

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    const ADVICE: &str = "写明本项目的具体原因：哪一项、差多少、为什么、什么时候补上；确是同一原因的不必改。";
    let judge = |form| {
        let mut faults: Vec<Fault> = copied_texts(round, Kind::Reason, form, |bond, _, _| !bond.kindred, ADVICE);
        let rest: Vec<_> = faults.iter().skip(1).filter_map(|fault| fault.cell).collect();
        faults.truncate(1);
        if let Some(first) = faults.first_mut() {
            first.message.push_str(&super::indicator::others(&rest));
            first.related.extend(rest);
        }
        faults
    };
    round.each(|form| Kind::Reason.is_told(form), judge)
}
