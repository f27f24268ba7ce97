//! The promise: of a workbook that some program wrote, marking touches what carries a mark and nothing else, and what
//! was marked can be had back to the byte. Asked of every fixture, and of any folder of workbooks:
//! `JIXIAO_CORPUS=DIR cargo test --test annotate any_folder -- --ignored --nocapture`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use calamine::{Reader, open_workbook_auto_from_rs};
use jixiao::address::CellRef;
use jixiao::annotate::{annotate, clean};
use jixiao::finding::Severity;
use jixiao::ooxml::{Limits, Package};
use jixiao::review::CheckedForm;
use jixiao::workbook::{Sheet, Workbook};
use quick_xml::events::{BytesStart, Event};

use crate::marked::{checked, finding, ordered_parts, originals};

/// What became of a workbook.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Marked,
    /// Copied clean instead, with the reason.
    Copied(String),
    /// Not read, with the reason.
    Refused(String),
}

/// Marks a workbook and asks everything of the result.
fn ask(original: &[u8]) -> Result<Outcome, String> {
    let workbook = match Workbook::open(Arc::from(original), &Limits::default()) {
        Ok(workbook) => workbook,
        Err(error) => return Ok(Outcome::Refused(error.to_string())),
    };
    if workbook.package.is_none() {
        return Ok(Outcome::Refused(format!("{:?}", workbook.container)));
    }
    let forms: Vec<CheckedForm> = workbook.sheets.iter().map(judged).collect();
    let marked = annotate(&workbook, &forms).map_err(|error| format!("not marked: {error}"))?;
    if marked.transplanted {
        return Ok(Outcome::Copied(marked.warnings.last().cloned().unwrap_or_default()));
    }
    untouched_parts_are_the_same(original, &marked.bytes)?;
    package_is_sound(original, &marked.bytes)?;
    values_are_the_same(original, &marked.bytes)?;
    let open = |bytes: &[u8]| Workbook::open(Arc::from(bytes), &Limits::default());
    let back = open(&marked.bytes).map_err(|error| format!("the result cannot be read: {error}"))?;
    let again = annotate(&back, &forms).map_err(|error| format!("not marked again: {error}"))?;
    if again.bytes != marked.bytes {
        return Err(format!("marking what is marked gives another {}", differing(&again.bytes, &marked.bytes)));
    }
    let cleaned = clean(&back).map_err(|error| format!("not cleaned: {error}"))?.ok_or("no marks were found")?;
    let differing = differing(&cleaned.bytes, original);
    if !cleaned.exact || !differing.is_empty() {
        return Err(format!("what is cleaned is not what was marked, by its record: {}; {differing}", cleaned.exact));
    }
    Ok(Outcome::Marked)
}

/// The names of parts that are not the same in both, or not in the same place.
fn differing(one: &[u8], other: &[u8]) -> String {
    let (one, other) = (ordered_parts(one), ordered_parts(other));
    let all = one.iter().filter(|part| !other.contains(part)).chain(other.iter().filter(|part| !one.contains(part)));
    let names: BTreeSet<&str> = all.map(|(name, _)| name.as_str()).collect();
    if names.is_empty() && one != other { "order".to_owned() } else { Vec::from_iter(names).join(" ") }
}

/// A form that fills the sheet, with findings at cells of many kinds.
fn judged(sheet: &Sheet) -> CheckedForm {
    let used = sheet.used().map(|used| (used.start, used.end));
    let (start, end) = used.unwrap_or((CellRef::new(0, 0), CellRef::new(0, 0)));
    let filled = sheet.cells().find(|(_, cell)| !cell.is_blank()).map(|(at, _)| at);
    let empty = (start.row..=end.row.min(start.row + 50))
        .flat_map(|row| (start.col..=end.col.min(start.col + 20)).map(move |col| CellRef::new(row, col)))
        .find(|at| sheet.stored(*at).is_none());
    let merged = sheet.merges().first().map(|merge| merge.start);
    let beyond = CellRef::new(end.row.saturating_add(5).min(1_048_575), end.col.saturating_add(3).min(16_383));
    let cells: BTreeSet<CellRef> =
        [filled, empty, merged, Some(start), Some(end), Some(beyond)].into_iter().flatten().collect();
    let findings = cells.iter().map(|at| finding("A103", Severity::Error, Some(&at.to_string()), "与公式不符。"));
    let mut form = checked(findings.collect());
    form.form.sheet = sheet.name().to_owned();
    form.findings.iter_mut().for_each(|finding| finding.sheet = sheet.name().to_owned());
    form
}

/// Parts in order with their compressed bytes.
fn raw(bytes: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let count = archive.len();
    let entry = |index| {
        let mut file = archive.by_index_raw(index).expect("an entry");
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("its bytes");
        (file.name_raw().to_vec(), bytes)
    };
    (0..count).map(entry).collect()
}

/// Sheets, styles, notes and their boxes, workbook, lists of parts: nothing else may change, and order stays.
fn untouched_parts_are_the_same(original: &[u8], marked: &[u8]) -> Result<(), String> {
    let package = package(original)?;
    let (before, after) = (raw(original), raw(marked));
    let (old, new) = (ordered_parts(original), ordered_parts(marked));
    let mut may_change: BTreeSet<String> = BTreeSet::from(["[content_types].xml".to_owned()]);
    for part in [""].into_iter().chain(package.parts()) {
        let name = relations_name(part);
        for relation in package.relationships(part).map_err(|error| error.to_string())? {
            let kinds = [
                "worksheet",
                "chartsheet",
                "dialogsheet",
                "macrosheet",
                "xlMacrosheet",
                "styles",
                "comments",
                "vmlDrawing",
                "officeDocument",
                "extended-properties",
            ];
            if kinds.iter().any(|kind| relation.is(kind)) {
                may_change.extend([relation.target.to_lowercase(), name.to_lowercase()]);
            }
        }
    }
    for part in package.parts() {
        if may_change.contains(&part.to_lowercase()) {
            may_change.insert(relations_name(part).to_lowercase());
        }
    }
    for (index, ((name, compressed), (_, content))) in before.iter().zip(&old).enumerate() {
        let Some(((new_name, new_compressed), (_, new_content))) = after.get(index).zip(new.get(index)) else {
            return Err("parts are missing".to_owned());
        };
        let shown = String::from_utf8_lossy(name).replace('\\', "/");
        if name != new_name {
            return Err(format!("{shown} is not where it was"));
        }
        if content == new_content && compressed != new_compressed {
            return Err(format!("{shown} was compressed anew"));
        }
        if content != new_content && !may_change.contains(shown.trim_start_matches('/').to_lowercase().as_str()) {
            return Err(format!("{shown} was changed"));
        }
    }
    Ok(())
}

fn package(bytes: &[u8]) -> Result<Package, String> {
    Package::open(Arc::from(bytes), &Limits::default()).map_err(|error| error.to_string())
}

fn relations_name(part: &str) -> String {
    match part.rsplit_once('/') {
        Some((folder, file)) => format!("{folder}/_rels/{file}.rels"),
        None => format!("_rels/{part}.rels"),
    }
}

/// The values and formulas another reader sees.
fn values_are_the_same(original: &[u8], marked: &[u8]) -> Result<(), String> {
    let Ok(mut before) = open_workbook_auto_from_rs(Cursor::new(original)) else { return Ok(()) };
    let mut after = open_workbook_auto_from_rs(Cursor::new(marked)).map_err(|error| error.to_string())?;
    for sheet in before.sheet_names() {
        let Ok(old) = before.worksheet_range(&sheet) else { continue };
        let new = after.worksheet_range(&sheet).map_err(|error| format!("{sheet}: {error}"))?;
        let cells = |range: &calamine::Range<calamine::Data>| -> Vec<String> {
            let (row, col) = range.start().unwrap_or((0, 0));
            let place = |(r, c, data): (usize, usize, &calamine::Data)| {
                format!("{},{} {data:?}", r + row as usize, c + col as usize)
            };
            range.used_cells().map(place).collect()
        };
        if cells(&old) != cells(&new) {
            return Err(format!("{sheet}: values differ"));
        }
        let (Ok(old), Ok(new)) = (before.worksheet_formula(&sheet), after.worksheet_formula(&sheet)) else { continue };
        let formulas = |range: &calamine::Range<String>| -> Vec<String> {
            let (row, col) = range.start().unwrap_or((0, 0));
            let place =
                |(r, c, text): (usize, usize, &String)| format!("{},{} {text}", r + row as usize, c + col as usize);
            range.used_cells().map(place).collect()
        };
        if formulas(&old) != formulas(&new) {
            return Err(format!("{sheet}: formulas differ"));
        }
    }
    Ok(())
}

/// Nothing of a package is worse than it was: XML, ids, relationships, content types, order of elements.
fn package_is_sound(original: &[u8], marked: &[u8]) -> Result<(), String> {
    let before: BTreeSet<String> = faults(original)?;
    match faults(marked)?.into_iter().find(|fault| !before.contains(fault)) {
        Some(fault) => Err(fault),
        None => Ok(()),
    }
}

/// What is wrong with a package.
fn faults(bytes: &[u8]) -> Result<BTreeSet<String>, String> {
    let package = package(bytes)?;
    let mut faults = BTreeSet::new();
    let mut shapes: BTreeMap<String, usize> = BTreeMap::new();
    let mut formats = None;
    let book = package.workbook_part().map_err(|error| error.to_string())?.unwrap_or_default();
    for relation in package.relationships(&book).map_err(|error| error.to_string())? {
        if relation.is("styles") {
            formats = package.part(&relation.target).ok().flatten().map(|part| children(&part, "cellXfs", "xf"));
        }
    }
    for part in [""].into_iter().chain(package.parts()) {
        let mut ids = BTreeSet::new();
        for relation in package.relationships(part).map_err(|error| error.to_string())? {
            if !relation.external && !package.contains(&relation.target) {
                faults.insert(format!("{part}: {} leads nowhere", relation.id));
            }
            if !ids.insert(relation.id.clone()) {
                faults.insert(format!("{part}: {} is given twice", relation.id));
            }
        }
        if part.is_empty() {
            continue;
        }
        if package.content_type(part).map_err(|error| error.to_string())?.is_none() && part != "[Content_Types].xml" {
            faults.insert(format!("{part} has no content type"));
        }
        let Ok(Some(bytes)) = package.part(part) else { continue };
        if part.to_lowercase().ends_with(".vml") {
            for id in attribute_values(&bytes, " id=\"_x0000_s") {
                *shapes.entry(id).or_default() += 1;
            }
        } else if part.to_lowercase().ends_with(".xml") || part.to_lowercase().ends_with(".rels") {
            faults.extend(xml_faults(&bytes, formats.flatten()).into_iter().map(|fault| format!("{part}: {fault}")));
        }
    }
    faults
        .extend(shapes.into_iter().filter(|(_, count)| *count > 1).map(|(id, _)| format!("shape {id} is given twice")));
    Ok(faults)
}

fn attribute_values(bytes: &[u8], before: &str) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    text.split(before).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

/// How many elements of a name stand in the list of a name.
fn children(part: &[u8], list: &str, name: &str) -> Option<usize> {
    let mut reader = quick_xml::Reader::from_reader(part);
    let (mut inside, mut count) = (false, 0);
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) if tag.local_name().as_ref() == list => inside = true,
            Event::End(tag) if tag.local_name().as_ref() == list => return Some(count),
            Event::Start(tag) | Event::Empty(tag) if inside && tag.local_name().as_ref() == name => count += 1,
            Event::Eof => return None,
            _ => {}
        }
    }
}

/// The children of a worksheet in the order of ECMA-376 part 1, §18.3.1.99.
const ORDER: [&str; 39] = [
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
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
];

/// What is wrong with an XML part; of a worksheet also its order, its cells and their formats.
fn xml_faults(part: &[u8], formats: Option<usize>) -> Vec<String> {
    let mut reader = quick_xml::Reader::from_reader(part);
    let mut faults = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let (mut child, mut last_row, mut last_col) = (0, 0_u32, None::<u32>);
    let mut sheet_ids = BTreeSet::new();
    loop {
        let (tag, opens) = match reader.read_event() {
            Ok(Event::Eof) => return faults,
            Err(_) => return vec!["is no well-formed XML".to_owned()],
            Ok(Event::End(_)) => {
                path.pop();
                continue;
            }
            Ok(Event::Start(tag)) => (tag, true),
            Ok(Event::Empty(tag)) => (tag, false),
            Ok(_) => continue,
        };
        let name = tag.local_name().as_ref().to_owned();
        let mut names = BTreeSet::new();
        for attribute in tag.attributes().with_checks(false).flatten() {
            if !names.insert(attribute.key.as_ref().to_owned()) {
                faults.push(format!("{name} says an attribute twice"));
            }
        }
        let up: Vec<&str> = path.iter().map(String::as_str).collect();
        match up.as_slice() {
            ["worksheet"] => {
                if let Some(at) = ORDER.iter().position(|known| *known == name) {
                    if at < child {
                        faults.push(format!("{name} is out of order"));
                    }
                    child = at;
                }
            }
            ["worksheet", "sheetData"] if name == "row" => {
                let row = number(&tag, "r").unwrap_or(last_row + 1);
                if row <= last_row {
                    faults.push(format!("row {row} is out of order"));
                }
                (last_row, last_col) = (row, None);
            }
            ["worksheet", "sheetData", "row"] if name == "c" => {
                let at = value(&tag, "r").and_then(|at| at.parse::<CellRef>().ok());
                let col = at.map_or_else(|| last_col.map_or(0, |col| col + 1), |at| at.col);
                if last_col.is_some_and(|last| col <= last) || at.is_some_and(|at| at.row + 1 != last_row) {
                    faults.push(format!("cell {at:?} is out of order"));
                }
                last_col = Some(col);
                let format = number(&tag, "s").unwrap_or(0);
                if formats.is_some_and(|formats| format as usize >= formats.max(1)) {
                    faults.push(format!("format {format} does not exist"));
                }
            }
            ["workbook", "sheets"] if !sheet_ids.insert(value(&tag, "sheetId")) => {
                faults.push("a sheet id is given twice".to_owned());
            }
            _ => {}
        }
        if opens {
            path.push(name);
        }
    }
}

fn value(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = tag.try_get_attribute(name).ok()??;
    Some(attribute.value.into_owned())
}

fn number(tag: &BytesStart<'_>, name: &str) -> Option<u32> {
    value(tag, name)?.parse().ok()
}

#[test]
fn marking_keeps_its_promise_on_every_fixture() {
    for (name, original) in originals() {
        assert_eq!(ask(&original), Ok(Outcome::Marked), "{name}");
    }
}

#[test]
#[ignore = "asks it of the folder that JIXIAO_CORPUS names"]
#[expect(clippy::print_stdout, reason = "what became of which workbooks is what the test is run for")]
fn marking_keeps_its_promise_on_any_folder() {
    let folder = std::env::var("JIXIAO_CORPUS").expect("JIXIAO_CORPUS names a folder of workbooks");
    let mut outcomes: BTreeMap<Outcome, Vec<String>> = BTreeMap::new();
    let mut broken = Vec::new();
    for entry in walkdir::WalkDir::new(&folder).sort_by_file_name().into_iter().filter_map(Result::ok) {
        let name = entry.path().strip_prefix(&folder).unwrap_or(entry.path()).display().to_string();
        let extension = name.rsplit('.').next().unwrap_or_default().to_lowercase();
        if !entry.file_type().is_file() || !["xlsx", "xlsm"].contains(&extension.as_str()) {
            continue;
        }
        let bytes = std::fs::read(entry.path()).expect("a file");
        match catch_unwind(AssertUnwindSafe(|| ask(&bytes))) {
            Ok(Ok(outcome)) => outcomes.entry(outcome).or_default().push(name),
            Ok(Err(fault)) => broken.push(format!("{name}: {fault}")),
            Err(_) => broken.push(format!("{name}: a panic")),
        }
    }
    for (outcome, names) in &outcomes {
        println!("{:>5} {outcome:?} {}", names.len(), if *outcome == Outcome::Marked { "" } else { names[0].as_str() });
    }
    assert!(broken.is_empty(), "{} broken:\n{}", broken.len(), broken.join("\n"));
    assert!(outcomes.contains_key(&Outcome::Marked), "no workbook in {folder}");
}
