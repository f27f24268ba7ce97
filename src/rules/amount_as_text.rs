//! V102 amount-as-text: figures that the file stores as text.

use super::{Check, Context, Fault, Rule, Verdict, fix, indicator};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Stored};
use crate::schema::concept::{amount, column};
use crate::value::{Value, parse_number};

pub(super) static RULE: Rule = Rule {
    code: "V102",
    name: "amount-as-text",
    severity: Severity::Info,
    dimension: Dimension::Consistency,
    authority: "实务",
    summary: "金额、分值或得分以文本存储，求和时会漏掉",
    docs: "\
## 检查什么

资金表的金额以及指标的分值、得分看上去是数字，单元格里存的却是文本。同一张表有多处时标在第一处。

## 为什么

文本数字不参加 Excel 求和，合计会悄悄少算；汇总导入时也会丢失。

## 正反例

- 反例：金额单元格为文本 `'43.2`（左上角有绿色三角）
- 正例：金额单元格为数值 `43.2`

## 怎么改

选中这些单元格，点“转换为数字”。
自动改正：逐格改为数值，只改存储方式，不改数值。

## 依据

绩效目标审核、自评复核实务。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    let record = &ctx.form.record;
    let grid = record.funding().into_iter().flat_map(|grid| &grid.rows).flat_map(|row| {
        const FIGURES: [&str; 5] = [amount::INITIAL, amount::BUDGET, amount::EXECUTED, amount::WEIGHT, amount::SCORE];
        FIGURES.into_iter().filter_map(|id| row.cells.get(id))
    });
    let table = record
        .indicators()
        .into_iter()
        .flat_map(|table| &table.rows)
        .flat_map(|row| [column::WEIGHT, column::SCORE].into_iter().filter_map(|id| row.cell(id)));
    let mut figures: Vec<&Field> = grid.chain(table).collect();
    if figures.is_empty() {
        return Verdict::NotApplicable;
    }
    figures.retain(|field| is_text_number(field));
    figures.sort_by_key(|field| field.cell());
    let Some(first) = figures.first() else {
        return Verdict::Checked(Vec::new());
    };
    let numbers =
        figures.iter().filter_map(|field| Some((*field, Value::Number(parse_number(field.text())?.normalize()))));
    let fix = fix::safe(numbers);
    let rest: Vec<_> = figures.iter().skip(1).map(|field| field.cell()).collect();
    Verdict::Checked(vec![Fault {
        cell: Some(first.cell()),
        found: Some(first.text().to_owned()),
        expected: Some("数值".to_owned()),
        message: format!("{} 的“{}”以文本存储，不是数值{}", first.cell(), first.text(), indicator::others(&rest)),
        related: rest,
        advice: "选中这些格，点左上角的绿色三角，选“转换为数字”。".to_owned(),
        fix,
        ..Fault::default()
    }])
}

fn is_text_number(field: &Field) -> bool {
    field.provenance.stored == Stored::Text && field.is_filled() && parse_number(field.text()).is_some()
}
