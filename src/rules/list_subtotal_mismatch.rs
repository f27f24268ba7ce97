//! A321: a row of a list that sums up projects does not say what they make.

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, fix, funding, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Table};
use crate::schema::concept;
use crate::text::excerpt;

pub(super) static RULE: Rule = Rule {
    code: "A321",
    name: "list-subtotal-mismatch",
    // The fault is the list's, not the project's that it is reported with: it must not cap that project's grade.
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "实务（散总相符）",
    summary: "一览表的小计、合计与所列项目金额之和不一致",
    docs: "
## 检查什么
一览表上部门小计行、小计行、合计行的金额，是否等于它所包括的各项目金额之和：部门一行包括其下的项目，到下一个部门为止；“小计”包括其上的项目；“合计”包括全表。问题记在所包括的第一个项目上，位置是小计、合计那一格。有项目金额没有填的，不判断。

## 为什么
小计与各项目之和不一致，说明有项目漏列、重列，或者金额改了一处没有改另一处；汇总统计以哪个为准无从判断。

## 正反例
- 反例：`820-枫屏镇部门` 一行填 430,000.00，其下两个项目 120,000.00 + 300,000.00 = 420,000.00。
- 正例：小计与各项目之和一致。

## 怎么改
核对各项目金额有无漏列、重列，改正小计或项目金额；从系统导出的，重新导出。
修改建议：小计、合计改为所包括的各项目之和。

## 依据
汇总表散总相符是复核的通行要求。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let tables = &context.form.record.tables;
    let sums = || {
        tables.iter().filter(|(id, _)| [concept::LIST_TOTAL, concept::SUBTOTAL].iter().any(|kind| id.starts_with(kind)))
    };
    if sums().next().is_none() {
        return Verdict::NotApplicable;
    }
    let judged: Vec<Option<Fault>> =
        sums().flat_map(|(_, table)| table.columns.keys().filter_map(|id| judge(context, table, id))).collect();
    if judged.is_empty() {
        return Verdict::InsufficientData;
    }
    Verdict::Checked(judged.into_iter().flatten().collect())
}

/// What one column of a row of sums says; `None` where an amount is missing.
fn judge(context: &Context<'_>, table: &Table, column: &str) -> Option<Option<Fault>> {
    let total = table.total.as_ref()?;
    let stated = total.cell(column)?;
    let given = stated.number()?;
    let parts: Vec<&Field> = table.rows.iter().map(|row| row.cell(column)).collect::<Option<_>>()?;
    let numbers: Vec<Decimal> = parts.iter().map(|part| part.number()).collect::<Option<_>>()?;
    let sum: Decimal = numbers.iter().sum();
    let difference = given - sum;
    if difference.abs() <= tolerance(context, &numbers, given) {
        return Some(None);
    }
    let label = table.columns.get(column).map_or(column, |head| head.label.as_str());
    let row = total.cell(concept::field::DEPARTMENT).map(|name| format!("（{}）", excerpt(name.text().trim(), 16)));
    Some(Some(Fault {
        cell: Some(stated.cell()),
        related: parts.iter().map(|part| part.cell()).collect(),
        found: Some(stated.text().to_owned()),
        expected: Some(phrase::plain(sum)),
        difference: Some(phrase::plain(difference)),
        message: format!(
            "{}{}填 {}，所包括的 {} 个项目合计 {}，相差 {}{}",
            phrase::at(stated.cell(), label),
            row.unwrap_or_default(),
            phrase::plain(given),
            parts.len(),
            phrase::equation(&parts, sum),
            phrase::plain(difference.abs()),
            context.form.record.filled(concept::field::MONEY_UNIT).map(|unit| format!(" {unit}")).unwrap_or_default(),
        ),
        advice: format!(
            "核对有没有漏列、重列的项目；项目金额没有错的，把 {} 改为 {}。",
            stated.cell(),
            phrase::plain(sum)
        ),
        fix: fix::only_if(false, fix::computed(stated, sum, parts.iter().copied())),
        ..Fault::default()
    }))
}

/// What rounding each amount to hundredths, or to the places that all of them write, can make; never more than the
/// bureau lets a sum be off.
fn tolerance(context: &Context<'_>, parts: &[Decimal], total: Decimal) -> Decimal {
    let places = parts.iter().chain([&total]).map(|number| number.normalize().scale()).min().unwrap_or(0);
    let half = Decimal::new(5, (places.max(2) + 1).min(Decimal::MAX_SCALE));
    let rounding = half * Decimal::from(parts.len());
    rounding.min(funding::tolerance(context.form, context.policy))
}
