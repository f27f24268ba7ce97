//! The projects of each unit side by side, for what is suspicious only because all of them say it.

use std::collections::{BTreeMap, BTreeSet};

use super::RoundContext;
use super::kinship::scope;
use crate::schema::concept::field;

/// Forms of one unit, stage and year, each of another project.
pub(super) type Peers = Vec<usize>;

/// The forms of projects by unit, stage and year, in order; of a project handed in twice the first. Standing costs
/// (工资、公用经费) are done in full by nature and do not count.
pub(super) fn peers(round: &RoundContext<'_>) -> Vec<Peers> {
    let kinship = round.kinship();
    let mut groups: BTreeMap<(usize, u64, &str), Peers> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (form, one) in round.forms.iter().enumerate() {
        let schema = &one.form.schema;
        let scope = scope(schema.stage, schema.subject).filter(|_| schema.subject.is_project());
        let (Some(scope), Some(unit), Some(project)) = (scope, kinship.unit(form), &one.identity.project) else {
            continue;
        };
        let year = one.form.record.filled(field::YEAR).unwrap_or_default();
        if !kinship.is_standing(form) && seen.insert((unit, scope, year, project.key.as_str())) {
            groups.entry((unit, scope, year)).or_default().push(form);
        }
    }
    groups.into_values().collect()
}
