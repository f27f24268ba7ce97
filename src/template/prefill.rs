//! What is filled into a blank form before it goes out: who it is for, and what was approved before.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::plan::{Entry, Input, Kind, Plan, Role};
use crate::schema::concept::{self, amount, column, line};
use crate::value::Measure;

/// What is known of a unit, its project and its approved targets.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Prefill {
    /// Field concept → text.
    pub fields: BTreeMap<String, String>,
    /// Budget of the year, in the form's unit of money.
    pub budget: Option<Decimal>,
    /// Approved indicators, in their order.
    pub indicators: Vec<Approved>,
}

/// An indicator that was approved with the targets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Approved {
    /// 一级指标 as printed.
    pub level1: String,
    /// 二级指标 as printed.
    pub level2: String,
    /// 三级指标.
    pub level3: String,
    /// 指标性质; empty where the target itself has the sign.
    pub operator: String,
    /// 指标值 as written.
    pub target: String,
    /// 计量单位; empty where the target itself has it.
    pub unit: String,
    /// 分值, where the targets have it.
    pub weight: Option<Decimal>,
}

impl Approved {
    /// What stands in a column of a form that has these columns.
    pub(super) fn entry(&self, id: &str, has: impl Fn(&str) -> bool) -> Option<Entry> {
        let text = |text: &str| (!text.is_empty()).then(|| Entry::Text(text.to_owned()));
        let measure = Measure::parse(&format!("{}{}", self.sign(), self.target));
        match id {
            column::LEVEL1 => text(&self.level1),
            column::LEVEL2 => text(&self.level2),
            column::LEVEL3 => text(&self.level3),
            column::OPERATOR => {
                let own = measure.as_ref().and_then(|measure| measure.operator).map(|operator| operator.to_string());
                // A target in words is a qualitative one.
                text(&own.unwrap_or_else(|| if measure.is_none() { "定性".to_owned() } else { "=".to_owned() }))
            }
            column::TARGET => {
                let own_unit = measure.as_ref().and_then(|measure| measure.unit.clone());
                let unit = own_unit.unwrap_or_else(|| self.unit.clone());
                text(&match measure {
                    None => self.target.clone(),
                    Some(Measure { operator, number, .. }) => {
                        let sign = operator.filter(|_| !has(column::OPERATOR)).map(|operator| operator.to_string());
                        let unit = if has(column::UNIT) { "" } else { &unit };
                        format!("{}{}{unit}", sign.unwrap_or_default(), number.normalize())
                    }
                })
            }
            column::UNIT => text(&measure.and_then(|measure| measure.unit).unwrap_or_else(|| self.unit.clone())),
            column::WEIGHT => self.weight.map(Entry::Number),
            _ => None,
        }
    }

    /// The sign that its own column gives, where the target has none.
    fn sign(&self) -> &str {
        let signed = Measure::parse(&self.target).is_some_and(|measure| measure.operator.is_some());
        if signed || self.operator == "定性" { "" } else { &self.operator }
    }
}

impl Prefill {
    /// Fills a plan in whose rows are drawn for these indicators. What the form has no box for is left out.
    pub(super) fn fill(&self, plan: &mut Plan) {
        for piece in &mut plan.pieces {
            if let Kind::Input(input) = &mut piece.kind
                && let Some(entry) = self.entry(input)
            {
                input.value = Some(entry);
            }
        }
    }

    fn entry(&self, input: &Input) -> Option<Entry> {
        match &input.role {
            Role::Field(id) => self.fields.get(id).map(|text| match id.as_str() {
                concept::field::YEAR => Entry::Text(format!("（{text}年度）")),
                _ => Entry::Text(text.clone()),
            }),
            Role::Cell { grid, row, column } => {
                let is_budget = grid == concept::FUNDING
                    && row == line::TOTAL
                    && [amount::BUDGET, amount::INITIAL].contains(&column.as_str());
                self.budget.filter(|_| is_budget).map(Entry::Number)
            }
            Role::Row { .. } | Role::Listed { .. } | Role::Total { .. } => None,
        }
    }
}
