//! A form being drawn: columns, rows done so far, boxes put down.

use std::collections::BTreeMap;

use super::own::Own;
use super::plan::{Kind, Look, Piece};
use super::prefill::Prefill;
use super::sheet_columns::{boxes_beside_label, columns, label_columns};
use crate::address::{CellRange, CellRef};
use crate::policy::{EXECUTION, Policy};
use crate::schema::{Block, Indicators, Schema};
use crate::text::wrapped_lines;

/// Height of a line of text, in points.
pub(super) const LINE: f64 = 15.0;
/// The lowest row.
const LOWEST: f64 = 24.0;
/// Excel takes no more.
const HIGHEST: f64 = 400.0;

/// What a blank form may be asked for with.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The year that is printed; none leaves it to the unit.
    pub year: Option<u32>,
    /// The last month that the headings of a monitoring form name.
    pub month: Option<u32>,
    /// What is filled in already.
    pub prefill: Prefill,
    /// What a unit filled in on a sheet of its own.
    pub own: Option<Own>,
}

/// Where the rows of a table stand.
#[derive(Debug, Clone)]
pub(super) struct Body {
    pub(super) table: String,
    /// First and last row of the sheet.
    pub(super) rows: (u32, u32),
    /// Column concept → column of the sheet.
    pub(super) columns: BTreeMap<String, u32>,
}

impl Body {
    /// The cells of a column.
    pub(super) fn range(&self, column: &str) -> Option<CellRange> {
        let col = *self.columns.get(column)?;
        Some(CellRange::new(CellRef::new(self.rows.0, col), CellRef::new(self.rows.1, col)))
    }
}

/// A form being drawn.
pub(super) struct Draw<'a> {
    pub(super) schema: &'a Schema,
    pub(super) policy: &'a Policy,
    /// The classes with the policy's points.
    pub(super) indicators: Option<Indicators>,
    pub(super) options: &'a Options,
    pub(super) widths: Vec<f64>,
    pub(super) heights: Vec<f64>,
    pub(super) pieces: Vec<Piece>,
    pub(super) bodies: Vec<Body>,
    pub(super) head_rows: Option<(u32, u32)>,
    /// The block that the columns are made for, with the columns that each of its own takes.
    pub(super) main: Option<(usize, Vec<usize>)>,
    /// Columns that the labels at the left take.
    pub(super) label_columns: usize,
    /// Fields that blocks print.
    pub(super) printed_fields: Vec<String>,
    /// Rows drawn of each table.
    pub(super) table_rows: BTreeMap<String, usize>,
    /// Where the unit's own rows of each table stand.
    pub(super) own_rows: BTreeMap<(String, usize), u32>,
}

impl<'a> Draw<'a> {
    pub(super) fn new(schema: &'a Schema, policy: &'a Policy, options: &'a Options, blocks: &[Block]) -> Self {
        let (widths, main) = columns(schema, blocks);
        let is_table = |block: &&Block| matches!(block, Block::Table { .. });
        let beside = blocks.iter().filter(|block| !is_table(block)).map(boxes_beside_label).max().unwrap_or(1);
        let label_columns = label_columns(&widths, beside);
        let printed_fields = blocks.iter().flat_map(|block| match block {
            Block::Fields { fields, .. } | Block::Heads { fields, .. } => fields.clone(),
            _ => Vec::new(),
        });
        Self {
            schema,
            policy,
            indicators: weighted(schema, policy),
            options,
            printed_fields: printed_fields.collect(),
            label_columns,
            widths,
            heights: Vec::new(),
            pieces: Vec::new(),
            bodies: Vec::new(),
            head_rows: None,
            main,
            table_rows: BTreeMap::new(),
            own_rows: BTreeMap::new(),
        }
    }

    /// The next row to draw.
    pub(super) fn row(&self) -> u32 {
        u32::try_from(self.heights.len()).unwrap_or(u32::MAX)
    }

    /// Columns of the sheet.
    pub(super) fn width(&self) -> usize {
        self.widths.len()
    }

    /// Ends a row that has room for so many lines of text.
    pub(super) fn end_row(&mut self, lines: u32) {
        self.heights.push((f64::from(lines) * LINE + 8.0).clamp(LOWEST, HIGHEST));
    }

    /// A box of so many columns, `height` rows high from the next row on.
    pub(super) fn put(&mut self, col: usize, columns: usize, height: u32, kind: Kind) {
        let at = |col: usize, row: u32| CellRef::new(row, u32::try_from(col).unwrap_or(u32::MAX));
        let row = self.row();
        let range = CellRange::new(at(col, row), at(col + columns.max(1) - 1, row + height.max(1) - 1));
        self.pieces.push(Piece { range, kind });
    }

    /// Printed words, months put right.
    pub(super) fn text(&mut self, col: usize, columns: usize, height: u32, text: &str, look: Look) {
        let text = self.months(text);
        self.put(col, columns, height, Kind::Text { text, look });
    }

    /// A text whose stretch of months ends with the round that is asked for: `1—7月执行数` for a round to September is
    /// `1—9月执行数`.
    pub(super) fn months(&self, text: &str) -> String {
        let (Some(month), Some(printed)) = (self.options.month, self.schema.layout.month) else {
            return text.to_owned();
        };
        let mut new = text.to_owned();
        for dash in ['—', '-', '－', '~', '至'] {
            new = new.replace(&format!("{dash}{printed}月"), &format!("{dash}{month}月"));
        }
        new
    }

    /// Lines that a text takes over some columns.
    pub(super) fn lines(&self, col: usize, columns: usize, text: &str) -> u32 {
        let width: f64 = self.widths.iter().skip(col).take(columns).sum();
        wrapped_lines(text, room(width))
    }
}

/// The classes of a form with the points that the policy gives them.
fn weighted(schema: &Schema, policy: &Policy) -> Option<Indicators> {
    let mut indicators = schema.indicators.clone()?;
    if let Some(set) = policy.weights.get(&schema.id) {
        indicators.execution_points = set.get(EXECUTION).copied().unwrap_or_default();
        for class in &mut indicators.classes {
            class.points = set.get(&class.id).copied();
        }
    }
    Some(indicators)
}

/// Latin characters that fit a width.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a width of a page, rounded down")]
fn room(width: f64) -> u32 {
    width.clamp(2.0, 500.0) as u32
}
