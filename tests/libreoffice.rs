//! Templates and statistics as LibreOffice opens, computes and saves them. Run where it is installed, with its Python bridge:
//! `cargo test --test libreoffice -- --ignored`.

mod template_law;

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use jixiao::address::CellRef;
use jixiao::ooxml::Limits;
use jixiao::policy::Policy;
use jixiao::schema::Catalog;
use jixiao::template::{self, Entry, Options, Plan, Role};
use jixiao::workbook::{Content, Workbook};
use regex::Regex;
use rust_decimal::Decimal;
use serde_json::json;
use template_law::{check_law, faults_of};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// Extension and LibreOffice's name of the format.
const FORMATS: [(&str, &str); 3] = [("xlsx", "Calc MS Excel 2007 XML"), ("xls", "MS Excel 97"), ("ods", "calc8")];

/// The blank workbook of every form below a folder.
fn templates(dir: &Path) -> Vec<(Plan, PathBuf)> {
    let policy = Policy::embedded("national").expect("a built-in policy");
    let blank = |schema| {
        let plan = template::plan(schema, &policy, &Options::default());
        let path = dir.join(format!("{}.xlsx", plan.schema.id));
        fs::write(&path, template::write(&plan, &[]).expect("a workbook")).expect("a file");
        (plan, path)
    };
    Catalog::embedded().schemas.iter().map(blank).collect()
}

#[test]
#[ignore = "needs LibreOffice"]
fn the_law_holds_after_libreoffice_has_opened_and_saved_a_template() {
    let dir = tempfile::tempdir().unwrap();
    let templates = templates(dir.path());
    let mut failures = Vec::new();
    for (extension, filter) in FORMATS {
        let out = dir.path().join(extension);
        let status = Command::new("soffice")
            .arg(format!("-env:UserInstallation=file://{}", dir.path().join("profile").display()))
            .args(["--headless", "--convert-to", &format!("{extension}:{filter}"), "--outdir"])
            .arg(&out)
            .args(templates.iter().map(|(_, path)| path))
            .output()
            .unwrap();
        assert!(status.status.success(), "{status:?}");
        for (plan, path) in &templates {
            let saved = out.join(path.file_stem().unwrap()).with_file_name(format!("{}.{extension}", plan.schema.id));
            let bytes = fs::read(&saved).unwrap();
            failures.extend(check_law(plan, bytes).into_iter().map(|f| format!("{} {extension}: {f}", plan.schema.id)));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
#[ignore = "needs LibreOffice"]
fn a_template_filled_in_through_libreoffice_checks_clean_in_every_format() {
    let dir = tempfile::tempdir().unwrap();
    let templates = templates(dir.path());
    let saved = |plan: &Plan, extension: &str| dir.path().join(format!("{}-filled.{extension}", plan.schema.id));
    let jobs: Vec<serde_json::Value> = templates
        .iter()
        .map(|(plan, path)| {
            let save = FORMATS.map(|(extension, filter)| (filter.to_owned(), json!(saved(plan, extension))));
            let save: serde_json::Map<String, serde_json::Value> = save.into_iter().collect();
            json!({ "open": path, "sheet": plan.sheet, "cells": cells(&template::specimen(plan)), "save": save })
        })
        .collect();
    fill(dir.path(), &jobs);
    let mut failures = Vec::new();
    for (plan, _) in &templates {
        let verdict = verdict_of(fs::read(saved(plan, "xlsx")).unwrap());
        if verdict != "必填内容已填，各项核对一致" {
            failures.push(format!("{}: the self-check says {verdict}", plan.schema.id));
        }
        for (extension, _) in FORMATS {
            let faults = faults_of(fs::read(saved(plan, extension)).unwrap());
            failures.extend(faults.into_iter().map(|fault| format!("{} {extension}: {fault}", plan.schema.id)));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
#[ignore = "needs LibreOffice"]
fn the_self_check_tells_a_wrong_total_and_what_is_still_blank() {
    let dir = tempfile::tempdir().unwrap();
    let schema = Catalog::embedded().get("selfeval.project.v1").unwrap();
    let plan = template::plan(schema, &Policy::embedded("national").unwrap(), &Options::default());
    let open = dir.path().join("blank.xlsx");
    fs::write(&open, template::write(&plan, &[]).unwrap()).unwrap();
    let filled = template::specimen(&plan);
    let place = |row: &str, column: &str| {
        let role = Role::Cell { grid: "funding".to_owned(), row: row.to_owned(), column: column.to_owned() };
        plan.place(&role).unwrap().start.to_string()
    };
    let (total, goal) =
        (place("total", "budget"), plan.place(&Role::Field("goal".to_owned())).unwrap().start.to_string());
    let without =
        |at: &str| -> Vec<serde_json::Value> { cells(&filled).into_iter().filter(|cell| cell["at"] != at).collect() };
    let mut wrong = without(&total);
    wrong.push(json!({ "at": total, "number": 90 }));
    let jobs: Vec<serde_json::Value> = [("wrong", wrong), ("blank-goal", without(&goal))]
        .into_iter()
        .map(|(name, cells)| {
            let save = json!({ FORMATS[0].1: dir.path().join(format!("{name}.xlsx")) });
            json!({ "open": open, "sheet": plan.sheet, "cells": cells, "save": save })
        })
        .collect();
    fill(dir.path(), &jobs);
    let said = |name: &str| verdict_of(fs::read(dir.path().join(format!("{name}.xlsx"))).unwrap());
    assert_eq!(said("wrong"), "有1处不一致，请改正标“✗”的各项");
    assert_eq!(said("blank-goal"), "还有1处必填内容没有填");
}

#[test]
#[ignore = "needs LibreOffice"]
fn libreoffice_computes_every_formula_of_the_statistics_to_the_value_that_stands_there() {
    let dir = tempfile::tempdir().unwrap();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let review = Command::new(env!("CARGO_BIN_EXE_jixiao"))
        .current_dir(&samples)
        .args(["review", "round", "--roster", "名册.xlsx", "--ledger", "项目台账.xlsx", "--fail-on", "never"])
        .args(["--format", "xlsx", "--out"])
        .arg(dir.path().join("out"))
        .output()
        .unwrap();
    assert!(review.status.success(), "{}", String::from_utf8_lossy(&review.stderr));
    let open = |bytes: Vec<u8>| Workbook::open(Arc::from(bytes), &Limits::default()).expect("a workbook");
    let written = fs::read(dir.path().join("out/统计.xlsx")).unwrap();
    // Without the values that we wrote, all that stands there afterwards is LibreOffice's.
    let [bare, computed] = ["bare.xlsx", "computed.xlsx"].map(|name| dir.path().join(name));
    fs::write(&bare, without_results(&written)).unwrap();
    let save = json!({ FORMATS[0].1: computed });
    fill(dir.path(), &[json!({ "open": bare, "sheet": "封面", "cells": [], "save": save })]);
    let (written, computed) = (open(written), open(fs::read(&computed).unwrap()));
    let mut formulas = 0;
    let mut faults = Vec::new();
    for sheet in &written.sheets {
        let other = computed.sheet(sheet.name()).expect("the sheet");
        for (at, cell) in sheet.cells().filter(|(_, cell)| cell.formula.is_some()) {
            formulas += 1;
            let found = other.stored(at).map(|cell| &cell.content);
            let same = match (&cell.content, found) {
                (Content::Number(ours), Some(Content::Number(theirs))) => (ours - theirs).abs() < Decimal::new(1, 9),
                (ours, theirs) => Some(ours) == theirs,
            };
            if !same {
                faults.push(format!("{} {at} {:?}: {:?}, {found:?}", sheet.name(), cell.formula, cell.content));
            }
        }
    }
    assert!(formulas > 200, "{formulas} formulas");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The workbook with 9999 as the result of every formula.
fn without_results(workbook: &[u8]) -> Vec<u8> {
    let result =
        Regex::new(r#"<c r="([A-Z]+\d+)"( s="\d+")?(?: t="str")?>(<f>[^<]*</f>)<v>[^<]*</v>"#).expect("a pattern");
    let mut archive = ZipArchive::new(Cursor::new(workbook)).expect("an archive");
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).expect("the part");
        let name = part.name().expect("a name").into_owned();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).expect("its bytes");
        if name.starts_with("xl/worksheets/sheet") {
            let xml = String::from_utf8(bytes).expect("UTF-8");
            assert_eq!(xml.matches("<f>").count(), result.find_iter(&xml).count(), "{name}");
            bytes = result.replace_all(&xml, "<c r=\"$1\"$2>$3<v>9999</v>").into_owned().into_bytes();
        }
        out.start_file(name, SimpleFileOptions::default()).expect("memory takes it");
        out.write_all(&bytes).expect("memory takes it");
    }
    out.finish().expect("memory takes it").into_inner()
}

/// What the sheet 自检 says of a saved workbook.
fn verdict_of(bytes: Vec<u8>) -> String {
    let workbook = Workbook::open(Arc::from(bytes), &Limits::default()).expect("a workbook");
    let sheet = workbook.sheet(template::CHECK_SHEET).expect("the sheet");
    sheet.shown(CellRef::new(1, 0)).into_owned()
}

/// Has LibreOffice do some jobs.
fn fill(dir: &Path, jobs: &[serde_json::Value]) {
    let list = dir.join("jobs.json");
    fs::write(&list, serde_json::to_vec(jobs).expect("JSON")).expect("a file");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/libreoffice/fill.py");
    let run = Command::new(python()).arg(script).arg(&list).arg(dir.join("profile")).output().expect("Python");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

/// What is typed into the boxes of a filled plan.
fn cells(filled: &Plan) -> Vec<serde_json::Value> {
    let typed = filled.inputs().filter_map(|(range, input)| {
        let at = range.start.to_string();
        Some(match input.value.as_ref()? {
            Entry::Number(number) if input.lead.is_empty() => {
                json!({ "at": at, "number": number.to_string().parse::<f64>().expect("a number") })
            }
            entry => json!({ "at": at, "text": format!("{}{entry}", input.lead) }),
        })
    });
    typed.collect()
}

/// The Python that has the bridge: the system's own, where another stands before it.
fn python() -> &'static str {
    let has_bridge = |python: &&&str| {
        Command::new(**python).args(["-c", "import uno"]).output().is_ok_and(|output| output.status.success())
    };
    ["python3", "/usr/bin/python3"].iter().find(has_bridge).copied().unwrap_or("python3")
}
