//! A round of submissions: inputs in, graded submissions out, in a stable order, one task a workbook.
//!
//! The only user of rayon. Never prints.

mod adopt;
mod answers;
mod books;
mod cache;
mod corrections;
mod earlier;
mod engine;
mod entry;
mod guide;
mod mend;
mod part;
mod rulings;
mod run;
mod settle;
mod workers;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::adopt::{Adoption, Told};
pub use self::answers::{Answer, HEADS, REVIEW_TITLE, STATE, answers, bar, is_damaged, is_review_sheet};
pub use self::books::Books;
pub use self::cache::{Find, Keep, Recalled, Store};
pub use self::corrections::{Correction, Corrections, Origin, Place};
pub use self::engine::Engine;
pub use self::guide::rule_texts;
pub use self::part::{INPUTS, Kept, KeptForm, Part, PartOf, made_otherwise, misfits};
pub use self::run::{Each, Stop, run, run_part, run_until};
pub use self::workers::{WORKER, Workers};
use crate::error::Error;
use crate::finding::{Finding, Severity};
use crate::form::{Evidence, Form};
use crate::grade::Grade;
use crate::policy::Band;
use crate::previous::{PastFinding, Tally};
use crate::roster::Identity;
use crate::rules::RuleOutcome;
pub use crate::template::REVIEW_SHEET;

/// All submissions of a round, ordered by source.
#[derive(Debug)]
pub struct Round {
    /// Id of the policy they were judged by.
    pub policy: String,
    /// Its name for people.
    pub policy_title: String,
    /// The submissions.
    pub submissions: Vec<Submission>,
    /// Files that were passed over, with the reason, by source: lock files, documents.
    pub passed_over: Vec<(String, String)>,
    /// What a person should look at in the bureau's register of decisions: entries that are expired or of no use. In plain
    /// Chinese.
    pub remarks: Vec<String>,
    /// Which part of the round this is; `None` for a whole one. What only the whole shows was not looked at in a part.
    pub part: Option<PartOf>,
}

/// What a unit handed in: one file.
#[derive(Debug)]
pub struct Submission {
    /// The path as given, relative, `/` between its parts; inside an archive `returned.zip/inner.xlsx`.
    pub source: String,
    /// SHA-256 of the file; empty where its bytes could not be read.
    pub sha256: String,
    /// What the file is by its content: `xlsx`, `xls`, …; empty where nothing is known.
    pub container: &'static str,
    /// What became of it.
    pub outcome: Outcome,
    /// What a person should know about the reading, in plain Chinese: a damaged sheet, a signature.
    pub notes: Vec<String>,
    /// What the unit answered on the sheet 审核意见 that came back with it.
    pub answers: Vec<Answer>,
}

/// What became of a submission.
#[derive(Debug)]
pub enum Outcome {
    /// At least one form was found and judged.
    Checked {
        /// The forms in the order of the workbook.
        forms: Vec<CheckedForm>,
        /// Sheets that were not judged, with the reason: hidden, empty, no form.
        skipped: Vec<SkippedSheet>,
    },
    /// A workbook without a known form.
    Unrecognised {
        /// Best guess and what was missing, in plain Chinese.
        reason: String,
        /// Every sheet with its reason.
        skipped: Vec<SkippedSheet>,
    },
    /// No workbook could be read.
    Unreadable(Error),
}

/// A judged form.
#[derive(Debug, Clone)]
pub struct CheckedForm {
    /// The form, read.
    pub form: Form,
    /// Whom and what it speaks of, seen beside all forms of the round.
    pub identity: Identity,
    /// Findings in reading order.
    pub findings: Vec<Finding>,
    /// Every rule's outcome, by code.
    pub rules: BTreeMap<&'static str, RuleOutcome>,
    /// The quality grade.
    pub grade: Grade,
    /// The submission before this one; `None` where there is none to compare with.
    pub earlier: Option<Earlier>,
}

/// What is known of the submission before.
#[derive(Debug, Clone, Default)]
pub struct Earlier {
    /// The file it came in.
    pub source: String,
    /// The quality grade it got; `None` where the result does not tell.
    pub band: Option<Band>,
    /// 已改: findings of then that are gone.
    pub settled: Vec<PastFinding>,
    /// What had been mended by then and stayed so.
    pub settled_before: Vec<PastFinding>,
}

/// A sheet that was not judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SkippedSheet {
    /// Its name.
    pub sheet: String,
    /// Why, in plain Chinese.
    pub reason: String,
    /// The nearest schema and its evidence, where one came near.
    pub nearest: Option<(String, Vec<Evidence>)>,
}

impl Round {
    /// The judged forms with their files, in the order of the round.
    pub fn forms(&self) -> impl Iterator<Item = (&Submission, &CheckedForm)> {
        self.submissions.iter().flat_map(|submission| submission.forms().iter().map(move |form| (submission, form)))
    }
}

impl Submission {
    /// Its judged forms; none where the file was not judged.
    #[must_use]
    pub fn forms(&self) -> &[CheckedForm] {
        match &self.outcome {
            Outcome::Checked { forms, .. } => forms,
            Outcome::Unrecognised { .. } | Outcome::Unreadable(_) => &[],
        }
    }

    /// Why the file was not judged, in plain Chinese: in a word, 未识别 or 无法读取, and at length. `None` where it was.
    #[must_use]
    pub fn unjudged(&self) -> Option<(&'static str, Cow<'_, str>)> {
        match &self.outcome {
            Outcome::Checked { .. } => None,
            Outcome::Unrecognised { reason, .. } => Some(("未识别", Cow::Borrowed(reason))),
            Outcome::Unreadable(error) => Some(("无法读取", Cow::Owned(error.kind.to_string()))),
        }
    }

    /// Its sheets that were not judged.
    #[must_use]
    pub fn skipped(&self) -> &[SkippedSheet] {
        match &self.outcome {
            Outcome::Checked { skipped, .. } | Outcome::Unrecognised { skipped, .. } => skipped,
            Outcome::Unreadable(_) => &[],
        }
    }
}

impl CheckedForm {
    /// How many findings are this bad; those that the bureau accepts are not counted.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity && !finding.is_accepted()).count()
    }

    /// How many findings the bureau accepts as they are.
    #[must_use]
    pub fn accepted(&self) -> usize {
        self.findings.iter().filter(|finding| finding.is_accepted()).count()
    }

    /// What became of its findings since the submission before; `None` where there is none to compare with.
    #[must_use]
    pub fn tally(&self) -> Option<Tally> {
        let earlier = self.earlier.as_ref()?;
        let mut tally = Tally { settled: earlier.settled.len(), ..Tally::default() };
        for finding in &self.findings {
            if let Some(fate) = finding.fate {
                tally.count(fate, finding.is_accepted());
            }
        }
        Some(tally)
    }
}
