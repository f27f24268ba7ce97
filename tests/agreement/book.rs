//! 统计.xlsx, read back by our own reader, its cells as they are shown.

use jixiao::address::CellRef;
use jixiao::ooxml::Limits;
use jixiao::workbook::{Content, NumberFormat, Workbook};
use rust_decimal::{Decimal, RoundingStrategy};

/// The workbook.
pub(crate) struct Book(Vec<Sheet>);

/// A sheet, its rows from the top.
pub(crate) struct Sheet {
    pub(crate) name: String,
    rows: Vec<Vec<String>>,
}

impl Book {
    pub(crate) fn read(bytes: Vec<u8>) -> Self {
        let workbook = Workbook::open(bytes.into(), &Limits::default()).expect("a workbook");
        Self(workbook.sheets.iter().map(Sheet::of).collect())
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|sheet| sheet.name.as_str())
    }

    pub(crate) fn sheet(&self, name: &str) -> Option<&Sheet> {
        self.0.iter().find(|sheet| sheet.name == name)
    }

    /// Every sheet.
    pub(crate) fn sheets(&self) -> &[Sheet] {
        &self.0
    }
}

impl Sheet {
    fn of(sheet: &jixiao::workbook::Sheet) -> Self {
        let Some(used) = sheet.used() else { return Self { name: sheet.name().to_owned(), rows: Vec::new() } };
        let row = |row: u32| (0..=used.end.col).map(|col| shown(sheet.stored(CellRef::new(row, col)))).collect();
        Self { name: sheet.name().to_owned(), rows: (0..=used.end.row).map(row).collect() }
    }

    /// All cells.
    pub(crate) fn rows(&self) -> &[Vec<String>] {
        &self.rows
    }

    pub(crate) fn count(&self) -> usize {
        self.rows.len()
    }

    /// The cells of a zero-based row.
    pub(crate) fn row(&self, row: usize) -> &[String] {
        self.rows.get(row).map_or(&[], Vec::as_slice)
    }

    /// The first cells of a row, blank ones where it ends before.
    pub(crate) fn cells(&self, row: usize, count: usize) -> Vec<String> {
        (0..count).map(|col| self.row(row).get(col).cloned().unwrap_or_default()).collect()
    }

    /// The head over a cell.
    pub(crate) fn head_above(&self, row: usize, col: usize) -> String {
        let above = (0..row).rev().map(|row| self.row(row)).find(|row| row.first().is_some_and(|cell| cell == "序号"));
        above.and_then(|row| row.get(col)).cloned().unwrap_or_default()
    }

    /// The first row that holds these cells.
    pub(crate) fn find(&self, cells: &[String]) -> Option<usize> {
        (0..self.count()).find(|row| self.cells(*row, cells.len()) == cells)
    }
}

/// A cell as Excel shows it: halves up, thousands of money apart.
fn shown(cell: Option<&jixiao::workbook::Cell>) -> String {
    let Some(cell) = cell else { return String::new() };
    let Content::Number(number) = &cell.content else { return cell.shown().into_owned() };
    let to = |number: Decimal, decimals: u32| {
        let mut rounded = number.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
        rounded.rescale(decimals);
        if rounded.is_zero() { rounded.abs() } else { rounded }
    };
    match cell.format {
        NumberFormat::Percent { decimals } => format!("{}%", to(number * Decimal::ONE_HUNDRED, decimals)),
        NumberFormat::Fixed { decimals: 2 } => apart(&to(*number, 2).to_string()),
        NumberFormat::Fixed { decimals } => to(*number, decimals).to_string(),
        // Wider than a column is what has more than four.
        _ => to(*number, 4).normalize().to_string(),
    }
}

/// Thousands apart.
fn apart(number: &str) -> String {
    let (whole, cents) = number.split_once('.').unwrap_or((number, ""));
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |whole| ("-", whole));
    let mut groups = Vec::new();
    let mut rest = whole;
    while rest.len() > 3 {
        let (start, group) = rest.split_at(rest.len() - 3);
        groups.insert(0, group);
        rest = start;
    }
    groups.insert(0, rest);
    format!("{sign}{}.{cents}", groups.join(","))
}
