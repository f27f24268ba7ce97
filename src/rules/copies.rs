//! What several forms of a round have in common: indicators, goals, results, reasons.
//!
//! It is found once for all the rules that ask, and says what is alike, not whether it may be. Amounts of work grow with
//! the forms, not with their pairs (see `text::near`).

use std::cell::OnceCell;

use super::copied_texts::{Kind, Texts};
use super::indicator_sets::Sets;
use super::kinship::{Kinship, scope};
use super::name_book::NameBook;
use super::{Fault, RoundContext, RoundForm, Verdict};
use crate::address::CellRef;
use crate::finding::Elsewhere;
use crate::form::Form;
use crate::text::excerpt;

/// Forms of a round that a finding lists by name.
pub(super) const LISTED: usize = 3;

/// Forms that are looked for before a finding says 以上.
pub(super) const MOST: usize = 10;

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
