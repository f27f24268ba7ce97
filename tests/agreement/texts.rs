//! 说明 and 通报 as Markdown and as documents: their figures, and the cells of 统计.xlsx that the footnotes name.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use std::sync::LazyLock;

use jixiao::policy::Policy;
use regex::Regex;

use super::{Book, Sheet, without_tags};

/// A text by its footnotes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Text {
    /// Words with the note behind them.
    pub(crate) spans: Vec<Span>,
    pub(crate) notes: BTreeMap<String, String>,
    /// Figures that no note stands behind.
    pub(crate) without_note: Vec<String>,
}

/// Words up to a note's mark.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) words: String,
    pub(crate) note: String,
}

/// The figures before a note as cells show them, thousands not apart.
pub(crate) fn figures_of(span: &Span) -> Vec<String> {
    figures(&span.words)
}

/// The example of a problem is what a form says; what is quoted or to be added, days, years and rounds are no counts.
const OTHER_WORDS: &str =
    r"。如.*$|“[^”]*”|【[^】]*】|\d{4}年度?|\d{1,2}月\d{1,2}日|（第\d次）|^\d+\. |\d{4}-\d{7}|〔\d+〕\d+号";

/// Figures of words that say something of the statistics.
fn figures(words: &str) -> Vec<String> {
    static OTHER: LazyLock<Regex> = LazyLock::new(|| Regex::new(OTHER_WORDS).expect("a pattern"));
    static FIGURE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"-?\d[\d,]*(?:\.\d+)?%?").expect("a pattern"));
    let rest = OTHER.replace_all(words, "").into_owned();
    FIGURE.find_iter(&rest).map(|figure| figure.as_str().replace(',', "")).collect()
}

/// A text of marked paragraphs: `words[^1]words`.
fn of_paragraphs(paragraphs: &[String], notes: BTreeMap<String, String>) -> Text {
    let mark = Regex::new(r"\[\^(\d+)\]").expect("a pattern");
    let mut text = Text { notes, ..Text::default() };
    for paragraph in paragraphs {
        let mut from = 0;
        for found in mark.captures_iter(paragraph) {
            let whole = found.get(0).expect("the whole");
            let words = paragraph[from..whole.start()].to_owned();
            text.spans.push(Span { words, note: found[1].to_owned() });
            from = whole.end();
        }
        text.without_note.extend(figures(&paragraph[from..]));
    }
    text
}

/// Reads Markdown. The lines of tables are left out: their note stands at the caption.
pub(crate) fn of_markdown(markdown: &str) -> Text {
    let note = Regex::new(r"^\[\^(\d+)\]: (.*)$").expect("a pattern");
    let mut notes = BTreeMap::new();
    let mut paragraphs = Vec::new();
    for line in markdown.lines() {
        if let Some(found) = note.captures(line) {
            notes.insert(found[1].to_owned(), plain(&found[2]));
        } else if !line.starts_with('|') && !line.is_empty() {
            let line = line.trim_start_matches('#').trim_start();
            paragraphs.push(plain(line));
        }
    }
    of_paragraphs(&paragraphs, notes)
}

/// Markdown without its markup.
fn plain(markdown: &str) -> String {
    let without_bold = markdown.replace("**", "");
    static ESCAPED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\\(.)").expect("a pattern"));
    ESCAPED.replace_all(&without_bold, "$1").into_owned()
}

/// Reads a document. The lines of tables are left out.
pub(crate) fn of_docx(bytes: &[u8]) -> Text {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut part = |name: &str| {
        let mut text = String::new();
        // A text without figures has no notes.
        if let Ok(mut part) = archive.by_name(name) {
            part.read_to_string(&mut text).expect("UTF-8");
        }
        text
    };
    let footnote = Regex::new(r#"(?s)<w:footnote w:id="(\d+)"[^>]*>(.*?)</w:footnote>"#).expect("a pattern");
    let notes = part("word/footnotes.xml");
    let notes = footnote.captures_iter(&notes);
    let notes = notes.map(|note| (note[1].to_owned(), words(&note[2]).trim_start().to_owned())).collect();
    let table = Regex::new(r"(?s)<w:tbl>.*?</w:tbl>").expect("a pattern");
    let mark = Regex::new(r#"<w:footnoteReference w:id="(\d+)"/>"#).expect("a pattern");
    let body = part("word/document.xml");
    let body = mark.replace_all(&table.replace_all(&body, ""), "<w:t>[^$1]</w:t>").into_owned();
    let paragraph = Regex::new(r"(?s)<w:p>(.*?)</w:p>").expect("a pattern");
    let paragraphs: Vec<String> = paragraph.captures_iter(&body).map(|found| words(&found[1])).collect();
    let paragraphs: Vec<String> = paragraphs.into_iter().filter(|words| !words.is_empty()).collect();
    of_paragraphs(&paragraphs, notes)
}

fn words(xml: &str) -> String {
    let text = without_tags(xml);
    let codes = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")];
    codes.into_iter().fold(text, |text, (code, c)| text.replace(code, c))
}

/// What the workbook shows where a note says that a figure stands.
pub(crate) fn standing(note: &str, book: &Book) -> Result<BTreeSet<String>, String> {
    if note.starts_with("本轮口径的设置") {
        let assessment = Policy::embedded("national").expect("a built-in policy").assessment;
        let points = assessment.scales.iter().map(|scale| scale.points).chain([assessment.cut_below]);
        return Ok(points.map(|points| points.normalize().to_string()).collect());
    }
    let pattern = r"^统计\.xlsx“([^”]*)”(?:，(?:“([^”]*)”)??(?:“([^”]*)”(行|各行)|(合计行)|(表上方的说明)))?(?:，((?:“[^”]*”)+)栏)?。$";
    let found = Regex::new(pattern).expect("a pattern").captures(note).ok_or("not understood")?;
    let group = |at: usize| found.get(at).map_or("", |group| group.as_str());
    let sheet = book.sheet(group(1)).ok_or("no such sheet")?;
    let quoted = Regex::new("“([^”]*)”").expect("a pattern");
    let columns: Vec<&str> =
        quoted.captures_iter(group(7)).filter_map(|column| column.get(1)).map(|column| column.as_str()).collect();
    let lines = Lines::of(sheet, group(2))?;
    if !group(6).is_empty() {
        let above = sheet.rows()[..lines.head].iter().flatten();
        return Ok(above.flat_map(|cell| figures(cell)).collect());
    }
    let rows: Vec<&[String]> = match (group(4), group(5)) {
        ("行" | "各行", _) => {
            lines.rows.iter().filter(|row| row.iter().any(|cell| cell == group(3))).copied().collect()
        }
        (_, "合计行") => lines.rows.iter().filter(|row| row.iter().any(|cell| cell == "合计")).copied().collect(),
        _ => lines.rows.clone(),
    };
    let columns: Vec<usize> = columns
        .iter()
        .map(|head| lines.heads.iter().position(|own| own == head).ok_or(format!("no column {head}")))
        .collect::<Result<_, _>>()?;
    match (group(4), group(5)) {
        ("行", _) | (_, "合计行") => match rows[..] {
            [row] => Ok(columns.iter().filter_map(|at| row.get(*at)).map(|cell| bare(cell)).collect()),
            _ => Err(format!("{} rows", rows.len())),
        },
        _ => Ok(counted(sheet, &lines, &rows, &columns)),
    }
}

/// A cell's figure as texts write it: thousands not apart, without noughts at the end.
fn bare(cell: &str) -> String {
    let (number, percent) = cell.strip_suffix('%').map_or((cell, ""), |number| (number, "%"));
    let number = number.replace(',', "");
    let short = if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { &number };
    format!("{short}{percent}")
}

/// What may be counted of several lines: they themselves, different words of a column, sums of money, blocks of a table.
fn counted(sheet: &Sheet, lines: &Lines<'_>, rows: &[&[String]], columns: &[usize]) -> BTreeSet<String> {
    let head = |title: &str| lines.heads.iter().position(|head| head == title);
    let cell = |row: &[String], at: usize| row.get(at).cloned().unwrap_or_default();
    let mut counts = BTreeSet::new();
    match columns {
        // Rounds of the year, of whatever kind of form.
        [] => {
            let round = Regex::new(r"^(\d{4}年度).*?(（第\d次）)?$").expect("a pattern");
            let rounds = sheet.rows().iter().filter_map(|row| round.captures(row.first()?));
            let rounds: BTreeSet<String> =
                rounds.map(|found| format!("{}{:?}", &found[1], found.get(2).map(|turn| turn.as_str()))).collect();
            counts.insert(rounds.len().to_string());
        }
        [at] if lines.heads[*at] == "单位" => {
            let department = head("部门");
            let units: BTreeSet<_> =
                rows.iter().map(|row| (department.map(|department| cell(row, department)), cell(row, *at))).collect();
            counts.insert(units.len().to_string());
        }
        [at] if lines.heads[*at] == "预算金额" => {
            let executed = head("执行数").expect("the column");
            let told = rows.iter().filter(|row| !cell(row, executed).is_empty());
            let sum: rust_decimal::Decimal =
                told.filter_map(|row| cell(row, *at).replace(',', "").parse::<rust_decimal::Decimal>().ok()).sum();
            counts.insert(sum.normalize().to_string());
        }
        [at] if lines.heads[*at] == "考核得分" => {
            let number = |row: &[String], at: usize| cell(row, at).parse::<rust_decimal::Decimal>().ok();
            let rank = head("名次").expect("the column");
            let cut = Policy::embedded("national").expect("a built-in policy").assessment.cut_below;
            let well = rows.iter().filter(|row| {
                number(row, *at).is_some_and(|points| points >= cut)
                    && number(row, rank).is_some_and(|rank| rank <= 10.into())
            });
            counts.insert(well.count().min(10).to_string());
        }
        _ => drop(counts.insert(rows.len().to_string())),
    }
    counts
}

/// Lines of a table of the workbook, or of one block of it.
struct Lines<'s> {
    head: usize,
    heads: &'s [String],
    rows: Vec<&'s [String]>,
}

impl<'s> Lines<'s> {
    fn of(sheet: &'s Sheet, block: &str) -> Result<Self, String> {
        let from = match block {
            "" => 0,
            // A table of one block says it in its title.
            block => {
                let is_heading = |row: &&Vec<String>| row.first().is_some_and(|cell| cell == block);
                let heading = sheet.rows().iter().position(|row| is_heading(&row));
                let in_title = || sheet.row(0).first().is_some_and(|title| title.contains(block)).then_some(0);
                let alone = || (sheet.heads().count() == 1).then_some(0);
                heading.or_else(in_title).or_else(alone).ok_or(format!("no block {block}"))?
            }
        };
        let head = sheet.heads().find(|row| *row >= from).ok_or("no heads")?;
        let heads = sheet.row(head);
        let end = (head + 1..sheet.count()).find(|row| sheet.is_sentence(*row)).unwrap_or(sheet.count());
        Ok(Self { head, heads, rows: (head + 1..end).map(|row| sheet.row(row)).collect() })
    }
}

impl Sheet {
    /// The rows of heads.
    fn heads(&self) -> impl Iterator<Item = usize> {
        (0..self.count()).filter(|row| {
            let row = self.row(*row);
            row.len() > 2 && row[..3].iter().all(|cell| !cell.is_empty() && cell.parse::<f64>().is_err()) && {
                let first = row[0].as_str();
                matches!(first, "序号" | "环节" | "年度、轮次" | "名次")
            }
        })
    }

    /// Whether a row holds one text over its whole width.
    fn is_sentence(&self, row: usize) -> bool {
        let row = self.row(row);
        row.first().is_some_and(|cell| !cell.is_empty() && cell.parse::<f64>().is_err())
            && row.iter().skip(1).all(String::is_empty)
    }
}
