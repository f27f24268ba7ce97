//! The law of transplanting, for every sample of every form: what stands in a form stands in the blank form as it was, read
//! and judged again it is the same, and what has no place there is listed with its old address.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use jixiao::address::CellRef;
use jixiao::annotate::{Annotated, correct_under, into_template, is_broken};
use jixiao::form::Form;
use jixiao::ooxml::Limits;
use jixiao::policy::Policy;
use jixiao::review::{CheckedForm, Corrections, Engine, REVIEW_SHEET};
use jixiao::schema::Catalog;
use jixiao::template::{self, Options};
use jixiao::text::{label_key, squeeze};
use jixiao::workbook::{Sheet, Workbook, sheet_from_text};

const LEFT: &str = "未能放入的内容";

static POLICY: LazyLock<Policy> = LazyLock::new(|| Policy::embedded("national").expect("a built-in policy"));
static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new(Catalog::embedded(), POLICY.clone(), Limits::default()));

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
        let files =
            fs::read_dir(folder.join(&schema.id)).expect("samples").filter_map(Result::ok).map(|entry| entry.path());
        let mut files: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|e| e == "txt")).collect();
        files.sort();
        for file in files {
            let text = fs::read_to_string(&file).expect("a sample");
            let grid: String =
                text.lines().filter(|line| !line.starts_with("//")).map(|line| format!("{line}\n")).collect();
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
    // Below stand the figures that the blank form computes otherwise, at their new cells.
    let end = sheet.cells().find(|(_, cell)| cell.shown() == "新单元格").map_or(u32::MAX, |(at, _)| at.row);
    rows.into_iter().filter(|row| *row < end).filter_map(line).collect()
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
        // What a list sums up are the amounts of its projects, which are looked at there.
        let summed_up = path.starts_with("list_total") || path.starts_with("subtotal");
        if text.is_empty() || summed_up || listed.contains_key(&old.cell()) {
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
        let printed = ["money_unit", "month"].contains(&path.as_str())
            || path.ends_with(".weight")
            || path.ends_with(".score")
            || path.contains("[合计]")
            || path.starts_with("total_");
        if new.is_filled() && !printed && !was.values().iter().any(|(old, _)| old == path) {
            broken.push(format!("{path} {} is new: {:?}", new.cell(), new.text()));
        }
    }
    broken
}

/// Findings that are others than before.
fn findings(was: &CheckedForm, is: &CheckedForm, listed: &BTreeMap<CellRef, String>) -> Vec<String> {
    let tell = |form: &CheckedForm, listed: Option<&BTreeMap<CellRef, String>>| -> BTreeMap<String, usize> {
        let mut told = BTreeMap::new();
        let structural = |code: &str| code.starts_with('F');
        for finding in form.findings.iter().filter(|f| !structural(f.code)) {
            if finding.cell.is_some_and(|at| listed.is_some_and(|listed| listed.contains_key(&at))) {
                continue;
            }
            *told.entry(format!("{} {}", finding.code, finding.field)).or_default() += 1;
        }
        told
    };
    let (old, new) = (tell(was, Some(listed)), tell(is, None));
    let differs = |here: &BTreeMap<String, usize>, there: &BTreeMap<String, usize>| -> Vec<String> {
        here.iter().filter(|(told, n)| there.get(*told) != Some(n)).map(|(told, _)| told.clone()).collect()
    };
    let came = differs(&new, &old);
    // The official form asks for more than the unit's own layout has room for, and a reason where it stands there.
    let asked_anew = |told: &String| {
        told.split_once(' ').is_some_and(|(_, path)| !has_room(&was.form, path) || is_shared(&was.form, path))
    };
    let codes: Vec<&str> =
        came.iter().filter(|told| asked_anew(told)).filter_map(|told| told.split(' ').next()).collect();
    let gone = differs(&old, &new).into_iter().filter(|told| !codes.iter().any(|code| told.starts_with(code)));
    let came = came.iter().filter(|told| !asked_anew(told)).cloned();
    let wrong: Vec<String> =
        gone.map(|told| format!("gone {told}")).chain(came.map(|told| format!("new {told}"))).collect();
    wrong
}

/// Whether a field stands in one cell with another value, as in `合计：13个项目，74263万元`.
fn is_shared(form: &Form, path: &str) -> bool {
    let Some(field) = form.record.fields.get(path) else { return false };
    form.values().iter().filter(|(_, other)| other.cell() == field.cell()).count() > 1
}

/// Whether a form as handed in has a place for what a path names.
fn has_room(form: &Form, path: &str) -> bool {
    let record = &form.record;
    match path.split_once('[') {
        None => path.is_empty() || record.fields.contains_key(path),
        Some((table, rest)) => match (record.tables.get(table), rest.rsplit_once("].")) {
            (Some(table), Some((name, column))) => {
                table.columns.contains_key(column) && (name != "合计" || table.total.is_some())
            }
            (Some(_), None) => true,
            (None, _) => record.grids.contains_key(table),
        },
    }
}

/// Cells of the old sheet that are neither in the new workbook, nor the words of a label, nor listed.
fn dropped(old: &Sheet, forms: &[CheckedForm], new: &Workbook) -> Vec<String> {
    let listed = listed(new);
    let texts: Vec<String> = new
        .sheets
        .iter()
        .filter(|s| s.name() != REVIEW_SHEET && s.name() != LEFT)
        .flat_map(|sheet| sheet.cells().map(|(_, cell)| squeeze(&cell.shown())).collect::<Vec<_>>())
        .collect();
    let stands = |text: &str| texts.iter().any(|new| new.contains(text));
    let labels: BTreeSet<String> = forms.iter().flat_map(|form| labels_of(&form.form)).collect();
    let is_label = |text: &str| {
        let key = label_key(text);
        let key = key.trim_end_matches(':');
        let appendix = key.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-');
        labels.contains(key)
            || labels.contains(jixiao::text::without_list_number(key))
            || ["附件", "附表", ""].contains(&appendix)
    };
    // Heads that are read as columns stand above the same column in the words of the blank form.
    let heads: BTreeSet<CellRef> = forms
        .iter()
        .flat_map(|form| form.form.record.tables.values().flat_map(|table| table.columns.values()))
        .map(|head| head.cell)
        .collect();
    let mut dropped = Vec::new();
    for (at, cell) in old.cells().filter(|(at, cell)| !cell.is_blank() && old.anchor(*at) == *at) {
        let text = squeeze(&cell.shown());
        if listed.get(&at).is_some_and(|told| squeeze(told) == text)
            || stands(&text)
            || is_label(&text)
            || heads.contains(&at)
        {
            continue;
        }
        let values: Vec<String> = forms
            .iter()
            .flat_map(|form| form.form.values())
            .filter(|(_, field)| field.cell() == at && !field.is_blank())
            .map(|(_, field)| squeeze(field.text()))
            .collect();
        // What formulas and percentages show is looked at as a value.
        let is_number = cell.shown().trim_end_matches('%').parse::<f64>().is_ok();
        if values.is_empty() || !values.iter().all(|value| is_number || stands(value)) {
            dropped.push(format!("{at} {text}"));
        }
    }
    dropped
}

/// The words by which a form's labels are known.
fn labels_of(form: &Form) -> Vec<String> {
    let schema = &form.schema;
    let mut labels: Vec<String> = schema.fields.iter().flat_map(|f| f.labels.clone()).collect();
    labels.extend(schema.grids.iter().map(|grid| label_key(&grid.label)));
    labels.extend(schema.tables.iter().map(|table| label_key(&table.label)));
    for grid in &schema.grids {
        labels.extend(grid.rows.iter().flat_map(|row| row.labels.clone()));
        labels.extend(grid.columns.iter().flat_map(|column| column.labels.clone()));
    }
    for table in &schema.tables {
        labels.extend(table.columns.iter().flat_map(|column| column.labels.clone()));
        labels.extend(table.totals.iter().chain(&table.ends).cloned());
    }
    for class in schema.indicators.iter().flat_map(|indicators| &indicators.classes) {
        labels.extend(class.labels.iter().chain(class.subclasses.iter().flat_map(|below| &below.labels)).cloned());
    }
    labels
}

#[test]
fn nothing_is_dropped_silently() {
    let mut dropped_cells = Vec::new();
    for (name, sheet) in samples() {
        let old = workbook(vec![sheet]);
        let (forms, new) = transplanted(&old);
        let told = dropped(&old.sheets[0], &forms, &open(new.bytes));
        dropped_cells.extend(told.into_iter().map(|cell| format!("{name}: {cell}")));
    }
    assert!(dropped_cells.is_empty(), "{}", dropped_cells.join("\n"));
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

#[test]
fn a_form_without_the_columns_it_must_print_is_broken_and_comes_back_in_the_blank_form() {
    for (name, sheet) in samples() {
        for checked in ENGINE.judge_again(&workbook(vec![sheet])) {
            assert!(!is_broken(&checked.form), "{name}");
        }
    }
    // The unit deleted the columns of the targets and the actual values.
    let drawn = "项目支出绩效自评表|<|<|<|<|<\n（2025年度）|<|<|<|<|<\n项目名称|<|清水渠维护|<|<|<\n\
         主管部门|<|澄岚区水利局|<|实施单位|澄岚区渠道所\n项目资金（万元）||全年预算数|全年执行数|执行率|得分\n\
         ^|年度资金总额|20|18|90%|9\n一级指标|二级指标|三级指标|分值|得分|偏差原因分析及改进措施\n\
         产出指标|数量指标|维护长度|50|50|\n效益指标|社会效益指标|受益村庄|40|40|\n总分|<|<|100|99|";
    let old = workbook(vec![sheet_from_text("表", drawn).expect("a grid")]);
    let forms = ENGINE.judge_again(&old);
    assert!(is_broken(&forms[0].form));
    let new = into_template(&old, &forms, &Corrections::default(), &POLICY).expect("values").expect("a blank form");
    let book = open(new.bytes);
    let sheet = book.sheet("表").expect("the form");
    let shown: Vec<String> = sheet.cells().map(|(_, cell)| cell.shown().into_owned()).collect();
    for text in ["清水渠维护", "维护长度", "受益村庄", "年度指标值", "实际完成值"] {
        assert!(shown.iter().any(|shown| shown == text), "{text}");
    }
}

/// Writes the results for looking at: `cargo test --test transplant -- --ignored`.
#[test]
#[ignore = "writes files to look at into target/tmp/transplanted"]
fn results_to_look_at() {
    let folder = format!("{}/transplanted", env!("CARGO_TARGET_TMPDIR"));
    fs::create_dir_all(&folder).expect("a folder");
    for (name, sheet) in samples() {
        let (_, new) = transplanted(&workbook(vec![sheet]));
        fs::write(format!("{folder}/{}.xlsx", name.replace('/', "-")), new.bytes).expect("a file");
    }
}
