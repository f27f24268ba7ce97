//! A202: the total score is not the sum of the scores.

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, figure, fix, phrase, points, scores_as_shares};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Form, Reading, Table};
use crate::schema::concept::column;

pub(super) static RULE: Rule = Rule {
    code: "A202",
    name: "score-sum-mismatch",
    severity: Severity::Error,
    dimension: Dimension::Consistency,
    authority: "财预〔2020〕10号 附件1 自评表（总分为各项得分之和）",
    summary: "总分与各项得分之和不一致",
    docs: "
## 检查什么
各三级指标得分之和，加上资金栏的预算执行得分，是否等于总分（合计）行的得分。允许差见口径 `scoring.tolerance`；总分按所填小数位取整的算一致。有得分未填的，不判断。

## 为什么
总分决定自评等级，散总不符是复核中扣分最多的差错。

## 正反例
- 反例：指标得分合计 86，预算执行 10 分，总分填 98。
- 正例：指标得分合计 86，预算执行 10 分，总分填 96。

## 怎么改
逐项加总得分（含预算执行得分），改正总分；等级随之变化的一并改正。
自动改正：总分改为各项得分之和；总分不是公式、各项之和不超过满分、等级不因此变化的才自动改。修改建议：其余的，同样改，由单位定。

## 依据
财预〔2020〕10号 项目支出绩效自评表。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    let (Some(table), Some(total)) = (form.record.indicators(), points::total_score(form)) else {
        return Verdict::NotApplicable;
    };
    if table.has(column::SCORE) && scores_as_shares::tells(table) {
        return Verdict::InsufficientData;
    }
    if !table.has(column::SCORE) {
        return Verdict::NotApplicable;
    }
    let scores = points::column(&table.rows, column::SCORE).filter(|scores| !scores.is_empty());
    let (Some(given), Some(scores)) = (figure::printed(total), scores) else { return Verdict::InsufficientData };
    let execution = points::execution_score(form);
    if execution.is_some_and(|field| field.is_blank() && points::execution_weight(form).is_some()) {
        return Verdict::InsufficientData;
    }
    let execution = execution.filter(|field| field.number().is_some());
    let sum = points::sum(&scores);
    let whole = sum + execution.and_then(Field::number).unwrap_or_default();
    let tolerance = context.policy.scoring.tolerance;
    let agrees =
        |exact: Decimal| (given.value - exact).abs() <= tolerance || (given.value.scale() > 0 && given.shows(exact));
    if agrees(whole) || (counts_indicators_only(form, table) && agrees(sum)) {
        return Verdict::Checked(Vec::new());
    }
    if execution.is_none() && may_hide_execution(context, given.value - sum) {
        return Verdict::InsufficientData;
    }
    let with_execution = execution.map(|field| format!(" + 预算执行 {}", phrase::term(field))).unwrap_or_default();
    let full = form.schema.indicators.as_ref().and_then(|spec| spec.total_points);
    Verdict::Checked(vec![Fault {
        cell: Some(total.cell()),
        related: scores.iter().map(|field| field.cell()).chain(execution.map(Field::cell)).collect(),
        found: Some(total.text().to_owned()),
        expected: Some(phrase::plain(whole)),
        difference: Some(phrase::plain(given.value - whole)),
        message: format!(
            "{}填 {}，各项得分之和为 {}{with_execution} = {}，相差 {}",
            phrase::at(total.cell(), "总分"),
            phrase::plain(given.value),
            phrase::sum_of(&scores),
            phrase::plain(whole),
            phrase::plain((given.value - whole).abs()),
        ),
        advice: match full {
            Some(full) if whole > full => {
                format!(
                    "各项得分加起来超过 {} 分：先把分值、得分逐项改对，再把加总的数填到 {}。",
                    phrase::plain(full),
                    total.cell()
                )
            }
            _ => format!("各项得分没有错的，把 {} 改为 {}。", total.cell(), phrase::plain(whole)),
        },
        // More than the full mark is no slip of adding up: a score is wrong then, and the sum is nothing to be written.
        fix: fix::computed(total, whole, []).filter(|_| full.is_none_or(|full| whole <= full)),
        ..Fault::default()
    }])
}

/// Whether the total row speaks of the indicators alone: its weight is theirs, and the execution's points are what
/// they lack to the full mark.
fn counts_indicators_only(form: &Form, table: &Table) -> bool {
    let weights = points::column(&table.rows, column::WEIGHT).map(|weights| points::sum(&weights));
    let total = points::total_weight(form).and_then(Field::number);
    let execution = points::execution_weight(form).and_then(Field::number);
    let full = form.schema.indicators.as_ref().and_then(|indicators| indicators.total_points);
    match (weights, execution, full) {
        (Some(weights), Some(execution), Some(full)) => total == Some(weights) && weights + execution == full,
        _ => false,
    }
}

/// Whether the difference can be the execution's score, which the form prints nowhere.
fn may_hide_execution(ctx: &Context<'_>, difference: Decimal) -> bool {
    let points = points::due_execution(ctx).unwrap_or_default();
    let is_printed = points::execution_score(ctx.form).is_some_and(|field| field.reading != Reading::NotApplicable);
    !is_printed && difference > Decimal::ZERO && difference <= points
}
