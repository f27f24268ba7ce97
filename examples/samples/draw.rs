//! Draws a form from a text picture of it: one line a row, cells parted by `|`.
//!
//! | in the picture | in the workbook |
//! |---|---|
//! | `<` / `^` | merged with the cell to the left / above |
//! | `⏎` | line break |
//! | `12.50`, `86.2%`, `1,200.00` | number, shown as written |
//! | `'12.50` | the same as text |
//! | `=G8+G9→98.2` | formula with its cached result |
//! | `{A103 应为8.62}` behind a cell | the fault planted there, see [`Fault`] |
//! | `{-F101 没有年度}` | a fault of the form as a whole |
//! | `.` alone in a line | blank row |
//! | line starting with `#`, `##`, `-` | title, line under the title, plain line: no borders, over the whole width |

use anyhow::{Context, Result, bail};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Formula, Worksheet};

/// A planted fault.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    /// Address such as `H21`, empty where something is missing from the form as a whole.
    pub(crate) cell: String,
    /// Code of the rule that should find it.
    pub(crate) code: String,
    /// What is wrong, for the person who reads the list.
    pub(crate) note: String,
}

/// How a sheet looks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look<'a> {
    /// Font of labels and values.
    pub(crate) font: &'a str,
    /// Font of the title.
    pub(crate) title_font: &'a str,
    /// Column widths in characters, the first for column A; their number is the number of columns.
    pub(crate) widths: &'a [f64],
    /// Blank columns left of the form.
    pub(crate) shift: u16,
    /// Wide sheets are printed in landscape.
    pub(crate) landscape: bool,
}

impl<'a> Look<'a> {
    /// 宋体 on portrait A4.
    pub(crate) fn new(widths: &'a [f64]) -> Self {
        Self { font: "宋体", title_font: "黑体", widths, shift: 0, landscape: false }
    }

    /// 仿宋, as many notices ask for.
    pub(crate) fn fangsong(self) -> Self {
        Self { font: "仿宋_GB2312", title_font: "方正小标宋简体", ..self }
    }

    /// On landscape A4.
    pub(crate) fn landscape(self) -> Self {
        Self { landscape: true, ..self }
    }

    /// Moved right by so many blank columns.
    pub(crate) fn shifted(self, columns: u16) -> Self {
        Self { shift: columns, ..self }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Line {
    Title,
    Subtitle,
    Plain,
    Boxed,
}

/// A cell of the picture with the rectangle it fills.
#[derive(Debug)]
struct Block {
    text: String,
    line: Line,
    top: usize,
    left: usize,
    bottom: usize,
    right: usize,
}

/// Draws the picture onto the sheet and returns the faults planted in it.
pub(crate) fn draw(sheet: &mut Worksheet, look: &Look<'_>, picture: &str) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    let blocks = blocks(picture, look, &mut faults)?;
    for (column, width) in (look.shift..).zip(look.widths) {
        sheet.set_column_width(column, *width)?;
    }
    for (row, height) in row_heights(&blocks, look) {
        sheet.set_row_height(u32::try_from(row)?, height)?;
    }
    for block in &blocks {
        write(sheet, look, block).with_context(|| format!("`{}`", block.text))?;
    }
    sheet.set_paper_size(9).set_print_fit_to_pages(1, 1).set_print_center_horizontally(true);
    sheet.set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3);
    if look.landscape {
        sheet.set_landscape();
    }
    Ok(faults)
}

fn blocks(picture: &str, look: &Look<'_>, faults: &mut Vec<Fault>) -> Result<Vec<Block>> {
    let columns = look.widths.len();
    let mut blocks: Vec<Block> = Vec::new();
    let mut above: Vec<Option<usize>> = vec![None; columns];
    for (row, raw) in picture.trim_matches('\n').lines().enumerate() {
        let raw = raw.trim();
        let (line, raw) = match raw.split_once(' ') {
            Some(("#", rest)) => (Line::Title, rest),
            Some(("##", rest)) => (Line::Subtitle, rest),
            Some(("-", rest)) => (Line::Plain, rest),
            _ => (Line::Boxed, raw),
        };
        if raw == "." {
            above = vec![None; columns];
            continue;
        }
        let mut cells: Vec<&str> = raw.split('|').map(str::trim).collect();
        if cells.len() == 1 {
            cells.resize(columns, "<");
        }
        if cells.len() != columns {
            bail!("row {}: {} cells, expected {columns}: {raw}", row + 1, cells.len());
        }
        let mut owners: Vec<Option<usize>> = Vec::with_capacity(columns);
        for (column, cell) in cells.into_iter().enumerate() {
            let joined = match cell {
                "<" => owners.last().copied(),
                "^" => above.get(column).copied(),
                _ => None,
            };
            let owner = if let Some(joined) = joined {
                joined.with_context(|| format!("row {}: nothing to merge with", row + 1))?
            } else {
                let text = plant(cell, row, column + usize::from(look.shift), faults)?;
                blocks.push(Block { text, line, top: row, left: column, bottom: row, right: column });
                blocks.len() - 1
            };
            if let Some(block) = blocks.get_mut(owner) {
                block.bottom = row;
                block.right = block.right.max(column);
            }
            owners.push(Some(owner));
        }
        above = owners;
    }
    Ok(blocks)
}

/// Takes the `{code note}` marks off a cell.
fn plant(cell: &str, row: usize, column: usize, faults: &mut Vec<Fault>) -> Result<String> {
    let (text, marks) = cell.split_once('{').unwrap_or((cell, ""));
    for mark in marks.split('{').filter(|mark| !mark.is_empty()) {
        let mark = mark.trim().strip_suffix('}').with_context(|| format!("open mark in `{cell}`"))?;
        let (code, note) = mark.split_once(' ').with_context(|| format!("mark without note in `{cell}`"))?;
        let (cell, code) = match code.strip_prefix('-') {
            Some(code) => (String::new(), code),
            None => (address(row, column)?, code),
        };
        faults.push(Fault { cell, code: code.to_owned(), note: note.to_owned() });
    }
    Ok(text.trim_end().replace('⏎', "\n"))
}

fn address(row: usize, column: usize) -> Result<String> {
    let letter = u8::try_from(column).ok().and_then(|column| b'A'.checked_add(column)).context("too many columns")?;
    Ok(format!("{}{}", char::from(letter), row + 1))
}

/// Heights that show the wrapped texts; a text over several rows gives its need to the last of them.
fn row_heights(blocks: &[Block], look: &Look<'_>) -> Vec<(usize, f64)> {
    let rows = blocks.iter().map(|block| block.bottom + 1).max().unwrap_or(0);
    let mut heights = vec![0.0_f64; rows];
    let mut by_span: Vec<&Block> = blocks.iter().collect();
    by_span.sort_by_key(|block| block.bottom - block.top);
    for block in by_span {
        let width: f64 = look.widths.iter().skip(block.left).take(block.right + 1 - block.left).sum();
        let shown = block.text.split_once('→').map_or(block.text.as_str(), |(_, result)| result);
        let lines: f64 = shown
            .split('\n')
            .map(|part| {
                let units: f64 = part.chars().map(|c| if c.is_ascii() { 1.0 } else { 2.0 }).sum();
                (units / (width - 1.0).max(2.0)).ceil().max(1.0)
            })
            .sum();
        let need = match block.line {
            Line::Title => lines.mul_add(26.0, 6.0),
            Line::Subtitle | Line::Plain => lines.mul_add(14.0, 4.0),
            Line::Boxed => lines.mul_add(13.5, 8.5),
        };
        let others: f64 = heights.iter().skip(block.top).take(block.bottom - block.top).sum();
        if let Some(last) = heights.get_mut(block.bottom) {
            *last = last.max(need - others).min(400.0);
        }
    }
    heights.into_iter().enumerate().filter(|(_, height)| *height > 0.0).collect()
}

fn write(sheet: &mut Worksheet, look: &Look<'_>, block: &Block) -> Result<()> {
    let row = u32::try_from(block.top)?;
    let column = u16::try_from(block.left)? + look.shift;
    let (bottom, right) = (u32::try_from(block.bottom)?, u16::try_from(block.right)? + look.shift);
    let text = block.text.as_str();
    let format = format_of(look, block);
    if (bottom, right) != (row, column) {
        sheet.merge_range(row, column, bottom, right, "", &format)?;
    }
    if let Some((formula, result)) = text.strip_prefix('=').and_then(|rest| rest.split_once('→')) {
        let shown = number(result).map_or_else(|| result.to_owned(), |(value, _)| value.to_string());
        let format = number(result).map_or(format.clone(), |(_, shape)| format.set_num_format(shape));
        sheet.write_formula_with_format(row, column, Formula::new(formula).set_result(shown), &format)?;
    } else if let Some(text) = text.strip_prefix('\'') {
        sheet.write_string_with_format(row, column, text, &format)?;
    } else if let Some((value, shape)) = number(text) {
        sheet.write_number_with_format(row, column, value, &format.set_num_format(shape))?;
    } else if text.is_empty() {
        sheet.write_blank(row, column, &format)?;
    } else {
        sheet.write_string_with_format(row, column, text, &format)?;
    }
    Ok(())
}

fn format_of(look: &Look<'_>, block: &Block) -> Format {
    let base = Format::new().set_align(FormatAlign::VerticalCenter).set_text_wrap();
    match block.line {
        Line::Title => base.set_font_name(look.title_font).set_font_size(18).set_bold().set_align(FormatAlign::Center),
        Line::Subtitle => base.set_font_name(look.font).set_font_size(11).set_align(FormatAlign::Center),
        Line::Plain => base.set_font_name(look.font).set_font_size(10).set_align(FormatAlign::Left),
        Line::Boxed => {
            let align = if block.text.chars().count() > 28 || block.text.contains("\n1.") || block.text.contains("；")
            {
                FormatAlign::Left
            } else {
                FormatAlign::Center
            };
            base.set_font_name(look.font).set_font_size(10).set_border(FormatBorder::Thin).set_align(align)
        }
    }
}

/// The number a cell shows, with the number format that shows it so.
fn number(text: &str) -> Option<(f64, &'static str)> {
    let digits = text.strip_suffix('%');
    let plain = digits.unwrap_or(text).replace(',', "");
    let starts_well = plain.strip_prefix('-').unwrap_or(&plain).starts_with(|c: char| c.is_ascii_digit());
    let value: f64 = plain.parse().ok().filter(|_| starts_well)?;
    let decimals = plain.split_once('.').map_or(0, |(_, tail)| tail.len());
    Some(match (digits, text.contains(','), decimals) {
        (Some(_), _, 0) => (value / 100.0, "0%"),
        (Some(_), _, 1) => (value / 100.0, "0.0%"),
        (Some(_), _, _) => (value / 100.0, "0.00%"),
        (None, true, _) => (value, "#,##0.00"),
        (None, false, 0) => (value, "General"),
        (None, false, 1) => (value, "0.0"),
        (None, false, 2) => (value, "0.00"),
        (None, false, _) => (value, "General"),
    })
}
