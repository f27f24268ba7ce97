//! What was approved with the targets of an earlier round: it goes into the self-evaluation.

use std::collections::BTreeMap;

use super::prefill::Approved;
use crate::form::{Form, Row};
use crate::previous::Previous;
use crate::roster::{Claim, Registry};
use crate::schema::Stage;
use crate::schema::concept::{column, field};
use crate::value::parse_number;

/// What a target form says.
#[derive(Debug, Clone)]
pub(super) struct Targets {
    /// 年度目标, empty where the form has none.
    pub(super) goal: String,
    pub(super) indicators: Vec<Approved>,
}

/// The target forms of an earlier round by project, those about whole units by unit; of several the last one with the most
/// indicators.
pub(super) fn by_key(previous: &Previous, registry: Registry<'_>) -> BTreeMap<(bool, String), Targets> {
    let forms: Vec<&Form> =
        previous.forms.iter().map(|past| &past.form).filter(|form| form.schema.stage == Stage::Target).collect();
    let claims: Vec<Claim> = forms.iter().map(|form| Claim::of(form)).collect();
    let mut found: BTreeMap<(bool, String), Targets> = BTreeMap::new();
    for (form, identity) in forms.into_iter().zip(registry.identify(&claims)) {
        let targets = Targets::of(form);
        let is_project = form.schema.subject.is_project();
        let key = match identity.project {
            Some(project) if is_project => project.key,
            _ => identity.unit.key,
        };
        match found.get(&(is_project, key.clone())) {
            Some(known) if known.indicators.len() > targets.indicators.len() => {}
            _ => drop(found.insert((is_project, key), targets)),
        }
    }
    found
}

impl Targets {
    fn of(form: &Form) -> Self {
        let rows = form.record.indicators().map_or(&[][..], |table| &table.rows);
        Self {
            goal: form.record.filled(field::GOAL).unwrap_or_default().trim().to_owned(),
            indicators: rows.iter().map(approved).filter(|one| !one.level3.is_empty()).collect(),
        }
    }
}

fn approved(row: &Row) -> Approved {
    let word = |id: &str| row.filled(id).unwrap_or_default().trim().to_owned();
    Approved {
        level1: word(column::LEVEL1),
        level2: word(column::LEVEL2),
        level3: word(column::LEVEL3),
        operator: word(column::OPERATOR),
        target: word(column::TARGET),
        unit: word(column::UNIT),
        weight: parse_number(&word(column::WEIGHT)),
    }
}
