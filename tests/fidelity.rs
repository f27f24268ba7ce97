//! Fidelity: whatever program wrote a workbook, marking it changes nothing but the marks.

mod fidelity_law;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

use fidelity_law::{Outcome, judge};

/// Any folder of workbooks: `JIXIAO_CORPUS=DIR cargo test --test fidelity -- --ignored`. With `JIXIAO_CORPUS_OUT=DIR` the
/// marked workbooks are kept there. The report is written to `fidelity.txt` in the target folder.
#[test]
#[ignore = "takes a folder of workbooks from JIXIAO_CORPUS"]
fn every_workbook_of_a_folder_is_marked_without_harm() {
    let root = PathBuf::from(std::env::var("JIXIAO_CORPUS").expect("JIXIAO_CORPUS names a folder"));
    let out = std::env::var("JIXIAO_CORPUS_OUT").ok().map(PathBuf::from);
    let files = walkdir::WalkDir::new(&root).sort_by_file_name().into_iter().flatten();
    let files = files.filter(|entry| entry.file_type().is_file());
    let (mut counts, mut report) = (BTreeMap::<&str, usize>::new(), String::new());
    let mut broken = 0;
    for entry in files {
        let name = entry.path().strip_prefix(&root).unwrap_or(entry.path()).to_string_lossy().replace('\\', "/");
        if !["xlsx", "xlsm", "xltx", "xltm"].iter().any(|kind| name.to_lowercase().ends_with(kind)) {
            continue;
        }
        let original = std::fs::read(entry.path()).expect("a readable file");
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
            Err(_) => ("PANIC", Vec::new()),
        };
        broken += usize::from(kind == "BROKEN" || kind == "PANIC");
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
    assert_eq!(broken, 0, "{counts:?}; see {path}");
}
