//! L121 reason-without-deviation: a cause is told of a deviation that is not there.

use super::{Check, Context, Fault, Rule, Verdict, attainment, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Row};
use crate::schema::Stage;
use crate::schema::concept::column;
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "L121",
    name: "reason-without-deviation",
    severity: Severity::Info,
    dimension: Dimension::Consistency,
    authority: "实务",
    summary: "没有偏差，却写了偏差的原因",
    docs: "\
## 检查什么

实际完成值与指标值正好相等、又得了满分的指标，偏差原因却写“由于……”“受……影响”。只作提示，同一张表有多处时标在第一处。

## 为什么

没有偏差就没有原因可写；写了，要么完成值照抄了指标值，要么原因填错了行。

## 正反例

- 反例：指标值 12次，实际 12次，得满分，原因`受疫情影响，部分活动推迟`
- 正例：指标值 12次，实际 12次，原因空着或写“无”

## 怎么改

核对实际完成值；确实没有偏差的，删去原因。

## 依据

自评复核实务。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    if ctx.form.schema.stage == Stage::Monitoring {
        return Verdict::NotApplicable;
    }
    indicator::gathered(
        ctx,
        &[column::TARGET, column::ACTUAL, column::REASON],
        |row| needless(ctx, row),
        |reason| Fault {
            message: format!(
                "{}写“{}”，而这一行实际完成值等于指标值，又得了满分，没有偏差可说",
                phrase::column_at(ctx.form, reason, column::REASON),
                excerpt(reason.text(), 24)
            ),
            advice: "核对实际完成值是不是照抄了指标值；确实没有偏差的，删去原因。".to_owned(),
            ..Fault::default()
        },
    )
}

fn needless<'r>(ctx: &Context<'_>, row: &'r Row) -> Option<&'r Field> {
    const CAUSES: [&str; 7] = ["由于", "因为", "受", "导致", "原因是", "滞后", "推迟"];
    let reason = row.cell(column::REASON).filter(|reason| !indicator::lacks_reason(ctx, Some(reason)))?;
    let reached = attainment::of(row, ctx.policy)?;
    let full = row.number(column::SCORE)? >= row.number(column::WEIGHT)?;
    let text = squeeze(reason.text());
    let tells_cause = CAUSES.iter().any(|word| text.contains(word)) && text.chars().count() >= 6;
    (full && reached.target == reached.actual && tells_cause).then_some(reason)
}
