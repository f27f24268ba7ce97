//! C106: an indicator with values and no name.

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Row};
use crate::schema::concept::column;

pub(super) static RULE: Rule = Rule {
    code: "C106",
    name: "missing-indicator-name",
    severity: Severity::Error,
    dimension: Dimension::Completeness,
    authority: "财预〔2015〕88号 绩效目标审核表“完整性审核”；系统（三级指标名称、指标值必填）",
    summary: "有指标值而没有三级指标名称",
    docs: "
## 检查什么
填了指标值、实际完成值或得分的行，三级指标名称是否空着。

## 为什么
没有名称，不知道考核什么。

## 正反例
- 反例：三级指标空着，指标值填 88。
- 正例：“培训人次”，指标值 ≥88 人次。

## 怎么改
补填三级指标名称；多余的行清空。

## 依据
财预〔2015〕88号 绩效目标审核表。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let Some(table) = context.form.record.indicators() else { return Verdict::NotApplicable };
    if !table.has(column::LEVEL3) {
        return Verdict::NotApplicable;
    }
    let has_value =
        |row: &Row| [column::TARGET, column::ACTUAL, column::SCORE].into_iter().any(|id| row.filled(id).is_some());
    let unnamed = table.rows.iter().filter_map(|row| {
        let name = row.cell(column::LEVEL3).filter(|name| name.is_blank() && has_value(row))?;
        Some(fault(context, row, name))
    });
    Verdict::Checked(unnamed.collect())
}

fn fault(context: &Context<'_>, row: &Row, name: &Field) -> Fault {
    let label = phrase::column_label(context.form, column::LEVEL3);
    Fault {
        cell: Some(name.cell()),
        related: indicator::cells(row, &[column::TARGET, column::ACTUAL, column::SCORE]),
        message: format!("{}空着，而这一行填了指标值或得分", phrase::at(name.cell(), label)),
        advice: format!("补填{label}名称；多余的行清空。"),
        ..Fault::default()
    }
}
