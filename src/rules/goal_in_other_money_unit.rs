//! V130 goal-in-other-money-unit: the goal gives the form's total in 元 where the form reckons in 万元, or the other way.

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, funding, indicator, phrase, told};
use crate::finding::{Dimension, Severity};
use crate::schema::concept::{amount, field};
use crate::text::excerpt;

pub(super) static RULE: Rule = Rule {
    code: "V130",
    name: "goal-in-other-money-unit",
    severity: Severity::Info,
    dimension: Dimension::Consistency,
    authority: "实务（一张表上的金额用同一个单位）",
    summary: "目标里的金额与表上的金额单位不同",
    docs: "\
## 检查什么

年度目标、完成情况里写的金额就是本表的资金总额或执行数（换算后相等），用的却是另一个单位：表头是万元，目标写元；或者反过来。补助标准、造价等别的金额不查。只作提示。

## 为什么

同一笔钱一张表上两种单位，汇总、公开时容易错一万倍。

## 正反例

- 反例：表头“单位：万元”，资金总额 43.2，目标写`安排资金432000元`
- 正例：表头“单位：万元”，资金总额 43.2，目标写`安排资金43.2万元`

## 怎么改

目标里的金额改用表头的单位。

## 依据

绩效目标审核、自评复核实务。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    let record = &ctx.form.record;
    let (Some(unit), Some(factor), Some(row)) =
        (record.filled(field::MONEY_UNIT), record.money_factor(), funding::main_row(ctx.form))
    else {
        return Verdict::NotApplicable;
    };
    let totals: Vec<_> = [amount::BUDGET, amount::INITIAL, amount::EXECUTED]
        .into_iter()
        .filter_map(|id| row.cells.get(id))
        .filter_map(|cell| Some((cell.cell(), cell.number().filter(|number| *number > Decimal::ZERO)?)))
        .collect();
    let faults = [field::GOAL, field::GOAL_ACTUAL].into_iter().filter_map(|id| {
        let text = record.field(id).filter(|text| text.is_filled())?;
        let figures = told::figures(text.text(), &ctx.policy.words.units);
        figures.into_iter().filter(|told| is_other(&told.unit, unit)).find_map(|told| {
            let own =
                indicator::in_wan(told.number, &told.unit)?.checked_mul(Decimal::from(10_000))?.checked_div(factor)?;
            let (cell, total) = totals.iter().find(|(_, total)| total.round_dp(4) == own.round_dp(4))?;
            Some(Fault {
                cell: Some(text.cell()),
                related: vec![*cell],
                found: Some(told.text.clone()),
                expected: Some(format!("{}{unit}", phrase::plain(*total))),
                message: format!(
                    "{}“{}”里写“{}”，就是 {cell} 的 {}{unit}，本表金额以{unit}计",
                    phrase::at(text.cell(), phrase::field_label(ctx.form, id)),
                    excerpt(text.text(), 16),
                    told.text,
                    phrase::plain(*total)
                ),
                advice: format!("把“{}”改为“{}{unit}”。", told.text, phrase::plain(*total)),
                ..Fault::default()
            })
        })
    });
    Verdict::Checked(faults.collect())
}

fn is_other(told: &str, unit: &str) -> bool {
    indicator::is_money(told) && told != unit && !(told == "万" && unit == "万元")
}
