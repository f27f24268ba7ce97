//! The table of rules, walked: its order, its texts, and a folder of drawn forms for every rule.
//!
//! A case is a TOML file `tests/fixtures/rules/<code>-<name>/{bad,good}-*.toml`: `note` (what it shows), `grid` (a sheet as
//! text, see `workbook::sheet_from_text`), `schema` (the form it must be recognised as), `policy` (TOML laid over the
//! national preset), and for a bad one `[[expect]]` with `cell` (an address or `form`), `severity`, `contains`. The rule's
//! findings stand at exactly these cells. A good one passes, or has the `outcome` it names.

mod rule_cases;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use jixiao::finding::Safety;
use jixiao::form::Form;
use jixiao::policy::{Policy, RuleLevel};
use jixiao::rules::{self, Check, RULES, Rule, RuleOutcome};
use jixiao::workbook::sheet_from_text;
use serde::Deserialize;

use crate::rule_cases::{Expectation, Layout, Said, Tried, case_files, folder, is_good, load, policy_of, with_reader};

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
    let faults: Vec<String> = form_rules().flat_map(|rule| rule_cases::faults_of_cases(rule, try_case)).collect();
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

/// How a rule that corrects says it, by the safety of its corrections.
const SAID: [(Safety, &str); 2] = [(Safety::Safe, "自动改正："), (Safety::Unsafe, "修改建议：")];

#[test]
fn a_rule_with_a_correction_says_its_safety_and_no_other_rule_does() {
    let mut seen: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for rule in RULES.iter().filter(|rule| matches!(rule.check, Check::Form(_))) {
        for file in case_files(rule).iter().filter(|file| !is_good(file)) {
            let case: Case = load(file).expect("a case");
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
    let green: Vec<String> = form_rules().flat_map(|rule| rule_cases::green_when_off(rule, try_case)).collect();
    assert!(green.is_empty(), "{}", green.join("\n"));
}

#[test]
fn a_rule_that_is_disabled_inverted_loud_or_astray_turns_its_cases_red() {
    let survivors: Vec<String> = form_rules().flat_map(|rule| rule_cases::survivors(rule, try_case)).collect();
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

/// Runs a rule over its case, be it switched off by the policy. The forms of a list count as one.
fn try_case(rule: &Rule, file: &Path, off: bool) -> Result<Tried, String> {
    let case: Case = load(file)?;
    if case.note.is_empty() {
        return Err("no note".to_owned());
    }
    let mut policy = policy_of(case.policy.as_ref());
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
        let mine = found.into_iter().filter(|finding| finding.code == rule.code);
        findings.extend(mine.map(|finding| (String::new(), finding)));
        let own = outcomes.get(rule.code).copied().ok_or("the rule was not run")?;
        outcome = match (outcome, own) {
            (RuleOutcome::Found, _) | (_, RuleOutcome::Found) => RuleOutcome::Found,
            (RuleOutcome::Passed, _) | (_, RuleOutcome::Passed) => RuleOutcome::Passed,
            (RuleOutcome::InsufficientData, _) => outcome,
            _ => own,
        };
    }
    let looked = matches!(outcome, RuleOutcome::Passed | RuleOutcome::Found);
    let layouts = looked.then(|| Layout::of(first)).into_iter().collect();
    let said = Said { findings, outcomes: vec![outcome], layouts };
    Ok(Tried { wanted: vec![case.outcome.unwrap_or(RuleOutcome::Passed)], expected: case.expect, said })
}

/// The form on the sheet; of a list one for each project.
fn read(grid: &str, policy: &Policy) -> Result<Vec<Form>, String> {
    let sheet = sheet_from_text("表", grid).map_err(|bad| bad.to_string())?;
    let reading = with_reader(policy, |reader| reader.read_sheet(&sheet));
    if reading.forms.len() == 1 || (reading.forms.len() > 1 && reading.forms.iter().all(|form| form.schema.list)) {
        return Ok(reading.forms);
    }
    let nearest = reading.nearest.map(|nearest| (nearest.schema, nearest.confidence));
    Err(format!("{} forms on the sheet, nearest {nearest:?}", reading.forms.len()))
}

#[test]
fn a_figure_that_waits_to_be_calculated_anew_is_told_once() {
    let case: Case = load(&folder().join("A302-stale-formula/bad-rate-and-score-follow.toml")).expect("the case");
    let policy = policy_of(None);
    let forms = read(&case.grid, &policy).expect("a form");
    let (findings, _) = rules::check_form(&forms[0], &policy);
    let figures: Vec<&str> = findings.iter().map(|f| f.code).filter(|code| code.starts_with('A')).collect();
    assert_eq!(figures, ["A302"], "the rate of 98 % explains its score and the total");
}
