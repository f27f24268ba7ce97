//! L128 copied-term-targets: the targets of the year are those of the whole term.

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Row};
use crate::schema::concept::{column, field};
use crate::text::squeeze;

pub(super) static RULE: Rule = Rule {
    code: "L128",
    name: "copied-term-targets",
    severity: Severity::Warning,
    dimension: Dimension::Adequacy,
    authority: "财预〔2015〕88号 申报表（中期目标与年度目标分栏填列）；实务",
    summary: "中期（实施期）指标值与年度指标值完全相同",
    docs: "\
## 检查什么

中期（实施期、长期）与年度并列的表，两套指标值是否逐个相同，其中还有数量（人、次、公里等）。只有比率、成本单价相同的不查；不到 3 个指标的不查。

## 为什么

三年的数量一年就做完，或者一年的数量写成三年的，至少有一套没有测算。

## 正反例

- 反例：三年`检测批次 ≥20次`，本年也是`≥20次`，其余各行也都相同
- 正例：三年`检测批次 ≥60次`，本年`≥20次`，合格率两栏都是 ≥98%

## 怎么改

把中期的数量分到各年，本年填本年的数。

## 依据

财预〔2015〕88号 项目支出绩效目标申报表，中期（实施期）目标与年度目标分栏填列；绩效目标审核实务。
",
    check: Check::Form(check),
};

/// The cell of the longer horizon beside a target.
const TERM_TARGET: &str = "term_target";
/// Fewer are alike by chance.
const MANY: usize = 3;

fn check(ctx: &Context<'_>) -> Verdict {
    // Without a goal of the term the second column is 年初指标值 beside 调整指标值.
    let Some(table) =
        indicator::table(ctx, &[column::TARGET]).filter(|_| ctx.form.record.field(field::TERM_GOAL).is_some())
    else {
        return Verdict::NotApplicable;
    };
    let pairs: Vec<(&Row, &Field, &Field)> = table
        .rows
        .iter()
        .filter_map(|row| Some((row, row.cell(TERM_TARGET)?, row.cell(column::TARGET)?)))
        .filter(|(_, term, year)| term.is_filled() && year.is_filled() && term.cell() != year.cell())
        .collect();
    let Some((_, first, _)) = pairs.first() else { return Verdict::NotApplicable };
    let equal = pairs.iter().all(|(_, term, year)| squeeze(term.text()) == squeeze(year.text()));
    let counts = |row: &Row| {
        let unit = row.target.as_ref().and_then(|target| target.unit.as_deref()).unwrap_or("%");
        super::told::counts(unit) && !indicator::is_cost(row)
    };
    let Some((counted, ..)) = pairs.iter().find(|(row, ..)| counts(row)).filter(|_| equal && pairs.len() >= MANY)
    else {
        return Verdict::Checked(Vec::new());
    };
    Verdict::Checked(vec![Fault {
        cell: Some(first.cell()),
        related: pairs.iter().flat_map(|(_, term, year)| [term.cell(), year.cell()]).skip(1).collect(),
        found: Some(first.text().to_owned()),
        message: format!(
            "{} 起的 {} 个中期（实施期）指标值与年度指标值逐个相同，“{}”也是",
            first.cell(),
            pairs.len(),
            super::told::name_of(counted)
        ),
        advice: format!(
            "把中期的数量分到各年，{}填本年要完成的数。",
            phrase::at(
                counted.at(column::TARGET).unwrap_or(first.cell()),
                phrase::column_label(ctx.form, column::TARGET)
            )
        ),
        ..Fault::default()
    }])
}
