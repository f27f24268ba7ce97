//! A list that people keep in a sheet: the header found by column labels, problems collected with their cells.
//!
//! Serves the roster, the ledger, the register of receipts and that of decisions; what their columns mean is theirs.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::address::CellRef;
use crate::text::{bracketed, fold, label_key, one_line};
use crate::value::{parse_date, parse_number};
use crate::workbook::{Content, Sheet, Visibility};

/// Rows in which the header is looked for: a title and a note may stand above it.
const HEADER_WITHIN: u32 = 10;

/// A name that starts so is the example line of a blank template. The mark is part of the name, so that whoever writes
/// over the example takes it away.
pub(crate) const EXAMPLE: &str = "示例：";

/// A column of a list.
#[derive(Debug)]
pub(crate) struct Column {
    /// As messages and templates name it.
    pub(crate) title: &'static str,
    /// Label keys it is found by.
    pub(crate) labels: &'static [&'static str],
    /// Whether a list without it cannot be read.
    pub(crate) required: bool,
}

/// A list being read.
pub(crate) struct Table<'a> {
    sheet: &'a Sheet,
    /// Zero-based row of the header.
    header: u32,
    /// Column title → zero-based column.
    columns: BTreeMap<&'static str, u32>,
    /// What is wrong, with cells, in the order it was noticed.
    pub(crate) problems: Vec<String>,
    /// What a person should look at and nothing stops, in the order it was noticed.
    pub(crate) hints: Vec<String>,
}

/// How many times the middle of all amounts an amount is that was written in 元 among 万元.
const YUAN_AMONG_WAN: Decimal = Decimal::from_parts(10_000, 0, 0, false, 0);

/// Amounts of which a middle can be told.
const AMOUNTS: usize = 3;

impl<'a> Table<'a> {
    /// The list on the first visible sheet that holds something. `what` is its name in messages.
    ///
    /// # Errors
    /// One message: nothing there, or the names of the missing columns.
    pub(crate) fn find(sheets: &'a [Sheet], what: &str, columns: &[&'static Column]) -> Result<Self, String> {
        let required = || columns.iter().filter(|column| column.required);
        let titles = |columns: Vec<&&'static Column>| columns.iter().map(|c| c.title).collect::<Vec<_>>().join("、");
        let visible = |sheet: &&Sheet| sheet.visibility() == Visibility::Visible && sheet.used().is_some();
        let Some(sheet) = sheets.iter().find(visible) else {
            return Err(format!("{what}里没有内容。请在第一张工作表填写{}各列", titles(required().collect())));
        };
        let first = sheet.used().map_or(0, |used| used.start.row);
        let headers = (first..first.saturating_add(HEADER_WITHIN)).map(|row| (row, header_of(sheet, row, columns)));
        // The row with the most column titles.
        let best = headers.reduce(|best, next| if next.1.len() > best.1.len() { next } else { best });
        let (header, found) = best.unwrap_or_default();
        let missing: Vec<_> = required().filter(|column| !found.contains_key(column.title)).collect();
        if missing.is_empty() {
            return Ok(Self { sheet, header, columns: found, problems: Vec::new(), hints: Vec::new() });
        }
        Err(format!(
            "工作表“{}”缺少列：{}。请在表头行补上（可有的列：{}）",
            sheet.name(),
            titles(missing),
            titles(columns.iter().collect()),
        ))
    }

    /// The name of the sheet.
    pub(crate) fn sheet_name(&self) -> &'a str {
        self.sheet.name()
    }

    /// The zero-based rows below the header that hold something and are no total.
    pub(crate) fn rows(&self) -> Vec<u32> {
        let is_total = |row: &u32| self.sheet.row(*row).any(|(_, cell)| is_total(&cell.shown()));
        self.filled_rows().into_iter().filter(|row| !is_total(row)).collect()
    }

    /// The zero-based rows below the header that hold something.
    pub(crate) fn filled_rows(&self) -> Vec<u32> {
        let last = self.sheet.used().map_or(self.header, |used| used.end.row);
        let holds = |row: &u32| self.sheet.row(*row).any(|(_, cell)| !cell.is_blank());
        (self.header.saturating_add(1)..=last).filter(holds).collect()
    }

    /// The text of a row's cell, folded; empty where the list has no such column.
    pub(crate) fn text(&self, row: u32, column: &Column) -> String {
        self.at(row, column).map(|at| fold(&self.sheet.shown(at))).unwrap_or_default()
    }

    /// The text of a row's cell as written, on one line; empty where the list has no such column.
    pub(crate) fn written(&self, row: u32, column: &Column) -> String {
        self.at(row, column).map(|at| one_line(&self.sheet.shown(at))).unwrap_or_default()
    }

    /// The date in a cell, `None` for a blank; anything else is a problem.
    pub(crate) fn date(&mut self, row: u32, column: &Column) -> Option<NaiveDate> {
        let text = self.text(row, column);
        let at = self.at(row, column)?;
        let date = match self.sheet.cell(at).map(|cell| &cell.content) {
            Some(Content::Date(date)) => Some(date.date()),
            _ => parse_date(&text),
        };
        if date.is_none() && !text.is_empty() {
            self.problem(row, column, &format!("{}“{text}”不是日期。请写成 2026-12-31", column.title));
        }
        date
    }

    /// Headings that are none of the list's columns, with the texts below them row by row: what people added.
    pub(crate) fn further(&self, rows: &[u32]) -> Vec<(String, Vec<String>)> {
        let known: Vec<u32> = self.columns.values().copied().collect();
        let headings = self.sheet.row(self.header).filter(|(at, cell)| !known.contains(&at.col) && !cell.is_blank());
        let below = |col: u32| rows.iter().map(move |row| one_line(&self.sheet.shown(CellRef::new(*row, col))));
        headings.map(|(at, cell)| (one_line(&cell.shown()), below(at.col).collect())).collect()
    }

    /// The items of a cell that holds several, folded: parted by `、` `,` `;` or line breaks.
    pub(crate) fn list(&self, row: u32, column: &Column) -> Vec<String> {
        let text = self.at(row, column).map(|at| self.sheet.shown(at)).unwrap_or_default();
        text.split(['、', ',', '，', ';', '；', '\n']).map(fold).filter(|item| !item.is_empty()).collect()
    }

    /// The text over a column.
    pub(crate) fn heading(&self, column: &Column) -> String {
        self.text(self.header, column)
    }

    /// The number in a cell, `None` for a blank. A text that reads as a number is a hint, any other a problem.
    pub(crate) fn number(&mut self, row: u32, column: &Column) -> Option<Decimal> {
        let text = self.text(row, column);
        let at = self.at(row, column)?;
        if let Some(Content::Number(number)) = self.sheet.cell(at).map(|cell| &cell.content) {
            return Some(*number);
        }
        let number = parse_number(&text);
        match number {
            Some(number) => {
                let what = format!("“{text}”是以文本形式存储的数字，按 {number} 读入。请在表里改成数字");
                self.hint(row, column, &what);
            }
            None if text.is_empty() => {}
            None => self.problem(row, column, &format!("{}“{text}”不是数字。请只填数字", column.title)),
        }
        number
    }

    /// The amount of a cell in 万元: a [`number`](Self::number) not below zero.
    pub(crate) fn amount(&mut self, row: u32, column: &Column) -> Option<Decimal> {
        let amount = self.number(row, column);
        if amount.is_some_and(|amount| amount < Decimal::ZERO) {
            self.problem(row, column, "金额小于零。请核对");
        }
        amount
    }

    /// A column of money must be headed 万元 or not at all: a heading in 元 is a problem.
    pub(crate) fn require_wan(&mut self, column: &Column) {
        let heading = bracketed(&self.heading(column)).unwrap_or_default();
        let unit = heading.trim_start_matches("单位").trim_start_matches(':');
        if unit != "万元" && unit.ends_with('元') {
            let what = format!("金额列注明单位为{unit}。请把金额换算成万元，列名改为“{}”", column.title);
            self.heading_problem(column, &what);
        }
    }

    /// Hints at amounts ten thousand times the middle one; `whose` names what the others are.
    pub(crate) fn hint_at_yuan(&mut self, column: &Column, amounts: &[(u32, Decimal)], whose: &str) {
        let mut sizes: Vec<Decimal> = amounts.iter().map(|(_, amount)| *amount).filter(|a| !a.is_zero()).collect();
        sizes.sort();
        let middle = sizes.get(sizes.len().saturating_sub(1) / 2).filter(|_| sizes.len() >= AMOUNTS);
        let Some(bound) = middle.and_then(|middle| middle.checked_mul(YUAN_AMONG_WAN)) else { return };
        for (row, amount) in amounts.iter().filter(|(_, amount)| *amount >= bound) {
            let what = format!("金额 {amount} 万元是其他{whose}的一万倍以上，可能填成了元。请核对；工具不换算");
            self.hint(*row, column, &what);
        }
    }

    /// Notes a problem of a cell.
    pub(crate) fn problem(&mut self, row: u32, column: &Column, what: &str) {
        let message = self.message(row, column, what);
        self.problems.push(message);
    }

    /// Notes a hint at a cell.
    pub(crate) fn hint(&mut self, row: u32, column: &Column, what: &str) {
        let message = self.message(row, column, what);
        self.hints.push(message);
    }

    /// Notes a problem of a column's heading.
    pub(crate) fn heading_problem(&mut self, column: &Column, what: &str) {
        self.problem(self.header, column, what);
    }

    /// `名册!D2：…`.
    pub(crate) fn message(&self, row: u32, column: &Column, what: &str) -> String {
        format!("{}：{what}", self.place(row, column))
    }

    /// `名册!D2`.
    pub(crate) fn place(&self, row: u32, column: &Column) -> String {
        let at = self.at(row, column).map_or_else(|| format!("第 {} 行", u64::from(row) + 1), |at| at.to_string());
        format!("{}!{at}", self.sheet.name())
    }

    fn at(&self, row: u32, column: &Column) -> Option<CellRef> {
        self.columns.get(column.title).map(|col| CellRef::new(row, *col))
    }
}

/// The columns whose labels stand in a row.
fn header_of(sheet: &Sheet, row: u32, columns: &[&'static Column]) -> BTreeMap<&'static str, u32> {
    let mut found = BTreeMap::new();
    for (at, cell) in sheet.row(row) {
        let key = label_key(&cell.shown());
        if let Some(column) = columns.iter().find(|column| column.labels.contains(&key.as_str())) {
            found.entry(column.title).or_insert(at.col);
        }
    }
    found
}

fn is_total(text: &str) -> bool {
    matches!(label_key(text).as_str(), "合计" | "总计" | "小计")
}

/// Whether this is the name on a template's example line.
pub(crate) fn is_example(name: &str) -> bool {
    name.starts_with(&fold(EXAMPLE))
}
