//! A201: the weights do not make the full mark, or not the total printed below them.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, phrase, points};
use crate::address::CellRef;
use crate::finding::{Dimension, Severity};
use crate::form::{Form, Table};
use crate::schema::concept::column;

pub(super) static RULE: Rule = Rule {
    code: "A201",
    name: "weight-sum-mismatch",
    severity: Severity::Error,
    dimension: Dimension::Consistency,
    authority: "财预〔2020〕10号 附件1 自评表（总分 100 分，其中预算执行率 10 分）",
    summary: "各项分值之和与总分不一致",
    docs: "
## 检查什么
各三级指标分值之和，加上资金栏所列预算执行率分值，是否等于表样规定的总分（一般为 100 分），并与合计行所填的总分相符。资金栏没有列预算执行率分值的，指标合计 90 分或 100 分都可以（口径 `[weights]` 另定执行率分值的，从其规定）。有指标未填分值的，不判断。没有分值栏而在栏目标题里印有分值的（“预算执行情况（20分）”“绩效目标（80分）”），比较两处之和。

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
    let Some(table) = form.record.indicators() else { return Verdict::NotApplicable };
    if !table.has(column::WEIGHT) {
        return of_block_labels(form, table);
    }
    let Some(weights) = points::column(&table.rows, column::WEIGHT).filter(|weights| !weights.is_empty()) else {
        return Verdict::InsufficientData;
    };
    let sum = points::sum(&weights);
    let execution = points::execution_points(form);
    let made = possible_totals(context, table, sum, execution);
    let total = made.first().copied().unwrap_or(sum);
    let full = full_mark(form);
    // Weights given as shares make 1.
    let is_full = full.is_none_or(|full| made.iter().any(|made| *made == full || *made == Decimal::ONE));
    let printed = points::total_weight(form).and_then(|field| Some((field.cell(), field.number()?)));
    let fits = printed.is_none_or(|(_, number)| number == sum || made.contains(&number));
    if is_full && fits {
        return Verdict::Checked(Vec::new());
    }
    // The header of a list speaks for all of its projects.
    let header = match weights.first().filter(|_| form.schema.list) {
        Some(first) => Some(first.cell()),
        None => table.columns.get(column::WEIGHT).map(|head| head.cell),
    };
    let expected = if is_full { total } else { full.unwrap_or(total) };
    let found = printed.filter(|_| is_full).map_or(total, |(_, number)| number);
    let with_execution = match execution {
        Some((cell, points)) if total != sum => {
            format!("，加预算执行 {cell} {}，共 {}", phrase::plain(points), phrase::plain(total))
        }
        _ => String::new(),
    };
    let and_printed = match printed {
        Some((cell, number)) if number != total => format!("，{cell} 填的是 {}", phrase::plain(number)),
        _ => String::new(),
    };
    let due = if is_full { String::new() } else { format!("，应为 {}", phrase::plain(expected)) };
    Verdict::Checked(vec![Fault {
        cell: printed.map(|(cell, _)| cell).or(header),
        related: classes_of(table).into_iter().chain(execution.map(|(cell, _)| cell)).collect(),
        // The cell may say 100 all the same: what was found is the sum.
        found: Some(if is_full { phrase::plain(found) } else { format!("各项合计 {}", phrase::plain(found)) }),
        expected: Some(phrase::plain(expected)),
        difference: Some(phrase::plain(found - expected)),
        message: format!(
            "指标{}合计 {} = {}{with_execution}{due}{and_printed}",
            phrase::column_label(form, column::WEIGHT),
            phrase::sum_of(&weights),
            phrase::plain(sum),
        ),
        advice: match is_full {
            // The weights are right, the total printed below them is not.
            true => match printed {
                Some((cell, _)) => format!("各指标分值没有错的，把 {cell} 改为 {}。", phrase::plain(expected)),
                None => advice(form, expected),
            },
            false => format!("{}{}", excess(total - expected), advice(form, expected)),
        },
        ..Fault::default()
    }])
}

/// `各项分值共多 10 分：`.
fn excess(difference: Decimal) -> String {
    let verb = if difference > Decimal::ZERO { "多" } else { "少" };
    format!("各项分值共{verb} {} 分：", phrase::plain(difference.abs()))
}

fn full_mark(form: &Form) -> Option<Decimal> {
    form.schema.indicators.as_ref().and_then(|indicators| indicators.total_points)
}

fn advice(form: &Form, full: Decimal) -> String {
    let with_execution = if points::scores_execution(form) { "（含预算执行率）" } else { "" };
    format!("调整分值，使各项{with_execution}合计为 {} 分，并核对合计行。", phrase::plain(full))
}

/// A form without a column of weights may print them in its block labels: `预算执行情况（20分）`, `绩效目标（98分）`.
fn of_block_labels(form: &Form, table: &Table) -> Verdict {
    let execution = form.record.funding().and_then(|grid| points::block_points(grid.block.as_ref()?));
    let indicators = table.block.as_ref().and_then(points::block_points);
    let (Some((execution, e)), Some((indicators, i)), Some(full)) = (execution, indicators, full_mark(form)) else {
        return Verdict::NotApplicable;
    };
    if e + i == full {
        return Verdict::Checked(Vec::new());
    }
    let show = phrase::plain;
    Verdict::Checked(vec![Fault {
        cell: Some(indicators),
        related: vec![execution],
        found: Some(show(i)),
        expected: Some(show(full - e)),
        difference: Some(show(i + e - full)),
        message: format!(
            "{indicators} 所印 {} 分与 {execution} 所印 {} 分合计 {} 分，应为 {} 分",
            show(i),
            show(e),
            show(e + i),
            show(full)
        ),
        advice: advice(form, full),
        ..Fault::default()
    }])
}

/// What the weights may make together, the likeliest first.
fn possible_totals(
    context: &Context<'_>,
    table: &Table,
    sum: Decimal,
    execution: Option<(CellRef, Decimal)>,
) -> Vec<Decimal> {
    let words = &context.policy.words;
    let in_table = table.rows.iter().filter_map(|row| row.filled(column::LEVEL3)).any(|name| {
        name.contains("执行率") || words.execution_indicators.iter().any(|word| name.contains(word.as_str()))
    });
    match execution {
        Some((_, points)) if in_table => vec![sum + points, sum],
        Some((_, points)) => vec![sum + points],
        None => {
            let points = points::due_execution(context).unwrap_or_default();
            vec![sum, sum + points]
        }
    }
}

/// The cells of the first-level classes, where a reviewer looks for the split.
fn classes_of(table: &Table) -> BTreeSet<CellRef> {
    table.rows.iter().filter_map(|row| row.at(column::LEVEL1).or_else(|| row.at(column::WEIGHT))).collect()
}
