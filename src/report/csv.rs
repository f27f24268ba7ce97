//! The findings for a spreadsheet program: one line a finding, one line a file that was not judged.
//!
//! UTF-8 with a byte order mark, so that Excel shows Chinese. A text that a spreadsheet would take for a formula gets
//! a leading `'`.

use std::borrow::Cow;
use std::io::{self, Write};

use super::place;
use crate::finding::{Fate, Finding, Reply, Ruling, SETTLED};
use crate::previous::PastFinding;
use crate::review::{CheckedForm, Round, Submission};
use crate::rules;
use crate::text::seen;
use crate::value::parse_number;

const HEADER: [&str; 22] = [
    "文件",
    "单位",
    "项目",
    "表单",
    "工作表",
    "单元格",
    "栏目",
    "级别",
    "规则编码",
    "规则名称",
    "问题",
    "填报内容",
    "应为",
    "差额",
    "改法",
    "依据",
    "质量等级",
    "质量得分",
    "状态",
    "采纳",
    "出错说明",
    "处理意见",
];

/// Writes the round's findings.
pub(super) fn write(round: &Round, out: &mut dyn Write) -> io::Result<()> {
    out.write_all("\u{feff}".as_bytes())?;
    // In quotes whatever is no number: a program that parts fields at `;` or tabs then finds no formula inside one.
    let quoted = csv::QuoteStyle::NonNumeric;
    let mut lines = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).quote_style(quoted).from_writer(out);
    lines.write_record(HEADER).map_err(unwrapped)?;
    for submission in &round.submissions {
        for form in submission.forms() {
            for finding in &form.findings {
                write_line(&mut lines, finding_line(submission, form, finding))?;
            }
            for finding in form.earlier.iter().flat_map(|earlier| &earlier.settled) {
                write_line(&mut lines, settled_line(submission, form, finding))?;
            }
        }
        if let Some((level, reason)) = submission.unjudged() {
            write_line(&mut lines, file_line(submission, level, reason))?;
        }
    }
    lines.flush()
}

fn write_line<W: Write>(lines: &mut csv::Writer<W>, line: [Cow<'_, str>; 22]) -> io::Result<()> {
    lines.write_record(line.iter().map(|text| harmless(&seen(text)).into_owned())).map_err(unwrapped)
}

fn finding_line<'a>(submission: &'a Submission, judged: &'a CheckedForm, finding: &'a Finding) -> [Cow<'a, str>; 22] {
    let optional = |text: &'a Option<String>| Cow::Borrowed(text.as_deref().unwrap_or_default());
    [
        Cow::Borrowed(submission.source.as_str()),
        judged.form.unit().unwrap_or_default().into(),
        judged.form.project().unwrap_or_default().into(),
        Cow::Borrowed(judged.form.schema.title.as_str()),
        Cow::Borrowed(finding.sheet.as_str()),
        finding.cell.map(|cell| cell.to_string()).unwrap_or_default().into(),
        finding.cell.and_then(|cell| place::label(&judged.form, cell)).unwrap_or_default().into(),
        Cow::Borrowed(finding.severity.title()),
        Cow::Borrowed(finding.code),
        Cow::Borrowed(finding.name),
        Cow::Borrowed(finding.message.as_str()),
        optional(&finding.found),
        optional(&finding.expected),
        optional(&finding.difference),
        Cow::Borrowed(finding.advice.as_str()),
        Cow::Borrowed(finding.authority),
        Cow::Borrowed(judged.grade.band.title()),
        judged.grade.score.normalize().to_string().into(),
        finding.fate.map(Fate::title).unwrap_or_default().into(),
        adopted(finding.reply.as_ref()).into(),
        finding.reply.as_ref().map(|reply| reply.statement.as_str()).unwrap_or_default().into(),
        finding.ruling.as_ref().map(Ruling::said).unwrap_or_default().into(),
    ]
}

/// What was mended since the submission before: at no cell any more.
fn settled_line<'a>(submission: &'a Submission, judged: &'a CheckedForm, past: &'a PastFinding) -> [Cow<'a, str>; 22] {
    let rule = rules::find(&past.code);
    let mut line: [Cow<'a, str>; 22] = std::array::from_fn(|_| Cow::Borrowed(""));
    let told: [(usize, Cow<'a, str>); 14] = [
        (0, Cow::Borrowed(submission.source.as_str())),
        (1, judged.form.unit().unwrap_or_default().into()),
        (2, judged.form.project().unwrap_or_default().into()),
        (3, Cow::Borrowed(judged.form.schema.title.as_str())),
        (4, Cow::Borrowed(judged.form.sheet.as_str())),
        (6, judged.form.path_label(&past.field).into()),
        (7, Cow::Borrowed(past.severity.title())),
        (8, Cow::Borrowed(past.code.as_str())),
        (9, Cow::Borrowed(rule.map_or("", |rule| rule.name))),
        (10, Cow::Borrowed(past.message.as_str())),
        (11, Cow::Borrowed(past.found.as_deref().unwrap_or_default())),
        (16, Cow::Borrowed(judged.grade.band.title())),
        (17, judged.grade.score.normalize().to_string().into()),
        (18, Cow::Borrowed(SETTLED)),
    ];
    for (index, text) in told {
        if let Some(cell) = line.get_mut(index) {
            *cell = text;
        }
    }
    line
}

fn adopted(reply: Option<&Reply>) -> &'static str {
    match reply.and_then(|reply| reply.adopted) {
        Some(true) => "是",
        Some(false) => "否",
        None => "",
    }
}

fn file_line<'a>(submission: &'a Submission, level: &'a str, reason: Cow<'a, str>) -> [Cow<'a, str>; 22] {
    let mut line: [Cow<'a, str>; 22] = std::array::from_fn(|_| Cow::Borrowed(""));
    let [source, _, _, _, _, _, _, severity, _, _, message, ..] = &mut line;
    *source = Cow::Borrowed(submission.source.as_str());
    *severity = Cow::Borrowed(level);
    *message = reason;
    line
}

/// What the writer below reported, so that the caller still knows a closed pipe.
fn unwrapped(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// The text with a `'` before it where a spreadsheet would take it for a formula; a plain negative number stays.
fn harmless(text: &str) -> Cow<'_, str> {
    let risky = text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n'])
        && parse_number(text).is_none();
    if risky { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_becomes_text() {
        for text in ["=1+1", "+CMD|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\n=1", "＝1+1"] {
            assert_eq!(harmless(text), format!("'{text}"));
        }
        for text in ["-3.50", "+0.5", "≥95%", "", "甲=乙"] {
            assert_eq!(harmless(text), text);
        }
    }
}
