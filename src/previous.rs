//! An earlier round, out of its 结果.json: its forms as they were read then, and what was told of them.
//!
//! A small mirror of the published contract (`docs/result.schema.json`): only what is used, so that later versions of it
//! that add something are read too. Owns how a form is known again when it comes back ([`pairs`]) and what became of its
//! findings ([`fates`]).

mod fates;
mod pairs;

use std::collections::BTreeMap;
use std::sync::Arc;

use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::error::Category;

use crate::address::{CellRange, CellRef};
use crate::error::{Error, ErrorKind};
use crate::finding::{Fate, Finding, Reply, Severity};
use crate::form::{Field, Form, Grid, GridRow, Id, Provenance, Reading, Recognition, Record, Row, Stored, Table};
use crate::policy::Band;
use crate::schema::concept::{INDICATORS, column, field};
use crate::schema::{Catalog, FieldKind, Schema};
use crate::value::{Measure, Value, is_figure};

pub use self::fates::{Fates, Tally, fates};
pub use self::pairs::{Known, pairs};

/// The version of the contract that is understood.
const VERSION: u32 = 1;

/// An earlier round.
#[derive(Debug, Clone, Default)]
pub struct Previous {
    /// Its judged forms, in the order of the round.
    pub forms: Vec<PastForm>,
    /// Ids of schemas that this run does not know; their forms are left out.
    pub unknown: Vec<String>,
}

/// A form of an earlier round.
#[derive(Debug, Clone)]
pub struct PastForm {
    /// The file it came in.
    pub source: String,
    /// The form, as far as the result tells it: no totals of tables, no printed rows left blank, no notes, no headers.
    pub form: Form,
    /// What was told of it.
    pub findings: Vec<PastFinding>,
    /// What had been told of it before and was mended by then.
    pub settled: Vec<PastFinding>,
    /// The quality grade it got; `None` where the result does not tell.
    pub band: Option<Band>,
    /// Which of the results it is from, counted in the order they were given.
    pub result: usize,
}

/// A finding of an earlier round.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PastFinding {
    /// The rule's code.
    pub code: String,
    /// How bad it was.
    pub severity: Severity,
    /// Where it stood; `None` for the form as a whole.
    #[serde(default, deserialize_with = "cell_of")]
    pub cell: Option<CellRef>,
    /// What the cell meant; see [`crate::finding::Finding::field`].
    #[serde(default)]
    pub field: String,
    /// What stood there.
    #[serde(default)]
    pub found: Option<String>,
    /// What was wrong.
    pub message: String,
    /// What had become of it then.
    #[serde(default)]
    pub fate: Option<Fate>,
    /// Other cells that took part.
    #[serde(default, deserialize_with = "cells_of")]
    pub related: Vec<CellRef>,
    /// What the unit answered to it.
    #[serde(default)]
    pub reply: Option<Reply>,
    /// Whether the bureau accepted it as it was.
    #[serde(default, rename = "ruling", deserialize_with = "excused")]
    pub accepted: bool,
}

impl From<&Finding> for PastFinding {
    fn from(finding: &Finding) -> Self {
        Self {
            code: finding.code.to_owned(),
            severity: finding.severity,
            cell: finding.cell,
            field: finding.field.clone(),
            found: finding.found.clone(),
            message: finding.message.clone(),
            fate: finding.fate,
            related: finding.related.clone(),
            reply: finding.reply.clone(),
            accepted: finding.is_accepted(),
        }
    }
}

impl PastForm {
    /// A form that was judged just now, as a later round would see it.
    #[must_use]
    pub fn of(source: &str, form: &Form, findings: &[Finding], settled: Vec<PastFinding>) -> Self {
        let findings = findings.iter().map(PastFinding::from).collect();
        Self { source: source.to_owned(), form: form.clone(), findings, settled, band: None, result: 0 }
    }
}

impl Previous {
    /// Reads a 结果.json. `path` names it in messages.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] where the text is no result of this contract, with what is wrong.
    pub fn read(text: &str, path: &str, catalog: &Catalog) -> Result<Self, Error> {
        let invalid = |problem: String| Error::new(path, ErrorKind::Invalid(vec![problem]));
        let results: Results =
            serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| invalid(not_a_result(&error)))?;
        if results.version != VERSION {
            return Err(invalid(format!(
                "结果的版本是 {}，这个版本的工具只认版本 {VERSION}。请用同一版本的工具重新审核",
                results.version
            )));
        }
        if results.facts.rounds.iter().any(|round| round.part.is_some()) {
            return Err(invalid("是分批审核的一份，不是整轮的结果。请先用 jixiao stats 把各份合起来".to_owned()));
        }
        let mut previous = Self::default();
        for SubmissionJson { source, forms } in results.submissions {
            for form in forms {
                match catalog.get(&form.schema) {
                    Some(schema) => previous.forms.push(form.past(&source, schema)),
                    None => previous.unknown.push(form.schema),
                }
            }
        }
        previous.unknown.sort_unstable();
        previous.unknown.dedup();
        Ok(previous)
    }
}

/// Why a text is no result, with its line.
fn not_a_result(error: &serde_json::Error) -> String {
    let why = match error.classify() {
        Category::Eof => "内容不完整，可能是空文件或没有传完",
        Category::Syntax | Category::Io => "不是 JSON",
        Category::Data => "是 JSON，但没有审核结果应有的内容，或内容的种类不对",
    };
    let (line, column) = (error.line(), error.column());
    format!("不是审核结果 结果.json（第 {line} 行第 {column} 列：{why}）。请选审核输出文件夹里的 结果.json")
}

#[derive(Deserialize)]
struct Results {
    version: u32,
    submissions: Vec<SubmissionJson>,
    #[serde(default)]
    facts: FactsJson,
}

#[derive(Deserialize, Default)]
struct FactsJson {
    #[serde(default)]
    rounds: Vec<RoundJson>,
}

#[derive(Deserialize)]
struct RoundJson {
    part: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct SubmissionJson {
    #[serde(default)]
    source: String,
    #[serde(default)]
    forms: Vec<FormJson>,
}

#[derive(Deserialize)]
struct FormJson {
    #[serde(default)]
    sheet: String,
    schema: String,
    #[serde(default)]
    confidence: f64,
    record: RecordJson,
    #[serde(default)]
    findings: Vec<PastFinding>,
    #[serde(default)]
    earlier: Option<EarlierJson>,
    #[serde(default)]
    grade: Option<GradeJson>,
}

#[derive(Deserialize)]
struct GradeJson {
    #[serde(default)]
    band: Option<Band>,
}

#[derive(Deserialize)]
struct EarlierJson {
    #[serde(default)]
    settled: Vec<PastFinding>,
    #[serde(default)]
    settled_before: Vec<PastFinding>,
}

type Cells = BTreeMap<String, Option<CellJson>>;

#[derive(Deserialize)]
struct RecordJson {
    #[serde(default)]
    fields: Cells,
    #[serde(default)]
    grids: BTreeMap<String, serde_json::Map<String, serde_json::Value>>,
    #[serde(default)]
    tables: BTreeMap<String, Vec<Cells>>,
}

#[derive(Deserialize)]
struct CellJson {
    #[serde(default, deserialize_with = "cell_of")]
    cell: Option<CellRef>,
    #[serde(default)]
    text: String,
    #[serde(default)]
    value: Option<String>,
}

/// An A1 address; what is none counts as no address.
fn cell_of<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<CellRef>, D::Error> {
    let written = Option::<String>::deserialize(deserializer)?;
    Ok(written.and_then(|written| written.parse().ok()))
}

/// A1 addresses; what is none is left out.
fn cells_of<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<CellRef>, D::Error> {
    let written = Vec::<String>::deserialize(deserializer)?;
    Ok(written.iter().filter_map(|written| written.parse().ok()).collect())
}

/// Whether a decision excuses its finding.
fn excused<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    #[derive(Deserialize)]
    struct Ruling {
        #[serde(default)]
        accepted: bool,
        #[serde(default)]
        in_force: bool,
    }
    let ruling = Option::<Ruling>::deserialize(deserializer)?;
    Ok(ruling.is_some_and(|ruling| ruling.accepted && ruling.in_force))
}

impl FormJson {
    fn past(self, source: &str, schema: &Arc<Schema>) -> PastForm {
        let form = Form {
            sheet: self.sheet,
            range: CellRange::from(CellRef::new(0, 0)),
            schema: Arc::clone(schema),
            recognition: Recognition { confidence: self.confidence, evidence: Vec::new() },
            record: self.record.record(schema),
        };
        let settled =
            self.earlier.into_iter().flat_map(|earlier| earlier.settled.into_iter().chain(earlier.settled_before));
        let (source, band) = (source.to_owned(), self.grade.and_then(|grade| grade.band));
        PastForm { source, form, findings: self.findings, settled: settled.collect(), band, result: 0 }
    }
}

impl RecordJson {
    fn record(self, schema: &Schema) -> Record {
        // Totals of the indicator table stand among the fields and in no schema.
        let kind = |id: &str| match id {
            field::TOTAL_WEIGHT | field::TOTAL_SCORE => FieldKind::Points,
            id => schema.field(id).map_or(FieldKind::Text, |spec| spec.kind),
        };
        let fields = self.fields.into_iter().filter_map(|(id, cell)| {
            let field = read(cell?, kind(&id));
            Some((id.into(), field))
        });
        let grids = self.grids.into_iter().map(|(id, rows)| {
            let spec = schema.grid(&id);
            let kind = |column: &str| {
                spec.and_then(|spec| spec.column(column)).map_or(FieldKind::Amount, |column| column.kind)
            };
            let rows = rows.into_iter().filter_map(|(id, row)| {
                let cells: Cells = serde_json::from_value(row).ok()?;
                let label = Provenance {
                    cell: CellRef::new(0, 0),
                    text: String::new(),
                    stored: Stored::Text,
                    formula: None,
                    stale: None,
                };
                Some(GridRow { id, label, of_which: false, cells: row_cells(cells, kind) })
            });
            let rows = rows.collect();
            (id.into(), Grid { rows, ..Grid::default() })
        });
        let tables = self.tables.into_iter().map(|(id, rows)| {
            let spec = schema.table(&id);
            let kind =
                |column: &str| spec.and_then(|spec| spec.column(column)).map_or(FieldKind::Text, |column| column.kind);
            let indicators = schema.indicators.as_ref().filter(|_| id == INDICATORS);
            let rows = rows.into_iter().map(|cells| {
                let mut row = table_row(&id, row_cells(cells, kind));
                if let Some(indicators) = indicators {
                    row.classify(indicators);
                }
                row
            });
            let rows = rows.collect();
            (id.into(), Table { rows, ..Table::default() })
        });
        Record {
            title: None,
            fields: fields.collect(),
            grids: grids.collect(),
            tables: tables.collect(),
            notes: Vec::new(),
        }
    }
}

fn row_cells(cells: Cells, kind: impl Fn(&str) -> FieldKind) -> BTreeMap<Id, Field> {
    let filled = cells.into_iter().filter_map(|(column, cell)| {
        let field = read(cell?, kind(&column));
        Some((column.into(), field))
    });
    filled.collect()
}

/// A row of a table; the measures of an indicator are told with operator and unit.
fn table_row(table: &str, cells: BTreeMap<Id, Field>) -> Row {
    let measure = |column: &str| {
        let field = cells.get(column).filter(|_| table == INDICATORS)?;
        match field.reading.value()? {
            Value::Number(number) => Some(Measure { operator: None, number: *number, unit: None }),
            Value::Text(text) => Measure::parse(text),
            Value::Date(_) | Value::Bool(_) => None,
        }
    };
    let (target, actual) = (measure(column::TARGET), measure(column::ACTUAL));
    let row = cells.values().map(|field| field.cell().row).max().unwrap_or_default();
    Row { row, cells, target, actual, ..Row::default() }
}

fn read(cell: CellJson, kind: FieldKind) -> Field {
    let CellJson { cell, text, value } = cell;
    let is_number = !matches!(kind, FieldKind::Text | FieldKind::Choice | FieldKind::MoneyUnit | FieldKind::Measure);
    let reading = match value {
        None if text.trim().is_empty() => Reading::Blank,
        // The result does not say which of the two it was; for the earlier round it makes no difference.
        None => Reading::NotApplicable,
        Some(value) => match value.parse::<Decimal>().ok().filter(|number| is_number && is_figure(*number)) {
            Some(number) => Reading::Value(Value::Number(number)),
            None => Reading::Value(Value::Text(value)),
        },
    };
    let cell = cell.unwrap_or(CellRef::new(0, 0));
    Field { reading, provenance: Provenance { cell, text, stored: Stored::Text, formula: None, stale: None } }
}
