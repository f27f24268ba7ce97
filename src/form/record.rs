//! What was read: a flat record close to the cells, every value with its provenance.

use std::collections::BTreeMap;
use std::sync::Arc;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

use super::id::Id;
use crate::address::{CellRange, CellRef};
use crate::schema::concept::field;
use crate::schema::{Schema, concept};
use crate::text::one_line;
use crate::value::{Measure, Value};
use crate::workbook::Outdated;

/// One form found on a sheet, read.
#[derive(Debug, Clone)]
pub struct Form {
    /// Name of the sheet.
    pub sheet: String,
    /// The form's cells on it: a sheet may hold several forms one under the other.
    pub range: CellRange,
    /// Which form it is.
    pub schema: Arc<Schema>,
    /// How that was known.
    pub recognition: Recognition,
    /// What stands in it.
    pub record: Record,
}

/// How a form was known.
#[derive(Debug, Clone, PartialEq)]
pub struct Recognition {
    /// 0 to 1.
    pub confidence: f64,
    /// What spoke for it and against it, strongest first.
    pub evidence: Vec<Evidence>,
}

/// A piece of evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// The cell, `None` for something that is missing.
    pub cell: Option<CellRef>,
    /// In plain Chinese: `标题“项目支出绩效自评表”`, `缺少“一级指标”`.
    pub what: String,
    /// Points for (positive) or against.
    pub points: f64,
}

/// What stands in a form. Ids are the words of [`concept`].
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    /// The title line; its text is the title as printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Field>,
    /// Labelled values. A field whose label was found is here, be it blank; one whose label is missing is not.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<Id, Field>,
    /// Grids.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub grids: BTreeMap<Id, Grid>,
    /// Tables.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tables: BTreeMap<Id, Table>,
    /// Texts that stand around the form: 注, 说明, 填报说明.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Field>,
}

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// What it means.
    pub reading: Reading,
    /// Where it stands and what is written there.
    pub provenance: Provenance,
}

/// The faces of a cell that should hold a value: different faults.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Reading {
    /// Nothing is written.
    Blank,
    /// A mark that says "not here": `—`, `/`, `无`; see the policy's 空值标记.
    NotApplicable,
    /// Read.
    Value(Value),
    /// Something is written that is not of the kind asked for; in plain Chinese why.
    Unreadable(String),
}

/// Where a value stands and what is written there.
#[derive(Debug, Clone, PartialEq)]
pub struct Provenance {
    /// The cell; of a merged region its top-left one.
    pub cell: CellRef,
    /// The text a person sees in it, unfolded; of `单位：万元` in one cell only the value part.
    pub text: String,
    /// How the file stores it.
    pub stored: Stored,
    /// The formula without `=`, where there is one.
    pub formula: Option<String>,
    /// What that formula gives today, where it is not what the file keeps (公式未重算).
    pub stale: Option<Box<Stale>>,
}

/// A formula's result after it is calculated anew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stale {
    /// How it differs, and what from.
    pub outdated: Outdated,
    /// What the cell will mean.
    pub reading: Reading,
    /// The text a person will see in it.
    pub text: String,
}

/// How the file stores a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stored {
    /// Not at all.
    Blank,
    /// As text; a number stored so is a text number.
    Text,
    /// As a number.
    Number,
    /// As a date.
    Date,
    /// As a truth value.
    Bool,
    /// As an error value such as `#REF!`.
    Error,
}

/// The printed header of a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnHead {
    /// The cell; of a merged region its top-left one.
    pub cell: CellRef,
    /// What is printed there, squeezed: the words by which the unit knows the column.
    pub label: String,
}

/// A grid, by row and column concept.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Grid {
    /// The block's own label, such as `预算执行情况（10分）`, where one is printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block: Option<Provenance>,
    /// The column headers as printed; empty for a grid of label–value pairs.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<Id, ColumnHead>,
    /// Rows in printed order. Rows whose label no schema word fits have an id `other-row-N` and are kept.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<GridRow>,
}

/// A row of a grid.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GridRow {
    /// Concept.
    pub id: String,
    /// The label's cell and text.
    pub label: Provenance,
    /// Whether the label starts with `其中`.
    pub of_which: bool,
    /// Cells by column concept.
    pub cells: BTreeMap<Id, Field>,
}

/// A table of repeated rows.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Table {
    /// The column headers as printed.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<Id, ColumnHead>,
    /// Filled rows in printed order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Row>,
    /// Rows printed by the template and left without content: a level-2 class without an indicator, `……`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub vacant: Vec<VacantRow>,
    /// Rows that sum up some of the rows (小计 under a class of indicators), with their weight and score.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subtotals: Vec<Row>,
    /// The row of totals, where there is one; the unit's own grade stands in it as `total_grade`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<Row>,
    /// 预算执行率 where it is printed as a row of the table; it is no indicator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub execution: Option<Row>,
    /// The block's own label, such as `绩效指标（90分）`, where one is printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block: Option<Provenance>,
}

/// A row of a table.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Row {
    /// Zero-based row on the sheet.
    pub row: u32,
    /// The label left of the row that names its block, such as `年度目标1（40分）`; of a table without blocks the label of
    /// the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block: Option<Provenance>,
    /// Whether the row stands in a table of its own for the longer horizon (长期绩效指标), above the yearly one.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub term: bool,
    /// Concept of the first-level class, where its label is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Concept of the second-level class, where its label is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subclass: Option<String>,
    /// Cells by column concept; inherited level cells have the provenance of the cell they come from.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub cells: BTreeMap<Id, Field>,
    /// The target as a measure: operator and unit taken from their own columns or from the value itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<Measure>,
    /// The actual value as a measure; its unit is taken from the unit column where it writes none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual: Option<Measure>,
}

/// A printed row without an indicator.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct VacantRow {
    /// Zero-based row on the sheet.
    pub row: u32,
    /// Concept of the first-level class, where known.
    pub class: Option<String>,
    /// Concept of the second-level class, where known.
    pub subclass: Option<String>,
    /// The cell that should name the indicator (level 3), where the table has that column.
    pub cell: CellRef,
    /// What is left there: empty, `指标2`, `……`.
    pub text: String,
}

impl Form {
    /// The unit that hands it in, on one line: 实施单位, else 主管部门; `None` where the form names neither.
    #[must_use]
    pub fn unit(&self) -> Option<String> {
        self.record.filled(field::UNIT).or_else(|| self.record.filled(field::DEPARTMENT)).map(one_line)
    }

    /// The project it speaks of, on one line; `None` where it names none.
    #[must_use]
    pub fn project(&self) -> Option<String> {
        self.record.filled(field::PROJECT).map(one_line)
    }

    /// The budget year it says it is of; `None` where it says none.
    #[must_use]
    pub fn year(&self) -> Option<u16> {
        self.record.field(field::YEAR)?.number()?.to_u16()
    }

    /// The form as it will be once its formulas are calculated anew; `None` where they all hold.
    #[must_use]
    pub fn recalculated(&self) -> Option<Self> {
        self.record.all_fields().find(|field| field.provenance.stale.is_some())?;
        let mut form = self.clone();
        let record = &mut form.record;
        let rows = record.tables.values_mut().flat_map(|table| {
            table.rows.iter_mut().chain(&mut table.subtotals).chain(&mut table.total).chain(&mut table.execution)
        });
        rows.for_each(Row::recalculate);
        let grids = record.grids.values_mut().flat_map(|grid| &mut grid.rows).flat_map(|row| row.cells.values_mut());
        record.fields.values_mut().chain(grids).for_each(Field::recalculate);
        Some(form)
    }
}

impl Reading {
    /// The value, where one was read.
    #[must_use]
    pub fn value(&self) -> Option<&Value> {
        match self {
            Self::Value(value) => Some(value),
            _ => None,
        }
    }
}

impl Field {
    /// The cell.
    #[must_use]
    pub fn cell(&self) -> CellRef {
        self.provenance.cell
    }

    /// The text a person sees.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.provenance.text
    }

    /// The number, where one was read.
    #[must_use]
    pub fn number(&self) -> Option<Decimal> {
        self.reading.value().and_then(Value::number)
    }

    /// What is written as a measure; `None` where it is none.
    #[must_use]
    pub fn measure(&self) -> Option<Measure> {
        match self.reading.value()? {
            Value::Number(number) => Some(Measure { operator: None, number: *number, unit: None }),
            Value::Text(text) => Measure::parse(text),
            _ => None,
        }
    }

    /// Whether nothing is written.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.reading == Reading::Blank
    }

    /// Whether something that counts as content is written: neither blank nor a not-applicable mark.
    #[must_use]
    pub fn is_filled(&self) -> bool {
        !matches!(self.reading, Reading::Blank | Reading::NotApplicable)
    }

    /// Puts what its formula gives today in the place of what the file keeps.
    fn recalculate(&mut self) {
        if let Some(stale) = self.provenance.stale.take() {
            self.reading = stale.reading;
            self.provenance.text = stale.text;
        }
    }

    /// How many 元 the unit of money is that the field names.
    pub(super) fn money_factor(&self) -> Option<Decimal> {
        match self.text() {
            "元" => Some(Decimal::ONE),
            "千元" => Some(Decimal::ONE_THOUSAND),
            "万元" => Some(Decimal::from(10_000)),
            "亿元" => Some(Decimal::from(100_000_000)),
            _ => None,
        }
    }
}

impl Record {
    /// The field of this concept, where its label was found.
    #[must_use]
    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields.get(id)
    }

    /// The text of a filled field.
    #[must_use]
    pub fn filled(&self, id: &str) -> Option<&str> {
        self.field(id).filter(|field| field.is_filled()).map(Field::text)
    }

    /// How many 元 one unit of the form's amounts is: 10 000 where they are in 万元, 1 where in 元; `None` where the form
    /// names no unit of money.
    #[must_use]
    pub fn money_factor(&self) -> Option<Decimal> {
        self.field(concept::field::MONEY_UNIT)?.money_factor()
    }

    /// Every field, grid cell and table cell; one inherited by several rows comes once for each.
    pub fn all_fields(&self) -> impl Iterator<Item = &Field> {
        let grids = self.grids.values().flat_map(|grid| &grid.rows).flat_map(|row| row.cells.values());
        let rows = self
            .tables
            .values()
            .flat_map(|table| table.rows.iter().chain(&table.subtotals).chain(&table.total).chain(&table.execution));
        self.fields.values().chain(grids).chain(rows.flat_map(|row| row.cells.values()))
    }

    /// The money block.
    #[must_use]
    pub fn funding(&self) -> Option<&Grid> {
        self.grids.get(concept::FUNDING)
    }

    /// The indicator table.
    #[must_use]
    pub fn indicators(&self) -> Option<&Table> {
        self.tables.get(concept::INDICATORS)
    }
}

impl Grid {
    /// The first row of this concept.
    #[must_use]
    pub fn row(&self, id: &str) -> Option<&GridRow> {
        self.rows.iter().find(|row| row.id == id)
    }

    /// The cell of a row and column concept.
    #[must_use]
    pub fn cell(&self, row: &str, column: &str) -> Option<&Field> {
        self.row(row)?.cells.get(column)
    }

    /// The number in a cell.
    #[must_use]
    pub fn number(&self, row: &str, column: &str) -> Option<Decimal> {
        self.cell(row, column)?.number()
    }
}

impl GridRow {
    /// The number in a column.
    #[must_use]
    pub fn number(&self, column: &str) -> Option<Decimal> {
        self.cells.get(column)?.number()
    }
}

impl Table {
    /// Whether the table has this column.
    #[must_use]
    pub fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }
}

impl Row {
    fn recalculate(&mut self) {
        let is_stale = |id: &str| self.cell(id).is_some_and(|field| field.provenance.stale.is_some());
        let (target, actual) = (is_stale(concept::column::TARGET), is_stale(concept::column::ACTUAL));
        self.cells.values_mut().for_each(Field::recalculate);
        // A measure was made of the cell's text; its sign and unit stay.
        let anew = |id: &str| self.cell(id).and_then(Field::measure).map(|measure| measure.number);
        let (target, actual) =
            (anew(concept::column::TARGET).filter(|_| target), anew(concept::column::ACTUAL).filter(|_| actual));
        if let (Some(measure), Some(number)) = (&mut self.target, target) {
            measure.number = number;
        }
        if let (Some(measure), Some(number)) = (&mut self.actual, actual) {
            measure.number = number;
        }
    }

    /// The cell of a column concept, where the table has that column.
    #[must_use]
    pub fn cell(&self, column: &str) -> Option<&Field> {
        self.cells.get(column)
    }

    /// The number in a column.
    #[must_use]
    pub fn number(&self, column: &str) -> Option<Decimal> {
        self.cell(column)?.number()
    }

    /// The text of a filled cell.
    #[must_use]
    pub fn filled(&self, column: &str) -> Option<&str> {
        self.cell(column).filter(|field| field.is_filled()).map(Field::text)
    }

    /// The address of a column's cell in this row, where the table has that column.
    #[must_use]
    pub fn at(&self, column: &str) -> Option<CellRef> {
        self.cell(column).map(Field::cell)
    }
}
