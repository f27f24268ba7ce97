//! L127 foreign-satisfaction-object: the satisfaction of people of whom the rest of the form knows nothing.

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::Row;
use crate::schema::concept::{column, field};
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "L127",
    name: "foreign-satisfaction-object",
    severity: Severity::Info,
    dimension: Dimension::Relevance,
    authority: "实务（满意度的对象应当是项目的服务对象）",
    summary: "满意度的对象像是别的项目的服务对象",
    docs: "\
## 检查什么

满意度指标写明的对象（学生、患者、游客、老年人、旅客等，词表见口径 `words.objects`），在单位、主管部门、项目名称、目标和其他指标里找不到一个有关的字词。只作提示，由人判断。

## 为什么

对象与项目无关，多半是从别的项目的表上抄来的。

## 正反例

- 反例：水利局的河道清淤项目，满意度指标`患者满意度`
- 正例：水利局的河道清淤项目，满意度指标`沿河居民满意度`

## 怎么改

改成本项目真正服务的人，如“沿河居民满意度”。

## 依据

自评复核实务：有的单位照抄别的部门的表，满意度对象张冠李戴。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    let form = ctx.form;
    indicator::each(ctx, &[column::LEVEL3], |row| {
        let cell = row.cell(column::LEVEL3).filter(|name| name.is_filled() && indicator::is_satisfaction(row))?;
        let name = squeeze(cell.text());
        let mut objects =
            ctx.policy.words.objects.iter().filter(|(object, _)| name.contains(object.as_str())).peekable();
        let object = objects.peek().map(|(object, _)| (*object).clone())?;
        let around = around(ctx, row);
        // Of several objects, 学生及家长, one that belongs here is enough.
        if around.is_empty() || objects.any(|(_, signs)| indicator::has_any(&around, signs)) {
            return None;
        }
        let project =
            form.record.filled(field::PROJECT).or_else(|| form.record.filled(field::UNIT)).unwrap_or_default();
        Some(Fault {
            message: format!(
                "{}“{}”的对象是“{object}”，而本表（{}）别处没有提到与“{object}”有关的事",
                phrase::column_at(form, cell, column::LEVEL3),
                excerpt(&name, 20),
                excerpt(project, 20)
            ),
            advice: "核对是不是照抄了别的项目的表，改成本项目真正服务的人。".to_owned(),
            ..indicator::fault_at(cell, row, &[])
        })
    })
}

/// What the form says besides the satisfaction: who, what for, by which indicators.
fn around(ctx: &Context<'_>, own: &Row) -> String {
    let record = &ctx.form.record;
    let rows = record.indicators().into_iter().flat_map(|table| &table.rows);
    let others = rows.filter(|row| row.row != own.row && !indicator::is_satisfaction(row));
    let names = others.filter_map(|row| row.filled(column::LEVEL3));
    record.fields.values().map(|field| field.text()).chain(names).map(squeeze).collect()
}
