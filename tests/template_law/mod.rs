//! The law, for the bytes of a template in any format.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use jixiao::address::CellRef;
use jixiao::finding::Severity;
use jixiao::form::{Field, Form, Reading};
use jixiao::ooxml::Limits;
use jixiao::policy::Policy;
use jixiao::review::{Engine, Outcome, SkippedSheet};
use jixiao::schema::{Catalog, concept};
use jixiao::template::{Kind, Plan, Role};
use jixiao::text::label_key;

/// Confidence that a template reaches at least; what counts as recognised is 0.5.
const SURE: f64 = 0.8;

/// One for all forms: making it costs more than judging one.
static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let policy = Policy::embedded("national").expect("a built-in policy");
    Engine::new(Catalog::embedded(), policy, Limits::default())
});

fn forms_of(bytes: Vec<u8>) -> Result<Vec<Form>, String> {
    match ENGINE.judge("空表", Arc::from(bytes)).0.outcome {
        Outcome::Checked { forms, .. } => Ok(forms.into_iter().map(|checked| checked.form).collect()),
        Outcome::Unrecognised { reason, .. } => Err(reason),
        Outcome::Unreadable(error) => Err(error.to_string()),
    }
}

/// Where a blank template breaks the law.
pub(crate) fn check_law(plan: &Plan, bytes: Vec<u8>) -> Vec<String> {
    let forms = match forms_of(bytes) {
        Ok(forms) => forms,
        Err(reason) => return vec![reason],
    };
    let [form] = &forms[..] else { return vec![format!("{} forms", forms.len())] };
    let mut failures = Vec::new();
    if form.schema.id != plan.schema.id {
        failures.push(format!("recognised as {}", form.schema.id));
    }
    if form.recognition.confidence < SURE {
        failures.push(format!("confidence {}: {:?}", form.recognition.confidence, form.recognition.evidence));
    }
    for piece in &plan.pieces {
        let Some(role) = piece.role() else { continue };
        let year = matches!(role, Role::Field(id) if id == concept::field::YEAR);
        match field_of(form, role, piece.range.start) {
            // The year line says no year yet; a vacant row of a table is no row, see below.
            None if year || matches!(role, Role::Row { .. } | Role::Listed { .. }) => {}
            None => failures.push(format!("{role:?} at {} is not read", piece.range.start)),
            Some(field) => {
                if field.cell() != piece.range.start || field.reading != Reading::Blank {
                    failures.push(format!("{role:?} at {} is read as {field:?}", piece.range.start));
                }
            }
        }
    }
    failures.extend(rows(plan, form));
    failures.extend(unprinted(plan, form));
    failures
}

/// Rows to fill in that are read as neither vacant nor printed.
fn rows(plan: &Plan, form: &Form) -> Vec<String> {
    let mut missing = Vec::new();
    for spec in &plan.schema.tables {
        let drawn: BTreeSet<u32> = plan
            .pieces
            .iter()
            .filter(|piece| matches!(piece.role(), Some(Role::Row { table, .. }) if *table == spec.id))
            .map(|piece| piece.range.start.row)
            .collect();
        let Some(table) = form.record.tables.get(&spec.id) else {
            if !drawn.is_empty() {
                missing.push(format!("the table {} is not read", spec.id));
            }
            continue;
        };
        let vacant: BTreeSet<u32> = table.vacant.iter().map(|row| row.row).collect();
        let filled: BTreeSet<u32> = table.rows.iter().map(|row| row.row).collect();
        // In the list of projects a blank row is no project's.
        if !plan.schema.list {
            let lost: Vec<u32> =
                drawn.iter().filter(|row| !vacant.contains(row) && !filled.contains(row)).copied().collect();
            if !lost.is_empty() {
                missing.push(format!("rows {lost:?} of {} are not read", spec.id));
            }
        }
    }
    missing
}

/// Values that stand nowhere among what is printed.
fn unprinted(plan: &Plan, form: &Form) -> Vec<String> {
    let printed: Vec<(CellRef, &str)> = plan
        .pieces
        .iter()
        .filter_map(|piece| match &piece.kind {
            Kind::Text { text, .. } => Some((piece.range.start, text.as_str())),
            _ => None,
        })
        .collect();
    let record = &form.record;
    let fields = record.fields.values();
    let cells = record.grids.values().flat_map(|grid| &grid.rows).flat_map(|row| row.cells.values());
    let rows = record.tables.values().flat_map(|table| &table.rows).flat_map(|row| row.cells.values());
    let is_printed = |field: &&Field| {
        field.is_blank()
            || printed.iter().any(|(at, text)| {
                *at == field.cell() && (text.contains(field.text()) || label_key(text).contains(field.text()))
            })
    };
    let values = fields.chain(cells).chain(rows).filter(|field| !is_printed(field));
    values.map(|field| format!("{:?} is read, but not printed", field.provenance)).collect()
}

fn field_of<'a>(form: &'a Form, role: &Role, at: CellRef) -> Option<&'a Field> {
    match role {
        Role::Field(id) => form.record.field(id),
        // Of a list without a project.
        Role::Listed { .. } => None,
        Role::Cell { grid, row, column } => form.record.grids.get(grid)?.cell(row, column),
        Role::Total { table, column } => form.record.tables.get(table)?.total.as_ref()?.cell(column),
        Role::Row { table, column, .. } => {
            // Printed rows are read as rows: their blank cells are blank.
            let table = form.record.tables.get(table)?;
            table.rows.iter().find_map(|row| row.cell(column).filter(|field| field.cell() == at))
        }
    }
}

/// The one form of a workbook.
#[allow(dead_code, reason = "the tests through LibreOffice read none")]
pub(crate) fn form_of(bytes: Vec<u8>) -> Form {
    forms_of(bytes).expect("a form").pop().expect("a form")
}

/// The sheets of a workbook that were not judged.
#[allow(dead_code, reason = "the tests through LibreOffice ask for none")]
pub(crate) fn skipped_of(bytes: Vec<u8>) -> Vec<SkippedSheet> {
    ENGINE.judge("空表", Arc::from(bytes)).0.skipped().to_vec()
}

/// The faults, 严重 and 一般, of a filled workbook.
pub(crate) fn faults_of(bytes: Vec<u8>) -> Vec<String> {
    let (submission, _) = ENGINE.judge("填好的表", Arc::from(bytes));
    let findings = submission.forms().iter().flat_map(|form| &form.findings);
    let grave = findings.filter(|finding| finding.severity != Severity::Info);
    let mut faults: Vec<String> = grave.map(|finding| format!("{} {}", finding.code, finding.message)).collect();
    if submission.forms().len() != 1 {
        faults.push(format!("{} forms", submission.forms().len()));
    }
    faults
}
