//! The sample round: what the list of planted faults promises is what a review finds.

use std::collections::BTreeSet;
use std::path::PathBuf;

use jixiao::intake;
use jixiao::ooxml::Limits;
use jixiao::policy::Policy;
use jixiao::review::{self, Engine, Outcome, Round};
use jixiao::schema::Catalog;

const ROUND: &str = "samples/round";

fn reviewed() -> Round {
    let limits = Limits::default();
    let policy = Policy::embedded("national").expect("a built-in policy");
    let engine = Engine::new(Catalog::embedded(), policy, limits);
    let taken = intake::collect(&[PathBuf::from(ROUND)], engine.limits());
    review::run(taken, &engine, None, |_, _| {}, || {})
}

/// File, sheet, cell (empty for a fault of the form as a whole), code.
type Place = (String, String, String, String);

fn planted() -> BTreeSet<Place> {
    let list = std::fs::read_to_string("samples/错误清单.csv").expect("the list of faults");
    let mut rows = csv::Reader::from_reader(list.trim_start_matches('\u{feff}').as_bytes());
    rows.deserialize::<(String, String, String, String, String, String)>()
        .map(|row| row.expect("six columns"))
        .map(|(file, sheet, cell, code, _, _)| (file, sheet, cell, code))
        .collect()
}

fn found(round: &Round) -> BTreeSet<Place> {
    let prefix = format!("{ROUND}/");
    round
        .forms()
        .flat_map(|(submission, form)| form.findings.iter().map(move |finding| (submission, finding)))
        .map(|(submission, finding)| {
            let file = submission.source.strip_prefix(&prefix).unwrap_or(&submission.source);
            let cell = finding.cell.map(|cell| cell.to_string()).unwrap_or_default();
            (file.to_owned(), finding.sheet.clone(), cell, finding.code.to_owned())
        })
        .collect()
}

#[test]
fn every_planted_fault_is_found_at_its_cell_and_nothing_else_is() {
    let (planted, found) = (planted(), found(&reviewed()));
    let missed: Vec<_> = planted.difference(&found).collect();
    let unplanned: Vec<_> = found.difference(&planted).collect();
    assert!(missed.is_empty() && unplanned.is_empty(), "missed: {missed:#?}\nnot on the list: {unplanned:#?}");
}

#[test]
fn only_the_files_that_hold_no_readable_form_are_left_unjudged() {
    let round = reviewed();
    let unjudged: Vec<_> = round
        .submissions
        .iter()
        .filter(|submission| !matches!(submission.outcome, Outcome::Checked { .. }))
        .map(|submission| submission.source.as_str())
        .collect();
    assert_eq!(
        unjudged,
        [
            "samples/round/219-区教育局/219005-澄岚区职业中学自评表（加密）.xlsx",
            "samples/round/231-区卫生健康局/231005-第三人民医院自评表.xls",
            "samples/round/联络员通讯录.xlsx",
        ]
    );
}
