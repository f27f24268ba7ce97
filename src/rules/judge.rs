//! How forms go through the table of rules: each rule says where and what, the table stamps which and how bad.

use std::collections::BTreeMap;

use super::{Check, Context, Fault, RULES, RoundContext, Rule, RuleOutcome, Verdict, fix, stale_formula};
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
    let recalculated = form.recalculated();
    for rule in RULES {
        let Check::Form(check) = rule.check else { continue };
        let outcome = match severity(rule, form, policy) {
            Some(severity) => {
                let verdict = unless_stale(rule, check, &context, recalculated.as_ref());
                let stamped = |fault| stamp(rule, severity, form, fault);
                settle(verdict, |fault| findings.push(stamped(fault)))
            }
            None => RuleOutcome::NotApplicable,
        };
        outcomes.insert(rule.code, outcome);
    }
    fix::weigh(&mut findings);
    sort(&mut findings);
    (findings, outcomes)
}

/// What a rule says of a form without the faults that are gone once its formulas are calculated anew: one cause, one
/// finding, that of [`stale_formula`].
fn unless_stale(
    rule: &Rule,
    check: fn(&Context<'_>) -> Verdict,
    context: &Context<'_>,
    recalculated: Option<&Form>,
) -> Verdict {
    let verdict = check(context);
    match (recalculated, verdict) {
        (Some(form), Verdict::Checked(mut faults)) if rule.code != stale_formula::RULE.code && !faults.is_empty() => {
            let anew = check(&Context { form, ..*context });
            faults.retain(|fault| !is_mended(context, &anew, fault));
            Verdict::Checked(faults)
        }
        (_, verdict) => verdict,
    }
}

/// Whether a fault at figures that wait to be calculated anew is gone once they are.
fn is_mended(context: &Context<'_>, anew: &Verdict, fault: &Fault) -> bool {
    let is_stale = |at: CellRef| {
        context.form.record.all_fields().any(|field| field.cell() == at && field.provenance.stale.is_some())
    };
    let still_there = match anew {
        Verdict::Checked(faults) => faults.iter().any(|other| other.cell == fault.cell),
        _ => false,
    };
    !still_there && fault.cell.iter().chain(&fault.related).any(|at| is_stale(*at))
}

/// A rule that looks across forms, to be asked by itself: none needs what another says.
#[derive(Debug, Clone, Copy)]
pub struct RoundRule {
    rule: &'static Rule,
    check: fn(&RoundContext<'_>) -> Vec<Verdict>,
}

/// What a rule that looks across forms says.
#[derive(Debug)]
pub struct RoundSaid {
    rule: &'static Rule,
    /// How bad its findings are, form by form.
    levels: Vec<Option<Severity>>,
    verdicts: Vec<Verdict>,
}

impl RoundRule {
    /// The rules that look across forms, in the order of the table.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let of = |rule: &&'static Rule| match rule.check {
            Check::Round(check) => Some(Self { rule, check }),
            Check::Form(_) => None,
        };
        RULES.iter().filter_map(of).collect()
    }

    /// Its code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.rule.code
    }

    /// What it says of a round.
    #[must_use]
    pub fn ask(&self, context: &RoundContext<'_>) -> RoundSaid {
        let Self { rule, check } = *self;
        let levels: Vec<_> = context.forms.iter().map(|one| severity(rule, one.form, context.policy)).collect();
        // A rule that is off for every form need not look.
        let verdicts = if levels.iter().any(Option::is_some) { check(context) } else { Vec::new() };
        RoundSaid { rule, levels, verdicts }
    }
}

/// What the rules that look across forms say: findings and outcomes of each form, in the order of the round.
#[must_use]
pub fn check_round(context: &RoundContext<'_>) -> Vec<(Findings, Outcomes)> {
    gather(context, RoundRule::all().iter().map(|rule| rule.ask(context)))
}

/// The same of rules that were asked one by one.
#[must_use]
pub fn gather(context: &RoundContext<'_>, said: impl IntoIterator<Item = RoundSaid>) -> Vec<(Findings, Outcomes)> {
    let mut judged: Vec<(Findings, Outcomes)> = context.forms.iter().map(|_| Default::default()).collect();
    for RoundSaid { rule, levels, verdicts } in said {
        let mut verdicts = verdicts.into_iter();
        for ((one, level), (findings, outcomes)) in context.forms.iter().zip(levels).zip(&mut judged) {
            let verdict = verdicts.next().unwrap_or(Verdict::NotApplicable);
            let outcome = match level {
                Some(severity) => settle(verdict, |fault| findings.push(stamp(rule, severity, one.form, fault))),
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

/// Whether there is a rule of this code that policy and schema let look at the form.
#[must_use]
pub fn is_on(code: &str, form: &Form, policy: &Policy) -> bool {
    RULES.iter().find(|rule| rule.code == code).is_some_and(|rule| severity(rule, form, policy).is_some())
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

/// The finding of a fault.
fn stamp(rule: &'static Rule, severity: Severity, form: &Form, fault: Fault) -> Finding {
    let Fault { cell, mut related, mut elsewhere, found, expected, difference, message, advice, fix } = fault;
    // In a list the whole form is one project of many: its name says which.
    let name = || form.record.field(field::PROJECT).filter(|_| form.schema.list).map(Field::cell);
    let field = cell.and_then(|at| form.path_of(at)).or_else(|| expected.clone()).unwrap_or_default();
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
        reply: None,
        ruling: None,
    }
}
