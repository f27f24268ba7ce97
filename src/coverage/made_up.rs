//! Facts made up for the tests of what is counted.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::facts::{DueFact, FormFact, Item, RoundFacts, UnitFact};
use crate::policy::Band;
use crate::schema::{Stage, Subject};

/// A day of 2026.
pub(super) fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).expect("a day")
}

/// A self-evaluation of a project, 优, worth this much 万元.
pub(super) fn form(source: &str, unit: &str, project: &str, wan: i64) -> FormFact {
    let item = Item {
        key: format!("{unit} / {project}"),
        name: project.to_owned(),
        budget: Some(wan.into()),
        ..Item::default()
    };
    FormFact {
        source: source.to_owned(),
        sheet: "表".to_owned(),
        range: "A1:I20".to_owned(),
        schema: "selfeval.project.v1".to_owned(),
        title: "项目支出绩效自评表".to_owned(),
        stage: Stage::SelfEvaluation,
        subject: Subject::Project,
        year: Some(2026),
        month: None,
        turn: None,
        department: "水务局".to_owned(),
        unit: unit.to_owned(),
        unit_key: unit.to_owned(),
        unit_known: None,
        unit_suggestion: None,
        items: vec![item],
        own_score: Some(Decimal::from(96)),
        score: Decimal::from(95),
        band: Band::Excellent,
        passed: true,
        faults: Vec::new(),
        accepted: 0,
        quantitative: 4,
        qualitative: 1,
        deviation: None,
        light: None,
        suspect: false,
        received: None,
        earlier: None,
    }
}

/// The same, returned.
pub(super) fn poor(form: FormFact) -> FormFact {
    FormFact { band: Band::Poor, score: Decimal::from(40), passed: false, ..form }
}

/// A unit that owes this many self-evaluations of projects.
pub(super) fn unit(name: &str, projects: Option<u32>) -> UnitFact {
    let due = DueFact {
        form: "项目支出绩效自评表".to_owned(),
        stage: Stage::SelfEvaluation,
        subject: Subject::Project,
        year: None,
        turn: None,
        projects,
        amount: None,
        deadline: None,
    };
    UnitFact {
        department: "水务局".to_owned(),
        name: name.to_owned(),
        key: name.to_owned(),
        code: String::new(),
        kind: "区直".to_owned(),
        due: vec![due],
        hint: None,
    }
}

/// A round; with units its forms are looked up among them.
pub(super) fn round(name: &str, units: Vec<UnitFact>, mut forms: Vec<FormFact>) -> RoundFacts {
    for form in &mut forms {
        form.unit_known = (!units.is_empty()).then(|| units.iter().any(|unit| unit.key == form.unit_key));
    }
    forms.sort_by(|a, b| a.place().cmp(&b.place()));
    RoundFacts { name: name.to_owned(), against_roster: !units.is_empty(), units, forms, ..RoundFacts::default() }
}
