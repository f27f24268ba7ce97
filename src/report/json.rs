//! The round for other programs: version 1 of the contract that `docs/result.schema.json` describes.
//!
//! One submission is turned into JSON at a time, so that a large round needs no second copy in memory.

use std::collections::BTreeMap;
use std::io::{self, Write};

use rust_decimal::Decimal;
use serde::{Serialize, Serializer};

use crate::address::CellRef;
use crate::finding::{Dimension, Elsewhere, Fate, Finding, Fix, FixEdit, Reply, Ruling, Safety, Severity};
use crate::form::{Field, Form, Grid, Reading, Row, Table};
use crate::grade::{Grade, LedgerEntry, NextStep};
use crate::policy::Band;
use crate::previous::{PastFinding, Tally};
use crate::review::{CheckedForm, Earlier, Outcome, Round, SkippedSheet, Submission};
use crate::roster::Identity;
use crate::rules::RuleOutcome;
use crate::schema::concept::{INDICATORS, column, field};
use crate::schema::{Stage, Subject};
use crate::value::Measure;

/// Version of the contract; a change that could break a reader raises it.
const VERSION: u32 = 1;

/// Fields that every form of the contract has, be they null.
const FIELDS: [&str; 5] = [field::UNIT, field::DEPARTMENT, field::PROJECT, field::YEAR, field::MONEY_UNIT];

/// Columns that every indicator of the contract has, be they null.
const COLUMNS: [&str; 10] = [
    column::LEVEL1,
    column::LEVEL2,
    column::LEVEL3,
    column::OPERATOR,
    column::TARGET,
    column::UNIT,
    column::ACTUAL,
    column::WEIGHT,
    column::SCORE,
    column::REASON,
];

/// Writes the round, indented, with a line break at the end.
pub(super) fn write(round: &Round, out: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        version: VERSION,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        policy: &round.policy,
        submissions: Submissions(&round.submissions),
        passed_over: round.passed_over.iter().map(|(source, reason)| PassedOver { source, reason }).collect(),
        remarks: &round.remarks,
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tool: Tool,
    policy: &'a str,
    submissions: Submissions<'a>,
    passed_over: Vec<PassedOver<'a>>,
    remarks: &'a [String],
}

#[derive(Serialize)]
struct PassedOver<'a> {
    source: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

struct Submissions<'a>(&'a [Submission]);

impl Serialize for Submissions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(SubmissionJson::new))
    }
}

#[derive(Serialize)]
struct SubmissionJson<'a> {
    source: &'a str,
    container: &'static str,
    outcome: &'static str,
    reason: Option<String>,
    notes: &'a [String],
    forms: Vec<FormJson<'a>>,
    skipped: Vec<SkippedJson<'a>>,
}

impl<'a> SubmissionJson<'a> {
    fn new(submission: &'a Submission) -> Self {
        let (outcome, reason) = match &submission.outcome {
            Outcome::Checked { .. } => ("checked", None),
            Outcome::Unrecognised { reason, .. } => ("unrecognised", Some(reason.clone())),
            Outcome::Unreadable(error) => ("unreadable", Some(error.kind.to_string())),
        };
        Self {
            source: &submission.source,
            container: submission.container,
            outcome,
            reason,
            notes: &submission.notes,
            forms: submission.forms().iter().map(FormJson::new).collect(),
            skipped: submission.skipped().iter().map(SkippedJson::new).collect(),
        }
    }
}

#[derive(Serialize)]
struct SkippedJson<'a> {
    sheet: &'a str,
    reason: &'a str,
    nearest: Option<NearestJson<'a>>,
}

#[derive(Serialize)]
struct NearestJson<'a> {
    schema: &'a str,
    evidence: Vec<&'a str>,
}

impl<'a> SkippedJson<'a> {
    fn new(skipped: &'a SkippedSheet) -> Self {
        let nearest = skipped.nearest.as_ref().map(|(schema, evidence)| NearestJson {
            schema,
            evidence: evidence.iter().map(|evidence| evidence.what.as_str()).collect(),
        });
        Self { sheet: &skipped.sheet, reason: &skipped.reason, nearest }
    }
}

#[derive(Serialize)]
struct FormJson<'a> {
    sheet: &'a str,
    schema: &'a str,
    stage: Stage,
    subject: Subject,
    confidence: f64,
    identity: IdentityJson<'a>,
    record: RecordJson<'a>,
    findings: Vec<FindingJson<'a>>,
    rules: &'a BTreeMap<&'static str, RuleOutcome>,
    grade: GradeJson<'a>,
    earlier: Option<EarlierJson<'a>>,
}

impl<'a> FormJson<'a> {
    fn new(judged: &'a CheckedForm) -> Self {
        let form = &judged.form;
        Self {
            sheet: &form.sheet,
            schema: &form.schema.id,
            stage: form.schema.stage,
            subject: form.schema.subject,
            confidence: (form.recognition.confidence * 1000.0).round() / 1000.0,
            identity: IdentityJson::new(&judged.identity),
            record: RecordJson::new(form),
            findings: judged.findings.iter().map(FindingJson::new).collect(),
            rules: &judged.rules,
            grade: GradeJson::new(&judged.grade),
            earlier: judged
                .earlier
                .as_ref()
                .zip(judged.tally())
                .map(|(earlier, tally)| EarlierJson::new(earlier, tally)),
        }
    }
}

/// What became of the findings of the submission before.
#[derive(Serialize)]
struct EarlierJson<'a> {
    source: &'a str,
    counts: TallyJson,
    settled: Vec<PastFindingJson<'a>>,
    settled_before: Vec<PastFindingJson<'a>>,
}

impl<'a> EarlierJson<'a> {
    fn new(earlier: &'a Earlier, tally: Tally) -> Self {
        Self {
            source: &earlier.source,
            counts: TallyJson::new(tally),
            settled: earlier.settled.iter().map(PastFindingJson::new).collect(),
            settled_before: earlier.settled_before.iter().map(PastFindingJson::new).collect(),
        }
    }
}

/// How many findings met which fate.
#[derive(Serialize)]
pub(super) struct TallyJson {
    before: usize,
    settled: usize,
    unchanged: usize,
    accepted: usize,
    new: usize,
    again: usize,
}

impl TallyJson {
    pub(super) fn new(tally: Tally) -> Self {
        let Tally { settled, unchanged, accepted, new, again } = tally;
        Self { before: tally.before(), settled, unchanged, accepted, new, again }
    }
}

/// A finding of an earlier round.
#[derive(Serialize)]
pub(super) struct PastFindingJson<'a> {
    code: &'a str,
    severity: Severity,
    cell: Option<CellRefJson>,
    field: &'a str,
    found: Option<&'a str>,
    message: &'a str,
}

impl<'a> PastFindingJson<'a> {
    pub(super) fn new(finding: &'a PastFinding) -> Self {
        let PastFinding { code, severity, cell, field, found, message, .. } = finding;
        Self { code, severity: *severity, cell: cell.map(CellRefJson), field, found: found.as_deref(), message }
    }
}

/// Whom and what the form is counted by.
#[derive(Serialize)]
struct IdentityJson<'a> {
    unit: Option<&'a str>,
    unit_key: Option<&'a str>,
    unit_known: Option<bool>,
    unit_suggestion: Option<&'a str>,
    project: Option<&'a str>,
    project_key: Option<&'a str>,
    project_known: Option<bool>,
    project_suggestion: Option<&'a str>,
}

impl<'a> IdentityJson<'a> {
    fn new(identity: &'a Identity) -> Self {
        let unit = &identity.unit;
        let project = identity.project.as_ref();
        Self {
            unit: Some(unit.name.as_str()).filter(|name| !name.is_empty()),
            unit_key: Some(unit.key.as_str()).filter(|key| !key.is_empty()),
            unit_known: unit.known,
            unit_suggestion: unit.suggestion.as_deref(),
            project: project.map(|project| project.name.as_str()),
            project_key: project.map(|project| project.key.as_str()),
            project_known: project.and_then(|project| project.known),
            project_suggestion: project.and_then(|project| project.suggestion.as_deref()),
        }
    }
}

/// An object whose keys stand in the order given.
struct Object<'a, T>(Vec<(&'a str, T)>);

impl<T: Serialize> Serialize for Object<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

type Cells<'a> = Object<'a, Option<CellJson<'a>>>;

#[derive(Serialize)]
struct RecordJson<'a> {
    fields: Cells<'a>,
    grids: Object<'a, Object<'a, Cells<'a>>>,
    tables: Object<'a, Vec<Cells<'a>>>,
}

impl<'a> RecordJson<'a> {
    fn new(form: &'a Form) -> Self {
        let record = &form.record;
        Self {
            fields: fields(form),
            grids: Object(record.grids.iter().map(|(id, grid)| (id.as_str(), grid_rows(grid))).collect()),
            tables: Object(record.tables.iter().map(|(id, table)| (id.as_str(), table_rows(id, table))).collect()),
        }
    }
}

/// The contract's fields and the schema's, be they null, and whatever else the record has.
fn fields(form: &Form) -> Cells<'_> {
    let known = FIELDS.into_iter().chain(form.schema.fields.iter().map(|spec| spec.id.as_str()));
    let mut cells: BTreeMap<&str, Option<CellJson<'_>>> = known.map(|id| (id, None)).collect();
    cells.extend(form.record.fields.iter().map(|(id, field)| (id.as_str(), Some(CellJson::new(field)))));
    Object(cells.into_iter().collect())
}

/// The rows of a grid by id; of several with one id the first counts.
fn grid_rows(grid: &Grid) -> Object<'_, Cells<'_>> {
    let mut rows: Vec<(&str, Cells<'_>)> = Vec::with_capacity(grid.rows.len());
    for row in &grid.rows {
        if rows.iter().all(|(id, _)| *id != row.id) {
            let cells = row.cells.iter().map(|(column, field)| (column.as_str(), Some(CellJson::new(field))));
            rows.push((&row.id, Object(cells.collect())));
        }
    }
    Object(rows)
}

fn table_rows<'a>(id: &str, table: &'a Table) -> Vec<Cells<'a>> {
    let fixed: &[&str] = if id == INDICATORS { &COLUMNS } else { &[] };
    table.rows.iter().map(|row| table_row(fixed, row)).collect()
}

/// The fixed columns in their order, then whatever else the row has.
fn table_row<'a>(fixed: &[&'static str], row: &'a Row) -> Cells<'a> {
    let mut cells: Vec<(&str, Option<CellJson<'_>>)> = fixed
        .iter()
        .map(|column| (*column, row.cell(column).map(|field| indicator_cell(row, column, field))))
        .collect();
    let further = row.cells.iter().filter(|(column, _)| !fixed.contains(&column.as_str()));
    cells.extend(further.map(|(column, field)| (column.as_str(), Some(CellJson::new(field)))));
    Object(cells)
}

/// A cell of an indicator: target and actual are given as meant, with operator and unit (`≥95%`).
fn indicator_cell<'a>(row: &Row, column: &str, field: &'a Field) -> CellJson<'a> {
    let measure = match column {
        column::TARGET => row.target.as_ref(),
        column::ACTUAL => row.actual.as_ref(),
        _ => None,
    };
    let cell = CellJson::new(field);
    match measure {
        Some(measure) if field.is_filled() => CellJson { value: Some(Measure::to_string(measure)), ..cell },
        _ => cell,
    }
}

/// A value with its place: as written, and as meant.
#[derive(Serialize)]
struct CellJson<'a> {
    cell: CellRefJson,
    text: &'a str,
    value: Option<String>,
}

impl<'a> CellJson<'a> {
    fn new(field: &'a Field) -> Self {
        let value = match &field.reading {
            Reading::Value(value) => Some(value.to_string()),
            Reading::Blank | Reading::NotApplicable | Reading::Unreadable(_) => None,
        };
        Self { cell: CellRefJson(field.cell()), text: field.text(), value }
    }
}

/// A cell in its A1 form.
pub(super) struct CellRefJson(pub(super) CellRef);

impl Serialize for CellRefJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

#[derive(Serialize)]
struct FindingJson<'a> {
    code: &'static str,
    name: &'static str,
    severity: Severity,
    dimension: Dimension,
    cell: Option<CellRefJson>,
    field: &'a str,
    related: Vec<CellRefJson>,
    elsewhere: Vec<ElsewhereJson<'a>>,
    found: Option<&'a str>,
    expected: Option<&'a str>,
    difference: Option<&'a str>,
    message: &'a str,
    advice: &'a str,
    authority: &'static str,
    fix: Option<FixJson<'a>>,
    fate: Option<Fate>,
    reply: Option<&'a Reply>,
    ruling: Option<RulingJson<'a>>,
}

/// What the bureau decided on the unit's explanation.
#[derive(Serialize)]
struct RulingJson<'a> {
    accepted: bool,
    in_force: bool,
    by: &'a str,
    until: Option<String>,
    remark: &'a str,
    said: String,
}

impl<'a> RulingJson<'a> {
    fn new(ruling: &'a Ruling) -> Self {
        Self {
            accepted: ruling.accepted,
            in_force: ruling.lapse.is_none(),
            by: &ruling.by,
            until: ruling.until.map(|until| until.to_string()),
            remark: &ruling.remark,
            said: ruling.said(),
        }
    }
}

/// The correction, where one can be written.
#[derive(Serialize)]
struct FixJson<'a> {
    safety: Safety,
    edits: Vec<EditJson<'a>>,
}

#[derive(Serialize)]
struct EditJson<'a> {
    cell: CellRefJson,
    /// What stands there, as written.
    was: &'a str,
    value: String,
    /// How it is to be stored.
    stored: &'static str,
}

impl<'a> FixJson<'a> {
    fn new(fix: &'a Fix) -> Self {
        let edit = |edit: &'a FixEdit| EditJson {
            cell: CellRefJson(edit.cell),
            was: &edit.was,
            value: edit.value.to_string(),
            stored: if edit.value.number().is_some() { "number" } else { "text" },
        };
        Self { safety: fix.safety, edits: fix.edits.iter().map(edit).collect() }
    }
}

/// A place in another form.
#[derive(Serialize)]
struct ElsewhereJson<'a> {
    source: &'a str,
    sheet: &'a str,
    cell: Option<CellRefJson>,
    text: &'a str,
}

impl<'a> FindingJson<'a> {
    fn new(finding: &'a Finding) -> Self {
        Self {
            code: finding.code,
            name: finding.name,
            severity: finding.severity,
            dimension: finding.dimension,
            cell: finding.cell.map(CellRefJson),
            field: &finding.field,
            related: finding.related.iter().copied().map(CellRefJson).collect(),
            elsewhere: finding.elsewhere.iter().map(ElsewhereJson::new).collect(),
            found: finding.found.as_deref(),
            expected: finding.expected.as_deref(),
            difference: finding.difference.as_deref(),
            message: &finding.message,
            advice: &finding.advice,
            authority: finding.authority,
            fix: finding.fix.as_ref().map(FixJson::new),
            fate: finding.fate,
            reply: finding.reply.as_ref(),
            ruling: finding.ruling.as_ref().map(RulingJson::new),
        }
    }
}

impl<'a> ElsewhereJson<'a> {
    fn new(place: &'a Elsewhere) -> Self {
        let Elsewhere { source, sheet, cell, text } = place;
        Self { source, sheet, cell: cell.map(CellRefJson), text }
    }
}

#[derive(Serialize)]
struct GradeJson<'a> {
    score: String,
    band: Band,
    veto: Option<VetoJson>,
    ledger: Vec<LedgerJson<'a>>,
    next: Vec<StepJson>,
}

#[derive(Serialize)]
struct VetoJson {
    name: &'static str,
    band: Band,
}

#[derive(Serialize)]
struct LedgerJson<'a> {
    dimension: Dimension,
    full: String,
    left: String,
    deductions: Vec<DeductionJson<'a>>,
}

#[derive(Serialize)]
struct DeductionJson<'a> {
    code: &'static str,
    name: &'static str,
    findings: usize,
    points: String,
    reason: &'a str,
}

#[derive(Serialize)]
struct StepJson {
    code: &'static str,
    name: &'static str,
    points: String,
    score: String,
    band: Band,
}

impl<'a> GradeJson<'a> {
    fn new(grade: &'a Grade) -> Self {
        Self {
            score: points(grade.score),
            band: grade.band,
            veto: grade.veto.map(|(name, band)| VetoJson { name, band }),
            ledger: grade.ledger.iter().map(ledger).collect(),
            next: grade.next.iter().map(step).collect(),
        }
    }
}

fn ledger(entry: &LedgerEntry) -> LedgerJson<'_> {
    let deductions = entry.deductions.iter().map(|deduction| DeductionJson {
        code: deduction.code,
        name: deduction.name,
        findings: deduction.findings,
        points: points(deduction.points),
        reason: &deduction.reason,
    });
    LedgerJson {
        dimension: entry.dimension,
        full: points(entry.full),
        left: points(entry.left),
        deductions: deductions.collect(),
    }
}

fn step(step: &NextStep) -> StepJson {
    StepJson {
        code: step.code,
        name: step.name,
        points: points(step.points),
        score: points(step.score),
        band: step.band,
    }
}

/// Points with at least one decimal: `86.0`, `86.25`.
fn points(points: Decimal) -> String {
    let mut points = points.normalize();
    if points.scale() == 0 {
        points.rescale(1);
    }
    points.to_string()
}
