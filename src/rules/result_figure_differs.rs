//! L118 result-figure-differs: what became of the goal, and the actual value of an indicator, are two figures for one thing.

use super::{Check, Context, Fault, Rule, Verdict, phrase, told};
use crate::finding::{Dimension, Severity};
use crate::form::Row;
use crate::schema::concept::{column, field};
use crate::text::excerpt;
use crate::value::{Measure, Operator};

pub(super) static RULE: Rule = Rule {
    code: "L118",
    name: "result-figure-differs",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "财预〔2020〕10号 附件1 自评表（“实际完成情况”与各指标“实际完成值”应当一致）；实务",
    summary: "同一件事，目标完成情况写的数与实际完成值不同",
    docs: "\
## 检查什么

目标完成情况里写的数，与名称说同一件事、单位也相同的指标，实际完成值是不是同一个数。只在对得上唯一一个指标时才提出；完成情况里的数等于几个指标之和的，或者也写了该指标的完成值的，不提。

## 为什么

一张表上同一件事有两个完成数，至少有一个不是真的，得分也就不可信。

## 正反例

- 反例：完成情况“培训村医540人”，指标`培训村医人数`实际完成值 612人
- 正例：完成情况“培训村医612人”，指标`培训村医人数`实际完成值 612人

## 怎么改

对照台账、签到表等佐证材料，把两处改成同一个数，并重新计分。

## 依据

财预〔2020〕10号《项目支出绩效评价管理办法》附件1；自评复核实务。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    // A text that repeats the target says nothing of the result: copying has a rule of its own.
    let repeats = |differs: &told::Differs<'_>| {
        let target = differs.row.target.as_ref().and_then(told::value);
        target.is_some_and(|(number, unit)| number == differs.told.number && unit == differs.told.unit)
    };
    told::judge(ctx, field::GOAL_ACTUAL, &[column::TARGET, column::ACTUAL], |result, table, figures| {
        let differences = told::differences(figures, &table.rows, actual_value).into_iter();
        let faults = differences.filter(|differs| !repeats(differs)).filter_map(|differs| {
            let actual = differs.row.cell(column::ACTUAL)?;
            Some(Fault {
                cell: Some(actual.cell()),
                related: vec![result.cell()],
                found: Some(actual.text().to_owned()),
                expected: Some(differs.told.text.clone()),
                message: format!(
                    "{}写的是“{}{}”，{}“{}”填的却是“{}”，两处对不上",
                    phrase::at(result.cell(), phrase::field_label(ctx.form, field::GOAL_ACTUAL)),
                    excerpt(&differs.told.before, 16),
                    differs.told.text,
                    phrase::column_at(ctx.form, actual, column::ACTUAL),
                    excerpt(&told::name_of(differs.row), 20),
                    excerpt(actual.text(), 16),
                ),
                advice: "对照佐证材料，把两处改成同一个数，并重新计分。".to_owned(),
                ..Fault::default()
            })
        });
        faults.collect()
    })
}

/// The actual value; one with a sign is a target copied, which has a rule of its own.
fn actual_value(row: &Row) -> Option<&Measure> {
    row.actual.as_ref().filter(|actual| actual.operator.is_none_or(|operator| operator == Operator::Equal))
}
