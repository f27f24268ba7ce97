//! What is written into the cells of a workbook, and why; in memory here, into files by `annotate`.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::CheckedForm;
use crate::address::CellRef;
use crate::finding::{Finding, FixEdit};
use crate::grade::Grade;
use crate::value::Value;
use crate::workbook::{Cell, Content, NumberFormat, Sheet, Workbook};

/// Who wanted the corrections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Origin {
    /// Nobody was asked: they change no meaning.
    #[default]
    Safe,
    /// The unit chose 是 under 采纳.
    Adopted,
}

impl Origin {
    /// 已自动改正 or 已按采纳改正.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Safe => "已自动改正",
            Self::Adopted => "已按采纳改正",
        }
    }
}

/// New content of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// What a person saw there when the workbook was handed in.
    pub was: String,
    /// What stands there now.
    pub value: Value,
    /// The rules whose findings led to it, ascending.
    pub codes: BTreeSet<&'static str>,
    /// The formula that stood there and is gone, without `=`; empty where its text is not known.
    pub formula: Option<String>,
}

/// Place of a finding: sheet, cell, code of the rule.
pub type Place = (String, Option<CellRef>, &'static str);

/// The corrections of a workbook.
#[derive(Debug, Clone, Default)]
pub struct Corrections {
    /// Who wanted them.
    pub origin: Origin,
    /// New contents by sheet and cell.
    pub cells: BTreeMap<(String, CellRef), Correction>,
    /// What was written for each finding, by its place.
    pub mended: BTreeMap<Place, Vec<FixEdit>>,
    /// New results of formulas that stay, by sheet and cell.
    pub results: BTreeMap<(String, CellRef), Decimal>,
    /// The grade of each form after the corrections, in the order of the forms; empty where nothing was corrected.
    pub after: Vec<Grade>,
}

impl Corrections {
    /// Whether nothing is written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// What was written for a finding; `None` where nothing was.
    #[must_use]
    pub fn of(&self, finding: &Finding) -> Option<&[FixEdit]> {
        let place = (finding.sheet.clone(), finding.cell, finding.code);
        self.mended.get(&place).map(Vec::as_slice)
    }

    /// The new contents on the sheet of a form, within its rows, in reading order.
    pub fn in_form(&self, form: &CheckedForm) -> impl Iterator<Item = (CellRef, &Correction)> {
        let (sheet, range) = (&form.form.sheet, form.form.range);
        let here =
            move |(name, at): &(String, CellRef)| name == sheet && (range.start.row..=range.end.row).contains(&at.row);
        self.cells.iter().filter(move |(place, _)| here(place)).map(|((_, at), correction)| (*at, correction))
    }

    /// The workbook with the corrections in its cells, in memory.
    #[must_use]
    pub fn applied_to(&self, workbook: &Workbook) -> Workbook {
        let mut workbook = workbook.clone();
        for sheet in &mut workbook.sheets {
            let name = sheet.name().to_owned();
            let here = |(of, _): &(String, CellRef)| *of == name;
            for ((_, at), correction) in self.cells.iter().filter(|(place, _)| here(place)) {
                write(sheet, *at, &correction.value);
            }
            for ((_, at), number) in self.results.iter().filter(|(place, _)| here(place)) {
                result(sheet, *at, *number);
            }
        }
        workbook
    }

    /// Notes what was written on a sheet for a finding.
    pub(super) fn note(&mut self, before: &Sheet, finding: &Finding, edits: &[(FixEdit, &'static str)]) {
        let sheet = before.name();
        let place = (sheet.to_owned(), finding.cell, finding.code);
        self.mended.entry(place).or_default().extend(edits.iter().map(|(edit, _)| edit.clone()));
        for (edit, code) in edits {
            let first = || Correction {
                was: before.shown(edit.cell).into_owned(),
                value: edit.value.clone(),
                codes: BTreeSet::new(),
                formula: before.stored(edit.cell).and_then(|cell| cell.formula.clone()),
            };
            let correction = self.cells.entry((sheet.to_owned(), edit.cell)).or_insert_with(first);
            correction.value = edit.value.clone();
            correction.codes.insert(code);
        }
    }
}

/// Writes a value into a cell of a sheet in memory; its formula is gone.
pub(super) fn write(sheet: &mut Sheet, at: CellRef, value: &Value) {
    let before = sheet.stored(at).map_or(NumberFormat::General, |cell| cell.format);
    let (content, format) = match value {
        Value::Number(number) if before == NumberFormat::Text => (Content::Number(*number), NumberFormat::General),
        Value::Number(number) => (Content::Number(*number), before),
        other => (Content::Text(other.to_string()), before),
    };
    sheet.put(at, Cell { content, formula: None, format });
}

fn result(sheet: &mut Sheet, at: CellRef, number: Decimal) {
    if let Some(cell) = sheet.stored(at).cloned() {
        sheet.put(at, Cell { content: Content::Number(number), ..cell });
    }
}

/// Calculates anew the formulas of a sheet in memory that follow from what was written since `before`: those whose result
/// held then, see [`Sheet::recalculated_since`]. All others keep the result they had.
pub(super) fn recalculate(before: &Sheet, after: &mut Sheet) {
    let kept = |(at, cell): (CellRef, &Cell)| {
        let was = before.stored(at).filter(|was| was.formula == cell.formula && was.content != cell.content)?;
        cell.formula.is_some().then(|| (at, was.clone()))
    };
    let earlier: Vec<(CellRef, Cell)> = after.cells().filter_map(kept).collect();
    for (at, cell) in earlier {
        after.put(at, cell);
    }
    for (at, number) in after.recalculated_since(before) {
        result(after, at, number);
    }
}
