//! The round for other programs: version 1 of the contract that `docs/result.schema.json` describes.
//!
//! Few submissions are turned into JSON at a time, so that a large round needs no second copy in memory.

mod finding;
mod grade;
mod record;

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use self::finding::FindingJson;
pub(super) use self::finding::PastFindingJson;
use self::grade::GradeJson;
use self::record::RecordJson;
use crate::address::CellRef;
use crate::coverage::Facts;
use crate::previous::Tally;
use crate::review::{CheckedForm, Earlier, Kept, Outcome, Round, SkippedSheet, Submission, Workers};
use crate::roster::Identity;
use crate::rules::RuleOutcome;
use crate::schema::{Stage, Subject};

/// Version of the contract; a change that could break a reader raises it.
const VERSION: u32 = 1;

/// Writes the round: a line for each submission and for each other thing, so that a program may take it line by line.
pub(super) fn write(round: &Round, facts: &Facts, workers: Workers, out: &mut dyn Write) -> io::Result<()> {
    let whole = round.part.is_some();
    let passed_over: Vec<_> = round.passed_over.iter().map(|(source, reason)| PassedOver { source, reason }).collect();
    head(out)?;
    entry(out, "policy", &round.policy)?;
    out.write_all(b"\"submissions\":[")?;
    let mut end: &[u8] = b"\n";
    let line = |submission: &Submission| serde_json::to_vec(&SubmissionJson::new(submission, whole));
    workers.in_order(&round.submissions, line, |line| {
        out.write_all(end)?;
        end = b",\n";
        out.write_all(&line?)
    })?;
    out.write_all(b"\n],\n")?;
    entry(out, "passed_over", &passed_over)?;
    entry(out, "remarks", &round.remarks)?;
    tail(out, facts)
}

/// Writes facts alone (汇总.json), as the result of a round holds them.
///
/// # Errors
/// What the writer reports.
pub fn write_facts(facts: &Facts, out: &mut dyn Write) -> io::Result<()> {
    head(out)?;
    tail(out, facts)
}

fn head(out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"{\n")?;
    entry(out, "version", &VERSION)?;
    entry(out, "tool", &Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") })
}

fn tail(out: &mut dyn Write, facts: &Facts) -> io::Result<()> {
    out.write_all(b"\"facts\":")?;
    serde_json::to_writer(&mut *out, facts)?;
    out.write_all(b"\n}\n")
}

/// A line of the outermost object, with the comma behind it.
fn entry(out: &mut dyn Write, key: &str, value: &impl Serialize) -> io::Result<()> {
    write!(out, "\"{key}\":")?;
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b",\n")
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

#[derive(Serialize)]
struct SubmissionJson<'a> {
    source: &'a str,
    container: &'static str,
    outcome: &'static str,
    reason: Option<String>,
    notes: &'a [String],
    forms: Vec<FormJson<'a>>,
    skipped: Vec<SkippedJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kept: Option<Box<RawValue>>,
}

impl<'a> SubmissionJson<'a> {
    fn new(submission: &'a Submission, whole: bool) -> Self {
        let kept = || serde_json::value::to_raw_value(&Kept::of(submission)).ok();
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
            kept: whole.then(kept).flatten(),
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

/// A cell in its A1 form.
pub(super) struct CellRefJson(pub(super) CellRef);

impl Serialize for CellRefJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}
