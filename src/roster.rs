//! The roster (名册): which units must hand in which forms, and by what names they are known.
//!
//! Owns the identity of units: a name is compared without spaces, bracket styles and code prefixes, and by the
//! aliases the roster gives. What does not match is never guessed; a suggestion is another matter.

mod identity;
pub(crate) mod ledger;
mod mergers;
mod names;
pub(crate) mod period;
pub(crate) mod read;
pub(crate) mod receipts;
pub(crate) mod table;
mod units;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use self::units::Index;
use crate::schema::{Schema, Stage, Subject};
use crate::text::squeeze;

pub use self::identity::{Claim, CodeState, Identity, ProjectIdentity, Registry, UnitIdentity};
pub use self::ledger::{Continuation, Ledger, Project};
pub(crate) use self::names::{behind_place, project_key};
pub use self::names::{name_key, unit_key, without_code};
pub use self::receipts::Receipts;

/// Who must hand in what.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Roster {
    /// In the order of the file.
    units: Vec<Unit>,
    /// Unit key of every name and alias → index into `units`.
    names: BTreeMap<String, usize>,
    index: Index,
    /// How many projects units must hand in, for the ledger to be compared with.
    asked: Vec<Asked>,
    hints: Vec<String>,
}

/// How many projects a unit must hand in, and where the roster says so.
#[derive(Debug, Clone, PartialEq)]
struct Asked {
    /// Index into the units.
    unit: usize,
    kind: FormKind,
    year: Option<u16>,
    projects: u32,
    /// `名册!G2`.
    place: String,
}

/// What a written name means.
#[derive(Debug, Clone, PartialEq)]
pub enum Match<'a, T> {
    /// This one.
    Known(&'a T),
    /// None for certain; perhaps this one, for a person to confirm.
    Unknown(Option<&'a T>),
}

impl<'a, T> Match<'a, T> {
    /// What it means for certain.
    #[must_use]
    pub fn known(&self) -> Option<&'a T> {
        match self {
            Self::Known(one) => Some(one),
            Self::Unknown(_) => None,
        }
    }

    /// What it perhaps means; `None` where it is known.
    #[must_use]
    pub fn suggestion(&self) -> Option<&'a T> {
        match self {
            Self::Known(_) => None,
            Self::Unknown(near) => *near,
        }
    }
}

/// A unit of the roster.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// 主管部门.
    pub department: String,
    /// The name as the roster writes it.
    pub name: String,
    /// 单位编码, empty where the roster has none.
    pub code: String,
    /// Other names it hands in under.
    pub aliases: Vec<String>,
    /// 区直, 街道, … as written; empty where the roster has none.
    pub kind: String,
    /// What it must hand in.
    pub expected: Vec<Expected>,
    /// 并入单位: the unit of the roster that it was merged into, by its name there.
    pub merged_into: Option<String>,
    /// 撤并年度: its forms of this year and later count to the unit it was merged into, those of earlier years to itself.
    /// `None`: all of them, where it was merged.
    pub merged_year: Option<u16>,
}

/// What a unit must hand in of one form.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    /// The form as the roster names it.
    pub form: String,
    /// Which forms count as it.
    pub kind: FormKind,
    /// 年度 of the forms that count as it; `None`: any.
    pub year: Option<u16>,
    /// 第几次 of the year, from 1; `None`: any.
    pub turn: Option<u8>,
    /// So many projects, `None` where the roster leaves it open; a form about the whole unit is one.
    pub projects: Option<u32>,
    /// Money of these projects, in 万元.
    pub amount: Option<Decimal>,
    /// 截止日期: the last day on which it is on time.
    pub deadline: Option<NaiveDate>,
}

/// A kind of form, whatever its year's layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FormKind {
    /// Stage of the cycle.
    pub stage: Stage,
    /// Whose money.
    pub subject: Subject,
}

impl FormKind {
    /// The kind that a form's name speaks of, by its words: `项目支出绩效自评表` is a self-evaluation of a project.
    /// `None` where it names no stage.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let stage = Stage::named_in(name)?;
        let subject = Subject::named_in(name).unwrap_or(Subject::Project);
        Some(Self { stage, subject })
    }

    /// The kind that is meant by the id of a schema, its title, or [words](Self::of_name).
    pub(crate) fn of_form(form: &str, schemas: &[Arc<Schema>]) -> Option<Self> {
        let same = |schema: &&Arc<Schema>| schema.id == form || squeeze(&schema.title) == squeeze(form);
        match schemas.iter().find(same) {
            Some(schema) => Some(Self { stage: schema.stage, subject: schema.subject }),
            None => Self::of_name(form),
        }
    }
}

impl Expected {
    /// Whether a form of this kind and year counts as it; a form that tells no year counts as any year's.
    #[must_use]
    pub fn is_of(&self, kind: FormKind, year: Option<u16>) -> bool {
        self.kind == kind && (self.year.is_none() || year.is_none() || self.year == year)
    }
}

impl Roster {
    /// The units in the order of the file.
    #[must_use]
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// What a person should look at and nothing stops: text numbers, amounts that look like 元, forms of overlapping years.
    #[must_use]
    pub fn hints(&self) -> &[String] {
        &self.hints
    }

    /// The unit whose name or alias this is; [`Roster::resolve`] knows more ways.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Unit> {
        self.units.get(*self.names.get(&unit_key(name))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_name_tells_its_kind_by_its_words() {
        let kind = |stage, subject| Some(FormKind { stage, subject });
        assert_eq!(FormKind::of_name("项目支出绩效自评表"), kind(Stage::SelfEvaluation, Subject::Project));
        assert_eq!(FormKind::of_name("部门整体支出绩效目标申报表"), kind(Stage::Target, Subject::Department));
        assert_eq!(FormKind::of_name("转移支付区域绩效自评表"), kind(Stage::SelfEvaluation, Subject::Transfer));
        assert_eq!(FormKind::of_name("工资表"), None);
    }
}
