//! The rules that look across forms, each with a folder of drawn rounds.
//!
//! A case is a TOML file `tests/fixtures/rules/<code>-<name>/{bad,good}-*.toml`: `note` (what it shows), `[[form]]` (the
//! round) and `[[past]]` (earlier rounds) with `source` and a `grid` (a sheet as text, see `workbook::sheet_from_text`) or
//! `like` (the source of a form above) and `replace` (old and new text, each found in it at least once); of a past form also
//! `explained` (codes of the findings that the unit has explained); `roster`, `ledger`
//! (grids), `policy` (TOML laid over the national preset); for a bad one `[[expect]]` with `source`, `cell` (an address or
//! `form`), `severity`, `contains`, `elsewhere` (`乙.xlsx!C3`). The rule's findings stand at exactly these cells. In a good
//! one every form has the `outcome` that it names itself or the case names, passed where neither does.

mod rule_cases;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jixiao::finding::Reply;
use jixiao::form::Form;
use jixiao::policy::{Policy, RuleLevel};
use jixiao::previous::{Known, PastFinding, pairs};
use jixiao::roster::{Claim, Ledger, Registry, Roster};
use jixiao::rules::{self, Check, EarlierForm, RULES, RoundContext, RoundForm, Rule, RuleOutcome};
use jixiao::schema::Catalog;
use jixiao::workbook::sheet_from_text;
use serde::Deserialize;

use crate::rule_cases::{Expectation, Layout, Said, Tried, is_good, load, policy_of, with_reader};

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

#[test]
fn every_round_rule_finds_its_fault_at_its_cell_and_nothing_in_sound_rounds() {
    let faults: Vec<String> = round_rules().flat_map(|rule| rule_cases::faults_of_cases(rule, try_case)).collect();
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn a_round_rule_that_is_switched_off_leaves_every_bad_case_unfound() {
    let green: Vec<String> = round_rules().flat_map(|rule| rule_cases::green_when_off(rule, try_case)).collect();
    assert!(green.is_empty(), "{}", green.join("\n"));
}

#[test]
fn a_round_rule_that_is_disabled_inverted_loud_or_astray_turns_its_cases_red() {
    let survivors: Vec<String> = round_rules().flat_map(|rule| rule_cases::survivors(rule, try_case)).collect();
    assert!(survivors.is_empty(), "{} survivors\n{}", survivors.len(), survivors.join("\n"));
}

/// The rules that look across forms; `tests/rules.rs` walks the others.
fn round_rules() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().copied().filter(|rule| matches!(rule.check, Check::Round(_)))
}

/// Runs a rule over its case, be it switched off by the policy.
fn try_case(rule: &Rule, file: &Path, off: bool) -> Result<Tried, String> {
    let case: Case = load(file)?;
    if case.note.is_empty() {
        return Err("no note".to_owned());
    }
    let mut policy = policy_of(case.policy.as_ref());
    if off {
        policy.severities.insert(rule.name.to_owned(), RuleLevel::Off);
    }
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
    let mut said = Said { findings: Vec::new(), outcomes: Vec::new(), layouts: BTreeSet::new() };
    for (one, (findings, outcomes)) in current.iter().zip(judged) {
        let outcome = outcomes.get(rule.code).copied().ok_or("the rule was not run")?;
        let shows = match outcome {
            RuleOutcome::Passed => is_good(file),
            RuleOutcome::Found => true,
            _ => false,
        };
        said.outcomes.push(outcome);
        said.layouts.extend(shows.then(|| Layout::of(one.form)));
        let mine = findings.into_iter().filter(|finding| finding.code == rule.code);
        said.findings.extend(mine.map(|finding| (one.source.to_owned(), finding)));
    }
    let usual = case.outcome.unwrap_or(RuleOutcome::Passed);
    let own: BTreeMap<&str, RuleOutcome> =
        case.form.iter().filter_map(|drawn| Some((drawn.source.as_str(), drawn.outcome?))).collect();
    let wanted = current.iter().map(|one| own.get(one.source).copied().unwrap_or(usual)).collect();
    Ok(Tried { wanted, expected: case.expect, said })
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

/// The forms drawn; a sheet may hold several. `grids` are those drawn before, by source.
fn read(drawn: &[Drawn], grids: &mut BTreeMap<String, String>, policy: &Policy) -> Result<Vec<(String, Form)>, String> {
    let mut forms = Vec::new();
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
        let reading = with_reader(policy, |reader| reader.read_sheet(&sheet));
        if reading.forms.is_empty() {
            return Err(format!("{source}: no form, nearest {:?}", reading.nearest.map(|near| near.schema)));
        }
        forms.extend(reading.forms.into_iter().map(|form| (source.clone(), form)));
        grids.insert(source.clone(), grid);
    }
    Ok(forms)
}
