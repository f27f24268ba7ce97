//! W105 name-contradicts-target: a name and a target that say two things.

use std::sync::LazyLock;

use regex::Regex;

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::Row;
use crate::schema::concept::column;
use crate::text::excerpt;
use crate::value::{Measure, parse_number};

pub(super) static RULE: Rule = Rule {
    code: "W105",
    name: "name-contradicts-target",
    severity: Severity::Error,
    dimension: Dimension::Consistency,
    authority: "实务",
    summary: "指标名称与指标值互相矛盾",
    docs: "\
## 检查什么

指标名称末尾写的数字与指标值不一致（名称“达标率100%”，指标值“≥98%”）；成本指标的名称写金额，指标值却填百分比（名称“20万元”，指标值“100%”）。

## 为什么

同一个指标出现两个目标，或者名称和数值填反了栏，考核无法进行。

## 正反例

- 反例：`达标率100%`，指标值 `≥98%`；成本指标`20万元`，指标值 `100%`
- 正例：`达标率`，指标值 `≥98%`；`项目总成本`，指标值 `≤20万元`

## 怎么改

名称只写考核内容，数字写在指标值栏，并以正确的一个为准。

## 依据

绩效目标审核、自评复核实务。
",
    check: Check::Form(check),
};

/// A number with its unit at the end of a name, in brackets or not.
static AT_END: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(\d+(?:\.\d+)?)(%|\p{Han}{1,3}?)(?:及?以上|及?以下|以内)?[)。]*$")
        .expect("a constant pattern, compiled in tests")
});
/// An amount of money.
static MONEY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\d+(?:\.\d+)?(?:万元|亿元|元|万)(?:[^/]|$)").expect("a constant pattern, compiled in tests")
});

fn check(ctx: &Context<'_>) -> Verdict {
    indicator::each(ctx, &[column::LEVEL3, column::TARGET], |row| {
        let measure = row.target.as_ref()?;
        let name = indicator::name(row)?;
        let (why, advice) = contradiction(row, measure, &name)?;
        let target = row.cell(column::TARGET)?;
        Some(Fault {
            message: format!(
                "指标名称“{}”与{}“{measure}”矛盾：{why}",
                excerpt(&name, 30),
                phrase::column_at(ctx.form, target, column::TARGET),
            ),
            advice: advice.to_owned(),
            ..indicator::fault_at(target, row, &[column::LEVEL3])
        })
    })
}

fn contradiction(row: &Row, target: &Measure, name: &str) -> Option<(String, &'static str)> {
    if indicator::is_money_cost(row) && target.is_percent() && MONEY.is_match(name) && !indicator::is_rate(name) {
        let advice = "名称改为“项目总成本”一类的内容，金额写到指标值栏，并加“≤”。";
        return Some(("名称写的是金额，指标值却是百分比".to_owned(), advice));
    }
    let found = AT_END.captures(name)?;
    let number = found.get(1).and_then(|number| parse_number(number.as_str()))?;
    let unit = found.get(2).map_or("", |unit| unit.as_str());
    (target.unit.as_deref() == Some(unit) && number != target.number).then(|| {
        let why = format!("名称要求 {}{unit}，指标值是 {}{unit}", phrase::plain(number), phrase::plain(target.number));
        (why, "以正确的一个为准；名称只写考核内容，数字写在指标值栏。")
    })
}
