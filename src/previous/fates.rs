//! What became of findings from one submission to the next: 已改, 未改, 新增, 反复.
//!
//! A finding is known again by rule and meaning of its cell, never by its row. Several of one kind are matched one by one:
//! of three blanks two filled in are two mended and one not.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use super::PastFinding;
use crate::finding::Fate;
use crate::text::squeeze;

/// What became of findings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fates {
    /// Of each finding now, in their order.
    pub now: Vec<Fate>,
    /// For each finding now, which earlier one it is.
    pub same: Vec<Option<usize>>,
    /// Earlier findings that are gone: 已改.
    pub settled: Vec<usize>,
    /// What was mended before and did not come back.
    pub still_settled: Vec<usize>,
}

/// Of rule code, field and what stood there, of each finding: compares the findings `before`, and what had been `settled`
/// even earlier, with those `now`.
#[must_use]
pub fn fates<'a>(before: &'a [PastFinding], settled: &'a [PastFinding], now: &[(&'a str, &'a str, &'a str)]) -> Fates {
    let (mut earlier, mut mended) = (Pile::of(before), Pile::of(settled));
    // One that says the same of the same value is that one, before another of its kind is taken for it.
    let mut same: Vec<Option<usize>> =
        now.iter().map(|(code, field, found)| earlier.take(code, field, Some(found))).collect();
    for (same, (code, field, _)) in same.iter_mut().zip(now) {
        if same.is_none() {
            *same = earlier.take(code, field, None);
        }
    }
    let mut told = Vec::with_capacity(now.len());
    for (same, (code, field, _)) in same.iter().zip(now) {
        told.push(match same {
            Some(_) => Fate::Unchanged,
            None if mended.take(code, field, None).is_some() => Fate::Again,
            None => Fate::New,
        });
    }
    Fates { now: told, same, settled: earlier.left(), still_settled: mended.left() }
}

/// Findings by what they are known again by, each to be taken once.
struct Pile<'a> {
    findings: &'a [PastFinding],
    by_kind: BTreeMap<(&'a str, &'a str), Vec<usize>>,
}

impl<'a> Pile<'a> {
    fn of(findings: &'a [PastFinding]) -> Self {
        let mut by_kind: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (index, finding) in findings.iter().enumerate() {
            by_kind.entry((finding.code.as_str(), finding.field.as_str())).or_default().push(index);
        }
        Self { findings, by_kind }
    }

    /// The first of this kind that is left; with `found` the first that spoke of that value.
    fn take(&mut self, code: &'a str, field: &'a str, found: Option<&str>) -> Option<usize> {
        let left = self.by_kind.get_mut(&(code, field))?;
        let speaks_of = |index: &usize, found: &str| {
            let then = self.findings.get(*index).and_then(|finding| finding.found.as_deref()).unwrap_or_default();
            then == found || squeeze(then) == squeeze(found)
        };
        let at = match found {
            Some(found) => left.iter().position(|index| speaks_of(index, found))?,
            None if left.is_empty() => return None,
            None => 0,
        };
        Some(left.remove(at))
    }

    /// The others, in their order.
    fn left(self) -> Vec<usize> {
        let mut left: Vec<usize> = self.by_kind.into_values().flatten().collect();
        left.sort_unstable();
        left
    }
}

/// How many findings met which fate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// 已改.
    pub settled: usize,
    /// 未改.
    pub unchanged: usize,
    /// Of these, so many that the bureau accepts as they are.
    pub accepted: usize,
    /// 新增.
    pub new: usize,
    /// 反复.
    pub again: usize,
}

impl Tally {
    /// The findings of the submission before: 已改 and 未改.
    #[must_use]
    pub fn before(self) -> usize {
        self.settled + self.unchanged
    }

    /// Counts a finding that is there now.
    pub fn count(&mut self, fate: Fate, accepted: bool) {
        match fate {
            Fate::Unchanged => {
                self.unchanged += 1;
                self.accepted += usize::from(accepted);
            }
            Fate::New => self.new += 1,
            Fate::Again => self.again += 1,
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, more: Self) {
        self.settled += more.settled;
        self.unchanged += more.unchanged;
        self.accepted += more.accepted;
        self.new += more.new;
        self.again += more.again;
    }
}

impl fmt::Display for Tally {
    /// `上次 12 处：已改 9，未改 3；新增 1，反复 0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let accepted = match self.accepted {
            0 => String::new(),
            accepted => format!("（其中已接受 {accepted}）"),
        };
        let (before, Self { settled, unchanged, new, again, .. }) = (self.before(), self);
        write!(f, "上次 {before} 处：已改 {settled}，未改 {unchanged}{accepted}；新增 {new}，反复 {again}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::finding::Severity;

    fn past(code: &str, field: &str, found: &str) -> PastFinding {
        PastFinding {
            code: code.to_owned(),
            severity: Severity::Warning,
            cell: None,
            field: field.to_owned(),
            found: Some(found.to_owned()),
            message: String::new(),
            fate: None,
            related: Vec::new(),
            reply: None,
            accepted: false,
        }
    }

    #[test]
    fn a_finding_is_unchanged_new_or_here_again_and_what_is_gone_is_mended() {
        let before = [past("A202", "total_score", "90"), past("W101", "indicators[清淤].target", "若干")];
        let settled = [past("C101", "goal", ""), past("C101", "unit", "")];
        let now = [("W101", "indicators[清淤].target", "一批"), ("C101", "goal", ""), ("W102", "goal", "")];
        let told = fates(&before, &settled, &now);
        assert_eq!(told.now, [Fate::Unchanged, Fate::Again, Fate::New]);
        assert_eq!((told.same, told.settled, told.still_settled), (vec![Some(1), None, None], vec![0], vec![1]));
    }

    #[test]
    fn of_several_of_one_kind_each_is_matched_once_and_with_its_own_value_first() {
        let vacant = "indicators[空行·quantity]";
        let before = [past("C104", vacant, "一"), past("C104", vacant, "二"), past("C104", vacant, "三")];
        let told = fates(&before, &[], &[("C104", vacant, "新"), ("C104", vacant, "三")]);
        assert_eq!((told.same, told.settled), (vec![Some(0), Some(2)], vec![1]));
    }

    proptest! {
        #[test]
        fn every_finding_has_one_fate_and_none_is_lost(
            before in prop::collection::vec((0..3_u8, 0..3_u8, 0..2_u8), 0..12),
            settled in prop::collection::vec((0..3_u8, 0..3_u8, 0..2_u8), 0..6),
            now in prop::collection::vec((0..3_u8, 0..3_u8, 0..2_u8), 0..12),
        ) {
            let texts = |drawn: &[(u8, u8, u8)]| -> Vec<(String, String, String)> {
                drawn.iter().map(|(c, f, v)| (format!("A10{c}"), format!("f{f}"), format!("{v}"))).collect()
            };
            let pasts = |drawn: &[(u8, u8, u8)]| -> Vec<PastFinding> {
                texts(drawn).iter().map(|(c, f, v)| past(c, f, v)).collect()
            };
            let texts = texts(&now);
            let now: Vec<(&str, &str, &str)> =
                texts.iter().map(|(c, f, v)| (c.as_str(), f.as_str(), v.as_str())).collect();
            let (before, settled) = (pasts(&before), pasts(&settled));
            let told = fates(&before, &settled, &now);
            let count = |fate: Fate| told.now.iter().filter(|told| **told == fate).count();
            prop_assert_eq!(told.now.len(), now.len());
            prop_assert_eq!(told.settled.len() + count(Fate::Unchanged), before.len());
            prop_assert_eq!(told.still_settled.len() + count(Fate::Again), settled.len());
            for (same, (code, field, _)) in told.same.iter().zip(&now) {
                let Some(same) = same else { continue };
                prop_assert_eq!((before[*same].code.as_str(), before[*same].field.as_str()), (*code, *field));
            }
            // What is mended is of a kind that has no more findings now than before.
            for index in &told.settled {
                let kind = (before[*index].code.as_str(), before[*index].field.as_str());
                let still = now.iter().filter(|(code, field, _)| (*code, *field) == kind).count();
                let then = before.iter().filter(|one| (one.code.as_str(), one.field.as_str()) == kind).count();
                prop_assert!(still < then);
            }
        }
    }
}
