//! The round for a person at a terminal: by unit and form, the verdict first, then the findings with their cells.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::place;
use crate::coverage::{Grades, Ratio, mended};
use crate::finding::{Finding, Severity};
use crate::grade::Grade;
use crate::policy::Band;
use crate::review::{CheckedForm, Outcome, Round, Submission};
use crate::rules;
use crate::text::{one_line, seen};

/// Whether the text is coloured by ANSI escapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colours {
    /// A terminal shows it.
    On,
    /// It goes into a file or pipe.
    Off,
}

const BOLD: &str = "1";
const DIM: &str = "2";
const RED: &str = "31";
const GREEN: &str = "32";
const YELLOW: &str = "33";
const BLUE: &str = "34";

impl Colours {
    fn paint(self, style: &str, text: &str) -> String {
        match self {
            Self::On => format!("\u{1b}[{style}m{text}\u{1b}[0m"),
            Self::Off => text.to_owned(),
        }
    }

    /// In bold letters.
    pub(super) fn bold(self, text: &str) -> String {
        self.paint(BOLD, text)
    }

    fn band(self, band: Band) -> String {
        let style = match band {
            Band::Excellent => GREEN,
            Band::Good => BLUE,
            Band::Fair => YELLOW,
            Band::Poor => RED,
        };
        self.paint(style, band.title())
    }

    fn severity(self, severity: Severity) -> String {
        let style = match severity {
            Severity::Error => RED,
            Severity::Warning => YELLOW,
            Severity::Info => BLUE,
        };
        self.paint(style, severity.title())
    }
}

/// Writes the round: units in the order of their first file, then files that were not judged, then a summary.
pub(super) fn write(round: &Round, colours: Colours, out: &mut dyn Write) -> io::Result<()> {
    for (unit, forms) in by_unit(round) {
        writeln!(out, "{}", colours.paint(BOLD, &one_line(&unit)))?;
        for (submission, form) in forms {
            write_form(submission, form, colours, out)?;
        }
    }
    write_unjudged(round, colours, out)?;
    for (source, reason) in &round.passed_over {
        writeln!(out, "{}", colours.paint(DIM, &format!("略过 {source}：{reason}")))?;
    }
    for remark in &round.remarks {
        writeln!(out, "出错说明登记表 {remark}")?;
    }
    write_summary(round, out)
}

/// The judged forms under their units.
fn by_unit(round: &Round) -> Vec<(String, Vec<(&Submission, &CheckedForm)>)> {
    let mut groups: Vec<(String, Vec<_>)> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (submission, form) in round.forms() {
        let unit = form.form.unit().unwrap_or_else(|| "（未填单位名称）".to_owned());
        let at = *places.entry(unit.clone()).or_insert_with(|| {
            groups.push((unit, Vec::new()));
            groups.len() - 1
        });
        if let Some((_, forms)) = groups.get_mut(at) {
            forms.push((submission, form));
        }
    }
    groups
}

fn write_form(submission: &Submission, judged: &CheckedForm, colours: Colours, out: &mut dyn Write) -> io::Result<()> {
    let mut counts = Severity::WORST_FIRST.map(|severity| format!("{severity} {}", judged.count(severity))).to_vec();
    if judged.accepted() > 0 {
        counts.push(format!("已接受 {}", judged.accepted()));
    }
    let project = judged.form.project().map(|project| format!(" · {}", one_line(&project))).unwrap_or_default();
    writeln!(
        out,
        "  {}{project}  {} {} 分  {}",
        judged.form.schema.title,
        colours.band(judged.grade.band),
        judged.grade.score.normalize(),
        counts.join("  "),
    )?;
    let source = format!("    {}  工作表：{}", submission.source, one_line(&judged.form.sheet));
    writeln!(out, "{}", colours.paint(DIM, &source))?;
    for note in &submission.notes {
        writeln!(out, "    提醒：{}", seen(note))?;
    }
    if let Some(tally) = judged.tally() {
        writeln!(out, "    {tally}")?;
    }
    for finding in &judged.findings {
        write_finding(finding, judged, colours, out)?;
    }
    if let Some(line) = outlook(&judged.grade) {
        writeln!(out, "    {line}")?;
    }
    // Once a file, under its last form.
    if submission.forms().last().is_some_and(|last| std::ptr::eq(last, judged)) {
        write_skipped(submission, colours, out)?;
    }
    writeln!(out)
}

fn write_finding(finding: &Finding, judged: &CheckedForm, colours: Colours, out: &mut dyn Write) -> io::Result<()> {
    let fate = finding.fate.map(|fate| format!("  {}", fate.title())).unwrap_or_default();
    writeln!(
        out,
        "    {} {}  {}{fate}",
        colours.severity(finding.severity),
        place::of(finding, &judged.form),
        colours.paint(DIM, &format!("{} {}", finding.code, finding.name)),
    )?;
    writeln!(out, "         {}", one_line(&finding.message))?;
    writeln!(out, "         改法：{}", one_line(&finding.advice))?;
    if let Some(said) = finding.reply_said() {
        writeln!(out, "         单位说明：{}", one_line(&said))?;
    }
    if let Some(ruling) = &finding.ruling {
        writeln!(out, "         处理意见：{}", one_line(&ruling.said()))?;
    }
    Ok(())
}

/// What would lift the form, in one sentence; `None` for 优.
fn outlook(grade: &Grade) -> Option<String> {
    let last = grade.next.last()?;
    let faults: Vec<String> =
        grade.next.iter().map(|step| format!("“{}”（{}）", title(step.name), step.code)).collect();
    let veto = match grade.veto {
        Some((name, band)) => format!("因“{}”最高评为“{}”；", title(name), band.title()),
        None => String::new(),
    };
    let points = last.score.normalize();
    Some(format!("{veto}改正{}后可升为“{}”（{points} 分）", faults.join("、"), last.band.title()))
}

fn write_unjudged(round: &Round, colours: Colours, out: &mut dyn Write) -> io::Result<()> {
    for submission in &round.submissions {
        let Some((label, reason)) = submission.unjudged() else { continue };
        writeln!(out, "{} {}", colours.paint(RED, label), colours.paint(BOLD, &submission.source))?;
        writeln!(out, "    {}", seen(&reason))?;
        for note in &submission.notes {
            writeln!(out, "    提醒：{}", seen(note))?;
        }
        write_skipped(submission, colours, out)?;
        writeln!(out)?;
    }
    Ok(())
}

fn write_skipped(submission: &Submission, colours: Colours, out: &mut dyn Write) -> io::Result<()> {
    for skipped in submission.skipped() {
        writeln!(
            out,
            "    {}",
            colours.paint(DIM, &format!("工作表“{}”：{}", one_line(&skipped.sheet), seen(&skipped.reason)))
        )?;
    }
    Ok(())
}

fn write_summary(round: &Round, out: &mut dyn Write) -> io::Result<()> {
    let files = round.submissions.len();
    let unrecognised = round.submissions.iter().filter(|s| matches!(s.outcome, Outcome::Unrecognised { .. })).count();
    let unreadable = round.submissions.iter().filter(|s| matches!(s.outcome, Outcome::Unreadable(_))).count();
    let grades = Grades::of(round.forms().map(|(_, form)| form.grade.band));
    let findings = Severity::WORST_FIRST
        .map(|severity| format!("{severity} {}", round.forms().map(|(_, form)| form.count(severity)).sum::<usize>()));
    let bands = Band::ALL.map(|band| format!("{} {}", band.title(), grades.count(band)));
    writeln!(
        out,
        "共 {files} 个文件：评审 {} 个（{} 张表），未识别 {unrecognised} 个，无法读取 {unreadable} 个。{}，优良率 {}。问题：{}。",
        files - unrecognised - unreadable,
        grades.total(),
        bands.join("，"),
        Ratio::new(grades.good(), grades.total()),
        findings.join("，"),
    )?;
    let fates = round.forms().filter_map(|(_, form)| form.tally());
    match fates.reduce(|mut all, one| {
        all += one;
        all
    }) {
        Some(fates) => writeln!(out, "对照以前的结果：{fates}。整改率 {}。", mended(fates)),
        None => Ok(()),
    }
}

/// What a rule is about, in Chinese; its name where no such rule is known.
fn title(name: &'static str) -> &'static str {
    rules::find(name).map_or(name, |rule| rule.summary)
}
