//! 表单明细: one line a form, the list behind most counts.

use rust_decimal::Decimal;

use super::{FORMS, Material, list, or_unnamed};
use crate::coverage::{FormFact, Line as FormLine};
use crate::finding::Severity;
use crate::report::page::Head;
use crate::report::table::{Cell, Line, Table};

pub(super) fn table(material: &Material<'_>) -> Table {
    const HEADS: [Head; 21] = [
        ("序号", 6),
        ("环节", 28),
        ("部门", 18),
        ("单位", 26),
        ("项目", 32),
        ("预算金额", 13),
        ("执行数", 13),
        ("自评得分", 9),
        ("质量得分", 9),
        ("质量等级", 8),
        ("严重", 6),
        ("一般", 6),
        ("提示", 6),
        ("审核", 9),
        ("收到日期", 12),
        ("按期", 7),
        ("报送", 11),
        ("疑似不实", 7),
        ("表单", 24),
        ("工作表", 16),
        ("文件", 40),
    ];
    let statistics = material.statistics;
    let mut lines: Vec<&FormLine<'_>> = statistics.lines.iter().collect();
    // The lines of a department's grade stand together, so that its count leads to them.
    lines.sort_by_key(|line| line.occasion);
    let mut ordered: Vec<&FormLine<'_>> = Vec::with_capacity(lines.len());
    for group in
        lines.chunk_by(|a, b| a.occasion == b.occasion && a.place == b.place && a.form.department == b.form.department)
    {
        let mut group = group.to_vec();
        group.sort_by_key(|line| line.form.band);
        ordered.extend(group);
    }
    let lines = (1..).zip(ordered).map(|(number, line)| form_line(number, line, material));
    list(FORMS, "绩效表单评审明细", "单位：万元、分、处", &HEADS, 4, lines.collect())
}

/// A cell of a form's sheet as links name it: `'表'!E7`; the sheet's first where none is given.
pub(super) fn place_of(form: &FormFact, cell: &str) -> String {
    let cell = if cell.is_empty() { "A1" } else { cell };
    format!("'{}'!{cell}", form.sheet.replace('\'', "''"))
}

fn form_line(number: usize, line: &FormLine<'_>, material: &Material<'_>) -> Line {
    let form = line.form;
    let sum = |amounts: &mut dyn Iterator<Item = Option<Decimal>>| {
        amounts.flatten().fold(None, |sum: Option<Decimal>, amount| Some(sum.unwrap_or_default() + amount))
    };
    let budget = sum(&mut form.items.iter().map(|item| item.budget));
    let executed = sum(&mut form.items.iter().map(|item| item.executed));
    let project = match &form.items[..] {
        [item] if form.speaks_of_projects() => item.name.clone(),
        items if form.speaks_of_projects() => format!("清单 {} 项", items.len()),
        _ => String::new(),
    };
    let file = match material.returned.get(&form.source) {
        Some(path) => Cell::Link {
            path: path.clone(),
            place: place_of(form, form.items.first().map_or("", |item| &item.cell)),
            text: form.source.clone(),
        },
        None => Cell::text(&form.source),
    };
    let review = match (form.passed, line.returned) {
        (true, true) => "整改后通过",
        (true, false) => "通过",
        (false, _) => "退回整改",
    };
    let on_time = match line.on_time {
        Some(true) => "按时",
        Some(false) => "逾期",
        None => "",
    };
    let mut cells = vec![
        Cell::count(number),
        Cell::text(line.occasion.title()),
        Cell::text(or_unnamed(&form.department, "部门")),
        Cell::text(or_unnamed(&form.unit, "单位名称")),
        Cell::text(project),
        Cell::Amount(budget),
        Cell::Amount(executed),
        Cell::Figure(form.own_score),
        Cell::Figure(Some(form.score)),
        Cell::word(form.band.title()),
    ];
    cells.extend(Severity::WORST_FIRST.map(|severity| {
        let faults = form.faults.iter().filter(|fault| fault.severity == severity);
        Cell::count(faults.map(|fault| fault.count).sum())
    }));
    cells.push(Cell::word(review));
    cells.push(Cell::word(line.received.map(|day| day.to_string()).unwrap_or_default()));
    cells.extend([on_time, line.standing.title(), if form.suspect { "是" } else { "" }].map(Cell::word));
    cells.extend([Cell::text(&form.title), Cell::text(&form.sheet), file]);
    let path =
        vec![line.occasion.title(), line.place.to_owned(), form.department.clone(), form.band.title().to_owned()];
    Line { path, cells }
}
