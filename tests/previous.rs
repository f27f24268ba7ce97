//! A result that was written is read again as the forms it tells of.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jixiao::coverage::Facts;
use jixiao::form::Form;
use jixiao::intake;
use jixiao::ooxml::Limits;
use jixiao::policy::Policy;
use jixiao::previous::Previous;
use jixiao::report::{self, Format};
use jixiao::review::{self, Books, Engine, Round, Workers};
use jixiao::roster::Claim;
use jixiao::schema::Catalog;

fn reviewed() -> Round {
    let policy = Policy::embedded("national").expect("a built-in policy");
    let engine = Engine::new(Catalog::embedded(), policy, Limits::default());
    let taken = intake::collect(&[PathBuf::from("samples/round")], engine.limits());
    review::run(taken, &engine, Books::default(), Workers::default(), None, || {})
}

fn read_again(round: &Round) -> Previous {
    let mut text = Vec::new();
    report::write(round, Format::Json(&Facts::default(), Workers::one()), &mut text).expect("written to memory");
    let text = String::from_utf8(text).expect("JSON is UTF-8");
    Previous::read(&text, "结果.json", Catalog::embedded()).expect("a result of this contract")
}

/// Path → text, and the number of amounts and points, of what a result tells: no rows of totals, of several rows of a
/// block of money with one name the first.
fn told(form: &Form) -> BTreeMap<String, (String, Option<rust_decimal::Decimal>)> {
    let values = form.values().into_iter().filter(|(path, _)| !path.contains("[合计]"));
    let mut told = BTreeMap::new();
    for (path, field) in values {
        let is_figure = ["funding[", "total_"].iter().any(|start| path.starts_with(start))
            || [".score", ".weight"].iter().any(|end| path.ends_with(end));
        let number = field.number().filter(|_| is_figure);
        told.entry(path).or_insert((field.text().to_owned(), number));
    }
    told
}

#[test]
fn every_value_and_finding_of_a_result_is_read_again_at_its_path() {
    let round = reviewed();
    let previous = read_again(&round);
    assert_eq!(previous.forms.len(), round.forms().count());
    for ((submission, checked), past) in round.forms().zip(&previous.forms) {
        assert_eq!(past.source, submission.source);
        assert_eq!(Claim::of(&past.form), Claim::of(&checked.form), "{}", past.source);
        assert_eq!(told(&past.form), told(&checked.form), "{}", past.source);
        let before: Vec<_> = checked.findings.iter().map(|one| (one.code, one.cell, one.field.as_str())).collect();
        let after: Vec<_> = past.findings.iter().map(|one| (one.code.as_str(), one.cell, one.field.as_str())).collect();
        assert_eq!(before, after, "{}", past.source);
    }
}

#[test]
fn the_measures_of_indicators_are_read_again() {
    let round = reviewed();
    let previous = read_again(&round);
    let mut compared = 0;
    for ((_, checked), past) in round.forms().zip(&previous.forms) {
        let (Some(now), Some(then)) = (checked.form.record.indicators(), past.form.record.indicators()) else {
            continue;
        };
        for (now, then) in now.rows.iter().zip(&then.rows) {
            assert_eq!(now.target, then.target, "{}", past.source);
            assert_eq!(now.actual, then.actual, "{}", past.source);
            compared += usize::from(now.target.is_some());
        }
    }
    assert!(compared > 100, "only {compared} targets");
}
