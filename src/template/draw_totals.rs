//! Draws the row of totals of a table.

use std::collections::BTreeMap;

use super::canvas::Draw;
use super::checks;
use super::compute::Computation;
use super::draw_table::Frame;
use super::own_draw;
use super::plan::{Kind, Look, Role};
use crate::address::CellRange;
use crate::schema::concept::{column, field};
use crate::schema::{FieldKind, Figure, Indicators};
use crate::workbook::{Cell, Content, NumberFormat};

impl Draw<'_> {
    /// The row of totals, where the form has one.
    pub(super) fn total(&mut self, frame: &Frame<'_>, indicators: Option<&Indicators>) {
        let table = &frame.spec.id;
        let in_head = self.printed_fields.iter().any(|id| id == field::TOTAL_SCORE);
        let points = indicators.filter(|_| !in_head).and_then(|indicators| indicators.total_points);
        let has = |id: &str| frame.specs.iter().any(|spec| spec.id == id);
        let mut figures: BTreeMap<String, Kind> = BTreeMap::new();
        if let Some(points) = points.filter(|_| has(column::WEIGHT)) {
            let text = points.normalize().to_string();
            figures.insert(column::WEIGHT.to_owned(), self.printed_figure(frame, column::WEIGHT, text));
            if has(column::SCORE) {
                figures.insert(column::SCORE.to_owned(), self.score_total(frame));
            }
        }
        let lasts: Vec<String> = self
            .schema
            .totals
            .iter()
            .flat_map(|total| std::iter::once(&total.total).chain(&total.parts))
            .filter_map(|figure| match figure {
                Figure::Last { table: of, column } if of == table && has(column) => Some(column.clone()),
                _ => None,
            })
            .collect();
        for id in lasts {
            if let Some(kind) = self.column_total(frame, &id) {
                figures.entry(id).or_insert(kind);
            }
        }
        let word = if points.is_some() && has(column::SCORE) { "总分" } else { "合计" };
        self.total_row(frame, word, figures, &BTreeMap::new());
    }

    /// A row of totals whose words the schema prints.
    pub(super) fn printed_total(&mut self, frame: &Frame<'_>, texts: &[String]) {
        let texts: BTreeMap<String, String> =
            frame.specs.iter().zip(texts).map(|(spec, text)| (spec.id.clone(), text.clone())).collect();
        let mut figures = BTreeMap::new();
        let sums = [FieldKind::Points, FieldKind::Amount];
        for spec in frame.specs.iter().filter(|spec| sums.contains(&spec.kind)) {
            let text = texts.get(&spec.id).cloned().unwrap_or_default();
            if !text.is_empty() {
                figures.insert(spec.id.clone(), self.printed_figure(frame, &spec.id, text));
            } else if spec.id == column::SCORE {
                figures.insert(spec.id.clone(), self.score_total(frame));
            } else if let Some(kind) = self.column_total(frame, &spec.id) {
                figures.insert(spec.id.clone(), kind);
            }
        }
        let word = texts.values().find(|text| !text.is_empty()).cloned().unwrap_or_default();
        let word = frame.specs.first().and_then(|spec| texts.get(&spec.id)).cloned().unwrap_or(word);
        self.total_row(frame, &word, figures, &texts);
    }

    fn total_row(
        &mut self,
        frame: &Frame<'_>,
        word: &str,
        mut figures: BTreeMap<String, Kind>,
        texts: &BTreeMap<String, String>,
    ) {
        let first = frame.specs.iter().position(|spec| figures.contains_key(&spec.id));
        let Some(first) = first else { return };
        let label_end = frame.at.get(first).map_or(0, |(col, _)| *col);
        if label_end > 0 {
            self.text(0, label_end, 1, word, Look::Label);
        }
        for (spec, (col, span)) in frame.specs.iter().zip(&frame.at).skip(first) {
            let text = texts.get(&spec.id).cloned().unwrap_or_default();
            let kind = figures.remove(&spec.id).unwrap_or(Kind::Text { text, look: Look::Printed });
            self.put(*col, *span, 1, kind);
        }
        self.end_row(1);
    }

    /// A total that is printed, but where the unit wrote another.
    fn printed_figure(&self, frame: &Frame<'_>, id: &str, text: String) -> Kind {
        let own = self.options.own.as_ref().and_then(|own| own.tables.get(&frame.spec.id)).map(|table| &table.total);
        // A row of totals without the figure is one where it is blank.
        let blank = Cell { content: Content::Blank, formula: None, format: NumberFormat::General };
        let own = own.filter(|total| !total.is_empty()).map(|total| total.get(id).unwrap_or(&blank));
        if !own_draw::unlike(&text, own) {
            return Kind::Text { text, look: Look::Printed };
        }
        let role = Role::Total { table: frame.spec.id.clone(), column: id.to_owned() };
        Kind::Input(own_draw::kept(role, "合计".to_owned(), FieldKind::Points, own))
    }

    fn score_total(&self, frame: &Frame<'_>) -> Kind {
        let role = Role::Total { table: frame.spec.id.clone(), column: column::SCORE.to_owned() };
        let computation = Computation::Sum(checks::score_ranges(self));
        Kind::Computed { role, label: "总分·得分".to_owned(), computation, result: None, kind: FieldKind::Points }
    }

    /// The sum of a column over the rows drawn of a table.
    fn column_total(&self, frame: &Frame<'_>, id: &str) -> Option<Kind> {
        let spec = frame.spec.column(id)?;
        let ranges: Vec<CellRange> =
            self.bodies.iter().filter(|body| body.table == frame.spec.id).filter_map(|body| body.range(id)).collect();
        let role = Role::Total { table: frame.spec.id.clone(), column: id.to_owned() };
        let label = format!("合计·{}", spec.label);
        let computation = Computation::Sum(ranges);
        Some(Kind::Computed { role, label, computation, result: None, kind: spec.kind })
    }
}
