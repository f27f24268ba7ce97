//! The words that known schemas print, by what they name: what a draft is guessed from.

use std::collections::{BTreeMap, BTreeSet};

use crate::schema::concept::INDICATORS;
use crate::schema::{Catalog, Choice, FieldKind};
use crate::text::label_key;

/// Label keys of all schemas of a catalog.
pub(super) struct Words {
    pub(super) fields: BTreeMap<String, Word>,
    pub(super) lines: BTreeMap<String, Word>,
    pub(super) amounts: BTreeMap<String, Word>,
    /// Columns of indicator tables.
    pub(super) columns: BTreeMap<String, Word>,
    /// Columns of other tables.
    pub(super) other_columns: BTreeMap<String, Word>,
    pub(super) classes: BTreeMap<String, Word>,
    pub(super) subclasses: BTreeMap<String, Word>,
    /// Labels of whole grids and tables.
    pub(super) blocks: BTreeMap<String, Word>,
    /// Labels of rows of totals.
    pub(super) totals: BTreeSet<String>,
    /// Labels that end a table.
    pub(super) ends: BTreeSet<String>,
}

/// What a label names.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) id: String,
    pub(super) kind: FieldKind,
    pub(super) choices: Vec<Choice>,
}

impl Words {
    pub(super) fn of(catalog: &Catalog) -> Self {
        let [
            mut fields,
            mut lines,
            mut amounts,
            mut columns,
            mut other_columns,
            mut classes,
            mut subclasses,
            mut blocks,
        ] = std::array::from_fn(|_| Votes::new());
        let (mut totals, mut ends) = (BTreeSet::new(), BTreeSet::new());
        for schema in &catalog.schemas {
            for field in &schema.fields {
                add(&mut fields, &field.id, &field.labels, field.kind, &field.choices);
            }
            for grid in &schema.grids {
                add(&mut blocks, &grid.id, &[label_key(&grid.label)], FieldKind::Text, &[]);
                for row in &grid.rows {
                    add(&mut lines, &row.id, &row.labels, FieldKind::Text, &[]);
                }
                for column in &grid.columns {
                    add(&mut amounts, &column.id, &column.labels, column.kind, &column.choices);
                }
            }
            for table in &schema.tables {
                add(&mut blocks, &table.id, &[label_key(&table.label)], FieldKind::Text, &[]);
                let columns = if table.id == INDICATORS { &mut columns } else { &mut other_columns };
                for column in &table.columns {
                    add(columns, &column.id, &column.labels, column.kind, &column.choices);
                }
                totals.extend(table.totals.iter().cloned());
                ends.extend(table.ends.iter().cloned());
            }
            for class in schema.indicators.iter().flat_map(|indicators| &indicators.classes) {
                add(&mut classes, &class.id, &class.labels, FieldKind::Text, &[]);
                for subclass in &class.subclasses {
                    add(&mut subclasses, &subclass.id, &subclass.labels, FieldKind::Text, &[]);
                }
            }
        }
        let [fields, lines, amounts, columns, other_columns, classes, subclasses, blocks] =
            [fields, lines, amounts, columns, other_columns, classes, subclasses, blocks].map(elected);
        Self { fields, lines, amounts, columns, other_columns, classes, subclasses, blocks, totals, ends }
    }
}

/// Votes of the schemas on what a label names.
type Votes = BTreeMap<String, BTreeMap<String, (usize, Word)>>;

fn add(words: &mut Votes, id: &str, labels: &[String], kind: FieldKind, choices: &[Choice]) {
    for label in labels {
        let word = || (0, Word { id: id.to_owned(), kind, choices: choices.to_vec() });
        words.entry(label.clone()).or_default().entry(id.to_owned()).or_insert_with(word).0 += 1;
    }
}

/// What most schemas mean by each label; of equals the first id.
fn elected(votes: Votes) -> BTreeMap<String, Word> {
    let winner = |ids: BTreeMap<String, (usize, Word)>| {
        ids.into_values().reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, word)| word)
    };
    votes.into_iter().filter_map(|(label, ids)| Some((label, winner(ids)?))).collect()
}

/// The word of a label as printed, `其中` before it or not.
pub(super) fn find<'a>(words: &'a BTreeMap<String, Word>, label: &str) -> Option<&'a Word> {
    let key = label_key(label);
    words.get(&key).or_else(|| words.get(super::super::lexicon::bare(&key)))
}
