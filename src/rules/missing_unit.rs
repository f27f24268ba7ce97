//! V101 missing-unit: a numeric target whose unit is nowhere to be seen.

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, fix, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Row};
use crate::schema::concept::{column, field};
use crate::text::{bracketed, excerpt};

pub(super) static RULE: Rule = Rule {
    code: "V101",
    name: "missing-unit",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "系统（定量指标必填计量单位）；财预〔2015〕88号（绩效目标应当细化量化）",
    summary: "指标值只有数字，没有计量单位",
    docs: "\
## 检查什么

指标值是数字，数字后面没有单位，度量单位栏没有或空着，指标名称也看不出单位（“培训人数”“天数”一类名称自带单位，不查；数值为 0 不查）。同一张表有多处时标在第一处，其余列为相关单元格。

## 为什么

没有单位的数字无法核对：“100”是 100% 还是 100 个，审核人只能猜。

## 正反例

- 反例：`工程验收合格率 100`；`安排工程数量 2`
- 正例：`工程验收合格率 100%`；`建设数量 ≥4` 而度量单位栏填“个”

## 怎么改

在指标值后面或者度量单位栏补上单位。
修改建议：名称是比率的，补上“%”；其余的单位由填报单位定，没有建议。

## 依据

财预〔2015〕88号《中央部门预算绩效目标管理办法》：绩效目标应当指向明确、细化量化、合理可行、相互匹配。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    let verdict = indicator::gathered(
        ctx,
        &[column::TARGET],
        |row| unitless(ctx, row),
        |target| Fault {
            message: format!(
                "{}填的是“{}”，没有计量单位",
                phrase::column_at(ctx.form, target, column::TARGET),
                excerpt(target.text(), 20)
            ),
            advice: format!("补上计量单位：比率写成“{0}%”，数量写成“{0}个”“{0}人”等。", excerpt(target.text(), 12)),
            expected: Some("数字和计量单位".to_owned()),
            ..Fault::default()
        },
    );
    // Only of a rate the unit is certain.
    let is_rate = |row: &Row| indicator::name(row).is_some_and(|name| indicator::is_rate(&name));
    fix::of_rows(ctx, verdict, |row| fix::percent(row).filter(|_| is_rate(row) && unitless(ctx, row).is_some()))
}

fn unitless<'r>(ctx: &Context<'_>, row: &'r Row) -> Option<&'r Field> {
    let target = row.target.as_ref().filter(|target| target.unit.is_none() && !target.number.is_zero())?;
    let name = indicator::name(row).unwrap_or_default();
    let told = names_unit(&name, &ctx.policy.words.units) || is_year(target.number, &name);
    let money = ctx.form.record.filled(field::MONEY_UNIT).is_some()
        && ["金额", "资金", "经费", "成本"].iter().any(|word| name.contains(word));
    if told || money { None } else { row.cell(column::TARGET) }
}

/// Whether the name tells the unit: in brackets, by a closing `%`, or by what it counts (`培训人数`, `培训场次`).
fn names_unit(name: &str, units: &[String]) -> bool {
    const COUNTED: [&str; 6] = ["人次", "场次", "批次", "班次", "年限", "等级"];
    let stem = indicator::stem(name);
    let counts = stem.strip_suffix('数').is_some_and(|rest| units.iter().any(|unit| rest.ends_with(unit.as_str())));
    name.ends_with('%')
        || counts
        || COUNTED.iter().any(|end| stem.ends_with(end))
        || bracketed(name).is_some_and(|inside| units.contains(&inside))
}

/// `2023` under a name that speaks of time is a year.
fn is_year(number: Decimal, name: &str) -> bool {
    name.contains("时间") && (2000.into()..2100.into()).contains(&number)
}
