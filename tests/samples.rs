//! The sample round: what the list of planted faults promises is what a review finds, and what goes back to the units
//! is what they sent, with marks.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use calamine::{Reader, Sheets, open_workbook_auto_from_rs};
use jixiao::address::CellRef;
use jixiao::annotate::{REVIEW_SHEET, annotate};
use jixiao::finding::Finding;
use jixiao::intake;
use jixiao::ooxml::Limits;
use jixiao::policy::Policy;
use jixiao::review::{self, Books, Engine, Outcome, Round, Submission, Workers};
use jixiao::roster::{Ledger, Registry, Roster};
use jixiao::schema::Catalog;
use jixiao::workbook::{Sheet, Workbook};

const ROUND: &str = "samples/round";

fn reviewed() -> Round {
    let limits = Limits::default();
    let policy = Policy::embedded("national").expect("a built-in policy");
    let engine = Engine::new(Catalog::embedded(), policy, limits);
    let taken = intake::collect(&[PathBuf::from(ROUND)], engine.limits());
    let (roster, ledger) = books();
    let registry = Registry { roster: Some(&roster), ledger: Some(&ledger) };
    review::run(taken, &engine, Books { registry, ..Books::default() }, Workers::default(), None, || {})
}

fn books() -> (Roster, Ledger) {
    let sheets = |path: &str| {
        let bytes = std::fs::read(path).expect("a book of the samples");
        Workbook::open(bytes.into(), &Limits::default()).expect("a workbook").sheets
    };
    let roster = Roster::read(&sheets("samples/名册.xlsx"), "名册.xlsx", &Catalog::embedded().schemas);
    let roster = roster.expect("a good roster");
    let ledger = Ledger::read(&sheets("samples/项目台账.xlsx"), "项目台账.xlsx", Some(&roster));
    (roster, ledger.expect("a good ledger"))
}

/// File, sheet, cell (empty for a fault of the form as a whole), code.
type Place = (String, String, String, String);

fn planted() -> BTreeSet<Place> {
    let list = std::fs::read_to_string("samples/错误清单.csv").expect("the list of faults");
    let mut rows = csv::Reader::from_reader(list.trim_start_matches('\u{feff}').as_bytes());
    rows.deserialize::<(String, String, String, String, String, String)>()
        .map(|row| row.expect("six columns"))
        .map(|(file, sheet, cell, code, _, _)| (file, sheet, cell, code))
        .collect()
}

fn found(round: &Round) -> BTreeSet<Place> {
    let prefix = format!("{ROUND}/");
    round
        .forms()
        .flat_map(|(submission, form)| form.findings.iter().map(move |finding| (submission, finding)))
        .map(|(submission, finding)| {
            let file = submission.source.strip_prefix(&prefix).unwrap_or(&submission.source);
            let cell = finding.cell.map(|cell| cell.to_string()).unwrap_or_default();
            (file.to_owned(), finding.sheet.clone(), cell, finding.code.to_owned())
        })
        .collect()
}

#[test]
fn every_planted_fault_is_found_at_its_cell_and_nothing_else_is() {
    let (planted, found) = (planted(), found(&reviewed()));
    let missed: Vec<_> = planted.difference(&found).collect();
    let unplanned: Vec<_> = found.difference(&planted).collect();
    assert!(missed.is_empty() && unplanned.is_empty(), "missed: {missed:#?}\nnot on the list: {unplanned:#?}");
}

#[test]
fn only_the_files_that_hold_no_readable_form_are_left_unjudged() {
    let round = reviewed();
    let unjudged: Vec<_> = round
        .submissions
        .iter()
        .filter(|submission| !matches!(submission.outcome, Outcome::Checked { .. }))
        .map(|submission| submission.source.as_str())
        .collect();
    assert_eq!(
        unjudged,
        [
            "samples/round/219-区教育局/219005-澄岚区职业中学自评表（加密）.xlsx",
            "samples/round/231-区卫生健康局/231005-第三人民医院自评表.xls",
            "samples/round/联络员通讯录.xlsx",
        ]
    );
}

/// A returned workbook beside its original.
struct Returned {
    source: String,
    original: Vec<u8>,
    marked: Vec<u8>,
    forms: Vec<(String, Vec<Finding>)>,
}

/// All sample workbooks whose package is patched, that is `.xlsx` and `.xlsm`, as they go back.
fn returned() -> Vec<Returned> {
    let limits = Limits::default();
    let policy = Policy::embedded("national").expect("a built-in policy");
    let engine = Engine::new(Catalog::embedded(), policy, limits);
    let taken = intake::collect(&[PathBuf::from(ROUND)], engine.limits());
    let bytes: BTreeMap<String, Vec<u8>> =
        taken.inputs.iter().map(|input| (input.source.clone(), input.read().expect("the file").to_vec())).collect();
    let all = Mutex::new(Vec::new());
    let note = |workbook: &Workbook, submission: &Submission| {
        if submission.forms().is_empty() || !matches!(submission.container, "xlsx" | "xlsm") {
            return;
        }
        let marked = annotate(workbook, submission.forms()).expect("a marked workbook");
        assert!(!marked.transplanted && marked.warnings.is_empty(), "{}: {:?}", submission.source, marked.warnings);
        let forms = submission.forms().iter().map(|form| (form.form.sheet.clone(), form.findings.clone())).collect();
        let (source, original) = (submission.source.clone(), bytes[&submission.source].clone());
        all.lock().expect("no panic before").push(Returned { source, original, marked: marked.bytes, forms });
    };
    review::run(taken, &engine, Books::default(), Workers::default(), Some(&note), || {});
    let all = all.into_inner().expect("no panic before");
    assert_eq!(all.len(), 18, "the sample round has that many");
    all
}

fn open(bytes: &[u8]) -> Workbook {
    Workbook::open(Arc::from(bytes), &Limits::default()).expect("a workbook")
}

#[test]
fn every_value_and_formula_of_a_returned_sample_reads_as_before() {
    for Returned { source, original, marked, .. } in returned() {
        let (ours_before, ours) = (open(&original), open(&marked));
        let mut before = open_workbook_auto_from_rs(Cursor::new(&original)).expect("calamine reads the original");
        let mut after = open_workbook_auto_from_rs(Cursor::new(&marked)).expect("calamine reads the result");
        let mut names = before.sheet_names();
        for (name, sheet) in names.iter().zip(&ours_before.sheets) {
            let cells = |book: &mut Sheets<_>| {
                let values = book.worksheet_range(name).expect("values");
                let formulas = book.worksheet_formula(name).expect("formulas");
                let at = |start: Option<(u32, u32)>, row: usize, col: usize| {
                    let (top, left) = start.unwrap_or_default();
                    (top as usize + row, left as usize + col)
                };
                let values: Vec<_> =
                    values.used_cells().map(|(r, c, v)| (at(values.start(), r, c), v.clone())).collect();
                let formulas: Vec<_> =
                    formulas.used_cells().map(|(r, c, f)| (at(formulas.start(), r, c), f.clone())).collect();
                (values, formulas)
            };
            assert_eq!(cells(&mut before), cells(&mut after), "{source}: {name}");
            let again = ours.sheet(name).expect("the sheet");
            let filled = |sheet: &Sheet| -> Vec<_> {
                let cells = sheet.cells().filter(|(_, cell)| !cell.is_blank());
                cells.map(|(at, cell)| (at, cell.content.clone(), cell.formula.clone())).collect()
            };
            assert_eq!(filled(sheet), filled(again), "{source}: {name}");
            assert_eq!(sheet.merges(), again.merges(), "{source}: {name}");
        }
        names.push(REVIEW_SHEET.to_owned());
        assert_eq!(after.sheet_names(), names, "{source}: the review sheet is the last");
    }
}

#[test]
fn parts_of_a_returned_sample_that_carry_no_mark_are_byte_for_byte_the_same() {
    for Returned { source, original, marked, forms } in returned() {
        let book = open(&original);
        let (before, after) = (book.package.as_ref().expect("a package"), open(&marked).package.expect("a package"));
        let mut may_change: BTreeSet<String> = ["[Content_Types].xml", "docProps/app.xml"].map(str::to_owned).into();
        may_change.extend(["xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"].map(str::to_owned));
        // Excel shows the selected tab: every sheet may give it up to the review sheet, and do no more.
        let marked_sheets = forms.iter().filter(|(_, findings)| findings.iter().any(|finding| finding.cell.is_some()));
        for part in marked_sheets.filter_map(|(sheet, _)| book.part_of(sheet)) {
            let (folder, file) = part.rsplit_once('/').expect("a folder");
            may_change.extend([part.to_owned(), format!("{folder}/_rels/{file}.rels")]);
            may_change.extend(before.relationships(part).expect("relations").into_iter().map(|r| r.target));
        }
        for part in before.parts() {
            let (old, new) = (before.required_part(part).expect("the part"), after.required_part(part));
            let new = new.unwrap_or_else(|_| panic!("{source}: {part} is lost"));
            let unselected = || {
                let drop = |bytes: &[u8]| {
                    String::from_utf8_lossy(bytes).replace(" tabSelected=\"1\"", "").replace(" tabSelected=\"0\"", "")
                };
                part.starts_with("xl/worksheets/") && drop(&old) == drop(&new)
            };
            assert!(may_change.contains(part) || old == new || unselected(), "{source}: {part} has no mark");
        }
    }
}

#[test]
fn comments_of_a_returned_sample_stand_at_the_cells_of_findings_and_links_lead_to_cells() {
    for Returned { source, original, marked, forms } in returned() {
        let (before, after) = (open(&original), open(&marked));
        for sheet in &before.sheets {
            let own = comments(&before, sheet.name());
            let found = forms.iter().filter(|(name, _)| name == sheet.name()).flat_map(|(_, findings)| findings);
            let expected: BTreeSet<String> = found
                .filter_map(|finding| finding.cell)
                .map(|cell| {
                    sheet
                        .merges()
                        .iter()
                        .find(|merge| merge.contains(cell))
                        .map_or(cell, |merge| merge.start)
                        .to_string()
                })
                .chain(own)
                .collect();
            assert_eq!(comments(&after, sheet.name()), expected, "{source}: {}", sheet.name());
        }
        let package = after.package.as_ref().expect("a package");
        let review = after.part_of(REVIEW_SHEET).expect("the review sheet");
        let text = String::from_utf8(package.required_part(review).expect("it").to_vec()).expect("UTF-8");
        let links: Vec<&str> = text.split("location=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        // One a finding; where a workbook holds several forms, also one a form.
        let several = if forms.len() > 1 { forms.len() } else { 0 };
        let findings: usize = forms.iter().map(|(_, findings)| findings.len()).sum();
        assert_eq!(links.len(), findings + several, "{source}");
        for link in links {
            let (sheet, cell) = link.rsplit_once('!').expect("sheet and cell");
            let sheet = sheet.trim_matches('\'').replace("''", "'").replace("&apos;", "'");
            let cell: CellRef = cell.split(':').next().and_then(|cell| cell.parse().ok()).expect("a cell");
            assert!(before.sheet(&sheet).is_some(), "{source}: {link}");
            assert!(cell.row < 1_048_576 && cell.col < 16_384, "{source}: {link}");
        }
    }
}

/// The cells of a sheet that carry a comment.
fn comments(workbook: &Workbook, sheet: &str) -> BTreeSet<String> {
    let package = workbook.package.as_ref().expect("a package");
    let part = workbook.part_of(sheet).expect("its part");
    let relation = package.relationships(part).expect("relations").into_iter().find(|r| r.is("comments"));
    let Some(relation) = relation else { return BTreeSet::new() };
    let text = String::from_utf8(package.required_part(&relation.target).expect("it").to_vec()).expect("UTF-8");
    let refs = text.split("<comment ").skip(1).filter_map(|rest| rest.split("ref=\"").nth(1)?.split('"').next());
    let all: Vec<String> = refs.map(str::to_owned).collect();
    let distinct: BTreeSet<String> = all.iter().cloned().collect();
    assert_eq!(all.len(), distinct.len(), "one comment a cell: {all:?}");
    distinct
}
