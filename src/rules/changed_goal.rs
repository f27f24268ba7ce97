//! X128 changed-goal: an annual goal that differs from the approved one.

use std::sync::LazyLock;

use regex::Regex;
use rust_decimal::Decimal;

use super::chain;
use super::target_change::numbers;
use super::{Check, Fault, RoundContext, RoundForm, Rule, Verdict, phrase};
use crate::finding::{Dimension, Severity};
use crate::schema::concept::field;
use crate::text::{excerpt, similarity, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "X128",
    name: "changed-goal",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    authority: "财预〔2015〕88号（绩效目标一经批复一般不予调整，确需调整的按程序报批）",
    summary: "监控、自评里的年度目标与批复的不同",
    docs: "
## 检查什么
监控表、自评表的年度（预期）目标是否就是批复的年度目标：批复的目标写了的数这里没有了，或者两段话大不相同。标点、序号、个别字句的出入和年份不算。批复的目标取本批或上一轮结果里同一项目、同一年度的绩效目标表，没有目标表的取最近一次监控表；部门整体的表按单位认。指标按二级指标和名称对应。

## 为什么
年度目标一经批复，监控和自评都应当照着它；改了目标，完成情况就没有了对照。

## 正反例
- 反例：批复“维护清水渠12公里”，自评表写“维护清水渠8公里”
- 正例：批复“维护清水渠12公里。”，自评表写“1.维护清水渠12公里”

## 怎么改
照批复的目标填写；确经批准调整的，附批准文件。

## 依据
财预〔2015〕88号。
",
    check: Check::Round(check),
};

/// From which likeness two goals are one.
const SAME_FROM: f64 = 0.5;

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    chain::each(round, |own, before| judge(own, before))
}

fn judge(own: &RoundForm<'_>, before: &RoundForm<'_>) -> Verdict {
    let goal = |one: &RoundForm<'_>| one.form.record.field(field::GOAL).filter(|goal| goal.is_filled()).cloned();
    let (Some(old), Some(new)) = (goal(before), goal(own)) else { return Verdict::InsufficientData };
    let (was, is) = (squeeze(old.text()), squeeze(new.text()));
    let (promised, promises) = (figures(&was), figures(&is));
    let gone: Vec<String> =
        promised.iter().filter(|figure| !promises.contains(figure)).map(|figure| phrase::plain(*figure)).collect();
    let alike = was.contains(&is) || is.contains(&was) || similarity(&was, &is) >= SAME_FROM;
    if gone.is_empty() && alike {
        return Verdict::Checked(Vec::new());
    }
    let what = match (gone.is_empty(), alike) {
        (false, true) => format!("，批复里的数 {} 这里没有", gone.join("、")),
        _ => "，说的不是一回事".to_owned(),
    };
    let label = phrase::at(new.cell(), phrase::field_label(own.form, field::GOAL));
    Verdict::Checked(vec![Fault {
        cell: Some(new.cell()),
        elsewhere: vec![chain::elsewhere(before, &old)],
        found: Some(new.text().to_owned()),
        expected: Some(old.text().to_owned()),
        message: format!(
            "{label}与{}不同{what}：批复的是“{}”，这里写“{}”",
            chain::cited(before, old.cell()),
            excerpt(&was, 40),
            excerpt(&is, 40),
        ),
        advice: "照批复的年度目标填写；确经批准调整的，附批准文件。".to_owned(),
        ..Fault::default()
    }])
}

/// The figures of a squeezed goal that promise something: neither years, nor dates, nor the numbers of its items.
fn figures(goal: &str) -> Vec<Decimal> {
    static OTHER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"20\d\d年?度?|\d{1,2}月(?:\d{1,2}日)?|(?:目标|任务|指标)\d{1,2}|\(\d{1,2}\)|(?:^|[。;:!?,])\d{1,2}[.、)]",
        )
        .expect("a constant pattern, compiled in tests")
    });
    numbers(&OTHER.replace_all(goal, "|").replace(',', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_figures_that_promise_something_count() {
        let told = |goal| figures(&squeeze(goal)).iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        assert_eq!(told("目标1：2023年12月底前，维护清水渠12.50公里；2、补助1,200户。"), "12.5 1200");
        assert_eq!(told("（1）做好服务"), "");
    }
}
