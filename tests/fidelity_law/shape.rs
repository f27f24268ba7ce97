//! The shape of a package: ids that are unique, relations that lead somewhere, indices in range, elements in the order
//! the standard asks for. What was wrong before need not be right after; nothing may become wrong.

use std::collections::{BTreeMap, BTreeSet};

use jixiao::address::CellRef;
use jixiao::workbook::Workbook;

use super::marks::Chosen;
use super::package::Parts;
use super::tokens::{self, Tag};

/// What became wrong.
pub(crate) fn faults(before: &Parts, after: &Parts) -> Vec<String> {
    let known: BTreeSet<String> = all(before).into_iter().collect();
    all(after).into_iter().filter(|fault| !known.contains(fault)).collect()
}

/// Every fault of a package.
fn all(parts: &Parts) -> Vec<String> {
    let mut faults = Vec::new();
    let names: Vec<String> = parts.names().collect();
    let types = content_types(parts);
    for name in &names {
        if name != "[Content_Types].xml" && !types.covers(name) {
            faults.push(format!("{name} has no content type"));
        }
        if name.ends_with(".xml") || name.ends_with(".rels") {
            faults.extend(ill_formed(name, parts.find(name).unwrap_or_default()));
        }
        let relations = parts.relations(name);
        let mut ids = BTreeSet::new();
        for relation in &relations {
            if !ids.insert(&relation.id) {
                faults.push(format!("{name}: relation {} twice", relation.id));
            }
            if !relation.external && parts.find(&relation.target).is_none() && !relation.target.contains('#') {
                faults.push(format!("{name}: {} leads nowhere ({})", relation.id, relation.target));
            }
        }
    }
    faults.extend(types.twice);
    faults.extend(book(parts));
    faults.extend(shape_ids(parts));
    faults
}

struct Types {
    defaults: BTreeSet<String>,
    overrides: BTreeSet<String>,
    twice: Vec<String>,
}

impl Types {
    fn covers(&self, name: &str) -> bool {
        let extension = name.rsplit('.').next().unwrap_or_default().to_lowercase();
        self.overrides.contains(&name.to_lowercase()) || self.defaults.contains(&extension)
    }
}

fn content_types(parts: &Parts) -> Types {
    let mut types = Types { defaults: BTreeSet::new(), overrides: BTreeSet::new(), twice: Vec::new() };
    for tag in tokens::tags(parts.find("[Content_Types].xml").unwrap_or_default()) {
        let (list, key) = match tag.local() {
            "Default" if !tag.name.starts_with('/') => (&mut types.defaults, "Extension"),
            "Override" if !tag.name.starts_with('/') => (&mut types.overrides, "PartName"),
            _ => continue,
        };
        let value = tag.value(key).unwrap_or_default().trim_start_matches('/').to_lowercase();
        if !list.insert(value.clone()) {
            types.twice.push(format!("content type of {value} twice"));
        }
    }
    types
}

fn ill_formed(name: &str, bytes: &[u8]) -> Option<String> {
    let text = tokens::text_of(bytes);
    let mut reader = quick_xml::Reader::from_str(&text);
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => return None,
            Ok(quick_xml::events::Event::Start(element) | quick_xml::events::Event::Empty(element)) => {
                // Attributes written twice are an error of their own.
                if element.attributes().any(|attribute| attribute.is_err()) {
                    return Some(format!("{name} is not well-formed"));
                }
            }
            Ok(_) => {}
            Err(_) => return Some(format!("{name} is not well-formed")),
        }
    }
}

/// Faults of the workbook, its styles and its sheets.
fn book(parts: &Parts) -> Vec<String> {
    let mut faults = Vec::new();
    let book = parts.workbook();
    let tags = tokens::tags(parts.find(&book).unwrap_or_default());
    faults.extend(disordered(&book, "workbook", &tags, &BOOK));
    let relations = parts.relations(&book);
    let (mut ids, mut names) = (BTreeSet::new(), BTreeSet::new());
    for sheet in tags.iter().filter(|tag| tag.is("sheet")) {
        let name = sheet.value("name").unwrap_or_default();
        if !ids.insert(sheet.value("sheetId")) || !names.insert(name.to_lowercase()) {
            faults.push(format!("sheet {name} has the id or name of another"));
        }
        if name.encode_utf16().count() > 31 {
            faults.push(format!("sheet name {name} is too long"));
        }
        let relation = sheet.attributes.iter().find(|(key, _)| key.ends_with(":id")).map(|(_, id)| id.clone());
        if !relations.iter().any(|r| Some(&r.id) == relation.as_ref()) {
            faults.push(format!("sheet {name} has no part"));
        }
    }
    let styles = relations.iter().find(|r| r.kind.ends_with("/styles")).map(|r| r.target.clone());
    let formats = styles.map_or(0, |part| {
        let tags = tokens::tags(parts.find(&part).unwrap_or_default());
        faults.extend(disordered(&part, "styleSheet", &tags, &STYLES));
        styles_faults(&tags, &mut faults)
    });
    for relation in relations.iter().filter(|r| r.kind.ends_with("/worksheet")) {
        let tags = tokens::tags(parts.find(&relation.target).unwrap_or_default());
        faults.extend(disordered(&relation.target, "worksheet", &tags, &SHEET));
        faults.extend(sheet_faults(&relation.target, &tags, parts, formats));
    }
    faults
}

/// Counts the cell formats; notes counts and indices that are wrong.
fn styles_faults(tags: &[Tag], faults: &mut Vec<String>) -> usize {
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    let mut formats = Vec::new();
    for list in ["fonts", "fills", "borders", "cellStyleXfs", "cellXfs"] {
        let entries = children(tags, list);
        sizes.insert(list, entries.len());
        let count = tags.iter().find(|tag| tag.is(list)).and_then(|tag| tag.number("count"));
        if count.is_some_and(|count| count != entries.len()) {
            faults.push(format!("{list} does not count its entries"));
        }
        if list == "cellXfs" {
            formats = entries;
        }
    }
    for (key, list) in [("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")] {
        let wrong = formats.iter().filter(|xf| xf.number(key).is_some_and(|id| id >= sizes[list]));
        faults.extend(wrong.map(|xf| format!("a cell format has {key} {:?}", xf.value(key))));
    }
    formats.len()
}

/// The children of the first element of this name.
fn children<'a>(tags: &'a [Tag], name: &str) -> Vec<&'a Tag> {
    let Some(start) = tags.iter().position(|tag| tag.is(name) && !tag.empty) else { return Vec::new() };
    let mut depth = 0_usize;
    let mut found = Vec::new();
    for tag in tags.iter().skip(start + 1) {
        if tag.name.starts_with('/') {
            if depth == 0 {
                break;
            }
            depth -= 1;
            continue;
        }
        if depth == 0 {
            found.push(tag);
        }
        depth += usize::from(!tag.empty);
    }
    found
}

fn disordered(part: &str, root: &str, tags: &[Tag], order: &[&str]) -> Option<String> {
    let places: Vec<usize> =
        children(tags, root).iter().filter_map(|tag| order.iter().position(|name| *name == tag.local())).collect();
    (!places.is_sorted()).then(|| format!("{part}: elements out of order"))
}

fn sheet_faults(part: &str, tags: &[Tag], parts: &Parts, formats: usize) -> Vec<String> {
    let mut faults = Vec::new();
    let (mut row, mut next) = (0_usize, CellRef::new(0, 0));
    let (mut last_row, mut seen) = (None::<usize>, BTreeSet::new());
    for tag in tags {
        if tag.is("row") {
            row = tag.number("r").unwrap_or(row + 1);
            next = CellRef::new(u32::try_from(row).unwrap_or(1).saturating_sub(1), 0);
            if last_row.is_some_and(|last| last >= row) {
                faults.push(format!("{part}: rows out of order"));
            }
            last_row = Some(row);
        } else if tag.is("c") {
            let at = tag.value("r").and_then(|at| at.parse().ok()).unwrap_or(next);
            if at < next && at.row == next.row {
                faults.push(format!("{part}: cells out of order"));
            }
            if !seen.insert(at) {
                faults.push(format!("{part}: cell {at} twice"));
            }
            next = CellRef::new(at.row, at.col + 1);
            if formats > 0 && tag.number("s").is_some_and(|style| style >= formats) {
                faults.push(format!("{part}: {at} has a style that is not there"));
            }
        }
    }
    let relations = parts.relations(part);
    for tag in tags.iter().filter(|tag| tag.is("legacyDrawing") || tag.is("drawing") || tag.is("legacyDrawingHF")) {
        let id = tag.attributes.iter().find(|(key, _)| key.ends_with(":id")).map(|(_, id)| id.clone());
        if !relations.iter().any(|relation| Some(&relation.id) == id.as_ref()) {
            faults.push(format!("{part}: {} leads nowhere", tag.local()));
        }
    }
    for kind in ["comments", "vmlDrawing"] {
        let count = relations.iter().filter(|r| r.kind.ends_with(&format!("/{kind}"))).count();
        let headers = tags.iter().filter(|tag| tag.is("legacyDrawingHF")).count();
        if count > 1 + if kind == "vmlDrawing" { headers } else { 0 } {
            faults.push(format!("{part}: {count} parts of {kind}"));
        }
    }
    faults
}

/// Ids of shapes that occur twice in the drawings of notes, and blocks of ids that do.
fn shape_ids(parts: &Parts) -> Vec<String> {
    let mut faults = Vec::new();
    let mut blocks = BTreeSet::new();
    for name in parts.names().filter(|name| name.to_lowercase().ends_with(".vml")) {
        let mut ids = BTreeSet::new();
        for tag in tokens::tags(parts.find(&name).unwrap_or_default()) {
            if tag.is("shape") || tag.is("shapetype") {
                let id = tag.value("id").unwrap_or_default();
                if !ids.insert(id.clone()) {
                    faults.push(format!("{name}: shape {id} twice"));
                }
            } else if tag.is("idmap") {
                for block in tag.value("data").unwrap_or_default().split(',').map(str::trim) {
                    if !blocks.insert(block.to_owned()) {
                        faults.push(format!("{name}: block {block} of another drawing"));
                    }
                }
            }
        }
    }
    faults
}

/// Marks that are not there: a fill, one note, one box of a size.
pub(crate) fn missing_marks(before: &Parts, after: &Parts, workbook: &Workbook, chosen: &Chosen) -> Vec<String> {
    let mut faults = Vec::new();
    let fills = fills_of_formats(after);
    for (sheet, cells) in &chosen.cells {
        let Some(part) = workbook.part_of(sheet) else { continue };
        let relations = after.relations(part);
        let Some(comments) = relations.iter().find(|r| r.kind.ends_with("/comments")) else {
            faults.push(format!("{sheet} has no notes"));
            continue;
        };
        let notes = tokens::tags(after.find(&comments.target).unwrap_or_default());
        let notes: Vec<String> = notes.iter().filter(|t| t.is("comment")).filter_map(|t| t.value("ref")).collect();
        let styles = styles_of_cells(after.find(part).unwrap_or_default());
        let (boxes, boxes_before) = (boxes(after, part), self::boxes(before, part));
        for at in cells {
            let count = notes.iter().filter(|noted| **noted == at.to_string()).count();
            let here: Vec<&NoteBox> = boxes.iter().filter(|found| found.at == Some(*at)).collect();
            let known = boxes_before.iter().filter(|found| found.at == Some(*at)).count();
            if count != 1 || here.len() != known.max(1) {
                faults.push(format!("{sheet}!{at} has {count} notes and {} boxes", here.len()));
            }
            if !here.iter().any(|found| found.has_size()) {
                let anchor = here.first().map(|found| &found.anchor);
                faults.push(format!("{sheet}!{at} has a box without size: {anchor:?}"));
            }
            let fill = styles.get(at).and_then(|style| fills.get(*style)).map(String::as_str);
            if !fill.is_some_and(|fill| ["FFF8A0A8", "FFFFDC6E", "FFE4EEF8"].contains(&fill)) {
                faults.push(format!("{sheet}!{at} is filled with {fill:?}"));
            }
        }
    }
    faults
}

/// The colour of each cell format; empty where it has no plain one.
fn fills_of_formats(parts: &Parts) -> Vec<String> {
    let styles = parts.relations(&parts.workbook()).into_iter().find(|r| r.kind.ends_with("/styles"));
    let tags = tokens::tags(parts.find(&styles.map(|r| r.target).unwrap_or_default()).unwrap_or_default());
    let mut fills: Vec<String> = Vec::new();
    let mut inside = false;
    for tag in &tags {
        match tag.local() {
            "fills" => inside = tag.is("fills"),
            "fill" if inside && tag.is("fill") => fills.push(String::new()),
            "fgColor" if inside => {
                let color = tag.value("rgb").unwrap_or_default();
                fills.iter_mut().last().into_iter().for_each(|fill| fill.clone_from(&color));
            }
            _ => {}
        }
    }
    let fill = |xf: &&Tag| xf.number("fillId").and_then(|id| fills.get(id)).cloned().unwrap_or_default();
    children(&tags, "cellXfs").iter().map(fill).collect()
}

fn styles_of_cells(sheet: &[u8]) -> BTreeMap<CellRef, usize> {
    let mut styles = BTreeMap::new();
    let mut next = CellRef::new(0, 0);
    let mut row = 0;
    for tag in tokens::tags(sheet) {
        if tag.is("row") {
            row = tag.number("r").unwrap_or(row + 1);
            next = CellRef::new(u32::try_from(row).unwrap_or(1).saturating_sub(1), 0);
        } else if tag.is("c") {
            let at = tag.value("r").and_then(|at| at.parse().ok()).unwrap_or(next);
            next = CellRef::new(at.row, at.col + 1);
            styles.insert(at, tag.number("s").unwrap_or(0));
        }
    }
    styles
}

/// The box of a note.
struct NoteBox {
    at: Option<CellRef>,
    row: Option<u32>,
    anchor: Vec<i64>,
}

impl NoteBox {
    fn has_size(&self) -> bool {
        let [left, dx, top, dy, right, dx2, bottom, dy2] = self.anchor[..] else { return false };
        (left, dx) < (right, dx2) && (top, dy) < (bottom, dy2) && right < 16_384 && bottom < 1_048_576
    }
}

/// The boxes in the drawing that a sheet links.
fn boxes(parts: &Parts, sheet: &str) -> Vec<NoteBox> {
    let tags = tokens::tags(parts.find(sheet).unwrap_or_default());
    let linked = tags.iter().find(|tag| tag.is("legacyDrawing"));
    let linked = linked.and_then(|tag| tag.attributes.iter().find(|(key, _)| key.ends_with(":id")));
    let relations = parts.relations(sheet);
    let target = linked.and_then(|(_, id)| relations.iter().find(|r| r.id == *id)).map(|r| r.target.clone());
    let mut boxes: Vec<NoteBox> = Vec::new();
    let mut open = false;
    for (tag, text) in tokens::tags_with_text(parts.find(&target.unwrap_or_default()).unwrap_or_default()) {
        if tag.local() == "ClientData" {
            open = tag.is("ClientData") && tag.value("ObjectType").as_deref() == Some("Note");
            if open {
                boxes.push(NoteBox { at: None, row: None, anchor: Vec::new() });
            }
        }
        let Some(last) = boxes.last_mut().filter(|_| open) else { continue };
        match tag.local() {
            _ if tag.name.starts_with('/') => {}
            "Row" => last.row = text.trim().parse().ok(),
            "Column" => last.at = last.row.zip(text.trim().parse().ok()).map(|(row, col)| CellRef::new(row, col)),
            "Anchor" => last.anchor = text.split(',').filter_map(|n| n.trim().parse().ok()).collect(),
            _ => {}
        }
    }
    boxes
}

/// Children of `workbook` (ECMA-376 part 1, §18.2.27).
const BOOK: [&str; 17] = [
    "fileVersion",
    "fileSharing",
    "workbookPr",
    "workbookProtection",
    "bookViews",
    "sheets",
    "functionGroups",
    "externalReferences",
    "definedNames",
    "calcPr",
    "oleSize",
    "customWorkbookViews",
    "pivotCaches",
    "webPublishing",
    "fileRecoveryPr",
    "webPublishObjects",
    "extLst",
];

/// Children of `styleSheet` (§18.8.39).
const STYLES: [&str; 11] = [
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
    "extLst",
];

/// Children of `worksheet` (§18.3.1.99).
const SHEET: [&str; 38] = [
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
];
