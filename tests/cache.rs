//! With `--cache` a run gives what it gives without, to the last byte, whatever happened to files, rules or the folder.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};

use jixiao::intake;
use jixiao::ooxml::Limits;
use jixiao::policy::Policy;
use jixiao::review::{self, Books, Engine, Recalled, Round, Store, Workers};
use jixiao::schema::{Catalog, SourceFile};
use serde_json::Value;
use tempfile::TempDir;

type Memory = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

const FORM: &str = "samples/round/219-区教育局/219001-澄岚区教育局2022年项目支出绩效自评表.xlsx";

fn store(memory: &Memory) -> Store {
    let (from, to) = (Arc::clone(memory), Arc::clone(memory));
    Store {
        find: Box::new(move |name| from.lock().expect("no panic").get(name).cloned()),
        keep: Box::new(move |name, entry| {
            to.lock().expect("no panic").insert(name.to_owned(), entry.to_owned());
        }),
    }
}

fn national() -> Policy {
    Policy::embedded("national").expect("a built-in policy")
}

/// Judges the paths and gives the round with how often `each` saw a workbook.
fn judged(engine: &Engine, paths: &[&str], marks: bool) -> (Round, usize) {
    let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
    let seen = Mutex::new(0);
    let each = |workbook: &jixiao::workbook::Workbook, _: &review::Submission| {
        *seen.lock().expect("no panic") += usize::from(!workbook.sheets.is_empty());
    };
    let taken = intake::collect(&paths, engine.limits());
    let each: Option<review::Each<'_>> = if marks { Some(&each) } else { None };
    let round = review::run(taken, engine, Books::default(), Workers::default(), each, || ());
    (round, seen.into_inner().expect("no panic"))
}

#[test]
fn a_recalled_judgement_is_in_every_field_the_one_that_was_made() {
    let paths = ["samples", "tests/fixtures"];
    let engine = || Engine::new(Catalog::embedded(), national(), Limits::default());
    let (plain, seen) = judged(&engine(), &paths, true);
    let memory = Memory::default();
    for recalls in [false, true] {
        let engine = engine().with_store(store(&memory), "程序");
        let (round, seen_now) = judged(&engine, &paths, true);
        for (now, then) in round.submissions.iter().zip(&plain.submissions) {
            assert_eq!(format!("{now:?}"), format!("{then:?}"), "{}", then.source);
        }
        assert_eq!((round.submissions.len(), seen_now), (plain.submissions.len(), seen));
        let Recalled { unchanged, judged, damaged } = engine.recalled().expect("a store");
        let unreadable = plain.submissions.iter().filter(|one| matches!(one.outcome, review::Outcome::Unreadable(_)));
        assert!(!recalls || (judged <= unreadable.count() && unchanged > 60), "{unchanged} unchanged, {judged} judged");
        assert_eq!(damaged, 0);
    }
}

#[test]
fn what_another_program_schema_policy_or_limit_judged_is_not_recalled() {
    let memory = Memory::default();
    let with = |catalog: &Catalog, policy: Policy, limits: Limits, program: &str| {
        let plain = judged(&Engine::new(catalog, policy.clone(), limits.clone()), &[FORM], false).0;
        let engine = Engine::new(catalog, policy, limits).with_store(store(&memory), program);
        let round = judged(&engine, &[FORM], false).0;
        assert_eq!(format!("{round:?}"), format!("{plain:?}"), "{program}");
        engine.recalled().expect("a store").unchanged == 1
    };
    let (catalog, limits) = (Catalog::embedded(), Limits::default());
    assert!(!with(catalog, national(), limits.clone(), "甲"), "the first time");
    assert!(with(catalog, national(), limits.clone(), "甲"), "the second time");
    assert!(!with(catalog, national(), limits.clone(), "乙"), "another program");
    let mut policy = national();
    policy.money.decimals += 1;
    assert!(!with(catalog, policy, limits.clone(), "甲"), "another switch");
    assert!(!with(catalog, national(), Limits { sheets: limits.sheets - 1, ..limits.clone() }, "甲"), "another limit");
    let text = fs::read_to_string("schemas/selfeval.project.v1.toml").expect("a schema");
    let own = |text: &str| {
        let file = SourceFile::new("own/selfeval.project.v1.toml", text);
        Catalog::with_overrides(&[file], &[]).expect("a good schema")
    };
    // The same text and so the same digest of files; but the bureau's own schema wins where both fit.
    assert_eq!(own(&text).sha256, catalog.sha256);
    assert!(!with(&own(&text), national(), limits.clone(), "甲"), "the same schema as the bureau's own");
    let other = text.replacen("项目名称", "项目的名称", 1);
    assert_ne!(other, text);
    assert!(!with(&own(&other), national(), limits.clone(), "甲"), "another label");
    assert!(with(catalog, national(), limits, "甲"), "all of that beside it");
}

fn jixiao(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jixiao")).current_dir(dir).args(args).output().expect("the command starts")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A folder with a few of the sample workbooks: a form, one of two forms, an old format, one that is none.
fn folder() -> TempDir {
    let dir = TempDir::new().expect("a folder");
    fs::create_dir(dir.path().join("收件")).expect("a folder");
    for (name, file) in [
        ("一.xlsx", FORM),
        ("二.xlsx", "samples/round/248-区文化旅游局/248001-澄岚区文化和旅游局2022年自评（2个项目）.xlsx"),
        ("三.xls", "samples/round/226-区农业农村局/绩效自评/226004-水产站自评.xls"),
        ("四.xlsx", "samples/round/联络员通讯录.xlsx"),
    ] {
        fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join(file), dir.path().join("收件").join(name)).expect("a file");
    }
    dir
}

const JSON: [&str; 4] = ["check", "收件", "--format", "json"];

/// Checks the folder with a cache and without, makes sure that both say the same, and gives what was said of the cache.
fn checked(dir: &Path, more: &[&str]) -> String {
    let plain = jixiao(dir, &[&JSON, more].concat());
    let cached = jixiao(dir, &[&JSON, more, &["--cache", "缓存"]].concat());
    assert_eq!(cached.status.code(), plain.status.code(), "{}", stderr(&cached));
    assert!(plain.stdout.len() > 10_000 && cached.stdout == plain.stdout, "the result is another one");
    let said = stderr(&cached);
    said.strip_prefix(&stderr(&plain)).unwrap_or(&said).to_owned()
}

/// All files below a folder, by path below it.
fn files(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = walkdir::WalkDir::new(dir).into_iter().map(|entry| entry.expect("a file").into_path());
    files
        .filter(|path| path.is_file())
        .map(|path| (path.strip_prefix(dir).expect("below").to_owned(), fs::read(&path).expect("a file")))
        .collect()
}

#[test]
fn a_review_out_of_the_cache_writes_the_same_bytes() {
    let dir = TempDir::new().expect("a folder");
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    for (path, bytes) in files(&samples) {
        let path = dir.path().join("samples").join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
    let books = ["--roster", "samples/名册.xlsx", "--ledger", "samples/项目台账.xlsx", "--fail-on", "never"];
    let args = ["review", "samples/round", "--fix", "--zip", "--format", "xlsx,html,docx,md", "--out"];
    let review = |out: &str, more: &[&str]| {
        let output = jixiao(dir.path(), &[&args[..], &[out], &books, more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        (files(&dir.path().join(out)), stderr(&output))
    };
    let (plain, _) = review("没有", &[]);
    assert!(plain.len() > 40, "{:?}", plain.keys());
    let result: Value = serde_json::from_slice(&plain[Path::new("结果.json")]).expect("JSON");
    let submissions = result["submissions"].as_array().expect("a list");
    let unreadable = submissions.iter().filter(|one| one["outcome"] == "unreadable").count();
    for turn in 1..=2 {
        let (written, said) = review(&format!("第{turn}次"), &["--cache", "缓存"]);
        assert!(written.keys().eq(plain.keys()), "{:?}", written.keys());
        for (path, bytes) in &plain {
            assert!(written[path] == *bytes, "another {} the {turn}. time", path.display());
        }
        let (unchanged, judged) =
            if turn == 1 { (0, submissions.len()) } else { (submissions.len() - unreadable, unreadable) };
        let told = format!("缓存：{unchanged} 份未变、{judged} 份重审");
        assert!(said.lines().any(|line| line == told), "{told}: {said}");
    }
}

/// Writes another figure into a cell of a workbook.
fn change(path: &Path) {
    let mut archive = zip::ZipArchive::new(Cursor::new(fs::read(path).expect("a file"))).expect("a workbook");
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut changed = 0;
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).expect("a part");
        let name = part.name().expect("a name").into_owned();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).expect("its bytes");
        if name == "xl/worksheets/sheet1.xml" {
            let text = String::from_utf8(bytes).expect("UTF-8");
            let other = text.replacen("<v>10</v>", "<v>9</v>", 1);
            changed += usize::from(other != text);
            bytes = other.into_bytes();
        }
        writer.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
        writer.write_all(&bytes).expect("written");
    }
    assert_eq!(changed, 1, "a cell is changed");
    fs::write(path, writer.finish().expect("a workbook").into_inner()).expect("a file");
}

#[test]
fn what_changed_is_judged_again_and_what_did_not_is_not() {
    let dir = folder();
    let dir = dir.path();
    assert_eq!(checked(dir, &[]), "缓存：0 份未变、4 份重审\n");
    assert_eq!(checked(dir, &[]), "缓存：4 份未变、0 份重审\n");
    // Another name is the same file.
    fs::rename(dir.join("收件/二.xlsx"), dir.join("收件/又.xlsx")).expect("renamed");
    assert_eq!(checked(dir, &[]), "缓存：4 份未变、0 份重审\n");
    change(&dir.join("收件/一.xlsx"));
    assert_eq!(checked(dir, &[]), "缓存：3 份未变、1 份重审\n");
    fs::write(dir.join("口径.toml"), "extends = \"national\"\n[severities]\nscore-sum-mismatch = \"off\"\n")
        .expect("a file");
    let policy = ["--policy", "口径.toml"];
    assert_eq!(checked(dir, &policy), "缓存：0 份未变、4 份重审\n");
    assert_eq!(checked(dir, &policy), "缓存：4 份未变、0 份重审\n");
    fs::write(dir.join("口径.toml"), "extends = \"national\"\n[severities]\nscore-sum-mismatch = \"info\"\n")
        .expect("a file");
    assert_eq!(checked(dir, &policy), "缓存：0 份未变、4 份重审\n");
    let schema = fs::read_to_string("schemas/selfeval.project.v1.toml").expect("a schema");
    fs::create_dir(dir.join("表单")).expect("a folder");
    fs::write(dir.join("表单/selfeval.project.v1.toml"), schema).expect("a file");
    assert_eq!(checked(dir, &["--schemas", "表单"]), "缓存：0 份未变、4 份重审\n");
    // A part of a round keeps and recalls what the whole does.
    assert_eq!(checked(dir, &["--shard", "1/1"]), "缓存：4 份未变、0 份重审\n");
}

#[test]
fn damaged_and_foreign_entries_are_told_once_and_replaced() {
    let dir = folder();
    let dir = dir.path();
    checked(dir, &[]);
    let cache = dir.join("缓存");
    let sound = files(&cache);
    let paths: Vec<PathBuf> = sound.keys().map(|path| cache.join(path)).collect();
    let [first, second, third, fourth] = paths.as_slice() else { panic!("four entries: {paths:?}") };
    let (one, other) = (fs::read(first).expect("an entry"), fs::read(second).expect("an entry"));
    let text = String::from_utf8(one.clone()).expect("UTF-8");
    // Each other in their places, half of one, another version of what an entry is.
    fs::write(first, &other).expect("a file");
    fs::write(second, &one).expect("a file");
    let half = fs::read(third).expect("an entry");
    fs::write(third, &half[..half.len() / 2]).expect("a file");
    let version = fs::read_to_string(fourth).expect("an entry").replacen("jixiao-judged 1 ", "jixiao-judged 2 ", 1);
    fs::write(fourth, version).expect("a file");
    let told = "提醒 缓存目录 缓存 里有 4 份损坏或被改动过，没有采用，已重审\n缓存：0 份未变、4 份重审\n";
    assert_eq!(checked(dir, &[]), told);
    assert_eq!(files(&cache), sound, "replaced");
    // A figure mended by hand, nothing at all, and the key of another.
    let (found, mended) = if text.contains("\"p") { ("\"p", "\"f") } else { ("\"reason\"", "\"raison\"") };
    fs::write(first, text.replacen(found, mended, 1)).expect("a file");
    fs::write(second, b"").expect("a file");
    let told = "提醒 缓存目录 缓存 里有 2 份损坏或被改动过，没有采用，已重审\n缓存：2 份未变、2 份重审\n";
    assert_eq!(checked(dir, &[]), told);
    assert_eq!(checked(dir, &[]), "缓存：4 份未变、0 份重审\n");
}

#[test]
fn a_folder_that_cannot_be_used_changes_nothing_but_is_told() {
    let dir = folder();
    let dir = dir.path();
    fs::write(dir.join("缓存"), b"").expect("a file");
    let said = checked(dir, &[]);
    assert!(said.starts_with("提醒 缓存用不上，这次全部重审：缓存：这里是文件，不是文件夹"), "{said}");
    fs::remove_file(dir.join("缓存")).expect("removed");
    fs::create_dir(dir.join("缓存")).expect("a folder");
    for number in 0..=255 {
        fs::write(dir.join("缓存").join(format!("{number:02x}")), b"").expect("a file");
    }
    let said = checked(dir, &[]);
    assert!(said.contains("提醒 缓存目录 缓存 有 8 次读写不成，审核结果不受影响。第一次："), "{said}");
    assert!(said.ends_with("缓存：0 份未变、4 份重审\n"), "{said}");
    // Among what is judged an entry would be one more file that was handed in.
    for place in ["收件", "收件/缓存"] {
        let refused = jixiao(dir, &[&JSON[..], &["--cache", place]].concat());
        assert_eq!(refused.status.code(), Some(2));
        assert!(stderr(&refused).contains("在所审的文件夹 收件 里面"), "{}", stderr(&refused));
    }
    let refused = jixiao(dir, &["check", ".", "--cache", "新的"]);
    assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
}

#[test]
fn runs_at_the_same_time_share_a_cache() {
    let dir = folder();
    let dir = dir.path();
    let plain = jixiao(dir, &JSON);
    let start = |_| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jixiao"));
        command.current_dir(dir).args(JSON).args(["--cache", "缓存"]).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("the command starts")
    };
    let running: Vec<_> = (0..4).map(start).collect();
    for run in running {
        let output = run.wait_with_output().expect("it ends");
        assert!(output.stdout == plain.stdout, "{}", stderr(&output));
        assert!(!stderr(&output).contains("提醒"), "{}", stderr(&output));
    }
    assert_eq!(checked(dir, &[]), "缓存：4 份未变、0 份重审\n");
    assert_eq!(files(&dir.join("缓存")).len(), 4, "nothing unfinished is left");
}
