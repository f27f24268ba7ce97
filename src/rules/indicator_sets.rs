//! Which forms have the same indicators: names and targets, as far as they are told whoever writes them.

use std::collections::{BTreeSet, HashMap};

use rust_decimal::Decimal;

use super::kinship::{Bond, scope};
use super::others::{LISTED, MOST, called, elsewhere, more};
use super::{Fault, RoundContext, RoundForm, Verdict, indicator};
use crate::address::CellRef;
use crate::form::{Field, Form, Row};
use crate::schema::concept::column;
use crate::text::near::{self, Near, Set};
use crate::text::{excerpt, squeeze};
use crate::value::Operator;

/// Indicators that two sets share, in hundredths of the larger one. One of five may be changed; two make it another set.
const SAME_SET: usize = 80;

/// A set with fewer indicators is like others by chance: 验收合格率 100%, 满意度 ≥95%.
const SMALLEST_SET: usize = 4;

/// The indicator sets of the forms.
#[derive(Debug, Clone)]
pub(super) struct Sets {
    near: Near,
    /// By form: its indicators by number, each with its row.
    rows: Vec<Vec<(u64, usize)>>,
}

impl Sets {
    pub(super) fn of(round: &RoundContext<'_>) -> Self {
        // Room at once for as many as there may be: a map that grows reads all the names again that it holds.
        let most =
            round.forms.iter().filter_map(|one| one.form.record.indicators()).map(|table| table.rows.len()).sum();
        let mut names = Names { written: HashMap::with_capacity(most), read: HashMap::with_capacity(most) };
        let mut numbers: HashMap<Asked<'_>, u64> = HashMap::with_capacity(most);
        let rows: Vec<Vec<(u64, usize)>> = round
            .forms
            .iter()
            .map(|one| {
                let Some(scope) = scope(one.form.schema.stage, one.form.schema.subject) else { return Vec::new() };
                let table = one.form.record.indicators();
                let rows = table.into_iter().flat_map(|table| table.rows.iter().enumerate());
                let numbered = rows.filter_map(|(at, row)| {
                    let asked = Asked { scope, name: names.number(one, row)?, target: Target::of(row)? };
                    let next = number(numbers.len());
                    Some((*numbers.entry(asked).or_insert(next), at))
                });
                numbered.collect()
            })
            .collect();
        let set = |rows: &Vec<(u64, usize)>| {
            let set = near::set(rows.iter().map(|(number, _)| *number));
            if set.len() < SMALLEST_SET { near::set([]) } else { set }
        };
        let sets: Vec<Set> = rows.iter().map(set).collect();
        Self { near: Near::of(&sets, SAME_SET), rows }
    }

    /// The forms that have the same indicators or nearly so, where the bond is one of those asked for.
    pub(super) fn like(&self, round: &RoundContext<'_>, form: usize, wanted: impl Fn(Bond) -> bool) -> Vec<usize> {
        let kinship = round.kinship();
        let wanted = |other: &usize| kinship.bond(round, form, *other).is_some_and(&wanted);
        self.near.like(form).filter(wanted).take(MOST).collect()
    }

    /// The rows that a form has in common with another, each with the other's.
    pub(super) fn shared<'a>(&self, round: &RoundContext<'a>, form: usize, other: usize) -> Vec<(&'a Row, &'a Row)> {
        let rows = |form: usize| {
            let table = round.forms.get(form).and_then(|one| one.form.record.indicators());
            let of = self.rows.get(form).map(Vec::as_slice).unwrap_or_default();
            of.iter().filter_map(move |(number, at)| Some((*number, table?.rows.get(*at)?)))
        };
        let theirs: HashMap<u64, &Row> = rows(other).collect();
        let mut seen = BTreeSet::new();
        let both = rows(form).filter(|(number, _)| seen.insert(*number));
        both.filter_map(|(number, row)| Some((row, *theirs.get(&number)?))).collect()
    }

    /// How many indicators of a form are compared.
    pub(super) fn count(&self, form: usize) -> usize {
        self.rows.get(form).into_iter().flatten().map(|(number, _)| number).collect::<BTreeSet<_>>().len()
    }
}

/// What can be said of a form's indicators before others are looked at.
pub(super) fn has_indicators(form: &Form) -> Verdict {
    match form.record.indicators() {
        None => Verdict::NotApplicable,
        Some(table) if table.rows.iter().all(|row| row.filled(column::TARGET).is_none()) => Verdict::InsufficientData,
        Some(_) => Verdict::Checked(Vec::new()),
    }
}

/// The fault of a form whose indicators are those of other forms; `None` where there is none. `least` indicators must agree.
pub(super) fn same_set(
    round: &RoundContext<'_>,
    form: usize,
    least: usize,
    wanted: impl Fn(Bond) -> bool,
    advice: &str,
) -> Option<Fault> {
    let sets = round.sets();
    let others = sets.like(round, form, wanted);
    let (own, first) = (round.forms.get(form)?, *others.first()?);
    let other = round.forms.get(first)?;
    let shared = sets.shared(round, form, first);
    if shared.len() < least {
        return None;
    }
    let name = |row: &Row| row.cell(column::LEVEL3).map(Field::cell);
    let target =
        |row: &Row| row.target.as_ref().map(ToString::to_string).or(row.filled(column::TARGET).map(str::to_owned));
    let example = |(row, _): &(&Row, &Row)| {
        Some(format!("“{}”{}", excerpt(&indicator::name(row)?, 20), excerpt(&target(row)?, 12)))
    };
    let examples: Vec<String> = shared.iter().take(LISTED).filter_map(example).collect();
    let side_by_side = shared.iter().take(LISTED).map(|(_, row)| {
        let text = format!("{} {}", row.filled(column::LEVEL3).unwrap_or_default(), target(row).unwrap_or_default());
        elsewhere(other, name(row), &text)
    });
    let further = others.iter().skip(1).take(LISTED - 1).filter_map(|other| {
        let row = sets.shared(round, form, *other).first().copied()?.1;
        Some(elsewhere(round.forms.get(*other)?, name(row), row.filled(column::LEVEL3).unwrap_or_default()))
    });
    let there =
        shared.first().and_then(|(_, row)| name(row)).map(|at| format!("（那边从 {at} 起）")).unwrap_or_default();
    let cells: Vec<CellRef> = shared.iter().filter_map(|(row, _)| name(row)).collect();
    Some(Fault {
        cell: cells.first().copied(),
        related: cells.iter().skip(1).copied().collect(),
        elsewhere: side_by_side.chain(further).collect(),
        found: shared.first().and_then(|(row, _)| row.filled(column::LEVEL3)).map(str::to_owned),
        message: format!(
            "{} 个指标中有 {} 个的名称和指标值与{}的相同{there}，如{}{}",
            sets.count(form),
            shared.len(),
            called(own, other),
            examples.join("、"),
            more(others.len()),
        ),
        advice: advice.to_owned(),
        ..Fault::default()
    })
}

/// What an indicator asks for.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Asked<'a> {
    scope: u64,
    /// Number of its name.
    name: u64,
    target: Target<'a>,
}

/// A target as it is compared: `≥95%` however it is spelt.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Target<'a> {
    Measure(Option<Operator>, Decimal, Option<&'a str>),
    Words(String),
}

impl<'a> Target<'a> {
    /// `None` where it is blank.
    fn of(row: &'a Row) -> Option<Self> {
        let written = row.filled(column::TARGET)?;
        Some(match &row.target {
            Some(measure) => Self::Measure(measure.operator, measure.number, measure.unit.as_deref()),
            None => Self::Words(squeeze(written)),
        })
    }
}

/// The names of indicators by number. A round has few that differ, so each is read once.
#[derive(Debug)]
struct Names<'a> {
    written: HashMap<&'a str, Option<u64>>,
    read: HashMap<String, u64>,
}

impl<'a> Names<'a> {
    /// The number of a row's name, without the unit's own in it; `None` where it is blank.
    fn number(&mut self, one: &RoundForm<'a>, row: &'a Row) -> Option<u64> {
        let written = row.filled(column::LEVEL3)?;
        let own = one.identity.unit.key.as_str();
        if !own.is_empty() && written.contains(own) {
            let name = indicator::bare_name(&written.replace(own, ""));
            return read(&mut self.read, &name);
        }
        if let Some(known) = self.written.get(written) {
            return *known;
        }
        let found = read(&mut self.read, &indicator::bare_name(written));
        self.written.insert(written, found);
        found
    }
}

fn read(names: &mut HashMap<String, u64>, name: &str) -> Option<u64> {
    let next = number(names.len());
    let stem = indicator::stem(name);
    (!stem.is_empty()).then(|| *names.entry(stem).or_insert(next))
}

fn number(index: usize) -> u64 {
    u64::try_from(index).unwrap_or(u64::MAX)
}
