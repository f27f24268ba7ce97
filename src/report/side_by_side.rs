//! 跨表对照: what a finding says of two forms, one beside the other, for a person to compare.

use rust_xlsxwriter::{Workbook, XlsxError};

use super::page::{Column, Item, Page};
use super::place;
use crate::coverage::FormLine;
use crate::finding::{Elsewhere, Finding};
use crate::rules;
use crate::text::excerpt;

const COLUMNS: [Column; 9] = [
    ("序号", 6),
    ("编码", 7),
    ("问题", 24),
    ("单位", 22),
    ("本表", 26),
    ("本表内容", 34),
    ("对照的表", 28),
    ("位置", 16),
    ("对照内容", 34),
];

/// Characters of a content.
const EXCERPT: usize = 120;

/// Adds the sheet; not where no finding speaks of another form.
pub(super) fn write(workbook: &mut Workbook, forms: &[FormLine<'_>]) -> Result<(), XlsxError> {
    let mut pairs = forms.iter().flat_map(|line| {
        let findings = line.judged.findings.iter();
        findings.flat_map(move |finding| finding.elsewhere.iter().map(move |other| (line, finding, other)))
    });
    let Some(first) = pairs.next() else { return Ok(()) };
    let mut page = Page::new(workbook, "跨表对照", "涉及两张以上表的问题对照", "", &COLUMNS)?;
    page.header(&COLUMNS, Some(2))?;
    for (number, (line, finding, other)) in (1..).zip(std::iter::once(first).chain(pairs)) {
        page.line(&items(number, line, finding, other))?;
    }
    page.paragraph("注：一个问题涉及几张表的，每张一行；列出的是文件和单元格，供逐项比对后认定。")
}

fn items(number: usize, line: &FormLine<'_>, finding: &Finding, other: &Elsewhere) -> [Item; 9] {
    let place = match other.cell {
        Some(cell) => format!("{}!{cell}", other.sheet),
        None => other.sheet.clone(),
    };
    [
        Item::Count(number),
        Item::word(finding.code),
        Item::text(rules::find(finding.code).map_or(finding.name, |rule| rule.summary)),
        Item::text(&line.judged.identity.unit.name),
        Item::text(format!("{}　{}", line.submission.source, place::of(finding, &line.judged.form))),
        Item::text(excerpt(finding.found.as_deref().unwrap_or(&finding.message), EXCERPT)),
        Item::text(&other.source),
        Item::text(place),
        Item::text(excerpt(&other.text, EXCERPT)),
    ]
}
