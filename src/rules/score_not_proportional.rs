//! A205: a missed target got more points than its formula gives.

use rust_decimal::Decimal;

use super::attainment::Attainment;
use super::{Check, Context, Fault, Rule, Verdict, attainment, figure, fix, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Row};
use crate::policy::ReverseFormula;
use crate::schema::concept::{class, column};

pub(super) static RULE: Rule = Rule {
    code: "A205",
    name: "score-not-proportional",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "财预〔2020〕10号 附件1 自评表填表说明（未完成的定量指标按完成值与指标值的比例计分）；本地口径 scoring.reverse",
    summary: "未完成的定量指标得分高于按比例计算的分数",
    docs: "
## 检查什么
定量指标未达到指标值而得分低于分值的，得分是否高于按公式计算的分数：正向指标“完成值 ÷ 指标值 × 分值”，反向指标按口径 `scoring.reverse`。低于公式的（自行从严扣分）不提出；得满分的由 L101 提出；满意度指标可以分段计分，不比较；指标值、完成值单位不同或方向不明的，不判断。

## 为什么
定量指标有公式，得分不能凭印象。

## 正反例
- 反例：指标值 ≥120 家，完成 100 家，分值 18，得分 17（应为 15）。
- 正例：指标值 ≥120 家，完成 100 家，分值 18，得分 15。

## 怎么改
按公式重算得分，并写明偏差原因。
修改建议：得分改为按比例计算的数，总分原来与各项相符的一并改。

## 依据
财预〔2020〕10号；反向指标的两种公式见口径文件。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let Some(table) = context.form.record.indicators() else { return Verdict::NotApplicable };
    if ![column::TARGET, column::ACTUAL, column::WEIGHT, column::SCORE].iter().all(|id| table.has(id)) {
        return Verdict::NotApplicable;
    }
    let judged: Vec<Option<Fault>> = table.rows.iter().filter_map(|row| judge(context, row)).collect();
    if judged.is_empty() { Verdict::InsufficientData } else { Verdict::Checked(judged.into_iter().flatten().collect()) }
}

/// `None` where the row cannot be judged, `Some(None)` where it passes.
fn judge(context: &Context<'_>, row: &Row) -> Option<Option<Fault>> {
    let attainment = attainment::of(row, context.policy)?;
    let (weight, score) = (row.cell(column::WEIGHT)?, row.cell(column::SCORE)?);
    let (w, given) = (weight.number()?, figure::printed(score)?);
    let may_be_stepped = row.class.as_deref() == Some(class::SATISFACTION);
    if attainment.met || given.value >= w || may_be_stepped {
        return Some(None);
    }
    let terms = Terms::of(row, attainment, (weight, w))?;
    let (expected, formula) = most_points(attainment, &terms, w, context.policy.scoring.reverse);
    let tolerance = context.policy.scoring.tolerance;
    let is_rounded = given.value.scale() > 0 && given.shows(expected);
    if given.value <= expected + tolerance || is_rounded {
        return Some(None);
    }
    Some(Some(fault(context, row, (score, given.value), (expected, &formula))))
}

/// The operands of the formulas, each with its cell: `F15 43.2`.
struct Terms {
    target: String,
    actual: String,
    weight: String,
}

impl Terms {
    fn of(row: &Row, a: Attainment, (weight, points): (&Field, Decimal)) -> Option<Self> {
        let term = |id: &str, number: Decimal| Some(format!("{} {}", row.at(id)?, phrase::plain(number)));
        Some(Self {
            target: term(column::TARGET, a.target)?,
            actual: term(column::ACTUAL, a.actual)?,
            weight: format!("{} {}", weight.cell(), phrase::plain(points)),
        })
    }
}

/// The most that the accepted formulas give, with the equation.
fn most_points(a: Attainment, terms: &Terms, points: Decimal, reverse: ReverseFormula) -> (Decimal, String) {
    let Terms { target, actual, weight } = terms;
    let proportion = |(part, whole): (Decimal, Decimal), (part_term, whole_term): (&str, &str)| {
        let share = part.max(Decimal::ZERO).checked_div(whole).unwrap_or_default();
        (share * points, format!("{part_term} ÷ {whole_term} × {weight}"))
    };
    if !a.reverse {
        let (score, words) = proportion((a.actual, a.target), (actual, target));
        // 完成值为负的得 0 分.
        return if a.actual < Decimal::ZERO {
            (Decimal::ZERO, format!("{actual} 为负，得 0 分，即"))
        } else {
            (score, words)
        };
    }
    if a.target.is_zero() {
        return (Decimal::ZERO, format!("{target} 为 0 而 {actual} 超出，得 0 分，即"));
    }
    let inverse = proportion((a.target, a.actual), (target, actual));
    let overshoot = {
        let share = Decimal::ONE - (a.actual - a.target).checked_div(a.target).unwrap_or(Decimal::ONE);
        (share.max(Decimal::ZERO) * points, format!("（1 －（{actual} － {target}）÷ {target}）× {weight}"))
    };
    match reverse {
        ReverseFormula::TargetOverActual => inverse,
        ReverseFormula::Overshoot => overshoot,
        ReverseFormula::Either if overshoot.0 > inverse.0 => overshoot,
        ReverseFormula::Either => inverse,
    }
}

/// What a missed indicator may get at most, with the equation; `None` where no formula is certain.
pub(super) fn due(context: &Context<'_>, row: &Row) -> Option<(Decimal, String)> {
    let attainment = attainment::of(row, context.policy).filter(|attainment| !attainment.met)?;
    let weight = row.cell(column::WEIGHT)?;
    let points = weight.number().filter(|_| row.class.as_deref() != Some(class::SATISFACTION))?;
    let terms = Terms::of(row, attainment, (weight, points))?;
    let (due, formula) = most_points(attainment, &terms, points, context.policy.scoring.reverse);
    Some((due.round_dp(2), formula))
}

fn fault(
    context: &Context<'_>,
    row: &Row,
    (score, given): (&Field, Decimal),
    (expected, formula): (Decimal, &str),
) -> Fault {
    let expected = expected.round_dp(2);
    Fault {
        expected: Some(phrase::plain(expected)),
        difference: Some(phrase::plain(given - expected)),
        message: format!(
            "{}填 {}，指标未完成，按比例应为 {formula} = {}",
            phrase::column_at(context.form, score, column::SCORE),
            phrase::plain(given),
            phrase::plain(expected),
        ),
        advice: format!("把 {} 改为 {}，并相应改正总分。", score.cell(), phrase::plain(expected)),
        fix: fix::score(context.form, score, expected),
        ..indicator::fault_at(score, row, &[column::TARGET, column::ACTUAL, column::WEIGHT])
    }
}
