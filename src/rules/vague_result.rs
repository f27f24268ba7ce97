//! W109 vague-result: what became of the goal is said in words that fit any project.

use super::{Check, Context, Rule, Verdict, hollow_result, indicator};
use crate::finding::{Dimension, Severity};

pub(super) static RULE: Rule = Rule {
    code: "W109",
    name: "vague-result",
    severity: Severity::Warning,
    dimension: Dimension::Adequacy,
    authority: "财预〔2020〕10号 附件1 自评表“实际完成情况”栏；实务",
    summary: "目标完成情况只有“已完成”一类的话",
    docs: "\
## 检查什么

目标完成情况的每一句都只是“已完成年度目标”“按计划完成各项工作”“达到预期效果”一类放在哪个项目都行的话（句式在口径 `words.vague_results` 里），没有任何数字。写明做了什么的不查。

## 为什么

看不出实际做了什么，自评等于没有做，得分也没有依据。

## 正反例

- 反例：`已全面完成年度各项工作任务，达到预期目标。`
- 正例：`培训村医12期612人，考核合格率97%。`

## 怎么改

对照年度目标逐条写实际完成的事项、数量、时间和效果。

## 依据

财预〔2020〕10号《项目支出绩效评价管理办法》及各地绩效自评填报要求。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    const LACK: &str = "看不出实际做了什么、做了多少";
    const ADVICE: &str = "对照年度目标逐条写实际完成的数量、时间和效果，如“培训12期612人，考核合格率97%”。";
    let words = &ctx.policy.words;
    let is_vague = |clause: &str| {
        let mut patterns = words.vague_results.iter().chain(&words.vague_goals);
        !indicator::has_digit(clause) && patterns.any(|vague| vague.is_match(clause))
    };
    hollow_result::judge(ctx, is_vague, LACK, ADVICE)
}
