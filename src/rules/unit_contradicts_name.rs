//! V110 unit-contradicts-name: a unit that cannot belong to what the name speaks of.

use super::{Check, Context, Fault, Rule, Verdict, fix, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Row};
use crate::schema::concept::{column, subclass};
use crate::text::excerpt;
use crate::value::Value;

pub(super) static RULE: Rule = Rule {
    code: "V110",
    name: "unit-contradicts-name",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "财预〔2015〕88号（绩效目标应当细化量化）；实务",
    summary: "单位与指标名称不符（“率”用天数，数量用%）",
    docs: "\
## 检查什么

指标名称是“××率”，单位却是天、工作日、个、人；名称是“××人数、次数、面积”，单位却是 %；数量指标的名称不是比率，却用百分比作指标值。

## 为什么

名称和单位说的不是一回事，指标就没法取数核对。

## 正反例

- 反例：`检测及时率 ≤7工作日`；数量指标`发放村干部补贴 100%`
- 正例：`检测及时率 ≥95%` 或 `检测报告出具时间 ≤7个工作日`

## 怎么改

改单位或者改名称，使两者说同一件事；数量指标写明人数、个数、面积等。
修改建议：名称是比率、单位是个数人数的，单位改为“%”；其余的没有建议。

## 依据

财预〔2015〕88号《中央部门预算绩效目标管理办法》：绩效目标应当指向明确、细化量化、合理可行、相互匹配。
",
    check: Check::Form(check),
};

const COUNTS: [&str; 12] =
    ["人数", "户数", "次数", "数量", "面积", "个数", "件数", "台数", "天数", "人次", "长度", "里程"];

fn check(ctx: &Context<'_>) -> Verdict {
    indicator::each(ctx, &[column::TARGET], |row| {
        let name = indicator::name(row)?;
        let why = contradiction(row, &name)?;
        let target = row.cell(column::TARGET)?;
        Some(Fault {
            message: format!(
                "“{}”的{}是“{}”，{why}",
                excerpt(&name, 20),
                phrase::column_at(ctx.form, target, column::TARGET),
                row.target.as_ref().map(ToString::to_string).unwrap_or_default()
            ),
            advice: "改单位或者改名称，使两者说同一件事。".to_owned(),
            fix: fix::suggested(as_percent(row, &name)),
            ..indicator::fault_at(target, row, &[column::LEVEL3, column::UNIT])
        })
    })
}

/// A rate told with a unit that counts things rather than time is a percentage.
fn as_percent<'r>(row: &'r Row, name: &str) -> Option<(&'r Field, Value)> {
    const TIMES: [&str; 9] = ["天", "日", "工作日", "个工作日", "小时", "月", "个月", "年", "期"];
    let unit = row.target.as_ref()?.unit.as_deref()?;
    let counts = indicator::is_rate(name) && is_count(unit) && !TIMES.contains(&unit);
    fix::percent(row).filter(|_| counts)
}

fn contradiction(row: &Row, name: &str) -> Option<&'static str> {
    let target = row.target.as_ref()?;
    let unit = target.unit.as_deref()?;
    let rate = indicator::is_rate(name);
    if rate && is_count(unit) {
        return Some("比率不能用时间或数量单位");
    }
    if unit != "%" || rate {
        return None;
    }
    let stem = indicator::stem(name);
    if COUNTS.iter().any(|end| stem.ends_with(end)) {
        return Some("名称是数量，不能用百分比");
    }
    indicator::is_subclass(row, subclass::QUANTITY).then_some("数量指标没有写明数量，只填了百分比")
}

/// Units that count or measure, never a part of a whole. Compound units (`起/万人`) may be rates.
fn is_count(unit: &str) -> bool {
    const COUNTED: [&str; 24] = [
        "个",
        "人",
        "人次",
        "次",
        "场",
        "期",
        "户",
        "家",
        "台",
        "套",
        "件",
        "份",
        "天",
        "日",
        "工作日",
        "个工作日",
        "小时",
        "月",
        "个月",
        "年",
        "亩",
        "平方米",
        "米",
        "公里",
    ];
    COUNTED.contains(&unit)
}
