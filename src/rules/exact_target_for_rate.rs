//! V117 exact-target-for-rate: a rate of which more is better, fixed by `=` below 100.

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, fix, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Row};
use crate::schema::concept::column;
use crate::text::excerpt;
use crate::value::Operator;

pub(super) static RULE: Rule = Rule {
    code: "V117",
    name: "exact-target-for-rate",
    severity: Severity::Warning,
    dimension: Dimension::Feasibility,
    authority: "财预〔2015〕88号（绩效目标应当合理可行）；实务",
    summary: "满意度、及时率等比率用“=”设不满100的目标",
    docs: "\
## 检查什么

满意度、合格率、及时率等越高越好的比率，用“=”设了低于 100% 的目标（如 `=99%`）。同一张表有多处时标在第一处。“=100%”不查。

## 为什么

用“=”意味着高了也算没完成；这类比率应当是“不低于”。

## 正反例

- 反例：`服务对象满意度 =99%`
- 正例：`服务对象满意度 ≥99%`

## 怎么改

把“=”改为“≥”。
修改建议：逐格把“=”改为“≥”。

## 依据

财预〔2015〕88号《中央部门预算绩效目标管理办法》：绩效目标应当指向明确、细化量化、合理可行、相互匹配。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    let verdict = indicator::gathered(
        ctx,
        &[column::TARGET],
        |row| fixed(row, &ctx.policy.words.reverse),
        |target| Fault {
            expected: Some("≥".to_owned()),
            message: format!(
                "{}“{}”用“=”固定了目标，该比率越高越好，应为“≥”",
                phrase::column_at(ctx.form, target, column::TARGET),
                excerpt(target.text(), 20)
            ),
            advice: "把“=”改为“≥”，数不变。".to_owned(),
            ..Fault::default()
        },
    );
    let is_fixed = |row: &Row| fixed(row, &ctx.policy.words.reverse).is_some();
    fix::of_rows(ctx, verdict, |row| fix::operator(row, Operator::AtLeast).filter(|_| is_fixed(row)))
}

fn fixed<'r>(row: &'r Row, harms: &[String]) -> Option<&'r Field> {
    let target = row.target.as_ref().filter(|target| target.operator == Some(Operator::Equal))?;
    let name = indicator::name(row)?;
    let rate = target.is_percent() && indicator::is_rate(&name) && !indicator::counts_harm(&name, harms);
    let open = target.number > Decimal::from(50) && target.number < Decimal::ONE_HUNDRED;
    (rate && open).then(|| row.cell(column::TARGET)).flatten()
}
