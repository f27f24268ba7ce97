//! Findings as marks of cells: one colour and one note a cell, however many findings it has.

use std::collections::BTreeMap;

use crate::address::{CellRange, CellRef};
use crate::finding::{Finding, Severity};
use crate::ooxml::comments::Note;
use crate::review::CheckedForm;
use crate::text::{display_width, wrapped_lines};
use crate::workbook::Workbook;

/// The mark of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    /// The cell, or the merged region whose top-left cell carries the mark.
    pub(super) cell: CellRange,
    /// The worst of its findings.
    pub(super) severity: Severity,
    /// Its note.
    pub(super) note: Note,
}

/// Width and height in pixels of the box a text needs in a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BoxSize {
    /// Pixels.
    pub(super) width: u32,
    /// Pixels.
    pub(super) height: u32,
}

/// Fill colour of a severity, `RRGGBB`: light, so that print and the unit's text stay readable.
pub(super) fn color(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "FFC7CE",
        Severity::Warning => "FFE699",
        Severity::Info => "D6E0EC",
    }
}

/// All fill colours of marks.
pub(super) fn colors() -> [&'static str; 3] {
    Severity::WORST_FIRST.map(color)
}

/// The marks of each sheet, in reading order.
pub(super) fn of(workbook: &Workbook, forms: &[CheckedForm]) -> BTreeMap<String, Vec<Mark>> {
    let mut cells: BTreeMap<(&str, CellRef), (CellRange, Vec<&Finding>)> = BTreeMap::new();
    for finding in forms.iter().flat_map(|form| &form.findings) {
        let Some(at) = finding.cell else { continue };
        let span = workbook.sheet(&finding.sheet).map_or_else(|| at.into(), |sheet| sheet.span(at));
        cells.entry((&finding.sheet, span.start)).or_insert_with(|| (span, Vec::new())).1.push(finding);
    }
    let mut marks: BTreeMap<String, Vec<Mark>> = BTreeMap::new();
    for ((sheet, at), (cell, mut findings)) in cells {
        findings.sort_by_key(|finding| (std::cmp::Reverse(finding.severity), finding.code));
        let severity = findings.iter().map(|finding| finding.severity).max().unwrap_or(Severity::Info);
        marks.entry(sheet.to_owned()).or_default().push(Mark { cell, severity, note: note(at, &findings) });
    }
    marks
}

fn note(at: CellRef, findings: &[&Finding]) -> Note {
    let heading = match findings {
        [only] => format!("审核意见【{}】{}", only.severity, only.code),
        several => format!("审核意见：{} 处", several.len()),
    };
    let mut text = String::new();
    for (number, finding) in (1..).zip(findings) {
        if findings.len() > 1 {
            let gap = if number > 1 { "\n" } else { "" };
            text.push_str(&format!("{gap}{number}.【{}】{}\n", finding.severity, finding.code));
        }
        text.push_str(finding.message.trim());
        let ruling = finding.ruling.as_ref().map(|ruling| ruling.said()).unwrap_or_default();
        for (label, part) in [("修改：", finding.advice.as_str()), ("依据：", finding.authority), ("处理：", &ruling)]
        {
            if !part.trim().is_empty() {
                text.push_str(&format!("\n{label}{}", part.trim()));
            }
        }
    }
    Note { at, heading, text }
}

/// The box a note needs, with room for so many characters that stand above it already. Text is 9 points: 6 pixels a
/// Latin character, 16 a line; a little more, because programs and fonts differ.
pub(super) fn box_size(note: &Note, above: usize) -> BoxSize {
    let all = display_width(&note.text).saturating_add(display_width(&note.heading));
    let room = if all > 400 { 60 } else { 44 };
    let above = u32::try_from(above).unwrap_or(u32::MAX);
    let above = if above == 0 { 0 } else { above.saturating_mul(2).div_ceil(room) + 2 };
    let needed = wrapped_lines(&note.heading, room) + wrapped_lines(&note.text, room) + above.min(20);
    BoxSize { width: room * 7 + 20, height: (needed * 17 + 14).min(640) }
}
