//! A302: a formula's result, as the file keeps it, is not what the formula gives (公式未重算).
//!
//! The workbook floor calculates, the form's fields carry what it found; this file only tells. What other rules say of
//! the same figures falls away where calculating anew mends it, see [`super::check_form`].

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, phrase};
use crate::address::{CellRange, CellRef};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Form, Stale};
use crate::text::{excerpt, label_key};

pub(super) static RULE: Rule = Rule {
    code: "A302",
    name: "stale-formula",
    severity: Severity::Error,
    dimension: Dimension::Consistency,
    authority: "实务（公式结果应与现有的数一致；自动重算关闭、导出后又改数的表常有）",
    summary: "公式没有重算，格里存的结果与现有的数不符",
    docs: "
## 检查什么
格里有公式的，按表上现有的数把公式重算一遍，与文件里存的结果比较。只算看得懂的简单公式：同一张工作表里的加减乘除、百分数、求和、平均、四舍五入、最大最小、IF、IFERROR 等；引用别的表、查找类函数等一律不判断。差别小于格里显示的位数的不算。
几个公式一环套一环的，只在最先不符的一格提出，随之要变的写在后面。重算以后就对得上的合计、执行率、得分，不再另行提出。

## 为什么
改了数而公式没有重算，表上看到的、汇总取到的都是旧数；别人打开一重算，合计、执行率、得分又变了。

## 正反例
- 反例：预算 120，执行改成 100.2，执行率的公式 `=F7/E7` 还存着改前的 98%（重算是 83.5%）。
- 正例：公式 `=ROUND(F7/E7*10,2)`，存的结果 8.62 与重算一致。

## 怎么改
用 Excel 或 WPS 打开，把“公式—计算选项”改为自动，按 F9 重算，核对结果后保存再报。

## 依据
实务。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    if !form.record.all_fields().any(|field| field.provenance.formula.is_some()) {
        return Verdict::NotApplicable;
    }
    let stale = stale_fields(form);
    let is_cause = |at: &CellRef| stale.get(at).is_some_and(|(_, _, stale)| stale.outdated.own);
    let mut followers: BTreeMap<CellRef, BTreeSet<CellRef>> = BTreeMap::new();
    let mut causes = Vec::new();
    for (at, (label, field, stale)) in &stale {
        match stale.outdated.through.iter().find(|at| is_cause(at)).filter(|_| !stale.outdated.own) {
            Some(cause) => drop(followers.entry(*cause).or_default().insert(*at)),
            // The cause may stand in a cell that is none of the form's: then this is where the unit sees it.
            None => causes.push((label, *field, *stale)),
        }
    }
    let none = BTreeSet::new();
    let faults = causes.into_iter().map(|(label, field, stale)| {
        let followers = followers.get(&field.cell()).unwrap_or(&none);
        fault(label, field, stale, followers)
    });
    Verdict::Checked(faults.collect())
}

/// The fields with a formula that no longer holds, each cell once.
fn stale_fields(form: &Form) -> BTreeMap<CellRef, (String, &Field, &Stale)> {
    let record = &form.record;
    let fields = record.fields.iter().map(|(id, field)| (phrase::field_label(form, id).to_owned(), field));
    let grids = record.grids.values().flat_map(|grid| {
        grid.rows.iter().flat_map(move |row| {
            let line = label_key(&row.label.text);
            row.cells.iter().map(move |(id, field)| {
                let column = grid.columns.get(id).map(|head| format!("·{}", head.label)).unwrap_or_default();
                (format!("{}{column}", excerpt(&line, 12)), field)
            })
        })
    });
    let tables = record.tables.values().flat_map(|table| {
        table.rows.iter().chain(&table.total).chain(&table.execution).flat_map(|row| {
            row.cells.iter().map(|(id, field)| {
                let label = table.columns.get(id).map_or(id.as_str(), |head| head.label.as_str());
                (label.to_owned(), field)
            })
        })
    });
    let mut stale = BTreeMap::new();
    // A total known by the field's name and as a cell of the table is called by the table's column.
    for (label, field) in tables.chain(grids).chain(fields) {
        if let Some(found) = field.provenance.stale.as_deref() {
            stale.entry(field.cell()).or_insert((label, field, found));
        }
    }
    stale
}

fn fault(label: &str, field: &Field, stale: &Stale, followers: &BTreeSet<CellRef>) -> Fault {
    let outdated = &stale.outdated;
    let as_shown = |number: Decimal| match field.text().ends_with('%') {
        true => phrase::percent(number),
        false => phrase::plain(number.round_dp(4)),
    };
    let due = as_shown(outdated.value);
    let listed: Vec<CellRef> = followers.iter().copied().collect();
    let and_others = match &listed[..] {
        [] => String::new(),
        [_, _, _, _, ..] => format!("；重算后 {} 等 {} 格也随之改变", phrase::cells(&listed), listed.len()),
        _ => format!("；重算后 {} 也随之改变", phrase::cells(&listed)),
    };
    Fault {
        cell: Some(field.cell()),
        related: outdated.inputs.iter().map(|(area, _)| area.start).chain(listed).collect(),
        found: Some(field.text().to_owned()),
        expected: Some(due.clone()),
        difference: field.number().map(|kept| as_shown(kept - outdated.value)),
        message: format!(
            "{}的公式“={}”没有重算：代入 {}，应为 {due}，格里存的是 {}{and_others}",
            phrase::at(field.cell(), label),
            excerpt(field.provenance.formula.as_deref().unwrap_or_default(), 60),
            inputs(&outdated.inputs),
            field.text().trim(),
        ),
        advice: format!(
            "用 Excel 或 WPS 打开，按 F9 重算（计算选项改为自动），看到 {due} 后保存再报；不用公式的直接填 {due}。"
        ),
        ..Fault::default()
    }
}

/// `F7 45、E7 52.2、H14:H21 合计 90`.
fn inputs(inputs: &[(CellRange, Option<Decimal>)]) -> String {
    const MOST: usize = 8;
    let show = |(area, number): &(CellRange, Option<Decimal>)| match number {
        Some(number) if area.start == area.end => format!("{} {}", area.start, phrase::plain(*number)),
        Some(sum) => format!("{area} 合计 {}", phrase::plain(*sum)),
        None => format!("{area} 没有数"),
    };
    let shown: Vec<String> = inputs.iter().take(MOST).map(show).collect();
    let more = if inputs.len() > MOST { " 等" } else { "" };
    format!("{}{more}", shown.join("、"))
}
