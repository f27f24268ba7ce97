//! W109 vague-result: what became of the goal is said in words that fit any project.

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::schema::concept::field;
use crate::text::{excerpt, squeeze};

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
    let Some(result) = ctx.form.record.field(field::GOAL_ACTUAL) else {
        return Verdict::NotApplicable;
    };
    if !result.is_filled() {
        return Verdict::InsufficientData;
    }
    let text = squeeze(result.text());
    let words = &ctx.policy.words;
    let is_vague = |clause: &str| {
        let patterns = words.vague_results.iter().chain(&words.vague_goals);
        patterns.into_iter().any(|vague| vague.is_match(clause))
    };
    let mut clauses = text.split([',', ';', '。', '!']).filter(|clause| !clause.is_empty()).peekable();
    if clauses.peek().is_none() || indicator::has_digit(&text) || !clauses.all(is_vague) {
        return Verdict::Checked(Vec::new());
    }
    Verdict::Checked(vec![Fault {
        cell: Some(result.cell()),
        related: ctx.form.record.field(field::GOAL).map(|goal| goal.cell()).into_iter().collect(),
        found: Some(result.text().to_owned()),
        message: format!(
            "{}只写了“{}”，看不出实际做了什么、做了多少",
            phrase::at(result.cell(), phrase::field_label(ctx.form, field::GOAL_ACTUAL)),
            excerpt(result.text(), 30)
        ),
        advice: "对照年度目标逐条写实际完成的数量、时间和效果，如“培训12期612人，考核合格率97%”。".to_owned(),
        ..Fault::default()
    }])
}
