//! What only the whole round shows: whom each form speaks of, and the rules that look across forms. Grades come last.

use std::collections::BTreeSet;

use super::{Outcome, Submission};
use crate::grade::grade;
use crate::policy::Policy;
use crate::previous::PastForm;
use crate::roster::{Claim, Registry};
use crate::rules::{self, RoundContext, RoundForm};

/// What a round is seen beside.
#[derive(Debug, Clone, Copy, Default)]
pub struct Books<'a> {
    /// 名册 and 项目台账.
    pub registry: Registry<'a>,
    /// The forms of earlier rounds and stages.
    pub past: &'a [PastForm],
}

/// Completes the forms of a round; returns the indices of the submissions that have other findings than by themselves.
pub(super) fn settle(submissions: &mut [Submission], policy: &Policy, books: Books<'_>) -> BTreeSet<usize> {
    let forms = || submissions.iter().flat_map(|one| one.forms().iter().map(move |form| (one, form)));
    let mut claims: Vec<Claim> = forms().map(|(_, checked)| Claim::of(&checked.form)).collect();
    let current = claims.len();
    claims.extend(books.past.iter().map(|past| Claim::of(&past.form)));
    let mut identities = books.registry.identify(&claims);
    let past_identities = identities.split_off(current);
    let round: Vec<RoundForm<'_>> = forms()
        .zip(&identities)
        .map(|((submission, checked), identity)| RoundForm {
            source: &submission.source,
            form: &checked.form,
            identity,
        })
        .collect();
    let past: Vec<RoundForm<'_>> = books
        .past
        .iter()
        .zip(&past_identities)
        .map(|(past, identity)| RoundForm { source: &past.source, form: &past.form, identity })
        .collect();
    let judged = rules::check_round(&RoundContext::new(&round, policy, books.registry, &past));
    let mut judged = judged.into_iter().zip(identities);
    let mut changed = BTreeSet::new();
    for (index, submission) in submissions.iter_mut().enumerate() {
        let Outcome::Checked { forms, .. } = &mut submission.outcome else { continue };
        for (form, ((findings, outcomes), identity)) in forms.iter_mut().zip(judged.by_ref()) {
            form.identity = identity;
            form.rules.extend(outcomes);
            if !findings.is_empty() {
                form.findings.extend(findings);
                rules::sort(&mut form.findings);
                form.grade = grade(&form.findings, &policy.rubric);
                changed.insert(index);
            }
        }
    }
    changed
}
