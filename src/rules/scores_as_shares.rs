//! A210: the column of scores holds completion rates: 1, 0.95, where points up to the weight belong.

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, indicator, phrase};
use crate::address::CellRef;
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Table};
use crate::schema::concept::column;

pub(super) static RULE: Rule = Rule {
    code: "A210",
    name: "scores-as-shares",
    severity: Severity::Error,
    dimension: Dimension::Consistency,
    authority: "财预〔2020〕10号 附件1 自评表填表说明（得分按分值计，满分为分值）",
    summary: "得分栏填的是完成比例，不是分数",
    docs: "
## 检查什么
各指标的得分全都在 0 与 1（100%）之间，平均在 0.5 以上，而分值都在 2 分以上的（三个指标以上），得分栏像是填了完成率，与分数相差十倍到上百倍。指出一次，逐项的扣分、合计不再另行提出。

## 为什么
得分要能与分值比较、能加总。填成比例，总分就没有意义。

## 正反例
- 反例：分值 10、20、30，得分 100%、100%、0.95。
- 正例：分值 10、20、30，得分 10、20、28.5。

## 怎么改
得分 = 完成比例 × 分值，逐项改过后再加总。

## 依据
财预〔2020〕10号 项目支出绩效自评表填表说明。
",
    check: Check::Form(check),
};

/// Fewer rows may be chance.
const FEWEST: usize = 3;

fn check(context: &Context<'_>) -> Verdict {
    match indicator::table(context, &[column::WEIGHT, column::SCORE]) {
        None => Verdict::NotApplicable,
        Some(table) if table.rows.is_empty() => Verdict::InsufficientData,
        Some(table) => Verdict::Checked(fault(context, &shares(table)).into_iter().collect()),
    }
}

/// Whether this rule tells the table: what its scores seem to say of single rows is no fault of its own then.
pub(super) fn tells(table: &Table) -> bool {
    !shares(table).is_empty()
}

/// Weights and scores, where the scores are shares.
fn shares(table: &Table) -> Vec<(&Field, &Field)> {
    let filled = table.rows.iter().filter(|row| row.cell(column::SCORE).is_some_and(Field::is_filled));
    let pairs: Option<Vec<(&Field, &Field)>> = filled
        .map(|row| {
            let (weight, score) = (row.cell(column::WEIGHT)?, row.cell(column::SCORE)?);
            let is_share = (Decimal::ZERO..=Decimal::ONE).contains(&score.number()?);
            (is_share && weight.number()? >= Decimal::TWO).then_some((weight, score))
        })
        .collect();
    let pairs = pairs.unwrap_or_default();
    let sum: Decimal = pairs.iter().filter_map(|(_, score)| score.number()).sum();
    let is_high = sum * Decimal::TWO >= Decimal::from(pairs.len());
    if pairs.len() >= FEWEST && is_high { pairs } else { Vec::new() }
}

fn fault(context: &Context<'_>, pairs: &[(&Field, &Field)]) -> Option<Fault> {
    let (weight, score) = pairs.first()?;
    let rest: Vec<CellRef> = pairs.iter().skip(1).map(|(_, score)| score.cell()).collect();
    let due = score.number()?.checked_mul(weight.number()?)?.round_dp(2);
    Some(Fault {
        cell: Some(score.cell()),
        found: Some(score.text().to_owned()),
        expected: Some(phrase::plain(due)),
        difference: score.number().map(|given| phrase::plain(given - due)),
        message: format!(
            "{}填 {}，像是完成比例；按分值应为 {} × {} = {}{}",
            phrase::column_at(context.form, score, column::SCORE),
            score.text().trim(),
            score.text().trim(),
            phrase::term(weight),
            phrase::plain(due),
            indicator::others(&rest),
        ),
        related: rest,
        advice: format!("逐项改为完成比例 × 分值（{} 填 {}），再加总。", score.cell(), phrase::plain(due)),
        ..Fault::default()
    })
}
