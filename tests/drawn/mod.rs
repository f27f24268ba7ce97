//! Drawn sheets as workbooks on disk.

use std::fs;
use std::path::Path;

use jixiao::workbook::{Content, NumberFormat, Sheet, sheet_from_text};
use rust_xlsxwriter::{Format, Workbook, Worksheet};

/// Writes a drawn sheet as a workbook.
pub(crate) fn write(path: &Path, drawn: &str) {
    let sheet = sheet_from_text("表", drawn).expect("a valid grid");
    let mut workbook = Workbook::new();
    copy(&sheet, workbook.add_worksheet().set_name("表").expect("a name"), 0);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    workbook.save(path).expect("a workbook");
}

/// Writes the cells of a sheet, so many rows further down.
pub(crate) fn copy(sheet: &Sheet, page: &mut Worksheet, down: u32) {
    let column = |col: u32| u16::try_from(col).expect("a small sheet");
    for merge in sheet.merges() {
        let (start, end) = (merge.start, merge.end);
        let (first, last) = (start.row + down, end.row + down);
        page.merge_range(first, column(start.col), last, column(end.col), "", &Format::new()).expect("a merge");
    }
    for (at, cell) in sheet.cells() {
        let (row, col) = (at.row + down, column(at.col));
        match &cell.content {
            Content::Number(number) if matches!(cell.format, NumberFormat::General) => {
                let number: f64 = number.to_string().parse().expect("a number");
                page.write_number(row, col, number).expect("a number");
            }
            _ => drop(page.write_string(row, col, cell.shown()).expect("a text")),
        }
    }
}
