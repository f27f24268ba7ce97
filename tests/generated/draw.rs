//! A filled plan as the sheet that its workbook would be read as, without the way over a file.

use std::collections::BTreeMap;

use jixiao::address::CellRef;
use jixiao::schema::FieldKind;
use jixiao::template::{Entry, Input, Kind, Look, Plan, Role};
use jixiao::workbook::{Cell, Content, NumberFormat, Sheet, Visibility};

/// The sheet; cells of `faults` stand instead of what the plan says, `None` for a blank. A typed sheet has no formulas.
pub(crate) fn sheet(plan: &Plan, faults: &BTreeMap<CellRef, Option<Cell>>, typed: bool) -> Sheet {
    let mut cells = BTreeMap::new();
    let mut merges = Vec::new();
    for piece in &plan.pieces {
        if piece.range.start != piece.range.end {
            merges.push(piece.range);
        }
        if let Some(mut cell) = cell(&piece.kind) {
            cell.formula = cell.formula.filter(|_| !typed);
            cells.insert(piece.range.start, cell);
        }
    }
    for (at, fault) in faults {
        match fault {
            Some(cell) => cells.insert(*at, cell.clone()),
            None => cells.remove(at),
        };
    }
    Sheet::new(&plan.sheet, Visibility::Visible, cells, merges)
}

fn cell(kind: &Kind) -> Option<Cell> {
    match kind {
        Kind::Text { text, .. } if text.is_empty() => None,
        Kind::Text { text, look: Look::Printed } => Some(text.parse().map_or_else(|_| Cell::text(text), Cell::number)),
        Kind::Text { text, .. } => Some(Cell::text(text)),
        Kind::Input(input) => input_cell(input),
        Kind::Computed { computation, result, .. } => {
            let content = result.map_or(Content::Text(String::new()), |result| Content::Number(result.normalize()));
            Some(Cell { content, formula: Some(computation.formula()), format: NumberFormat::General })
        }
    }
}

fn input_cell(input: &Input) -> Option<Cell> {
    let year_line = !input.bordered && input.role == Role::Field("year".to_owned());
    match &input.value {
        None if !input.lead.is_empty() => Some(Cell::text(&input.lead)),
        None if year_line => Some(Cell::text("（    年度）")),
        None => None,
        Some(Entry::Number(number)) if input.lead.is_empty() => {
            let format = match input.kind {
                FieldKind::Rate => NumberFormat::Percent { decimals: 2 },
                _ => NumberFormat::General,
            };
            Some(Cell { format, ..Cell::number(number.normalize()) })
        }
        Some(entry) => Some(Cell::text(format!("{}{entry}", input.lead))),
    }
}
