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
    let title = match &material.statistics.places[..] {
        [place] => format!("{place}预算绩效管理审核报告"),
        places => format!("{} 个地区预算绩效管理审核报告", places.len()),
    };
    let (lead, all) = (verdict(material.statistics), all(material));
    // The cover of the sheets is the head of the page: who and when stands behind the verdict.
    let (cover, tables) = all.split_first().map_or((None, &all[..]), |(cover, rest)| (Some(cover), rest));
    let page = Page {
        title: &title,
        byline: cover.and_then(|cover| cover.lead.get(lead.len())).map_or("", String::as_str),
        lead: &lead,
        notes: cover.map_or(&[], |cover| &cover.notes[..]),
        tables,
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
    /// How the page is read.
    notes: &'a [String],
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
        out.write_all(b"</ul>\n")?;
        for note in self.notes {
            writeln!(out, "<p class=\"foot\">{}</p>", html(&plain(note, 2_000)))?;
        }
        out.write_all(b"</nav>\n")
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::{Block, Cell, Column, Drill, Line};
    use super::*;

    fn page(tables: &[Table]) -> String {
        let page = Page {
            title: "报告",
            byline: "",
            lead: &[],
            notes: &[],
            tables,
            charts: &[],
            views: &Views::default(),
            returned: &BTreeMap::new(),
        };
        let mut out = Vec::new();
        page.write(&mut out).expect("a page");
        String::from_utf8(out).expect("UTF-8")
    }

    fn list(lines: Vec<Line>) -> Table {
        Table {
            name: "明细".to_owned(),
            title: "明细".to_owned(),
            note: String::new(),
            lead: Vec::new(),
            columns: ["序号", "部门", "单位", "文件"].map(|title| Column { title, width: 10 }).to_vec(),
            fixed: 0,
            blocks: vec![Block { heading: String::new(), lines, total: None }],
            notes: Vec::new(),
            is_list: true,
        }
    }

    #[test]
    fn the_script_is_of_the_language_that_old_browsers_know_and_writes_no_markup() {
        for newer in [
            "=>",
            "let ",
            "const ",
            "`",
            "class ",
            "fetch(",
            ".closest(",
            ".includes(",
            ".startsWith(",
            "for (var x of",
        ] {
            assert!(!SCRIPT.contains(newer), "{newer}");
        }
        for unsafe_one in
            ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "</"]
        {
            assert!(!SCRIPT.contains(unsafe_one), "{unsafe_one}");
        }
        assert!(
            !STYLE.contains("display: grid")
                && !STYLE.contains("var(--")
                && !STYLE.contains("url(")
                && !STYLE.contains("</")
        );
    }

    #[test]
    fn a_page_asks_for_nothing_beside_itself_and_has_no_handler_in_its_markup() {
        let drill =
            Drill { table: "明细", path: vec!["甲/局&".to_owned()], also: vec![("部门", "乙 局".to_owned())] };
        let link =
            Cell::Link { path: "退回/a b#.xlsx".to_owned(), place: "'表'!H7".to_owned(), text: "<甲>".to_owned() };
        let cells = vec![Cell::Count(3, Some(drill)), Cell::text("甲"), Cell::word("乙"), link];
        let page = page(&[list(vec![Line { path: vec!["甲".to_owned()], cells }])]);
        assert!(
            page.contains("data-to=\"list=%E6%98%8E%E7%BB%86&amp;path=%E7%94%B2%2F%E5%B1%80%26&amp;where="),
            "{page}"
        );
        assert!(page.contains("href=\"./%E9%80%80%E5%9B%9E/a%20b%23.xlsx\""), "{page}");
        let markup = page.split("<script").next().expect("markup");
        for outside in ["src=", "http:", "https:", "@import", " onclick", "<link", "<iframe", "<form"] {
            assert!(!markup.replace("<meta http-equiv", "").contains(outside), "{outside}");
        }
        let script =
            page.rsplit_once("<script>").and_then(|(_, rest)| rest.split_once("</script>")).expect("the script").0;
        assert!(page.contains(&format!("script-src 'sha256-{}'", sha256_base64(script.as_bytes()))));
    }

    #[test]
    fn a_list_of_more_lines_than_a_browser_holds_says_so_and_is_kept_small() {
        let line = |number: usize| {
            let department = format!("第{}局", number / 1_000);
            let unit = format!("第{}单位", number / 10);
            let file = format!("收件/{department}/{unit}/{number}-2023年度项目支出绩效自评表.xlsx");
            let cells = vec![Cell::count(number), Cell::text(&department), Cell::text(&unit), Cell::text(file)];
            Line { path: vec!["2023年度项目支出绩效自评".to_owned(), department, unit], cells }
        };
        let page = page(&[list((1..=100_001).map(line).collect())]);
        assert!(page.contains("共 100001 行，本页只装前 100000 行"));
        assert!(page.len() < 14_000_000, "{} bytes", page.len());
        let data =
            page.split_once("id=\"d0\">").and_then(|(_, rest)| rest.split_once("</script>")).expect("the data").0;
        let data: serde_json::Value = serde_json::from_str(data).expect("JSON");
        assert_eq!(data["r"].as_array().map(Vec::len), Some(100_000));
    }
}
