//! What each step of a check and a review costs, by itself: `cargo bench`, or `cargo bench -- grade` for one of them.
//!
//! Times of the same machine are compared with each other, never with a limit. Everything is done in memory on one thread.
#![allow(missing_docs, clippy::expect_used)]

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use jixiao::annotate::annotate;
use jixiao::config::Letterhead;
use jixiao::coverage::{Beside, Facts, RoundFacts, Statistics, assess};
use jixiao::form::{Form, Reader};
use jixiao::grade::grade;
use jixiao::intake;
use jixiao::ooxml::{Limits, Package};
use jixiao::policy::Policy;
use jixiao::report::{self, Format, Material, Views};
use jixiao::review::{self, Books, Engine, Round, Workers};
use jixiao::roster::Registry;
use jixiao::rules::check_form;
use jixiao::schema::Catalog;
use jixiao::workbook::{Sheet, Workbook};

fn main() {
    divan::main();
}

/// A form with faults, one with two projects in a workbook, and one of the old binary format.
const SAMPLES: [(&str, &str); 3] = [
    ("自评表.xlsx", "219-区教育局/219002-澄岚区第二中学2022年项目支出绩效自评表.xlsx"),
    ("两个项目.xlsx", "248-区文化旅游局/248002-文化馆自评表（两个项目）.xlsx"),
    ("自评表.xls", "226-区农业农村局/绩效自评/226004-水产站自评.xls"),
];
/// The same without the old format, which has no package.
const PACKAGES: [&str; 2] = ["自评表.xlsx", "两个项目.xlsx"];
const NAMES: [&str; 3] = ["自评表.xlsx", "两个项目.xlsx", "自评表.xls"];

static POLICY: LazyLock<Policy> = LazyLock::new(|| Policy::embedded("national").expect("a built-in policy"));
static READER: LazyLock<Reader> = LazyLock::new(|| Reader::new(Catalog::embedded(), &POLICY.words.empty_marks));
static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new(Catalog::embedded(), POLICY.clone(), Limits::default()));

fn round_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/round")
}

fn bytes(name: &str) -> Arc<[u8]> {
    let (_, path) = SAMPLES.iter().find(|(sample, _)| *sample == name).expect("a sample");
    fs::read(round_folder().join(path)).expect("the sample is there").into()
}

fn workbook(name: &str) -> Workbook {
    Workbook::open(bytes(name), &Limits::default()).expect("the sample opens")
}

fn forms(workbook: &Workbook) -> Vec<Form> {
    let forms: Vec<Form> = workbook.sheets.iter().flat_map(|sheet| READER.read_sheet(sheet).forms).collect();
    assert!(!forms.is_empty(), "the sample is a form");
    forms
}

/// Every part of the package out of its compression.
#[divan::bench(args = PACKAGES)]
fn a_inflate(bencher: Bencher<'_, '_>, name: &str) {
    let bytes = bytes(name);
    let inflate = || {
        let package = Package::open(bytes.clone(), &Limits::default()).expect("a package");
        package
            .parts()
            .filter_map(|part| package.part(part).expect("a sound part"))
            .map(|part| part.len())
            .sum::<usize>()
    };
    bencher.counter(BytesCount::new(inflate())).bench(inflate);
}

/// Bytes to sheets of cells, inflating included.
#[divan::bench(args = NAMES)]
fn b_read(bencher: Bencher<'_, '_>, name: &str) {
    let bytes = bytes(name);
    let read = || Workbook::open(bytes.clone(), &Limits::default()).expect("the sample opens");
    let cells = read().sheets.iter().map(|sheet| sheet.cells().count()).sum::<usize>();
    bencher.counter(ItemsCount::new(cells)).bench(read);
}

/// Which form a sheet is.
#[divan::bench(args = NAMES)]
fn c_recognise(bencher: Bencher<'_, '_>, name: &str) {
    let workbook = workbook(name);
    bencher.bench(|| workbook.sheets.iter().map(|sheet: &Sheet| READER.recognize(sheet).len()).sum::<usize>());
}

/// What stands in the form; recognising included, which cannot be left out.
#[divan::bench(args = NAMES)]
fn d_recognise_and_extract(bencher: Bencher<'_, '_>, name: &str) {
    let workbook = workbook(name);
    bencher.bench(|| forms(&workbook));
}

/// The rules of one form.
#[divan::bench(args = NAMES)]
fn e_rules(bencher: Bencher<'_, '_>, name: &str) {
    let forms = forms(&workbook(name));
    bencher.bench(|| forms.iter().map(|form| check_form(black_box(form), &POLICY).0.len()).sum::<usize>());
}

/// Findings to a grade with its ledger.
#[divan::bench(args = NAMES)]
fn f_grade(bencher: Bencher<'_, '_>, name: &str) {
    let found: Vec<_> = forms(&workbook(name)).iter().map(|form| check_form(form, &POLICY).0).collect();
    bencher.bench(|| found.iter().map(|findings| grade(black_box(findings), &POLICY.rubric)).collect::<Vec<_>>());
}

/// The unit's workbook marked and packed again; of the old format, the values put into the blank form.
#[divan::bench(args = NAMES)]
fn g_patch(bencher: Bencher<'_, '_>, name: &str) {
    let (submission, workbook) = ENGINE.judge(name, bytes(name));
    let workbook = workbook.expect("the sample opens");
    bencher.bench(|| annotate(&workbook, submission.forms()).expect("the sample can be marked"));
}

/// All of it for one workbook: from bytes to findings and grades.
#[divan::bench(args = NAMES)]
fn h_check(bencher: Bencher<'_, '_>, name: &str) {
    let bytes = bytes(name);
    bencher.bench(|| ENGINE.judge(name, bytes.clone()).0);
}

/// The sample round, judged.
fn round() -> Round {
    let intake = intake::collect(&[round_folder()], ENGINE.limits());
    review::run(intake, &ENGINE, Books::default(), Workers::one(), None, || {})
}

fn facts(round: &Round) -> Facts {
    let registry = Registry::default();
    let beside = Beside { registry, receipts: None, policy: &POLICY, region: "", name: "", day: None };
    Facts { rounds: vec![RoundFacts::of(round, beside)] }
}

/// A slice of a district: the sample round, read from its folder and judged, with what only the whole round shows.
#[divan::bench(sample_count = 10)]
fn i_round() -> Round {
    round()
}

/// 结果.json of the sample round.
#[divan::bench(sample_count = 20)]
fn j_write_json(bencher: Bencher<'_, '_>) {
    let round = round();
    let facts = facts(&round);
    bencher.bench(|| {
        let format = Format::Json(&facts, Workers::one());
        report::write(&round, format, &mut io::sink()).expect("a sink takes it");
    });
}

/// What is written of the statistics of the sample round.
fn reported(bencher: Bencher<'_, '_>, write: impl Fn(&Material<'_>, &Round) + Sync) {
    let round = round();
    let facts = facts(&round);
    let statistics = Statistics::of(&facts);
    let assessed = assess(&statistics, &POLICY.assessment);
    let (returned, letterhead) = (BTreeMap::new(), Letterhead::default());
    let material = Material {
        statistics: &statistics,
        assessed: &assessed,
        policy: &POLICY,
        returned: &returned,
        letterhead: &letterhead,
        round: Some(&round),
    };
    bencher.bench_local(|| write(&material, &round));
}

/// 统计.xlsx of the sample round.
#[divan::bench(sample_count = 10)]
fn k_write_xlsx(bencher: Bencher<'_, '_>) {
    reported(bencher, |material, _| {
        report::write_statistics(material, &mut io::sink()).expect("a sink takes it");
    });
}

/// 报告.html of the sample round, without the pictures of the forms.
#[divan::bench(sample_count = 10)]
fn l_write_html(bencher: Bencher<'_, '_>) {
    reported(bencher, |material, round| {
        let views = Views::of(round, |_| None);
        report::write_page(material, &views, &mut io::sink()).expect("a sink takes it");
    });
}
