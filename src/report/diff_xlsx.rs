//! Two rounds compared, as a workbook to be printed: by form, finding by finding, value by value.

use std::io::{self, Write};

use rust_decimal::Decimal;
use rust_xlsxwriter::{Workbook, XlsxError};

use super::diff::{label, unit};
use super::page::{self, Head, Page};
use super::table::Cell;
use crate::diff::{Difference, FormDifference};
use crate::finding::{Fate, SETTLED};
use crate::form::Form;
use crate::previous::{PastFinding, PastForm, Tally};
use crate::rules;

/// Writes what differs.
///
/// # Errors
/// What the writer reports.
pub fn write(difference: &Difference<'_>, out: &mut dyn Write) -> io::Result<()> {
    let bytes = build(difference).map_err(io::Error::other)?;
    out.write_all(&bytes)
}

fn build(difference: &Difference<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = page::workbook("两次报送对比")?;
    summary(&mut workbook, difference)?;
    findings(&mut workbook, difference)?;
    values(&mut workbook, difference)?;
    workbook.save_to_buffer()
}

/// 汇总: one line a form.
fn summary(workbook: &mut Workbook, difference: &Difference<'_>) -> Result<(), XlsxError> {
    const COLUMNS: [Head; 14] = [
        ("序号", 6),
        ("单位", 24),
        ("项目", 28),
        ("表单", 24),
        ("上次问题", 8),
        ("已改", 7),
        ("未改", 7),
        ("新增", 7),
        ("反复", 7),
        ("整改率", 9),
        ("改动内容", 8),
        ("情况", 12),
        ("旧的文件", 28),
        ("新的文件", 28),
    ];
    let mut page = Page::new(workbook, "汇总", "两次报送对比", "单位：处", &COLUMNS)?;
    page.header(&COLUMNS, Some(3))?;
    let first = page.next_row();
    let mut number = 0;
    for form in &difference.forms {
        number += 1;
        let state = if form.is_none() { "没有变化" } else { "" };
        let items = line(Cell::count(number), Some(&form.new.form), form.tally(), form.changes.len(), state);
        page.line(&with_files(items, &form.old.source, &form.new.source))?;
    }
    for (forms, state, is_old) in [(&difference.gone, "只在旧的里", true), (&difference.added, "只在新的里", false)]
    {
        for PastForm { source, form, .. } in forms.iter() {
            number += 1;
            let items = line(Cell::count(number), Some(form), Tally::default(), 0, state);
            let (old, new) = if is_old { (source.as_str(), "") } else { ("", source.as_str()) };
            page.line(&with_files(items, old, new))?;
        }
    }
    let changes = difference.forms.iter().map(|form| form.changes.len()).sum();
    let items = line(Cell::word(""), None, difference.tally(), changes, "");
    page.totals(first, &with_files(items, "", ""))
}

fn line(number: Cell, form: Option<&Form>, tally: Tally, changes: usize, state: &str) -> Vec<Cell> {
    let mut items = vec![
        number,
        Cell::text(form.map_or_else(|| "合计".to_owned(), unit)),
        Cell::text(form.and_then(Form::project).unwrap_or_default()),
        Cell::text(form.map(|form| form.schema.title.clone()).unwrap_or_default()),
    ];
    items.extend([tally.before(), tally.settled, tally.unchanged, tally.new, tally.again].map(Cell::count));
    let result = (Decimal::from(tally.settled), Decimal::from(tally.before()));
    items.push(Cell::Share { part: &[5], whole: &[4], result });
    items.extend([Cell::count(changes), Cell::word(state)]);
    items
}

fn with_files(mut items: Vec<Cell>, old: &str, new: &str) -> Vec<Cell> {
    items.extend([Cell::text(old), Cell::text(new)]);
    items
}

/// 问题: what was mended, then what is there now.
fn findings(workbook: &mut Workbook, difference: &Difference<'_>) -> Result<(), XlsxError> {
    const COLUMNS: [Head; 12] = [
        ("序号", 6),
        ("单位", 22),
        ("项目", 26),
        ("表单", 22),
        ("状态", 7),
        ("级别", 7),
        ("规则", 7),
        ("规则内容", 26),
        ("单元格", 8),
        ("栏目", 24),
        ("填报内容", 20),
        ("问题", 46),
    ];
    let mut page = Page::new(workbook, "问题", "问题变化情况", "已改的单元格是旧表上的", &COLUMNS)?;
    page.header(&COLUMNS, Some(3))?;
    let mut number = 0;
    for form in &difference.forms {
        let settled = form.settled.iter().map(|finding| (SETTLED, *finding, &form.old.form));
        let now = form.now.iter().map(|(fate, finding)| (Fate::title(*fate), *finding, &form.new.form));
        for (fate, finding, printed) in settled.chain(now) {
            number += 1;
            page.line(&finding_line(number, form, fate, finding, printed))?;
        }
    }
    Ok(())
}

fn finding_line(
    number: usize,
    form: &FormDifference<'_>,
    fate: &str,
    finding: &PastFinding,
    printed: &Form,
) -> Vec<Cell> {
    let rule = rules::find(&finding.code);
    vec![
        Cell::count(number),
        Cell::text(unit(&form.new.form)),
        Cell::text(form.new.form.project().unwrap_or_default()),
        Cell::text(&form.new.form.schema.title),
        Cell::word(fate),
        Cell::word(finding.severity.title()),
        Cell::word(&finding.code),
        Cell::text(rule.map_or("", |rule| rule.summary)),
        Cell::word(finding.cell.map(|at| at.to_string()).unwrap_or_default()),
        Cell::text(printed.path_label(&finding.field)),
        Cell::text(finding.found.clone().unwrap_or_default()),
        Cell::text(&finding.message),
    ]
}

/// 改动的内容: old and new value.
fn values(workbook: &mut Workbook, difference: &Difference<'_>) -> Result<(), XlsxError> {
    const COLUMNS: [Head; 9] = [
        ("序号", 6),
        ("单位", 22),
        ("项目", 26),
        ("表单", 22),
        ("栏目", 30),
        ("原来的单元格", 9),
        ("原来填的", 40),
        ("现在的单元格", 9),
        ("现在填的", 40),
    ];
    let mut page = Page::new(workbook, "改动的内容", "填报内容改动情况", "", &COLUMNS)?;
    page.header(&COLUMNS, Some(3))?;
    let mut number = 0;
    for form in &difference.forms {
        for change in &form.changes {
            number += 1;
            let at =
                |cell: Option<crate::address::CellRef>| Cell::word(cell.map(|at| at.to_string()).unwrap_or_default());
            page.line(&[
                Cell::count(number),
                Cell::text(unit(&form.new.form)),
                Cell::text(form.new.form.project().unwrap_or_default()),
                Cell::text(&form.new.form.schema.title),
                Cell::text(label(form, change)),
                at(change.old_cell.filter(|_| change.old.is_some())),
                Cell::text(change.old.clone().unwrap_or_default()),
                at(change.cell.filter(|_| change.new.is_some())),
                Cell::text(change.new.clone().unwrap_or_default()),
            ])?;
        }
    }
    Ok(())
}
