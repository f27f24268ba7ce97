//! One file through the floors: bytes → workbook → forms → findings → grades.

use std::sync::Arc;

use super::cache::{Cache, Recalled, Store};
use super::{CheckedForm, Outcome, REVIEW_SHEET, SkippedSheet, Submission, answers};
use crate::address::CellRef;
use crate::digest::sha256;
use crate::error::{Error, ErrorKind};
use crate::finding::{Fix, FixEdit, Safety};
use crate::form::{Evidence, Form, Nearest, Reader};
use crate::grade::grade;
use crate::ooxml::Limits;
use crate::policy::Policy;
use crate::roster::Identity;
use crate::rules::check_form;
use crate::schema::{Catalog, Schema};
use crate::template::{LEFT_SHEET, is_companion};
use crate::workbook::{Sheet, Visibility, Workbook};

/// Signs against a schema that a reason names at most.
const SIGNS: usize = 3;

/// What files are judged by; made once for a run.
pub struct Engine {
    /// The bureau's switches.
    policy: Policy,
    /// What a file may cost.
    limits: Limits,
    reader: Reader,
    cache: Option<Cache>,
}

impl Engine {
    /// An engine for the schemas of a catalog and the switches of a policy.
    #[must_use]
    pub fn new(catalog: &Catalog, policy: Policy, limits: Limits) -> Self {
        let reader = Reader::new(catalog, &policy.words.empty_marks);
        Self { policy, limits, reader, cache: None }
    }

    /// The same, which in a run recalls the judgements that are in a store and keeps there those it makes. `program` is the
    /// digest of the program that runs: judgements of another one are not recalled.
    #[must_use]
    pub fn with_store(mut self, store: Store, program: &str) -> Self {
        let schemas: Vec<&Arc<Schema>> = self.reader.schemas().collect();
        // All of their fields, those to come included.
        let [policy, limits] = [format!("{:?}", self.policy), format!("{:?}", self.limits)];
        self.cache = Some(Cache::new(store, &[program, &format!("{schemas:?}"), &policy, &limits]));
        self
    }

    /// What came of the store so far; `None` without one.
    #[must_use]
    pub fn recalled(&self) -> Option<Recalled> {
        self.cache.as_ref().map(Cache::recalled)
    }

    /// The schema of this id.
    pub(super) fn schema(&self, id: &str) -> Option<&Arc<Schema>> {
        self.reader.schemas().find(|schema| schema.id == id)
    }

    /// The policy it judges by.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// What a file may cost.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Judges a file by itself; with the workbook, where one could be read. Whom its forms speak of, and what only the
    /// whole round shows, comes when all files are in.
    #[must_use]
    pub fn judge(&self, source: &str, bytes: Arc<[u8]>) -> (Submission, Option<Workbook>) {
        let sha256 = sha256(&bytes);
        self.judge_file(source, bytes, sha256)
    }

    /// The same, or out of the store as it was judged before; then the workbook is there only where it is `wanted`.
    pub(super) fn judge_or_recall(
        &self,
        source: &str,
        bytes: Arc<[u8]>,
        wanted: bool,
    ) -> Result<(Submission, Option<Workbook>), ErrorKind> {
        let Some(cache) = &self.cache else { return Ok(self.judge(source, bytes)) };
        let sha256 = sha256(&bytes);
        if let Some(submission) = cache.recall(self, source, &sha256) {
            let workbook = if wanted { Some(self.open(bytes)?) } else { None };
            return Ok((submission, workbook));
        }
        let (submission, workbook) = self.judge_file(source, bytes, sha256);
        cache.keep(&submission);
        Ok((submission, workbook))
    }

    fn judge_file(&self, source: &str, bytes: Arc<[u8]>, sha256: String) -> (Submission, Option<Workbook>) {
        let workbook = match self.open(bytes) {
            Ok(workbook) => workbook,
            Err(kind) => return (Submission { sha256, ..unreadable(source, kind) }, None),
        };
        let mut forms = Vec::new();
        let mut skipped = Vec::new();
        let mut nearest: Option<Nearest> = None;
        let mut notes = workbook.warnings.clone();
        let mut room = self.limits.boxes;
        for sheet in &workbook.sheets {
            if let Some(reason) = unseen(sheet) {
                skipped.push(SkippedSheet { sheet: sheet.name().to_owned(), reason, nearest: None });
                continue;
            }
            let reading = self.reader.read_within(sheet, room);
            room = room.saturating_sub(reading.boxes);
            notes.extend(reading.beyond.map(|at| far_away(sheet.name(), at)));
            if reading.forms.is_empty() {
                skipped.push(no_form(sheet, reading.nearest.as_ref()));
                nearest = nearer(nearest, reading.nearest);
            }
            forms.extend(reading.forms.into_iter().map(|form| self.check(form, sheet)));
        }
        let outcome = if forms.is_empty() {
            let reason = if is_picture(&workbook) { PICTURE.to_owned() } else { why_unrecognised(nearest.as_ref()) };
            Outcome::Unrecognised { reason, skipped }
        } else {
            Outcome::Checked { forms, skipped }
        };
        let container = workbook.container.name();
        let answers = answers(&workbook.sheets);
        (Submission { source: source.to_owned(), sha256, container, outcome, notes, answers }, Some(workbook))
    }

    /// The workbook of a file that was judged before.
    pub(super) fn open(&self, bytes: Arc<[u8]>) -> Result<Workbook, ErrorKind> {
        Workbook::open(bytes, &self.limits)
    }

    /// The forms of a workbook that was judged before and corrected in memory.
    #[must_use]
    pub fn judge_again(&self, workbook: &Workbook) -> Vec<CheckedForm> {
        let seen = workbook.sheets.iter().filter(|sheet| unseen(sheet).is_none());
        seen.flat_map(|sheet| self.judge_sheet(sheet)).collect()
    }

    /// The forms of a sheet, judged by themselves; none where the sheet is no form.
    pub(super) fn judge_sheet(&self, sheet: &Sheet) -> Vec<CheckedForm> {
        self.reader
            .read_within(sheet, self.limits.boxes)
            .forms
            .into_iter()
            .map(|form| self.check(form, sheet))
            .collect()
    }

    fn check(&self, form: Form, sheet: &Sheet) -> CheckedForm {
        let (mut findings, rules) = check_form(&form, &self.policy);
        for finding in &mut findings {
            finding.fix = finding.fix.take().and_then(|fix| fitting(fix, sheet));
        }
        let grade = grade(&findings, &self.policy.rubric);
        CheckedForm { form, identity: Identity::default(), findings, rules, grade, earlier: None }
    }
}

/// The correction as far as it speaks of whole cells: of `单位：万元` in one cell a rule sees the value alone, and to
/// write that would lose the label. What is one thing is written whole or not at all.
fn fitting(fix: Fix, sheet: &Sheet) -> Option<Fix> {
    let is_whole = |edit: &FixEdit| sheet.shown(edit.cell) == edit.was && sheet.anchor(edit.cell) == edit.cell;
    let Fix { mut edits, safety, rests_on } = fix;
    let all = edits.len();
    edits.retain(is_whole);
    let fits = !edits.is_empty() && (safety == Safety::Safe || edits.len() == all);
    fits.then_some(Fix { edits, safety, rests_on })
}

/// A submission that could not be read.
pub(super) fn unreadable(source: &str, kind: ErrorKind) -> Submission {
    let outcome = Outcome::Unreadable(Error::new(source, kind));
    let (sha256, container) = (String::new(), "");
    Submission { source: source.to_owned(), sha256, container, outcome, notes: Vec::new(), answers: Vec::new() }
}

/// Why nobody needs to look at a sheet; `None` for one that is shown and holds something.
fn unseen(sheet: &Sheet) -> Option<String> {
    match sheet.visibility() {
        Visibility::Hidden => Some("隐藏的工作表，未评审。如应报送，请取消隐藏".to_owned()),
        Visibility::VeryHidden => Some("深度隐藏的工作表，未评审".to_owned()),
        Visibility::Visible if sheet.cells().all(|(_, cell)| cell.is_blank()) => Some("空白工作表".to_owned()),
        // The instructions are long: to look for forms in them would take longer than to judge the form.
        Visibility::Visible if is_companion(sheet) => Some("下发的表自带，不用评审".to_owned()),
        Visibility::Visible if sheet.name().starts_with(REVIEW_SHEET) => {
            Some("退回时附的审核意见，不用评审".to_owned())
        }
        Visibility::Visible
            if sheet.name().starts_with(LEFT_SHEET) && sheet.shown(CellRef::new(0, 0)) == LEFT_SHEET =>
        {
            Some("退回时附的清单，不用评审".to_owned())
        }
        Visibility::Visible => None,
    }
}

/// What is said of a sheet that was not looked through to its end.
fn far_away(sheet: &str, at: CellRef) -> String {
    format!("工作表“{sheet}”的 {at} 离表太远，或者表太大，从这里起没有看。请删去多余的行、列")
}

fn no_form(sheet: &Sheet, nearest: Option<&Nearest>) -> SkippedSheet {
    let reason = match nearest {
        Some(near) => format!("不是已知表单，最接近“{}”{}", near.title, against(&near.evidence)),
        None => "不像任何一种已知的表".to_owned(),
    };
    let nearest = nearest.map(|near| (near.schema.clone(), near.evidence.clone()));
    SkippedSheet { sheet: sheet.name().to_owned(), reason, nearest }
}

fn nearer(one: Option<Nearest>, other: Option<Nearest>) -> Option<Nearest> {
    match (one, other) {
        (Some(one), Some(other)) if other.confidence <= one.confidence => Some(one),
        (one, other) => other.or(one),
    }
}

/// What is said of a workbook that holds pictures and no form.
const PICTURE: &str = "工作簿里只有图片（表的照片、扫描件或截图），没有可以读取的单元格。请把内容填到下发的空白模板里，\
                       报送可编辑的 Excel 文件，不要报送图片";
/// Cells that may stand beside the picture of a form: a heading, a remark.
const BESIDE_PICTURE: usize = 12;

/// Whether a workbook without a form has pictures and next to no cells.
fn is_picture(workbook: &Workbook) -> bool {
    let cells = workbook.sheets.iter().flat_map(Sheet::cells).filter(|(_, cell)| !cell.is_blank());
    let has_pictures = || {
        let is_picture = |part: &str| part.to_ascii_lowercase().contains("/media/");
        workbook.package.as_deref().is_some_and(|package| package.parts().any(is_picture))
    };
    cells.take(BESIDE_PICTURE + 1).count() <= BESIDE_PICTURE && has_pictures()
}

fn why_unrecognised(nearest: Option<&Nearest>) -> String {
    match nearest {
        Some(near) => format!(
            "没有认出表单。最接近“{}”{}。请核对是否报错了表，或按下发的模板填报",
            near.title,
            against(&near.evidence)
        ),
        None => "没有认出表单，不像任何一种已知的表。请核对是否报错了文件，或按下发的模板填报；\
                 本地的表样须先起草表单定义（jixiao schema new）"
            .to_owned(),
    }
}

/// The strongest signs against: what is missing and what does not fit.
fn against(evidence: &[Evidence]) -> String {
    let signs: Vec<&str> = evidence
        .iter()
        .filter(|evidence| evidence.points <= 0.0)
        .map(|evidence| evidence.what.as_str())
        .take(SIGNS)
        .collect();
    if signs.is_empty() { String::new() } else { format!("，但{}", signs.join("、")) }
}
