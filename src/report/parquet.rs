//! The round for engines that query: four tables as Apache Parquet. `docs/大规模.md` says what stands in each column.

mod columns;

use std::collections::BTreeMap;
use std::io::{self, Write};

use rust_decimal::Decimal;
use serde::Serialize;

use self::columns::{Cell, Columns, Kind};
use crate::coverage::{Facts, FormFact, RoundFacts};
use crate::finding::{Finding, Fix};
use crate::form::{Field, Row};
use crate::review::{CheckedForm, Outcome, Round, Submission};
use crate::schema::concept::column;
use crate::value::Measure;

/// One of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParquetTable {
    /// One row a file.
    Submissions,
    /// One row a judged form.
    Forms,
    /// One row an indicator.
    Indicators,
    /// One row a finding.
    Findings,
}

impl ParquetTable {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Submissions, Self::Forms, Self::Indicators, Self::Findings];

    /// The name of its file.
    #[must_use]
    pub fn file(self) -> &'static str {
        match self {
            Self::Submissions => "submissions.parquet",
            Self::Forms => "forms.parquet",
            Self::Indicators => "indicators.parquet",
            Self::Findings => "findings.parquet",
        }
    }

    fn columns(self) -> &'static [(&'static str, Kind)] {
        match self {
            Self::Submissions => SUBMISSIONS,
            Self::Forms => FORMS,
            Self::Indicators => INDICATORS,
            Self::Findings => FINDINGS,
        }
    }
}

use Kind::{Bool, Date, Decimal as Amount, Int, Text};

/// What tells a form from every other one of a round; the same in all tables.
const PLACE: [(&str, Kind); 3] = [("source", Text), ("sheet", Text), ("range", Text)];

const SUBMISSIONS: &[(&str, Kind)] = &[
    ("source", Text),
    ("container", Text),
    ("sha256", Text),
    ("outcome", Text),
    ("reason", Text),
    ("forms", Int),
    ("skipped_sheets", Int),
    ("notes", Text),
];

const FORMS: &[(&str, Kind)] = &[
    PLACE[0],
    PLACE[1],
    PLACE[2],
    ("region", Text),
    ("round", Text),
    ("day", Date),
    ("schema", Text),
    ("title", Text),
    ("stage", Text),
    ("subject", Text),
    ("year", Int),
    ("month", Int),
    ("turn", Int),
    ("department", Text),
    ("unit", Text),
    ("unit_key", Text),
    ("unit_known", Bool),
    ("project", Text),
    ("project_key", Text),
    ("project_known", Bool),
    ("budget", Amount),
    ("executed", Amount),
    ("own_score", Amount),
    ("score", Amount),
    ("band", Text),
    ("passed", Bool),
    ("errors", Int),
    ("warnings", Int),
    ("infos", Int),
    ("accepted", Int),
    ("quantitative", Int),
    ("qualitative", Int),
    ("deviation", Amount),
    ("light", Text),
    ("suspect", Bool),
    ("received", Date),
];

const INDICATORS: &[(&str, Kind)] = &[
    PLACE[0],
    PLACE[1],
    PLACE[2],
    ("row", Int),
    ("class", Text),
    ("subclass", Text),
    ("level1", Text),
    ("level2", Text),
    ("level3", Text),
    ("target", Text),
    ("target_operator", Text),
    ("target_number", Amount),
    ("target_unit", Text),
    ("actual", Text),
    ("actual_number", Amount),
    ("actual_unit", Text),
    ("weight", Amount),
    ("score", Amount),
    ("reason", Text),
];

const FINDINGS: &[(&str, Kind)] = &[
    PLACE[0],
    PLACE[1],
    PLACE[2],
    ("cell", Text),
    ("field", Text),
    ("code", Text),
    ("name", Text),
    ("severity", Text),
    ("dimension", Text),
    ("found", Text),
    ("expected", Text),
    ("difference", Text),
    ("message", Text),
    ("advice", Text),
    ("authority", Text),
    ("fix", Text),
    ("fix_is_safe", Bool),
    ("fate", Text),
    ("accepted", Bool),
    ("reply", Text),
];

/// Writes a table.
///
/// # Errors
/// What the writer reports.
pub fn write(table: ParquetTable, round: &Round, facts: &Facts, out: &mut dyn Write) -> io::Result<()> {
    let mut rows = Columns::new(table.columns())?;
    match table {
        ParquetTable::Submissions => submissions(round, &mut rows)?,
        ParquetTable::Forms => forms(round, facts, &mut rows)?,
        ParquetTable::Indicators => {
            for (submission, checked) in round.forms() {
                let table = checked.form.record.indicators();
                for row in table.iter().flat_map(|table| &table.rows) {
                    rows.push(place(submission, checked).into_iter().chain(indicator(row)))?;
                }
            }
        }
        ParquetTable::Findings => {
            for (submission, checked) in round.forms() {
                for one in &checked.findings {
                    rows.push(place(submission, checked).into_iter().chain(finding(one)))?;
                }
            }
        }
    }
    out.write_all(&rows.finish()?)
}

fn place(submission: &Submission, checked: &CheckedForm) -> [Cell; 3] {
    let form = &checked.form;
    [Cell::text(&submission.source), Cell::text(&form.sheet), Cell::text(&form.range.to_string())]
}

fn submissions(round: &Round, rows: &mut Columns) -> io::Result<()> {
    for submission in &round.submissions {
        let outcome = match submission.outcome {
            Outcome::Checked { .. } => "checked",
            Outcome::Unrecognised { .. } => "unrecognised",
            Outcome::Unreadable(_) => "unreadable",
        };
        rows.push([
            Cell::text(&submission.source),
            Cell::filled(submission.container),
            Cell::filled(&submission.sha256),
            Cell::text(outcome),
            submission.unjudged().map_or(Cell::Null, |(_, reason)| Cell::text(&reason)),
            Cell::count(submission.forms().len()),
            Cell::count(submission.skipped().len()),
            Cell::filled(&submission.notes.join("\n")),
        ])?;
    }
    for (source, reason) in &round.passed_over {
        let none = || Cell::count(0);
        rows.push([
            Cell::text(source),
            Cell::Null,
            Cell::Null,
            Cell::text("passed_over"),
            Cell::text(reason),
            none(),
            none(),
            Cell::Null,
        ])?;
    }
    Ok(())
}

fn forms(round: &Round, facts: &Facts, rows: &mut Columns) -> io::Result<()> {
    let all = facts.rounds.iter().flat_map(|round| round.forms.iter().map(move |form| (round, form)));
    let mut by_place: BTreeMap<(&str, &str, &str), (&RoundFacts, &FormFact)> = BTreeMap::new();
    for (round, form) in all {
        by_place.insert((&form.source, &form.sheet, &form.range), (round, form));
    }
    for (submission, checked) in round.forms() {
        let range = checked.form.range.to_string();
        let known = by_place.get(&(submission.source.as_str(), checked.form.sheet.as_str(), range.as_str()));
        // The facts are of this round, so every form is among them.
        if let Some((round, fact)) = known {
            rows.push(place(submission, checked).into_iter().chain(form(round, fact, checked)))?;
        }
    }
    Ok(())
}

fn form(round: &RoundFacts, fact: &FormFact, checked: &CheckedForm) -> [Cell; 33] {
    use crate::finding::Severity;
    // What a list speaks of stands in its lines.
    let item = match fact.items.as_slice() {
        [item] => Some(item),
        _ => None,
    };
    let project = checked.identity.project.as_ref();
    let count = |severity| Cell::count(checked.count(severity));
    [
        Cell::filled(&round.region),
        Cell::filled(&round.name),
        Cell::date(round.day),
        Cell::text(&fact.schema),
        Cell::text(&fact.title),
        word(fact.stage),
        word(fact.subject),
        fact.year.map_or(Cell::Null, |year| Cell::Int(year.into())),
        fact.month.map_or(Cell::Null, |month| Cell::Int(month.into())),
        fact.turn.map_or(Cell::Null, |turn| Cell::Int(turn.into())),
        Cell::filled(&fact.department),
        Cell::filled(&fact.unit),
        Cell::filled(&fact.unit_key),
        Cell::bool(fact.unit_known),
        project.map_or(Cell::Null, |project| Cell::filled(&project.name)),
        project.map_or(Cell::Null, |project| Cell::filled(&project.key)),
        Cell::bool(project.and_then(|project| project.known)),
        Cell::decimal(item.and_then(|item| item.budget)),
        Cell::decimal(item.and_then(|item| item.executed)),
        Cell::decimal(fact.own_score),
        Cell::decimal(Some(fact.score)),
        Cell::text(fact.band.title()),
        Cell::Bool(fact.passed),
        count(Severity::Error),
        count(Severity::Warning),
        count(Severity::Info),
        Cell::count(fact.accepted),
        Cell::count(fact.quantitative),
        Cell::count(fact.qualitative),
        Cell::decimal(fact.deviation),
        fact.light.map_or(Cell::Null, word),
        Cell::Bool(fact.suspect),
        Cell::date(fact.received),
    ]
}

fn indicator(row: &Row) -> [Cell; 16] {
    let said = |id| row.cell(id).map_or(Cell::Null, |field| Cell::filled(field.text()));
    let number = |id| Cell::decimal(row.number(id));
    let of = |measure: Option<&Measure>| Cell::decimal(measure.map(|measure| measure.number));
    let unit = |measure: Option<&Measure>| optional(measure.and_then(|measure| measure.unit.as_deref()));
    let operator = row.target.as_ref().and_then(|target| target.operator);
    [
        Cell::Int(i32::try_from(row.row.saturating_add(1)).unwrap_or(i32::MAX)),
        optional(row.class.as_deref()),
        optional(row.subclass.as_deref()),
        said(column::LEVEL1),
        said(column::LEVEL2),
        said(column::LEVEL3),
        said(column::TARGET),
        operator.map_or(Cell::Null, |operator| Cell::text(&operator.to_string())),
        of(row.target.as_ref()),
        unit(row.target.as_ref()),
        said(column::ACTUAL),
        of(row.actual.as_ref()),
        unit(row.actual.as_ref()),
        number(column::WEIGHT),
        number(column::SCORE),
        row.cell(column::REASON).map(Field::text).map_or(Cell::Null, Cell::filled),
    ]
}

fn finding(of: &Finding) -> [Cell; 17] {
    [
        of.cell.map_or(Cell::Null, |cell| Cell::text(&cell.to_string())),
        Cell::filled(&of.field),
        Cell::text(of.code),
        Cell::text(of.name),
        word(of.severity),
        word(of.dimension),
        optional(of.found.as_deref()),
        optional(of.expected.as_deref()),
        optional(of.difference.as_deref()),
        Cell::text(&of.message),
        Cell::text(&of.advice),
        Cell::text(of.authority),
        of.fix.as_ref().map_or(Cell::Null, |fix| Cell::text(&Fix::said(fix))),
        Cell::bool(of.fix.as_ref().map(|fix| fix.safety == crate::finding::Safety::Safe)),
        of.fate.map_or(Cell::Null, word),
        Cell::Bool(of.is_accepted()),
        optional(of.reply_said().as_deref()),
    ]
}

fn optional(text: Option<&str>) -> Cell {
    text.map_or(Cell::Null, Cell::text)
}

/// The word that 结果.json has for it.
fn word(of: impl Serialize) -> Cell {
    match serde_json::to_value(of) {
        Ok(serde_json::Value::String(word)) => Cell::text(&word),
        _ => Cell::Null,
    }
}

/// Places behind the point of every decimal.
const SCALE: u32 = 6;
/// Digits of every decimal.
const PRECISION: u32 = 18;

/// A number in millionths; `None` where it has more digits than the column takes.
fn scaled(number: Decimal) -> Option<i64> {
    let millionths = number.round_dp(SCALE).checked_mul(Decimal::from(10_i64.pow(SCALE)))?;
    let whole = i64::try_from(millionths.trunc()).ok()?;
    (whole.unsigned_abs() < 10_u64.pow(PRECISION)).then_some(whole)
}
