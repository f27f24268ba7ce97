//! A round of submissions: inputs in, graded submissions out, in a stable order, one task a workbook.
//!
//! The only user of rayon. Never prints.

use std::collections::BTreeMap;

use crate::error::Error;
use crate::finding::Finding;
use crate::form::{Evidence, Form};
use crate::grade::Grade;
use crate::rules::RuleOutcome;

/// All submissions of a round, ordered by source.
#[derive(Debug)]
pub struct Round {
    /// Name of the policy they were judged by.
    pub policy: String,
    /// The submissions.
    pub submissions: Vec<Submission>,
}

/// What a unit handed in: one file.
#[derive(Debug)]
pub struct Submission {
    /// The path as given, relative, `/` between its parts; inside an archive `returned.zip/inner.xlsx`.
    pub source: String,
    /// What the file is by its content: `xlsx`, `xls`, …; empty where nothing is known.
    pub container: &'static str,
    /// What became of it.
    pub outcome: Outcome,
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
#[derive(Debug)]
pub struct CheckedForm {
    /// The form, read.
    pub form: Form,
    /// Findings in reading order.
    pub findings: Vec<Finding>,
    /// Every rule's outcome, by code.
    pub rules: BTreeMap<&'static str, RuleOutcome>,
    /// The quality grade.
    pub grade: Grade,
}

/// A sheet that was not judged.
#[derive(Debug, Clone, PartialEq)]
pub struct SkippedSheet {
    /// Its name.
    pub sheet: String,
    /// Why, in plain Chinese.
    pub reason: String,
    /// The nearest schema and its evidence, where one came near.
    pub nearest: Option<(String, Vec<Evidence>)>,
}
