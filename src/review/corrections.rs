//! What is written into the cells of a workbook, and why; in memory here, into files by `annotate`.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::CheckedForm;
use crate::address::CellRef;
use crate::finding::{Finding, FixEdit};
use crate::grade::Grade;
use crate::value::{Value, parse_number};
use crate::workbook::{Cell, Content, NumberFormat, Sheet, Workbook};

/// Sums that may rest one on the other.
const LONGEST_CHAIN: usize = 8;

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

/// Calculates anew the sums that rest on changed cells, and says which. Only what was the sum of its cells before is
/// taken for one; every other formula waits for the program that opens the file.
pub(super) fn recalculate(before: &Sheet, after: &mut Sheet) -> BTreeMap<CellRef, Decimal> {
    let sums: Vec<(CellRef, Vec<CellRef>)> = before
        .cells()
        .filter_map(|(at, cell)| Some((at, summands(cell.formula.as_deref()?)?)))
        .filter(|(at, cells)| number_at(before, *at) == Some(sum_of(before, cells)))
        .collect();
    let mut results = BTreeMap::new();
    for _ in 0..LONGEST_CHAIN {
        let mut settled = true;
        for (at, cells) in &sums {
            let is_formula = after.stored(*at).is_some_and(|cell| cell.formula.is_some());
            let sum = sum_of(after, cells).normalize();
            if is_formula && number_at(after, *at).map(|number| number.normalize()) != Some(sum) {
                result(after, *at, sum);
                results.insert(*at, sum);
                settled = false;
            }
        }
        if settled {
            break;
        }
    }
    results
}

fn number_at(sheet: &Sheet, at: CellRef) -> Option<Decimal> {
    match sheet.stored(at)?.content {
        Content::Number(number) => Some(number),
        _ => None,
    }
}

fn sum_of(sheet: &Sheet, cells: &[CellRef]) -> Decimal {
    cells.iter().filter_map(|at| number_at(sheet, *at)).fold(Decimal::ZERO, Decimal::saturating_add)
}

/// The cells of `SUM(G13:G20,F9)` or `G13+G14`; `None` for any other formula, and for ranges larger than a form.
fn summands(formula: &str) -> Option<Vec<CellRef>> {
    const MOST: u64 = 2_000;
    let plain: String = formula.chars().filter(|c| !c.is_whitespace() && *c != '$').collect::<String>().to_uppercase();
    let inside = plain.strip_prefix("SUM(").and_then(|rest| rest.strip_suffix(')'));
    let pieces: Vec<&str> = match inside {
        Some(inside) => inside.split([',', ';', '+']).collect(),
        None => plain.split('+').collect(),
    };
    let mut cells = Vec::new();
    for piece in pieces {
        let (start, end) = piece.split_once(':').unwrap_or((piece, piece));
        // `1E5` reads as a number first.
        if parse_number(start).is_some() {
            return None;
        }
        let (start, end): (CellRef, CellRef) = (start.parse().ok()?, end.parse().ok()?);
        let range = crate::address::CellRange::new(start, end);
        if u64::from(range.height()) * u64::from(range.width()) > MOST {
            return None;
        }
        for row in range.start.row..=range.end.row {
            cells.extend((range.start.col..=range.end.col).map(|col| CellRef::new(row, col)));
        }
    }
    Some(cells)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbook::sheet_from_text;

    #[test]
    fn sums_follow_the_cells_they_rest_on_and_other_formulas_wait() {
        let drawn = "1|2|3\n=SUM(A1:C1) ~ 6|=A2+A1 ~ 7|=A1*2 ~ 2|=SUM(A1:B1) ~ 9";
        let before = sheet_from_text("表", drawn).expect("a grid");
        let mut after = before.clone();
        let at = |address: &str| address.parse::<CellRef>().expect("an address");
        write(&mut after, at("A1"), &Value::Number(Decimal::TEN));
        let results = recalculate(&before, &mut after);
        let wanted = BTreeMap::from([(at("A2"), Decimal::from(15)), (at("B2"), Decimal::from(25))]);
        assert_eq!(results, wanted);
        assert_eq!(after.shown(at("C2")), "2");
    }
}
