//! W106 name-is-class-label: a level-3 name that only repeats the class above it.

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::Row;
use crate::schema::Schema;
use crate::schema::concept::column;
use crate::text::label_key;

pub(super) static RULE: Rule = Rule {
    code: "W106",
    name: "name-is-class-label",
    severity: Severity::Error,
    dimension: Dimension::Relevance,
    authority: "财预〔2015〕88号（绩效目标应当细化量化）",
    summary: "三级指标照抄了二级指标的名称",
    docs: "\
## 检查什么

三级指标填的就是“社会成本指标”“生态效益指标”这样的一、二级指标名称（满意度除外）。

## 为什么

三级指标要说明具体考核什么；照抄分类名称等于没有设指标。

## 正反例

- 反例：`生态效益指标`
- 正例：`化肥减量面积`

## 怎么改

写出具体的考核内容，没有这一类的把该行删去。

## 依据

财预〔2015〕88号《中央部门预算绩效目标管理办法》：绩效目标应当指向明确、细化量化、合理可行、相互匹配。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    let classes = class_names(&ctx.form.schema);
    indicator::each(ctx, &[column::LEVEL2, column::LEVEL3], |row| {
        let name =
            row.cell(column::LEVEL3).filter(|name| name.is_filled() && Some(name.cell()) != row.at(column::LEVEL2))?;
        if !repeats_class(&classes, row, name.text()) {
            return None;
        }
        Some(Fault {
            message: format!(
                "{}照抄了分类名称“{}”，没有写具体考核什么",
                phrase::column_at(ctx.form, name, column::LEVEL3),
                name.text().trim()
            ),
            advice: "改写成具体考核什么，如“化肥减量面积”“培训村医人数”；没有这一类指标的，把该行删去。".to_owned(),
            ..indicator::fault_at(name, row, &[column::LEVEL2])
        })
    })
}

/// The names of all classes of a form, without 指标.
fn class_names(schema: &Schema) -> Vec<String> {
    let classes = schema.indicators.iter().flat_map(|indicators| &indicators.classes);
    let labels = classes
        .flat_map(|class| std::iter::once(&class.label).chain(class.subclasses.iter().map(|subclass| &subclass.label)));
    labels.map(|label| label_key(label).trim_end_matches("指标").to_owned()).collect()
}

fn repeats_class(classes: &[String], row: &Row, name: &str) -> bool {
    // 服务对象满意度 is a class and a good name at once.
    if indicator::is_satisfaction(row) {
        return false;
    }
    let key = label_key(name);
    let key = key.strip_suffix("指标").unwrap_or(&key);
    classes.iter().any(|class| class == key)
}
