//! C101: what the form must say is left blank.

use std::collections::BTreeSet;

use super::{Check, Context, Fault, Rule, Verdict, execution_score_mismatch, fix, funding, phrase, points};
use crate::address::CellRef;
use crate::finding::{Dimension, Fix, Severity};
use crate::form::{Field, Form, Row, Stored, Table};
use crate::schema::concept::{self, amount, column};
use crate::schema::{ColumnSpec, TableSpec};
use crate::text::excerpt;
use crate::value::Value;

pub(super) static RULE: Rule = Rule {
    code: "C101",
    name: "missing-value",
    severity: Severity::Error,
    dimension: Dimension::Completeness,
    authority: "财预〔2015〕88号 绩效目标审核表“完整性审核”；本表填表说明",
    summary: "必填内容未填",
    docs: "
## 检查什么
表样规定必填的栏目是否空着：表头（项目名称、主管部门、实施单位等）、绩效目标、资金总额行的金额和执行得分、指标的指标值、实际完成值、分值、得分，以及总分。
任务、项目等其他表的必填列，资金管理情况等逐项说明的栏目，同样检查；这些表一行都没有填的，也在此提出。
同一栏各行全空的，或只有名称、其余全空的一行，合并为一处问题，指在第一格；零星空着的逐格指出。“—”“/”等不适用标记不算空。由公式算的得分、合计因为别处没填而显示空白的，只指别处。

## 为什么
缺项的表不能审核，也不能计分。

## 正反例
- 反例：指标“发放覆盖率”的完成值、得分空着。
- 正例：资金总额行七项齐全，各指标有完成值和得分。

## 怎么改
补填；确实没有的，填“无”或 0，并说明原因。
自动改正：执行率、预算执行得分、总分空着，而要用的数都在的，照算法填上。修改建议：要用的数有疑问的，同样填，由单位定。

## 依据
财预〔2015〕88号 绩效目标审核表；哪些栏目必填见表样文件中的 `required`。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    let mut faults = Vec::new();
    for spec in form.schema.fields.iter().filter(|spec| spec.required) {
        if let Some(field) = form.record.field(&spec.id).filter(|field| is_missing(field, &spec.id)) {
            faults.push(fault(&[field.cell()], &spec.label));
        }
    }
    faults.extend(funding(form));
    faults.extend(statements(form));
    for spec in form.schema.tables.iter().filter(|spec| spec.id != concept::INDICATORS) {
        faults.extend(form.record.tables.get(&spec.id).map(|table| rows(spec, table)).unwrap_or_default());
    }
    if let Some(table) = form.record.indicators() {
        faults.extend(indicators(form, table));
        faults.extend(total_score(form, table));
    }
    // A cell may be known under two names: the total score as a field and as a cell of the total row.
    let mut seen = BTreeSet::new();
    faults.retain(|fault| seen.insert(fault.cell));
    // A score that the form computes is blank because of other blanks: those are told, and mended they give it.
    let awaiting = with_formula(form, Stored::Text);
    let is_awaiting =
        |fault: &Fault| fault.related.is_empty() && fault.cell.is_some_and(|cell| awaiting.contains(&cell));
    if !faults.iter().all(is_awaiting) {
        faults.retain(|fault| !is_awaiting(fault));
    }
    let uncomputed = with_formula(form, Stored::Blank);
    for fault in &mut faults {
        if fault.cell.is_some_and(|cell| uncomputed.contains(&cell)) {
            fault.message.push_str("：格里是公式，文件里没有存计算结果");
            fault.advice.push_str("格里有公式的，用 Excel 或 WPS 打开，看到结果后保存再报。");
        }
    }
    for fault in faults.iter_mut().filter(|fault| fault.related.is_empty()) {
        fault.fix = fault.cell.and_then(|cell| computed(context, cell));
    }
    Verdict::Checked(faults)
}

/// What a blank must hold that follows from figures which are there: 执行率, its score, the total score.
fn computed(context: &Context<'_>, cell: CellRef) -> Option<Fix> {
    let form = context.form;
    let is_here = |field: &&Field| field.cell() == cell && field.is_blank() && field.provenance.formula.is_none();
    if let Some(total) = points::total_score(form).filter(is_here) {
        let scores = points::column(&form.record.indicators()?.rows, column::SCORE)?;
        let execution = match points::execution_score(form) {
            Some(field) if field.is_blank() => return None,
            execution => execution.and_then(Field::number),
        };
        return fix::computed(total, points::sum(&scores) + execution.unwrap_or_default(), scores);
    }
    if let Some(score) = points::execution_score(form).filter(is_here) {
        let (due, rests_on) = execution_score_mismatch::due(context)?;
        return fix::safe([(score, Value::Number(due))]).map(|fix| Fix { rests_on, ..fix });
    }
    let grid = form.record.funding()?;
    let (row, rate) = grid.rows.iter().find_map(|row| Some((row, row.cells.get(amount::RATE).filter(is_here)?)))?;
    let spending = funding::spending(grid, row).filter(|spending| spending.spent <= spending.planned)?;
    let rests_on = vec![spending.budget.cell(), spending.executed.cell()];
    fix::safe([(rate, fix::rate(rate, spending.rate()?))]).map(|fix| Fix { rests_on, ..fix })
}

/// Cells with a formula whose result is so stored: `Text` shows nothing where the rule takes it for blank, `Blank` was not
/// kept at all, as programs leave it: a person sees a figure there, a reader nothing.
fn with_formula(form: &Form, stored: Stored) -> BTreeSet<CellRef> {
    let is_so = |field: &&Field| field.provenance.stored == stored && field.provenance.formula.is_some();
    form.record.all_fields().filter(is_so).map(Field::cell).collect()
}

/// Year and unit of money have rules of their own.
fn is_missing(field: &Field, id: &str) -> bool {
    field.is_blank() && ![concept::field::YEAR, concept::field::MONEY_UNIT].contains(&id)
}

fn funding(form: &Form) -> Vec<Fault> {
    let (Some(grid), Some(spec)) = (form.record.funding(), form.schema.grid(concept::FUNDING)) else {
        return Vec::new();
    };
    let mut faults = Vec::new();
    for row in &grid.rows {
        if !spec.row(&row.id).is_some_and(|line| line.required) {
            continue;
        }
        for (id, field) in row.cells.iter().filter(|(_, field)| field.is_blank()) {
            // 年初预算数 beside a filled 全年预算数 is a lesser fault, see C102.
            let is_lesser = id == amount::INITIAL && row.number(amount::BUDGET).is_some();
            // A form that prints one amount per row has no column to ask.
            let is_required = spec.column(id).map_or(spec.columns.is_empty(), |column| column.required);
            if is_required && !is_lesser {
                let label = crate::text::label_key(&row.label.text);
                let name = match spec.column(id) {
                    // In a list the amount is a column of its own: no row has a label.
                    Some(column) if label == crate::text::label_key(&column.label) => label,
                    Some(column) => format!("{label}·{}", column.label),
                    None => label,
                };
                faults.push(fault(&[field.cell()], &name));
            }
        }
    }
    faults
}

/// Grids beside the money block: what each printed row must be told of.
fn statements(form: &Form) -> Vec<Fault> {
    let mut faults = Vec::new();
    for spec in form.schema.grids.iter().filter(|spec| spec.id != concept::FUNDING) {
        let Some(grid) = form.record.grids.get(&spec.id) else { continue };
        for row in grid.rows.iter().filter(|row| spec.row(&row.id).is_some_and(|line| line.required)) {
            for column in spec.columns.iter().filter(|column| column.required) {
                if let Some(field) = row.cells.get(&column.id).filter(|field| field.is_blank()) {
                    let label = crate::text::label_key(&row.label.text);
                    faults.push(fault(&[field.cell()], &format!("{label}·{}", column.label)));
                }
            }
        }
    }
    faults
}

/// A table of tasks, projects and the like: a column left blank in all rows, a cell here and there, a table without a row.
fn rows(spec: &TableSpec, table: &Table) -> Vec<Fault> {
    let required: Vec<&ColumnSpec> =
        spec.columns.iter().filter(|column| column.required && table.has(&column.id)).collect();
    let Some(first) = required.first() else { return Vec::new() };
    if table.rows.is_empty() {
        let cell = table.vacant.first().map(|row| row.cell).or(table.columns.get(&first.id).map(|head| head.cell));
        let mut fault = fault(&cell.into_iter().collect::<Vec<_>>(), &spec.label);
        fault.message.push_str("，一行都没有");
        fault.advice = format!("逐行填写{}；确实没有的，在第一行填“无”。", spec.label);
        return vec![fault];
    }
    // `无` in the only row says that there is nothing to list.
    if let [only] = &table.rows[..]
        && only.cells.values().any(|field| field.text().trim() == "无")
    {
        return Vec::new();
    }
    let label = |column: &ColumnSpec| table.columns.get(&column.id).map_or(column.label.clone(), |h| h.label.clone());
    let (whole, partly): (Vec<&ColumnSpec>, Vec<&ColumnSpec>) =
        required.iter().copied().partition(|column| is_wholly_blank(table, &column.id));
    let mut faults: Vec<Fault> =
        whole.iter().map(|column| fault(&blank_cells(&table.rows, &column.id), &label(column))).collect();
    let mut seen = BTreeSet::new();
    for row in &table.rows {
        let blank = |column: &&ColumnSpec| row.cell(&column.id).filter(|field| field.is_blank()).map(Field::cell);
        let missing: Vec<(CellRef, String)> = partly
            .iter()
            .filter_map(|column| Some((blank(column)?, label(column))))
            .filter(|(cell, _)| seen.insert(*cell))
            .collect();
        if missing.is_empty() {
            continue;
        }
        let (cells, labels): (Vec<CellRef>, Vec<String>) = missing.into_iter().unzip();
        let mut fault = fault(&cells, &labels.join("、"));
        if let Some(name) = row.filled(&first.id) {
            fault.message.push_str(&format!("（{}）", excerpt(name, 20)));
        }
        faults.push(fault);
    }
    faults
}

fn indicators(form: &Form, table: &Table) -> Vec<Fault> {
    // The name has a rule of its own, C106.
    const ELSEWHERE: [&str; 4] = [column::LEVEL1, column::LEVEL2, column::LEVEL3, column::REASON];
    let Some(spec) = form.schema.table(concept::INDICATORS) else { return Vec::new() };
    let required = spec.columns.iter().filter(|spec| spec.required && !ELSEWHERE.contains(&spec.id.as_str()));
    let label = |id| phrase::column_label(form, id);
    let (whole, partly): (Vec<_>, Vec<_>) = required.partition(|spec| is_wholly_blank(table, &spec.id));
    let mut faults: Vec<Fault> =
        whole.into_iter().map(|spec| fault(&blank_cells(&table.rows, &spec.id), label(&spec.id))).collect();
    let mut seen = BTreeSet::new();
    for row in &table.rows {
        // A cell merged over several rows is one cell to fill.
        let blank: Vec<(CellRef, &str)> = partly
            .iter()
            .filter_map(|spec| Some((row.cell(&spec.id).filter(|field| field.is_blank())?.cell(), label(&spec.id))))
            .filter(|(cell, _)| seen.insert(*cell))
            .collect();
        let is_empty = blank.len() > 1 && partly.iter().all(|spec| row.cell(&spec.id).is_none_or(Field::is_blank));
        let groups: Vec<&[(CellRef, &str)]> = if is_empty { vec![&blank] } else { blank.chunks(1).collect() };
        faults.extend(groups.into_iter().map(|group| of_row(row, group)));
    }
    faults
}

/// Whether all of several rows leave this column blank.
fn is_wholly_blank(table: &Table, column: &str) -> bool {
    table.has(column)
        && table.rows.len() > 1
        && table.rows.iter().all(|row| row.cell(column).is_none_or(Field::is_blank))
}

fn blank_cells(rows: &[Row], column: &str) -> Vec<CellRef> {
    let blank = rows.iter().filter_map(|row| row.cell(column)).filter(|field| field.is_blank());
    blank.map(Field::cell).collect::<BTreeSet<_>>().into_iter().collect()
}

/// One fault for blank cells of one row: a row left empty altogether is one thing to fill in.
fn of_row(row: &Row, blank: &[(CellRef, &str)]) -> Fault {
    let cells: Vec<_> = blank.iter().map(|(cell, _)| *cell).collect();
    let labels: Vec<_> = blank.iter().map(|(_, label)| *label).collect();
    let mut fault = fault(&cells, &labels.join("、"));
    if let Some(name) = row.filled(column::LEVEL3) {
        fault.message.push_str(&format!("（{}）", excerpt(name, 20)));
    }
    fault
}

/// The total score, required where the column of scores is.
fn total_score(form: &Form, table: &Table) -> Option<Fault> {
    const SCORE: &str = column::SCORE;
    let column = form.schema.table(concept::INDICATORS)?.column(SCORE).filter(|column| column.required)?;
    let field = table.total.as_ref()?.cell(SCORE).filter(|field| field.is_blank())?;
    Some(fault(&[field.cell()], &format!("总分·{}", column.label)))
}

/// One fault at the first cell, the others related.
fn fault(cells: &[CellRef], label: &str) -> Fault {
    let Some(first) = cells.first() else { return Fault::default() };
    let count = if cells.len() > 1 { format!("（共 {} 项）", cells.len()) } else { String::new() };
    Fault {
        cell: Some(*first),
        related: cells.iter().skip(1).copied().collect(),
        message: format!("{}未填{count}", phrase::at(*first, label)),
        advice: format!("补填{label}。"),
        ..Fault::default()
    }
}
