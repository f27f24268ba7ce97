//! The law of transplanting, for every sample of every form: what stands in a form stands in the blank form as it was, read
//! and judged again it is the same, and what has no place there is listed with its old address.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use jixiao::address::CellRef;
use jixiao::annotate::{Annotated, correct_under, into_template};
use jixiao::form::Form;
use jixiao::ooxml::Limits;
use jixiao::policy::Policy;
use jixiao::review::{CheckedForm, Corrections, Engine, REVIEW_SHEET};
use jixiao::schema::Catalog;
use jixiao::template::{self, Options};
use jixiao::text::squeeze;
use jixiao::workbook::{Sheet, Workbook, sheet_from_text};

const LEFT: &str = "未能放入的内容";

static POLICY: LazyLock<Policy> = LazyLock::new(|| Policy::embedded("national").expect("a built-in policy"));
static ENGINE: LazyLock<Engine> =
    LazyLock::new(|| Engine::new(Catalog::embedded(), POLICY.clone(), Limits::default()));

/// A workbook of a format that cannot be patched.
fn workbook(sheets: Vec<Sheet>) -> Workbook {
    let schema = Catalog::embedded().get("goal.project.v2").expect("a form");
    let plan = template::plan(schema, &POLICY, &Options::default());
    let mut workbook = open(template::write(&plan, &[]).expect("a workbook"));
    workbook.package = None;
    workbook.sheets = sheets;
    workbook
}

fn open(bytes: Vec<u8>) -> Workbook {
    Workbook::open(Arc::from(bytes), &Limits::default()).expect("a workbook")
}

/// The drawn samples of all forms, by name.
fn samples() -> BTreeMap<String, Sheet> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/forms");
    let mut samples = BTreeMap::new();
    for schema in &Catalog::embedded().schemas {
        let files = fs::read_dir(folder.join(&schema.id)).expect("samples").filter_map(Result::ok).map(|entry| entry.path());
        let mut files: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|e| e == "txt")).collect();
        files.sort();
        for file in files {
            let text = fs::read_to_string(&file).expect("a sample");
            let grid: String = text.lines().filter(|line| !line.starts_with("//")).map(|line| format!("{line}\n")).collect();
            let name = format!("{}/{}", schema.id, file.file_stem().expect("a name").to_string_lossy());
            samples.insert(name, sheet_from_text("表", &grid).expect("a grid"));
        }
    }
    samples
}

/// The blank forms, filled in soundly, and as they come out of an old format: every sheet a copy of its values.
fn specimens() -> BTreeMap<String, Sheet> {
    let filled = Catalog::embedded().schemas.iter().map(|schema| {
        let plan = template::specimen(&template::plan(schema, &POLICY, &Options::default()));
        (schema.id.clone(), open(template::write(&plan, &[]).expect("a workbook")).sheets.remove(0))
    });
    filled.collect()
}

fn transplanted(old: &Workbook) -> (Vec<CheckedForm>, Annotated) {
    let forms = ENGINE.judge_again(old);
    let new = correct_under(old, &forms, &Corrections::default(), &POLICY).expect("a new workbook");
    (forms, new)
}

/// The cells that the list of what was not placed names, with what stood there.
fn listed(new: &Workbook) -> BTreeMap<CellRef, String> {
    let Some(sheet) = new.sheet(LEFT) else { return BTreeMap::new() };
    let rows: BTreeSet<u32> = sheet.cells().map(|(at, _)| at.row).collect();
    let line = |row: u32| {
        let at = sheet.shown(CellRef::new(row, 2)).parse().ok()?;
        Some((at, sheet.shown(CellRef::new(row, 3)).into_owned()))
    };
    rows.into_iter().filter_map(line).collect()
}

/// What is wrong with a transplanted workbook; nothing where the law holds.
fn broken(name: &str, sheet: Sheet) -> Vec<String> {
    let old = workbook(vec![sheet]);
    let (forms, new) = transplanted(&old);
    let new_book = open(new.bytes);
    let again = ENGINE.judge_again(&new_book);
    let mut broken = Vec::new();
    if new_book.sheet("自检").is_none() {
        return vec![format!("{name}: copied, {:?}", new.warnings)];
    }
    if again.len() != forms.len() {
        return vec![format!("{name}: {} forms, {} before", again.len(), forms.len())];
    }
    let listed = listed(&new_book);
    for (was, is) in forms.iter().zip(&again) {
        if was.form.schema.id != is.form.schema.id {
            broken.push(format!("{name}: recognised as {}", is.form.schema.id));
            continue;
        }
        broken.extend(values(&was.form, &is.form, &listed).into_iter().map(|said| format!("{name}: {said}")));
        broken.extend(findings(was, is, &listed).into_iter().map(|said| format!("{name}: {said}")));
    }
    broken
}

/// Values that are others than before and not listed.
fn values(was: &Form, is: &Form, listed: &BTreeMap<CellRef, String>) -> Vec<String> {
    let new: BTreeMap<String, _> = is.values().into_iter().collect();
    let mut broken = Vec::new();
    for (path, old) in was.values() {
        let text = squeeze(old.text());
        if text.is_empty() || listed.contains_key(&old.cell()) {
            continue;
        }
        let close = |other: &jixiao::form::Field| match (old.number(), other.number()) {
            (Some(one), Some(two)) => one == two || one.round_dp(4) == two || one.round_dp(2) == two,
            _ => old.reading == other.reading,
        };
        match new.get(&path) {
            Some(other) if close(other) => {}
            other => broken.push(format!("{path} {} {:?} -> {:?}", old.cell(), old.reading, other.map(|o| &o.reading))),
        }
    }
    for (path, new) in &new {
        let printed = ["money_unit", "month"].contains(&path.as_str()) || path.ends_with(".weight") || path.ends_with(".score");
        if new.is_filled() && !printed && !was.values().iter().any(|(old, _)| old == path) {
            broken.push(format!("{path} {} is new: {:?}", new.cell(), new.text()));
        }
    }
    broken
}

/// Findings that are others than before.
fn findings(was: &CheckedForm, is: &CheckedForm, listed: &BTreeMap<CellRef, String>) -> Vec<String> {
    let tell = |form: &CheckedForm| -> BTreeMap<String, usize> {
        let mut told = BTreeMap::new();
        let structural = |code: &str| code.starts_with('F');
        for finding in form.findings.iter().filter(|f| !structural(f.code)) {
            if finding.cell.is_some_and(|at| listed.contains_key(&at)) {
                continue;
            }
            *told.entry(format!("{} {}", finding.code, finding.field)).or_default() += 1;
        }
        told
    };
    let (old, new) = (tell(was), tell(is));
    if old == new { Vec::new() } else {
        let gone: Vec<&String> = old.iter().filter(|(k, n)| new.get(*k) != Some(n)).map(|(k, _)| k).collect();
        let came: Vec<&String> = new.iter().filter(|(k, n)| old.get(*k) != Some(n)).map(|(k, _)| k).collect();
        vec![format!("findings gone {gone:?}, new {came:?}")]
    }
}

#[test]
fn every_sample_of_every_form_stands_in_its_blank_form_as_it_was() {
    let broken: Vec<String> = samples().into_iter().flat_map(|(name, sheet)| broken(&name, sheet)).collect();
    assert!(broken.is_empty(), "{} broken\n{}", broken.len(), broken.join("\n"));
}

#[test]
fn a_form_on_the_official_layout_loses_nothing() {
    let broken: Vec<String> = specimens().into_iter().flat_map(|(name, sheet)| broken(&name, sheet)).collect();
    assert!(broken.is_empty(), "{} broken\n{}", broken.len(), broken.join("\n"));
}
