//! The bureau's decisions on explanations, entered into the findings they speak of.

use std::collections::BTreeSet;

use super::books::Books;
use super::{Outcome, Submission};
use crate::decisions::Use;

/// Enters the decisions; returns what a person should look at in the register. Submissions with a decision are `changed`.
pub(super) fn rule(submissions: &mut [Submission], books: Books<'_>, changed: &mut BTreeSet<usize>) -> Vec<String> {
    let Some(decisions) = books.decisions else { return Vec::new() };
    let mut used = Use::of(decisions);
    for (index, submission) in submissions.iter_mut().enumerate() {
        let Outcome::Checked { forms, .. } = &mut submission.outcome else { continue };
        for form in forms {
            used.see(&form.form, &form.identity);
            for finding in &mut form.findings {
                finding.ruling = used.ruling(&form.form, &form.identity, finding, books.today);
                if finding.ruling.is_some() {
                    changed.insert(index);
                }
            }
        }
    }
    used.remarks(books.today)
}
