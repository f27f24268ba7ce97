//! Grids: the money block, as row labels × column headers or as label–value pairs.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::header::inline_pairs;
use super::id::Id;
use super::lexicon::{Lexicon, bare};
use super::page::Page;
use super::reading::{self, Habits};
use super::record::{Field, Grid, GridRow};
use crate::address::CellRef;
use crate::schema::{ColumnSpec, FieldKind, GridSpec, LineSpec, concept::amount};
use crate::text::{fold, label_key};
use crate::value::Measure;

/// The row of column headers of a grid: column concept → zero-based column.
pub(super) struct AmountHeader {
    pub(super) row: u32,
    columns: BTreeMap<String, u32>,
    /// The first column of amounts, of one that no concept took too.
    first: u32,
}

/// The header of a grid among the rows: a row that names an amount and at least one more column; of a grid of texts
/// (`情况说明 | 存在问题和改进措施`) any two of them.
pub(super) fn find_header(
    page: &Page<'_>,
    rows: impl Iterator<Item = u32>,
    spec: &GridSpec,
    lexicon: &Lexicon,
) -> Option<AmountHeader> {
    let is_money = |column: &ColumnSpec| matches!(column.kind, FieldKind::Amount | FieldKind::Rate);
    let of_texts = !spec.columns.iter().any(is_money);
    let mut best: Option<AmountHeader> = None;
    for row in rows {
        let mut columns: BTreeMap<String, u32> = BTreeMap::new();
        let mut money = 0;
        let mut first = None;
        for at in page.boxes(row) {
            let Some((grid, column)) = lexicon.amount(page.key(at)) else { continue };
            // `年度预算数（万元）` may head the row labels, `预算资金` beside them name the whole block.
            let heads_labels = page.below(at).is_some_and(|below| lexicon.line(spec, page.key(below)).is_some());
            let names_block = page.sheet.span(at).height() > 2;
            // `预算数 | 240 | 执行数 | 216`: a label with its amount beside it.
            let is_pair = lexicon.beside(page, at).is_some_and(|value| is_amount(page, value));
            if grid.id == spec.id && !heads_labels && !names_block && !is_pair {
                money += u32::from(of_texts || is_money(column));
                first.get_or_insert(at.col);
                let before = columns.insert(column.id.clone(), at.col);
                // 年初预算数 before 调整后预算数, where the schema has one column for both.
                if let Some(col) = before.filter(|col| page.key(CellRef::new(row, *col)).starts_with("年初")) {
                    columns.entry(amount::INITIAL.to_owned()).or_insert(col);
                }
            }
        }
        let starts_here = || page.filled(row).any(|(at, _)| lexicon.amount(page.key(at)).is_some());
        if let Some(first) = first
            && money >= 1
            && columns.len() >= 2
            && starts_here()
            && best.as_ref().is_none_or(|b| columns.len() > b.columns.len())
        {
            // Headings merged downward belong to the last of their rows.
            let ends = columns.values().map(|col| page.sheet.span(CellRef::new(row, *col)).end.row);
            let row = ends.min().unwrap_or(row);
            best = Some(AmountHeader { row, columns, first });
        }
    }
    best
}

/// Reads a grid with column headers.
pub(super) fn read_columns(
    page: &Page<'_>,
    header: &AmountHeader,
    last_row: u32,
    spec: &GridSpec,
    lexicon: &Lexicon,
    habits: Habits<'_>,
) -> Grid {
    let mut grid = Grid {
        columns: header
            .columns
            .iter()
            .map(|(id, col)| (Id::from(id), page.head(CellRef::new(header.row, *col))))
            .collect(),
        ..Grid::default()
    };
    let first_col = header.first;
    let block = block_label(page, header.row, first_col);
    // A block label merged downward says where the block ends.
    let block_end =
        block.map(|at| page.sheet.span(at)).filter(|span| span.end.row > header.row).map(|span| span.end.row);
    grid.block = block.map(|at| reading::field(page.sheet, at, FieldKind::Text, habits).provenance);
    for row in header.row + 1..=block_end.unwrap_or(last_row).min(last_row) {
        let label = row_label(page, row, first_col, block).or_else(|| {
            // The one row of amounts under the header needs no label, or has one that begins beside the header.
            let beside = page.boxes(header.row).take_while(|at| at.col < first_col);
            let total = beside.filter(|at| !page.is_blank(*at)).last();
            total.filter(|_| grid.rows.is_empty() && has_amount(page, row, header))
        });
        let Some(label) = label else { if block_end.is_some() || row_is_blank(page, row) { continue } else { break } };
        let key = page.key(label);
        let line =
            lexicon.line(spec, key).or_else(|| spec.rows.iter().find(|line| line.total && label.row == header.row));
        let unknown = line.is_none() && !lexicon.is_label(key);
        let written = if unknown { written_out(page, row, first_col, spec, lexicon) } else { Vec::new() };
        if !written.is_empty() {
            written.iter().for_each(|place| push_amount(&mut grid, page, place, spec, habits));
            continue;
        }
        // `按收入性质分：` heads the rows below it.
        if line.is_none() && key.starts_with('按') && !has_amount(page, row, header) {
            continue;
        }
        if line.is_none() && block_end.is_none() && (lexicon.is_label(key) || !has_amount(page, row, header)) {
            break;
        }
        let cells = row_cells(page, row, label, header, spec, habits);
        // A second row of headings under a merged one has no cells of its own.
        if cells.is_empty() {
            continue;
        }
        push(&mut grid, page, label, line, cells, habits);
    }
    grid
}

/// The cells of a row under the header, the label and what is merged from above excepted.
fn row_cells(
    page: &Page<'_>,
    row: u32,
    label: CellRef,
    header: &AmountHeader,
    spec: &GridSpec,
    habits: Habits<'_>,
) -> BTreeMap<Id, Field> {
    let mut cells = BTreeMap::new();
    let mut columns: Vec<(&String, &u32)> = header.columns.iter().collect();
    columns.sort_unstable_by_key(|(_, col)| **col);
    let mut last = None;
    for (id, col) in columns {
        let at = page.sheet.anchor(CellRef::new(row, *col));
        // A reason merged over all rows belongs to the first of them, an amount merged over columns to the first too.
        if at == label || (at.row < row && at.row <= header.row) || last.replace(at) == Some(at) {
            continue;
        }
        let kind = spec.column(id).map_or(FieldKind::Amount, |column| column.kind);
        cells.insert(Id::from(id), reading::field(page.sheet, at, kind, habits));
    }
    cells
}

/// Reads a grid of label–value pairs; each label's value stands to its right.
pub(super) fn read_pairs(
    page: &Page<'_>,
    rows: RangeInclusive<u32>,
    spec: &GridSpec,
    lexicon: &Lexicon,
    habits: Habits<'_>,
) -> Grid {
    let mut grid = Grid::default();
    let block = rows
        .clone()
        .flat_map(|row| page.filled(row))
        .map(|(at, _)| at)
        .find(|at| page.key(*at) == label_key(&spec.label) && page.sheet.span(*at).height() > 1);
    let rows = block.map_or(rows, |at| at.row..=page.sheet.span(at).end.row);
    grid.block = block.map(|at| reading::field(page.sheet, at, FieldKind::Text, habits).provenance);
    let places: Vec<Place<'_>> = rows
        .clone()
        .flat_map(|row| page.filled(row))
        .flat_map(|(label, _)| places(page, label, spec, lexicon))
        .collect();
    // Two horizons side by side: the total's best label (年度 before 中期) decides which column of labels counts.
    let home = places.iter().filter(|place| place.line.total).min_by_key(|place| place.rank).map(|place| place.label);
    for place in &places {
        let at_home = |other: &Place<'_>| Some(other.label.col) == home.map(|total| total.col);
        let elsewhere = |other: &&Place<'_>| other.line.id == place.line.id;
        let far = |other: &&Place<'_>| home.map_or(0, |total| other.label.row.abs_diff(total.row));
        let nearest =
            || places.iter().filter(elsewhere).min_by_key(far).is_some_and(|other| other.label == place.label);
        // `项目总预算` over `当年年度预算`: the better label names the row.
        let better = |other: &Place<'_>| at_home(other) && other.line.id == place.line.id && other.rank < place.rank;
        if place.line.total && places.iter().any(better) {
            continue;
        }
        // Away from home a row counts only where home has none of its kind, and then the one nearest to the total.
        if at_home(place) || (!places.iter().filter(elsewhere).any(at_home) && nearest()) {
            push_amount(&mut grid, page, place, spec, habits);
        }
    }
    paired_columns(&mut grid, page, rows.clone(), spec, lexicon, habits);
    if grid.rows.iter().all(|row| row.cells.values().all(Field::is_blank)) {
        sums(page, rows, spec, lexicon, habits).unwrap_or(grid)
    } else {
        grid
    }
}

/// The row of sums under headings that name the rows of the block: `总额 | 财政拨款 | 其他资金` over a list of tasks, or
/// over the one row of amounts.
fn sums(
    page: &Page<'_>,
    rows: RangeInclusive<u32>,
    spec: &GridSpec,
    lexicon: &Lexicon,
    habits: Habits<'_>,
) -> Option<Grid> {
    let heads = |row: u32| -> Vec<(CellRef, &LineSpec)> {
        page.filled(row).filter_map(|(at, _)| Some((at, lexicon.line(spec, page.key(at))?))).collect()
    };
    let (header, heads) = rows
        .clone()
        .map(|row| (row, heads(row)))
        .find(|(_, heads)| heads.len() >= 2 && heads.iter().any(|(_, line)| line.total))?;
    let is_sum = |at: &CellRef| {
        let key = page.key(*at);
        key.ends_with("合计") || key.ends_with("总计")
    };
    let below = heads.iter().all(|(head, _)| {
        lexicon.under(page, *head).is_some_and(|at| at.row == header + 1 && (page.is_blank(at) || is_amount(page, at)))
    });
    let summed = || (header + 1..=*rows.end()).find(|row| page.filled(*row).any(|(at, _)| is_sum(&at)));
    let row = summed().or_else(|| (below && header < *rows.end()).then_some(header + 1))?;
    let mut grid = Grid::default();
    for (head, line) in heads {
        let value = reading::field(page.sheet, CellRef::new(row, head.col), FieldKind::Amount, habits);
        push(&mut grid, page, head, Some(line), BTreeMap::from([(Id::from(amount::BUDGET), value)]), habits);
    }
    Some(grid)
}

/// `执行数 | 216 | 执行率 | 90%`: columns whose one amount stands beside the heading belong to the total.
fn paired_columns(
    grid: &mut Grid,
    page: &Page<'_>,
    rows: RangeInclusive<u32>,
    spec: &GridSpec,
    lexicon: &Lexicon,
    habits: Habits<'_>,
) {
    for label in rows.flat_map(|row| page.filled(row)).map(|(at, _)| at) {
        let named = lexicon.amount(page.key(label)).filter(|(grid, _)| grid.id == spec.id);
        let is_money = |column: &ColumnSpec| matches!(column.kind, FieldKind::Amount | FieldKind::Rate);
        let Some((_, column)) = named.filter(|(_, column)| is_money(column)) else { continue };
        let Some(value) = lexicon.beside(page, label).filter(|at| is_amount(page, *at)) else { continue };
        let value = reading::field(page.sheet, value, column.kind, habits);
        let total = spec.rows.iter().find(|line| line.total);
        match grid.rows.iter_mut().find(|row| total.is_some_and(|line| line.id == row.id)) {
            Some(row) => {
                row.cells.entry(Id::from(&column.id)).or_insert(value);
            }
            None => push(grid, page, label, total, BTreeMap::from([(Id::from(&column.id), value)]), habits),
        }
    }
}

/// Where a row of label and value stands.
struct Place<'a> {
    label: CellRef,
    value: CellRef,
    /// The value, where it is written behind the label in the same cell.
    inline: Option<String>,
    line: &'a LineSpec,
    /// How good the label is for its row, best 0.
    rank: usize,
}

/// The rows that a cell labels: one with its value to the right, or several written out in the cell itself.
fn places<'a>(page: &Page<'_>, label: CellRef, spec: &'a GridSpec, lexicon: &'a Lexicon) -> Vec<Place<'a>> {
    let place = |key: &str, value: CellRef, inline: Option<String>| {
        let line = lexicon.line(spec, key)?;
        let bare = bare(key);
        let rank = line.labels.iter().position(|l| l == key || l == bare).unwrap_or(usize::MAX);
        Some(Place { label, value, inline, line, rank })
    };
    let shown = fold(&page.sheet.shown(label));
    let told = told_amounts(&shown, spec, lexicon);
    let written = if told.len() >= 2 { told } else { inline_pairs(&shown, lexicon) };
    let written = written.into_iter().filter(|(_, value)| !value.is_empty());
    let inline: Vec<Place<'a>> = written.filter_map(|(key, value)| place(&key, label, Some(value))).collect();
    if !inline.is_empty() {
        return inline;
    }
    // Past blank cells only an amount is one; a word there belongs to something else.
    let near = page.right_of(label).filter(|near| page.is_blank(*near) && page.right_past_gap(*near).is_none());
    let value = lexicon.beside(page, label).map(|value| near.filter(|_| !is_amount(page, value)).unwrap_or(value));
    let Some(value) = value else { return Vec::new() };
    // `1.资金来源：（1）财政拨款`: the part behind the colon names the row.
    let behind = || place(&label_key(shown.rsplit_once(':')?.1), value, None);
    place(page.key(label), value, None).or_else(behind).into_iter().collect()
}

/// The amounts that a cell tells one after the other: `资金总额：38万元，其中：财政拨款30万元、其他资金8万元`.
fn told_amounts(folded: &str, spec: &GridSpec, lexicon: &Lexicon) -> Vec<(String, String)> {
    // A comma between digits parts thousands.
    let parts = |at: usize, c: char| match c {
        ' ' | ';' | '、' | '。' => true,
        ',' => !folded.get(at + 1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())),
        _ => false,
    };
    let mut pieces = Vec::new();
    let mut start = 0;
    for (at, c) in folded.char_indices().filter(|(at, c)| parts(*at, *c)) {
        pieces.extend(folded.get(start..at));
        start = at + c.len_utf8();
    }
    pieces.extend(folded.get(start..));
    let amount = |piece: &str| {
        let piece = piece.trim_start_matches("其中").trim_start_matches(':');
        let digit = piece.find(|c: char| c.is_ascii_digit())?;
        let (label, value) = piece.split_at_checked(digit)?;
        let key = label_key(label);
        lexicon.line(spec, &key)?;
        Measure::parse(value).is_some().then(|| (key, value.to_owned()))
    };
    pieces.into_iter().filter_map(amount).collect()
}

/// Rows written out in a box that covers several columns of amounts: `其中：基本支出：450`.
fn written_out<'a>(
    page: &Page<'_>,
    row: u32,
    first_col: u32,
    spec: &'a GridSpec,
    lexicon: &'a Lexicon,
) -> Vec<Place<'a>> {
    let wide = page.filled(row).map(|(at, _)| at).filter(|at| {
        let span = page.sheet.span(*at);
        span.width() > 1 && span.end.col >= first_col
    });
    wide.flat_map(|at| places(page, at, spec, lexicon)).filter(|place| place.inline.is_some()).collect()
}

fn push_amount(grid: &mut Grid, page: &Page<'_>, place: &Place<'_>, spec: &GridSpec, habits: Habits<'_>) {
    let kind = spec.column(amount::BUDGET).map_or(FieldKind::Amount, |column| column.kind);
    let value = match &place.inline {
        Some(text) => reading::part(place.label, text, kind, habits),
        None => reading::field(page.sheet, place.value, kind, habits),
    };
    let cells = BTreeMap::from([(Id::from(amount::BUDGET), value)]);
    push(grid, page, place.label, Some(place.line), cells, habits);
}

fn push(
    grid: &mut Grid,
    page: &Page<'_>,
    label: CellRef,
    line: Option<&LineSpec>,
    cells: BTreeMap<Id, Field>,
    habits: Habits<'_>,
) {
    let label = reading::field(page.sheet, label, FieldKind::Text, habits).provenance;
    let id = line.map_or_else(|| format!("other-row-{}", grid.rows.len() + 1), |line| line.id.clone());
    let of_which = label_key(&label.text).starts_with("其中");
    grid.rows.push(GridRow { id, label, of_which, cells });
}

/// The label left of a header row: `项目资金（万元）`.
fn block_label(page: &Page<'_>, row: u32, first_col: u32) -> Option<CellRef> {
    page.boxes(row).take_while(|at| at.col < first_col).find(|at| !page.is_blank(*at))
}

/// The label of a grid row: the filled box nearest to the amounts, the block label excepted.
fn row_label(page: &Page<'_>, row: u32, first_col: u32, block: Option<CellRef>) -> Option<CellRef> {
    page.boxes(row)
        .take_while(|at| at.col < first_col)
        .filter(|at| Some(*at) != block && at.row == row && !page.is_blank(*at))
        .last()
}

fn row_is_blank(page: &Page<'_>, row: u32) -> bool {
    page.filled(row).next().is_none()
}

fn has_amount(page: &Page<'_>, row: u32, header: &AmountHeader) -> bool {
    header.columns.values().any(|col| is_amount(page, CellRef::new(row, *col)))
}

fn is_amount(page: &Page<'_>, at: CellRef) -> bool {
    page.sheet.cell(at).is_some_and(|cell| Measure::parse(&cell.shown()).is_some())
}
