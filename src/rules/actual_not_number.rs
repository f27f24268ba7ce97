//! V112 actual-not-number: a numeric target with an actual value in words.

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Reading, Row};
use crate::schema::Stage;
use crate::schema::concept::column;
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "V112",
    name: "actual-not-number",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "财预〔2020〕10号 附件1 自评表“实际完成值”栏（填实际完成的数）",
    summary: "指标值是数字，实际完成值却没有数字",
    docs: "\
## 检查什么

指标值是数字（如 100%、≥50个），实际完成值只写“完成”“达成预期指标”“无”，没有数字。监控表上写“尚未……”的不查。同一张表有多处时标在第一处。

## 为什么

没有实际数就算不出完成率，得分没有依据。

## 正反例

- 反例：指标值 `≥50个`，实际完成值 `达成预期指标`
- 正例：指标值 `≥50个`，实际完成值 `52个`

## 怎么改

填写实际完成的数字；确实没有发生的填 0，并在原因栏说明。

## 依据

财预〔2020〕10号《项目支出绩效评价管理办法》及各地绩效自评填报要求。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    let may_wait = ctx.form.schema.stage == Stage::Monitoring;
    indicator::gathered(
        ctx,
        &[column::TARGET, column::ACTUAL],
        |row| in_words(ctx, row, may_wait),
        |actual| Fault {
            expected: Some("实际完成的数字".to_owned()),
            message: format!(
                "{}填的是“{}”，而指标值是数字，无法判断是否完成",
                phrase::column_at(ctx.form, actual, column::ACTUAL),
                excerpt(actual.text(), 20)
            ),
            advice: "填实际完成的数和单位，与指标值同一个单位，如“612人”“97%”；没有发生的填 0 并说明原因。".to_owned(),
            ..Fault::default()
        },
    )
}

/// In the middle of the year (`may_wait`) a thing may not be measured yet: `尚未调查`, `—`.
fn in_words<'r>(ctx: &Context<'_>, row: &'r Row, may_wait: bool) -> Option<&'r Field> {
    row.target.as_ref()?;
    let actual = row.cell(column::ACTUAL).filter(|actual| actual.reading != Reading::Blank)?;
    let waits = actual.reading == Reading::NotApplicable || actual.text().contains(['未', '尚', '待']);
    let text = squeeze(actual.text());
    let told = text.is_empty() || indicator::has_figure(&text, &ctx.policy.words.units) || (may_wait && waits);
    (!told).then_some(actual)
}
