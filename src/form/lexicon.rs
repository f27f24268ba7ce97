//! A schema's labels as look-up tables, made once for a run.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::schema::{ColumnSpec, GridSpec, LineSpec, Schema, TableSpec, concept};
use crate::text::label_key;

/// The look-up tables of one schema.
pub(super) struct Lexicon {
    pub(super) schema: Arc<Schema>,
    /// Column of the indicator table by label key.
    columns: HashMap<String, usize>,
    /// Column of a grid by label key: (grid, column).
    amounts: HashMap<String, (usize, usize)>,
    /// Every label key that is never a value.
    known: HashSet<String>,
}

impl Lexicon {
    pub(super) fn new(schema: Arc<Schema>) -> Self {
        let mut columns = HashMap::new();
        let mut amounts = HashMap::new();
        let mut known: HashSet<String> = HashSet::new();
        if let Some(table) = schema.table(concept::INDICATORS) {
            for (index, column) in table.columns.iter().enumerate() {
                for label in &column.labels {
                    columns.entry(label.clone()).or_insert(index);
                    known.insert(label.clone());
                }
            }
            known.extend(table.ends.iter().chain(&table.totals).cloned());
            known.insert(label_key(&table.label));
        }
        for (g, grid) in schema.grids.iter().enumerate() {
            for (c, column) in grid.columns.iter().enumerate() {
                for label in &column.labels {
                    amounts.entry(label.clone()).or_insert((g, c));
                    known.insert(label.clone());
                }
            }
            known.insert(label_key(&grid.label));
            known.extend(grid.rows.iter().flat_map(|row| row.labels.iter().cloned()));
        }
        known.extend(schema.fields.iter().flat_map(|field| field.labels.iter().cloned()));
        Self { schema, columns, amounts, known }
    }

    /// The indicator table, where the schema has one.
    pub(super) fn table(&self) -> Option<&TableSpec> {
        self.schema.table(concept::INDICATORS)
    }

    /// The indicator column that a header names; of `得分/原因` in one cell the first.
    pub(super) fn column(&self, key: &str, shown: &str) -> Option<&ColumnSpec> {
        let index = self.columns.get(key).or_else(|| {
            let first = shown.split(['/', '／']).next().filter(|first| first.len() < shown.len())?;
            self.columns.get(&label_key(first))
        })?;
        self.table()?.columns.get(*index)
    }

    /// The grid column that a header names.
    pub(super) fn amount(&self, key: &str) -> Option<(&GridSpec, &ColumnSpec)> {
        let (g, c) = *self.amounts.get(key)?;
        let grid = self.schema.grids.get(g)?;
        Some((grid, grid.columns.get(c)?))
    }

    /// The row of a grid that a label names, with a leading 其中 taken off.
    pub(super) fn line<'a>(&self, grid: &'a GridSpec, key: &str) -> Option<&'a LineSpec> {
        let bare = key.strip_prefix("其中").unwrap_or(key);
        grid.rows.iter().find(|row| row.labels.iter().any(|label| label == key || label == bare))
    }

    /// Whether a label key is one of the form's labels, and so never a value.
    pub(super) fn is_label(&self, key: &str) -> bool {
        !key.is_empty()
            && (self.known.contains(key) || key.strip_prefix("其中").is_some_and(|k| self.known.contains(k)))
    }
}
