//! What the tests of rules share: the folders of cases, what a case expects of its rule, and the ways in which a rule can
//! go wrong that its cases must notice.
//!
//! `tests/rules.rs` draws one sheet a case, `tests/round_rules.rs` a round; here both are forms that were judged.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use jixiao::address::CellRef;
use jixiao::finding::{Elsewhere, Finding};
use jixiao::form::{Form, Reader};
use jixiao::policy::Policy;
use jixiao::rules::{RULES, Rule, RuleOutcome};
use jixiao::schema::{Catalog, SourceFile};
use serde::Deserialize;

/// So many bad and so many good cases of different layouts has every rule.
const LAYOUTS: usize = 2;

/// One finding that a bad case expects.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expectation {
    /// The form, where a case has several.
    #[serde(default)]
    source: String,
    /// An address, or `form`.
    cell: String,
    severity: Option<String>,
    contains: Option<String>,
    elsewhere: Option<Vec<String>>,
}

/// What a rule said of a case.
#[derive(Clone)]
pub(crate) struct Said {
    /// Each with the source of its form; no source where a case has but one form.
    pub(crate) findings: Vec<(String, Finding)>,
    /// Of every form that the case judges.
    pub(crate) outcomes: Vec<RuleOutcome>,
    /// Of the forms that the rule looked at; in a bad case of those where it found something.
    pub(crate) layouts: BTreeSet<Layout>,
}

/// The kind of form and the place of every column that has a heading: what makes two sheets look different whatever is
/// written on them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Layout {
    schema: String,
    columns: BTreeSet<(String, u32)>,
}

impl Layout {
    pub(crate) fn of(form: &Form) -> Self {
        let tables = form.record.tables.values().map(|table| &table.columns);
        let grids = form.record.grids.values().map(|grid| &grid.columns);
        let heads = tables.chain(grids).flatten();
        let columns = heads.map(|(column, head)| (column.to_string(), head.cell.col)).collect();
        Self { schema: form.schema.id.clone(), columns }
    }
}

/// A case and what its rule said of it.
pub(crate) struct Tried {
    /// What a good case wants for each of its forms.
    pub(crate) wanted: Vec<RuleOutcome>,
    /// What a bad case wants.
    pub(crate) expected: Vec<Expectation>,
    pub(crate) said: Said,
}

impl Tried {
    /// Whether the case is content with what was said.
    fn settle(&self, file: &Path, said: &Said) -> Result<(), String> {
        if !is_good(file) {
            return compare(&self.expected, &said.findings);
        }
        match said.outcomes == self.wanted {
            true => Ok(()),
            false => Err(format!("{:?}, wanted {:?}: {:?}", said.outcomes, self.wanted, told(&said.findings))),
        }
    }
}

/// Runs a rule over a case file, be it switched off by the policy.
pub(crate) type Try = fn(&Rule, &Path, bool) -> Result<Tried, String>;

/// What is wrong with the cases of a rule: one that does not come out as it says, and layouts that are wanting.
pub(crate) fn faults_of_cases(rule: &Rule, try_case: Try) -> Vec<String> {
    let mut faults = Vec::new();
    let mut seen = [("good", BTreeSet::new()), ("bad", BTreeSet::new())];
    for file in case_files(rule) {
        let judged = try_case(rule, &file, false);
        match judged.and_then(|tried| tried.settle(&file, &tried.said).map(|()| tried.said.layouts)) {
            // A form that the rule does not look at shows nothing of its layout.
            Ok(layouts) if layouts.is_empty() => {}
            Ok(layouts) => drop(seen[usize::from(!is_good(&file))].1.insert(layouts)),
            Err(fault) => faults.push(format!("{}-{}/{}: {fault}", rule.code, rule.name, file_name(&file))),
        }
    }
    let few = seen.iter().filter(|(_, layouts)| layouts.len() < LAYOUTS);
    let told = few.map(|(kind, layouts)| format!("{}-{}: {kind}-*.toml of {}", rule.code, rule.name, layouts.len()));
    faults.extend(told.map(|told| format!("{told} layouts, wanted {LAYOUTS}")));
    faults
}

/// The bad cases that stay green although their rule is switched off, or of which it then still speaks.
pub(crate) fn green_when_off(rule: &Rule, try_case: Try) -> Vec<String> {
    let stays = |file: &PathBuf| {
        let tried = try_case(rule, file, true).expect("a sound case");
        let speaks = tried.said.outcomes.iter().any(|outcome| *outcome != RuleOutcome::NotApplicable);
        speaks || tried.settle(file, &tried.said).is_ok()
    };
    let green = case_files(rule).into_iter().filter(|file| !is_good(file) && stays(file));
    green.map(|file| format!("{} {}", rule.code, file_name(&file))).collect()
}

/// A rule gone wrong; whether it must turn a good case red too.
type Mutant = (&'static str, bool, fn(Said) -> Said);

/// What a rule gone dumb leaves out.
type Silence = (&'static str, fn(&mut Finding));

/// One bad case that notices it is enough, where the rule says it at all.
const DUMB: [Silence; 2] = [
    ("does not say where else", |finding| finding.elsewhere.clear()),
    ("says nothing of what it found", |finding| finding.message.clear()),
];

const MUTANTS: [Mutant; 6] = [
    ("finds nothing", false, |said| Said {
        findings: Vec::new(),
        outcomes: each(&said, |outcome| if outcome == RuleOutcome::Found { RuleOutcome::Passed } else { outcome }),
        ..said
    }),
    ("never looks", true, |said| Said {
        findings: Vec::new(),
        outcomes: each(&said, |_| RuleOutcome::NotApplicable),
        ..said
    }),
    ("finds where it passed and passes where it found", true, |said| Said {
        findings: Vec::new(),
        outcomes: each(&said, |outcome| match outcome {
            RuleOutcome::Found => RuleOutcome::Passed,
            _ => RuleOutcome::Found,
        }),
        ..said
    }),
    ("always finds something more", true, |mut said| {
        let more = said.findings.first().map(|(source, first)| (source.clone(), moved(first, 7)));
        said.findings.extend(more);
        Said { outcomes: each(&said, |_| RuleOutcome::Found), ..said }
    }),
    ("forgets one of its findings", false, |mut said| {
        said.findings.pop();
        said
    }),
    ("stands beside its cell", false, |mut said| {
        for (_, finding) in &mut said.findings {
            *finding = moved(finding, 1);
        }
        said
    }),
];

fn each(said: &Said, change: fn(RuleOutcome) -> RuleOutcome) -> Vec<RuleOutcome> {
    said.outcomes.iter().copied().map(change).collect()
}

/// The finding so many columns to the right; one of the whole form at a cell.
fn moved(finding: &Finding, columns: u32) -> Finding {
    let cell = finding.cell.map_or(CellRef::new(0, 0), |at| CellRef::new(at.row, at.col + columns));
    Finding { cell: Some(cell), ..finding.clone() }
}

/// The rules gone wrong that the cases do not notice: each must turn every bad case red; those that speak where the rule
/// passed, or do not look at all, a good case besides, and for that a rule needs a good case that it passes. One bad case at
/// least says with `contains` and `elsewhere` what is told.
pub(crate) fn survivors(rule: &Rule, try_case: Try) -> Vec<String> {
    let files = case_files(rule);
    let tried: Vec<(&PathBuf, Tried)> =
        files.iter().map(|file| (file, try_case(rule, file, false).expect("a sound case"))).collect();
    let (good, bad): (Vec<_>, Vec<_>) = tried.iter().partition(|(file, _)| is_good(file));
    let mut survivors = Vec::new();
    if !good.iter().any(|(_, tried)| tried.wanted.contains(&RuleOutcome::Passed)) {
        survivors.push(format!("{}: no good case that the rule looks at and passes", rule.code));
    }
    for (what, wakes_good, mutate) in MUTANTS {
        let red = |(file, tried): &&(&PathBuf, Tried)| tried.settle(file, &mutate(tried.said.clone())).is_err();
        let green = bad.iter().filter(|tried| !red(tried)).map(|(file, _)| file_name(file));
        survivors.extend(green.map(|file| format!("{} {what}: {file} stays green", rule.code)));
        if wakes_good && !good.iter().any(red) {
            survivors.push(format!("{} {what}: no good case turns red", rule.code));
        }
    }
    for (what, leave_out) in DUMB {
        let dumb = |(file, tried): &&(&PathBuf, Tried)| {
            let mut said = tried.said.clone();
            said.findings.iter_mut().for_each(|(_, finding)| leave_out(finding));
            (said.findings != tried.said.findings).then(|| tried.settle(file, &said).is_err())
        };
        let noticed: Vec<bool> = bad.iter().filter_map(dumb).collect();
        if !noticed.is_empty() && !noticed.contains(&true) {
            survivors.push(format!("{} {what}: no bad case turns red", rule.code));
        }
    }
    survivors
}

/// The folder of all cases.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/rules")
}

/// The case files of a rule, sorted.
pub(crate) fn case_files(rule: &Rule) -> Vec<PathBuf> {
    let Ok(entries) = folder().join(format!("{}-{}", rule.code, rule.name)).read_dir() else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    files.sort();
    files
}

fn file_name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Whether a case shows sound forms.
pub(crate) fn is_good(file: &Path) -> bool {
    file_name(file).starts_with("good-")
}

/// A case file as its test spells it.
pub(crate) fn load<T: for<'de> Deserialize<'de>>(file: &Path) -> Result<T, String> {
    let text = fs::read_to_string(file).map_err(|error| error.to_string())?;
    toml::from_str(&text).map_err(|error| error.to_string())
}

/// The national preset with the switches of a case.
pub(crate) fn policy_of(switches: Option<&toml::Table>) -> Policy {
    static NATIONAL: LazyLock<Policy> = LazyLock::new(|| laid_over(&toml::Table::new()));
    switches.map_or_else(|| NATIONAL.clone(), laid_over)
}

fn laid_over(switches: &toml::Table) -> Policy {
    let names: Vec<&str> = RULES.iter().flat_map(|rule| [rule.name, rule.code]).collect();
    Policy::load(&[], &SourceFile::new("case.toml", switches.to_string()), &names)
        .expect("the national preset with the case's switches")
}

/// What a reader that knows the empty marks of the policy makes of something. Most cases know the same, and a reader is
/// dear to make.
pub(crate) fn with_reader<T>(policy: &Policy, read: impl FnOnce(&Reader) -> T) -> T {
    static NATIONAL: LazyLock<(Vec<String>, Reader)> = LazyLock::new(|| {
        let marks = policy_of(None).words.empty_marks;
        let reader = Reader::new(Catalog::embedded(), &marks);
        (marks, reader)
    });
    match &*NATIONAL {
        (marks, reader) if *marks == policy.words.empty_marks => read(reader),
        _ => read(&Reader::new(Catalog::embedded(), &policy.words.empty_marks)),
    }
}

fn compare(expected: &[Expectation], found: &[(String, Finding)]) -> Result<(), String> {
    let mut wanted: Vec<String> = expected.iter().map(|expect| at(&expect.source, &expect.cell)).collect();
    let mut places: Vec<String> = found.iter().map(|(source, finding)| place(source, finding)).collect();
    wanted.sort_unstable();
    places.sort_unstable();
    if wanted.is_empty() || wanted != places {
        return Err(format!("wanted at {wanted:?}, found {:?}", told(found)));
    }
    for expect in expected {
        let place_wanted = at(&expect.source, &expect.cell);
        let fits = |(source, finding): &(String, Finding)| {
            place(source, finding) == place_wanted
                && expect.contains.as_ref().is_none_or(|part| finding.message.contains(part.as_str()))
                && expect.severity.as_ref().is_none_or(|severity| *severity == finding.severity.title())
                && expect.elsewhere.as_ref().is_none_or(|places| *places == elsewhere(finding))
        };
        if !found.iter().any(fits) {
            return Err(format!("nothing at {place_wanted} as expected in {:?}", told(found)));
        }
    }
    Ok(())
}

fn told(found: &[(String, Finding)]) -> Vec<String> {
    let told = |(source, finding): &(String, Finding)| {
        let Finding { severity, message, .. } = finding;
        format!("{} {severity} {message} {:?}", place(source, finding), elsewhere(finding))
    };
    found.iter().map(told).collect()
}

fn place(source: &str, finding: &Finding) -> String {
    at(source, &finding.cell.map_or_else(|| "form".to_owned(), |cell| cell.to_string()))
}

fn at(source: &str, cell: &str) -> String {
    if source.is_empty() { cell.to_owned() } else { format!("{source}!{cell}") }
}

fn elsewhere(finding: &Finding) -> Vec<String> {
    let place = |other: &Elsewhere| {
        other.cell.map_or_else(|| other.source.clone(), |cell| at(&other.source, &cell.to_string()))
    };
    finding.elsewhere.iter().map(place).collect()
}
