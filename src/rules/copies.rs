//! What several forms of a round have in common: indicators, goals, results, reasons.
//!
//! It is found once for all the rules that ask, and says what is alike, not whether it may be. Amounts of work grow with
//! the forms, not with their pairs (see `text::near`).

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};

use super::kinship::{Bond, Kinship, scope};
use super::name_book::NameBook;
use super::{Fault, RoundContext, RoundForm, Verdict, indicator, phrase};
use rust_decimal::Decimal;

use crate::address::CellRef;
use crate::finding::Elsewhere;
use crate::form::{Field, Form, Row};
use crate::schema::concept::{amount, column, field};
use crate::text::near::{self, Near, Set};
use crate::text::{excerpt, squeeze};
use crate::value::Operator;

/// Indicators that two sets share, in hundredths of the larger one. One of five may be changed; two make it another set.
const SAME_SET: usize = 80;

/// A set with fewer indicators is like others by chance: 验收合格率 100%, 满意度 ≥95%.
const SMALLEST_SET: usize = 4;

/// Triples of characters that two texts share, in hundredths. Names and numbers do not count, so that a copy with these
/// replaced is the same; two or three words may be changed in a sentence of sixty characters.
const SAME_TEXT: usize = 85;

/// A text with fewer characters than this, names and numbers aside, is a turn of phrase: 按计划完成年度各项工作任务.
const SHORTEST_TEXT: usize = 20;

/// Forms of a round that a finding lists by name.
pub(super) const LISTED: usize = 3;

/// Forms that are looked for before a finding says 以上.
const MOST: usize = 10;

/// What forms have in common, found when a rule first asks.
#[derive(Debug, Clone, Default)]
pub(super) struct Copies {
    kinship: OnceCell<Kinship>,
    names: OnceCell<NameBook>,
    sets: OnceCell<Sets>,
    goals: OnceCell<Texts>,
    results: OnceCell<Texts>,
    reasons: OnceCell<Texts>,
}

/// The indicator sets of the forms.
#[derive(Debug, Clone)]
pub(super) struct Sets {
    near: Near,
    /// By form: its indicators by number, each with its row.
    rows: Vec<Vec<(u64, usize)>>,
}

/// Texts of one kind in the forms.
#[derive(Debug, Clone)]
pub(super) struct Texts {
    near: Near,
    places: Vec<Place>,
    /// Form → its first place.
    first: Vec<usize>,
}

/// Where a text stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) form: usize,
    pub(super) cell: CellRef,
    at: At,
}

/// Where in its form a text stands.
#[derive(Debug, Clone, Copy)]
enum At {
    /// In the field of this concept.
    Field(&'static str),
    /// As the reason of a row of the money block.
    Money(usize),
    /// As the reason of a row of indicators.
    Row(usize),
}

impl At {
    fn field(self, form: &Form) -> Option<&Field> {
        let field = match self {
            Self::Field(id) => form.record.field(id)?,
            Self::Money(row) => form.record.funding()?.rows.get(row)?.cells.get(amount::REASON)?,
            Self::Row(row) => form.record.indicators()?.rows.get(row)?.cell(column::REASON)?,
        };
        Some(field).filter(|field| field.is_filled())
    }
}

/// Kinds of text that are copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// 年度目标, else 实施期目标.
    Goal,
    /// 完成情况, 结论.
    Result,
    /// 偏差原因 of money and indicators.
    Reason,
}

impl Kind {
    /// The texts of this kind in a form.
    pub(super) fn fields(self, form: &Form) -> Vec<&Field> {
        self.places(form).into_iter().map(|(_, field)| field).collect()
    }

    /// What can be said of these texts of a form before others are looked at. Without a deviation there is no reason to tell.
    pub(super) fn is_told(self, form: &Form) -> Verdict {
        let asked: &[&str] = match self {
            Self::Goal => &[field::GOAL, field::TERM_GOAL],
            Self::Result => &[field::GOAL_ACTUAL, field::CONCLUSION],
            Self::Reason => &[],
        };
        match self.places(form).is_empty() {
            false => Verdict::Checked(Vec::new()),
            true if asked.iter().any(|id| form.record.field(id).is_some()) => Verdict::InsufficientData,
            true => Verdict::NotApplicable,
        }
    }

    fn places(self, form: &Form) -> Vec<(At, &Field)> {
        let told = |at: At| Some((at, at.field(form)?));
        match self {
            Self::Goal => {
                [field::GOAL, field::TERM_GOAL].map(At::Field).into_iter().find_map(told).into_iter().collect()
            }
            Self::Result => {
                [field::GOAL_ACTUAL, field::CONCLUSION].map(At::Field).into_iter().filter_map(told).collect()
            }
            Self::Reason => {
                let money = form.record.funding().map_or(0, |grid| grid.rows.len());
                let rows = form.record.indicators().map_or(0, |table| table.rows.len());
                let all = std::iter::once(At::Field(field::DEVIATION_SUMMARY)).chain((0..money).map(At::Money));
                let mut seen = BTreeSet::new();
                let all = all.chain((0..rows).map(At::Row)).filter_map(told);
                all.filter(|(_, field)| seen.insert(field.cell())).collect()
            }
        }
    }
}

impl Kind {
    /// The label of one of these texts.
    fn label(self, form: &Form, cell: CellRef) -> &str {
        let of = |id: &'static str| form.record.field(id).filter(|field| field.cell() == cell).map(|_| id);
        let known = [field::GOAL, field::TERM_GOAL, field::GOAL_ACTUAL, field::CONCLUSION, field::DEVIATION_SUMMARY];
        match known.into_iter().find_map(of) {
            Some(id) => phrase::field_label(form, id),
            None => phrase::column_label(form, column::REASON),
        }
    }
}

impl RoundContext<'_> {
    /// One verdict a form, of the kinds of form that units fill in their own words and that say whose they are. `first` is
    /// what can be said of the form alone: judged is what it lets pass.
    pub(super) fn each(&self, first: impl Fn(&Form) -> Verdict, judge: impl Fn(usize) -> Vec<Fault>) -> Vec<Verdict> {
        let verdict = |(form, one): (usize, &RoundForm<'_>)| {
            if scope(one.form.schema.stage, one.form.schema.subject).is_none() {
                return Verdict::NotApplicable;
            }
            match first(one.form) {
                Verdict::Checked(_) if self.kinship().unit(form).is_none() => Verdict::InsufficientData,
                Verdict::Checked(_) => Verdict::Checked(judge(form)),
                other => other,
            }
        };
        self.forms.iter().enumerate().map(verdict).collect()
    }

    /// How the forms stand to each other.
    pub(super) fn kinship(&self) -> &Kinship {
        self.copies.kinship.get_or_init(|| Kinship::of(self))
    }

    /// The names of the units and projects.
    pub(super) fn names(&self) -> &NameBook {
        self.copies.names.get_or_init(|| NameBook::of(self, self.kinship()))
    }

    /// The indicator sets.
    pub(super) fn sets(&self) -> &Sets {
        self.copies.sets.get_or_init(|| Sets::of(self))
    }

    /// The texts of a kind.
    pub(super) fn texts(&self, kind: Kind) -> &Texts {
        let cell = match kind {
            Kind::Goal => &self.copies.goals,
            Kind::Result => &self.copies.results,
            Kind::Reason => &self.copies.reasons,
        };
        cell.get_or_init(|| Texts::of(self, kind))
    }
}

impl Sets {
    fn of(round: &RoundContext<'_>) -> Self {
        let mut names = Names::default();
        let mut numbers: HashMap<Asked<'_>, u64> = HashMap::new();
        let rows: Vec<Vec<(u64, usize)>> = round
            .forms
            .iter()
            .map(|one| {
                let Some(scope) = scope(one.form.schema.stage, one.form.schema.subject) else { return Vec::new() };
                let table = one.form.record.indicators();
                let rows = table.into_iter().flat_map(|table| table.rows.iter().enumerate());
                let numbered = rows.filter_map(|(at, row)| {
                    let asked = Asked { scope, name: names.number(one, row)?, target: Target::of(row)? };
                    let next = number(numbers.len());
                    Some((*numbers.entry(asked).or_insert(next), at))
                });
                numbered.collect()
            })
            .collect();
        let set = |rows: &Vec<(u64, usize)>| {
            let set = near::set(rows.iter().map(|(number, _)| *number));
            if set.len() < SMALLEST_SET { near::set([]) } else { set }
        };
        let sets: Vec<Set> = rows.iter().map(set).collect();
        Self { near: Near::of(&sets, SAME_SET), rows }
    }

    /// The forms that have the same indicators or nearly so, where the bond is one of those asked for.
    pub(super) fn like(&self, round: &RoundContext<'_>, form: usize, wanted: impl Fn(Bond) -> bool) -> Vec<usize> {
        let kinship = round.kinship();
        let wanted = |other: &usize| kinship.bond(round, form, *other).is_some_and(&wanted);
        self.near.like(form).filter(wanted).take(MOST).collect()
    }

    /// The rows that a form has in common with another, each with the other's.
    pub(super) fn shared<'a>(&self, round: &RoundContext<'a>, form: usize, other: usize) -> Vec<(&'a Row, &'a Row)> {
        let rows = |form: usize| {
            let table = round.forms.get(form).and_then(|one| one.form.record.indicators());
            let of = self.rows.get(form).map(Vec::as_slice).unwrap_or_default();
            of.iter().filter_map(move |(number, at)| Some((*number, table?.rows.get(*at)?)))
        };
        let theirs: HashMap<u64, &Row> = rows(other).collect();
        let mut seen = BTreeSet::new();
        let both = rows(form).filter(|(number, _)| seen.insert(*number));
        both.filter_map(|(number, row)| Some((row, *theirs.get(&number)?))).collect()
    }

    /// How many indicators of a form are compared.
    pub(super) fn count(&self, form: usize) -> usize {
        self.rows.get(form).into_iter().flatten().map(|(number, _)| number).collect::<BTreeSet<_>>().len()
    }
}

/// What can be said of a form's indicators before others are looked at.
pub(super) fn has_indicators(form: &Form) -> Verdict {
    match form.record.indicators() {
        None => Verdict::NotApplicable,
        Some(table) if table.rows.iter().all(|row| row.filled(column::TARGET).is_none()) => Verdict::InsufficientData,
        Some(_) => Verdict::Checked(Vec::new()),
    }
}

/// The fault of a form whose indicators are those of other forms; `None` where there is none. `least` indicators must agree.
pub(super) fn same_set(
    round: &RoundContext<'_>,
    form: usize,
    least: usize,
    wanted: impl Fn(Bond) -> bool,
    advice: &str,
) -> Option<Fault> {
    let sets = round.sets();
    let others = sets.like(round, form, wanted);
    let (own, first) = (round.forms.get(form)?, *others.first()?);
    let other = round.forms.get(first)?;
    let shared = sets.shared(round, form, first);
    if shared.len() < least {
        return None;
    }
    let name = |row: &Row| row.cell(column::LEVEL3).map(Field::cell);
    let target =
        |row: &Row| row.target.as_ref().map(ToString::to_string).or(row.filled(column::TARGET).map(str::to_owned));
    let example = |(row, _): &(&Row, &Row)| {
        Some(format!("“{}”{}", excerpt(&indicator::name(row)?, 20), excerpt(&target(row)?, 12)))
    };
    let examples: Vec<String> = shared.iter().take(LISTED).filter_map(example).collect();
    let side_by_side = shared.iter().take(LISTED).map(|(_, row)| {
        let text = format!("{} {}", row.filled(column::LEVEL3).unwrap_or_default(), target(row).unwrap_or_default());
        elsewhere(other, name(row), &text)
    });
    let further = others.iter().skip(1).take(LISTED - 1).filter_map(|other| {
        let row = sets.shared(round, form, *other).first().copied()?.1;
        Some(elsewhere(round.forms.get(*other)?, name(row), row.filled(column::LEVEL3).unwrap_or_default()))
    });
    let cells: Vec<CellRef> = shared.iter().filter_map(|(row, _)| name(row)).collect();
    Some(Fault {
        cell: cells.first().copied(),
        related: cells.iter().skip(1).copied().collect(),
        elsewhere: side_by_side.chain(further).collect(),
        found: shared.first().and_then(|(row, _)| row.filled(column::LEVEL3)).map(str::to_owned),
        message: format!(
            "{} 个指标中有 {} 个的名称和指标值与{}的相同，如{}{}",
            sets.count(form),
            shared.len(),
            called(own, other),
            examples.join("、"),
            more(others.len()),
        ),
        advice: advice.to_owned(),
        ..Fault::default()
    })
}

/// What an indicator asks for.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Asked<'a> {
    scope: u64,
    /// Number of its name.
    name: u64,
    target: Target<'a>,
}

/// A target as it is compared: `≥95%` however it is spelt.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Target<'a> {
    Measure(Option<Operator>, Decimal, Option<&'a str>),
    Words(String),
}

impl<'a> Target<'a> {
    /// `None` where it is blank.
    fn of(row: &'a Row) -> Option<Self> {
        let written = row.filled(column::TARGET)?;
        Some(match &row.target {
            Some(measure) => Self::Measure(measure.operator, measure.number, measure.unit.as_deref()),
            None => Self::Words(squeeze(written)),
        })
    }
}

/// The names of indicators by number. A round has few that differ, so each is read once.
#[derive(Debug, Default)]
struct Names<'a> {
    written: HashMap<&'a str, Option<u64>>,
    read: HashMap<String, u64>,
}

impl<'a> Names<'a> {
    /// The number of a row's name, without the unit's own in it; `None` where it is blank.
    fn number(&mut self, one: &RoundForm<'a>, row: &'a Row) -> Option<u64> {
        let written = row.filled(column::LEVEL3)?;
        let own = one.identity.unit.key.as_str();
        if !own.is_empty() && written.contains(own) {
            let name = indicator::bare_name(&written.replace(own, ""));
            return read(&mut self.read, &name);
        }
        if let Some(known) = self.written.get(written) {
            return *known;
        }
        let found = read(&mut self.read, &indicator::bare_name(written));
        self.written.insert(written, found);
        found
    }
}

fn read(names: &mut HashMap<String, u64>, name: &str) -> Option<u64> {
    let next = number(names.len());
    let stem = indicator::stem(name);
    (!stem.is_empty()).then(|| *names.entry(stem).or_insert(next))
}

fn number(index: usize) -> u64 {
    u64::try_from(index).unwrap_or(u64::MAX)
}

impl Texts {
    fn of(round: &RoundContext<'_>, kind: Kind) -> Self {
        let names = round.names();
        let mut read: HashMap<(u64, &str), Set> = HashMap::new();
        let (mut places, mut sets, mut first) = (Vec::new(), Vec::new(), Vec::new());
        for (form, one) in round.forms.iter().enumerate() {
            first.push(places.len());
            let Some(scope) = scope(one.form.schema.stage, one.form.schema.subject) else { continue };
            for (at, field) in kind.places(one.form) {
                // A text handed in ten thousand times is read once.
                let set = read.entry((scope, field.text())).or_insert_with(|| {
                    let masked = names.masked(field.text());
                    let counted = masked.chars().filter(|c| !matches!(c, '#' | '0')).count();
                    if counted < SHORTEST_TEXT { near::set([]) } else { near::triples(&masked, scope) }
                });
                places.push(Place { form, cell: field.cell(), at });
                sets.push(Set::clone(set));
            }
        }
        Self { near: Near::of(&sets, SAME_TEXT), places, first }
    }

    /// The places of a form that are long enough to be compared, by number.
    pub(super) fn of_form(&self, form: usize) -> impl Iterator<Item = (usize, Place)> + '_ {
        let from = self.first.get(form).copied().unwrap_or(self.places.len());
        let own = self.places.iter().copied().enumerate().skip(from).take_while(move |(_, place)| place.form == form);
        own.filter(|(number, _)| self.near.has(*number))
    }

    /// The places of other forms where the same is said or nearly so, where the bond is one of those asked for; one a form.
    pub(super) fn like(
        &self,
        round: &RoundContext<'_>,
        number: usize,
        wanted: impl Fn(Bond, Place) -> bool,
    ) -> Vec<Place> {
        let Some(own) = self.places.get(number) else { return Vec::new() };
        let kinship = round.kinship();
        let mut seen = BTreeSet::new();
        let others = self.near.like(number).filter_map(|other| self.places.get(other).copied());
        others
            .filter(|other| other.form != own.form)
            .filter(|other| kinship.bond(round, own.form, other.form).is_some_and(|bond| wanted(bond, *other)))
            .filter(|other| seen.insert(other.form))
            .take(MOST)
            .collect()
    }
}

impl Place {
    /// What stands there.
    pub(super) fn field<'a>(&self, round: &RoundContext<'a>) -> Option<&'a Field> {
        self.at.field(round.forms.get(self.form)?.form)
    }
}

/// The faults of a form's texts that are copied from other forms, of which `wanted` says whether they count.
pub(super) fn copied_texts(
    round: &RoundContext<'_>,
    kind: Kind,
    form: usize,
    wanted: impl Fn(Bond, &Field, &Field) -> bool,
    advice: &str,
) -> Vec<Fault> {
    let texts = round.texts(kind);
    let judge = |(number, place): (usize, Place)| {
        let own = round.forms.get(form)?;
        let field = place.field(round)?;
        let counts = |bond: Bond, other: Place| other.field(round).is_some_and(|their| wanted(bond, field, their));
        let others = texts.like(round, number, counts);
        let first = others.first().and_then(|place| Some((round.forms.get(place.form)?, place.field(round)?)))?;
        let same = squeeze(field.text()) == squeeze(first.1.text());
        let listed = others.iter().take(LISTED).filter_map(|place| {
            let text = place.field(round)?.text();
            Some(elsewhere(round.forms.get(place.form)?, Some(place.cell), text))
        });
        Some(Fault {
            cell: Some(place.cell),
            elsewhere: listed.collect(),
            found: Some(field.text().to_owned()),
            message: format!(
                "{}“{}”与{}的{}{}",
                phrase::at(place.cell, kind.label(own.form, place.cell)),
                excerpt(field.text(), 40),
                called(own, first.0),
                if same { "一字不差" } else { "几乎一样，只换了名称、数字或个别词" },
                more(others.len()),
            ),
            advice: advice.to_owned(),
            ..Fault::default()
        })
    };
    texts.of_form(form).filter_map(judge).collect()
}

/// A place in another form, with what stands there.
pub(super) fn elsewhere(other: &RoundForm<'_>, cell: Option<CellRef>, text: &str) -> Elsewhere {
    Elsewhere { source: other.source.to_owned(), sheet: other.form.sheet.clone(), cell, text: excerpt(text, 60) }
}

/// `本单位“北山泵站改造”（“乙.xlsx”的工作表“自评表”）`, or with the unit's name before it: what another form is, for one
/// who has this one in hand.
pub(super) fn called(own: &RoundForm<'_>, other: &RoundForm<'_>) -> String {
    let whose = if own.identity.unit.key == other.identity.unit.key {
        "本单位".to_owned()
    } else {
        format!("“{}”的", excerpt(&other.identity.unit.name, 24))
    };
    let what = match &other.identity.project {
        Some(project) => format!("“{}”", excerpt(&project.name, 24)),
        None => format!("《{}》", other.form.schema.title),
    };
    let place = if own.source == other.source && own.form.sheet == other.form.sheet {
        "同一张工作表".to_owned()
    } else if own.source == other.source {
        format!("工作表“{}”", other.form.sheet)
    } else {
        format!("“{}”", other.source)
    };
    format!("{whose}{what}（{place}）")
}

/// `；这样的还有 3 份` behind the first that is told.
pub(super) fn more(others: usize) -> String {
    match others {
        0 | 1 => String::new(),
        others if others >= MOST => format!("；这样的还有 {} 份以上", others - 1),
        others => format!("；这样的还有 {} 份", others - 1),
    }
}
