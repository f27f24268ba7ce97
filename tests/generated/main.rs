//! Forms made up by chance: filled in correctly by construction they are clean, for every schema and every policy; with one
//! fault planted, that fault is found at its cell and nothing else is.

mod draw;
mod fill;
mod plant;
mod trades;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use jixiao::finding::{Finding, Severity};
use jixiao::form::{Form, Reader};
use jixiao::ooxml::Limits;
use jixiao::policy::Policy;
use jixiao::review::Engine;
use jixiao::rules::check_form;
use jixiao::schema::Catalog;
use jixiao::template::{self, Options, Plan};
use jixiao::workbook::Sheet;
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use fill::{Case, Dice, Filled};
use plant::{PLANTERS, Place, Planted, Planter};
use trades::TRADES;

/// Forms made for each schema under each policy.
const CASES: u32 = 13;
/// Forms made for each schema with each fault.
const FAULTS: u32 = 3;
/// Numbers that decide on a form.
const NUMBERS: usize = 96;

static READER: LazyLock<Reader> = LazyLock::new(|| {
    let policy = Policy::embedded("national").expect("a built-in policy");
    Reader::new(Catalog::embedded(), &policy.words.empty_marks)
});

/// Every schema with its specimen, under every policy.
static SPECIMENS: LazyLock<Vec<(Policy, Vec<Plan>)>> = LazyLock::new(|| {
    let policies = Policy::preset_ids().into_iter().map(|id| Policy::embedded(&id).expect("a built-in policy"));
    policies
        .map(|policy| {
            let plan = |schema| template::specimen(&template::plan(schema, &policy, &Options::default()));
            let plans = Catalog::embedded().schemas.iter().map(plan).collect();
            (policy, plans)
        })
        .collect()
});

/// A form of any trade and year.
fn fill(specimen: &Plan, dice: &mut Dice<'_>) -> Filled {
    let trade = dice.one_of(&TRADES);
    let case = Case { trade, year: dice.between((2024, 2030)), budget: None, before: &[], month: 7, sparse: false };
    fill::fill(specimen, &case, dice)
}

/// The same numbers on every machine and every day, others for each seed.
fn runner(cases: u32, seed: usize) -> TestRunner {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let seed = [u8::try_from(seed % 256).unwrap_or_default(); 32];
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed))
}

/// The one form of a sheet, which must be of this schema.
fn read(sheet: &Sheet, schema: &str) -> Result<Form, String> {
    let mut reading = READER.read_sheet(sheet);
    match &reading.forms[..] {
        [form] if form.schema.id == schema => Ok(reading.forms.remove(0)),
        forms => Err(format!("read as {:?}", forms.iter().map(|form| &form.schema.id).collect::<Vec<_>>())),
    }
}

/// Findings that ask for something to be done.
fn grave(findings: &[Finding]) -> Vec<&Finding> {
    findings.iter().filter(|finding| finding.severity > Severity::Info).collect()
}

fn told(findings: &[&Finding]) -> Vec<String> {
    let place = |finding: &Finding| finding.cell.map_or_else(|| "form".to_owned(), |at| at.to_string());
    findings.iter().map(|finding| format!("{} {} {}", place(finding), finding.code, finding.message)).collect()
}

#[test]
fn a_form_filled_in_correctly_is_clean_under_every_policy() {
    let mut failures = Vec::new();
    for (seed, (policy, plans)) in SPECIMENS.iter().enumerate() {
        for plan in plans {
            let judged = runner(CASES, seed).run(&vec(any::<u16>(), NUMBERS), |numbers| {
                let filled = fill(plan, &mut Dice::new(&numbers));
                let sheet = draw::sheet(&filled.plan, &BTreeMap::new(), false);
                let form = read(&sheet, &plan.schema.id).map_err(TestCaseError::fail)?;
                let (findings, _) = check_form(&form, policy);
                let told = told(&grave(&findings));
                if told.is_empty() { Ok(()) } else { Err(TestCaseError::fail(told.join("\n"))) }
            });
            if let Err(TestError::Fail(why, _) | TestError::Abort(why)) = judged {
                failures.push(format!("{} {}: {why}", policy.id, plan.schema.id));
            }
        }
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}

/// What became of a fault in a form: nothing to say, or what is wrong.
fn plant(planter: &Planter, plan: &Plan, policy: &Policy, numbers: &[u16]) -> Option<Result<(), String>> {
    let mut planted = Planted::new(fill(plan, &mut Dice::new(numbers)));
    let place = (planter.plant)(&mut planted)?;
    planted.filled.settle();
    let sheet = draw::sheet(&planted.filled.plan, &planted.faults, planted.typed);
    let form = match read(&sheet, &plan.schema.id) {
        Ok(form) => form,
        Err(error) => return Some(Err(error)),
    };
    let (findings, _) = check_form(&form, policy);
    let is_there = |finding: &&Finding| {
        let wanted = match place {
            Place::Cell(at) => Some(at),
            Place::Form => None,
        };
        finding.code == planter.code && finding.cell == wanted
    };
    if !findings.iter().any(|finding| is_there(&finding)) {
        return Some(Err(format!("not found at {place:?}; said was {:?}", told(&findings.iter().collect::<Vec<_>>()))));
    }
    let mut beside = grave(&findings);
    beside.retain(|finding| !is_there(finding) && !planter.companions.contains(&finding.code));
    let beside = told(&beside);
    Some(if beside.is_empty() { Ok(()) } else { Err(format!("beside {place:?}: {beside:?}")) })
}

#[test]
fn one_planted_fault_is_found_at_its_cell_and_nothing_else_is() {
    let (policy, plans) = SPECIMENS.iter().find(|(policy, _)| policy.id == "national").expect("the national policy");
    let mut failures = Vec::new();
    for (seed, planter) in PLANTERS.iter().enumerate() {
        let grown = Cell::new(false);
        for plan in plans {
            let judged = runner(FAULTS, seed).run(&vec(any::<u16>(), NUMBERS), |numbers| {
                let Some(outcome) = plant(planter, plan, policy, &numbers) else { return Ok(()) };
                grown.set(true);
                outcome.map_err(TestCaseError::fail)
            });
            if let Err(TestError::Fail(why, _) | TestError::Abort(why)) = judged {
                failures.push(format!("{} {} ({}): {why}", planter.code, plan.schema.id, planter.what));
            }
        }
        if !grown.get() {
            failures.push(format!("{} ({}): no form has a place for it", planter.code, planter.what));
        }
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}

/// What the tests above judge is what a unit would hand in.
#[test]
fn a_drawn_sheet_reads_as_the_workbook_that_is_written_of_it() {
    let (policy, plans) = SPECIMENS.iter().find(|(policy, _)| policy.id == "national").expect("the national policy");
    let engine = Engine::new(Catalog::embedded(), policy.clone(), Limits::default());
    let numbers: Vec<u16> = (0..96).map(|at| at * 677).collect();
    for plan in plans {
        let filled = fill(plan, &mut Dice::new(&numbers));
        let drawn = read(&draw::sheet(&filled.plan, &BTreeMap::new(), false), &plan.schema.id).expect("a form");
        let bytes = template::write(&filled.plan, &[]).expect("a workbook");
        let (submission, _) = engine.judge("表.xlsx", bytes.into());
        let written: Vec<&Form> = submission.forms().iter().map(|checked| &checked.form).collect();
        let [written] = written[..] else { panic!("{}: {} forms", plan.schema.id, written.len()) };
        let lines = |form: &Form| format!("{:#?}", form.record).lines().map(str::to_owned).collect::<Vec<_>>();
        for (at, (drawn, written)) in lines(&drawn).iter().zip(&lines(written)).enumerate() {
            assert_eq!(drawn, written, "{}, line {at}", plan.schema.id);
        }
    }
}
