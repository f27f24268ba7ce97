//! F101: nowhere does the form say which year it is for.

use super::{Check, Context, Fault, Rule, Verdict};
use crate::finding::{Dimension, Severity};
use crate::schema::concept::field;

pub(super) static RULE: Rule = Rule {
    code: "F101",
    name: "missing-year",
    severity: Severity::Warning,
    dimension: Dimension::Completeness,
    authority: "财预〔2015〕88号 填报说明（年度为预算年度）",
    summary: "表上没有年度",
    docs: "
## 检查什么
标题、年度行是否写明表属年度。只在项目名称等别处出现年份的，不算写明。

## 为什么
没有年度，资金和指标值就对不上预算年度，也无法归档、统计。

## 正反例
- 反例：标题下没有“（2023年度）”一行，或写成“（    年度）”。
- 正例：标题“2023年度项目支出绩效自评表”。

## 怎么改
在标题下写明“（20××年度）”。

## 依据
财预〔2015〕88号 项目支出绩效目标申报表填报说明。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let year = context.form.record.field(field::YEAR);
    if year.is_some_and(|year| year.number().is_some() || year.is_filled()) {
        return Verdict::Checked(Vec::new());
    }
    Verdict::Checked(vec![Fault {
        cell: year.map(crate::form::Field::cell),
        found: year.map(|year| year.text().to_owned()),
        message: "表上没有写明年度".to_owned(),
        advice: "在标题下写明“（20××年度）”。".to_owned(),
        ..Fault::default()
    }])
}
