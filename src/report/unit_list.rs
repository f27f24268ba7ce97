//! 问题清单.xlsx: every finding of a unit's forms, each with a link to its cell in the marked workbook beside it.

use std::io::{self, Write};

use rust_xlsxwriter::XlsxError;

use super::handback::{Handback, worst_first};
use super::page::{self, Column, Item, Page};
use super::place;
use crate::ooxml::book::quoted;

const SHEET: &str = "问题清单";
const COLUMNS: [Column; 11] = [
    ("序号", 5),
    ("文件", 22),
    ("表单", 18),
    ("级别", 6),
    ("位置", 24),
    ("问题", 46),
    ("填报内容", 16),
    ("应为", 16),
    ("修改建议", 32),
    ("编码", 7),
    ("依据", 24),
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
    let all = handback.forms().map(|(_, form)| form.findings.len()).sum::<usize>();
    let title = format!("{}绩效表问题清单", handback.unit);
    let mut page = Page::new(&mut workbook, SHEET, &title, &format!("共 {all} 处"), &COLUMNS)?;
    page.header(&COLUMNS, None)?;
    let mut number = 0;
    for (file, form) in handback.forms() {
        for finding in worst_first(form) {
            number += 1;
            let place = place::of(finding, &form.form);
            let link = file.name.as_ref().zip(finding.cell).map(|(name, cell)| Item::Link {
                path: name.clone(),
                place: format!("{}!{cell}", quoted(&finding.sheet)),
                text: place.clone(),
            });
            page.line(&[
                Item::Count(number),
                Item::text(file.shown()),
                Item::text(&form.form.schema.title),
                Item::word(finding.severity.title()),
                link.unwrap_or_else(|| Item::text(&place)),
                Item::text(&finding.message),
                Item::text(finding.found.as_deref().unwrap_or_default()),
                Item::text(finding.expected.as_deref().unwrap_or_default()),
                Item::text(&finding.advice),
                Item::word(finding.code),
                Item::text(finding.basis()),
            ])?;
        }
    }
    if number == 0 {
        page.paragraph("没有发现问题。")?;
    }
    workbook.save_to_buffer()
}
