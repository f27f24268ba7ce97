//! Titles: which line of a sheet names a form, and what belongs to it above.

use super::page::Page;
use crate::address::CellRef;
use crate::text::{label_key, squeeze};
use crate::workbook::Content;

/// 附件 lines, year lines and units above a title belong to it: walk up while rows are short head lines.
pub(super) fn start_of_head(page: &Page<'_>, row: u32, floor: u32) -> u32 {
    let mut start = row;
    while let Some(above) = start.checked_sub(1).filter(|above| *above > floor) {
        let mut filled = page.filled(above);
        let head = match (filled.next(), filled.next()) {
            (None, _) => false,
            (Some((_, cell)), None) => {
                let text = squeeze(&cell.shown());
                text.starts_with("附件") || text.starts_with("附表") || text.starts_with("报表编号")
            }
            _ => false,
        };
        if !head {
            break;
        }
        start = above;
    }
    start
}

/// A cell that reads like the title of a form and stands alone in its row but for short marks.
pub(super) fn title_of_row(page: &Page<'_>, row: u32) -> Option<CellRef> {
    let boxes: Vec<_> = page.filled(row).collect();
    let (at, cell) = boxes.iter().find(|(_, cell)| matches!(&cell.content, Content::Text(text) if is_title(text)))?;
    let others = boxes.iter().filter(|(other, _)| other != at).all(|(_, cell)| cell.shown().chars().count() <= 12);
    let labelled = boxes.iter().any(|(other, _)| other < at && page.key(*other).ends_with("名称"));
    (others && !labelled && !cell.is_blank()).then_some(*at)
}

fn is_title(text: &str) -> bool {
    // Most cells are settled without folding them.
    if !text.contains('表') && !text.contains("清单") && !text.contains("台账") {
        return false;
    }
    let squeezed = squeeze(text);
    let key = label_key(text);
    let named = ["绩效", "自评", "监控", "事前评估", "目标申报", "重点评价"].iter().any(|word| key.contains(word));
    let ends = key.ends_with('表')
        || key.ends_with("清单")
        || key.ends_with("台账")
        || key.ends_with("表年度")
        || key.contains("表年")
        || (key.contains('表') && squeezed.ends_with(')'));
    named && ends && squeezed.chars().count() <= 60
}
