//! What the unit adopted on the sheet 审核意见, written in memory: only what is ticked 是, only where the cell still holds
//! what the list tells, one after the other, each judged on what those before it left.

use std::collections::BTreeMap;

use super::answers::{Answer, answers};
use super::corrections::{Corrections, Origin, recalculate, write};
use super::{CheckedForm, Engine};
use crate::finding::{Finding, FixEdit, told};
use crate::ooxml::sheet::lock;
use crate::text::{excerpt, squeeze};
use crate::workbook::{Sheet, Workbook};

/// What became of a line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Adoption {
    /// Written; the cells with what stood there.
    Written(Vec<FixEdit>),
    /// 是, and the fault is gone already: the unit mended it, or another correction did.
    Mended,
    /// 是, but another value stands there than the list tells, or the fault is no longer at that place.
    Changed,
    /// 是, but the tool has no correction to write: the unit must mend it itself.
    Nothing,
    /// 是, but the cell cannot be written; in plain Chinese why.
    Locked(String),
    /// 否.
    Declined,
    /// Nothing is chosen.
    Open,
    /// Neither 是 nor 否 can be read in what is written.
    Unclear(String),
}

/// A line of the list with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What the unit answered, and to what.
    pub answer: Answer,
    /// What became of it.
    pub adoption: Adoption,
}

impl Adoption {
    /// In plain Chinese, for a list.
    #[must_use]
    pub fn title(&self) -> String {
        match self {
            Self::Written(edits) => {
                let line =
                    |edit: &FixEdit| format!("{} {} → {}", edit.cell, shown(&edit.was), told(&edit.was, &edit.value));
                format!("已写入：{}", edits.iter().map(line).collect::<Vec<_>>().join("，"))
            }
            Self::Mended => "没有写入：这个问题已经没有了".to_owned(),
            Self::Changed => "没有写入：位置或格里的内容与审核意见所列的不同，后来改过。请重新审核后再采纳".to_owned(),
            Self::Nothing => "没有写入：这个问题没有可以直接写入的内容，请单位自行改正".to_owned(),
            Self::Locked(why) => format!("没有写入：{why}"),
            Self::Declined => "没有写入：单位选了“否”".to_owned(),
            Self::Open => "没有写入：没有选“是”或“否”".to_owned(),
            Self::Unclear(choice) => {
                format!("没有写入：“采纳”写的是“{}”，看不出是还是否。请选“是”或“否”", excerpt(choice, 30))
            }
        }
    }

    /// Whether something that was ticked 是, or may have been meant so, still needs a hand.
    #[must_use]
    pub fn is_left(&self) -> bool {
        matches!(self, Self::Changed | Self::Nothing | Self::Locked(_) | Self::Unclear(_))
    }
}

fn shown(was: &str) -> &str {
    if was.trim().is_empty() { "（空）" } else { was.trim() }
}

/// A sheet as far as it is corrected.
struct State {
    sheet: Sheet,
    findings: Vec<Finding>,
}

impl Engine {
    /// What the unit adopted in a workbook that came back: the corrections, and what became of every line of its list,
    /// in the order of the list; none where it has no list.
    #[must_use]
    pub fn adopt(&self, workbook: &Workbook, forms: &[CheckedForm]) -> (Corrections, Vec<Told>) {
        let mut corrections = Corrections { origin: Origin::Adopted, ..Corrections::default() };
        let mut states: BTreeMap<String, State> = BTreeMap::new();
        let mut told = Vec::new();
        let list = answers(&workbook.sheets);
        for answer in &list {
            let adoption = match answer.adopted {
                None if answer.choice.is_empty() => Adoption::Open,
                None => Adoption::Unclear(answer.choice.clone()),
                Some(false) => Adoption::Declined,
                Some(true) => self.write_one(workbook, forms, (answer, &list), &mut states, &mut corrections),
            };
            told.push(Told { answer: answer.clone(), adoption });
        }
        for (name, state) in &states {
            let Some(before) = workbook.sheet(name) else { continue };
            let results = super::mend::recalculated(before, &state.sheet);
            corrections.results.extend(results.into_iter().map(|(at, number)| ((name.clone(), at), number)));
        }
        if !corrections.is_empty() {
            corrections.after = self.grades_after(workbook, forms, &corrections);
        }
        (corrections, told)
    }

    fn write_one(
        &self,
        workbook: &Workbook,
        forms: &[CheckedForm],
        (answer, list): (&Answer, &[Answer]),
        states: &mut BTreeMap<String, State>,
        corrections: &mut Corrections,
    ) -> Adoption {
        // A fault of the rule at a place that is not listed may be this one, moved with its row or the name of its sheet.
        let is_moved = |finding: &Finding| {
            let is_listed =
                |one: &Answer| (&one.code[..], &one.sheet, one.cell) == (finding.code, &finding.sheet, finding.cell);
            finding.code == answer.code && !list.iter().any(is_listed)
        };
        let lost = || match forms.iter().flat_map(|form| &form.findings).any(is_moved) {
            true => Adoption::Changed,
            false => Adoption::Mended,
        };
        let Some(before) = workbook.sheet(&answer.sheet) else { return lost() };
        let is_it = |finding: &&Finding| {
            finding.code == answer.code && finding.sheet == answer.sheet && finding.cell == answer.cell
        };
        let here = || forms.iter().flat_map(|form| &form.findings).filter(is_it);
        let still =
            |finding: &&Finding| squeeze(finding.found.as_deref().unwrap_or_default()) == squeeze(&answer.found);
        let Some(first) = here().next() else { return lost() };
        let Some(listed) = here().find(still) else { return Adoption::Changed };
        if first.fix.is_none() && listed.fix.is_none() {
            return Adoption::Nothing;
        }
        let state = states.entry(answer.sheet.clone()).or_insert_with(|| self.state_of(before.clone()));
        // What was adopted before may have changed what is to be written, or mended it too.
        let Some(finding) = state.findings.iter().find(is_it).cloned() else { return Adoption::Mended };
        let Some(fix) = &finding.fix else { return Adoption::Nothing };
        if let Some(why) = fix.edits.iter().find_map(|edit| locked(workbook, before, edit)) {
            return Adoption::Locked(why);
        }
        let mut sheet = state.sheet.clone();
        for edit in &fix.edits {
            write(&mut sheet, edit.cell, &edit.value);
        }
        recalculate(before, &mut sheet);
        *state = self.state_of(sheet);
        let edits: Vec<(FixEdit, &'static str)> = fix.edits.iter().map(|edit| (edit.clone(), finding.code)).collect();
        corrections.note(before, &finding, &edits);
        Adoption::Written(fix.edits.clone())
    }

    fn state_of(&self, sheet: Sheet) -> State {
        let findings = self.judge_sheet(&sheet).into_iter().flat_map(|form| form.findings).collect();
        State { sheet, findings }
    }
}

/// Why a formula at the place of an edit cannot be dropped without harm to other cells.
fn locked(workbook: &Workbook, sheet: &Sheet, edit: &FixEdit) -> Option<String> {
    sheet.stored(edit.cell)?.formula.as_ref()?;
    let package = workbook.package.as_deref()?;
    let part = package.part(workbook.part_of(sheet.name())?).ok()??;
    let why = lock(&part, edit.cell).ok()??;
    Some(format!("{} {why}，请单位自行改正", edit.cell))
}
