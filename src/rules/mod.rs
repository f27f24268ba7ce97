//! The table of rules, and how a form goes through it.
//!
//! A rule says where and what; the table stamps which and how bad. Rules never open a file and never print.
//! Adding one: its file, a `mod` line and a table line here, its case files. Nothing else.

mod attainment;
mod figure;
mod funding;
mod phrase;
mod points;

mod band_score_mismatch;
mod blank_header_field;
mod class_weight_mismatch;
mod execution_over_budget;
mod execution_rate_mismatch;
mod execution_score_mismatch;
mod funding_sum_mismatch;
mod grade_contradicts_score;
mod missing_adjustment_reason;
mod missing_deviation_reason;
mod missing_indicator_class;
mod missing_indicator_name;
mod missing_indicator_subclass;
mod missing_money_unit;
mod missing_rate_reason;
mod missing_score_column;
mod missing_value;
mod missing_year;
mod score_exceeds_weight;
mod score_not_proportional;
mod score_sum_mismatch;
mod too_few_indicators;
mod weight_sum_mismatch;

use std::collections::BTreeMap;

use crate::address::CellRef;
use crate::finding::{Dimension, Finding, Fix, Severity};
use crate::form::Form;
use crate::policy::Policy;

/// A rule: plain data and a function.
#[derive(Debug)]
pub struct Rule {
    /// Letter and three digits, never reused: `F` file and recognition, `C` completeness, `A` arithmetic, `V` values
    /// and units, `W` wording, `L` logic, `X` across forms, `R` roster.
    pub code: &'static str,
    /// Names the fault, read after "allow": `weight-sum-mismatch`.
    pub name: &'static str,
    /// Unless the policy says otherwise.
    pub severity: Severity,
    /// The side of quality it counts against.
    pub dimension: Dimension,
    /// Document and clause, or `实务` where practice asks for it.
    pub authority: &'static str,
    /// One line in Chinese.
    pub summary: &'static str,
    /// Markdown in Chinese with the headings 检查什么 / 为什么 / 正反例 / 怎么改 / 依据.
    pub docs: &'static str,
    /// How it looks.
    pub check: Check,
}

/// How a rule looks at forms.
#[derive(Debug, Clone, Copy)]
pub enum Check {
    /// At one form alone.
    Form(fn(&Context<'_>) -> Verdict),
}

/// What a form rule may look at.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The form, read.
    pub form: &'a Form,
    /// The bureau's switches.
    pub policy: &'a Policy,
}

/// What a rule says of a form.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// The form does not have what the rule is about.
    NotApplicable,
    /// The form should have it, but what the rule needs is blank or unreadable (数据不足); never counts as a fault.
    InsufficientData,
    /// Looked at: the faults, none for a pass.
    Checked(Vec<Fault>),
}

/// A fault as a rule sees it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Fault {
    /// The cell to mend; `None` where something is missing from the form as a whole.
    pub cell: Option<CellRef>,
    /// Other cells that take part.
    pub related: Vec<CellRef>,
    /// What stands there, as written.
    pub found: Option<String>,
    /// What should stand there.
    pub expected: Option<String>,
    /// `found − expected`, where both are numbers.
    pub difference: Option<String>,
    /// What is wrong: where, found, expected; arithmetic with the cells substituted.
    pub message: String,
    /// One imperative sentence: what to do.
    pub advice: String,
    /// The correction, where one can be written.
    pub fix: Option<Fix>,
}

/// The outcome of a rule for a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleOutcome {
    /// Looked at, nothing found.
    Passed,
    /// Looked at, at least one finding.
    Found,
    /// Not about this form.
    NotApplicable,
    /// 数据不足.
    InsufficientData,
}

/// The rules, by code. A test walks it: codes unique and sorted, names kebab-case, docs complete, case files there.
pub static RULES: &[&Rule] = &[
    &funding_sum_mismatch::RULE,
    &execution_rate_mismatch::RULE,
    &execution_score_mismatch::RULE,
    &execution_over_budget::RULE,
    &weight_sum_mismatch::RULE,
    &score_sum_mismatch::RULE,
    &score_exceeds_weight::RULE,
    &class_weight_mismatch::RULE,
    &score_not_proportional::RULE,
    &band_score_mismatch::RULE,
    &grade_contradicts_score::RULE,
    &missing_value::RULE,
    &blank_header_field::RULE,
    &missing_indicator_class::RULE,
    &missing_indicator_subclass::RULE,
    &too_few_indicators::RULE,
    &missing_indicator_name::RULE,
    &missing_deviation_reason::RULE,
    &missing_rate_reason::RULE,
    &missing_adjustment_reason::RULE,
    &missing_score_column::RULE,
    &missing_year::RULE,
    &missing_money_unit::RULE,
];

/// The rule of this code or name.
#[must_use]
pub fn find(code_or_name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.code.eq_ignore_ascii_case(code_or_name) || rule.name == code_or_name)
}

/// A form's findings in reading order (form-level ones first), and every rule's outcome by code.
#[must_use]
pub fn check_form(form: &Form, policy: &Policy) -> (Vec<Finding>, BTreeMap<&'static str, RuleOutcome>) {
    let context = Context { form, policy };
    let mut findings = Vec::new();
    let mut outcomes = BTreeMap::new();
    for rule in RULES {
        let level = policy.severities.get(rule.name).or_else(|| policy.severities.get(rule.code));
        let severity = match level {
            Some(level) => level.severity(),
            None => Some(rule.severity),
        };
        let Some(severity) = severity.filter(|_| !form.schema.rules_off.iter().any(|off| off == rule.name)) else {
            outcomes.insert(rule.code, RuleOutcome::NotApplicable);
            continue;
        };
        let Check::Form(check) = rule.check;
        let outcome = match check(&context) {
            Verdict::NotApplicable => RuleOutcome::NotApplicable,
            Verdict::InsufficientData => RuleOutcome::InsufficientData,
            Verdict::Checked(faults) if faults.is_empty() => RuleOutcome::Passed,
            Verdict::Checked(faults) => {
                findings.extend(faults.into_iter().map(|fault| stamp(rule, severity, form, fault)));
                RuleOutcome::Found
            }
        };
        outcomes.insert(rule.code, outcome);
    }
    findings.sort_by_key(|finding| (finding.cell, finding.code));
    (findings, outcomes)
}

fn stamp(rule: &'static Rule, severity: Severity, form: &Form, fault: Fault) -> Finding {
    let Fault { cell, mut related, found, expected, difference, message, advice, fix } = fault;
    related.sort_unstable();
    related.dedup();
    related.retain(|other| Some(*other) != cell);
    Finding {
        code: rule.code,
        name: rule.name,
        severity,
        dimension: rule.dimension,
        sheet: form.sheet.clone(),
        cell,
        related,
        found,
        expected,
        difference,
        message,
        advice,
        authority: rule.authority,
        fix,
    }
}
