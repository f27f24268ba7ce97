//! Lists: a sheet on which one indicator table holds many projects, each named in columns left of its indicators.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use super::id::Id;
use super::lexicon::Lexicon;
use super::page::Page;
use super::reading::{self, Habits};
use super::record::{Field, Form, Grid, GridRow, Row, Table, VacantRow};
use super::table_head::TableHead;
use crate::address::{CellRange, CellRef};
use crate::schema::{ColumnSpec, FieldKind, FieldSpec, GridSpec, concept};
use crate::text::fold;

/// The columns of a list beside its indicators.
pub(super) struct ListHeader<'a> {
    /// The first row below the header.
    first: u32,
    project: u32,
    fields: Vec<(&'a FieldSpec, u32)>,
    /// Columns of the total row of the money block.
    amounts: Vec<(&'a GridSpec, &'a ColumnSpec, CellRef)>,
}

impl ListHeader<'_> {
    /// The columns that hold money, from left to right.
    fn money(&self) -> impl Iterator<Item = &(&GridSpec, &ColumnSpec, CellRef)> {
        self.amounts.iter().filter(|(_, column, _)| column.kind == FieldKind::Amount)
    }

    /// The column of a field.
    fn column(&self, id: &str) -> Option<u32> {
        self.fields.iter().find(|(field, _)| field.id == id).map(|(_, col)| *col)
    }
}

/// The header of a list: the indicator header names 项目名称 too. `None` for a single form.
pub(super) fn find_header<'a>(page: &Page<'_>, header: &TableHead, lexicon: &'a Lexicon) -> Option<ListHeader<'a>> {
    let beside = beside(page, header, lexicon);
    let names = |field: &FieldSpec, at: CellRef| field.labels.iter().any(|label| label == page.key(at));
    let field =
        |at: &CellRef| lexicon.schema.fields.iter().find(|field| names(field, *at)).map(|field| (field, at.col));
    let fields: Vec<_> = beside.iter().filter_map(field).collect();
    let project = fields.iter().find(|(field, _)| field.id == concept::field::PROJECT)?.1;
    let amount = |at: &CellRef| lexicon.amount(page.key(*at)).map(|(grid, column)| (grid, column, *at));
    // `自评得分` beside a project is its total, whatever it names in a money block.
    let amounts = beside.iter().filter(|at| field(at).is_none()).filter_map(amount).collect();
    Some(ListHeader { first: header.row + 1, project, fields, amounts })
}

/// The heading 项目名称 beside the indicator columns of a header; `None` for a single form.
pub(super) fn project_column(page: &Page<'_>, header: &TableHead, lexicon: &Lexicon) -> Option<CellRef> {
    let names = &lexicon.schema.field(concept::field::PROJECT)?.labels;
    beside(page, header, lexicon).into_iter().find(|at| names.iter().any(|name| name == page.key(*at)))
}

/// The headings beside the indicator columns. Of a header of two rows that are not merged the upper one counts where the
/// lower one is blank.
fn beside(page: &Page<'_>, header: &TableHead, lexicon: &Lexicon) -> Vec<CellRef> {
    let head = |at: CellRef| {
        let upper = || page.above(at).filter(|upper| lexicon.is_label(page.key(*upper)));
        if page.is_blank(at) { upper().unwrap_or(at) } else { at }
    };
    let boxes = page.boxes(header.row).filter(|at| !header.columns.values().any(|col| *col == at.col));
    boxes.map(head).collect()
}

/// One form for each project of the list; the form itself where no row names one.
pub(super) fn split(page: &Page<'_>, list: &ListHeader<'_>, mut form: Form, habits: Habits<'_>) -> Vec<Form> {
    let Some(table) = form.record.indicators() else { return vec![form] };
    let subtotals = subtotals(page, list, table, form.range.end.row);
    let parting: BTreeSet<u32> = subtotals.iter().map(|subtotal| subtotal.row).collect();
    let owners = owners(page, list, &parting, form.range.end.row);
    let mut groups: Vec<(CellRef, Vec<Row>)> = Vec::new();
    for row in table.rows.iter().filter(|row| !parting.contains(&row.row)) {
        let Some(name) = owners.get(&row.row).copied() else { continue };
        match groups.last_mut() {
            Some((first, rows)) if continues(page, list, &parting, (*first, rows), (name, row.row)) => {
                rows.push(row.clone());
            }
            _ => groups.push((name, vec![row.clone()])),
        }
    }
    if groups.iter().all(|(name, _)| page.is_blank(*name)) {
        return vec![form];
    }
    // Each project starts from what all of them share; the rows of the others are never copied for it.
    let vacant = form.record.tables.get_mut(concept::INDICATORS).map_or_else(Vec::new, |table| {
        table.rows.clear();
        std::mem::take(&mut table.vacant)
    });
    let whole = (&form, &vacant[..]);
    let mut forms: Vec<Form> =
        groups.into_iter().map(|(name, rows)| project(page, list, whole, name, rows, habits)).collect();
    for subtotal in &subtotals {
        sum_up(page, list, subtotal, &mut forms, habits);
    }
    forms
}

/// The cell that names the project of each row: its own, or the nearest one above that no subtotal parts from it.
fn owners(page: &Page<'_>, list: &ListHeader<'_>, parting: &BTreeSet<u32>, end: u32) -> BTreeMap<u32, CellRef> {
    let mut nearest = None;
    let owner = |row: u32| {
        if parting.contains(&row) {
            nearest = None;
            return None;
        }
        let own = page.sheet.anchor(CellRef::new(row, list.project));
        if !page.is_blank(own) {
            nearest = Some(own);
        }
        Some((row, nearest.unwrap_or(own)))
    };
    (list.first..=end).filter_map(owner).collect()
}

/// Whether a row goes on with the project of the rows above it: the same cell, or the same name and unit written again.
fn continues(
    page: &Page<'_>,
    list: &ListHeader<'_>,
    parting: &BTreeSet<u32>,
    (first, rows): (CellRef, &[Row]),
    (name, row): (CellRef, u32),
) -> bool {
    let above = rows.last().map_or(first.row, |row| row.row);
    let parted = parting.range(above..row).next().is_some();
    let same = |col: u32| {
        let (upper, lower) = (CellRef::new(first.row, col), CellRef::new(name.row, col));
        page.is_blank(lower) || page.sheet.shown(upper) == page.sheet.shown(lower)
    };
    let same_unit = list.column(concept::field::UNIT).is_none_or(same);
    first == name || page.is_blank(name) || (same(list.project) && same_unit && !parted)
}

/// A row that sums up projects.
struct Subtotal {
    row: u32,
    /// The sheet rows of the projects it sums up.
    covers: RangeInclusive<u32>,
    /// 合计 of the whole list.
    whole: bool,
}

/// The rows with an amount and neither a project nor an indicator, and what they sum up: `合计` all, `小计` the projects
/// above, a department's name those below, down to the next one that is no part of it (`820001-` is one of `820-`).
fn subtotals(page: &Page<'_>, list: &ListHeader<'_>, table: &Table, end: u32) -> Vec<Subtotal> {
    let Some((_, _, amount)) = list.money().next() else { return Vec::new() };
    let levels = table.columns.iter().filter(|(id, _)| id.as_str() != "note").map(|(_, head)| head.cell.col);
    let levels: Vec<u32> = levels.collect();
    let own_text = |row: u32, col: u32| {
        let at = CellRef::new(row, col);
        page.sheet.anchor(at).row == row && !page.is_blank(at)
    };
    let sums = |row: &u32| {
        own_text(*row, amount.col) && levels.iter().all(|col| !own_text(*row, *col)) && !names_project(page, list, *row)
    };
    let rows: Vec<u32> = (list.first..=end).filter(sums).collect();
    let says = |row: u32, words: &[&str]| {
        page.filled(row).any(|(at, _)| at.col < amount.col && words.iter().any(|word| page.key(at).ends_with(word)))
    };
    let is_whole = |row: u32| says(row, &["合计", "总计"]);
    let code = |row: u32| page.filled(row).next().map(|(at, _)| code(&page.sheet.shown(at))).unwrap_or_default();
    let mut subtotals = Vec::with_capacity(rows.len());
    for (index, row) in rows.iter().enumerate() {
        let own = code(*row);
        let is_part = |other: u32| {
            let other = code(other);
            !own.is_empty() && other.len() > own.len() && other.starts_with(&own)
        };
        let ends = |other: &&u32| !is_whole(**other) && !is_part(**other);
        let above = index.checked_sub(1).and_then(|above| rows.get(above));
        let mut below = rows.iter().skip(index + 1);
        let covers = if is_whole(*row) {
            list.first..=end
        } else if says(*row, &["小计"]) {
            above.map_or(list.first, |other| other + 1)..=row.saturating_sub(1)
        } else {
            row + 1..=below.find(ends).map_or(end, |other| other - 1)
        };
        subtotals.push(Subtotal { row: *row, covers, whole: is_whole(*row) });
    }
    subtotals
}

/// The code before a name: `820` of `820-枫屏镇部门`.
fn code(text: &str) -> String {
    fold(text).trim().chars().take_while(char::is_ascii_alphanumeric).collect()
}

/// Whether a row names a project, or continues one merged from above. `合计` in the column of names is none.
fn names_project(page: &Page<'_>, list: &ListHeader<'_>, row: u32) -> bool {
    let at = CellRef::new(row, list.project);
    let key = page.key(at);
    !page.is_blank(at) && !["合计", "总计", "小计"].iter().any(|word| key.ends_with(word))
}

/// Notes a subtotal with the amounts it must be the sum of on the first project that it covers.
fn sum_up(page: &Page<'_>, list: &ListHeader<'_>, subtotal: &Subtotal, forms: &mut [Form], habits: Habits<'_>) {
    let below = |form: &Form| subtotal.covers.contains(&form.range.start.row);
    // Under `820-` only units `820…` count, where codes are written at all.
    let name = page.filled(subtotal.row).next().map(|(at, _)| reading::field(page.sheet, at, FieldKind::Text, habits));
    let own = name.as_ref().map(|name| code(name.text())).unwrap_or_default();
    let of_unit =
        |form: &Form| form.record.filled(concept::field::UNIT).is_some_and(|unit| code(unit).starts_with(&own));
    let coded = !own.is_empty() && forms.iter().any(|form| below(form) && of_unit(form));
    let covered = |form: &Form| below(form) && (!coded || of_unit(form));
    let amounts = |form: &Form| {
        let amount = |(grid, column, _): &(&GridSpec, &ColumnSpec, CellRef)| {
            let total = grid.rows.iter().find(|line| line.total)?;
            let field = form.record.grids.get(&grid.id)?.cell(&total.id, &column.id)?.clone();
            Some((Id::from(&column.id), field))
        };
        Row { row: form.range.start.row, cells: list.money().filter_map(amount).collect(), ..Row::default() }
    };
    let rows: Vec<Row> = forms.iter().filter(|form| covered(form)).map(amounts).collect();
    let Some(first) = forms.iter_mut().find(|form| covered(form)) else { return };
    let stated = |col: u32, kind: FieldKind| reading::field(page.sheet, CellRef::new(subtotal.row, col), kind, habits);
    let mut cells: BTreeMap<Id, Field> =
        list.money().map(|(_, column, head)| (Id::from(&column.id), stated(head.col, column.kind))).collect();
    cells.extend(name.map(|name| (Id::from(concept::field::DEPARTMENT), name)));
    let columns = list.money().map(|(_, column, head)| (Id::from(&column.id), page.head(*head))).collect();
    let total = Some(Row { row: subtotal.row, cells, ..Row::default() });
    let tables = &mut first.record.tables;
    let id = if subtotal.whole { concept::LIST_TOTAL } else { concept::SUBTOTAL };
    // A department and one of its units may begin with the same project.
    let again = tables.keys().filter(|known| known.starts_with(id)).count();
    let id = if again == 0 { id.to_owned() } else { format!("{id}.{}", again + 1) };
    tables.insert(id.into(), Table { columns, rows, total, ..Table::default() });
}

fn project(
    page: &Page<'_>,
    list: &ListHeader<'_>,
    (whole, vacant): (&Form, &[VacantRow]),
    name: CellRef,
    rows: Vec<Row>,
    habits: Habits<'_>,
) -> Form {
    let mut form = whole.clone();
    let read = |col: u32, kind: FieldKind| reading::field(page.sheet, CellRef::new(name.row, col), kind, habits);
    for (spec, col) in &list.fields {
        let at = CellRef::new(name.row, *col);
        form.record.fields.insert(Id::from(&spec.id), reading::labelled(page.sheet, at, spec, habits));
    }
    for (grid, column, head) in &list.amounts {
        let Some(total) = grid.rows.iter().find(|line| line.total) else { continue };
        let label = reading::field(page.sheet, *head, FieldKind::Text, habits).provenance;
        let row = || GridRow { id: total.id.clone(), label, of_which: false, cells: BTreeMap::new() };
        let read_grid: &mut Grid = form.record.grids.entry(Id::from(&grid.id)).or_default();
        if read_grid.rows.is_empty() {
            read_grid.rows.push(row());
        }
        let cells: Option<&mut BTreeMap<Id, Field>> = read_grid.rows.first_mut().map(|row| &mut row.cells);
        cells.map(|cells| cells.insert(Id::from(&column.id), read(head.col, column.kind)));
    }
    let last = rows.last().map_or(name.row, |row| row.row);
    if let Some(table) = form.record.tables.get_mut(concept::INDICATORS) {
        let vacant = vacant.iter().filter(|row| (name.row..=last).contains(&row.row)).cloned().collect();
        *table = Table { rows, vacant, total: None, execution: None, ..std::mem::take(table) };
    }
    form.range = CellRange::new(CellRef::new(name.row, whole.range.start.col), CellRef::new(last, whole.range.end.col));
    form
}
