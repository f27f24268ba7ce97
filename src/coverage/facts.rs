//! What the statistics know of a round: whatever is counted, and nothing else.
//!
//! Facts of several rounds and places are merged as a union, so that any grouping gives the same. They stand in 结果.json
//! and are read back from there; a statistic never looks at a workbook again.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::finding::Severity;
use crate::policy::Band;
use crate::previous::Tally;
use crate::review::PartOf;
use crate::schema::{Stage, Subject};

/// What a number of a fact is at most (10^18): a cell holds at most 10^14, in 亿元 that is so many 万元. Sums of millions of
/// them are numbers still.
pub(super) const LARGEST: Decimal = Decimal::from_parts(2_808_348_672, 232_830_643, 0, false, 0);

/// One or more rounds, ordered by place and name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Facts {
    /// The rounds.
    pub rounds: Vec<RoundFacts>,
}

/// A round of one place, or a part of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RoundFacts {
    /// The place: 澄岚区. Empty where jixiao.toml does not say. Units of two places are never the same.
    pub region: String,
    /// The round's name: 2022年度第二次监控. Empty where jixiao.toml does not say.
    pub name: String,
    /// The day it was reviewed, by which rounds of one place follow each other.
    pub day: Option<NaiveDate>,
    /// Id of the policy.
    pub policy: String,
    /// Its name for people.
    pub policy_title: String,
    /// Whether a roster said what was expected.
    pub against_roster: bool,
    /// Which part of the round this is; `None` for a whole one. Parts are put together before anything is counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<PartOf>,
    /// The units of the roster, in its order.
    pub units: Vec<UnitFact>,
    /// The projects of the ledger, in its order.
    pub projects: Vec<ProjectFact>,
    /// The judged forms, by source, in the order of the workbook.
    pub forms: Vec<FormFact>,
    /// Files that were not judged, by source.
    pub unjudged: Vec<UnjudgedFact>,
}

/// A unit of the roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitFact {
    /// 主管部门.
    pub department: String,
    /// 单位.
    pub name: String,
    /// What its forms are counted by.
    pub key: String,
    /// 单位编码; empty where the roster has none.
    pub code: String,
    /// 区直, 街道, …; empty where the roster has none.
    pub kind: String,
    /// What it must hand in.
    pub due: Vec<DueFact>,
    /// A file that was not judged and by its name is likely this unit's.
    pub hint: Option<String>,
}

/// What a unit must hand in of one form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueFact {
    /// The form as the roster names it.
    pub form: String,
    /// Stage of the forms that count as it.
    pub stage: Stage,
    /// Subject of the forms that count as it.
    pub subject: Subject,
    /// 年度; `None`: any.
    pub year: Option<u16>,
    /// 第几次 of the year, from 1; `None`: any.
    pub turn: Option<u8>,
    /// So many projects; `None` where the roster leaves it open.
    pub projects: Option<u32>,
    /// Money of these projects, in 万元.
    pub amount: Option<Decimal>,
    /// The last day on which it is on time.
    pub deadline: Option<NaiveDate>,
}

/// A project of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectFact {
    /// What its forms are counted by.
    pub key: String,
    /// 项目名称.
    pub name: String,
    /// Key of its unit.
    pub unit_key: String,
    /// 年度; `None`: any.
    pub year: Option<u16>,
    /// 万元.
    pub amount: Option<Decimal>,
    /// Whether it is paid from 专项债券.
    pub bond: bool,
}

/// A judged form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormFact {
    /// The file, as [`crate::review::Submission::source`].
    pub source: String,
    /// The sheet.
    pub sheet: String,
    /// The range of the form on it, as `A1:I32`.
    pub range: String,
    /// Id of the schema.
    pub schema: String,
    /// The schema's title.
    pub title: String,
    /// Stage.
    pub stage: Stage,
    /// Subject.
    pub subject: Subject,
    /// 年度 as the form says; `None` where it says none.
    pub year: Option<u16>,
    /// The last month of a monitoring, 1 to 12.
    pub month: Option<u8>,
    /// 第几次 of the year, from the month of a monitoring form.
    pub turn: Option<u8>,
    /// 主管部门, of the roster or as the form says.
    pub department: String,
    /// The unit of the roster, else as written; empty where the form names none.
    pub unit: String,
    /// What it is counted by; empty where the form names none.
    pub unit_key: String,
    /// Whether the roster has it; `None` without one.
    pub unit_known: Option<bool>,
    /// The unit of the roster it perhaps is.
    pub unit_suggestion: Option<String>,
    /// What it speaks of: one project, the unit as a whole, or the lines of a list.
    pub items: Vec<Item>,
    /// 自评得分, as the unit scored itself.
    pub own_score: Option<Decimal>,
    /// Points of the quality grade.
    pub score: Decimal,
    /// The quality grade.
    pub band: Band,
    /// Whether the grade is enough to go on; the others are returned to be mended.
    pub passed: bool,
    /// Findings by rule.
    pub faults: Vec<FaultFact>,
    /// Findings that the bureau accepts.
    pub accepted: usize,
    /// Indicators whose target is a number.
    pub quantitative: usize,
    /// The other indicators.
    pub qualitative: usize,
    /// Mean distance of the attainment of quantitative indicators from their targets (指标偏离度), as a fraction.
    pub deviation: Option<Decimal>,
    /// 监控亮灯.
    pub light: Option<LightFact>,
    /// Whether the full score is doubtful (满分疑似不实): the rules that say so spoke.
    pub suspect: bool,
    /// The day it was received.
    pub received: Option<NaiveDate>,
    /// What the submission before says; `None` where there is none.
    pub earlier: Option<EarlierFact>,
}

/// A project, a unit as a whole, or a line of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Item {
    /// What it is counted by: the project's code, else unit and name; for a unit as a whole its key.
    pub key: String,
    /// 项目名称, or the unit.
    pub name: String,
    /// Where its money stands on the sheet, else its name, as `E7`; empty where neither is there.
    pub cell: String,
    /// Whether the ledger has it; `None` without one, and for what is no project.
    pub known: Option<bool>,
    /// The project of the ledger it perhaps is.
    pub suggestion: Option<String>,
    /// 评价类别 and other kinds that a list tells, as their schema's choice ids: department, funds, monitoring; bond.
    pub category: String,
    /// 预算数 in 万元: the adjusted budget, else the one of the year's beginning.
    pub budget: Option<Decimal>,
    /// 执行数 in 万元.
    pub executed: Option<Decimal>,
    /// 预算数 in 万元 by line of the money block: fiscal, carryover, other, …
    pub sources: BTreeMap<String, Decimal>,
    /// Whether the evaluation is done (完成情况); `None` where the line does not say.
    pub done: Option<bool>,
    /// Whether its result is published (是否公开); `None` where the line does not say.
    pub published: Option<bool>,
}

/// A rule's findings in a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultFact {
    /// The rule's code.
    pub code: String,
    /// The worst it was found with.
    pub severity: Severity,
    /// How often, accepted ones left out.
    pub count: usize,
    /// The cell of the first; empty for the form as a whole.
    pub cell: String,
    /// What was said of the first.
    pub message: String,
}

/// The light of a monitoring form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LightFact {
    /// 红灯.
    Red,
    /// 黄灯.
    Yellow,
    /// 绿灯, 蓝灯 included.
    Green,
}

/// What the submission before says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierFact {
    /// Whether its grade was enough; `None` where the earlier result does not tell the grade.
    pub passed: Option<bool>,
    /// What became of its findings.
    pub fates: Tally,
}

/// A file that was not judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnjudgedFact {
    /// The file.
    pub source: String,
    /// 未识别, 无法读取 or 未审.
    pub kind: String,
    /// Why.
    pub reason: String,
}
