//! The columns of the sheet, made for its widest table.

use super::columns::{NARROW, fit, page_width};
use crate::schema::concept;
use crate::schema::{Block, ColumnSpec, ListColumn, Schema};
use crate::text::display_width;

/// Columns for the labels at the left: some thirteen characters wide, with room beside them for so many boxes.
pub(super) fn label_columns(widths: &[f64], beside: usize) -> usize {
    let mut count = 1;
    let sum = |count: usize| widths.iter().take(count).sum::<f64>();
    while sum(count) < 13.0 && widths.len() > count + beside && (sum(count) < 8.0 || sum(count + 1) <= 24.0) {
        count += 1;
    }
    count
}

/// Boxes that a block prints right of its label.
pub(super) fn boxes_beside_label(block: &Block) -> usize {
    match block {
        Block::Fields { fields, .. } => (fields.len() * 2).saturating_sub(1),
        Block::Heads { fields, .. } => fields.len(),
        Block::Grid { columns, .. } => columns.len().max(1) + 1,
        Block::Table { columns, left, label, .. } => {
            (columns.len() + left.len()).saturating_sub(usize::from(label.is_empty()))
        }
    }
}

/// A table for which the columns of the sheet may be made.
struct Widest {
    number: usize,
    indicators: bool,
    /// Its columns, those left of a list with them.
    specs: Vec<ColumnSpec>,
    /// Width of the longest text that each comes with.
    printed: Vec<u32>,
    /// Columns of the sheet left of its own.
    left: usize,
}

/// What a list prints left of its indicators, as a column.
pub(super) fn listed(schema: &Schema, column: &ListColumn) -> Option<ColumnSpec> {
    match column {
        ListColumn::Field(id) => {
            let field = schema.field(id)?;
            Some(ColumnSpec {
                id: field.id.clone(),
                label: field.label.clone(),
                labels: field.labels.clone(),
                kind: field.kind,
                required: field.required,
                choices: field.choices.clone(),
                max_chars: field.max_chars,
                unique: false,
            })
        }
        ListColumn::Amount { grid, column } => {
            let spec = schema.grid(grid)?.column(column)?;
            Some(ColumnSpec { id: format!("{grid}.{column}"), ..spec.clone() })
        }
    }
}

/// The columns of the sheet: those of the widest table, more where another block needs them. With the table's place
/// among the blocks and the columns that each of its own takes.
pub(super) fn columns(schema: &Schema, blocks: &[Block]) -> (Vec<f64>, Option<(usize, Vec<usize>)>) {
    let page = page_width(schema.layout.landscape);
    let tables = blocks.iter().enumerate().filter_map(|(number, block)| match block {
        Block::Table { table, columns, left, label, printed, .. } => {
            let spec = schema.table(table)?;
            let own = columns.iter().filter_map(|id| spec.column(id)).cloned();
            let specs: Vec<ColumnSpec> = left.iter().filter_map(|one| listed(schema, one)).chain(own).collect();
            let longest =
                |at: usize| printed.iter().filter_map(|row| row.get(at)).map(|text| display_width(text)).max();
            let printed: Vec<u32> = (0..specs.len()).map(|at| longest(at).unwrap_or(0)).collect();
            let left = if label.is_empty() { left.len() } else { 1 };
            Some(Widest { number, indicators: table == concept::INDICATORS, specs, printed, left })
        }
        _ => None,
    });
    // The indicator table is the one to which units add rows: its cells should not be merged.
    let widest = tables.reduce(|one, other| {
        let more = other.specs.len() > one.specs.len();
        let better = if one.indicators == other.indicators { more } else { other.indicators };
        if better { other } else { one }
    });
    let needed = blocks.iter().map(|block| boxes_beside_label(block) + 1).max().unwrap_or(1);
    let (mut widths, mut main) = match widest {
        Some(Widest { number, specs, printed, left, .. }) => {
            let labelled = matches!(blocks.get(number), Some(Block::Table { label, .. }) if !label.is_empty());
            let mut widths = if labelled { vec![NARROW] } else { Vec::new() };
            let refs: Vec<&ColumnSpec> = specs.iter().collect();
            widths.extend(fit(&refs, &printed, if labelled { NARROW } else { 0.0 }, page));
            let own = widths.len() - left;
            (widths, Some((number, vec![1; own])))
        }
        None => (vec![page / 6.0; 6], None),
    };
    // Pairs of labels and values need a column of a label's width between wide ones.
    let paired = blocks.iter().any(|block| matches!(block, Block::Fields { fields, .. } if fields.len() > 1));
    while let Some((at, width)) = widths.iter().copied().enumerate().max_by(|one, other| one.1.total_cmp(&other.1)) {
        let too_wide = paired && width > 26.0 && widths.len() < 8;
        if widths.len() >= needed && !too_wide {
            break;
        }
        let first = if too_wide { width - 13.0 } else { width / 2.0 };
        widths.splice(at..=at, [first, width - first]);
        if let Some((_, spans)) = &mut main {
            // Which of the table's columns the split one belongs to; none where it is the label's.
            let mut end = widths.len() - 1 - spans.iter().sum::<usize>();
            for span in spans.iter_mut() {
                end += *span;
                if at < end {
                    *span += 1;
                    break;
                }
            }
        }
    }
    (widths, main)
}
