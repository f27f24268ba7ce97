//! Columns of the sheet: how wide those of a table are, and how the boxes of other blocks are laid over them.

use crate::schema::concept::column;
use crate::schema::{ColumnSpec, FieldKind};
use crate::text::display_width;

/// Latin characters that stand side by side on A4 upright, at the size the forms are printed in.
const UPRIGHT: f64 = 92.0;
/// The same across.
const ACROSS: f64 = 140.0;
/// Width of a column whose label runs downward.
pub(super) const NARROW: f64 = 5.0;

/// What the page is wide.
pub(super) fn page_width(landscape: bool) -> f64 {
    if landscape { ACROSS } else { UPRIGHT }
}

/// How many times its height a page may hold: shrunk by a quarter or a little more a form still reads well; beyond that a
/// second page is better.
pub(super) const SHRUNK: f64 = 1.4;

/// Points of height that a page has room for at full size.
pub(super) fn page_height(landscape: bool) -> f64 {
    if landscape { 500.0 } else { 740.0 }
}

/// A column's width before it is fitted to the page, and whether it takes what is left over.
fn wanted(spec: &ColumnSpec, printed: u32) -> (f64, bool) {
    let head = f64::from(display_width(&spec.label));
    let (width, grows) = match (spec.id.as_str(), spec.kind) {
        (column::LEVEL1, _) => (12.0, false),
        (column::LEVEL2, _) => (15.0, false),
        (column::LEVEL3, _) => (20.0, true),
        (column::OPERATOR | column::UNIT, _) => (7.0, false),
        (column::REASON, _) => (16.0, true),
        (_, FieldKind::Amount) => (11.0, false),
        (_, FieldKind::Rate | FieldKind::Choice | FieldKind::Year) => (9.5, false),
        (_, FieldKind::Points) => (6.5, false),
        (_, FieldKind::Number) => (6.0, false),
        (_, FieldKind::Measure) => (12.0, true),
        (_, FieldKind::Text | FieldKind::MoneyUnit | FieldKind::Month) => (head.clamp(9.0, 20.0), true),
    };
    // A header breaks into two or three lines, a printed text into two.
    (width.max(head / 3.0 + 1.0).max((f64::from(printed) / 2.0 + 1.0).min(26.0)), grows)
}

/// The widths of a table's columns over the page; `first` is taken by a column left of them. `printed` is the width of
/// the longest text that each column comes with.
pub(super) fn fit(specs: &[&ColumnSpec], printed: &[u32], first: f64, page: f64) -> Vec<f64> {
    let wanted: Vec<(f64, bool)> = specs
        .iter()
        .zip(printed.iter().chain(std::iter::repeat(&0)))
        .map(|(spec, width)| wanted(spec, *width))
        .collect();
    let sum: f64 = wanted.iter().map(|(width, _)| width).sum::<f64>() + first;
    let growing: f64 = wanted.iter().filter(|(_, grows)| *grows).map(|(width, _)| width).sum();
    let spare = page - sum;
    let all: f64 = wanted.iter().map(|(width, _)| width).sum();
    let widen = |(width, grows): &(f64, bool)| {
        let share = match (spare > 0.0, growing > 0.0) {
            (true, true) if *grows => width / growing,
            (true, true) | (false, _) => 0.0,
            (true, false) => width / all,
        };
        ((width + spare * share) * 2.0).round() / 2.0
    };
    wanted.iter().map(widen).collect()
}

/// What a box asks of the columns it is laid over.
#[derive(Debug, Clone, Copy)]
pub(super) struct Want {
    /// Below this its text does not fit.
    pub(super) need: f64,
    /// What it would have in a fair share.
    pub(super) fair: f64,
    /// How little it minds being wider: 0 for a label, 1 for a value.
    pub(super) stretch: f64,
}

impl Want {
    /// A label: as wide as its text on one line, or on two where it is long.
    pub(super) fn label(text: &str) -> Self {
        let width = f64::from(display_width(text)) + 2.0;
        let need = if width > 16.0 { width / 2.0 + 1.0 } else { width };
        Self { need, fair: need, stretch: 0.0 }
    }

    /// A value.
    pub(super) fn value(need: f64) -> Self {
        Self { need, fair: need, stretch: 1.0 }
    }
}

/// Lays boxes side by side over columns, each over one column at least: how many columns each takes. Where there are
/// fewer columns than boxes, as many boxes as there are columns.
pub(super) fn spread(widths: &[f64], wants: &[Want]) -> Vec<usize> {
    let count = wants.len().min(widths.len());
    let columns = widths.len();
    let wants = wants.get(..count).unwrap_or(wants);
    let free: f64 = widths.iter().sum::<f64>() - wants.iter().map(|want| want.fair).sum::<f64>();
    let stretch: f64 = wants.iter().map(|want| want.stretch).sum();
    let cost = |want: &Want, width: f64| {
        let aim = want.fair + if stretch > 0.0 { free.max(0.0) * want.stretch / stretch } else { 0.0 };
        let lack = (want.need - width).max(0.0);
        let off = (width - aim).abs();
        lack * lack * 4.0 + off * off * (1.2 - want.stretch)
    };
    // best[k][c]: the cheapest way to lay k boxes over the first c columns, with where the last one begins.
    let mut best: Vec<Vec<Option<(f64, usize)>>> = vec![vec![None; columns + 1]; count + 1];
    if let Some(start) = best.first_mut().and_then(|row| row.first_mut()) {
        *start = Some((0.0, 0));
    }
    for (k, want) in wants.iter().enumerate() {
        for end in k + 1..=columns {
            let ways = (k..end).filter_map(|begin| {
                let (before, _) = (*best.get(k)?.get(begin)?)?;
                let width: f64 = widths.get(begin..end)?.iter().sum();
                Some((before + cost(want, width), begin))
            });
            let cheapest = ways.reduce(|one, other| if other.0 < one.0 { other } else { one });
            if let Some(slot) = best.get_mut(k + 1).and_then(|row| row.get_mut(end)) {
                *slot = cheapest;
            }
        }
    }
    let mut spans = Vec::with_capacity(count);
    let mut end = columns;
    for k in (1..=count).rev() {
        let begin = best.get(k).and_then(|row| row.get(end)).copied().flatten().map_or(k - 1, |(_, begin)| begin);
        spans.push(end - begin);
        end = begin;
    }
    spans.reverse();
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_keep_to_their_text_and_values_take_the_rest() {
        let widths = [5.0, 11.0, 15.0, 24.0, 14.0, 12.0, 12.0];
        let wants = [Want::label("主管部门"), Want::value(12.0), Want::label("实施单位"), Want::value(12.0)];
        assert_eq!(spread(&widths, &wants), [2, 2, 1, 2]);
    }

    #[test]
    fn as_many_boxes_as_columns_get_one_each() {
        assert_eq!(spread(&[5.0, 40.0, 5.0], &[Want::label("总额"); 3]), [1, 1, 1]);
        assert_eq!(spread(&[9.0], &[Want::label("总额"); 3]), [1]);
    }
}
