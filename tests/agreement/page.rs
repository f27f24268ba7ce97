//! The tables of 报告.html, read out of its markup: what stands in the rows, and of long lists what the script is given.

use std::sync::LazyLock;

use jixiao::text::is_steering;
use regex::Regex;
use serde_json::Value;

use super::{Block, Shown, without_tags};

/// Sheets that are no tables of the page: what the cover says is its title and contents.
pub(crate) const TABLES_ONLY_HERE: [&str; 2] = ["封面", "图表"];

/// Its tables from the top.
pub(crate) fn tables(page: &str) -> Vec<Shown> {
    let section = Regex::new(r#"(?s)<section class="part (?:list|sum)" id="t(\d+)" data-name="([^"]*)".*?</section>"#);
    let section = section.expect("a pattern");
    section
        .captures_iter(page)
        .map(|found| {
            let mut table = table(&found[0]);
            table.name = words(&found[2]);
            if let Some(lines) = data(page, &found[1], table.heads.len())
                && let [block] = &mut table.blocks[..]
            {
                // What is read without a script is the beginning of what the script shows.
                assert_eq!(block.lines[..], lines[..block.lines.len()], "{}", table.name);
                block.lines = lines;
            }
            table
        })
        .collect()
}

fn table(section: &str) -> Shown {
    let first = |pattern: &str| {
        let pattern = Regex::new(pattern).expect("a pattern");
        pattern.captures(section).map(|found| found[1].to_owned()).unwrap_or_default()
    };
    let mut shown = Shown { title: words(&first("(?s)<h2>(.*?)<a ")), ..Shown::default() };
    shown.heads = cells(&first("(?s)<thead>(.*?)</thead>"));
    let body = Regex::new(r#"(?s)<tbody( class="t")?>(.*?)</tbody>"#).expect("a pattern");
    let row = Regex::new(r#"(?s)<tr( class="h")?>(.*?)</tr>"#).expect("a pattern");
    for found in body.captures_iter(section) {
        if found.get(1).is_some() {
            let total = cells(&found[2]);
            shown.blocks.last_mut().expect("lines before their total").total = Some(total);
            continue;
        }
        let mut block = Block::default();
        for line in row.captures_iter(&found[2]) {
            match line.get(1) {
                Some(_) => block.heading = cells(&line[2]).concat(),
                None => block.lines.push(cells(&line[2])),
            }
        }
        shown.blocks.push(block);
    }
    shown
}

fn cells(row: &str) -> Vec<String> {
    static CELL: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?s)<t[dh]\b[^>]*>(.*?)</t[dh]>").expect("a pattern"));
    CELL.captures_iter(row).map(|cell| words(&cell[1])).collect()
}

/// The words between tags.
fn words(markup: &str) -> String {
    let text = without_tags(markup);
    let codes = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#96;", "`"), ("&amp;", "&")];
    codes.into_iter().fold(text, |text, (code, c)| text.replace(code, c))
}

/// The lines that the script gets of a table.
fn data(page: &str, number: &str, width: usize) -> Option<Vec<Vec<String>>> {
    let start = format!("<script type=\"application/json\" id=\"d{number}\">");
    let (_, rest) = page.split_once(&start)?;
    let (data, _) = rest.split_once("</script>").expect("the end of the data");
    let data: Value = serde_json::from_str(data).expect("JSON");
    let pool: Vec<&str> = data["s"].as_array()?.iter().filter_map(Value::as_str).collect();
    let said = |cell: &Value| match cell {
        Value::Array(parts) => said_of(parts.first()?, &pool),
        cell => said_of(cell, &pool),
    };
    let line = |line: &Value| {
        let mut cells: Vec<String> = line.as_array()?.iter().skip(1).map(|cell| said(cell).expect("a cell")).collect();
        cells.resize(width, String::new());
        Some(cells)
    };
    data["r"].as_array()?.iter().map(line).collect()
}

fn said_of(cell: &Value, pool: &[&str]) -> Option<String> {
    match cell {
        // In the markup what steers is left out, a line end is kept.
        Value::Number(place) => {
            let word = pool.get(usize::try_from(place.as_u64()?).ok()?)?;
            Some(word.chars().filter(|c| *c == '\n' || !is_steering(*c)).collect())
        }
        Value::String(figure) => Some(figure.clone()),
        _ => None,
    }
}
