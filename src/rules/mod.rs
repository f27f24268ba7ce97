//! The table of rules.
//!
//! A rule says where and what; the table stamps which and how bad. Rules never open a file and never print.
//! Adding one: its file, a `mod` line and a table line here, its case files. Nothing else.

mod actual_not_number;
mod actual_repeats_target;
mod amount_as_text;
mod assessment_below_line;
mod attainment;
mod band_score_mismatch;
mod blank_form;
mod blank_header_field;
mod class_weight_mismatch;
mod conclusion_contradicts_score;
mod copied_goal_actual;
mod copied_term_goal;
mod cost_without_figure;
mod date_outside_year;
mod double_operator;
mod duplicate_indicator;
mod duplicate_list_entry;
mod empty_reason;
mod equal_exceeded;
mod evaluation_incomplete;
mod exact_target_for_rate;
mod excess_decimals;
mod execution_as_indicator;
mod execution_over_budget;
mod execution_rate_mismatch;
mod execution_score_mismatch;
mod figure;
mod fix;
mod full_score_though_missed;
mod full_width_figure;
mod funding;
mod funding_sum_mismatch;
mod goal_group_weights;
mod goal_not_filled;
mod grade_contradicts_score;
mod indicator;
mod inputs_as_goal;
mod invalid_choice;
mod judge;
mod label_typo;
mod ledger;
mod list_subtotal_mismatch;
mod little_spent_all_done;
mod misclassified_indicator;
mod missing_adjustment_reason;
mod missing_deviation_reason;
mod missing_indicator_class;
mod missing_indicator_name;
mod missing_indicator_subclass;
mod missing_money_unit;
mod missing_operator;
mod missing_rate_reason;
mod missing_score_column;
mod missing_unit;
mod missing_value;
mod missing_year;
mod money_as_quantity;
mod money_magnitude_jump;
mod month_line_missed;
mod name_contradicts_target;
mod name_is_class_label;
mod new_project_without_exante_note;
mod number_in_name;
mod operator_in_actual;
mod over_completion_unexplained;
mod over_completion_unremarked;
mod phrase;
mod placeholder_left;
mod points;
mod points_lost_though_met;
mod possibility_contradicts_forecast;
mod possibility_without_reason;
mod prompt_left;
mod ratio_over_100;
mod rejected_yet_requested;
mod repeated_submission;
mod satisfaction_target_low;
mod satisfaction_without_object;
mod score_exceeds_weight;
mod score_not_proportional;
mod score_sum_mismatch;
mod scores_in_value_column;
mod stated_total_mismatch;
mod statement_echoes_label;
mod stray_spaces;
mod text_too_long;
mod too_few_indicators;
mod uniform_targets;
mod unit_contradicts_name;
mod unit_in_amount;
mod unmeasurable_indicator;
mod vague_goal;
mod vague_target;
mod values_in_one_cell;
mod weight_sum_mismatch;
mod wrong_direction;

use crate::address::CellRef;
use crate::finding::{Dimension, Elsewhere, Fix, Severity};
use crate::form::Form;
use crate::policy::Policy;
use crate::roster::{Identity, Registry};

pub use self::judge::{Findings, Outcomes, check_form, check_round, sort};

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
    /// At all forms of a round together: one verdict a form, in their order.
    Round(fn(&RoundContext<'_>) -> Vec<Verdict>),
}

/// What a form rule may look at.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The form, read.
    pub form: &'a Form,
    /// The bureau's switches.
    pub policy: &'a Policy,
}

/// What a round rule may look at.
#[derive(Debug, Clone, Copy)]
pub struct RoundContext<'a> {
    /// The forms handed in, in the order of the round.
    pub forms: &'a [RoundForm<'a>],
    /// The bureau's switches.
    pub policy: &'a Policy,
    /// What is known of units and projects.
    pub registry: Registry<'a>,
    /// The forms of earlier rounds and stages, such as the approved targets; none where none were given.
    pub past: &'a [RoundForm<'a>],
}

/// A form of the round, as round rules see it.
#[derive(Debug, Clone, Copy)]
pub struct RoundForm<'a> {
    /// The file.
    pub source: &'a str,
    /// The form, read.
    pub form: &'a Form,
    /// Whom and what it speaks of.
    pub identity: &'a Identity,
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
    /// Places in other forms that take part.
    pub elsewhere: Vec<Elsewhere>,
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
    &funding_sum_mismatch::RULE,             // A101
    &execution_rate_mismatch::RULE,          // A102
    &execution_score_mismatch::RULE,         // A103
    &execution_over_budget::RULE,            // A104
    &weight_sum_mismatch::RULE,              // A201
    &score_sum_mismatch::RULE,               // A202
    &score_exceeds_weight::RULE,             // A203
    &class_weight_mismatch::RULE,            // A204
    &score_not_proportional::RULE,           // A205
    &band_score_mismatch::RULE,              // A206
    &grade_contradicts_score::RULE,          // A207
    &stated_total_mismatch::RULE,            // A301
    &list_subtotal_mismatch::RULE,           // A321
    &goal_group_weights::RULE,               // A322
    &missing_value::RULE,                    // C101
    &blank_header_field::RULE,               // C102
    &missing_indicator_class::RULE,          // C103
    &missing_indicator_subclass::RULE,       // C104
    &too_few_indicators::RULE,               // C105
    &missing_indicator_name::RULE,           // C106
    &missing_deviation_reason::RULE,         // C107
    &missing_rate_reason::RULE,              // C108
    &missing_adjustment_reason::RULE,        // C109
    &missing_score_column::RULE,             // C110
    &possibility_without_reason::RULE,       // C301
    &evaluation_incomplete::RULE,            // C321
    &missing_year::RULE,                     // F101
    &missing_money_unit::RULE,               // F102
    &blank_form::RULE,                       // F103
    &label_typo::RULE,                       // F104
    &full_score_though_missed::RULE,         // L101
    &points_lost_though_met::RULE,           // L102
    &duplicate_indicator::RULE,              // L103
    &misclassified_indicator::RULE,          // L104
    &execution_as_indicator::RULE,           // L105
    &money_as_quantity::RULE,                // L106
    &copied_goal_actual::RULE,               // L107
    &copied_term_goal::RULE,                 // L108
    &empty_reason::RULE,                     // L109
    &over_completion_unexplained::RULE,      // L110
    &little_spent_all_done::RULE,            // L111
    &uniform_targets::RULE,                  // L112
    &actual_repeats_target::RULE,            // L113
    &inputs_as_goal::RULE,                   // L114
    &satisfaction_without_object::RULE,      // L115
    &satisfaction_target_low::RULE,          // L201
    &new_project_without_exante_note::RULE,  // L202
    &equal_exceeded::RULE,                   // L203
    &over_completion_unremarked::RULE,       // L204
    &duplicate_list_entry::RULE,             // L301
    &conclusion_contradicts_score::RULE,     // L302
    &rejected_yet_requested::RULE,           // L303
    &possibility_contradicts_forecast::RULE, // L304
    &statement_echoes_label::RULE,           // L305
    &month_line_missed::RULE,                // L306
    &assessment_below_line::RULE,            // L321
    &missing_unit::RULE,                     // V101
    &amount_as_text::RULE,                   // V102
    &unit_in_amount::RULE,                   // V103
    &placeholder_left::RULE,                 // V104
    &prompt_left::RULE,                      // V105
    &missing_operator::RULE,                 // V106
    &double_operator::RULE,                  // V107
    &wrong_direction::RULE,                  // V108
    &ratio_over_100::RULE,                   // V109
    &unit_contradicts_name::RULE,            // V110
    &operator_in_actual::RULE,               // V111
    &actual_not_number::RULE,                // V112
    &excess_decimals::RULE,                  // V113
    &values_in_one_cell::RULE,               // V114
    &date_outside_year::RULE,                // V115
    &money_magnitude_jump::RULE,             // V116
    &exact_target_for_rate::RULE,            // V117
    &full_width_figure::RULE,                // V127
    &stray_spaces::RULE,                     // V128
    &invalid_choice::RULE,                   // V301
    &scores_in_value_column::RULE,           // V302
    &text_too_long::RULE,                    // V321
    &vague_target::RULE,                     // W101
    &vague_goal::RULE,                       // W102
    &unmeasurable_indicator::RULE,           // W103
    &number_in_name::RULE,                   // W104
    &name_contradicts_target::RULE,          // W105
    &name_is_class_label::RULE,              // W106
    &goal_not_filled::RULE,                  // W107
    &cost_without_figure::RULE,              // W108
    &repeated_submission::RULE,              // X101
];

/// The rule of this code or name.
#[must_use]
pub fn find(code_or_name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.code.eq_ignore_ascii_case(code_or_name) || rule.name == code_or_name)
}
