//! Fidelity: whatever program wrote a workbook, marking it changes nothing but the marks.
//!
//! The corpus is written by `tests/fixtures/annotate/writers/run.py`: seven programs, and packages made by hand of which
//! each has one oddity. Other programs judge too where they are installed (`tests/fixtures/annotate/judges`).

mod fidelity_law;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use fidelity_law::{Outcome, judge};

/// What cannot be marked in place, and a word of the reason that is given.
const COPIED: [(&str, &str); 2] = [("rows-reversed.xlsx", "行序颠倒"), ("cells-twice.xlsx", "写了两次")];

/// The workbooks below a folder, by their names in it.
fn workbooks(root: &Path) -> Vec<(String, Vec<u8>)> {
    let files = walkdir::WalkDir::new(root).sort_by_file_name().into_iter().flatten();
    let files = files.filter(|entry| entry.file_type().is_file());
    let named = files.map(|entry| {
        let name = entry.path().strip_prefix(root).unwrap_or(entry.path()).to_string_lossy().replace('\\', "/");
        (name, entry.into_path())
    });
    let is_one = |name: &str| ["xlsx", "xlsm", "xltx", "xltm"].iter().any(|kind| name.to_lowercase().ends_with(kind));
    let wanted = named.filter(|(name, _)| is_one(name));
    wanted.map(|(name, path)| (name, std::fs::read(path).expect("a readable file"))).collect()
}

fn corpus() -> Vec<(String, Vec<u8>)> {
    let found = workbooks(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/annotate/corpus")));
    assert!(found.len() > 30, "{} workbooks", found.len());
    found
}

#[test]
fn every_workbook_of_the_corpus_keeps_all_it_had() {
    let mut wrong = Vec::new();
    for (name, original) in corpus() {
        let copied = COPIED.iter().find(|(known, _)| *known == name);
        match (judge(&original), copied) {
            (Outcome::Patched { faults, .. }, None) => {
                wrong.extend(faults.into_iter().map(|fault| format!("{name}: {fault}")));
            }
            (Outcome::Transplanted(warnings), Some((_, reason))) if warnings.iter().any(|w| w.contains(reason)) => {}
            (Outcome::Patched { .. }, Some(_)) => wrong.push(format!("{name} is marked in place")),
            (Outcome::Transplanted(warnings), _) => wrong.push(format!("{name} is copied: {warnings:?}")),
            (Outcome::Refused(reason), _) => wrong.push(format!("{name} is refused: {reason}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Writes the corpus, before and after, and lets openpyxl, LibreOffice and the schemas of ECMA-376 judge. Where they are:
/// `JIXIAO_PYTHON` has openpyxl and lxml, `JIXIAO_UNO_PYTHON` has LibreOffice's module (`python3` by default), and
/// `JIXIAO_SCHEMAS` is a folder with `sml.xsd`.
#[test]
#[ignore = "needs openpyxl, lxml, LibreOffice and the schemas"]
fn other_programs_read_what_they_read_before() {
    let dir = tempfile::tempdir().expect("a folder");
    let (before, after) = (dir.path().join("before"), dir.path().join("after"));
    for folder in [&before, &after] {
        std::fs::create_dir(folder).expect("a folder");
    }
    for (name, original) in corpus() {
        if let Outcome::Patched { bytes, .. } = judge(&original) {
            std::fs::write(before.join(&name), original).expect("a file");
            std::fs::write(after.join(&name), bytes).expect("a file");
        }
    }
    let variable = |name| std::env::var(name).unwrap_or_else(|_| "python3".to_owned());
    let python = variable("JIXIAO_PYTHON");
    let judges = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/annotate/judges"));
    let mut said = String::new();
    let mut ask = |python: &str, judge: &str, first: Option<String>| {
        let mut command = Command::new(python);
        command.arg(judges.join(judge)).args(first).args([&before, &after]).env("PYTHONDONTWRITEBYTECODE", "1");
        let answer = command.output().expect("Python");
        if !answer.status.success() {
            let words = [answer.stdout, answer.stderr].concat();
            said.push_str(&format!("{judge}: {}\n", String::from_utf8_lossy(&words)));
        }
    };
    ask(&python, "openpyxl_reads.py", None);
    ask(&python, "schema.py", Some(std::env::var("JIXIAO_SCHEMAS").expect("JIXIAO_SCHEMAS names a folder")));
    ask(&variable("JIXIAO_UNO_PYTHON"), "libreoffice_reads.py", None);
    assert!(said.is_empty(), "{said}");
}

/// Any folder of workbooks: `JIXIAO_CORPUS=DIR cargo test --test fidelity folder -- --ignored`. With
/// `JIXIAO_CORPUS_OUT=DIR` the marked workbooks are kept there. What was not marked in place, and why, is written to
/// `fidelity.txt` in the target folder.
#[test]
#[ignore = "takes a folder of workbooks from JIXIAO_CORPUS"]
fn every_workbook_of_a_folder_is_marked_without_harm() {
    let root = PathBuf::from(std::env::var("JIXIAO_CORPUS").expect("JIXIAO_CORPUS names a folder"));
    let out = std::env::var("JIXIAO_CORPUS_OUT").ok().map(PathBuf::from);
    let (mut counts, mut report) = (BTreeMap::<&str, usize>::new(), String::new());
    for (name, original) in workbooks(&root) {
        let outcome = std::panic::catch_unwind(|| judge(&original));
        let (kind, said) = match outcome {
            Ok(Outcome::Patched { bytes, faults }) => {
                if let Some(out) = &out {
                    let path = out.join(&name);
                    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                    std::fs::write(path, bytes).expect("a file");
                }
                (if faults.is_empty() { "patched" } else { "BROKEN" }, faults)
            }
            Ok(Outcome::Transplanted(warnings)) => ("transplanted", warnings),
            Ok(Outcome::Refused(reason)) => ("refused", vec![reason]),
            Err(_) => ("PANIC", vec!["see above".to_owned()]),
        };
        *counts.entry(kind).or_default() += 1;
        if kind != "patched" {
            for line in said.iter().take(8) {
                writeln!(report, "{kind}\t{name}\t{line}").expect("text");
            }
        }
    }
    writeln!(report, "{counts:?}").expect("text");
    let path = format!("{}/fidelity.txt", env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(&path, &report).expect("a report");
    assert!(!counts.contains_key("BROKEN") && !counts.contains_key("PANIC"), "{counts:?}; see {path}");
}
