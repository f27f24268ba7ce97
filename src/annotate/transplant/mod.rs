//! A workbook written anew, for formats that cannot be patched (`.xls .et .ods .xlsb`) and forms whose layout is broken: the
//! values in the blank official form of the schema, marked there, and what has no place in it listed with its old address.
//!
//! `own` takes the values out of the form that was read, `template` draws the blank form around them, `places` reads that
//! again and so finds where each old cell is now, `moved` makes all that speaks of a cell speak of the new one, `left` lists
//! the rest. A sheet that is no form, or whose form would not come back as it was, is copied: its values at the same
//! addresses, merged regions, and number formats that change a number's meaning.

mod left;
mod moved;
mod own;
mod places;

use std::collections::BTreeMap;

use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, FormatUnderline, Url,
    Workbook as NewWorkbook, Worksheet, XlsxError,
};

use self::left::Unlike;
use self::moved::{Moved, moved};
use super::layout::{Marked, review_sheet};
use super::marks::{Mark, box_size, color};
use super::review_sheet::{CHOICES, FOOTER, MARGINS, ReviewContent, ReviewSheet, TAB_COLOR, WIDTHS};
use super::{AUTHOR, REVIEW_SHEET};
use crate::address::{CellRange, CellRef};
use crate::error::{ErrorKind, Unreadable};
use crate::finding::Severity;
use crate::ooxml::book::quoted;
use crate::ooxml::comments::Note;
use crate::ooxml::styles::{LINE_COLOR, Look};
use crate::policy::Policy;
use crate::review::{CheckedForm, Corrections};
use crate::template::{LEFT_SHEET, in_format_of, marked_sheets, write_cell};
use crate::text::{LONGEST_CELL, cut, display_width, utf16_length, wrapped_lines};
use crate::workbook::{Cell, Content, Sheet, Visibility, Workbook};

/// A new workbook with the values of the old one, marked. With a policy the forms stand in the blank forms of their
/// schemas, else they are copied; `now` is the workbook with its corrections.
pub(super) fn transplant(
    (workbook, now): (&Workbook, &Workbook),
    forms: &[CheckedForm],
    corrections: &Corrections,
    policy: Option<&Policy>,
) -> Result<Transplanted, ErrorKind> {
    let moved = moved((workbook, now), forms, corrections, policy);
    let bytes = write(now, &moved)
        .map_err(|error| ErrorKind::NotReadable(Unreadable::Refused(format!("内容无法写入 .xlsx（{error}）"))))?;
    let mut warnings = moved.notes.clone();
    if !moved.left.is_empty() {
        warnings.push(format!("有 {} 处内容在空白表样上没有位置，列在退回件的“{LEFT_SHEET}”", moved.left.len()));
    }
    warnings.extend(losses(&moved));
    Ok(Transplanted { bytes, forms: moved.forms.len(), warnings })
}

/// A workbook written anew.
pub(super) struct Transplanted {
    /// The file.
    pub(super) bytes: Vec<u8>,
    /// How many of its sheets are blank forms with the unit's values in them.
    pub(super) forms: usize,
    /// What a person should know.
    pub(super) warnings: Vec<String>,
}

fn write(now: &Workbook, moved: &Moved<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut seen = now.clone();
    seen.sheets = moved.forms.iter().map(|form| form.plan.drawn()).collect();
    seen.sheets.extend(moved.copies.iter().map(|(sheet, _)| (*sheet).clone()));
    let mut marks = super::marks::of(&seen, &moved.checked, &moved.corrections);
    for unlike in &moved.unlike {
        note_unlike(&mut marks, unlike);
    }
    let mut new = NewWorkbook::new();
    // A fixed date, so that the same input gives the same bytes.
    new.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    let mut names: BTreeMap<&str, String> = BTreeMap::new();
    let mut checks = Vec::new();
    for form in &moved.forms {
        let marks = marks.get(&form.plan.sheet).map_or(&[][..], Vec::as_slice);
        let fills = marks.iter().map(|mark| (mark.cell.start, mark.fill)).collect();
        let [mut sheet, check] = marked_sheets(&form.plan, &fills, &form.check)?;
        insert_notes(marks, &mut sheet)?;
        new.push_worksheet(sheet);
        checks.push(check);
        names.insert(&form.plan.sheet, form.plan.sheet.clone());
    }
    for check in checks {
        new.push_worksheet(check);
    }
    for (sheet, name) in &moved.copies {
        let worksheet = new.add_worksheet();
        worksheet.set_name(name)?;
        names.insert(sheet.name(), name.clone());
        match sheet.visibility() {
            Visibility::Visible => {}
            Visibility::Hidden => _ = worksheet.set_hidden(true),
            Visibility::VeryHidden => _ = worksheet.set_very_hidden(true),
        }
        copy(sheet, marks.get(sheet.name()).map_or(&[][..], Vec::as_slice), worksheet)?;
    }
    let taken = |names: &BTreeMap<&str, String>| -> Vec<String> {
        names.values().cloned().chain(moved.forms.iter().map(|form| form.check.clone())).collect()
    };
    if !moved.left.is_empty() || !moved.unlike.is_empty() {
        let name = free_name(LEFT_SHEET, taken(&names).iter());
        left::draw(&moved.left, &moved.unlike, &name, new.add_worksheet())?;
        names.insert(LEFT_SHEET, name);
    }
    let marked = if moved.forms.is_empty() { Marked::Copy } else { Marked::InTemplate { left: moved.left.len() } };
    let worksheet = new.add_worksheet();
    worksheet.set_name(free_name(REVIEW_SHEET, taken(&names).iter()))?.set_active(true);
    draw(&review_sheet(&moved.checked, marked, &moved.corrections), &names, worksheet)?;
    new.save_to_buffer()
}

/// Says at a cell that the form would compute something else.
fn note_unlike(marks: &mut BTreeMap<String, Vec<Mark>>, unlike: &Unlike) {
    let said = format!("本格按公式应为 {}，原表填的是 {}，已照原表保留，没有重算。", unlike.computed, unlike.own);
    let marks = marks.entry(unlike.sheet.clone()).or_default();
    match marks.iter_mut().find(|mark| mark.cell.start == unlike.cell) {
        Some(mark) => mark.note.text.push_str(&format!("\n{said}")),
        None => marks.push(Mark {
            cell: unlike.cell.into(),
            fill: color(Severity::Info),
            note: Note { at: unlike.cell, heading: "转入说明".to_owned(), text: said },
        }),
    }
}

fn insert_notes(marks: &[Mark], worksheet: &mut Worksheet) -> Result<(), XlsxError> {
    for mark in marks {
        let size = box_size(&mark.note, 0);
        let text: String = format!("{}\n{}", mark.note.heading, mark.note.text).chars().take(30_000).collect();
        let note = rust_xlsxwriter::Note::new(text)
            .set_author(AUTHOR)
            .add_author_prefix(false)
            .set_font_name("宋体")
            .set_font_size(9)
            .set_width(size.width)
            .set_height(size.height);
        worksheet.insert_note(mark.cell.start.row, column(mark.cell.start.col)?, &note)?;
    }
    Ok(())
}

/// The name, made one that Excel takes (at most 31 characters, none of `[]:*?/\\`) and that no other sheet has.
fn free_name<'a>(wanted: &str, taken: impl Iterator<Item = &'a String> + Clone) -> String {
    let clean: String = wanted.trim_matches('\'').chars().filter(|c| !r"[]:*?/\".contains(*c)).take(31).collect();
    let clean = if clean.trim().is_empty() { "表".to_owned() } else { clean };
    let mut name = clean.clone();
    let mut number = 2;
    while taken.clone().any(|other| other.to_lowercase() == name.to_lowercase()) {
        name = clean.chars().take(26).chain(format!(" ({number})").chars()).collect();
        number += 1;
    }
    name
}

/// Regions to merge on the copy; more than a form can have are left out, and so are overlapping ones, which Excel
/// refuses.
fn regions(sheet: &Sheet) -> Vec<CellRange> {
    let mut regions: Vec<CellRange> = Vec::new();
    for merge in sheet.merges().iter().filter(|merge| merge.start != merge.end).take(5_000) {
        if !regions.iter().any(|region| region.intersects(merge)) {
            regions.push(*merge);
        }
    }
    regions
}

/// Writes a sheet's values, regions and marks.
fn copy(sheet: &Sheet, marks: &[Mark], worksheet: &mut Worksheet) -> Result<(), XlsxError> {
    let fills: BTreeMap<CellRef, &'static str> = marks.iter().map(|mark| (mark.cell.start, mark.fill)).collect();
    let look = |at: CellRef, cell: Option<&Cell>| cell_format(cell, fills.get(&at).copied());
    for merge in &regions(sheet) {
        let format = look(merge.start, sheet.stored(merge.start));
        let (first, last) = (column(merge.start.col)?, column(merge.end.col)?);
        worksheet.merge_range(merge.start.row, first, merge.end.row, last, "", &format)?;
    }
    let Some(used) = sheet.used() else { return Ok(()) };
    let covered = |at: CellRef| sheet.span(at) != at.into();
    for (at, cell) in sheet.cells() {
        write_cell(worksheet, at, cell, &look(at, Some(cell)))?;
    }
    // Lines around the blanks of the form too; a sheet far larger than a form is left plain.
    if u64::from(used.height()) * u64::from(used.width()) <= 20_000 {
        for row in used.start.row..=used.end.row {
            for col in used.start.col..=used.end.col {
                let at = CellRef::new(row, col);
                if sheet.stored(at).is_none() && !covered(at) {
                    worksheet.write_blank(row, column(col)?, &look(at, None))?;
                }
            }
        }
    }
    for at in fills.keys().filter(|at| sheet.stored(**at).is_none() && !covered(**at)) {
        worksheet.write_blank(at.row, column(at.col)?, &look(*at, None))?;
    }
    insert_notes(marks, worksheet)?;
    set_sizes(sheet, used, worksheet)?;
    worksheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    Ok(())
}

/// The format of a cell: lines all round, words and figures in the middle, long texts to the left.
fn cell_format(cell: Option<&Cell>, fill: Option<&'static str>) -> Format {
    let long = cell.is_some_and(|cell| display_width(&cell.shown()) > 40);
    let format = Format::new()
        .set_font_name("宋体")
        .set_font_size(10)
        .set_text_wrap()
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::VerticalCenter)
        .set_align(if long { FormatAlign::Left } else { FormatAlign::Center });
    let format = match cell {
        Some(cell) => in_format_of(format, cell),
        None => format,
    };
    match fill {
        Some(color) => format.set_background_color(Color::from(color)),
        None => format,
    }
}

/// Column widths from the texts that stand in one column alone, row heights from what wraps in them.
fn set_sizes(sheet: &Sheet, used: CellRange, worksheet: &mut Worksheet) -> Result<(), XlsxError> {
    let mut widths: BTreeMap<u32, u32> = (used.start.col..=used.end.col).map(|col| (col, 8)).collect();
    for (at, cell) in sheet.cells().filter(|(at, _)| sheet.span(*at).width() == 1) {
        let needed = cell.shown().split('\n').map(display_width).max().unwrap_or(0).saturating_add(2);
        widths.entry(at.col).and_modify(|width| *width = (*width).max(needed.min(24)));
    }
    for (col, width) in &widths {
        worksheet.set_column_width(column(*col)?, *width)?;
    }
    for col in sheet.hidden_columns() {
        worksheet.set_column_hidden(column(*col)?)?;
    }
    let mut heights: BTreeMap<u32, u32> = BTreeMap::new();
    for (at, cell) in sheet.cells() {
        let span = sheet.span(at);
        let room: u32 = widths.range(span.start.col..=span.end.col).map(|(_, width)| *width).sum();
        // A region of several rows shares its height among them.
        let lines = wrapped_lines(&cell.shown(), room.max(4)).div_ceil(span.height()).min(28);
        for row in span.start.row..=span.end.row.min(span.start.row + 100) {
            let height = heights.entry(row).or_insert(1);
            *height = (*height).max(lines);
        }
    }
    for (row, lines) in heights {
        worksheet.set_row_height(row, f64::from(lines) * 13.5 + 6.0)?;
    }
    for row in sheet.hidden_rows() {
        worksheet.set_row_hidden(*row)?;
    }
    Ok(())
}

/// Draws the review sheet; `names` are the sheets' names on the copy.
fn draw(sheet: &ReviewSheet, names: &BTreeMap<&str, String>, worksheet: &mut Worksheet) -> Result<(), XlsxError> {
    for (col, width) in (0_u16..).zip(WIDTHS) {
        worksheet.set_column_width(col, width)?;
    }
    for (row, line) in (0_u32..).zip(&sheet.rows) {
        worksheet.set_row_height(row, line.height)?;
    }
    for (row, cell) in sheet.placed() {
        let format = format(&cell.style.look());
        let (first, last) = (column(cell.first)?, column(cell.last)?);
        if last > first {
            worksheet.merge_range(row, first, row, last, "", &format)?;
        }
        match (&cell.content, &cell.link) {
            (ReviewContent::Number(number), _) => {
                worksheet.write_number_with_format(row, first, number.to_f64().unwrap_or(0.0), &format)?;
            }
            (ReviewContent::Text(text), Some(place)) => {
                let name = names.get(place.sheet.as_str()).unwrap_or(&place.sheet);
                let target = format!("internal:{}!{}", quoted(name), place.range);
                worksheet.write_url_with_format(row, first, Url::new(target).set_text(text), &format)?;
            }
            (ReviewContent::Text(text), None) if text.is_empty() => {
                worksheet.write_blank(row, first, &format)?;
            }
            (ReviewContent::Text(text), None) => {
                worksheet.write_string_with_format(row, first, cut(text, LONGEST_CELL), &format)?;
            }
        }
    }
    let choices = DataValidation::new().allow_list_strings(&CHOICES)?;
    for range in &sheet.dropdowns {
        let (first, last) = (column(range.start.col)?, column(range.end.col)?);
        worksheet.add_data_validation(range.start.row, first, range.end.row, last, &choices)?;
    }
    let (side, top, header) = MARGINS;
    worksheet
        .set_tab_color(Color::from(TAB_COLOR))
        .set_screen_gridlines(false)
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0)
        .set_margins(side, side, top, top, header, header)
        .set_print_center_horizontally(true)
        .set_footer(FOOTER)
        .set_page_breaks(&sheet.page_breaks)?;
    if let Some(row) = sheet.repeated {
        worksheet.set_repeat_rows(row, row)?;
    }
    Ok(())
}

fn format(look: &Look) -> Format {
    let format = Format::new()
        .set_font_name(look.font)
        .set_font_size(look.size)
        .set_font_color(Color::from(look.color))
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter)
        .set_align(if look.centred { FormatAlign::Center } else { FormatAlign::Left });
    let format = if look.bold { format.set_bold() } else { format };
    let format = if look.underline { format.set_underline(FormatUnderline::Single) } else { format };
    let format = match look.fill {
        Some(color) => format.set_background_color(Color::from(color)),
        None => format,
    };
    if look.border { format.set_border(FormatBorder::Thin).set_border_color(Color::from(LINE_COLOR)) } else { format }
}

/// What the copy leaves out: a line for each text that does not fit, and for each sheet with regions that cannot be.
fn losses(moved: &Moved<'_>) -> Vec<String> {
    let mut losses = Vec::new();
    for (sheet, _) in &moved.copies {
        let too_long = |cell: &Cell| matches!(&cell.content, Content::Text(text) if utf16_length(text) > LONGEST_CELL);
        losses.extend(
            sheet
                .cells()
                .filter(|(_, cell)| too_long(cell))
                .map(|(at, _)| format!("{}!{at} 超过 {LONGEST_CELL} 字，退回件中只保留前面能放下的部分", sheet.name())),
        );
        let wanted = sheet.merges().iter().filter(|merge| merge.start != merge.end).count();
        let left_out = wanted.saturating_sub(regions(sheet).len());
        if left_out > 0 {
            losses.push(format!("工作表“{}”有 {left_out} 处合并单元格相互重叠或过多，退回件中未合并", sheet.name()));
        }
    }
    losses
}

fn column(col: u32) -> Result<u16, XlsxError> {
    u16::try_from(col).map_err(|_| XlsxError::RowColumnLimitError)
}
