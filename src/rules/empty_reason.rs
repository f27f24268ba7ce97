//! L109 empty-reason: a reason that gives none.

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::schema::concept::column;
use crate::text::squeeze;

pub(super) static RULE: Rule = Rule {
    code: "L109",
    name: "empty-reason",
    severity: Severity::Warning,
    dimension: Dimension::Adequacy,
    authority: "财预〔2020〕10号 附件1 自评表“偏差原因分析及改进措施”栏；实务（“无”“未偏离”等于没有说明）",
    summary: "偏差原因没有说明原因",
    docs: "\
## 检查什么

扣了分，偏差原因却只写两三个字，或者写“已完成”“达成预期指标”，没有说明为什么有偏差。空白和“无”“0”由 C107 检查。

## 为什么

偏差原因是改进工作的依据，写了等于没写。

## 正反例

- 反例：`已完成`；`正常`
- 正例：`第四季度连续降雨，两处工程推迟到次年 1 月完工`

## 怎么改

写明为什么没有完成、差在哪里、怎么改进。

## 依据

财预〔2020〕10号《项目支出绩效评价管理办法》及各地绩效自评填报要求。
",
    check: Check::Form(check),
};

/// Fewer characters tell no cause.
const SHORTEST: usize = 4;

fn check(ctx: &Context<'_>) -> Verdict {
    indicator::each(ctx, &[column::WEIGHT, column::SCORE, column::REASON], |row| {
        let lost = row.number(column::WEIGHT)? - row.number(column::SCORE)? > ctx.policy.scoring.tolerance;
        let reason = row.cell(column::REASON).filter(|reason| lost && !indicator::lacks_reason(ctx, Some(reason)))?;
        let text = squeeze(reason.text());
        let text = text.trim_end_matches('。');
        let says_done = ctx.policy.words.reached.iter().any(|word| word == text);
        (says_done || text.chars().count() < SHORTEST).then(|| Fault {
            message: format!(
                "{}填的是“{text}”，没有说明扣分的原因",
                phrase::column_at(ctx.form, reason, column::REASON)
            ),
            advice: "写明为什么没有完成、差在哪里、怎么改进。".to_owned(),
            ..indicator::fault_at(reason, row, &[column::SCORE])
        })
    })
}
