//! What a workbook computes by itself: as a formula, and as the value that the formula has.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::address::{CellRange, CellRef, column_letters};
use crate::policy::{Execution, ExecutionScore, Step};

/// Where the points of the execution rate stand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Points {
    /// In a cell.
    Cell(CellRef),
    /// Nowhere: so many.
    Fixed(Decimal),
}

/// How a box is computed. Each is blank while what it needs is.
#[derive(Debug, Clone, PartialEq)]
pub enum Computation {
    /// 执行率: one cell divided by another, to a hundredth of a percent.
    Rate {
        /// What was spent.
        executed: CellRef,
        /// What could be.
        budget: CellRef,
    },
    /// 预算执行得分.
    ExecutionScore {
        /// The rate.
        rate: CellRef,
        /// Its points.
        weight: Points,
        /// The steps of the policy, highest first; none where the score is proportional.
        steps: Vec<Step>,
    },
    /// The sum of all numbers in some ranges.
    Sum(Vec<CellRange>),
}

impl Computation {
    /// 预算执行得分 as the policy asks.
    pub(super) fn execution_score(rate: CellRef, weight: Points, policy: &Execution) -> Self {
        let steps = match policy.score {
            ExecutionScore::Proportional => Vec::new(),
            ExecutionScore::Steps => policy.steps.clone(),
        };
        Self::ExecutionScore { rate, weight, steps }
    }

    /// The formula without `=`, for the sheet of the form.
    pub fn formula(&self) -> String {
        // Fixed addresses: of formulas alike LibreOffice makes one shared formula, and saves it as 0 in an .xls.
        let cell = |at: &CellRef| here(CellRange::new(*at, *at));
        match self {
            Self::Rate { executed, budget } => {
                let (executed, budget) = (cell(executed), cell(budget));
                format!("IF(ISNUMBER({executed}),IF(SUM({budget})>0,ROUND({executed}/{budget},4),\"\"),\"\")")
            }
            Self::ExecutionScore { rate, weight, steps } if steps.is_empty() => {
                let (rate, weight) = (cell(rate), weight.expression());
                format!("IF(ISNUMBER({rate}),ROUND(MIN(1,{rate})*{weight},2),\"\")")
            }
            Self::ExecutionScore { rate, weight, steps } => {
                let (rate, weight) = (cell(rate), weight.expression());
                let share = steps.iter().rev().fold("0".to_owned(), |below, step| {
                    format!("IF(ROUND({rate},4)>={},{},{below})", step.from.normalize(), step.share.normalize())
                });
                format!("IF(ISNUMBER({rate}),{share}*{weight},\"\")")
            }
            Self::Sum(ranges) => {
                let list = ranges.iter().map(|range| here(*range)).collect::<Vec<_>>().join(",");
                format!("IF(COUNT({list})=0,\"\",SUM({list}))")
            }
        }
    }

    /// The value, by the numbers that stand in cells so far.
    pub(super) fn result(&self, numbers: &BTreeMap<CellRef, Decimal>) -> Option<Decimal> {
        let number = |at: &CellRef| numbers.get(at).copied();
        match self {
            Self::Rate { executed, budget } => {
                let budget = number(budget).filter(|budget| *budget > Decimal::ZERO)?;
                number(executed)?.checked_div(budget).map(|rate| rate.round_dp(4))
            }
            Self::ExecutionScore { rate, weight, steps } => {
                let weight = match weight {
                    Points::Cell(at) => number(at)?,
                    Points::Fixed(points) => *points,
                };
                let rate = number(rate)?;
                if steps.is_empty() {
                    return Some((rate.min(Decimal::ONE) * weight).round_dp(2));
                }
                let share = steps.iter().find(|step| rate.round_dp(4) >= step.from).map(|step| step.share);
                Some(share.unwrap_or_default() * weight)
            }
            Self::Sum(ranges) => {
                let inside = |at: &CellRef| ranges.iter().any(|range| range.contains(*at));
                let numbers: Vec<Decimal> = numbers.iter().filter(|(at, _)| inside(at)).map(|(_, n)| *n).collect();
                let (first, rest) = numbers.split_first()?;
                rest.iter().try_fold(*first, |sum, number| sum.checked_add(*number))
            }
        }
    }
}

impl Points {
    fn expression(self) -> String {
        match self {
            Self::Cell(at) => here(CellRange::new(at, at)),
            Self::Fixed(points) => points.normalize().to_string(),
        }
    }
}

/// A range as formulas on the form's own sheet name it, fixed: `$G$7:$G$20`.
fn here(range: CellRange) -> String {
    fixed(range).replace('@', "")
}

/// Words as formulas write them. An `@` is no mark of an address here.
pub(super) fn literal(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\"").replace('@', "\"&CHAR(64)&\""))
}

/// A range with `$` before all parts and `@` before the whole: for expressions of self-checks.
pub(super) fn fixed(range: CellRange) -> String {
    let cell = |at: CellRef| format!("${}${}", column_letters(at.col), at.row + 1);
    if range.start == range.end {
        format!("@{}", cell(range.start))
    } else {
        format!("@{}:{}", cell(range.start), cell(range.end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_a_formula_end_at_no_quote_and_name_no_cell() {
        assert_eq!(literal("填表人："), "\"填表人：\"");
        assert_eq!(literal("“甲\"@区："), "\"“甲\"\"\"&CHAR(64)&\"区：\"");
    }
}
