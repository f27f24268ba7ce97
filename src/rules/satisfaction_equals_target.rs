//! L125 satisfaction-equals-target: a satisfaction measured to be exactly what was asked, without a word of a survey.

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Row};
use crate::schema::Stage;
use crate::schema::concept::{column, field};
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "L125",
    name: "satisfaction-equals-target",
    severity: Severity::Info,
    dimension: Dimension::Adequacy,
    authority: "实务（满意度没有调查数据的不计分）",
    summary: "满意度正好等于目标值，又没有写调查情况",
    docs: "\
## 检查什么

自评表上，满意度的实际完成值与目标值是同一个百分比（100% 除外），而全表没有一处提到问卷、样本、调查、回访、测评。只作提示，同一张表有多处时标在第一处。

## 为什么

问卷算出来的数很少正好等于目标；没有样本数，审核人会认为没有调查过。

## 正反例

- 反例：目标 ≥90%，实际 `90%`，没有提到问卷
- 正例：目标 ≥90%，实际 `93.4%`，备注“发放问卷120份，收回116份”

## 怎么改

按问卷填实际数，并在原因或备注栏写明发放、收回多少份。

## 依据

自评复核实务：满意度没有数据或者没有调查的不计分。
",
    check: Check::Form(check),
};

const SURVEY: [&str; 6] = ["问卷", "样本", "调查", "回访", "测评", "抽样"];

fn check(ctx: &Context<'_>) -> Verdict {
    if ctx.form.schema.stage != Stage::SelfEvaluation {
        return Verdict::NotApplicable;
    }
    let verdict = indicator::gathered(ctx, &[column::TARGET, column::ACTUAL], equal, |actual| Fault {
        message: format!(
            "{}填的是“{}”，正好等于目标值，表上没有写问卷发了多少、收回多少",
            phrase::column_at(ctx.form, actual, column::ACTUAL),
            excerpt(actual.text(), 16)
        ),
        advice: "按问卷结果填实际数，并写明样本，如“发放问卷120份，收回116份”。".to_owned(),
        ..Fault::default()
    });
    match verdict {
        Verdict::Checked(faults) if !faults.is_empty() && speaks_of_survey(ctx) => Verdict::Checked(Vec::new()),
        verdict => verdict,
    }
}

fn equal(row: &Row) -> Option<&Field> {
    let (target, actual) = (row.target.as_ref()?, row.actual.as_ref()?);
    // `≥95%` copied as the actual value has a rule of its own.
    let percent = target.is_percent() && actual.is_percent() && actual.operator.is_none();
    let full = actual.number == rust_decimal::Decimal::ONE_HUNDRED;
    let equal = indicator::is_satisfaction(row) && percent && target.number == actual.number && !full;
    equal.then(|| row.cell(column::ACTUAL)).flatten()
}

/// Whether anything that the unit wrote mentions a survey.
fn speaks_of_survey(ctx: &Context<'_>) -> bool {
    let record = &ctx.form.record;
    let rows = record.indicators().into_iter().flat_map(|table| &table.rows);
    let fields =
        [field::GOAL_ACTUAL, field::DEVIATION_SUMMARY, "explanation"].into_iter().filter_map(|id| record.field(id));
    fields
        .chain(rows.flat_map(|row| row.cells.values()))
        .map(|field| squeeze(field.text()))
        .any(|text| SURVEY.iter().any(|word| text.contains(word)))
}
