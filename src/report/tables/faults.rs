//! 表5 and 表6: which problems are frequent, and who has to mend what.

use super::{Material, list, numbered, or_unnamed, summary_of};
use crate::coverage::{FaultCount, Statistics};
use crate::finding::Severity;
use crate::report::page::Head;
use crate::report::table::{Cell, Drill, Line, Table};
use crate::rules;

/// Name of the list of what has to be mended.
const TO_MEND: &str = "表6问题整改清单";

/// 表5.
pub(super) fn frequency(statistics: &Statistics<'_>) -> Table {
    const HEADS: [Head; 11] = [
        ("序号", 6),
        ("问题编码", 9),
        ("问题名称", 28),
        ("问题描述", 44),
        ("级别", 7),
        ("出现次数", 8),
        ("涉及表单", 8),
        ("涉及单位", 8),
        ("涉及项目", 8),
        ("表单占比", 9),
        ("例", 52),
    ];
    let all = statistics.judged().count();
    let lines = statistics.faults.iter().map(|fault| {
        let (at, cell, message) = fault.example;
        let example = statistics.lines.get(at).map_or_else(String::new, |line| {
            let place = if cell.is_empty() { String::new() } else { format!(" {cell}") };
            format!("{}{place}：{message}", or_unnamed(&line.form.unit, "单位名称"))
        });
        let share = rust_decimal::Decimal::from(fault.forms).checked_div(all.into());
        vec![
            Cell::word(fault.code),
            Cell::text(rules::find(fault.code).map_or("", |rule| rule.name)),
            Cell::text(summary_of(fault.code)),
            Cell::word(fault.severity.title()),
            Cell::Count(fault.findings, to_mend_of(fault)),
            Cell::count(fault.forms),
            Cell::count(fault.units),
            Cell::count(fault.projects),
            Cell::Percent(share),
            Cell::text(example),
        ]
    });
    let mut table = list("表5问题频次", "常见问题频次表", "单位：次、张、个", &HEADS, 0, numbered(lines));
    table.notes.push(format!(
        "注：表单占比＝有这个问题的表单÷评审的表单 {all} 张；财政部门已接受的问题不计。问题的含义和改法见 jixiao explain 问题编码。"
    ));
    table
}

/// Where the forms to be mended stand; what is only to be known of is in no list.
fn to_mend_of(fault: &FaultCount<'_>) -> Option<Drill> {
    let drill = Drill { table: TO_MEND, path: Vec::new(), also: vec![("问题编码", fault.code.to_owned())] };
    (fault.severity > Severity::Info).then_some(drill)
}

/// 表6: the problems of every form, those to be told left out, the forms of a department together.
pub(super) fn to_mend(material: &Material<'_>) -> Table {
    const HEADS: [Head; 12] = [
        ("序号", 6),
        ("环节", 26),
        ("部门", 18),
        ("单位", 24),
        ("项目", 28),
        ("问题编码", 9),
        ("问题", 52),
        ("位置", 22),
        ("处数", 6),
        ("级别", 7),
        ("整改要求", 18),
        ("整改期限", 16),
    ];
    let mut lines = Vec::new();
    for line in material.statistics.judged() {
        let form = line.form;
        let occasion = line.occasion.title();
        let project = form.items.first().filter(|_| form.subject.is_project()).map_or("", |item| &item.name);
        for fault in form.faults.iter().filter(|fault| fault.severity > Severity::Info) {
            let demand = if form.passed { "修改完善" } else { "修改后重新报送" };
            let cells = vec![
                Cell::count(lines.len() + 1),
                Cell::text(&occasion),
                Cell::text(&form.department),
                Cell::text(or_unnamed(&form.unit, "单位名称")),
                Cell::text(project),
                Cell::word(&fault.code),
                Cell::text(&fault.message),
                Cell::text(format!("{} {}", form.sheet, fault.cell).trim_end()),
                Cell::count(fault.count),
                Cell::word(fault.severity.title()),
                Cell::word(demand),
                Cell::word(&material.letterhead.deadline),
            ];
            let path = vec![occasion.clone(), line.place.to_owned(), form.department.clone(), form.unit.clone()];
            lines.push(Line { path, cells });
        }
    }
    let mut table = list(TO_MEND, "问题整改清单", "单位：处", &HEADS, 4, lines);
    table.notes.push("注：同一张表同一问题列一行，写第一处的位置和内容，其余各处见退回的表；提示不列入。".to_owned());
    table
}
