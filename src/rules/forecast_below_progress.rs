//! L309: what an indicator is expected to reach by the end of the year is less than what it has reached already.

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, indicator, over_completion_unexplained, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::Row;
use crate::schema::Stage;
use crate::schema::concept::column;
use crate::text::excerpt;

pub(super) static RULE: Rule = Rule {
    code: "L309",
    name: "forecast-below-progress",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "财预〔2019〕136号 监控表（1—7月执行情况、全年预计完成情况）；实务（累计完成数只增不减）",
    summary: "全年预计完成数小于已经完成的数",
    docs: "
## 检查什么
监控表里计数的正向指标（≥，或产出数量），全年预计完成情况是否小于监控期的执行情况。两格单位不同、有一格不是数的，比率、成本、满意度，不判断。

## 为什么
数量是累计的，到年底只会更多。多半是全年预计填成了剩余几个月的数，或者两格填反。

## 正反例
- 反例：1—7月培训 420 人，全年预计 180 人。
- 正例：1—7月培训 420 人，全年预计 600 人。

## 怎么改
全年预计完成情况填全年累计数；两格填反的对调。

## 依据
财预〔2019〕136号 项目支出绩效运行监控表；实务。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    if context.form.schema.stage != Stage::Monitoring {
        return Verdict::NotApplicable;
    }
    indicator::each(context, &[column::TARGET, column::ACTUAL, column::FORECAST], |row| judge(context, row))
}

fn judge(context: &Context<'_>, row: &Row) -> Option<Fault> {
    over_completion_unexplained::completion(context, row)?;
    let (actual, forecast) = (row.cell(column::ACTUAL)?, row.cell(column::FORECAST)?);
    let (so_far, expected) = (actual.measure()?, forecast.measure()?);
    let differ = matches!((&so_far.unit, &expected.unit), (Some(a), Some(b)) if a != b);
    if differ || expected.is_percent() || so_far.is_percent() || expected.number >= so_far.number {
        return None;
    }
    let difference: Decimal = expected.number - so_far.number;
    Some(Fault {
        expected: Some(format!("≥{}", phrase::plain(so_far.number))),
        difference: Some(phrase::plain(difference)),
        message: format!(
            "{}填“{}”，比{}的“{}”还少 {}",
            phrase::column_at(context.form, forecast, column::FORECAST),
            excerpt(forecast.text(), 16),
            phrase::column_at(context.form, actual, column::ACTUAL),
            excerpt(actual.text(), 16),
            phrase::plain(difference.abs()),
        ),
        advice: format!("全年预计完成情况填全年累计数（不少于 {}）；两格填反的对调。", phrase::plain(so_far.number)),
        ..indicator::fault_at(forecast, row, &[column::ACTUAL, column::TARGET])
    })
}
