//! V107 double-operator: a target with two comparison signs that do not agree.

use super::{Check, Context, Fault, Rule, Verdict, fix, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::Row;
use crate::schema::concept::column;
use crate::text::{excerpt, fold, squeeze};
use crate::value::{Measure, Operator, Value};

pub(super) static RULE: Rule = Rule {
    code: "V107",
    name: "double-operator",
    severity: Severity::Error,
    dimension: Dimension::Consistency,
    authority: "实务",
    summary: "指标值里有两个比较符号，或与指标性质栏相反",
    docs: "\
## 检查什么

一个指标值里写了两个同方向的比较符号（区间如“≥90且≤100”除外），或者指标值自带的符号与“指标性质”栏方向相反。

## 为什么

两个符号说的是两个目标，考核时没法判断以哪个为准。

## 正反例

- 反例：`（≥**株）>=17600株`；指标性质“≤”而指标值“≥95%”
- 正例：`≥17600株`

## 怎么改

只留一个比较符号，并与指标方向一致。
修改建议：数字前面连写两个同方向符号的，留第一个；其余的没有建议。

## 依据

绩效目标审核、自评复核实务。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    indicator::each(ctx, &[column::TARGET], |row| {
        let target = row.cell(column::TARGET)?;
        let problem = twice(&squeeze(target.text())).or_else(|| contradiction(row))?;
        Some(Fault {
            expected: Some("一个比较符号".to_owned()),
            message: format!(
                "{}填的是“{}”，{problem}",
                phrase::column_at(ctx.form, target, column::TARGET),
                excerpt(target.text(), 24)
            ),
            advice: match last_measure(target.text()) {
                Some(last) => format!("只留一个比较符号，如“{last}”；越多越好的用“≥”，成本用“≤”。"),
                None => "把两处的比较符号改成一致：越多越好的用“≥”，成本用“≤”。".to_owned(),
            },
            fix: fix::suggested(once(target.text()).map(|once| (target, Value::Text(once)))),
            ..indicator::fault_at(target, row, &[column::OPERATOR])
        })
    })
}

/// The target with its first sign alone, where two of one direction stand before one figure: `≥>95%`.
fn once(text: &str) -> Option<String> {
    let folded = fold(text);
    let (first, rest) = Operator::split(&folded)?;
    let (second, rest) = Operator::split(rest)?;
    let measure = Measure::parse(rest).filter(|measure| measure.operator.is_none())?;
    let same = first.is_forward() == second.is_forward() && first.is_reverse() == second.is_reverse();
    same.then(|| Measure { operator: Some(first), ..measure }.to_string())
}

/// Two signs of one direction in one text; one of each is a range.
fn twice(text: &str) -> Option<String> {
    let (mut lower, mut upper) = (0, 0);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let sign = "≥≤<>=".contains(c).then(|| Operator::split(rest)).flatten();
        rest = match sign {
            Some((op, after)) => {
                lower += i32::from(op.is_forward());
                upper += i32::from(op.is_reverse());
                after
            }
            None => rest.strip_prefix(c).unwrap_or_default(),
        };
    }
    (lower > 1 || upper > 1).then(|| "有两个比较符号".to_owned())
}

fn contradiction(row: &Row) -> Option<String> {
    let column = row.filled(column::OPERATOR)?;
    let (stated, _) = Operator::split(&fold(column)).map(|(op, rest)| (op, rest.to_owned()))?;
    let (written, _) = Operator::split(&fold(row.filled(column::TARGET)?)).map(|(op, rest)| (op, rest.to_owned()))?;
    let opposed = (stated.is_forward() && written.is_reverse()) || (stated.is_reverse() && written.is_forward());
    opposed.then(|| format!("与指标性质栏的“{stated}”方向相反"))
}

/// The measure behind the last sign of a text that has several: `≥17600株` of `(≥**株)>=17600株`.
fn last_measure(text: &str) -> Option<Measure> {
    let text = squeeze(text);
    let signs: Vec<usize> = text.match_indices(['≥', '≤', '>', '<']).map(|(at, _)| at).collect();
    let last = signs.iter().rev().find_map(|at| Measure::parse(text.get(*at..)?))?;
    (signs.len() > 1).then_some(last)
}
