//! L306: a project spends more slowly than the line that the policy draws for the month.

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, funding, indicator, phrase, schedule};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Form};
use crate::policy::Light;
use crate::schema::Stage;
use crate::schema::concept::{self, amount, column};
use crate::text::squeeze;

pub(super) static RULE: Rule = Rule {
    code: "L306",
    name: "month-line-missed",
    severity: Severity::Warning,
    dimension: Dimension::Adequacy,
    authority: "本地口径 monitoring.lines（川财绩〔2025〕10号：1—4月低于25%、1—6月低于40%、1—8月低于60%、1—10月低于80%预警）",
    summary: "监控时的执行率低于当月应达到的进度，没有说明原因",
    docs: "
## 检查什么
监控表的执行率（1—某月执行数 ÷ 年初预算数）是否低于当月应达到的进度，而资金栏的原因、全表的偏差原因分析、指标的经费保障或原因说明都没有交代资金。应达到的进度见口径 `monitoring.lines`，按不晚于监控月份的最近一档；同时按序时进度（月份÷12）说明亮红灯还是黄灯，界线见口径 `monitoring.red_below`、`monitoring.yellow_below`。监控月份从“1—7月执行数”一类的列标题读出；读不出月份、没有执行数的，不判断。

## 为什么
支出进度明显落后，年底不是突击花钱就是完不成，监控就是要在年中发现。

## 正反例
- 反例：1—6月执行率 22%，应达到 40%，没有原因。
- 正例：1—6月执行率 22%，偏差原因分析写明“设备 6 月才完成招标，8 月到货后支付”。

## 怎么改
核对执行数；确实偏慢的，写明原因和加快的措施，年底用不完的按程序调减。

## 依据
川财绩〔2025〕10号；其他地方的进度要求可在口径里改。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    let lines = &context.policy.monitoring;
    if form.schema.stage != Stage::Monitoring || lines.lines.is_empty() {
        return Verdict::NotApplicable;
    }
    let (Some(month), Some(spending)) = (schedule::month(form), schedule::spending(form)) else {
        return Verdict::InsufficientData;
    };
    let Some(rate) = spending.rate() else { return Verdict::InsufficientData };
    let Some(line) = lines.line_at(month).filter(|line| rate < line.rate && !tells_why(context, form)) else {
        return Verdict::Checked(Vec::new());
    };
    let (budget, executed) = (spending.budget, spending.executed);
    Verdict::Checked(vec![Fault {
        cell: Some(executed.cell()),
        related: vec![budget.cell()],
        found: Some(phrase::percent(rate)),
        expected: Some(format!("≥{}", phrase::percent(line.rate))),
        message: format!(
            "{}的执行率为 {} ÷ {} = {}{}，1—{}月应达到 {}，没有说明原因",
            phrase::at(executed.cell(), phrase::amount_label(form, amount::EXECUTED)),
            phrase::term(executed),
            phrase::term(budget),
            phrase::percent(rate),
            light(context, rate, month),
            line.month,
            phrase::percent(line.rate),
        ),
        advice: "核对执行数；确实偏慢的，写明原因和加快支出的措施，年底用不完的按程序调减。".to_owned(),
        ..Fault::default()
    }])
}

/// The light of the spending against the calendar, where it is red or yellow: `（序时进度的 79.6%，黄灯）`.
fn light(context: &Context<'_>, rate: Decimal, month: u32) -> String {
    match schedule::of_spending(context, rate, month) {
        Some((share, light @ (Light::Red | Light::Yellow))) => {
            format!("（序时进度的 {}，{}）", phrase::percent(share), light.title())
        }
        _ => String::new(),
    }
}

/// Whether the form says anywhere why money flows slowly.
pub(super) fn tells_why(context: &Context<'_>, form: &Form) -> bool {
    const MONEY: [&str; 9] = ["资金", "经费", "预算", "支付", "结算", "拨付", "支出", "执行", "付款"];
    let says = |field: &&Field| !indicator::lacks_reason(context, Some(field));
    let of_money = |field: &Field| MONEY.iter().any(|word| squeeze(field.text()).contains(word));
    let whole = form.record.field(concept::field::DEVIATION_SUMMARY).filter(says).is_some();
    let in_block = form.record.funding().is_some_and(|grid| funding::has_reason(grid, &context.policy.words));
    let rows = form.record.indicators().into_iter().flat_map(|table| &table.rows);
    let in_rows = rows
        .flat_map(|row| [column::REASON, "reason_funding", "note"].into_iter().filter_map(|id| row.cell(id)))
        .any(|field| says(&field) && of_money(field));
    whole || in_block || in_rows
}
