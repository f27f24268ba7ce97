//! Marks drawn onto a clean copy, for formats that cannot be patched (`.xls .et .ods .xlsb`): every sheet's values at
//! the same addresses, merged regions, number formats that change a number's meaning, the same marks and the same
//! review sheet.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDateTime, Timelike};
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, FormatUnderline, Note, Url,
    Workbook as NewWorkbook, Worksheet, XlsxError,
};

use super::layout::review_sheet;
use super::marks::{Mark, box_size};
use super::review_sheet::{CHOICES, FOOTER, MARGINS, ReviewContent, ReviewSheet, TAB_COLOR, WIDTHS};
use super::{AUTHOR, Annotated, REVIEW_SHEET};
use crate::address::{CellRange, CellRef};
use crate::error::{ErrorKind, Unreadable};
use crate::ooxml::book::quoted;
use crate::ooxml::styles::{LINE_COLOR, Look};
use crate::review::{CheckedForm, Corrections, is_review_sheet};
use crate::text::{LONGEST_CELL, cut, display_width, utf16_length, wrapped_lines};
use crate::workbook::{Cell, Content, NumberFormat, Sheet, Visibility, Workbook};

/// A new workbook with the values of the old one, marked.
pub(super) fn transplant(
    workbook: &Workbook,
    forms: &[CheckedForm],
    marks: &BTreeMap<String, Vec<Mark>>,
    corrections: &Corrections,
) -> Result<Annotated, ErrorKind> {
    write(workbook, forms, marks, corrections)
        .map(|bytes| Annotated { bytes, transplanted: true, warnings: losses(workbook) })
        .map_err(|error| ErrorKind::NotReadable(Unreadable::Refused(format!("内容无法写入 .xlsx（{error}）"))))
}

fn write(
    workbook: &Workbook,
    forms: &[CheckedForm],
    marks: &BTreeMap<String, Vec<Mark>>,
    corrections: &Corrections,
) -> Result<Vec<u8>, XlsxError> {
    let mut new = NewWorkbook::new();
    // A fixed date, so that the same input gives the same bytes.
    new.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    let kept: Vec<&Sheet> = workbook.sheets.iter().filter(|sheet| !is_review_sheet(sheet)).collect();
    let mut names: BTreeMap<&str, String> = BTreeMap::new();
    for sheet in &kept {
        let name = free_name(sheet.name(), names.values());
        let worksheet = new.add_worksheet();
        worksheet.set_name(&name)?;
        names.insert(sheet.name(), name);
        match sheet.visibility() {
            Visibility::Visible => {}
            Visibility::Hidden => _ = worksheet.set_hidden(true),
            Visibility::VeryHidden => _ = worksheet.set_very_hidden(true),
        }
        copy(sheet, marks.get(sheet.name()).map_or(&[][..], Vec::as_slice), worksheet)?;
    }
    let worksheet = new.add_worksheet();
    worksheet.set_name(free_name(REVIEW_SHEET, names.values()))?.set_active(true);
    draw(&review_sheet(forms, false, corrections), &names, worksheet)?;
    new.save_to_buffer()
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
        put(worksheet, at, cell, &look(at, Some(cell)))?;
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
    for mark in marks {
        let size = box_size(&mark.note, 0);
        let text: String = format!("{}\n{}", mark.note.heading, mark.note.text).chars().take(30_000).collect();
        let note = Note::new(text)
            .set_author(AUTHOR)
            .add_author_prefix(false)
            .set_font_name("宋体")
            .set_font_size(9)
            .set_width(size.width)
            .set_height(size.height);
        worksheet.insert_note(mark.cell.start.row, column(mark.cell.start.col)?, &note)?;
    }
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
    let format = match cell.map(|cell| cell.format) {
        Some(NumberFormat::Percent { decimals }) => format.set_num_format(decimal_format(decimals) + "%"),
        Some(NumberFormat::Fixed { decimals }) => format.set_num_format(decimal_format(decimals)),
        Some(NumberFormat::Date) => format.set_num_format("yyyy-mm-dd"),
        Some(NumberFormat::Text) => format.set_num_format("@"),
        _ => format,
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

fn put(worksheet: &mut Worksheet, at: CellRef, cell: &Cell, format: &Format) -> Result<(), XlsxError> {
    let (row, col) = (at.row, column(at.col)?);
    match &cell.content {
        Content::Blank => worksheet.write_blank(row, col, format)?,
        Content::Number(number) => match number.to_f64() {
            Some(float) => worksheet.write_number_with_format(row, col, float, format)?,
            None => worksheet.write_string_with_format(row, col, number.to_string(), format)?,
        },
        Content::Date(date) => match excel_date(*date) {
            Some(date) => worksheet.write_datetime_with_format(row, col, date, format)?,
            None => worksheet.write_string_with_format(row, col, cell.shown(), format)?,
        },
        Content::Bool(truth) => worksheet.write_boolean_with_format(row, col, *truth, format)?,
        Content::Text(_) | Content::Error(_) => {
            worksheet.write_string_with_format(row, col, cut(&cell.shown(), LONGEST_CELL), format)?
        }
    };
    Ok(())
}

/// The date as Excel counts it; `None` before 1900 and after 9999.
fn excel_date(at: NaiveDateTime) -> Option<ExcelDateTime> {
    let part = |number: u32| u8::try_from(number).ok();
    let date = ExcelDateTime::from_ymd(u16::try_from(at.year()).ok()?, part(at.month())?, part(at.day())?).ok()?;
    date.and_hms(u16::try_from(at.hour()).ok()?, part(at.minute())?, at.second()).ok()
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

/// `0` or `0.00`.
fn decimal_format(decimals: u32) -> String {
    let zeros: String = (0..decimals.min(15)).map(|_| '0').collect();
    if zeros.is_empty() { "0".to_owned() } else { format!("0.{zeros}") }
}

/// What the copy leaves out: a line for each text that does not fit, and for each sheet with regions that cannot be.
fn losses(workbook: &Workbook) -> Vec<String> {
    let mut losses = Vec::new();
    for sheet in &workbook.sheets {
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
