//! V103 unit-in-amount: amounts that carry a unit although the form states one.

use super::{Check, Context, Fault, Rule, Verdict, fix, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Stored};
use crate::schema::FieldKind;
use crate::schema::concept::{amount, field};
use crate::text::excerpt;
use crate::value::{Measure, Value};

pub(super) static RULE: Rule = Rule {
    code: "V103",
    name: "unit-in-amount",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "实务",
    summary: "表头已注明金额单位，金额里又写单位或说明",
    docs: "\
## 检查什么

表头注明了金额单位（元或万元），金额单元格里又写“250万”“800万元”，或者在金额后面用括号另写说明（“854（高标准农田）”）。同一张表有多处时标在第一处。没有注明金额单位的表不查。

## 为什么

带字的金额不是数值，不能求和；单位写了两遍，写得不一致时就分不清以哪个为准。

## 正反例

- 反例：表头“单位：万元”，金额填 `250万`
- 正例：表头“单位：万元”，金额填 `250`

## 怎么改

只留数字；单元格里的单位与表头不同的，先换算。
自动改正：单位与表头相同的，去掉单位，只留数字。修改建议：单位与表头不同的，换算成表头的单位，由单位核实后采纳。

## 依据

绩效目标审核、自评复核实务。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    let record = &ctx.form.record;
    let Some(unit) = record.filled(field::MONEY_UNIT) else {
        return Verdict::NotApplicable;
    };
    let grid = record.funding().into_iter().flat_map(|grid| &grid.rows).flat_map(|row| {
        [amount::INITIAL, amount::BUDGET, amount::EXECUTED].into_iter().filter_map(|id| row.cells.get(id))
    });
    // A sentence, `合计：13个项目，74263万元`, must name its unit.
    let amounts =
        ctx.form.schema.fields.iter().filter(|spec| spec.kind == FieldKind::Amount && spec.from_text.is_none());
    let mut with_unit: Vec<&Field> = grid
        .chain(amounts.filter_map(|spec| record.field(&spec.id)))
        .filter(|amount| writes_money_unit(amount) || has_remark(amount))
        .collect();
    with_unit.sort_by_key(|amount| amount.cell());
    with_unit.dedup_by_key(|amount| amount.cell());
    let mut fault = indicator::once(&with_unit, |amount| Fault {
        message: match has_remark(amount) {
            true => format!("{}填的是“{}”，金额后面另写了说明", amount.cell(), excerpt(amount.text(), 20)),
            false => format!("{}填的是“{}”，而表头已注明金额单位为{unit}", amount.cell(), excerpt(amount.text(), 20)),
        },
        // What is written in another unit counts in the form's own.
        expected: amount.number().map(phrase::plain),
        advice: match amount.number() {
            Some(number) => format!("金额只填数字，以{unit}计：{} 填 {}。", amount.cell(), phrase::plain(number)),
            None => format!("金额只填数字，以{unit}计。"),
        },
        ..Fault::default()
    });
    if let Some(fault) = &mut fault {
        let figures = with_unit.iter().filter_map(|amount| Some((*amount, Value::Number(amount.number()?))));
        // Another unit than the form's is converted only where the unit wants it.
        let is_own = |amount: &&Field| {
            let written = Measure::parse(amount.text()).and_then(|measure| measure.unit);
            written.is_some_and(|written| written.trim_end_matches('元') == unit.trim_end_matches('元'))
        };
        fault.fix = fix::only_if(with_unit.iter().all(is_own), fix::safe(figures));
    }
    Verdict::Checked(fault.into_iter().collect())
}

/// `854万（高标准农田）`, `854（其中……）`: an amount was read, more is written.
fn has_remark(amount: &Field) -> bool {
    amount.number().is_some() && amount.provenance.stored == Stored::Text && amount.text().contains(['(', '（'])
}

fn writes_money_unit(amount: &Field) -> bool {
    Measure::parse(amount.text()).and_then(|measure| measure.unit).is_some_and(|unit| indicator::is_money(&unit))
}
