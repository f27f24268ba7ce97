//! The links of 统计.xlsx: each leads to a sheet that is there, and one at a count to the lines that make it.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use jixiao::address::{CellRange, CellRef};
use regex::Regex;

use super::{Book, Sheet};

/// Links inside the workbook that lead nowhere, or from a count to lines that do not make it.
pub(crate) fn links_that_mislead(bytes: &[u8]) -> Vec<String> {
    let book = Book::read(bytes.to_vec());
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let link = Regex::new(r#"<hyperlink ref="([A-Z]+\d+)" location="([^"]*)"#).expect("a pattern");
    let place = Regex::new(r"^'([^']*)'!(\S+)$").expect("a pattern");
    let mut faults = Vec::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (number, sheet) in book.sheets().iter().enumerate() {
        let mut xml = String::new();
        let name = format!("xl/worksheets/sheet{}.xml", number + 1);
        archive.by_name(&name).expect("the sheet").read_to_string(&mut xml).expect("UTF-8");
        for found in link.captures_iter(&xml) {
            let location = found[2].replace("&apos;", "'").replace("&quot;", "\"").replace("&amp;", "&");
            let at: CellRef = found[1].parse().expect("a cell");
            let row = sheet.row(usize::try_from(at.row).expect("small"));
            let cell = &row[usize::try_from(at.col).expect("small")];
            let told = format!("{} {at} {cell:?} → {location}", sheet.name);
            let target = place.captures(&location).map(|place| (place[1].to_owned(), place[2].to_owned()));
            let Some((name, range)) = target.filter(|(name, _)| book.sheet(name).is_some()) else {
                faults.push(format!("{told}: no such place"));
                continue;
            };
            *counts.entry(sheet.name.as_str()).or_default() += 1;
            let Ok(count) = cell.parse::<usize>() else { continue };
            let Some((list, range)) = book.sheet(&name).zip(range.parse::<CellRange>().ok()) else {
                faults.push(format!("{told}: no lines"));
                continue;
            };
            let rows = [range.start.row, range.end.row].map(|row| usize::try_from(row).expect("small"));
            let lines: Vec<&[String]> = (rows[0]..=rows[1]).map(|row| list.row(row)).collect();
            let column =
                sheet.head_above(usize::try_from(at.row).expect("small"), usize::try_from(at.col).expect("small"));
            let due = at.col.checked_sub(1).and_then(|col| row.get(usize::try_from(col).ok()?));
            let is_due = due.is_some_and(|due| due != "0");
            if !explains((sheet, &column, is_due), list, &lines, count) {
                faults.push(format!("{told} {column}"));
            }
        }
    }
    if counts.len() < 3 {
        faults.push(format!("hardly any links: {counts:?}"));
    }
    faults
}

/// What a form that nobody expected is told as.
const SURPLUS: [&str; 4] = ["重复报送", "报错表", "多报", "名册外单位"];

/// Whether the lines make the count that stands in this column of the sheet, beside what was due or beside nothing.
fn explains((sheet, column, is_due): (&Sheet, &str, bool), list: &Sheet, lines: &[&[String]], count: usize) -> bool {
    let at = |title: &str| list.rows().iter().find_map(|row| row.iter().position(|cell| cell == title));
    let said = |line: &[String], title: &str| at(title).and_then(|at| line.get(at).cloned()).unwrap_or_default();
    let standing = |line: &[String]| said(line, "报送");
    let is_stage = sheet.name.starts_with('表');
    if list.name == "未报送名单" {
        return lines.iter().filter_map(|line| said(line, "未报").parse::<usize>().ok()).sum::<usize>() == count;
    }
    let projects = |line: &&[String]| {
        let many = said(line, "项目").strip_prefix("清单 ").and_then(|rest| rest.strip_suffix(" 项")?.parse().ok());
        many.unwrap_or(1_usize)
    };
    match column {
        "优" | "良" | "中" | "差" if is_stage => {
            lines.iter().filter(|line| standing(line) != "重复报送").count() == count
        }
        "已整改" | "疑似不实" => (1..=count).contains(&lines.len()),
        _ if list.name == "重点评价明细" => (1..=count).contains(&lines.len()),
        _ if is_stage && list.name == "表单明细" => {
            // Where nothing was due, all that came is counted once.
            let surplus = if is_due { &SURPLUS[..] } else { &SURPLUS[..1] };
            let came = lines.iter().copied().filter(|line| !surplus.contains(&standing(line).as_str()));
            came.map(|line| projects(&line)).sum::<usize>() == count
        }
        // What is counted of a unit or a form stands in several places of the list: its first lines are shown.
        _ => !lines.is_empty() && lines.len() <= count.max(1),
    }
}
