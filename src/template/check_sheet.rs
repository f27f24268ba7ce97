//! The sheet 自检: one line a check, with formulas that follow the form.

use rust_xlsxwriter::{
    Color, ConditionalFormatFormula, Format, FormatAlign, FormatBorder, Formula, Worksheet, XlsxError,
};

use super::house_style::{HEADER, LIST_COLUMN, PAPER, narrow, protection};
use super::plan::Plan;
use crate::ooxml::book::quoted;

/// Its name.
pub const NAME: &str = "自检";
/// Title, verdict, header; the checks begin below.
const FIRST: u32 = 3;

/// The sheet, for the form of a plan; its name where a workbook has several.
pub(super) fn sheet(plan: &Plan, long_lists: &[Vec<String>], name: &str) -> Result<Worksheet, XlsxError> {
    let mut sheet = Worksheet::new();
    sheet.set_formula_result_default("");
    sheet.set_name(name)?.set_paper_size(PAPER).set_print_fit_to_pages(1, 0).set_screen_gridlines(false);
    for (col, width) in (0..).zip([6, 46, 14, 14, 10]) {
        sheet.set_column_width(col, width)?;
    }
    let cell = Format::new()
        .set_font_name("宋体")
        .set_font_size(11)
        .set_border(FormatBorder::Thin)
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter);
    let centre = cell.clone().set_align(FormatAlign::Center);
    let head = centre.clone().set_bold().set_background_color(HEADER);
    let title = Format::new().set_font_name("宋体").set_font_size(16).set_bold().set_align(FormatAlign::Center);
    sheet.merge_range(0, 0, 0, 4, NAME, &title)?.set_row_height(0, 30)?;
    let last = FIRST + u32::try_from(plan.checks.len()).unwrap_or(0);
    verdict(&mut sheet, last, &cell.clone().set_bold())?;
    for (col, text) in (0..).zip(["序号", "检查内容", "应为", "现为", "结论"]) {
        sheet.write_string_with_format(2, col, text, &head)?;
    }
    let there = |expression: &str| expression.replace('@', &format!("{}!", quoted(&plan.sheet)));
    for (row, check) in (FIRST..).zip(&plan.checks) {
        let (is, should, ready) = (there(&check.is), there(&check.should), there(&check.ready));
        sheet.write_number_with_format(row, 0, f64::from(row - FIRST + 1), &centre)?;
        sheet.write_string_with_format(row, 1, &check.what, &cell)?;
        let blank = |formula: String| Formula::new(formula).set_result("");
        sheet.write_formula_with_format(row, 2, blank(format!("IF({ready},{should},\"\")")), &centre)?;
        sheet.write_formula_with_format(row, 3, blank(format!("IF({ready},{is},\"\")")), &centre)?;
        let line = row + 1;
        let agrees = format!("ABS(D{line}-C{line})<={}+0.000001", check.tolerance.normalize());
        let verdict = format!("IF(D{line}=\"\",\"\",IF({agrees},\"✓\",\"✗\"))");
        sheet.write_formula_with_format(row, 4, blank(verdict), &centre)?;
    }
    required_line(&mut sheet, plan, last, &cell, &centre)?;
    for (word, colour) in [("✗", 0xFF_C7CE), ("✓", 0xC6_EFCE)] {
        let rule = Formula::new(format!("$E{}=\"{word}\"", FIRST + 1));
        let format = Format::new().set_background_color(Color::RGB(colour));
        let conditional = ConditionalFormatFormula::new().set_rule(rule).set_format(format);
        sheet.add_conditional_format(FIRST, 0, last, 4, &conditional)?;
    }
    for (col, list) in (LIST_COLUMN..).zip(long_lists) {
        sheet.write_string(0, narrow(col), "可选内容")?;
        for (row, choice) in (1..).zip(list) {
            sheet.write_string(row, narrow(col), choice)?;
        }
    }
    sheet.set_print_area(0, 0, last, 4)?;
    sheet.protect_with_options(&protection());
    Ok(sheet)
}

/// The line that says it all.
fn verdict(sheet: &mut Worksheet, last: u32, format: &Format) -> Result<(), XlsxError> {
    let verdicts = format!("E{}:E{}", FIRST + 1, last);
    let blanks = format!("D{}", last + 1);
    let wrong = if last > FIRST { format!("COUNTIF({verdicts},\"✗\")") } else { "0".to_owned() };
    let text = format!(
        "IF({wrong}>0,\"有\"&{wrong}&\"处不一致，请改正标“✗”的各项\",IF(N({blanks})>0,\"还有\"&{blanks}&\"处必填内容没有填\",\"必填内容已填，各项核对一致\"))"
    );
    sheet.merge_range(1, 0, 1, 4, "", format)?.set_row_height(1, 26)?;
    sheet.write_formula_with_format(1, 0, Formula::new(text).set_result(""), format)?;
    Ok(())
}

/// How much is still blank. Formulas may not be long, so each thing asked for is one in a column beside the page.
fn required_line(
    sheet: &mut Worksheet,
    plan: &Plan,
    row: u32,
    cell: &Format,
    centre: &Format,
) -> Result<(), XlsxError> {
    let there = |expression: &str| expression.replace('@', &format!("{}!", quoted(&plan.sheet)));
    let column = narrow(LIST_COLUMN - 1);
    sheet.set_column_hidden(column)?;
    let small = Format::new().set_font_color(Color::White).set_hidden();
    for (at, required) in (0..).zip(&plan.required) {
        sheet.write_formula_with_format(
            at,
            column,
            Formula::new(there(&required.expression())).set_result(required.blanks(plan).to_string()),
            &small,
        )?;
    }
    let count = u32::try_from(plan.required.len()).unwrap_or(0).max(1);
    let letters = crate::address::column_letters(u32::from(column));
    sheet.write_number_with_format(row, 0, f64::from(row - FIRST + 1), centre)?;
    sheet.write_string_with_format(row, 1, "必填内容没有填的处数", cell)?;
    sheet.write_number_with_format(row, 2, 0.0, centre)?;
    let blank: usize = plan.required.iter().map(|required| required.blanks(plan)).sum();
    let sum = Formula::new(format!("SUM({letters}1:{letters}{count})")).set_result(blank.to_string());
    sheet.write_formula_with_format(row, 3, sum, centre)?;
    let line = row + 1;
    let verdict = Formula::new(format!("IF(D{line}=0,\"✓\",\"\")")).set_result("");
    sheet.write_formula_with_format(row, 4, verdict, centre)?;
    Ok(())
}
