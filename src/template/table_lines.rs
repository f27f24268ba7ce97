//! The rows of a table before they are drawn: those of the printed classes, printed ones, blank ones.

use std::collections::BTreeMap;

use super::canvas::Draw;
use super::prefill::Approved;
use crate::schema::concept::{self, column};
use crate::schema::{Class, ColumnSpec, FieldKind, Indicators};
use crate::text::label_key;

/// A row of a table before it is drawn.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    /// First- and second-level class that it is printed for.
    pub(super) class: Option<(String, Option<String>)>,
    /// Printed texts by column, blank ones left out.
    pub(super) printed: BTreeMap<String, String>,
    /// What is filled in.
    pub(super) approved: Option<Approved>,
    /// Whether the first of its second-level class must be filled in.
    pub(super) wanted: bool,
    /// The unit's own row that it is, by its place among those of the table.
    pub(super) own: Option<usize>,
    /// Whether a project of a list begins.
    pub(super) begins: bool,
}

impl Draw<'_> {
    /// The rows of the printed classes, with the approved indicators among them. `once` where the table is printed once:
    /// of several, any may hold the indicator that a class asks for.
    pub(super) fn class_lines(&self, indicators: &Indicators, printed: &[String], blank: u32, once: bool) -> Vec<Line> {
        let blank = usize::try_from(blank.max(1)).unwrap_or(1);
        // A table printed again asks for other indicators.
        let again = self.table_rows.contains_key(concept::INDICATORS);
        let approved = if again { &[][..] } else { &self.options.prefill.indicators[..] };
        let mut lines = Vec::new();
        for class in &indicators.classes {
            // A class that is printed under its own name in another one (成本 before 2021) is told by its first-level label.
            let of_class: Vec<&Approved> =
                approved.iter().filter(|one| class.labels.contains(&label_key(&one.level1))).collect();
            let of = |labels: &[String]| -> Vec<Approved> {
                let own = of_class.iter().filter(|one| labels.contains(&label_key(&one.level2)));
                own.map(|one| (*one).clone()).collect()
            };
            let before = lines.len();
            for subclass in &class.subclasses {
                let mine = of(&subclass.labels);
                if !printed.is_empty() && !printed.contains(&subclass.id) && mine.is_empty() {
                    continue;
                }
                let texts =
                    [(column::LEVEL1, class_label(class, indicators)), (column::LEVEL2, subclass.label.clone())];
                let texts: BTreeMap<String, String> = texts.map(|(id, text)| (id.to_owned(), text)).into();
                for at in 0..blank.max(mine.len()) {
                    lines.push(Line {
                        class: Some((class.id.clone(), Some(subclass.id.clone()))),
                        printed: texts.clone(),
                        approved: mine.get(at).cloned(),
                        wanted: at == 0 && subclass.required && once,
                        ..Line::default()
                    });
                }
            }
            let placed = |one: &&&Approved| {
                class.subclasses.iter().any(|subclass| subclass.labels.contains(&label_key(&one.level2)))
            };
            let others: Vec<&Approved> = of_class.iter().filter(|one| !placed(one)).copied().collect();
            // A class none of whose second-level classes the layout prints is not printed either.
            let printable = printed.is_empty() || class.subclasses.is_empty();
            let nothing = lines.len() == before && printable;
            for at in 0..others.len().max(if nothing { blank } else { 0 }) {
                lines.push(Line {
                    class: Some((class.id.clone(), None)),
                    printed: [(column::LEVEL1.to_owned(), class_label(class, indicators))].into(),
                    approved: others.get(at).map(|one| (*one).clone()),
                    wanted: at == 0 && nothing && class.required && once,
                    ..Line::default()
                });
            }
        }
        lines
    }
}

/// Printed rows, then blank ones.
pub(super) fn plain_lines(specs: &[&ColumnSpec], printed: &[&Vec<String>], blank: u32) -> Vec<Line> {
    let mut lines: Vec<Line> = printed
        .iter()
        .map(|texts| {
            let texts = specs.iter().zip(*texts).filter(|(_, text)| !text.is_empty());
            Line { printed: texts.map(|(spec, text)| (spec.id.clone(), text.clone())).collect(), ..Line::default() }
        })
        .collect();
    let blank = usize::try_from(blank).unwrap_or(0);
    lines.extend(std::iter::repeat_n(Line::default(), blank));
    // The numbers of the rows are printed.
    if let Some(number) = specs.iter().find(|spec| spec.kind == FieldKind::Number && label_key(&spec.label) == "序号")
    {
        for (at, line) in lines.iter_mut().enumerate() {
            line.printed.entry(number.id.clone()).or_insert_with(|| (at + 1).to_string());
        }
    }
    lines
}

/// How many rows the text of a level runs over, where it begins in this one.
pub(super) fn run(lines: &[Line], at: usize, id: &str) -> Option<u32> {
    let begins = at
        .checked_sub(1)
        .and_then(|before| lines.get(before))
        .is_none_or(|before| lines.get(at).is_none_or(|line| !same(before, line, id)));
    begins.then(|| run_length(lines, at, id))
}

/// Rows from here on that share a level.
pub(super) fn run_length(lines: &[Line], at: usize, id: &str) -> u32 {
    let Some(first) = lines.get(at) else { return 1 };
    let count = lines.iter().skip(at).take_while(|line| same(first, line, id)).count();
    u32::try_from(count).unwrap_or(1).max(1)
}

/// Whether two rows stand under the same printed level.
pub(super) fn same(one: &Line, other: &Line, id: &str) -> bool {
    let above = id == column::LEVEL1 || one.printed.get(column::LEVEL1) == other.printed.get(column::LEVEL1);
    above && one.printed.contains_key(id) && one.printed.get(id) == other.printed.get(id)
}

/// `产出指标（50分）` where every class has its points and none may be left out.
pub(super) fn class_label(class: &Class, indicators: &Indicators) -> String {
    let settled = indicators.classes.iter().all(is_settled);
    match class.points.filter(|_| settled) {
        Some(points) => format!("{}\n（{}分）", class.label, points.normalize()),
        None => class.label.clone(),
    }
}

/// Whether a class has its points, come what may.
pub(super) fn is_settled(class: &Class) -> bool {
    class.required && class.points.is_some()
}
