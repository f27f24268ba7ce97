//! V111 operator-in-actual: an actual value with a comparison sign: the target was copied.

use super::{Check, Context, Fault, Rule, Verdict, fix, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Row};
use crate::schema::concept::column;
use crate::text::{excerpt, squeeze};
use crate::value::{Measure, Operator, Value};

pub(super) static RULE: Rule = Rule {
    code: "V111",
    name: "operator-in-actual",
    severity: Severity::Error,
    dimension: Dimension::Consistency,
    authority: "财预〔2020〕10号 附件1 自评表“实际完成值”栏（填实际完成的数）",
    summary: "实际完成值带比较符号，不是实际数",
    docs: "\
## 检查什么

实际完成值写成“≥266米”“≥95%”。同一张表有多处时标在第一处，其余列为相关单元格。

## 为什么

实际完成值是做出来的数，只有一个；带“≥”说明是照抄指标值，真实完成情况没有填。

## 正反例

- 反例：`≥266米`、`≥95%`
- 正例：`270米`、`97.5%`

## 怎么改

填实际完成的数字，去掉比较符号。
修改建议：去掉比较符号，数字不变；请先核实这个数字是不是实际完成的。

## 依据

财预〔2020〕10号《项目支出绩效评价管理办法》及各地绩效自评填报要求。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    let verdict = indicator::gathered(ctx, &[column::ACTUAL], signed, |actual| Fault {
        expected: Some("实际完成的数字".to_owned()),
        message: format!(
            "{}填的是“{}”，带比较符号，不是实际数",
            phrase::column_at(ctx.form, actual, column::ACTUAL),
            excerpt(actual.text(), 20)
        ),
        advice: format!(
            "填实际完成的数，不带“≥”“≤”，如正好是 {0} 就写“{0}”。",
            excerpt(actual.text(), 12).trim_start_matches(|c: char| !c.is_ascii_digit())
        ),
        ..Fault::default()
    });
    fix::of_rows(ctx, verdict, |row| {
        let actual = signed(row)?;
        let measure = Measure { operator: None, ..Measure::parse(actual.text())? };
        Some((actual, Value::Text(measure.to_string())))
    })
}

fn signed(row: &Row) -> Option<&Field> {
    let actual = row.cell(column::ACTUAL).filter(|actual| actual.is_filled())?;
    let text = squeeze(actual.text());
    // `=95%` says no more than `95%`.
    let (operator, rest) = Operator::split(&text).filter(|(operator, _)| *operator != Operator::Equal)?;
    (operator.is_forward() || operator.is_reverse()).then_some(())?;
    rest.starts_with(|c: char| c.is_ascii_digit()).then_some(actual)
}
