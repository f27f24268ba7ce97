//! Blank roster, project ledger and register of receipts: the columns that their readers know, an example line, and
//! 填写说明.
//!
//! What a column is called and whether it must be there is the reader's; how it is filled is said in `book_columns`.

use std::io::{self, Write};

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationRule, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Workbook,
    Worksheet, XlsxError,
};

use super::book_columns::{Content, Entry, LEDGER, RECEIPTS, ROSTER};
use super::house_style::{HEADER, PAPER, properties};
use crate::ooxml::book::quoted;
use crate::roster::table::{Column, EXAMPLE};
use crate::roster::{ledger as projects, read as units, receipts as received};
use crate::text::wrapped_lines;
use crate::value::parse_date;

/// Name of the sheet that explains the columns.
const GUIDE: &str = "填写说明";

/// Rows below the header that have a grid to be filled in.
const GRID_ROWS: u32 = 26;

/// Last zero-based row with drop-downs and prompts.
const LAST_ROW: u32 = 5000;

/// A book as it is sent out.
struct Book<'a> {
    /// Name of its sheet.
    name: &'static str,
    entries: &'static [Entry],
    /// The column whose example bears the mark by which readers skip the line.
    marked: &'static Column,
    /// Above the explanation of the columns.
    notes: &'static [&'static str],
    /// Form titles that may be chosen.
    forms: Vec<&'a str>,
}

/// Writes a blank roster (名册). `forms` are the titles that may be chosen as 应报表单.
///
/// # Errors
/// What the writer reports.
pub fn roster(forms: &[&str], out: &mut dyn Write) -> io::Result<()> {
    const NOTES: &[&str] = &[
        "名册写明哪些单位应当报哪些表，用来统计应报、已报、未报、逾期。填在第一张工作表“名册”里，一个单位一行，要报的表年度、次数不同的写几行。",
        "列名前带 * 的必须填。列的次序可以调换，列名不要改；用不着的列可以删去。",
        "灰色的示例行不读，在它下面接着填即可。要在示例行上改写的，请把“示例：”也去掉，否则那一行不读。",
    ];
    let book = Book { name: "名册", entries: &ROSTER, marked: &units::UNIT, notes: NOTES, forms: each_once(forms) };
    write(&book, out)
}

/// Writes a blank project ledger (项目台账).
///
/// # Errors
/// What the writer reports.
pub fn ledger(out: &mut dyn Write) -> io::Result<()> {
    const NOTES: &[&str] = &[
        "项目台账写明有哪些项目，用来认出各张表上的项目。填在第一张工作表“项目台账”里，一个项目一行，可以有合计行。",
        "列名前带 * 的必须填。列的次序可以调换，列名不要改；用不着的列可以删去。",
        "灰色的示例行不读，在它下面接着填即可。要在示例行上改写的，请把“示例：”也去掉，否则那一行不读。",
    ];
    let book =
        Book { name: "项目台账", entries: &LEDGER, marked: &projects::NAME, notes: NOTES, forms: Vec::new() };
    write(&book, out)
}

/// Writes a blank register of receipts (收件登记). `forms` are the titles that may be chosen.
///
/// # Errors
/// What the writer reports.
pub fn receipts(forms: &[&str], out: &mut dyn Write) -> io::Result<()> {
    const NOTES: &[&str] = &[
        "收件登记写明各单位的表是哪一天收到的，与名册的截止日期比，统计按时、逾期。填在第一张工作表“收件登记”里，收一次登记一行。",
        "写得越细的行越优先：写了文件名的先算，再看写明表单、年度、轮次的，最后看只写单位的；一样细的按最后收到的一天算。",
        "列名前带 * 的必须有。列的次序可以调换，列名不要改；用不着的列可以删去。灰色的示例行不读，在它下面接着填即可。",
    ];
    let book =
        Book {
            name: "收件登记", entries: &RECEIPTS, marked: &received::UNIT, notes: NOTES, forms: each_once(forms)
        };
    write(&book, out)
}

fn each_once<'a>(forms: &[&'a str]) -> Vec<&'a str> {
    let mut titles: Vec<&str> = Vec::new();
    for form in forms {
        if !titles.contains(form) {
            titles.push(form);
        }
    }
    titles
}

fn write(book: &Book<'_>, out: &mut dyn Write) -> io::Result<()> {
    let bytes = build(book).map_err(io::Error::other)?;
    out.write_all(&bytes)
}

fn build(book: &Book<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(book.name)?);
    list(workbook.add_worksheet(), book)?;
    guide(workbook.add_worksheet(), book)?;
    workbook.save_to_buffer()
}

/// The sheet to be filled in.
fn list(sheet: &mut Worksheet, book: &Book<'_>) -> Result<(), XlsxError> {
    page(sheet, book.name)?;
    sheet.set_landscape().set_freeze_panes(1, 0)?.set_repeat_rows(0, 0)?;
    sheet.set_default_row_height(21);
    sheet.set_row_height(0, 27)?;
    for (col, entry) in (0..).zip(book.entries) {
        let shape = shape(&entry.content);
        sheet.set_column_width(col, entry.width)?;
        // Below the grid too: a code typed there must keep its zeros.
        sheet.set_column_format(col, &shape)?;
        sheet.write_string_with_format(0, col, starred(entry.column), &header())?;
        let grey = shape.clone().set_border(FormatBorder::Thin).set_font_color(Color::RGB(0x80_8080)).set_italic();
        let mark = if std::ptr::eq(entry.column, book.marked) { EXAMPLE } else { "" };
        match (&entry.content, entry.example.parse::<f64>(), parse_date(entry.example)) {
            _ if !entry.in_line => {
                sheet.write_blank(1, col, &grey)?;
            }
            (Content::Count | Content::Amount | Content::Year, Ok(number), _) => {
                sheet.write_number_with_format(1, col, number, &grey)?;
            }
            (Content::Day, _, Some(day)) => {
                let day = ExcelDateTime::parse_from_str(&day.to_string())?;
                sheet.write_datetime_with_format(1, col, &day, &grey)?;
            }
            _ => {
                sheet.write_string_with_format(1, col, format!("{mark}{}", entry.example), &grey)?;
            }
        }
        for row in 2..=GRID_ROWS {
            sheet.write_blank(row, col, &shape.clone().set_border(FormatBorder::Thin))?;
        }
        sheet.add_data_validation(1, col, LAST_ROW, col, &validation(entry, book)?)?;
    }
    Ok(())
}

/// The prompt of a column, and its choice where it has one.
fn validation(entry: &Entry, book: &Book<'_>) -> Result<DataValidation, XlsxError> {
    let validation = match &entry.content {
        Content::Choice(words) => DataValidation::new().allow_list_strings(words)?,
        // Several titles in one cell are allowed, so that another text is no error.
        Content::Forms if !book.forms.is_empty() => {
            let (first, last) = (forms_row(book) + 1, forms_row(book) + book.forms.len());
            let titles = format!("={}!$A${first}:$A${last}", quoted(GUIDE));
            DataValidation::new().allow_list_formula(Formula::new(titles)).show_error_message(false)
        }
        Content::Count => DataValidation::new().allow_whole_number(DataValidationRule::GreaterThanOrEqualTo(0)),
        Content::Amount => DataValidation::new().allow_decimal_number(DataValidationRule::GreaterThanOrEqualTo(0.0)),
        Content::Year => DataValidation::new().allow_whole_number(DataValidationRule::Between(2000, 2100)),
        Content::Turn => DataValidation::new().allow_whole_number(DataValidationRule::Between(1, 12)),
        Content::Day => {
            let (first, last) = (ExcelDateTime::from_ymd(2000, 1, 1)?, ExcelDateTime::from_ymd(2100, 12, 31)?);
            DataValidation::new().allow_date(DataValidationRule::Between(first, last))
        }
        _ => DataValidation::new().allow_any_value(),
    };
    let wanted = match &entry.content {
        Content::Choice(words) => format!("请填“{}”，或空着。", words.join("”或“")),
        Content::Count => "请填整数，如 3。".to_owned(),
        Content::Amount => "请只填数字，按万元。".to_owned(),
        Content::Year => "请填四位数字的年度，如 2025。".to_owned(),
        Content::Turn => "请填第几次，如 1 或 2。".to_owned(),
        Content::Day => "请填日期，如 2026-03-15。".to_owned(),
        _ => String::new(),
    };
    let validation = match wanted.as_str() {
        "" => validation,
        wanted => validation.set_error_title(entry.column.title)?.set_error_message(wanted)?,
    };
    validation.set_input_title(entry.column.title)?.set_input_message(entry.what)
}

/// 填写说明: column, whether it must be filled, what to write, example; below it the form titles.
fn guide(sheet: &mut Worksheet, book: &Book<'_>) -> Result<(), XlsxError> {
    const WIDTHS: [u32; 4] = [36, 8, 64, 30];
    page(sheet, GUIDE)?;
    sheet.set_landscape();
    for (col, width) in (0..).zip(WIDTHS) {
        sheet.set_column_width(col, width)?;
    }
    let title = base().set_bold().set_font_size(14).set_align(FormatAlign::Center);
    sheet.merge_range(0, 0, 0, 3, &format!("{}填写说明", book.name), &title)?.set_row_height(0, 28)?;
    let mut row = 1;
    for note in book.notes {
        sheet.merge_range(row, 0, row, 3, note, &base().set_text_wrap())?;
        sheet.set_row_height(row, height(note, WIDTHS.iter().sum()))?;
        row += 1;
    }
    for (col, head) in (0..).zip(["列名", "必填", "填什么", "示例"]) {
        sheet.write_string_with_format(row, col, head, &header())?;
    }
    let cell = base().set_border(FormatBorder::Thin).set_text_wrap();
    for entry in book.entries {
        row += 1;
        let required = if entry.column.required { "是" } else { "否" };
        sheet.write_string_with_format(row, 0, starred(entry.column), &cell)?;
        sheet.write_string_with_format(row, 1, required, &cell.clone().set_align(FormatAlign::Center))?;
        sheet.write_string_with_format(row, 2, entry.what, &cell)?;
        sheet.write_string_with_format(row, 3, entry.example, &cell)?;
        let [_, _, what, example] = WIDTHS;
        sheet.set_row_height(row, height(entry.what, what).max(height(entry.example, example)))?;
    }
    if !book.forms.is_empty() {
        let row = forms_row(book) - 1;
        sheet.write_string_with_format(index(row), 0, "可选的表单", &header())?;
        for (at, form) in book.forms.iter().enumerate() {
            sheet.write_string_with_format(index(row + 1 + at), 0, *form, &cell)?;
        }
    }
    Ok(())
}

/// Zero-based row of the first form title in 填写说明: title, notes, header, columns, a blank row and a heading above.
fn forms_row(book: &Book<'_>) -> usize {
    1 + book.notes.len() + 1 + book.entries.len() + 2
}

/// A row of a sheet that is far from full.
fn index(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}

fn starred(column: &Column) -> String {
    if column.required { format!("*{}", column.title) } else { column.title.to_owned() }
}

fn height(text: &str, width: u32) -> f64 {
    f64::from(wrapped_lines(text, width)) * 16.0 + 4.0
}

fn page(sheet: &mut Worksheet, name: &str) -> Result<(), XlsxError> {
    sheet.set_name(name)?.set_paper_size(PAPER).set_print_fit_to_pages(1, 0);
    sheet.set_print_center_horizontally(true).set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3);
    Ok(())
}

fn base() -> Format {
    Format::new().set_font_name("宋体").set_font_size(11).set_align(FormatAlign::VerticalCenter)
}

fn header() -> Format {
    let format = base().set_bold().set_border(FormatBorder::Thin).set_background_color(HEADER);
    format.set_align(FormatAlign::Center).set_text_wrap()
}

fn shape(content: &Content) -> Format {
    match content {
        Content::Text | Content::Forms => base().set_text_wrap(),
        Content::Code => base().set_num_format("@"),
        Content::Count | Content::Year | Content::Turn => base().set_num_format("0").set_align(FormatAlign::Center),
        Content::Day => base().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Center),
        Content::Amount => base().set_num_format("#,##0.00"),
        Content::Choice(_) => base().set_align(FormatAlign::Center),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::address::CellRef;
    use crate::ooxml::Limits;
    use crate::roster::period::{TURN, YEAR};
    use crate::roster::{FormKind, Ledger, Receipts, Roster};
    use crate::schema::Catalog;
    use crate::workbook::{Cell, Sheet};

    fn titles() -> Vec<&'static str> {
        Catalog::embedded().schemas.iter().map(|schema| schema.title.as_str()).collect()
    }

    fn sheets(write: impl Fn(&mut dyn Write) -> io::Result<()>) -> Vec<Sheet> {
        let mut bytes = Vec::new();
        write(&mut bytes).expect("memory takes it");
        let workbook = crate::workbook::Workbook::open(bytes.into(), &Limits::default()).expect("a workbook");
        workbook.sheets
    }

    /// The sheet with the line of examples written again below it, without the mark, and below that further lines, told
    /// by their columns.
    fn filled(sheet: &Sheet, entries: &[Entry], further: &[&[(&Column, &str)]]) -> Sheet {
        let mut cells: BTreeMap<CellRef, Cell> = sheet.cells().map(|(at, cell)| (at, cell.clone())).collect();
        for (at, cell) in sheet.row(1) {
            let shown = cell.shown().into_owned();
            let copied = shown.strip_prefix(EXAMPLE).map_or_else(|| cell.clone(), Cell::text);
            cells.insert(CellRef::new(2, at.col), copied);
        }
        for (row, line) in (3..).zip(further) {
            for (column, text) in *line {
                let col =
                    (0..).zip(entries).find(|(_, entry)| std::ptr::eq(entry.column, *column)).expect("a column").0;
                let cell = text.parse().map_or_else(|_| Cell::text(*text), Cell::number);
                cells.insert(CellRef::new(row, col), cell);
            }
        }
        Sheet::new(sheet.name(), sheet.visibility(), cells, Vec::new())
    }

    /// What 填写说明 gives as the example of a column.
    fn example(entries: &'static [Entry], column: &Column) -> &'static str {
        entries.iter().find(|entry| std::ptr::eq(entry.column, column)).expect("a column").example
    }

    #[test]
    fn a_blank_roster_says_that_it_is_empty_and_reads_when_filled() {
        let sheets = sheets(|out| roster(&titles(), out));
        let read = |sheets: &[Sheet]| Roster::read(sheets, "名册.xlsx", &Catalog::embedded().schemas);
        let empty = read(&sheets).expect_err("nobody is on it").to_string();
        assert_eq!(empty, "名册.xlsx：工作表“名册”的表头下面还没有单位（示例行不算）。请逐行填写");
        let of = |column| (column, example(&ROSTER, column));
        let monitored =
            [of(&units::DEPARTMENT), of(&units::UNIT), of(&YEAR), (&units::FORMS, "项目支出绩效监控表"), of(&TURN)];
        let (merged_into, merged_year) = (of(&units::MERGED_INTO), of(&units::MERGED_YEAR));
        let merged = [of(&units::DEPARTMENT), (&units::UNIT, "澄岚区灌溉站"), merged_into, merged_year];
        let roster = read(&[filled(&sheets[0], &ROSTER, &[&monitored, &merged])]).expect("a good roster");
        assert_eq!(roster.hints(), [] as [&str; 0]);
        let heir = roster.resolve_in("澄岚区灌溉站", Some(2025)).known().map(|unit| unit.name.as_str());
        assert_eq!(heir, Some("澄岚区水利工作站"));
        let unit = roster.resolve("226002-水利站").known().cloned().expect("the unit of the example");
        assert_eq!((unit.name.as_str(), unit.kind.as_str(), unit.aliases.len()), ("澄岚区水利工作站", "区直", 2));
        let told: Vec<_> = unit.expected.iter().map(|e| (e.year, e.turn, e.projects, e.deadline.is_some())).collect();
        assert_eq!(told, [(Some(2025), None, Some(3), true), (Some(2025), Some(2), None, false)]);
        let amount = unit.expected.first().and_then(|expected| expected.amount);
        assert_eq!(amount.map(|amount| amount.to_string()).as_deref(), Some("120.5"));
    }

    #[test]
    fn a_blank_ledger_says_that_it_is_empty_and_reads_when_filled() {
        let sheets = sheets(|out| ledger(out));
        let read = |sheets: &[Sheet]| Ledger::read(sheets, "项目台账.xlsx", None);
        let empty = read(&sheets).expect_err("nothing is in it").to_string();
        assert_eq!(empty, "项目台账.xlsx：工作表“项目台账”的表头下面还没有项目（示例行不算）。请逐行填写");
        let ledger = read(&[filled(&sheets[0], &LEDGER, &[])]).expect("a good ledger");
        assert_eq!(ledger.hints(), [] as [&str; 0]);
        let project = ledger.projects().first().expect("the project of the example");
        assert_eq!((project.key().as_str(), project.name.as_str()), ("36900023T000000000011", "清水渠维护"));
        assert!(project.amount.is_some() && project.continuation.is_some() && !project.bond);
        assert_eq!(project.year, Some(2025));
    }

    #[test]
    fn a_blank_register_of_receipts_says_that_it_is_empty_and_reads_when_filled() {
        let sheets = sheets(|out| receipts(&titles(), out));
        let read = |sheets: &[Sheet]| Receipts::read(sheets, "收件登记.xlsx", None, &Catalog::embedded().schemas);
        let empty = read(&sheets).expect_err("nothing is in it").to_string();
        assert!(empty.starts_with("收件登记.xlsx：收件登记的表头下面还没有登记（示例行不算）"), "{empty}");
        let of = |column| (column, example(&RECEIPTS, column));
        let by_file = [of(&received::FILE), (&received::RECEIVED, "2026-03-20")];
        let monitored =
            [of(&received::UNIT), (&received::FORM, "项目支出绩效监控表"), of(&TURN), of(&received::RECEIVED)];
        let receipts = read(&[filled(&sheets[0], &RECEIPTS, &[&by_file, &monitored])]).expect("a good register");
        assert_eq!(receipts.hints(), [] as [&str; 0]);
        let (unit, kind) = ("澄岚区水利工作站", FormKind::of_name("项目支出绩效自评表").expect("a form"));
        let day = |source, year| receipts.day(source, unit, kind, Some(year), None).map(|day| day.to_string());
        assert_eq!(day("收件/甲.xlsx", 2025).as_deref(), Some("2026-03-10"));
        assert_eq!(day("收件/补报/水利站自评表.xlsx", 2024).as_deref(), Some("2026-03-20"));
        assert_eq!(day("收件/甲.xlsx", 2024), None);
    }

    #[test]
    fn every_column_of_a_blank_book_is_explained_with_an_example() {
        for (entries, write) in [
            (&ROSTER[..], sheets(|out| roster(&titles(), out))),
            (&LEDGER[..], sheets(|out| ledger(out))),
            (&RECEIPTS[..], sheets(|out| receipts(&titles(), out))),
        ] {
            let told: Vec<Vec<String>> =
                (0..40).map(|row| write[1].row(row).map(|(_, cell)| cell.shown().into_owned()).collect()).collect();
            for entry in entries {
                let line = told.iter().find(|line| line.first() == Some(&starred(entry.column)));
                let line = line.unwrap_or_else(|| panic!("{} is not explained", entry.column.title));
                assert_eq!(line.get(2..), Some(&[entry.what.to_owned(), entry.example.to_owned()][..]));
            }
        }
    }

    #[test]
    fn every_title_that_may_be_chosen_stands_where_the_list_looks_for_it_and_is_known_to_the_reader() {
        let (titles, sheets) = (titles(), sheets(|out| roster(&titles(), out)));
        let book = Book { name: "", entries: &ROSTER, marked: &units::UNIT, notes: &[""; 3], forms: Vec::new() };
        let mut listed: Vec<String> = Vec::new();
        let first = index(forms_row(&book));
        for row in first..first + 20 {
            listed.extend(Some(sheets[1].shown(CellRef::new(row, 0)).into_owned()).filter(|text| !text.is_empty()));
        }
        assert!(!listed.is_empty() && titles.iter().all(|title| listed.iter().any(|text| text == title)), "{listed:?}");
        assert!(listed.iter().all(|title| crate::roster::FormKind::of_name(title).is_some()));
    }

    #[test]
    fn a_book_is_the_same_bytes_every_time() {
        let write = || {
            let mut bytes = Vec::new();
            ledger(&mut bytes).expect("memory takes it");
            receipts(&titles(), &mut bytes).expect("memory takes it");
            roster(&titles(), &mut bytes).expect("memory takes it");
            bytes
        };
        assert!(write() == write());
    }
}
