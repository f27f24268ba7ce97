//! L321: the unit's score in the assessment of performance management is below the line at which its budget is cut.

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, phrase, points};
use crate::finding::{Dimension, Severity};
use crate::schema::Stage;
use crate::schema::concept::field;
use crate::text::excerpt;

pub(super) static RULE: Rule = Rule {
    code: "L321",
    name: "assessment-below-line",
    // No fault of the form: a consequence that must not be overlooked.
    severity: Severity::Info,
    dimension: Dimension::Relevance,
    authority: "本地口径 assessment.cut_below（区级考核办法：90 分以下的核减预算，报区政府同意）",
    summary: "考核得分低于核减预算的分数线",
    docs: "
## 检查什么
绩效管理考核评分表的考核得分，是否低于口径 `assessment.cut_below` 规定的分数（通用口径为 90 分）。只作提示，不影响这张表的填报质量等级。

## 为什么
低于分数线的单位要报区政府同意后核减下一年度预算，评分表上应当看得出来，避免漏报。

## 正反例
- 反例：考核得分 82.8，低于 90 分。
- 正例：考核得分 97.4。

## 怎么改
先核对得分有无算错；属实的，列入核减预算的单位名单，报区政府同意后执行。

## 依据
区级考核办法：考核最终得分 90 分以下的单位，报区政府同意后核减下一年度预算。各地分数线不同，在口径里改。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    if form.schema.stage != Stage::Assessment {
        return Verdict::NotApplicable;
    }
    let Some(score) = points::total_score(form) else { return Verdict::InsufficientData };
    let Some(given) = score.number() else { return Verdict::InsufficientData };
    let line = context.policy.assessment.cut_below;
    if given >= line || line == Decimal::ZERO {
        return Verdict::Checked(Vec::new());
    }
    let unit = form.record.filled(field::UNIT).map(|unit| format!("（{}）", excerpt(unit.trim(), 20)));
    Verdict::Checked(vec![Fault {
        cell: Some(score.cell()),
        found: Some(score.text().to_owned()),
        expected: Some(format!("{} 分以上", phrase::plain(line))),
        difference: Some(phrase::plain(given - line)),
        message: format!(
            "{}{}为 {} 分，低于 {} 分，按规定报区政府同意后核减下一年度预算",
            phrase::at(score.cell(), "考核得分"),
            unit.unwrap_or_default(),
            phrase::plain(given),
            phrase::plain(line),
        ),
        advice: "核对得分；属实的列入核减预算的单位名单，报区政府同意后执行。".to_owned(),
        ..Fault::default()
    }])
}
