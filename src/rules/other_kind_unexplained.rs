//! C112 other-kind-unexplained: a target of a kind of its own, and the place to explain it is empty.

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::Field;
use crate::schema::concept::column;
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "C112",
    name: "other-kind-unexplained",
    severity: Severity::Warning,
    dimension: Dimension::Completeness,
    authority: "系统（计算符号为“定量（其他）”的，指标值说明必填）",
    summary: "“定量（其他）”的指标没有写指标说明",
    docs: "
## 检查什么
指标性质（计算符号）填“定量（其他）”“其他”的，同一行的指标解释（指标值说明）是否空着。表上没有这一栏的不查。

## 为什么
不是“≥、≤、=”的指标，不说明怎么算，年底没法判断完成没有。

## 正反例
- 反例：计算符号“定量(其他)”，指标解释空着。
- 正例：计算符号“定量(其他)”，指标解释“按季度末在册人数计算”。

## 怎么改
在指标解释栏写明怎样取数、怎样算完成。

## 依据
预算绩效管理系统的填报校验。
",
    check: Check::Form(check),
};

/// The column in which an indicator is explained.
const DESCRIPTION: &str = "description";

fn check(context: &Context<'_>) -> Verdict {
    let kinds = [column::OPERATOR, column::VALUE_TYPE];
    let Some(kind) = kinds.into_iter().find(|id| indicator::table(context, &[id, DESCRIPTION]).is_some()) else {
        return Verdict::NotApplicable;
    };
    indicator::each(context, &[DESCRIPTION], |row| {
        let said = row.cell(kind).filter(|said| squeeze(said.text()).contains("其他"))?;
        let place = row.cell(DESCRIPTION).filter(|place| !Field::is_filled(place))?;
        Some(Fault {
            cell: Some(place.cell()),
            related: indicator::cells(row, &[column::LEVEL3, kind]),
            message: format!(
                "{}填“{}”，{}没有写怎么算{}",
                phrase::column_at(context.form, said, kind),
                excerpt(said.text(), 10),
                phrase::column_at(context.form, place, DESCRIPTION),
                row.filled(column::LEVEL3).map(|name| format!("（{}）", excerpt(name, 20))).unwrap_or_default(),
            ),
            advice: "写明怎样取数、怎样算完成，如“按季度末在册人数计算”。".to_owned(),
            ..Fault::default()
        })
    })
}
