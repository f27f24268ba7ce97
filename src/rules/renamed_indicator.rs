//! X122 renamed-indicator: an approved indicator under a slightly different name.

use super::chain::{self, Pair};
use super::{Check, Fault, RoundContext, RoundForm, Rule, Verdict};
use crate::finding::{Dimension, Severity};
use crate::schema::concept::column;
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "X122",
    name: "renamed-indicator",
    severity: Severity::Info,
    dimension: Dimension::Consistency,
    authority: "财预〔2015〕88号（绩效目标一经批复一般不予调整，确需调整的按程序报批）",
    summary: "监控、自评里的指标改了名称",
    docs: "
## 检查什么
监控表、自评表里的指标与批复的目标里同一个二级指标下的指标名称相近而不相同，又没有名称完全相同的。批复的目标取本批或上一轮结果里同一项目、同一年度的绩效目标表，没有目标表的取最近一次监控表；部门整体的表按单位认。指标按二级指标和名称对应。

## 为什么
名称变了，系统和统计认不出是同一个指标；有时改一个字，考核的内容也变了。

## 正反例
- 反例：批复“清淤河道长度”，自评表写“清淤河道总长度”
- 正例：两处都写“清淤河道长度”

## 怎么改
照批复的名称填写；确实是另一个指标的，把批复的指标补上。

## 依据
财预〔2015〕88号。
",
    check: Check::Round(check),
};

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    chain::each_aligned(round, |_, before, alignment| {
        Verdict::Checked(alignment.renamed.iter().filter_map(|pair| fault(before, pair)).collect())
    })
}

fn fault(before: &RoundForm<'_>, pair: &Pair<'_>) -> Option<Fault> {
    let (old, new) = (pair.earlier.cell(column::LEVEL3)?, pair.later.cell(column::LEVEL3)?);
    Some(Fault {
        cell: Some(new.cell()),
        elsewhere: vec![chain::elsewhere(before, old)],
        found: Some(new.text().to_owned()),
        expected: Some(old.text().to_owned()),
        message: format!(
            "{} 的指标叫“{}”，{}叫“{}”",
            new.cell(),
            excerpt(&squeeze(new.text()), 30),
            chain::cited(before, old.cell()),
            excerpt(&squeeze(old.text()), 30)
        ),
        advice: "照批复的名称填写；确实是另一个指标的，把批复的指标补上。".to_owned(),
        ..Fault::default()
    })
}
