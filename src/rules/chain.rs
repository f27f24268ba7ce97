//! The chain of a project: 目标 → 监控 → 自评.
//!
//! [`Chains`] finds the earlier forms of a form among all of a round and those before it; [`align`] pairs the indicators
//! of two forms. Both are done once for all the rules that ask. Neither judges.

mod align;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use rust_decimal::prelude::ToPrimitive;

pub use self::align::{Alignment, Pair, align};
use super::{RoundContext, RoundForm, Verdict};
use crate::address::CellRef;
use crate::finding::Elsewhere;
use crate::form::{Field, Form};
use crate::schema::concept::field;
use crate::schema::{Stage, Subject};

/// What a chain is about: a project, or a whole unit, by its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Thread<'a> {
    whole: bool,
    key: &'a str,
}

/// The years that the forms of a thread speak of.
#[derive(Debug, Clone, Copy)]
enum Years {
    None,
    One(u32),
    Several,
}

/// What is known of a thread.
#[derive(Debug, Clone, Copy)]
struct Known {
    number: usize,
    years: Years,
}

/// A link of a chain: number of the thread, year, stage, last month covered (0 outside of monitoring and where the form
/// names none).
type Link = (usize, Option<u32>, Stage, u32);

/// How much a form is preferred among several of one link: one of this round, one that is no line of a list, the last.
type Rank = (bool, bool, usize);

/// The forms of a round and those before it, by project and stage.
#[derive(Debug)]
pub struct Chains<'a> {
    threads: HashMap<Thread<'a>, Known>,
    links: BTreeMap<Link, (Rank, &'a RoundForm<'a>)>,
}

impl<'a> Chains<'a> {
    /// The chains of a round.
    #[must_use]
    pub fn of(round: &RoundContext<'a>) -> Self {
        let all = || round.forms.iter().map(|one| (true, one)).chain(round.past.iter().map(|one| (false, one)));
        let mut threads: HashMap<Thread<'a>, Known> = HashMap::new();
        for (_, one) in all() {
            let Some(thread) = thread(one) else { continue };
            let number = threads.len();
            let known = threads.entry(thread).or_insert(Known { number, years: Years::None });
            known.years = match (known.years, year(one.form)) {
                (years, None) => years,
                (Years::None, Some(year)) => Years::One(year),
                (Years::One(other), Some(year)) if other == year => Years::One(year),
                (Years::One(_) | Years::Several, Some(_)) => Years::Several,
            };
        }
        let mut chains = Self { threads, links: BTreeMap::new() };
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
    fn link(&self, one: &RoundForm<'a>) -> Option<Link> {
        let Known { number, years } = *self.threads.get(&thread(one)?)?;
        let year = match (year(one.form), years) {
            (Some(year), _) | (None, Years::One(year)) => Some(year),
            (None, Years::None) => None,
            (None, Years::Several) => return None,
        };
        Some((number, year, one.form.schema.stage, month(one.form)))
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

/// What stands before each form of a round.
#[derive(Debug, Clone, Copy, Default)]
struct Before<'a> {
    approved: Option<&'a RoundForm<'a>>,
    monitored: Option<&'a RoundForm<'a>>,
}

/// The forms before those of a round, and the indicators of both side by side, found when a rule first asks.
#[derive(Debug, Clone, Default)]
pub(super) struct Courses<'a> {
    before: OnceLock<Vec<Before<'a>>>,
    alignments: OnceLock<Vec<Option<Alignment<'a>>>>,
}

impl<'a> RoundContext<'a> {
    fn before(&self, form: usize) -> Before<'a> {
        let find = || {
            let chains = Chains::of(self);
            let before =
                |one| Before { approved: chains.approved(one), monitored: chains.earlier(one, Stage::Monitoring) };
            self.forms.iter().map(before).collect()
        };
        self.courses.before.get_or_init(find).get(form).copied().unwrap_or_default()
    }

    /// What the form at this index is held against: the approved target, else the last monitoring.
    pub(super) fn approved(&self, form: usize) -> Option<&'a RoundForm<'a>> {
        self.before(form).approved
    }

    /// The indicators of the form at this index beside those of the form it is held against; `None` for a form that follows
    /// none.
    fn alignment(&self, form: usize) -> Option<&Alignment<'a>> {
        let find = || {
            let aligned = |(form, own): (usize, &'a RoundForm<'a>)| {
                let before = self.approved(form).filter(|_| is_behind(own.form))?;
                Some(align(before.form, own.form))
            };
            self.forms.iter().enumerate().map(aligned).collect()
        };
        self.courses.alignments.get_or_init(find).get(form)?.as_ref()
    }

    /// The form that the form at this index is held against, and the indicators of both; `None` where either has none.
    pub(super) fn aligned(&self, form: usize) -> Option<(&'a RoundForm<'a>, &Alignment<'a>)> {
        let (before, alignment) = (self.approved(form)?, self.alignment(form)?);
        let earlier = alignment.paired() + alignment.dropped.len();
        let later = alignment.paired() + alignment.added.len();
        (earlier > 0 && later > 0).then_some((before, alignment))
    }

    /// The indicators of the form at this index beside those of the last monitoring.
    fn monitored_alignment(&self, form: usize) -> Option<Cow<'_, Alignment<'a>>> {
        let (own, before) = (self.forms.get(form)?, self.before(form));
        let monitored = before.monitored?;
        if before.approved.is_some_and(|approved| std::ptr::eq(approved, monitored)) {
            return self.alignment(form).map(Cow::Borrowed);
        }
        Some(Cow::Owned(align(monitored.form, own.form)))
    }
}

/// Judges every form of the round that is behind another of its chain: 监控 and 自评.
pub(super) fn each<'a>(
    round: &RoundContext<'a>,
    judge: impl Fn(&'a RoundForm<'a>, &'a RoundForm<'a>) -> Verdict,
) -> Vec<Verdict> {
    each_behind(round, |form, own| round.approved(form).map(|before| judge(own, before)))
}

/// Judges every form of the round beside the last monitoring before it.
pub(super) fn each_monitored<'a>(
    round: &RoundContext<'a>,
    judge: impl Fn(&'a RoundForm<'a>, &'a RoundForm<'a>) -> Verdict,
) -> Vec<Verdict> {
    each_behind(round, |form, own| round.before(form).monitored.map(|before| judge(own, before)))
}

/// The same with the indicators of both.
pub(super) fn each_monitored_aligned<'a>(
    round: &RoundContext<'a>,
    judge: impl Fn(&'a RoundForm<'a>, &'a RoundForm<'a>, &Alignment<'a>) -> Verdict,
) -> Vec<Verdict> {
    each_behind(round, |form, own| {
        let before = round.before(form).monitored?;
        Some(judge(own, before, &*round.monitored_alignment(form)?))
    })
}

/// Judges the indicators of every form of the round that is behind another of its chain. Forms without indicators say
/// nothing.
pub(super) fn each_aligned<'a>(
    round: &RoundContext<'a>,
    judge: impl Fn(&'a RoundForm<'a>, &'a RoundForm<'a>, &Alignment<'a>) -> Verdict,
) -> Vec<Verdict> {
    each_behind(round, |form, own| {
        let (before, alignment) = round.aligned(form)?;
        Some(judge(own, before, alignment))
    })
}

/// Judges every form that follows a target; `None` is said of one that has nothing before it.
pub(super) fn each_behind<'a>(
    round: &RoundContext<'a>,
    judge: impl Fn(usize, &'a RoundForm<'a>) -> Option<Verdict>,
) -> Vec<Verdict> {
    let verdict = |(form, own): (usize, &'a RoundForm<'a>)| match is_behind(own.form) {
        true => judge(form, own).unwrap_or(Verdict::InsufficientData),
        false => Verdict::NotApplicable,
    };
    round.forms.iter().enumerate().map(verdict).collect()
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
