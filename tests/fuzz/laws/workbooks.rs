//! Opening a workbook, and all that follows from a file by itself: forms read, judged, graded.

use std::sync::LazyLock;

use jixiao::address::CellRef;
use jixiao::ooxml::Limits;
use jixiao::policy::Policy;
use jixiao::review::Engine;
use jixiao::schema::Catalog;
use jixiao::workbook::{Sheet, Workbook};
use rust_decimal::Decimal;

use super::pack::packed;

/// What files are judged by.
pub(crate) static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let policy = Policy::embedded("national").expect("the preset");
    Engine::new(Catalog::embedded(), policy, Limits::default())
});

/// A file as it stands.
pub(crate) fn bytes(file: &[u8]) -> bool {
    let (submission, workbook) = ENGINE.judge("表.xlsx", file.into());
    if let Some(workbook) = &workbook {
        walk(workbook);
    }
    // What could not be read says why.
    if let Some((_, reason)) = submission.unjudged() {
        assert!(!reason.is_empty(), "no reason");
    }
    for form in submission.forms() {
        let score = form.grade.score;
        assert!(score >= Decimal::ZERO && score <= Decimal::ONE_HUNDRED, "a score of {score}");
    }
    workbook.is_some()
}

/// A file of these parts.
pub(crate) fn parts(input: &[u8]) -> bool {
    bytes(&packed(input))
}

/// A workbook of one sheet that no file holds.
pub(super) fn of_sheet(sheet: Sheet) -> Workbook {
    static ANY: LazyLock<Workbook> = LazyLock::new(|| {
        let file: &[u8] = include_bytes!("../../fixtures/workbooks/form.xlsx");
        Workbook::open(file.into(), &Limits::default()).expect("a good workbook")
    });
    let mut workbook = ANY.clone();
    workbook.sheets = vec![sheet];
    workbook
}

/// All that a workbook tells of its sheets.
fn walk(workbook: &Workbook) {
    for sheet in &workbook.sheets {
        let Some(used) = sheet.used() else { continue };
        for (at, cell) in sheet.cells() {
            assert!(used.contains(at), "{at} is used and outside {used}");
            let _ = (cell.shown(), sheet.outdated(at));
        }
        for merge in sheet.merges() {
            let span = sheet.span(merge.end);
            assert!(span.contains(merge.end), "{} is not in its region {span}", merge.end);
        }
        let _ = sheet.shown(CellRef::new(u32::MAX, u32::MAX));
    }
}
