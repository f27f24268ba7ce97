//! L124 process-only-outputs: the outputs are all about how the work is run, none about what comes of it.

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Row};
use crate::schema::concept::{class, column};
use crate::text::excerpt;

pub(super) static RULE: Rule = Rule {
    code: "L124",
    name: "process-only-outputs",
    severity: Severity::Info,
    dimension: Dimension::Relevance,
    authority: "财预〔2021〕101号 附件1（内部管理本应做到的不设为指标，原文未见，据公开转述）；实务",
    summary: "产出指标全是管理和过程，没有一个说做了多少",
    docs: "\
## 检查什么

产出指标（成本除外）有 3 个以上，名称全是制度、程序、规范、资料、检查、监督一类管理和过程的词（词表见口径 `words.process`），指标值又都是 100% 或文字。只作提示，一张表提示一次。

## 为什么

制度健全、程序合规是本来就该做到的，人人都是 100%，考不出做了多少、做得好不好。

## 正反例

- 反例：`管理制度健全性`、`实施程序规范性`、`档案资料完整率 100%`
- 正例：`改造管网长度 ≥8公里`、`工程验收合格率 100%`

## 怎么改

换成这个项目实际做出来的数量和质量，过程指标最多留一个。

## 依据

财预〔2021〕101号 附件1《项目支出绩效目标和指标设置及取值指引》；绩效目标审核实务。
",
    check: Check::Form(check),
};

/// From so many on it is no chance.
const MANY: usize = 3;

fn check(ctx: &Context<'_>) -> Verdict {
    let Some(table) = indicator::table(ctx, &[column::LEVEL3, column::TARGET]) else {
        return Verdict::NotApplicable;
    };
    let is_output = |row: &&Row| row.class.as_deref() == Some(class::OUTPUT) && !indicator::is_cost(row);
    let outputs: Vec<(&Row, &Field)> = table
        .rows
        .iter()
        .filter(is_output)
        .filter_map(|row| Some((row, row.cell(column::LEVEL3).filter(|name| name.is_filled())?)))
        .collect();
    let Some((_, first)) = outputs.first() else { return Verdict::InsufficientData };
    let all = |row: &Row| match &row.target {
        Some(target) => target.is_percent() && target.number == Decimal::ONE_HUNDRED,
        None => !row.filled(column::TARGET).is_some_and(indicator::has_digit),
    };
    let process = |name: &Field| indicator::has_any(&indicator::bare_name(name.text()), &ctx.policy.words.process);
    if outputs.len() < MANY || !outputs.iter().all(|(row, name)| process(name) && all(row)) {
        return Verdict::Checked(Vec::new());
    }
    let names: Vec<String> =
        outputs.iter().take(3).map(|(_, name)| format!("“{}”", excerpt(name.text(), 12))).collect();
    Verdict::Checked(vec![Fault {
        cell: Some(first.cell()),
        related: outputs.iter().skip(1).map(|(_, name)| name.cell()).collect(),
        found: Some(first.text().to_owned()),
        message: format!(
            "{}起的 {} 个产出指标（{}等）说的都是管理和过程，看不出做了多少事",
            phrase::column_at(ctx.form, first, column::LEVEL3),
            outputs.len(),
            names.join("、")
        ),
        advice: "换成做出来的数量和质量，如“改造管网长度 ≥8公里”“工程验收合格率 100%”。".to_owned(),
        ..Fault::default()
    }])
}
