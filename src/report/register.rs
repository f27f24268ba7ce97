//! 规则登记表.xlsx: every rule with what a policy makes of it, to be printed, edited and read back.

use std::io::{self, Write};

use rust_xlsxwriter::XlsxError;

use super::page::{self, Head, Page};
use super::table::Cell;
use crate::address::column_letters;
use crate::policy::{Policy, RuleLevel};
use crate::register::{self, CAPS, HEADERS, LEVELS, SHEET};
use crate::rules::Rule;

/// Widths of the columns, in the order of [`HEADERS`].
const WIDTHS: [u32; 11] = [7, 24, 7, 9, 7, 9, 9, 11, 32, 26, 54];

/// Zero-based columns of 级别, 每处扣分 and 等级上限.
const LEVEL: u16 = 2;
const VETO: u16 = 6;

/// Writes the register of a policy.
///
/// # Errors
/// What the writer reports.
pub fn write(policy: &Policy, out: &mut dyn Write) -> io::Result<()> {
    let bytes = build(policy).map_err(io::Error::other)?;
    out.write_all(&bytes)
}

fn build(policy: &Policy) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = page::workbook(SHEET)?;
    let columns: Vec<Head> = HEADERS.into_iter().zip(WIDTHS).collect();
    let mut page =
        Page::new(&mut workbook, SHEET, "预算绩效管理表单审核规则登记表", &register::head(policy), &columns)?;
    page.header(&columns, Some(2))?;
    let mut rows = None;
    for (rule, line) in register::lines(policy) {
        let row = page.next_row();
        let row = page.line(&items(policy, rule, &line, row))?;
        rows = Some((rows.map_or(row, |(first, _)| first), row));
    }
    if let Some((first, last)) = rows {
        page.choices(LEVEL, first, last, &LEVELS.map(|(title, _)| title))?;
        page.choices(VETO, first, last, &CAPS.map(|band| band.title()))?;
    }
    page.paragraph(NOTE)?;
    workbook.save_to_buffer()
}

const NOTE: &str = "注：可以改的是级别、每处扣分、封顶、同组、等级上限，其余各列改了不起作用。每处扣分是公式的，随级别变；改成数字就固定下来。\
封顶空着的，按每处扣分乘以同一问题最多计算的次数；等级上限空着的，不限制等级。改好后用“--policy 规则登记表.xlsx”，\
或在 jixiao.toml 的 [policy] 里写 register = \"规则登记表.xlsx\"。口径一行不要改。";

fn items(policy: &Policy, rule: &Rule, line: &register::Line<'_>, row: u32) -> Vec<Cell> {
    let points = match line.own_points {
        Some(points) => Cell::Figure(Some(points)),
        None => Cell::Calculated {
            formula: points_of_level(policy, row),
            result: register::points_of_level(policy, line.level),
        },
    };
    vec![
        Cell::word(rule.code),
        Cell::text(rule.name),
        Cell::word(register::level_title(line.level)),
        points,
        Cell::Figure(line.cap),
        Cell::word(line.group.unwrap_or_default()),
        Cell::word(line.veto.map_or("", |band| band.title())),
        Cell::word(rule.dimension.title()),
        Cell::text(rule.authority),
        Cell::text(rule.summary),
        Cell::text(register::section(rule, "检查什么").join("\n").replace('`', "")),
    ]
}

/// The points that the level beside the cell costs: `IF(C4="严重",7,IF(C4="一般",2,0))`.
fn points_of_level(policy: &Policy, row: u32) -> String {
    let cell = format!("{}{}", column_letters(u32::from(LEVEL)), u64::from(row) + 1);
    let price = |level: RuleLevel| register::points_of_level(policy, level).normalize();
    let levels = LEVELS.iter().rev().filter(|(_, level)| *level != RuleLevel::Off);
    levels.fold("0".to_owned(), |rest, (title, level)| format!("IF({cell}=\"{title}\",{},{rest})", price(*level)))
}
