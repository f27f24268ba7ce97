//! The comparison: every mark is a hit or a miss, every finding is spoken of, a false alarm, or unmarked.

use std::collections::BTreeMap;

use super::truth::{HandReading, Mark, MarkedSheet, Quiet, Truth};
use crate::address::CellRef;
use crate::coverage::Ratio;
use crate::finding::{Finding, Severity};
use crate::form::{Form, Reading};
use crate::review::{CheckedForm, Round, Submission};
use crate::schema::concept::field;
use crate::text::squeeze;

/// Fields that a reading by hand is compared in.
const FIELDS: [&str; 3] = [field::UNIT, field::PROJECT, field::YEAR];

/// How the tool stands against the reviewers.
#[derive(Debug, Clone)]
pub struct Calibration {
    /// The policy's name for people.
    pub policy: String,
    /// Files that were compared.
    pub files: usize,
    /// Marked forms recognised as what they are, and marked sheets without a form left alone.
    pub recognition: Ratio,
    /// Unit, project and year read as the reviewer read them.
    pub fields: Ratio,
    /// Marks of 严重 and 一般 by severity; 提示 is asked of nobody.
    pub marks: BTreeMap<Severity, MarkShares>,
    /// What should be quiet and is.
    pub quiet: Ratio,
    /// By code; rules that nothing is known of are left out.
    pub rules: BTreeMap<&'static str, RuleTally>,
    /// By the reviewers' word.
    pub kinds: BTreeMap<String, KindTally>,
    /// Marks without a finding in their row.
    pub misses: Vec<Miss>,
    /// Findings where nothing should be said.
    pub alarms: Vec<Alarm>,
}

/// How many marks of one severity were hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MarkShares {
    /// With a finding at the very cell.
    pub cell: Ratio,
    /// With a finding in the row.
    pub row: Ratio,
    /// Of the form as a whole: with a finding that has no cell.
    pub form: Ratio,
}

/// What is known of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RuleTally {
    /// Marks credited to it at their cell (of the form as a whole: there).
    pub cell: usize,
    /// Marks credited to it only in their row.
    pub row: usize,
    /// Marks that name it and that it missed.
    pub missed: usize,
    /// Marks that name it, hit or missed: what recall is of.
    pub named: usize,
    /// Findings that a mark speaks of.
    pub confirmed: usize,
    /// Findings where nothing should be said.
    pub alarms: usize,
    /// Findings that no mark speaks of.
    pub unmarked: usize,
}

impl RuleTally {
    /// Of the findings that a reviewer judged, those that are right.
    #[must_use]
    pub fn precision(&self) -> Ratio {
        Ratio::new(self.confirmed, self.confirmed + self.alarms)
    }

    /// Of the marks that name the rule, those that it hit.
    #[must_use]
    pub fn recall(&self) -> Ratio {
        Ratio::new(self.named - self.missed, self.named)
    }
}

/// What became of the marks of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KindTally {
    /// Hit at the cell.
    pub cell: usize,
    /// Hit only in the row.
    pub row: usize,
    /// Missed.
    pub missed: usize,
}

/// A mark that nothing was said of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Miss {
    /// The file's name.
    pub file: String,
    /// The sheet.
    pub sheet: String,
    /// The cell; `None` for the form as a whole.
    pub at: Option<CellRef>,
    /// How bad.
    pub severity: Severity,
    /// The reviewer's word.
    pub kind: String,
    /// What the reviewer wrote.
    pub why: String,
}

/// A finding where nothing should be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// The file's name.
    pub file: String,
    /// The sheet.
    pub sheet: String,
    /// The cell.
    pub at: Option<CellRef>,
    /// How bad.
    pub severity: Severity,
    /// The rule.
    pub code: &'static str,
    /// What it said.
    pub message: String,
}

/// Compares a round with what reviewers marked; files of the round that nobody marked do not count.
#[must_use]
pub fn measure(truth: &Truth, round: &Round) -> Calibration {
    let none = Ratio::new(0, 0);
    let mut calibration = Calibration {
        policy: round.policy_title.clone(),
        files: truth.workbooks.len(),
        recognition: none,
        fields: none,
        marks: BTreeMap::new(),
        quiet: none,
        rules: BTreeMap::new(),
        kinds: BTreeMap::new(),
        misses: Vec::new(),
        alarms: Vec::new(),
    };
    for workbook in &truth.workbooks {
        let submission = round.submissions.iter().find(|submission| file_name(&submission.source) == workbook.file);
        for sheet in workbook.sheets.iter().filter(|sheet| sheet.visible) {
            calibration.sheet(&workbook.file, sheet, submission);
        }
    }
    calibration
}

/// The name of a file without its folders.
fn file_name(source: &str) -> &str {
    source.rsplit('/').next().unwrap_or(source)
}

impl Calibration {
    fn sheet(&mut self, file: &str, sheet: &MarkedSheet, submission: Option<&Submission>) {
        let forms = submission.map(Submission::forms).unwrap_or_default();
        let here: Vec<&CheckedForm> = forms.iter().filter(|checked| checked.form.sheet == sheet.sheet).collect();
        if sheet.form.is_none() {
            add(&mut self.recognition, here.is_empty());
            return;
        }
        let chosen = match &sheet.reading {
            Some(reading) if reading.stage.is_none() => return,
            Some(reading) => right_form(reading, &here).into_iter().collect(),
            None => here,
        };
        add(&mut self.recognition, !chosen.is_empty());
        if let Some(reading) = &sheet.reading {
            self.read_fields(reading, chosen.first().map(|checked| &checked.form));
        }
        let findings: Vec<&Finding> = chosen.iter().flat_map(|checked| &checked.findings).collect();
        for mark in sheet.marks.iter().filter(|mark| mark.severity > Severity::Info) {
            self.mark(file, sheet, mark, &findings);
        }
        let quiet = if sheet.truncated { Vec::new() } else { self.arithmetic(sheet, &chosen, &findings) };
        for silent in quiet.iter().chain(&sheet.quiet) {
            add(&mut self.quiet, !findings.iter().any(|finding| silent.covers(finding)));
        }
        for finding in findings {
            let tally = self.rules.entry(finding.code).or_default();
            if quiet.iter().chain(&sheet.quiet).any(|silent| silent.covers(finding)) {
                tally.alarms += 1;
                self.alarms.push(Alarm {
                    file: file.to_owned(),
                    sheet: sheet.sheet.clone(),
                    at: finding.cell,
                    severity: finding.severity,
                    code: finding.code,
                    message: finding.message.clone(),
                });
            } else if sheet.marks.iter().any(|mark| nearness(mark, finding).is_some()) || is_asked_for(sheet, finding) {
                tally.confirmed += 1;
            } else {
                tally.unmarked += 1;
            }
        }
    }

    fn read_fields(&mut self, reading: &HandReading, form: Option<&Form>) {
        for id in FIELDS {
            let Some(wanted) = reading.fields.get(id) else { continue };
            add(&mut self.fields, form.and_then(|form| read(form, id)).is_some_and(|got| same(wanted, &got)));
        }
    }

    /// The marks of a reading by hand that name a rule; gives back where it wants silence.
    fn arithmetic(&mut self, sheet: &MarkedSheet, chosen: &[&CheckedForm], findings: &[&Finding]) -> Vec<Quiet> {
        let Some(reading) = sheet.reading.as_ref().filter(|_| !chosen.is_empty()) else { return Vec::new() };
        for rule in &reading.found {
            let tally = self.rules.entry(rule.code).or_default();
            tally.named += 1;
            tally.missed += usize::from(!findings.iter().any(|finding| finding.code == rule.code));
        }
        reading.quiet.iter().map(|rule| Quiet { rule: Some(rule), at: None }).collect()
    }

    fn mark(&mut self, file: &str, sheet: &MarkedSheet, mark: &Mark, findings: &[&Finding]) {
        let none = Ratio::new(0, 0);
        let shares = self.marks.entry(mark.severity).or_insert(MarkShares { cell: none, row: none, form: none });
        let best = findings
            .iter()
            .filter_map(|finding| Some((nearness(mark, finding)?, unlike(mark, finding), finding.code)))
            .min();
        let at_cell = best.is_some_and(|(near, ..)| near <= Nearness::Related);
        if mark.at.is_none() {
            add(&mut shares.form, best.is_some());
        } else {
            add(&mut shares.cell, at_cell);
            add(&mut shares.row, best.is_some());
        }
        let kind = self.kinds.entry(mark.kind.clone()).or_default();
        if let Some(rule) = mark.rule {
            let tally = self.rules.entry(rule.code).or_default();
            tally.named += 1;
            tally.missed += usize::from(best.is_none());
        }
        let Some((_, _, code)) = best else {
            kind.missed += 1;
            self.misses.push(Miss {
                file: file.to_owned(),
                sheet: sheet.sheet.clone(),
                at: mark.at,
                severity: mark.severity,
                kind: mark.kind.clone(),
                why: mark.why.clone(),
            });
            return;
        };
        let tally = self.rules.entry(code).or_default();
        let (of_kind, of_rule) =
            if at_cell { (&mut kind.cell, &mut tally.cell) } else { (&mut kind.row, &mut tally.row) };
        *of_kind += 1;
        *of_rule += 1;
    }
}

impl Quiet {
    /// Whether a finding breaks the silence.
    fn covers(&self, finding: &Finding) -> bool {
        self.rule.is_none_or(|rule| rule.code == finding.code) && self.at.is_none_or(|at| finding.cell == Some(at))
    }
}

/// How near a finding stands to a mark, the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Nearness {
    /// Both at the same cell, or both of the form as a whole.
    Same,
    /// The mark's cell takes part.
    Related,
    /// In the same row.
    Row,
}

fn nearness(mark: &Mark, finding: &Finding) -> Option<Nearness> {
    if mark.rule.is_some_and(|rule| rule.code != finding.code) {
        return None;
    }
    let Some(at) = mark.at else { return finding.cell.is_none().then_some(Nearness::Same) };
    let mut cells = finding.cell.iter().chain(&finding.related);
    if finding.cell == Some(at) {
        Some(Nearness::Same)
    } else if finding.related.contains(&at) {
        Some(Nearness::Related)
    } else {
        cells.any(|cell| cell.row == at.row).then_some(Nearness::Row)
    }
}

/// Of two findings equally near, the one as bad as the mark gets the credit, else the worse one.
fn unlike(mark: &Mark, finding: &Finding) -> (bool, std::cmp::Reverse<Severity>) {
    (finding.severity != mark.severity, std::cmp::Reverse(finding.severity))
}

/// Whether a reading by hand wants this rule to find something.
fn is_asked_for(sheet: &MarkedSheet, finding: &Finding) -> bool {
    sheet.reading.as_ref().is_some_and(|reading| reading.found.iter().any(|rule| rule.code == finding.code))
}

/// The form of a sheet that the reading speaks of; of several one under the other, the one with its project.
fn right_form<'a>(reading: &HandReading, here: &[&'a CheckedForm]) -> Option<&'a CheckedForm> {
    let fits = |checked: &&&CheckedForm| {
        let schema = &checked.form.schema;
        Some(schema.stage) == reading.stage && reading.subject.is_none_or(|subject| subject == schema.subject)
    };
    let project = |checked: &&CheckedForm| {
        let wanted = reading.fields.get(field::PROJECT);
        let got = read(&checked.form, field::PROJECT);
        wanted.zip(got).is_some_and(|(wanted, got)| same(wanted, &got))
    };
    let fitting: Vec<&CheckedForm> = here.iter().filter(fits).copied().collect();
    fitting.iter().find(|checked| project(checked)).or(fitting.first()).copied()
}

/// A field as it was read; as it is written where it could not be.
fn read(form: &Form, id: &str) -> Option<String> {
    let field = form.record.field(id)?;
    match &field.reading {
        Reading::Value(value) => Some(value.to_string()),
        _ => Some(field.text().to_owned()).filter(|text| !text.is_empty()),
    }
}

/// Whether two people would say that both texts name the same: equal but for spaces and stops, the same number, or one with
/// an addition to the other.
fn same(wanted: &str, got: &str) -> bool {
    let (wanted, got) = (plain(wanted), plain(got));
    if wanted == got {
        return true;
    }
    match (number(&wanted), number(&got)) {
        (Some(a), Some(b)) => a == b,
        _ => {
            let shorter = wanted.chars().count().min(got.chars().count());
            shorter >= 4 && (wanted.contains(&got) || got.contains(&wanted))
        }
    }
}

fn plain(text: &str) -> String {
    squeeze(text).chars().filter(|c| !":。,;".contains(*c)).flat_map(char::to_lowercase).collect()
}

/// The first number in a text.
fn number(text: &str) -> Option<rust_decimal::Decimal> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let digits: String = text.get(start..)?.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    digits.trim_end_matches('.').parse().ok()
}

fn add(ratio: &mut Ratio, ok: bool) {
    ratio.part += usize::from(ok);
    ratio.whole += 1;
}
