//! The table of rules.
//!
//! A rule says where and what; the table stamps which and how bad. Rules never open a file and never print.
//! Adding one: its file, a `mod` line and a table line here, its case files. Nothing else.

mod actual_not_number;
mod actual_repeats_target;
mod added_indicator;
mod adjusted_budget_same_targets;
mod all_projects_full_score;
mod amount_as_text;
mod amounts;
mod assessment_below_line;
mod attainment;
mod band_score_mismatch;
mod binary_score_partial;
mod blank_form;
mod blank_header_field;
mod blank_rows_left;
mod budget_unlike_ledger;
mod chain;
mod changed_goal;
mod changed_target;
mod changed_target_unit;
mod changed_weight;
mod class_subtotal_mismatch;
mod class_weight_mismatch;
mod conclusion_contradicts_score;
mod copied_goal;
mod copied_goal_actual;
mod copied_indicator_set;
mod copied_reason;
mod copied_result;
mod copied_term_goal;
mod copied_term_targets;
mod copied_texts;
mod copies;
mod cost_actual_is_budget;
mod cost_without_figure;
mod date_outside_year;
mod deadline;
mod department_total;
mod department_unlike_roster;
mod double_operator;
mod dropped_indicator;
mod duplicate_indicator;
mod duplicate_list_entry;
mod empty_reason;
mod equal_exceeded;
mod evaluation_incomplete;
mod exact_target_for_rate;
mod exante;
mod excess_decimals;
mod execution_as_indicator;
mod execution_over_budget;
mod execution_rate_mismatch;
mod execution_score_mismatch;
mod figure;
mod figures;
mod fix;
mod forecast_below_progress;
mod forecast_below_spent;
mod foreign_name;
mod foreign_satisfaction_object;
mod form_title_in_name;
mod full_score_though_missed;
mod full_width_figure;
mod funding;
mod funding_sum_mismatch;
mod goal_figure_differs;
mod goal_figure_without_indicator;
mod goal_group_weights;
mod goal_in_other_money_unit;
mod goal_not_filled;
mod goal_unlike_indicators;
mod grade_contradicts_score;
mod hollow_result;
mod identical_amounts;
mod indicator;
mod indicator_behind_schedule;
mod indicator_sets;
mod inputs_as_goal;
mod invalid_choice;
mod judge;
mod kind_contradicts_target;
mod kinship;
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
mod missing_project_code;
mod missing_rate_reason;
mod missing_score_column;
mod missing_unit;
mod missing_value;
mod missing_year;
mod money_as_quantity;
mod money_magnitude_jump;
mod money_unit_slip;
mod month_line_missed;
mod name_book;
mod name_contradicts_target;
mod name_is_class_label;
mod name_too_long;
mod new_project_without_exante;
mod new_project_without_exante_note;
mod no_complaint_as_satisfaction;
mod number_in_name;
mod operator_in_actual;
mod other_kind_unexplained;
mod others;
mod over_completion_unexplained;
mod over_completion_unremarked;
mod percent_as_fraction;
mod phrase;
mod placeholder_left;
mod points;
mod points_beside_dash;
mod points_lost_though_met;
mod possibility_contradicts_forecast;
mod possibility_without_reason;
mod process_only_outputs;
mod progress_fell;
mod progress_spending_gap;
mod project_code_contradiction;
mod project_light;
mod prompt_left;
mod raised_target;
mod ratio_over_100;
mod reason_contradicts_result;
mod reason_without_deviation;
mod rejected_project_requested;
mod rejected_yet_requested;
mod renamed_indicator;
mod repeated_submission;
mod resubmitted_unchanged;
mod result_figure_differs;
mod result_only_money;
mod reused_indicator_set;
mod satisfaction_equals_target;
mod satisfaction_target_low;
mod satisfaction_without_object;
mod schedule;
mod score_exceeds_weight;
mod score_not_proportional;
mod score_sum_mismatch;
mod scores_as_shares;
mod scores_in_value_column;
mod spending_fell;
mod stale_formula;
mod stated_total_mismatch;
mod statement_echoes_label;
mod still_behind;
mod stray_spaces;
mod target_change;
mod text_date_outside_year;
mod text_too_long;
mod told;
mod too_few_indicators;
mod two_targets_in_one;
mod undistinguished_indicator_set;
mod uniform_satisfaction;
mod uniform_standards;
mod uniform_targets;
mod uniform_targets_across_projects;
mod uninvited_change;
mod unit_contradicts_name;
mod unit_in_amount;
mod unit_projects;
mod unknown_project;
mod unknown_unit;
mod unmeasurable_indicator;
mod vague_goal;
mod vague_result;
mod vague_target;
mod values_in_one_cell;
mod weakened_target;
mod weight_sum_mismatch;
mod wrong_direction;
mod year_unlike_round;

use crate::address::CellRef;
use crate::finding::{Dimension, Elsewhere, Fix, Severity};
use crate::form::Form;
use crate::policy::Policy;
use crate::previous::PastFinding;
use crate::roster::{Identity, Registry};

use self::chain::Courses;
pub use self::chain::{Alignment, Chains, Pair, align};
use self::copies::Copies;
pub use self::figures::{Figures, figures};
pub use self::judge::{Findings, Outcomes, RoundRule, RoundSaid, check_form, check_round, gather, is_on, sort};
use self::target_change::Changes;

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
#[derive(Debug, Clone)]
pub struct RoundContext<'a> {
    /// The forms handed in, in the order of the round.
    pub forms: &'a [RoundForm<'a>],
    /// The bureau's switches.
    pub policy: &'a Policy,
    /// What is known of units and projects.
    pub registry: Registry<'a>,
    /// The forms of earlier rounds and stages, such as the approved targets; none where none were given.
    pub past: &'a [RoundForm<'a>],
    /// For each form handed in its submission before, where there is one; shorter than `forms` where none were given.
    earlier: &'a [Option<EarlierForm<'a>>],
    /// What forms have in common, found once.
    copies: Copies,
    /// What stands before the forms, found once.
    courses: Courses<'a>,
    /// What became of the targets, found once.
    changes: Changes<'a>,
}

impl<'a> RoundContext<'a> {
    /// A round of these forms, beside those of earlier rounds.
    #[must_use]
    pub fn new(
        forms: &'a [RoundForm<'a>],
        policy: &'a Policy,
        registry: Registry<'a>,
        past: &'a [RoundForm<'a>],
    ) -> Self {
        Self {
            forms,
            policy,
            registry,
            past,
            earlier: &[],
            copies: Copies::default(),
            courses: Courses::default(),
            changes: Changes::default(),
        }
    }

    /// The same with the submission before of each form, where there is one.
    #[must_use]
    pub fn with_earlier(self, earlier: &'a [Option<EarlierForm<'a>>]) -> Self {
        Self { earlier, ..self }
    }

    /// The submission before of the form at this index.
    #[must_use]
    pub fn earlier(&self, index: usize) -> Option<&'a EarlierForm<'a>> {
        self.earlier.get(index)?.as_ref()
    }
}

/// The submission before of a form that is here again.
#[derive(Debug, Clone, Copy)]
pub struct EarlierForm<'a> {
    /// The form as it was.
    pub form: &'a Form,
    /// What was told of it, with what the unit answered since.
    pub findings: &'a [PastFinding],
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
    &points_beside_dash::RULE,               // A105
    &forecast_below_spent::RULE,             // A106
    &weight_sum_mismatch::RULE,              // A201
    &score_sum_mismatch::RULE,               // A202
    &score_exceeds_weight::RULE,             // A203
    &class_weight_mismatch::RULE,            // A204
    &score_not_proportional::RULE,           // A205
    &band_score_mismatch::RULE,              // A206
    &grade_contradicts_score::RULE,          // A207
    &class_subtotal_mismatch::RULE,          // A208
    &binary_score_partial::RULE,             // A209
    &scores_as_shares::RULE,                 // A210
    &stated_total_mismatch::RULE,            // A301
    &stale_formula::RULE,                    // A302
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
    &blank_rows_left::RULE,                  // C111
    &other_kind_unexplained::RULE,           // C112
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
    &goal_figure_differs::RULE,              // L116
    &goal_figure_without_indicator::RULE,    // L117
    &result_figure_differs::RULE,            // L118
    &result_only_money::RULE,                // L119
    &reason_contradicts_result::RULE,        // L120
    &reason_without_deviation::RULE,         // L121
    &uniform_standards::RULE,                // L122
    &goal_unlike_indicators::RULE,           // L123
    &process_only_outputs::RULE,             // L124
    &satisfaction_equals_target::RULE,       // L125
    &no_complaint_as_satisfaction::RULE,     // L126
    &foreign_satisfaction_object::RULE,      // L127
    &copied_term_targets::RULE,              // L128
    &cost_actual_is_budget::RULE,            // L129
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
    &indicator_behind_schedule::RULE,        // L307
    &project_light::RULE,                    // L308
    &forecast_below_progress::RULE,          // L309
    &progress_spending_gap::RULE,            // L310
    &assessment_below_line::RULE,            // L321
    &unknown_unit::RULE,                     // R101
    &unknown_project::RULE,                  // R102
    &project_code_contradiction::RULE,       // R103
    &year_unlike_round::RULE,                // R104
    &department_unlike_roster::RULE,         // R105
    &missing_project_code::RULE,             // R106
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
    &percent_as_fraction::RULE,              // V118
    &full_width_figure::RULE,                // V127
    &stray_spaces::RULE,                     // V128
    &goal_in_other_money_unit::RULE,         // V130
    &kind_contradicts_target::RULE,          // V131
    &text_date_outside_year::RULE,           // V132
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
    &vague_result::RULE,                     // W109
    &two_targets_in_one::RULE,               // W110
    &name_too_long::RULE,                    // W111
    &form_title_in_name::RULE,               // W112
    &repeated_submission::RULE,              // X101
    &reused_indicator_set::RULE,             // X102
    &copied_indicator_set::RULE,             // X103
    &undistinguished_indicator_set::RULE,    // X104
    &copied_goal::RULE,                      // X105
    &copied_result::RULE,                    // X106
    &copied_reason::RULE,                    // X107
    &foreign_name::RULE,                     // X108
    &all_projects_full_score::RULE,          // X109
    &uniform_targets_across_projects::RULE,  // X110
    &uniform_satisfaction::RULE,             // X111
    &identical_amounts::RULE,                // X112
    &dropped_indicator::RULE,                // X120
    &added_indicator::RULE,                  // X121
    &renamed_indicator::RULE,                // X122
    &weakened_target::RULE,                  // X123
    &raised_target::RULE,                    // X124
    &changed_target::RULE,                   // X125
    &changed_target_unit::RULE,              // X126
    &changed_weight::RULE,                   // X127
    &changed_goal::RULE,                     // X128
    &adjusted_budget_same_targets::RULE,     // X129
    &budget_unlike_ledger::RULE,             // X130
    &money_unit_slip::RULE,                  // X131
    &new_project_without_exante::RULE,       // X132
    &rejected_project_requested::RULE,       // X133
    &spending_fell::RULE,                    // X134
    &progress_fell::RULE,                    // X135
    &still_behind::RULE,                     // X136
    &department_total::RULE,                 // X137
    &resubmitted_unchanged::RULE,            // X160
    &uninvited_change::RULE,                 // X161
];

/// Whether a rule speaks of what was done since the submission before: its findings are no faults of the form that could be
/// mended, and have no fate.
#[must_use]
pub fn compares(code: &str) -> bool {
    [resubmitted_unchanged::RULE.code, uninvited_change::RULE.code].contains(&code)
}

/// Whether a rule doubts a full score: 满分疑似不实.
#[must_use]
pub fn doubts_full_score(code: &str) -> bool {
    [full_score_though_missed::RULE.code, little_spent_all_done::RULE.code, all_projects_full_score::RULE.code]
        .contains(&code)
}

/// The rule of this code or name.
#[must_use]
pub fn find(code_or_name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.code.eq_ignore_ascii_case(code_or_name) || rule.name == code_or_name)
}
