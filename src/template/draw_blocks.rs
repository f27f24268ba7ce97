//! Draws labelled values, large boxes under headings, and grids.

use rust_decimal::Decimal;

use super::canvas::Draw;
use super::columns::{Want, spread};
use super::compute::{Computation, Points};
use super::own::OwnLine;
use super::own_draw;
use super::plan::{Input, Kind, Look, Role};
use crate::address::CellRef;
use crate::schema::concept::{self, amount, field};
use crate::schema::{ColumnSpec, FieldKind, FieldSpec, GridSpec, LineSpec};
use crate::text::display_width;

impl Draw<'_> {
    /// Labels with their values beside them.
    pub(super) fn fields(&mut self, ids: &[String], lines: u32) {
        let schema = self.schema;
        // Headings name the month.
        let specs: Vec<&FieldSpec> =
            ids.iter().filter_map(|id| schema.field(id)).filter(|spec| spec.kind != FieldKind::Month).collect();
        let in_a_row = ((self.width() + 1 - self.label_columns) / 2).max(1);
        for specs in specs.chunks(in_a_row) {
            let wants = specs.iter().flat_map(|spec| [Want::label(&spec.label), Want::value(value_need(spec))]).skip(1);
            let wants: Vec<Want> = wants.collect();
            let mut spans = vec![self.label_columns];
            spans.extend(spread(self.widths.get(self.label_columns..).unwrap_or_default(), &wants));
            let (mut col, mut high) = (0, lines);
            for (spec, pair) in specs.iter().zip(spans.chunks(2)) {
                let [label, value] = pair else { continue };
                if spec.kind == FieldKind::MoneyUnit {
                    // In one box: so it is read as the unit of money wherever it stands.
                    let text = format!("{}：万元", spec.label);
                    self.text(col, label + value, 1, &text, Look::Printed);
                    col += label + value;
                    continue;
                }
                self.text(col, *label, 1, &spec.label, Look::Label);
                high = high.max(self.lines(col, *label, &spec.label));
                high = high.max(self.own_lines_of(&Role::Field(spec.id.clone()), col + label, *value));
                let kind = self.field_kind(spec);
                self.put(col + label, *value, 1, kind);
                col += label + value;
            }
            self.end_row(high);
        }
    }

    /// Headings side by side over large boxes.
    pub(super) fn heads(&mut self, label: &str, ids: &[String], lines: u32) {
        let schema = self.schema;
        let specs: Vec<&FieldSpec> = ids.iter().filter_map(|id| schema.field(id)).collect();
        let left = if label.is_empty() { 0 } else { self.label_columns };
        if left > 0 {
            self.text(0, left, 2, label, Look::Label);
        }
        let wants = vec![Want::value(20.0); specs.len()];
        let spans = spread(self.widths.get(left..).unwrap_or_default(), &wants);
        let mut col = left;
        for (spec, span) in specs.iter().zip(&spans) {
            self.text(col, *span, 1, &spec.label, Look::Label);
            col += span;
        }
        self.end_row(1);
        let (mut col, mut high) = (left, lines);
        for (spec, span) in specs.iter().zip(&spans) {
            high = high.max(self.own_lines_of(&Role::Field(spec.id.clone()), col, *span));
            let kind = self.field_kind(spec);
            self.put(col, *span, 1, kind);
            col += span;
        }
        self.end_row(high);
    }

    pub(super) fn grid(&mut self, spec: &GridSpec, label: &str, rows: &[String], columns: &[String]) {
        let others = self.other_lines(&spec.id);
        let of = |id: &String| spec.row(id).or_else(|| others.iter().find(|line| line.id == *id));
        let lines: Vec<&LineSpec> = rows.iter().filter_map(of).collect();
        let specs: Vec<&ColumnSpec> = columns.iter().filter_map(|id| spec.column(id)).collect();
        let headed = spec.columns.len() > 1 || specs.len() > 1;
        let height = u32::try_from(lines.len()).unwrap_or(0) + u32::from(headed);
        let left = if label.is_empty() { 0 } else { self.label_columns };
        if left > 0 {
            self.text(0, left, height, label, Look::Label);
        }
        let longest = lines.iter().max_by_key(|line| display_width(&line.label)).map_or("", |line| &line.label);
        let row_label = Want::label(longest);
        let row_label = if headed { row_label } else { Want { fair: row_label.need + 6.0, ..row_label } };
        let mut wants = vec![row_label];
        wants.extend(specs.iter().map(|column| amount_want(column)));
        if specs.is_empty() {
            wants.push(Want::value(12.0));
        }
        let spans = spread(self.widths.get(left..).unwrap_or_default(), &wants);
        if headed {
            let (mut col, mut high) = (left, 1);
            for (at, span) in spans.iter().enumerate() {
                let text = at.checked_sub(1).and_then(|at| specs.get(at)).map_or("", |column| &column.label);
                self.text(col, *span, 1, text, Look::Label);
                high = high.max(self.lines(col, *span, text));
                col += span;
            }
            self.end_row(high);
        }
        let first = *spans.first().unwrap_or(&1);
        let mut at = Vec::new();
        let mut col = left + first;
        for span in spans.iter().skip(1) {
            at.push((col, *span));
            col += span;
        }
        for line in lines {
            let look = if line.total { Look::Label } else { Look::Line };
            self.text(left, first, 1, &line.label, look);
            if specs.is_empty() {
                let (col, span) = at.first().copied().unwrap_or((left + first, 1));
                let kind = self.amount_input(spec, line, amount::BUDGET, &line.label, FieldKind::Amount, line.required);
                self.put(col, span, 1, kind);
            }
            let mut high = self.lines(left, first, &line.label);
            for (column, (col, span)) in specs.iter().zip(&at) {
                let role = Role::Cell { grid: spec.id.clone(), row: line.id.clone(), column: column.id.clone() };
                high = high.max(self.own_lines_of(&role, *col, *span));
                let kind = self.grid_cell(spec, line, column, &specs, &at);
                self.put(*col, *span, 1, kind);
            }
            self.end_row(high);
        }
    }

    /// Lines of text that what the unit wrote takes in a box over so many columns.
    fn own_lines_of(&self, role: &Role, col: usize, columns: usize) -> u32 {
        let own = self.options.own.as_ref().and_then(|own| own.value(role));
        own.map_or(1, |cell| self.lines(col, columns, &cell.shown()))
    }

    /// The rows of the unit's own grid whose labels no schema knows.
    fn other_lines(&self, grid: &str) -> Vec<LineSpec> {
        let own = self.options.own.as_ref().and_then(|own| own.grids.get(grid));
        let line = |line: &OwnLine| LineSpec {
            id: line.id.clone(),
            label: line.label.clone(),
            labels: Vec::new(),
            total: false,
            required: false,
        };
        own.into_iter().flatten().map(line).collect()
    }

    fn grid_cell(
        &self,
        grid: &GridSpec,
        line: &LineSpec,
        column: &ColumnSpec,
        specs: &[&ColumnSpec],
        at: &[(usize, usize)],
    ) -> Kind {
        let points = self.indicators.as_ref().map(|indicators| indicators.execution_points);
        let points = points.filter(|points| *points > Decimal::ZERO && grid.id == concept::FUNDING);
        let cell = |id: &str| {
            let position = specs.iter().position(|spec| spec.id == id)?;
            let (col, _) = at.get(position)?;
            Some(CellRef::new(self.row(), u32::try_from(*col).ok()?))
        };
        let role = Role::Cell { grid: grid.id.clone(), row: line.id.clone(), column: column.id.clone() };
        let label = format!("{}·{}", line.label.trim_end_matches('：').trim_start_matches("其中："), column.label);
        let computed = |computation| Kind::Computed {
            role: role.clone(),
            label: label.clone(),
            computation,
            result: None,
            kind: column.kind,
        };
        let own = self.options.own.as_ref().and_then(|own| own.cell(&grid.id, &line.id, &column.id));
        let printed = |text: String| match own_draw::unlike(&text, own) {
            true => Kind::Input(own_draw::kept(role.clone(), label.clone(), column.kind, own)),
            false => Kind::Text { text, look: Look::Printed },
        };
        match (column.id.as_str(), points) {
            (amount::WEIGHT, Some(points)) if line.total => return printed(points.normalize().to_string()),
            (amount::WEIGHT | amount::SCORE, Some(_)) if !line.total => return printed("—".to_owned()),
            (amount::SCORE, Some(points)) => {
                let weight = cell(amount::WEIGHT).map_or(Points::Fixed(points), Points::Cell);
                if let Some(rate) = cell(amount::RATE) {
                    return computed(Computation::execution_score(rate, weight, &self.policy.execution));
                }
            }
            (amount::RATE, _) if grid.id == concept::FUNDING => {
                let budget = cell(amount::BUDGET).or_else(|| cell(amount::INITIAL));
                if let (Some(executed), Some(budget)) = (cell(amount::EXECUTED), budget) {
                    return computed(Computation::Rate { executed, budget });
                }
            }
            _ => {}
        }
        let required = line.required && (column.required || grid.columns.len() == 1);
        let kind = self.amount_input(grid, line, &column.id, &label, column.kind, required);
        match kind {
            Kind::Input(input) => Kind::Input(Input {
                choices: column.choices.iter().map(|choice| choice.label.clone()).collect(),
                closed: !column.choices.is_empty(),
                max_chars: column.max_chars,
                ..input
            }),
            other => other,
        }
    }

    fn amount_input(
        &self,
        grid: &GridSpec,
        line: &LineSpec,
        column: &str,
        label: &str,
        kind: FieldKind,
        required: bool,
    ) -> Kind {
        Kind::Input(Input {
            role: Role::Cell { grid: grid.id.clone(), row: line.id.clone(), column: column.to_owned() },
            label: label.to_owned(),
            kind,
            choices: Vec::new(),
            closed: false,
            required,
            max_chars: None,
            limit: None,
            bordered: true,
            lead: String::new(),
            value: None,
        })
    }

    /// The box of a field: to be filled in, but for what is known.
    fn field_kind(&self, spec: &FieldSpec) -> Kind {
        match (spec.kind, self.options.year) {
            (FieldKind::Year, Some(year)) => Kind::Text { text: year.to_string(), look: Look::Printed },
            _ => Kind::Input(self.field_input(spec)),
        }
    }

    pub(super) fn field_input(&self, spec: &FieldSpec) -> Input {
        Input {
            role: Role::Field(spec.id.clone()),
            label: spec.label.clone(),
            kind: spec.kind,
            choices: spec.choices.iter().map(|choice| choice.label.clone()).collect(),
            closed: !spec.choices.is_empty(),
            required: spec.required || spec.id == field::YEAR,
            max_chars: spec.max_chars,
            limit: None,
            bordered: true,
            lead: String::new(),
            value: None,
        }
    }
}

/// A column of amounts; points take less room than money.
fn amount_want(column: &ColumnSpec) -> Want {
    match column.kind {
        FieldKind::Points => Want { need: 6.0, fair: 6.0, stretch: 0.4 },
        FieldKind::Rate => Want { need: 9.5, fair: 9.5, stretch: 0.6 },
        FieldKind::Text => Want::value(16.0),
        _ => Want::value(11.0),
    }
}

fn value_need(spec: &FieldSpec) -> f64 {
    let choices = spec.choices.iter().map(|choice| display_width(&choice.label)).max().unwrap_or(0);
    let least = match spec.kind {
        FieldKind::Text => 14.0,
        FieldKind::Amount | FieldKind::Measure => 11.0,
        _ => 8.0,
    };
    f64::from(choices + 2).max(least)
}
