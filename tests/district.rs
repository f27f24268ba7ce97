//! The synthetic district reproduces every figure of the annual report it is made after, and what was planted in its forms
//! is found there.

mod agreement;
#[path = "../examples/district/books.rs"]
mod books;
#[path = "../examples/district/calls.rs"]
mod calls;
#[path = "../examples/district/chance.rs"]
mod chance;
#[path = "../examples/district/district.rs"]
mod district;
#[path = "generated/fill.rs"]
mod fill;
#[path = "../examples/district/forms.rs"]
mod forms;
#[path = "../examples/district/hand_in.rs"]
mod hand_in;
#[path = "../examples/district/lists.rs"]
mod lists;
#[path = "../examples/district/names.rs"]
mod names;
#[path = "../examples/district/pack.rs"]
mod pack;
#[path = "generated/plant.rs"]
mod plant;
#[path = "../examples/district/sheet.rs"]
mod sheet;
#[path = "../examples/district/tables.rs"]
mod tables;
#[path = "../examples/district/themes.rs"]
mod themes;
#[path = "generated/trades.rs"]
mod trades;
#[path = "../examples/district/truth.rs"]
mod truth;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use agreement::{Book, links_that_mislead, of_docx, of_markdown, page_against_book, text_against_book};
use jixiao::config::Letterhead;
use jixiao::coverage::{Beside, Facts, OccasionCounts, RoundFacts, Statistics, assess};
use jixiao::finding::{Finding, Severity};
use jixiao::intake;
use jixiao::ooxml::Limits;
use jixiao::policy::{Band, Policy};
use jixiao::report::{self, AccountFormat, Format, Material, Views};
use jixiao::review::{self, Books, Engine, Part, PartOf, Round, Workers};
use jixiao::roster::{Ledger, Receipts, Registry, Roster};
use jixiao::schema::Catalog;
use jixiao::workbook::{Sheet, Workbook};
use serde::Serialize;

use crate::hand_in::Office;
use crate::pack::RECEIVED;
use crate::truth::{Fault, Figure, Truth};

/// A district, reviewed.
struct Reviewed {
    truth: Truth,
    round: Round,
    facts: Facts,
}

static REVIEWED: LazyLock<Reviewed> = LazyLock::new(reviewed);

fn sheets(path: &Path) -> Vec<Sheet> {
    let bytes = fs::read(path).expect("a book");
    Workbook::open(bytes.into(), &Limits::default()).expect("a workbook").sheets
}

fn reviewed() -> Reviewed {
    let folder = tempfile::tempdir().expect("a folder");
    let truth = Office::new().write(1, 1, folder.path()).expect("a district");
    let schemas = &Catalog::embedded().schemas;
    let book = |name: &str| sheets(&folder.path().join(name));
    let roster = Roster::read(&book("名册.xlsx"), "名册.xlsx", schemas).expect("a good roster");
    let ledger = Ledger::read(&book("项目台账.xlsx"), "项目台账.xlsx", Some(&roster)).expect("a good ledger");
    let receipts =
        Receipts::read(&book("收件登记.xlsx"), "收件登记.xlsx", Some(&roster), schemas).expect("good receipts");
    let hints = [roster.hints(), ledger.hints(), receipts.hints()].concat();
    assert!(hints.is_empty(), "{}", hints.join("\n"));

    let registry = Registry { roster: Some(&roster), ledger: Some(&ledger) };
    let policy = Policy::embedded("national").expect("a built-in policy");
    let engine = Engine::new(Catalog::embedded(), policy.clone(), Limits::default());
    let intake = intake::collect(&[folder.path().join(RECEIVED)], &Limits::default());
    let round = review::run(intake, &engine, Books { registry, ..Books::default() }, Workers::default(), None, || ());
    let (region, receipts) = (truth.region.as_str(), Some(&receipts));
    let beside = Beside { registry, receipts, policy: &policy, region, name: "2022年度", day: None };
    let facts = RoundFacts::of(&round, beside);
    let facts = Facts::merged([Facts { rounds: vec![facts] }]).expect("one round");
    Reviewed { truth, round, facts }
}

/// Every seventh department, judged at once or in parts that are written, read and put together.
#[test]
fn a_share_of_the_district_judged_in_parts_is_the_share_judged_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    Office::new().write(1, 1, folder.path()).expect("a district");
    let catalog = Catalog::embedded();
    let book = |name: &str| sheets(&folder.path().join(name));
    let roster = Roster::read(&book("名册.xlsx"), "名册.xlsx", &catalog.schemas).expect("a good roster");
    let ledger = Ledger::read(&book("项目台账.xlsx"), "项目台账.xlsx", Some(&roster)).expect("a good ledger");
    let mut handed_in: Vec<PathBuf> = fs::read_dir(folder.path().join(RECEIVED))
        .expect("a folder")
        .map(|entry| entry.expect("a department").path())
        .collect();
    handed_in.sort();
    let handed_in: Vec<PathBuf> = handed_in.into_iter().step_by(7).collect();
    let intake = || intake::collect(&handed_in, &Limits::default());
    let registry = Registry { roster: Some(&roster), ledger: Some(&ledger) };
    let books = Books { registry, ..Books::default() };
    let policy = Policy::embedded("national").expect("a built-in policy");
    let engine = Engine::new(catalog, policy.clone(), Limits::default());
    let beside =
        Beside { registry, receipts: None, policy: &policy, region: "澄岚区", name: "2022年度", day: None };
    let written = |round: &Round| {
        let facts = Facts { rounds: vec![RoundFacts::of(round, beside)] };
        let mut json = Vec::new();
        report::write(round, Format::Json(&facts, Workers::default()), &mut json).expect("written");
        String::from_utf8(json).expect("UTF-8")
    };
    let at_once = review::run(intake(), &engine, books, Workers::default(), None, || ());
    let across = at_once.forms().flat_map(|(_, form)| &form.findings).filter(|finding| finding.code.starts_with('X'));
    assert!(at_once.submissions.len() > 100 && across.count() > 10, "there is something to find across forms");
    let at_once = written(&at_once);
    for of in [1_u32, 2, 3, 7] {
        let mut parts: Vec<Part> = Vec::new();
        for index in (1..=of).rev() {
            let mut intake = intake();
            let files = intake.listing().files;
            intake.keep(format!("{index}/{of}").parse().expect("a part"));
            let part = PartOf { index, of, files, made: BTreeMap::new() };
            let judged = review::run_part(&|| false, intake, &engine, books, Workers::default(), part, || ());
            let part = written(&judged.expect("a part"));
            parts.push(Part::read(&part, "结果.json", catalog, &policy).expect("a part"));
        }
        assert!(written(&Round::of_parts(parts, &policy, books)) == at_once, "{of} parts");
    }
}

/// A stage or subject as results write it.
fn named(one: impl Serialize) -> String {
    serde_json::to_value(one).expect("a word").as_str().expect("a word").to_owned()
}

/// What the statistics say of a figure.
fn said(statistics: &Statistics<'_>, wanted: &Figure) -> Figure {
    let fits = |counts: &&OccasionCounts<'_>| {
        let occasion = counts.occasion;
        named(occasion.stage) == wanted.stage
            && named(occasion.subject) == wanted.subject
            && occasion.year == Some(wanted.year)
            && occasion.turn == wanted.turn
    };
    let found: Vec<&OccasionCounts<'_>> = statistics.occasions.iter().filter(fits).collect();
    let [counts] = found[..] else { panic!("{}: {} occasions", wanted.name, found.len()) };
    let category = counts.categories.iter().find(|one| wanted.category.as_deref() == Some(one.category));
    let total = &counts.total;
    Figure {
        departments: wanted.departments.map(|_| total.departments.received),
        units: wanted.units.map(|_| total.units.received),
        projects: wanted.projects.map(|_| category.map_or(total.projects.received, |category| category.items)),
        amount: wanted.amount.as_ref().map(|_| format!("{:.2}", total.money.received)),
        category: category.map(|category| category.category.to_owned()),
        done: wanted.done.map(|_| category.map_or(0, |category| category.done)),
        published: wanted.published.map(|_| counts.categories.iter().map(|category| category.published).sum()),
        ..wanted.clone()
    }
}

#[test]
fn every_figure_of_the_annual_report_comes_out_of_the_forms() {
    let Reviewed { truth, facts, .. } = &*REVIEWED;
    let statistics = Statistics::of(facts);
    for wanted in &truth.figures {
        assert_eq!(said(&statistics, wanted), *wanted);
    }
}

/// Findings by file and sheet.
fn findings(round: &Round) -> BTreeMap<(&str, &str), Vec<&Finding>> {
    let mut findings: BTreeMap<(&str, &str), Vec<&Finding>> = BTreeMap::new();
    for (submission, checked) in round.forms() {
        let of_sheet = findings.entry((&submission.source, &checked.form.sheet)).or_default();
        of_sheet.extend(&checked.findings);
    }
    findings
}

#[test]
fn what_was_planted_is_found_at_its_cell_and_nothing_is_said_of_sound_forms() {
    let Reviewed { truth, round, .. } = &*REVIEWED;
    let findings = findings(round);
    let mut planted: BTreeMap<(&str, &str), Vec<&Fault>> = BTreeMap::new();
    for fault in &truth.faults {
        planted.entry((&fault.source, &fault.sheet)).or_default().push(fault);
    }
    let is_its = |fault: &Fault, finding: &Finding| {
        let cell = finding.cell.map(|cell| cell.to_string()).unwrap_or_default();
        finding.code == fault.code && (fault.round || cell == fault.cell)
    };
    let (mut found, mut missed) = (0, Vec::new());
    for (place, faults) in &planted {
        let said = findings.get(place).map(Vec::as_slice).unwrap_or_default();
        for fault in faults {
            if said.iter().any(|finding| is_its(fault, finding)) {
                found += 1;
            } else {
                missed.push((fault.among, format!("{place:?} {} {} {}", fault.cell, fault.code, fault.what)));
            }
        }
    }
    #[expect(clippy::print_stdout, reason = "how much is found is worth a look")]
    {
        println!("{found} of {} planted faults found", truth.faults.len());
    }
    let mut beside = Vec::new();
    for (place, said) in &findings {
        let faults = planted.get(place).map(Vec::as_slice).unwrap_or_default();
        let is_explained = |finding: &&&Finding| {
            let explains =
                |fault: &&&Fault| is_its(fault, finding) || fault.companions.iter().any(|code| code == finding.code);
            faults.iter().any(|fault| fault.among) || faults.iter().find(explains).is_some()
        };
        let grave = said.iter().filter(|finding| finding.severity > Severity::Info);
        for finding in grave.filter(|finding| !is_explained(finding)) {
            let cell = finding.cell.map(|cell| cell.to_string()).unwrap_or_default();
            beside.push(format!("{place:?} {cell} {} {}", finding.code, finding.message));
        }
    }
    assert!(
        beside.is_empty(),
        "{} findings that nobody planted, such as\n{}",
        beside.len(),
        beside[..beside.len().min(20)].join("\n")
    );
    // Of several faults in a form one may hide another: a target that is blank has no figure that is wrong.
    let alone: Vec<&String> = missed.iter().filter(|(among, _)| !among).map(|(_, line)| line).collect();
    assert!(alone.is_empty(), "{alone:#?}");
    assert!(found * 100 >= truth.faults.len() * 95, "{missed:#?}");
}

#[test]
fn page_workbook_and_texts_of_a_whole_year_say_the_same() {
    let Reviewed { facts, .. } = &*REVIEWED;
    let policy = Policy::embedded("national").expect("a built-in policy");
    let statistics = Statistics::of(facts);
    let material = Material {
        statistics: &statistics,
        assessed: &assess(&statistics, &policy.assessment),
        policy: &policy,
        returned: &BTreeMap::new(),
        letterhead: &Letterhead::default(),
        round: None,
    };
    let written = |write: &dyn Fn(&mut Vec<u8>) -> std::io::Result<()>| {
        let mut out = Vec::new();
        write(&mut out).expect("memory takes it");
        out
    };
    let workbook = written(&|out| report::write_statistics(&material, out));
    let page = written(&|out| report::write_page(&material, &Views::default(), out));
    let account = written(&|out| report::write_account(&material, None, AccountFormat::Markdown, out));
    let circular = written(&|out| report::write_circular(&material, None, AccountFormat::Docx, out));
    let book = Book::read(workbook.clone());
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    let mut faults = page_against_book(&text(page), &book);
    faults.extend(text_against_book(&of_markdown(&text(account)), &book));
    faults.extend(text_against_book(&of_docx(&circular), &book));
    faults.extend(links_that_mislead(&workbook));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn forms_of_every_grade_are_among_them() {
    let bands: BTreeSet<Band> = REVIEWED.round.forms().map(|(_, checked)| checked.grade.band).collect();
    assert_eq!(bands.len(), 4, "{bands:?}");
    let forms = REVIEWED.round.forms().count();
    assert_eq!(forms, REVIEWED.truth.forms);
}
