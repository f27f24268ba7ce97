//! The blocks of a form: those that its schema prints, or ones derived from what the schema asks for.

use crate::schema::concept::{self, column};
use crate::schema::{Block, ColumnSpec, FieldKind, FieldSpec, ListColumn, Schema, TableSpec};
use crate::text::label_key;

/// Rows left blank where a derived table has no classes to print.
const BLANK_ROWS: u32 = 8;

/// The printed blocks, from top to bottom.
pub(super) fn blocks(schema: &Schema) -> Vec<Block> {
    if schema.layout.blocks.is_empty() { derived(schema) } else { schema.layout.blocks.clone() }
}

/// Required fields two by two, grids whole, goals side by side, tables with their required columns.
fn derived(schema: &Schema) -> Vec<Block> {
    let is_goal = |field: &&FieldSpec| {
        [concept::field::GOAL, concept::field::GOAL_ACTUAL].contains(&field.id.as_str()) && field.required
    };
    let in_head = |field: &&FieldSpec| {
        !matches!(field.kind, FieldKind::MoneyUnit | FieldKind::Year | FieldKind::Month)
            && field.required
            && !is_goal(field)
            && !schema.list
    };
    let head: Vec<String> = schema.fields.iter().filter(in_head).map(|field| field.id.clone()).collect();
    let mut blocks: Vec<Block> = head.chunks(2).map(|pair| Block::Fields { fields: pair.to_vec(), lines: 1 }).collect();
    for grid in schema.grids.iter().filter(|_| !schema.list) {
        let wanted = |id: &str| ["total", "fiscal", "other"].contains(&id);
        let rows: Vec<String> =
            grid.rows.iter().filter(|row| row.required || row.total || wanted(&row.id)).map(|r| r.id.clone()).collect();
        // What other forms print is read where a unit added it, and not printed.
        let foreign = |column: &ColumnSpec| schema.signature.labels_not.contains(&label_key(&column.label));
        let columns = grid.columns.iter().filter(|c| c.id != concept::amount::REASON && !foreign(c));
        let columns = columns.map(|c| c.id.clone());
        blocks.push(Block::Grid {
            grid: grid.id.clone(),
            label: grid.label.clone(),
            rows: if rows.is_empty() { grid.rows.iter().map(|row| row.id.clone()).collect() } else { rows },
            columns: columns.collect(),
        });
    }
    let goals: Vec<String> =
        schema.fields.iter().filter(|_| !schema.list).filter(is_goal).map(|field| field.id.clone()).collect();
    match goals.len() {
        0 => {}
        1 => blocks.push(Block::Fields { fields: goals, lines: 6 }),
        _ => blocks.push(Block::Heads { label: "年度总体目标".to_owned(), fields: goals, lines: 6 }),
    }
    blocks.extend(schema.tables.iter().map(|table| derived_table(schema, table)));
    blocks
}

fn derived_table(schema: &Schema, table: &TableSpec) -> Block {
    let columns = table.columns.iter().filter(|spec| spec.required || spec.id == column::REASON);
    let columns: Vec<String> = columns.map(|spec| spec.id.clone()).collect();
    let columns =
        if columns.len() > 1 { columns } else { table.columns.iter().take(8).map(|spec| spec.id.clone()).collect() };
    let classed = table.id == concept::INDICATORS && schema.indicators.is_some() && !schema.list;
    // A label that is also a column's would make every row beside it a header.
    let names_column = table.columns.iter().any(|spec| spec.labels.contains(&label_key(&table.label)));
    Block::Table {
        table: table.id.clone(),
        label: if schema.list || names_column { String::new() } else { table.label.clone() },
        columns,
        left: if schema.list { listed(schema) } else { Vec::new() },
        groups: Vec::new(),
        subclasses: Vec::new(),
        blank: if classed { 2 } else { BLANK_ROWS },
        printed: Vec::new(),
    }
}

/// What a list prints left of its indicators: the required fields and the required columns of its money.
fn listed(schema: &Schema) -> Vec<ListColumn> {
    let fields = schema.fields.iter().filter(|field| field.required).map(|field| ListColumn::Field(field.id.clone()));
    let amounts = schema.grids.iter().flat_map(|grid| {
        let columns = grid.columns.iter().filter(|column| column.required);
        columns.map(|column| ListColumn::Amount { grid: grid.id.clone(), column: column.id.clone() })
    });
    fields.chain(amounts).collect()
}
