//! 整改情况: what became of the findings of the submissions before.

use super::{summary, unit_name};
use crate::coverage::Statistics;
use crate::previous::Tally;
use crate::report::page::Head;
use crate::report::table::{Block, Cell, Line, Table};

/// 整改情况; not there where nothing came before.
pub(super) fn table(statistics: &Statistics<'_>) -> Option<Table> {
    const HEADS: [Head; 11] = [
        ("序号", 6),
        ("部门", 20),
        ("单位", 30),
        ("表单", 8),
        ("上次问题", 10),
        ("已改", 8),
        ("未改", 8),
        ("其中已接受", 8),
        ("新增", 8),
        ("反复", 8),
        ("整改率", 10),
    ];
    let (mut forms, total) = (0, statistics.mended()?);
    let mut lines = Vec::new();
    for (number, (unit, count, fates)) in (1..).zip(&statistics.mending) {
        forms += count;
        let mut cells = vec![Cell::count(number), Cell::text(unit.department), Cell::text(unit_name(*unit))];
        cells.extend(counted(*count, *fates));
        lines.push(Line { path: Vec::new(), cells });
    }
    let mut all = vec![Cell::word(""), Cell::text(""), Cell::text("合计")];
    all.extend(counted(forms, total));
    let blocks = vec![Block::new(String::new(), lines, all)];
    let mut table = summary(["整改情况", "上次问题整改情况（按单位）", "单位：张、处"], &HEADS, 3, blocks);
    table.notes.push(
            "注：只数上次也报过的表。上次问题＝已改＋未改；整改率＝已改÷上次问题；新增是上次没有的问题，反复是以前改好过又出现的问题。".to_owned()
    );
    Some(table)
}

fn counted(forms: usize, fates: Tally) -> Vec<Cell> {
    let counts = [forms, fates.before(), fates.settled, fates.unchanged, fates.accepted, fates.new, fates.again];
    let mut cells: Vec<Cell> = counts.into_iter().map(Cell::count).collect();
    cells.push(Cell::Share { part: &[5], whole: &[4], result: (fates.settled.into(), fates.before().into()) });
    cells
}
