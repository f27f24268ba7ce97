//! A plan as a workbook: the form, the sheet 自检 and the sheet 填报说明.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{
    DocProperties, Format, FormatAlign, FormatBorder, Formula, IgnoreError, Workbook, Worksheet, XlsxError,
};

use super::check_sheet;
use super::columns::{SHRUNK, page_height, page_width};
use super::guard;
use super::house_style::{self, HEADER, PAPER, narrow, number_format, protection};
use super::instructions::{self, Instructions, RuleText};
use super::own_cell::{in_format_of, write_cell};
use super::plan::{Entry, Input, Kind, Look, Piece, Plan, Role};
use crate::address::{CellRange, CellRef};
use crate::error::ErrorKind;
use crate::schema::FieldKind;
use crate::schema::concept::{column, field};
use crate::text::wrapped_lines;

/// What every Chinese Windows, WPS and LibreOffice shows as a form is expected to look.
const SONG: &str = "宋体";
const FANG_SONG: &str = "仿宋";

/// The workbook of a plan. `rules` are stated in the instructions.
///
/// # Errors
/// What the writer refuses, with its own words.
pub fn write(plan: &Plan, rules: &[RuleText]) -> Result<Vec<u8>, ErrorKind> {
    build(plan, rules).map_err(|error| ErrorKind::Io(std::io::Error::other(error)))
}

fn build(plan: &Plan, rules: &[RuleText]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(plan)?);
    for sheet in marked_sheets(plan, &BTreeMap::new(), check_sheet::NAME)? {
        workbook.push_worksheet(sheet);
    }
    workbook.push_worksheet(instruction_sheet(plan, &instructions::instructions(plan, rules))?);
    workbook.save_to_buffer()
}

/// The form with the colours of its marked cells (`RRGGBB`, by top-left cell), and its 自检 under this name.
///
/// # Errors
/// What the writer refuses, with its own words.
pub fn marked_sheets(
    plan: &Plan,
    fills: &BTreeMap<CellRef, &'static str>,
    check: &str,
) -> Result<[Worksheet; 2], XlsxError> {
    let mut form = Worksheet::new();
    form.set_name(&plan.sheet)?.set_formula_result_default("");
    let long_lists = guard::long_lists(plan);
    page(&mut form, plan)?;
    for piece in &plan.pieces {
        draw(&mut form, piece, fills.get(&piece.range.start).copied())?;
    }
    guard::guard(&mut form, plan, &long_lists, check)?;
    form.protect_with_options(&protection());
    Ok([form, check_sheet::sheet(plan, &long_lists, check)?])
}

/// Title, and which edition of which form this is.
fn properties(plan: &Plan) -> Result<DocProperties, XlsxError> {
    Ok(house_style::properties(&plan.schema.title)?
        .set_custom_property("jixiao-schema", plan.schema.id.as_str())
        .set_custom_property("jixiao-version", plan.schema.fingerprint.as_str())
        .set_custom_property("jixiao-tool", env!("CARGO_PKG_VERSION")))
}

fn page(sheet: &mut Worksheet, plan: &Plan) -> Result<(), XlsxError> {
    let landscape = plan.schema.layout.landscape;
    if landscape {
        sheet.set_landscape();
    }
    for (col, width) in (0..).zip(&plan.columns) {
        sheet.set_column_width(col, *width)?;
    }
    for (row, height) in (0..).zip(&plan.rows) {
        sheet.set_row_height(row, *height)?;
    }
    sheet.set_paper_size(PAPER).set_print_center_horizontally(true).set_margins(0.55, 0.55, 0.6, 0.6, 0.3, 0.3);
    sheet.set_footer("&C第 &P 页，共 &N 页").set_screen_gridlines(false);
    let (last_row, last_col) = (count(plan.rows.len()), count(plan.columns.len()));
    sheet.set_print_area(0, 0, last_row.saturating_sub(1), narrow(last_col.saturating_sub(1)))?;
    let width: f64 = plan.columns.iter().sum();
    let scale = (page_width(landscape) / width).min(1.0);
    let height: f64 = plan.rows.iter().sum::<f64>() * scale;
    if height <= page_height(landscape) * SHRUNK {
        sheet.set_print_fit_to_pages(1, 1);
    } else {
        sheet.set_print_fit_to_pages(1, 0);
        if let Some((first, last)) = plan.head_rows {
            sheet.set_repeat_rows(first, last)?;
        }
    }
    Ok(())
}

fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

fn font(name: &str, size: f64) -> Format {
    Format::new().set_font_name(name).set_font_size(size).set_align(FormatAlign::VerticalCenter)
}

fn bordered(format: Format) -> Format {
    format.set_border(FormatBorder::Thin)
}

fn look(look: Look) -> Format {
    let centre = |format: Format| format.set_align(FormatAlign::Center).set_text_wrap();
    let indent = u8::from(look == Look::Line);
    let left = |format: Format| format.set_align(FormatAlign::Left).set_indent(indent).set_text_wrap();
    match look {
        Look::Lead => font(FANG_SONG, 11.0).set_align(FormatAlign::Left),
        Look::Title => font(SONG, 18.0).set_bold().set_align(FormatAlign::Center),
        Look::Year => font(FANG_SONG, 12.0).set_align(FormatAlign::Center),
        Look::Caption => left(font(FANG_SONG, 10.5)),
        Look::Remark => font(FANG_SONG, 10.5).set_align(FormatAlign::Right),
        Look::Label => centre(bordered(font(SONG, 10.5))),
        Look::Line => left(bordered(font(SONG, 10.5))),
        Look::Printed => centre(bordered(font(FANG_SONG, 10.5))),
        Look::Note => left(font(FANG_SONG, 9.5)),
    }
}

fn input_format(input: &Input, range: CellRange) -> Format {
    let base = font(FANG_SONG, 10.5).set_num_format(number_format(input.kind)).set_text_wrap().set_unlocked();
    let named =
        matches!(&input.role, Role::Row { column: id, .. } if [column::LEVEL3, column::REASON].contains(&id.as_str()));
    let wide = input.kind == FieldKind::Text && (range.width() > 3 || named) && input.bordered;
    let align = if is_year_line(input) {
        FormatAlign::Center
    } else if wide || (!input.bordered && input.kind == FieldKind::Text) {
        FormatAlign::Left
    } else {
        FormatAlign::Center
    };
    let base = base.set_align(align);
    match (input.bordered, is_year_line(input)) {
        (true, _) => bordered(base),
        (false, true) => base.set_font_size(12.0),
        (false, false) => base,
    }
}

/// The year in its brackets under the title.
fn is_year_line(input: &Input) -> bool {
    !input.bordered && input.role == Role::Field(field::YEAR.to_owned())
}

fn draw(sheet: &mut Worksheet, piece: &Piece, fill: Option<&'static str>) -> Result<(), XlsxError> {
    let range = piece.range;
    let (row, col) = (range.start.row, narrow(range.start.col));
    let format = match &piece.kind {
        Kind::Text { look: of, .. } => look(*of),
        Kind::Input(input) => input_format(input, range),
        // A format of its own would make LibreOffice save a blank result as 0 in an .xls; see `guard`.
        Kind::Computed { .. } => look(Look::Printed),
    };
    let format = match fill {
        Some(color) => format.set_background_color(color),
        None => format,
    };
    if range.start != range.end {
        sheet.merge_range(row, col, range.end.row, narrow(range.end.col), "", &format)?;
    }
    match &piece.kind {
        Kind::Text { text, look: Look::Printed } if text.parse::<Decimal>().is_ok() => {
            let number = text.parse::<Decimal>().ok().and_then(|number| number.to_f64()).unwrap_or_default();
            sheet.write_number_with_format(row, col, number, &format)?;
        }
        Kind::Text { text, .. } if text.is_empty() => {
            sheet.write_blank(row, col, &format)?;
        }
        Kind::Text { text, .. } => {
            sheet.write_string_with_format(row, col, text, &format)?;
        }
        Kind::Input(input) => {
            match &input.value {
                None if !input.lead.is_empty() => sheet.write_string_with_format(row, col, &input.lead, &format)?,
                None if is_year_line(input) => sheet.write_string_with_format(row, col, "（    年度）", &format)?,
                None => sheet.write_blank(row, col, &format)?,
                Some(entry) if matches!(entry, Entry::Text(_)) || !input.lead.is_empty() => {
                    sheet.write_string_with_format(row, col, format!("{}{entry}", input.lead), &format)?
                }
                Some(Entry::Text(text)) => sheet.write_string_with_format(row, col, text, &format)?,
                Some(Entry::Own(cell)) => {
                    write_cell(sheet, range.start, cell, &in_format_of(format, cell))?;
                    &mut *sheet
                }
                Some(Entry::Number(number)) => {
                    sheet.write_number_with_format(row, col, number.to_f64().unwrap_or_default(), &format)?
                }
            };
            if matches!(input.kind, FieldKind::Text | FieldKind::Measure) {
                sheet.ignore_error(row, col, IgnoreError::NumberStoredAsText)?;
            }
        }
        Kind::Computed { computation, result, .. } => {
            let result = result.map(|result| result.normalize().to_string()).unwrap_or_default();
            let formula = Formula::new(computation.formula()).set_result(result);
            sheet.write_formula_with_format(row, col, formula, &format)?;
        }
    }
    Ok(())
}

/// Widths of the columns of 填报说明.
const WIDTHS: [u32; 6] = [16, 9, 24, 46, 34, 26];

fn instruction_sheet(plan: &Plan, instructions: &Instructions) -> Result<Worksheet, XlsxError> {
    let mut sheet = Worksheet::new();
    sheet.set_name(instructions::NAME)?.set_landscape().set_paper_size(PAPER).set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3).set_footer("&C第 &P 页，共 &N 页").set_screen_gridlines(false);
    for (col, width) in (0..).zip(WIDTHS) {
        sheet.set_column_width(col, width)?;
    }
    let mut lines = Lines { sheet: &mut sheet, row: 0 };
    lines.across(&format!("{}填报说明", plan.schema.title), &look(Look::Title), 32.0)?;
    lines.heading("一、填报办法")?;
    for (number, step) in (1..).zip(&instructions.steps) {
        lines.paragraph(&format!("{number}. {step}"))?;
    }
    lines.heading("二、各栏怎么填")?;
    lines.cells(&[("栏目", 0, 1), ("怎么填", 2, 4), ("是否必填", 5, 5)], true)?;
    for [label, how, required] in &instructions.boxes {
        lines.cells(&[(label, 0, 1), (how, 2, 4), (required, 5, 5)], false)?;
    }
    if !instructions.rules.is_empty() {
        lines.heading("三、报送后按下列规则审核")?;
        let titles = ["编码", "级别", "问题", "检查什么", "怎么改", "依据"];
        let one_each = |texts: [&str; 6]| (0..).zip(texts).map(|(col, text)| (text.to_owned(), col, col)).collect();
        let as_cells = |texts: &Vec<(String, u16, u16)>, lines: &mut Lines<'_>, head: bool| {
            let cells: Vec<(&str, u16, u16)> = texts.iter().map(|(text, a, b)| (text.as_str(), *a, *b)).collect();
            lines.cells(&cells, head)
        };
        let head: Vec<(String, u16, u16)> = one_each(titles);
        as_cells(&head, &mut lines, true)?;
        for rule in &instructions.rules {
            let [code, severity, summary, checks, mend, authority] = rule;
            let texts: Vec<(String, u16, u16)> = one_each([code, severity, summary, checks, mend, authority]);
            as_cells(&texts, &mut lines, false)?;
        }
    }
    sheet.protect_with_options(&protection());
    Ok(sheet)
}

/// A sheet of text being written from the top.
struct Lines<'a> {
    sheet: &'a mut Worksheet,
    row: u32,
}

impl Lines<'_> {
    fn across(&mut self, text: &str, format: &Format, height: f64) -> Result<(), XlsxError> {
        self.sheet.merge_range(self.row, 0, self.row, 5, text, format)?;
        self.sheet.set_row_height(self.row, height)?;
        self.row += 1;
        Ok(())
    }

    fn heading(&mut self, text: &str) -> Result<(), XlsxError> {
        self.across(text, &font(SONG, 12.0).set_bold(), 28.0)
    }

    fn paragraph(&mut self, text: &str) -> Result<(), XlsxError> {
        let lines = wrapped_lines(text, WIDTHS.iter().sum());
        self.across(text, &font(FANG_SONG, 11.0).set_text_wrap(), f64::from(lines) * 16.0 + 4.0)
    }

    /// A line of boxes: text, first and last column.
    fn cells(&mut self, cells: &[(&str, u16, u16)], head: bool) -> Result<(), XlsxError> {
        let mut high = 1;
        for (text, first, last) in cells {
            let width = WIDTHS.iter().skip(usize::from(*first)).take(usize::from(last - first) + 1).sum();
            high = high.max(wrapped_lines(text, width));
            let format = if head {
                look(Look::Label).set_bold().set_background_color(HEADER)
            } else {
                look(Look::Line).set_font_name(FANG_SONG)
            };
            if first == last {
                self.sheet.write_string_with_format(self.row, *first, *text, &format)?;
            } else {
                self.sheet.merge_range(self.row, *first, self.row, *last, text, &format)?;
            }
        }
        self.sheet.set_row_height(self.row, (f64::from(high) * 14.5 + 5.0).min(400.0))?;
        self.row += 1;
        Ok(())
    }
}
