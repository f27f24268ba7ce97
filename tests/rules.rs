//! The table of rules, walked: its order, its texts, and a folder of drawn forms for every rule.
//!
//! A case is a TOML file `tests/fixtures/rules/<code>-<name>/{bad,good}-*.toml`: `note` (what it shows), `grid` (a sheet as
//! text, see `workbook::sheet_from_text`), `schema` (the form it must be recognised as), `policy` (TOML laid over the
//! national preset), and for a bad one `[[expect]]` with `cell` (an address or `form`), `severity`, `contains`. The rule's
//! findings stand at exactly these cells. A good one passes, or has the `outcome` it names.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use jixiao::finding::{Finding, Safety};
use jixiao::form::{Form, Reader};
use jixiao::policy::Policy;
use jixiao::rules::{self, Check, RULES, Rule, RuleOutcome};
use jixiao::schema::{Catalog, SourceFile};
use jixiao::workbook::sheet_from_text;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    note: String,
    grid: String,
    schema: Option<String>,
    policy: Option<toml::Table>,
    outcome: Option<RuleOutcome>,
    #[serde(default)]
    expect: Vec<Expectation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expectation {
    cell: String,
    severity: Option<String>,
    contains: Option<String>,
}

#[test]
fn codes_are_unique_and_sorted_and_names_are_kebab_case() {
    for (rule, next) in RULES.iter().zip(RULES.iter().skip(1)) {
        assert!(rule.code < next.code, "{} stands before {}", rule.code, next.code);
    }
    let mut names = BTreeMap::new();
    for rule in RULES {
        let digits = rule.code.get(1..).unwrap_or_default();
        assert!(rule.code.starts_with(char::is_uppercase) && digits.len() == 3, "{}", rule.code);
        assert!(digits.chars().all(|c| c.is_ascii_digit()), "{}", rule.code);
        let is_kebab = rule.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        assert!(is_kebab && !rule.name.starts_with('-') && !rule.name.ends_with('-'), "{}", rule.name);
        assert_eq!(names.insert(rule.name, rule.code), None, "{} is named twice", rule.name);
    }
}

#[test]
fn every_rule_says_what_why_examples_remedy_and_authority() {
    const HEADINGS: [&str; 5] = ["## 检查什么", "## 为什么", "## 正反例", "## 怎么改", "## 依据"];
    for rule in RULES {
        let mut rest = rule.docs;
        for heading in HEADINGS {
            let Some((_, below)) = rest.split_once(heading) else {
                panic!("{}: no {heading}, or out of order", rule.code)
            };
            let text = below.split("## ").next().unwrap_or_default();
            assert!(!text.trim().is_empty(), "{}: nothing under {heading}", rule.code);
            rest = below;
        }
        assert!(!rule.summary.is_empty() && !rule.authority.is_empty(), "{}", rule.code);
    }
}

/// Where a rule does not rest on a document it says so.
#[test]
fn every_authority_names_a_document_or_says_that_it_is_practice_and_its_switches_exist() {
    let national: toml::Table =
        fs::read_to_string("schemas/policy/national.toml").expect("the preset").parse().expect("TOML");
    for rule in RULES {
        let plain = ["〔", "《", "实务", "系统", "建议", "本表"].iter().any(|word| rule.authority.contains(word));
        assert!(plain || rule.authority.starts_with("本地口径"), "{}: {}", rule.code, rule.authority);
        for named in rule.authority.split("本地口径 ").skip(1) {
            let path: String = named.chars().take_while(|c| c.is_ascii_lowercase() || "._".contains(*c)).collect();
            let mut keys = path.split('.');
            let first = keys.next().and_then(|key| national.get(key));
            let found = keys.fold(first, |value, key| value.and_then(|value| value.get(key)));
            assert!(found.is_some(), "{}: {path} is no switch", rule.code);
        }
    }
}

#[test]
fn every_rule_finds_its_fault_at_its_cell_and_nothing_in_sound_forms() {
    let mut problems = Vec::new();
    // tests/round_rules.rs walks the others.
    for rule in RULES.iter().filter(|rule| matches!(rule.check, Check::Form(_))) {
        let files = case_files(rule);
        for kind in ["bad-", "good-"] {
            if !files.iter().any(|file| file_name(file).starts_with(kind)) {
                problems.push(format!("{}-{}: no {kind}*.toml", rule.code, rule.name));
            }
        }
        for file in files {
            if let Err(problem) = judge(rule, &file) {
                problems.push(format!("{}-{}/{}: {problem}", rule.code, rule.name, file_name(&file)));
            }
        }
    }
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n"));
}

/// How a rule that corrects says it, by the safety of its corrections.
const SAID: [(Safety, &str); 2] = [(Safety::Safe, "自动改正："), (Safety::Unsafe, "修改建议：")];

#[test]
fn a_rule_with_a_correction_says_its_safety_and_no_other_rule_does() {
    let mut seen: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for rule in RULES.iter().filter(|rule| matches!(rule.check, Check::Form(_))) {
        for file in case_files(rule).iter().filter(|file| file_name(file).starts_with("bad-")) {
            let case: Case = toml::from_str(&fs::read_to_string(file).expect("a case")).expect("TOML");
            let policy = policy(case.policy.as_ref());
            let form = read(&case.grid, &policy).expect("a form");
            for finding in rules::check_form(&form, &policy).0 {
                let said = finding.fix.map(|fix| SAID.iter().find(|(safety, _)| *safety == fix.safety));
                seen.entry(finding.code).or_default().extend(said.flatten().map(|(_, said)| *said));
            }
        }
    }
    let mut problems = Vec::new();
    for rule in RULES {
        let mend = rule.docs.split("## 怎么改").nth(1).and_then(|rest| rest.split("## ").next()).unwrap_or_default();
        let says: BTreeSet<&str> = SAID.iter().map(|(_, said)| *said).filter(|said| mend.contains(said)).collect();
        let does = seen.get(rule.code).cloned().unwrap_or_default();
        if !does.is_subset(&says) || (does.is_empty() && !says.is_empty()) {
            problems.push(format!("{}: says {says:?}, does {does:?}", rule.code));
        }
    }
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn every_case_folder_belongs_to_a_rule() {
    let known: Vec<String> = RULES.iter().map(|rule| format!("{}-{}", rule.code, rule.name)).collect();
    let strays: Vec<String> = folder()
        .read_dir()
        .expect("the case folder")
        .filter_map(Result::ok)
        .map(|e| e.file_name().to_string_lossy().into_owned())
        .filter(|name| !known.contains(name))
        .collect();
    assert_eq!(strays, Vec::<String>::new());
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/rules")
}

fn case_files(rule: &Rule) -> Vec<PathBuf> {
    let Ok(entries) = folder().join(format!("{}-{}", rule.code, rule.name)).read_dir() else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    files.sort();
    files
}

fn file_name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn judge(rule: &Rule, file: &Path) -> Result<(), String> {
    let text = fs::read_to_string(file).map_err(|error| error.to_string())?;
    let case: Case = toml::from_str(&text).map_err(|error| error.to_string())?;
    if case.note.is_empty() {
        return Err("no note".to_owned());
    }
    static NATIONAL: LazyLock<Policy> = LazyLock::new(|| policy(None));
    let own = case.policy.as_ref().map(|switches| policy(Some(switches)));
    let policy = own.as_ref().unwrap_or(&NATIONAL);
    let form = read(&case.grid, policy)?;
    if case.schema.as_ref().is_some_and(|schema| *schema != form.schema.id) {
        return Err(format!("recognised as {}", form.schema.id));
    }
    let (findings, outcomes) = rules::check_form(&form, policy);
    let outcome = outcomes.get(rule.code).copied().ok_or("the rule was not run")?;
    let mine: Vec<&Finding> = findings.iter().filter(|finding| finding.code == rule.code).collect();
    if file_name(file).starts_with("good-") {
        let wanted = case.outcome.unwrap_or(RuleOutcome::Passed);
        let texts: Vec<_> = mine.iter().map(|finding| format!("{} {}", place(finding), finding.message)).collect();
        return if outcome == wanted { Ok(()) } else { Err(format!("{outcome:?}, wanted {wanted:?}: {texts:?}")) };
    }
    compare(&case.expect, &mine)
}

fn compare(expected: &[Expectation], found: &[&Finding]) -> Result<(), String> {
    let mut wanted: Vec<&str> = expected.iter().map(|expect| expect.cell.as_str()).collect();
    let mut places: Vec<String> = found.iter().map(|finding| place(finding)).collect();
    wanted.sort_unstable();
    places.sort_unstable();
    if wanted.is_empty() || wanted != places {
        let texts: Vec<_> = found.iter().map(|finding| format!("{} {}", place(finding), finding.message)).collect();
        return Err(format!("wanted at {wanted:?}, found {texts:?}"));
    }
    for expect in expected {
        let fits = |finding: &&&Finding| {
            place(finding) == expect.cell
                && expect.contains.as_ref().is_none_or(|part| finding.message.contains(part.as_str()))
                && expect.severity.as_ref().is_none_or(|severity| *severity == finding.severity.title())
        };
        if !found.iter().any(|finding| fits(&finding)) {
            let texts: Vec<_> = found.iter().map(|f| format!("{} {} {}", place(f), f.severity, f.message)).collect();
            return Err(format!(
                "nothing at {} with {:?} {:?} in {texts:?}",
                expect.cell, expect.severity, expect.contains
            ));
        }
    }
    Ok(())
}

fn place(finding: &Finding) -> String {
    finding.cell.map_or_else(|| "form".to_owned(), |cell| cell.to_string())
}

fn read(grid: &str, policy: &Policy) -> Result<Form, String> {
    let sheet = sheet_from_text("表", grid).map_err(|bad| bad.to_string())?;
    let mut reading = Reader::new(Catalog::embedded(), &policy.words.empty_marks).read_sheet(&sheet);
    match reading.forms.len() {
        1 => Ok(reading.forms.remove(0)),
        count => {
            let nearest = reading.nearest.map(|nearest| (nearest.schema, nearest.confidence));
            Err(format!("{count} forms on the sheet, nearest {nearest:?}"))
        }
    }
}

fn policy(overrides: Option<&toml::Table>) -> Policy {
    let text = overrides.map(toml::Table::to_string).unwrap_or_default();
    let names: Vec<&str> = RULES.iter().flat_map(|rule| [rule.name, rule.code]).collect();
    Policy::load(&[], &SourceFile::new("case.toml", text), &names)
        .expect("the national preset with the case's switches")
}
