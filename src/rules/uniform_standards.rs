//! L122 uniform-standards: every target is said to rest on nothing but the unit's own plan.

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::Field;
use crate::schema::concept::column;
use crate::text::squeeze;

pub(super) static RULE: Rule = Rule {
    code: "L122",
    name: "uniform-standards",
    severity: Severity::Info,
    dimension: Dimension::Feasibility,
    authority: "财预〔2021〕101号 附件1（指标值取自历史标准、行业标准、计划标准，原文未见，据公开转述）；实务",
    summary: "所有指标值的依据都是“计划标准”",
    docs: "\
## 检查什么

表上有“绩效标准”一栏，5 个以上指标全部填“计划标准”。

## 为什么

计划是自己定的，样样都按计划，等于没有参照；合格率有行业标准，次数、人数有上年数。

## 正反例

- 反例：8 个指标的绩效标准全部是`计划标准`
- 正例：合格率填`行业标准`，培训人数填`历史标准`，新增工程量填`计划标准`

## 怎么改

有上年数的填历史标准，有国家、行业规定的填行业标准。

## 依据

财预〔2021〕101号 附件1《项目支出绩效目标和指标设置及取值指引》；自评复核实务。
",
    check: Check::Form(check),
};

/// The column that says what a target rests on.
const STANDARD: &str = "standard";
/// From so many indicators on, sameness is no chance.
const MANY: usize = 5;

fn check(ctx: &Context<'_>) -> Verdict {
    let Some(table) = indicator::table(ctx, &[column::TARGET, STANDARD]) else {
        return Verdict::NotApplicable;
    };
    let filled: Vec<&Field> =
        table.rows.iter().filter_map(|row| row.cell(STANDARD)).filter(|field| field.is_filled()).collect();
    let Some(first) = filled.first() else { return Verdict::InsufficientData };
    let planned = |field: &&Field| matches!(squeeze(field.text()).as_str(), "计划标准" | "计划");
    if filled.len() < MANY || !filled.iter().all(planned) {
        return Verdict::Checked(Vec::new());
    }
    Verdict::Checked(vec![Fault {
        cell: Some(first.cell()),
        related: filled.iter().skip(1).map(|field| field.cell()).collect(),
        found: Some(first.text().to_owned()),
        message: format!(
            "{}等 {} 个指标的{}全部是“计划标准”",
            first.cell(),
            filled.len(),
            phrase::column_label(ctx.form, STANDARD)
        ),
        advice: "有上年数的改为“历史标准”，有国家、行业规定的改为“行业标准”。".to_owned(),
        ..Fault::default()
    }])
}
