//! W107 goal-not-filled: a goal cell that holds a figure or a name instead of a goal.

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::Field;
use crate::schema::concept::field;
use crate::text::{excerpt, similarity, squeeze};
use crate::value::Measure;

pub(super) static RULE: Rule = Rule {
    code: "W107",
    name: "goal-not-filled",
    severity: Severity::Error,
    dimension: Dimension::Completeness,
    authority: "财预〔2015〕88号（绩效目标应当指向明确）；系统（绩效目标必填）",
    summary: "年度目标没有写内容（只有金额、项目名称或几个字）",
    docs: "\
## 检查什么

年度目标只填了一个数字，只写项目或经费名称，或者短得不成句。

## 为什么

没有目标内容，指标和完成情况都没有依据；这是退回重报的常见原因。

## 正反例

- 反例：`43.2`；`执法补助经费`
- 正例：`完成 3 处供水设施改造，受益 1200 户，验收合格率 100%。`

## 怎么改

写明本年度用这笔钱做什么、做多少、达到什么效果。

## 依据

财预〔2015〕88号《中央部门预算绩效目标管理办法》：绩效目标应当指向明确、细化量化、合理可行、相互匹配。
",
    check: Check::Form(check),
};

/// Fewer characters make no sentence.
const SHORTEST: usize = 5;
/// From here on two names are one.
const SAME: f64 = 0.85;

fn check(ctx: &Context<'_>) -> Verdict {
    let record = &ctx.form.record;
    let Some(goal) = record.field(field::GOAL) else {
        return Verdict::NotApplicable;
    };
    if !goal.is_filled() {
        return Verdict::InsufficientData;
    }
    let Some(why) = emptiness(goal, record.filled(field::PROJECT)) else {
        return Verdict::Checked(Vec::new());
    };
    let actual = record.field(field::GOAL_ACTUAL).filter(|actual| is_number(actual.text()));
    Verdict::Checked(vec![Fault {
        cell: Some(goal.cell()),
        related: actual.map(Field::cell).into_iter().collect(),
        found: Some(goal.text().to_owned()),
        expected: Some("本年度要完成的事项和效果".to_owned()),
        message: format!(
            "{}填的是“{}”，{why}，没有目标内容",
            phrase::at(goal.cell(), phrase::field_label(ctx.form, field::GOAL)),
            excerpt(goal.text(), 30)
        ),
        advice: "写明本年度用这笔钱做什么、做多少、达到什么效果，如“改造供水设施3处，受益1200户”。".to_owned(),
        ..Fault::default()
    }])
}

fn emptiness(goal: &Field, project: Option<&str>) -> Option<&'static str> {
    let text = squeeze(goal.text());
    let text = text.trim_end_matches(['。', ';', ',']);
    if is_number(text) {
        return Some("只是一个数字");
    }
    if text.chars().count() < SHORTEST {
        return Some("内容过短");
    }
    let project = squeeze(project?);
    // A sentence may hold the whole name; a bare name ends like one and stops nowhere.
    let bare = !text.contains([',', '。', ';', '、']) && !indicator::has_digit(text);
    let named = text == project || similarity(text, &project) >= SAME || (bare && project.contains(text));
    named.then_some("只写了项目或经费名称")
}

/// A figure alone or with its unit of money: `43.2`, `20万元`; `3处供水设施改造` is a goal.
fn is_number(text: &str) -> bool {
    let bare = |measure: Measure| measure.unit.is_none_or(|unit| unit == "%" || indicator::is_money(&unit));
    Measure::parse(text).is_some_and(bare)
}
