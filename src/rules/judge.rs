//! How forms go through the table of rules: each rule says where and what, the table stamps which and how bad.

use std::collections::BTreeMap;

use super::{Check, Context, Fault, RULES, RoundContext, Rule, RuleOutcome, Verdict, fix};
use crate::address::CellRef;
use crate::finding::{Finding, Severity};
use crate::form::{Field, Form};
use crate::policy::Policy;
use crate::schema::concept::field;

/// What was found in a form.
pub type Findings = Vec<Finding>;

/// Every rule's outcome for a form, by code.
pub type Outcomes = BTreeMap<&'static str, RuleOutcome>;

/// A form's findings in reading order (form-level ones first), and the outcome of every rule that looks at one form.
#[must_use]
pub fn check_form(form: &Form, policy: &Policy) -> (Findings, Outcomes) {
    let context = Context { form, policy };
    let (mut findings, mut outcomes) = (Vec::new(), BTreeMap::new());
    let mut paths = None;
    for rule in RULES {
        let Check::Form(check) = rule.check else { continue };
        let outcome = match severity(rule, form, policy) {
            Some(severity) => {
                let mut stamped = |fault| stamp(rule, severity, form, &mut paths, fault);
                settle(check(&context), |fault| findings.push(stamped(fault)))
            }
            None => RuleOutcome::NotApplicable,
        };
        outcomes.insert(rule.code, outcome);
    }
    fix::weigh(&mut findings);
    sort(&mut findings);
    (findings, outcomes)
}

/// What the rules that look across forms say: findings and outcomes of each form, in the order of the round.
#[must_use]
pub fn check_round(context: &RoundContext<'_>) -> Vec<(Findings, Outcomes)> {
    let mut judged: Vec<(Findings, Outcomes)> = context.forms.iter().map(|_| Default::default()).collect();
    let mut paths: Vec<Option<BTreeMap<_, _>>> = context.forms.iter().map(|_| None).collect();
    for rule in RULES {
        let Check::Round(check) = rule.check else { continue };
        let levels: Vec<_> = context.forms.iter().map(|one| severity(rule, one.form, context.policy)).collect();
        // A rule that is off for every form need not look.
        let verdicts = if levels.iter().any(Option::is_some) { check(context) } else { Vec::new() };
        let mut verdicts = verdicts.into_iter();
        for (((one, level), (findings, outcomes)), paths) in
            context.forms.iter().zip(levels).zip(&mut judged).zip(&mut paths)
        {
            let verdict = verdicts.next().unwrap_or(Verdict::NotApplicable);
            let outcome = match level {
                Some(severity) => settle(verdict, |fault| findings.push(stamp(rule, severity, one.form, paths, fault))),
                None => RuleOutcome::NotApplicable,
            };
            outcomes.insert(rule.code, outcome);
        }
    }
    for (findings, _) in &mut judged {
        sort(findings);
    }
    judged
}

/// Brings findings into reading order, form-level ones first.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by_key(|finding| (finding.cell, finding.code));
}

/// How bad the rule's findings are in this form; `None` where policy or schema turn it off.
fn severity(rule: &Rule, form: &Form, policy: &Policy) -> Option<Severity> {
    let level = policy.severities.get(rule.name).or_else(|| policy.severities.get(rule.code));
    let severity = match level {
        Some(level) => level.severity(),
        None => Some(rule.severity),
    };
    severity.filter(|_| !form.schema.rules_off.iter().any(|off| off == rule.name))
}

fn settle(verdict: Verdict, each: impl FnMut(Fault)) -> RuleOutcome {
    match verdict {
        Verdict::NotApplicable => RuleOutcome::NotApplicable,
        Verdict::InsufficientData => RuleOutcome::InsufficientData,
        Verdict::Checked(faults) if faults.is_empty() => RuleOutcome::Passed,
        Verdict::Checked(faults) => {
            faults.into_iter().for_each(each);
            RuleOutcome::Found
        }
    }
}

/// The finding of a fault. `paths` are the form's, looked up once it has a fault.
fn stamp(
    rule: &'static Rule,
    severity: Severity,
    form: &Form,
    paths: &mut Option<BTreeMap<CellRef, String>>,
    fault: Fault,
) -> Finding {
    let Fault { cell, mut related, mut elsewhere, found, expected, difference, message, advice, fix } = fault;
    // In a list the whole form is one project of many: its name says which.
    let name = || form.record.field(field::PROJECT).filter(|_| form.schema.list).map(Field::cell);
    let path = |at| paths.get_or_insert_with(|| form.paths()).get(&at).cloned();
    let field = cell.and_then(path).or_else(|| expected.clone()).unwrap_or_default();
    let cell = cell.or_else(name);
    related.sort_unstable();
    related.dedup();
    related.retain(|other| Some(*other) != cell);
    elsewhere.dedup();
    Finding {
        code: rule.code,
        name: rule.name,
        severity,
        dimension: rule.dimension,
        sheet: form.sheet.clone(),
        cell,
        field,
        related,
        elsewhere,
        found,
        expected,
        difference,
        message,
        advice,
        authority: rule.authority,
        fix,
        fate: None,
    }
}
