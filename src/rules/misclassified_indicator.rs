//! L104 misclassified-indicator: an indicator whose name belongs under another class.

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::Row;
use crate::schema::Schema;
use crate::schema::concept::{column, subclass};
use crate::text::excerpt;

pub(super) static RULE: Rule = Rule {
    code: "L104",
    name: "misclassified-indicator",
    severity: Severity::Warning,
    dimension: Dimension::Relevance,
    authority: "财预〔2015〕88号（产出、效益、满意度指标的分类）；实务（三级指标与所属二级指标不符的不计分）",
    summary: "三级指标放错了类别",
    docs: "\
## 检查什么

指标名称里有不属于所在类别的词（满意度放在社会效益、成本放在生态效益、次数放在质量、及时率放在数量等，词表在口径里）；质量指标用“次、场、台”等数量单位。

## 为什么

放错类别会使该类实际上没有指标，权重也跟着错位。

## 正反例

- 反例：社会效益指标`市民对空气质量的满意程度`；质量指标`仪器维修 ≥4次`
- 正例：时效指标`项目按期完工率`；满意度指标`市民满意度`

## 怎么改

移到名称所指的类别，原类别另设指标。

## 依据

财预〔2015〕88号《中央部门预算绩效目标管理办法》按产出、效益、满意度分列指标；自评复核实务：三级指标与所属二级指标不符的不计分。
",
    check: Check::Form(check),
};

fn check(ctx: &Context<'_>) -> Verdict {
    indicator::each(ctx, &[column::LEVEL3], |row| {
        let name = indicator::name(row)?;
        let why = misplaced(ctx, row, &name).or_else(|| counted_quality(ctx, row, &name))?;
        let cell = row.cell(column::LEVEL3)?;
        let place = place_label(&ctx.form.schema, row)?;
        Some(Fault {
            message: format!(
                "{}“{}”放在“{place}”下不合适：{why}",
                phrase::column_at(ctx.form, cell, column::LEVEL3),
                excerpt(&name, 24)
            ),
            advice: format!("移到合适的类别；“{place}”另设能反映其内容的指标。"),
            ..indicator::fault_at(cell, row, &[column::LEVEL2, column::TARGET])
        })
    })
}

/// A word that never belongs under the row's second-level or first-level class.
fn misplaced(ctx: &Context<'_>, row: &Row, name: &str) -> Option<String> {
    let words = &ctx.policy.words;
    let places = [row.subclass.as_deref(), row.class.as_deref()];
    let at_home = |place: &str| words.class_words.get(place).is_some_and(|own| indicator::has_any(name, own));
    if places.into_iter().flatten().any(at_home) {
        return None;
    }
    let word = places
        .into_iter()
        .flatten()
        .filter_map(|place| words.misplaced.get(place))
        .flatten()
        .find(|word| name.contains(word.as_str()) && !(*word == "次数" && counts_faults(ctx, name)))?;
    // 社会公众满意度指标 printed under 效益 speaks of satisfaction itself.
    let root: String = word.chars().take(2).collect();
    let printed = row.filled(column::LEVEL2).unwrap_or_default().contains(&root);
    (!printed).then(|| format!("“{word}”不是这一类的内容"))
}

/// Quality told by how often something is done.
fn counted_quality(ctx: &Context<'_>, row: &Row, name: &str) -> Option<String> {
    const OFTEN: [&str; 8] = ["次", "场", "期", "台", "辆", "套", "人次", "批次"];
    let unit = row.target.as_ref()?.unit.as_deref()?;
    let counted = indicator::is_subclass(row, subclass::QUALITY) && OFTEN.contains(&unit) && !counts_faults(ctx, name);
    counted.then(|| format!("以“{unit}”计的是数量，不是质量"))
}

/// Whether the name counts what tells quality: `差错次数`, `验收不合格台次`.
fn counts_faults(ctx: &Context<'_>, name: &str) -> bool {
    const QUALITY: [&str; 12] =
        ["合格", "达标", "验收", "通过", "优秀", "等级", "标准", "差错", "错误", "问题", "返工", "获奖"];
    QUALITY.iter().any(|word| name.contains(word)) || indicator::has_any(name, &ctx.policy.words.reverse)
}

fn place_label<'s>(schema: &'s Schema, row: &Row) -> Option<&'s str> {
    let classes = &schema.indicators.as_ref()?.classes;
    let subclass = row.subclass.as_deref().and_then(|id| {
        classes.iter().flat_map(|class| &class.subclasses).find(|subclass| subclass.id == id).map(|s| s.label.as_str())
    });
    subclass.or_else(|| {
        classes.iter().find(|class| Some(class.id.as_str()) == row.class.as_deref()).map(|c| c.label.as_str())
    })
}
