//! A schema's labels as look-up tables, made once for a run.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

use super::page::Page;
use crate::address::CellRef;
use crate::schema::{ColumnSpec, GridSpec, LineSpec, Schema, TableSpec, concept};
use crate::text::{label_key, without_list_number};

/// The look-up tables of one schema.
pub(super) struct Lexicon {
    pub(super) schema: Arc<Schema>,
    /// Columns by label key, for each table of the schema.
    columns: Vec<HashMap<String, usize>>,
    /// The indicator table among them, where there is one.
    indicators: Option<usize>,
    /// Column of a grid by label key: (grid, column).
    amounts: HashMap<String, (usize, usize)>,
    /// Every label key that is never a value.
    known: HashSet<String>,
}

impl Lexicon {
    pub(super) fn new(schema: Arc<Schema>) -> Self {
        let mut columns = Vec::with_capacity(schema.tables.len());
        let mut amounts = HashMap::new();
        let mut known: HashSet<String> = HashSet::new();
        for table in &schema.tables {
            let mut own = HashMap::new();
            for (index, column) in table.columns.iter().enumerate() {
                for label in &column.labels {
                    own.entry(label.clone()).or_insert(index);
                    known.insert(label.clone());
                }
            }
            columns.push(own);
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
        let indicators = schema.tables.iter().position(|table| table.id == concept::INDICATORS);
        Self { schema, columns, indicators, amounts, known }
    }

    /// The table by which the form is known: the indicator table, else the first; its number with it.
    pub(super) fn main_table(&self) -> Option<(usize, &TableSpec)> {
        let number = self.indicators.unwrap_or(0);
        self.schema.tables.get(number).map(|table| (number, table))
    }

    /// The indicator table, where the schema has one.
    pub(super) fn indicators(&self) -> Option<&TableSpec> {
        self.schema.tables.get(self.indicators?)
    }

    /// Whether this table of the schema is the indicator table.
    pub(super) fn is_indicators(&self, table: usize) -> bool {
        self.indicators == Some(table)
    }

    /// The column of a table that a header names; of `得分/原因` in one cell the first.
    pub(super) fn column(&self, table: usize, key: &str, first: Option<&str>) -> Option<&ColumnSpec> {
        let columns = self.columns.get(table)?;
        let index = columns.get(key).or_else(|| columns.get(first?))?;
        self.schema.tables.get(table)?.columns.get(*index)
    }

    /// The grid column that a header names.
    pub(super) fn amount(&self, key: &str) -> Option<(&GridSpec, &ColumnSpec)> {
        let (g, c) = *self.amounts.get(key)?;
        let grid = self.schema.grids.get(g)?;
        Some((grid, grid.columns.get(c)?))
    }

    /// The row of a grid that a label names, with a leading 其中 taken off.
    pub(super) fn line<'a>(&self, grid: &'a GridSpec, key: &str) -> Option<&'a LineSpec> {
        let bare = bare(key);
        grid.rows.iter().find(|row| row.labels.iter().any(|label| label == key || label == bare))
    }

    /// The box right of a label, where it is no label itself. An empty column between a label and its value is passed
    /// over, and so are single blank cells: what merged boxes leave behind in a form whose merges were lost.
    pub(super) fn beside(&self, page: &Page<'_>, label: CellRef) -> Option<CellRef> {
        let near = page.right_of(label)?;
        self.value_at(page, near, page.right_past_gap(near).or_else(|| self.past_unmerged(page, near)))
    }

    /// The value that stands some cells on, where the form was drawn without merging: `项目名称 | | 道路保洁`. A text
    /// with a text behind it is a label that no word of the schema fits, and so no value.
    fn past_unmerged(&self, page: &Page<'_>, near: CellRef) -> Option<CellRef> {
        let gaps = page.boxes(near.row).skip_while(|at| at.col < near.col).take_while(|at| page.is_blank(*at));
        let gaps: Vec<CellRef> = gaps.collect();
        if gaps.is_empty() || !gaps.iter().all(|at| page.is_rest_of_box(*at)) {
            return None;
        }
        let mut behind = page.filled(near.row).map(|(at, _)| at).filter(|at| at.col > near.col);
        let value = behind.next().filter(|at| !self.is_labelled(page, *at))?;
        behind.next().is_none_or(|next| self.is_labelled(page, next)).then_some(value)
    }

    /// Whether a box is a label, or holds one with its value: `填报日期：2024年1月`.
    fn is_labelled(&self, page: &Page<'_>, at: CellRef) -> bool {
        self.is_label(page.key(at)) || page.sheet.shown(at).contains([':', '：'])
    }

    /// The box below a heading, where it is no label itself. An empty row between the two is passed over.
    pub(super) fn under(&self, page: &Page<'_>, heading: CellRef) -> Option<CellRef> {
        let near = page.below(heading)?;
        self.value_at(page, near, page.below_past_gap(near))
    }

    fn value_at(&self, page: &Page<'_>, near: CellRef, past_gap: Option<CellRef>) -> Option<CellRef> {
        let is_value = |at: &CellRef| !self.is_label(page.key(*at));
        past_gap.filter(|at| !page.is_blank(*at) && is_value(at)).or(Some(near).filter(is_value))
    }

    /// Whether a label key is one of the form's labels, and so never a value.
    pub(super) fn is_label(&self, key: &str) -> bool {
        !key.is_empty() && (self.known.contains(key) || self.known.contains(bare(key)))
    }
}

/// What headers of any schema name, by label key.
pub(super) struct HeadWords {
    columns: HashSet<String>,
    amounts: HashSet<String>,
}

impl HeadWords {
    pub(super) fn of(lexicons: &[Lexicon]) -> Self {
        let columns = lexicons.iter().flat_map(|lexicon| &lexicon.columns).flat_map(HashMap::keys);
        let amounts = lexicons.iter().flat_map(|lexicon| lexicon.amounts.keys());
        Self { columns: columns.cloned().collect(), amounts: amounts.cloned().collect() }
    }

    /// Whether a header names a column of any table.
    pub(super) fn has_column(&self, key: &str, first: Option<&str>) -> bool {
        self.columns.contains(key) || first.is_some_and(|first| self.columns.contains(first))
    }

    /// Whether a header names a column of any grid.
    pub(super) fn has_amount(&self, key: &str) -> bool {
        self.amounts.contains(key)
    }
}

/// A label key without a leading 其中 and the list number behind it: `其中:1.财政拨款` is 财政拨款.
pub(super) fn bare(key: &str) -> &str {
    key.strip_prefix("其中").map_or(key, without_list_number)
}
