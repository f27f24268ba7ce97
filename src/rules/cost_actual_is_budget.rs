//! L129 cost-actual-is-budget: what the project cost is said to be its budget, though less or more was spent.

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, funding, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::Row;
use crate::schema::Stage;
use crate::schema::concept::{amount, column};
use crate::text::excerpt;

pub(super) static RULE: Rule = Rule {
    code: "L129",
    name: "cost-actual-is-budget",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "财预〔2020〕10号 附件1 自评表（实际完成值填实际数）；实务",
    summary: "成本的实际完成值照抄预算数，与执行数不同",
    docs: "\
## 检查什么

自评表上，指标值等于资金总额的成本指标（项目总成本），实际完成值也填这个数，而全年执行数是另一个数。单价、部分成本不查。

## 为什么

总成本的实际数就是实际花的钱；与执行数不同，多半是照抄了预算。

## 正反例

- 反例：预算 90、执行 89.97（万元），`项目总成本`指标值 ≤90万元，实际`90`
- 正例：预算 90、执行 89.97（万元），`项目总成本`实际`89.97万元`

## 怎么改

按执行数填实际成本。

## 依据

财预〔2020〕10号《项目支出绩效评价管理办法》附件1；自评复核实务。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    if ctx.form.schema.stage != Stage::SelfEvaluation {
        return Verdict::NotApplicable;
    }
    let Some(total) = funding::main_row(ctx.form) else { return Verdict::NotApplicable };
    let (Some(budget), Some(executed)) = (total.cells.get(amount::BUDGET), total.cells.get(amount::EXECUTED)) else {
        return Verdict::NotApplicable;
    };
    let (Some(planned), Some(spent), Some(factor)) =
        (budget.number(), executed.number(), ctx.form.record.money_factor())
    else {
        return Verdict::InsufficientData;
    };
    indicator::each(ctx, &[column::TARGET, column::ACTUAL], |row| {
        let (target, actual) = (wan(row, false, factor)?, wan(row, true, factor)?);
        let in_wan = |number: Decimal| number.checked_mul(factor)?.checked_div(Decimal::from(10_000));
        if planned == spent || target != in_wan(planned)? || actual != target {
            return None;
        }
        let cell = row.cell(column::ACTUAL)?;
        Some(Fault {
            expected: Some(phrase::plain(spent)),
            message: format!(
                "{}“{}”填的是“{}”，就是预算数 {}，而执行数是 {}",
                phrase::column_at(ctx.form, cell, column::ACTUAL),
                excerpt(&indicator::name(row).unwrap_or_default(), 20),
                excerpt(cell.text(), 16),
                phrase::term(budget),
                phrase::term(executed),
            ),
            advice: format!("按实际花的钱填，如“{}”；成本不等于执行数的，写明差在哪里。", phrase::plain(spent)),
            related: vec![budget.cell(), executed.cell()],
            ..indicator::fault_at(cell, row, &[])
        })
    })
}

/// Target or actual of a cost in 万元; a bare number is in the form's own unit.
fn wan(row: &Row, actual: bool, factor: Decimal) -> Option<Decimal> {
    let measure = if actual { row.actual.as_ref() } else { row.target.as_ref() };
    let measure = measure.filter(|measure| indicator::is_money_cost(row) && (!actual || measure.operator.is_none()))?;
    match measure.unit.as_deref() {
        Some(unit) => indicator::in_wan(measure.number, unit),
        None => measure.number.checked_mul(factor)?.checked_div(Decimal::from(10_000)),
    }
}
