//! V109 ratio-over-100: a share of a whole that is larger than the whole.

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::Row;
use crate::schema::concept::column;

pub(super) static RULE: Rule = Rule {
    code: "V109",
    name: "ratio-over-100",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "实务",
    summary: "不可能超过100%的比率超过了100%",
    docs: "\
## 检查什么

合格率、及时率、覆盖率、满意度等比率的指标值或实际完成值大于 100%。增长率、完成率等可以超过 100% 的不查。

## 为什么

部分不会大于整体，多半是输错（“≥90%”误成“290%”）或计算口径不对。

## 正反例

- 反例：`验收合格率 105%`；`满意度 290%`
- 正例：`验收合格率 100%`

## 怎么改

核对原始数据，改正比率。

## 依据

绩效目标审核、自评复核实务。
",
    check: Check::Form(check),
};

const CAPPED: [&str; 17] = [
    "合格率",
    "及时率",
    "覆盖率",
    "达标率",
    "知晓率",
    "到位率",
    "通过率",
    "准确率",
    "完好率",
    "正确率",
    "优良率",
    "参保率",
    "入学率",
    "满意度",
    "满意率",
    "合规率",
    "真实率",
];

fn check(ctx: &Context<'_>) -> Verdict {
    indicator::each(ctx, &[column::TARGET], |row| {
        let stem = indicator::stem(&indicator::name(row)?);
        if !CAPPED.iter().any(|end| stem.ends_with(end)) {
            return None;
        }
        let column = [column::TARGET, column::ACTUAL].into_iter().find(|id| is_over(row, id))?;
        let cell = row.cell(column)?;
        Some(Fault {
            expected: Some("不大于 100%".to_owned()),
            message: format!(
                "{}填的是“{}”，{stem}不会超过 100%",
                phrase::column_at(ctx.form, cell, column),
                cell.text()
            ),
            advice: "核对原始数据，改成不大于 100% 的数；多打了数字的删去。".to_owned(),
            ..indicator::fault_at(cell, row, &[column::LEVEL3])
        })
    })
}

fn is_over(row: &Row, column: &str) -> bool {
    let measure = if column == column::TARGET { &row.target } else { &row.actual };
    measure.as_ref().is_some_and(|measure| measure.is_percent() && measure.number > Decimal::ONE_HUNDRED)
}
