//! L310: the outputs are far ahead of the spending, or far behind it.

use rust_decimal::Decimal;

use super::{
    Check, Context, Fault, Rule, Verdict, indicator, month_line_missed, over_completion_unexplained, phrase, schedule,
};
use crate::address::CellRef;
use crate::finding::{Dimension, Severity};
use crate::form::Row;
use crate::schema::Stage;
use crate::schema::concept::{column, subclass};

pub(super) static RULE: Rule = Rule {
    code: "L310",
    name: "progress-spending-gap",
    severity: Severity::Info,
    dimension: Dimension::Adequacy,
    authority: "本地口径 monitoring.gap_from（川财绩〔2025〕10号：目标与支出相差 10% 以上预警）",
    summary: "监控时数量指标的完成进度与支出进度相差较大，没有说明原因",
    docs: "
## 检查什么
监控表里产出数量指标的完成进度（完成值 ÷ 全年指标值，超过 100% 的按 100%）取平均数，与支出进度（执行数 ÷ 预算数）比较，相差达到口径 `monitoring.gap_from`（默认 10 个百分点）而全表没有说明资金原因的，提示。看得出进度的数量指标不足两个的，不判断。

## 为什么
钱花得快而事做得慢，或者事快做完了钱还没动，都要弄清楚：是结算方式如此，还是目标、预算定得不准。

## 正反例
- 反例：数量指标平均完成 18.8%，支出进度 60%，没有说明。
- 正例：同上，偏差原因写明“设备款按合同 6 月前付 60%，8 月安装”。

## 怎么改
核对完成数和执行数；属实的写明原因，下半年据此调整进度或预算。

## 依据
川财绩〔2025〕10号；怎样汇总各项指标文件没有写明，取产出数量指标的平均数。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let (form, line) = (context.form, context.policy.monitoring.gap_from);
    if form.schema.stage != Stage::Monitoring || line.is_zero() {
        return Verdict::NotApplicable;
    }
    let rate = schedule::spending(form).and_then(|spending| Some((spending.rate()?, spending)));
    let rows = form.record.indicators().into_iter().flat_map(|table| &table.rows);
    let outputs = rows.filter(|row| indicator::is_subclass(row, subclass::QUANTITY) && !row.term);
    let done: Vec<(&Row, Decimal)> = outputs
        .filter_map(|row| Some((row, over_completion_unexplained::completion(context, row)?.min(Decimal::ONE))))
        .collect();
    let count = Decimal::from(done.len());
    let (Some((rate, spending)), true) = (rate, done.len() >= 2) else { return Verdict::InsufficientData };
    let sum: Decimal = done.iter().map(|(_, share)| *share).sum();
    let Some(average) = sum.checked_div(count) else { return Verdict::InsufficientData };
    let gap = average - rate;
    if gap.abs() < line || month_line_missed::tells_why(context, form) {
        return Verdict::Checked(Vec::new());
    }
    let terms: Vec<String> = done
        .iter()
        .filter_map(|(row, share)| Some(format!("{} {}", row.at(column::ACTUAL)?, phrase::percent(*share))))
        .collect();
    let related: Vec<CellRef> = done.iter().filter_map(|(row, _)| row.at(column::ACTUAL)).collect();
    let points = |fraction: Decimal| phrase::plain((fraction * Decimal::ONE_HUNDRED).round_dp(2));
    Verdict::Checked(vec![Fault {
        cell: Some(spending.executed.cell()),
        related: related.into_iter().chain([spending.budget.cell()]).collect(),
        found: Some(phrase::percent(rate)),
        difference: Some(format!("{} 个百分点", points(gap.abs()))),
        message: format!(
            "数量指标平均完成（{}）÷ {} = {}，支出进度 {} ÷ {} = {}，相差 {} 个百分点，达到预警线 {} 个，没有说明原因",
            terms.join(" + "),
            done.len(),
            phrase::percent(average),
            phrase::term(spending.executed),
            phrase::term(spending.budget),
            phrase::percent(rate),
            points(gap.abs()),
            points(line),
        ),
        advice: if gap > Decimal::ZERO {
            "核对执行数；事已做而钱未付的，写明付款安排，用不完的按程序调减。"
        } else {
            "核对完成数；钱已付而事未做的，写明付款依据和完成时间。"
        }
        .to_owned(),
        ..Fault::default()
    }])
}
