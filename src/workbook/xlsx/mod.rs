//! Reads the sheets of an `.xlsx` or `.xlsm` from the parts of its package.
//!
//! One own pass over a sheet part gives cells, formulas, formats, merged regions, hidden rows and columns together.
//! calamine does not read these files here, and this is why: it hands out numbers as floats and no hidden rows, needs a
//! pass of its own each for cells, formulas and merges, trusts the file's own counts (a 2 KB file makes it abort the
//! process), and loses a whole sheet to one unknown error value. A scan beside it would have to read every cell anyway. A
//! test compares both readers cell by cell.

mod sheet_part;
mod strings;
mod styles;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use quick_xml::events::{BytesStart, Event};

use self::sheet_part::Context;
use super::book::{Container, Workbook};
use super::budget::Budget;
use super::sheet::Visibility;
use super::xml;
use crate::error::ErrorKind;
use crate::ooxml::{Limits, Package};

/// A sheet as the workbook part lists it.
struct Listed {
    name: String,
    visibility: Visibility,
    relation: String,
}

/// The workbook of a package whose workbook part is XML.
pub(super) fn open(package: Arc<Package>, part: &str, limits: &Limits) -> Result<Workbook, ErrorKind> {
    let mut workbook = Workbook::of(if package.content_type(part)?.is_some_and(|kind| kind.contains("macroEnabled")) {
        Container::Xlsm
    } else {
        Container::Xlsx
    });
    let (listed, date1904) = workbook_part(part, &package.required_part(part)?)?;
    if listed.is_empty() {
        return Err(ErrorKind::BadPart { part: part.to_owned(), detail: "里面没有列出工作表".to_owned() });
    }
    Limits::check("工作表数", listed.len() as u64, limits.sheets)?;
    if date1904 {
        workbook.note_1904_dates();
    }
    if package.parts().any(|name| name.starts_with("_xmlsignatures/")) {
        workbook.warnings.push("工作簿带有数字签名，写入批注后签名失效".to_owned());
    }
    let relations = package.relationships(part)?;
    let target = |word: &str| relations.iter().find(|r| r.is(word) && !r.external).map(|r| r.target.as_str());
    // Some programs name these parts without writing them; what points there is then said cell by cell.
    let part_of = |word| match target(word) {
        Some(name) => Ok::<_, ErrorKind>(package.part(name)?.map(|bytes| (name, bytes))),
        None => Ok(None),
    };
    let strings = match part_of("sharedStrings")? {
        Some((name, bytes)) => strings::read(name, &bytes, limits).map_err(|kind| kind.in_part(name))?,
        None => Vec::new(),
    };
    let formats = match part_of("styles")? {
        Some((name, bytes)) => styles::read(name, &bytes)?,
        None => Vec::new(),
    };
    let mut context = Context { strings: &strings, formats: &formats, date1904, budget: Budget::new(limits) };
    let mut seen = BTreeSet::new();
    let mut parts = BTreeMap::new();
    let mut refused = None;
    for sheet in listed {
        // Chart sheets and macro sheets hold no cells of a form.
        let relation = relations.iter().find(|r| r.id == sheet.relation);
        if relation.is_some_and(|r| !r.is("worksheet")) {
            continue;
        }
        let target = relation.map(|r| package.spelled(&r.target).unwrap_or(&r.target));
        let read = target.ok_or_else(|| ErrorKind::BadPart {
            part: part.to_owned(),
            detail: format!("没有写明工作表“{}”的内容在哪里", sheet.name),
        });
        let read = read.and_then(|part| {
            // Read again for every sheet, one part would cost as much as hundreds.
            if !seen.insert(part) {
                return Err(ErrorKind::bad_part(part, "几张工作表指向同一个内部文件"));
            }
            let bytes = package.required_part(part)?;
            Ok((part, sheet_part::read(part, &bytes, &mut context).map_err(|kind| kind.in_part(part))?))
        });
        match read {
            Ok((part, scanned)) => {
                let scanned = scanned.noted(&sheet.name, &mut workbook.warnings);
                workbook.sheets.push(scanned.into_sheet(&sheet.name, sheet.visibility));
                parts.insert(sheet.name, part.to_owned());
            }
            Err(error @ ErrorKind::TooLarge { .. }) => return Err(error),
            // One damaged sheet does not take the others with it.
            Err(error) => {
                workbook.warnings.push(format!("工作表“{}”读不出：{error}", sheet.name));
                refused = refused.or(Some(error));
            }
        }
    }
    match refused {
        Some(error) if workbook.sheets.is_empty() => Err(error),
        _ => {
            workbook.parts = parts;
            workbook.package = Some(package);
            Ok(workbook)
        }
    }
}

/// The sheets in tab order, and whether dates count from 1904 (ECMA-376 part 1, §18.2.28).
fn workbook_part(part: &str, bytes: &[u8]) -> Result<(Vec<Listed>, bool), ErrorKind> {
    let mut reader = xml::reader(part, bytes)?;
    let mut listed = Vec::new();
    let mut date1904 = false;
    loop {
        match xml::next(part, &mut reader)? {
            Event::Start(element) | Event::Empty(element) => match element.local_name().as_ref() {
                "workbookPr" => date1904 = xml::flag(&element, "date1904"),
                "sheet" => listed.extend(listed_sheet(&element)),
                _ => {}
            },
            Event::Eof => return Ok((listed, date1904)),
            _ => {}
        }
    }
}

fn listed_sheet(element: &BytesStart<'_>) -> Option<Listed> {
    // The prefix of the relationship namespace is free; no other attribute called `id` carries one.
    let relation = element
        .attributes()
        .flatten()
        .find(|a| a.key.local_name().as_ref() == "id" && a.key.prefix().is_some())
        .map(|a| xml::value(&a))?;
    let visibility = match xml::attribute(element, "state").as_deref() {
        Some("hidden") => Visibility::Hidden,
        Some("veryHidden") => Visibility::VeryHidden,
        _ => Visibility::Visible,
    };
    Some(Listed { name: xml::attribute(element, "name")?.into_owned(), visibility, relation })
}
