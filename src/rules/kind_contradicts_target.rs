//! V131 kind-contradicts-target: the column of kinds says one thing and the target is another.

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase, wrong_direction};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Row};
use crate::schema::concept::column;
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "V131",
    name: "kind-contradicts-target",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "系统（定量指标填比较符号、数字和单位，定性指标填文字；成本等反向指标不用“≥”）",
    summary: "“定性、定量”或“正向、反向”与指标值不符",
    docs: "\
## 检查什么

表上有指标性质、指标值类型、指标方向性一类栏目的：填“定性”而指标值是数字加单位；填“定量”而指标值没有数字；填“正向”而指标值用“≤”；填“反向”而指标值用“≥”。

## 为什么

系统按这一栏选择计分办法，填错了，得分就算错。

## 正反例

- 反例：指标性质`定性`，指标值`95`，度量单位`%`
- 反例：指标值类型`定量`，指标值`按月安排`
- 正例：指标性质`≥`，指标值`95`，度量单位`%`

## 怎么改

指标值是数字的填定量（或比较符号），是文字的填定性；方向照比较符号填。

## 依据

预算绩效管理系统的填报要求。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    let columns =
        [column::OPERATOR, column::VALUE_TYPE].into_iter().filter(|id| indicator::table(ctx, &[id]).is_some());
    let columns: Vec<&str> = columns.collect();
    if columns.is_empty() {
        return Verdict::NotApplicable;
    }
    indicator::each(ctx, &[column::TARGET], |row| {
        let target = row.cell(column::TARGET).filter(|target| target.is_filled())?;
        let (id, kind, (why, right)) = columns.iter().find_map(|id| {
            let kind = row.cell(id).filter(|kind| kind.is_filled())?;
            Some((*id, kind, contradiction(ctx, row, kind, target)?))
        })?;
        Some(Fault {
            expected: Some(right.to_owned()),
            message: format!(
                "{}填“{}”，而{}“{}”{why}",
                phrase::column_at(ctx.form, kind, id),
                excerpt(kind.text(), 8),
                phrase::column_at(ctx.form, target, column::TARGET),
                excerpt(target.text(), 20)
            ),
            advice: format!("把{}改为“{right}”；指标值写错了的，改正指标值。", kind.cell()),
            ..indicator::fault_at(kind, row, &[column::LEVEL3, column::TARGET, column::UNIT])
        })
    })
}

/// What is wrong and what should stand there.
fn contradiction(ctx: &Context<'_>, row: &Row, kind: &Field, target: &Field) -> Option<(&'static str, &'static str)> {
    let said = squeeze(kind.text());
    let says = |word: &str, other: &str| said.contains(word) && !said.contains(other);
    let text = squeeze(target.text());
    if says("定性", "定量") {
        // A date or a range is words as well as figures; a bare number may be a grade.
        let measured = row.target.as_ref().is_some_and(|target| target.unit.is_some() || target.operator.is_some());
        return measured.then_some(("是数字，不是定性的说法", "定量"));
    }
    if says("定量", "定性") && !indicator::has_digit(&text) && !text.contains("百分") {
        return Some(("没有数字", "定性"));
    }
    let operator = row.target.as_ref()?.operator?;
    // Where the sign is wrong it is the sign that must be mended, see V108.
    if wrong_direction::wrong(ctx, row).is_some() {
        return None;
    }
    if says("正向", "反向") && operator.is_reverse() {
        return Some(("用“≤”，是越少越好", "反向指标"));
    }
    (says("反向", "正向") && operator.is_forward()).then_some(("用“≥”，是越多越好", "正向指标"))
}
