//! Where what stood in a form as handed in stands in the blank form that it was drawn into: found by reading that form
//! again, so that only what comes back as it was counts as placed.

use std::collections::{BTreeMap, BTreeSet};

use crate::address::CellRef;
use crate::form::{Field, Form, Provenance, Reading, Row};
use crate::schema::concept::INDICATORS;
use crate::template::{Plan, Role};
use crate::text::squeeze;

/// Old cells and new ones.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// What corrected cells show, by old cell.
    corrected: BTreeMap<CellRef, String>,
    /// Old cell → new cell.
    pub(super) cells: BTreeMap<CellRef, CellRef>,
    /// What is read of each old cell and stands in the new form, as written.
    pub(super) parts: BTreeMap<CellRef, Vec<String>>,
    /// Cells that are known as labels and have their like in the new form.
    pub(super) labels: BTreeSet<CellRef>,
    /// Values that the new form does not give back as they were, by old cell.
    pub(super) lost: BTreeMap<CellRef, String>,
}

/// The places of a form. `rows_before` are rows of its tables that stand in the plan before those of this form: in a list
/// those of the projects above; `corrected` is what corrected cells show.
pub(super) fn places(
    old: &Form,
    new: &Form,
    plan: &Plan,
    rows_before: usize,
    corrected: BTreeMap<CellRef, String>,
) -> Places {
    let mut places = Places { corrected, ..Places::default() };
    let (was, now) = (&old.record, &new.record);
    for (was, now) in was.title.iter().zip(&now.title) {
        places.value(was, Some(now));
    }
    for note in &was.notes {
        places.value(note, now.notes.iter().find(|other| squeeze(other.text()) == squeeze(note.text())));
    }
    for (id, field) in &was.fields {
        // What the form names nowhere else a blank form may name in words of its own.
        places.value(field, now.fields.get(id));
    }
    for (id, grid) in &was.grids {
        let Some(other) = now.grids.get(id) else {
            grid.rows.iter().flat_map(|row| row.cells.values()).for_each(|field| places.value(field, None));
            continue;
        };
        places.label(grid.block.as_ref(), other.block.as_ref());
        for (id, head) in &grid.columns {
            if let Some(other) = other.columns.get(id) {
                places.cells.entry(head.cell).or_insert(other.cell);
                places.labels.insert(head.cell);
            }
        }
        let mut taken = vec![false; other.rows.len()];
        for row in &grid.rows {
            let known = |id: &str| id == row.id || (id.starts_with("other-row") && row.id.starts_with("other-row"));
            let same_label =
                |at: usize| other.rows.get(at).is_some_and(|o| squeeze(&o.label.text) == squeeze(&row.label.text));
            let free = |at: &usize| !taken.get(*at).is_some_and(|t| *t);
            let candidates: Vec<usize> = (0..other.rows.len())
                .filter(free)
                .filter(|at| other.rows.get(*at).is_some_and(|o| known(&o.id) || same_label(*at)))
                .collect();
            let best = candidates.iter().copied().find(|at| same_label(*at)).or(candidates.first().copied());
            if let Some(slot) = best.and_then(|at| taken.get_mut(at)) {
                *slot = true;
            }
            let line = best.and_then(|at| other.rows.get(at));
            places.label(Some(&row.label), line.map(|line| &line.label));
            for (id, field) in &row.cells {
                places.value(field, line.and_then(|line| line.cells.get(id)));
            }
        }
    }
    for (id, table) in &was.tables {
        let Some(other) = now.tables.get(id) else {
            let rows = table.rows.iter().chain(&table.total);
            rows.flat_map(|row| row.cells.values()).for_each(|field| places.value(field, None));
            continue;
        };
        places.label(table.block.as_ref(), other.block.as_ref());
        for (id, head) in &table.columns {
            if let Some(other) = other.columns.get(id) {
                places.cells.entry(head.cell).or_insert(other.cell);
                places.labels.insert(head.cell);
            }
        }
        let mut numbers: Vec<u32> = table.rows.iter().map(|row| row.row).collect();
        numbers.extend(table.vacant.iter().map(|row| row.row));
        numbers.sort_unstable();
        let place_of = |row: u32| {
            let at = numbers.iter().position(|number| *number == row)?;
            plan.own_rows.get(&(id.to_string(), rows_before + at)).copied()
        };
        for row in &table.rows {
            let line = place_of(row.row).and_then(|at| other.rows.iter().find(|line| line.row == at));
            places.row(row, line);
        }
        for vacant in &table.vacant {
            let Some(row) = place_of(vacant.row) else { continue };
            let class = |piece: &Role| match piece {
                Role::Row { column, .. } => Some(column.clone()),
                _ => None,
            };
            let here = plan.pieces.iter().filter(|piece| piece.range.start.row == row);
            let boxes: BTreeMap<String, CellRef> =
                here.filter_map(|piece| Some((class(piece.role()?)?, piece.range.start))).collect();
            let name = boxes.get("level3").or_else(|| boxes.values().next());
            places.cells.extend(name.map(|name| (vacant.cell, *name)));
            for (id, head) in &table.columns {
                if let Some(at) = boxes.get(id.as_str()) {
                    places.cells.entry(CellRef::new(vacant.row, head.cell.col)).or_insert(*at);
                }
            }
        }
        if let Some(total) = &table.total {
            places.row(total, other.total.as_ref());
        }
        if id == INDICATORS {
            for (was, now) in table.execution.iter().zip(&other.execution) {
                places.row(was, Some(now));
            }
        }
    }
    places
}

impl Places {
    /// Notes a value and where it is read again.
    fn value(&mut self, was: &Field, now: Option<&Field>) {
        let at = was.cell();
        match now {
            Some(now)
                if same(was, now)
                    || self.corrected.get(&at).is_some_and(|text| squeeze(text) == squeeze(now.text())) =>
            {
                self.cells.entry(at).or_insert(now.cell());
                self.parts.entry(at).or_default().push(was.text().to_owned());
                self.lost.remove(&at);
            }
            Some(now) if was.is_blank() => drop(self.cells.entry(at).or_insert(now.cell())),
            // Read twice, as in a total that is a field too, it is lost only where it is so each time.
            _ if was.is_blank() || self.parts.contains_key(&at) => {}
            _ => drop(self.lost.insert(at, was.text().to_owned())),
        }
    }

    fn label(&mut self, was: Option<&Provenance>, now: Option<&Provenance>) {
        if let (Some(was), Some(now)) = (was, now) {
            self.cells.entry(was.cell).or_insert(now.cell);
            self.labels.insert(was.cell);
            if squeeze(&was.text) == squeeze(&now.text) {
                self.parts.entry(was.cell).or_default().push(was.text.clone());
            }
        }
    }

    fn row(&mut self, was: &Row, now: Option<&Row>) {
        self.label(was.block.as_ref(), now.and_then(|now| now.block.as_ref()));
        for (id, field) in &was.cells {
            self.value(field, now.and_then(|now| now.cells.get(id)));
        }
    }
}

/// Whether a value is read again as it was; by a formula of the blank form also to fewer digits.
pub(super) fn same(was: &Field, now: &Field) -> bool {
    let number = |field: &Field| field.number();
    if was.reading == now.reading {
        return true;
    }
    match (&was.reading, &now.reading, number(was).zip(number(now))) {
        (_, _, Some((one, other))) => {
            was.provenance.formula.is_some() && (one.round_dp(4) == other || one.round_dp(2) == other)
        }
        (Reading::Unreadable(_), Reading::Unreadable(_), _) => squeeze(was.text()) == squeeze(now.text()),
        _ => false,
    }
}
