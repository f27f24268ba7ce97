//! The reports of the statistics that a command writes, and their files.

use std::io::{self, Write};
use std::path::Path;

use chrono::NaiveDate;
use jixiao::coverage::Facts;
use jixiao::error::Error;
use jixiao::report::{self, AccountFormat, Material, ReminderFormat, Views};
use jixiao::review::Round;

use super::args::ReportFormat;
use super::complain;
use super::outputs::{PAGE, STATISTICS};

/// Every file that a report may be.
pub(super) const FILES: [&str; 12] = [
    STATISTICS,
    PAGE,
    "说明.docx",
    "通报.docx",
    "催报.docx",
    "说明.md",
    "通报.md",
    "催报.txt",
    "submissions.parquet",
    "forms.parquet",
    "indicators.parquet",
    "findings.parquet",
];

/// Tells of reports that an earlier run left beside those written now: they may say something else.
pub(super) fn tell_stale(dir: &Path, written: &[&str]) {
    let left = FILES.into_iter().filter(|name| !written.contains(name) && dir.join(name).exists());
    let left: Vec<&str> = left.collect();
    if !left.is_empty() {
        complain(&format!(
            "提醒 {} 里的 {} 是以前留下的，不是这次写的，与这次的统计可能不一致，请勿误用",
            dir.display(),
            left.join("、")
        ));
    }
}

/// Writes the reports of these formats by `put`, which gets a file's name and what fills it; the page shows the forms that
/// `views` gives, the tables for query engines the rows of `round`. Gives the names of what was written, and what could not be.
pub(super) fn write(
    material: &Material<'_>,
    day: Option<NaiveDate>,
    formats: &[ReportFormat],
    views: impl FnOnce() -> Views,
    round: Option<(&Round, &Facts)>,
    put: impl Fn(&str, &dyn Fn(&mut dyn Write) -> io::Result<()>) -> Result<(), Error>,
) -> (Vec<&'static str>, Vec<Error>) {
    let (mut written, mut failures) = (Vec::new(), Vec::new());
    let mut one = |name: &'static str, fill: &dyn Fn(&mut dyn Write) -> io::Result<()>| match put(name, fill) {
        Ok(()) => written.push(name),
        Err(error) => failures.push(error),
    };
    let owing = material.statistics.missing().next().is_some();
    let wants = |format| formats.contains(&format);
    if wants(ReportFormat::Xlsx) {
        one(STATISTICS, &|out| report::write_statistics(material, out));
    }
    if wants(ReportFormat::Html) {
        let views = views();
        one(PAGE, &|out| report::write_page(material, &views, out));
    }
    if wants(ReportFormat::Docx) {
        let format = AccountFormat::Docx;
        one("说明.docx", &|out| report::write_account(material, day, format, out));
        one("通报.docx", &|out| report::write_circular(material, day, format, out));
        if owing {
            one("催报.docx", &|out| report::write_reminders(material, day, ReminderFormat::Docx, out));
        }
    }
    if wants(ReportFormat::Md) {
        let format = AccountFormat::Markdown;
        one("说明.md", &|out| report::write_account(material, day, format, out));
        one("通报.md", &|out| report::write_circular(material, day, format, out));
        if owing {
            one("催报.txt", &|out| report::write_reminders(material, day, ReminderFormat::Text, out));
        }
    }
    #[cfg(feature = "parquet")]
    if let Some((round, facts)) = round.filter(|_| wants(ReportFormat::Parquet)) {
        for table in report::ParquetTable::ALL {
            one(table.file(), &|out| report::write_parquet(table, round, facts, out));
        }
    }
    #[cfg(not(feature = "parquet"))]
    let _ = round;
    (written, failures)
}
