//! Lists: a sheet on which one indicator table holds many projects, each named in columns left of its indicators.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::lexicon::Lexicon;
use super::page::Page;
use super::reading::{self, Habits};
use super::record::{Field, Form, Grid, GridRow, Row, Table};
use super::table_head::TableHead;
use crate::address::{CellRange, CellRef};
use crate::schema::{ColumnSpec, FieldKind, FieldSpec, GridSpec, concept};

/// The columns of a list beside its indicators.
pub(super) struct ListHeader<'a> {
    project: u32,
    fields: Vec<(&'a FieldSpec, u32)>,
    /// Columns of the total row of the money block.
    amounts: Vec<(&'a GridSpec, &'a ColumnSpec, CellRef)>,
}

/// The header of a list: the indicator header names 项目名称 too. `None` for a single form.
pub(super) fn find_header<'a>(page: &Page<'_>, header: &TableHead, lexicon: &'a Lexicon) -> Option<ListHeader<'a>> {
    let beside = || page.boxes(header.row).filter(|at| !header.columns.values().any(|col| *col == at.col));
    let names = |field: &FieldSpec, at: CellRef| field.labels.iter().any(|label| label == page.key(at));
    let field = |at: CellRef| lexicon.schema.fields.iter().find(|field| names(field, at)).map(|field| (field, at.col));
    let fields: Vec<_> = beside().filter_map(field).collect();
    let project = fields.iter().find(|(field, _)| field.id == concept::field::PROJECT)?.1;
    let amount = |at: CellRef| lexicon.amount(page.key(at)).map(|(grid, column)| (grid, column, at));
    Some(ListHeader { project, fields, amounts: beside().filter_map(amount).collect() })
}

/// The heading 项目名称 beside the indicator columns of a header; `None` for a single form.
pub(super) fn project_column(page: &Page<'_>, header: &TableHead, lexicon: &Lexicon) -> Option<CellRef> {
    let names = &lexicon.schema.field(concept::field::PROJECT)?.labels;
    let mut beside = page.boxes(header.row).filter(|at| !header.columns.values().any(|col| *col == at.col));
    beside.find(|at| names.iter().any(|name| name == page.key(*at)))
}

/// One form for each project of the list; the form itself where no row names one.
pub(super) fn split(page: &Page<'_>, list: &ListHeader<'_>, form: Form, habits: Habits<'_>) -> Vec<Form> {
    let Some(table) = form.record.indicators() else { return vec![form] };
    let subtotals = subtotals(page, list, table, form.range.end.row);
    let between = |above: u32, row: u32| subtotals.iter().any(|subtotal| (above..row).contains(&subtotal.row));
    let mut groups: Vec<(CellRef, Vec<Row>)> = Vec::new();
    for row in table.rows.iter().filter(|row| subtotals.iter().all(|subtotal| subtotal.row != row.row)) {
        let name = page.sheet.anchor(CellRef::new(row.row, list.project));
        let continues = page.is_blank(name)
            || groups.last().is_some_and(|(first, rows)| {
                let above = rows.last().map_or(first.row, |row| row.row);
                page.sheet.shown(*first) == page.sheet.shown(name) && !between(above, row.row)
            });
        match groups.last_mut() {
            Some((_, rows)) if continues => rows.push(row.clone()),
            _ => groups.push((name, vec![row.clone()])),
        }
    }
    if groups.iter().all(|(name, _)| page.is_blank(*name)) {
        return vec![form];
    }
    let mut forms: Vec<Form> =
        groups.into_iter().map(|(name, rows)| project(page, list, &form, name, rows, habits)).collect();
    for subtotal in &subtotals {
        sum_up(page, list, subtotal, &mut forms, habits);
    }
    forms
}

/// A row that sums up projects.
struct Subtotal {
    row: u32,
    /// The sheet rows of the projects it sums up.
    covers: RangeInclusive<u32>,
    /// 合计 of the whole list.
    whole: bool,
}

/// The rows with an amount and neither a project nor an indicator, and what they sum up: `合计` all, `小计` the projects
/// above, a department's name those below.
fn subtotals(page: &Page<'_>, list: &ListHeader<'_>, table: &Table, end: u32) -> Vec<Subtotal> {
    let Some((_, _, amount)) = list.amounts.first() else { return Vec::new() };
    let levels = table.columns.iter().filter(|(id, _)| id.as_str() != "note").map(|(_, head)| head.cell.col);
    let levels: Vec<u32> = levels.collect();
    let first = amount.row + 1;
    let own_text = |row: u32, col: u32| {
        let at = CellRef::new(row, col);
        page.sheet.anchor(at).row == row && !page.is_blank(at)
    };
    let sums = |row: &u32| {
        own_text(*row, amount.col) && levels.iter().all(|col| !own_text(*row, *col)) && !names_project(page, list, *row)
    };
    let rows: Vec<u32> = (first..=end).filter(sums).collect();
    let says = |row: u32, words: &[&str]| {
        page.filled(row).any(|(at, _)| at.col < amount.col && words.iter().any(|word| page.key(at).ends_with(word)))
    };
    let is_whole = |row: u32| says(row, &["合计", "总计"]);
    let mut subtotals = Vec::with_capacity(rows.len());
    for row in &rows {
        let covers = if is_whole(*row) {
            first..=end
        } else if says(*row, &["小计"]) {
            rows.iter().rev().find(|other| **other < *row).map_or(first, |other| other + 1)..=row.saturating_sub(1)
        } else {
            row + 1..=rows.iter().find(|other| **other > *row && !is_whole(**other)).map_or(end, |other| other - 1)
        };
        subtotals.push(Subtotal { row: *row, covers, whole: is_whole(*row) });
    }
    subtotals
}

/// Whether a row names a project, or continues one merged from above. `合计` in the column of names is none.
fn names_project(page: &Page<'_>, list: &ListHeader<'_>, row: u32) -> bool {
    let at = CellRef::new(row, list.project);
    let key = page.key(at);
    !page.is_blank(at) && !["合计", "总计", "小计"].iter().any(|word| key.ends_with(word))
}

/// Notes a subtotal with the amounts it must be the sum of on the first project that it covers.
fn sum_up(page: &Page<'_>, list: &ListHeader<'_>, subtotal: &Subtotal, forms: &mut [Form], habits: Habits<'_>) {
    let Some((grid, column, head)) = list.amounts.first() else { return };
    let covered = |form: &Form| subtotal.covers.contains(&form.range.start.row);
    let amount = |form: &Form| {
        let total = grid.rows.iter().find(|line| line.total)?;
        let field = form.record.grids.get(&grid.id)?.cell(&total.id, &column.id)?.clone();
        Some(Row { row: field.cell().row, cells: BTreeMap::from([(column.id.clone(), field)]), ..Row::default() })
    };
    let rows: Vec<Row> = forms.iter().filter(|form| covered(form)).filter_map(amount).collect();
    let Some(first) = forms.iter_mut().find(|form| covered(form)) else { return };
    let stated = reading::field(page.sheet, CellRef::new(subtotal.row, head.col), column.kind, habits);
    let total = Row { row: subtotal.row, cells: BTreeMap::from([(column.id.clone(), stated)]), ..Row::default() };
    let columns = BTreeMap::from([(column.id.clone(), page.head(*head))]);
    let id = if subtotal.whole { concept::LIST_TOTAL } else { concept::SUBTOTAL };
    let table = Table { columns, rows, total: Some(total), ..Table::default() };
    first.record.tables.insert(id.to_owned(), table);
}

fn project(
    page: &Page<'_>,
    list: &ListHeader<'_>,
    whole: &Form,
    name: CellRef,
    rows: Vec<Row>,
    habits: Habits<'_>,
) -> Form {
    let mut form = whole.clone();
    let read = |col: u32, kind: FieldKind| reading::field(page.sheet, CellRef::new(name.row, col), kind, habits);
    for (spec, col) in &list.fields {
        let at = CellRef::new(name.row, *col);
        form.record.fields.insert(spec.id.clone(), reading::labelled(page.sheet, at, spec, habits));
    }
    for (grid, column, head) in &list.amounts {
        let Some(total) = grid.rows.iter().find(|line| line.total) else { continue };
        let label = reading::field(page.sheet, *head, FieldKind::Text, habits).provenance;
        let row = || GridRow { id: total.id.clone(), label, of_which: false, cells: BTreeMap::new() };
        let read_grid: &mut Grid = form.record.grids.entry(grid.id.clone()).or_default();
        if read_grid.rows.is_empty() {
            read_grid.rows.push(row());
        }
        let cells: Option<&mut BTreeMap<String, Field>> = read_grid.rows.first_mut().map(|row| &mut row.cells);
        cells.map(|cells| cells.insert(column.id.clone(), read(head.col, column.kind)));
    }
    let last = rows.last().map_or(name.row, |row| row.row);
    if let Some(table) = form.record.tables.get_mut(concept::INDICATORS) {
        table.vacant.retain(|row| (name.row..=last).contains(&row.row));
        *table = Table { rows, total: None, execution: None, ..std::mem::take(table) };
    }
    form.range = CellRange::new(CellRef::new(name.row, whole.range.start.col), CellRef::new(last, whole.range.end.col));
    form
}
