//! Findings as marks of cells: one colour and one note a cell, however many findings it has.

use std::collections::BTreeMap;

use crate::address::{CellRange, CellRef};
use crate::finding::{Finding, Severity, told};
use crate::ooxml::comments::{HEADING, Note};
use crate::review::{CheckedForm, Correction, Corrections};
use crate::text::{as_written, display_width, excerpt, wrapped_lines};
use crate::workbook::Workbook;

/// The mark of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    /// The cell, or the merged region whose top-left cell carries the mark.
    pub(super) cell: CellRange,
    /// Its colour, `RRGGBB`: that of the worst finding that is left, else that of a corrected cell.
    pub(super) fill: &'static str,
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

/// Fill colour of a severity, `RRGGBB`: light, so that print and the unit's text stay readable, and the darker the worse,
/// so that a print in black and white tells them apart.
pub(super) fn color(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "F8A0A8",
        Severity::Warning => "FFDC6E",
        Severity::Info => "E4EEF8",
    }
}

/// Fill colour of a corrected cell, `RRGGBB`.
pub(super) const CORRECTED: &str = "B0DFA6";

/// All fill colours of marks.
pub(super) fn colors() -> [&'static str; 4] {
    let [error, warning, info] = Severity::WORST_FIRST.map(color);
    [error, warning, info, CORRECTED]
}

/// What is to be said at a cell.
struct Said<'a> {
    cell: CellRange,
    findings: Vec<&'a Finding>,
    correction: Option<&'a Correction>,
}

/// The marks of each sheet, in reading order.
pub(super) fn of(workbook: &Workbook, forms: &[CheckedForm], corrections: &Corrections) -> BTreeMap<String, Vec<Mark>> {
    let mut cells: BTreeMap<(&str, CellRef), Said<'_>> = BTreeMap::new();
    let said = |cell| Said { cell, findings: Vec::new(), correction: None };
    let span = |sheet: &str, at: CellRef| workbook.sheet(sheet).map_or_else(|| at.into(), |sheet| sheet.span(at));
    for finding in forms.iter().flat_map(|form| &form.findings) {
        let Some(at) = finding.cell else { continue };
        let span = span(&finding.sheet, at);
        cells.entry((&finding.sheet, span.start)).or_insert_with(|| said(span)).findings.push(finding);
    }
    for ((sheet, at), correction) in &corrections.cells {
        let span = span(sheet, *at);
        cells.entry((sheet, span.start)).or_insert_with(|| said(span)).correction = Some(correction);
    }
    let mut marks: BTreeMap<String, Vec<Mark>> = BTreeMap::new();
    for ((sheet, at), mut said) in cells {
        said.findings.sort_by_key(|finding| (std::cmp::Reverse(finding.severity), finding.code));
        let is_left = |finding: &&&Finding| corrections.of(finding).is_none();
        let worst = said.findings.iter().filter(is_left).map(|finding| finding.severity).max();
        let fill = worst.map_or(CORRECTED, color);
        marks.entry(sheet.to_owned()).or_default().push(Mark {
            cell: said.cell,
            fill,
            note: note(at, &said, corrections),
        });
    }
    marks
}

/// What was written into a cell: `原填“9”，改为 8.62（A103）`.
fn corrected(correction: &Correction) -> String {
    let was = match correction.was.trim() {
        "" => "原来空着".to_owned(),
        was => format!("原填“{}”", as_written(was, 200)),
    };
    let codes: Vec<&str> = correction.codes.iter().copied().collect();
    let value = told(&correction.was, &correction.value);
    let formula = match correction.formula.as_deref() {
        None => String::new(),
        Some("") => "\n原来是公式，公式已去掉".to_owned(),
        Some(formula) => format!("\n原来是公式 ={}，公式已去掉", excerpt(formula, 120)),
    };
    format!("{was}，改为 {value}（{}）{formula}", codes.join("、"))
}

fn note(at: CellRef, Said { findings, correction, .. }: &Said<'_>, corrections: &Corrections) -> Note {
    let heading = match &findings[..] {
        [] => format!("{HEADING}{}】", corrections.origin.title()),
        [only] => format!("{HEADING}{}】{}", only.severity, only.code),
        several => format!("{HEADING}{} 处】", several.len()),
    };
    let mut text = match correction {
        Some(correction) if findings.is_empty() => corrected(correction),
        Some(correction) => format!("{}：{}\n", corrections.origin.title(), corrected(correction)),
        None => String::new(),
    };
    for (number, finding) in (1..).zip(findings.iter()) {
        if findings.len() > 1 {
            let gap = if number > 1 { "\n" } else { "" };
            text.push_str(&format!("{gap}{number}.【{}】{}\n", finding.severity, finding.code));
        }
        text.push_str(finding.message.trim());
        let ruling = finding.ruling.as_ref().map(|ruling| ruling.said()).unwrap_or_default();
        let advice = if corrections.of(finding).is_some() { "" } else { finding.advice.as_str() };
        for (label, part) in [("修改：", advice), ("依据：", &finding.basis()), ("处理：", &ruling)] {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_told_apart_in_a_print_in_black_and_white() {
        let gray = |color: &str| {
            let part =
                |at: usize| color.get(at..at + 2).and_then(|part| u32::from_str_radix(part, 16).ok()).expect("hex");
            (299 * part(0) + 587 * part(2) + 114 * part(4)) / 1000
        };
        let mut grays = colors().map(gray);
        grays.sort_unstable();
        assert!(grays.windows(2).all(|pair| pair[1] - pair[0] >= 12), "{grays:?}");
        // Black text on the darkest still stands out as print does on newspaper.
        assert!(grays[0] > 170, "{grays:?}");
    }
}
