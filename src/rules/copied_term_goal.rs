//! L108 copied-term-goal: the yearly goal copied from the goal of the whole term.

use super::{Check, Context, Fault, Rule, Verdict, phrase};
use crate::finding::{Dimension, Severity};
use crate::schema::concept::field;
use crate::text::{digits, excerpt, similarity};

pub(super) static RULE: Rule = Rule {
    code: "L108",
    name: "copied-term-goal",
    severity: Severity::Warning,
    dimension: Dimension::Adequacy,
    authority: "财预〔2015〕88号 申报表（中期目标与年度目标分栏填列）",
    summary: "年度目标与中期（实施期）目标逐字相同",
    docs: "\
## 检查什么

年度目标和实施期、中期、长期目标逐字相同或几乎相同。

## 为什么

多年的目标一年就完成，或者一年的目标写成多年，两者至少有一个没有分解。

## 正反例

- 反例：两栏都写`购买降尘服务，使空气质量达到优良`
- 正例：中期目标`三年改造 30 处`，年度目标`改造 10 处`

## 怎么改

把中期目标分解到本年度；实施期只有一年的，只填年度目标。

## 依据

财预〔2015〕88号 项目支出绩效目标申报表，中期（实施期）目标与年度目标分栏填列。
",
    check: Check::Form(check),
};

/// From here on one text is a copy of the other.
const COPIED: f64 = 0.95;

fn check(ctx: &Context<'_>) -> Verdict {
    let record = &ctx.form.record;
    let (Some(goal), Some(term)) = (record.field(field::GOAL), record.field(field::TERM_GOAL)) else {
        return Verdict::NotApplicable;
    };
    if !goal.is_filled() || !term.is_filled() || goal.cell() == term.cell() {
        return Verdict::InsufficientData;
    }
    // The same sentence with smaller figures is the longer goal broken down.
    if digits(goal.text()) != digits(term.text()) || similarity(goal.text(), term.text()) < COPIED {
        return Verdict::Checked(Vec::new());
    }
    Verdict::Checked(vec![Fault {
        cell: Some(goal.cell()),
        related: vec![term.cell()],
        found: Some(goal.text().to_owned()),
        message: format!(
            "{}“{}”与{}“{}”逐字相同",
            phrase::at(goal.cell(), phrase::field_label(ctx.form, field::GOAL)),
            excerpt(goal.text(), 24),
            term.cell(),
            phrase::field_label(ctx.form, field::TERM_GOAL)
        ),
        advice: "把中期目标分解到本年度，如中期“三年改造30处”，本年写“改造10处”；只有一年的，只填年度目标。".to_owned(),
        ..Fault::default()
    }])
}
