//! L301: the same entry stands twice in a list.

use super::{Check, Context, Fault, Rule, Verdict, ledger, phrase};
use crate::finding::{Dimension, Severity};
use crate::schema::FieldKind;
use crate::text::excerpt;

pub(super) static RULE: Rule = Rule {
    code: "L301",
    name: "duplicate-list-entry",
    severity: Severity::Error,
    dimension: Dimension::Consistency,
    authority: "实务（同一项目、同一任务不得重复列）",
    summary: "清单里同一项列了两次",
    docs: "
## 检查什么
表样规定不得重复的一列（清单的项目名称、年度主要任务的任务名称）里，是否有两行名称相同，金额和其他必填的文字也没有区别。名称相同而申报单位、内容或金额不同的，不算重复。

## 为什么
重复列一次，个数和金额就多算一次。

## 正反例
- 反例：“2025年老旧小区改造项目”1500 万元，申报单位相同，列在相邻两行。
- 正例：两个街道各有一个“老旧小区改造项目”，申报单位不同。

## 怎么改
删去重复的一行，合计随之更正；确是两个项目的，在名称里写明区别（地点、期次）。

## 依据
实务；不得重复的列见表样文件中的 `unique`。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    let lists = form.schema.tables.iter().filter_map(|spec| {
        let name = spec.columns.iter().find(|column| column.unique)?;
        Some((spec, name, form.record.tables.get(&spec.id)?))
    });
    let mut looked = false;
    let mut faults = Vec::new();
    for (spec, name, table) in lists {
        looked = true;
        for repeat in ledger::repeats(spec, &table.rows) {
            let (Some(own), Some(first)) = (repeat.again.cell(&name.id), repeat.first.at(&name.id)) else { continue };
            let amount = spec.columns.iter().find(|column| column.kind == FieldKind::Amount);
            let figure = amount.and_then(|column| repeat.again.number(&column.id));
            let money = figure.map(|number| format!("，金额都是 {}", phrase::plain(number))).unwrap_or_default();
            let label = table.columns.get(&name.id).map_or(name.label.as_str(), |head| head.label.as_str());
            faults.push(Fault {
                cell: Some(own.cell()),
                related: vec![first],
                found: Some(own.text().to_owned()),
                message: format!(
                    "{}“{}”与 {first} 相同{money}，同一项列了两次",
                    phrase::at(own.cell(), label),
                    excerpt(own.text(), 30)
                ),
                advice: "删去重复的一行并更正合计；确是两项的，在名称里写明区别。".to_owned(),
                ..Fault::default()
            });
        }
    }
    if looked { Verdict::Checked(faults) } else { Verdict::NotApplicable }
}
