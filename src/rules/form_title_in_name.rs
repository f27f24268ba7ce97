//! W112 form-title-in-name: the title of the form stands in the name of the project.

use super::{Check, Context, Fault, Rule, Verdict, phrase};
use crate::finding::{Dimension, Severity};
use crate::schema::concept::field;
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "W112",
    name: "form-title-in-name",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "财预〔2015〕88号 填报说明（项目名称与部门预算一致）；实务",
    summary: "项目名称里写进了表名",
    docs: "\
## 检查什么

项目名称里有没有“绩效自评表”“绩效目标申报表”“绩效监控表”一类的表名。

## 为什么

项目名称要与预算批复一致，写进表名就与台账、指标文件对不上，汇总时成了另一个项目。

## 正反例

- 反例：`2022年农村公路养护项目支出绩效自评表`
- 正例：`农村公路养护`

## 怎么改

删去表名，按预算批复的名称填写。

## 依据

财预〔2015〕88号 项目支出绩效目标申报表填报说明：项目名称与部门预算一致。
",
    check: Check::Form(check),
};

/// Names of forms, longest first.
const TITLES: [&str; 12] = [
    "项目支出绩效自评表",
    "项目支出绩效目标申报表",
    "项目支出绩效目标表",
    "项目支出绩效运行监控表",
    "支出绩效自评表",
    "绩效目标申报表",
    "绩效目标自评表",
    "绩效运行监控表",
    "绩效监控表",
    "绩效自评表",
    "绩效目标表",
    "绩效评价表",
];

fn check(ctx: &Context<'_>) -> Verdict {
    let Some(name) = ctx.form.record.field(field::PROJECT) else { return Verdict::NotApplicable };
    if !name.is_filled() {
        return Verdict::InsufficientData;
    }
    let text = squeeze(name.text());
    let Some(title) = TITLES.iter().find(|title| text.contains(**title)) else {
        return Verdict::Checked(Vec::new());
    };
    let bare = text.replace(title, "");
    let bare = if bare.chars().count() >= 4 { format!("，如“{bare}”") } else { String::new() };
    Verdict::Checked(vec![Fault {
        cell: Some(name.cell()),
        found: Some(name.text().to_owned()),
        message: format!(
            "{}“{}”里有表名“{title}”",
            phrase::at(name.cell(), phrase::field_label(ctx.form, field::PROJECT)),
            excerpt(&text, 40)
        ),
        advice: format!("删去表名，按预算批复的项目名称填写{bare}。"),
        ..Fault::default()
    }])
}
