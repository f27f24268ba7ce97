//! W108 cost-without-figure: a cost target without an amount.

use super::{Check, Context, Fault, Rule, Verdict, funding, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::policy::Pattern;
use crate::schema::concept::{amount, column, field};
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "W108",
    name: "cost-without-figure",
    severity: Severity::Warning,
    dimension: Dimension::Feasibility,
    authority: "财预〔2021〕101号 附件1（绩效目标包括成本控制要求）",
    summary: "成本指标没有数额（“不超预算”）",
    docs: "\
## 检查什么

经济成本指标的指标值没有任何数字，只写“不超预算”“符合相关规定”。社会成本、生态环境成本可以定性，不查。

## 为什么

成本指标就是要把钱控制在一个数以内，没有数就谈不上控制。

## 正反例

- 反例：`项目成本：不超预算`
- 正例：`项目总成本 ≤90万元`；`单位成本 ≤311元/人`

## 怎么改

填写总成本或单位成本的上限。

## 依据

财预〔2021〕101号《项目支出绩效目标和指标设置及取值指引》：成本指标反映预算资金的成本控制要求。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    indicator::each(ctx, &[column::TARGET], |row| {
        let target = row.cell(column::TARGET).filter(|target| target.is_filled() && indicator::is_money_cost(row))?;
        // A placeholder is V104's: one fault, one finding.
        let is_left = |mark: &Pattern| mark.is_match(&squeeze(target.text()));
        if row.target.is_some()
            || indicator::has_figure(&squeeze(target.text()), &ctx.policy.words.units)
            || ctx.policy.words.placeholders.iter().any(is_left)
        {
            return None;
        }
        Some(Fault {
            expected: Some(format!("金额上限，如“≤{}”", budget(ctx))),
            message: format!(
                "成本指标的{}填的是“{}”，没有数额",
                phrase::column_at(ctx.form, target, column::TARGET),
                excerpt(target.text(), 24)
            ),
            advice: format!("填总成本或单位成本的上限，如“≤{}”。", budget(ctx)),
            ..indicator::fault_at(target, row, &[column::LEVEL3])
        })
    })
}

/// The form's own budget with its unit, as the example of a limit.
fn budget(ctx: &Context<'_>) -> String {
    let total = funding::main_row(ctx.form).and_then(|row| row.number(amount::BUDGET).or(row.number(amount::INITIAL)));
    match (
        total.filter(|total| total.is_sign_positive() && !total.is_zero()),
        ctx.form.record.filled(field::MONEY_UNIT),
    ) {
        (Some(total), Some(unit)) => format!("{}{unit}", phrase::plain(total)),
        _ => "20万元".to_owned(),
    }
}
