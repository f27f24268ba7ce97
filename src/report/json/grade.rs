//! The grade of a form in `结果.json`: points by dimension, what was deducted, what raises it.

use rust_decimal::Decimal;
use serde::Serialize;

use crate::finding::Dimension;
use crate::grade::{Grade, LedgerEntry, NextStep};
use crate::policy::Band;

#[derive(Serialize)]
pub(super) struct GradeJson<'a> {
    score: String,
    band: Band,
    veto: Option<VetoJson>,
    ledger: Vec<LedgerJson<'a>>,
    next: Vec<StepJson>,
}

#[derive(Serialize)]
struct VetoJson {
    name: &'static str,
    band: Band,
}

#[derive(Serialize)]
struct LedgerJson<'a> {
    dimension: Dimension,
    full: String,
    left: String,
    deductions: Vec<DeductionJson<'a>>,
}

#[derive(Serialize)]
struct DeductionJson<'a> {
    code: &'static str,
    name: &'static str,
    findings: usize,
    points: String,
    reason: &'a str,
}

#[derive(Serialize)]
struct StepJson {
    code: &'static str,
    name: &'static str,
    points: String,
    score: String,
    band: Band,
}

impl<'a> GradeJson<'a> {
    pub(super) fn new(grade: &'a Grade) -> Self {
        Self {
            score: points(grade.score),
            band: grade.band,
            veto: grade.veto.map(|(name, band)| VetoJson { name, band }),
            ledger: grade.ledger.iter().map(ledger).collect(),
            next: grade.next.iter().map(step).collect(),
        }
    }
}

fn ledger(entry: &LedgerEntry) -> LedgerJson<'_> {
    let deductions = entry.deductions.iter().map(|deduction| DeductionJson {
        code: deduction.code,
        name: deduction.name,
        findings: deduction.findings,
        points: points(deduction.points),
        reason: &deduction.reason,
    });
    LedgerJson {
        dimension: entry.dimension,
        full: points(entry.full),
        left: points(entry.left),
        deductions: deductions.collect(),
    }
}

fn step(step: &NextStep) -> StepJson {
    StepJson {
        code: step.code,
        name: step.name,
        points: points(step.points),
        score: points(step.score),
        band: step.band,
    }
}

/// Points with at least one decimal: `86.0`, `86.25`.
fn points(points: Decimal) -> String {
    let mut points = points.normalize();
    if points.scale() == 0 {
        points.rescale(1);
    }
    points.to_string()
}
