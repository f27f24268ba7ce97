//! The same inputs give the same bytes, whatever the number of threads, the order in which they are given or were copied to the
//! disk, the time zone, the language of the system, and the folder in which they lie.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/samples");

/// One way to do the same work.
#[derive(Clone, Copy)]
struct Way {
    name: &'static str,
    threads: &'static str,
    /// Whether files are copied, and named on the command line, from the last to the first.
    reversed: bool,
    environment: &'static [(&'static str, &'static str)],
    /// Whether the work folder lies deep below others, in a name with spaces.
    elsewhere: bool,
}

const USUAL: Way = Way { name: "usual", threads: "1", reversed: false, environment: &[], elsewhere: false };

const OTHERS: [Way; 6] = [
    Way { name: "two threads", threads: "2", ..USUAL },
    Way { name: "eight threads", threads: "8", ..USUAL },
    Way { name: "another order", threads: "2", reversed: true, ..USUAL },
    Way { name: "east", environment: &[("TZ", "Pacific/Kiritimati"), ("LC_ALL", "zh_CN.GB18030")], ..USUAL },
    Way {
        name: "west",
        environment: &[("TZ", "America/Anchorage"), ("LANG", "tr_TR.UTF-8"), ("LC_ALL", "C")],
        ..USUAL
    },
    Way {
        name: "elsewhere",
        elsewhere: true,
        environment: &[("TZ", ":"), ("COLUMNS", "40"), ("NO_COLOR", "1")],
        ..USUAL
    },
];

/// Copies a folder file by file, in the order that is asked for.
fn copied(from: &Path, to: &Path, reversed: bool) {
    let found = walkdir::WalkDir::new(from).sort_by_file_name().into_iter().map(|entry| entry.expect("an entry"));
    let mut files: Vec<_> = found.filter(|entry| entry.file_type().is_file()).collect();
    if reversed {
        files.reverse();
    }
    for file in files {
        let place = to.join(file.path().strip_prefix(from).expect("below"));
        fs::create_dir_all(place.parent().expect("a folder")).expect("a folder");
        fs::write(place, fs::read(file.path()).expect("a file")).expect("a copy");
    }
}

/// What the commands write and print, by file.
fn products(way: Way) -> BTreeMap<String, Vec<u8>> {
    let home = tempfile::tempdir().expect("a folder");
    let dir = if way.elsewhere { home.path().join("a/绩效 科/2023") } else { home.path().to_owned() };
    copied(Path::new(SAMPLES), &dir, way.reversed);
    let mut folders: Vec<String> = fs::read_dir(dir.join("round"))
        .expect("a folder")
        .map(|entry| format!("round/{}", entry.expect("an entry").file_name().to_string_lossy()))
        .collect();
    folders.sort();
    if way.reversed {
        folders.reverse();
    }
    let folders: Vec<&str> = folders.iter().map(String::as_str).collect();
    let books = ["--roster", "名册.xlsx", "--ledger", "项目台账.xlsx", "--threads", way.threads, "--fail-on", "never"];
    let mut products = BTreeMap::new();
    let commands: [(&str, Vec<&str>); 6] = [
        (
            "review",
            [&["review"], &folders[..], &["--out", "出", "--format", "xlsx,html,docx,md", "--zip"], &books].concat(),
        ),
        ("text", [&["check"], &folders[..], &books].concat()),
        ("json", [&["check"], &folders[..], &["--format", "json"], &books].concat()),
        ("csv", [&["check"], &folders[..], &["--format", "csv"], &books].concat()),
        ("stats", vec!["stats", "出", "--out", "统计"]),
        ("sample", vec!["sample", "出", "--rate", "30%", "--seed", "7", "--out", "抽查名单.xlsx"]),
    ];
    for (name, args) in commands {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jixiao"));
        let output = command.current_dir(&dir).args(&args).envs(way.environment.iter().copied()).output();
        let output = output.expect("the command starts");
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        products.insert(format!("{name} on standard output"), output.stdout);
        products.insert(format!("{name} on standard error"), output.stderr);
    }
    for entry in walkdir::WalkDir::new(&dir).into_iter().map(|entry| entry.expect("an entry")) {
        let name = entry.path().strip_prefix(&dir).expect("below").to_string_lossy().into_owned();
        if entry.file_type().is_file() && !name.starts_with("round") {
            products.insert(name, fs::read(entry.path()).expect("a file"));
        }
    }
    products
}

#[test]
fn the_same_inputs_give_the_same_bytes_in_any_circumstances() {
    let usual = products(USUAL);
    assert!(usual.len() > 40, "{:?}", usual.keys());
    for kind in [".xlsx", ".html", ".docx", ".md", ".json", ".zip"] {
        assert!(usual.keys().any(|name| name.ends_with(kind)), "nothing ends in {kind}");
    }
    for way in OTHERS {
        let mut other = products(way);
        let mut expected = usual.clone();
        if way.reversed || way.threads != USUAL.threads {
            // 清单.json tells the command that made the folder, so that it can be repeated.
            let told = |products: &mut BTreeMap<String, Vec<u8>>| {
                let manifest = products.remove("出/清单.json").expect("a record");
                let mut manifest: serde_json::Value = serde_json::from_slice(&manifest).expect("JSON");
                manifest.as_object_mut().expect("an object").remove("command");
                manifest
            };
            assert_eq!(told(&mut expected), told(&mut other), "{}: 清单.json", way.name);
        }
        let names = |products: &BTreeMap<String, Vec<u8>>| products.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&expected), names(&other), "{}", way.name);
        let differing: Vec<&String> =
            expected.iter().filter(|(name, bytes)| other.get(*name) != Some(bytes)).map(|(name, _)| name).collect();
        assert!(differing.is_empty(), "{}: {differing:?}", way.name);
    }
}
