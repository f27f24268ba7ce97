//! Laws of rounds: what becomes of findings when files come back as they were, moved, or changed.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use jixiao::address::{CellRange, CellRef};
use jixiao::coverage::Facts;
use jixiao::diff::{Difference, difference};
use jixiao::finding::{Fate, Severity};
use jixiao::form::Reader;
use jixiao::intake;
use jixiao::ooxml::Limits;
use jixiao::policy::Policy;
use jixiao::previous::{PastForm, Previous};
use jixiao::report::{self, Format};
use jixiao::review::{self, Books, Engine, Round, Workers};
use jixiao::roster::Registry;
use jixiao::rules::{check_form, compares};
use jixiao::schema::Catalog;
use jixiao::workbook::{Cell, Sheet, Visibility, Workbook};
use proptest::prelude::*;

static POLICY: LazyLock<Policy> = LazyLock::new(|| Policy::embedded("national").expect("a built-in policy"));

fn reviewed(past: &[PastForm]) -> Round {
    let engine = Engine::new(Catalog::embedded(), POLICY.clone(), Limits::default());
    let taken = intake::collect(&[PathBuf::from("samples/round")], engine.limits());
    review::run(taken, &engine, Books { past, ..Books::default() }, Workers::default(), None, || {})
}

/// The forms of a result, as it is written and read.
fn read_again(round: &Round) -> Vec<PastForm> {
    let mut text = Vec::new();
    report::write(round, Format::Json(&Facts::default(), Workers::one()), &mut text).expect("written to memory");
    let text = String::from_utf8(text).expect("JSON is UTF-8");
    Previous::read(&text, "结果.json", Catalog::embedded()).expect("a result of this contract").forms
}

#[test]
fn files_that_come_back_as_they_were_have_nothing_mended_and_nothing_new() {
    let first = reviewed(&[]);
    let second = reviewed(&read_again(&first));
    let third = reviewed(&read_again(&second));
    for again in [&second, &third] {
        for ((submission, then), (_, now)) in first.forms().zip(again.forms()) {
            let place = format!("{} {}", submission.source, then.form.sheet);
            let earlier = now.earlier.as_ref().unwrap_or_else(|| panic!("{place}: no submission before"));
            assert_eq!((earlier.source.as_str(), earlier.settled.len()), (submission.source.as_str(), 0), "{place}");
            let findings: Vec<_> = now.findings.iter().filter(|finding| !compares(finding.code)).collect();
            assert!(findings.iter().all(|finding| finding.fate == Some(Fate::Unchanged)), "{place}");
            assert_eq!(findings.len(), then.findings.len(), "{place}");
            let open = then.findings.iter().any(|finding| finding.severity > Severity::Info);
            let compared: Vec<&str> =
                now.findings.iter().map(|finding| finding.code).filter(|code| compares(code)).collect();
            assert_eq!(compared, if open { vec!["X160"] } else { vec![] }, "{place}");
            assert_eq!(now.grade.score, then.grade.score, "{place}: nothing more is taken for it");
        }
    }
}

/// The sheets of the samples that are workbooks of today.
fn sheets() -> Vec<Sheet> {
    let files = walkdir::WalkDir::new("samples/round").sort_by_file_name().into_iter().filter_map(Result::ok);
    let is_xlsx = |path: &Path| path.extension().is_some_and(|extension| extension == "xlsx");
    let files = files.map(walkdir::DirEntry::into_path).filter(|path| is_xlsx(path));
    let open = |path: PathBuf| {
        let bytes = std::fs::read(path).expect("a sample");
        Workbook::open(bytes.into(), &Limits::default()).map(|book| book.sheets).unwrap_or_default()
    };
    files.flat_map(open).filter(|sheet| sheet.visibility() == Visibility::Visible).collect()
}

/// The forms of a sheet with what is told of them.
fn judged(sheet: &Sheet) -> Vec<PastForm> {
    let forms = Reader::new(Catalog::embedded(), &POLICY.words.empty_marks).read_sheet(sheet).forms;
    let told = |form| PastForm::of("表.xlsx", &form, &check_form(&form, &POLICY).0, Vec::new());
    forms.into_iter().map(told).collect()
}

static SHEETS: LazyLock<Vec<(Sheet, Vec<PastForm>)>> = LazyLock::new(|| {
    let judged = |sheet: Sheet| {
        let forms = judged(&sheet);
        (sheet, forms)
    };
    sheets().into_iter().map(judged).filter(|(_, forms)| !forms.is_empty()).collect()
});

/// The sheet with every cell so many rows further down.
fn moved(sheet: &Sheet, down: u32) -> Sheet {
    let below = |at: CellRef| CellRef::new(at.row + down, at.col);
    // Formulas would have to move their references too; their results are all that matters here.
    let result = |cell: &Cell| Cell { formula: None, ..cell.clone() };
    let cells = sheet.cells().map(|(at, cell)| (below(at), result(cell))).collect();
    let merges = sheet.merges().iter().map(|merge| CellRange::new(below(merge.start), below(merge.end))).collect();
    Sheet::new(sheet.name(), sheet.visibility(), cells, merges)
}

/// The sheet with other texts in some of its cells, counted round.
fn mutated(sheet: &Sheet, changes: &[(usize, &str)]) -> Sheet {
    let mut cells: std::collections::BTreeMap<CellRef, Cell> =
        sheet.cells().map(|(at, cell)| (at, cell.clone())).collect();
    let places: Vec<CellRef> = cells.keys().copied().collect();
    for (index, text) in changes {
        let at = places[index % places.len()];
        cells.insert(at, Cell::text(*text));
    }
    Sheet::new(sheet.name(), sheet.visibility(), cells, sheet.merges().to_vec())
}

fn count(difference: &Difference<'_>, wanted: Fate) -> usize {
    difference.forms.iter().flat_map(|form| &form.now).filter(|(fate, _)| *fate == wanted).count()
}

fn findings<'a>(forms: impl Iterator<Item = &'a PastForm>) -> usize {
    forms.map(|form| form.findings.len()).sum()
}

#[test]
fn rows_inserted_above_change_no_fate_and_no_value() {
    assert!(SHEETS.len() > 15, "{} sheets", SHEETS.len());
    for (sheet, old) in SHEETS.iter() {
        let new = judged(&moved(sheet, 3));
        let told = difference(old, &new, Registry::default());
        let changes: Vec<_> = told.forms.iter().flat_map(|form| &form.changes).collect();
        let fates: Vec<_> = told.forms.iter().map(|form| (&form.now, &form.settled)).collect();
        assert!(told.is_none(), "{}: {changes:#?} {fates:#?}", sheet.name());
        assert_eq!(told.forms.len(), old.len(), "{}", sheet.name());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_finding_of_then_is_mended_or_not_and_every_one_now_is_old_or_new(
        at in any::<usize>(),
        changes in prop::collection::vec(
            (any::<usize>(), prop_oneof![Just(""), Just("100"), Just("明显改善"), Just("≥95%"), Just("12.345万元")]),
            1..8,
        ),
    ) {
        let (sheet, old) = &SHEETS[at % SHEETS.len()];
        let new = judged(&mutated(sheet, &changes));
        let told = difference(old, &new, Registry::default());
        let settled: usize = told.forms.iter().map(|form| form.settled.len()).sum();
        let tally = told.tally();
        prop_assert_eq!((tally.settled, tally.unchanged), (settled, count(&told, Fate::Unchanged)));
        let gone = findings(told.gone.iter().copied());
        prop_assert_eq!(settled + count(&told, Fate::Unchanged) + gone, findings(old.iter()));
        let added = findings(told.added.iter().copied());
        let now = count(&told, Fate::Unchanged) + count(&told, Fate::New) + count(&told, Fate::Again);
        prop_assert_eq!(now + added, findings(new.iter()));
        prop_assert_eq!(told.forms.len() + told.gone.len(), old.len());
        prop_assert_eq!(told.forms.len() + told.added.len(), new.len());
    }
}
