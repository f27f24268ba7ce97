//! 未报送名单, and what else a person has to follow up: unknown units and projects, files that were not judged.

use super::{MISSING, list, numbered, or_unnamed};
use crate::coverage::{Due, Statistics, Unknown};
use crate::report::page::Head;
use crate::report::table::{Cell, Line, Table};

/// Names of projects in a cell, at most.
const NAMED: usize = 10;

/// 未报送名单; not there without a roster.
pub(super) fn missing(statistics: &Statistics<'_>) -> Option<Table> {
    const HEADS: [Head; 11] = [
        ("序号", 6),
        ("环节", 28),
        ("部门", 20),
        ("单位", 26),
        ("应报表单", 28),
        ("应报", 7),
        ("已报", 7),
        ("未报", 7),
        ("截止日期", 12),
        ("未报的项目", 44),
        ("下一步", 40),
    ];
    if !statistics.against_roster {
        return None;
    }
    let line = |(number, due): (usize, &Due<'_>)| {
        let next = match &due.unit.hint {
            Some(source) => format!("先核对未能评审的文件 {source}，看是否为该单位所报"),
            None => "催报".to_owned(),
        };
        let cells = vec![
            Cell::count(number),
            Cell::text(due.occasion.title()),
            Cell::text(or_unnamed(&due.unit.department, "部门")),
            Cell::text(&due.unit.name),
            Cell::text(due.form),
            Cell::count(due.forms),
            Cell::count(due.delivered),
            Cell::count(due.forms - due.delivered),
            Cell::word(due.deadline.map(|day| day.to_string()).unwrap_or_default()),
            Cell::text(named(&due.lacking)),
            Cell::text(next),
        ];
        let path = vec![due.occasion.title(), due.place.to_owned(), due.unit.department.clone(), due.unit.name.clone()];
        Line { path, cells }
    };
    let lines = (1..).zip(statistics.missing()).map(line).collect();
    Some(list(MISSING, "未报送名单", "单位：张", &HEADS, 4, lines))
}

/// Names, at most so many.
fn named(names: &[&str]) -> String {
    match names.get(..NAMED) {
        Some(first) if names.len() > NAMED => format!("{}等 {} 个", first.join("、"), names.len()),
        _ => names.join("、"),
    }
}

/// 未识别与名册外; not there where there is nothing.
pub(super) fn table(statistics: &Statistics<'_>) -> Option<Table> {
    const HEADS: [Head; 5] = [("序号", 6), ("类别", 14), ("单位或文件", 44), ("情况", 60), ("下一步", 40)];
    let units = statistics.unknown_units.iter().map(unknown_unit);
    let projects = statistics.unknown_projects.iter().map(unknown_project);
    let files = statistics.unjudged.iter().map(|(_, file)| {
        let next = match file.kind.as_str() {
            "未审" => "不是应报材料的不用处理",
            _ => "与单位核对后重新报送",
        };
        [file.kind.clone(), file.source.clone(), file.reason.clone(), next.to_owned()]
    });
    let cells = |[kind, what, state, next]: [String; 4]| {
        vec![Cell::word(kind), Cell::text(what), Cell::text(state), Cell::text(next)]
    };
    let lines = numbered(units.chain(projects).chain(files).map(cells));
    (!lines.is_empty()).then(|| list("未识别与名册外", "未识别、名册外、台账外情况", "", &HEADS, 0, lines))
}

fn unknown_unit(unknown: &Unknown<'_>) -> [String; 4] {
    let (name, next) = match (unknown.unit, unknown.suggestion) {
        ("", _) => ("（未填单位名称）".to_owned(), "请单位填写单位名称".to_owned()),
        (unit, Some(near)) => {
            (unit.to_owned(), format!("如确为“{near}”，请在名册“简称/别名”列加上此名称；否则核对名册"))
        }
        (unit, None) => (unit.to_owned(), "核对名册是否漏列".to_owned()),
    };
    ["名册外单位".to_owned(), name, seen_in(unknown), next]
}

fn unknown_project(unknown: &Unknown<'_>) -> [String; 4] {
    let next = match unknown.suggestion {
        _ if unknown.unit_unknown => "先认出单位（见“名册外单位”），再核对项目台账".to_owned(),
        Some(near) => format!("如确为“{near}”，请在项目台账“别名”列加上此名称；否则补入台账"),
        None => "核对项目台账是否漏列".to_owned(),
    };
    let what = format!("{} {}", unknown.unit, unknown.project);
    ["台账外项目".to_owned(), what.trim().to_owned(), seen_in(unknown), next]
}

fn seen_in(unknown: &Unknown<'_>) -> String {
    let sources: Vec<&str> = unknown.sources.iter().copied().collect();
    format!("见 {}", named(&sources))
}
