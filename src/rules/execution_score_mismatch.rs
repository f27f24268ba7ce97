//! A103: the score of the budget execution does not follow from its rate.

use rust_decimal::Decimal;

use super::funding::Spending;
use super::{Check, Context, Fault, Rule, Verdict, figure, fix, funding, phrase, points};
use crate::address::CellRef;
use crate::finding::{Dimension, Fix, Severity};
use crate::form::{Field, Form, Grid, GridRow};
use crate::policy::{Execution, ExecutionScore};
use crate::schema::concept::amount;
use crate::value::Value;

pub(super) static RULE: Rule = Rule {
    code: "A103",
    name: "execution-score-mismatch",
    severity: Severity::Error,
    dimension: Dimension::Consistency,
    authority: "财预〔2020〕10号 附件1 自评表（预算执行率 10 分，得分＝执行率×分值）；本地口径 execution.score",
    summary: "预算执行得分与执行率不一致",
    docs: "
## 检查什么
按口径由执行率算出预算执行得分：默认“执行率 × 分值，最高不超过分值”；口径为分档的按档次。与资金总额行填报的得分比较，允许差见口径 `scoring.tolerance`；用填报的（已取整的）执行率算得的分数也算一致。资金总额行全为 0 而分项有数的，按分项合计计算；预算数、执行数全为 0 的，执行率按口径 `execution.zero_budget`（默认 0%）。

## 为什么
预算执行占 10 分，常被直接填满分。

## 正反例
- 反例：执行率 86.2%，分值 10，得分填 9（应为 8.62）。
- 反例：总额行填 0、财政拨款执行 100%，得分填 0。
- 正例：执行率 86%，得分 8.6 或 8.62。

## 怎么改
按公式重算得分，同时改总分。
自动改正：预算数、执行数没有疑问的，得分改为按口径重算的数。修改建议：执行数超过预算数或全为 0、只能由分项推算的，同样改，由单位定。

## 依据
财预〔2020〕10号；各地分档办法见口径文件。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    let Some(score) = points::execution_score(form) else { return Verdict::NotApplicable };
    let printed_weight = points::execution_weight(form);
    let weight = printed_weight.and_then(Field::number).or_else(|| points::due_execution(context));
    let zero_rate = context.policy.execution.zero_budget.rate();
    let (Some(weight), Some(given), Some(basis)) = (weight, figure::printed(score), basis(form, zero_rate)) else {
        return Verdict::InsufficientData;
    };
    let rates = std::iter::once(basis.rate).chain(basis.printed);
    let expected: Vec<Decimal> = rates.map(|rate| points_for(&context.policy.execution, rate, weight)).collect();
    let tolerance = context.policy.scoring.tolerance;
    let Some(best) = expected.first().copied() else { return Verdict::InsufficientData };
    // A score with decimals may be rounded; a whole one is taken at its word, or 9 would pass for 8.62.
    let agrees = |e: &Decimal| (given.value - e).abs() <= tolerance || (given.value.scale() > 0 && given.shows(*e));
    if expected.iter().any(agrees) {
        return Verdict::Checked(Vec::new());
    }
    let mut related = basis.cells.clone();
    related.extend(printed_weight.map(Field::cell));
    let best_shown = phrase::plain(best.round_dp(2));
    Verdict::Checked(vec![Fault {
        cell: Some(score.cell()),
        related,
        found: Some(score.text().to_owned()),
        expected: Some(best_shown.clone()),
        difference: Some(phrase::plain((given.value - best).round_dp(2))),
        message: format!(
            "{}填 {}，应为 {}{} = {best_shown}",
            phrase::at(score.cell(), &label(form)),
            score.text().trim(),
            basis.words,
            rule_in_words(&context.policy.execution, basis.rate, (weight, printed_weight)),
        ),
        advice: format!("把 {} 改为 {best_shown}，并相应改正总分。", score.cell()),
        fix: fix::only_if(basis.certain, {
            let number = Value::Number(best.round_dp(2).normalize());
            fix::safe([(score, number)]).map(|fix| Fix { rests_on: basis.figures, ..fix })
        }),
        ..Fault::default()
    }])
}

/// The score that follows from budget and spending, with their cells; `None` where they are not there or make no sense
/// together.
pub(super) fn due(context: &Context<'_>) -> Option<(Decimal, Vec<CellRef>)> {
    let form = context.form;
    let printed = points::execution_weight(form).and_then(Field::number);
    let weight = printed.or_else(|| points::due_execution(context))?;
    let basis = basis(form, context.policy.execution.zero_budget.rate()).filter(|basis| basis.certain)?;
    let due = points_for(&context.policy.execution, basis.rate, weight).round_dp(2).normalize();
    Some((due, basis.figures))
}

/// What the score follows from.
struct Basis {
    rate: Decimal,
    /// The rate as printed, which may be rounded.
    printed: Vec<Decimal>,
    words: String,
    cells: Vec<CellRef>,
    /// The cells of budget and spending.
    figures: Vec<CellRef>,
    /// Whether budget and spending are there and make sense together.
    certain: bool,
}

fn basis(form: &Form, zero_rate: Decimal) -> Option<Basis> {
    let grid = form.record.funding()?;
    let row = funding::main_row(form)?;
    let spending = funding::spending(grid, row)?;
    if spending.planned.is_zero() && spending.spent.is_zero() {
        let parts = funding::groups(form).into_iter().next().map(|group| group.parts).unwrap_or_default();
        return if parts.is_empty() {
            Some(of_zero(&[spending], zero_rate))
        } else {
            basis_of_parts(grid, &parts, zero_rate)
        };
    }
    let rate = spending.rate()?;
    let printed = row.cells.get(amount::RATE);
    let near = |figure: &figure::Figure| figure.shows(rate);
    let mut cells = vec![spending.budget.cell(), spending.executed.cell()];
    cells.extend(printed.map(Field::cell));
    let printed = printed.map(figure::printed_rate).unwrap_or_default();
    Some(Basis {
        rate,
        // A wrong rate is a fault of its own; the score that follows from it is not a second one.
        printed: if printed.iter().any(near) {
            printed.into_iter().filter(near).map(|figure| figure.value).collect()
        } else {
            printed.into_iter().map(|figure| figure.value).filter(|rate| *rate <= Decimal::TWO).collect()
        },
        words: format!("{} ÷ {}", phrase::term(spending.executed), phrase::term(spending.budget)),
        figures: vec![spending.budget.cell(), spending.executed.cell()],
        certain: spending.spent <= spending.planned,
        cells,
    })
}

/// Where the total was left at 0, the parts tell the rate.
fn basis_of_parts(grid: &Grid, parts: &[&GridRow], zero_rate: Decimal) -> Option<Basis> {
    let parts: Vec<Spending<'_>> = parts.iter().filter_map(|row| funding::spending(grid, row)).collect();
    if !parts.is_empty() && parts.iter().all(|part| part.planned.is_zero() && part.spent.is_zero()) {
        return Some(of_zero(&parts, zero_rate));
    }
    let planned: Decimal = parts.iter().map(|part| part.planned).sum();
    let spent: Decimal = parts.iter().map(|part| part.spent).sum();
    Some(Basis {
        rate: spent.checked_div(planned)?,
        printed: Vec::new(),
        words: format!("分项执行合计 {} ÷ 分项预算合计 {}", phrase::plain(spent), phrase::plain(planned)),
        cells: parts.iter().flat_map(|part| [part.budget.cell(), part.executed.cell()]).collect(),
        figures: Vec::new(),
        certain: false,
    })
}

/// Budget and spending say 0 everywhere: the policy tells the rate.
fn of_zero(rows: &[Spending<'_>], zero_rate: Decimal) -> Basis {
    Basis {
        rate: zero_rate,
        printed: Vec::new(),
        words: format!("预算数、执行数都为 0，执行率按 {}", phrase::percent(zero_rate)),
        cells: rows.iter().flat_map(|row| [row.budget.cell(), row.executed.cell()]).collect(),
        figures: Vec::new(),
        certain: false,
    }
}

fn points_for(execution: &Execution, rate: Decimal, weight: Decimal) -> Decimal {
    match execution.score {
        ExecutionScore::Proportional => (rate * weight).clamp(Decimal::ZERO, weight.max(Decimal::ZERO)),
        ExecutionScore::Steps => {
            let step = execution.steps.iter().find(|step| rate >= step.from);
            step.map_or(Decimal::ZERO, |step| step.share * weight)
        }
    }
}

fn rule_in_words(execution: &Execution, rate: Decimal, (weight, cell): (Decimal, Option<&Field>)) -> String {
    let points = phrase::plain(weight);
    let term = cell.filter(|cell| cell.number().is_some()).map_or_else(|| points.clone(), phrase::term);
    match execution.score {
        ExecutionScore::Proportional if rate > Decimal::ONE => format!(" × {term}，最高 {points}，即"),
        ExecutionScore::Proportional => format!(" × {term}"),
        ExecutionScore::Steps => format!("，执行率 {}，按分档办法（分值 {term}）", phrase::percent(rate)),
    }
}

/// `预算执行得分`; `执行率得分` where the column says itself what it scores.
fn label(form: &Form) -> String {
    let head = phrase::amount_label(form, amount::SCORE);
    if head.contains("执行") { head.to_owned() } else { format!("预算执行{head}") }
}
