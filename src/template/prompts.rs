//! What a box says when it is chosen, and when something wrong is typed into it.

use super::plan::{Input, Role};
use crate::schema::FieldKind;
use crate::schema::concept::{amount, column, field};

/// How to fill a box in: one or two sentences in plain Chinese.
pub(super) fn prompt(input: &Input) -> String {
    let mut text = by_meaning(input).unwrap_or_else(|| by_kind(input));
    if let Some(most) = input.max_chars {
        text.push_str(&format!("不超过{most}字。"));
    }
    if input.required && !matches!(input.role, Role::Row { .. }) {
        text.push_str("必填。");
    }
    text
}

fn by_meaning(input: &Input) -> Option<String> {
    let text = match &input.role {
        Role::Field(id) | Role::Listed { what: id, .. } => match id.as_str() {
            field::UNIT => "填单位全称，与公章一致。",
            field::DEPARTMENT => "填一级预算单位全称。",
            field::PROJECT => "填项目全称，与批复的部门预算一致。",
            field::YEAR if !input.bordered => "在括号里填预算年度，如（2026年度）。",
            field::GOAL => "分条写明本年度要完成的事项和要达到的效果，能量化的写出数量，如“目标1：…；目标2：…”。",
            field::TERM_GOAL => "写整个实施期要达到的目标，不与年度目标逐字相同。",
            field::GOAL_ACTUAL => "对照预期目标逐条写实际完成的数量和效果，不照抄目标。",
            "preparer" | "contact" => "填姓名。",
            "phone" => "填联系电话。",
            "report_date" => "填日期，如 2026年3月1日。",
            _ => return None,
        },
        Role::Row { column: id, .. } => match id.as_str() {
            column::LEVEL1 => "填一级指标。",
            column::LEVEL2 => "填二级指标。",
            column::LEVEL3 => "填指标名称，说清考核什么；不写数字，不照抄二级指标。",
            column::OPERATOR => "从下拉列表中选。越大越好的选≥，越小越好的选≤；用文字表述的选“定性”。",
            column::TARGET => "填可以核对的数值和单位，如“≥95%”“12个”；另有指标性质栏、单位栏的，这里只填数。",
            column::UNIT => "从下拉列表中选，列表里没有的可以直接填。",
            column::ACTUAL => "填实际完成的数，不带≥、≤等符号；定性指标写完成情况。",
            column::WEIGHT => "填分值。各项分值合计见“自检”。",
            column::SCORE => "填得分，不高于分值。",
            column::REASON => "得分低于分值或没有完成的，写明原因和改进措施；完成的可以不填。",
            _ => return None,
        },
        Role::Cell { column: id, .. } if id == amount::REASON => "执行率偏低或预算有调整的，写明原因。",
        Role::Cell { .. } | Role::Total { .. } => return None,
    };
    Some(text.to_owned())
}

fn by_kind(input: &Input) -> String {
    let label = input.label.replace(['\n', '：'], "");
    match input.kind {
        FieldKind::Amount => "填数字，不写单位；没有的填0。合计与各项之和应当一致。".to_owned(),
        FieldKind::Rate => "填百分比，如 86.5%。".to_owned(),
        FieldKind::Points => "填分数，只填数字。".to_owned(),
        FieldKind::Measure => "填数值和单位，如“≥95%”“12个”。".to_owned(),
        FieldKind::Year => "填四位年份，如 2026。".to_owned(),
        FieldKind::Number => "填数字。".to_owned(),
        FieldKind::Choice => format!("从下拉列表中选：{}。", input.choices.join("、")),
        FieldKind::Text | FieldKind::MoneyUnit | FieldKind::Month => format!("填写{label}。"),
    }
}

/// What is said when something wrong was typed.
pub(super) fn complaint(input: &Input) -> String {
    match input.kind {
        FieldKind::Amount => "金额只填不小于0的数字，不写“万元”等单位。".to_owned(),
        FieldKind::Rate => "填0到100%之间的百分比，如 86.5%。".to_owned(),
        FieldKind::Points if input.limit.is_some() => "得分填0到本行分值之间的数字。".to_owned(),
        FieldKind::Points => "填0到100之间的数字。".to_owned(),
        FieldKind::Number => "只填不小于0的数字。".to_owned(),
        FieldKind::Year => "填四位年份，如 2026。".to_owned(),
        _ if input.closed => format!("请从下拉列表中选：{}。", input.choices.join("、")),
        _ => input.max_chars.map_or_else(String::new, |most| format!("不超过{most}字，请精简。")),
    }
}
