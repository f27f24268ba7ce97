//! Values and formulas, before and after, through calamine and through this crate's reader.

use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx, open_workbook_from_rs};
use jixiao::annotate::REVIEW_SHEET;
use jixiao::ooxml::Limits;
use jixiao::workbook::Workbook;

/// What reads differently.
pub(crate) fn differences(original: &[u8], marked: &[u8], workbook: &Workbook) -> Vec<String> {
    let mut faults = by_own_reader(marked, workbook);
    let before = std::panic::catch_unwind(|| open_workbook_from_rs::<Xlsx<_>, _>(Cursor::new(original)));
    // What calamine cannot read before, it need not read after.
    let Ok(Ok(mut before)) = before else { return faults };
    let mut after: Xlsx<_> = match open_workbook_from_rs(Cursor::new(marked)) {
        Ok(after) => after,
        Err(error) => {
            faults.push(format!("calamine: {error}"));
            return faults;
        }
    };
    let mut names = before.sheet_names();
    for name in &names {
        let cells = |book: &mut Xlsx<Cursor<&[u8]>>| {
            let values = book.worksheet_range(name).map(|range| filled(&range)).map_err(|error| error.to_string());
            let formulas = book.worksheet_formula(name).map(|range| written(&range)).map_err(|error| error.to_string());
            (values, formulas)
        };
        let (old, new) = (cells(&mut before), cells(&mut after));
        if old != new {
            faults.push(format!("calamine reads {name:?} otherwise: {}", first_difference(&old, &new)));
        }
    }
    let now = after.sheet_names();
    names.push(now.last().cloned().unwrap_or_default());
    if names != now || !names.last().is_some_and(|name| name.starts_with(REVIEW_SHEET)) {
        faults.push(format!("sheets {now:?}"));
    }
    faults
}

type Read = (Result<Vec<String>, String>, Result<Vec<String>, String>);

fn first_difference(old: &Read, new: &Read) -> String {
    let all = |read: &Read| -> Vec<String> {
        let list = |result: &Result<Vec<String>, String>| result.clone().unwrap_or_else(|error| vec![error]);
        [list(&read.0), list(&read.1)].concat()
    };
    let (old, new) = (all(old), all(new));
    let pair = old.iter().zip(&new).find(|(old, new)| old != new);
    pair.map_or_else(|| format!("{} and {} cells", old.len(), new.len()), |(old, new)| format!("{old} → {new}"))
}

fn filled(range: &Range<Data>) -> Vec<String> {
    let start = range.start().unwrap_or((0, 0));
    let at = |row: usize, col: usize| format!("R{}C{}", row + start.0 as usize + 1, col + start.1 as usize + 1);
    range.used_cells().map(|(row, col, cell)| format!("{} {cell:?}", at(row, col))).collect()
}

fn written(range: &Range<String>) -> Vec<String> {
    let start = range.start().unwrap_or((0, 0));
    let at = |row: usize, col: usize| format!("R{}C{}", row + start.0 as usize + 1, col + start.1 as usize + 1);
    range.used_cells().map(|(row, col, cell)| format!("{} ={cell}", at(row, col))).collect()
}

fn by_own_reader(marked: &[u8], workbook: &Workbook) -> Vec<String> {
    let now = match Workbook::open(marked.into(), &Limits::default()) {
        Ok(now) => now,
        Err(error) => return vec![format!("not read again: {error}")],
    };
    let mut faults = Vec::new();
    for sheet in &workbook.sheets {
        let Some(again) = now.sheet(sheet.name()) else {
            faults.push(format!("sheet {:?} is gone", sheet.name()));
            continue;
        };
        // A format may change by its fill only; what it makes of a number is compared too.
        if let Some((at, cell)) = sheet.cells().find(|(at, cell)| again.stored(*at) != Some(*cell)) {
            faults.push(format!("{}!{at}: {cell:?} → {:?}", sheet.name(), again.stored(at)));
        }
        if sheet.merges() != again.merges() || sheet.visibility() != again.visibility() {
            faults.push(format!("{}: merged regions or visibility", sheet.name()));
        }
        if sheet.hidden_rows() != again.hidden_rows() || sheet.hidden_columns() != again.hidden_columns() {
            faults.push(format!("{}: hidden rows or columns", sheet.name()));
        }
    }
    faults
}
