//! W104 number-in-name: the target repeated in the name.

use std::sync::LazyLock;

use regex::Regex;

use super::{Check, Context, Fault, Rule, Verdict, fix, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::schema::concept::column;
use crate::text::excerpt;
use crate::value::{Measure, Value, parse_number};

pub(super) static RULE: Rule = Rule {
    code: "W104",
    name: "number-in-name",
    severity: Severity::Info,
    dimension: Dimension::Consistency,
    authority: "实务",
    summary: "指标名称里写了指标值",
    docs: "\
## 检查什么

指标名称里带着与指标值相同的数字（“满意度95%以上” ≥95%）。

## 为什么

名称应当只说考核什么，数字写在指标值栏；写两遍，调整时容易漏改一处。

## 正反例

- 反例：`满意度95%以上`，指标值 `≥95%`
- 正例：`服务对象满意度`，指标值 `≥95%`

## 怎么改

把名称中的数字删去。
修改建议：数字在名称末尾的，删去数字和“以上”等字。

## 依据

绩效目标审核、自评复核实务。
",
    check: Check::Form(check),
};

/// A number with what follows it.
static NUMBER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(\d+(?:\.\d+)?)([^\d.])?").expect("a constant pattern, compiled in tests"));

fn check(ctx: &Context<'_>) -> Verdict {
    indicator::each(ctx, &[column::LEVEL3, column::TARGET], |row| {
        let target = row.target.as_ref()?;
        let name = indicator::name(row)?;
        let unit = target.unit.as_deref().unwrap_or_default();
        let repeated = NUMBER.captures_iter(&name).any(|found| {
            let number = found.get(1).and_then(|number| parse_number(number.as_str()));
            let follows = found.get(2).map_or("", |next| next.as_str());
            number == Some(target.number) && (unit.starts_with(follows) || follows == ")") && follows != "年"
        });
        let cell = row.cell(column::LEVEL3).filter(|_| repeated)?;
        Some(Fault {
            message: format!(
                "{}“{}”里写了指标值“{target}”",
                phrase::column_at(ctx.form, cell, column::LEVEL3),
                excerpt(&name, 24)
            ),
            advice: format!("把名称改为“{}”，“{target}”只写在指标值栏。", without_figure(&name, target)),
            fix: fix::suggested(bare(cell.text()).map(|bare| (cell, Value::Text(bare)))),
            ..indicator::fault_at(cell, row, &[column::TARGET])
        })
    })
}

/// The name without the target's figure, its sign and its unit: `聘用人员230人` gives `聘用人员`.
fn without_figure(name: &str, target: &Measure) -> String {
    let figure = format!("{}{}", target.number.normalize(), target.unit.as_deref().unwrap_or_default());
    let bare = name.replace(&figure, "").replace("()", "");
    let bare = indicator::stem(&bare.replace(['≥', '≤', '>', '<', '='], ""));
    if bare.chars().count() >= 2 { bare } else { "考核什么".to_owned() }
}

/// The name without the figure at its end: `满意度95%以上` is `满意度`; `None` where something else stands behind it.
fn bare(name: &str) -> Option<String> {
    let stem = indicator::stem(name);
    let behind = name.trim().strip_prefix(&stem)?;
    (stem.chars().count() >= 2 && indicator::has_digit(behind)).then_some(stem)
}
