//! The number format behind each style index of a cell (ECMA-376 part 1, §18.8.10).

use foldhash::{HashMap, HashMapExt};

use quick_xml::events::Event;

use crate::error::ErrorKind;
use crate::workbook::cell::NumberFormat;
use crate::workbook::number_format::{builtin, from_code};
use crate::workbook::xml;

/// Formats in the order of `cellXfs`; the part's own formats come before built-in ones of the same id.
pub(super) fn read(part: &str, bytes: &[u8]) -> Result<Vec<NumberFormat>, ErrorKind> {
    let mut reader = xml::reader(part, bytes)?;
    let mut own = HashMap::new();
    let mut formats = Vec::new();
    let mut in_cell_xfs = false;
    loop {
        match xml::next(part, &mut reader)? {
            Event::Start(element) | Event::Empty(element) => match element.local_name().as_ref() {
                "numFmt" => {
                    if let (Some(id), Some(code)) =
                        (xml::number(&element, "numFmtId"), xml::attribute(&element, "formatCode"))
                    {
                        own.insert(id, from_code(&code));
                    }
                }
                "cellXfs" => in_cell_xfs = true,
                "xf" if in_cell_xfs => {
                    let id = xml::number(&element, "numFmtId").unwrap_or(0);
                    formats.push(own.get(&id).copied().unwrap_or_else(|| builtin(id)));
                }
                // Formats of differential styles (dxf) belong to conditional formatting and share no ids.
                "dxfs" => return Ok(formats),
                _ => {}
            },
            Event::End(element) if element.local_name().as_ref() == "cellXfs" => in_cell_xfs = false,
            Event::Eof => return Ok(formats),
            _ => {}
        }
    }
}
