//! The body of the indicator table: rows with inherited levels, printed rows left vacant, the row of totals.

use std::ops::RangeInclusive;

use rust_decimal::Decimal;

use super::choice;
use super::id::Id;
use super::lexicon::Lexicon;
use super::page::Page;
use super::reading::{self, Habits};
use super::record::{Field, Provenance, Reading, Row, Stored, Table, VacantRow};
use super::table_head::{self, TableHead, is_leftover};
use crate::address::CellRef;
use crate::schema::concept::{column, field::TOTAL_GRADE};
use crate::schema::{ColumnSpec, FieldKind};
use crate::text::{bracketed, fold, label_key, squeeze};
use crate::value::{Measure, Operator, Value};

/// What the template prints before the number of an indicator.
const LEFTOVERS: [&str; 1] = ["指标"];

/// Reads the table below its header, down to the last row of the form. Also returns the rows it took.
pub(super) fn read(
    page: &Page<'_>,
    header: &TableHead,
    last_row: u32,
    lexicon: &Lexicon,
    habits: Habits<'_>,
) -> (Table, RangeInclusive<u32>) {
    let mut reader =
        TableReader { page, header: header.clone(), lexicon, habits, level1: None, level2: None, term: false };
    reader.term = reader.is_long_term();
    let mut table = Table {
        columns: header
            .columns
            .iter()
            .map(|(id, col)| (Id::from(id), table_head::heading(page, header, *col)))
            .collect(),
        block: reader.block(),
        ..Table::default()
    };
    let mut body_end = header.row;
    let mut ended = false;
    for row in header.row + 1..=last_row {
        match reader.line(row) {
            Line::Blank => {}
            // A list sums up its departments between its projects, see `list`.
            Line::Total(_) if lexicon.schema.list => {}
            Line::Total(total) => {
                table.total.get_or_insert(total);
                if !ended {
                    body_end = row;
                }
                ended = true;
            }
            Line::End => ended = true,
            Line::Execution(line) if !ended => {
                table.execution.get_or_insert(line);
                body_end = row;
            }
            Line::Filled(line) if !ended => {
                // A group that begins without a header of its own.
                let begins = |own: &Provenance| line.block.as_ref().is_some_and(|block| is_next_group(own, block));
                table.block = table.block.take().filter(|block| !begins(block));
                table.rows.push(line);
                body_end = row;
            }
            Line::Vacant(line) if !ended => {
                table.vacant.push(line);
                body_end = row;
            }
            Line::Subtotal(line) if !ended => {
                table.subtotals.push(line);
                body_end = row;
            }
            Line::Heading if !ended => {
                body_end = row;
                // Groups with a header each, `目标1（40分）` and `目标2（40分）`: no label speaks for the whole table.
                if reader.header.row == row && !table.block.as_ref().is_some_and(|block| reader.is_under(block)) {
                    table.block = None;
                }
            }
            _ => {}
        }
    }
    // A header of two rows begins where its merged cells begin.
    let top = table.columns.values().map(|head| head.cell.row).min().unwrap_or(header.row);
    (table, top..=body_end)
}

/// What a row of the sheet is to the table.
enum Line {
    Blank,
    Heading,
    Filled(Row),
    Vacant(VacantRow),
    /// 预算执行率 printed as a row of the table.
    Execution(Row),
    /// 小计 of a class.
    Subtotal(Row),
    Total(Row),
    End,
}

struct TableReader<'a> {
    page: &'a Page<'a>,
    /// The header the rows stand under; a table printed again below has its own.
    header: TableHead,
    lexicon: &'a Lexicon,
    habits: Habits<'a>,
    /// Whether the rows belong to the longer horizon.
    term: bool,
    /// Level cells to inherit downward.
    level1: Option<CellRef>,
    level2: Option<CellRef>,
}

impl TableReader<'_> {
    fn at(&self, row: u32, id: &str) -> Option<CellRef> {
        self.header.columns.get(id).map(|col| self.page.sheet.anchor(CellRef::new(row, *col)))
    }

    /// The block's own label left of the table: `绩效指标（90分）`.
    fn block(&self) -> Option<Provenance> {
        let first = self.header.columns.values().copied().min()?;
        let left = self.page.boxes(self.header.row).take_while(|at| at.col < first);
        let at = left.filter(|at| !self.page.is_blank(*at)).last()?;
        Some(reading::field(self.page.sheet, at, FieldKind::Text, self.habits).provenance)
    }

    /// The label of the block that a row stands in: what is merged down to it, else what stands beside the header.
    fn block_of(&self, row: u32) -> Option<Provenance> {
        let first = self.header.columns.values().copied().min()?;
        let left = self.page.boxes(row).take_while(|at| at.col < first);
        let label = left.filter(|at| !self.page.is_blank(*at) && !self.page.key(*at).is_empty()).last();
        let read = |at| reading::field(self.page.sheet, at, FieldKind::Text, self.habits).provenance;
        label.map(read).or_else(|| self.block())
    }

    /// Whether the block's label says what this one says.
    fn is_under(&self, block: &Provenance) -> bool {
        self.block().is_none_or(|own| label_key(&own.text) == label_key(&block.text))
    }

    /// Whether the block's label speaks of more than the year: `长期绩效指标`.
    fn is_long_term(&self) -> bool {
        let label = self.block().map(|block| label_key(&block.text)).unwrap_or_default();
        ["长期", "中期", "实施期", "总目标"].iter().any(|word| label.contains(word))
    }

    fn line(&mut self, row: u32) -> Line {
        let Some((first, _)) = self.page.filled(row).next() else {
            return self.inherited_blank(row);
        };
        if let Some(line) = self.closing(row, first) {
            return line;
        }
        if self.numbers_columns(row) {
            return Line::Heading;
        }
        if let Some(label) = self.class_subtotal(row) {
            return Line::Subtotal(self.total(row, label));
        }
        if table_head::is_repeated(self.page, row, self.lexicon, self.header.table) {
            self.header = table_head::read(self.page, row, self.lexicon, self.header.table);
            (self.level1, self.level2) = (None, None);
            self.term = self.is_long_term();
            return Line::Heading;
        }
        let level1 = self.level(row, column::LEVEL1);
        let level2 = self.level(row, column::LEVEL2);
        let mut line = self.cells(row, level1, level2);
        self.classify(&mut line);
        self.measures(&mut line);
        self.sort(line)
    }

    /// A row in which nothing begins: blank, or covered by merged level cells and so a vacant row of the template.
    fn inherited_blank(&self, row: u32) -> Line {
        let covered = self.at(row, column::LEVEL2).or_else(|| self.at(row, column::LEVEL1));
        let name = self.at(row, column::LEVEL3);
        match (covered.filter(|at| at.row < row && !self.page.is_blank(*at)), name) {
            (Some(_), Some(cell)) if cell.row == row => {
                let mut line = Row { row, ..Row::default() };
                for id in [column::LEVEL1, column::LEVEL2] {
                    if let Some(at) = self.at(row, id) {
                        line.cells.insert(Id::from(id), self.field(at, FieldKind::Text));
                    }
                }
                self.classify(&mut line);
                Line::Vacant(VacantRow { row, class: line.class, subclass: line.subclass, cell, text: String::new() })
            }
            _ => Line::Blank,
        }
    }

    /// Rows that close the table: totals, notes, opinions, signatures.
    fn closing(&self, row: u32, first: CellRef) -> Option<Line> {
        let table = self.lexicon.indicators()?;
        let key = self.page.key(first);
        let name_col = self.header.columns.get(column::LEVEL3).or_else(|| self.header.columns.get(column::TARGET))?;
        let span = self.page.sheet.span(first);
        let matches = |labels: &[String]| labels.iter().any(|label| label == key);
        if first.col < *name_col && (matches(&table.totals) || key.starts_with("总分")) {
            return Some(Line::Total(self.total(row, first)));
        }
        // One box over the whole table is a note or a signature line, never an indicator.
        let last_col = self.header.columns.values().copied().max().unwrap_or(*name_col);
        let across = span.start.col <= *name_col && span.end.col >= last_col && last_col > *name_col;
        let closes = first.col < *name_col && table_head::closes(self.page, first, table);
        (closes || across).then_some(Line::End)
    }

    /// The label of a row that sums up the indicators of a class: `小计 | 50 | 48`.
    fn class_subtotal(&self, row: u32) -> Option<CellRef> {
        let levels = [column::LEVEL1, column::LEVEL2, column::LEVEL3].iter().filter_map(|id| self.at(row, id));
        levels.filter(|at| at.row == row).find(|at| self.page.key(*at).ends_with("小计"))
    }

    /// Whether the row counts the columns: `1 | 2 | 3 | 4` under the header.
    fn numbers_columns(&self, row: u32) -> bool {
        let texts = self.page.filled(row).map(|(_, cell)| squeeze(&cell.shown()));
        let numbers: Option<Vec<u32>> = texts.map(|text| text.trim_matches(['(', ')', '栏']).parse().ok()).collect();
        numbers.is_some_and(|all| {
            all.len() >= 4 && all.iter().zip(all.iter().skip(1)).all(|(a, b)| a.checked_add(1) == Some(*b))
        })
    }

    /// The level cell that counts for a row: its own, the merged one, or the last one above.
    fn level(&mut self, row: u32, id: &str) -> Option<CellRef> {
        let at = self.at(row, id)?;
        let filled = !self.page.is_blank(at);
        let slot = if id == column::LEVEL1 { &mut self.level1 } else { &mut self.level2 };
        if filled {
            if id == column::LEVEL1 && *slot != Some(at) {
                self.level2 = None;
                self.level1 = Some(at);
            } else {
                *slot = Some(at);
            }
            return Some(at);
        }
        // A blank level cell of its own row inherits; the blank stays visible through the provenance.
        slot.or(Some(at))
    }

    fn cells(&self, row: u32, level1: Option<CellRef>, level2: Option<CellRef>) -> Row {
        let mut line = Row { row, block: self.block_of(row), term: self.term, ..Row::default() };
        let specs = self.lexicon.indicators().map_or(&[][..], |table| &table.columns);
        for spec in specs {
            let at = match &*spec.id {
                column::LEVEL1 => level1,
                column::LEVEL2 => level2,
                id => self.at(row, id),
            };
            let Some(at) = at else { continue };
            // A value merged over several columns belongs to the first of them; the others have no cell of their own.
            if !line.cells.values().any(|field: &Field| field.cell() == at) {
                line.cells.insert(Id::from(&spec.id), self.cell(at, spec));
            }
        }
        for (id, heads) in &self.header.answers {
            let Some(spec) = specs.iter().find(|spec| spec.id == *id) else { continue };
            if let Some(answer) = table_head::ticked(self.page, row, heads, spec, self.habits) {
                line.cells.insert(Id::from(id), answer);
            }
        }
        for (id, col) in &self.header.term {
            let kind = specs.iter().find(|spec| spec.id == *id).map_or(FieldKind::Text, |spec| spec.kind);
            let at = self.page.sheet.anchor(CellRef::new(row, *col));
            let other = self.field(at, kind);
            // 年初指标值 counts where nothing was adjusted and 调整指标值 is blank.
            let heading = |col: u32| table_head::heading(self.page, &self.header, col).label;
            let chosen = self.header.columns.get(id).map(|col| heading(*col)).unwrap_or_default();
            if (heading(*col).starts_with("年初") || chosen.starts_with("调整"))
                && other.is_filled()
                && line.cells.get(id).is_some_and(Field::is_blank)
            {
                line.cells.insert(Id::from(id), other.clone());
            }
            line.cells.insert(format!("term_{id}").into(), other);
        }
        line
    }

    fn cell(&self, at: CellRef, spec: &ColumnSpec) -> Field {
        choice::answer(self.field(at, spec.kind), &spec.choices)
    }

    fn field(&self, at: CellRef, kind: FieldKind) -> Field {
        let mut field = reading::field(self.page.sheet, at, kind, self.habits);
        if field.provenance.stored == Stored::Number && kind == FieldKind::Text {
            // A name that is only digits is still what was written as the name.
            field.reading = Reading::Value(Value::Text(field.provenance.text.clone()));
        }
        field
    }

    fn classify(&self, line: &mut Row) {
        if let Some(indicators) = &self.lexicon.schema.indicators {
            line.classify(indicators);
        }
    }

    fn measures(&self, line: &mut Row) {
        let unit =
            line.filled(column::UNIT).map(squeeze).map(|unit| if unit == "百分比" { "%".to_owned() } else { unit });
        // Some forms print the signs under 指标值类型.
        let sign = [column::OPERATOR, column::VALUE_TYPE].iter().find_map(|id| line.filled(id));
        let sign = sign.and_then(|text| Operator::split(&fold(text)).map(|(op, _)| op));
        line.target = line.cell(column::TARGET).and_then(Field::measure).map(|m| Measure {
            operator: m.operator.or(sign),
            unit: m.unit.or_else(|| unit.clone()),
            ..m
        });
        let target = line.target.clone();
        line.actual = line.cell(column::ACTUAL).and_then(Field::measure).map(|mut m| {
            let asked = target.as_ref().and_then(|t| t.unit.clone()).or(unit);
            let fraction = m.unit.is_none()
                && asked.as_deref() == Some("%")
                && m.number > Decimal::ZERO
                && m.number <= Decimal::ONE
                && target.as_ref().is_some_and(|t| t.number >= Decimal::TEN);
            if fraction {
                // `0.98` beside a target of 95 %: the cell lost its percent format.
                m.number *= Decimal::ONE_HUNDRED;
            }
            m.unit = m.unit.or(asked);
            m
        });
    }

    /// Whether the row is an indicator, the execution rate, or a row the template printed and nobody filled.
    fn sort(&self, line: Row) -> Line {
        let filled = |id: &str| line.cell(id).is_some_and(Field::is_filled);
        let own = |id: &str| line.cell(id).filter(|f| f.cell().row == line.row && f.is_filled());
        let execution = |text: &str| {
            let key = label_key(text);
            ["预算执行率", "预算执行情况", "资金执行率", "预算执行"].contains(&key.as_str())
        };
        if line.class.is_none()
            && [column::LEVEL1, column::LEVEL2].iter().any(|id| own(id).is_some_and(|f| execution(f.text())))
        {
            return Line::Execution(line);
        }
        let name = line.cell(column::LEVEL3).map(|f| f.text().to_owned()).unwrap_or_default();
        let named = filled(column::LEVEL3) && !is_leftover(&name, &LEFTOVERS);
        let valued = [column::TARGET, column::ACTUAL, column::SCORE].iter().any(|id| {
            line.cell(id)
                .is_some_and(|f| f.cell().row == line.row && f.is_filled() && !is_leftover(f.text(), &LEFTOVERS))
        });
        if named || valued {
            return Line::Filled(line);
        }
        let leftover = [column::LEVEL3, column::LEVEL1, column::LEVEL2].iter().find_map(|id| {
            own(id).filter(|f| is_leftover(f.text(), &LEFTOVERS)).map(|f| (f.cell(), f.text().to_owned()))
        });
        let place = line.at(column::LEVEL3).filter(|at| at.row == line.row);
        match leftover.or(place.map(|at| (at, String::new()))) {
            Some((cell, text)) if line.subclass.is_some() || line.class.is_some() || !text.is_empty() => {
                Line::Vacant(VacantRow { row: line.row, class: line.class, subclass: line.subclass, cell, text })
            }
            _ => Line::Heading,
        }
    }

    fn total(&self, row: u32, label: CellRef) -> Row {
        let mut line = Row { row, ..Row::default() };
        line.cells.insert(Id::from(column::LEVEL1), self.field(label, FieldKind::Text));
        for id in [column::WEIGHT, column::SCORE] {
            if let Some(at) = self.at(row, id).filter(|at| *at != label && at.row == row) {
                line.cells.insert(Id::from(id), reading::field(self.page.sheet, at, FieldKind::Points, self.habits));
            }
        }
        let grade = self.page.filled(row).find(|(_, cell)| {
            matches!(squeeze(&cell.shown()).as_str(), "优" | "良" | "中" | "差" | "优秀" | "良好" | "中等" | "较差")
        });
        if let Some((at, _)) = grade {
            line.cells.insert(Id::from(TOTAL_GRADE), self.field(at, FieldKind::Text));
        }
        line
    }
}

/// Whether two labels name groups of the table with points of their own: `目标1（40分）` and `目标2（40分）`.
fn is_next_group(first: &Provenance, next: &Provenance) -> bool {
    let points = |label: &Provenance| bracketed(&label.text).is_some_and(|inside| inside.ends_with('分'));
    points(first) && points(next) && label_key(&first.text) != label_key(&next.text)
}
