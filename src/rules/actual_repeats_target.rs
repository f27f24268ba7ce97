//! L113 actual-repeats-target: actual values that are the targets over again.

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::Field;
use crate::schema::concept::column;
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "L113",
    name: "actual-repeats-target",
    severity: Severity::Info,
    dimension: Dimension::Adequacy,
    authority: "实务",
    summary: "实际完成值与指标值一字不差",
    docs: "\
## 检查什么

有 5 个以上指标，每一个的实际完成值都与指标值一字不差。

## 为什么

真实数据很少处处等于目标，多半是照抄指标值。

## 正反例

- 反例：9 个指标的实际完成值全部照抄指标值
- 正例：目标 ≥95%，实际 97.3%

## 怎么改

按实际数据填写，并留存佐证材料。

## 依据

绩效目标审核、自评复核实务。
",
    check: Check::Form(check),
};

/// From so many indicators on, sameness is no chance.
const MANY: usize = 5;

fn check(ctx: &Context<'_>) -> Verdict {
    let Some(table) = indicator::table(ctx, &[column::TARGET, column::ACTUAL]) else {
        return Verdict::NotApplicable;
    };
    let pairs: Vec<(&Field, &Field)> = table
        .rows
        .iter()
        .filter_map(|row| row.cell(column::TARGET).zip(row.cell(column::ACTUAL)))
        .filter(|(target, actual)| target.is_filled() && actual.is_filled())
        .collect();
    let Some((_, first)) = pairs.first() else {
        return Verdict::InsufficientData;
    };
    let repeated = pairs.iter().all(|(target, actual)| squeeze(target.text()) == squeeze(actual.text()));
    if pairs.len() < MANY || !repeated {
        return Verdict::Checked(Vec::new());
    }
    Verdict::Checked(vec![Fault {
        cell: Some(first.cell()),
        related: pairs.iter().skip(1).map(|(_, actual)| actual.cell()).collect(),
        found: Some(first.text().to_owned()),
        message: format!(
            "{}起的 {} 个指标，实际完成值与指标值一字不差（如“{}”）",
            phrase::column_at(ctx.form, first, column::ACTUAL),
            pairs.len(),
            excerpt(first.text(), 16)
        ),
        advice: "按台账、签到表、验收单填实际的数，如“612人”“97.3%”，并留存佐证材料。".to_owned(),
        ..Fault::default()
    }])
}
