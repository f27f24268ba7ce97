//! Marks drawn into a file and taken out again: what the unit wrote stays what it wrote.

use std::collections::BTreeMap;

use jixiao::annotate::{annotate, clean, correct_under};
use jixiao::error::ErrorKind;
use jixiao::ooxml::Limits;
use jixiao::review::{REVIEW_SHEET, is_review_sheet};
use jixiao::workbook::{Sheet, Workbook};

use super::pack::packed;
use super::workbooks::ENGINE;
use crate::fidelity_law::marks::choose;
use crate::fidelity_law::package::Parts;

/// Marks below this row are left out.
const LOWEST: u32 = 5000;

/// A file of these parts, marked at cells of every kind: the marked file opens, its sheets say what they said, a part
/// without a mark is the same bytes, marking twice is marking once, and cleaning gives back what was there.
pub(crate) fn marking(input: &[u8]) -> bool {
    let file = packed(input);
    let Some(workbook) = open(&file).filter(has_own) else { return false };
    let mut chosen = choose(&workbook);
    // The writer of new workbooks walks all rows above a mark in the last one, which takes its time.
    for form in &mut chosen.forms {
        form.findings.retain(|finding| finding.cell.is_none_or(|at| at.row < LOWEST));
    }
    let Ok(annotated) = annotate(&workbook, &chosen.forms) else { return false };
    let marked = reopened(&annotated.bytes, "the marked file");
    if annotated.transplanted {
        return true;
    }
    same_values(&workbook, &marked);
    untouched(&workbook, &file, &annotated.bytes);
    let again = annotate(&marked, &chosen.forms).expect("what was marked once can be marked again");
    assert!(again.bytes == annotated.bytes, "marked again it is another file");
    let cleaned = clean(&marked).expect("a marked file can be cleaned").expect("its marks are found");
    same_values(&workbook, &reopened(&cleaned.bytes, "the cleaned file"));
    // What came with marks of an earlier review is first rid of them.
    let before = match clean(&workbook).expect("marking cleans it too") {
        Some(earlier) => earlier.bytes,
        None => file,
    };
    if cleaned.exact {
        assert!(parts(&cleaned.bytes) == parts(&before), "cleaned it is not what it was");
    }
    true
}

/// A file of these parts that may have been marked before, and answered: cleaning it takes away nothing of the unit's,
/// once is enough, and what is adopted or mended can be written.
pub(crate) fn cleaning(input: &[u8]) -> bool {
    let file = packed(input);
    let (submission, Some(workbook)) = ENGINE.judge("表.xlsx", file.into()) else { return false };
    let mut had_marks = false;
    if let Ok(Some(cleaned)) = clean(&workbook)
        && has_own(&workbook)
    {
        had_marks = true;
        let back = reopened(&cleaned.bytes, "the cleaned file");
        same_values(&workbook, &back);
    }
    let forms = submission.forms();
    let adopted = ENGINE.adopt(&workbook, forms).0;
    for corrections in [adopted, ENGINE.mend(&workbook, forms)] {
        if let Ok(corrected) = correct_under(&workbook, forms, &corrections, ENGINE.policy()) {
            let corrected = reopened(&corrected.bytes, "the corrected file");
            assert!(corrected.sheets.iter().any(|sheet| sheet.name().starts_with(REVIEW_SHEET)), "no review sheet");
        }
    }
    had_marks
}

fn open(file: &[u8]) -> Option<Workbook> {
    Workbook::open(file.into(), &Limits::default()).ok()
}

/// Whether more than the reviews can be read: a workbook whose only own sheet is damaged does not open without them.
fn has_own(workbook: &Workbook) -> bool {
    workbook.sheets.iter().any(|sheet| !is_review_sheet(sheet))
}

/// A file that we wrote, read with room to spare: it may be a little larger than what was let in.
fn reopened(file: &[u8], what: &str) -> Workbook {
    let limits = Limits { sheets: 1 << 20, cells: 1 << 30, text_bytes: 1 << 40, ..Limits::default() };
    let refused = |error: ErrorKind| panic!("{what} does not open: {error}");
    Workbook::open(file.into(), &limits).unwrap_or_else(refused)
}

/// The unit's sheets say the same in both.
fn same_values(before: &Workbook, after: &Workbook) {
    let own = |workbook: &Workbook| -> Vec<Said> {
        workbook.sheets.iter().filter(|sheet| !is_review_sheet(sheet)).map(said).collect()
    };
    let (before, after) = (own(before), own(after));
    assert!(before == after, "sheets say something else: {before:?} {after:?}");
}

/// A sheet's name, its values, its merged regions.
type Said = (String, BTreeMap<String, String>, Vec<String>);

fn said(sheet: &Sheet) -> Said {
    let cells = sheet.cells().filter(|(_, cell)| !cell.is_blank());
    let cells = cells.map(|(at, cell)| (at.to_string(), format!("{:?} {:?}", cell.content, cell.formula)));
    (sheet.name().to_owned(), cells.collect(), sheet.merges().iter().map(ToString::to_string).collect())
}

/// Parts that no mark can be in are the same bytes, in the same order.
fn untouched(workbook: &Workbook, before: &[u8], after: &[u8]) {
    let sheets: Vec<&str> = workbook.sheets.iter().filter_map(|sheet| workbook.part_of(sheet.name())).collect();
    let kinds = ["workbook", "styles", "[content_types]", "app.xml", "comment", "vmldrawing", ".vml", ".rels", "sheet"];
    let (before, after) = (Parts::read(before), Parts::read(after));
    for (name, part) in before.iter() {
        let plain = name.replace('\\', "/").trim_start_matches('/').to_lowercase();
        let may_change = sheets.iter().any(|sheet| sheet.eq_ignore_ascii_case(&plain))
            || kinds.iter().any(|kind| plain.contains(kind))
            || before.is_role(&plain);
        if !may_change {
            let now = after.get(name).unwrap_or_else(|| panic!("{name} is gone"));
            assert!(now.bytes == part.bytes && now.compressed == part.compressed, "{name} carries no mark and differs");
        }
    }
}

fn parts(file: &[u8]) -> Vec<(String, Vec<u8>)> {
    Parts::read(file).iter().map(|(name, part)| (name.to_owned(), part.bytes.clone())).collect()
}
