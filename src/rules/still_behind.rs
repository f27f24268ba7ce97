//! X136 still-behind: a project that was slow at one monitoring and is slow at the next.

use rust_decimal::Decimal;

use super::{Check, Fault, RoundContext, RoundForm, Rule, Verdict, chain, funding, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::Field;
use crate::policy::{Monitoring, MonthLine};
use crate::schema::Stage;
use crate::schema::concept::amount;

pub(super) static RULE: Rule = Rule {
    code: "X136",
    name: "still-behind",
    severity: Severity::Warning,
    dimension: Dimension::Adequacy,
    authority: "本地口径 monitoring.lines（川财绩〔2025〕10号：执行率低于当月的线预警，10 个工作日内处理）",
    summary: "两次监控的执行率都低于当月应达到的进度",
    docs: "
## 检查什么
监控表的执行率和同一项目、同一年度前一次监控的执行率，是否都低于各自月份应达到的进度（口径 `monitoring.lines`）。说明两次相对序时进度的灯。一次落后的由 L306 查有没有说明；读不出月份、没有执行数的，不判断。

## 为什么
上次已经预警，这次仍然落后，说明纠偏没有见效，应当调减或调剂。

## 正反例
- 反例：6月底执行 22%（应达到 40%），8月底执行 35%（应达到 60%）
- 正例：6月底执行 22%，8月底赶到 66%

## 怎么改
写明上次预警后采取的措施和年底前的支付安排；用不完的按程序调减、调剂。

## 依据
川财绩〔2025〕10号；其他地方的进度要求可在口径里改。
",
    check: Check::Round(check),
};

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    let monitoring = &round.policy.monitoring;
    if monitoring.lines.is_empty() {
        return round.forms.iter().map(|_| Verdict::NotApplicable).collect();
    }
    chain::each_monitored(round, |own, before| match own.form.schema.stage {
        Stage::Monitoring => judge(monitoring, own, before),
        _ => Verdict::NotApplicable,
    })
}

/// How far a form has come by the end of its month.
struct Progress<'a> {
    executed: &'a Field,
    rate: Decimal,
    month: u32,
    line: MonthLine,
}

fn judge(monitoring: &Monitoring, own: &RoundForm<'_>, before: &RoundForm<'_>) -> Verdict {
    let (Some(was), Some(is)) = (progress(monitoring, before), progress(monitoring, own)) else {
        return Verdict::InsufficientData;
    };
    if was.rate >= was.line.rate || is.rate >= is.line.rate {
        return Verdict::Checked(Vec::new());
    }
    Verdict::Checked(vec![Fault {
        cell: Some(is.executed.cell()),
        elsewhere: vec![chain::elsewhere(before, was.executed)],
        found: Some(phrase::percent(is.rate)),
        expected: Some(format!("≥{}", phrase::percent(is.line.rate))),
        message: format!(
            "{}的执行率 {}，{}月应达到 {}{}；上次（{}）{}，{}月应达到 {}{}，两次都落后",
            phrase::at(is.executed.cell(), phrase::amount_label(own.form, amount::EXECUTED)),
            phrase::percent(is.rate),
            is.line.month,
            phrase::percent(is.line.rate),
            light(monitoring, &is),
            chain::place(before, was.executed.cell()),
            phrase::percent(was.rate),
            was.line.month,
            phrase::percent(was.line.rate),
            light(monitoring, &was),
        ),
        advice: "写明上次预警后采取的措施和年底前的支付安排；用不完的按程序调减、调剂。".to_owned(),
        ..Fault::default()
    }])
}

/// `None` where the form names no month, has no rate, or no line is drawn by then.
fn progress<'a>(monitoring: &Monitoring, one: &RoundForm<'a>) -> Option<Progress<'a>> {
    let spending = funding::spending(one.form.record.funding()?, funding::main_row(one.form)?)?;
    let month = Some(chain::month(one.form)).filter(|month| *month > 0)?;
    Some(Progress { executed: spending.executed, rate: spending.rate()?, month, line: monitoring.line_at(month)? })
}

/// The light of the spending against the calendar: `（红灯）`.
fn light(monitoring: &Monitoring, progress: &Progress<'_>) -> String {
    let year = progress.rate.checked_mul(Decimal::from(12));
    let share = year.and_then(|year| year.checked_div(Decimal::from(progress.month)));
    share.map(|share| format!("（{}）", monitoring.light(share).title())).unwrap_or_default()
}
