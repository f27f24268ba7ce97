//! Forms drawn as text: read, judged by every rule alone and together, counted, reported, drafted as schemas.

use std::collections::BTreeMap;

use jixiao::config::Letterhead;
use jixiao::coverage::{Beside, Facts, RoundFacts, Statistics, assess};
use jixiao::form::{Draft, Form};
use jixiao::grade::grade;
use jixiao::previous::{Known, PastFinding, PastForm, Previous, pairs};
use jixiao::report::{self, AccountFormat, Format, Material, Views};
use jixiao::review::{CheckedForm, Outcome, Round, Submission, Workers};
use jixiao::roster::{Claim, Identity, Registry};
use jixiao::rules::{self, EarlierForm, RULES, RoundContext, RoundForm};
use jixiao::schema::{Catalog, SourceFile};
use jixiao::workbook::{Sheet, sheet_from_text};

use super::pack::split;
use super::settings::SHEETS;
use super::workbooks::{ENGINE, of_sheet};

/// Each part a sheet drawn as text (`workbook::sheet_from_text`) under the name of its file. What is named `past…` was
/// handed in the round before. All is judged to an end.
pub(crate) fn forms(input: &[u8]) -> bool {
    !judged(input).is_empty()
}

/// The same, and what is told of the round: facts that are the same once they were written and read, and reports that can
/// be written.
pub(crate) fn reports(input: &[u8]) -> bool {
    let now = judged(input);
    let any = !now.is_empty();
    if any {
        reported(now);
    }
    any
}

/// Some forms, judged beside those of an earlier round, whatever that says.
pub(super) fn after(past: &[PastForm]) {
    let mut now = drawn();
    together(&mut now, past);
}

/// 结果.json of those forms.
#[allow(dead_code, reason = "a seed")]
pub(crate) fn earlier() -> String {
    reported(drawn())
}

fn drawn() -> Judged {
    (1..).zip(SHEETS.iter()).map(|(number, sheet)| (format!("{number}.xlsx"), ENGINE.judge_again(sheet))).collect()
}

/// The forms of a round, by file.
type Judged = Vec<(String, Vec<CheckedForm>)>;

fn judged(input: &[u8]) -> Judged {
    let (mut now, mut past) = (Vec::new(), Vec::new());
    for (number, (name, grid)) in split(input).into_iter().take(8).enumerate() {
        let Ok(sheet) = sheet_from_text("表", &String::from_utf8_lossy(grid)) else { continue };
        drafted(&sheet);
        let source = format!("{number}-{}.xlsx", String::from_utf8_lossy(name));
        let forms = ENGINE.judge_again(&of_sheet(sheet));
        if name.starts_with(b"past") {
            past.extend(forms.into_iter().map(|one| PastForm::of(&source, &one.form, &one.findings, Vec::new())));
        } else if !forms.is_empty() {
            now.push((source, forms));
        }
    }
    together(&mut now, &past);
    now
}

/// A schema drafted from any sheet is one that loads.
fn drafted(sheet: &Sheet) {
    let Some(draft) = Draft::of_sheet(sheet, Catalog::embedded()) else { return };
    let names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    let draft = draft.to_toml();
    if let Err(problem) = Catalog::load(&[SourceFile::new("起草.toml", draft.clone())], &names) {
        panic!("a draft is no schema: {problem}\n{draft}");
    }
}

/// The rules that look across forms.
fn together(now: &mut [(String, Vec<CheckedForm>)], past: &[PastForm]) {
    let registry = Registry::default();
    let current: Vec<(&str, &Form)> =
        now.iter().flat_map(|(source, forms)| forms.iter().map(move |one| (source.as_str(), &one.form))).collect();
    let before = past.iter().map(|one| (one.source.as_str(), &one.form));
    let all: Vec<(&str, &Form)> = current.iter().copied().chain(before).collect();
    let claims: Vec<Claim> = all.iter().map(|(_, form)| Claim::of(form)).collect();
    let identities = registry.identify(&claims);
    let known: Vec<Known<'_>> =
        all.iter().zip(&identities).map(|((source, form), identity)| Known { source, form, identity }).collect();
    let (current_known, past_known) = known.split_at(current.len());
    let earlier: Vec<Option<EarlierForm<'_>>> = pairs(current_known, past_known)
        .into_iter()
        .map(|pair| {
            let form = past.get(pair?).expect("a pair is an index of the past");
            let findings: &[PastFinding] = &form.findings;
            Some(EarlierForm { form: &form.form, findings })
        })
        .collect();
    let seen: Vec<RoundForm<'_>> = known.iter().map(seen).collect();
    let (round, past) = seen.split_at(current.len());
    let judged = rules::check_round(&RoundContext::new(round, ENGINE.policy(), registry, past).with_earlier(&earlier));
    assert_eq!(judged.len(), round.len(), "one verdict a form");
    let judged: Vec<_> = judged.into_iter().zip(identities.iter().cloned()).collect();
    let forms = now.iter_mut().flat_map(|(_, forms)| forms);
    for (form, ((findings, outcomes), identity)) in forms.zip(judged) {
        enter(form, findings, outcomes, identity);
    }
}

fn seen<'k>(known: &Known<'k>) -> RoundForm<'k> {
    RoundForm { source: known.source, form: known.form, identity: known.identity }
}

fn enter(form: &mut CheckedForm, findings: rules::Findings, outcomes: rules::Outcomes, identity: Identity) {
    form.findings.extend(findings);
    rules::sort(&mut form.findings);
    form.rules.extend(outcomes);
    form.identity = identity;
    form.grade = grade(&form.findings, &ENGINE.policy().rubric);
}

fn reported(now: Judged) -> String {
    let submission = |(source, forms)| Submission {
        source,
        sha256: String::new(),
        container: "xlsx",
        outcome: Outcome::Checked { forms, skipped: Vec::new() },
        notes: Vec::new(),
        answers: Vec::new(),
    };
    let policy = ENGINE.policy();
    let round = Round {
        policy: policy.id.clone(),
        policy_title: policy.title.clone(),
        submissions: now.into_iter().map(submission).collect(),
        passed_over: Vec::new(),
        remarks: Vec::new(),
        part: None,
    };
    told(&round)
}

/// What is told of a round, as 结果.json: read again it is the same, and every report of it can be written.
pub(super) fn told(round: &Round) -> String {
    let policy = ENGINE.policy();
    let beside = Beside { registry: Registry::default(), receipts: None, policy, region: "", name: "", day: None };
    let facts = Facts { rounds: vec![RoundFacts::of(round, beside)] };
    let mut json = Vec::new();
    report::write(round, Format::Json(&facts, Workers::one()), &mut json).expect("memory takes all");
    let json = String::from_utf8(json).expect("JSON is UTF-8");
    let read = Facts::read(&json, "结果.json").unwrap_or_else(|error| panic!("what was written is not read: {error}"));
    assert!(read == facts, "the facts are others once they were written: {facts:?} {read:?}");
    let before = Previous::read(&json, "结果.json", Catalog::embedded());
    let before = before.unwrap_or_else(|error| panic!("what was written is not read: {error}"));
    assert_eq!(before.forms.len(), round.forms().count(), "one form a form");
    report::write(round, Format::Csv, &mut Vec::new()).expect("memory takes all");
    #[cfg(feature = "parquet")]
    for table in report::ParquetTable::ALL {
        report::write_parquet(table, round, &facts, &mut Vec::new()).expect("a table can be written");
    }
    written(&facts, Some(round));
    json
}

/// Every report of some facts.
pub(super) fn written(facts: &Facts, round: Option<&Round>) {
    let policy = ENGINE.policy();
    let statistics = Statistics::of(facts);
    let assessed = assess(&statistics, &policy.assessment);
    let material = Material {
        statistics: &statistics,
        assessed: &assessed,
        policy,
        returned: &BTreeMap::new(),
        letterhead: &Letterhead::default(),
        round,
    };
    let mut out = Vec::new();
    report::write_statistics(&material, &mut out).expect("a workbook can be written");
    report::write_page(&material, &Views::default(), &mut out).expect("a page can be written");
    report::write_account(&material, None, AccountFormat::Markdown, &mut out).expect("an account can be written");
    report::write_circular(&material, None, AccountFormat::Docx, &mut out).expect("a circular can be written");
}
