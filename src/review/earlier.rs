//! The submission before each form: found among earlier rounds, with what the unit answered since; and what became of its
//! findings.

use std::collections::BTreeMap;

use super::{Answer, CheckedForm, Earlier, Submission};
use crate::finding::Reply;
use crate::form::Form;
use crate::policy::{Band, Policy};
use crate::previous::{Known, PastFinding, PastForm, fates, pairs};
use crate::roster::Identity;
use crate::rules::{self, EarlierForm};
use crate::text::squeeze;

/// The submission before a form.
pub(super) struct Before<'a> {
    source: &'a str,
    form: &'a Form,
    band: Option<Band>,
    /// What was told of it, with what the unit answered since.
    findings: Vec<PastFinding>,
    /// What had been mended by then.
    settled: Vec<PastFinding>,
}

/// The submission before of each form of the round, in their order. `past` are `forms` with their identities.
pub(super) fn find<'a>(
    submissions: &[Submission],
    identities: &[Identity],
    forms: &'a [PastForm],
    past: &[Known<'a>],
) -> Vec<Option<Before<'a>>> {
    let round =
        submissions.iter().flat_map(|one| one.forms().iter().map(move |form| (one.source.as_str(), &form.form)));
    let round = known(round, identities);
    let mut before: Vec<Option<Before<'a>>> = round.iter().map(|_| None).collect();
    // One result after the other: a later one takes the place of what it was made of.
    for indices in by_result(forms).into_values() {
        let of_result: Vec<Known<'a>> = indices.iter().filter_map(|index| past.get(*index).copied()).collect();
        for (before, pair) in before.iter_mut().zip(pairs(&round, &of_result)) {
            let then = pair.and_then(|pair| forms.get(*indices.get(pair)?));
            if let Some(then) = then {
                *before = Some(later(before.take(), then));
            }
        }
    }
    let mut before_each = before.iter_mut();
    for submission in submissions {
        let mut answers: Vec<Option<&Answer>> = submission.answers.iter().map(Some).collect();
        for before in before_each.by_ref().take(submission.forms().len()).flatten() {
            before.hear(&mut answers);
        }
    }
    before
}

/// Indices of the forms of each result.
fn by_result(forms: &[PastForm]) -> BTreeMap<usize, Vec<usize>> {
    let mut results: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, form) in forms.iter().enumerate() {
        results.entry(form.result).or_default().push(index);
    }
    results
}

/// A later submission after an earlier one: what the earlier had and the later has not was mended in between.
fn later<'a>(earlier: Option<Before<'a>>, then: &'a PastForm) -> Before<'a> {
    let mut settled = then.settled.clone();
    if let Some(earlier) = earlier {
        let prints: Vec<_> = then.findings.iter().map(print).collect();
        let told = fates(&earlier.findings, &earlier.settled, &prints);
        let mended = picked(&earlier.findings, &told.settled).chain(picked(&earlier.settled, &told.still_settled));
        // The later result may know of it itself.
        let known: Vec<_> = settled.iter().map(print).collect();
        let mended: Vec<PastFinding> = mended.filter(|finding| !rules::compares(&finding.code)).collect();
        let missing = fates(&mended, &[], &known).settled;
        let missing: Vec<PastFinding> = picked(&mended, &missing).collect();
        settled.extend(missing);
    }
    let mut findings = then.findings.clone();
    for finding in &mut findings {
        // A reply to a value that had changed by then is carried no further.
        let found = squeeze(finding.found.as_deref().unwrap_or_default());
        finding.reply = finding.reply.take().filter(|reply| squeeze(&reply.found) == found);
    }
    Before { source: &then.source, form: &then.form, band: then.band, findings, settled }
}

fn print(finding: &PastFinding) -> (&str, &str, &str) {
    (&finding.code, &finding.field, finding.found.as_deref().unwrap_or_default())
}

fn picked<'a>(findings: &'a [PastFinding], indices: &'a [usize]) -> impl Iterator<Item = PastFinding> + 'a {
    indices.iter().filter_map(|index| findings.get(*index).cloned())
}

impl Before<'_> {
    pub(super) fn as_rules_see_it(&self) -> EarlierForm<'_> {
        EarlierForm { form: self.form, findings: &self.findings }
    }

    /// Takes the answers to its findings: by rule and by the cell where the finding stood then, whatever has been moved since.
    fn hear(&mut self, answers: &mut [Option<&Answer>]) {
        let sheet = &self.form.sheet;
        for finding in &mut self.findings {
            let is_meant = |answer: &Option<&Answer>| {
                answer.is_some_and(|one| one.sheet == *sheet && one.code == finding.code && one.cell == finding.cell)
            };
            let Some(answer) = answers.iter_mut().find(|answer| is_meant(answer)).and_then(Option::take) else {
                continue;
            };
            // A statement that was handed back and is gone was taken back.
            finding.reply = answer.says_something().then(|| reply(answer, finding.found.as_deref()));
        }
    }
}

/// The answer as a reply; the value it speaks of as the form has it, where it is the same.
fn reply(answer: &Answer, found: Option<&str>) -> Reply {
    let same = found.filter(|found| squeeze(found) == squeeze(&answer.found));
    Reply {
        adopted: answer.adopted,
        statement: answer.statement.clone(),
        found: same.unwrap_or(&answer.found).to_owned(),
    }
}

/// Gives the findings of a form their fates and the unit's answers; returns whether there is anything to tell.
pub(super) fn enter(
    form: &mut CheckedForm,
    before: Option<Before<'_>>,
    policy: &Policy,
    answers: &mut [Option<&Answer>],
) -> bool {
    if let Some(before) = before {
        compare(form, before, policy, answers);
    }
    let sheet = &form.form.sheet;
    for finding in form.findings.iter_mut().filter(|finding| finding.reply.is_none()) {
        let is_meant = |answer: &Option<&Answer>| {
            answer.is_some_and(|one| one.sheet == *sheet && one.code == finding.code && one.cell == finding.cell)
        };
        let Some(answer) = answers.iter_mut().find(|answer| is_meant(answer)).and_then(Option::take) else { continue };
        finding.reply = Some(reply(answer, finding.found.as_deref()));
    }
    form.earlier.is_some() || form.findings.iter().any(|finding| finding.reply.is_some())
}

fn compare(form: &mut CheckedForm, before: Before<'_>, policy: &Policy, answers: &mut [Option<&Answer>]) {
    let Before { source, form: then, band, findings, settled } = before;
    // What a rule that is off by now said is neither mended nor not.
    let comparable = |code: &str| !rules::compares(code) && rules::is_on(code, &form.form, policy);
    let findings: Vec<PastFinding> = findings.into_iter().filter(|finding| comparable(&finding.code)).collect();
    let settled: Vec<PastFinding> = settled.into_iter().filter(|finding| comparable(&finding.code)).collect();
    let now: Vec<usize> =
        form.findings.iter().enumerate().filter(|(_, one)| comparable(one.code)).map(|(index, _)| index).collect();
    let prints: Vec<(&str, &str, &str)> = now
        .iter()
        .filter_map(|index| form.findings.get(*index))
        .map(|one| (one.code, one.field.as_str(), one.found.as_deref().unwrap_or_default()))
        .collect();
    let told = fates(&findings, &settled, &prints);
    for ((index, fate), same) in now.iter().zip(&told.now).zip(&told.same) {
        let Some(finding) = form.findings.get_mut(*index) else { continue };
        finding.fate = Some(*fate);
        let earlier = same.and_then(|same| findings.get(same));
        finding.reply = earlier.and_then(|earlier| earlier.reply.clone());
    }
    // Answers to what was heard are no answers to something else in the same cell now.
    for answer in answers.iter_mut() {
        let heard = |one: &Answer| {
            let meant = |finding: &PastFinding| one.code == finding.code && one.cell == finding.cell;
            one.sheet == then.sheet && findings.iter().any(meant)
        };
        if answer.is_some_and(heard) {
            *answer = None;
        }
    }
    form.earlier = Some(Earlier {
        source: source.to_owned(),
        band,
        settled: picked(&findings, &told.settled).collect(),
        settled_before: picked(&settled, &told.still_settled).collect(),
    });
}

/// Forms with their identities.
pub(super) fn known<'a>(
    forms: impl Iterator<Item = (&'a str, &'a Form)>,
    identities: &'a [Identity],
) -> Vec<Known<'a>> {
    forms.zip(identities).map(|((source, form), identity)| Known { source, form, identity }).collect()
}
