//! Whether the print of a form is so damaged that filling in the blank form serves better than marks on what is left.

use crate::form::Form;
use crate::schema::ColumnSpec;
use crate::schema::concept::{INDICATORS, column};

/// As many columns that the form must print may be missing: layouts of other places leave out one or two.
const MOST: usize = 2;

/// Whether columns that the form must print are gone: the one that names the indicators or gives their targets, or three of
/// whatever kind. A block that is not there at all is one that the layout has not got.
#[must_use]
pub fn is_broken(form: &Form) -> bool {
    let (schema, record) = (&form.schema, &form.record);
    let required = |columns: &[ColumnSpec], has: &dyn Fn(&str) -> bool| -> Vec<String> {
        columns.iter().filter(|column| column.required && !has(&column.id)).map(|column| column.id.clone()).collect()
    };
    let tables = schema.tables.iter().filter_map(|spec| Some((spec, record.tables.get(&spec.id)?)));
    let mut missing = 0;
    for (spec, table) in tables {
        let gone = required(&spec.columns, &|id| table.has(id));
        if spec.id == INDICATORS && gone.iter().any(|id| [column::LEVEL3, column::TARGET].contains(&id.as_str())) {
            return true;
        }
        missing += gone.len();
    }
    for spec in &schema.grids {
        // Pairs of labels and amounts have no heads.
        if let Some(grid) = record.grids.get(&spec.id).filter(|grid| !grid.columns.is_empty()) {
            missing += required(&spec.columns, &|id| grid.columns.contains_key(id)).len();
        }
    }
    missing > MOST
}
