//! F103: the form came back as it was sent out: nothing of what the unit must write is there.

use super::{Check, Context, Fault, Rule, Verdict};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Record, Table};
use crate::schema::Stage;
use crate::schema::concept::{INDICATORS, column, field};

pub(super) static RULE: Rule = Rule {
    code: "F103",
    name: "blank-form",
    severity: Severity::Error,
    dimension: Dimension::Completeness,
    authority: "财预〔2015〕88号 绩效目标审核表“完整性审核”",
    summary: "整张表没有填写",
    docs: "
## 检查什么
本环节应由单位填写的内容是不是全部空着：目标表看年度目标和指标，自评表看目标完成情况、完成值和得分，监控表看执行情况、预计完成情况和完成可能性，评估表、评分表看得分，清单看有没有一行。预填好的名称、编码、预算、批复指标不算填写。

## 为什么
空表不是自评，也不是申报，不能按“漏填几处”评等级。

## 正反例
- 反例：下发的自评表只有预填的项目名称和预算，完成值、得分、完成情况都空着。
- 正例：填了一部分的，由“必填内容未填”逐处指出。

## 怎么改
按填报说明填写后重新报送；报错了文件的，换成填好的那一份。

## 依据
财预〔2015〕88号 绩效目标审核表。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    if is_begun(form.schema.stage, &form.record) {
        return Verdict::Checked(Vec::new());
    }
    Verdict::Checked(vec![Fault {
        message: "整张表没有填写，只有下发时印好、预填的内容".to_owned(),
        advice: "按填报说明填写后重新报送；报错了文件的，换成填好的那一份。".to_owned(),
        ..Fault::default()
    }])
}

/// Whether anything is written that the unit itself has to write at this stage.
pub(super) fn is_begun(stage: Stage, record: &Record) -> bool {
    let (fields, columns): (&[&str], &[&str]) = match stage {
        Stage::Target => (&[field::GOAL], &[column::LEVEL3, column::TARGET]),
        Stage::SelfEvaluation => (&[field::GOAL_ACTUAL], &[column::ACTUAL, column::SCORE]),
        Stage::Monitoring => (&[], &[column::ACTUAL, column::FORECAST, column::POSSIBILITY]),
        Stage::ExAnte | Stage::Assessment => (&[], &[column::SCORE]),
        Stage::Evaluation => (&[], &[]),
    };
    let is_filled = |field: &Field| field.is_filled();
    let said = fields.iter().filter_map(|id| record.field(id)).any(is_filled);
    let judged =
        |table: &Table| table.rows.iter().any(|row| columns.iter().filter_map(|id| row.cell(id)).any(is_filled));
    let listed = record.tables.iter().any(|(id, table)| match id.as_str() {
        INDICATORS => judged(table),
        _ => !table.rows.is_empty(),
    });
    said || listed
}
