//! The safe corrections of a workbook: written in memory, judged again, and kept only where they help.
//!
//! A correction counts with all that follows from it: a mended score and the total that counts it are one. Where that
//! brings up a fault the form did not have, none of it is written, and it stays a suggestion.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::corrections::{Corrections, recalculate, write};
use super::{CheckedForm, Engine};
use crate::address::CellRef;
use crate::finding::{Finding, Fix, FixEdit, Safety, Severity};
use crate::grade::{Grade, grade};
use crate::rules::{self, Check};
use crate::workbook::{Cell, Content, Sheet, Workbook};

/// Corrections that follow one from the other at most: parts, total, rate, score, total score, and some to spare.
const LONGEST_CHAIN: usize = 12;

/// What tells findings of one sheet apart.
type Key = (&'static str, Option<CellRef>);

/// A sheet as far as it is mended.
#[derive(Clone)]
struct State {
    sheet: Sheet,
    findings: Vec<Finding>,
}

impl Engine {
    /// The corrections of a judged workbook that may be written without asking. What only the round found is kept in
    /// mind, and nothing of it can be corrected here.
    #[must_use]
    pub fn mend(&self, workbook: &Workbook, forms: &[CheckedForm]) -> Corrections {
        let mut corrections = Corrections::default();
        let names: BTreeSet<&str> = forms.iter().map(|form| form.form.sheet.as_str()).collect();
        for name in names {
            let fixable = forms
                .iter()
                .filter(|form| form.form.sheet == name)
                .any(|form| form.findings.iter().any(|finding| safe_fix(finding).is_some()));
            if let Some(sheet) = workbook.sheet(name).filter(|_| fixable) {
                self.mend_sheet(sheet, &mut corrections);
            }
        }
        if !corrections.is_empty() {
            corrections.after = self.grades_after(workbook, forms, &corrections);
        }
        corrections
    }

    fn mend_sheet(&self, before: &Sheet, corrections: &mut Corrections) {
        let mut state = self.state(before.clone());
        let mut tried: BTreeSet<Key> = BTreeSet::new();
        while let Some(root) = next(&state.findings, &tried).cloned() {
            tried.insert(key(&root));
            let Some((after, edits)) = self.chain(before, &state, &root) else { continue };
            let results = recalculated(before, &after.sheet);
            corrections.note(before, &root, &edits);
            corrections.results.retain(|(sheet, _), _| sheet != before.name());
            corrections
                .results
                .extend(results.into_iter().map(|(at, number)| ((before.name().to_owned(), at), number)));
            state = after;
        }
    }

    /// The sheet with a correction and what follows from it; `None` where it does not help.
    fn chain(
        &self,
        handed_in: &Sheet,
        before: &State,
        root: &Finding,
    ) -> Option<(State, Vec<(FixEdit, &'static str)>)> {
        let known: BTreeSet<Key> = before.findings.iter().map(key).collect();
        let mut edits: Vec<(FixEdit, &'static str)> = Vec::new();
        let mut state = before.clone();
        let mut step = Some(root.clone());
        for _ in 0..LONGEST_CHAIN {
            let Some(finding) = step else { break };
            let fix = safe_fix(&finding)?;
            if !is_writable(&state.sheet, fix) {
                return None;
            }
            state = self.with(handed_in, &state, &fix.edits);
            edits.extend(fix.edits.iter().map(|edit| (edit.clone(), finding.code)));
            if state.findings.iter().any(|other| key(other) == key(&finding)) {
                return None;
            }
            step =
                state.findings.iter().find(|other| !known.contains(&key(other)) && safe_fix(other).is_some()).cloned();
        }
        // Where a formula stands, the program that opens the file has the last word.
        let computed = |finding: &Finding| {
            let cell = finding.cell.and_then(|at| state.sheet.stored(at));
            cell.is_some_and(|cell| cell.formula.is_some())
        };
        let harmless = |finding: &Finding| {
            finding.severity == Severity::Info || known.contains(&key(finding)) || computed(finding)
        };
        state.findings.iter().all(harmless).then_some((state, edits))
    }

    fn state(&self, sheet: Sheet) -> State {
        let findings = self.judge_sheet(&sheet).into_iter().flat_map(|form| form.findings).collect();
        State { sheet, findings }
    }

    /// The sheet with these contents, the formulas that follow from what was written since it was handed in calculated
    /// anew, judged again.
    fn with(&self, handed_in: &Sheet, state: &State, edits: &[FixEdit]) -> State {
        let mut sheet = state.sheet.clone();
        for edit in edits {
            write(&mut sheet, edit.cell, &edit.value);
        }
        recalculate(handed_in, &mut sheet);
        self.state(sheet)
    }

    /// The grades of the forms once the corrections are in; what only the round found counts on.
    pub(super) fn grades_after(
        &self,
        workbook: &Workbook,
        forms: &[CheckedForm],
        corrections: &Corrections,
    ) -> Vec<Grade> {
        let mended = corrections.applied_to(workbook);
        let mut judged = Vec::new();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for form in forms {
            let name = form.form.sheet.as_str();
            if seen.insert(name) {
                judged.extend(mended.sheet(name).map(|sheet| self.judge_sheet(sheet)).unwrap_or_default());
            }
        }
        let of_round =
            |finding: &&Finding| rules::find(finding.code).is_some_and(|rule| matches!(rule.check, Check::Round(_)));
        // A correction that changes what is recognised tells no grade of the same forms.
        let same = judged.len() == forms.len();
        let pairs = forms.iter().zip(judged).filter(|_| same);
        pairs
            .map(|(form, judged)| {
                let mut findings = judged.findings;
                findings.extend(form.findings.iter().filter(of_round).cloned());
                grade(&findings, &self.policy().rubric)
            })
            .collect()
    }
}

/// The results of formulas on a mended sheet that are not those of the sheet handed in.
pub(super) fn recalculated(before: &Sheet, after: &Sheet) -> Vec<(CellRef, Decimal)> {
    let changed = |(at, cell): (CellRef, &Cell)| {
        let Content::Number(number) = cell.content else { return None };
        let kept = before.stored(at)?;
        (cell.formula.is_some() && kept.content != cell.content).then_some((at, number))
    };
    after.cells().filter_map(changed).collect()
}

fn key(finding: &Finding) -> Key {
    (finding.code, finding.cell)
}

fn safe_fix(finding: &Finding) -> Option<&Fix> {
    finding.fix.as_ref().filter(|fix| fix.safety == Safety::Safe)
}

/// Whether no formula is lost.
fn is_writable(sheet: &Sheet, fix: &Fix) -> bool {
    fix.edits.iter().all(|edit| sheet.stored(edit.cell).is_none_or(|cell| cell.formula.is_none()))
}

/// The next finding to mend: one that rests on nothing another one would still change, else the first.
fn next<'a>(findings: &'a [Finding], tried: &BTreeSet<Key>) -> Option<&'a Finding> {
    let open: Vec<&Finding> =
        findings.iter().filter(|finding| safe_fix(finding).is_some() && !tried.contains(&key(finding))).collect();
    let changed_by_others = |finding: &Finding, at: &CellRef| {
        open.iter().any(|other| {
            key(other) != key(finding)
                && safe_fix(other).is_some_and(|fix| fix.edits.iter().any(|edit| edit.cell == *at))
        })
    };
    let rests_on_change = |finding: &Finding| {
        let rests_on = safe_fix(finding).map(|fix| fix.rests_on.as_slice()).unwrap_or_default();
        finding.related.iter().chain(rests_on).any(|at| changed_by_others(finding, at))
    };
    open.iter().find(|finding| !rests_on_change(finding)).or(open.first()).copied()
}
