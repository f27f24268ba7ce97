//! A list with a stated total, read as a reviewer reads it: which entries stand twice, which figures stand alone, and what
//! single mending makes sum and count fit.
//!
//! It only proposes; the rule about totals says that they differ.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::phrase;
use crate::address::CellRef;
use crate::form::{Field, Form, Row};
use crate::schema::{FieldKind, Figure, TableSpec, TotalSpec};
use crate::text::{excerpt, squeeze};

/// An earlier row and a later one that say the same.
pub(super) struct Repeat<'a> {
    pub(super) first: &'a Row,
    pub(super) again: &'a Row,
}

/// Rows that repeat an earlier row: equal in the column that may not repeat and in every other column of words that the
/// table requires, with the same amounts.
pub(super) fn repeats<'a>(spec: &TableSpec, rows: &'a [Row]) -> Vec<Repeat<'a>> {
    let Some(name) = spec.columns.iter().find(|column| column.unique) else { return Vec::new() };
    let mut repeats = Vec::new();
    let mut known: BTreeMap<String, Vec<&Row>> = BTreeMap::new();
    for again in rows {
        let Some(own) = again.cell(&name.id).filter(|field| field.is_filled()) else { continue };
        let namesakes = known.entry(squeeze(own.text())).or_default();
        let same = |first: &&&Row| first.at(&name.id) != Some(own.cell()) && agree(spec, &name.id, first, again);
        if let Some(first) = namesakes.iter().find(same) {
            repeats.push(Repeat { first, again });
        } else {
            namesakes.push(again);
        }
    }
    repeats
}

/// Whether nothing that both rows say tells them apart.
fn agree(spec: &TableSpec, name: &str, first: &Row, again: &Row) -> bool {
    let tells = |column: &&crate::schema::ColumnSpec| {
        column.id != name && (column.kind == FieldKind::Amount || (column.required && column.kind == FieldKind::Text))
    };
    spec.columns.iter().filter(tells).all(|column| {
        let (Some(one), Some(other)) = (first.cell(&column.id), again.cell(&column.id)) else { return true };
        match (one.number(), other.number()) {
            (Some(one), Some(other)) => one == other,
            _ => !one.is_filled() || !other.is_filled() || squeeze(one.text()) == squeeze(other.text()),
        }
    })
}

/// A list with what it states of itself.
struct Ledger<'a> {
    name: &'a str,
    amount: &'a str,
    rows: &'a [Row],
    repeats: Vec<Repeat<'a>>,
    /// Stated sum.
    sum: Option<Decimal>,
    /// Stated number of entries.
    count: Option<Decimal>,
}

/// In words why sum or count of a list may not fit; `None` where the spec speaks of no list or nothing can be seen.
pub(super) fn explain(form: &Form, spec: &TotalSpec) -> Option<String> {
    let table = match &spec.parts[..] {
        [Figure::Sum { table, .. } | Figure::Count { table }] => table,
        _ => return None,
    };
    let ledger = Ledger::of(form, table)?;
    let mut seen: Vec<String> = ledger.repeats.iter().map(|repeat| ledger.repeated(repeat)).collect();
    seen.extend(ledger.orphans().map(|figure| format!("{} 只有金额，没有名称", phrase::term(figure))));
    match (ledger.mending(), seen.is_empty()) {
        (Some(mending), true) => Some(mending),
        (Some(mending), false) => Some(format!("{}；{mending}", seen.join("；"))),
        (None, true) => None,
        (None, false) => Some(seen.join("；")),
    }
}

impl<'a> Ledger<'a> {
    fn of(form: &'a Form, table: &str) -> Option<Self> {
        let spec = form.schema.table(table)?;
        let rows = &form.record.tables.get(table)?.rows;
        let name = &spec.columns.iter().find(|column| column.unique)?.id;
        let amount = &spec.columns.iter().find(|column| column.kind == FieldKind::Amount)?.id;
        let stated = |is_it: &dyn Fn(&Figure) -> bool| {
            let mut totals = form.schema.totals.iter().filter(|total| matches!(&total.parts[..], [one] if is_it(one)));
            totals.find_map(|total| match &total.total {
                Figure::Field(id) => form.record.field(id)?.number(),
                Figure::Last { table, column } => form.record.tables.get(table)?.total.as_ref()?.number(column),
                _ => None,
            })
        };
        let is_sum =
            |figure: &Figure| matches!(figure, Figure::Sum { table: of, column } if of == table && column == amount);
        let is_count = |figure: &Figure| matches!(figure, Figure::Count { table: of } if of == table);
        let (sum, count) = (stated(&is_sum), stated(&is_count));
        Some(Self { name, amount, rows, repeats: repeats(spec, rows), sum, count })
    }

    fn is_named(&self, row: &Row) -> bool {
        row.cell(self.name).is_some_and(Field::is_filled)
    }

    /// Figures that stand in a row without a name.
    fn orphans(&self) -> impl Iterator<Item = &'a Field> {
        let alone = self.rows.iter().filter(|row| !self.is_named(row));
        alone.filter_map(|row| row.cell(self.amount)).filter(|figure| figure.number().is_some())
    }

    fn repeated(&self, repeat: &Repeat<'_>) -> String {
        let at = |row: &Row| row.at(self.name).map(|cell| cell.to_string()).unwrap_or_default();
        let name = repeat.again.filled(self.name).unwrap_or_default();
        format!("“{}”列了两次（{} 和 {}）", excerpt(name, 30), at(repeat.first), at(repeat.again))
    }

    /// What makes the sum fit, and the count where one is stated; the simplest that does.
    fn mending(&self) -> Option<String> {
        let repeated: BTreeSet<u32> = self.repeats.iter().map(|repeat| repeat.again.row).collect();
        let mut ways = vec![BTreeSet::new()];
        if !repeated.is_empty() {
            ways.insert(0, repeated);
        }
        ways.iter().find_map(|dropped| self.mending_without(dropped))
    }

    /// The same with these repeated rows dropped.
    fn mending_without(&self, dropped: &BTreeSet<u32>) -> Option<String> {
        let kept: Vec<&Field> = self
            .rows
            .iter()
            .filter(|row| self.is_named(row) && !dropped.contains(&row.row))
            .filter_map(|row| row.cell(self.amount).filter(|amount| amount.number().is_some()))
            .collect();
        let orphans: Vec<&Field> = self.orphans().collect();
        let number = |field: &&Field| field.number().unwrap_or_default();
        let sum: Decimal = kept.iter().map(number).sum();
        let alone: Decimal = orphans.iter().map(number).sum();
        let stated = self.sum?;
        let counts = |entries: usize| self.count.is_none_or(|count| count == Decimal::from(entries));
        let first = match dropped.len() {
            0 => String::new(),
            1 => "去掉重复的一行".to_owned(),
            several => format!("去掉重复的 {several} 行"),
        };
        let done = |what: String, entries: usize| {
            let join = if first.is_empty() || what.is_empty() { "" } else { "，" };
            format!("{first}{join}{what}后，共 {entries} 项，合计 {}，与所列一致", phrase::plain(stated))
        };
        if sum == stated && counts(kept.len()) && !(dropped.is_empty() && orphans.is_empty()) {
            let what = if orphans.is_empty() { "" } else { "去掉没有名称的金额" };
            return Some(done(what.to_owned(), kept.len()));
        }
        if !orphans.is_empty() && sum + alone == stated && counts(kept.len() + orphans.len()) {
            return Some(done("给没有名称的金额补上名称".to_owned(), kept.len() + orphans.len()));
        }
        if counts(kept.len())
            && let Some((figure, at)) = replacement(&kept, &orphans, stated - sum)
        {
            let from = at.first().map(|field| phrase::plain(number(field))).unwrap_or_default();
            let cells: Vec<CellRef> = at.iter().map(|field| field.cell()).collect();
            let which = if cells.len() > 1 { " 中一处" } else { " " };
            let to = phrase::plain(number(&figure));
            let what = format!("把 {}{which}的 {from} 改为 {} 的 {to} ", phrase::cells(&cells), figure.cell());
            return Some(done(what, kept.len()));
        }
        let spare = only(kept.iter().copied().filter(|field| sum - number(field) == stated))?;
        let entries = kept.len().saturating_sub(1);
        let told = format!("{} 的 {}", spare.cell(), phrase::plain(number(&spare)));
        if dropped.is_empty() && orphans.is_empty() {
            return counts(entries).then(|| format!("相差的正好是 {told}：不是合计漏算了这一项，就是这一项不应列入"));
        }
        counts(entries).then(|| done(format!("去掉 {told} "), entries))
    }
}

/// The stray figure and the entries, all of one amount, one of which it should replace; `None` where several amounts fit.
fn replacement<'a>(kept: &[&'a Field], orphans: &[&'a Field], missing: Decimal) -> Option<(&'a Field, Vec<&'a Field>)> {
    let number = |field: &Field| field.number().unwrap_or_default();
    let fits = |stray: &Field, entry: &Field| number(stray) - number(entry) == missing;
    let stray = only(orphans.iter().copied().filter(|stray| kept.iter().any(|entry| fits(stray, entry))))?;
    Some((stray, kept.iter().copied().filter(|entry| fits(stray, entry)).collect()))
}

/// The one item; `None` of none or several.
fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    let first = items.next()?;
    items.next().is_none().then_some(first)
}
