//! The chain of a project: 目标 → 监控 → 自评, and which indicator of an earlier form is which of a later one.
//!
//! [`Chains`] finds the earlier forms of a form among all of a round and those before it; [`align`] pairs the indicators
//! of two forms. Neither judges.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::prelude::ToPrimitive;

use super::{RoundContext, RoundForm, Verdict, indicator};
use crate::address::CellRef;
use crate::finding::Elsewhere;
use crate::form::{Field, Form, Row};
use crate::schema::concept::{INDICATORS, column, field};
use crate::schema::{Stage, Subject};
use crate::text::similarity;

/// From which likeness two names in one class are one name written differently.
const RENAMED_FROM: f64 = 0.6;

/// What tells indicators apart whose names are otherwise alike: 一期 and 二期, 东段 and 西段.
const TELLING: &str = "0123456789零〇一二三四五六七八九十百两甲乙丙丁东南西北";

/// What a chain is about: a project, or a whole unit, by its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Thread<'a> {
    whole: bool,
    key: &'a str,
}

/// The years that the forms of a thread speak of.
#[derive(Debug, Clone, Copy)]
enum Years {
    One(u32),
    Several,
}

/// A link of a chain: thread, year, stage, last month covered (0 outside of monitoring and where the form names none).
type Link<'a> = (Thread<'a>, Option<u32>, Stage, u32);

/// How much a form is preferred among several of one link: one of this round, one that is no line of a list, the last.
type Rank = (bool, bool, usize);

/// The forms of a round and those before it, by project and stage.
#[derive(Debug)]
pub struct Chains<'a> {
    years: BTreeMap<Thread<'a>, Years>,
    links: BTreeMap<Link<'a>, (Rank, &'a RoundForm<'a>)>,
}

impl<'a> Chains<'a> {
    /// The chains of a round.
    #[must_use]
    pub fn of(round: &RoundContext<'a>) -> Self {
        let all = || round.forms.iter().map(|one| (true, one)).chain(round.past.iter().map(|one| (false, one)));
        let mut years = BTreeMap::new();
        for (_, one) in all() {
            if let (Some(thread), Some(year)) = (thread(one), year(one.form)) {
                let known = years.entry(thread).or_insert(Years::One(year));
                if matches!(known, Years::One(other) if *other != year) {
                    *known = Years::Several;
                }
            }
        }
        let mut chains = Self { years, links: BTreeMap::new() };
        for (order, (current, one)) in all().enumerate() {
            let Some(link) = chains.link(one) else { continue };
            let rank = (current, !one.form.schema.list, order);
            let best = chains.links.entry(link).or_insert((rank, one));
            if rank > best.0 {
                *best = (rank, one);
            }
        }
        chains
    }

    /// Where a form stands. One without a year belongs to the year of its project's other forms, where they have one.
    fn link(&self, one: &RoundForm<'a>) -> Option<Link<'a>> {
        let thread = thread(one)?;
        let year = match (year(one.form), self.years.get(&thread)) {
            (Some(year), _) => Some(year),
            (None, Some(Years::One(year))) => Some(*year),
            (None, None) => None,
            (None, Some(Years::Several)) => return None,
        };
        Some((thread, year, one.form.schema.stage, month(one.form)))
    }

    /// The form of an earlier stage, of monitoring the latest; `None` for a form that is not behind that stage.
    #[must_use]
    pub fn earlier(&self, one: &RoundForm<'a>, stage: Stage) -> Option<&'a RoundForm<'a>> {
        let (thread, year, own, month) = self.link(one)?;
        let end = match own.cmp(&stage) {
            std::cmp::Ordering::Less => return None,
            // A round of monitoring that does not say its month is before and behind none.
            std::cmp::Ordering::Equal => month,
            std::cmp::Ordering::Greater => u32::MAX,
        };
        let from = u32::from(own == stage);
        let mut links = self.links.range((thread, year, stage, from.min(end))..(thread, year, stage, end));
        links.next_back().map(|(_, (_, found))| *found)
    }

    /// What a form is held against: the approved target, else the last monitoring.
    #[must_use]
    pub fn approved(&self, one: &RoundForm<'a>) -> Option<&'a RoundForm<'a>> {
        self.earlier(one, Stage::Target).or_else(|| self.earlier(one, Stage::Monitoring))
    }
}

/// Judges every form of the round that is behind another of its chain: 监控 and 自评.
pub(super) fn each<'a>(
    round: &RoundContext<'a>,
    judge: impl Fn(&'a RoundForm<'a>, &'a RoundForm<'a>) -> Verdict,
) -> Vec<Verdict> {
    let chains = Chains::of(round);
    let verdict = |own: &'a RoundForm<'a>| {
        if !is_behind(own.form) {
            return Verdict::NotApplicable;
        }
        chains.approved(own).map_or(Verdict::InsufficientData, |before| judge(own, before))
    };
    round.forms.iter().map(verdict).collect()
}

/// Judges every form of the round beside the last monitoring before it.
pub(super) fn each_monitored<'a>(
    round: &RoundContext<'a>,
    judge: impl Fn(&'a RoundForm<'a>, &'a RoundForm<'a>) -> Verdict,
) -> Vec<Verdict> {
    let chains = Chains::of(round);
    let verdict = |own: &'a RoundForm<'a>| {
        if !is_behind(own.form) {
            return Verdict::NotApplicable;
        }
        chains.earlier(own, Stage::Monitoring).map_or(Verdict::InsufficientData, |before| judge(own, before))
    };
    round.forms.iter().map(verdict).collect()
}

/// Judges the indicators of every form of the round that is behind another of its chain. Forms without indicators say
/// nothing.
pub(super) fn each_aligned<'a>(
    round: &RoundContext<'a>,
    judge: impl Fn(&'a RoundForm<'a>, &'a RoundForm<'a>, &Alignment<'a>) -> Verdict,
) -> Vec<Verdict> {
    each(round, |own, before| {
        let alignment = align(before.form, own.form);
        let earlier = alignment.paired() + alignment.dropped.len();
        let later = alignment.paired() + alignment.added.len();
        if earlier == 0 || later == 0 { Verdict::InsufficientData } else { judge(own, before, &alignment) }
    })
}

/// What a form of an earlier stage says, as messages call it: `批复的目标`.
pub(super) fn said_in(before: &RoundForm<'_>) -> &'static str {
    match before.form.schema.stage {
        Stage::Target => "批复的目标",
        Stage::Monitoring => "监控表",
        _ => "自评表",
    }
}

/// `批复的目标（甲.xlsx 表 D9）`: where an earlier form says it.
pub(super) fn cited(before: &RoundForm<'_>, cell: CellRef) -> String {
    format!("{}（{}）", said_in(before), place(before, cell))
}

/// `甲.xlsx 表 D9`: a cell of another form.
pub(super) fn place(other: &RoundForm<'_>, cell: CellRef) -> String {
    format!("{} {} {cell}", file(other), other.form.sheet)
}

/// The file of a form without its folders.
pub(super) fn file<'a>(one: &RoundForm<'a>) -> &'a str {
    one.source.rsplit('/').next().unwrap_or(one.source)
}

/// A cell of another form, for a reader who has not got that file at hand.
pub(super) fn elsewhere(other: &RoundForm<'_>, field: &Field) -> Elsewhere {
    Elsewhere {
        source: other.source.to_owned(),
        sheet: other.form.sheet.clone(),
        cell: Some(field.cell()),
        text: field.text().to_owned(),
    }
}

/// Whether a form is one that follows the target: 监控 or 自评 of a project or a whole unit.
pub(super) fn is_behind(form: &Form) -> bool {
    matches!(form.schema.stage, Stage::Monitoring | Stage::SelfEvaluation)
        && (form.schema.subject.is_project() || form.schema.subject == Subject::Department)
}

fn thread<'a>(one: &RoundForm<'a>) -> Option<Thread<'a>> {
    let unit = one.identity.unit.key.as_str();
    let (whole, key) = match one.form.schema.subject {
        Subject::Department => (true, unit),
        subject if subject.is_project() => (false, one.identity.project.as_ref()?.key.as_str()),
        _ => return None,
    };
    // Projects of the same name are many; whose they are must be known. A key that is a code has no such separator.
    let nameless = !whole && unit.is_empty() && key.starts_with(" / ");
    (!key.is_empty() && !nameless).then_some(Thread { whole, key })
}

/// The year that a form states.
pub(super) fn year(form: &Form) -> Option<u32> {
    form.record.field(field::YEAR)?.number()?.to_u32()
}

/// The last month that a monitoring covers; 0 where the form names none.
pub(super) fn month(form: &Form) -> u32 {
    let month = form.record.field(field::MONTH).and_then(Field::number);
    month.and_then(|month| month.to_u32()).filter(|_| form.schema.stage == Stage::Monitoring).unwrap_or(0)
}

/// An indicator in two forms.
#[derive(Debug, Clone, Copy)]
pub struct Pair<'a> {
    /// As the earlier form has it.
    pub earlier: &'a Row,
    /// As the later form has it.
    pub later: &'a Row,
}

/// What became of the indicators of an earlier form in a later one.
#[derive(Debug, Clone, Default)]
pub struct Alignment<'a> {
    /// The same name, in the order of the later form.
    pub kept: Vec<Pair<'a>>,
    /// Nearly the same name in the same second-level class, in the order of the later form.
    pub renamed: Vec<Pair<'a>>,
    /// In the earlier form alone, in its order.
    pub dropped: Vec<&'a Row>,
    /// In the later form alone, in its order.
    pub added: Vec<&'a Row>,
}

impl<'a> Alignment<'a> {
    /// The indicators that both forms have, in the order of the later form.
    #[must_use]
    pub fn pairs(&self) -> Vec<Pair<'a>> {
        let mut pairs: Vec<Pair<'a>> = self.kept.iter().chain(&self.renamed).copied().collect();
        pairs.sort_by_key(|pair| pair.later.row);
        pairs
    }

    /// How many indicators both forms have.
    #[must_use]
    pub fn paired(&self) -> usize {
        self.kept.len() + self.renamed.len()
    }
}

/// An indicator as it is compared.
struct Line<'a> {
    row: &'a Row,
    name: String,
    /// The name without a figure at its end.
    stem: String,
    /// The second-level class; empty where the form does not tell.
    class: &'a str,
    target: &'a str,
    weight: &'a str,
}

/// By what two lines are the same; `None` for a line that says nothing of the kind.
type Key = for<'l> fn(&'l Line<'l>) -> Option<(&'l str, &'l str)>;

/// Which indicator of an earlier form is which of a later one: by class and name, by name, by class and name without the
/// figure at its end; of the rest by a near name in the same class. Rows of the longer horizon and rows without a name do
/// not count. The order of the rows changes nothing.
#[must_use]
pub fn align<'a>(earlier: &'a Form, later: &'a Form) -> Alignment<'a> {
    let (mut left, mut right) = (lines(earlier), lines(later));
    let mut kept = Vec::new();
    let by: [Key; 3] = [
        |line| Some((line.class, line.name.as_str())),
        |line| Some(("", line.name.as_str())),
        |line| Some((line.class, line.stem.as_str())).filter(|_| line.stem.chars().nth(1).is_some()),
    ];
    for key in by {
        let pairs = same(&left, &right, key);
        take(&mut left, &mut right, &pairs, &mut kept);
        if left.is_empty() || right.is_empty() {
            break;
        }
    }
    let mut renamed = Vec::new();
    let pairs = near(&left, &right);
    take(&mut left, &mut right, &pairs, &mut renamed);
    let rows = |lines: Vec<Line<'a>>| {
        let mut rows: Vec<&Row> = lines.into_iter().map(|line| line.row).collect();
        rows.sort_by_key(|row| row.row);
        rows
    };
    for pairs in [&mut kept, &mut renamed] {
        pairs.sort_by_key(|pair| pair.later.row);
    }
    Alignment { kept, renamed, dropped: rows(left), added: rows(right) }
}

/// The indicators of a form, in an order that their content alone decides.
fn lines(form: &Form) -> Vec<Line<'_>> {
    let rows = form.record.tables.get(INDICATORS).map_or(&[][..], |table| &table.rows);
    let line = |row| -> Option<Line<'_>> {
        let name = indicator::name(row)?;
        let stem = indicator::stem(&name);
        let class = row.subclass.as_deref().or(row.class.as_deref()).unwrap_or_default();
        let filled = |id| row.filled(id).unwrap_or_default();
        Some(Line { row, name, stem, class, target: filled(column::TARGET), weight: filled(column::WEIGHT) })
    };
    let mut lines: Vec<Line<'_>> = rows.iter().filter(|row| !row.term).filter_map(line).collect();
    lines.sort_by(|a, b| (a.class, &a.name, a.target, a.weight).cmp(&(b.class, &b.name, b.target, b.weight)));
    lines
}

/// Pairs of lines with the same key; of several those with the same target first.
fn same<'l, 'a>(left: &'l [Line<'a>], right: &'l [Line<'a>], key: Key) -> Vec<(usize, usize)> {
    // Indices on either side.
    type Sides = (Vec<usize>, Vec<usize>);
    let mut groups: BTreeMap<(&str, &str), Sides> = BTreeMap::new();
    for (at, line) in left.iter().enumerate() {
        if let Some(key) = key(line) {
            groups.entry(key).or_default().0.push(at);
        }
    }
    for (at, line) in right.iter().enumerate() {
        if let Some(group) = key(line).and_then(|key| groups.get_mut(&key)) {
            group.1.push(at);
        }
    }
    let mut pairs = Vec::new();
    for (ours, mut theirs) in groups.into_values() {
        let mut open = Vec::new();
        let target = |lines: &[Line<'a>], at: usize| lines.get(at).map(|line| line.target);
        for own in ours {
            match theirs.iter().position(|other| target(left, own) == target(right, *other)) {
                Some(at) => pairs.push((own, theirs.remove(at))),
                None => open.push(own),
            }
        }
        pairs.extend(open.into_iter().zip(theirs));
    }
    pairs
}

/// Pairs of lines of one class with near names, the nearest first.
fn near(left: &[Line<'_>], right: &[Line<'_>]) -> Vec<(usize, usize)> {
    let mut scored = Vec::new();
    for (own, one) in left.iter().enumerate() {
        for (other, two) in right.iter().enumerate().filter(|(_, two)| two.class == one.class) {
            if let Some(score) = nearness(&one.name, &two.name) {
                scored.push((score, own, other));
            }
        }
    }
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (mut ours, mut theirs) = (BTreeSet::new(), BTreeSet::new());
    let mut pairs = Vec::new();
    for (_, own, other) in scored {
        if !ours.contains(&own) && !theirs.contains(&other) {
            ours.insert(own);
            theirs.insert(other);
            pairs.push((own, other));
        }
    }
    pairs
}

/// How near two names are that may be one; `None` where they are two.
fn nearness(a: &str, b: &str) -> Option<f64> {
    let marks = |name: &str| name.chars().filter(|c| TELLING.contains(*c)).collect::<String>();
    let (short, long) = if a.chars().count() <= b.chars().count() { (a, b) } else { (b, a) };
    let is_short_form = || {
        let mut long = long.chars();
        short.chars().nth(3).is_some() && short.chars().all(|c| long.any(|other| other == c))
    };
    let score = similarity(a, b);
    (marks(a) == marks(b) && (score >= RENAMED_FROM || is_short_form())).then_some(score)
}

/// Takes the paired lines out of both lists.
fn take<'a>(left: &mut Vec<Line<'a>>, right: &mut Vec<Line<'a>>, pairs: &[(usize, usize)], into: &mut Vec<Pair<'a>>) {
    for (own, other) in pairs {
        if let (Some(one), Some(two)) = (left.get(*own), right.get(*other)) {
            into.push(Pair { earlier: one.row, later: two.row });
        }
    }
    let drop = |lines: &mut Vec<Line<'a>>, gone: BTreeSet<usize>| {
        let mut at = 0;
        lines.retain(|_| {
            at += 1;
            !gone.contains(&(at - 1))
        });
    };
    drop(left, pairs.iter().map(|(own, _)| *own).collect());
    drop(right, pairs.iter().map(|(_, other)| *other).collect());
}
