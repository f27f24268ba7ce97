//! L120 reason-contradicts-result: the reason says the opposite of what the figures say.

use super::{Check, Context, Fault, Rule, Verdict, attainment, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::schema::Stage;
use crate::schema::concept::column;
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "L120",
    name: "reason-contradicts-result",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "财预〔2020〕10号 附件1 自评表“偏差原因分析及改进措施”栏；实务",
    summary: "偏差原因与完成情况互相矛盾",
    docs: "\
## 检查什么

实际完成值没有达到指标值，偏差原因却写“超额完成”“已完成目标”；或者已经达到指标值又得了满分，偏差原因却写“未完成”“未达到”。成本指标和方向说不清的不查。

## 为什么

数和话相反，必有一处是错的，得分也跟着可疑。

## 正反例

- 反例：指标值 ≥600人，实际 540人，原因`超额完成年度目标`
- 正例：指标值 ≥600人，实际 540人，原因`第四季度一期培训因场地维修取消`

## 怎么改

核对实际完成值；数是对的就改写原因，原因是对的就改正完成值和得分。

## 依据

财预〔2020〕10号《项目支出绩效评价管理办法》及各地绩效自评填报要求。
",
    check: Check::Form(check),
};

/// Says that more was done than asked, or all of it.
const DONE: [&str; 10] = [
    "超额完成",
    "超出目标",
    "超过目标",
    "超目标",
    "超出预期",
    "全部完成",
    "已完成目标",
    "完成年度目标",
    "达到目标",
    "圆满完成",
];
/// Says that something was not done.
const UNDONE: [&str; 7] = ["未完成", "未达到", "未达标", "没有完成", "没有达到", "未实现", "未能完成"];
/// What turns such words round.
const NOT: [&str; 5] = ["未", "没", "不", "无", "尚"];

fn check(ctx: &Context<'_>) -> Verdict {
    if ctx.form.schema.stage == Stage::Monitoring {
        return Verdict::NotApplicable;
    }
    indicator::each(ctx, &[column::TARGET, column::ACTUAL, column::REASON], |row| {
        let reason = row.cell(column::REASON).filter(|reason| reason.is_filled())?;
        let text = squeeze(reason.text());
        let met = attainment::is_met(ctx, row)?;
        let said = if met {
            UNDONE.iter().find(|word| says(&text, word))
        } else {
            DONE.iter().find(|word| says(&text, word))
        }?;
        let lost = row.number(column::WEIGHT).zip(row.number(column::SCORE)).is_some_and(|(w, s)| s < w);
        if met && (lost || indicator::is_cost(row)) {
            return None;
        }
        let (target, actual) = (row.cell(column::TARGET)?, row.cell(column::ACTUAL)?);
        Some(Fault {
            message: format!(
                "{}写“{}”（“{said}”），而{}“{}”{}{}“{}”",
                phrase::column_at(ctx.form, reason, column::REASON),
                excerpt(reason.text(), 24),
                phrase::column_at(ctx.form, actual, column::ACTUAL),
                excerpt(actual.text(), 16),
                if met { "已经达到" } else { "没有达到" },
                phrase::column_at(ctx.form, target, column::TARGET),
                excerpt(target.text(), 16),
            ),
            advice: "核对实际完成值：数没有错的，改写偏差原因；数错了的，改正完成值和得分。".to_owned(),
            ..indicator::fault_at(reason, row, &[column::TARGET, column::ACTUAL, column::SCORE])
        })
    })
}

/// Whether the text says the word and nothing before it turns it round: `不存在未完成的情况`, `未能全部完成`.
fn says(text: &str, word: &str) -> bool {
    text.split_once(word).is_some_and(|(before, behind)| {
        let near: String = before.chars().rev().take(5).collect();
        !NOT.iter().any(|not| near.contains(not)) && !behind.starts_with("的情况") && !behind.starts_with("情况")
    })
}
