//! What several forms of a round have in common: indicators, goals, results, reasons.
//!
//! It is found once for all the rules that ask, and says what is alike, not whether it may be. Amounts of work grow with
//! the forms, not with their pairs (see `text::near`).

use std::sync::OnceLock;

use super::copied_texts::{Kind, Texts};
use super::indicator_sets::Sets;
use super::kinship::{Kinship, scope};
use super::name_book::NameBook;
use super::{Fault, RoundContext, RoundForm, Verdict};
use crate::form::Form;

/// What forms have in common, found when a rule first asks.
#[derive(Debug, Clone, Default)]
pub(super) struct Copies {
    kinship: OnceLock<Kinship>,
    names: OnceLock<NameBook>,
    sets: OnceLock<Sets>,
    goals: OnceLock<Texts>,
    results: OnceLock<Texts>,
    reasons: OnceLock<Texts>,
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
