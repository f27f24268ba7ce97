//! L116 goal-figure-differs: the goal and an indicator give two figures for one thing.

use super::{Check, Context, Fault, Rule, Verdict, phrase, told};
use crate::finding::{Dimension, Severity};
use crate::schema::concept::{column, field};
use crate::text::excerpt;

pub(super) static RULE: Rule = Rule {
    code: "L116",
    name: "goal-figure-differs",
    severity: Severity::Warning,
    dimension: Dimension::Relevance,
    authority: "财预〔2015〕88号（绩效目标应当相互匹配）",
    summary: "同一件事，年度目标写的数与指标值不同",
    docs: "\
## 检查什么

年度目标里写的数（带单位的数量、比率），与名称说同一件事、单位也相同的指标，指标值是不是同一个数。只在对得上唯一一个指标时才提出；目标里的数等于几个指标之和的，“其中、每年、累计、同比”一类的数，金额、时间，都不查。

## 为什么

目标说 500 人，指标考 300 人，就不知道以哪个为准，年底按低的算完成。

## 正反例

- 反例：年度目标“培训村医500人”，指标`培训村医人数 ≥300人`
- 正例：年度目标“培训村医500人”，指标`培训村医人数 ≥500人`

## 怎么改

以测算过的数为准，目标和指标改成一致。

## 依据

财预〔2015〕88号《中央部门预算绩效目标管理办法》：绩效目标应当指向明确、细化量化、合理可行、相互匹配。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    told::judge(ctx, field::GOAL, &[column::TARGET], |goal, table, figures| {
        let differences = told::differences(figures, &table.rows, |row| row.target.as_ref()).into_iter();
        let faults = differences.filter_map(|differs| {
            let target = differs.row.cell(column::TARGET)?;
            Some(Fault {
                cell: Some(target.cell()),
                related: vec![goal.cell()],
                found: Some(target.text().to_owned()),
                expected: Some(differs.told.text.clone()),
                message: format!(
                    "{}写的是“{}{}”，{}“{}”却是“{}”，同一件事有两个数",
                    phrase::at(goal.cell(), phrase::field_label(ctx.form, field::GOAL)),
                    excerpt(&differs.told.before, 16),
                    differs.told.text,
                    phrase::column_at(ctx.form, target, column::TARGET),
                    excerpt(&told::name_of(differs.row), 20),
                    differs.value,
                ),
                advice: format!(
                    "核对测算依据，以对的一个为准，把目标或指标值改成一致（如都写“{}”）。",
                    differs.told.text
                ),
                ..Fault::default()
            })
        });
        faults.collect()
    })
}
