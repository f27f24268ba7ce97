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

/// Calculates anew the formulas that rest on changed cells, and says which. Only those are touched that held before: one
/// whose kept result was out of date already, or that is none of the simple ones, waits for the program that opens the
/// file.
pub(super) fn recalculate(before: &Sheet, after: &mut Sheet) -> BTreeMap<CellRef, Decimal> {
    let formulas = after.cells().filter(|(_, cell)| cell.formula.is_some()).map(|(at, _)| at);
    let changed = formulas.filter_map(|at| Some((at, after.outdated(at)?.value)));
    // The floats that office programs calculate in carry some 15 digits.
    let written = |value: Decimal| value.round_sf(15).unwrap_or(value).normalize();
    let results: BTreeMap<CellRef, Decimal> =
        changed.filter(|(at, _)| before.outdated(*at).is_none()).map(|(at, value)| (at, written(value))).collect();
    for (at, value) in &results {
        result(after, *at, *value);
    }
    results
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbook::sheet_from_text;

    #[test]
    fn formulas_follow_the_cells_they_rest_on_and_what_was_stale_before_waits() {
        let drawn = "1|2|3\n=SUM(A1:C1) ~ 6|=A2+A1 ~ 7|=IF(C1=3,A2*2,0) ~ 12|=SUM(A1:B1) ~ 9|=VLOOKUP(A1,A1:B1,2) ~ 4|=C1*2 ~ 6";
        let before = sheet_from_text("表", drawn).expect("a grid");
        let mut after = before.clone();
        let at = |address: &str| address.parse::<CellRef>().expect("an address");
        write(&mut after, at("A1"), &Value::Number(Decimal::TEN));
        let results = recalculate(&before, &mut after);
        let wanted = [("A2", 15), ("B2", 25), ("C2", 30)].map(|(cell, value)| (at(cell), Decimal::from(value)));
        assert_eq!(results, BTreeMap::from(wanted));
        assert_eq!(["C2", "D2", "E2", "F2"].map(|cell| after.shown(at(cell)).into_owned()), ["30", "9", "4", "6"]);
    }
}
