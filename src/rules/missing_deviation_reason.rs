//! C107: an indicator fell short and nothing says why.

use super::{
    Check, Context, Fault, Rule, Verdict, attainment, indicator, phrase, scores_as_shares, scores_in_value_column,
};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Row};
use crate::schema::Stage;
use crate::schema::concept::column;
use crate::text::excerpt;

pub(super) static RULE: Rule = Rule {
    code: "C107",
    name: "missing-deviation-reason",
    severity: Severity::Error,
    dimension: Dimension::Completeness,
    authority: "财预〔2020〕10号 附件1 自评表“偏差原因分析及改进措施”栏（未完成绩效目标的应说明原因及改进措施）",
    summary: "指标未完成或扣分而没有写偏差原因",
    docs: "
## 检查什么
定量指标的实际完成值没有达到指标值，或者定性指标的得分低于分值时，偏差原因一栏是否空着，或只写“无”“0”一类说明不了问题的话。定量指标已完成而仍扣分的，由 L102 提出。事前绩效评估表看得分低于分值的要点，评估意见一栏是否空着。实际完成值未填的，不判断。

## 为什么
自评的用处在于找出差距、说明原因、提出改进措施。

## 正反例
- 反例：指标值 100%，实际 98%，得分 9（分值 10），偏差原因空着。
- 正例：偏差原因“两户外出务工未能入户，已安排补访”。

## 怎么改
写明没有完成的具体原因和改进措施。

## 依据
财预〔2020〕10号 项目支出绩效自评表“偏差原因分析及改进措施”栏。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let Some(table) = context.form.record.indicators() else { return Verdict::NotApplicable };
    // In the middle of the year nothing has fallen short yet: there the possibility asks for a reason, see C301.
    // On an ex-ante form the opinion says why points are missing.
    let Some(why) = [column::REASON, "opinion"].into_iter().find(|id| table.has(id)) else {
        return Verdict::NotApplicable;
    };
    if context.form.schema.stage == Stage::Monitoring {
        return Verdict::NotApplicable;
    }
    if scores_in_value_column::hides_actuals(context) || scores_as_shares::tells(table) {
        return Verdict::InsufficientData;
    }
    let faults = table.rows.iter().filter_map(|row| {
        let reason = row.cell(why).filter(|reason| indicator::lacks_reason(context, Some(reason)))?;
        Some(fault(context, row, why, reason, &shortfall(context, row)?))
    });
    Verdict::Checked(faults.collect())
}

/// In words how the row fell short; `None` where it did not, or where that cannot be told.
fn shortfall(context: &Context<'_>, row: &Row) -> Option<String> {
    let actual = row.cell(column::ACTUAL);
    if actual.is_some_and(|actual| !actual.is_filled()) {
        return None;
    }
    let label = |id| phrase::column_label(context.form, id);
    if let (Some(met), Some(target), Some(actual)) =
        (attainment::is_met(context, row), row.cell(column::TARGET), actual)
    {
        return (!met).then(|| {
            format!(
                "{}“{}”没有达到 {}“{}”",
                phrase::at(actual.cell(), label(column::ACTUAL)),
                excerpt(actual.text(), 16),
                phrase::at(target.cell(), label(column::TARGET)),
                excerpt(target.text(), 16),
            )
        });
    }
    let (weight, score) = (row.cell(column::WEIGHT)?, row.cell(column::SCORE)?);
    (score.number()? < weight.number()?).then(|| {
        format!(
            "{}只得 {}，低于分值 {}",
            phrase::at(score.cell(), label(column::SCORE)),
            phrase::plain(score.number().unwrap_or_default()),
            phrase::term(weight)
        )
    })
}

fn fault(context: &Context<'_>, row: &Row, why: &str, reason: &Field, shortfall: &str) -> Fault {
    let name = row.filled(column::LEVEL3).map(|name| format!("（{}）", excerpt(name, 20))).unwrap_or_default();
    let blank = if reason.is_filled() { format!("只填“{}”", reason.text().trim()) } else { "未填".to_owned() };
    Fault {
        cell: Some(reason.cell()),
        related: indicator::cells(row, &[column::TARGET, column::ACTUAL, column::WEIGHT, column::SCORE]),
        found: reason.is_filled().then(|| reason.text().to_owned()),
        message: format!("{shortfall}{name}，{}{blank}", phrase::column_at(context.form, reason, why)),
        advice: match row.cell(column::ACTUAL) {
            Some(_) => "写明是什么事造成的、怎么补上，如“一期培训因场地维修取消，已列入下年计划”。".to_owned(),
            None => "写明扣在哪里、为什么扣。".to_owned(),
        },
        ..Fault::default()
    }
}
