//! C103: a first-level class that the form asks for has no indicator.

use super::blank_form::is_begun;
use super::{Check, Context, Fault, Rule, Verdict, phrase};
use crate::finding::{Dimension, Severity};
use crate::schema::Class;
use crate::schema::concept::class;

pub(super) static RULE: Rule = Rule {
    code: "C103",
    name: "missing-indicator-class",
    severity: Severity::Error,
    dimension: Dimension::Completeness,
    authority: "财预〔2015〕88号、财预〔2021〕101号（产出、效益、满意度等一级指标）；中发〔2018〕34号（产出、成本，经济、社会、生态效益，可持续影响，服务对象满意度）",
    summary: "缺少一级指标",
    docs: "
## 检查什么
表样要求的一级指标（如产出指标、效益指标、满意度指标）是否各有至少一个三级指标。有指标看不出属于哪一类的，不判断；整张表没有填的由 F103 提出。

## 为什么
缺一类指标，就有一个方面的绩效没有目标，也没有考核。

## 正反例
- 反例：只有产出指标和效益指标，没有满意度指标。
- 正例：产出、效益、满意度各有指标。

## 怎么改
补设该类指标；确实不适用的，在表中写明理由。

## 依据
财预〔2015〕88号；财预〔2021〕101号 附件1；哪些类必须有见表样文件。
",
    check: Check::Form(check),
};

fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    let (Some(table), Some(indicators)) = (form.record.indicators(), &form.schema.indicators) else {
        return Verdict::NotApplicable;
    };
    // Without a row, only printed rows left vacant are a proof that there is no indicator; a form not begun is F103.
    let is_proven = !table.rows.is_empty() || (!table.vacant.is_empty() && is_begun(form.schema.stage, &form.record));
    if !is_proven || table.rows.iter().any(|row| row.class.is_none()) {
        return Verdict::InsufficientData;
    }
    // 满意度指标 printed as a second level of 效益指标 is there all the same.
    let has = |class: &Class| {
        table.rows.iter().any(|row| {
            row.class.as_deref() == Some(class.id.as_str())
                || class.subclasses.iter().any(|own| row.subclass.as_deref() == Some(own.id.as_str()))
        })
    };
    let missing = indicators.classes.iter().filter(|class| class.required && !has(class));
    let faults = missing.map(|class| {
        let vacant: Vec<_> = table
            .vacant
            .iter()
            .filter(|row| row.class.as_deref() == Some(class.id.as_str()))
            .map(|row| row.cell)
            .collect();
        let place = vacant.first().map(|cell| phrase::at(*cell, &class.label));
        Fault {
            cell: vacant.first().copied(),
            related: vacant.iter().skip(1).copied().collect(),
            message: match place {
                Some(place) => format!("{place}下没有填指标"),
                None => format!("没有{}", class.label),
            },
            advice: format!("补设{}{}。", class.label, example(&class.id)),
            ..Fault::default()
        }
    });
    Verdict::Checked(faults.collect())
}

/// An indicator of the class, to begin with.
fn example(id: &str) -> &'static str {
    match id {
        class::COST => "，如“项目总成本 ≤20万元”",
        class::OUTPUT => "，如“培训人数 ≥600人”“验收合格率 100%”",
        class::BENEFIT => "，如“受益群众 ≥1200户”",
        class::SATISFACTION => "，写明是谁的满意度，如“参训人员满意度 ≥90%”",
        _ => "",
    }
}
