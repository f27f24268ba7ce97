//! C110: a self-evaluation without a column of weights or scores.

use super::{Check, Context, Fault, Rule, Verdict, points};
use crate::finding::{Dimension, Severity};
use crate::form::Row;
use crate::schema::concept::{INDICATORS, column};
use crate::schema::{Stage, Subject};

pub(super) static RULE: Rule = Rule {
    code: "C110",
    name: "missing-score-column",
    severity: Severity::Warning,
    dimension: Dimension::Completeness,
    authority: "财预〔2020〕10号 附件1 自评表（设分值、得分栏）",
    summary: "自评表没有分值栏或得分栏",
    docs: "
## 检查什么
项目支出、部门整体支出绩效自评表的指标部分是否有分值栏和得分栏。转移支付绩效自评表本来不设，不检查；表样不要求分值栏的（湖北，分值印在各目标上），只查得分栏。

## 为什么
自评要打分，没有得分就没有结果和等级。

## 正反例
- 反例：指标部分只有指标值和实际完成值。
- 正例：指标部分有分值、得分两栏。

## 怎么改
改用下发的自评表样，补填分值和得分。

## 依据
财预〔2020〕10号 附件1 项目支出绩效自评表。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    let is_scored = form.schema.stage == Stage::SelfEvaluation && form.schema.subject != Subject::Transfer;
    let Some(table) = form.record.indicators().filter(|_| is_scored) else { return Verdict::NotApplicable };
    if table.columns.is_empty() {
        return Verdict::InsufficientData;
    }
    // Where the points are printed for groups of indicators (湖北) no column of weights is asked for.
    let spec = form.schema.table(INDICATORS);
    let asked = |id: &str| spec.and_then(|spec| spec.column(id)).is_some_and(|column| column.required);
    // Or where each second level prints its own: `数量指标（20分）`.
    let prints = |row: &Row| row.filled(column::LEVEL2).is_some_and(|label| points::printed(label).is_some());
    let printed = !table.rows.is_empty() && table.rows.iter().all(prints);
    let missing: Vec<_> = [(column::WEIGHT, "分值"), (column::SCORE, "得分")]
        .into_iter()
        .filter(|(id, _)| asked(id) && !table.has(id) && !(printed && *id == column::WEIGHT))
        .map(|(_, label)| label)
        .collect();
    if missing.is_empty() {
        return Verdict::Checked(Vec::new());
    }
    let missing = missing.join("、");
    Verdict::Checked(vec![Fault {
        related: table.columns.get(column::ACTUAL).map(|head| head.cell).into_iter().collect(),
        message: format!("指标部分没有{missing}栏"),
        advice: format!("改用下发的自评表样，补填{missing}。"),
        ..Fault::default()
    }])
}
