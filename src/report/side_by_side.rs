//! 跨表对照: what a finding says of two forms, one beside the other, for a person to compare.

use super::page::Head;
use super::place;
use super::table::{Cell, Line, Table};
use super::tables::{Material, list};
use crate::finding::{Elsewhere, Finding};
use crate::review::{CheckedForm, Submission};
use crate::rules;
use crate::text::excerpt;

const COLUMNS: [Head; 9] = [
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

/// The table; not there where no finding speaks of another form, or the round is not at hand.
pub(super) fn table(material: &Material<'_>) -> Option<Table> {
    let forms = material.round?.forms();
    let pairs = forms.flat_map(|(submission, checked)| {
        let findings = checked.findings.iter();
        findings
            .flat_map(move |finding| finding.elsewhere.iter().map(move |other| (submission, checked, finding, other)))
    });
    let lines: Vec<Line> = (1..)
        .zip(pairs)
        .map(|(number, (submission, checked, finding, other))| Line {
            path: Vec::new(),
            cells: items(number, submission, checked, finding, other).into(),
        })
        .collect();
    if lines.is_empty() {
        return None;
    }
    let mut table = list("跨表对照", "涉及两张以上表的问题对照", "", &COLUMNS, 2, lines);
    table.notes.push("注：一个问题涉及几张表的，每张一行；列出的是文件和单元格，供逐项比对后认定。".to_owned());
    Some(table)
}

fn items(
    number: usize,
    submission: &Submission,
    checked: &CheckedForm,
    finding: &Finding,
    other: &Elsewhere,
) -> [Cell; 9] {
    let place = match other.cell {
        Some(cell) => format!("{}!{cell}", other.sheet),
        None => other.sheet.clone(),
    };
    [
        Cell::count(number),
        Cell::word(finding.code),
        Cell::text(rules::find(finding.code).map_or(finding.name, |rule| rule.summary)),
        Cell::text(&checked.identity.unit.name),
        Cell::text(format!("{}　{}", submission.source, place::of(finding, &checked.form))),
        Cell::text(excerpt(finding.found.as_deref().unwrap_or(&finding.message), EXCERPT)),
        Cell::text(&other.source),
        Cell::text(place),
        Cell::text(excerpt(&other.text, EXCERPT)),
    ]
}
