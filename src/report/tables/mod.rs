//! The tables of the statistics, made from them once for every format.
//!
//! Decides nothing: what is counted is counted in `coverage`.

mod assessment;
mod charts;
mod cover;
mod coverage_table;
mod faults;
mod forms;
mod lists;
mod mending;
mod open_matters;
mod overview;
mod stages;
mod trend;

use std::collections::BTreeMap;

use super::page::Head;
use super::table::{Block, Cell, Column, Drill, Line, Table};
use crate::config::Letterhead;
use crate::coverage::{Assessed, Counts, DepartmentGroup, Grades, Occasion, Statistics, UnitGroup};
use crate::policy::{Band, Policy};
use crate::review::Round;
use crate::rules;

pub(super) use self::charts::charts;
pub(super) use self::lists::category;
pub use self::overview::verdict;

/// What reports are made of.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// The statistics.
    pub statistics: &'a Statistics<'a>,
    /// 考核, most points first.
    pub assessed: &'a [Assessed<'a>],
    /// The policy.
    pub policy: &'a Policy,
    /// By source, the path of the returned workbook from where the report lies.
    pub returned: &'a BTreeMap<String, String>,
    /// Who writes.
    pub letterhead: &'a Letterhead,
    /// The round itself, where it was judged just now: forms beside each other.
    pub round: Option<&'a Round>,
}

/// All tables, in their order. A table that has nothing to say is left out.
pub(super) fn all(material: &Material<'_>) -> Vec<Table> {
    let statistics = material.statistics;
    let mut tables = vec![overview::table(statistics), overview::quality(statistics)];
    tables.extend(coverage_table::places(statistics));
    tables.extend(stages::targets(statistics));
    tables.extend(stages::monitoring(statistics));
    tables.extend(stages::self_evaluations(statistics));
    tables.extend(stages::wholes_and_transfers(statistics));
    tables.extend(lists::ex_ante(material));
    tables.extend(lists::evaluations(statistics));
    tables.extend([faults::frequency(statistics), faults::to_mend(material)]);
    tables.extend(coverage_table::kinds(statistics));
    tables.push(coverage_table::units(statistics));
    tables.extend(assessment::table(material));
    tables.extend(mending::table(statistics));
    tables.extend(trend::table(statistics));
    tables.extend(open_matters::missing(statistics));
    tables.push(forms::table(material));
    tables.extend(lists::evaluated(material));
    tables.extend(super::side_by_side::table(material));
    tables.extend(open_matters::table(statistics));
    tables.insert(0, cover::table(material, &tables));
    tables
}

/// Name of the list of forms.
const FORMS: &str = "表单明细";
/// Name of the list of what is owed.
const MISSING: &str = "未报送名单";

/// A summary: name, title, what is counted in.
pub(super) fn summary(names: [&str; 3], heads: &[Head], fixed: u16, blocks: Vec<Block>) -> Table {
    let [name, title, note] = names.map(str::to_owned);
    let columns = heads.iter().map(|(title, width)| Column { title, width: *width }).collect();
    let (lead, notes) = (Vec::new(), Vec::new());
    Table { name, title, note, lead, columns, fixed, blocks, notes, is_list: false }
}

/// A list: a table of one block without a total.
pub(super) fn list(name: &str, title: &str, note: &str, heads: &[Head], fixed: u16, lines: Vec<Line>) -> Table {
    let block = Block { heading: String::new(), lines, total: None };
    Table { is_list: true, ..summary([name, title, note], heads, fixed, vec![block]) }
}

/// Lines without a path, numbered in their first cell.
pub(super) fn numbered(lines: impl Iterator<Item = Vec<Cell>>) -> Vec<Line> {
    let line = |(number, mut cells): (usize, Vec<Cell>)| {
        cells.insert(0, Cell::count(number));
        Line { path: Vec::new(), cells }
    };
    (1..).zip(lines).map(line).collect()
}

/// Where a department's forms of an occasion stand in the list of forms.
fn forms_of(occasion: Occasion, group: DepartmentGroup<'_>) -> Drill {
    Drill {
        table: FORMS,
        path: vec![occasion.title(), group.place.to_owned(), group.department.to_owned()],
        also: Vec::new(),
    }
}

/// Where its forms of a grade stand.
fn graded_of(occasion: Occasion, group: DepartmentGroup<'_>, band: Band) -> Drill {
    let mut drill = forms_of(occasion, group);
    drill.path.push(band.title().to_owned());
    drill
}

/// Where what it owes stands.
fn missing_of(occasion: Occasion, group: DepartmentGroup<'_>) -> Drill {
    Drill { table: MISSING, ..forms_of(occasion, group) }
}

/// Where the forms of an occasion stand.
fn forms_on(occasion: Occasion) -> Drill {
    Drill { table: FORMS, path: vec![occasion.title()], also: Vec::new() }
}

/// Those of them that say these words in this column.
fn saying(mut drill: Drill, head: &'static str, words: &str) -> Drill {
    drill.also.push((head, words.to_owned()));
    drill
}

pub(super) fn or_unnamed(name: &str, what: &str) -> String {
    if name.is_empty() { format!("（未填{what}）") } else { name.to_owned() }
}

/// The unit as tables name it.
fn unit_name(unit: UnitGroup<'_>) -> String {
    let name = or_unnamed(unit.unit, "单位名称");
    if unit.known { name } else { format!("{name}（名册外）") }
}

/// A department as tables name it: with the place before it, where there are several.
fn department_name(group: DepartmentGroup<'_>, statistics: &Statistics<'_>) -> String {
    let name = or_unnamed(group.department, "部门");
    if statistics.places.len() > 1 { format!("{} {name}", group.place) } else { name }
}

/// 优, 良, 中, 差.
fn grade_cells(grades: Grades, drill: impl Fn(Band) -> Option<Drill>) -> [Cell; 4] {
    Band::ALL.map(|band| Cell::Count(grades.count(band), drill(band)))
}

/// 优良率 of grades in these columns.
fn good_share(grades: Grades, part: &'static [u16], whole: &'static [u16]) -> Cell {
    Cell::Share { part, whole, result: (grades.good().into(), grades.total().into()) }
}

/// `A101 合计不等于各项之和（12）；…`.
fn chief_faults(counts: &Counts) -> String {
    let fault = |(code, count): &(String, usize)| format!("{code} {}（{count}）", summary_of(code));
    counts.chief_faults.iter().map(fault).collect::<Vec<_>>().join("；")
}

fn summary_of(code: &str) -> &'static str {
    rules::find(code).map_or("", |rule| rule.summary)
}
