//! What forms say of their money in 万元, and what two amounts that should be one differ by.
//!
//! Nothing is converted that the form does not state: where it names no unit of money, 万元 is meant.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{RoundContext, RoundForm, funding, phrase};
use crate::form::{Field, Form};
use crate::roster::{Ledger, Project};
use crate::schema::concept::amount;

/// 元 in 万元.
const WAN: Decimal = Decimal::from_parts(10_000, 0, 0, false, 0);

/// An amount of a form.
#[derive(Debug, Clone, Copy)]
pub(super) struct Money<'a> {
    pub(super) field: &'a Field,
    /// The column it stands in.
    pub(super) column: &'static str,
    pub(super) wan: Decimal,
    /// How many 元 one unit of the form's amounts is.
    factor: Decimal,
}

/// A column of the form's main row of money; `None` where it holds no number.
pub(super) fn of<'a>(form: &'a Form, column: &'static str) -> Option<Money<'a>> {
    from_row(form, funding::main_row(form)?, column)
}

/// The same of another row.
pub(super) fn from_row<'a>(form: &'a Form, row: &'a crate::form::GridRow, column: &'static str) -> Option<Money<'a>> {
    let field = row.cells.get(column)?;
    let factor = form.record.money_factor().unwrap_or(WAN);
    Some(Money { field, column, wan: field.number()?.checked_mul(factor)?.checked_div(WAN)?, factor })
}

/// What a form was given: 年初预算数 and 全年预算数, as far as it states them.
pub(super) fn budgets(form: &Form) -> Vec<Money<'_>> {
    [amount::INITIAL, amount::BUDGET].into_iter().filter_map(|column| of(form, column)).collect()
}

impl Money<'_> {
    /// `F7「年初预算数」填 120 万元`; in another unit with what it comes to.
    pub(super) fn told(&self, form: &Form) -> String {
        let at = phrase::at(self.field.cell(), phrase::amount_label(form, self.column));
        format!("{at}填{}", self.amount())
    }

    /// ` 120 万元`, ` 860000 元（86 万元）`.
    pub(super) fn amount(&self) -> String {
        let number = phrase::plain(self.field.number().unwrap_or_default());
        if self.factor == WAN {
            return format!(" {number} 万元");
        }
        format!(" {number} {}（{} 万元）", unit_of(self.factor).unwrap_or("元"), in_wan(self.wan))
    }

    /// In words what unit the figure was probably meant in, or where its point slipped.
    pub(super) fn likely(&self, slip: Slip) -> String {
        let Slip::Times(times) = slip else { return String::new() };
        let stated = unit_of(self.factor).unwrap_or("万元");
        let meant = self.factor.checked_div(times).and_then(unit_of);
        match meant {
            Some(meant) if times != Decimal::TEN => format!("表上的单位是{stated}，数多半是按{meant}填的"),
            _ => "多半是小数点错了位".to_owned(),
        }
    }
}

/// `多 6 万元`, `少 6 万元`: how an amount lies beside one that should be the same.
pub(super) fn apart(own: Decimal, other: Decimal) -> String {
    let way = if own < other { "少" } else { "多" };
    format!("{way} {} 万元", in_wan((own - other).abs()))
}

/// An amount in 万元 as it is printed.
pub(super) fn in_wan(wan: Decimal) -> String {
    phrase::plain(wan.round_dp(6))
}

fn unit_of(factor: Decimal) -> Option<&'static str> {
    let units = [(1, "元"), (1_000, "千元"), (10_000, "万元"), (100_000_000, "亿元")];
    units.iter().find(|(one, _)| Decimal::from(*one) == factor).map(|(_, unit)| *unit)
}

/// How two amounts differ that should be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slip {
    /// By no round factor.
    No,
    /// The one is about so many times the other: 10 000, 100, 10 or their inverses.
    Times(Decimal),
}

impl Slip {
    /// Whether it is one of units: 10 000 times, or exactly 100 times.
    pub(super) fn is_of_units(self) -> bool {
        matches!(self, Self::Times(times) if times != Decimal::TEN && times != Decimal::new(1, 1))
    }
}

/// How an amount slipped against another. Of 10 000 a twentieth to either side, since budgets are adjusted; 100 and 10
/// exactly.
pub(super) fn slip(own: Decimal, other: Decimal) -> Slip {
    let Some(ratio) = own.checked_div(other).filter(|ratio| ratio.is_sign_positive()) else { return Slip::No };
    let kinds = [(10_000, 5), (100, 0), (10, 0)];
    for (times, percent) in kinds {
        let times = Decimal::from(times);
        let room = Decimal::new(percent, 2) + Decimal::new(1, 4);
        let near = |ratio: Decimal| ratio.checked_div(times).is_some_and(|share| (share - Decimal::ONE).abs() <= room);
        if near(ratio) {
            return Slip::Times(times);
        }
        if ratio > Decimal::ZERO && Decimal::ONE.checked_div(ratio).is_some_and(near) {
            return Slip::Times(Decimal::ONE / times);
        }
    }
    Slip::No
}

/// The projects of the ledger by what they are counted by, each with the years in which it is listed.
pub(super) struct Projects<'a>(BTreeMap<String, Vec<&'a Project>>);

impl<'a> Projects<'a> {
    pub(super) fn of(ledger: &'a Ledger) -> Self {
        let mut projects: BTreeMap<String, Vec<&Project>> = BTreeMap::new();
        for project in ledger.projects() {
            projects.entry(project.key()).or_default().push(project);
        }
        Self(projects)
    }

    /// The projects of the round's ledger; `None` without one.
    pub(super) fn of_round(round: &RoundContext<'a>) -> Option<Self> {
        round.registry.ledger.map(Self::of)
    }

    /// The ledger's project that a form speaks of, as it is listed in the form's year, or in no year in particular. Of a
    /// form that tells no year only a project that is listed once.
    pub(super) fn get(&self, one: &RoundForm<'_>) -> Option<&'a Project> {
        let identity = one.identity.project.as_ref().filter(|project| project.known == Some(true))?;
        let listed = self.0.get(&identity.key)?;
        match (one.form.year(), listed.as_slice()) {
            (None, [project]) => Some(project),
            (year, listed) => {
                listed.iter().find(|project| project.year.is_none() || year.is_some() && project.year == year).copied()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_named_where_the_factor_is_round() {
        let told = |own: i64, other: i64| match slip(Decimal::from(own), Decimal::from(other)) {
            Slip::No => "no".to_owned(),
            Slip::Times(times) => times.normalize().to_string(),
        };
        assert_eq!(told(860_000, 86), "10000");
        assert_eq!(told(880_000, 86), "10000");
        assert_eq!(told(86, 860_000), "0.0001");
        assert_eq!(told(8_600, 86), "100");
        assert_eq!(told(8_700, 86), "no");
        assert_eq!(told(860, 86), "10");
        assert_eq!(told(0, 86), "no");
        assert_eq!(told(86, 0), "no");
    }
}
