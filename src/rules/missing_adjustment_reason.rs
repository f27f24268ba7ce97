//! C109: the budget was changed during the year and the place for the reason is empty.

use super::{Check, Context, Fault, Rule, Verdict, funding, phrase};
use crate::finding::{Dimension, Severity};
use crate::schema::concept::amount;

pub(super) static RULE: Rule = Rule {
    code: "C109",
    name: "missing-adjustment-reason",
    severity: Severity::Warning,
    dimension: Dimension::Completeness,
    authority: "实务（四川自评表的注：年中调整须说明理由）",
    summary: "预算有调整而没有说明理由",
    docs: "
## 检查什么
资金总额行的年初预算数与全年（调整后）预算数不同时，资金栏的“原因”一格是否空着或仍是填表提示语。表上没有这一格的，不适用。

## 为什么
预算追加、调减，绩效目标是否随之调整，要有交代。

## 正反例
- 反例：年初预算 238.93，调整后 251.89，原因栏仍是“追加调减应说明理由”。
- 正例：原因“年中新增人员 3 名，追加 12.96 万元”。

## 怎么改
写明追加或调减的理由。

## 依据
部门预算项目支出绩效自评表（四川）填表说明“年中调整须说明理由”。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    let (Some(grid), Some(row)) = (form.record.funding(), funding::main_row(form)) else {
        return Verdict::NotApplicable;
    };
    let Some(reason) = row.cells.get(amount::REASON) else { return Verdict::NotApplicable };
    let (Some(initial), Some(budget)) = (row.cells.get(amount::INITIAL), row.cells.get(amount::BUDGET)) else {
        return Verdict::NotApplicable;
    };
    let (Some(before), Some(after)) = (initial.number(), budget.number()) else { return Verdict::InsufficientData };
    if before == after || funding::has_reason(grid, &context.policy.words) {
        return Verdict::Checked(Vec::new());
    }
    let change = after - before;
    let (direction, such) = if change.is_sign_positive() {
        ("追加", "年中新增任务")
    } else {
        ("调减", "部分内容推迟到下年")
    };
    Verdict::Checked(vec![Fault {
        cell: Some(reason.cell()),
        related: vec![initial.cell(), budget.cell()],
        found: reason.is_filled().then(|| crate::text::excerpt(reason.text(), 30)),
        message: format!(
            "预算由 {} 调整为 {}，{direction} {}，{}没有说明理由",
            phrase::term(initial),
            phrase::term(budget),
            phrase::plain(change.abs()),
            phrase::at(reason.cell(), phrase::amount_label(form, amount::REASON)),
        ),
        advice: format!(
            "写明为什么{direction}、依据哪次会议或文件，如“{such}，{direction}{}”。",
            phrase::plain(change.abs())
        ),
        ..Fault::default()
    }])
}
