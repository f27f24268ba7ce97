//! What is counted of made-up facts.

use super::*;
use crate::coverage::facts::{DueFact, Facts, FormFact, ProjectFact};
use crate::coverage::made_up::{day, form, poor, round, unit};
use crate::schema::{Stage, Subject};

fn facts(rounds: Vec<RoundFacts>) -> Facts {
    Facts::merged([Facts { rounds }]).expect("facts that agree")
}

fn forms(counts: &Counts) -> [usize; 5] {
    let forms = counts.forms;
    [forms.due, forms.delivered, forms.missing(), forms.received, forms.surplus]
}

#[test]
fn a_project_counts_once_however_often_it_comes() {
    let forms =
        vec![form("a", "水务局", "清水渠", 12), form("b", "水务局", "清水渠", 12), form("c", "水务局", "泵站", 8)];
    let facts = facts(vec![round("", Vec::new(), forms)]);
    let total = Statistics::of(&facts).total;
    assert_eq!((total.forms.received, total.forms.repeated, total.projects.received), (3, 1, 2));
    assert_eq!(total.money.received, Decimal::from(20));
    assert_eq!(total.grades.total(), 2);
}

#[test]
fn expected_received_missing_surplus_and_strangers_are_different_counts() {
    let units = vec![unit("水务局", Some(2)), unit("水利站", Some(1))];
    let came = vec![
        form("a", "水务局", "清水渠", 1),
        form("b", "水务局", "泵站", 1),
        form("c", "水务局", "第三个", 1),
        form("d", "水电站", "大坝", 5),
    ];
    let facts = facts(vec![round("", units, came)]);
    let statistics = Statistics::of(&facts);
    assert_eq!(forms(&statistics.total), [3, 2, 1, 4, 2]);
    assert_eq!(statistics.total.forms.strangers, 1);
    let units: Vec<_> = statistics.units.iter().map(|(unit, counts)| (unit.unit, forms(counts))).collect();
    assert_eq!(units, [("水务局", [2, 2, 0, 3, 1]), ("水利站", [1, 0, 1, 0, 0]), ("水电站", [0, 0, 0, 1, 1])]);
    assert_eq!(statistics.total.units.ratio().to_string(), "50%（1/2）");
    // The stranger's money is not the roster's.
    let money = statistics.total.money;
    assert_eq!((money.received, money.part), (Decimal::from(8), Decimal::from(3)));
}

#[test]
fn another_form_than_the_one_still_owed_is_the_wrong_one_and_not_surplus() {
    let target = FormFact { stage: Stage::Target, ..form("a", "水务局", "清水渠", 1) };
    let facts = facts(vec![round("", vec![unit("水务局", Some(1))], vec![target])]);
    let statistics = Statistics::of(&facts);
    assert_eq!((statistics.total.forms.wrong, statistics.total.forms.missing()), (1, 1));
    assert_eq!(statistics.lines.first().map(|line| line.standing), Some(Standing::Wrong));
}

#[test]
fn on_time_is_told_only_of_what_was_due_by_a_day_and_whose_day_is_known() {
    let mut owing = unit("水务局", Some(3));
    owing.due.iter_mut().for_each(|due| due.deadline = Some(day(3, 15)));
    let at = |source: &str, received| FormFact { received, ..form(source, "水务局", source, 1) };
    let came = vec![at("a", Some(day(3, 15))), at("b", Some(day(3, 16))), at("c", None)];
    let facts = facts(vec![round("", vec![owing], came)]);
    let total = Statistics::of(&facts).total;
    assert_eq!((total.forms.on_time, total.forms.late, total.forms.delivered), (1, 1, 3));
}

#[test]
fn two_rounds_of_monitoring_are_counted_apart() {
    let monitored = |source: &str, turn| FormFact {
        stage: Stage::Monitoring,
        turn: Some(turn),
        ..form(source, "水务局", "清水渠", 1)
    };
    let mut owing = unit("水务局", Some(1));
    let due = |turn| DueFact {
        stage: Stage::Monitoring,
        turn: Some(turn),
        year: Some(2026),
        ..owing.due.first().expect("a due").clone()
    };
    owing.due = vec![due(1), due(2)];
    let facts = facts(vec![round("", vec![owing], vec![monitored("a", 1)])]);
    let told: Vec<_> = Statistics::of(&facts)
        .occasions
        .iter()
        .map(|counts| (counts.occasion.title(), counts.total.forms.delivered, counts.total.forms.due))
        .collect();
    let title = |turn| format!("2026年度项目支出绩效监控（第{turn}次）");
    assert_eq!(told, [(title(1), 1, 1), (title(2), 0, 1)]);
}

#[test]
fn where_the_roster_leaves_the_projects_open_the_ledger_says_which_are_missing() {
    let project = |name: &str, bond| ProjectFact {
        key: format!("水务局 / {name}"),
        name: name.to_owned(),
        unit_key: "水务局".to_owned(),
        year: None,
        amount: Some(Decimal::TEN),
        bond,
    };
    let mut one = round("", vec![unit("水务局", None)], vec![form("a", "水务局", "清水渠", 9)]);
    one.projects = vec![project("清水渠", false), project("泵站", false), project("债券项目", true)];
    let facts = facts(vec![one]);
    let statistics = Statistics::of(&facts);
    assert_eq!(forms(&statistics.total), [2, 1, 1, 1, 0]);
    assert_eq!(statistics.total.money.whole, Decimal::from(20));
    let lacking: Vec<_> = statistics.missing().flat_map(|due| due.lacking.clone()).collect();
    assert_eq!(lacking, ["泵站"]);
}

#[test]
fn of_two_submissions_the_later_counts_and_what_was_returned_is_mended() {
    let units = || vec![unit("水务局", Some(2))];
    let first = vec![poor(form("a", "水务局", "清水渠", 10)), poor(form("b", "水务局", "泵站", 5))];
    let second = vec![form("改/a", "水务局", "清水渠", 12)];
    let facts = facts(vec![round("一", units(), first), round("二", units(), second)]);
    let statistics = Statistics::of(&facts);
    let total = &statistics.total;
    assert_eq!((total.forms.returned, total.forms.corrected, total.forms.passed), (2, 1, 1));
    assert_eq!(forms(total), [2, 2, 0, 2, 0]);
    assert_eq!(total.money.received, Decimal::from(17));
    let trend: Vec<_> =
        statistics.trend.iter().map(|point| (point.round.name.as_str(), point.counts.forms.passed)).collect();
    assert_eq!(trend, [("一", 0), ("二", 1)]);
}

#[test]
fn wholes_are_no_projects_and_years_of_one_roster_line_are_one() {
    let whole = FormFact { subject: Subject::Department, ..form("a", "水务局", "", 30) };
    let facts = facts(vec![round("", Vec::new(), vec![whole])]);
    let total = Statistics::of(&facts).total;
    assert_eq!((total.projects.received, total.money.received), (0, Decimal::from(30)));
    let of_year = |source: &str, year| FormFact { year, ..form(source, "水务局", source, 1) };
    let came = vec![of_year("a", Some(2026)), of_year("b", None)];
    let facts = self::facts(vec![round("", vec![unit("水务局", Some(2))], came)]);
    let statistics = Statistics::of(&facts);
    let titles: Vec<_> = statistics.occasions.iter().map(|counts| counts.occasion.title()).collect();
    assert_eq!(titles, ["2026年度项目支出绩效自评"]);
    assert_eq!(statistics.total.forms.delivered, 2);
}
