//! A workbook, read: its sheets, and what is known of the file behind them. Opens nothing; `open` does.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::sheet::Sheet;
use crate::ooxml::Package;

/// The file format of a workbook, by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// Excel 2007 and later.
    Xlsx,
    /// The same with macros.
    Xlsm,
    /// The same in binary parts.
    Xlsb,
    /// Excel 97 to 2003, also WPS `.et`.
    Xls,
    /// OpenDocument.
    Ods,
}

impl Container {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Xlsx, Self::Xlsm, Self::Xlsb, Self::Xls, Self::Ods];

    /// `xlsx`, `xlsm`, `xlsb`, `xls` or `ods`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Xlsm => "xlsm",
            Self::Xlsb => "xlsb",
            Self::Xls => "xls",
            Self::Ods => "ods",
        }
    }
}

/// A workbook, read.
#[derive(Debug, Clone)]
pub struct Workbook {
    /// What the file is.
    pub container: Container,
    /// Its sheets of cells in tab order, hidden ones included; chart and macro sheets are left out.
    pub sheets: Vec<Sheet>,
    /// The package, where the format is one that can be patched (xlsx, xlsm).
    pub package: Option<Arc<Package>>,
    /// What a person should know about the reading, in plain Chinese: a damaged sheet, a signature.
    pub warnings: Vec<String>,
    pub(super) parts: BTreeMap<String, String>,
}

impl Workbook {
    /// An empty workbook of a format.
    pub(super) fn of(container: Container) -> Self {
        Self { container, sheets: Vec::new(), package: None, warnings: Vec::new(), parts: BTreeMap::new() }
    }

    /// Notes that the dates of the workbook count from 1904 (ECMA-376 part 1, §18.17.4.1).
    pub(super) fn note_1904_dates(&mut self) {
        self.warnings.push("工作簿使用 1904 日期系统，日期已按此换算".to_owned());
    }

    /// The name of the package part behind a sheet, such as `xl/worksheets/sheet1.xml`; `None` where the workbook has
    /// no package or no such sheet.
    #[must_use]
    pub fn part_of(&self, sheet: &str) -> Option<&str> {
        self.parts.get(sheet).map(String::as_str)
    }

    /// The sheet of this name.
    #[must_use]
    pub fn sheet(&self, name: &str) -> Option<&Sheet> {
        self.sheets.iter().find(|sheet| sheet.name() == name)
    }
}
