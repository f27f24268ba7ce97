//! What stands in a form that a unit filled in on a sheet of its own, to be drawn into the blank one by `own_draw`.

use std::collections::{BTreeMap, BTreeSet};

use crate::workbook::Cell;

/// What stands in a form. A value that is known to be blank is a blank cell; what the unit's form has no place for is not
/// there at all.
#[derive(Debug, Clone, Default)]
pub struct Own {
    /// The title as the unit prints it; `None` where its form has none.
    pub title: Option<String>,
    /// 元 or 万元; `None` where its form does not say.
    pub money_unit: Option<String>,
    /// Field concept → value.
    pub fields: BTreeMap<String, Cell>,
    /// Whether the year stands in the title.
    pub year_in_title: bool,
    /// The rows of each grid, in their order.
    pub grids: BTreeMap<String, Vec<OwnLine>>,
    /// The rows of each table, in their order; of a list those of all projects.
    pub tables: BTreeMap<String, OwnTable>,
    /// What is printed around the form: 注, 说明. The blank form's own ones may ask for other points than the unit was asked
    /// for.
    pub notes: Vec<String>,
    /// Tables that the blank form prints more than once.
    pub again: BTreeSet<String>,
}

/// A row of a grid.
#[derive(Debug, Clone, Default)]
pub struct OwnLine {
    /// Concept; of a row whose label no schema knows one of its own.
    pub id: String,
    /// Its label.
    pub label: String,
    /// Column concept → value.
    pub cells: BTreeMap<String, Cell>,
}

/// A table.
#[derive(Debug, Clone, Default)]
pub struct OwnTable {
    /// Its rows, those without content with them.
    pub rows: Vec<OwnRow>,
    /// The row of totals.
    pub total: BTreeMap<String, Cell>,
    /// Columns that some row fills.
    pub columns: BTreeSet<String>,
}

/// A row of a table.
#[derive(Debug, Clone, Default)]
pub struct OwnRow {
    /// First- and second-level class, where known.
    pub class: Option<(String, Option<String>)>,
    /// Column concept → value.
    pub cells: BTreeMap<String, Cell>,
    /// Columns whose cell is one with that of the row above.
    pub joined: BTreeSet<String>,
    /// What stands left of the rows that belong together, such as `年度目标1（40分）`; empty for nothing.
    pub block: String,
    /// Whether it belongs to the longer horizon.
    pub term: bool,
    /// Of the first row of a project in a list: what is said of the project, by field, or grid and column with a `.`
    /// between them.
    pub project: Option<BTreeMap<String, Cell>>,
}

/// A box in which the unit has another figure than the form computes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overruled {
    /// What it is called.
    pub label: String,
    /// What the unit has in it, as a person sees it.
    pub own: String,
    /// What the form computes.
    pub computed: String,
}
