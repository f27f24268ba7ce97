//! The floors of the house: a module imports from lower floors and from its own folder, nothing else.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The modules of the library from the ground up. Those of one line do not know each other.
const FLOORS: &[&[&str]] = &[
    &["error", "text", "address", "digest", "docx"],
    &["value", "toml_file"],
    &["finding"],
    &["ooxml", "schema"],
    &["intake", "policy", "workbook"],
    &["config", "form", "grade"],
    &["roster"],
    &["previous"],
    &["rules"],
    &["template"],
    &["decisions", "diff", "register"],
    &["review"],
    &["annotate", "coverage", "manifest"],
    &["calibrate"],
    &["report"],
];

/// Who may know a crate that is to stay behind one wall.
const WALLS: &[(&str, &[&str])] = &[
    ("calamine", &["workbook"]),
    ("rayon", &["review"]),
    ("clap", &["cli"]),
    ("anyhow", &["cli"]),
    ("signal_hook", &["cli"]),
    ("parquet", &["report"]),
    ("rust_xlsxwriter", &["template", "annotate", "report"]),
];

/// The files of the library and the command line, with the module that each belongs to.
fn files() -> Vec<(String, PathBuf)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let entries = walkdir::WalkDir::new(&root)
        .sort_by_file_name()
        .into_iter()
        .filter_map(Result::ok)
        .map(walkdir::DirEntry::into_path);
    let sources = entries.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let module = |path: &Path| {
        let below = path.strip_prefix(&root).unwrap_or(path);
        let first = below.iter().next().unwrap_or_default();
        first.to_string_lossy().trim_end_matches(".rs").to_owned()
    };
    sources.map(|path| (module(&path), path)).filter(|(module, _)| module != "lib" && module != "main").collect()
}

/// The names behind a prefix in the code of a file, comments left out.
fn named_after<'t>(text: &'t str, prefix: &str) -> Vec<&'t str> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let behind = code.flat_map(|line| line.split(prefix).skip(1));
    behind.map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default()).collect()
}

#[test]
fn imports_point_down() {
    let floors: BTreeMap<&str, usize> =
        (0..).zip(FLOORS).flat_map(|(floor, modules)| modules.iter().map(move |module| (*module, floor))).collect();
    let mut upward = Vec::new();
    for (module, path) in files().into_iter().filter(|(module, _)| module != "cli") {
        let own = floors.get(module.as_str()).unwrap_or_else(|| panic!("{module} stands on no floor"));
        for other in named_after(&fs::read_to_string(&path).unwrap(), "crate::") {
            if other != module && floors.get(other).is_none_or(|floor| floor >= own) {
                upward.push(format!("{}: {other}", path.display()));
            }
        }
    }
    assert!(upward.is_empty(), "{}", upward.join("\n"));
}

#[test]
fn what_stands_behind_a_wall_is_known_nowhere_else() {
    let mut outside = Vec::new();
    for (module, path) in files() {
        let text = fs::read_to_string(&path).unwrap();
        for (name, may) in WALLS {
            if !may.contains(&module.as_str()) && !named_after(&text, &format!("{name}::")).is_empty() {
                outside.push(format!("{}: {name}", path.display()));
            }
        }
    }
    assert!(outside.is_empty(), "{}", outside.join("\n"));
}
