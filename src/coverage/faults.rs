//! Findings by rule: how often, in how many units and projects.

use std::collections::{BTreeMap, BTreeSet};

use super::expected::FormLine;
use crate::finding::Severity;

/// A rule with its findings in the round.
#[derive(Debug, Clone, PartialEq)]
pub struct FaultLine {
    /// The rule's code.
    pub code: &'static str,
    /// The rule's name.
    pub name: &'static str,
    /// The worst it was found with.
    pub severity: Severity,
    /// Findings.
    pub findings: usize,
    /// Forms with at least one.
    pub forms: usize,
    /// Units with at least one.
    pub units: usize,
    /// Projects with at least one; forms about whole departments count as none.
    pub projects: usize,
}

/// Counts findings by rule, the most frequent first, of equals the lowest code.
#[must_use]
pub fn faults(forms: &[FormLine<'_>]) -> Vec<FaultLine> {
    let mut lines: BTreeMap<&'static str, FaultLine> = BTreeMap::new();
    let mut units: BTreeSet<(&'static str, String)> = BTreeSet::new();
    let mut projects: BTreeSet<(&'static str, String, String)> = BTreeSet::new();
    for form in forms {
        let unit = &form.judged.identity.unit.key;
        let project = form.judged.identity.project.as_ref().map(|project| &project.key);
        let mut in_form = BTreeSet::new();
        for finding in &form.judged.findings {
            let line = lines.entry(finding.code).or_insert(FaultLine {
                code: finding.code,
                name: finding.name,
                severity: finding.severity,
                findings: 0,
                forms: 0,
                units: 0,
                projects: 0,
            });
            line.severity = line.severity.max(finding.severity);
            line.findings += 1;
            line.forms += usize::from(in_form.insert(finding.code));
            line.units += usize::from(units.insert((finding.code, unit.clone())));
            if let Some(project) = project {
                line.projects += usize::from(projects.insert((finding.code, unit.clone(), project.clone())));
            }
        }
    }
    let mut lines: Vec<FaultLine> = lines.into_values().collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.findings));
    lines
}
