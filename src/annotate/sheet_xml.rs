//! The sheet 审核意见 as a worksheet part (ECMA-376 part 1, §18.3.1.99), for the unit's own package.
//!
//! Written by hand because its formats must be indices into the unit's own style sheet. Inline strings keep texts
//! that begin with `=` texts, and leave the shared strings untouched.

use std::fmt::Write;

use super::review_sheet::{CHOICES, FOOTER, MARGINS, ReviewCell, ReviewContent, ReviewSheet, Style, TAB_COLOR, WIDTHS};
use crate::address::{CellRange, CellRef};
use crate::ooxml::book::quoted;
use crate::ooxml::styles::Styles;
use crate::ooxml::tags::{DECLARATION, escape};
use crate::text::seen;

/// The part but for its end, behind which the record of the marks may stand.
pub(super) struct Drawn(String);

/// What programs know our extension by (ECMA-376 part 1, §18.2.7); they pass over one they do not know.
const RECORD: &str = "{6A697869-616F-4D61-726B-730000000001}";

impl Drawn {
    /// Draws the sheet. `namespace` is that of spreadsheet parts, strict or not.
    pub(super) fn of(sheet: &ReviewSheet, namespace: &str, styles: &mut Styles<'_>) -> Self {
        Self(draw(sheet, namespace, styles))
    }

    /// The part, with the record of what the marks changed.
    pub(super) fn with_record(self, record: Option<&str>) -> String {
        let record = record.map(|record| format!("<extLst><ext uri=\"{RECORD}\">{record}</ext></extLst>"));
        format!("{}{}</worksheet>", self.0, record.unwrap_or_default())
    }
}

fn draw(sheet: &ReviewSheet, namespace: &str, styles: &mut Styles<'_>) -> String {
    let mut out = String::with_capacity(16 * 1024);
    let last = CellRef::new(u32::try_from(sheet.rows.len().saturating_sub(1)).unwrap_or(0), sheet.last_column());
    let all = CellRange::new(CellRef::new(0, 0), last);
    out.push_str(DECLARATION);
    push(
        &mut out,
        format_args!(
            "<worksheet xmlns=\"{namespace}\"><sheetPr><tabColor rgb=\"FF{TAB_COLOR}\"/><pageSetUpPr fitToPage=\"1\"/>\
             </sheetPr><dimension ref=\"{all}\"/><sheetViews><sheetView showGridLines=\"0\" tabSelected=\"1\" \
             workbookViewId=\"0\"><selection activeCell=\"A1\" sqref=\"A1\"/></sheetView></sheetViews>\
             <sheetFormatPr defaultRowHeight=\"15\"/><cols>"
        ),
    );
    for (number, width) in (1..).zip(WIDTHS) {
        push(&mut out, format_args!("<col min=\"{number}\" max=\"{number}\" width=\"{width}\" customWidth=\"1\"/>"));
    }
    out.push_str("</cols><sheetData>");
    for (row, line) in (0_u32..).zip(&sheet.rows) {
        push(&mut out, format_args!("<row r=\"{}\" ht=\"{:.1}\" customHeight=\"1\">", row + 1, line.height));
        for cell in &line.cells {
            write_cell(&mut out, row, cell, styles);
        }
        out.push_str("</row>");
    }
    out.push_str("</sheetData>");
    write_behind(&mut out, sheet, all);
    out
}

fn write_cell(out: &mut String, row: u32, cell: &ReviewCell, styles: &mut Styles<'_>) {
    let style = styles.look(&cell.style.look());
    let at = CellRef::new(row, cell.first);
    match &cell.content {
        ReviewContent::Number(number) => push(out, format_args!("<c r=\"{at}\" s=\"{style}\"><v>{number}</v></c>")),
        ReviewContent::Text(text) if text.is_empty() => push(out, format_args!("<c r=\"{at}\" s=\"{style}\"/>")),
        ReviewContent::Text(text) => push(
            out,
            format_args!(
                "<c r=\"{at}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
                escape(&seen(text))
            ),
        ),
    }
    // The other cells of a merged region carry the lines around it.
    if ![Style::Title, Style::Remark, Style::Signature].contains(&cell.style) {
        for col in cell.first + 1..=cell.last {
            push(out, format_args!("<c r=\"{}\" s=\"{style}\"/>", CellRef::new(row, col)));
        }
    }
}

/// What stands behind the rows, in the order the standard asks for.
fn write_behind(out: &mut String, sheet: &ReviewSheet, all: CellRange) {
    let merges: Vec<String> = sheet.merges().map(|merge| format!("<mergeCell ref=\"{merge}\"/>")).collect();
    if !merges.is_empty() {
        push(out, format_args!("<mergeCells count=\"{}\">{}</mergeCells>", merges.len(), merges.concat()));
    }
    if !sheet.dropdowns.is_empty() {
        let cells: Vec<String> = sheet.dropdowns.iter().map(ToString::to_string).collect();
        push(
            out,
            format_args!(
                "<dataValidations count=\"1\"><dataValidation type=\"list\" allowBlank=\"1\" showInputMessage=\"1\" \
                 showErrorMessage=\"1\" sqref=\"{}\"><formula1>\"{}\"</formula1></dataValidation></dataValidations>",
                cells.join(" "),
                CHOICES.join(",")
            ),
        );
    }
    let links: String = sheet
        .placed()
        .filter_map(|(row, cell)| Some((row, cell, cell.link.as_ref()?)))
        .map(|(row, cell, place)| {
            let target = format!("{}!{}", quoted(&place.sheet), place.range);
            let target = escape(&target);
            format!("<hyperlink ref=\"{}\" location=\"{target}\"/>", CellRef::new(row, cell.first))
        })
        .collect();
    if !links.is_empty() {
        push(out, format_args!("<hyperlinks>{links}</hyperlinks>"));
    }
    let (side, top, header) = MARGINS;
    push(
        out,
        format_args!(
            "<printOptions horizontalCentered=\"1\"/><pageMargins left=\"{side}\" right=\"{side}\" top=\"{top}\" \
             bottom=\"{top}\" header=\"{header}\" footer=\"{header}\"/><pageSetup paperSize=\"9\" \
             orientation=\"landscape\" fitToHeight=\"0\"/><headerFooter><oddFooter>{}</oddFooter></headerFooter>",
            escape(FOOTER)
        ),
    );
    if !sheet.page_breaks.is_empty() {
        let breaks: String =
            sheet.page_breaks.iter().map(|row| format!("<brk id=\"{row}\" max=\"16383\" man=\"1\"/>")).collect();
        let count = sheet.page_breaks.len();
        push(out, format_args!("<rowBreaks count=\"{count}\" manualBreakCount=\"{count}\">{breaks}</rowBreaks>"));
    }
    // Figures quoted as the unit wrote them are texts on purpose: no green corners.
    push(out, format_args!("<ignoredErrors><ignoredError sqref=\"{all}\" numberStoredAsText=\"1\"/></ignoredErrors>"));
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = out.write_fmt(text);
}
