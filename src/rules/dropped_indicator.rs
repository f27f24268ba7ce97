//! X120 dropped-indicator: an approved indicator that 监控 or 自评 leaves out.

use super::chain::{self, Alignment};
use super::{Check, Fault, RoundContext, RoundForm, Rule, Verdict};
use crate::finding::{Dimension, Severity};
use crate::form::Row;
use crate::schema::concept::{INDICATORS, column};
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "X120",
    name: "dropped-indicator",
    severity: Severity::Warning,
    dimension: Dimension::Completeness,
    authority: "财预〔2015〕88号（绩效目标一经批复一般不予调整，确需调整的按程序报批）",
    summary: "批复的指标在监控、自评里没有了",
    docs: "
## 检查什么
批复的目标里有、监控表或自评表里没有的指标，一个一条；没有一个对得上的，合成一条。批复的目标取本批或上一轮结果里同一项目、同一年度的绩效目标表，没有目标表的取最近一次监控表；部门整体的表按单位认。指标按二级指标和名称对应。名称相近的算改名，由 X122 提出。

## 为什么
删掉完不成的指标，得分就高了。监控、自评应当逐条对照批复的目标。

## 正反例
- 反例：批复有“受益村民满意度”，自评表没有
- 正例：批复的指标自评表都有

## 怎么改
补上批复的指标，照实填完成值；确经批准取消的，附批准文件。

## 依据
财预〔2015〕88号。
",
    check: Check::Round(check),
};

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    chain::each_aligned(round, |own, before, alignment| Verdict::Checked(faults(own, before, alignment)))
}

fn faults(own: &RoundForm<'_>, before: &RoundForm<'_>, alignment: &Alignment<'_>) -> Vec<Fault> {
    let advice = "补上批复的指标，照实填完成值；确经批准取消的，附批准文件。";
    if alignment.paired() > 0 {
        return alignment.dropped.iter().filter_map(|row| fault(before, row, advice)).collect();
    }
    // Nothing fits: it is another set of indicators, and one thing to say.
    let Some(first) = alignment.dropped.first().and_then(|row| row.cell(column::LEVEL3)) else { return Vec::new() };
    let head = own.form.record.tables.get(INDICATORS).and_then(|table| table.rows.first());
    vec![Fault {
        cell: head.and_then(|row| row.at(column::LEVEL3)),
        found: head.and_then(|row| row.filled(column::LEVEL3)).map(str::to_owned),
        elsewhere: vec![chain::elsewhere(before, first)],
        message: format!(
            "{}有 {} 个指标（{}“{}”等），这里没有一个相同，换了一套指标",
            chain::said_in(before),
            alignment.dropped.len(),
            chain::place(before, first.cell()),
            excerpt(&squeeze(first.text()), 20),
        ),
        advice: "照批复的目标填写指标；如果报错了项目或年度，换成对应的表。".to_owned(),
        ..Fault::default()
    }]
}

fn fault(before: &RoundForm<'_>, row: &Row, advice: &str) -> Option<Fault> {
    let name = row.cell(column::LEVEL3)?;
    Some(Fault {
        elsewhere: vec![chain::elsewhere(before, name)],
        expected: Some(excerpt(&squeeze(name.text()), 30)),
        message: format!(
            "{}有指标“{}”，这里没有",
            chain::cited(before, name.cell()),
            excerpt(&squeeze(name.text()), 30)
        ),
        advice: advice.to_owned(),
        ..Fault::default()
    })
}
