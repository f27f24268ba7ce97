//! The quality grade of a form: points by dimension, a ledger that shows every point, and what would lift it.
//!
//! The rubric is policy data. The unit's own 自评得分 is never mixed with it.

use rust_decimal::Decimal;

use crate::finding::Dimension;
use crate::policy::Band;

/// The grade of a form, with its reasons.
#[derive(Debug, Clone, PartialEq)]
pub struct Grade {
    /// 0 to 100; the sum of the ledger.
    pub score: Decimal,
    /// After bands and vetoes.
    pub band: Band,
    /// One entry a dimension, in the rubric's order.
    pub ledger: Vec<LedgerEntry>,
    /// The veto that capped the band, where one did: rule name and band.
    pub veto: Option<(&'static str, Band)>,
    /// The fewest corrections that lift the form to the next band; empty for 优.
    pub next: Vec<NextStep>,
}

/// A dimension's points.
#[derive(Debug, Clone, PartialEq)]
pub struct LedgerEntry {
    /// The dimension.
    pub dimension: Dimension,
    /// Points it starts with.
    pub full: Decimal,
    /// Points left; never below 0.
    pub left: Decimal,
    /// What was taken, in the order of the findings.
    pub deductions: Vec<DeductionEntry>,
}

/// What one rule took.
#[derive(Debug, Clone, PartialEq)]
pub struct DeductionEntry {
    /// The rule's code.
    pub code: &'static str,
    /// The rule's name.
    pub name: &'static str,
    /// Findings of the rule.
    pub findings: usize,
    /// Points taken, after caps; what a dimension cannot lose any more is not counted here.
    pub points: Decimal,
    /// Why it is so many, in plain Chinese.
    pub reason: String,
}

/// One correction on the way to the next band.
#[derive(Debug, Clone, PartialEq)]
pub struct NextStep {
    /// The rule's code.
    pub code: &'static str,
    /// The rule's name.
    pub name: &'static str,
    /// Points won.
    pub points: Decimal,
    /// Score after this and the steps before it.
    pub score: Decimal,
    /// Band after this and the steps before it.
    pub band: Band,
}
