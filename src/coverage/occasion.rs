//! 环节: what is counted together, forms of one kind, year and round of the year.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{DueFact, FormFact, RoundFacts};
use crate::schema::{Stage, Subject};

/// Forms of one kind, year and round of the year. Ordered as the cycle goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occasion {
    /// Stage.
    pub stage: Stage,
    /// Subject.
    pub subject: Subject,
    /// 年度; `None` where forms do not say, or of several years together.
    pub year: Option<u16>,
    /// 第几次 of the year, of monitoring; `None` where forms do not say.
    pub turn: Option<u8>,
}

impl Occasion {
    /// `2022年度项目支出绩效监控（第1次）`.
    #[must_use]
    pub fn title(&self) -> String {
        let year = self.year.map(|year| format!("{year}年度")).unwrap_or_default();
        let turn = self.turn.map(|turn| format!("（第{turn}次）")).unwrap_or_default();
        format!("{year}{}{turn}", self.kind())
    }

    /// `项目支出绩效监控`: without year and round.
    #[must_use]
    pub fn kind(&self) -> String {
        let what = match (self.stage, self.subject) {
            (Stage::ExAnte, Subject::Several) => return "专项债券项目事前绩效评估".to_owned(),
            (Stage::ExAnte, _) => return "项目事前绩效评估".to_owned(),
            (Stage::Evaluation, _) => return "财政重点绩效评价".to_owned(),
            (Stage::Assessment, _) => return "预算绩效管理考核".to_owned(),
            (_, Subject::Project) => "项目支出",
            (_, Subject::Department) => "部门整体支出",
            (_, Subject::Transfer) => "转移支付",
            (_, Subject::Unit) => "单位",
            (_, Subject::Several) => "清单",
        };
        format!("{what}{}", self.stage.title())
    }
}

/// The occasions of a round: years and rounds that forms or the roster leave open are filled in where only one is possible.
#[derive(Debug, Default)]
pub(super) struct Occasions {
    years: BTreeMap<(Stage, Subject), BTreeSet<u16>>,
    turns: BTreeMap<(Stage, Subject, Option<u16>), BTreeSet<u8>>,
    /// Kinds that the roster expects of any year: forms of all years count as them.
    any_year: BTreeSet<(Stage, Subject)>,
    any_turn: BTreeSet<(Stage, Subject, Option<u16>)>,
}

impl Occasions {
    pub(super) fn of(round: &RoundFacts) -> Self {
        let mut occasions = Self::default();
        let dues = || round.units.iter().flat_map(|unit| &unit.due);
        for (stage, subject, year) in round
            .forms
            .iter()
            .map(|form| (form.stage, form.subject, form.year))
            .chain(dues().map(|due| (due.stage, due.subject, due.year)))
        {
            occasions.years.entry((stage, subject)).or_default().extend(year);
        }
        occasions.any_year.extend(dues().filter(|due| due.year.is_none()).map(|due| (due.stage, due.subject)));
        let turned = |stage, subject, year, turn: Option<u8>| ((stage, subject, year), turn);
        let turns: Vec<_> =
            round
                .forms
                .iter()
                .map(|form| {
                    turned(form.stage, form.subject, occasions.year(form.stage, form.subject, form.year), form.turn)
                })
                .chain(dues().map(|due| {
                    turned(due.stage, due.subject, occasions.year(due.stage, due.subject, due.year), due.turn)
                }))
                .collect();
        for (key, turn) in turns {
            occasions.turns.entry(key).or_default().extend(turn);
        }
        let open: Vec<_> = dues()
            .filter(|due| due.turn.is_none() && due.stage == Stage::Monitoring)
            .map(|due| (due.stage, due.subject, occasions.year(due.stage, due.subject, due.year)))
            .collect();
        occasions.any_turn.extend(open);
        occasions
    }

    pub(super) fn of_form(&self, form: &FormFact) -> Occasion {
        self.occasion(form.stage, form.subject, form.year, form.turn)
    }

    pub(super) fn of_due(&self, due: &DueFact) -> Occasion {
        self.occasion(due.stage, due.subject, due.year, due.turn)
    }

    fn occasion(&self, stage: Stage, subject: Subject, year: Option<u16>, turn: Option<u8>) -> Occasion {
        let year = self.year(stage, subject, year);
        let key = (stage, subject, year);
        let turn = settled(turn, self.turns.get(&key), self.any_turn.contains(&key));
        Occasion { stage, subject, year, turn }
    }

    fn year(&self, stage: Stage, subject: Subject, year: Option<u16>) -> Option<u16> {
        settled(year, self.years.get(&(stage, subject)), self.any_year.contains(&(stage, subject)))
    }
}

/// What is said, or the only one that anything says. Where several are said and the roster does not tell them apart, they
/// are counted together.
fn settled<T: Copy + Ord>(said: Option<T>, all: Option<&BTreeSet<T>>, together: bool) -> Option<T> {
    let only = all.filter(|all| all.len() == 1).and_then(BTreeSet::first).copied();
    match only {
        Some(only) => Some(only),
        None if together => None,
        None => said,
    }
}
