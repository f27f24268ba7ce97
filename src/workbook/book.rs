//! A workbook of any format: what a file is called does not matter, what is in it does.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::sheet::Sheet;
use super::sniff::{Wrapping, wrapping};
use super::{ods, xls, xlsb, xlsx};
use crate::error::{ErrorKind, Unreadable};
use crate::ooxml::{Limits, Package};

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
    /// Reads a workbook of any known format.
    ///
    /// # Errors
    /// The file is none, is encrypted, damaged or too large; the reason names what it is instead.
    pub fn open(bytes: Arc<[u8]>, limits: &Limits) -> Result<Self, ErrorKind> {
        Limits::check("文件字节数", bytes.len() as u64, limits.file_bytes)?;
        match wrapping(&bytes).map_err(ErrorKind::NotReadable)? {
            Wrapping::Ole => xls::open(&bytes, limits),
            Wrapping::Zip => {
                let package = Arc::new(Package::open(Arc::clone(&bytes), limits)?);
                match inside(&package)? {
                    Inside::Xlsx(part) => xlsx::open(package, &part, limits),
                    Inside::Xlsb(part) => xlsb::open(&package, &part, limits),
                    Inside::Ods => ods::open(&package, limits),
                    Inside::Other(what) => Err(ErrorKind::NotReadable(what)),
                }
            }
        }
    }

    /// An empty workbook of a format.
    pub(super) fn of(container: Container) -> Self {
        Self { container, sheets: Vec::new(), package: None, warnings: Vec::new(), parts: BTreeMap::new() }
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

/// What a zip holds.
enum Inside {
    Xlsx(String),
    Xlsb(String),
    Ods,
    Other(Unreadable),
}

fn inside(package: &Package) -> Result<Inside, ErrorKind> {
    if let Some(kind) = package.part("mimetype")? {
        return Ok(match &*kind {
            kind if kind.starts_with(b"application/vnd.oasis.opendocument.spreadsheet") => Inside::Ods,
            kind if kind.starts_with(b"application/vnd.oasis.opendocument.text") => Inside::Other(Unreadable::Word),
            _ => Inside::Other(Unreadable::OtherZip),
        });
    }
    if !package.contains("[Content_Types].xml") {
        return Ok(Inside::Other(Unreadable::OtherZip));
    }
    Ok(match package.workbook_part()? {
        Some(part) if part.starts_with("word/") => Inside::Other(Unreadable::Word),
        Some(part) if part.starts_with("ppt/") => Inside::Other(Unreadable::OtherZip),
        Some(part) if part.ends_with(".bin") => Inside::Xlsb(part),
        Some(part) => Inside::Xlsx(part),
        None => Inside::Other(Unreadable::OtherZip),
    })
}
