//! 报告.html: the statistics and the forms as one page that needs nothing beside itself.
//!
//! Made for a USB stick and an old browser: plain HTML, pictures drawn here, one script of ECMAScript 5 that sorts, filters
//! and pages what can be read without it. Whatever units wrote is text and nothing else; a Content Security Policy lets no
//! script run but ours.

mod charts;
mod escape;
mod forms;
mod tables;

use std::collections::BTreeMap;
use std::io::{self, Write};

use self::escape::{html, plain};
pub use self::forms::Views;
use self::tables::Tables;
use super::table::{Chart, Table};
use super::tables::{Material, all, charts as all_charts, verdict};
use crate::digest::sha256_base64;

/// What the page looks like, on screen and on paper.
const STYLE: &str = include_str!("page.css");
/// What the page does.
const SCRIPT: &str = include_str!("page.js");

/// Writes the page: the tables and charts of the statistics, and the forms that are shown.
///
/// # Errors
/// What the writer reports.
pub fn write(material: &Material<'_>, views: &Views, out: &mut dyn Write) -> io::Result<()> {
    let statistics = material.statistics;
    let place = match &statistics.places[..] {
        [place] => place,
        _ => "",
    };
    let mut byline: Vec<String> = Vec::new();
    byline.extend(Some(material.letterhead.bureau.clone()).filter(|bureau| !bureau.is_empty()));
    let mut rounds: Vec<&str> = statistics.rounds.iter().map(|round| round.name.as_str()).collect();
    rounds.retain(|name| !name.is_empty());
    rounds.dedup();
    byline.extend(rounds.iter().take(6).map(|name| (*name).to_owned()));
    let page = Page {
        title: &format!("{place}预算绩效管理审核报告"),
        byline: &byline.join("　"),
        lead: &verdict(statistics),
        tables: &all(material),
        charts: &all_charts(material),
        views,
        returned: material.returned,
    };
    page.write(out)
}

/// What stands on the page.
struct Page<'a> {
    title: &'a str,
    /// Who and what, under the title.
    byline: &'a str,
    /// The verdict in a few sentences.
    lead: &'a [String],
    tables: &'a [Table],
    charts: &'a [Chart],
    views: &'a Views,
    /// By source, the path of the returned workbook from where the page lies.
    returned: &'a BTreeMap<String, String>,
}

impl Page<'_> {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        // A script's line ends are read as LF, whatever the file has; the hash is that of what is read.
        let script = SCRIPT.replace("\r\n", "\n");
        self.head(&script, out)?;
        writeln!(out, "<header id=\"top\"><h1><bdi>{}</bdi></h1>", html(&plain(self.title, 200)))?;
        if !self.byline.is_empty() {
            writeln!(out, "<p class=\"by\"><bdi>{}</bdi></p>", html(&plain(self.byline, 400)))?;
        }
        out.write_all(b"</header>\n<div class=\"lead\">\n")?;
        for sentence in self.lead {
            writeln!(out, "<p>{}</p>", html(&plain(sentence, 2_000)))?;
        }
        out.write_all(b"</div>\n")?;
        self.contents(out)?;
        if !self.charts.is_empty() {
            out.write_all(
                "<section class=\"part\" id=\"charts\">\n<h2>图表<a class=\"up\" href=\"#top\">回到目录</a></h2>\n<div class=\"charts\">\n"
                    .as_bytes(),
            )?;
            charts::write(self.charts, out)?;
            out.write_all(b"</div></section>\n")?;
        }
        let tables = Tables::new(self.tables, self.views.numbers());
        tables.write(self.lead, out)?;
        if !self.views.is_empty() {
            self.views.write(self.returned, out)?;
        }
        // The data stands behind all that is read, so that a slow machine shows the page first.
        tables.write_data(out)?;
        writeln!(out, "<script>{script}</script>\n</body>\n</html>")
    }

    fn head(&self, script: &str, out: &mut dyn Write) -> io::Result<()> {
        let title = html(&plain(self.title, 200));
        writeln!(
            out,
            "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"X-UA-Compatible\" content=\"IE=edge\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>",
            sha256_base64(script.as_bytes())
        )
    }

    fn contents(&self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all("<nav><h2>目录</h2><ul>\n".as_bytes())?;
        if !self.charts.is_empty() {
            out.write_all("<li><a href=\"#charts\">图表</a></li>\n".as_bytes())?;
        }
        for (number, table) in self.tables.iter().enumerate() {
            writeln!(out, "<li><a href=\"#t{number}\">{}</a></li>", html(&table.title))?;
        }
        if !self.views.is_empty() {
            out.write_all("<li><a href=\"#forms\">表单原样与问题位置</a></li>\n".as_bytes())?;
        }
        out.write_all(b"</ul></nav>\n")
    }
}
