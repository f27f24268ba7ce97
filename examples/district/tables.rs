//! Lists that are no form with indicators: a heading, rows, sums. Serves the lists of the bureau and its books.

use anyhow::Result;
use jixiao::address::column_letters;
use rust_decimal::Decimal;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet};

use crate::chance::float;

/// What a cell of a list holds.
#[derive(Clone)]
pub(crate) enum Value {
    Blank,
    Text(String),
    Count(usize),
    Money(Decimal),
    /// The sum of the column above, with its result.
    Sum(Decimal),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Blank } else { Self::Text(text.to_owned()) }
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

/// A new workbook; it would else tell when it was made.
pub(crate) fn workbook() -> Result<Workbook> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2022, 11, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    Ok(workbook)
}

/// A list.
pub(crate) struct List<'a> {
    pub(crate) sheet: &'a str,
    /// Title, and lines under it; none for a book whose first row is its heading.
    pub(crate) above: Vec<String>,
    /// Columns with their widths.
    pub(crate) heads: &'a [(&'a str, f64)],
    pub(crate) rows: Vec<Vec<Value>>,
    /// Lines under the list.
    pub(crate) below: Vec<String>,
}

impl List<'_> {
    /// The workbook of the list.
    pub(crate) fn workbook(&self) -> Result<Vec<u8>> {
        let mut workbook = workbook()?;
        self.draw(workbook.add_worksheet())?;
        Ok(workbook.save_to_buffer()?)
    }

    fn draw(&self, sheet: &mut Worksheet) -> Result<()> {
        sheet.set_name(self.sheet)?.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
        let last = u16::try_from(self.heads.len())?.saturating_sub(1);
        let plain = Format::new().set_font_name("宋体").set_font_size(10.5).set_align(FormatAlign::VerticalCenter);
        let centred = plain.clone().set_align(FormatAlign::Center).set_text_wrap();
        let boxed = centred.clone().set_border(FormatBorder::Thin);
        let mut row = 0;
        for (at, text) in self.above.iter().enumerate() {
            let title = centred.clone().set_font_name("黑体").set_font_size(18);
            sheet.merge_range(row, 0, row, last, text, if at == 0 { &title } else { &plain })?;
            sheet.set_row_height(row, if at == 0 { 34 } else { 20 })?;
            row += 1;
        }
        for (col, (head, width)) in (0..).zip(self.heads) {
            sheet.set_column_width(col, *width)?;
            sheet.write_string_with_format(row, col, *head, &boxed.clone().set_bold())?;
        }
        sheet.set_row_height(row, 28)?;
        let first = row + 1;
        for line in &self.rows {
            row += 1;
            for (col, value) in (0..).zip(line) {
                let money = boxed.clone().set_num_format("#,##0.00");
                match value {
                    Value::Blank => sheet.write_blank(row, col, &boxed)?,
                    Value::Text(text) => sheet.write_string_with_format(row, col, text, &boxed)?,
                    Value::Count(count) => {
                        sheet.write_number_with_format(row, col, f64::from(u32::try_from(*count)?), &boxed)?
                    }
                    Value::Money(amount) => sheet.write_number_with_format(row, col, float(*amount), &money)?,
                    Value::Sum(sum) => {
                        let letters = column_letters(u32::from(col));
                        let formula = Formula::new(format!("SUM({letters}{}:{letters}{row})", first + 1));
                        let formula = formula.set_result(sum.normalize().to_string());
                        sheet.write_formula_with_format(row, col, formula, &money)?
                    }
                };
            }
        }
        for text in &self.below {
            row += 1;
            sheet.merge_range(row, 0, row, last, text, &plain)?;
        }
        if self.above.is_empty() {
            sheet.set_freeze_panes(1, 0)?.set_repeat_rows(0, 0)?;
        }
        Ok(())
    }
}
