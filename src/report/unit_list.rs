//! 问题清单.xlsx: every finding of a unit's forms, each with a link to its cell in the marked workbook beside it, as a table
//! to be printed on A4.

use std::io::{self, Write};

use rust_xlsxwriter::XlsxError;

use super::handback::{Handback, HandbackFile};
use super::page::{self, Head, Page};
use super::table::Cell;
use crate::finding::{Finding, Severity};
use crate::ooxml::book::quoted;
use crate::rules;
use crate::text::one_line;

const SHEET: &str = "问题清单";
const COLUMNS: [Head; 10] = [
    ("序号", 5),
    ("文件、工作表", 18),
    ("位置", 9),
    ("级别", 6),
    ("规则", 15),
    ("问题", 38),
    ("填报内容", 12),
    ("应为", 12),
    ("修改建议", 28),
    ("依据", 18),
];

/// Writes the list.
///
/// # Errors
/// What the writer reports.
pub fn write(handback: &Handback<'_>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(&build(handback).map_err(io::Error::other)?)
}

fn build(handback: &Handback<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = page::workbook(SHEET)?;
    let title = format!("{}绩效表问题清单", one_line(handback.unit));
    let mut page = Page::new(&mut workbook, SHEET, &title, &counted(handback), &COLUMNS)?;
    page.header(&COLUMNS, Some(0))?;
    let mut number = 0;
    for (file, form) in handback.forms() {
        let mut findings: Vec<&Finding> = form.findings.iter().collect();
        // Stable: of equally bad ones the order of the form stays.
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        for finding in findings {
            number += 1;
            page.line(&line(number, file, finding))?;
        }
    }
    for (file, reason) in handback.unjudged() {
        number += 1;
        let mut items = vec![Cell::count(number), Cell::text(one_line(file.shown())), Cell::word("（整个文件）")];
        items.extend([Cell::word(Severity::Error.title()), Cell::text("没有审核"), Cell::text(one_line(&reason))]);
        items.extend(["", ""].map(Cell::word));
        items.extend([Cell::text("按下发的模板填报，以 .xlsx 格式重新报送。"), Cell::word("")]);
        page.line(&items)?;
    }
    if number == 0 {
        page.paragraph("没有发现问题。")?;
    }
    workbook.save_to_buffer()
}

/// `表 2 张；严重 1 处，一般 3 处，提示 0 处`.
fn counted(handback: &Handback<'_>) -> String {
    let count = |severity| handback.forms().map(|(_, form)| form.count(severity)).sum::<usize>();
    let counts = Severity::WORST_FIRST.map(|severity| format!("{severity} {} 处", count(severity)));
    let accepted = handback.forms().map(|(_, form)| form.accepted()).sum::<usize>();
    let accepted = if accepted > 0 { format!("，已接受 {accepted} 处") } else { String::new() };
    format!("表 {} 张；{}{accepted}", handback.forms().count(), counts.join("，"))
}

fn line(number: usize, file: &HandbackFile<'_>, finding: &Finding) -> Vec<Cell> {
    // In one line: LibreOffice does not wrap links. The problem names the label.
    let place = finding.cell.map_or_else(|| "（全表）".to_owned(), |cell| cell.to_string());
    // In a workbook made anew the cell may stand elsewhere: the link leads to its first page, which tells.
    let cell = finding.cell.filter(|_| file.in_place).map(|cell| format!("{}!{cell}", quoted(&finding.sheet)));
    let link = file.name.as_ref().map(|name| Cell::Link {
        path: name.clone(),
        place: cell.unwrap_or_default(),
        text: place.clone(),
    });
    let rule = rules::find(finding.code).map_or("", |rule| rule.summary);
    // What the bureau accepts stays in sight and need not be mended.
    let advice = match &finding.ruling {
        Some(ruling) => format!("{}\n{}", finding.advice, ruling.said()),
        None => finding.advice.clone(),
    };
    vec![
        Cell::count(number),
        Cell::text(format!("{}\n{}", one_line(file.shown()), one_line(&finding.sheet))),
        link.unwrap_or_else(|| Cell::text(&place)),
        Cell::word(finding.severity.title()),
        Cell::text(format!("{} {rule}", finding.code)),
        Cell::text(&finding.message),
        Cell::text(finding.found.as_deref().unwrap_or_default()),
        Cell::text(finding.expected.as_deref().unwrap_or_default()),
        Cell::text(advice),
        Cell::text(finding.basis()),
    ]
}
