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

use jixiao::address::CellRef;
use jixiao::finding::{Finding, Safety};
use jixiao::form::{Form, Reader};
use jixiao::policy::{Policy, RuleLevel};
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
    for rule in form_rules() {
        let mut layouts = BTreeMap::from([(true, BTreeSet::new()), (false, BTreeSet::new())]);
        for file in case_files(rule) {
            match judge(rule, &file) {
                Ok(said) if matches!(said.outcome, RuleOutcome::Passed | RuleOutcome::Found) => {
                    layouts.entry(is_good(&file)).or_default().insert(said.layout);
                }
                Ok(_) => {}
                Err(problem) => problems.push(format!("{}-{}/{}: {problem}", rule.code, rule.name, file_name(&file))),
            }
        }
        for (good, seen) in layouts.iter().filter(|(_, seen)| seen.len() < LAYOUTS) {
            let kind = if *good { "good" } else { "bad" };
            problems.push(format!("{}-{}: {kind}-*.toml of {} layouts", rule.code, rule.name, seen.len()));
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
            let policy = policy_of(case.policy.as_ref());
            let forms = read(&case.grid, &policy).expect("a form");
            for finding in forms.iter().flat_map(|form| rules::check_form(form, &policy).0) {
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
fn a_rule_that_is_switched_off_leaves_every_bad_case_unfound() {
    let mut green = Vec::new();
    for rule in form_rules() {
        for file in case_files(rule).into_iter().filter(|file| !is_good(file)) {
            let (case, said) = try_case(rule, &file, true).expect("a sound case");
            let red = settle(&case, false, said.outcome, &said.findings).is_err();
            if !red || said.outcome != RuleOutcome::NotApplicable {
                green.push(format!("{} {}", rule.code, file_name(&file)));
            }
        }
    }
    assert!(green.is_empty(), "{}", green.join("\n"));
}

/// A rule gone wrong; whether it must turn a good case red too.
type Mutant = (&'static str, bool, fn(Said) -> Said);

const MUTANTS: [Mutant; 6] = [
    ("finds nothing", false, |said| Said { findings: Vec::new(), outcome: RuleOutcome::Passed, ..said }),
    ("never looks", true, |said| Said { findings: Vec::new(), outcome: RuleOutcome::NotApplicable, ..said }),
    ("finds where it passed and passes where it found", true, |said| match said.outcome {
        RuleOutcome::Found => Said { findings: Vec::new(), outcome: RuleOutcome::Passed, ..said },
        _ => Said { findings: Vec::new(), outcome: RuleOutcome::Found, ..said },
    }),
    ("always finds something more", true, |mut said| {
        said.findings.extend(said.findings.first().map(|first| moved(first, 7)));
        Said { outcome: RuleOutcome::Found, ..said }
    }),
    ("forgets one of its findings", false, |mut said| {
        let outcome = if said.findings.len() > 1 { RuleOutcome::Found } else { RuleOutcome::Passed };
        said.findings.pop();
        Said { outcome, ..said }
    }),
    ("stands beside its cell", false, |said| Said {
        findings: said.findings.iter().map(|finding| moved(finding, 1)).collect(),
        ..said
    }),
];

/// The finding so many columns to the right; one of the whole form at a cell.
fn moved(finding: &Finding, columns: u32) -> Finding {
    let cell = finding.cell.map_or(CellRef::new(0, 0), |at| CellRef::new(at.row, at.col + columns));
    Finding { cell: Some(cell), ..finding.clone() }
}

/// Each mutant must turn every bad case red; those that speak where the rule passed, or do not look at all, a good case
/// besides, and for that a rule needs a good case that it passes.
#[test]
fn a_rule_that_is_disabled_inverted_loud_or_astray_turns_its_cases_red() {
    let mut survivors = Vec::new();
    for rule in form_rules() {
        let files = case_files(rule);
        let tried: Vec<(&PathBuf, Case, Said)> = files
            .iter()
            .map(|file| {
                let (case, said) = try_case(rule, file, false).expect("a sound case");
                (file, case, said)
            })
            .collect();
        let passed = tried
            .iter()
            .any(|(file, case, said)| is_good(file) && case.outcome.is_none() && said.outcome == RuleOutcome::Passed);
        if !passed {
            survivors.push(format!("{}: no good case that the rule looks at and passes", rule.code));
        }
        for (what, wakes_good, mutate) in MUTANTS {
            let red = |(file, case, said): &&(&PathBuf, Case, Said)| {
                let said = mutate(said.clone());
                settle(case, is_good(file), said.outcome, &said.findings).is_err()
            };
            let (good, bad): (Vec<_>, Vec<_>) = tried.iter().partition(|(file, ..)| is_good(file));
            let survived = bad.iter().filter(|tried| !red(tried)).map(|(file, ..)| file_name(file));
            survivors.extend(survived.map(|file| format!("{} {what}: {file} stays green", rule.code)));
            if wakes_good && !good.iter().any(red) {
                survivors.push(format!("{} {what}: no good case turns red", rule.code));
            }
        }
    }
    assert!(survivors.is_empty(), "{} survivors\n{}", survivors.len(), survivors.join("\n"));
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

/// The rules that look at one form; `tests/round_rules.rs` walks the others.
fn form_rules() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().copied().filter(|rule| matches!(rule.check, Check::Form(_)))
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

fn judge(rule: &Rule, file: &Path) -> Result<Said, String> {
    let (case, said) = try_case(rule, file, false)?;
    settle(&case, is_good(file), said.outcome, &said.findings)?;
    Ok(said)
}

/// What a rule said of a case.
#[derive(Clone)]
struct Said {
    findings: Vec<Finding>,
    outcome: RuleOutcome,
    layout: Layout,
}

/// So many bad and so many good forms of different layouts has every rule.
const LAYOUTS: usize = 2;

/// The kind of form and the place of every column that has a heading: what makes two sheets look different whatever is
/// written on them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Layout {
    schema: String,
    columns: BTreeSet<(String, u32)>,
}

fn layout(form: &Form) -> Layout {
    let tables = form.record.tables.values().map(|table| &table.columns);
    let grids = form.record.grids.values().map(|grid| &grid.columns);
    let heads = tables.chain(grids).flatten();
    let columns = heads.map(|(column, head)| (column.to_string(), head.cell.col)).collect();
    Layout { schema: form.schema.id.clone(), columns }
}

/// Runs a rule over its case, be it switched off by the policy.
fn try_case(rule: &Rule, file: &Path, off: bool) -> Result<(Case, Said), String> {
    let text = fs::read_to_string(file).map_err(|error| error.to_string())?;
    let case: Case = toml::from_str(&text).map_err(|error| error.to_string())?;
    if case.note.is_empty() {
        return Err("no note".to_owned());
    }
    static NATIONAL: LazyLock<Policy> = LazyLock::new(|| policy_of(None));
    let mut policy = case.policy.as_ref().map_or_else(|| NATIONAL.clone(), |switches| policy_of(Some(switches)));
    let forms = read(&case.grid, &policy)?;
    let first = forms.first().ok_or("no form on the sheet")?;
    if case.schema.as_ref().is_some_and(|schema| *schema != first.schema.id) {
        return Err(format!("recognised as {}", first.schema.id));
    }
    if off {
        policy.severities.insert(rule.name.to_owned(), RuleLevel::Off);
    }
    let (mut findings, mut outcome) = (Vec::new(), RuleOutcome::NotApplicable);
    for form in &forms {
        let (found, outcomes) = rules::check_form(form, &policy);
        findings.extend(found.into_iter().filter(|finding| finding.code == rule.code));
        let own = outcomes.get(rule.code).copied().ok_or("the rule was not run")?;
        outcome = match (outcome, own) {
            (RuleOutcome::Found, _) | (_, RuleOutcome::Found) => RuleOutcome::Found,
            (RuleOutcome::Passed, _) | (_, RuleOutcome::Passed) => RuleOutcome::Passed,
            (RuleOutcome::InsufficientData, _) => outcome,
            _ => own,
        };
    }
    Ok((case, Said { findings, outcome, layout: layout(first) }))
}

fn is_good(file: &Path) -> bool {
    file_name(file).starts_with("good-")
}

/// Whether a case is content with what was said.
fn settle(case: &Case, good: bool, outcome: RuleOutcome, findings: &[Finding]) -> Result<(), String> {
    let mine: Vec<&Finding> = findings.iter().collect();
    if good {
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

/// The form on the sheet; of a list one for each project.
fn read(grid: &str, policy: &Policy) -> Result<Vec<Form>, String> {
    // Most cases know the same empty marks: a reader is dear to make.
    static NATIONAL: LazyLock<(Vec<String>, Reader)> = LazyLock::new(|| {
        let marks = policy_of(None).words.empty_marks;
        let reader = Reader::new(Catalog::embedded(), &marks);
        (marks, reader)
    });
    let sheet = sheet_from_text("表", grid).map_err(|bad| bad.to_string())?;
    let reading = match &*NATIONAL {
        (marks, reader) if *marks == policy.words.empty_marks => reader.read_sheet(&sheet),
        _ => Reader::new(Catalog::embedded(), &policy.words.empty_marks).read_sheet(&sheet),
    };
    if reading.forms.len() == 1 || (reading.forms.len() > 1 && reading.forms.iter().all(|form| form.schema.list)) {
        return Ok(reading.forms);
    }
    let nearest = reading.nearest.map(|nearest| (nearest.schema, nearest.confidence));
    Err(format!("{} forms on the sheet, nearest {nearest:?}", reading.forms.len()))
}

fn policy_of(overrides: Option<&toml::Table>) -> Policy {
    let text = overrides.map(toml::Table::to_string).unwrap_or_default();
    let names: Vec<&str> = RULES.iter().flat_map(|rule| [rule.name, rule.code]).collect();
    Policy::load(&[], &SourceFile::new("case.toml", text), &names)
        .expect("the national preset with the case's switches")
}

#[test]
fn a_figure_that_waits_to_be_calculated_anew_is_told_once() {
    let path = folder().join("A302-stale-formula/bad-rate-and-score-follow.toml");
    let case: Case = toml::from_str(&fs::read_to_string(path).expect("the case")).expect("TOML");
    let policy = policy_of(None);
    let forms = read(&case.grid, &policy).expect("a form");
    let (findings, _) = rules::check_form(&forms[0], &policy);
    let figures: Vec<&str> = findings.iter().map(|f| f.code).filter(|code| code.starts_with('A')).collect();
    assert_eq!(figures, ["A302"], "the rate of 98 % explains its score and the total");
}
