//! The rules that look across forms, each with a folder of drawn rounds.
//!
//! A case is a TOML file `tests/fixtures/rules/<code>-<name>/{bad,good}-*.toml`: `note` (what it shows), `[[form]]` (the
//! round) and `[[past]]` (earlier rounds) with `source` and a `grid` (a sheet as text, see `workbook::sheet_from_text`) or
//! `like` (the source of a form above) and `replace` (old and new text, each found in it at least once); of a past form also
//! `explained` (codes of the findings that the unit has explained); `roster`, `ledger`
//! (grids), `policy` (TOML laid over the national preset); for a bad one `[[expect]]` with `source`, `cell` (an address or
//! `form`), `severity`, `contains`, `elsewhere` (`乙.xlsx!C3`). The rule's findings stand at exactly these cells. In a good
//! one every form has the `outcome` that it names itself or the case names, passed where neither does.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jixiao::finding::{Finding, Reply};
use jixiao::form::{Form, Reader};
use jixiao::policy::Policy;
use jixiao::previous::{Known, PastFinding, pairs};
use jixiao::roster::{Claim, Ledger, Registry, Roster};
use jixiao::rules::{self, Check, EarlierForm, RULES, RoundContext, RoundForm, Rule, RuleOutcome};
use jixiao::schema::{Catalog, SourceFile};
use jixiao::workbook::sheet_from_text;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    note: String,
    form: Vec<Drawn>,
    #[serde(default)]
    past: Vec<Drawn>,
    roster: Option<String>,
    ledger: Option<String>,
    policy: Option<toml::Table>,
    outcome: Option<RuleOutcome>,
    #[serde(default)]
    expect: Vec<Expectation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Drawn {
    source: String,
    grid: Option<String>,
    like: Option<String>,
    #[serde(default)]
    replace: Vec<(String, String)>,
    outcome: Option<RuleOutcome>,
    #[serde(default)]
    explained: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expectation {
    source: String,
    cell: String,
    severity: Option<String>,
    contains: Option<String>,
    elsewhere: Option<Vec<String>>,
}

#[test]
fn every_round_rule_finds_its_fault_at_its_cell_and_nothing_in_sound_rounds() {
    let mut problems = Vec::new();
    for rule in RULES.iter().filter(|rule| matches!(rule.check, Check::Round(_))) {
        let files = case_files(rule);
        for kind in ["bad-", "good-"] {
            let count = files.iter().filter(|file| file_name(file).starts_with(kind)).count();
            if count < 2 {
                problems.push(format!("{}-{}: {count} {kind}*.toml, wanted two", rule.code, rule.name));
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

#[test]
fn a_round_rule_that_is_switched_off_turns_its_cases_red() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut survivors = Vec::new();
    for rule in RULES.iter().filter(|rule| matches!(rule.check, Check::Round(_))) {
        let (mut good, mut red) = (0, 0);
        for file in case_files(rule) {
            let mut case: toml::Table = fs::read_to_string(&file).expect("the case").parse().expect("TOML");
            let own = case.entry("policy").or_insert_with(|| toml::Table::new().into());
            let switches = own.as_table_mut().expect("switches");
            let levels = switches.entry("severities").or_insert_with(|| toml::Table::new().into());
            levels.as_table_mut().expect("levels").insert(rule.name.to_owned(), "off".into());
            let off = dir.path().join(file_name(&file));
            fs::write(&off, case.to_string()).expect("a file");
            let is_red = judge(rule, &off).is_err();
            if file_name(&file).starts_with("good-") {
                (good, red) = (good + 1, red + usize::from(is_red));
            } else if !is_red {
                survivors.push(format!("{}: {} stays green", rule.code, file_name(&file)));
            }
        }
        if red == 0 {
            survivors.push(format!("{}: none of {good} good cases is looked at and passed", rule.code));
        }
    }
    assert!(survivors.is_empty(), "{}", survivors.join("\n"));
}

fn case_files(rule: &Rule) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/rules");
    let Ok(entries) = folder.join(format!("{}-{}", rule.code, rule.name)).read_dir() else { return Vec::new() };
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
    let policy = policy(case.policy.as_ref());
    let sheet = |name: &str, grid: &str| sheet_from_text(name, grid).map_err(|bad| bad.to_string());
    let roster = case.roster.as_ref().map(|grid| {
        Roster::read(&[sheet("名册", grid)?], "名册.xlsx", &Catalog::embedded().schemas).map_err(|e| e.to_string())
    });
    let roster = roster.transpose()?;
    let ledger = case
        .ledger
        .as_ref()
        .map(|grid| Ledger::read(&[sheet("台账", grid)?], "台账.xlsx", roster.as_ref()).map_err(|e| e.to_string()));
    let ledger = ledger.transpose()?;
    let registry = Registry { roster: roster.as_ref(), ledger: ledger.as_ref() };
    let mut grids = BTreeMap::new();
    let forms = read(&case.form, &mut grids, &policy)?;
    let past = read(&case.past, &mut grids, &policy)?;
    let claims: Vec<Claim> = forms.iter().chain(&past).map(|(_, form)| Claim::of(form)).collect();
    let identities = registry.identify(&claims);
    let beside = |(one, identity)| {
        let (source, form): &(String, Form) = one;
        RoundForm { source, form, identity }
    };
    let all: Vec<RoundForm<'_>> = forms.iter().chain(&past).zip(&identities).map(beside).collect();
    let (current, past) = all.split_at(forms.len());
    // Each past form with what was told of it then.
    let told: Vec<Vec<PastFinding>> = past.iter().map(|one| told(one, &case.past, &policy)).collect();
    let pairs = pairs(&known(current), &known(past));
    let before = |pair: usize| EarlierForm { form: past[pair].form, findings: &told[pair] };
    let earlier: Vec<Option<EarlierForm<'_>>> = pairs.into_iter().map(|pair| pair.map(before)).collect();
    let context = RoundContext::new(current, &policy, registry, past).with_earlier(&earlier);
    let judged = rules::check_round(&context);
    let mut mine: Vec<(&str, &Finding)> = Vec::new();
    let mut outcomes = Vec::new();
    for (one, (findings, all)) in current.iter().zip(&judged) {
        outcomes.push(all.get(rule.code).copied().ok_or("the rule was not run")?);
        mine.extend(findings.iter().filter(|finding| finding.code == rule.code).map(|finding| (one.source, finding)));
    }
    if file_name(file).starts_with("good-") {
        let usual = case.outcome.unwrap_or(RuleOutcome::Passed);
        let own: BTreeMap<&str, RuleOutcome> =
            case.form.iter().filter_map(|drawn| Some((drawn.source.as_str(), drawn.outcome?))).collect();
        let wanted: Vec<RuleOutcome> =
            current.iter().map(|one| own.get(one.source).copied().unwrap_or(usual)).collect();
        let texts: Vec<_> = mine.iter().map(|(source, finding)| format!("{source} {}", finding.message)).collect();
        return match outcomes == wanted {
            true => Ok(()),
            false => Err(format!("{outcomes:?}, wanted {wanted:?}: {texts:?}")),
        };
    }
    compare(&case.expect, &mine)
}

/// What was told of a past form, with the explanations that its case names.
fn told(past: &RoundForm<'_>, drawn: &[Drawn], policy: &Policy) -> Vec<PastFinding> {
    let explained = drawn.iter().filter(|one| one.source == past.source).flat_map(|one| &one.explained);
    let explained: Vec<&String> = explained.collect();
    let mut told: Vec<PastFinding> = rules::check_form(past.form, policy).0.iter().map(PastFinding::from).collect();
    for finding in told.iter_mut().filter(|finding| explained.contains(&&finding.code)) {
        finding.reply = Some(Reply { statement: "情况属实".to_owned(), ..Reply::default() });
    }
    told
}

fn known<'a>(forms: &[RoundForm<'a>]) -> Vec<Known<'a>> {
    forms.iter().map(|one| Known { source: one.source, form: one.form, identity: one.identity }).collect()
}

fn compare(expected: &[Expectation], found: &[(&str, &Finding)]) -> Result<(), String> {
    let mut wanted: Vec<String> = expected.iter().map(|expect| format!("{}!{}", expect.source, expect.cell)).collect();
    let mut places: Vec<String> = found.iter().map(|(source, finding)| place(source, finding)).collect();
    wanted.sort_unstable();
    places.sort_unstable();
    let texts = || -> Vec<String> {
        let told = |(source, finding): &(&str, &Finding)| {
            let Finding { severity, message, .. } = finding;
            format!("{} {severity} {message} {:?}", place(source, finding), elsewhere(finding))
        };
        found.iter().map(told).collect()
    };
    if wanted.is_empty() || wanted != places {
        return Err(format!("wanted at {wanted:?}, found {:?}", texts()));
    }
    for expect in expected {
        let fits = |(source, finding): &(&str, &Finding)| {
            place(source, finding) == format!("{}!{}", expect.source, expect.cell)
                && expect.contains.as_ref().is_none_or(|part| finding.message.contains(part.as_str()))
                && expect.severity.as_ref().is_none_or(|severity| *severity == finding.severity.title())
                && expect.elsewhere.as_ref().is_none_or(|places| *places == elsewhere(finding))
        };
        if !found.iter().any(fits) {
            return Err(format!("nothing at {}!{} as expected in {:?}", expect.source, expect.cell, texts()));
        }
    }
    Ok(())
}

fn place(source: &str, finding: &Finding) -> String {
    finding.cell.map_or_else(|| format!("{source}!form"), |cell| format!("{source}!{cell}"))
}

fn elsewhere(finding: &Finding) -> Vec<String> {
    let place = |other: &jixiao::finding::Elsewhere| match other.cell {
        Some(cell) => format!("{}!{cell}", other.source),
        None => other.source.clone(),
    };
    finding.elsewhere.iter().map(place).collect()
}

/// The forms drawn; a sheet may hold several. `grids` are those drawn before, by source.
fn read(drawn: &[Drawn], grids: &mut BTreeMap<String, String>, policy: &Policy) -> Result<Vec<(String, Form)>, String> {
    let mut forms = Vec::new();
    let reader = Reader::new(Catalog::embedded(), &policy.words.empty_marks);
    for Drawn { source, grid, like, replace, .. } in drawn {
        let base = like.as_ref().and_then(|like| grids.get(like)).or(grid.as_ref());
        let mut grid = base.ok_or_else(|| format!("{source} has neither a grid nor one above it is like"))?.clone();
        for (old, new) in replace {
            if !grid.contains(old.as_str()) {
                return Err(format!("{source}: {old} is not in the grid"));
            }
            grid = grid.replace(old.as_str(), new);
        }
        let sheet = sheet_from_text("表", &grid).map_err(|bad| format!("{source}: {bad}"))?;
        let reading = reader.read_sheet(&sheet);
        if reading.forms.is_empty() {
            return Err(format!("{source}: no form, nearest {:?}", reading.nearest.map(|near| near.schema)));
        }
        forms.extend(reading.forms.into_iter().map(|form| (source.clone(), form)));
        grids.insert(source.clone(), grid);
    }
    Ok(forms)
}

fn policy(overrides: Option<&toml::Table>) -> Policy {
    let text = overrides.map(toml::Table::to_string).unwrap_or_default();
    let names: Vec<&str> = RULES.iter().flat_map(|rule| [rule.name, rule.code]).collect();
    Policy::load(&[], &SourceFile::new("case.toml", text), &names)
        .expect("the national preset with the case's switches")
}
