//! V106 missing-operator: a numeric target without its sign, where the sign decides.

use super::{Check, Context, Fault, Rule, Verdict, fix, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Row};
use crate::schema::concept::column;
use crate::text::excerpt;
use crate::value::Operator;

pub(super) static RULE: Rule = Rule {
    code: "V106",
    name: "missing-operator",
    severity: Severity::Info,
    dimension: Dimension::Feasibility,
    authority: "系统（定量指标必选计算符号）；财预〔2015〕88号（绩效目标应当细化量化）",
    summary: "指标值缺少比较符号（成本应为≤）",
    docs: "\
## 检查什么

成本指标的金额没有“≤”；或者表上有“指标性质”栏，数字指标的这一栏却空着。同一张表有多处时标在第一处。

## 为什么

没有比较符号就说不清是上限还是必须等于，节约和超支都没法评判。

## 正反例

- 反例：`项目总成本 20万元`
- 正例：`项目总成本 ≤20万元`

## 怎么改

成本指标加“≤”，产出和效益指标按方向填“≥”“=”或“≤”。
修改建议：成本指标补上“≤”；其余的方向由填报单位定，没有建议。

## 依据

财预〔2015〕88号《中央部门预算绩效目标管理办法》：绩效目标应当指向明确、细化量化、合理可行、相互匹配。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    let has_column = indicator::table(ctx, &[column::OPERATOR]).is_some();
    let verdict = indicator::gathered(
        ctx,
        &[column::TARGET],
        |row| unsigned(row, has_column),
        |target| Fault {
            message: format!(
                "{}填的是“{}”，没有比较符号",
                phrase::column_at(ctx.form, target, column::TARGET),
                excerpt(target.text(), 20)
            ),
            advice: format!(
                "补上比较符号：成本写成“≤{0}”，越多越好的写成“≥{0}”，不多不少的写成“={0}”。",
                excerpt(target.text(), 12)
            ),
            ..Fault::default()
        },
    );
    // Only of a cost the direction is certain.
    let is_cost = |row: &Row| indicator::is_money_cost(row) && unsigned(row, has_column).is_some();
    fix::of_rows(ctx, verdict, |row| fix::operator(row, Operator::AtMost).filter(|_| is_cost(row)))
}

fn unsigned(row: &Row, has_column: bool) -> Option<&Field> {
    let target = row.target.as_ref().filter(|target| target.operator.is_none())?;
    let cost = indicator::is_money_cost(row) && target.unit.as_deref().is_some_and(indicator::is_money);
    let blank = has_column && row.cell(column::OPERATOR).is_none_or(Field::is_blank);
    if cost || blank { row.cell(column::TARGET) } else { None }
}
