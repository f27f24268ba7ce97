//! W102 vague-goal: a yearly goal that promises nothing to be checked.

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::schema::concept::field;
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "W102",
    name: "vague-goal",
    severity: Severity::Warning,
    dimension: Dimension::Feasibility,
    authority: "财预〔2015〕88号（绩效目标应当指向明确、细化量化）",
    summary: "年度目标空泛，没有可以考核的内容",
    docs: "\
## 检查什么

年度目标的每一句都只是“做好……工作”“完成……预算安排”“保障正常运转”“不断提高……水平”一类话，没有任何数字和成果。写明数量或成果的不查。

## 为什么

目标说不出做什么、做到什么程度，指标就没有依据。

## 正反例

- 反例：`按计划做好本年度各项工作。`
- 反例：`做好村医管理工作，不断提高服务水平。`
- 正例：`全年培训村医 12 期 600 人，考核合格率 95% 以上。`

## 怎么改

写明本年度做什么、做多少、达到什么效果。

## 依据

财预〔2015〕88号《中央部门预算绩效目标管理办法》：绩效目标应当指向明确、细化量化、合理可行、相互匹配。
",
    check: Check::Form(check),
};

/// A goal, or a clause of one, longer than this says more than one empty sentence.
const LONG: usize = 45;

fn check(ctx: &Context<'_>) -> Verdict {
    let Some(goal) = ctx.form.record.field(field::GOAL) else {
        return Verdict::NotApplicable;
    };
    if !goal.is_filled() {
        return Verdict::InsufficientData;
    }
    let text = squeeze(goal.text());
    let is_vague = |said: &str| {
        said.chars().count() <= LONG && ctx.policy.words.vague_goals.iter().any(|vague| vague.is_match(said))
    };
    let mut clauses = text.split([',', ';', '。']).filter(|clause| !clause.is_empty());
    if indicator::has_digit(&text) || !(is_vague(&text) || clauses.all(is_vague)) {
        return Verdict::Checked(Vec::new());
    }
    Verdict::Checked(vec![Fault {
        cell: Some(goal.cell()),
        found: Some(goal.text().to_owned()),
        message: format!(
            "{}“{}”没有可以考核的内容",
            phrase::at(goal.cell(), phrase::field_label(ctx.form, field::GOAL)),
            excerpt(goal.text(), 30)
        ),
        advice: "写明本年度做什么、做多少、达到什么效果，如“培训村医12期600人，考核合格率95%以上”。".to_owned(),
        ..Fault::default()
    }])
}
