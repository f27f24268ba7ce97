//! L107 copied-goal-actual: what became of the goal, copied from the goal.

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::schema::concept::field;
use crate::text::{digits, excerpt, similarity, squeeze};
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

实际完成情况与年度目标逐字相同或几乎相同（数字也全部相同）；或者只把“计划、拟、将”改成“已、了”。写有数字的短句，正好按数完成的，不算只改时态。

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
/// Fewer characters are alike by chance; a text with figures must be longer before its likeness tells anything.
const SHORTEST: usize = 8;
const LONG: usize = 30;

fn check(ctx: &Context<'_>) -> Verdict {
    let record = &ctx.form.record;
    let (Some(goal), Some(actual)) = (record.field(field::GOAL), record.field(field::GOAL_ACTUAL)) else {
        return Verdict::NotApplicable;
    };
    if !goal.is_filled() || !actual.is_filled() || goal.cell() == actual.cell() {
        return Verdict::InsufficientData;
    }
    let Some(how) = copied(goal.text(), actual.text()) else {
        return Verdict::Checked(Vec::new());
    };
    Verdict::Checked(vec![Fault {
        cell: Some(actual.cell()),
        related: vec![goal.cell()],
        found: Some(actual.text().to_owned()),
        message: format!(
            "{}“{}”{how} {} 的目标，没有写实际完成情况",
            phrase::at(actual.cell(), phrase::field_label(ctx.form, field::GOAL_ACTUAL)),
            excerpt(actual.text(), 24),
            goal.cell()
        ),
        advice: "逐条写明实际做了什么、做了多少、效果怎样，如“培训12期612人，考核合格率97%”；没有完成的写明差多少。"
            .to_owned(),
        ..Fault::default()
    }])
}

/// How the result was copied from the goal; `None` where it was not.
fn copied(goal: &str, actual: &str) -> Option<&'static str> {
    if digits(goal) != digits(actual) || parse_number(goal).is_some() {
        return None;
    }
    if similarity(goal, actual) >= COPIED {
        return Some("照抄");
    }
    let (goal, actual) = (timeless(goal), timeless(actual));
    // `计划新建公厕12座` and `已新建公厕12座` may both be true to the letter.
    let says_something = !indicator::has_digit(&actual) || actual.chars().count() >= LONG;
    (says_something && actual.chars().count() >= SHORTEST && similarity(&goal, &actual) >= COPIED)
        .then_some("只改了几个字，照抄")
}

/// The text without the words that tell what is to come from what is done.
fn timeless(text: &str) -> String {
    const TENSES: [&str; 24] = [
        "计划",
        "拟",
        "预计",
        "力争",
        "争取",
        "将要",
        "将",
        "要",
        "已经",
        "均已",
        "已",
        "了",
        "全部",
        "全面",
        "顺利",
        "按时",
        "如期",
        "圆满",
        "完成",
        "确保",
        "进行",
        "通过",
        "本年度",
        "全年",
    ];
    let mut bare = squeeze(text);
    for word in TENSES {
        bare = bare.replace(word, "");
    }
    bare.chars().filter(|c| !",;。、:".contains(*c)).collect()
}
