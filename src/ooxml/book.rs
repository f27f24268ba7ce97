//! `xl/workbook.xml` (ECMA-376 part 1, §18.2): the list of sheets, the active tab, defined names.

use std::ops::Range;

use super::draft::Draft;
use super::edit::{Edit, Unpatchable};
use super::tags::{Kind, Tag, Tags, escape};
use crate::error::ErrorKind;

/// The places of `workbook.xml` that a new sheet touches.
#[derive(Debug, Clone)]
pub(crate) struct Book {
    /// Sheets in tab order, chart sheets and dialog sheets included.
    pub(crate) sheets: Vec<SheetEntry>,
    /// ISO/IEC 29500 Strict: other namespaces and relationship types.
    pub(crate) strict: bool,
    prefix: String,
    sheets_start: usize,
    sheets_end: usize,
    view: View,
    names: Names,
    calculation: Calculation,
}

/// Where the workbook says how it is calculated.
#[derive(Debug, Clone)]
enum Calculation {
    /// No `calcPr`: make it here.
    Create(usize),
    /// A `calcPr` without `fullCalcOnLoad`: insert here.
    Insert(usize),
    /// The value.
    Value(Range<usize>),
}

/// A sheet as the workbook lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SheetEntry {
    /// The name on the tab.
    pub(crate) name: String,
    /// The relationship that leads to its part.
    pub(crate) relation: String,
    id: u32,
}

/// Where the active tab is said.
#[derive(Debug, Clone)]
enum View {
    /// No `workbookView` at all.
    Missing,
    /// `bookViews` without a view, or a view without `activeTab`: insert here.
    Insert(usize),
    /// The value.
    Value(Range<usize>),
}

/// Where defined names go.
#[derive(Debug, Clone)]
enum Names {
    /// Before the closing tag.
    Before(usize),
    /// In place of `<definedNames/>`, or of nothing at all.
    Whole(Range<usize>),
}

impl Book {
    /// The workbook part of a package that is being rewritten, and its places.
    ///
    /// # Errors
    /// A package without one, and those of [`Self::read`].
    pub(crate) fn in_draft(draft: &Draft<'_>) -> Result<(String, Self), ErrorKind> {
        let known = draft.relationships("")?.into_iter().find(|r| r.is("officeDocument") && !r.external);
        let part = known.ok_or_else(|| Unpatchable::new("找不到工作簿主文件").on("_rels/.rels"))?.target;
        let book = Self::read(&draft.required_part(&part)?).map_err(|error| error.on(&part))?;
        Ok((part, book))
    }

    /// Reads the places.
    ///
    /// # Errors
    /// A part without a list of sheets.
    pub(crate) fn read(part: &[u8]) -> Result<Self, Unpatchable> {
        let mut tags = Tags::of(part)?;
        let mut root: Option<Tag<'_>> = None;
        let mut sheets = Vec::new();
        let (mut start, mut end) = (None, None);
        let mut view = View::Missing;
        let mut names = None;
        let mut names_go = None;
        let mut names_end = None;
        let mut calculation = None;
        while let Some(tag) = tags.next()? {
            if root.is_none() {
                root = Some(tag);
                continue;
            }
            match (tag.kind, tag.name) {
                (Kind::Open, "sheets") => start = Some(tag.span.start),
                (Kind::Close, "sheets") => {
                    end = Some(tag.span.start);
                    names_go = Some(tag.span.end);
                }
                (Kind::Open | Kind::Empty, "sheet") if start.is_some() && end.is_none() => sheets.push(SheetEntry {
                    name: tag.value("name").map(|name| name.into_owned()).unwrap_or_default(),
                    relation: tag.prefixed_attribute("id").map(|id| id.value.into_owned()).unwrap_or_default(),
                    id: tag.number("sheetId").unwrap_or(0),
                }),
                (Kind::Open | Kind::Empty, "workbookView") if matches!(view, View::Missing) => {
                    view = match tag.attribute("activeTab") {
                        Some(active) => View::Value(active.span),
                        None => View::Insert(tag.name_end),
                    };
                }
                (Kind::Close, "functionGroups" | "externalReferences") => names_go = Some(tag.span.end),
                (Kind::Empty, "functionGroups" | "externalReferences") => names_go = Some(tag.span.end),
                (Kind::Close, "definedNames") => {
                    names = Some(Names::Before(tag.span.start));
                    names_end = Some(tag.span.end);
                }
                (Kind::Empty, "definedNames") => {
                    names = Some(Names::Whole(tag.span.clone()));
                    names_end = Some(tag.span.end);
                }
                (Kind::Open | Kind::Empty, "calcPr") => {
                    calculation = Some(match tag.attribute("fullCalcOnLoad") {
                        Some(full) => Calculation::Value(full.span),
                        None => Calculation::Insert(tag.name_end),
                    });
                }
                _ => {}
            }
        }
        let (Some(root), Some(sheets_start), Some(sheets_end), Some(names_go)) = (root, start, end, names_go) else {
            return Err(Unpatchable::new("没有工作表清单"));
        };
        let namespace = match root.prefix.trim_end_matches(':') {
            "" => root.value("xmlns"),
            prefix => root.value(&format!("xmlns:{prefix}")),
        };
        Ok(Self {
            sheets,
            strict: namespace.is_some_and(|uri| uri.contains("purl.oclc.org")),
            prefix: root.prefix.to_owned(),
            sheets_start,
            sheets_end,
            view,
            names: names.unwrap_or(Names::Whole(names_go..names_go)),
            calculation: calculation.unwrap_or(Calculation::Create(names_end.unwrap_or(names_go))),
        })
    }

    /// The namespace of spreadsheet parts.
    pub(crate) fn namespace(&self) -> &'static str {
        if self.strict {
            "http://purl.oclc.org/ooxml/spreadsheetml/main"
        } else {
            "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        }
    }

    /// What every relationship type starts with, without the slash.
    pub(crate) fn relation_base(&self) -> &'static str {
        if self.strict {
            "http://purl.oclc.org/ooxml/officeDocument/relationships"
        } else {
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        }
    }

    /// `wanted`, or `wanted (2)` and so on where a sheet has the name; Excel compares without case.
    pub(crate) fn unique_name(&self, wanted: &str) -> String {
        let taken = |name: &str| self.sheets.iter().any(|sheet| sheet.name.to_lowercase() == name.to_lowercase());
        let mut name = wanted.to_owned();
        let mut number = 2;
        while taken(&name) {
            name = format!("{wanted} ({number})");
            number += 1;
        }
        name
    }

    /// The edits that put a sheet behind all others, so that the `localSheetId` of every defined name stays true.
    pub(crate) fn add_sheet(&self, name: &str, relation: &str) -> Vec<Edit> {
        let id = self.sheets.iter().map(|sheet| sheet.id).max().unwrap_or(0).saturating_add(1);
        let (prefix, name, relation) = (&self.prefix, escape(name), escape(relation));
        // Some producers declare `r` on each sheet instead of on the root, so the new one declares its own.
        let base = self.relation_base();
        vec![Edit::insert(
            self.sheets_end,
            format!(r#"<{prefix}sheet name="{name}" sheetId="{id}" xmlns:r="{base}" r:id="{relation}"/>"#),
        )]
    }

    /// The edit that makes a tab (zero-based) the one shown when the workbook is opened. The sheets that were
    /// selected must be deselected too, or both stand in one group and are edited together.
    pub(crate) fn activate(&self, tab: usize) -> Edit {
        let prefix = &self.prefix;
        match &self.view {
            View::Value(range) => Edit::replace(range.clone(), tab.to_string()),
            View::Insert(at) => Edit::insert(*at, format!(r#" activeTab="{tab}""#)),
            View::Missing => Edit::insert(
                self.sheets_start,
                format!(r#"<{prefix}bookViews><{prefix}workbookView activeTab="{tab}"/></{prefix}bookViews>"#),
            ),
        }
    }

    /// The edit that makes programs calculate all formulas when they open the workbook. It must come behind those that
    /// add names: where both make their element, names stand first.
    pub(crate) fn calculate_on_load(&self) -> Edit {
        let prefix = &self.prefix;
        match &self.calculation {
            Calculation::Value(range) => Edit::replace(range.clone(), "1"),
            Calculation::Insert(at) => Edit::insert(*at, " fullCalcOnLoad=\"1\""),
            Calculation::Create(at) => Edit::insert(*at, format!("<{prefix}calcPr fullCalcOnLoad=\"1\"/>")),
        }
    }

    /// The edit that sets the rows a new sheet (zero-based) repeats on every printed page: `'表'!$3:$3`.
    pub(crate) fn add_print_titles(&self, sheet: usize, rows: &str) -> Edit {
        let (prefix, rows) = (&self.prefix, escape(rows));
        let entry = format!(
            r#"<{prefix}definedName name="_xlnm.Print_Titles" localSheetId="{sheet}">{rows}</{prefix}definedName>"#
        );
        match &self.names {
            Names::Before(at) => Edit::insert(*at, entry),
            Names::Whole(range) => {
                Edit::replace(range.clone(), format!("<{prefix}definedNames>{entry}</{prefix}definedNames>"))
            }
        }
    }
}

/// The edits that take a sheet (zero-based) and the names that belong to it out of `workbook.xml`; names of sheets
/// behind it keep their sheet, and the first sheet is shown where it was the one shown.
///
/// # Errors
/// A part that is no XML.
pub(crate) fn without_sheet(part: &[u8], sheet: usize) -> Result<Vec<Edit>, Unpatchable> {
    let mut tags = Tags::of(part)?;
    let mut edits = Vec::new();
    let (mut in_sheets, mut tab) = (false, 0_usize);
    // What is being taken out, until its closing tag.
    let mut open: Option<(&str, usize)> = None;
    while let Some(tag) = tags.next()? {
        match (tag.kind, tag.name) {
            (Kind::Close, name) if open.is_some_and(|(opened, _)| opened == name) => {
                edits.extend(open.take().map(|(_, start)| Edit::replace(start..tag.span.end, "")));
            }
            (Kind::Open, "sheets") => in_sheets = true,
            (Kind::Close, "sheets") => in_sheets = false,
            (Kind::Open | Kind::Empty, "sheet") if in_sheets => {
                match tag.kind {
                    Kind::Open if tab == sheet => open = Some(("sheet", tag.span.start)),
                    Kind::Empty if tab == sheet => edits.push(Edit::replace(tag.span, "")),
                    _ => {}
                }
                tab += 1;
            }
            (Kind::Open, "definedName") => {
                match tag.attribute("localSheetId").map(|a| (a.value.parse::<usize>(), a.span)) {
                    Some((Ok(own), _)) if own == sheet => open = Some(("definedName", tag.span.start)),
                    Some((Ok(own), span)) if own > sheet => edits.push(Edit::replace(span, (own - 1).to_string())),
                    _ => {}
                }
            }
            (Kind::Open | Kind::Empty, "workbookView") => {
                for name in ["activeTab", "firstSheet"] {
                    let Some(shown) = tag.attribute(name) else { continue };
                    match shown.value.parse::<usize>() {
                        Ok(shown_tab) if shown_tab == sheet => edits.push(Edit::replace(shown.span, "0")),
                        Ok(shown_tab) if shown_tab > sheet => {
                            edits.push(Edit::replace(shown.span, (shown_tab - 1).to_string()));
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    Ok(edits)
}

/// A sheet name as formulas and links write it: always quoted, `'` doubled.
pub(crate) fn quoted(sheet: &str) -> String {
    format!("'{}'", sheet.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::super::edit::apply;
    use super::*;

    const PART: &str = "<x:workbook xmlns:x=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><x:sheets>\
        <x:sheet name=\"审核意见\" sheetId=\"7\" r:id=\"a\" xmlns:r=\"r\"/></x:sheets><x:calcPr/></x:workbook>";

    #[test]
    fn a_new_sheet_has_an_own_name_and_id_under_the_parts_prefix() {
        let book = Book::read(PART.as_bytes()).expect("a workbook part");
        let name = book.unique_name("审核意见");
        let mut edits = book.add_sheet(&name, "rId9");
        edits.push(book.activate(1));
        edits.push(book.add_print_titles(1, "'审核意见 (2)'!$1:$1"));
        edits.push(book.calculate_on_load());
        let after = String::from_utf8(apply(PART.as_bytes(), edits).expect("edits fit")).expect("UTF-8");
        assert!(after.contains("<x:sheet name=\"审核意见 (2)\" sheetId=\"8\""), "{after}");
        assert!(after.contains("<x:bookViews><x:workbookView activeTab=\"1\"/></x:bookViews><x:sheets>"), "{after}");
        assert!(after.contains("</x:sheets><x:definedNames><x:definedName"), "{after}");
        assert!(after.contains("</x:definedNames><x:calcPr fullCalcOnLoad=\"1\"/></x:workbook>"), "{after}");
    }

    #[test]
    fn how_to_calculate_is_said_behind_the_names() {
        let part = PART.replace("<x:calcPr/>", "");
        let book = Book::read(part.as_bytes()).expect("a workbook part");
        let mut edits = vec![book.add_print_titles(0, "a")];
        edits.push(book.calculate_on_load());
        let after = String::from_utf8(apply(part.as_bytes(), edits).expect("edits fit")).expect("UTF-8");
        assert!(after.contains("</x:definedNames><x:calcPr fullCalcOnLoad=\"1\"/>"), "{after}");
    }

    #[test]
    fn a_sheet_is_taken_out_with_its_names() {
        let part = "<workbook><bookViews><workbookView firstSheet=\"0\" activeTab=\"1\"/></bookViews><sheets>\
            <sheet name=\"甲\"/><sheet name=\"审核意见\"></sheet><sheet name=\"乙\"/></sheets><definedNames>\
            <definedName name=\"a\">1</definedName><definedName name=\"b\" localSheetId=\"1\">2</definedName>\
            <definedName name=\"c\" localSheetId=\"2\">3</definedName></definedNames></workbook>";
        let edits = without_sheet(part.as_bytes(), 1).expect("a workbook part");
        assert_eq!(
            String::from_utf8(apply(part.as_bytes(), edits).expect("edits fit")).expect("UTF-8"),
            "<workbook><bookViews><workbookView firstSheet=\"0\" activeTab=\"0\"/></bookViews><sheets>\
             <sheet name=\"甲\"/><sheet name=\"乙\"/></sheets><definedNames><definedName name=\"a\">1</definedName>\
             <definedName name=\"c\" localSheetId=\"1\">3</definedName></definedNames></workbook>"
        );
    }

    #[test]
    fn quotes_in_a_sheet_name_are_doubled() {
        assert_eq!(quoted("甲'乙"), "'甲''乙'");
    }
}
