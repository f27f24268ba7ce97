//! A322: the weights of a group of indicators do not make the points printed for its goal.

use rust_decimal::Decimal;

use super::{Check, Context, Fault, Rule, Verdict, phrase, points};
use crate::finding::{Dimension, Severity};
use crate::form::{Provenance, Row};
use crate::schema::concept::column;
use crate::text::{excerpt, label_key, squeeze};

pub(super) static RULE: Rule = Rule {
    code: "A322",
    name: "goal-group-weights",
    severity: Severity::Error,
    dimension: Dimension::Consistency,
    authority: "本表所印年度目标分值",
    summary: "按目标分组的指标，分值合计与该目标所印分值不一致",
    docs: "
## 检查什么
指标按年度目标分组、目标名称里印有分值的表（如“年度目标1（40分）”）：
1. 每组指标的分值合计是否等于该目标所印的分值；没有分值栏的，得分合计是否超过所印的分值；
2. 各目标所印分值加上预算执行所印分值，是否等于总分。
有指标未填分值的组，不判断。

## 为什么
目标的分值说明它在项目里的分量。组内分值加不到这个数，得分就不能与目标对应。

## 正反例
- 反例：“年度目标1（40分）”下各指标分值 15 + 15 + 15 = 45。
- 正例：预算执行情况 20 分，目标1 40 分、目标2 40 分，各组指标分值合计 40。

## 怎么改
在本组指标之间重新分配分值；目标分值定错的，改正所印分值并使各目标与预算执行合计为总分。

## 依据
各组分值以表上所印为准；湖北的表为预算执行 20 分、各目标合计 80 分。
",
    check: Check::Form(check),
};

/// The indicators of one goal.
struct Group<'a> {
    label: &'a Provenance,
    points: Decimal,
    rows: Vec<&'a Row>,
}

fn check(context: &Context<'_>) -> Verdict {
    let form = context.form;
    let Some(table) = form.record.indicators() else { return Verdict::NotApplicable };
    let groups = groups(&table.rows);
    if groups.is_empty() {
        return Verdict::NotApplicable;
    }
    let with_weights = table.has(column::WEIGHT);
    let mut faults: Vec<Fault> = Vec::new();
    let mut judged = 0;
    for group in &groups {
        let by = if with_weights { column::WEIGHT } else { column::SCORE };
        let Some(cells) = points::column(group.rows.iter().copied(), by).filter(|cells| !cells.is_empty()) else {
            continue;
        };
        judged += 1;
        let sum = points::sum(&cells);
        let fits = if with_weights { sum == group.points } else { sum <= group.points };
        if !fits {
            let terms = phrase::equation(&cells, sum);
            let related = cells.iter().map(|cell| cell.cell()).collect();
            let what = phrase::column_label(form, by);
            faults.push(of_group(group, sum, with_weights, &format!("各指标{what}合计 {terms}"), related));
        }
    }
    faults.extend(of_shares(context, &groups));
    if judged == 0 && faults.is_empty() { Verdict::InsufficientData } else { Verdict::Checked(faults) }
}

/// The groups whose label names a goal and its points. One label over all rows is the block's, see A201.
fn groups(rows: &[Row]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut blocks = 0;
    let mut last = None;
    for row in rows {
        let Some(label) = &row.block else { continue };
        if last.replace(label.cell) != Some(label.cell) {
            blocks += 1;
        }
        let printed =
            points::printed(&label.text).filter(|(from, to)| from == to && label_key(&label.text).contains("目标"));
        let Some((points, _)) = printed else { continue };
        match groups.iter_mut().find(|group| group.label.cell == label.cell) {
            Some(group) => group.rows.push(row),
            None => groups.push(Group { label, points, rows: vec![row] }),
        }
    }
    if blocks < 2 { Vec::new() } else { groups }
}

fn of_group(
    group: &Group<'_>,
    sum: Decimal,
    with_weights: bool,
    terms: &str,
    related: Vec<crate::address::CellRef>,
) -> Fault {
    let verb = if with_weights { "所印分值为" } else { "超过所印分值" };
    Fault {
        cell: Some(group.label.cell),
        related,
        found: Some(format!("各指标合计 {}", phrase::plain(sum))),
        expected: Some(phrase::plain(group.points)),
        difference: Some(phrase::plain(sum - group.points)),
        message: format!(
            "{}下{terms}，{verb} {}",
            phrase::at(group.label.cell, &excerpt(&squeeze(&group.label.text), 16)),
            phrase::plain(group.points),
        ),
        advice: match with_weights {
            true => "在本组指标之间重新分配分值，使合计等于该目标所印的分值。".to_owned(),
            false => "核对本组各指标的得分，使合计不超过该目标所印的分值。".to_owned(),
        },
        ..Fault::default()
    }
}

/// The shares of all goals with the budget execution make the full mark.
fn of_shares(context: &Context<'_>, groups: &[Group<'_>]) -> Option<Fault> {
    let form = context.form;
    let full = form.schema.indicators.as_ref()?.total_points?;
    let (execution, execution_points) = points::execution_points(form)?;
    // Every block must have told its points.
    let rows = form.record.indicators()?.rows.len();
    if groups.iter().map(|group| group.rows.len()).sum::<usize>() != rows {
        return None;
    }
    let shares: Decimal = groups.iter().map(|group| group.points).sum();
    if shares + execution_points == full {
        return None;
    }
    let last = groups.last()?;
    let terms: Vec<String> =
        groups.iter().map(|group| format!("{} {}", group.label.cell, phrase::plain(group.points))).collect();
    Some(Fault {
        cell: Some(last.label.cell),
        related: groups.iter().map(|group| group.label.cell).chain([execution]).collect(),
        found: Some(phrase::plain(shares + execution_points)),
        expected: Some(phrase::plain(full)),
        difference: Some(phrase::plain(shares + execution_points - full)),
        message: format!(
            "各目标所印分值 {} 加预算执行 {execution} {} = {}，应为 {}",
            terms.join(" + "),
            phrase::plain(execution_points),
            phrase::plain(shares + execution_points),
            phrase::plain(full),
        ),
        advice: format!("改正各目标的分值，使它们与预算执行合计为 {} 分。", phrase::plain(full)),
        ..Fault::default()
    })
}
