//! The tool against reviewers, for people and for programs.

use std::io::{self, Write};

use serde::Serialize;

use crate::address::CellRef;
use crate::calibrate::{Calibration, RuleTally};
use crate::coverage::Ratio;
use crate::finding::Severity;
use crate::rules;
use crate::text::{display_width, one_line};

/// Writes it for a person at a terminal.
///
/// # Errors
/// What the writer reports.
pub fn write_text(calibration: &Calibration, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "口径：{}。核对 {} 个工作簿", calibration.policy, calibration.files)?;
    writeln!(out, "表单识别 {}，单位、项目、年度 {}", calibration.recognition, calibration.fields)?;
    for severity in Severity::WORST_FIRST {
        let Some(shares) = calibration.marks.get(&severity) else { continue };
        writeln!(
            out,
            "{severity}的标注：同一格查出 {}，同一行查出 {}，整张表的标注查出 {}",
            shares.cell, shares.row, shares.form
        )?;
    }
    writeln!(out, "不应提出的：没有提出 {}\n", calibration.quiet)?;
    write_rules(calibration, out)?;
    write_kinds(calibration, out)?;
    if !calibration.misses.is_empty() {
        writeln!(out, "漏报（同一行没有任何问题）：")?;
        for miss in &calibration.misses {
            let place = place(&miss.file, &miss.sheet, miss.at);
            writeln!(out, "  {place} {} {}：{}", miss.severity, miss.kind, one_line(&miss.why))?;
        }
        writeln!(out)?;
    }
    if !calibration.alarms.is_empty() {
        writeln!(out, "误报（不应提出而提出）：")?;
        for alarm in &calibration.alarms {
            let place = place(&alarm.file, &alarm.sheet, alarm.at);
            writeln!(out, "  {place} {} {}：{}", alarm.severity, alarm.code, one_line(&alarm.message))?;
        }
        writeln!(out)?;
    }
    writeln!(out, "“未标注”是审核人没有提到的问题，可能是审核人没有写，也可能是误报，请逐条看 jixiao check。")
}

/// Writes it for programs, indented, with a line break at the end.
///
/// # Errors
/// What the writer reports.
pub fn write_json(calibration: &Calibration, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Document::new(calibration))?;
    writeln!(out)
}

fn write_rules(calibration: &Calibration, out: &mut dyn Write) -> io::Result<()> {
    let head = ["规则", "命中", "仅同行", "漏报", "误报", "未标注", "准确率", "召回率", "查什么"];
    let mut lines = vec![head.map(str::to_owned)];
    for (code, tally) in &calibration.rules {
        lines.push([
            (*code).to_owned(),
            tally.cell.to_string(),
            tally.row.to_string(),
            tally.missed.to_string(),
            tally.alarms.to_string(),
            tally.unmarked.to_string(),
            tally.precision().to_string(),
            tally.recall().to_string(),
            rules::find(code).map(|rule| rule.summary.to_owned()).unwrap_or_default(),
        ]);
    }
    write_table(&lines, out)
}

fn write_kinds(calibration: &Calibration, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = vec![["审核人的标注", "命中", "仅同行", "漏报"].map(str::to_owned)];
    for (kind, tally) in &calibration.kinds {
        lines.push([kind.clone(), tally.cell.to_string(), tally.row.to_string(), tally.missed.to_string()]);
    }
    write_table(&lines, out)
}

/// Columns as wide as their widest cell.
fn write_table<const N: usize>(lines: &[[String; N]], out: &mut dyn Write) -> io::Result<()> {
    let mut widths = [0; N];
    for line in lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = display_width(cell).max(*width);
        }
    }
    for line in lines {
        let mut text = String::new();
        for (width, cell) in widths.iter().zip(line) {
            text.push_str(cell);
            (display_width(cell)..width + 2).for_each(|_| text.push(' '));
        }
        writeln!(out, "{}", text.trim_end())?;
    }
    writeln!(out)
}

fn place(file: &str, sheet: &str, at: Option<CellRef>) -> String {
    let at = at.map_or_else(|| "整张表".to_owned(), |at| at.to_string());
    format!("{file}：{}!{at}", one_line(sheet))
}

#[derive(Serialize)]
struct Document<'a> {
    policy: &'a str,
    files: usize,
    recognition: Share,
    fields: Share,
    marks: Vec<MarksJson>,
    quiet: Share,
    rules: Vec<RuleJson>,
    kinds: Vec<KindJson<'a>>,
    misses: Vec<MissJson<'a>>,
    alarms: Vec<AlarmJson<'a>>,
}

#[derive(Serialize)]
struct Share {
    part: usize,
    whole: usize,
}

impl From<Ratio> for Share {
    fn from(ratio: Ratio) -> Self {
        Self { part: ratio.part, whole: ratio.whole }
    }
}

#[derive(Serialize)]
struct MarksJson {
    severity: Severity,
    cell: Share,
    row: Share,
    form: Share,
}

#[derive(Serialize)]
struct RuleJson {
    code: &'static str,
    name: &'static str,
    hits: usize,
    row_hits: usize,
    misses: usize,
    false_alarms: usize,
    unmarked: usize,
    precision: Share,
    recall: Share,
}

impl RuleJson {
    fn new(code: &'static str, tally: &RuleTally) -> Self {
        Self {
            code,
            name: rules::find(code).map_or(code, |rule| rule.name),
            hits: tally.cell,
            row_hits: tally.row,
            misses: tally.missed,
            false_alarms: tally.alarms,
            unmarked: tally.unmarked,
            precision: tally.precision().into(),
            recall: tally.recall().into(),
        }
    }
}

#[derive(Serialize)]
struct KindJson<'a> {
    kind: &'a str,
    hits: usize,
    row_hits: usize,
    misses: usize,
}

#[derive(Serialize)]
struct MissJson<'a> {
    file: &'a str,
    sheet: &'a str,
    at: Option<String>,
    severity: Severity,
    kind: &'a str,
    why: &'a str,
}

#[derive(Serialize)]
struct AlarmJson<'a> {
    file: &'a str,
    sheet: &'a str,
    at: Option<String>,
    severity: Severity,
    code: &'static str,
    message: &'a str,
}

impl<'a> Document<'a> {
    fn new(calibration: &'a Calibration) -> Self {
        let text = |at: &Option<CellRef>| at.map(|at| at.to_string());
        let marks = calibration.marks.iter().rev().map(|(severity, shares)| MarksJson {
            severity: *severity,
            cell: shares.cell.into(),
            row: shares.row.into(),
            form: shares.form.into(),
        });
        let kinds = calibration.kinds.iter().map(|(kind, tally)| KindJson {
            kind,
            hits: tally.cell,
            row_hits: tally.row,
            misses: tally.missed,
        });
        let misses = calibration.misses.iter().map(|miss| MissJson {
            file: &miss.file,
            sheet: &miss.sheet,
            at: text(&miss.at),
            severity: miss.severity,
            kind: &miss.kind,
            why: &miss.why,
        });
        let alarms = calibration.alarms.iter().map(|alarm| AlarmJson {
            file: &alarm.file,
            sheet: &alarm.sheet,
            at: text(&alarm.at),
            severity: alarm.severity,
            code: alarm.code,
            message: &alarm.message,
        });
        Self {
            policy: &calibration.policy,
            files: calibration.files,
            recognition: calibration.recognition.into(),
            fields: calibration.fields.into(),
            marks: marks.collect(),
            quiet: calibration.quiet.into(),
            rules: calibration.rules.iter().map(|(code, tally)| RuleJson::new(code, tally)).collect(),
            kinds: kinds.collect(),
            misses: misses.collect(),
            alarms: alarms.collect(),
        }
    }
}
