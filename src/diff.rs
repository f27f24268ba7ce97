//! Two rounds compared: for each form what was mended, what is still there, what is new, and which values changed.

use std::collections::BTreeMap;

use crate::finding::Fate;
use crate::form::{Change, changes};
use crate::previous::{Known, PastFinding, PastForm, Tally, fates, pairs};
use crate::roster::{Claim, Identity, Registry};
use crate::rules;

/// Two rounds side by side.
#[derive(Debug, Default)]
pub struct Difference<'a> {
    /// Forms of both, in the order of the new round.
    pub forms: Vec<FormDifference<'a>>,
    /// Forms of the old round alone.
    pub gone: Vec<&'a PastForm>,
    /// Forms of the new round alone.
    pub added: Vec<&'a PastForm>,
}

/// A form in both rounds.
#[derive(Debug)]
pub struct FormDifference<'a> {
    /// As it was.
    pub old: &'a PastForm,
    /// As it is.
    pub new: &'a PastForm,
    /// 已改: findings that are gone.
    pub settled: Vec<&'a PastFinding>,
    /// The findings now, each with its fate; those about the submission itself are left out.
    pub now: Vec<(Fate, &'a PastFinding)>,
    /// Values that changed.
    pub changes: Vec<Change>,
}

impl FormDifference<'_> {
    /// How many findings met which fate.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut tally = Tally { settled: self.settled.len(), ..Tally::default() };
        for (fate, finding) in &self.now {
            tally.count(*fate, finding.accepted);
        }
        tally
    }

    /// Whether nothing differs: the same findings and the same values.
    #[must_use]
    pub fn is_none(&self) -> bool {
        let same = |(fate, _): &(Fate, _)| *fate == Fate::Unchanged;
        self.settled.is_empty() && self.changes.is_empty() && self.now.iter().all(same)
    }
}

impl Difference<'_> {
    /// How many findings met which fate, in all forms of both rounds.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for form in &self.forms {
            tally += form.tally();
        }
        tally
    }

    /// Whether nothing differs.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.gone.is_empty() && self.added.is_empty() && self.forms.iter().all(FormDifference::is_none)
    }
}

/// Compares two rounds. Forms are known again as a review with `--previous` knows them.
#[must_use]
pub fn difference<'a>(old: &'a [PastForm], new: &'a [PastForm], registry: Registry<'_>) -> Difference<'a> {
    let claims: Vec<Claim> = old.iter().chain(new).map(|past| Claim::of(&past.form)).collect();
    let identities = registry.identify(&claims);
    let (of_old, of_new) = identities.split_at(old.len().min(identities.len()));
    let pairs = pairs(&known(new, of_new), &known(old, of_old));
    let mut left: BTreeMap<usize, &PastForm> = old.iter().enumerate().collect();
    let mut difference = Difference::default();
    for (form, pair) in new.iter().zip(pairs) {
        match pair.and_then(|pair| left.remove(&pair)) {
            Some(then) => difference.forms.push(compare(then, form)),
            None => difference.added.push(form),
        }
    }
    difference.gone = left.into_values().collect();
    difference
}

fn known<'a>(forms: &'a [PastForm], identities: &'a [Identity]) -> Vec<Known<'a>> {
    let one =
        |(past, identity): (&'a PastForm, &'a Identity)| Known { source: &past.source, form: &past.form, identity };
    forms.iter().zip(identities).map(one).collect()
}

fn compare<'a>(old: &'a PastForm, new: &'a PastForm) -> FormDifference<'a> {
    let compared = |finding: &&PastFinding| !rules::compares(&finding.code);
    let before: Vec<PastFinding> = old.findings.iter().filter(compared).cloned().collect();
    let now: Vec<&PastFinding> = new.findings.iter().filter(compared).collect();
    let prints: Vec<(&str, &str, &str)> = now
        .iter()
        .map(|one| (one.code.as_str(), one.field.as_str(), one.found.as_deref().unwrap_or_default()))
        .collect();
    let told = fates(&before, &old.settled, &prints);
    let before: Vec<&PastFinding> = old.findings.iter().filter(compared).collect();
    FormDifference {
        old,
        new,
        settled: told.settled.iter().filter_map(|index| before.get(*index).copied()).collect(),
        now: told.now.into_iter().zip(now).collect(),
        changes: changes(&old.form, &new.form),
    }
}
