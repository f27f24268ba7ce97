//! L307: an indicator's light is red or yellow, and nothing says why.

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase, possibility_without_reason, schedule};
use crate::finding::{Dimension, Severity};
use crate::form::Table;
use crate::policy::Light;
use crate::schema::Stage;
use crate::schema::concept::{column, field};

pub(super) static RULE: Rule = Rule {
    code: "L307",
    name: "indicator-behind-schedule",
    severity: Severity::Info,
    dimension: Dimension::Adequacy,
    authority: "系统（监控亮灯：完成进度低于序时进度 60% 红灯，60%—80% 黄灯，红灯、黄灯须写偏差原因）；本地口径 monitoring.red_below",
    summary: "监控指标亮红灯或黄灯，没有说明原因",
    docs: "
## 检查什么
监控表的指标按序时进度亮灯：计数的正向指标，完成值 ÷（指标值 ÷ 12 × 月份）低于 60% 红灯、60%—80% 黄灯；反向指标超过指标值的红灯；定性指标“部分达成”黄灯、“未达成”红灯。界线见口径 `monitoring.red_below`、`monitoring.yellow_below`，黄灯要不要原因见 `monitoring.yellow_needs_reason`。亮灯而本行（原因、备注）和全表的偏差原因都没有写的，提示。比率、满意度、时间不按月份摊，不亮灯；看不出监控月份的，不判断。

## 为什么
监控要看的就是进度。年底集中完成的事也要写一句，看的人才知道是安排如此，不是拖下来的。

## 正反例
- 反例：1—7月，指标值 9 条，完成 2 条（序时进度的 38.1%，红灯），原因空着。
- 正例：同上，原因写“7 条列入暑期施工，8 月完工”。

## 怎么改
写明进度落后的原因和赶上来的安排；完成数没有更新的，先更新完成数。

## 依据
预算绩效管理系统的监控亮灯办法；各地的界线可在口径里改。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    let Some(table) = form.record.indicators().filter(|table| {
        form.schema.stage == Stage::Monitoring && table.has(column::TARGET) && table.has(column::ACTUAL)
    }) else {
        return Verdict::NotApplicable;
    };
    let Some(month) = schedule::month(form) else { return Verdict::InsufficientData };
    let lights = schedule::lights(context, month);
    if lights.is_empty() {
        return Verdict::InsufficientData;
    }
    let needs = |light: Light| match light {
        Light::Red => true,
        Light::Yellow => context.policy.monitoring.yellow_needs_reason,
        Light::Green | Light::Blue => false,
    };
    let silent = lights.iter().filter(|lit| needs(lit.light) && !is_explained(context, table, lit));
    Verdict::Checked(silent.map(|lit| fault(context, lit, month)).collect())
}

fn is_explained(context: &Context<'_>, table: &Table, lit: &schedule::Lit<'_>) -> bool {
    let whole = context.form.record.field(field::DEVIATION_SUMMARY);
    let says = whole.is_some_and(|field| !indicator::lacks_reason(context, Some(field)));
    says || possibility_without_reason::has_reason(context, table, lit.row)
}

fn fault(context: &Context<'_>, lit: &schedule::Lit<'_>, month: u32) -> Fault {
    let lights = &context.policy.monitoring;
    let line = match lit.light {
        Light::Red => format!("红灯（序时进度的 {} 以下）", phrase::percent(lights.red_below)),
        _ => format!("黄灯（序时进度的 {} 以下）", phrase::percent(lights.yellow_below)),
    };
    // Reverse indicators and words have their lights without a line of the calendar.
    let light = if lit.words.contains('÷') { line } else { lit.light.title().to_owned() };
    Fault {
        message: format!(
            "{}：1—{month}月 {}，{light}，没有说明原因",
            phrase::column_at(context.form, lit.actual, column::ACTUAL),
            lit.words,
        ),
        advice: "写明进度落后的原因和赶上来的安排；完成数没有更新的，先更新完成数。".to_owned(),
        ..indicator::fault_at(lit.actual, lit.row, &[column::TARGET, column::REASON])
    }
}
