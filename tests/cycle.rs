//! Every form of the cycle, walked: at least one sound and one flawed sample each, drawn as text.
//!
//! `tests/fixtures/forms/<schema id>/good*.txt` is recognised as that schema and has nothing to mend;
//! `flawed*.txt` is recognised too, and what is found in it is a reviewed snapshot. The format of the drawings is that of
//! `workbook::sheet_from_text`; lines that start with `//` say what a sample shows. A sheet that lists projects gives a
//! form for each.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use jixiao::finding::Severity;
use jixiao::form::{Form, Reader};
use jixiao::grade::grade;
use jixiao::policy::Policy;
use jixiao::rules::check_form;
use jixiao::schema::{Catalog, Schema};
use jixiao::workbook::sheet_from_text;

#[test]
fn every_form_has_a_sound_sample_with_nothing_to_mend() {
    let policy = Policy::embedded("national").unwrap();
    let mut problems = String::new();
    for schema in &Catalog::embedded().schemas {
        let files = samples(schema, "good");
        if files.is_empty() {
            writeln!(problems, "{}: no good*.txt", schema.id).unwrap();
        }
        for file in files {
            for form in read(&file, schema) {
                for finding in check_form(&form, &policy).0.iter().filter(|f| f.severity > Severity::Info) {
                    writeln!(problems, "{}: {} {}", file.display(), finding.code, finding.message).unwrap();
                }
            }
        }
    }
    assert!(problems.is_empty(), "{problems}");
}

#[test]
fn what_is_found_in_the_flawed_samples_was_reviewed() {
    let policy = Policy::embedded("national").unwrap();
    let mut missing = Vec::new();
    for schema in &Catalog::embedded().schemas {
        let files = samples(schema, "flawed");
        if files.is_empty() {
            missing.push(schema.id.as_str());
        }
        for file in files {
            let mut found = String::new();
            for form in read(&file, schema) {
                let (findings, _) = check_form(&form, &policy);
                let grade = grade(&findings, &policy.rubric);
                writeln!(found, "{} {}：{} {}", form.schema.id, form.range, grade.band.title(), grade.score).unwrap();
                for finding in findings {
                    let at = finding.cell.map_or_else(|| "全表".to_owned(), |cell| cell.to_string());
                    let severity = finding.severity.title();
                    writeln!(found, "{at} {} {severity}：{}。{}", finding.code, finding.message, finding.advice)
                        .unwrap();
                }
            }
            assert!(found.lines().count() > 1, "{}: nothing is found", file.display());
            let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            insta::with_settings!({ snapshot_path => file.parent().unwrap(), prepend_module_to_snapshot => false, omit_expression => true }, {
                insta::assert_snapshot!(stem, found);
            });
        }
    }
    assert_eq!(missing, Vec::<&str>::new(), "no flawed*.txt");
}

/// The samples of a schema whose names start so, in order.
fn samples(schema: &Schema, start: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/forms").join(&schema.id);
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    files.retain(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(start) && name.ends_with(".txt")
    });
    files.sort();
    files
}

/// The forms of a sample, all of that schema.
fn read(file: &Path, schema: &Schema) -> Vec<Form> {
    let text = fs::read_to_string(file).expect("a readable sample");
    let grid: String = text.lines().filter(|line| !line.starts_with("//")).map(|line| format!("{line}\n")).collect();
    let sheet = sheet_from_text("表", &grid).unwrap_or_else(|bad| panic!("{}: {bad}", file.display()));
    let policy = Policy::embedded("national").expect("the national preset");
    let reading = Reader::new(Catalog::embedded(), &policy.words.empty_marks).read_sheet(&sheet);
    assert!(!reading.forms.is_empty(), "{}: not recognised, nearest {:#?}", file.display(), reading.nearest);
    for form in &reading.forms {
        assert_eq!(form.schema.id, schema.id, "{}: {:#?}", file.display(), form.recognition.evidence);
    }
    reading.forms
}
