//! V302: points stand where the target or the actual value belongs, on a form without columns for points.

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Row};
use crate::schema::Stage;
use crate::schema::concept::column;
use crate::text::squeeze;
use crate::value::parse_number;

pub(super) static RULE: Rule = Rule {
    code: "V302",
    name: "scores-in-value-column",
    severity: Severity::Error,
    dimension: Dimension::Consistency,
    authority: "转移支付绩效目标自评表（不设分值、得分列）；实务",
    summary: "把分值、得分填进了指标值、完成值栏",
    docs: "
## 检查什么
没有分值、得分列的自评表（转移支付绩效目标自评表），指标值或全年实际完成值一列填的是不是分数：至少四个指标全是不带单位的整数，合计正好是 100 或 90；或者各个“……率”“满意度”指标（至少两个）都只填了 30 以下、不带 % 的整数。

## 为什么
这种表不打分。填成分数，就看不出目标是多少、完成了多少。

## 正反例
- 反例：“政策知晓率”的全年实际完成值填 10，“群众满意度”填 10。
- 正例：“政策知晓率”的指标值 ≥90%，全年实际完成值 93%。

## 怎么改
填写指标值和实际完成的数，带上单位；分数不填。

## 依据
公开的转移支付（区域）绩效目标自评表的版式；实务。
",
    check: Check::Form(check),
};

/// Fewest rows whose figures, all bare and together 100 or 90, are taken for points.
const FEWEST: usize = 4;

fn check(context: &Context<'_>) -> Verdict {
    let is_self_evaluation = context.form.schema.stage == Stage::SelfEvaluation;
    let Some(table) = indicator::table(context, &[column::TARGET, column::ACTUAL]).filter(|_| is_self_evaluation)
    else {
        return Verdict::NotApplicable;
    };
    if table.has(column::WEIGHT) || table.has(column::SCORE) {
        return Verdict::NotApplicable;
    }
    let faults = [column::TARGET, column::ACTUAL].into_iter().filter_map(|id| {
        let points = if id == column::TARGET && table.has(column::UNIT) { Vec::new() } else { points(&table.rows, id) };
        indicator::once(&points, |first| Fault {
            expected: Some("指标的数值，带单位".to_owned()),
            message: format!(
                "{}填的是“{}”，像是分数：本表不设分值、得分，这一列应填{}",
                phrase::column_at(context.form, first, id),
                first.text().trim(),
                if id == column::TARGET { "指标的目标数" } else { "实际完成的数" },
            ),
            advice: match id {
                column::TARGET => "改填指标的目标数和单位，如“≥90%”；分数不填。".to_owned(),
                _ => "改填实际完成的数和单位，如“93%”，不带比较符号；分数不填。".to_owned(),
            },
            ..Fault::default()
        })
    });
    Verdict::Checked(faults.collect())
}

/// Whether points stand where actual values belong: nothing can be said of the attainment then.
pub(super) fn hides_actuals(context: &Context<'_>) -> bool {
    match check(context) {
        Verdict::Checked(faults) => !faults.is_empty(),
        _ => false,
    }
}

/// The cells of a column that hold points.
fn points<'a>(rows: &'a [Row], id: &str) -> Vec<&'a Field> {
    let filled: Vec<(&Row, &Field)> =
        rows.iter().filter_map(|row| Some((row, row.cell(id).filter(|field| field.is_filled())?))).collect();
    let bare: Vec<(&Row, &Field, Decimal)> =
        filled.iter().filter_map(|(row, field)| Some((*row, *field, bare_number(field)?))).collect();
    let sum: Decimal = bare.iter().map(|(.., number)| *number).sum();
    let full = [Decimal::ONE_HUNDRED, Decimal::from(90)].contains(&sum);
    if full && bare.len() == filled.len() && bare.len() >= FEWEST {
        return bare.iter().map(|(_, field, _)| *field).collect();
    }
    let is_ratio = |row: &Row| indicator::name(row).is_some_and(|name| indicator::is_rate(&name));
    let ratios = filled.iter().filter(|(row, _)| is_ratio(row)).count();
    let small = |number: Decimal| number > Decimal::ONE && number <= Decimal::from(30);
    let scored: Vec<&Field> =
        bare.iter().filter(|(row, _, number)| is_ratio(row) && small(*number)).map(|(_, field, _)| *field).collect();
    if scored.len() >= 2 && scored.len() == ratios { scored } else { Vec::new() }
}

/// A whole number without sign or unit; a cell that shows a percentage is none.
fn bare_number(field: &Field) -> Option<Decimal> {
    parse_number(&squeeze(field.text())).filter(|number| number.fract().is_zero() && *number > Decimal::ZERO)
}
