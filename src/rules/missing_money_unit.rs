//! F102: amounts without 元 or 万元 anywhere on the form.

use super::{Check, Context, Fault, Rule, Verdict, funding};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, GridRow};
use crate::schema::concept::field;

pub(super) static RULE: Rule = Rule {
    code: "F102",
    name: "missing-money-unit",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "实务（金额须注明元或万元）",
    summary: "表上没有注明金额单位",
    docs: "
## 检查什么
填有金额的表，是否注明金额单位（元或万元）：可写在表头“金额单位：万元”、资金栏标题“项目资金（万元）”，或写在金额后面。

## 为什么
元与万元相差一万倍，单位不明，汇总就会出错。

## 正反例
- 反例：全表没有“元”“万元”，资金总额填 20。
- 正例：资金栏标题写“项目资金（万元）”。

## 怎么改
在资金栏标题或表头注明“万元”或“元”。

## 依据
实务：部门预算和绩效表格的通行要求。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let record = &context.form.record;
    let Some(grid) = record.funding() else { return Verdict::NotApplicable };
    let columns = funding::money_columns(context.form);
    let amounts = || {
        let cells = grid.rows.iter().flat_map(|row| &row.cells);
        cells.filter(|(id, field)| columns.contains(id.as_str()) && field.is_filled()).map(|(_, field)| field)
    };
    let Some(first) = amounts().map(Field::cell).min() else { return Verdict::InsufficientData };
    let labels = grid.rows.iter().map(|row: &GridRow| row.label.text.as_str());
    let named = record.filled(field::MONEY_UNIT).is_some()
        || amounts().map(Field::text).chain(labels).any(|text| text.contains(['元', '万']))
        || record.title.iter().chain(&record.notes).any(|field| field.text().contains("万元"));
    if named {
        return Verdict::Checked(Vec::new());
    }
    let cell = record.field(field::MONEY_UNIT).map_or(first, Field::cell);
    Verdict::Checked(vec![Fault {
        cell: Some(cell),
        message: "表上没有注明金额单位是元还是万元".to_owned(),
        advice: "在资金栏标题或表头注明金额单位。".to_owned(),
        ..Fault::default()
    }])
}
