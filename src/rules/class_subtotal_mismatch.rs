//! A208: 小计 of a class of indicators is not the sum of its rows.

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, phrase, points};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Form, Row, Table};
use crate::schema::concept::column;
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "A208",
    name: "class-subtotal-mismatch",
    severity: Severity::Error,
    dimension: Dimension::Consistency,
    authority: "实务（小计等于所属各项之和）；财预〔2020〕10号 附件1 自评表（总分为各项得分之和）",
    summary: "分类小计与所属各指标之和不一致",
    docs: "
## 检查什么
指标表里印有“小计”行的，小计的分值、得分是否等于它上面各指标之和。小计可以是上一个小计之后各行的，也可以是同一个一级指标各行的，有一种相符即可。有指标没有填分值、得分的，或者小计印在各行之前的，不判断。得分允许差见口径 `scoring.tolerance`。

## 为什么
小计是逐级核对分值的依据，小计错了，合计多半跟着错。

## 正反例
- 反例：产出指标四项得分 10、10、10、18，小计填 50（应为 48）。
- 正例：产出指标四项分值 10、10、10、20，小计 50。

## 怎么改
逐项核对后改正小计，再核对合计。

## 依据
实务；财预〔2020〕10号 项目支出绩效自评表。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let Some(table) = context.form.record.indicators().filter(|table| !table.subtotals.is_empty()) else {
        return Verdict::NotApplicable;
    };
    let mut judged = Vec::new();
    let mut from = 0;
    for subtotal in &table.subtotals {
        for id in [column::WEIGHT, column::SCORE] {
            judged.extend(judge(context, table, (from, subtotal), id));
        }
        from = subtotal.row;
    }
    if judged.is_empty() { Verdict::InsufficientData } else { Verdict::Checked(judged.into_iter().flatten().collect()) }
}

/// `None` where the sum cannot be told, `Some(None)` where it is right.
fn judge(context: &Context<'_>, table: &Table, (from, subtotal): (u32, &Row), id: &str) -> Option<Option<Fault>> {
    let stated = subtotal.cell(id)?;
    let given = stated.number()?;
    let above = || table.rows.iter().filter(|row| row.row > from && row.row < subtotal.row);
    let class = above().next_back()?.at(column::LEVEL1);
    let of_class = table.rows.iter().filter(|row| row.row < subtotal.row && row.at(column::LEVEL1) == class);
    let since_last = points::column(above(), id).filter(|fields| !fields.is_empty())?;
    let of_class = points::column(of_class, id)?;
    let tolerance = if id == column::SCORE { context.policy.scoring.tolerance } else { Decimal::ZERO };
    let fits = |fields: &[&Field]| (points::sum(fields) - given).abs() <= tolerance;
    if fits(&since_last) || fits(&of_class) {
        return Some(None);
    }
    Some(Some(fault(context.form, subtotal, (stated, given), &since_last, id)))
}

fn fault(form: &Form, subtotal: &Row, (stated, given): (&Field, Decimal), parts: &[&Field], id: &str) -> Fault {
    let sum = points::sum(parts);
    let name = subtotal.cell(column::LEVEL1).map(|label| squeeze(label.text())).unwrap_or_default();
    Fault {
        cell: Some(stated.cell()),
        related: parts.iter().map(|part| part.cell()).collect(),
        found: Some(stated.text().to_owned()),
        expected: Some(phrase::plain(sum)),
        difference: Some(phrase::plain(given - sum)),
        message: format!(
            "{}填 {}，所属各指标之和为 {}，相差 {}",
            phrase::at(stated.cell(), &format!("{}·{}", excerpt(&name, 12), phrase::column_label(form, id))),
            phrase::plain(given),
            phrase::equation(parts, sum),
            phrase::plain((given - sum).abs()),
        ),
        advice: format!("逐项核对；各指标没有填错的，把 {} 改为 {}，再核对合计。", stated.cell(), phrase::plain(sum)),
        ..Fault::default()
    }
}
