//! 趋势: a kind of form by years and rounds.

use super::{good_share, grade_cells, summary};
use crate::coverage::{Statistics, TrendPoint};
use crate::report::page::Head;
use crate::report::table::{Block, Cell, Line, Table};

/// 趋势; not there where every kind came once.
pub(super) fn table(statistics: &Statistics<'_>) -> Option<Table> {
    const HEADS: [Head; 17] = [
        ("年度、轮次", 30),
        ("审核", 22),
        ("应报", 8),
        ("已报", 8),
        ("报送率", 9),
        ("部门数", 8),
        ("单位数", 8),
        ("项目数", 8),
        ("金额", 14),
        ("优", 7),
        ("良", 7),
        ("中", 7),
        ("差", 7),
        ("优良率", 9),
        ("平均得分", 9),
        ("通过", 7),
        ("已整改", 8),
    ];
    let points = &statistics.trend;
    let mut blocks = Vec::new();
    for kind in points.chunk_by(|a, b| {
        (a.occasion.stage, a.occasion.subject, a.place) == (b.occasion.stage, b.occasion.subject, b.place)
    }) {
        let Some(first) = kind.first() else { continue };
        let place = if statistics.places.len() > 1 { first.place } else { "" };
        let heading = format!("{place}{}", first.occasion.kind());
        blocks.push(Block { heading, lines: kind.iter().map(line).collect(), total: None });
    }
    if blocks.is_empty() {
        return None;
    }
    let names = ["趋势", "各年度、各轮次情况对比", "单位：个、张、万元、分"];
    let mut table = summary(names, &HEADS, 1, blocks);
    table.notes.push("注：每行是一次审核看到的情况；几次审核同一年度同一轮次的表，汇总表里以最后一次为准。".to_owned());
    Some(table)
}

fn line(point: &TrendPoint<'_>) -> Line {
    let counts = &point.counts;
    let forms = counts.forms;
    let mut reviewed: Vec<String> = Vec::new();
    reviewed.extend(point.round.day.map(|day| day.to_string()));
    reviewed.extend(Some(point.round.name.clone()).filter(|name| !name.is_empty()));
    let mut cells = vec![
        Cell::text(point.occasion.title()),
        Cell::text(reviewed.join(" ")),
        Cell::count(forms.due),
        Cell::count(if forms.due == 0 { forms.received - forms.repeated } else { forms.delivered }),
        Cell::Share { part: &[3], whole: &[2], result: (forms.delivered.into(), forms.due.into()) },
        Cell::count(counts.departments.received),
        Cell::count(counts.units.received),
        Cell::count(counts.projects.received),
        Cell::Amount(Some(counts.money.received)),
    ];
    cells.extend(grade_cells(counts.grades, |_| None));
    cells.push(good_share(counts.grades, &[9, 10], &[9, 10, 11, 12]));
    cells.push(Cell::Figure(counts.score.mean()));
    cells.extend([forms.passed, forms.corrected].map(Cell::count));
    Line { path: Vec::new(), cells }
}
