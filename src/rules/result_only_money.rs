//! L119 result-only-money: what became of the goal tells how the money went and nothing else.

use super::{Check, Context, Rule, Verdict, hollow_result, told};
use crate::finding::{Dimension, Severity};

pub(super) static RULE: Rule = Rule {
    code: "L119",
    name: "result-only-money",
    severity: Severity::Warning,
    dimension: Dimension::Adequacy,
    authority: "财预〔2020〕10号 附件1 自评表“实际完成情况”栏；实务",
    summary: "目标完成情况只说花了多少钱",
    docs: "\
## 检查什么

目标完成情况的每一句都只说资金到位、拨付、支出、执行率，没有一句说做了什么、做了多少。写了发放、补助、受益等去向的不查。

## 为什么

花了多少钱在资金栏已经填了，这一栏要的是办成了什么事。

## 正反例

- 反例：`全年支出29.4万元，预算执行率98%。`
- 正例：`支出29.4万元，培训村医12期612人，考核合格率97%。`

## 怎么改

写明实际完成的事项、数量、时间和效果，资金情况一句带过。

## 依据

财预〔2020〕10号《项目支出绩效评价管理办法》及各地绩效自评填报要求。
",
    check: Check::Form(check),
};

/// Words of the flow of money.
const FLOW: [&str; 16] = [
    "资金",
    "经费",
    "预算",
    "支出",
    "支付",
    "拨付",
    "拨款",
    "到位",
    "执行率",
    "执行数",
    "执行",
    "列支",
    "使用率",
    "使用",
    "结余",
    "款项",
];
/// Words by which money reaches people or becomes a thing.
const EFFECT: [&str; 14] =
    ["发放", "补助", "补贴", "救助", "资助", "受益", "惠及", "奖励", "慰问", "建成", "新建", "购置", "购买", "培训"];

fn check(ctx: &Context<'_>) -> Verdict {
    const LACK: &str = "说的都是花钱，没有写办成了什么事";
    const ADVICE: &str = "对照年度目标，写明实际完成的事项、数量和效果，如“培训12期612人，考核合格率97%”。";
    hollow_result::judge(ctx, |clause| is_of_money(ctx, clause), LACK, ADVICE)
}

fn is_of_money(ctx: &Context<'_>, clause: &str) -> bool {
    let has = |words: &[&str]| words.iter().any(|word| clause.contains(word));
    let counted = told::figures(clause, &ctx.policy.words.units).iter().any(|told| told::counts(&told.unit));
    has(&FLOW) && !has(&EFFECT) && !counted && clause.chars().count() <= 40
}
