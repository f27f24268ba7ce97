//! L107 copied-goal-actual: what became of the goal, copied from the goal.

use super::{Check, Context, Fault, Rule, Verdict, phrase};
use crate::finding::{Dimension, Severity};
use crate::schema::concept::field;
use crate::text::{digits, excerpt, similarity};
use crate::value::parse_number;

pub(super) static RULE: Rule = Rule {
    code: "L107",
    name: "copied-goal-actual",
    severity: Severity::Warning,
    dimension: Dimension::Adequacy,
    authority: "财预〔2020〕10号 附件1 自评表“实际完成情况”栏",
    summary: "目标完成情况照抄年度目标",
    docs: "\
## 检查什么

实际完成情况与年度目标逐字相同或几乎相同（数字也全部相同）。

## 为什么

照抄目标看不出实际做了什么，自评等于没有做。

## 正反例

- 反例：目标和完成情况都写`保障全体学生享受国家营养政策`
- 正例：目标`培训 600 人`，完成情况`培训 12 期 623 人，合格率 97%`

## 怎么改

写明实际完成的数量、时间和效果，没完成的写明差在哪里。

## 依据

财预〔2020〕10号《项目支出绩效评价管理办法》及各地绩效自评填报要求。
",
    check: Check::Form(check),
};

/// From here on one text is a copy of the other.
const COPIED: f64 = 0.95;

fn check(ctx: &Context<'_>) -> Verdict {
    let record = &ctx.form.record;
    let (Some(goal), Some(actual)) = (record.field(field::GOAL), record.field(field::GOAL_ACTUAL)) else {
        return Verdict::NotApplicable;
    };
    if !goal.is_filled() || !actual.is_filled() || goal.cell() == actual.cell() {
        return Verdict::InsufficientData;
    }
    let alike = digits(goal.text()) == digits(actual.text())
        && parse_number(goal.text()).is_none()
        && similarity(goal.text(), actual.text()) >= COPIED;
    if !alike {
        return Verdict::Checked(Vec::new());
    }
    Verdict::Checked(vec![Fault {
        cell: Some(actual.cell()),
        related: vec![goal.cell()],
        found: Some(actual.text().to_owned()),
        message: format!(
            "{}“{}”照抄{}的目标，没有写实际完成情况",
            phrase::at(actual.cell(), phrase::field_label(ctx.form, field::GOAL_ACTUAL)),
            excerpt(actual.text(), 24),
            goal.cell()
        ),
        advice: "写明实际完成的数量、时间和效果。".to_owned(),
        ..Fault::default()
    }])
}
