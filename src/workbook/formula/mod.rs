//! Simple formulas calculated anew: to see whether the result kept in the file still holds (公式未重算), and what follows
//! from cells that are corrected.
//!
//! A closed subset, own code: addresses and ranges of the same sheet, numbers, `+ - * / %`, comparisons, and the dozen
//! functions that forms are made of (see [`Function`]). The kept engines (`formualizer`, `ironcalc_base`) bring a
//! workbook model, hundreds of functions and a dependency graph of their own for what is a screenful of arithmetic
//! here, and calculate in floats; amounts are decimals everywhere in this crate. What lies outside the subset is
//! unknown, never guessed: no finding rests on a formula that was not understood to the last sign.

mod calculate;
mod follow;
mod parse;

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::cell::{Cell, Content, NumberFormat};
use super::sheet::Sheet;
use crate::address::{CellRange, CellRef};
use calculate::{Calculator, Known};

/// What is larger, 10^14, is no figure of a form; sums and products of figures up to here fit a [`Decimal`].
const LARGEST: Decimal = Decimal::from_parts(276_447_232, 23_283, 0, false, 0);
/// Longer formulas are not simple.
const LONGEST: usize = 1_000;

/// A formula whose kept result is not what the cells of the sheet give today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outdated {
    /// What the formula gives once everything it rests on is calculated anew.
    pub value: Decimal,
    /// The addresses that the formula names, in its order, each with what stands there after that: of one cell its
    /// number, of a range the sum of its numbers; `None` for a cell without number.
    pub inputs: Vec<(CellRange, Option<Decimal>)>,
    /// Other cells with a formula that the result rests on.
    pub through: BTreeSet<CellRef>,
    /// Whether the kept result contradicts the very cells it names as they are kept. Otherwise it follows from one of
    /// [`Self::through`] that does.
    pub own: bool,
}

impl Sheet {
    /// What the formula at this address would give today, where that is a number other than the one kept in the file;
    /// `None` where there is no formula, it holds, or it is none of the simple ones.
    #[must_use]
    pub fn outdated(&self, at: CellRef) -> Option<Outdated> {
        let cell = self.stored(at)?;
        let Content::Number(kept) = cell.content else { return None };
        let expression = parse::expression(cell.formula.as_deref().filter(|text| text.len() <= LONGEST)?)?;
        let mut anew = Calculator::new(self, Known::Anew);
        let value = anew.number_of(at, &expression).filter(|value| value.abs() <= LARGEST)?;
        if shows_the_same(cell, kept, value) {
            return None;
        }
        let own = Calculator::new(self, Known::AsKept)
            .number_of(at, &expression)
            .filter(|value| value.abs() <= LARGEST)
            .is_none_or(|value| !shows_the_same(cell, kept, value));
        let mut inputs: Vec<(CellRange, Option<Decimal>)> = Vec::new();
        for area in expression.areas() {
            if inputs.iter().all(|(known, _)| *known != area) {
                inputs.push((area, anew.total_of(area)));
            }
        }
        let mut through = anew.into_calculated();
        through.remove(&at);
        Some(Outdated { value, inputs, through, own })
    }
}

/// Whether a person could not tell the two: they differ by less than the cell shows, or the kept one is the other
/// rounded to no less than hundredths.
fn shows_the_same(cell: &Cell, kept: Decimal, value: Decimal) -> bool {
    let off = (kept - value).abs();
    let shown = match cell.format {
        NumberFormat::Percent { decimals } => half_of_place(decimals.saturating_add(2)),
        NumberFormat::Fixed { decimals } => half_of_place(decimals),
        _ => Decimal::ZERO,
    };
    let kept_as_rounded = half_of_place(kept.normalize().scale().max(2));
    // The floats that office programs calculate in carry some 15 digits.
    let noise = value.abs().checked_mul(Decimal::new(1, 10)).unwrap_or_default();
    off <= shown.max(kept_as_rounded).max(noise)
}

fn half_of_place(places: u32) -> Decimal {
    Decimal::new(5, places.saturating_add(1).min(Decimal::MAX_SCALE))
}

#[cfg(test)]
mod tests {
    use super::super::text_grid::sheet_from_text;
    use super::*;

    fn at(address: &str) -> CellRef {
        address.parse().expect("an address")
    }

    /// What the formula in A1 gives over `10 | 20 | 0 | 文字 | (blank)` in B1:F1; `None` where it is not calculated.
    fn gives(formula: &str) -> Option<String> {
        let sheet = sheet_from_text("表", &format!("={formula} ~ 987654|10|20|0|文字||12%")).expect("a grid");
        sheet.outdated(at("A1")).map(|outdated| outdated.value.normalize().to_string())
    }

    #[test]
    fn simple_formulas_are_calculated_as_excel_does() {
        for (formula, value) in [
            ("SUM(B1:F1)", "30"),
            ("sum(B1:C1,C1)+$B$1*2", "70"),
            ("ROUND(B1/C1*10,2)", "5"),
            ("ROUND(C1/3,2)", "6.67"),
            ("ROUND(2.5,0)", "3"),
            ("ROUND(1/3*3*0.5,0)", "1"),
            ("ROUNDDOWN(C1/3,1)+ROUNDUP(B1/3,1)", "10"),
            ("-B1+50%*C1", "0"),
            ("MIN(1,C1/B1)*C1", "20"),
            ("MAX(B1:D1)-ABS(-1)", "19"),
            ("IF(D1=0,7,B1/D1)", "7"),
            ("IF(AND(B1>=10,F1=\"\"),C1,1)", "20"),
            ("IFERROR(B1/D1,0)", "0"),
            ("IF(COUNT(B1:F1)=3,AVERAGE(B1:C1),0)", "15"),
            ("IF(ISNUMBER(E1),1,2)", "2"),
            ("(B1+C1)*G1", "3.6"),
            ("SUM(B1;C1)", "30"),
        ] {
            assert_eq!(gives(formula).as_deref(), Some(value), "{formula}");
        }
    }

    #[test]
    fn what_is_not_understood_or_gives_no_number_is_unknown() {
        for formula in [
            "B1/D1",
            "B1+E1",
            "VLOOKUP(B1,B1:C1,1)",
            "Sheet2!B1+1",
            "SUM(B:B)",
            "B1^2",
            "B1&C1",
            "SUM(B1:C1",
            "B1 C1",
            "B1:C1*2",
            "IF(B1,,1)",
            "\"文字\"",
            "300天",
            "#REF!+1",
            "A1+1",
            "",
        ] {
            assert_eq!(gives(formula), None, "{formula}");
        }
    }

    #[test]
    fn a_result_that_is_only_rounded_is_not_outdated() {
        for (formula, kept) in
            [("B1/C1", "86%"), ("B1/C1", "0.86"), ("B1/C1", "0.862037"), ("ROUND(B1/C1*10,2)", "8.62")]
        {
            let sheet = sheet_from_text("表", &format!("={formula} ~ {kept}|37.24|43.2")).expect("a grid");
            assert_eq!(sheet.outdated(at("A1")), None, "{formula} {kept}");
        }
        let sheet = sheet_from_text("表", "=B1/C1 ~ 0.9|37.24|43.2").expect("a grid");
        assert!(sheet.outdated(at("A1")).is_some());
    }

    #[test]
    fn a_result_that_follows_from_an_outdated_one_is_not_at_fault_itself() {
        let sheet = sheet_from_text("表", "=B1/C1 ~ 50%|86|100\n=A1*10 ~ 5||").expect("a grid");
        let first = sheet.outdated(at("A1")).expect("outdated");
        assert!(first.own && first.through.is_empty());
        let second = sheet.outdated(at("A2")).expect("outdated too");
        assert_eq!((second.own, second.value.normalize().to_string().as_str()), (false, "8.6"));
        assert_eq!(second.through, BTreeSet::from([at("A1")]));
        assert_eq!(second.inputs, vec![(at("A1").into(), Some(Decimal::new(86, 2)))]);
    }

    #[test]
    fn figures_beyond_any_form_are_left_alone() {
        let nines = "9".repeat(14);
        for formula in ["B1*B1", "B1*B1*B1", "B1*2", "SUM(B1:B1)/0.000000000000000000000000001"] {
            let sheet = sheet_from_text("表", &format!("={formula} ~ 5|{nines}")).expect("a grid");
            assert_eq!(sheet.outdated(at("A1")), None, "{formula}");
        }
    }

    #[test]
    fn a_circle_of_formulas_and_a_deep_one_are_left_alone() {
        let circle = sheet_from_text("表", "=B1+1 ~ 5|=A1+1 ~ 9").expect("a grid");
        assert_eq!(circle.outdated(at("A1")), None);
        let nested = format!("{}B1{}", "(".repeat(400), ")".repeat(400));
        assert_eq!(gives(&nested), None);
    }
}
