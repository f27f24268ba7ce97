//! How each form stands to what was due: delivered, repeated, surplus, wrong, of a stranger.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::facts::{DueFact, FormFact, Item, ProjectFact, RoundFacts, UnitFact};
use super::occasion::{Occasion, Occasions};
use crate::schema::{Stage, Subject};

/// A form among those of its place.
#[derive(Debug, Clone)]
pub struct Line<'f> {
    /// The place.
    pub place: &'f str,
    /// The round it came in.
    pub round: &'f RoundFacts,
    /// What it counts as.
    pub occasion: Occasion,
    /// The form.
    pub form: &'f FormFact,
    /// The day it was received first, be it in a round before.
    pub received: Option<NaiveDate>,
    /// How it stands to what was due.
    pub standing: Standing,
    /// Whether it came by the deadline; `None` where a day is not known, or it was not due.
    pub on_time: Option<bool>,
    /// Whether its grade was not enough, now or in a submission before.
    pub returned: bool,
    /// 类型 of its unit by the roster.
    pub unit_kind: &'f str,
}

/// How a form stands to what was due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// One of those due.
    Delivered,
    /// No roster says what is due.
    Free,
    /// It came before: the same form of the same project.
    Repeated,
    /// Another form, year or round than one that the unit still owes.
    Wrong,
    /// Nobody expected it.
    Surplus,
    /// The roster does not know the unit.
    Stranger,
}

impl Standing {
    /// The note in a list of forms; empty for what is in order.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Delivered | Self::Free => "",
            Self::Repeated => "重复报送",
            Self::Wrong => "报错表",
            Self::Surplus => "多报",
            Self::Stranger => "名册外单位",
        }
    }
}

/// What a unit owes on an occasion, with what came of it.
#[derive(Debug, Clone)]
pub struct Due<'f> {
    /// The place.
    pub place: &'f str,
    /// The unit.
    pub unit: &'f UnitFact,
    /// The form as the roster names it.
    pub form: &'f str,
    /// What it is counted under.
    pub occasion: Occasion,
    /// 应报.
    pub forms: usize,
    /// 已报.
    pub delivered: usize,
    /// Money due, in 万元.
    pub amount: Decimal,
    /// The last day on which it is on time.
    pub deadline: Option<NaiveDate>,
    /// Projects of the ledger that did not come, by name; empty where the ledger says nothing.
    pub lacking: Vec<&'f str>,
}

impl FormFact {
    /// Whether the unit scored itself 100.
    #[must_use]
    pub fn is_perfect(&self) -> bool {
        self.own_score == Some(Decimal::ONE_HUNDRED)
    }

    /// Whether it speaks of projects: one, or the lines of a list.
    #[must_use]
    pub fn speaks_of_projects(&self) -> bool {
        self.subject.is_project() || self.subject == Subject::Several
    }

    /// What its item is counted by within the place. One that names no project stands for itself; a form about a whole unit
    /// is not the unit's project.
    pub(super) fn thing(&self, at: usize, item: &Item) -> String {
        match item.key.as_str() {
            "" => format!("{}!{}!{}!{at}", self.source, self.sheet, self.range),
            key if self.speaks_of_projects() => key.to_owned(),
            key => format!("整体 {key}"),
        }
    }

    /// What a repeated form is known by.
    fn same(&self) -> String {
        let things: BTreeSet<String> = self.items.iter().enumerate().map(|(at, item)| self.thing(at, item)).collect();
        things.into_iter().collect::<Vec<_>>().join("\u{1}")
    }
}

/// The rounds of a place, in their order, taken together: the latest submission of a form counts.
pub(super) fn of_place<'f>(rounds: &[&'f RoundFacts]) -> (Vec<Line<'f>>, Vec<Due<'f>>) {
    let mut lines = counted(rounds);
    let mut dues = dues(rounds);
    let mut owed: BTreeMap<(&str, Occasion), usize> = BTreeMap::new();
    for (at, due) in dues.iter().enumerate() {
        owed.insert((&due.unit.key, due.occasion), at);
    }
    for line in &mut lines {
        if line.standing == Standing::Repeated {
            continue;
        }
        line.standing = match line.form.unit_known {
            None => Standing::Free,
            Some(false) => Standing::Stranger,
            Some(true) => {
                let due = owed.get(&(line.form.unit_key.as_str(), line.occasion)).and_then(|at| dues.get_mut(*at));
                match due {
                    Some(due) if due.delivered < due.forms => {
                        due.delivered += 1;
                        line.on_time = line.received.zip(due.deadline).map(|(received, deadline)| received <= deadline);
                        Standing::Delivered
                    }
                    _ => Standing::Surplus,
                }
            }
        };
    }
    lacking(rounds, &lines, &mut dues);
    // What is surplus may be the wrong one for what the unit still owes.
    let owing: BTreeSet<&str> =
        dues.iter().filter(|due| due.delivered < due.forms).map(|due| due.unit.key.as_str()).collect();
    let expected: BTreeSet<(&str, Occasion)> = dues.iter().map(|due| (due.unit.key.as_str(), due.occasion)).collect();
    for line in lines.iter_mut().filter(|line| line.standing == Standing::Surplus) {
        let unit = line.form.unit_key.as_str();
        if owing.contains(unit) && !expected.contains(&(unit, line.occasion)) {
            line.standing = Standing::Wrong;
        }
    }
    (lines, dues)
}

/// The forms that count, and those that repeat one of their round.
fn counted<'f>(rounds: &[&'f RoundFacts]) -> Vec<Line<'f>> {
    let mut counted: BTreeMap<(Occasion, &str, String), Line<'f>> = BTreeMap::new();
    let mut repeated = Vec::new();
    for round in rounds {
        let occasions = Occasions::of(round);
        let kinds: BTreeMap<&str, &str> =
            round.units.iter().map(|unit| (unit.key.as_str(), unit.kind.as_str())).collect();
        for form in &round.forms {
            let occasion = occasions.of_form(form);
            let key = (occasion, form.unit_key.as_str(), form.same());
            let before = form.earlier.as_ref().is_some_and(|earlier| earlier.passed == Some(false));
            let mut line = Line {
                place: &round.region,
                round,
                occasion,
                form,
                received: form.received,
                standing: Standing::Free,
                on_time: None,
                returned: before || !form.passed,
                unit_kind: kinds.get(form.unit_key.as_str()).copied().unwrap_or_default(),
            };
            match counted.get_mut(&key) {
                Some(first) if std::ptr::eq(first.round, *round) => {
                    line.standing = Standing::Repeated;
                    repeated.push(line);
                }
                Some(earlier) => {
                    line.returned |= earlier.returned;
                    line.received = [line.received, earlier.received].into_iter().flatten().min();
                    *earlier = line;
                }
                None => {
                    counted.insert(key, line);
                }
            }
        }
    }
    counted.into_values().chain(repeated).collect()
}

/// What is owed in a place: by the roster of its latest round that names the occasion.
fn dues<'f>(rounds: &[&'f RoundFacts]) -> Vec<Due<'f>> {
    let mut dues: BTreeMap<(Occasion, usize, &str), Due<'f>> = BTreeMap::new();
    let mut seen: BTreeSet<(&str, Occasion)> = BTreeSet::new();
    for round in rounds.iter().rev() {
        let occasions = Occasions::of(round);
        let (came, ledger) = (came(round, &occasions), ledger(round));
        let mut of_round = BTreeSet::new();
        for (at, unit) in round.units.iter().enumerate() {
            for due in &unit.due {
                let occasion = occasions.of_due(due);
                if seen.contains(&(unit.key.as_str(), occasion)) {
                    continue;
                }
                of_round.insert((unit.key.as_str(), occasion));
                let projects = of_occasion(ledger.get(unit.key.as_str()), occasion);
                let forms = forms_due(due, &projects, came.get(&(unit.key.as_str(), occasion)));
                // A roster without their number leaves the money to the ledger too.
                let of_ledger = || projects.iter().filter_map(|project| project.amount).sum();
                let amount = due.amount.or_else(|| due.projects.is_none().then(of_ledger)).unwrap_or_default();
                let entry = dues.entry((occasion, at, unit.key.as_str())).or_insert_with(|| Due {
                    place: &round.region,
                    unit,
                    form: &due.form,
                    occasion,
                    forms: 0,
                    delivered: 0,
                    amount: Decimal::ZERO,
                    deadline: None,
                    lacking: Vec::new(),
                });
                entry.forms += forms;
                entry.amount += amount;
                entry.deadline = entry.deadline.max(due.deadline);
            }
        }
        seen.extend(of_round);
    }
    dues.into_values().collect()
}

/// Forms that came of each unit on each occasion.
fn came<'f>(round: &'f RoundFacts, occasions: &Occasions) -> BTreeMap<(&'f str, Occasion), BTreeSet<String>> {
    let mut came: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
    for form in &round.forms {
        came.entry((form.unit_key.as_str(), occasions.of_form(form))).or_default().insert(form.same());
    }
    came
}

/// How many forms are due: as the roster says; where it leaves the projects open, those of the ledger; without these at
/// least one and all that came.
fn forms_due(due: &DueFact, of_ledger: &[&ProjectFact], came: Option<&BTreeSet<String>>) -> usize {
    match due.projects {
        Some(projects) => usize::try_from(projects).unwrap_or(usize::MAX),
        None if of_ledger.is_empty() => came.map_or(1, |came| came.len().max(1)),
        None => of_ledger.len(),
    }
}

/// The projects of the ledger by unit.
fn ledger(round: &RoundFacts) -> BTreeMap<&str, Vec<&ProjectFact>> {
    let mut ledger: BTreeMap<&str, Vec<&ProjectFact>> = BTreeMap::new();
    for project in &round.projects {
        ledger.entry(&project.unit_key).or_default().push(project);
    }
    ledger
}

/// The projects of the ledger that a unit must hand in on an occasion: those of its year, bonds for the ex-ante evaluation
/// alone.
fn of_occasion<'f>(projects: Option<&Vec<&'f ProjectFact>>, occasion: Occasion) -> Vec<&'f ProjectFact> {
    let is_due = |project: &&&ProjectFact| {
        occasion.subject == Subject::Project
            && (project.year.is_none() || occasion.year.is_none() || project.year == occasion.year)
            && project.bond == (occasion.stage == Stage::ExAnte)
    };
    projects.into_iter().flatten().filter(is_due).copied().collect()
}

/// Names the projects of the ledger that did not come.
fn lacking<'f>(rounds: &[&'f RoundFacts], lines: &[Line<'f>], dues: &mut [Due<'f>]) {
    let mut came: BTreeSet<(&str, Occasion, &str)> = BTreeSet::new();
    for line in lines {
        let unit = line.form.unit_key.as_str();
        came.extend(line.form.items.iter().map(|item| (unit, line.occasion, item.key.as_str())));
    }
    let Some(latest) = rounds.iter().rev().find(|round| !round.projects.is_empty()) else { return };
    let ledger = ledger(latest);
    for due in dues.iter_mut().filter(|due| due.delivered < due.forms) {
        let unit = due.unit.key.as_str();
        let projects = of_occasion(ledger.get(unit), due.occasion).into_iter();
        let missing = projects.filter(|project| !came.contains(&(unit, due.occasion, project.key.as_str())));
        let names: Vec<&str> = missing.map(|project| project.name.as_str()).collect();
        // Names are told where they are the ones: as many as are owed.
        if names.len() == due.forms - due.delivered {
            due.lacking = names;
        }
    }
}
