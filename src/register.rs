//! The rule register (规则登记表): what a policy makes of every rule, line by line, and an edited register as policy.
//!
//! Owns the lines and the words of the table; `report` writes it, `read` takes it back. Knows no file.

mod read;

use rust_decimal::Decimal;

use crate::finding::Severity;
use crate::policy::{Band, Deduction, Policy, RuleLevel};
use crate::rules::{RULES, Rule};

pub use self::read::Register;

/// Name of the sheet.
pub const SHEET: &str = "规则登记表";

const CODE: &str = "编码";
const LEVEL: &str = "级别";
const POINTS: &str = "每处扣分";
const CAP: &str = "封顶";
const GROUP: &str = "同组";
const VETO: &str = "等级上限";

/// The headers of the table, in order.
pub const HEADERS: [&str; 11] = [CODE, "名称", LEVEL, POINTS, CAP, GROUP, VETO, "维度", "依据", "查什么", "说明"];

/// The words of 级别, worst first.
pub const LEVELS: [(&str, RuleLevel); 4] =
    [("严重", RuleLevel::Error), ("一般", RuleLevel::Warning), ("提示", RuleLevel::Info), ("关闭", RuleLevel::Off)];

/// The bands that 等级上限 may name; 优 would be no limit.
pub(crate) const CAPS: [Band; 3] = [Band::Good, Band::Fair, Band::Poor];

/// A rule as a policy has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Line<'a> {
    /// Its severity, or that it is off.
    pub level: RuleLevel,
    /// Points of its own per finding; `None`: by the severity.
    pub own_points: Option<Decimal>,
    /// Points at most; `None`: points × repeats.
    pub cap: Option<Decimal>,
    /// Fault group.
    pub group: Option<&'a str>,
    /// The best grade of a form with this fault.
    pub veto: Option<Band>,
}

/// Every rule with its line, by code.
#[must_use]
pub fn lines(policy: &Policy) -> Vec<(&'static Rule, Line<'_>)> {
    RULES.iter().map(|rule| (*rule, line(policy, rule))).collect()
}

fn line<'a>(policy: &'a Policy, rule: &Rule) -> Line<'a> {
    let deduction = policy.rubric.rules.get(rule.name);
    Line {
        level: level_of(policy, rule),
        own_points: deduction.and_then(|deduction| deduction.points),
        cap: deduction.and_then(|deduction| deduction.cap),
        group: deduction.and_then(|deduction| deduction.group.as_deref()),
        veto: policy.rubric.vetoes.get(rule.name).copied(),
    }
}

/// The level a policy gives a rule.
pub(crate) fn level_of(policy: &Policy, rule: &Rule) -> RuleLevel {
    let set = policy.severities.get(rule.name).or_else(|| policy.severities.get(rule.code));
    set.copied().unwrap_or_else(|| own_level(rule))
}

fn own_level(rule: &Rule) -> RuleLevel {
    match rule.severity {
        Severity::Error => RuleLevel::Error,
        Severity::Warning => RuleLevel::Warning,
        Severity::Info => RuleLevel::Info,
    }
}

/// The word of a level.
#[must_use]
pub fn level_title(level: RuleLevel) -> &'static str {
    level.severity().map_or("关闭", Severity::title)
}

/// What stands under a heading of a rule's documentation (检查什么, 怎么改), line by line; codes stand in backticks.
pub(crate) fn section(rule: &Rule, heading: &str) -> Vec<&'static str> {
    let lines = rule.docs.lines().map(str::trim).skip_while(|line| line.strip_prefix("## ") != Some(heading)).skip(1);
    lines.take_while(|line| !line.starts_with("## ")).filter(|line| !line.is_empty()).collect()
}

/// The points that a policy takes for a finding of this level; none where the rule is off.
pub(crate) fn points_of_level(policy: &Policy, level: RuleLevel) -> Decimal {
    let points = level.severity().and_then(|severity| policy.rubric.by_severity.get(&severity));
    points.copied().unwrap_or_default()
}

/// The head line: which policy the register shows, for people and for reading it back.
pub(crate) fn head(policy: &Policy) -> String {
    format!("口径：{}（{}）", policy.title, policy.id)
}

impl Register {
    /// The policy with this register laid over it. What the register leaves as the policy has it stays as written
    /// there, so an unchanged register gives an equal policy.
    #[must_use]
    pub fn over(&self, mut policy: Policy) -> Policy {
        for entry in &self.entries {
            let rule = entry.rule;
            if let Some(level) = entry.level.filter(|level| *level != level_of(&policy, rule)) {
                policy.severities.remove(rule.code);
                policy.severities.insert(rule.name.to_owned(), level);
            }
            let by_level = points_of_level(&policy, level_of(&policy, rule));
            let old = policy.rubric.rules.get(rule.name).cloned().unwrap_or(Deduction::BY_SEVERITY);
            let mut new = old.clone();
            if let Some(points) = entry.points {
                // A figure that says what the severity says anyway is no decision.
                new.points = points.filter(|points| old.points.is_some() || *points != by_level);
            }
            if let Some(cap) = entry.cap {
                new.cap = cap;
            }
            if let Some(group) = &entry.group {
                new.group.clone_from(group);
            }
            if new != old {
                policy.rubric.rules.insert(rule.name.to_owned(), new);
            }
            match entry.veto {
                Some(Some(band)) => drop(policy.rubric.vetoes.insert(rule.name.to_owned(), band)),
                Some(None) => drop(policy.rubric.vetoes.remove(rule.name)),
                None => {}
            }
        }
        policy
    }
}
