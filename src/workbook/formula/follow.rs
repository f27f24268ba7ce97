//! The results of formulas that follow from changed cells.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::calculate::{Calculator, Halt, Known, LONGEST_CHAIN, MOST_CELLS, Value};
use super::parse::{self, Expression};
use super::{LARGEST, LONGEST, shows_the_same};
use crate::address::{CellRange, CellRef};
use crate::workbook::cell::{Cell, Content};
use crate::workbook::sheet::Sheet;

/// How many formulas may follow from the changes of one sheet: forms have a few dozen. Of more, none is calculated.
const MOST_FOLLOWERS: usize = 2_000;

impl Sheet {
    /// The new results of the formulas on this sheet that rest, directly or through others, on cells whose content is
    /// not what it was on the sheet `before`. A formula counts only where its result held before, and where it gives a
    /// number now: one that was stale stays as it was, and so does one that rests on no changed cell.
    #[must_use]
    pub fn recalculated_since(&self, before: &Sheet) -> BTreeMap<CellRef, Decimal> {
        let formulas: Vec<(CellRef, Expression)> =
            self.cells().filter_map(|(at, cell)| Some((at, understood(cell)?))).collect();
        let followers = followers(&formulas, changed(before, self));
        followers.into_iter().filter_map(|(at, expression)| Some((at, result(before, self, at, expression)?))).collect()
    }
}

/// The new result of one formula; `None` where it stays as it is.
fn result(before: &Sheet, after: &Sheet, at: CellRef, expression: &Expression) -> Option<Decimal> {
    let was = Calculator::new(before, Known::Anew).given_by(at, expression);
    if !holds(before.stored(at)?, &was) {
        return None;
    }
    let now = Calculator::new(after, Known::Anew).given_by(at, expression);
    match now {
        // Excel keeps 15 digits.
        Ok(Value::Number(number)) if now != was && number.abs() <= LARGEST => {
            number.round_sf(15).map(|number| number.normalize())
        }
        _ => None,
    }
}

fn understood(cell: &Cell) -> Option<Expression> {
    cell.formula.as_deref().filter(|text| text.len() <= LONGEST).and_then(parse::expression)
}

/// The cells that hold something else, or another formula.
fn changed(before: &Sheet, after: &Sheet) -> BTreeSet<CellRef> {
    let same = |one: &Cell, other: &Cell| {
        one.formula == other.formula && (one.formula.is_some() || one.content == other.content)
    };
    let kept = |at: CellRef, cell: &Cell, other: &Sheet| other.stored(at).is_some_and(|other| same(cell, other));
    let new = after.cells().filter(|(at, cell)| !kept(*at, cell, before));
    let gone = before.cells().filter(|(at, cell)| !kept(*at, cell, after));
    new.chain(gone).map(|(at, _)| at).collect()
}

/// The formulas that rest on changed cells.
fn followers(formulas: &[(CellRef, Expression)], changed: BTreeSet<CellRef>) -> Vec<(CellRef, &Expression)> {
    let mut moved = changed;
    let mut open: Vec<(CellRef, &Expression, Vec<CellRange>)> = formulas
        .iter()
        .map(|(at, expression)| (*at, expression, expression.areas()))
        .filter(|(_, _, areas)| areas.iter().all(|area| area.height() as usize <= MOST_CELLS))
        .collect();
    let mut followers = Vec::new();
    // What rests on a longer chain is not calculated.
    for _ in 0..=LONGEST_CHAIN {
        let (next, rest): (Vec<_>, Vec<_>) =
            open.into_iter().partition(|(_, _, areas)| areas.iter().any(|area| touches(&moved, *area)));
        if next.is_empty() {
            break;
        }
        if followers.len() + next.len() > MOST_FOLLOWERS {
            return Vec::new();
        }
        moved.extend(next.iter().map(|(at, ..)| *at));
        followers.extend(next.into_iter().map(|(at, expression, _)| (at, expression)));
        open = rest;
    }
    followers
}

/// Whether one of the cells lies in the area.
fn touches(cells: &BTreeSet<CellRef>, area: CellRange) -> bool {
    let mut from = area.start;
    while let Some(at) = cells.range(from..=area.end).next() {
        match at.col {
            col if area.contains(*at) => return col <= area.end.col,
            col if col < area.start.col => from = CellRef::new(at.row, area.start.col),
            _ => from = CellRef::new(at.row + 1, area.start.col),
        }
        if from > area.end {
            break;
        }
    }
    false
}

/// Whether the file keeps what the formula gives.
fn holds(cell: &Cell, given: &Result<Value, Halt>) -> bool {
    match (&cell.content, given) {
        (Content::Number(kept), Ok(Value::Number(number))) => {
            number.abs() <= LARGEST && shows_the_same(cell, *kept, *number)
        }
        (Content::Text(kept), Ok(Value::Text(text))) => kept == text,
        (Content::Blank, Ok(Value::Text(text))) => text.is_empty(),
        (Content::Bool(kept), Ok(Value::Bool(truth))) => kept == truth,
        (Content::Error(_), Err(Halt::Error)) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::workbook::sheet_from_text;

    fn at(address: &str) -> CellRef {
        address.parse().expect("an address")
    }

    /// The drawn sheet, and what the formulas give once these cells hold other numbers.
    fn recalculated(drawn: &str, edits: &[(&str, &str)]) -> BTreeMap<String, String> {
        let before = sheet_from_text("表", drawn).expect("a grid");
        let mut after = before.clone();
        for (address, number) in edits {
            after.put(at(address), Cell::number(number.parse().expect("a number")));
        }
        let results = after.recalculated_since(&before);
        results.into_iter().map(|(at, number)| (at.to_string(), number.to_string())).collect()
    }

    fn told(results: &[(&str, &str)]) -> BTreeMap<String, String> {
        results.iter().map(|(at, number)| ((*at).to_owned(), (*number).to_owned())).collect()
    }

    #[test]
    fn whatever_rests_on_a_changed_cell_follows_it_through_other_formulas() {
        let drawn = "1|2|3\n=SUM(A1:C1) ~ 6|=A2/C1 ~ 2|=ROUND(B2*10,1) ~ 20\n=IF(A1>5,A2,B1) ~ 2|=MAX(B1,C1) ~ 3|";
        let wanted = told(&[("A2", "15"), ("B2", "5"), ("C2", "50"), ("A3", "15")]);
        assert_eq!(recalculated(drawn, &[("A1", "10")]), wanted);
    }

    #[test]
    fn a_formula_that_was_stale_and_one_that_rests_on_no_change_stay_as_they_were() {
        // B2 is stale, C2 rests on it, A3 is stale and rests on nothing that changed.
        let drawn = "1|2|3\n=A1+1 ~ 2|=A1+B1 ~ 9|=B2+A1 ~ 10\n=B1+C1 ~ 7|=B1*2 ~ 4|=VLOOKUP(A1,A1:B1,2) ~ 2";
        assert_eq!(recalculated(drawn, &[("A1", "10")]), told(&[("A2", "11")]));
    }

    #[test]
    fn an_error_that_the_change_mends_becomes_the_number() {
        let mut before = sheet_from_text("表", "甲|=A1/2 ~ 0|=IFERROR(A1*2,\"\") ~ '").expect("a grid");
        let error = Content::Error(crate::workbook::CellError("#VALUE!".to_owned()));
        let kept = before.stored(at("B1")).cloned().expect("a formula");
        before.put(at("B1"), Cell { content: error, ..kept });
        let mut after = before.clone();
        after.put(at("A1"), Cell::number(Decimal::TEN));
        let wanted = BTreeMap::from([(at("B1"), Decimal::from(5)), (at("C1"), Decimal::from(20))]);
        assert_eq!(after.recalculated_since(&before), wanted);
    }

    #[test]
    fn a_sheet_of_formulas_beyond_any_form_waits_for_the_program_that_opens_it() {
        let lines: Vec<String> = (2..=3_000).map(|row| format!("=A{}+1 ~ {row}|=A1*{row} ~ {row}", row - 1)).collect();
        let drawn = format!("1|\n{}", lines.join("\n"));
        assert_eq!(recalculated(&drawn, &[("A1", "2")]), BTreeMap::new());
    }

    proptest! {
        #[test]
        fn after_a_change_no_fresh_formula_is_outdated_and_no_other_one_is_touched(
            numbers in prop::collection::vec(0_i64..50, 6),
            picks in prop::collection::vec((0_usize..6, 0_usize..12, 0_usize..12), 6),
            stale in prop::collection::vec(any::<bool>(), 6),
            (changed, to) in (0_usize..6, 0_i64..50),
        ) {
            // Column A holds numbers, column B formulas over both; some results are wrong.
            let name = |index: usize| match index { 0..6 => format!("A{}", index + 1), _ => format!("B{}", index - 5) };
            let mut sheet = Sheet::new("表", crate::workbook::Visibility::Visible, BTreeMap::new(), Vec::new());
            for (row, number) in (0..).zip(&numbers) {
                sheet.put(CellRef::new(row, 0), Cell::number(Decimal::from(*number)));
            }
            for (row, (kind, one, other)) in picks.iter().enumerate() {
                let (one, other) = (name(one % (6 + row)), name(other % (6 + row)));
                let formula = match kind {
                    0 => format!("{one}+{other}"),
                    1 => format!("SUM(A1:A6)-{one}"),
                    2 => format!("ROUND({one}*{other}/7,2)"),
                    3 => format!("IF({one}>{other},{one},0)"),
                    4 => format!("IF({one}=0,0,{other}/{one})"),
                    _ => format!("MIN({one},{other})"),
                };
                let place = CellRef::new(u32::try_from(row).expect("a row"), 1);
                let far = Cell { formula: Some(formula), ..Cell::number(Decimal::new(-7_777_777, 0)) };
                sheet.put(place, far.clone());
                let due = sheet.outdated(place).map_or(Decimal::ZERO, |outdated| outdated.value);
                let off = if stale[row] { Decimal::ONE_HUNDRED } else { Decimal::ZERO };
                sheet.put(place, Cell { content: Content::Number(due + off), ..far });
            }
            let mut after = sheet.clone();
            after.put(CellRef::new(u32::try_from(changed).expect("a row"), 0), Cell::number(Decimal::from(to)));
            let results = after.recalculated_since(&sheet);
            for (place, number) in &results {
                let cell = after.stored(*place).cloned().expect("a formula");
                after.put(*place, Cell { content: Content::Number(*number), ..cell });
            }
            for row in 0..6 {
                let place = CellRef::new(row, 1);
                match sheet.outdated(place) {
                    Some(_) => prop_assert!(!results.contains_key(&place), "{place} was stale"),
                    None => prop_assert_eq!(after.outdated(place), None, "{} is stale now", place),
                }
            }
        }
    }
}
