//! A sheet written as lines of text: the form of the case files of rules, and of tests that need no file.
//!
//! One line a row, cells between `|`. `<` merges with the cell to the left, `^` with the cell above. A cell that
//! reads as a plain number becomes one, `95%` becomes 0.95 shown as a percentage; a leading `'` keeps text.
//! A leading `=` starts a formula: `=SUM(B2:B4) ~ 12` has 12 as its cached result. `\n` is a line break.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::cell::{Cell, Content, NumberFormat};
use super::sheet::{Sheet, Visibility};
use crate::address::{CellRange, CellRef};
use crate::value::parse_number;

/// A text grid that says something impossible.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{at}：{problem}")]
pub struct BadGrid {
    /// The cell.
    pub at: CellRef,
    /// What is wrong.
    pub problem: &'static str,
}

/// The sheet that the text draws. Blank lines before the first and after the last row are dropped.
///
/// # Errors
/// A merge mark without a neighbour, or marks that do not form a rectangle.
pub fn sheet_from_text(name: &str, text: &str) -> Result<Sheet, BadGrid> {
    let mut cells = BTreeMap::new();
    // Region of each drawn cell, by its top-left.
    let mut regions: BTreeMap<CellRef, CellRange> = BTreeMap::new();
    let mut anchors: BTreeMap<CellRef, CellRef> = BTreeMap::new();
    for (row, line) in (0_u32..).zip(text.trim_matches('\n').lines()) {
        for (col, drawn) in (0_u32..).zip(line.split('|')) {
            let at = CellRef::new(row, col);
            let drawn = drawn.trim();
            let neighbour = match drawn {
                "<" => Some(col.checked_sub(1).map(|col| CellRef::new(row, col))),
                "^" => Some(row.checked_sub(1).map(|row| CellRef::new(row, col))),
                _ => None,
            };
            let Some(neighbour) = neighbour else {
                anchors.insert(at, at);
                if !drawn.is_empty() {
                    cells.insert(at, cell(drawn));
                }
                continue;
            };
            let anchor = neighbour
                .and_then(|n| anchors.get(&n))
                .copied()
                .ok_or(BadGrid { at, problem: "合并标记旁边没有单元格" })?;
            anchors.insert(at, anchor);
            let region = regions.entry(anchor).or_insert_with(|| anchor.into());
            *region = CellRange::new(anchor, CellRef::new(region.end.row.max(row), region.end.col.max(col)));
        }
    }
    for (anchor, region) in &regions {
        let drawn = anchors.values().filter(|a| *a == anchor).count();
        if drawn as u64 != u64::from(region.width()) * u64::from(region.height()) {
            return Err(BadGrid { at: *anchor, problem: "合并区域不是矩形" });
        }
    }
    Ok(Sheet::new(name, Visibility::Visible, cells, regions.into_values().collect()))
}

fn cell(drawn: &str) -> Cell {
    if let Some(text) = drawn.strip_prefix('\'') {
        return Cell::text(text.replace("\\n", "\n"));
    }
    if let Some((formula, cached)) = drawn.strip_prefix('=').and_then(|f| f.split_once(" ~ ")) {
        return Cell { formula: Some(formula.trim().to_owned()), ..cell(cached.trim()) };
    }
    if let Some(number) = drawn.strip_suffix('%').and_then(parse_number) {
        return Cell {
            content: Content::Number(number / Decimal::ONE_HUNDRED),
            formula: None,
            format: NumberFormat::Percent { decimals: number.scale() },
        };
    }
    match parse_number(drawn) {
        Some(number) => Cell::number(number),
        None => Cell::text(drawn.replace("\\n", "\n")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merge_marks_draw_rectangles() {
        let sheet = sheet_from_text("表", "标题|<|<\n资金|总额|12.5\n^|其中|95%").expect("a valid grid");
        assert_eq!(sheet.merges().len(), 2);
        assert_eq!(sheet.shown(CellRef::new(0, 2)), "标题");
        assert_eq!(sheet.shown(CellRef::new(2, 0)), "资金");
        assert_eq!(sheet.shown(CellRef::new(2, 2)), "95%");
    }

    #[test]
    fn a_merge_that_is_no_rectangle_is_refused() {
        assert!(sheet_from_text("表", "甲|<\n^|乙").is_err());
        assert!(sheet_from_text("表", "<").is_err());
    }
}
