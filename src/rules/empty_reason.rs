//! L109 empty-reason: a reason that gives none.

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::Row;
use crate::schema::concept::column;
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "L109",
    name: "empty-reason",
    severity: Severity::Warning,
    dimension: Dimension::Adequacy,
    authority: "财预〔2020〕10号 附件1 自评表“偏差原因分析及改进措施”栏；实务（“无”“未偏离”等于没有说明）",
    summary: "偏差原因没有说明原因",
    docs: "\
## 检查什么

扣了分，偏差原因却只写两三个字，或者写“已完成”“达成预期指标”，或者只把指标名称、完成值、“没有达到目标”“按比例扣分”重说一遍，没有说明为什么有偏差。空白和“无”“0”由 C107 检查。

## 为什么

偏差原因是改进工作的依据，写了等于没写。

## 正反例

- 反例：`已完成`；`培训人数未达到目标值`；`实际完成540人，按比例扣1分`
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
        let what = if says_done || text.chars().count() < SHORTEST {
            "没有说明为什么扣分"
        } else if only_restates(row, text) {
            "只是把没有完成重说了一遍，没有说为什么"
        } else {
            return None;
        };
        Some(Fault {
            message: format!(
                "{}填的是“{}”，{what}",
                phrase::column_at(ctx.form, reason, column::REASON),
                excerpt(text, 30)
            ),
            advice:
                "写明是什么事造成的、差多少、怎么补上，如“第四季度一期培训因场地维修取消，少训60人，已列入下年计划”。"
                    .to_owned(),
            ..indicator::fault_at(reason, row, &[column::SCORE])
        })
    })
}

/// Whether nothing is left of the reason once the indicator, its figures and the words of falling short are taken away.
fn only_restates(row: &Row, text: &str) -> bool {
    const SHORT: [&str; 60] = [
        "没有完成",
        "没有达到",
        "未能完成",
        "未完成",
        "未达到",
        "未达成",
        "未达标",
        "未实现",
        "未达",
        "没达到",
        "不足",
        "指标值",
        "指标",
        "目标值",
        "目标",
        "年度",
        "预期",
        "设定",
        "年初",
        "计划",
        "实际完成值",
        "实际完成",
        "实际值",
        "实际",
        "完成值",
        "完成率",
        "完成",
        "只有",
        "仅有",
        "仅",
        "扣分",
        "得分",
        "扣",
        "按比例",
        "比例",
        "按照",
        "相应",
        "计分",
        "存在",
        "偏差",
        "原因",
        "差距",
        "一定",
        "较",
        "低于",
        "少于",
        "高于",
        "略低",
        "略有",
        "由于",
        "因为",
        "因",
        "所以",
        "故",
        "因此",
        "要求",
        "任务",
        "数量",
        "达到",
        "比",
    ];
    let mut rest = text.to_owned();
    let own = [column::LEVEL3, column::TARGET, column::ACTUAL].into_iter().filter_map(|id| row.filled(id));
    for words in own.map(squeeze).filter(|words| words.chars().count() > 1) {
        rest = rest.replace(&words, "");
    }
    rest = rest.replace(&indicator::name(row).unwrap_or_default(), "");
    for word in SHORT {
        rest = rest.replace(word, "");
    }
    let name = row.filled(column::LEVEL3).unwrap_or_default();
    rest.chars().all(|c| {
        !c.is_alphanumeric() || c.is_numeric() || "的是为了在有值率个人次分户项家未".contains(c) || name.contains(c)
    })
}
