//! Draws a form from top to bottom: title, blocks, notes, signatures.

use std::sync::Arc;

use super::blocks::blocks;
use super::canvas::{Draw, Options};
use super::check_sheet;
use super::checks;
use super::columns::{SHRUNK, page_height, page_width};
use super::compute::Computation;
use super::instructions;
use super::plan::{Kind, Plan, Role};
use crate::policy::Policy;
use crate::schema::concept::field;
use crate::schema::{Block, Schema};

/// The plan of a form under a policy.
#[must_use]
pub fn plan(schema: &Arc<Schema>, policy: &Policy, options: &Options) -> Plan {
    let blocks = blocks(schema);
    let blocks = match &options.own {
        Some(own) => own.widen(schema, blocks),
        None => blocks,
    };
    let mut draw = Draw::new(schema, policy, options, &blocks);
    draw.head(&blocks);
    for (number, block) in blocks.iter().enumerate() {
        draw.block(number, block, &blocks);
    }
    draw.foot();
    draw.total_score_field();
    draw.fill_page();
    let (checks, required) = checks::checks(&draw);
    let mut plan = Plan {
        schema: Arc::clone(schema),
        indicators: draw.indicators,
        sheet: sheet_name(&schema.title),
        columns: draw.widths,
        rows: draw.heights,
        pieces: draw.pieces,
        checks,
        required,
        head_rows: draw.head_rows,
        own_rows: draw.own_rows,
        overruled: Vec::new(),
    };
    plan.pieces.sort_by_key(|piece| piece.range.start);
    options.prefill.fill(&mut plan);
    if let Some(own) = &options.own {
        own.fill(&mut plan);
    }
    plan.compute();
    plan
}

/// The title as the name of a sheet: Excel takes 31 characters, and not all of them. The names of the sheets beside it
/// are taken.
fn sheet_name(title: &str) -> String {
    let mut room = 31_usize;
    let fits = |c: &char| {
        let left = room.checked_sub(c.len_utf16());
        room = left.unwrap_or(room);
        left.is_some()
    };
    let name: String = title.chars().filter(|c| !"[]:*?/\\'".contains(*c)).take_while(fits).collect();
    match name.trim() {
        "" => "表".to_owned(),
        taken if [check_sheet::NAME, instructions::NAME].contains(&taken) => format!("{taken}表"),
        _ => name,
    }
}

impl Draw<'_> {
    fn block(&mut self, number: usize, block: &Block, blocks: &[Block]) {
        match block {
            Block::Fields { fields, lines } => self.fields(fields, *lines),
            Block::Heads { label, fields, lines } => self.heads(label, fields, *lines),
            Block::Grid { grid, label, rows, columns } => {
                if let Some(spec) = self.schema.grid(grid) {
                    self.grid(spec, label, rows, columns);
                }
            }
            Block::Table { .. } => self.table(number, block, blocks),
        }
    }

    /// Rows of tables become higher, by half at most, where the page has room for it, and lower, down to their text, where
    /// the form then keeps to one page.
    fn fill_page(&mut self) {
        const LOW: f64 = 0.8;
        let landscape = self.schema.layout.landscape;
        let scale = (page_width(landscape) / self.widths.iter().sum::<f64>()).min(1.0);
        let in_body = |row: usize| {
            let row = u32::try_from(row).unwrap_or(u32::MAX);
            self.bodies.iter().any(|body| (body.rows.0..=body.rows.1).contains(&row))
        };
        let rows: Vec<usize> = (0..self.heights.len()).filter(|row| in_body(*row)).collect();
        let body: f64 = rows.iter().filter_map(|row| self.heights.get(*row)).sum();
        let spare = page_height(landscape) / scale - self.heights.iter().sum::<f64>();
        let lowest = (self.heights.iter().sum::<f64>() - body * (1.0 - LOW)) * scale;
        if lowest > page_height(landscape) * SHRUNK {
            return;
        }
        let factor = 1.0 + (spare / body.max(1.0)).clamp(LOW - 1.0, 0.5);
        for row in rows {
            if let Some(height) = self.heights.get_mut(row) {
                *height = (*height * factor).floor();
            }
        }
    }

    /// A total score in the head is what the scores make.
    fn total_score_field(&mut self) {
        let ranges = checks::score_ranges(self);
        if ranges.is_empty() {
            return;
        }
        let role = Role::Field(field::TOTAL_SCORE.to_owned());
        for piece in &mut self.pieces {
            if let Kind::Input(input) = &piece.kind
                && input.role == role
            {
                let (label, kind) = (input.label.clone(), input.kind);
                let computation = Computation::Sum(ranges.clone());
                piece.kind = Kind::Computed { role: role.clone(), label, computation, result: None, kind };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_title_gives_a_name_that_a_sheet_may_have() {
        assert_eq!(sheet_name("项目支出绩效自评表（2024/2025）"), "项目支出绩效自评表（20242025）");
        assert_eq!(sheet_name(&"绩".repeat(40)).chars().count(), 31);
        assert_eq!(sheet_name(&"𠮷".repeat(40)).chars().count(), 15);
        assert_eq!([sheet_name("??"), sheet_name("自检"), sheet_name("填报说明")], ["表", "自检表", "填报说明表"]);
    }
}
