//! L303: money is asked for what the evaluation does not support.

use super::{Check, Context, Fault, Rule, Verdict, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::Field;
use crate::schema::concept::{amount, field, line};
use crate::schema::{Choice, Stage};
use crate::text::excerpt;

pub(super) static RULE: Rule = Rule {
    code: "L303",
    name: "rejected-yet-requested",
    severity: Severity::Warning,
    dimension: Dimension::Relevance,
    authority: "实务：各地事前绩效评估办法，未开展评估或评估未通过的，不得列入预算",
    summary: "评估结论为不予支持，仍在申报金额",
    docs: "
## 检查什么
评估结论为“不予支持”，而申报金额（清单为该项目的金额）仍大于 0。

## 为什么
评估不通过的项目不得列入预算。留在表上和清单里，容易连同金额一起报上去。

## 正反例
- 反例：清单第 5 项结论“不予支持”，金额 3000 万元，列入合计。
- 正例：不予支持的项目不列入清单。

## 怎么改
不予支持的，退出项目库，不列入预算申请和清单；改动方案后可以重新评估的，结论改为“调整完善后支持”并写明要求。

## 依据
各地事前绩效评估办法。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    if form.schema.stage != Stage::ExAnte {
        return Verdict::NotApplicable;
    }
    let mut faults = Vec::new();
    let mut looked = false;
    if let (Some(spec), Some(field)) = (form.schema.field(field::CONCLUSION), form.record.field(field::CONCLUSION)) {
        looked = true;
        let requested = form.record.funding().and_then(|grid| grid.cell(line::TOTAL, amount::BUDGET));
        faults.extend(requested.and_then(|money| fault(field, &spec.choices, money, "申报金额", "")));
    }
    for spec in &form.schema.tables {
        let (Some(column), Some(table)) = (spec.column(field::CONCLUSION), form.record.tables.get(&spec.id)) else {
            continue;
        };
        looked = true;
        let name = spec.columns.iter().find(|column| column.unique).map_or("", |column| column.id.as_str());
        for row in &table.rows {
            if let (Some(field), Some(money)) = (row.cell(field::CONCLUSION), row.cell("amount")) {
                faults.extend(fault(field, &column.choices, money, "金额", row.filled(name).unwrap_or_default()));
            }
        }
    }
    if looked { Verdict::Checked(faults) } else { Verdict::NotApplicable }
}

fn fault(conclusion: &Field, choices: &[Choice], money: &Field, label: &str, name: &str) -> Option<Fault> {
    let given = conclusion.reading.value()?.to_string();
    let rejected = choices.iter().any(|choice| choice.id == "reject" && choice.label == given);
    let requested = money.number().filter(|number| rejected && number.is_sign_positive() && !number.is_zero())?;
    let name = if name.is_empty() { String::new() } else { format!("（{}）", excerpt(name, 24)) };
    Some(Fault {
        cell: Some(money.cell()),
        related: vec![conclusion.cell()],
        found: Some(money.text().to_owned()),
        message: format!(
            "{} 评估结论为“{given}”{name}，{}仍填 {}",
            conclusion.cell(),
            phrase::at(money.cell(), label),
            phrase::plain(requested),
        ),
        advice: "不予支持的不列入预算申请和清单；修改方案后可以支持的，改正评估结论并写明要求。".to_owned(),
        ..Fault::default()
    })
}
