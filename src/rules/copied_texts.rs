//! Which forms say the same in a goal, a result, a reason, names and numbers aside.

use std::collections::{BTreeSet, HashMap};

use super::kinship::{Bond, scope};
use super::others::{LISTED, MOST, called, elsewhere, more};
use super::{Fault, RoundContext, Verdict, phrase};
use crate::address::CellRef;
use crate::form::{Field, Form};
use crate::schema::concept::{amount, column, field};
use crate::text::near::{self, Near, Set};
use crate::text::{excerpt, squeeze};

/// Triples of characters that two texts share, in hundredths. Names and numbers do not count, so that a copy with these
/// replaced is the same; two or three words may be changed in a sentence of sixty characters.
const SAME_TEXT: usize = 85;

/// A text with fewer characters than this, names and numbers aside, is a turn of phrase: 按计划完成年度各项工作任务.
const SHORTEST_TEXT: usize = 20;

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
        match self.ats(form).into_iter().any(|at| at.field(form).is_some()) {
            true => Verdict::Checked(Vec::new()),
            false if asked.iter().any(|id| form.record.field(id).is_some()) => Verdict::InsufficientData,
            false => Verdict::NotApplicable,
        }
    }

    /// Where such texts may stand.
    fn ats(self, form: &Form) -> Vec<At> {
        match self {
            Self::Goal => [field::GOAL, field::TERM_GOAL].map(At::Field).into(),
            Self::Result => [field::GOAL_ACTUAL, field::CONCLUSION].map(At::Field).into(),
            Self::Reason => {
                let money = form.record.funding().map_or(0, |grid| grid.rows.len());
                let rows = form.record.indicators().map_or(0, |table| table.rows.len());
                let all = std::iter::once(At::Field(field::DEVIATION_SUMMARY)).chain((0..money).map(At::Money));
                all.chain((0..rows).map(At::Row)).collect()
            }
        }
    }

    fn places(self, form: &Form) -> Vec<(At, &Field)> {
        let mut told = self.ats(form).into_iter().filter_map(|at| Some((at, at.field(form)?)));
        match self {
            Self::Goal => told.next().into_iter().collect(),
            Self::Result => told.collect(),
            Self::Reason => {
                let mut seen = BTreeSet::new();
                told.filter(|(_, field)| seen.insert(field.cell())).collect()
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

impl Texts {
    pub(super) fn of(round: &RoundContext<'_>, kind: Kind) -> Self {
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
                "{}“{}”与{}的 {} {}{}",
                phrase::at(place.cell, kind.label(own.form, place.cell)),
                excerpt(field.text(), 40),
                called(own, first.0),
                first.1.cell(),
                if same { "一字不差" } else { "几乎一样，只换了名称、数字或个别词" },
                more(others.len()),
            ),
            advice: advice.to_owned(),
            ..Fault::default()
        })
    };
    texts.of_form(form).filter_map(judge).collect()
}
