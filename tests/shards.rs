//! A round that is judged in parts and put together is the round judged at once, to the last byte.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const BOOKS: [&str; 4] = ["--roster", "samples/名册.xlsx", "--ledger", "samples/项目台账.xlsx"];

fn jixiao(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jixiao")).current_dir(dir).args(args).output().expect("the command starts")
}

/// Runs the command, makes sure of its exit code and gives what it said.
fn ran(dir: &Path, args: &[&str], code: i32) -> String {
    let output = jixiao(dir, args);
    let said = [output.stdout, output.stderr].map(|said| String::from_utf8(said).expect("UTF-8")).concat();
    assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
    said
}

/// A folder with the sample round, its books and three files that are none: a text, a document, a damaged workbook.
fn folder() -> TempDir {
    let dir = TempDir::new().expect("a folder");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    for entry in walkdir::WalkDir::new(&root).into_iter().map(|entry| entry.expect("a file")) {
        let to = dir.path().join("samples").join(entry.path().strip_prefix(&root).expect("below"));
        if entry.file_type().is_dir() {
            fs::create_dir_all(to).expect("a folder");
        } else {
            fs::copy(entry.path(), to).expect("a file");
        }
    }
    for name in ["说明.xlsx", "说明.docx", "断.xls"] {
        fs::write(dir.path().join("samples/round").join(name), "一段文字").expect("a file");
    }
    // Handed in a second time under another name.
    let round = dir.path().join("samples/round");
    for (name, file) in (1..).zip(files_below(&round, "xlsx").into_iter().take(4)) {
        fs::copy(file, round.join(format!("又报{name}.xlsx"))).expect("a file");
    }
    dir
}

/// The files with this extension below a folder, by path.
fn files_below(dir: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(dir).sort_by_file_name().into_iter().map(|entry| entry.expect("a file"));
    entries
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|kind| kind == extension))
        .collect()
}

/// Judges the parts of `of`, each into `of-index`, and gives the folders.
fn parts(dir: &Path, of: usize, more: &[&str]) -> Vec<String> {
    let one = |index: usize| {
        let (shard, out) = (format!("{index}/{of}"), format!("{of}-{index}"));
        let args = [&["check", "samples/round", "--shard", &shard, "--out", &out, "--fail-on", "never"], more].concat();
        ran(dir, &args, 0);
        out
    };
    (1..=of).map(one).collect()
}

fn together(dir: &Path, parts: &[String], out: &str, more: &[&str]) {
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let args = [&["stats", "--out", out, "--format", "xlsx,html,docx,md"], parts.as_slice(), more].concat();
    ran(dir, &args, 0);
}

/// Every file of a folder, by name.
fn files(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(dir).expect("a folder").map(|entry| entry.expect("a file").path());
    let mut files: Vec<(String, Vec<u8>)> = entries
        .map(|path| {
            (path.file_name().expect("a name").to_string_lossy().into_owned(), fs::read(&path).expect("a file"))
        })
        .collect();
    files.sort();
    files
}

fn result(path: &Path) -> Value {
    let result = serde_json::from_str(&fs::read_to_string(path).expect("a result")).expect("JSON");
    let schema: Value = serde_json::from_str(include_str!("../docs/result.schema.json")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a JSON Schema");
    let problems: Vec<String> =
        validator.iter_errors(&result).map(|one| format!("{}: {one}", one.instance_path())).collect();
    assert!(problems.is_empty(), "{problems:#?}");
    result
}

/// Codes of all findings of a result.
fn codes(result: &Value) -> Vec<&str> {
    let submissions = result["submissions"].as_array().expect("a list");
    let forms = submissions.iter().flat_map(|one| one["forms"].as_array().expect("a list"));
    forms.flat_map(|form| form["findings"].as_array().expect("a list")).filter_map(|one| one["code"].as_str()).collect()
}

/// Judges at once and in parts beside the same books, and compares all that is written.
fn the_same(dir: &Path, more: &[&str], counts: &[usize]) {
    ran(dir, &[&["check", "samples/round", "--out", "whole", "--fail-on", "never"], more].concat(), 0);
    together(dir, &["whole".to_owned()], "at-once", &[]);
    let whole = files(&dir.join("whole"));
    let at_once = files(&dir.join("at-once"));
    assert!(at_once.len() >= 7, "everything is written");
    for count in counts {
        let mut parts = parts(dir, *count, more);
        for turn in 0..2 {
            let out = format!("out-{count}-{turn}");
            together(dir, &parts, &out, more);
            let mut written = files(&dir.join(&out));
            let own: Vec<_> = written.extract_if(.., |(name, _)| name == "结果.json").collect();
            assert!(own == whole, "{count} parts have another 结果.json");
            let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
            assert_eq!(names(&written), names(&at_once));
            for ((name, now), (_, then)) in written.iter().zip(&at_once) {
                assert!(now == then, "{count} parts have another {name}");
            }
            // In another order, and one of them twice.
            parts.reverse();
            parts.push(parts.first().expect("a part").clone());
        }
    }
}

#[test]
fn parts_put_together_are_the_round_to_the_last_byte() {
    let dir = folder();
    let dir = dir.path();
    the_same(dir, &BOOKS, &[1, 2, 3, 7]);
    // What only the whole round shows is there, and no part saw it.
    let across = |result: &Value| codes(result).into_iter().filter(|code| code.starts_with('X')).count();
    assert!(across(&result(&dir.join("whole/结果.json"))) > 4);
    assert_eq!(across(&result(&dir.join("2-1/结果.json"))), 0);
}

#[test]
fn parts_beside_an_earlier_result_are_the_round_too() {
    let dir = folder();
    let dir = dir.path();
    ran(dir, &[&["check", "samples/round", "--out", "earlier", "--fail-on", "never"], &BOOKS[..]].concat(), 0);
    the_same(dir, &[&BOOKS[..], &["--previous", "earlier/结果.json"]].concat(), &[3]);
    assert!(codes(&result(&dir.join("whole/结果.json"))).contains(&"X160"), "handed in again as it was");
}

#[test]
fn more_parts_than_files_leave_some_empty_and_nothing_is_lost() {
    let dir = TempDir::new().expect("a folder");
    let dir = dir.path();
    let round = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/round");
    let form = files_below(&round, "xlsx").into_iter().next();
    fs::create_dir_all(dir.join("samples/round")).expect("a folder");
    fs::copy(form.expect("a workbook"), dir.join("samples/round/表.xlsx")).expect("a file");
    the_same(dir, &[], &[5]);
}

#[test]
fn what_does_not_make_a_round_is_told_and_nothing_is_written() {
    let dir = folder();
    let dir = dir.path();
    let three = parts(dir, 3, &BOOKS);
    let two = parts(dir, 2, &BOOKS);
    let refused = |results: &[&String], more: &[&str], why: &str| {
        let results: Vec<&str> = results.iter().map(|one| one.as_str()).collect();
        let said = ran(dir, &[&["stats", "--out", "out"], results.as_slice(), more].concat(), 2);
        assert!(said.contains(why), "{said}");
        assert!(!dir.join("out").exists(), "{why}");
    };
    refused(&[&three[0], &three[2]], &BOOKS, "共 3 份，缺第 2");
    refused(&[&three[0], &three[1], &two[0]], &BOOKS, "是按 3 份分的");
    refused(&[&two[0], &two[1]], &[], "分批审核时用了名册，这里没有");
    refused(&[&two[0], &two[1]], &[&BOOKS[..], &["--policy", "jiangxi"]].concat(), "口径与分批审核时的不同");
    // A file came in between: the parts are of different rounds.
    fs::copy(dir.join("samples/名册.xlsx"), dir.join("samples/round/又来一个.xlsx")).expect("a file");
    let args =
        [&["check", "samples/round", "--shard", "2/2", "--out", "late", "--fail-on", "never"], &BOOKS[..]].concat();
    ran(dir, &args, 0);
    refused(&[&two[0], &"late".to_owned()], &BOOKS, "审的时候收到的文件不一样");
    // Mended by hand.
    let path = dir.join(&two[1]).join("结果.json");
    let text = fs::read_to_string(&path).expect("a result");
    fs::create_dir_all(dir.join("other")).expect("a folder");
    fs::write(dir.join("other/结果.json"), text.replacen("项目", "项 目", 1)).expect("a file");
    refused(&[&two[0], &two[1], &"other".to_owned()], &BOOKS, "第 2 份有两个，内容不同");
    // Where whole rounds are needed.
    let said = ran(dir, &["sample", &two[0], "--rate", "10%", "--out", "抽查.xlsx"], 2);
    assert!(said.contains("分批审核的一份"), "{said}");
    let said = ran(dir, &["check", "samples/round", "--previous", "2-1/结果.json"], 2);
    assert!(said.contains("分批审核的一份"), "{said}");
    let said = ran(dir, &["check", "samples/round", "--out", "samples/round/结果"], 2);
    assert!(said.contains("在所审的文件夹"), "{said}");
}
