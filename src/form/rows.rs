//! Tables beside the indicator table: tasks, projects of a ledger, objects of a plan.

use std::ops::RangeInclusive;

use super::id::Id;
use super::lexicon::Lexicon;
use super::page::Page;
use super::reading::{self, Habits};
use super::record::{Field, Row, Table, VacantRow};
use super::table_head::{self, TableHead, heading, is_leftover, ticked};
use crate::address::CellRef;
use crate::schema::{ColumnSpec, FieldKind, TableSpec};
use crate::text::squeeze;

/// What the template prints before the number of a row.
const LEFTOVERS: [&str; 2] = ["任务", "项目"];

/// Reads a table below its header, down to `last_row` at most. Also returns the rows it took.
pub(super) fn read(
    page: &Page<'_>,
    header: &TableHead,
    last_row: u32,
    lexicon: &Lexicon,
    habits: Habits<'_>,
) -> Option<(Table, RangeInclusive<u32>)> {
    let spec = lexicon.schema.tables.get(header.table)?;
    let mut reader = RowsReader { page, header, lexicon, habits, spec, has_numbers: false };
    let is_number = |text: String| text.chars().all(|c| c.is_ascii_digit());
    reader.has_numbers = (header.row + 1..=last_row).any(|row| reader.number(row).is_some_and(is_number));
    let heads = header.columns.iter().map(|(id, col)| (Id::from(id), heading(page, header, *col)));
    let mut table = Table { columns: heads.collect(), ..Table::default() };
    let mut end = header.row;
    let mut subtotals: Vec<Row> = Vec::new();
    for row in header.row + 1..=last_row {
        match reader.line(row) {
            Line::End => break,
            Line::Total(total) => {
                // Totals stand above the rows in some lists.
                let above = table.rows.is_empty() && table.vacant.is_empty() && table.total.is_none();
                table.total.get_or_insert(total);
                end = row;
                if !above {
                    break;
                }
                continue;
            }
            Line::Subtotal(line) => subtotals.push(line),
            Line::Group => {}
            Line::Filled(line) => table.rows.push(line),
            Line::Vacant(line) => table.vacant.push(line),
        }
        end = row;
    }
    // 小计 at the end of a table without 合计 is its total.
    let closes = |line: &Row| table.rows.iter().all(|row| row.row < line.row);
    if let [only] = &subtotals[..]
        && table.total.is_none()
        && closes(only)
    {
        table.total = Some(only.clone());
    }
    let top = table.columns.values().map(|head| head.cell.row).min().unwrap_or(header.row);
    Some((table, top..=end))
}

/// What a row of the sheet is to the table.
enum Line {
    Filled(Row),
    Vacant(VacantRow),
    Total(Row),
    /// 小计 of some of the rows.
    Subtotal(Row),
    /// A heading over some of the rows: `一 | 交通领域`.
    Group,
    End,
}

struct RowsReader<'a> {
    page: &'a Page<'a>,
    header: &'a TableHead,
    lexicon: &'a Lexicon,
    habits: Habits<'a>,
    spec: &'a TableSpec,
    /// Whether rows are numbered 1, 2, 3: then 一, 二 number headings over them.
    has_numbers: bool,
}

impl RowsReader<'_> {
    fn line(&self, row: u32) -> Line {
        let line = self.cells(row);
        if let Some((first, _)) = self.page.filled(row).next() {
            if self.is_total(first, row) {
                return Line::Total(line);
            }
            if self.page.boxes(row).filter(|at| at.row == row).take(3).any(|at| self.page.key(at) == "小计") {
                return Line::Subtotal(line);
            }
            if self.is_group(first, row, &line) {
                return Line::Group;
            }
            if self.says_totals(first) || self.ends(row, first) {
                return Line::End;
            }
        }
        // The number of a row is printed; a merged cell that began above belongs to that row.
        let says = |id: &str| self.spec.column(id).is_some_and(|column| column.kind != FieldKind::Number);
        let written =
            |field: &Field| field.is_filled() && field.cell().row == row && !is_leftover(field.text(), &LEFTOVERS);
        if line.cells.iter().any(|(id, field)| written(field) && says(id)) {
            return Line::Filled(line);
        }
        let cell = self.spec.columns.iter().filter(|column| says(&column.id)).find_map(|column| line.at(&column.id));
        let cell = cell.unwrap_or_else(|| CellRef::new(row, 0));
        Line::Vacant(VacantRow { row, class: None, subclass: None, cell, text: String::new() })
    }

    /// What stands in the column of row numbers.
    fn number(&self, row: u32) -> Option<String> {
        let mut columns = self.spec.columns.iter().filter(|column| column.kind == FieldKind::Number);
        let col = columns.find_map(|column| self.header.columns.get(&column.id))?;
        Some(squeeze(&self.page.sheet.shown(CellRef::new(row, *col)))).filter(|text| !text.is_empty())
    }

    /// `合计：13个项目，74263万元` in one box says the totals in words and closes the table like a note.
    fn says_totals(&self, first: CellRef) -> bool {
        let key = self.page.key(first);
        let behind = self.spec.totals.iter().filter_map(|label| key.strip_prefix(label.as_str()));
        behind.into_iter().any(|rest| rest.contains(|c: char| c.is_ascii_digit()))
    }

    fn is_total(&self, first: CellRef, row: u32) -> bool {
        let is_label = |at: CellRef| {
            let key = self.page.key(at);
            self.spec.totals.iter().any(|label| label == key)
        };
        // `合计` may stand behind a label of the block that is merged over the rows.
        is_label(first) || self.page.boxes(row).filter(|at| at.row == row).take(3).any(is_label)
    }

    /// Whether the row only heads those below it: numbered 一, 二, 三 with a name and nothing else; with a sum only where the
    /// rows themselves are numbered 1, 2, 3.
    fn is_group(&self, first: CellRef, row: u32, line: &Row) -> bool {
        let text = squeeze(&self.page.sheet.shown(first));
        let rest = text.trim_start_matches('(').trim_start_matches(|c: char| "一二三四五六七八九十".contains(c));
        let numbered = rest.len() < text.len() && (rest.is_empty() || rest.starts_with(['、', ')', '.']));
        // `三、存在问题` closes the table.
        let key = self.page.key(first);
        let of_form = self.lexicon.is_label(key) || self.spec.ends.iter().any(|end| key.starts_with(end.as_str()));
        let words = |column: &&ColumnSpec| !matches!(column.kind, FieldKind::Number | FieldKind::Amount);
        let said = self.spec.columns.iter().filter(words).filter(|column| {
            line.cell(&column.id).is_some_and(|cell| cell.is_filled() && cell.cell().row == row && cell.cell() != first)
        });
        let amounts = self.spec.columns.iter().filter(|column| column.kind == FieldKind::Amount);
        let has_sum = amounts.filter_map(|column| line.cell(&column.id)).any(Field::is_filled);
        let heads = self.has_numbers || !has_sum;
        numbered && heads && !of_form && said.count() <= 1 && self.spec.columns.iter().filter(words).count() > 2
    }

    /// What is no row of the table: another header, a label of the form, notes, one box over all columns.
    fn ends(&self, row: u32, first: CellRef) -> bool {
        let span = self.page.sheet.span(first);
        let first_col = self.header.columns.values().copied().min().unwrap_or(0);
        let last_col = self.header.columns.values().copied().max().unwrap_or(0);
        let across = span.start.col <= first_col && span.end.col >= last_col && last_col > first_col;
        // Another block begins left of the table, below the label merged down beside it.
        let beside = self.page.boxes(self.header.row).take_while(|at| at.col < first_col).last();
        let block = beside.map(|at| self.page.sheet.span(at)).filter(|span| span.height() > 1);
        let other_block = first.col < first_col && block.is_some_and(|span| span.end.row < row);
        across
            || other_block
            || self.lexicon.is_label(self.page.key(first))
            || table_head::closes(self.page, first, self.spec)
            || table_head::is_repeated(self.page, row, self.lexicon, self.header.table)
    }

    fn cells(&self, row: u32) -> Row {
        let mut line = Row { row, ..Row::default() };
        for spec in &self.spec.columns {
            let Some(col) = self.header.columns.get(&spec.id) else { continue };
            let at = self.page.sheet.anchor(CellRef::new(row, *col));
            if at.row <= self.header.row || line.cells.values().any(|field| field.cell() == at) {
                continue;
            }
            line.cells.insert(Id::from(&spec.id), reading::in_column(self.page.sheet, at, spec, self.habits));
        }
        for (id, heads) in &self.header.answers {
            let spec = self.spec.column(id);
            if let Some(answer) = spec.and_then(|spec| ticked(self.page, row, heads, spec, self.habits)) {
                line.cells.insert(Id::from(id), answer);
            }
        }
        line
    }
}
