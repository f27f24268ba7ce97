//! X109: every project of a unit scored itself exactly 100.

use rust_decimal::Decimal;

use super::others::{LISTED, besides, elsewhere};
use super::unit_projects::peers;
use super::{Check, Fault, RoundContext, Rule, Verdict, phrase, points};
use crate::finding::{Dimension, Severity};
use crate::schema::Stage;

pub(super) static RULE: Rule = Rule {
    code: "X109",
    name: "all-projects-full-score",
    severity: Severity::Info,
    dimension: Dimension::Consistency,
    authority: "实务（自评复核：一个单位的项目全部自评 100 分）",
    summary: "一个单位的项目全部自评满分",
    docs: "
## 检查什么
同一单位、同一年度的项目自评表在三份以上，总分全部正好 100 分。
工资、公用经费等基本支出项目不计；有一份没有填总分的，不判断。

## 为什么
几个项目样样满分，多半是先定了分再填表。复核时这样的单位要重点看佐证。

## 正反例
- 反例：某局十个项目全部自评 100 分。
- 正例：三个项目 100 分、96.5 分、92 分，扣分都有原因。

## 怎么改
逐项核对完成值和佐证材料，没有完成的如实扣分；确实全部完成的不必改，备好佐证。

## 依据
自评复核实务。
",
    check: Check::Round(check),
};

/// One or two full scores are no pattern.
const FEWEST: usize = 3;

fn check(round: &RoundContext<'_>) -> Vec<Verdict> {
    let verdict = |one: &super::RoundForm<'_>| {
        let schema = &one.form.schema;
        match (schema.stage == Stage::SelfEvaluation && schema.subject.is_project(), points::total_score(one.form)) {
            (false, _) | (_, None) => Verdict::NotApplicable,
            (_, Some(total)) if total.number().is_none() => Verdict::InsufficientData,
            _ => Verdict::Checked(Vec::new()),
        }
    };
    let mut verdicts: Vec<Verdict> = round.forms.iter().map(verdict).collect();
    for peers in peers(round) {
        let score = |form: &usize| points::total_score(round.forms.get(*form)?.form);
        let full = |form: &usize| score(form).and_then(|field| field.number()) == Some(Decimal::ONE_HUNDRED);
        if peers.len() < FEWEST || !peers.iter().all(full) {
            continue;
        }
        for form in &peers {
            let (Some(field), Some(Verdict::Checked(faults))) = (score(form), verdicts.get_mut(*form)) else {
                continue;
            };
            let others = peers.iter().filter(|other| *other != form).take(LISTED);
            faults.push(Fault {
                cell: Some(field.cell()),
                elsewhere: others
                    .filter_map(|other| {
                        let total = score(other)?;
                        Some(elsewhere(round.forms.get(*other)?, Some(total.cell()), total.text()))
                    })
                    .collect(),
                found: Some(field.text().to_owned()),
                message: format!(
                    "{}填 100 分，本单位 {} 个项目全部自评 100 分{}",
                    phrase::at(field.cell(), "总分"),
                    peers.len(),
                    besides(round, *form, &peers),
                ),
                advice: "逐项核对完成值和佐证材料，没有完成的如实扣分；确实全部完成的不必改，备好佐证。".to_owned(),
                ..Fault::default()
            });
        }
    }
    verdicts
}
