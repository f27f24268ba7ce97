//! C301: a goal is called uncertain or out of reach, and nothing says why or what will be done.

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::address::CellRef;
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Row, Table};
use crate::schema::concept::{column, field};
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "C301",
    name: "possibility-without-reason",
    severity: Severity::Error,
    dimension: Dimension::Completeness,
    authority: "实务（公开监控表的注：选“有可能”“不可能”的，原因和举措两栏均须填写）；系统（完成可能性不是“确定能”的，偏差原因必填）",
    summary: "目标不能确定完成，却没有写原因和措施",
    docs: "
## 检查什么
完成目标可能性填“有可能”或“完全不可能”的指标，有没有写偏差原因：原因说明、备注等列，或者全表的“偏差或不能完成目标原因分析”一栏，有一处写明即可；在“经费保障”等列打勾而原因说明空着的，算没有写。表上另印“相关建议或举措”一栏的，还要写措施。表上没有写原因的地方的，不查。

## 为什么
监控是为了纠偏。只说可能完不成，不说为什么、怎么办，监控就没有结果。

## 正反例
- 反例：完成目标可能性“有可能”，原因说明、全表原因分析都空着。
- 正例：完成目标可能性“有可能”，原因说明“征地手续8月才办结，已调整工期，10月底前完工”。

## 怎么改
写明具体原因和拟采取的措施；确定能够完成的，改填“确定能”。

## 依据
公开的项目支出绩效监控表的注；预算绩效管理系统的校验规则。
",
    check: Check::Form(check),
};

/// Columns that sort a reason into kinds; ticked or written out.
const KINDS: [&str; 5] = ["reason_funding", "reason_system", "reason_staff", "reason_hardware", "reason_other"];
/// Boxes for the form as a whole.
const CAUSES: &str = field::DEVIATION_SUMMARY;
const MEASURES: &str = "improvement";

fn check(context: &Context<'_>) -> Verdict {
    let Some(table) = indicator::table(context, &[column::POSSIBILITY]) else { return Verdict::NotApplicable };
    let doubtful: Vec<&Row> = table.rows.iter().filter(|row| is_doubtful(context, row)).collect();
    if doubtful.is_empty() {
        return Verdict::Checked(Vec::new());
    }
    let record = &context.form.record;
    let (causes, measures) = (record.field(CAUSES), record.field(MEASURES));
    let mut faults = Vec::new();
    let written = causes.is_some_and(|field| !indicator::lacks_reason(context, Some(field)));
    if !written {
        let silent: Vec<&Row> = doubtful.iter().copied().filter(|row| !has_reason(context, table, row)).collect();
        match (place(table), causes) {
            (Some(column::REASON), _) | (Some(_), None) => {
                faults.extend(silent.iter().filter_map(|row| in_row(context, table, row)));
            }
            (_, Some(causes)) => faults.extend(in_box(context, causes, "原因", &silent)),
            (None, None) => {}
        }
    }
    if let Some(measures) = measures.filter(|field| indicator::lacks_reason(context, Some(field))) {
        faults.extend(in_box(context, measures, "措施", &doubtful));
    }
    Verdict::Checked(faults)
}

fn is_doubtful(context: &Context<'_>, row: &Row) -> bool {
    matches!(indicator::choice(context, row, column::POSSIBILITY), Some("possible" | "impossible"))
}

/// The column in which a row says its reason: 原因说明, else 备注.
fn place(table: &Table) -> Option<&'static str> {
    [column::REASON, "note"].into_iter().find(|id| table.has(id)).or_else(|| KINDS.into_iter().find(|id| table.has(id)))
}

/// Whether the row says in any of its columns why the goal may be missed.
pub(super) fn has_reason(context: &Context<'_>, table: &Table, row: &Row) -> bool {
    let says = |id: &str| row.cell(id).is_some_and(|field| !indicator::lacks_reason(context, Some(field)));
    // A tick names the kind of cause; where 原因说明 stands beside it, that is where the cause is told.
    let kind_says = |id: &&str| says(id) && (!table.has(column::REASON) || !is_tick(row.cell(id)));
    says(column::REASON) || says("note") || KINDS.iter().any(kind_says)
}

fn is_tick(field: Option<&Field>) -> bool {
    field.is_some_and(|field| squeeze(field.text()).chars().count() <= 1)
}

fn in_row(context: &Context<'_>, table: &Table, row: &Row) -> Option<Fault> {
    let possibility = row.cell(column::POSSIBILITY)?;
    let id = place(table)?;
    let at = row.cell(id).unwrap_or(possibility);
    let name = row.filled(column::LEVEL3).map(|name| format!("（{}）", excerpt(name, 20))).unwrap_or_default();
    let ticked = KINDS.iter().find(|kind| row.cell(kind).is_some_and(Field::is_filled));
    let ticked =
        ticked.map(|kind| format!("只勾了“{}”，", phrase::column_label(context.form, kind))).unwrap_or_default();
    Some(Fault {
        cell: Some(at.cell()),
        related: vec![possibility.cell()],
        found: at.is_filled().then(|| at.text().to_owned()),
        message: format!(
            "{} 完成目标可能性填“{}”{name}，{ticked}{}没有写明原因",
            possibility.cell(),
            excerpt(possibility.text(), 10),
            phrase::column_at(context.form, at, id),
        ),
        advice: "写明不能确定完成的具体原因和拟采取的措施；能够完成的改填“确定能”。".to_owned(),
        ..Fault::default()
    })
}

/// One fault for a box of the whole form.
fn in_box(context: &Context<'_>, field: &Field, what: &str, rows: &[&Row]) -> Option<Fault> {
    let cells: Vec<CellRef> = rows.iter().filter_map(|row| row.at(column::POSSIBILITY)).collect();
    let first = rows.first()?.cell(column::POSSIBILITY)?;
    let count = if cells.len() > 1 { format!("等 {} 项", cells.len()) } else { String::new() };
    let id = if what == "原因" { CAUSES } else { MEASURES };
    Some(Fault {
        cell: Some(field.cell()),
        related: cells,
        found: field.is_filled().then(|| field.text().to_owned()),
        message: format!(
            "{} 完成目标可能性填“{}”{count}，{}没有写{what}",
            first.cell(),
            excerpt(first.text(), 10),
            phrase::at(field.cell(), phrase::field_label(context.form, id)),
        ),
        advice: match id {
            CAUSES => "写明不能确定完成的具体原因；能够完成的改填“确定能”。",
            _ => "写明拟采取的措施和时间；能够完成的改填“确定能”。",
        }
        .to_owned(),
        ..Fault::default()
    })
}
