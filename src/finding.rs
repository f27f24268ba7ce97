//! A fault of a form, said so that the person who must mend it can.

use std::fmt;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::address::{CellRef, Location};
use crate::text::{excerpt, fold, squeeze};
use crate::value::Value;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// 提示: worth knowing, nothing must be done.
    Info,
    /// 一般: should be mended.
    Warning,
    /// 严重: must be mended before the form is accepted.
    Error,
}

impl Severity {
    /// All three, in the order of reports.
    pub const WORST_FIRST: [Self; 3] = [Self::Error, Self::Warning, Self::Info];

    /// 严重, 一般 or 提示.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Error => "严重",
            Self::Warning => "一般",
            Self::Info => "提示",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title())
    }
}

/// The side of quality a rule judges: the four of the 88号 review sheet (财预〔2015〕88号 审核表), and one for
/// arithmetic and format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Dimension {
    /// 完整性: nothing missing, every indicator named and valued.
    Completeness,
    /// 相关性: goal, indicators and classes belong together.
    Relevance,
    /// 适当性: targets fit money and effort, neither too high nor too low.
    Adequacy,
    /// 可行性: measurable and checkable.
    Feasibility,
    /// 规范与勾稽: sums, rates, scores and format.
    Consistency,
}

impl Dimension {
    /// All five, in the order of the rubric.
    pub const ALL: [Self; 5] =
        [Self::Completeness, Self::Relevance, Self::Adequacy, Self::Feasibility, Self::Consistency];

    /// The field's word for it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Completeness => "完整性",
            Self::Relevance => "相关性",
            Self::Adequacy => "适当性",
            Self::Feasibility => "可行性",
            Self::Consistency => "规范与勾稽",
        }
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title())
    }
}

/// One fault at one place. Made by the rule table from what a rule says (where, what) and what the table and the
/// policy say (which rule, how bad).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule's code, such as `A101`.
    pub code: &'static str,
    /// The rule's name, such as `weight-sum-mismatch`.
    pub name: &'static str,
    /// How bad, after the policy's overrides.
    pub severity: Severity,
    /// The side of quality it counts against.
    pub dimension: Dimension,
    /// The cell to mend; the sheet alone decides where a form-level finding stands, then `cell` is `None`.
    pub sheet: String,
    /// The cell at fault, `None` where something is missing from the form as a whole.
    pub cell: Option<CellRef>,
    /// What the cell means in its form, whatever row it stands in: `goal`, `funding[total].budget`,
    /// `indicators[培训人数].target`. Of a finding without a cell what it asks for; empty where neither is known.
    pub field: String,
    /// Other cells of the same sheet that take part, in reading order.
    pub related: Vec<CellRef>,
    /// Places in other forms that take part, in the order of the round.
    pub elsewhere: Vec<Elsewhere>,
    /// What stands there, as written.
    pub found: Option<String>,
    /// What should stand there.
    pub expected: Option<String>,
    /// `found − expected`, where both are numbers.
    pub difference: Option<String>,
    /// What is wrong: where, found, expected; arithmetic with the cells substituted. Plain official Chinese.
    pub message: String,
    /// One imperative sentence: what to do.
    pub advice: String,
    /// Document and clause the rule rests on.
    pub authority: &'static str,
    /// The correction, where one can be written.
    pub fix: Option<Fix>,
    /// What became of it since the round before; `None` where there is none to compare with.
    pub fate: Option<Fate>,
    /// What the unit answered to it; `None` where it answered nothing.
    pub reply: Option<Reply>,
    /// What the bureau decided on the unit's explanation; `None` where its register says nothing of it.
    pub ruling: Option<Ruling>,
}

/// A place in another form, shown beside the finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Elsewhere {
    /// The file, as [`crate::finding::Finding`]s of a round name it.
    pub source: String,
    /// The sheet.
    pub sheet: String,
    /// The cell; `None` for the form as a whole.
    pub cell: Option<CellRef>,
    /// What stands there, for a reader who has not got that file at hand.
    pub text: String,
}

/// What is said of a finding that is gone: it was mended.
pub const SETTLED: &str = "已改";

/// What became of a finding since the round before. What was mended is no finding any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// 未改: told before, and still so.
    Unchanged,
    /// 新增: not told before.
    New,
    /// 反复: told and mended in an earlier round, and here again.
    Again,
}

impl Fate {
    /// 未改, 新增 or 反复.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Unchanged => "未改",
            Self::New => "新增",
            Self::Again => "反复",
        }
    }
}

/// The unit's answer to a finding, on the sheet 审核意见 that came back with its workbook.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reply {
    /// 采纳: whether the unit wants the correction; `None` where it chose neither 是 nor 否.
    #[serde(default)]
    pub adopted: Option<bool>,
    /// 出错说明 as written, on one line; empty where there is none.
    #[serde(default)]
    pub statement: String,
    /// What stood in the cell when the unit answered.
    #[serde(default)]
    pub found: String,
}

impl Reply {
    /// In words: `系统自动计算（不采纳）`; empty for no answer.
    #[must_use]
    pub fn said(&self) -> String {
        let adopted = match self.adopted {
            Some(true) => "采纳",
            Some(false) => "不采纳",
            None => "",
        };
        match (self.statement.as_str(), adopted) {
            ("", adopted) => adopted.to_owned(),
            (statement, "") => statement.to_owned(),
            (statement, adopted) => format!("{statement}（{adopted}）"),
        }
    }
}

/// What the bureau decided on a unit's explanation, out of its register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// 接受 or 不接受.
    pub accepted: bool,
    /// 处理人.
    pub by: String,
    /// 有效期: the last day it holds; `None` without end.
    pub until: Option<NaiveDate>,
    /// 备注, on one line; empty where there is none.
    pub remark: String,
    /// Why it does not hold for this finding; `None` where it does.
    pub lapse: Option<Lapse>,
}

/// Why a decision does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lapse {
    /// Its last day has passed.
    Expired,
    /// It was made on this value, and now another stands there.
    Changed(String),
}

impl Ruling {
    /// Whether the finding need not be mended.
    #[must_use]
    pub fn excuses(&self) -> bool {
        self.accepted && self.lapse.is_none()
    }

    /// In words: `已接受（张某，至 2026-12-31）`.
    #[must_use]
    pub fn said(&self) -> String {
        let verdict = if self.accepted { "已接受" } else { "不接受" };
        let until = self.until.map(|until| format!("至 {until}"));
        let by = Some(self.by.as_str()).filter(|by| !by.is_empty());
        let signed: Vec<&str> = by.into_iter().chain(until.as_deref()).collect();
        let signed = if signed.is_empty() { String::new() } else { format!("（{}）", signed.join("，")) };
        let remark = if self.remark.is_empty() { String::new() } else { format!("：{}", self.remark) };
        match &self.lapse {
            None => format!("{verdict}{signed}{remark}"),
            Some(Lapse::Expired) => format!("原{verdict}{signed}，已过有效期，不再适用"),
            Some(Lapse::Changed(then)) => format!("原{verdict}{signed}，当时填的是“{then}”，现在不同，不再适用"),
        }
    }
}

/// What stands before the name of a switch in an authority.
const LOCAL: &str = "本地口径";

impl Finding {
    /// Whether the bureau accepts it as it is: it stays in sight, costs nothing and need not be mended.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.ruling.as_ref().is_some_and(Ruling::excuses)
    }

    /// Whether this is what stood in the cell, give or take spaces.
    #[must_use]
    pub fn is_about(&self, value: &str) -> bool {
        squeeze(self.found.as_deref().unwrap_or_default()) == squeeze(value)
    }

    /// What the unit answered, as long as the value is the one it spoke of.
    #[must_use]
    pub fn standing_reply(&self) -> Option<&Reply> {
        self.reply.as_ref().filter(|reply| self.is_about(&reply.found))
    }

    /// What the unit answered, in words, and of which value, where it was another one; `None` for no answer.
    #[must_use]
    pub fn reply_said(&self) -> Option<String> {
        let reply = self.reply.as_ref()?;
        let said = reply.said();
        Some(match self.is_about(&reply.found) {
            true => said,
            false if reply.found.is_empty() => format!("{said}（说明时这里是空的）"),
            false => format!("{said}（说明时填的是“{}”）", reply.found),
        })
    }

    /// The authority as a unit reads it: without the names of switches, which are for the bureau.
    #[must_use]
    pub fn basis(&self) -> String {
        let mut parts = self.authority.split(LOCAL);
        let first = parts.next().unwrap_or_default().to_owned();
        let bare =
            |part: &str| part.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || " ._".contains(c)).to_owned();
        parts.fold(first, |said, part| format!("{said}{LOCAL}{}", bare(part)))
    }

    /// Where it stands, for a reader who jumps there; `None` for a form-level finding.
    #[must_use]
    pub fn location(&self) -> Option<Location> {
        self.cell.map(|at| Location { sheet: self.sheet.clone(), range: at.into() })
    }
}

/// Whether a correction may be written without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// Changes no meaning: spaces, full-width digits, text numbers, a pure sum. Never drops a formula.
    Safe,
    /// Changes a figure, a target or wording, or drops a formula: the unit decides.
    Unsafe,
}

/// A correction of cells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// What is written, the cell at fault first.
    pub edits: Vec<FixEdit>,
    /// Whether it may be written without asking.
    pub safety: Safety,
    /// Cells whose content the correction takes at its word. While one of them is itself in doubt, so is the correction.
    pub rests_on: Vec<CellRef>,
}

/// New content for a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FixEdit {
    /// The cell; of a merged region its top-left one.
    pub cell: CellRef,
    /// What a person sees there before.
    pub was: String,
    /// What is to stand there: a number is written as one.
    pub value: Value,
}

impl Fix {
    /// In words, for a reader who decides: `H7 改为 8.62，D9 改为“≤40万元”`.
    #[must_use]
    pub fn said(&self) -> String {
        const SHOWN: usize = 6;
        let shown: Vec<String> = self.edits.iter().take(SHOWN).map(FixEdit::said).collect();
        let more = self.edits.len().saturating_sub(SHOWN);
        let rest = if more > 0 { format!("，另有 {more} 格同样改") } else { String::new() };
        format!("{}{rest}", shown.join("，"))
    }
}

impl FixEdit {
    fn said(&self) -> String {
        let verb = if fold(&self.was).is_empty() { "填" } else { "改为" };
        format!("{} {verb} {}", self.cell, told(&self.was, &self.value))
    }
}

/// New content as a reader knows it again: a number bare, in hundredths where the cell shows a percentage, words quoted.
#[must_use]
pub fn told(was: &str, value: &Value) -> String {
    match value {
        Value::Number(number) if was.contains('%') => format!("{}%", (number * Decimal::ONE_HUNDRED).normalize()),
        Value::Number(number) => number.normalize().to_string(),
        other => format!("“{}”", excerpt(&other.to_string(), 60)),
    }
}

#[cfg(test)]
impl Finding {
    /// A finding that says nothing, for tests to say what they are about.
    pub(crate) fn sample(code: &'static str) -> Self {
        Self {
            code,
            name: "sample",
            severity: Severity::Error,
            dimension: Dimension::Consistency,
            sheet: "表".to_owned(),
            cell: None,
            field: String::new(),
            related: Vec::new(),
            elsewhere: Vec::new(),
            found: None,
            expected: None,
            difference: None,
            message: String::new(),
            advice: String::new(),
            authority: "",
            fix: None,
            fate: None,
            reply: None,
            ruling: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_reads_no_names_of_switches() {
        let said = |authority| Finding { authority, ..Finding::sample("A103") }.basis();
        assert_eq!(said("财预〔2020〕10号；本地口径 execution.score"), "财预〔2020〕10号；本地口径");
        assert_eq!(said("本地口径 weights（产出50分）"), "本地口径（产出50分）");
        assert_eq!(said("实务"), "实务");
    }
}
