//! C102: a printed label whose value is not strictly required, left blank.

use super::{Check, Context, Fault, Rule, Verdict, funding, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Form, GridRow, Record};
use crate::schema::Stage;
use crate::schema::concept::{amount, field};

pub(super) static RULE: Rule = Rule {
    code: "C102",
    name: "blank-header-field",
    severity: Severity::Warning,
    dimension: Dimension::Completeness,
    authority: "财预〔2015〕88号 绩效目标审核表“完整性审核”（无缺项）",
    summary: "表头栏目或年初预算数空着",
    docs: "
## 检查什么
表上印有、表样未规定必填的表头栏目是否空着（如归口科室、是否政府采购；指标表以下的意见、签字、说明等栏不查，表头签字一行的填表人、联系电话、填报日期等也不查）；资金总额行填了全年预算数而年初预算数空着的，也在此提出。填“无”“/”的不算空。

## 为什么
印出的栏目都应有交代；年初预算数空着，看不出预算有无调整。

## 正反例
- 反例：年初预算数空着，全年预算数 38.77。
- 正例：没有上年结转，该行填 0 或“—”。

## 怎么改
补填；没有的填“无”，年初没有预算的填 0。

## 依据
财预〔2015〕88号 绩效目标审核表。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    let mut faults: Vec<Fault> = blank_fields(form).map(|(label, field)| fault(field, label)).collect();
    if let Some(row) = funding::main_row(form) {
        faults.extend(blank_initial(form, row));
    }
    Verdict::Checked(faults)
}

/// Blank fields above the indicators: what stands below them (意见, 签字, 说明) is filled by others or where there is
/// something to say.
fn blank_fields(form: &Form) -> impl Iterator<Item = (&str, &Field)> {
    const ELSEWHERE: [&str; 4] = [field::YEAR, field::MONEY_UNIT, "explanation", "review_opinion"];
    let first_column =
        form.record.indicators().and_then(|table| table.columns.values().map(|head| head.cell.row).min());
    let is_header = move |field: &Field| first_column.is_none_or(|row| field.cell().row < row);
    let is_for_later = |id: &str| id == field::GOAL_ACTUAL && form.schema.stage == Stage::Target;
    form.schema
        .fields
        .iter()
        .filter(move |spec| !spec.required && !ELSEWHERE.contains(&spec.id.as_str()) && !is_for_later(&spec.id))
        .filter_map(|spec| Some((spec, form.record.field(&spec.id)?)))
        .filter(move |(spec, field)| field.is_blank() && is_header(field) && !is_signed(&form.record, &spec.id, field))
        .map(|(spec, field)| (spec.label.as_str(), field))
}

/// Whether the field belongs to the line that is signed on paper: 填表人 and 填报日期, and 负责人 and 联系电话 beside them or
/// in one cell with another field.
fn is_signed(record: &Record, id: &str, field: &Field) -> bool {
    const SIGNED: [&str; 2] = ["preparer", "report_date"];
    const BESIDE: [&str; 2] = ["contact", "phone"];
    let is_beside = || {
        record.fields.iter().any(|(other, at)| {
            let signed = SIGNED.contains(&other.as_str()) && at.cell().row == field.cell().row;
            signed || (other != id && at.cell() == field.cell())
        })
    };
    SIGNED.contains(&id) || (BESIDE.contains(&id) && is_beside())
}

fn blank_initial(form: &Form, row: &GridRow) -> Option<Fault> {
    let initial = row.cells.get(amount::INITIAL).filter(|field| field.is_blank())?;
    let budget = row.cells.get(amount::BUDGET).filter(|field| field.number().is_some())?;
    let mut fault = fault(initial, phrase::amount_label(form, amount::INITIAL));
    fault.related = vec![budget.cell()];
    fault.message.push_str(&format!("，而 {} 已填", phrase::term(budget)));
    fault.advice = "补填年初预算数；年初没有预算的填 0。".to_owned();
    Some(fault)
}

fn fault(field: &Field, label: &str) -> Fault {
    Fault {
        cell: Some(field.cell()),
        message: format!("{}空着", phrase::at(field.cell(), label)),
        advice: format!("补填{label}，没有的填“无”。"),
        ..Fault::default()
    }
}
