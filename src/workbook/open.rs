//! Opens a workbook of any format: what a file is called does not matter, what is in it does.

use std::sync::Arc;

use super::book::Workbook;
use super::sniff::{Wrapping, wrapping};
use super::{ods, xls, xlsb, xlsx};
use crate::error::{ErrorKind, Unreadable};
use crate::ooxml::{Limits, Package};

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
}

/// What a zip holds.
enum Inside {
    Xlsx(String),
    Xlsb(String),
    Ods,
    Other(Unreadable),
}

/// Looks at the parts that say what the package is.
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
