//! L115 satisfaction-without-object: a satisfaction that does not say whose.

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::schema::concept::column;

pub(super) static RULE: Rule = Rule {
    code: "L115",
    name: "satisfaction-without-object",
    severity: Severity::Info,
    dimension: Dimension::Relevance,
    authority: "实务",
    summary: "满意度没有写明调查对象",
    docs: "\
## 检查什么

满意度指标的名称只有“满意度”“服务对象满意度”，没有写明是谁的满意度。

## 为什么

不写对象就没法发问卷，也无法核对样本。

## 正反例

- 反例：`满意度`；`服务对象满意度`
- 正例：`参训村医满意度`

## 怎么改

写明具体的服务对象。

## 依据

绩效目标审核、自评复核实务。
",
    check: Check::Form(check),
};

/// Names that name nobody.
const NOBODY: [&str; 8] = [
    "满意度",
    "满意率",
    "满意程度",
    "服务对象满意度",
    "服务对象满意率",
    "社会公众或服务对象满意度",
    "对象满意度",
    "满意度指标",
];

fn check(ctx: &Context<'_>) -> Verdict {
    indicator::each(ctx, &[column::LEVEL3], |row| {
        let cell = row.cell(column::LEVEL3).filter(|_| indicator::is_satisfaction(row))?;
        let name = indicator::name(row)?;
        let is_unnamed = NOBODY.contains(&indicator::stem(&name).as_str()) && !names_in_brackets(&name);
        is_unnamed.then(|| Fault {
            message: format!("{}“{name}”没有写明是谁的满意度", phrase::column_at(ctx.form, cell, column::LEVEL3)),
            advice: "写明具体的服务对象，如“参训人员满意度”。".to_owned(),
            ..indicator::fault_at(cell, row, &[column::TARGET])
        })
    })
}

/// `服务对象（参训学员）满意度` names its object; `满意度（%）` and `满意度（95%以上）` do not.
fn names_in_brackets(name: &str) -> bool {
    let inside = name.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(inside, _)| inside);
    inside.chars().count() > 1 && !indicator::has_digit(inside) && !inside.contains('%')
}
