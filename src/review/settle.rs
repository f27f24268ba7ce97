//! What only the whole round shows: whom each form speaks of, the rules that look across forms, what became of the findings
//! of earlier rounds, and what the bureau decided. Grades come last.

use std::collections::BTreeSet;

use super::books::Books;
use super::earlier::{Before, enter, find, known};
use super::rulings::rule;
use super::workers::Pool;
use super::{Outcome, Submission};
use crate::grade::grade;
use crate::policy::Policy;
use crate::previous::Known;
use crate::roster::{Claim, Identity};
use crate::rules::{self, EarlierForm, RoundContext, RoundForm, RoundRule};

/// What settling a round came to.
pub(super) struct Settled {
    /// Indices of the submissions that have other findings, or more to tell of them, than by themselves.
    pub(super) changed: BTreeSet<usize>,
    /// What a person should look at in the register of decisions.
    pub(super) remarks: Vec<String>,
}

/// Completes the forms of a round.
pub(super) fn settle(submissions: &mut [Submission], policy: &Policy, books: Books<'_>, pool: &Pool) -> Settled {
    let (identities, past_identities) = identify(submissions, books);
    let mut before = {
        let past: Vec<Known<'_>> =
            known(books.past.iter().map(|past| (past.source.as_str(), &past.form)), &past_identities);
        find(submissions, &identities, books.past, &past)
    };
    let judged = judge(submissions, (&identities, &past_identities), &before, policy, books, pool);
    let mut judged = judged.into_iter().zip(identities).zip(before.iter_mut());
    let mut changed = BTreeSet::new();
    for (index, submission) in submissions.iter_mut().enumerate() {
        let Submission { outcome: Outcome::Checked { forms, .. }, answers, .. } = submission else { continue };
        let mut answers: Vec<_> = answers.iter().filter(|answer| answer.says_something()).map(Some).collect();
        for (form, (((findings, outcomes), identity), before)) in forms.iter_mut().zip(judged.by_ref()) {
            form.identity = identity;
            form.rules.extend(outcomes);
            if !findings.is_empty() {
                changed.insert(index);
                form.findings.extend(findings);
                rules::sort(&mut form.findings);
            }
            let told = enter(form, before.take(), policy, &mut answers);
            if told {
                changed.insert(index);
            }
        }
    }
    let remarks = rule(submissions, books, &mut changed);
    for index in &changed {
        let Some(Submission { outcome: Outcome::Checked { forms, .. }, .. }) = submissions.get_mut(*index) else {
            continue;
        };
        for form in forms {
            form.grade = grade(&form.findings, &policy.rubric);
        }
    }
    Settled { changed, remarks }
}

/// Tells the forms of a part whom they speak of, as far as the part shows.
pub(super) fn acquaint(submissions: &mut [Submission], books: Books<'_>) {
    let (identities, _) = identify(submissions, books);
    let forms = submissions.iter_mut().filter_map(|submission| match &mut submission.outcome {
        Outcome::Checked { forms, .. } => Some(forms),
        Outcome::Unrecognised { .. } | Outcome::Unreadable(_) => None,
    });
    for (form, identity) in forms.flatten().zip(identities) {
        form.identity = identity;
    }
}

/// Whom the forms of the round, and those of earlier ones, speak of.
fn identify(submissions: &[Submission], books: Books<'_>) -> (Vec<Identity>, Vec<Identity>) {
    let forms = submissions.iter().flat_map(Submission::forms);
    let mut claims: Vec<Claim> = forms.map(|checked| Claim::of(&checked.form)).collect();
    let current = claims.len();
    claims.extend(books.past.iter().map(|past| Claim::of(&past.form)));
    let mut identities = books.registry.identify(&claims);
    let past = identities.split_off(current);
    (identities, past)
}

/// What the rules that look across forms say, form by form.
fn judge(
    submissions: &[Submission],
    (identities, past_identities): (&[Identity], &[Identity]),
    before: &[Option<Before<'_>>],
    policy: &Policy,
    books: Books<'_>,
    pool: &Pool,
) -> Vec<(rules::Findings, rules::Outcomes)> {
    let forms =
        submissions.iter().flat_map(|one| one.forms().iter().map(move |form| (one.source.as_str(), &form.form)));
    let round_form = |Known { source, form, identity }| RoundForm { source, form, identity };
    let round: Vec<RoundForm<'_>> = known(forms, identities).into_iter().map(round_form).collect();
    let past = known(books.past.iter().map(|past| (past.source.as_str(), &past.form)), past_identities);
    let past: Vec<RoundForm<'_>> = past.into_iter().map(round_form).collect();
    let earlier: Vec<Option<EarlierForm<'_>>> =
        before.iter().map(|before| before.as_ref().map(Before::as_rules_see_it)).collect();
    let context = RoundContext::new(&round, policy, books.registry, &past).with_earlier(&earlier);
    rules::gather(&context, pool.map(RoundRule::all(), |rule| rule.ask(&context)))
}
