//! Draws a form from top to bottom: title, blocks, notes, signatures.

use std::collections::BTreeMap;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::blocks::blocks;
use super::checks;
use super::columns::{NARROW, SHRUNK, Want, fit, page_height, page_width, spread};
use super::compute::{Computation, Points};
use super::plan::{Input, Kind, Look, Piece, Plan, Role};
use super::prefill::Prefill;
use crate::address::{CellRange, CellRef};
use crate::policy::{EXECUTION, Policy};
use crate::schema::concept::{self, amount, field};
use crate::schema::{
    Block, Class, ColumnSpec, FieldKind, FieldSpec, GridSpec, Indicators, LineSpec, ListColumn, Schema,
};
use crate::text::{bracketed, display_width, wrapped_lines};

/// Height of a line of text, in points.
const LINE: f64 = 15.0;
/// The lowest row.
const LOWEST: f64 = 24.0;
/// Excel takes no more.
const HIGHEST: f64 = 400.0;

/// What a blank form may be asked for with.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The year that is printed; none leaves it to the unit.
    pub year: Option<u32>,
    /// The last month that the headings of a monitoring form name.
    pub month: Option<u32>,
    /// What is filled in already.
    pub prefill: Prefill,
}

/// The plan of a form under a policy.
#[must_use]
pub fn plan(schema: &Arc<Schema>, policy: &Policy, options: &Options) -> Plan {
    let blocks = blocks(schema);
    let mut draw = Draw::new(schema, policy, options, &blocks);
    draw.head(&blocks);
    for (number, block) in blocks.iter().enumerate() {
        draw.block(number, block, &blocks);
    }
    draw.foot();
    draw.total_score_field();
    draw.fill_page();
    let (checks, required) = checks::checks(&draw);
    let mut plan = Plan {
        schema: Arc::clone(schema),
        indicators: draw.indicators,
        sheet: sheet_name(&schema.title),
        columns: draw.widths,
        rows: draw.heights,
        pieces: draw.pieces,
        checks,
        required,
        head_rows: draw.head_rows,
    };
    plan.pieces.sort_by_key(|piece| piece.range.start);
    options.prefill.fill(&mut plan);
    plan.compute();
    plan
}

/// The classes of a form with the points that the policy gives them.
fn weighted(schema: &Schema, policy: &Policy) -> Option<Indicators> {
    let mut indicators = schema.indicators.clone()?;
    if let Some(set) = policy.weights.get(&schema.id) {
        indicators.execution_points = set.get(EXECUTION).copied().unwrap_or_default();
        for class in &mut indicators.classes {
            class.points = set.get(&class.id).copied();
        }
    }
    Some(indicators)
}

/// The title as the name of a sheet: Excel takes 31 characters, and not all of them.
fn sheet_name(title: &str) -> String {
    let allowed = title.chars().filter(|c| !"[]:*?/\\'".contains(*c));
    allowed.take(31).collect()
}

/// Where the rows of a table stand.
#[derive(Debug, Clone)]
pub(super) struct Body {
    pub(super) table: String,
    /// First and last row of the sheet.
    pub(super) rows: (u32, u32),
    /// Column concept → column of the sheet.
    pub(super) columns: BTreeMap<String, u32>,
}

impl Body {
    /// The cells of a column.
    pub(super) fn range(&self, column: &str) -> Option<CellRange> {
        let col = *self.columns.get(column)?;
        Some(CellRange::new(CellRef::new(self.rows.0, col), CellRef::new(self.rows.1, col)))
    }
}

/// A form being drawn.
pub(super) struct Draw<'a> {
    pub(super) schema: &'a Schema,
    pub(super) policy: &'a Policy,
    /// The classes with the policy's points.
    pub(super) indicators: Option<Indicators>,
    pub(super) options: &'a Options,
    pub(super) widths: Vec<f64>,
    pub(super) heights: Vec<f64>,
    pub(super) pieces: Vec<Piece>,
    pub(super) bodies: Vec<Body>,
    pub(super) head_rows: Option<(u32, u32)>,
    /// The block that the columns are made for, with the columns that each of its own takes.
    pub(super) main: Option<(usize, Vec<usize>)>,
    /// Columns that the labels at the left take.
    pub(super) label_columns: usize,
    /// Fields that blocks print.
    pub(super) printed_fields: Vec<String>,
    /// Rows drawn of each table.
    pub(super) table_rows: BTreeMap<String, usize>,
}

impl<'a> Draw<'a> {
    fn new(schema: &'a Schema, policy: &'a Policy, options: &'a Options, blocks: &[Block]) -> Self {
        let (widths, main) = columns(schema, blocks);
        let is_table = |block: &&Block| matches!(block, Block::Table { .. });
        let beside = blocks.iter().filter(|block| !is_table(block)).map(boxes_beside_label).max().unwrap_or(1);
        let label_columns = label_columns(&widths, beside);
        let printed_fields = blocks.iter().flat_map(|block| match block {
            Block::Fields { fields, .. } | Block::Heads { fields, .. } => fields.clone(),
            _ => Vec::new(),
        });
        Self {
            schema,
            policy,
            indicators: weighted(schema, policy),
            options,
            printed_fields: printed_fields.collect(),
            label_columns,
            widths,
            heights: Vec::new(),
            pieces: Vec::new(),
            bodies: Vec::new(),
            head_rows: None,
            main,
            table_rows: BTreeMap::new(),
        }
    }

    /// The next row to draw.
    pub(super) fn row(&self) -> u32 {
        u32::try_from(self.heights.len()).unwrap_or(u32::MAX)
    }

    /// Columns of the sheet.
    pub(super) fn width(&self) -> usize {
        self.widths.len()
    }

    /// Ends a row that has room for so many lines of text.
    pub(super) fn end_row(&mut self, lines: u32) {
        self.heights.push((f64::from(lines) * LINE + 8.0).clamp(LOWEST, HIGHEST));
    }

    /// A box of so many columns, `height` rows high from the next row on.
    pub(super) fn put(&mut self, col: usize, columns: usize, height: u32, kind: Kind) {
        let at = |col: usize, row: u32| CellRef::new(row, u32::try_from(col).unwrap_or(u32::MAX));
        let row = self.row();
        let range = CellRange::new(at(col, row), at(col + columns.max(1) - 1, row + height.max(1) - 1));
        self.pieces.push(Piece { range, kind });
    }

    /// Printed words, months put right.
    pub(super) fn text(&mut self, col: usize, columns: usize, height: u32, text: &str, look: Look) {
        let text = self.months(text);
        self.put(col, columns, height, Kind::Text { text, look });
    }

    /// A text whose stretch of months ends with the round that is asked for: `1—7月执行数` for a round to September is
    /// `1—9月执行数`.
    fn months(&self, text: &str) -> String {
        let (Some(month), Some(printed)) = (self.options.month, self.schema.layout.month) else {
            return text.to_owned();
        };
        let mut new = text.to_owned();
        for dash in ['—', '-', '－', '~', '至'] {
            new = new.replace(&format!("{dash}{printed}月"), &format!("{dash}{month}月"));
        }
        new
    }

    /// Lines that a text takes over some columns.
    pub(super) fn lines(&self, col: usize, columns: usize, text: &str) -> u32 {
        let width: f64 = self.widths.iter().skip(col).take(columns).sum();
        wrapped_lines(text, room(width))
    }

    fn head(&mut self, blocks: &[Block]) {
        let schema = self.schema;
        let all = self.width();
        if let Some(lead) = &schema.layout.lead {
            self.text(0, all, 1, lead, Look::Lead);
            self.heights.push(20.0);
        }
        self.text(0, all, 1, &schema.title, Look::Title);
        self.heights.push(36.0);
        let printed = |id: &str| self.printed_fields.iter().any(|printed| printed == id);
        let (year, unit, money) = (printed(field::YEAR), printed(field::UNIT), printed(field::MONEY_UNIT));
        let in_left = schema.list;
        if let Some(spec) = schema.field(field::YEAR).filter(|_| !year) {
            self.year_line(spec);
        }
        let unit = schema.field(field::UNIT).filter(|_| !unit && !in_left);
        let money =
            schema.field(field::MONEY_UNIT).filter(|_| !money && (unit.is_some() || !says_money(schema, blocks)));
        if unit.is_some() || money.is_some() {
            self.unit_line(unit, money);
        }
    }

    fn year_line(&mut self, spec: &FieldSpec) {
        let all = self.width();
        match self.options.year {
            Some(year) => self.text(0, all, 1, &format!("（{year}年度）"), Look::Year),
            None => {
                let kind = Kind::Input(Input { bordered: false, ..self.field_input(spec) });
                self.put(0, all, 1, kind);
            }
        }
        self.heights.push(22.0);
    }

    fn unit_line(&mut self, unit: Option<&FieldSpec>, money: Option<&FieldSpec>) {
        let all = self.width();
        let money_text =
            money.map(|spec| format!("{}：万元", if spec.label == "金额单位" { "单位" } else { &spec.label }));
        match unit {
            None => self.text(0, all, 1, &money_text.unwrap_or_default(), Look::Remark),
            Some(spec) => {
                let lead = format!("{}（盖章）：", spec.label.trim_end_matches("（盖章）"));
                let mut wants = vec![Want::value(40.0)];
                wants.extend(money_text.as_deref().map(Want::label));
                let spans = spread(&self.widths, &wants);
                let mut col = 0;
                let kinds = [
                    Some(Kind::Input(Input { bordered: false, lead, ..self.field_input(spec) })),
                    money_text.map(|text| Kind::Text { text, look: Look::Remark }),
                ];
                for (kind, span) in kinds.into_iter().flatten().zip(spans) {
                    self.put(col, span, 1, kind);
                    col += span;
                }
            }
        }
        self.heights.push(22.0);
    }

    fn block(&mut self, number: usize, block: &Block, blocks: &[Block]) {
        match block {
            Block::Fields { fields, lines } => self.fields(fields, *lines),
            Block::Heads { label, fields, lines } => self.heads(label, fields, *lines),
            Block::Grid { grid, label, rows, columns } => {
                if let Some(spec) = self.schema.grid(grid) {
                    self.grid(spec, label, rows, columns);
                }
            }
            Block::Table { .. } => self.table(number, block, blocks),
        }
    }

    /// Labels with their values beside them.
    fn fields(&mut self, ids: &[String], lines: u32) {
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
                let kind = self.field_kind(spec);
                self.put(col + label, *value, 1, kind);
                col += label + value;
            }
            self.end_row(high);
        }
    }

    /// Headings side by side over large boxes.
    fn heads(&mut self, label: &str, ids: &[String], lines: u32) {
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
        let mut col = left;
        for (spec, span) in specs.iter().zip(&spans) {
            let kind = self.field_kind(spec);
            self.put(col, *span, 1, kind);
            col += span;
        }
        self.end_row(lines);
    }

    fn grid(&mut self, spec: &GridSpec, label: &str, rows: &[String], columns: &[String]) {
        let lines: Vec<&LineSpec> = rows.iter().filter_map(|id| spec.row(id)).collect();
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
            for (column, (col, span)) in specs.iter().zip(&at) {
                let kind = self.grid_cell(spec, line, column, &specs, &at);
                self.put(*col, *span, 1, kind);
            }
            let high = self.lines(left, first, &line.label);
            self.end_row(high);
        }
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
        let printed = |text: String| Kind::Text { text, look: Look::Printed };
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

    fn field_input(&self, spec: &FieldSpec) -> Input {
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

    /// Notes and signatures.
    fn foot(&mut self) {
        let all = self.width();
        let schema = self.schema;
        for note in &schema.layout.notes {
            let note = self.note(note);
            self.text(0, all, 1, &note, Look::Note);
            let lines = self.lines(0, all, &note);
            self.heights.push(f64::from(lines) * (LINE - 1.0) + 4.0);
        }
        let specs: Vec<&FieldSpec> = schema.layout.signature.iter().filter_map(|id| schema.field(id)).collect();
        for specs in specs.chunks(all.clamp(1, 4)) {
            let lead = |spec: &FieldSpec| format!("{}：", spec.label);
            let wants = specs.iter().map(|spec| Want::value(f64::from(display_width(&lead(spec))) + 8.0));
            let spans = spread(&self.widths, &wants.collect::<Vec<_>>());
            let mut col = 0;
            for (spec, span) in specs.iter().zip(spans) {
                // What is filled in above is only signed here.
                let kind = if self.printed_fields.contains(&spec.id) {
                    Kind::Text { text: lead(spec), look: Look::Caption }
                } else {
                    Kind::Input(Input { bordered: false, lead: lead(spec), ..self.field_input(spec) })
                };
                self.put(col, span, 1, kind);
                col += span;
            }
            self.heights.push(28.0);
        }
    }

    /// A note; what it says of the points is what the policy says.
    fn note(&self, note: &str) -> String {
        const POINTS: &str = "分值统一为";
        let (Some(indicators), true) = (&self.indicators, self.policy.weights.contains_key(&self.schema.id)) else {
            return note.to_owned();
        };
        let Some((before, _)) = note.split_once(POINTS) else { return note.to_owned() };
        let of_class = |class: &Class| Some(format!("{}{}分", class.label, class.points?.normalize()));
        let execution = format!("预算执行率{}分", indicators.execution_points.normalize());
        let parts = std::iter::once(execution).chain(indicators.classes.iter().filter_map(of_class));
        format!("{before}{POINTS}{}；得分不得超过分值上限。", parts.collect::<Vec<_>>().join("、"))
    }

    /// Rows of tables become higher, by half at most, where the page has room for it, and lower, down to their text, where
    /// the form then keeps to one page.
    fn fill_page(&mut self) {
        const LOW: f64 = 0.8;
        let landscape = self.schema.layout.landscape;
        let scale = (page_width(landscape) / self.widths.iter().sum::<f64>()).min(1.0);
        let in_body = |row: usize| {
            let row = u32::try_from(row).unwrap_or(u32::MAX);
            self.bodies.iter().any(|body| (body.rows.0..=body.rows.1).contains(&row))
        };
        let rows: Vec<usize> = (0..self.heights.len()).filter(|row| in_body(*row)).collect();
        let body: f64 = rows.iter().filter_map(|row| self.heights.get(*row)).sum();
        let spare = page_height(landscape) / scale - self.heights.iter().sum::<f64>();
        let lowest = (self.heights.iter().sum::<f64>() - body * (1.0 - LOW)) * scale;
        if lowest > page_height(landscape) * SHRUNK {
            return;
        }
        let factor = 1.0 + (spare / body.max(1.0)).clamp(LOW - 1.0, 0.5);
        for row in rows {
            if let Some(height) = self.heights.get_mut(row) {
                *height = (*height * factor).floor();
            }
        }
    }

    /// A total score in the head is what the scores make.
    fn total_score_field(&mut self) {
        let ranges = checks::score_ranges(self);
        if ranges.is_empty() {
            return;
        }
        let role = Role::Field(field::TOTAL_SCORE.to_owned());
        for piece in &mut self.pieces {
            if let Kind::Input(input) = &piece.kind
                && input.role == role
            {
                let (label, kind) = (input.label.clone(), input.kind);
                let computation = Computation::Sum(ranges.clone());
                piece.kind = Kind::Computed { role: role.clone(), label, computation, result: None, kind };
            }
        }
    }
}

/// Columns for the labels at the left: some thirteen characters wide, with room beside them for so many boxes.
fn label_columns(widths: &[f64], beside: usize) -> usize {
    let mut count = 1;
    let sum = |count: usize| widths.iter().take(count).sum::<f64>();
    while sum(count) < 13.0 && widths.len() > count + beside && (sum(count) < 8.0 || sum(count + 1) <= 24.0) {
        count += 1;
    }
    count
}

/// Latin characters that fit a width.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a width of a page, rounded down")]
fn room(width: f64) -> u32 {
    width.clamp(2.0, 500.0) as u32
}

/// Whether the form says its unit of money in the brackets of a printed label.
fn says_money(schema: &Schema, blocks: &[Block]) -> bool {
    let is_money = |text: &str| bracketed(text).is_some_and(|inside| inside == "万元" || inside == "元");
    let columns = |columns: &[ColumnSpec], printed: &[String]| {
        columns.iter().any(|column| printed.contains(&column.id) && is_money(&column.label))
    };
    blocks.iter().any(|block| match block {
        Block::Grid { grid, label, columns: printed, rows } => {
            let spec = schema.grid(grid);
            is_money(label)
                || spec.is_some_and(|spec| {
                    columns(&spec.columns, printed)
                        || spec.rows.iter().any(|row| rows.contains(&row.id) && is_money(&row.label))
                })
        }
        Block::Table { table, label, columns: printed, groups, .. } => {
            is_money(label)
                || groups.iter().any(|group| is_money(&group.label))
                || schema.table(table).is_some_and(|spec| columns(&spec.columns, printed))
        }
        Block::Fields { fields, .. } | Block::Heads { fields, .. } => {
            fields.iter().filter_map(|id| schema.field(id)).any(|spec| is_money(&spec.label))
        }
    })
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

/// Boxes that a block prints right of its label.
fn boxes_beside_label(block: &Block) -> usize {
    match block {
        Block::Fields { fields, .. } => (fields.len() * 2).saturating_sub(1),
        Block::Heads { fields, .. } => fields.len(),
        Block::Grid { columns, .. } => columns.len().max(1) + 1,
        Block::Table { columns, left, label, .. } => {
            (columns.len() + left.len()).saturating_sub(usize::from(label.is_empty()))
        }
    }
}

/// A table for which the columns of the sheet may be made.
struct Widest {
    number: usize,
    indicators: bool,
    /// Its columns, those left of a list with them.
    specs: Vec<ColumnSpec>,
    /// Width of the longest text that each comes with.
    printed: Vec<u32>,
    /// Columns of the sheet left of its own.
    left: usize,
}

/// What a list prints left of its indicators, as a column.
pub(super) fn listed(schema: &Schema, column: &ListColumn) -> Option<ColumnSpec> {
    match column {
        ListColumn::Field(id) => {
            let field = schema.field(id)?;
            Some(ColumnSpec {
                id: field.id.clone(),
                label: field.label.clone(),
                labels: field.labels.clone(),
                kind: field.kind,
                required: field.required,
                choices: field.choices.clone(),
                max_chars: field.max_chars,
                unique: false,
            })
        }
        ListColumn::Amount { grid, column } => {
            let spec = schema.grid(grid)?.column(column)?;
            Some(ColumnSpec { id: format!("{grid}.{column}"), ..spec.clone() })
        }
    }
}

/// The columns of the sheet: those of the widest table, more where another block needs them. With the table's place
/// among the blocks and the columns that each of its own takes.
fn columns(schema: &Schema, blocks: &[Block]) -> (Vec<f64>, Option<(usize, Vec<usize>)>) {
    let page = page_width(schema.layout.landscape);
    let tables = blocks.iter().enumerate().filter_map(|(number, block)| match block {
        Block::Table { table, columns, left, label, printed, .. } => {
            let spec = schema.table(table)?;
            let own = columns.iter().filter_map(|id| spec.column(id)).cloned();
            let specs: Vec<ColumnSpec> = left.iter().filter_map(|one| listed(schema, one)).chain(own).collect();
            let longest =
                |at: usize| printed.iter().filter_map(|row| row.get(at)).map(|text| display_width(text)).max();
            let printed: Vec<u32> = (0..specs.len()).map(|at| longest(at).unwrap_or(0)).collect();
            let left = if label.is_empty() { left.len() } else { 1 };
            Some(Widest { number, indicators: table == concept::INDICATORS, specs, printed, left })
        }
        _ => None,
    });
    // The indicator table is the one to which units add rows: its cells should not be merged.
    let widest = tables.reduce(|one, other| {
        let more = other.specs.len() > one.specs.len();
        let better = if one.indicators == other.indicators { more } else { other.indicators };
        if better { other } else { one }
    });
    let needed = blocks.iter().map(|block| boxes_beside_label(block) + 1).max().unwrap_or(1);
    let (mut widths, mut main) = match widest {
        Some(Widest { number, specs, printed, left, .. }) => {
            let labelled = matches!(blocks.get(number), Some(Block::Table { label, .. }) if !label.is_empty());
            let mut widths = if labelled { vec![NARROW] } else { Vec::new() };
            let refs: Vec<&ColumnSpec> = specs.iter().collect();
            widths.extend(fit(&refs, &printed, if labelled { NARROW } else { 0.0 }, page));
            let own = widths.len() - left;
            (widths, Some((number, vec![1; own])))
        }
        None => (vec![page / 6.0; 6], None),
    };
    // Pairs of labels and values need a column of a label's width between wide ones.
    let paired = blocks.iter().any(|block| matches!(block, Block::Fields { fields, .. } if fields.len() > 1));
    loop {
        let Some((at, width)) = widths.iter().copied().enumerate().max_by(|one, other| one.1.total_cmp(&other.1))
        else {
            break;
        };
        let too_wide = paired && width > 26.0 && widths.len() < 8;
        if widths.len() >= needed && !too_wide {
            break;
        }
        let first = if too_wide { width - 13.0 } else { width / 2.0 };
        widths.splice(at..=at, [first, width - first]);
        if let Some((_, spans)) = &mut main {
            // Which of the table's columns the split one belongs to; none where it is the label's.
            let mut end = widths.len() - 1 - spans.iter().sum::<usize>();
            for span in spans.iter_mut() {
                end += *span;
                if at < end {
                    *span += 1;
                    break;
                }
            }
        }
    }
    (widths, main)
}
