//! A workbook of printed tables, each a sheet: title, note, header, lines, totals.
//!
//! Numbers are written as numbers, totals as formulas with their results beside them (a viewer that does not
//! recalculate shows these), texts as texts: nothing a unit writes can become a formula.

use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, FormatUnderline, Formula,
    Url, Workbook, Worksheet, XlsxError,
};

use super::table::{Cell, Drill};
use crate::address::{CellRange, column_letters};
use crate::text::{LONGEST_CELL, cut, seen, wrapped_lines};

/// Height of a line of text, in points.
const LINE: f64 = 15.0;

/// The colour of what leads somewhere.
const LINK: Color = Color::RGB(0x05_63C1);

/// A4.
const PAPER: u8 = 9;

/// A column: its header and its width in characters of Latin text.
pub(super) type Head = (&'static str, u32);

/// A new workbook with a title, and a fixed date, so that the same content gives the same bytes.
pub(super) fn workbook(title: &str) -> Result<Workbook, XlsxError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&created));
    Ok(workbook)
}

/// Links that a sheet takes: Excel allows 65 530.
const LINKS: u32 = 65_000;

/// Where lines of lists stand.
pub(super) trait Places {
    /// The range that a drill leads to, as `'表单明细'!A5:N20`; `None` where nothing stands there.
    fn of(&self, drill: &Drill) -> Option<String>;
}

/// Nothing leads anywhere.
struct Nowhere;

impl Places for Nowhere {
    fn of(&self, _: &Drill) -> Option<String> {
        None
    }
}

/// The formats of the cells of a line, made once: a long list has millions of cells.
struct Formats {
    plain: Format,
    text: Format,
    word: Format,
    count: Format,
    linked_count: Format,
    amount: Format,
    figure: Format,
    percent: Format,
    share: Format,
    none: Format,
    link: Format,
    linked_text: Format,
}

impl Formats {
    fn of(plain: &Format) -> Self {
        let own = || plain.clone();
        let link = own().set_font_color(LINK).set_underline(FormatUnderline::Single);
        Self {
            plain: own(),
            text: own().set_text_wrap(),
            word: own().set_text_wrap().set_align(FormatAlign::Center),
            count: own().set_num_format("0"),
            linked_count: own().set_num_format("0").set_font_color(LINK),
            amount: own().set_num_format("#,##0.00"),
            figure: own().set_align(FormatAlign::Center),
            percent: own().set_num_format("0.0%"),
            share: own().set_num_format("0.0%").set_align(FormatAlign::Right),
            none: own().set_align(FormatAlign::Right),
            linked_text: link.clone().set_text_wrap(),
            link,
        }
    }
}

/// A sheet being filled from the top.
pub(super) struct Page<'a> {
    sheet: &'a mut Worksheet,
    lines: Formats,
    totals: Formats,
    widths: Vec<u32>,
    row: u32,
    places: &'a dyn Places,
    links: u32,
}

impl<'a> Page<'a> {
    /// A new sheet with its title line and a note at the right, as wide as the columns.
    pub(super) fn new(
        workbook: &'a mut Workbook,
        name: &str,
        title: &str,
        note: &str,
        columns: &[(&str, u32)],
    ) -> Result<Self, XlsxError> {
        let sheet = workbook.add_worksheet();
        sheet.set_name(name)?.set_landscape().set_paper_size(PAPER).set_print_fit_to_pages(1, 0);
        sheet.set_print_center_horizontally(true).set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3);
        sheet.set_footer("&C第 &P 页，共 &N 页");
        let widths: Vec<u32> = columns.iter().map(|(_, width)| *width).collect();
        for (col, width) in (0..).zip(&widths) {
            sheet.set_column_width(col, *width)?;
        }
        let bold = bordered().set_bold();
        let (lines, totals) = (Formats::of(&bordered()), Formats::of(&bold));
        let mut page = Self { sheet, lines, totals, widths, row: 0, places: &Nowhere, links: 0 };
        page.across(title, &base().set_bold().set_font_size(16).set_align(FormatAlign::Center), 30.0)?;
        page.across(note, &base().set_align(FormatAlign::Right), LINE + 3.0)?;
        Ok(page)
    }

    /// The same, with counts that lead to where their things stand.
    pub(super) fn leading(mut self, places: &'a dyn Places) -> Self {
        self.places = places;
        self
    }

    /// A line of text over the whole width, as high as it needs.
    pub(super) fn paragraph(&mut self, text: &str) -> Result<(), XlsxError> {
        let height = f64::from(wrapped_lines(text, self.widths.iter().sum())) * (LINE + 3.0) + 6.0;
        self.across(text, &base().set_font_size(12).set_text_wrap(), height)
    }

    /// The heading of a block of lines.
    pub(super) fn heading(&mut self, text: &str) -> Result<(), XlsxError> {
        self.across(text, &base().set_bold().set_font_size(12), LINE + 8.0)
    }

    /// Lets a person filter these rows by their header.
    pub(super) fn filter(&mut self, range: CellRange) -> Result<(), XlsxError> {
        let col = |col| u16::try_from(col).unwrap_or(u16::MAX);
        self.sheet.autofilter(range.start.row, col(range.start.col), range.end.row, col(range.end.col))?;
        Ok(())
    }

    fn across(&mut self, text: &str, format: &Format, height: f64) -> Result<(), XlsxError> {
        let text = &fitting(text);
        let last = u16::try_from(self.widths.len().saturating_sub(1)).unwrap_or(0);
        if last > 0 {
            self.sheet.merge_range(self.row, 0, self.row, last, text, format)?;
        } else {
            self.sheet.write_string_with_format(self.row, 0, text, format)?;
        }
        self.sheet.set_row_height(self.row, height)?;
        self.row += 1;
        Ok(())
    }

    /// The header of a table. `fixed` keeps it and so many columns in sight, and repeats it on every printed page.
    pub(super) fn header(&mut self, columns: &[(&str, u32)], fixed: Option<u16>) -> Result<(), XlsxError> {
        let format = bordered().set_bold().set_background_color(Color::RGB(0xE7_ECF3)).set_align(FormatAlign::Center);
        let mut height = 1;
        for ((col, (title, _)), width) in (0..).zip(columns).zip(&self.widths) {
            self.sheet.write_string_with_format(self.row, col, *title, &format.clone().set_text_wrap())?;
            height = height.max(wrapped_lines(title, *width));
        }
        self.sheet.set_row_height(self.row, f64::from(height) * LINE + 5.0)?;
        if let Some(columns) = fixed {
            self.sheet.set_freeze_panes(self.row + 1, columns)?.set_repeat_rows(self.row, self.row)?;
        }
        self.row += 1;
        Ok(())
    }

    /// The zero-based row that is written next.
    pub(super) fn next_row(&self) -> u32 {
        self.row
    }

    /// Lets a person choose among these words, or leave the cell blank, in a column of lines.
    pub(super) fn choices(&mut self, col: u16, first: u32, last: u32, words: &[&str]) -> Result<(), XlsxError> {
        let list = DataValidation::new().allow_list_strings(words)?;
        let list = list.set_error_title("只能选列表里的")?.set_error_message(format!("应为：{}", words.join("、")))?;
        self.sheet.add_data_validation(first, col, last, col, &list)?;
        Ok(())
    }

    /// A line of a table; gives its zero-based row.
    pub(super) fn line(&mut self, items: &[Cell]) -> Result<u32, XlsxError> {
        self.write_line(items, false)
    }

    fn write_line(&mut self, items: &[Cell], totals: bool) -> Result<u32, XlsxError> {
        let row = self.row;
        let mut height = 1;
        for (item, width) in items.iter().zip(&self.widths) {
            if let Cell::Text(text) | Cell::Word(text) | Cell::Link { text, .. } = item {
                height = height.max(wrapped_lines(text, *width));
            }
        }
        for (col, item) in (0..).zip(items).take(self.widths.len()) {
            self.item(row, col, item, totals)?;
        }
        // Excel allows at most 409 points.
        self.sheet.set_row_height(row, (f64::from(height) * LINE + 3.0).min(400.0))?;
        self.row += 1;
        Ok(row)
    }

    /// The line of totals over the lines from `first` to the one above; `items` hold the results, and counts and
    /// amounts become sums.
    pub(super) fn totals(&mut self, first: u32, items: &[Cell]) -> Result<(), XlsxError> {
        let row = self.write_line(items, true)?;
        if row <= first {
            return Ok(());
        }
        for (col, item) in (0..).zip(items) {
            let (result, format) = match item {
                Cell::Count(count, _) => (count.to_string(), &self.totals.count),
                Cell::Amount(Some(amount)) => (amount.to_string(), &self.totals.amount),
                _ => continue,
            };
            let letters = column_letters(u32::from(col));
            let sum = format!("SUM({letters}{}:{letters}{row})", first + 1);
            self.sheet.write_formula_with_format(row, col, Formula::new(sum).set_result(result), format)?;
        }
        Ok(())
    }

    fn item(&mut self, row: u32, col: u16, item: &Cell, totals: bool) -> Result<(), XlsxError> {
        let sheet = &mut *self.sheet;
        let formats = if totals { &self.totals } else { &self.lines };
        match item {
            Cell::Text(text) => sheet.write_string_with_format(row, col, fitting(text), &formats.text)?,
            Cell::Word(text) => sheet.write_string_with_format(row, col, fitting(text), &formats.word)?,
            Cell::Count(count, drill) => {
                let place = drill.as_ref().filter(|_| *count > 0).and_then(|drill| self.places.of(drill));
                let mut format = &formats.count;
                if let Some(place) = place.filter(|_| self.links < LINKS) {
                    self.links += 1;
                    // The number written behind it takes the place of the text and leaves the link.
                    sheet.write_url_with_options(
                        row,
                        col,
                        Url::new(format!("internal:{place}")),
                        "",
                        "看明细",
                        None,
                    )?;
                    format = &formats.linked_count;
                }
                let number = count.to_f64().unwrap_or_default();
                sheet.write_number_with_format(row, col, number, format)?
            }
            Cell::Distinct(count) => {
                let number = count.to_f64().unwrap_or_default();
                sheet.write_number_with_format(row, col, number, &formats.count)?
            }
            Cell::DistinctAmount(amount) => {
                let number = amount.to_f64().unwrap_or_default();
                sheet.write_number_with_format(row, col, number, &formats.amount)?
            }
            Cell::Percent(share) => match share.and_then(|share| share.to_f64()) {
                Some(number) => sheet.write_number_with_format(row, col, number, &formats.percent)?,
                None => sheet.write_string_with_format(row, col, "—", &formats.none)?,
            },
            Cell::Amount(amount) => match amount.and_then(|amount| amount.to_f64()) {
                Some(number) => sheet.write_number_with_format(row, col, number, &formats.amount)?,
                None => sheet.write_blank(row, col, &formats.plain)?,
            },
            Cell::Figure(figure) => match figure.and_then(|figure| figure.to_f64()) {
                Some(number) => sheet.write_number_with_format(row, col, number, &formats.figure)?,
                None => sheet.write_blank(row, col, &formats.plain)?,
            },
            Cell::Calculated { formula, result } => {
                let formula = Formula::new(formula).set_result(result.normalize().to_string());
                sheet.write_formula_with_format(row, col, formula, &formats.figure)?
            }
            Cell::Share { part, whole, result: (above, below) } => {
                let (part, whole) = (sum(row, part), sum(row, whole));
                let share = above.checked_div(*below).map(|share| share.normalize().to_string());
                let formula = Formula::new(format!("IF({whole}=0,\"—\",({part})/({whole}))"));
                let formula = formula.set_result(share.unwrap_or_else(|| "—".to_owned()));
                sheet.write_formula_with_format(row, col, formula, &formats.share)?
            }
            Cell::Sheet(name) => {
                let url = Url::new(format!("internal:'{name}'!A1"));
                sheet.write_url_with_options(row, col, url, name, "看这张表", Some(&formats.link))?
            }
            Cell::Link { path, place, text } => {
                // A `#` would name a place inside the file.
                let place = if place.is_empty() || place.contains(['#', '%']) { "" } else { &format!("#{place}") };
                let link = (!path.contains(['#', '%'])).then(|| Url::new(format!("file:///{path}{place}")));
                let linked = &formats.linked_text;
                match link {
                    Some(url) if path.len() + place.len() < 1000 && self.links < LINKS => {
                        self.links += 1;
                        sheet.write_url_with_options(row, col, url, fitting(text), "打开退回的工作簿", Some(linked))?
                    }
                    _ => sheet.write_string_with_format(row, col, fitting(text), &formats.text)?,
                }
            }
        };
        Ok(())
    }
}

/// The text that is [`seen`], as far as a cell takes it.
pub(super) fn fitting(text: &str) -> String {
    cut(&seen(text), LONGEST_CELL).into_owned()
}

/// `E4+F4` for the columns of a zero-based row.
fn sum(row: u32, columns: &[u16]) -> String {
    let cells: Vec<String> =
        columns.iter().map(|col| format!("{}{}", column_letters(u32::from(*col)), u64::from(row) + 1)).collect();
    cells.join("+")
}

fn base() -> Format {
    Format::new().set_font_name("宋体").set_font_size(10.5).set_align(FormatAlign::VerticalCenter)
}

fn bordered() -> Format {
    base().set_border(FormatBorder::Thin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_too_long_for_a_cell_does_not_cost_the_workbook() {
        let mut workbook = Workbook::new();
        let columns: &[Head] = &[("说明", 20), ("文件", 20)];
        let mut page = Page::new(&mut workbook, "表", "表", "", columns).expect("a page");
        let files = "见 澄岚区水务局自评表.xlsx、".repeat(3000);
        page.line(&[Cell::word(&files), Cell::text(&files)]).expect("a line");
        assert!(workbook.save_to_buffer().is_ok());
    }
}
