//! A unit's own values drawn into the blank form: every value in its box, as the unit wrote it. What the blank form prints
//! and the unit wrote otherwise stays as the unit wrote it; what it does not print, but the schema knows, it prints for this
//! unit.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::own::{Overruled, Own, OwnRow};
use super::plan::{Entry, Input, Kind, Look, Plan, Role};
use super::table_lines::Line;
use crate::schema::concept::{self, column, field};
use crate::schema::{Block, FieldKind, Schema};
use crate::text::{label_key, squeeze};
use crate::workbook::{Cell, Content};

impl Own {
    /// What the unit put into a cell of a grid.
    pub(super) fn cell(&self, grid: &str, row: &str, column: &str) -> Option<&Cell> {
        self.grids.get(grid)?.iter().find(|line| line.id == row)?.cells.get(column)
    }

    /// The rows of a table that stand under a header of their own, each group with what stands left of it: where the blank
    /// form prints the table several times, or the unit's has the longer horizon above the year.
    fn groups(&self, table: &str, printed_again: bool) -> Vec<(String, Vec<usize>)> {
        let rows = self.tables.get(table).map_or(&[][..], |table| &table.rows);
        let mut groups: Vec<((bool, &str), Vec<usize>)> = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let key = (row.term, if printed_again || row.term { row.block.as_str() } else { "" });
            match groups.iter_mut().find(|(known, _)| *known == key) {
                Some((_, rows)) => rows.push(at),
                None => groups.push((key, vec![at])),
            }
        }
        groups.into_iter().map(|((_, label), rows)| (label.to_owned(), rows)).collect()
    }

    /// The rows of the n-th printing of a table.
    pub(super) fn rows_of(&self, table: &str, blocks: &[Block], number: usize) -> Vec<usize> {
        let same = |block: &&Block| matches!(block, Block::Table { table: other, .. } if other == table);
        let before = blocks.iter().take(number).filter(same).count();
        let groups = self.groups(table, self.again.contains(table));
        groups.into_iter().nth(before).map(|(_, rows)| rows).unwrap_or_default()
    }

    /// Prints a table as often as the unit has groups of its rows, each with the unit's own words beside it.
    fn repeat(&self, blocks: Vec<Block>) -> Vec<Block> {
        let mut printed: BTreeMap<String, usize> = BTreeMap::new();
        let mut all = Vec::new();
        let count =
            |table: &str| blocks.iter().filter(|b| matches!(b, Block::Table { table: t, .. } if t == table)).count();
        for block in &blocks {
            let Block::Table { table, label, .. } = block else {
                all.push(block.clone());
                continue;
            };
            let groups = self.groups(table, self.again.contains(table));
            let at = printed.entry(table.clone()).or_default();
            let last = *at + 1 == count(table);
            let mine = if last { groups.get(*at..) } else { groups.get(*at..=*at) }.unwrap_or_default();
            let named = mine.iter().map(|(own, _)| if own.is_empty() { label.clone() } else { own.clone() });
            let labels: Vec<String> = if mine.is_empty() { vec![label.clone()] } else { named.collect() };
            for label in labels {
                let mut again = block.clone();
                if let Block::Table { label: old, .. } = &mut again {
                    *old = label;
                }
                all.push(again);
            }
            *at += 1;
        }
        all
    }

    /// The printed blocks, with what the unit filled in beside them and the schema knows.
    pub(super) fn widen(&self, schema: &Schema, blocks: Vec<Block>) -> Vec<Block> {
        let mut blocks = self.repeat(blocks);
        let mut grids: BTreeSet<String> = BTreeSet::new();
        let mut printed: BTreeSet<String> = schema.layout.signature.iter().cloned().collect();
        for block in &mut blocks {
            match block {
                Block::Grid { grid, rows, columns, .. } => {
                    grids.insert(grid.clone());
                    self.widen_grid(schema, grid, rows, columns);
                }
                Block::Table { table, columns, .. } => self.widen_table(schema, table, columns),
                Block::Fields { fields, .. } | Block::Heads { fields, .. } => printed.extend(fields.iter().cloned()),
            }
        }
        if schema.list {
            return blocks;
        }
        let around =
            [field::YEAR, field::UNIT, field::MONEY_UNIT, field::TOTAL_WEIGHT, field::TOTAL_SCORE, field::TOTAL_GRADE];
        let is_missing = |id: &str, kind: FieldKind| {
            let filled = self.fields.get(id).is_some_and(|cell| !cell.is_blank());
            filled && kind != FieldKind::Month && !printed.contains(id) && !around.contains(&id)
        };
        let missing = schema.fields.iter().filter(|spec| is_missing(&spec.id, spec.kind)).map(|spec| spec.id.clone());
        let missing: Vec<String> = missing.collect();
        let at = |wanted: fn(&Block) -> bool| blocks.iter().rposition(wanted).map(|at| at + 1);
        let (short, long): (Vec<String>, Vec<String>) = missing
            .into_iter()
            .partition(|id| self.fields.get(id).is_none_or(|cell| cell.shown().chars().count() <= 24));
        let behind = at(|block| matches!(block, Block::Fields { lines: 1, .. })).unwrap_or(0);
        let long_behind = at(|block| !matches!(block, Block::Table { .. })).unwrap_or(0);
        for id in long.into_iter().rev() {
            blocks.insert(long_behind, Block::Fields { fields: vec![id], lines: 3 });
        }
        for pair in short.chunks(2).rev() {
            blocks.insert(behind, Block::Fields { fields: pair.to_vec(), lines: 1 });
        }
        blocks
    }

    fn widen_grid(&self, schema: &Schema, grid: &str, rows: &mut Vec<String>, columns: &mut Vec<String>) {
        let (Some(own), Some(spec)) = (self.grids.get(grid), schema.grid(grid)) else { return };
        let mut behind = 0;
        for line in own {
            match rows.iter().position(|id| *id == line.id) {
                Some(at) => behind = at + 1,
                None if line.cells.values().any(|cell| !cell.is_blank()) => {
                    rows.insert(behind.min(rows.len()), line.id.clone());
                    behind += 1;
                }
                None => {}
            }
        }
        let filled = |id: &str| own.iter().any(|line| line.cells.get(id).is_some_and(|cell| !cell.is_blank()));
        if columns.is_empty() {
            return;
        }
        widen_columns(columns, spec.columns.iter().map(|column| column.id.as_str()), filled);
    }

    fn widen_table(&self, schema: &Schema, table: &str, columns: &mut Vec<String>) {
        let (Some(own), Some(spec)) = (self.tables.get(table), schema.table(table)) else { return };
        widen_columns(columns, spec.columns.iter().map(|column| column.id.as_str()), |id| own.columns.contains(id));
    }

    /// Puts what the unit filled in into the boxes that are drawn.
    pub(super) fn fill(&self, plan: &mut Plan) {
        for piece in &mut plan.pieces {
            let Kind::Input(input) = &mut piece.kind else { continue };
            if let Some(cell) = self.value(&input.role) {
                input.value = own_entry(input, cell);
            }
        }
        plan.compute();
        // What the workbook computes otherwise than the unit did stays what the unit wrote.
        for piece in &mut plan.pieces {
            let Kind::Computed { role, label, result, kind, .. } = &piece.kind else { continue };
            let Some(cell) = self.value(role) else { continue };
            if !agrees(cell, *result) {
                let own = cell.shown().into_owned();
                // A blank is a matter of the review, not of reckoning.
                let result = result.filter(|_| !cell.is_blank());
                plan.overruled.extend(result.map(|result| {
                    let computed = result.normalize().to_string();
                    (piece.range.start, Overruled { label: label.clone(), own, computed })
                }));
                piece.kind = Kind::Input(kept(role.clone(), label.clone(), *kind, Some(cell)));
            }
        }
        if let Some(unit) = self.money_unit.as_deref().filter(|unit| *unit != "万元") {
            for piece in &mut plan.pieces {
                if let Kind::Text { text, look: Look::Label | Look::Line | Look::Remark | Look::Printed } =
                    &mut piece.kind
                {
                    *text = text.replace("（万元）", &format!("（{unit}）")).replace("：万元", &format!("：{unit}"));
                }
            }
        }
        plan.compute();
    }

    /// What the unit put where a box stands; rows of tables are filled in when they are drawn.
    pub(super) fn value(&self, role: &Role) -> Option<&Cell> {
        match role {
            Role::Field(id) => self.fields.get(id),
            Role::Cell { grid, row, column } => self.cell(grid, row, column),
            Role::Total { table, column } => self.tables.get(table)?.total.get(column),
            Role::Row { table, row, column, .. } => self.tables.get(table)?.rows.get(*row)?.cells.get(column),
            Role::Listed { project, what } => {
                let mut projects =
                    self.tables.get(concept::INDICATORS)?.rows.iter().filter_map(|row| row.project.as_ref());
                projects.nth(*project)?.get(what)
            }
        }
    }
}

/// Adds the columns that are filled, each behind the nearest one that stands before it in the schema.
fn widen_columns<'s>(columns: &mut Vec<String>, all: impl Iterator<Item = &'s str>, filled: impl Fn(&str) -> bool) {
    let mut behind = 0;
    for id in all {
        match columns.iter().position(|known| known == id) {
            Some(at) => behind = at + 1,
            None if filled(id) => {
                columns.insert(behind.min(columns.len()), id.to_owned());
                behind += 1;
            }
            None => {}
        }
    }
}

/// What is written into a box: nothing where the unit left it blank.
fn own_entry(input: &Input, cell: &Cell) -> Option<Entry> {
    if cell.is_blank() {
        return None;
    }
    let is_year_line = !input.bordered && input.role == Role::Field(field::YEAR.to_owned());
    Some(match is_year_line {
        true if !cell.shown().contains('年') => Entry::Text(format!("（{}年度）", squeeze(&cell.shown()))),
        _ => Entry::Own(Cell { formula: None, ..cell.clone() }),
    })
}

/// Whether the box computes what the unit has in it: the same number, or one that a formula of the unit's makes of more
/// digits.
fn agrees(cell: &Cell, result: Option<Decimal>) -> bool {
    match (&cell.content, result) {
        (Content::Number(own), Some(result)) => {
            let digits = if cell.formula.is_some() { result.scale().max(2) } else { 28 };
            own.round_dp(digits) == result.round_dp(digits)
        }
        _ => cell.is_blank() && result.is_none(),
    }
}

/// Whether the unit wrote something else than the figure or mark that is printed.
pub(super) fn unlike(printed: &str, own: Option<&Cell>) -> bool {
    let Some(own) = own else { return false };
    let is_figure = printed.parse::<Decimal>().is_ok();
    match own.is_blank() {
        true => is_figure,
        false => label_key(&own.shown()) != label_key(printed) && squeeze(&own.shown()) != squeeze(printed),
    }
}

/// A box that holds what the unit wrote.
pub(super) fn kept(role: Role, label: String, kind: FieldKind, cell: Option<&Cell>) -> Input {
    let mut input = Input {
        role,
        label,
        kind,
        choices: Vec::new(),
        closed: false,
        required: false,
        max_chars: None,
        limit: None,
        bordered: true,
        lead: String::new(),
        value: None,
    };
    input.value = cell.and_then(|cell| own_entry(&input, cell));
    input
}

/// The lines of a table: the unit's own in their order, and among them those of classes that the unit's form has not got,
/// each behind what stands before it on the blank form.
pub(super) fn own_lines(blank: Vec<Line>, own: &[(usize, &OwnRow)], list: bool) -> Vec<Line> {
    let mut taken = vec![false; blank.len()];
    let mut lines: Vec<(Option<usize>, Line)> = Vec::new();
    let is_plain = |line: &Line| line.class.is_none() && printed_key(line).is_none();
    for (at, row) in own {
        let fits = |line: &Line| match (&line.class, printed_key(line)) {
            (Some(class), _) => row.class.as_ref() == Some(class),
            (None, Some((column, key))) => row.cells.get(column).is_some_and(|cell| label_key(&cell.shown()) == key),
            (None, None) => true,
        };
        let place = (0..blank.len()).find(|at| !taken.get(*at).is_some_and(|t| *t) && blank.get(*at).is_some_and(fits));
        let place = place.or_else(|| {
            let is_mine =
                |line: &Line| line.class.as_ref().map(|c| &c.0) == row.class.as_ref().map(|c| &c.0) && fits(line);
            blank.iter().rposition(is_mine).filter(|_| !list)
        });
        if let Some(slot) = place.and_then(|place| taken.get_mut(place)) {
            *slot = true;
        }
        let printed = place.and_then(|place| blank.get(place)).map(|line| line.printed.clone()).unwrap_or_default();
        let begins = row.project.is_some();
        let line = Line {
            class: row.class.clone(),
            printed: own_words(printed, row),
            own: Some(*at),
            begins,
            ..Line::default()
        };
        lines.push((place, line));
    }
    if list {
        return lines.into_iter().map(|(_, line)| line).collect();
    }
    let covered = |line: &Line, lines: &[(Option<usize>, Line)]| {
        line.class.is_some() && lines.iter().any(|(_, other)| other.own.is_some() && other.class == line.class)
    };
    // Below a class without second-level ones a line that has one would speak for the rows under it.
    let all_below = own.iter().all(|(_, row)| row.class.as_ref().is_none_or(|(_, below)| below.is_some()));
    let mut spare = Vec::new();
    for (place, line) in blank.iter().enumerate() {
        let told = |other: &(Option<usize>, Line)| {
            other.1.own.is_none() && other.1.class.is_some() && other.1.class == line.class
        };
        if taken.get(place).is_some_and(|taken| *taken) || covered(line, &lines) || lines.iter().any(told) {
            continue;
        }
        if is_plain(line) {
            spare.push((Some(place), line.clone()));
            continue;
        }
        // A printed row that the unit's form has not got would bring points of its own, and a class that nobody asks for is
        // not missed.
        let told_by_class = line.class.as_ref().is_some_and(|(_, below)| below.is_none()) || all_below;
        if line.class.is_none() || !line.wanted || !told_by_class {
            continue;
        }
        let before = |(other, _): &(Option<usize>, Line)| other.is_some_and(|other| other < place);
        let at = lines.iter().rposition(before).map_or(0, |at| at + 1);
        lines.insert(at, (Some(place), line.clone()));
    }
    lines.extend(spare);
    let mut lines: Vec<Line> = lines.into_iter().map(|(_, line)| line).collect();
    // One class is told in the same words all over, so that it stands in one box.
    let words: Vec<(String, String)> = lines.iter().filter(|line| line.own.is_some()).filter_map(first_level).collect();
    for line in lines.iter_mut().filter(|line| line.own.is_none()) {
        let class = line.class.as_ref().map(|(class, _)| class.clone());
        if let Some((_, text)) = words.iter().find(|(of, _)| Some(of) == class.as_ref()) {
            line.printed.insert(column::LEVEL1.to_owned(), text.clone());
        }
    }
    lines
}

/// The class of a line with the words for it.
fn first_level(line: &Line) -> Option<(String, String)> {
    let (class, _) = line.class.as_ref()?;
    Some((class.clone(), line.printed.get(column::LEVEL1)?.clone()))
}

/// The printed words by which a row is known, with their column.
fn printed_key(line: &Line) -> Option<(&str, String)> {
    let known = [column::LEVEL3, "task", "name"];
    let words = |(_, text): &(&String, &String)| text.parse::<Decimal>().is_err();
    let best = known.iter().find_map(|id| line.printed.get_key_value(*id)).filter(words);
    let (id, text) = best.or_else(|| line.printed.iter().find(words))?;
    Some((id, label_key(text)))
}

/// The printed words of a row as the unit has them: its own classes, and of the others those that it left as they are.
fn own_words(printed: BTreeMap<String, String>, row: &OwnRow) -> BTreeMap<String, String> {
    let levels = [column::LEVEL1, column::LEVEL2];
    let has_levels = row.class.is_some() || printed.contains_key(column::LEVEL1);
    let mut words: BTreeMap<String, String> = printed
        .into_iter()
        .filter(|(id, text)| !levels.contains(&id.as_str()) && !unlike(text, row.cells.get(id)))
        .collect();
    for id in levels.iter().filter(|_| has_levels) {
        if let Some(cell) = row.cells.get(*id).filter(|cell| !cell.is_blank()) {
            words.insert((*id).to_owned(), cell.shown().into_owned());
        }
    }
    words
}
