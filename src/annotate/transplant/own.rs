//! A form that was read, as what is drawn into the blank one: each value as its cell holds it.

use std::collections::BTreeMap;

use crate::address::CellRef;
use crate::form::{Field, Form, Grid, Reading, Row, Table, VacantRow};
use crate::schema::concept::{self, column, field};
use crate::schema::{Block, FieldKind};
use crate::template::{Own, OwnLine, OwnRow, OwnTable};
use crate::value::Value;
use crate::workbook::{Cell, Content, NumberFormat, Sheet};

/// Concepts that stand in the row of totals and, for the rules, among the fields.
const IN_TOTALS: [&str; 3] = [field::TOTAL_WEIGHT, field::TOTAL_SCORE, field::TOTAL_GRADE];

/// The sheet as handed in, and as it is with corrections: labels and values are found on the first, taken from the second.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) before: &'a Sheet,
    pub(super) now: &'a Sheet,
}

/// What stands in the forms of a sheet that make one blank form together: one, or all projects of a list.
pub(super) fn own(forms: &[&Form], source: Source<'_>) -> Own {
    let Some(first) = forms.first() else { return Own::default() };
    let (schema, record) = (&first.schema, &first.record);
    let title = record.title.as_ref();
    let year = record.field(field::YEAR);
    let mut own = Own {
        title: title.map(|title| source.now.shown(title.cell()).into_owned()).filter(|title| !title.trim().is_empty()),
        money_unit: record
            .money_factor()
            .and_then(|_| record.field(field::MONEY_UNIT))
            .map(|unit| unit.text().to_owned()),
        // A bare 说明 is the label of a box.
        notes: record
            .notes
            .iter()
            .filter(|note| note.text().trim().chars().count() > 4)
            .map(|note| source.now.shown(note.cell()).into_owned())
            .collect(),
        year_in_title: title.zip(year).is_some_and(|(title, year)| title.cell() == year.cell()),
        ..Own::default()
    };
    let tables = schema.layout.blocks.iter().filter_map(|block| match block {
        Block::Table { table, .. } => Some(table.as_str()),
        _ => None,
    });
    let tables: Vec<&str> = tables.collect();
    own.again = tables
        .iter()
        .filter(|id| tables.iter().filter(|other| other == id).count() > 1)
        .map(|id| (*id).to_owned())
        .collect();
    let printed: Vec<&String> = schema
        .layout
        .blocks
        .iter()
        .flat_map(|block| match block {
            Block::Fields { fields, .. } | Block::Heads { fields, .. } => fields.iter().collect(),
            _ => Vec::new(),
        })
        .chain(&schema.layout.signature)
        .collect();
    // What the title says it goes on saying; a box of its own is not asked for.
    let in_title = |value: &Field, id: &String| {
        title.is_some_and(|title| title.cell() == value.cell()) && id != field::YEAR && !printed.contains(&id)
    };
    for spec in &schema.fields {
        let in_totals = IN_TOTALS.contains(&spec.id.as_str()) && in_table_total(first, &spec.id);
        let is_value = !matches!(spec.kind, FieldKind::MoneyUnit | FieldKind::Month) && !in_totals;
        if let Some(value) = record.field(&spec.id).filter(|value| is_value && !in_title(value, &spec.id)) {
            own.fields.insert(spec.id.clone(), cell_of(value, spec.kind, source));
        }
    }
    for spec in schema.grids.iter().filter(|_| !schema.list) {
        if let Some(grid) = record.grids.get(&spec.id) {
            let kind = |id: &str| spec.column(id).map_or(FieldKind::Amount, |column| column.kind);
            own.grids.insert(spec.id.clone(), lines(grid, kind, source));
        }
    }
    for form in forms {
        for spec in &form.schema.tables {
            let Some(table) = form.record.tables.get(&spec.id) else { continue };
            let mut read = rows(form, &spec.id, table, source);
            if form.schema.list {
                let first = match read.rows.first_mut() {
                    Some(first) => first,
                    None => {
                        read.rows.push(OwnRow::default());
                        let Some(first) = read.rows.first_mut() else { continue };
                        first
                    }
                };
                first.project = Some(project(form, source));
            }
            let all = own.tables.entry(spec.id.clone()).or_default();
            all.rows.extend(read.rows);
            all.columns.extend(read.columns);
            all.total.extend(read.total);
        }
    }
    own
}

/// Whether a field of totals stands in the row of totals of the indicators.
fn in_table_total(form: &Form, id: &str) -> bool {
    let total = form.record.indicators().and_then(|table| table.total.as_ref());
    let at = form.record.field(id).map(Field::cell);
    total.is_some_and(|total| total.cells.values().any(|field| Some(field.cell()) == at))
}

/// What is said of a project of a list.
fn project(form: &Form, source: Source<'_>) -> BTreeMap<String, Cell> {
    let kind = |id: &str| form.schema.field(id).map_or(FieldKind::Text, |spec| spec.kind);
    let fields = form.record.fields.iter().map(|(id, field)| (id.to_string(), cell_of(field, kind(id), source)));
    let amounts = form.record.grids.iter().flat_map(|(id, grid)| {
        let cells = grid.rows.first().into_iter().flat_map(|row| &row.cells);
        cells.map(move |(column, field)| (format!("{id}.{column}"), cell_of(field, FieldKind::Amount, source)))
    });
    fields.chain(amounts).collect()
}

fn lines(grid: &Grid, kind: impl Fn(&str) -> FieldKind, source: Source<'_>) -> Vec<OwnLine> {
    let mut lines: Vec<OwnLine> = Vec::new();
    for row in &grid.rows {
        // A second row of the same meaning is one of its own.
        let again =
            lines.iter().filter(|line| line.id == row.id || line.id.starts_with(&format!("{}#", row.id))).count();
        let id = if again == 0 { row.id.clone() } else { format!("{}#{}", row.id, again + 1) };
        let cells = row.cells.iter().map(|(id, field)| (id.to_string(), cell_of(field, kind(id), source)));
        lines.push(OwnLine { id, label: row.label.text.clone(), cells: cells.collect() });
    }
    lines
}

/// The rows of a table, filled and vacant, in the order of the sheet.
fn rows(form: &Form, id: &str, table: &Table, source: Source<'_>) -> OwnTable {
    let kinds = |column: &str| {
        let spec = form.schema.table(id).and_then(|spec| spec.column(column));
        spec.map_or(FieldKind::Text, |spec| spec.kind)
    };
    let mut rows: Vec<(u32, OwnRow)> = Vec::new();
    for row in &table.rows {
        rows.push((row.row, filled(row, &kinds, source)));
    }
    for vacant in table.vacant.iter() {
        rows.push((vacant.row, blank(vacant, table, source)));
    }
    rows.sort_by_key(|(row, _)| *row);
    let levels = [column::LEVEL1, column::LEVEL2];
    let mut read = OwnTable::default();
    let mut above: BTreeMap<String, CellRef> = BTreeMap::new();
    for (at, mut row) in rows {
        let cells = table.rows.iter().find(|line| line.row == at).map(|line| &line.cells);
        let places: BTreeMap<String, CellRef> =
            cells.into_iter().flatten().map(|(id, field)| (id.to_string(), field.cell())).collect();
        for (id, place) in &places {
            if !levels.contains(&id.as_str()) && place.row < at && above.get(id) == Some(place) {
                row.joined.insert(id.clone());
            }
        }
        above = places;
        let filled = row.cells.iter().filter(|(_, cell)| !cell.is_blank());
        read.columns.extend(filled.map(|(id, _)| id.clone()));
        read.rows.push(row);
    }
    if let Some(total) = &table.total {
        let skip = |column: &str| id == concept::INDICATORS && column == column::LEVEL1;
        let cells = total.cells.iter().filter(|(column, _)| !skip(column));
        read.total = cells.map(|(column, field)| (column.to_string(), cell_of(field, kinds(column), source))).collect();
    }
    read
}

fn filled(row: &Row, kind: &impl Fn(&str) -> FieldKind, source: Source<'_>) -> OwnRow {
    let cells = row.cells.iter().filter(|(id, _)| !id.starts_with("term_"));
    OwnRow {
        class: row.class.clone().map(|class| (class, row.subclass.clone())),
        cells: cells.map(|(id, field)| (id.to_string(), cell_of(field, kind(id), source))).collect(),
        block: row.block.as_ref().map(|block| block.text.clone()).unwrap_or_default(),
        term: row.term,
        ..OwnRow::default()
    }
}

/// A row without content: what is printed in it, and what is left in its cells all the same.
fn blank(vacant: &VacantRow, table: &Table, source: Source<'_>) -> OwnRow {
    let mut cells = BTreeMap::new();
    for (id, head) in &table.columns {
        let at = source.now.anchor(CellRef::new(vacant.row, head.cell.col));
        let is_level = [column::LEVEL1, column::LEVEL2].contains(&id.as_str());
        if let Some(cell) = source.now.stored(at).filter(|cell| (is_level || at.row == vacant.row) && !cell.is_blank())
        {
            cells.insert(id.to_string(), cell.clone());
        }
    }
    let near = table.rows.iter().filter(|row| row.row > vacant.row).min_by_key(|row| row.row);
    let near = near.or_else(|| table.rows.iter().max_by_key(|row| row.row));
    OwnRow {
        class: vacant.class.clone().map(|class| (class, vacant.subclass.clone())),
        cells,
        block: near.and_then(|row| row.block.as_ref()).map(|block| block.text.clone()).unwrap_or_default(),
        term: near.is_some_and(|row| row.term),
        ..OwnRow::default()
    }
}

/// A value as its cell holds it; of a cell that holds more, the value alone, and of one that is ticked, the answer.
fn cell_of(field: &Field, kind: FieldKind, source: Source<'_>) -> Cell {
    let blank = || Cell { content: Content::Blank, formula: None, format: NumberFormat::General };
    if field.is_blank() && field.text().trim().is_empty() {
        return blank();
    }
    match &field.reading {
        Reading::Value(Value::Text(answer)) if kind == FieldKind::Choice && field.text().chars().count() <= 1 => {
            return Cell::text(answer);
        }
        _ => {}
    }
    let whole = source.before.shown(field.cell()) == field.text();
    match source.now.stored(field.cell()).filter(|_| whole) {
        Some(cell) => cell.clone(),
        None => Cell::text(field.text()),
    }
}
