//! What a form says, as `结果.json` keeps it: every value with its place, as written and as meant.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::CellRefJson;
use crate::form::{Field, Form, Grid, Reading, Row, Table};
use crate::schema::concept::{INDICATORS, column, field};
use crate::value::Measure;

/// Fields that every form of the contract has, be they null.
const FIELDS: [&str; 5] = [field::UNIT, field::DEPARTMENT, field::PROJECT, field::YEAR, field::MONEY_UNIT];

/// Columns that every indicator of the contract has, be they null.
const COLUMNS: [&str; 10] = [
    column::LEVEL1,
    column::LEVEL2,
    column::LEVEL3,
    column::OPERATOR,
    column::TARGET,
    column::UNIT,
    column::ACTUAL,
    column::WEIGHT,
    column::SCORE,
    column::REASON,
];

/// An object whose keys stand in the order given.
struct Object<'a, T>(Vec<(&'a str, T)>);

impl<T: Serialize> Serialize for Object<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

type Cells<'a> = Object<'a, Option<CellJson<'a>>>;

#[derive(Serialize)]
pub(super) struct RecordJson<'a> {
    fields: Cells<'a>,
    grids: Object<'a, Object<'a, Cells<'a>>>,
    tables: Object<'a, Vec<Cells<'a>>>,
}

impl<'a> RecordJson<'a> {
    pub(super) fn new(form: &'a Form) -> Self {
        let record = &form.record;
        Self {
            fields: fields(form),
            grids: Object(record.grids.iter().map(|(id, grid)| (id.as_str(), grid_rows(grid))).collect()),
            tables: Object(record.tables.iter().map(|(id, table)| (id.as_str(), table_rows(id, table))).collect()),
        }
    }
}

/// The contract's fields and the schema's, be they null, and whatever else the record has.
fn fields(form: &Form) -> Cells<'_> {
    let known = FIELDS.into_iter().chain(form.schema.fields.iter().map(|spec| spec.id.as_str()));
    let mut cells: BTreeMap<&str, Option<CellJson<'_>>> = known.map(|id| (id, None)).collect();
    cells.extend(form.record.fields.iter().map(|(id, field)| (id.as_str(), Some(CellJson::new(field)))));
    Object(cells.into_iter().collect())
}

/// The rows of a grid by id; of several with one id the first counts.
fn grid_rows(grid: &Grid) -> Object<'_, Cells<'_>> {
    let mut rows: Vec<(&str, Cells<'_>)> = Vec::with_capacity(grid.rows.len());
    for row in &grid.rows {
        if rows.iter().all(|(id, _)| *id != row.id) {
            let cells = row.cells.iter().map(|(column, field)| (column.as_str(), Some(CellJson::new(field))));
            rows.push((&row.id, Object(cells.collect())));
        }
    }
    Object(rows)
}

fn table_rows<'a>(id: &str, table: &'a Table) -> Vec<Cells<'a>> {
    let fixed: &[&str] = if id == INDICATORS { &COLUMNS } else { &[] };
    table.rows.iter().map(|row| table_row(fixed, row)).collect()
}

/// The fixed columns in their order, then whatever else the row has.
fn table_row<'a>(fixed: &[&'static str], row: &'a Row) -> Cells<'a> {
    let mut cells: Vec<(&str, Option<CellJson<'_>>)> = fixed
        .iter()
        .map(|column| (*column, row.cell(column).map(|field| indicator_cell(row, column, field))))
        .collect();
    let further = row.cells.iter().filter(|(column, _)| !fixed.contains(&column.as_str()));
    cells.extend(further.map(|(column, field)| (column.as_str(), Some(CellJson::new(field)))));
    Object(cells)
}

/// A cell of an indicator: target and actual are given as meant, with operator and unit (`≥95%`).
fn indicator_cell<'a>(row: &Row, column: &str, field: &'a Field) -> CellJson<'a> {
    let measure = match column {
        column::TARGET => row.target.as_ref(),
        column::ACTUAL => row.actual.as_ref(),
        _ => None,
    };
    let cell = CellJson::new(field);
    match measure {
        Some(measure) if field.is_filled() => CellJson { value: Some(Measure::to_string(measure)), ..cell },
        _ => cell,
    }
}

/// A value with its place: as written, and as meant.
#[derive(Serialize)]
struct CellJson<'a> {
    cell: CellRefJson,
    text: &'a str,
    value: Option<String>,
}

impl<'a> CellJson<'a> {
    fn new(field: &'a Field) -> Self {
        let value = match &field.reading {
            Reading::Value(value) => Some(value.to_string()),
            Reading::Blank | Reading::NotApplicable | Reading::Unreadable(_) => None,
        };
        Self { cell: CellRefJson(field.cell()), text: field.text(), value }
    }
}
