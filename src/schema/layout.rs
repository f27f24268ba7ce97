//! How the blank form is printed: blocks from top to bottom, for templates.

/// How the blank form is printed.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    /// A line above the title: `附件2`.
    pub lead: Option<String>,
    /// Printed across.
    pub landscape: bool,
    /// The last month of the round that the headings of a monitoring form name, unless another is asked for.
    pub month: Option<u32>,
    /// Blocks from top to bottom.
    pub blocks: Vec<Block>,
    /// Notes printed under the form (注).
    pub notes: Vec<String>,
    /// Fields of the line of signatures, by concept.
    pub signature: Vec<String>,
}

/// A block of the printed form. Ids are those of the schema; the loader has looked them up.
#[derive(Debug, Clone)]
pub enum Block {
    /// Labels with their values beside them, in one row.
    Fields {
        /// Field concepts.
        fields: Vec<String>,
        /// Lines of text that the values have room for.
        lines: u32,
    },
    /// Headings side by side, each over one large box.
    Heads {
        /// What stands left of them: `年度总体目标`.
        label: String,
        /// Field concepts.
        fields: Vec<String>,
        /// Lines of text that the boxes have room for.
        lines: u32,
    },
    /// A grid.
    Grid {
        /// The grid.
        grid: String,
        /// What stands left of it.
        label: String,
        /// Its printed rows.
        rows: Vec<String>,
        /// Its printed columns.
        columns: Vec<String>,
    },
    /// A table.
    Table {
        /// The table.
        table: String,
        /// What stands left of it; empty for nothing.
        label: String,
        /// Its printed columns.
        columns: Vec<String>,
        /// What a list prints left of the columns: the project, its unit and its money, merged over the project's rows.
        left: Vec<ListColumn>,
        /// Headings over several columns.
        groups: Vec<Group>,
        /// Second-level classes that the indicator table prints; none for all of them.
        subclasses: Vec<String>,
        /// Blank rows; of the indicator table, rows for each second-level class.
        blank: u32,
        /// Rows that come printed, a text for each column.
        printed: Vec<Vec<String>>,
    },
}

/// A column of a list that speaks of the project, not of an indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListColumn {
    /// A field, headed by its label.
    Field(String),
    /// An amount of the total row of a grid, headed by its column's label.
    Amount {
        /// The grid.
        grid: String,
        /// Its column.
        column: String,
    },
}

/// A heading over several columns of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The heading.
    pub label: String,
    /// Column concepts, side by side.
    pub columns: Vec<String>,
}
