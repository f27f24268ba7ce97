//! How near the forms of a round stand to each other: of one unit, of one department, of projects of a kind.
//!
//! Two forms that say the same are a copy only where nothing explains it. The same project at another stage, twelve schools
//! with one grant, salaries and running costs have one set of indicators by nature.

use std::collections::BTreeMap;

use super::RoundContext;
use crate::roster::{behind_place, project_key, unit_key};
use crate::schema::concept::field;
use crate::schema::{Stage, Subject};
use crate::text::{dice, pairs};

/// From here on the names of two projects speak of one kind of thing: 城区绿化养护, 公园绿化养护.
const KINDRED: f64 = 0.5;

/// What says nothing of a project's kind: places, numbers and order are taken off besides.
const IDLE: [&str; 14] = [
    "项目",
    "经费",
    "专项",
    "资金",
    "补助",
    "补贴",
    "工作",
    "年度",
    "支出",
    "预算",
    "本级",
    "其他",
    "运转类",
    "特定目标类",
];

/// What numbers tell apart: 一期 and 二期, 城东 and 城西.
const TELLING: &str = "零〇一二三四五六七八九十百第期东南西北年";

/// How two forms of one stage stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bond {
    pub(super) tie: Tie,
    /// Whether their projects are of a kind.
    pub(super) kindred: bool,
}

/// Whose forms they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tie {
    /// Of one unit.
    Unit,
    /// Of units of one department, or of units whose department is not said.
    Department,
    /// Of units of two departments.
    Strangers,
}

/// What is to be known of each form for that.
#[derive(Debug, Clone)]
pub(super) struct Kinship {
    parties: Vec<Party>,
    /// The keys of units and departments, by number.
    keys: Vec<String>,
    numbers: BTreeMap<String, usize>,
    /// Number of a unit → that of its department, where one of its forms says it.
    departments: BTreeMap<usize, usize>,
}

#[derive(Debug, Clone)]
struct Party {
    /// Number of the unit; `None` where the form names none.
    unit: Option<usize>,
    /// Number of the department, among the units.
    department: Option<usize>,
    /// Number of the year as written, where one is.
    year: Option<usize>,
    /// What the project's name says of its kind, else the unit's.
    kind: String,
    pairs: Vec<(char, char)>,
    /// Whether it is about salaries or running costs.
    standing: bool,
}

impl Kinship {
    pub(super) fn of(round: &RoundContext<'_>) -> Self {
        let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
        let mut number = |key: String| {
            let next = numbers.len();
            (!key.is_empty()).then(|| *numbers.entry(key).or_insert(next))
        };
        let mut years: BTreeMap<&str, usize> = BTreeMap::new();
        let mut departments: BTreeMap<&str, Option<String>> = BTreeMap::new();
        let parties = round.forms.iter().map(|one| {
            let unit = one.identity.unit.key.as_str();
            let rostered = departments.entry(unit).or_insert_with(|| {
                let unit = round.registry.roster?.find(&one.identity.unit.name)?;
                Some(unit_key(&unit.department))
            });
            let written = || one.form.record.filled(field::DEPARTMENT).map(unit_key);
            let department = rostered.clone().or_else(written).unwrap_or_default();
            let kind = kind(one.identity.project.as_ref().map(|project| project.name.as_str()), unit);
            let year = one.form.record.filled(field::YEAR).map(|year| {
                let next = years.len();
                *years.entry(year).or_insert(next)
            });
            let name = one.identity.project.as_ref().map(|project| project.name.as_str()).unwrap_or_default();
            Party {
                unit: number(unit.to_owned()),
                department: number(department),
                year,
                pairs: pairs(&kind),
                kind,
                standing: round.policy.words.standing_costs.iter().any(|word| name.contains(word.as_str())),
            }
        });
        let parties: Vec<Party> = parties.collect();
        let mut keys = vec![String::new(); numbers.len()];
        for (key, number) in &numbers {
            if let Some(place) = keys.get_mut(*number) {
                place.clone_from(key);
            }
        }
        let departments = parties.iter().filter_map(|party| party.unit.zip(party.department)).collect();
        Self { parties, keys, numbers, departments }
    }

    /// The department of a form; `None` where neither roster nor form says it.
    pub(super) fn department(&self, form: usize) -> Option<&str> {
        self.keys.get(self.parties.get(form)?.department?).map(String::as_str)
    }

    /// The department of a unit of the round, by keys.
    pub(super) fn department_of(&self, unit: &str) -> Option<&str> {
        self.keys.get(*self.departments.get(self.numbers.get(unit)?)?).map(String::as_str)
    }

    /// What a form's project is about, in its name; `None` where the name says nothing.
    pub(super) fn kind(&self, form: usize) -> Option<&str> {
        self.parties.get(form).map(|party| party.kind.as_str()).filter(|kind| !kind.is_empty())
    }

    /// Whether a project of this name would be of a kind with the form's.
    pub(super) fn is_kindred_name(&self, form: usize, name: &str) -> bool {
        self.parties.get(form).is_none_or(|party| {
            let kind = kind(Some(name), "");
            are_kindred((&party.kind, &party.pairs), (&kind, &pairs(&kind)))
        })
    }

    /// The unit of a form, by number; `None` where the form names none.
    pub(super) fn unit(&self, form: usize) -> Option<usize> {
        self.parties.get(form)?.unit
    }

    /// Whether a form is about salaries or running costs.
    pub(super) fn is_standing(&self, form: usize) -> bool {
        self.parties.get(form).is_some_and(|party| party.standing)
    }

    /// How two forms stand to each other; `None` where they are not to be compared: one project, another year, a form
    /// that does not say whose it is, standing costs on both sides.
    pub(super) fn bond(&self, round: &RoundContext<'_>, one: usize, other: usize) -> Option<Bond> {
        let (left, right) = (self.parties.get(one)?, self.parties.get(other)?);
        let (own, their) = (round.forms.get(one)?, round.forms.get(other)?);
        let (unit, their_unit) = (left.unit?, right.unit?);
        let project = own.identity.project.as_ref().map(|project| &project.key);
        let their_project = their.identity.project.as_ref().map(|project| &project.key);
        let same = project == their_project && (unit == their_unit || project.is_some());
        let nameless = project.is_none() && own.form.schema.subject.is_project()
            || their_project.is_none() && their.form.schema.subject.is_project();
        let other_year = left.year.zip(right.year).is_some_and(|(own, their)| own != their);
        if same || nameless || other_year || left.standing && right.standing {
            return None;
        }
        let departments =
            [(left.department, right.department), (left.department, Some(their_unit)), (Some(unit), right.department)];
        let tie = if unit == their_unit {
            Tie::Unit
        } else if left.department.is_none() || right.department.is_none() || departments.iter().any(|(a, b)| a == b) {
            Tie::Department
        } else {
            Tie::Strangers
        };
        let kindred = are_kindred((&left.kind, &left.pairs), (&right.kind, &right.pairs));
        Some(Bond { tie, kindred })
    }
}

/// Whether two kinds, each with its pairs of characters, are one. A name that says nothing could be of any.
fn are_kindred(one: (&str, &[(char, char)]), other: (&str, &[(char, char)])) -> bool {
    one.0.contains(other.0) || other.0.contains(one.0) || dice(one.1, other.1) >= KINDRED
}

/// What a project's name says of its kind; of a form without one what the unit's does.
fn kind(project: Option<&str>, unit: &str) -> String {
    let place_less = behind_place(unit).unwrap_or(unit);
    let mut name = match project {
        None => place_less.to_owned(),
        Some(written) if unit.is_empty() => project_key(written),
        Some(written) => project_key(written).replace(unit, "").replace(place_less, ""),
    };
    name.retain(|c| c.is_alphanumeric() && !c.is_ascii() && !TELLING.contains(c));
    for idle in IDLE {
        name = name.replace(idle, "");
    }
    name
}

/// The kinds of form that units fill in their own words, and the number by which their contents are kept apart: targets
/// are not compared with self-evaluations. Examinations and plans have the printed words of the bureau.
pub(super) fn scope(stage: Stage, subject: Subject) -> Option<u64> {
    let stage = match stage {
        Stage::Target => 1,
        Stage::Monitoring => 2,
        Stage::SelfEvaluation => 3,
        Stage::ExAnte | Stage::Evaluation | Stage::Assessment => return None,
    };
    match subject {
        Subject::Project | Subject::Transfer => Some(stage),
        Subject::Department => Some(stage + 10),
        Subject::Unit | Subject::Several => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kindred(one: &str, other: &str) -> bool {
        let (one, other) = (kind(Some(one), "澄岚区水务局"), kind(Some(other), "澄岚区水务局"));
        are_kindred((&one, &pairs(&one)), (&other, &pairs(&other)))
    }

    #[test]
    fn projects_are_of_a_kind_by_what_their_names_speak_of() {
        for (one, other) in [
            ("清水渠维护", "36900023T000000000011-北山渠维护（二期）"),
            ("2022年公园绿化养护", "城区绿化养护经费"),
            ("澄岚区水务局专项经费", "防汛物资采购"),
        ] {
            assert!(kindred(one, other), "{one} {other}");
        }
        for (one, other) in
            [("清水渠维护", "信息系统运维经费"), ("防汛物资采购", "水质监测"), ("执法车辆运维经费", "信息系统运维经费")]
        {
            assert!(!kindred(one, other), "{one} {other}");
        }
    }
}
