//! Lists: a sheet on which one indicator table holds many projects, each named in columns left of its indicators.

use std::collections::BTreeMap;

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

/// One form for each project of the list; the form itself where no row names one.
pub(super) fn split(page: &Page<'_>, list: &ListHeader<'_>, form: Form, habits: Habits<'_>) -> Vec<Form> {
    let Some(table) = form.record.indicators() else { return vec![form] };
    let mut groups: Vec<(CellRef, Vec<Row>)> = Vec::new();
    for row in &table.rows {
        let name = page.sheet.anchor(CellRef::new(row.row, list.project));
        let continues = page.is_blank(name)
            || groups.last().is_some_and(|(first, _)| page.sheet.shown(*first) == page.sheet.shown(name));
        match groups.last_mut() {
            Some((_, rows)) if continues => rows.push(row.clone()),
            _ => groups.push((name, vec![row.clone()])),
        }
    }
    if groups.iter().all(|(name, _)| page.is_blank(*name)) {
        return vec![form];
    }
    groups.into_iter().map(|(name, rows)| project(page, list, &form, name, rows, habits)).collect()
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
        form.record.fields.insert(spec.id.clone(), read(*col, spec.kind));
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
