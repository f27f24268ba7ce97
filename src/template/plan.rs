//! The plan of a blank form: what stands where, what may be filled in and what is checked. Pure description; `write`
//! turns it into a workbook, tests and prefilling work on it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::compute::{Computation, fixed, literal};
use super::own::Overruled;
use crate::address::{CellRange, CellRef};
use crate::schema::{FieldKind, Indicators, Schema};
use crate::workbook::{Cell, Content, NumberFormat, Sheet, Visibility};

/// A blank form, drawn.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The form.
    pub schema: Arc<Schema>,
    /// Its classes with the points that the policy gives them.
    pub indicators: Option<Indicators>,
    /// Name of its sheet.
    pub sheet: String,
    /// Column widths in Latin characters.
    pub columns: Vec<f64>,
    /// Row heights in points.
    pub rows: Vec<f64>,
    /// Boxes, in reading order; none overlaps another.
    pub pieces: Vec<Piece>,
    /// What the workbook checks by itself.
    pub checks: Vec<SelfCheck>,
    /// What the unit must fill in, as conditions.
    pub required: Vec<Required>,
    /// Rows in which a table is headed, to be repeated on each printed page.
    pub head_rows: Option<(u32, u32)>,
    /// Where the rows that a unit filled in on a sheet of its own stand: table and number of the row → row of the sheet.
    pub own_rows: BTreeMap<(String, usize), u32>,
    /// Boxes that hold what a unit filled in, where the form computes something else.
    pub overruled: Vec<(CellRef, Overruled)>,
}

/// A box: one cell or a merged region.
#[derive(Debug, Clone)]
pub struct Piece {
    /// Its cells.
    pub range: CellRange,
    /// What it holds.
    pub kind: Kind,
}

/// What a box holds.
#[derive(Debug, Clone)]
pub enum Kind {
    /// Printed words.
    Text {
        /// The words; empty for a box that stays blank.
        text: String,
        /// How they look.
        look: Look,
    },
    /// A box to fill in.
    Input(Input),
    /// A box that the workbook fills in.
    Computed {
        /// What it holds in the form's terms.
        role: Role,
        /// What it is called, for messages.
        label: String,
        /// How.
        computation: Computation,
        /// Its value as far as its cells are filled; written beside the formula for readers that do not recalculate.
        result: Option<Decimal>,
        /// How it is shown.
        kind: FieldKind,
    },
}

/// How printed words look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// A line above the title.
    Lead,
    /// The title.
    Title,
    /// The year under it.
    Year,
    /// A label without a border.
    Caption,
    /// The unit of money at the right.
    Remark,
    /// A label in a bordered box.
    Label,
    /// A label of a row, at the left of its box.
    Line,
    /// A figure or a mark that is printed.
    Printed,
    /// A note under the form.
    Note,
}

/// A box to fill in.
#[derive(Debug, Clone)]
pub struct Input {
    /// What it holds in the form's terms.
    pub role: Role,
    /// What it is called.
    pub label: String,
    /// How it is read.
    pub kind: FieldKind,
    /// The answers to choose from.
    pub choices: Vec<String>,
    /// Whether only these are allowed; else they are suggested.
    pub closed: bool,
    /// Whether a blank is a fault (in a table: of a row that is used).
    pub required: bool,
    /// Characters at most.
    pub max_chars: Option<u32>,
    /// The cell that the number may not exceed.
    pub limit: Option<CellRef>,
    /// Whether it has a border all around.
    pub bordered: bool,
    /// What is printed in the box before the value: `填表人：`.
    pub lead: String,
    /// What is filled in already.
    pub value: Option<Entry>,
}

/// What a box means, in the words of the schema.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// A field.
    Field(String),
    /// A cell of a grid.
    Cell {
        /// The grid.
        grid: String,
        /// Its row.
        row: String,
        /// Its column.
        column: String,
    },
    /// A cell of a table.
    Row {
        /// The table.
        table: String,
        /// Zero-based row of the table.
        row: usize,
        /// Its column.
        column: String,
        /// First- and second-level class that is printed for the row.
        class: Option<(String, Option<String>)>,
    },
    /// What a list says of a project, left of its indicators.
    Listed {
        /// Zero-based number of the project.
        project: usize,
        /// The field, or grid and column with a `.` between them.
        what: String,
    },
    /// A cell of the row of totals of a table.
    Total {
        /// The table.
        table: String,
        /// Its column.
        column: String,
    },
}

/// Something filled in.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// Words.
    Text(String),
    /// A number.
    Number(Decimal),
    /// A cell as a unit filled it in: what it holds, and how its number is shown.
    Own(Cell),
}

/// Figures that the workbook compares. Expressions are Excel's, every address in them marked by `@` before it, so that
/// the same one can be written on the form's own sheet and on another.
#[derive(Debug, Clone, PartialEq)]
pub struct SelfCheck {
    /// What is compared.
    pub what: String,
    /// The figure on the form.
    pub is: String,
    /// What it should be.
    pub should: String,
    /// Whether there is enough to compare.
    pub ready: String,
    /// Difference that still counts as equal.
    pub tolerance: Decimal,
    /// The box that turns green or red, where one stands for the check.
    pub at: Option<CellRange>,
}

/// Something that must be filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Required {
    /// A box, with what is printed in it.
    Box(CellRef, String),
    /// One cell at least of some.
    OneOf(CellRange),
    /// A column of a table, in the rows where the first one is filled.
    Column {
        /// The column by which a row is known to be used.
        key: CellRange,
        /// The one asked for.
        column: CellRange,
    },
}

impl Required {
    /// How many are blank, as an expression of the kind in [`SelfCheck`].
    pub(super) fn expression(&self) -> String {
        match self {
            Self::Box(at, lead) => format!("(TRIM({})={})*1", fixed(CellRange::new(*at, *at)), literal(lead)),
            Self::OneOf(range) => format!("(COUNTA({})=0)*1", fixed(*range)),
            Self::Column { key, column } => {
                format!("SUMPRODUCT(({}<>\"\")*({}=\"\"))", fixed(*key), fixed(*column))
            }
        }
    }

    /// How many are blank in a plan.
    pub(super) fn blanks(&self, plan: &Plan) -> usize {
        let filled = |at: CellRef| plan.pieces.iter().any(|piece| piece.range.start == at && piece.is_filled());
        let cells = |range: &CellRange| {
            let (rows, col) = (range.start.row..=range.end.row, range.start.col);
            rows.map(move |row| CellRef::new(row, col))
        };
        match self {
            Self::Box(at, _) => usize::from(!filled(*at)),
            Self::OneOf(range) => usize::from(!cells(range).any(filled)),
            Self::Column { key, column } => {
                cells(key).zip(cells(column)).filter(|(key, cell)| filled(*key) && !filled(*cell)).count()
            }
        }
    }
}

impl Plan {
    /// The boxes to fill in.
    pub fn inputs(&self) -> impl Iterator<Item = (CellRange, &Input)> {
        self.pieces.iter().filter_map(|piece| match &piece.kind {
            Kind::Input(input) => Some((piece.range, input)),
            _ => None,
        })
    }

    /// Where a role is printed, be it filled in or computed.
    #[must_use]
    pub fn place(&self, role: &Role) -> Option<CellRange> {
        self.pieces.iter().find(|piece| piece.role() == Some(role)).map(|piece| piece.range)
    }

    /// What a person sees of the form, as a sheet in memory: what is printed, filled in and computed.
    #[must_use]
    pub fn drawn(&self) -> Sheet {
        let mut cells = BTreeMap::new();
        for piece in &self.pieces {
            let cell = match &piece.kind {
                Kind::Text { text, look: Look::Printed } if text.parse::<Decimal>().is_ok() => {
                    text.parse().ok().map(Cell::number)
                }
                Kind::Text { text, .. } => Some(text.as_str()).filter(|text| !text.is_empty()).map(Cell::text),
                Kind::Input(input) => match &input.value {
                    Some(Entry::Own(cell)) if input.lead.is_empty() => Some(cell.clone()),
                    Some(Entry::Number(number)) if input.lead.is_empty() => Some(Cell::number(*number)),
                    Some(entry) => Some(Cell::text(format!("{}{entry}", input.lead))),
                    None => Some(input.lead.as_str()).filter(|lead| !lead.is_empty()).map(Cell::text),
                },
                Kind::Computed { computation, result, kind, .. } => Some(Cell {
                    content: result.map_or(Content::Blank, Content::Number),
                    formula: Some(computation.formula()),
                    format: match kind {
                        FieldKind::Rate => NumberFormat::Percent { decimals: 2 },
                        _ => NumberFormat::General,
                    },
                }),
            };
            cells.extend(cell.map(|cell| (piece.range.start, cell)));
        }
        let merges = self.pieces.iter().map(|piece| piece.range).filter(|range| range.start != range.end).collect();
        Sheet::new(&self.sheet, Visibility::Visible, cells, merges)
    }

    /// Fills a box in and computes what depends on it; false where the form has no such box to fill in.
    pub fn put(&mut self, role: &Role, entry: Entry) -> bool {
        let input = self.pieces.iter_mut().find_map(|piece| match &mut piece.kind {
            Kind::Input(input) if input.role == *role => Some(input),
            _ => None,
        });
        let Some(input) = input else { return false };
        input.value = Some(entry);
        self.compute();
        true
    }

    /// The number in a cell, printed, filled in or computed.
    #[must_use]
    pub fn number(&self, at: CellRef) -> Option<Decimal> {
        self.pieces.iter().find(|piece| piece.range.start == at)?.number()
    }

    /// Computes what can be computed; what depends on another result comes after it.
    pub(super) fn compute(&mut self) {
        // A rate, its score, the sum of scores: three deep.
        for _ in 0..3 {
            let numbers: BTreeMap<CellRef, Decimal> =
                self.pieces.iter().filter_map(|piece| Some((piece.range.start, piece.number()?))).collect();
            let results: Vec<Option<Decimal>> = self
                .pieces
                .iter()
                .map(|piece| match &piece.kind {
                    Kind::Computed { computation, .. } => computation.result(&numbers),
                    _ => None,
                })
                .collect();
            for (piece, new) in self.pieces.iter_mut().zip(results) {
                if let Kind::Computed { result, .. } = &mut piece.kind {
                    *result = new;
                }
            }
        }
    }
}

impl Piece {
    /// The number in it, printed, filled in or computed.
    fn number(&self) -> Option<Decimal> {
        match &self.kind {
            Kind::Text { text, .. } => text.parse().ok(),
            Kind::Input(Input { value: Some(Entry::Number(number)), .. }) => Some(*number),
            Kind::Input(Input { value: Some(Entry::Own(Cell { content: Content::Number(number), .. })), .. }) => {
                Some(*number)
            }
            Kind::Input(_) => None,
            Kind::Computed { result, .. } => *result,
        }
    }

    /// Whether something stands in it.
    pub(super) fn is_filled(&self) -> bool {
        match &self.kind {
            Kind::Text { text, .. } => !text.is_empty(),
            Kind::Input(Input { value: Some(Entry::Own(cell)), .. }) => !cell.is_blank(),
            Kind::Input(input) => input.value.is_some(),
            Kind::Computed { result, .. } => result.is_some(),
        }
    }

    /// What the box means, where it means something of the form.
    #[must_use]
    pub fn role(&self) -> Option<&Role> {
        match &self.kind {
            Kind::Text { .. } => None,
            Kind::Input(input) => Some(&input.role),
            Kind::Computed { role, .. } => Some(role),
        }
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{}", number.normalize()),
            Self::Own(cell) => f.write_str(&cell.shown()),
        }
    }
}
