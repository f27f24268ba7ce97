//! A204: the weights of a class do not make the points that the form itself, or the bureau, gives to the class.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;
use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, phrase, points};
use crate::address::CellRef;
use crate::finding::{Dimension, Severity};
use crate::form::{Field, Form, Row, Table};
use crate::policy::WeightSet;
use crate::schema::concept::{amount, class, column};
use crate::text::{excerpt, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "A204",
    name: "class-weight-mismatch",
    severity: Severity::Error,
    dimension: Dimension::Consistency,
    authority: "本表所印一级指标分值或填表说明；财预〔2020〕10号 附件1（产出 50、效益 30、满意度 10、预算执行率 10）；本地口径 weights",
    summary: "一级、二级指标的分值合计与规定分值不一致",
    docs: "
## 检查什么
1. 一级、二级指标单元格里印有分值（如“产出指标（50分）”“成本指标(0-20)分”“数量指标（20分）”）的，其下各三级指标分值之和是否相符或在范围之内。
2. 表下注明各类分值“统一为”若干分的，各类合计是否相符；注明可以调整、仅供参考的，不比较。
3. 口径 `[weights]` 给这种表定了分值的，再与口径比较，连同预算执行率的分值；没有定而口径要求比较的（`scoring.compare_class_points = true`），
   与表样规定的分值比较。没有满意度指标的，其分值并入效益指标。

## 为什么
同一批表的分值结构不同，得分就不能比较。

## 正反例
- 反例：注写“分值统一为产出50分、效益30分、满意度10分”，表中产出合计 70、效益合计 20。
- 正例：“产出指标（50分）”下各指标分值合计 50。

## 怎么改
按规定的分值在同类指标之间重新分配；确需调整的，同时改正所印分值。

## 依据
本表填表说明；财预〔2020〕10号 产出 50、效益 30、满意度 10、预算执行率 10。
",
    check: Check::Form(check),
};

/// A class with its rows' weights.
struct Sum<'a> {
    class: Option<&'a str>,
    label: CellRef,
    text: &'a str,
    weights: Vec<&'a Field>,
    points: Decimal,
}

impl Sum<'_> {
    /// `D13 20 + D14 30 = 50`.
    fn equation(&self) -> String {
        phrase::equation(&self.weights, self.points)
    }
}

fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    let Some(table) = form.record.indicators() else { return Verdict::NotApplicable };
    if !table.has(column::WEIGHT) || !table.has(column::LEVEL1) {
        return Verdict::NotApplicable;
    }
    let Some(sums) = sums(table).filter(|sums| !sums.is_empty()) else { return Verdict::InsufficientData };
    let mut faults: Vec<Fault> =
        sums.iter().chain(&sums_of_subclasses(table)).filter_map(|sum| against_label(form, sum)).collect();
    if let Some(fault) = against_notes(form, &sums) {
        faults.push(fault);
    }
    let set = points::weight_set(context);
    if faults.is_empty() && (set.is_some() || context.policy.scoring.compare_class_points) {
        faults.extend(set.and_then(|_| against_execution(context)));
        faults.extend(against_split(form, set, &sums));
    }
    Verdict::Checked(faults)
}

/// The weights of each class in printed order; `None` where one is blank.
fn sums(table: &Table) -> Option<Vec<Sum<'_>>> {
    let mut groups: Vec<(String, Vec<&Row>)> = Vec::new();
    for row in &table.rows {
        let key = row.class.clone().or_else(|| row.filled(column::LEVEL1).map(squeeze))?;
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((key, vec![row])),
        }
    }
    groups.into_iter().map(|(_, rows)| sum_under(&rows, column::LEVEL1)).collect()
}

/// The weights under each cell of the second level that prints points; a cell whose weights are not all there is left out.
fn sums_of_subclasses(table: &Table) -> Vec<Sum<'_>> {
    let mut groups: BTreeMap<CellRef, Vec<&Row>> = BTreeMap::new();
    for row in &table.rows {
        let label = row.cell(column::LEVEL2).filter(|label| points::printed(label.text()).is_some());
        if let Some(label) = label {
            groups.entry(label.cell()).or_default().push(row);
        }
    }
    groups.into_values().filter_map(|rows| sum_under(&rows, column::LEVEL2)).collect()
}

fn sum_under<'a>(rows: &[&'a Row], level: &str) -> Option<Sum<'a>> {
    let first = rows.first()?;
    let label = first.cell(level)?;
    let weights = points::column(rows.iter().copied(), column::WEIGHT)?;
    let points = points::sum(&weights);
    Some(Sum { class: first.class.as_deref(), label: label.cell(), text: label.text(), weights, points })
}

fn against_label(form: &Form, sum: &Sum<'_>) -> Option<Fault> {
    let (from, to) = points::printed(sum.text)?;
    if (from..=to).contains(&sum.points) {
        return None;
    }
    let expected =
        if from == to { phrase::plain(to) } else { format!("{}～{}", phrase::plain(from), phrase::plain(to)) };
    let nearest = if sum.points < from { from } else { to };
    Some(fault(form, sum, &expected, nearest, "所印分值"))
}

/// The split that a note prescribes; none where the note lets units adjust it.
fn split_of_note(note: &str) -> BTreeMap<&'static str, Decimal> {
    static PARTS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(成本|产出|效益|满意度)(?:指标)?[^\d,、;。()]{0,4}\(?(\d+(?:\.\d+)?)分")
            .expect("a constant pattern, compiled in tests")
    });
    const FREE: [&str; 5] = ["调整", "参考", "原则上", "可以", "自行"];
    let squeezed = squeeze(note);
    let mut split = BTreeMap::new();
    if FREE.iter().any(|word| squeezed.contains(word)) {
        return split;
    }
    for found in PARTS.captures_iter(&squeezed) {
        let (Some(name), Some(number)) = (found.get(1), found.get(2)) else { continue };
        let id = match name.as_str() {
            "成本" => class::COST,
            "产出" => class::OUTPUT,
            "效益" => class::BENEFIT,
            _ => class::SATISFACTION,
        };
        if let Ok(points) = number.as_str().parse() {
            split.entry(id).or_insert(points);
        }
    }
    split
}

/// One fault for the whole split, at the first class that departs from it.
fn against_notes(form: &Form, sums: &[Sum<'_>]) -> Option<Fault> {
    for note in &form.record.notes {
        let split = split_of_note(note.text());
        if split.len() < 2 {
            continue;
        }
        let wrong: Vec<(&Sum<'_>, Decimal)> = sums
            .iter()
            .filter_map(|sum| Some((sum, *split.get(sum.class?)?)))
            .filter(|(sum, points)| sum.points != *points)
            .collect();
        let Some((first, points)) = wrong.first() else { continue };
        let mut fault = fault(form, first, &phrase::plain(*points), *points, &format!("{} 注", note.cell()));
        fault.related.extend(wrong.iter().skip(1).map(|(sum, _)| sum.label).chain([note.cell()]));
        for (sum, points) in wrong.iter().skip(1) {
            fault.message.push_str(&format!(
                "；{}合计 {}，应为 {}",
                phrase::at(sum.label, &excerpt(sum.text, 12)),
                sum.equation(),
                phrase::plain(*points)
            ));
        }
        return Some(fault);
    }
    None
}

/// Against the policy's weight set, else the schema's points.
fn against_split(form: &Form, set: Option<&WeightSet>, sums: &[Sum<'_>]) -> Vec<Fault> {
    let Some(indicators) = &form.schema.indicators else { return Vec::new() };
    let points_of = |id: &str| match set {
        Some(set) => Some(set.get(id).copied().unwrap_or_default()),
        None => indicators.class(id).and_then(|class| class.points),
    };
    let has_satisfaction = sums.iter().any(|sum| sum.class == Some(class::SATISFACTION));
    let spare = if has_satisfaction { None } else { points_of(class::SATISFACTION) };
    let judge = |sum: &Sum<'_>| {
        let id = sum.class?;
        let points = points_of(id)?;
        let with_spare = points + spare.filter(|_| id == class::BENEFIT).unwrap_or_default();
        let fits = sum.points == points || sum.points == with_spare;
        (!fits).then(|| fault(form, sum, &phrase::plain(with_spare), with_spare, "本地口径"))
    };
    sums.iter().filter_map(judge).collect()
}

/// The printed points of the budget execution against those of the policy.
fn against_execution(context: &Context<'_>) -> Option<Fault> {
    let (cell, printed) = points::execution_points(context.form)?;
    let due = points::due_execution(context).unwrap_or_default();
    (printed != due).then(|| Fault {
        cell: Some(cell),
        found: Some(phrase::plain(printed)),
        expected: Some(phrase::plain(due)),
        difference: Some(phrase::plain(printed - due)),
        message: format!(
            "{cell} 预算执行率{} {}，本地口径为 {}",
            phrase::amount_label(context.form, amount::WEIGHT),
            phrase::plain(printed),
            phrase::plain(due)
        ),
        advice: "把预算执行率的分值改为规定的分值，并相应调整各指标分值。".to_owned(),
        ..Fault::default()
    })
}

fn fault(form: &Form, sum: &Sum<'_>, expected: &str, nearest: Decimal, source: &str) -> Fault {
    Fault {
        cell: Some(sum.label),
        related: sum.weights.iter().map(|weight| weight.cell()).collect(),
        found: Some(format!("各指标合计 {}", phrase::plain(sum.points))),
        expected: Some(expected.to_owned()),
        difference: Some(phrase::plain(sum.points - nearest)),
        message: format!(
            "{}下各指标{}合计 {}，{source}为 {expected}",
            phrase::at(sum.label, &excerpt(sum.text, 12)),
            phrase::column_label(form, column::WEIGHT),
            sum.equation(),
        ),
        advice: format!("在同类指标之间重新分配分值，使合计为 {expected}。"),
        ..Fault::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_that_allows_adjusting_prescribes_nothing() {
        assert_eq!(split_of_note("注：分值统一为产出50分、效益30分、满意度10分、预算执行率10分。").len(), 3);
        let free = "注：一级指标分值原则上设置为产出指标50分、效益指标30分，如有特殊情况可作适当调整。";
        assert!(split_of_note(free).is_empty());
    }
}
