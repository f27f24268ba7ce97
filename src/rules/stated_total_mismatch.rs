//! A301: a stated total or count is not what the form's own rows make.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, fix, funding, funding_sum_mismatch, ledger, phrase};
use crate::address::CellRef;
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Form, Reading, Row, Table};
use crate::schema::{Figure, TotalSpec};

pub(super) static RULE: Rule = Rule {
    code: "A301",
    name: "stated-total-mismatch",
    severity: Severity::Error,
    dimension: Dimension::Consistency,
    authority: "实务（合计等于各项之和，个数等于行数）；允许差按本地口径 money.sum_tolerance",
    summary: "所列合计、个数与表内各项不一致",
    docs: "
## 检查什么
表样规定应当相等的数（`[[total]]`）是否相等：清单的合计等于各项之和，所填的项目个数等于清单行数，任务的金额合计等于各项任务之和，每项任务的总额等于财政拨款加其他资金，部门支出合计等于基本支出加项目支出。金额的允许差见口径 `money.sum_tolerance`，个数不容差。
有一项没有填或看不出是数的，不判断；资金块里已由 A101 指出的，不重复提。
清单的合计、个数对不上时，找一找常见的原因：同名同额的项目列了两次，有金额没有名称的一行，把一项的金额错填成另一项的金额。能使合计和个数都正好对上的，写在问题里，供核对。

## 为什么
合计是汇总、上报的数。合计与各项对不上，不是合计错，就是清单有重复、遗漏或错行。

## 正反例
- 反例：清单列了 15 行，其中一个项目列了两次、一行没有名称，合计写“13 个项目”。
- 反例：基本支出 400，项目支出 150，合计 500。
- 正例：清单 13 行，各项之和 74263，合计 13 个项目、74263 万元。

## 怎么改
先核对清单有没有重复、错行和漏填，再改合计；不要只改合计去凑各项之和。
自动改正：印好的几项（不是清单）都填了数的，合计改为各项之和。修改建议：清单的合计、个数和有空项的，同样改，由单位定。

## 依据
实务；应当相等的数见表样文件中的 `[[total]]`。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    if form.schema.totals.is_empty() {
        return Verdict::NotApplicable;
    }
    let told_before = told_before(context);
    let mut compared = false;
    let mut explained = false;
    let mut faults = Vec::new();
    for spec in &form.schema.totals {
        for equation in equations(form, spec) {
            compared = true;
            if equation.agrees(context) || (is_of_parts(spec) && told_before.contains(&equation.total.cell())) {
                continue;
            }
            let cause = if explained { None } else { ledger::explain(form, spec) };
            // One list, one story: the other totals of it are told with their equation alone.
            explained |= cause.is_some();
            faults.push(fault(spec, &equation, cause));
        }
    }
    if compared { Verdict::Checked(faults) } else { Verdict::InsufficientData }
}

/// Whether the total is that of the parts beside it, which A101 compares too where they stand in the money block.
fn is_of_parts(spec: &TotalSpec) -> bool {
    spec.rows.is_some() || matches!(spec.total, Figure::Cell { .. })
}

/// Cells that A101 tells already: a total, or the part that makes it wrong, with the others.
fn told_before(context: &Context<'_>) -> Vec<CellRef> {
    match funding_sum_mismatch::check(context) {
        Verdict::Checked(faults) => {
            faults.iter().flat_map(|f| f.cell.into_iter().chain(f.related.iter().copied())).collect()
        }
        _ => Vec::new(),
    }
}

/// A stated figure with what it must be the sum of.
struct Equation<'a> {
    total: &'a Field,
    stated: Decimal,
    parts: Vec<&'a Field>,
    /// Rows that are counted; the parts are their cells then.
    count: Option<usize>,
    due: Decimal,
}

impl Equation<'_> {
    fn agrees(&self, context: &Context<'_>) -> bool {
        let off = (self.stated - self.due).abs();
        if self.count.is_some() { off.is_zero() } else { off <= funding::tolerance(context.form, context.policy) }
    }
}

/// What a spec compares, where every figure of it can be told.
fn equations<'a>(form: &'a Form, spec: &TotalSpec) -> Vec<Equation<'a>> {
    let Some(id) = &spec.rows else { return equation(form, spec, None).into_iter().collect() };
    let Some(table) = form.record.tables.get(id) else { return Vec::new() };
    table.rows.iter().chain(&table.total).filter_map(|row| equation(form, spec, Some(row))).collect()
}

fn equation<'a>(form: &'a Form, spec: &TotalSpec, row: Option<&'a Row>) -> Option<Equation<'a>> {
    if let [Figure::Count { table }] = &spec.parts[..] {
        let total = figure(form, &spec.total, row, None)?;
        let rows = &form.record.tables.get(table)?.rows;
        let count = rows.len();
        let parts = rows.iter().filter_map(|row| row.cells.values().find(|field| field.cell().row == row.row));
        let due = Decimal::from(count);
        return Some(Equation { total, stated: total.number()?, parts: parts.collect(), count: Some(count), due });
    }
    let mut parts = Vec::new();
    for part in &spec.parts {
        match part {
            Figure::Sum { table, column } => parts.extend(column_of(form, table, column)?),
            // A printed row or column that is missing: the sum cannot be told; one that is blank adds nothing.
            _ => match figure(form, part, row, None) {
                Some(field) if is_unreadable(field) => return None,
                Some(field) => parts.push(field),
                None if row.is_some() => {}
                None => return None,
            },
        }
    }
    let below = parts.iter().map(|field| field.cell()).max();
    let total = figure(form, &spec.total, row, below)?;
    if parts.iter().all(|field| field.number().is_none()) {
        return None;
    }
    let due = parts.iter().filter_map(|field| field.number()).sum();
    Some(Equation { total, stated: total.number()?, parts, count: None, due })
}

/// A single figure. Of several rows of one kind in a grid (收入合计, 支出合计) the first below the parts is meant.
fn figure<'a>(form: &'a Form, figure: &Figure, row: Option<&'a Row>, below: Option<CellRef>) -> Option<&'a Field> {
    match figure {
        Figure::Own(column) => row?.cell(column),
        Figure::Field(id) => form.record.field(id),
        Figure::Cell { grid, row: line, column } => {
            let rows = &form.record.grids.get(grid)?.rows;
            let cells = || rows.iter().filter(|row| row.id == *line).filter_map(|row| row.cells.get(column));
            let is_below = |field: &&Field| below.is_none_or(|last| field.cell().row > last.row);
            cells().find(is_below).or_else(|| cells().next())
        }
        Figure::Last { table, column } => form.record.tables.get(table)?.total.as_ref()?.cell(column),
        Figure::Sum { .. } | Figure::Count { .. } => None,
    }
}

/// The cells of a column, each once; `None` where one that must be a number is none.
fn column_of<'a>(form: &'a Form, table: &str, column: &str) -> Option<Vec<&'a Field>> {
    let required = form.schema.table(table)?.column(column)?.required;
    let table: &Table = form.record.tables.get(table)?;
    let mut fields: Vec<&Field> = Vec::with_capacity(table.rows.len());
    let mut seen = BTreeSet::new();
    for field in table.rows.iter().filter_map(|row| row.cell(column)) {
        if is_unreadable(field) || (required && field.is_blank()) {
            return None;
        }
        if seen.insert(field.cell()) {
            fields.push(field);
        }
    }
    Some(fields)
}

fn is_unreadable(field: &Field) -> bool {
    field.number().is_none() && !matches!(field.reading, Reading::Blank | Reading::NotApplicable)
}

fn fault(spec: &TotalSpec, equation: &Equation<'_>, cause: Option<String>) -> Fault {
    let Equation { total, stated, parts, count, due } = equation;
    let counted: Vec<&Field> = parts.iter().copied().filter(|field| field.number().is_some()).collect();
    let made = match count {
        Some(count) => format!("表内列了 {count} 行"),
        None => format!("各项之和为 {}", phrase::equation(&counted, *due)),
    };
    let cause = cause.map(|cause| format!("。{cause}")).unwrap_or_default();
    Fault {
        cell: Some(total.cell()),
        related: parts.iter().map(|field| field.cell()).collect(),
        found: Some(total.text().to_owned()),
        expected: Some(phrase::plain(*due)),
        difference: Some(phrase::plain(*stated - *due)),
        message: format!(
            "{}填 {}，{made}，相差 {}{cause}",
            phrase::at(total.cell(), &spec.label),
            phrase::plain(*stated),
            phrase::plain((*stated - *due).abs()),
        ),
        advice: match count {
            Some(_) => "核对清单有没有重复、遗漏或没有名称的行，使个数与行数一致。".to_owned(),
            None => format!(
                "逐项核对有没有填错、重复或漏填的；各项没有错的，把 {} 改为 {}。",
                total.cell(),
                phrase::plain(*due)
            ),
        },
        fix: {
            // Of a list a row may be doubled or missing: the total alone is not to be bent to it.
            let is_list = spec.parts.iter().any(|part| matches!(part, Figure::Sum { .. }));
            let certain = count.is_none() && !is_list && counted.len() == parts.len();
            fix::only_if(certain, fix::computed(total, *due, counted.iter().copied()))
        },
        ..Fault::default()
    }
}
