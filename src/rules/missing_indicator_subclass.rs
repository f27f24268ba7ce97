//! C104: a printed second-level class of 产出 was left without an indicator.

use std::collections::BTreeMap;

use super::{Check, Context, Fault, Rule, Verdict, phrase};
use crate::address::CellRef;
use crate::finding::{Dimension, Severity};
use crate::schema::concept::{class, subclass as second};

pub(super) static RULE: Rule = Rule {
    code: "C104",
    name: "missing-indicator-subclass",
    severity: Severity::Warning,
    dimension: Dimension::Completeness,
    authority: "财预〔2021〕101号 附件1（产出指标原则上均应设置数量、质量指标，按需设置时效、成本指标；原文未见，据公开转述）",
    summary: "二级指标空着",
    docs: "
## 检查什么
产出指标之下印好的二级指标（数量、质量、时效、成本）是否有空着的；表样规定必设的二级指标是否缺少。效益指标、成本指标之下的二级指标按项目特点选填，有一个即可，不在此提出；一级指标整类空着的由 C103 提出。

## 为什么
只有数量没有质量、时效，完成得好不好、及不及时就无从考核。

## 正反例
- 反例：印有“时效指标”一行，没有填指标。
- 正例：数量、质量、时效、成本各有一个指标。

## 怎么改
补设指标；确实不适用的填“不适用”。

## 依据
财预〔2021〕101号 附件1；时效、成本是否必设各地做法不同，可在口径中改变本规则的级别。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    let (Some(table), Some(indicators)) = (form.record.indicators(), &form.schema.indicators) else {
        return Verdict::NotApplicable;
    };
    let is_filled = |id: &str| table.rows.iter().any(|row| row.subclass.as_deref() == Some(id));
    let class_is_filled = |id: &str| table.rows.iter().any(|row| row.class.as_deref() == Some(id));
    // An indicator of unknown second level may be the one that seems to be missing.
    let is_open = |id: &str| table.rows.iter().any(|row| row.class.as_deref() == Some(id) && row.subclass.is_none());
    if table.rows.is_empty() {
        return Verdict::InsufficientData;
    }
    let mut vacant: BTreeMap<&str, Vec<CellRef>> = BTreeMap::new();
    for row in &table.vacant {
        if let Some(subclass) = &row.subclass {
            vacant.entry(subclass).or_default().push(row.cell);
        }
    }
    let mut faults = Vec::new();
    for class in indicators.classes.iter().filter(|class| class_is_filled(&class.id) && !is_open(&class.id)) {
        for subclass in class.subclasses.iter().filter(|subclass| !is_filled(&subclass.id)) {
            let cells = vacant.get(subclass.id.as_str());
            // Cost that has been given as a class of its own, as targets of the newer form bring it, is not asked for twice.
            let is_told = subclass.id == second::COST && class_is_filled(class::COST);
            let is_expected = subclass.required || (class.id == class::OUTPUT && cells.is_some() && !is_told);
            if is_expected {
                faults.push(fault(&subclass.label, cells.map(Vec::as_slice).unwrap_or_default()));
            }
        }
    }
    Verdict::Checked(faults)
}

fn fault(label: &str, cells: &[CellRef]) -> Fault {
    Fault {
        cell: cells.first().copied(),
        related: cells.iter().skip(1).copied().collect(),
        message: match cells.first() {
            Some(cell) => format!("{}没有填指标", phrase::at(*cell, label)),
            None => format!("没有{label}"),
        },
        advice: format!("补设{label}{}；确实不适用的填“不适用”。", example(label)),
        ..Fault::default()
    }
}

/// An indicator of the second level, to begin with.
fn example(label: &str) -> &'static str {
    const EXAMPLES: [(&str, &str); 4] = [
        ("数量", "，如“培训人数 ≥600人”"),
        ("质量", "，如“验收合格率 100%”"),
        ("时效", "，如“按期完成率 ≥95%”或“11月底前完成”"),
        ("成本", "，如“项目总成本 ≤20万元”"),
    ];
    EXAMPLES.iter().find(|(word, _)| label.contains(word)).map_or("", |(_, example)| example)
}
