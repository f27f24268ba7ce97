//! A203: more points given than there are.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, fix, phrase, points};
use crate::finding::{Dimension, Severity};
use crate::form::Field;
use crate::schema::concept::column;

pub(super) static RULE: Rule = Rule {
    code: "A203",
    name: "score-exceeds-weight",
    severity: Severity::Error,
    dimension: Dimension::Consistency,
    authority: "财预〔2020〕10号 附件1 自评表填表说明（得分不得超过分值上限）",
    summary: "得分高于分值",
    docs: "
## 检查什么
每个三级指标、预算执行和总分的得分是否高于该项分值。总分只因某一项超出而超出的，只在那一项提出。

## 为什么
得分不得超过分值上限，超额完成也不加分。

## 正反例
- 反例：分值 10，得分 12。
- 正例：分值 10，得分 10。

## 怎么改
把得分改到分值以内；分值填错的改分值，并核对合计。
修改建议：得分改为分值，总分原来与各项相符的一并改；总分本身超出的没有建议。

## 依据
财预〔2020〕10号 项目支出绩效自评表填表说明。
",
    check: Check::Form(check),
};

const TOTAL: &str = "总分";

/// Points of the execution of the budget, where the total weight is that of the indicators alone and the total score
/// counts the execution too.
fn execution_beside(context: &Context<'_>, total: Decimal) -> Decimal {
    let rows = context.form.record.indicators().map(|table| table.rows.as_slice()).unwrap_or_default();
    let weights = points::column(rows, column::WEIGHT).map(|weights| points::sum(&weights));
    let is_scored = points::execution_score(context.form).is_some_and(|score| score.number().is_some());
    if weights != Some(total) || !is_scored {
        return Decimal::ZERO;
    }
    let printed = points::execution_points(context.form).map(|(_, points)| points);
    printed.or_else(|| points::due_execution(context)).unwrap_or_default()
}

fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    let rows = form.record.indicators().map(|table| table.rows.as_slice()).unwrap_or_default();
    let mut pairs: Vec<(String, Option<&Field>, Option<&Field>)> = rows
        .iter()
        .map(|row| {
            let name = row.filled(column::LEVEL3).map(|name| crate::text::excerpt(name, 20)).unwrap_or_default();
            (name, row.cell(column::WEIGHT), row.cell(column::SCORE))
        })
        .collect();
    pairs.push(("预算执行".to_owned(), points::execution_weight(form), points::execution_score(form)));
    pairs.push((TOTAL.to_owned(), points::total_weight(form), points::total_score(form)));
    if pairs.iter().all(|(_, weight, score)| weight.is_none() || score.is_none()) {
        return Verdict::NotApplicable;
    }
    let mut compared = false;
    let mut seen = BTreeSet::new();
    let mut faults = Vec::new();
    // What the rows before the total have too many.
    let mut excess = Decimal::ZERO;
    for (name, weight, score) in pairs {
        let (Some(weight), Some(score)) = (weight, score) else { continue };
        let (Some(w), Some(s)) = (weight.number(), score.number()) else { continue };
        compared = true;
        let spared = if name == TOTAL { execution_beside(context, w) } else { Decimal::ZERO };
        // A box merged over several rows is one score.
        if s <= w + spared || !seen.insert(score.cell()) {
            continue;
        }
        // A total that is too high only because a row is follows from the row: one cause, one finding.
        if name == TOTAL && s <= w + spared + excess {
            follow(&mut faults, score);
        } else {
            excess += s - w;
            faults.push(Fault {
                cell: Some(score.cell()),
                related: vec![weight.cell()],
                found: Some(score.text().to_owned()),
                expected: Some(format!("≤{}", phrase::plain(w))),
                difference: Some(phrase::plain(s - w)),
                message: format!(
                    "{}填 {}，高于 {} 的分值 {}，多 {}（{name}）",
                    phrase::at(score.cell(), phrase::column_label(form, column::SCORE)),
                    phrase::plain(s),
                    weight.cell(),
                    phrase::plain(w),
                    phrase::plain(s - w),
                ),
                advice: format!("把 {} 改到 {} 以内；分值填错的改正分值。", score.cell(), phrase::plain(w + spared)),
                fix: if name == TOTAL { None } else { fix::score(form, score, w) },
                ..Fault::default()
            });
        }
    }
    if compared { Verdict::Checked(faults) } else { Verdict::InsufficientData }
}

/// Says of the rows that are too high that the total goes down with them.
fn follow(faults: &mut [Fault], total: &Field) {
    for fault in faults {
        fault.related.push(total.cell());
        fault.advice.push_str(&format!("总分 {} 随之改正。", total.cell()));
    }
}
