//! The statistics: everything that tables, page and texts show, a pure function of the facts.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::counts::{Counts, Tally};
use super::facts::{Facts, RoundFacts, UnitFact, UnjudgedFact};
use super::occasion::Occasion;
use super::standing::{Due, Line, Standing, of_place};
use crate::finding::Severity;
use crate::previous::Tally as Fates;

/// Everything that is counted.
#[derive(Debug)]
pub struct Statistics<'f> {
    /// The rounds, by place and in their order.
    pub rounds: Vec<&'f RoundFacts>,
    /// The places, by name.
    pub places: Vec<&'f str>,
    /// Whether a roster says what was due, in every place.
    pub against_roster: bool,
    /// All judged forms that count or repeat one that does: by occasion, place, department, unit, source.
    pub lines: Vec<Line<'f>>,
    /// What was due: by occasion, place, in the order of the roster.
    pub dues: Vec<Due<'f>>,
    /// One a kind, year and round of forms, as the cycle goes.
    pub occasions: Vec<OccasionCounts<'f>>,
    /// By unit over all occasions: in the order of the roster, then strangers by name.
    pub units: Vec<(UnitGroup<'f>, Counts)>,
    /// Everything.
    pub total: Counts,
    /// Units that hand in and are not on the roster.
    pub unknown_units: Vec<Unknown<'f>>,
    /// Projects that are handed in and are not in the ledger.
    pub unknown_projects: Vec<Unknown<'f>>,
    /// Findings by rule, the most frequent first.
    pub faults: Vec<FaultCount<'f>>,
    /// Files that were not judged.
    pub unjudged: Vec<(&'f str, &'f UnjudgedFact)>,
    /// What became of the findings of submissions before, by unit: forms that have one, and fates.
    pub mending: Vec<(UnitGroup<'f>, usize, Fates)>,
    /// Rounds beside each other, where there are several.
    pub trend: Vec<TrendPoint<'f>>,
}

/// An occasion with its counts.
#[derive(Debug)]
pub struct OccasionCounts<'f> {
    /// The occasion.
    pub occasion: Occasion,
    /// All of it.
    pub total: Counts,
    /// By place; one line where there is one place.
    pub places: Vec<(&'f str, Counts)>,
    /// By 主管部门, in the order of the roster.
    pub departments: Vec<(DepartmentGroup<'f>, Counts)>,
    /// By unit, in the order of the roster.
    pub units: Vec<(UnitGroup<'f>, Counts)>,
    /// By 单位类型.
    pub kinds: Vec<(&'f str, Counts)>,
    /// By title of the form.
    pub forms: Vec<(&'f str, Counts)>,
    /// By 资金来源, as the official forms print it: how many projects, and 万元.
    pub sources: Vec<(&'f str, usize, Decimal)>,
    /// By 评价类别 of a list: how many, 万元, done, published.
    pub categories: Vec<CategoryCount<'f>>,
    /// The last deadline.
    pub deadline: Option<NaiveDate>,
}

/// A 主管部门 of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DepartmentGroup<'f> {
    /// The place.
    pub place: &'f str,
    /// 主管部门; empty where forms name none.
    pub department: &'f str,
}

/// A unit of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnitGroup<'f> {
    /// The place.
    pub place: &'f str,
    /// 主管部门; empty where forms name none.
    pub department: &'f str,
    /// The roster's name, else as written; empty where forms name none.
    pub unit: &'f str,
    /// What it is counted by.
    pub key: &'f str,
    /// 类型 by the roster; empty where it has none.
    pub kind: &'f str,
    /// Whether the roster has it; true without a roster.
    pub known: bool,
}

/// The categories of 重点评价 in the order of the plan; others come behind.
pub const CATEGORIES: [&str; 3] = ["department", "funds", "monitoring"];

/// Lines of lists by category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryCount<'f> {
    /// The id of the category: department, funds, monitoring, bond.
    pub category: &'f str,
    /// Lines.
    pub items: usize,
    /// 万元.
    pub amount: Decimal,
    /// 已完成.
    pub done: usize,
    /// 已公开.
    pub published: usize,
}

/// A unit or project that the books do not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown<'f> {
    /// The place.
    pub place: &'f str,
    /// The unit as the form or the roster names it.
    pub unit: &'f str,
    /// The project; empty for an unknown unit.
    pub project: &'f str,
    /// The nearest name of the books, for a person to confirm.
    pub suggestion: Option<&'f str>,
    /// Whether the unit itself is unknown.
    pub unit_unknown: bool,
    /// Where it was read.
    pub sources: BTreeSet<&'f str>,
}

/// A rule with its findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultCount<'f> {
    /// The rule's code.
    pub code: &'f str,
    /// The worst it was found with.
    pub severity: Severity,
    /// Findings.
    pub findings: usize,
    /// Forms with at least one.
    pub forms: usize,
    /// Units with at least one.
    pub units: usize,
    /// Projects with at least one.
    pub projects: usize,
    /// The first one: the index of its line, the cell, what was said.
    pub example: (usize, &'f str, &'f str),
}

/// An occasion as one round saw it.
#[derive(Debug)]
pub struct TrendPoint<'f> {
    /// The occasion.
    pub occasion: Occasion,
    /// The place.
    pub place: &'f str,
    /// The round.
    pub round: &'f RoundFacts,
    /// Its counts.
    pub counts: Counts,
}

impl<'f> Statistics<'f> {
    /// The statistics of facts that are in order, as [`Facts::merged`] leaves them.
    #[must_use]
    pub fn of(facts: &'f Facts) -> Self {
        let mut by_place: BTreeMap<&str, Vec<&RoundFacts>> = BTreeMap::new();
        for round in &facts.rounds {
            by_place.entry(&round.region).or_default().push(round);
        }
        let (mut lines, mut dues) = (Vec::new(), Vec::new());
        let mut order = Order::default();
        for rounds in by_place.values() {
            order.learn(rounds);
            let (mut of_place, mut owed) = of_place(rounds);
            lines.append(&mut of_place);
            dues.append(&mut owed);
        }
        lines.sort_by_cached_key(|line: &Line<'f>| {
            let (place, department, name, unit, key) = order.of_unit(order.unit(line));
            (line.occasion, place, department, name, unit, key, &line.form.source, &line.form.sheet, &line.form.range)
        });
        dues.sort_by_cached_key(|due: &Due<'f>| (due.occasion, order.of_unit(of_roster(due.place, due.unit))));
        let rounds: Vec<&RoundFacts> = by_place.values().flatten().copied().collect();
        let mut statistics = Self {
            places: by_place.keys().copied().collect(),
            against_roster: rounds.iter().all(|round| round.against_roster),
            occasions: occasions(&lines, &dues, &order),
            units: units(&lines, &dues, &order),
            total: counted(&lines, &dues),
            unknown_units: unknown_units(&lines),
            unknown_projects: unknown_projects(&lines),
            faults: faults(&lines),
            unjudged: unjudged(&rounds),
            mending: mending(&lines, &order),
            trend: trend(&rounds),
            rounds,
            lines,
            dues,
        };
        statistics.faults.sort_by(|a, b| b.findings.cmp(&a.findings).then(a.code.cmp(b.code)));
        statistics
    }

    /// What is still owed.
    pub fn missing(&self) -> impl Iterator<Item = &Due<'f>> {
        self.dues.iter().filter(|due| due.delivered < due.forms)
    }

    /// What became of the findings of submissions before; `None` where no form has one.
    #[must_use]
    pub fn mended(&self) -> Option<Fates> {
        let mut all = Fates::default();
        self.mending.iter().for_each(|(.., fates)| all += *fates);
        (!self.mending.is_empty()).then_some(all)
    }

    /// The forms that count, those that repeat one left out.
    pub fn judged(&self) -> impl Iterator<Item = &Line<'f>> {
        self.lines.iter().filter(|line| line.standing != Standing::Repeated)
    }
}

/// The order of departments and units: as the roster has them, then strangers by name.
#[derive(Debug, Default)]
struct Order<'f> {
    departments: BTreeMap<DepartmentGroup<'f>, usize>,
    units: BTreeMap<(&'f str, &'f str), (usize, &'f UnitFact)>,
}

/// Where a unit stands: its department's rank and own, then both by name.
type Place<'f> = (&'f str, usize, &'f str, usize, &'f str);

impl<'f> Order<'f> {
    /// Takes the rosters of a place in, that of the latest round first.
    fn learn(&mut self, rounds: &[&'f RoundFacts]) {
        for round in rounds.iter().rev() {
            for unit in &round.units {
                let (departments, units) = (self.departments.len(), self.units.len());
                let group = DepartmentGroup { place: &round.region, department: &unit.department };
                self.departments.entry(group).or_insert(departments);
                self.units.entry((&round.region, &unit.key)).or_insert((units, unit));
            }
        }
    }

    fn of_department(&self, group: DepartmentGroup<'f>) -> (&'f str, usize, &'f str) {
        let rank = self.departments.get(&group).copied().unwrap_or(usize::MAX);
        (group.place, rank, group.department)
    }

    fn of_unit(&self, unit: UnitGroup<'f>) -> Place<'f> {
        let (place, department, name) =
            self.of_department(DepartmentGroup { place: unit.place, department: unit.department });
        let rank = self.units.get(&(unit.place, unit.key)).map_or(usize::MAX, |(rank, _)| *rank);
        (place, department, name, rank, unit.key)
    }

    /// The unit of a form: as the roster has it, else as the form says.
    fn unit(&self, line: &Line<'f>) -> UnitGroup<'f> {
        let form = line.form;
        match self.units.get(&(line.place, form.unit_key.as_str())) {
            Some((_, unit)) => of_roster(line.place, unit),
            None => UnitGroup {
                place: line.place,
                department: &form.department,
                unit: &form.unit,
                key: &form.unit_key,
                kind: "",
                known: form.unit_known != Some(false),
            },
        }
    }
}

fn of_roster<'f>(place: &'f str, unit: &'f UnitFact) -> UnitGroup<'f> {
    let (department, name, key, kind) = (&unit.department, &unit.name, &unit.key, &unit.kind);
    UnitGroup { place, department, unit: name, key, kind, known: true }
}

/// Counts of everything given.
fn counted<'f>(lines: &[Line<'f>], dues: &[Due<'f>]) -> Counts {
    let mut tally = Tally::default();
    dues.iter().for_each(|due| tally.expect(due));
    lines.iter().for_each(|line| tally.add(line));
    tally.finish()
}

/// Counts by what a form and what is due belong to; `None` belongs nowhere.
fn grouped<'f, K: Ord>(
    lines: &[Line<'f>],
    dues: &[Due<'f>],
    of_line: impl Fn(&Line<'f>) -> Option<K>,
    of_due: impl Fn(&Due<'f>) -> Option<K>,
) -> BTreeMap<K, Counts> {
    let mut tallies: BTreeMap<K, Tally<'f>> = BTreeMap::new();
    for due in dues {
        if let Some(key) = of_due(due) {
            tallies.entry(key).or_default().expect(due);
        }
    }
    for line in lines {
        if let Some(key) = of_line(line) {
            tallies.entry(key).or_default().add(line);
        }
    }
    tallies.into_iter().map(|(key, tally)| (key, tally.finish())).collect()
}

fn units<'f>(lines: &[Line<'f>], dues: &[Due<'f>], order: &Order<'f>) -> Vec<(UnitGroup<'f>, Counts)> {
    let keyed = |unit: UnitGroup<'f>| Some(Keyed(order.of_unit(unit), unit));
    let grouped = grouped(lines, dues, |line| keyed(order.unit(line)), |due| keyed(of_roster(due.place, due.unit)));
    grouped.into_iter().map(|(Keyed(_, unit), counts)| (unit, counts)).collect()
}

/// A group with the key that puts it in order.
struct Keyed<K, G>(K, G);

impl<K: Ord, G> Ord for Keyed<K, G> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

impl<K: Ord, G> PartialOrd for Keyed<K, G> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<K: Ord, G> PartialEq for Keyed<K, G> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<K: Ord, G> Eq for Keyed<K, G> {}

/// The occasions; lines and dues are in order, so that each is one run of both.
fn occasions<'f>(lines: &[Line<'f>], dues: &[Due<'f>], order: &Order<'f>) -> Vec<OccasionCounts<'f>> {
    let all: BTreeSet<Occasion> =
        lines.iter().map(|line| line.occasion).chain(dues.iter().map(|due| due.occasion)).collect();
    let run = |occasion: Occasion| {
        let lines = lines.partition_point(|line| line.occasion < occasion)
            ..lines.partition_point(|line| line.occasion <= occasion);
        let dues =
            dues.partition_point(|due| due.occasion < occasion)..dues.partition_point(|due| due.occasion <= occasion);
        (lines, dues)
    };
    let of_occasion = |occasion| {
        let (own_lines, own_dues) = run(occasion);
        let lines = lines.get(own_lines).unwrap_or_default();
        let dues = dues.get(own_dues).unwrap_or_default();
        let department = |group: DepartmentGroup<'f>| Some(Keyed(order.of_department(group), group));
        let departments = grouped(
            lines,
            dues,
            |line| department(DepartmentGroup { place: line.place, department: order.unit(line).department }),
            |due| department(DepartmentGroup { place: due.place, department: &due.unit.department }),
        );
        let kinds = grouped(lines, dues, |line| Some(order.unit(line).kind), |due| Some(due.unit.kind.as_str()));
        OccasionCounts {
            occasion,
            total: counted(lines, dues),
            places: grouped(lines, dues, |line| Some(line.place), |due| Some(due.place)).into_iter().collect(),
            departments: departments.into_iter().map(|(Keyed(_, group), counts)| (group, counts)).collect(),
            units: units(lines, dues, order),
            kinds: kinds.into_iter().collect(),
            forms: grouped(lines, &[], |line| Some(line.form.title.as_str()), |_| None).into_iter().collect(),
            sources: sources(lines),
            categories: categories(lines),
            deadline: dues.iter().filter_map(|due| due.deadline).max(),
        }
    };
    all.into_iter().map(of_occasion).collect()
}

/// Money by the line of the money block, each project once.
fn sources<'f>(lines: &[Line<'f>]) -> Vec<(&'f str, usize, Decimal)> {
    // As the forms print them; what other forms add comes behind.
    const KNOWN: [&str; 3] = ["财政拨款", "上年结转资金", "其他资金"];
    let mut seen = BTreeSet::new();
    let mut sources: BTreeMap<(usize, &str), (usize, Decimal)> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.standing != Standing::Repeated) {
        for (at, item) in line.form.items.iter().enumerate() {
            if !seen.insert((line.place, line.form.thing(at, item))) {
                continue;
            }
            for (source, amount) in item.sources.iter().filter(|(_, amount)| !amount.is_zero()) {
                let rank = KNOWN.iter().position(|known| known == source).unwrap_or(KNOWN.len());
                let (count, sum) = sources.entry((rank, source)).or_default();
                *count += 1;
                *sum += amount;
            }
        }
    }
    sources.into_iter().map(|((_, source), (count, sum))| (source, count, sum)).collect()
}

fn categories<'f>(lines: &[Line<'f>]) -> Vec<CategoryCount<'f>> {
    let mut seen = BTreeSet::new();
    let mut categories: BTreeMap<(usize, &str), CategoryCount<'f>> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.standing != Standing::Repeated) {
        for (at, item) in line.form.items.iter().enumerate().filter(|(_, item)| !item.category.is_empty()) {
            if !seen.insert((line.place, item.category.as_str(), line.form.thing(at, item))) {
                continue;
            }
            let category = item.category.as_str();
            let rank = CATEGORIES.iter().position(|known| *known == category).unwrap_or(CATEGORIES.len());
            let empty = CategoryCount { category, items: 0, amount: Decimal::ZERO, done: 0, published: 0 };
            let count = categories.entry((rank, category)).or_insert(empty);
            count.items += 1;
            count.amount += item.budget.unwrap_or_default();
            count.done += usize::from(item.done == Some(true));
            count.published += usize::from(item.published == Some(true));
        }
    }
    categories.into_values().collect()
}

fn unknown_units<'f>(lines: &[Line<'f>]) -> Vec<Unknown<'f>> {
    let mut unknown: BTreeMap<(&str, &str), Unknown<'f>> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.form.unit_known == Some(false)) {
        let form = line.form;
        let entry = unknown.entry((line.place, &form.unit_key)).or_insert_with(|| Unknown {
            place: line.place,
            unit: &form.unit,
            project: "",
            suggestion: form.unit_suggestion.as_deref(),
            unit_unknown: true,
            sources: BTreeSet::new(),
        });
        entry.sources.insert(&form.source);
    }
    unknown.into_values().collect()
}

/// The projects that the ledger does not have, by unit and key.
fn unknown_projects<'f>(lines: &[Line<'f>]) -> Vec<Unknown<'f>> {
    let mut unknown: BTreeMap<(&str, &str, &str), Unknown<'f>> = BTreeMap::new();
    for line in lines {
        let form = line.form;
        for item in form.items.iter().filter(|item| item.known == Some(false)) {
            let entry = unknown.entry((line.place, &form.unit_key, &item.key)).or_insert_with(|| Unknown {
                place: line.place,
                unit: &form.unit,
                project: &item.name,
                suggestion: item.suggestion.as_deref(),
                unit_unknown: form.unit_known == Some(false),
                sources: BTreeSet::new(),
            });
            entry.sources.insert(&form.source);
        }
    }
    unknown.into_values().collect()
}

fn faults<'f>(lines: &[Line<'f>]) -> Vec<FaultCount<'f>> {
    let mut faults: BTreeMap<&str, FaultCount<'f>> = BTreeMap::new();
    let mut units = BTreeSet::new();
    let mut projects = BTreeSet::new();
    for (at, line) in lines.iter().enumerate() {
        for fault in &line.form.faults {
            let code = fault.code.as_str();
            let count = faults.entry(code).or_insert_with(|| FaultCount {
                code,
                severity: fault.severity,
                findings: 0,
                forms: 0,
                units: 0,
                projects: 0,
                example: (at, &fault.cell, &fault.message),
            });
            count.severity = count.severity.max(fault.severity);
            count.findings += fault.count;
            count.forms += 1;
            count.units += usize::from(units.insert((code, line.place, &line.form.unit_key)));
            if line.form.subject.is_project() {
                for (index, item) in line.form.items.iter().enumerate() {
                    count.projects += usize::from(projects.insert((code, line.place, line.form.thing(index, item))));
                }
            }
        }
    }
    faults.into_values().collect()
}

fn unjudged<'f>(rounds: &[&'f RoundFacts]) -> Vec<(&'f str, &'f UnjudgedFact)> {
    rounds.iter().flat_map(|round| round.unjudged.iter().map(|file| (round.region.as_str(), file))).collect()
}

fn mending<'f>(lines: &[Line<'f>], order: &Order<'f>) -> Vec<(UnitGroup<'f>, usize, Fates)> {
    let mut mending: BTreeMap<Keyed<Place<'f>, UnitGroup<'f>>, (usize, Fates)> = BTreeMap::new();
    for line in lines {
        let Some(earlier) = &line.form.earlier else { continue };
        let unit = order.unit(line);
        let (forms, fates) = mending.entry(Keyed(order.of_unit(unit), unit)).or_default();
        *forms += 1;
        *fates += earlier.fates;
    }
    mending.into_iter().map(|(Keyed(_, unit), (forms, fates))| (unit, forms, fates)).collect()
}

/// Each occasion as each round saw it, where a kind of form came more than once: in several rounds or of several years.
fn trend<'f>(rounds: &[&'f RoundFacts]) -> Vec<TrendPoint<'f>> {
    let mut points = Vec::new();
    for round in rounds {
        let (lines, dues) = of_place(&[*round]);
        let of_line = |line: &Line<'f>| Some(line.occasion);
        for (occasion, counts) in grouped(&lines, &dues, of_line, |due| Some(due.occasion)) {
            points.push(TrendPoint { occasion, place: &round.region, round, counts });
        }
    }
    let mut kinds: BTreeMap<_, usize> = BTreeMap::new();
    for point in &points {
        *kinds.entry((point.place, point.occasion.stage, point.occasion.subject)).or_default() += 1;
    }
    points.retain(|point| kinds.get(&(point.place, point.occasion.stage, point.occasion.subject)) > Some(&1));
    // By kind, place, year, turn; of one occasion in the order of the rounds.
    points.sort_by_key(|point| (point.occasion.stage, point.occasion.subject, point.place, point.occasion));
    points
}

#[cfg(test)]
mod tests;
