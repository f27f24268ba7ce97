//! A finding of `结果.json`, of this round or an earlier one.

use serde::Serialize;

use super::CellRefJson;
use crate::finding::{Dimension, Elsewhere, Fate, Finding, Fix, FixEdit, Reply, Ruling, Safety, Severity};
use crate::previous::PastFinding;

#[derive(Serialize)]
pub(super) struct FindingJson<'a> {
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
    pub(super) fn new(finding: &'a Finding) -> Self {
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

/// A finding of an earlier round.
#[derive(Serialize)]
pub(in crate::report) struct PastFindingJson<'a> {
    code: &'a str,
    severity: Severity,
    cell: Option<CellRefJson>,
    field: &'a str,
    found: Option<&'a str>,
    message: &'a str,
}

impl<'a> PastFindingJson<'a> {
    pub(in crate::report) fn new(finding: &'a PastFinding) -> Self {
        let PastFinding { code, severity, cell, field, found, message, .. } = finding;
        Self { code, severity: *severity, cell: cell.map(CellRefJson), field, found: found.as_deref(), message }
    }
}
