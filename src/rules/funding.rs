//! The money block as rules read it: which rows are sums, which column is the budget, how rows nest.
//!
//! Owns no judgement; the rules about money ask it.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::form::{Field, Form, Grid, GridRow, Id};
use crate::policy::{Policy, Words};
use crate::schema::{FieldKind, concept};
use crate::text::squeeze;

/// A total and the rows it sums up. Where a form prints two blocks side by side (中期 | 年度), the parts are those of the
/// total's own block.
pub(super) struct Group<'a> {
    pub(super) total: &'a GridRow,
    pub(super) parts: Vec<&'a GridRow>,
}

/// Difference of sums that still counts as equal, in the form's unit of money.
pub(super) fn tolerance(form: &Form, policy: &Policy) -> Decimal {
    let tolerance = policy.money.sum_tolerance;
    // The policy states it in 万元, and so are amounts without a named unit.
    let factor = form.record.money_factor().map_or(Decimal::ONE, |factor| Decimal::from(10_000) / factor);
    tolerance.saturating_mul(factor)
}

/// Every total of the block with its parts. A block that starts with its total lists the parts below; one that does
/// not (收入构成 … 合计) lists them above.
pub(super) fn groups(form: &Form) -> Vec<Group<'_>> {
    let Some(grid) = form.record.funding() else { return Vec::new() };
    let rows = || grid.rows.iter().filter(|row| is_total(form, row) || !is_foreign_total(row));
    let total_first = rows().next().is_some_and(|row| is_total(form, row));
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut pending = Vec::new();
    for row in rows() {
        match (is_total(form, row), total_first) {
            (true, true) => groups.push(Group { total: row, parts: Vec::new() }),
            (true, false) => groups.push(Group { total: row, parts: std::mem::take(&mut pending) }),
            (false, true) => {
                if let Some(group) = groups.last_mut() {
                    group.parts.push(row);
                }
            }
            (false, false) => pending.push(row),
        }
    }
    for group in &mut groups {
        let total = group.total;
        if has_repeated_row(&group.parts) {
            group.parts.retain(|part| shares_a_column(part, total));
        }
    }
    groups
}

/// Whether the row is a sum that is not this block's: 中期资金总额, 项目总投资.
fn is_foreign_total(row: &GridRow) -> bool {
    ["总额", "总金额", "合计", "总计", "总投资", "总预算"].iter().any(|word| row.label.text.contains(word))
}

fn has_repeated_row(parts: &[&GridRow]) -> bool {
    let mut seen = BTreeSet::new();
    !parts.iter().all(|part| seen.insert(part.id.as_str()))
}

fn shares_a_column(part: &GridRow, total: &GridRow) -> bool {
    part.cells.iter().any(|(id, field)| total.cells.get(id).is_some_and(|t| t.cell().col == field.cell().col))
}

/// Whether the row is the sum of others.
pub(super) fn is_total(form: &Form, row: &GridRow) -> bool {
    let spec = form.schema.grid(concept::FUNDING).and_then(|grid| grid.row(&row.id));
    spec.map_or(row.id == concept::line::TOTAL, |line| line.total)
}

/// The row on which weight, rate and score of the execution stand: the first total, else the first row.
pub(super) fn main_row(form: &Form) -> Option<&GridRow> {
    let rows = &form.record.funding()?.rows;
    let totals = || rows.iter().filter(|row| is_total(form, row));
    let executes = |row: &&GridRow| row.cells.contains_key(concept::amount::EXECUTED);
    totals().find(executes).or_else(|| totals().next()).or_else(|| rows.first())
}

/// The column that the execution is measured by: 全年预算数, or 年初预算数 in a form without the former.
pub(super) fn budget_column(grid: &Grid) -> &'static str {
    let has_budget = grid.columns.contains_key(concept::amount::BUDGET)
        || grid.rows.iter().any(|row| row.cells.contains_key(concept::amount::BUDGET));
    if has_budget { concept::amount::BUDGET } else { concept::amount::INITIAL }
}

/// What a row says of budget and spending.
pub(super) struct Spending<'a> {
    pub(super) budget: &'a Field,
    pub(super) executed: &'a Field,
    pub(super) planned: Decimal,
    pub(super) spent: Decimal,
}

impl Spending<'_> {
    /// The exact execution rate as a fraction; `None` without a budget.
    pub(super) fn rate(&self) -> Option<Decimal> {
        self.spent.checked_div(self.planned)
    }
}

/// Budget and spending of a row, where both are numbers.
pub(super) fn spending<'a>(grid: &Grid, row: &'a GridRow) -> Option<Spending<'a>> {
    let budget = row.cells.get(budget_column(grid))?;
    let executed = row.cells.get(concept::amount::EXECUTED)?;
    Some(Spending { budget, executed, planned: budget.number()?, spent: executed.number()? })
}

/// The columns that hold money, by concept.
pub(super) fn money_columns(form: &Form) -> BTreeSet<&str> {
    const NO_MONEY: [&str; 4] =
        [concept::amount::WEIGHT, concept::amount::RATE, concept::amount::SCORE, concept::amount::REASON];
    let spec = form.schema.grid(concept::FUNDING);
    let is_money =
        |id: &&str| spec.and_then(|s| s.column(id)).map_or(!NO_MONEY.contains(id), |c| c.kind == FieldKind::Amount);
    let grid = form.record.funding();
    grid.into_iter().flat_map(|g| &g.rows).flat_map(|r| r.cells.keys()).map(Id::as_str).filter(is_money).collect()
}

/// The sums that the parts may make, the plain one first. Of rows nested under a part (`其中：` below 财政拨款, or rows
/// that together make the part above them) either the part or the nested rows count, never both.
pub(super) fn possible_sums(parts: &[(&GridRow, Decimal)]) -> Vec<Decimal> {
    let all: Decimal = parts.iter().map(|(_, number)| *number).sum();
    let mut sums = vec![all];
    for start in 1..parts.len() {
        let opens_nested = parts.get(start).is_some_and(|(row, _)| row.of_which);
        let parent = start.checked_sub(1).and_then(|above| parts.get(above)).map(|(_, number)| *number);
        let mut nested = Decimal::ZERO;
        for (_, number) in parts.iter().skip(start) {
            nested += *number;
            if opens_nested || (parent == Some(nested) && !nested.is_zero()) {
                sums.push(all - nested);
            }
        }
    }
    sums
}

/// Whether a cell of the block's 原因 column says something of the unit's own.
pub(super) fn has_reason(grid: &Grid, words: &Words) -> bool {
    grid.rows.iter().filter_map(|row| row.cells.get(concept::amount::REASON)).any(|reason| {
        let text = squeeze(reason.text());
        reason.is_filled()
            && !is_prompt(&text, words)
            && !words.empty_reasons.iter().any(|empty| squeeze(empty) == text)
    })
}

/// Whether a squeezed text is what the template prints to be overwritten.
fn is_prompt(text: &str, words: &Words) -> bool {
    const TURNS: [&str; 6] = ["字以内", "需说明", "须说明", "应说明", "请说明", "需要说明"];
    TURNS.iter().any(|turn| text.contains(turn)) || words.prompts.iter().any(|prompt| text.contains(prompt.as_str()))
}
