//! The findings for a spreadsheet program: one line a finding, one line a file that was not judged.
//!
//! UTF-8 with a byte order mark, so that Excel shows Chinese. A text that a spreadsheet would take for a formula gets
//! a leading `'`.

use std::borrow::Cow;
use std::io::{self, Write};

use super::place;
use crate::finding::Finding;
use crate::review::{CheckedForm, Round, Submission};
use crate::value::parse_number;

const HEADER: [&str; 18] = [
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
];

/// Writes the round's findings.
pub(super) fn write(round: &Round, out: &mut dyn Write) -> io::Result<()> {
    out.write_all("\u{feff}".as_bytes())?;
    let mut lines = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    lines.write_record(HEADER).map_err(unwrapped)?;
    for submission in &round.submissions {
        for form in submission.forms() {
            for finding in &form.findings {
                write_line(&mut lines, finding_line(submission, form, finding))?;
            }
        }
        if let Some((level, reason)) = submission.unjudged() {
            write_line(&mut lines, file_line(submission, level, reason))?;
        }
    }
    lines.flush()
}

fn write_line<W: Write>(lines: &mut csv::Writer<W>, line: [Cow<'_, str>; 18]) -> io::Result<()> {
    lines.write_record(line.iter().map(|text| harmless(text).into_owned())).map_err(unwrapped)
}

fn finding_line<'a>(submission: &'a Submission, judged: &'a CheckedForm, finding: &'a Finding) -> [Cow<'a, str>; 18] {
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
    ]
}

fn file_line<'a>(submission: &'a Submission, level: &'a str, reason: Cow<'a, str>) -> [Cow<'a, str>; 18] {
    let mut line: [Cow<'a, str>; 18] = std::array::from_fn(|_| Cow::Borrowed(""));
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
    let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && parse_number(text).is_none();
    if risky { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_becomes_text() {
        for text in ["=1+1", "+CMD|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1"] {
            assert_eq!(harmless(text), format!("'{text}"));
        }
        for text in ["-3.50", "+0.5", "≥95%", "", "甲=乙"] {
            assert_eq!(harmless(text), text);
        }
    }
}
