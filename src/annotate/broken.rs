//! Whether the print of a form is so damaged that filling in the blank form serves better than marks on what is left.

use crate::form::Form;
use crate::schema::concept::{INDICATORS, column};

/// As many things that the form must print may be missing: layouts of other places leave out one or two.
const MOST: usize = 2;

/// Whether columns and labels that the form must print are gone: the column that names the indicators or gives their
/// targets, or three things of whatever kind.
#[must_use]
pub fn is_broken(form: &Form) -> bool {
    let (schema, record) = (&form.schema, &form.record);
    let mut missing = schema.fields.iter().filter(|spec| spec.required && !record.fields.contains_key(&spec.id)).count();
    for spec in schema.grids.iter().filter(|spec| spec.rows.iter().any(|row| row.required)) {
        let required = spec.columns.iter().filter(|column| column.required);
        missing += match record.grids.get(&spec.id) {
            None => required.count().max(1),
            // Pairs of labels and amounts have no heads.
            Some(grid) if grid.columns.is_empty() => 0,
            Some(grid) => required.filter(|column| !grid.columns.contains_key(&column.id)).count(),
        };
    }
    for spec in &schema.tables {
        let required = spec.columns.iter().filter(|column| column.required);
        let Some(table) = record.tables.get(&spec.id) else {
            let asked = spec.id == INDICATORS && schema.indicators.is_some();
            missing += if asked { required.count() } else { 0 };
            continue;
        };
        let gone: Vec<&str> =
            required.filter(|column| !table.has(&column.id)).map(|column| column.id.as_str()).collect();
        if spec.id == INDICATORS && gone.iter().any(|id| [column::LEVEL3, column::TARGET].contains(id)) {
            return true;
        }
        missing += gone.len();
    }
    missing > MOST
}
