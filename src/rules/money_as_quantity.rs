//! L106 money-as-quantity: money spent where a quantity of work should stand.

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::Row;
use crate::schema::concept::{column, subclass};
use crate::text::excerpt;

pub(super) static RULE: Rule = Rule {
    code: "L106",
    name: "money-as-quantity",
    severity: Severity::Warning,
    dimension: Dimension::Relevance,
    authority: "财预〔2021〕101号 附件1（绩效目标包括预期产出、预期效果和成本控制要求）；实务（资金支付不作数量指标）",
    summary: "数量指标填的是金额，不是工作量",
    docs: "\
## 检查什么

数量指标的单位是元、万元，或者名称是“资金金额”“××经费”。税收、招商引资、产值等本身就是成果的金额不查。

## 为什么

数量指标要反映做了多少事；花了多少钱在资金部分已经反映。

## 正反例

- 反例：数量指标`完成校园维修改造 800万元`；`工程资金金额 43.2`
- 正例：`改造教室 ≥12间`

## 怎么改

改为工程量、人数、次数等实物量。

## 依据

财预〔2021〕101号 附件1《项目支出绩效目标和指标设置及取值指引》：绩效目标是预期产出、预期效果和成本控制要求；自评复核实务：资金支付不作数量指标。
",
    check: Check::Form(check),
};

/// Names that are nothing but money.
const FUNDS: [&str; 9] =
    ["资金金额", "项目金额", "资金总额", "资金数额", "预算金额", "投入金额", "支付金额", "补助经费", "项目经费"];

fn check(ctx: &Context<'_>) -> Verdict {
    indicator::each(ctx, &[column::LEVEL3, column::TARGET], |row| {
        if !indicator::is_subclass(row, subclass::QUANTITY) {
            return None;
        }
        let name = indicator::name(row)?;
        if indicator::has_any(&name, &ctx.policy.words.earnings) || !is_money(row, &name) {
            return None;
        }
        let target = row.cell(column::TARGET)?;
        Some(Fault {
            expected: Some("工程量、人数、次数等实物量".to_owned()),
            message: format!(
                "数量指标“{}”的{}“{}”是金额，没有反映工作量",
                excerpt(&name, 24),
                phrase::column_at(ctx.form, target, column::TARGET),
                row.target.as_ref().map_or_else(|| target.text().to_owned(), ToString::to_string)
            ),
            advice: "改为这笔钱办的事，如“改造教室 ≥12间”“发放户数 ≥300户”；金额移到成本指标。".to_owned(),
            ..indicator::fault_at(target, row, &[column::LEVEL3, column::UNIT])
        })
    })
}

fn is_money(row: &Row, name: &str) -> bool {
    let Some(target) = &row.target else { return false };
    match target.unit.as_deref() {
        // `311元/人` is a rate of pay, not a sum.
        Some(unit) => indicator::is_money(unit) && !unit.contains('/'),
        None => FUNDS.iter().any(|word| name.ends_with(word)),
    }
}
