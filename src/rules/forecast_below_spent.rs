//! A106: the year's expected spending is less than what is spent already, or more than there is.

use super::{Check, Context, Fault, Rule, Verdict, funding, money_magnitude_jump, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::GridRow;
use crate::schema::concept::amount;
use crate::text::{excerpt, label_key};

pub(super) static RULE: Rule = Rule {
    code: "A106",
    name: "forecast-below-spent",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "财预〔2019〕136号 监控表（1—7月执行数、全年预计执行数）；实务（累计执行数只增不减）",
    summary: "全年预计执行数小于已经执行的数",
    docs: "
## 检查什么
监控表逐行比较全年预计执行数与监控期（1—某月）执行数：全年预计应当不小于已经执行的数。相差在口径 `money.sum_tolerance` 以内的不算；两数相差一万倍的由 V116 提出。

## 为什么
执行数是累计数，到年底只会更多。预计数填成了剩余几个月的数，预计执行率就错了。

## 正反例
- 反例：1—7月执行 72，全年预计执行 48（填成了 8—12 月的数，应为 120）。
- 正例：1—7月执行 72，全年预计执行 120。

## 怎么改
全年预计执行数填全年累计数：已执行数加预计还要执行的数。

## 依据
财预〔2019〕136号 项目支出绩效运行监控表；实务。
",
    check: Check::Form(check),
};

/// 全年预计执行数.
const FORECAST: &str = "forecast";

fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    let Some(grid) = form.record.funding() else { return Verdict::NotApplicable };
    if !grid.rows.iter().any(|row| row.cells.contains_key(FORECAST) && row.cells.contains_key(amount::EXECUTED)) {
        return Verdict::NotApplicable;
    }
    let judged: Vec<(bool, Option<Fault>)> = grid
        .rows
        .iter()
        .filter_map(|row| judge(context, row).map(|fault| (funding::is_total(form, row), fault)))
        .collect();
    if judged.is_empty() {
        return Verdict::InsufficientData;
    }
    // Where the total says it, its parts need no finding of their own.
    let total_says = judged.iter().any(|(is_total, fault)| *is_total && fault.is_some());
    Verdict::Checked(
        judged.into_iter().filter(|(is_total, _)| *is_total || !total_says).filter_map(|(_, f)| f).collect(),
    )
}

/// `None` where the row does not give both.
fn judge(context: &Context<'_>, row: &GridRow) -> Option<Option<Fault>> {
    let form = context.form;
    let (forecast, executed) = (row.cells.get(FORECAST)?, row.cells.get(amount::EXECUTED)?);
    let (expected, spent) = (forecast.number()?, executed.number()?);
    let is_slip = form
        .record
        .funding()
        .and_then(|grid| funding::spending(grid, row))
        .is_some_and(|spending| money_magnitude_jump::tells(context, &spending));
    if spent - expected <= funding::tolerance(form, context.policy) || is_slip {
        return Some(None);
    }
    let label = format!("{}·{}", excerpt(&label_key(&row.label.text), 12), phrase::amount_label(form, FORECAST));
    Some(Some(Fault {
        cell: Some(forecast.cell()),
        related: vec![executed.cell()],
        found: Some(forecast.text().to_owned()),
        expected: Some(format!("≥{}", phrase::plain(spent))),
        difference: Some(phrase::plain(expected - spent)),
        message: format!(
            "{}填 {}，比{}已执行的 {} 少 {}；若是后几个月的数，全年应为 {} + {} = {}",
            phrase::at(forecast.cell(), &label),
            phrase::plain(expected),
            phrase::at(executed.cell(), phrase::amount_label(form, amount::EXECUTED)),
            phrase::plain(spent),
            phrase::plain(spent - expected),
            phrase::term(executed),
            phrase::term(forecast),
            phrase::plain(spent + expected),
        ),
        advice: format!("全年预计执行数填全年累计数，不小于 {}。", phrase::plain(spent)),
        ..Fault::default()
    }))
}
