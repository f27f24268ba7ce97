//! L302: the conclusion of an evaluation before the budget does not follow from its score.

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, phrase, points};
use crate::finding::{Dimension, Severity};
use crate::form::Field;
use crate::schema::concept::{column, field};
use crate::schema::{Choice, Stage};

pub(super) static RULE: Rule = Rule {
    code: "L302",
    name: "conclusion-contradicts-score",
    severity: Severity::Error,
    dimension: Dimension::Relevance,
    authority: "实务（各地事前绩效评估办法：评估结论依据评估得分作出）；分界 60 分、90 分为建议",
    summary: "评估结论与评估得分互相矛盾",
    docs: "
## 检查什么
评估得分合计（清单为该项目的评估得分）不到 60 分而结论为“予以支持”；得分在 90 分以上而结论为“不予支持”。其余各档由评估人判断，不查。分界不同的，可在表样的 `[rules.conclusion-contradicts-score]` 中设 `excellent`、`fair`。结论没有填的，由 C101 提出。

## 为什么
评估结论决定项目能不能进预算。结论与得分相反，两者必有一处是错的。

## 正反例
- 反例：合计 55 分，结论“予以支持”。
- 正例：合计 55 分，结论“不予支持”。
- 正例：合计 72 分，结论“调整完善后支持”。

## 怎么改
核对各项得分；得分无误的，按得分改正结论。有一票否决情形的，在评估意见中写明。

## 依据
各地事前绩效评估办法；分界为建议值。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    if form.schema.stage != Stage::ExAnte {
        return Verdict::NotApplicable;
    }
    let edge = |key, default: i64| form.schema.setting(RULE.name, key).unwrap_or_else(|| Decimal::from(default));
    let (excellent, fair) = (edge("excellent", 90), edge("fair", 60));
    let mut faults = Vec::new();
    let mut looked = false;
    for (field, choice, score) in conclusions(context) {
        let Some(total) = score.number() else { continue };
        looked = true;
        let against = match choice.id.as_str() {
            "support" if total < fair => format!("不到 {} 分", phrase::plain(fair)),
            "reject" if total >= excellent => format!("在 {} 分以上", phrase::plain(excellent)),
            _ => continue,
        };
        faults.push(Fault {
            cell: Some(field.cell()),
            related: vec![score.cell()],
            found: Some(field.text().to_owned()),
            message: format!(
                "{}为“{}”，而评估得分 {} {against}",
                phrase::at(field.cell(), "评估结论"),
                choice.label,
                phrase::term(score),
            ),
            advice: "核对各项得分；得分无误的，按得分改正评估结论。".to_owned(),
            ..Fault::default()
        });
    }
    if looked { Verdict::Checked(faults) } else { Verdict::InsufficientData }
}

/// The conclusions of a form with the score each rests on: its own, or one for each row of a list.
fn conclusions<'a>(context: &Context<'a>) -> Vec<(&'a Field, &'a Choice, &'a Field)> {
    let form = context.form;
    let mut found = Vec::new();
    let spec = form.schema.field(field::CONCLUSION);
    if let (Some(spec), Some(field), Some(score)) =
        (spec, form.record.field(field::CONCLUSION), points::total_score(form))
        && let Some(choice) = answer(field, &spec.choices)
    {
        found.push((field, choice, score));
    }
    for spec in &form.schema.tables {
        let (Some(column), Some(table)) = (spec.column(field::CONCLUSION), form.record.tables.get(&spec.id)) else {
            continue;
        };
        for row in &table.rows {
            if let (Some(field), Some(score)) = (row.cell(field::CONCLUSION), row.cell(column::SCORE))
                && let Some(choice) = answer(field, &column.choices)
            {
                found.push((field, choice, score));
            }
        }
    }
    found
}

/// The answer that a field gives.
fn answer<'a>(field: &Field, choices: &'a [Choice]) -> Option<&'a Choice> {
    let label = field.reading.value()?.to_string();
    choices.iter().find(|choice| choice.label == label)
}
