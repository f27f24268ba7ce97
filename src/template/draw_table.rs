//! Draws a table: its header, rows for the printed classes or blank ones, the row of totals.

use std::collections::BTreeMap;

use super::canvas::{Body, Draw};
use super::columns::{Want, fit, page_width, spread};
use super::compute::{Computation, Points};
use super::own::OwnRow;
use super::own_draw::own_lines;
use super::plan::{Input, Kind, Look, Role};
use super::sheet_columns::listed;
use super::table_lines::{Line, plain_lines, run, run_length};
use crate::address::CellRef;
use crate::schema::concept::{self, amount, column};
use crate::schema::{Block, ColumnSpec, Group, TableSpec};
use crate::text::{display_width, label_key};

/// The signs of an indicator's target.
const SIGNS: [&str; 6] = ["≥", "≤", "=", ">", "<", "定性"];
/// Rows of a list of projects that are drawn at least, and rows of each project.
const LIST_ROWS: u32 = 24;
const PROJECT_ROWS: usize = 8;
/// Lines of text that a cell of a table has room for.
const ROW_LINES: u32 = 1;

/// Where a table is drawn.
pub(super) struct Frame<'t> {
    pub(super) spec: &'t TableSpec,
    pub(super) specs: Vec<&'t ColumnSpec>,
    /// First column and columns taken, for each of `specs`.
    pub(super) at: Vec<(usize, usize)>,
    /// Columns of the block's label.
    pub(super) left: usize,
    /// What a list says of a project, a column each, left of the others.
    pub(super) listed: &'t [ColumnSpec],
}

impl Draw<'_> {
    /// A table.
    pub(super) fn table(&mut self, number: usize, block: &Block, blocks: &[Block]) {
        let Block::Table { table, label, columns, left, groups, blank, printed, subclasses } = block else { return };
        let schema = self.schema;
        let Some(spec) = schema.table(table) else { return };
        let specs: Vec<&ColumnSpec> = columns.iter().filter_map(|id| spec.column(id)).collect();
        let listed: Vec<ColumnSpec> = left.iter().filter_map(|one| listed(schema, one)).collect();
        let frame = self.frame(number, spec, specs, label, &listed);
        let is_total = |row: &&Vec<String>| {
            row.first().is_some_and(|text| !text.is_empty() && spec.totals.contains(&label_key(text)))
        };
        let total = printed.iter().find(is_total);
        let printed: Vec<&Vec<String>> = printed.iter().filter(|row| !is_total(row)).collect();
        let classes = self.indicators.clone().filter(|_| table == concept::INDICATORS && !schema.list);
        let classes = classes.as_ref();
        let has_level1 = frame.specs.iter().any(|spec| spec.id == column::LEVEL1);
        let same = |block: &&Block| matches!(block, Block::Table { table: other, .. } if other == table);
        let once = blocks.iter().filter(same).count() == 1;
        let lines = match classes {
            Some(classes) if printed.is_empty() && has_level1 => self.class_lines(classes, subclasses, *blank, once),
            _ => {
                let blank = if schema.list { (*blank).max(LIST_ROWS) } else { *blank };
                plain_lines(&frame.specs, &printed, blank)
            }
        };
        let lines = self.with_own(lines, table, number, blocks);
        let header = if groups.is_empty() { 1 } else { 2 };
        if frame.left > 0 && listed.is_empty() {
            let height = header + u32::try_from(lines.len()).unwrap_or(0);
            self.block_label(&frame, label, height);
        }
        let first = self.row();
        self.header(&frame, groups);
        // The header of the longest table comes again on each page.
        if self.head_rows.is_none_or(|_| lines.len() > 12) {
            self.head_rows = Some((first, self.row() - 1));
        }
        self.body(&frame, &lines);
        let again = blocks.iter().skip(number + 1).any(|b| matches!(b, Block::Table { table: t, .. } if t == table));
        match total {
            Some(texts) => self.printed_total(&frame, texts),
            None if !again => self.total(&frame, classes),
            None => {}
        }
    }

    fn frame<'t>(
        &self,
        number: usize,
        spec: &'t TableSpec,
        specs: Vec<&'t ColumnSpec>,
        label: &str,
        listed: &'t [ColumnSpec],
    ) -> Frame<'t> {
        let spans_of_main = self.main.as_ref().filter(|(main, spans)| {
            // A table printed again has the same columns as the first time.
            *main == number || spans.len() == specs.len()
        });
        let (left, spans) = match spans_of_main {
            Some((_, spans)) => (self.width() - spans.iter().sum::<usize>(), spans.clone()),
            None => {
                let room = self.width().saturating_sub(specs.len()).max(1);
                let left = if label.is_empty() { 0 } else { self.label_columns.min(room) };
                let page = page_width(self.schema.layout.landscape);
                let wanted = fit(&specs, &[], 13.0, page);
                let wants: Vec<Want> =
                    wanted.iter().map(|width| Want { need: width * 0.7, fair: *width, stretch: 0.5 }).collect();
                (left, spread(self.widths.get(left..).unwrap_or_default(), &wants))
            }
        };
        // Where the main table has a label and this one none, its first column takes that place too.
        let (left, mut spans) = if label.is_empty() && left > 0 && listed.is_empty() {
            let mut spans = spans;
            if let Some(first) = spans.first_mut() {
                *first += left;
            }
            (0, spans)
        } else if !label.is_empty() && left == 0 && listed.is_empty() {
            let spans = spread(self.widths.get(1..).unwrap_or_default(), &vec![Want::value(8.0); specs.len()]);
            (1, spans)
        } else {
            (left, spans)
        };
        spans.truncate(specs.len());
        let mut col = left;
        let mut at = Vec::with_capacity(spans.len());
        for span in spans {
            at.push((col, span));
            col += span;
        }
        Frame { spec, specs, at, left, listed }
    }

    /// The label of the block; running downward where its column is narrow.
    fn block_label(&mut self, frame: &Frame<'_>, label: &str, height: u32) {
        let narrow = self.widths.iter().take(frame.left).sum::<f64>() < 7.0;
        let letters = label.chars().count();
        let downward = narrow && letters <= 10 && label.chars().all(|c| !"（）()".contains(c));
        let text =
            if downward { label.chars().map(String::from).collect::<Vec<_>>().join("\n") } else { label.to_owned() };
        self.text(0, frame.left, height, &text, Look::Label);
    }

    fn header(&mut self, frame: &Frame<'_>, groups: &[Group]) {
        let group_of = |id: &str| groups.iter().find(|group| group.columns.iter().any(|column| column == id));
        let height = if groups.is_empty() { 1 } else { 2 };
        let mut high = 1;
        for (col, spec) in frame.listed.iter().enumerate() {
            self.text(col, 1, height, &spec.label, Look::Label);
            high = high.max(self.lines(col, 1, &spec.label).div_ceil(height));
        }
        for (spec, (col, span)) in frame.specs.iter().zip(&frame.at) {
            let grouped = group_of(&spec.id);
            if let Some(group) = grouped.filter(|group| group.columns.first() == Some(&spec.id)) {
                let inside = frame.specs.iter().zip(&frame.at).filter(|(other, _)| group.columns.contains(&other.id));
                let columns = inside.map(|(_, (_, span))| span).sum();
                self.text(*col, columns, 1, &group.label, Look::Label);
            }
            if grouped.is_none() {
                self.text(*col, *span, height, &spec.label, Look::Label);
                high = high.max(self.lines(*col, *span, &spec.label).div_ceil(height));
            }
        }
        if groups.is_empty() {
            self.end_row(high);
            return;
        }
        self.end_row(1);
        for (spec, (col, span)) in frame.specs.iter().zip(&frame.at) {
            if group_of(&spec.id).is_some() {
                self.text(*col, *span, 1, &spec.label, Look::Label);
                high = high.max(self.lines(*col, *span, &spec.label));
            }
        }
        self.end_row(high);
    }

    fn body(&mut self, frame: &Frame<'_>, lines: &[Line]) {
        let table = &frame.spec.id;
        let columns = frame.specs.iter().zip(&frame.at);
        let columns = columns.map(|(spec, (col, _))| (spec.id.clone(), u32::try_from(*col).unwrap_or(u32::MAX)));
        let first = self.row();
        let last = first + u32::try_from(lines.len()).unwrap_or(0).saturating_sub(1);
        let columns: BTreeMap<String, u32> = columns.collect();
        if !lines.is_empty() {
            self.bodies.push(Body { table: table.clone(), rows: (first, last), columns: columns.clone() });
        }
        for (number, line) in lines.iter().enumerate() {
            let row = self.number_of(table, line);
            let mut high = ROW_LINES;
            if !frame.listed.is_empty() {
                high = high.max(self.project_of(frame, lines, number));
            }
            for (spec, (col, span)) in frame.specs.iter().zip(&frame.at) {
                match line.printed.get(&spec.id) {
                    Some(text) if [column::LEVEL1, column::LEVEL2].contains(&spec.id.as_str()) => {
                        let same = run(lines, number, &spec.id);
                        if let Some(height) = same {
                            let kind = self.level(frame, &columns, spec, (line, row), text);
                            self.put(*col, *span, height, kind);
                        }
                        let tall = run_length(lines, number, &spec.id);
                        high = high.max(self.lines(*col, *span, text).div_ceil(tall.max(1)));
                    }
                    Some(text) => {
                        let look = if display_width(text) > 8 { Look::Line } else { Look::Printed };
                        self.text(*col, *span, 1, text, look);
                        high = high.max(self.lines(*col, *span, text));
                    }
                    None if self.is_joined(table, lines, number, &spec.id) => {}
                    None => {
                        let below =
                            (number + 1..lines.len()).take_while(|at| self.is_joined(table, lines, *at, &spec.id));
                        let height = u32::try_from(below.count()).unwrap_or(0) + 1;
                        let input = self.cell(frame, &columns, spec, line, row);
                        let own = self.options.own.as_ref().and_then(|own| own.value(&input.role));
                        let told = input.value.as_ref().map(ToString::to_string);
                        if let Some(text) = told.or_else(|| own.map(|cell| cell.shown().into_owned())) {
                            high = high.max(self.lines(*col, *span, &text));
                        }
                        self.put(*col, *span, height, Kind::Input(input));
                    }
                }
            }
            self.end_row(high);
        }
    }

    /// Whether the cell of a column is one with that of the line above, as the unit has it.
    fn is_joined(&self, table: &str, lines: &[Line], number: usize, id: &str) -> bool {
        let own = |at: usize| lines.get(at).and_then(|line| line.own);
        let above = number.checked_sub(1).and_then(own);
        let rows = self.options.own.as_ref().and_then(|own| own.tables.get(table)).map(|table| &table.rows);
        let row = own(number).filter(|at| above.is_some_and(|above| above + 1 == *at));
        let printed = |at: usize| lines.get(at).is_some_and(|line| line.printed.contains_key(id));
        let plain = !printed(number) && number.checked_sub(1).is_some_and(|above| !printed(above));
        plain && rows.zip(row).and_then(|(rows, at)| rows.get(at)).is_some_and(|row| row.joined.contains(id))
    }

    /// The number by which a row of a table is known: the unit's own ones come first.
    fn number_of(&mut self, table: &str, line: &Line) -> usize {
        let own = self.options.own.as_ref().and_then(|own| own.tables.get(table)).map_or(0, |own| own.rows.len());
        if let Some(own) = line.own {
            self.own_rows.insert((table.to_owned(), own), self.row());
            return own;
        }
        let row = self.table_rows.get(table).copied().unwrap_or(own);
        self.table_rows.insert(table.to_owned(), row + 1);
        row
    }

    /// The box of a class: printed, but where the unit names one that the form does not know.
    fn level(
        &self,
        frame: &Frame<'_>,
        columns: &BTreeMap<String, u32>,
        spec: &ColumnSpec,
        (line, row): (&Line, usize),
        text: &str,
    ) -> Kind {
        let known = self.schema.indicators.iter().flat_map(|indicators| &indicators.classes).any(|class| {
            let key = label_key(text);
            class.labels.contains(&key) || class.subclasses.iter().any(|subclass| subclass.labels.contains(&key))
        });
        match line.own {
            Some(_) if !known && self.schema.indicators.is_some() => {
                Kind::Input(Input { choices: Vec::new(), closed: false, ..self.cell(frame, columns, spec, line, row) })
            }
            _ => Kind::Text { text: self.months(text), look: Look::Label },
        }
    }

    /// What a list says of the project that begins in a row; the lines of text that a row of it then needs.
    fn project_of(&mut self, frame: &Frame<'_>, lines: &[Line], number: usize) -> u32 {
        let own = lines.iter().any(|line| line.begins);
        let begins = |at: usize| {
            if own { lines.get(at).is_some_and(|line| line.begins) } else { at.is_multiple_of(PROJECT_ROWS) }
        };
        let from = (0..=number).rev().find(|at| begins(*at)).unwrap_or(0);
        let rows = (from + 1..lines.len()).find(|at| begins(*at)).unwrap_or(lines.len()) - from;
        if from == number {
            let project = (0..number).filter(|at| begins(*at)).count();
            self.project(frame, project, rows);
        }
        let project = (0..from).filter(|at| begins(*at)).count();
        let said = |(col, spec): (usize, &ColumnSpec)| {
            let role = Role::Listed { project, what: spec.id.clone() };
            let text = self.options.own.as_ref()?.value(&role)?.shown().into_owned();
            Some(self.lines(col, 1, &text))
        };
        let needed = frame.listed.iter().enumerate().filter_map(said).max().unwrap_or(1);
        needed.div_ceil(u32::try_from(rows).unwrap_or(1).max(1))
    }

    /// What a list says of a project, merged over its rows.
    fn project(&mut self, frame: &Frame<'_>, project: usize, rows: usize) {
        let height = u32::try_from(rows).unwrap_or(1);
        let row = self.row();
        let at = |id: &str| {
            let col = frame.listed.iter().position(|spec| spec.id == format!("{}.{id}", concept::FUNDING))?;
            Some(CellRef::new(row, u32::try_from(col).ok()?))
        };
        let points = self.indicators.as_ref().map(|indicators| indicators.execution_points);
        for (col, spec) in frame.listed.iter().enumerate() {
            let role = Role::Listed { project, what: spec.id.clone() };
            let id = spec.id.strip_prefix(concept::FUNDING).map_or("", |id| id.trim_start_matches('.'));
            let computation = match id {
                amount::RATE => at(amount::EXECUTED)
                    .zip(at(amount::BUDGET))
                    .map(|(executed, budget)| Computation::Rate { executed, budget }),
                amount::SCORE => at(amount::RATE).zip(points).map(|(rate, points)| {
                    Computation::execution_score(rate, Points::Fixed(points), &self.policy.execution)
                }),
                _ => None,
            };
            let kind = match computation {
                Some(computation) => {
                    Kind::Computed { role, label: spec.label.clone(), computation, result: None, kind: spec.kind }
                }
                None => Kind::Input(Input {
                    role,
                    label: spec.label.clone(),
                    kind: spec.kind,
                    choices: spec.choices.iter().map(|choice| choice.label.clone()).collect(),
                    closed: !spec.choices.is_empty(),
                    required: false,
                    max_chars: spec.max_chars,
                    limit: None,
                    bordered: true,
                    lead: String::new(),
                    value: None,
                }),
            };
            self.put(col, 1, height, kind);
        }
    }

    fn cell(
        &self,
        frame: &Frame<'_>,
        columns: &BTreeMap<String, u32>,
        spec: &ColumnSpec,
        line: &Line,
        row: usize,
    ) -> Input {
        let (mut choices, mut closed) =
            (spec.choices.iter().map(|choice| choice.label.clone()).collect(), !spec.choices.is_empty());
        let indicators = frame.spec.id == concept::INDICATORS;
        match spec.id.as_str() {
            column::OPERATOR if indicators => {
                choices = SIGNS.map(str::to_owned).to_vec();
                closed = true;
            }
            column::UNIT if indicators => choices = suggested_units(&self.policy.words.units),
            column::LEVEL1 if indicators => choices = self.class_labels(),
            _ => {}
        }
        let limit = (spec.id == column::SCORE).then(|| columns.get(column::WEIGHT)).flatten();
        let has = |id: &str| columns.contains_key(id);
        Input {
            role: Role::Row { table: frame.spec.id.clone(), row, column: spec.id.clone(), class: line.class.clone() },
            label: spec.label.clone(),
            kind: spec.kind,
            choices,
            closed,
            required: match (spec.id.as_str(), &line.class) {
                (column::LEVEL3, Some(_)) => line.wanted,
                _ => spec.required,
            },
            max_chars: spec.max_chars,
            limit: limit.map(|col| CellRef::new(self.row(), *col)),
            bordered: true,
            lead: String::new(),
            value: line.approved.as_ref().and_then(|approved| approved.entry(&spec.id, has)),
        }
    }

    /// The lines of the blank form with the unit's own rows among them.
    fn with_own(&self, lines: Vec<Line>, table: &str, number: usize, blocks: &[Block]) -> Vec<Line> {
        let own = self.options.own.as_ref().and_then(|own| Some((own, own.tables.get(table)?)));
        let Some((own, rows)) = own else { return lines };
        let mine: Vec<(usize, &OwnRow)> =
            own.rows_of(table, blocks, number).into_iter().filter_map(|at| Some((at, rows.rows.get(at)?))).collect();
        if mine.is_empty() { lines } else { own_lines(lines, &mine, self.schema.list) }
    }

    fn class_labels(&self) -> Vec<String> {
        let classes = self.schema.indicators.iter().flat_map(|indicators| &indicators.classes);
        classes.map(|class| class.label.clone()).collect()
    }
}

/// As many units as an inline list takes: Excel allows 255 characters.
fn suggested_units(units: &[String]) -> Vec<String> {
    let mut room = 250;
    let mut fits = |unit: &&String| {
        let length = unit.chars().count() + 1;
        room = usize::saturating_sub(room, length);
        room > 0 && !unit.contains(',')
    };
    units.iter().take_while(|unit| fits(unit)).cloned().collect()
}
