//! The name a person knows a cell by: the printed label or header it belongs to.

use crate::address::CellRef;
use crate::finding::Finding;
use crate::form::{Form, Grid, Table};
use crate::schema::concept::column;
use crate::text::one_line;

/// `自评表!H7「得分」`; the sheet alone for a form-level finding.
pub(super) fn of(finding: &Finding, form: &Form) -> String {
    let sheet = one_line(&finding.sheet);
    let Some(cell) = finding.cell else { return sheet };
    match label(form, cell) {
        Some(label) => format!("{sheet}!{cell}「{label}」"),
        None => format!("{sheet}!{cell}"),
    }
}

/// The label of the value in this cell, `None` for a cell that holds no value of the form.
pub(super) fn label(form: &Form, cell: CellRef) -> Option<String> {
    let record = &form.record;
    // A total stands in the table and, for the rules, among the fields: the table knows the header it stands under.
    let of_table = record.tables.iter().find_map(|(id, table)| in_table(form, id, table, cell));
    let of_field = || {
        let (id, _) = record.fields.iter().find(|(_, field)| field.cell() == cell)?;
        form.schema.field(id).map(|spec| spec.label.clone())
    };
    of_table.or_else(of_field).or_else(|| record.grids.iter().find_map(|(id, grid)| in_grid(form, id, grid, cell)))
}

fn in_grid(form: &Form, id: &str, grid: &Grid, cell: CellRef) -> Option<String> {
    grid.rows.iter().find_map(|row| {
        let (column, _) = row.cells.iter().find(|(_, field)| field.cell() == cell)?;
        let printed = grid.columns.get(column).map(|head| head.label.as_str());
        let header = printed
            .or_else(|| form.schema.grid(id).and_then(|spec| spec.column(column)).map(|spec| spec.label.as_str()));
        let label = one_line(&row.label.text);
        let label = label.trim_end_matches([':', '：']);
        Some(match header {
            Some(header) => format!("{label}·{header}"),
            None => label.to_owned(),
        })
    })
}

fn in_table(form: &Form, id: &str, table: &Table, cell: CellRef) -> Option<String> {
    let vacant = || table.vacant.iter().any(|row| row.cell == cell).then_some(column::LEVEL3);
    let mut cells = table.rows.iter().chain(&table.total).flat_map(|row| &row.cells);
    let held = cells.find(|(_, field)| field.cell() == cell).map(|(column, _)| column.as_str());
    let column = held.or_else(vacant)?;
    let printed = table.columns.get(column).map(|head| head.label.clone());
    printed.or_else(|| form.schema.table(id)?.column(column).map(|spec| spec.label.clone()))
}
