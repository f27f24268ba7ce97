//! Policy (口径): what differs by place and year, as data. Rules ask it; no rule knows a province.
//!
//! Presets stand in `schemas/policy/`; a round's `jixiao.toml` names one and overrides single switches.
//! Every default there says its source. `load` lays the files one over the other and refuses what makes no sense.

mod check;
mod commented;
mod load;
mod stages;

use std::collections::BTreeMap;

use regex::Regex;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::stages::{
    Assessment, AssessmentPoints, Counting, ExAnte, Light, Monitoring, MonthLine, Sampling, Satisfaction, Scale,
    WithoutPart,
};
use crate::finding::{Dimension, Severity};

/// The switches of one bureau and year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Name in results: `national`, `jiangxi`.
    pub id: String,
    /// Name for people: `全国通用口径`.
    pub title: String,
    /// Budget execution.
    pub execution: Execution,
    /// Scores of indicators.
    pub scoring: Scoring,
    /// Points of the classes by schema, instead of the schema's own.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, BTreeMap<String, f64>>")]
    pub weights: BTreeMap<String, WeightSet>,
    /// Money.
    pub money: Money,
    /// Targets of satisfaction.
    pub satisfaction: Satisfaction,
    /// 事前绩效评估.
    pub exante: ExAnte,
    /// 绩效运行监控.
    pub monitoring: Monitoring,
    /// 预算绩效管理考核.
    pub assessment: Assessment,
    /// 统计.
    pub counting: Counting,
    /// 抽查.
    pub sampling: Sampling,
    /// Lists of words and marks.
    pub words: Words,
    /// Severity of single rules, by name or code; `off` switches a rule off.
    #[serde(default)]
    pub severities: BTreeMap<String, RuleLevel>,
    /// How forms are graded.
    pub rubric: Rubric,
}

/// Points of a form by first-level class, under [`EXECUTION`] those of the budget execution; together 100.
pub type WeightSet = BTreeMap<String, Decimal>;

/// The key of the budget execution in a [`WeightSet`].
pub const EXECUTION: &str = "execution";

/// 预算执行率 and its score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Execution {
    /// How the rate becomes a score.
    pub score: ExecutionScore,
    /// Steps, highest first; used where `score = "steps"`.
    #[serde(default)]
    pub steps: Vec<Step>,
    /// Below this rate a reason is asked for; 0 asks for none. A fraction.
    #[schemars(with = "f64")]
    pub reason_below: Decimal,
    /// Whether a rate above 100 % is a fault (严重) or only noted.
    pub over_full_is_fault: bool,
    /// The rate of a project whose budget is 0.
    pub zero_budget: ZeroBudget,
}

/// The execution rate where budget and spending are 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ZeroBudget {
    /// 0 %, no points.
    Zero,
    /// 100 %, full points.
    Full,
}

impl ZeroBudget {
    /// The rate as a fraction.
    #[must_use]
    pub fn rate(self) -> Decimal {
        match self {
            Self::Zero => Decimal::ZERO,
            Self::Full => Decimal::ONE,
        }
    }
}

/// How the execution rate becomes a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ExecutionScore {
    /// Rate × weight, at most the weight.
    Proportional,
    /// By steps.
    Steps,
}

/// From this rate on, this share of the weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Rate as a fraction.
    #[schemars(with = "f64")]
    pub from: Decimal,
    /// Share of the weight as a fraction.
    #[schemars(with = "f64")]
    pub share: Decimal,
}

/// Scores of indicators.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scoring {
    /// Formula of reverse indicators (≤) that missed.
    pub reverse: ReverseFormula,
    /// Lower edges of the bands of qualitative results, as shares of the weight: full effect, some effect.
    #[schemars(with = "Vec<f64>")]
    pub bands: [Decimal; 2],
    /// What becomes of an `=` indicator that was exceeded.
    pub equal_exceeded: EqualExceeded,
    /// Completion from which over-completion is worth a note, as a fraction of the target.
    #[schemars(with = "f64")]
    pub over_completion_note: Decimal,
    /// Completion from which over-completion needs a reason, as a fraction of the target.
    #[schemars(with = "f64")]
    pub over_completion_warn: Decimal,
    /// Completion from which the target was plainly set too low.
    #[schemars(with = "f64")]
    pub over_completion_strong: Decimal,
    /// Difference of scores that still counts as equal, in points.
    #[schemars(with = "f64")]
    pub tolerance: Decimal,
    /// Whether the class weights of the national split are compared (产出 50 / 效益 30 / 满意度 10).
    pub compare_class_points: bool,
}

/// Formula of a reverse indicator that missed its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReverseFormula {
    /// target ÷ actual × weight (version A).
    TargetOverActual,
    /// (1 − (actual − target) ÷ target) × weight, nothing from twice the target (version B).
    Overshoot,
    /// Either result is accepted.
    Either,
}

/// What becomes of an `=` indicator that was exceeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EqualExceeded {
    /// Full marks, no questions.
    Full,
    /// It must be explained.
    Explain,
}

/// Money.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Difference of sums that still counts as equal, in 万元.
    #[schemars(with = "f64")]
    pub sum_tolerance: Decimal,
    /// Decimals that an amount in 万元 may have.
    pub decimals: u32,
    /// From this change of the budget in the year on, as a share of the initial one, targets should have followed; 0 asks
    /// for none.
    #[schemars(with = "f64")]
    pub adjusted_from: Decimal,
}

/// Lists of words and marks; matched on squeezed text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Marks that mean "not applicable" when they are all a cell holds.
    pub empty_marks: Vec<String>,
    /// Words that make a target unmeasurable.
    pub vague: Vec<String>,
    /// Regular expressions of placeholders left from the template.
    pub placeholders: Vec<Pattern>,
    /// Phrases of template prompts ("200字以内").
    pub prompts: Vec<String>,
    /// Reasons that explain nothing ("无", "0").
    pub empty_reasons: Vec<String>,
    /// Known units of measure.
    pub units: Vec<String>,
    /// Words in indicator names that speak of budget execution, which is scored already.
    pub execution_indicators: Vec<String>,
    /// Words of effort instead of result (人力、财力).
    pub inputs: Vec<String>,
    /// Words by which a level-3 name shows its class: class or subclass concept → words.
    pub class_words: BTreeMap<String, Vec<String>>,
    /// Words of a reverse indicator: less is better (投诉、事故).
    pub reverse: Vec<String>,
    /// Words of an actual value that say a goal was reached (达成预期指标).
    pub reached: Vec<String>,
    /// Words of an actual value that say a goal was reached in part or not at all (部分达成、未完成).
    pub missed: Vec<String>,
    /// Regular expressions of goals that promise nothing to be checked (做好…工作); matched on squeezed text.
    pub vague_goals: Vec<Pattern>,
    /// Regular expressions of results that would fit any project (已完成年度目标); matched on squeezed text, clause by clause.
    pub vague_results: Vec<Pattern>,
    /// Words of indicators about how work is run, not what comes of it (制度、程序).
    pub process: Vec<String>,
    /// People whose satisfaction is asked: person → words of which a form that serves them has one.
    pub objects: BTreeMap<String, Vec<String>>,
    /// Wishes at the start of an indicator's name (促进、激发): no percentage measures them.
    pub wishes: Vec<String>,
    /// Nouns at the end of an indicator's name that no percentage measures (能力、热情).
    pub abstractions: Vec<String>,
    /// Words that never belong under a class or subclass: concept → words in level-3 names.
    pub misplaced: BTreeMap<String, Vec<String>>,
    /// Money that is a result and not the budget (税收、招商引资).
    pub earnings: Vec<String>,
    /// Words in the names of projects for standing costs (工资、公用经费), whose goal and indicators are the same everywhere.
    pub standing_costs: Vec<String>,
}

/// A regular expression of a policy file, compiled once; matched on squeezed text.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Pattern {
    text: String,
    compiled: Option<Regex>,
}

impl Pattern {
    /// Whether it occurs in the text. A pattern that cannot be compiled occurs nowhere; loading refuses it.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        self.compiled.as_ref().is_some_and(|regex| regex.is_match(text))
    }

    /// The pattern as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl From<String> for Pattern {
    fn from(text: String) -> Self {
        Self { compiled: Regex::new(&text).ok(), text }
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.text
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Pattern {}

/// A rule's severity in a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RuleLevel {
    /// 严重.
    Error,
    /// 一般.
    Warning,
    /// 提示.
    Info,
    /// 关闭.
    Off,
}

impl RuleLevel {
    /// The severity, `None` when off.
    #[must_use]
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Info => Some(Severity::Info),
            Self::Off => None,
        }
    }
}

/// How a form is graded: points by dimension, deductions by rule, caps, vetoes, bands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rubric {
    /// Points of each dimension; together 100.
    #[schemars(with = "BTreeMap<Dimension, f64>")]
    pub points: BTreeMap<Dimension, Decimal>,
    /// Deduction per fault group where no rule entry says otherwise.
    #[schemars(with = "BTreeMap<Severity, f64>")]
    pub by_severity: BTreeMap<Severity, Decimal>,
    /// How many findings of one rule count at most.
    pub repeats: u32,
    /// Deductions of single rules, by name.
    #[serde(default)]
    pub rules: BTreeMap<String, Deduction>,
    /// Faults that cap the grade, by rule name.
    #[serde(default)]
    pub vetoes: BTreeMap<String, Band>,
    /// Lower edges of the bands, best first.
    pub bands: Vec<BandFrom>,
}

/// What one rule costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Deduction {
    /// Points per finding; `None`: by the severity of the finding.
    #[serde(default)]
    #[schemars(with = "Option<f64>")]
    pub points: Option<Decimal>,
    /// Points at most for this rule; `None`: points × repeats.
    #[serde(default)]
    #[schemars(with = "Option<f64>")]
    pub cap: Option<Decimal>,
    /// Findings of rules with the same group in one row count once, the dearest.
    #[serde(default)]
    pub group: Option<String>,
}

impl Deduction {
    /// What a rule without an entry costs.
    pub const BY_SEVERITY: Self = Self { points: None, cap: None, group: None };
}

/// The quality grade of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum Band {
    /// 优
    #[serde(rename = "优")]
    Excellent,
    /// 良
    #[serde(rename = "良")]
    Good,
    /// 中
    #[serde(rename = "中")]
    Fair,
    /// 差
    #[serde(rename = "差")]
    Poor,
}

impl Band {
    /// Best first.
    pub const ALL: [Self; 4] = [Self::Excellent, Self::Good, Self::Fair, Self::Poor];

    /// 优, 良, 中 or 差.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Excellent => "优",
            Self::Good => "良",
            Self::Fair => "中",
            Self::Poor => "差",
        }
    }
}

/// A band's lower edge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BandFrom {
    /// The band.
    pub band: Band,
    /// From so many points on.
    #[schemars(with = "f64")]
    pub from: Decimal,
}
