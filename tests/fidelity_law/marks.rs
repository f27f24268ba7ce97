//! Which cells are marked: on every sheet one with a value, one without, a merged one, one with a note, one far off.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jixiao::address::{CellRange, CellRef};
use jixiao::finding::{Dimension, Finding, Severity};
use jixiao::form::{Form, Recognition, Record};
use jixiao::grade::Grade;
use jixiao::policy::Band;
use jixiao::review::CheckedForm;
use jixiao::roster::Identity;
use jixiao::schema::Catalog;
use jixiao::workbook::{Sheet, Workbook};
use rust_decimal::Decimal;

/// The marks of a workbook.
pub(crate) struct Chosen {
    pub(crate) forms: Vec<CheckedForm>,
    /// By sheet, the cells a mark is put at: the first of a merged region.
    pub(crate) cells: BTreeMap<String, BTreeSet<CellRef>>,
}

/// Chooses them.
pub(crate) fn choose(workbook: &Workbook) -> Chosen {
    let mut chosen = Chosen { forms: Vec::new(), cells: BTreeMap::new() };
    for sheet in &workbook.sheets {
        let cells = cells_of(sheet, workbook);
        let kinds = [Severity::Error, Severity::Warning, Severity::Info];
        let findings = cells.iter().zip(kinds.into_iter().cycle()).map(|(at, kind)| finding(sheet.name(), *at, kind));
        chosen.forms.push(form(sheet.name(), findings.collect()));
        let marked = cells.iter().map(|at| sheet.span(*at).start).collect();
        chosen.cells.insert(sheet.name().to_owned(), marked);
    }
    chosen
}

fn cells_of(sheet: &Sheet, workbook: &Workbook) -> BTreeSet<CellRef> {
    let filled: Vec<CellRef> = sheet.cells().map(|(at, _)| at).collect();
    let mut cells: BTreeSet<CellRef> = BTreeSet::new();
    for index in [0, filled.len() / 2, filled.len().saturating_sub(1)] {
        cells.extend(filled.get(index));
    }
    let used = sheet.used().unwrap_or(CellRange::new(CellRef::new(0, 0), CellRef::new(9, 4)));
    // An empty cell among the filled ones, and one in a row or column that may not be there.
    let inside = (used.start.row..=used.end.row.min(used.start.row + 40)).flat_map(|row| {
        (used.start.col..=used.end.col.min(used.start.col + 20)).map(move |col| CellRef::new(row, col))
    });
    let mut empty = inside.filter(|at| sheet.stored(*at).is_none());
    cells.extend(empty.next());
    cells.extend(empty.next_back());
    cells.extend(sheet.merges().first().map(|merge| merge.start));
    cells.extend(sheet.merges().last().map(|merge| merge.end));
    cells.insert(CellRef::new((used.end.row + 60).min(1_048_575), (used.end.col + 30).min(16_383)));
    cells.insert(CellRef::new(1_048_575, 16_383));
    cells.extend(noted(sheet, workbook));
    cells
}

/// The first and the last cell with a note.
fn noted(sheet: &Sheet, workbook: &Workbook) -> Vec<CellRef> {
    let (Some(part), Some(package)) = (workbook.part_of(sheet.name()), &workbook.package) else { return Vec::new() };
    let relations = package.relationships(part).unwrap_or_default();
    let Some(notes) = relations.iter().find(|r| r.is("comments")) else { return Vec::new() };
    let Ok(Some(bytes)) = package.part(&notes.target) else { return Vec::new() };
    let tags = super::tokens::tags(&bytes);
    let cells: Vec<CellRef> =
        tags.iter().filter(|tag| tag.is("comment")).filter_map(|tag| tag.value("ref")?.parse().ok()).collect();
    [cells.first(), cells.last()].into_iter().flatten().copied().collect()
}

/// A finding as rules make them.
pub(crate) fn finding(sheet: &str, at: CellRef, severity: Severity) -> Finding {
    Finding {
        code: "A103",
        name: "sample",
        severity,
        dimension: Dimension::Consistency,
        sheet: sheet.to_owned(),
        cell: Some(at),
        field: String::new(),
        related: Vec::new(),
        elsewhere: Vec::new(),
        found: Some("9.5".to_owned()),
        expected: Some("8.32".to_owned()),
        difference: Some("1.18".to_owned()),
        message: format!("{at}「得分」= min(1, 98.6 ÷ 118.5) × 10 = 8.32，填的是 9.5。"),
        advice: format!("将 {at} 改为 8.32，并同步修改总分。"),
        authority: "财预〔2020〕10号 自评打分要求",
        fix: None,
        fate: None,
        reply: None,
        ruling: None,
    }
}

/// A checked form of a sheet, with an invented grade.
pub(crate) fn form(sheet: &str, findings: Vec<Finding>) -> CheckedForm {
    let schema = Catalog::embedded().schemas.first().map(Arc::clone).expect("built-in schemas");
    let form = Form {
        sheet: sheet.to_owned(),
        range: CellRange::new(CellRef::new(0, 0), CellRef::new(9, 4)),
        schema,
        recognition: Recognition { confidence: 0.98, evidence: Vec::new() },
        record: Record::default(),
    };
    let grade = Grade { score: Decimal::from(76), band: Band::Fair, ledger: Vec::new(), veto: None, next: Vec::new() };
    CheckedForm { form, identity: Identity::default(), findings, rules: BTreeMap::new(), grade, earlier: None }
}
