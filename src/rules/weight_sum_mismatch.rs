//! A201: the weights do not make the full mark, or not the total printed below them.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, phrase, points};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Form, Table};
use crate::policy::Words;
use crate::schema::concept::column;

pub(super) static RULE: Rule = Rule {
    code: "A201",
    name: "weight-sum-mismatch",
    severity: Severity::Error,
    dimension: Dimension::Consistency,
    authority: "财预〔2020〕10号（总分 100 分，其中预算执行率 10 分）",
    summary: "各项分值之和与总分不一致",
    docs: "
## 检查什么
各三级指标分值之和，加上资金栏所列预算执行率分值，是否等于表样规定的总分（一般为 100 分），并与合计行所填的总分相符。资金栏没有列预算执行率分值的，指标合计 90 分或 100 分都可以。有指标未填分值的，不判断。

## 为什么
分值不满或超过 100 分，得分就不能横向比较，等级也无从评定。

## 正反例
- 反例：指标分值合计 100，资金栏另列预算执行率 10 分，合计行填 100（实为 110）。
- 反例：指标分值合计 85，加预算执行率 10 分只有 95。
- 正例：产出 50、效益 30、满意度 10、预算执行率 10。

## 怎么改
把指标分值调整到 90 分（预算执行率 10 分另计），再核对合计行。

## 依据
财预〔2020〕10号 项目支出绩效自评表；各表样的总分和预算执行率分值见表样文件。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    let Some(table) = form.record.indicators().filter(|table| table.has(column::WEIGHT)) else {
        return Verdict::NotApplicable;
    };
    let Some(weights) = points::column(&table.rows, column::WEIGHT).filter(|weights| !weights.is_empty()) else {
        return Verdict::InsufficientData;
    };
    let sum = points::sum(&weights);
    let execution = points::execution_weight(form).filter(|field| field.number().is_some());
    let made = possible_totals(form, &context.policy.words, table, sum, execution);
    let full = form.schema.indicators.as_ref().and_then(|indicators| indicators.total_points);
    // Weights given as shares make 1.
    let is_full = full.is_none_or(|full| made.iter().any(|total| *total == full || *total == Decimal::ONE));
    let printed = points::total_weight(form).and_then(|field| Some((field, field.number()?)));
    let fits = printed.is_none_or(|(_, total)| total == sum || made.contains(&total));
    if is_full && fits {
        return Verdict::Checked(Vec::new());
    }
    let total = made.first().copied().unwrap_or(sum);
    let Some(cell) = printed.map(|(field, _)| field.cell()).or_else(|| table.columns.get(column::WEIGHT).copied())
    else {
        return Verdict::InsufficientData;
    };
    let expected = if is_full { total } else { full.unwrap_or(total) };
    let found = match printed {
        Some((_, number)) if is_full => number,
        _ => total,
    };
    let with_execution = match execution {
        Some(field) if total != sum => format!("，加预算执行 {}，共 {}", phrase::term(field), phrase::plain(total)),
        _ => String::new(),
    };
    let against = match (is_full, printed) {
        (true, Some((field, number))) => format!("与 {} 所填 {} 不符", field.cell(), phrase::plain(number)),
        (_, Some((field, number))) if number != total => {
            format!("应为 {}；{} 填的是 {}", phrase::plain(expected), field.cell(), phrase::plain(number))
        }
        _ => format!("应为 {}", phrase::plain(expected)),
    };
    Verdict::Checked(vec![Fault {
        cell: Some(cell),
        related: classes_of(table).into_iter().chain(execution.map(Field::cell)).collect(),
        found: Some(phrase::plain(found)),
        expected: Some(phrase::plain(expected)),
        difference: Some(phrase::plain(found - expected)),
        message: format!(
            "指标{}合计 {} = {}{with_execution}，{against}",
            phrase::column_label(form, column::WEIGHT),
            phrase::sum_of(&weights),
            phrase::plain(sum),
        ),
        advice: format!("调整各指标分值，使各项（含预算执行率）合计为 {} 分。", phrase::plain(expected)),
        ..Fault::default()
    }])
}

/// What the weights may make together, the likeliest first.
fn possible_totals(form: &Form, words: &Words, table: &Table, sum: Decimal, execution: Option<&Field>) -> Vec<Decimal> {
    let in_table = table.rows.iter().filter_map(|row| row.filled(column::LEVEL3)).any(|name| {
        name.contains("执行率") || words.execution_indicators.iter().any(|word| name.contains(word.as_str()))
    });
    match execution.and_then(Field::number) {
        Some(points) if in_table => vec![sum + points, sum],
        Some(points) => vec![sum + points],
        None => {
            let points = form.schema.indicators.as_ref().map_or(Decimal::ZERO, |i| i.execution_points);
            vec![sum, sum + points]
        }
    }
}

/// The cells of the first-level classes, where a reviewer looks for the split.
fn classes_of(table: &Table) -> BTreeSet<crate::address::CellRef> {
    table.rows.iter().filter_map(|row| row.at(column::LEVEL1).or_else(|| row.at(column::WEIGHT))).collect()
}
