//! The model: a form as recognition, extraction and rules need it.

use std::collections::BTreeMap;

use regex::Regex;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::layout::Layout;
use super::stage::{Stage, Subject};

/// A form.
#[derive(Debug, Clone)]
pub struct Schema {
    /// The file's name without `.toml`: `selfeval.project.v1`.
    pub id: String,
    /// The official title of the form.
    pub title: String,
    /// Stage of the cycle.
    pub stage: Stage,
    /// Whose money.
    pub subject: Subject,
    /// Document the layout rests on, with what is verified and what is not.
    pub source: String,
    /// Eight hexadecimal digits (FNV-1a) of the file's text: two editions of a form are told apart by it.
    pub fingerprint: String,
    /// Whether it is the bureau's own, laid over the built-in ones: where both fit a sheet, it is meant.
    pub own: bool,
    /// Whether one sheet lists many projects, each in a row or a few (预算一体化 export).
    pub list: bool,
    /// How to know the form.
    pub signature: Signature,
    /// Labelled values.
    pub fields: Vec<FieldSpec>,
    /// Blocks of row labels × column labels; the money block is called `funding`.
    pub grids: Vec<GridSpec>,
    /// Tables of repeated rows; the indicator table is called `indicators`.
    pub tables: Vec<TableSpec>,
    /// Figures that must be equal.
    pub totals: Vec<TotalSpec>,
    /// Classes, minimum counts and weights of the indicators.
    pub indicators: Option<Indicators>,
    /// Printed layout for templates.
    pub layout: Layout,
    /// Numbers a schema gives to rules, by rule name.
    pub rule_settings: BTreeMap<String, BTreeMap<String, Decimal>>,
    /// Rules this form switches off, by name.
    pub rules_off: Vec<String>,
}

/// How to know a form: each matching piece of evidence adds its points, each counter-sign takes its own.
#[derive(Debug, Clone, Default)]
pub struct Signature {
    /// Patterns on the title, on its label key (spaces and brackets gone).
    pub title: Vec<Regex>,
    /// Patterns that a title of this form never matches.
    pub title_not: Vec<Regex>,
    /// Label keys that this form prints.
    pub labels: Vec<String>,
    /// Label keys that it never prints.
    pub labels_not: Vec<String>,
    /// Patterns on squeezed texts that this form alone prints, such as its number.
    pub prints: Vec<Regex>,
    /// First-level classes that must be printed: `成本指标` tells the generations apart.
    pub classes: Vec<String>,
    /// First-level classes that are not printed.
    pub classes_not: Vec<String>,
}

/// How a value is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FieldKind {
    /// Words.
    Text,
    /// Money in the form's unit of money; `150万` and thousands separators are understood.
    Amount,
    /// A rate: `86%` is 0.86.
    Rate,
    /// 分值 or 得分.
    Points,
    /// A measure (`≥95%`) or words: indicator values.
    Measure,
    /// A year.
    Year,
    /// `元` or `万元`.
    MoneyUnit,
    /// A plain number: a count, the number of a row.
    Number,
    /// One of a closed list, typed or ticked (`□优 ☑良`); the reading is the answer as the schema prints it.
    Choice,
    /// The last month a round of monitoring covers, 1 to 12, out of a heading such as `1—7月执行数`.
    Month,
}

/// An answer of a closed list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Concept, such as `sure`.
    pub id: String,
    /// As printed: `确定能`.
    pub label: String,
    /// Label keys it is known by, its own first.
    pub labels: Vec<String>,
}

/// A labelled value.
#[derive(Debug, Clone)]
pub struct FieldSpec {
    /// Concept, see [`concept::field`](super::concept::field).
    pub id: String,
    /// The label as this form prints it.
    pub label: String,
    /// Label keys it is found by, best first; where several are filled the first counts.
    pub labels: Vec<String>,
    /// How the value is read.
    pub kind: FieldKind,
    /// Whether a blank is a fault.
    pub required: bool,
    /// Takes the value from the title line where no label has it: the first capture group.
    pub from_title: Option<Regex>,
    /// Takes the value out of a sentence where no label has it (`合计：13个项目`): matched on squeezed cell texts, the first
    /// capture group.
    pub from_text: Option<Regex>,
    /// The answers of a [`FieldKind::Choice`]; none of other kinds.
    pub choices: Vec<Choice>,
    /// Characters that the text may have at most.
    pub max_chars: Option<u32>,
}

/// Row labels × column labels.
#[derive(Debug, Clone)]
pub struct GridSpec {
    /// `funding`.
    pub id: String,
    /// The block's own label.
    pub label: String,
    /// Rows.
    pub rows: Vec<LineSpec>,
    /// Columns; empty where each row label has its one value to the right.
    pub columns: Vec<ColumnSpec>,
}

/// A row of a grid.
#[derive(Debug, Clone)]
pub struct LineSpec {
    /// Concept, see [`concept::line`](super::concept::line).
    pub id: String,
    /// The label as printed.
    pub label: String,
    /// Label keys it is found by.
    pub labels: Vec<String>,
    /// Whether this row is the sum of the others (总额) or one of the parts.
    pub total: bool,
    /// Whether a blank amount is a fault.
    pub required: bool,
}

/// A column of a grid or table.
#[derive(Debug, Clone)]
pub struct ColumnSpec {
    /// Concept, see [`concept::amount`](super::concept::amount) and [`concept::column`](super::concept::column).
    pub id: String,
    /// The header as printed.
    pub label: String,
    /// Label keys it is found by.
    pub labels: Vec<String>,
    /// How its cells are read.
    pub kind: FieldKind,
    /// Whether a blank in a filled row is a fault.
    pub required: bool,
    /// The answers of a [`FieldKind::Choice`]; none of other kinds.
    pub choices: Vec<Choice>,
    /// Characters that the text may have at most.
    pub max_chars: Option<u32>,
    /// Whether no two rows may say the same: the names of a ledger.
    pub unique: bool,
}

/// A header row and repeated rows below it.
#[derive(Debug, Clone)]
pub struct TableSpec {
    /// `indicators`.
    pub id: String,
    /// The block's own label.
    pub label: String,
    /// Columns.
    pub columns: Vec<ColumnSpec>,
    /// Label keys that end the table when they start a row.
    pub ends: Vec<String>,
    /// Label keys of the row of totals (总分, 合计).
    pub totals: Vec<String>,
}

/// The indicator classes of a form.
#[derive(Debug, Clone)]
pub struct Indicators {
    /// First-level classes in printed order.
    pub classes: Vec<Class>,
    /// Fewest indicators in all; `None` where the form sets none.
    pub minimum: Option<u32>,
    /// Points of the budget execution rate (预算执行率), 0 where the form does not score it.
    pub execution_points: Decimal,
    /// What all weights together make, execution included; `None` where the form has no weights.
    pub total_points: Option<Decimal>,
}

/// A first-level class.
#[derive(Debug, Clone)]
pub struct Class {
    /// Concept, see [`concept::class`](super::concept::class).
    pub id: String,
    /// As printed: `产出指标`.
    pub label: String,
    /// Label keys it is found by.
    pub labels: Vec<String>,
    /// Whether a form without it is faulty.
    pub required: bool,
    /// Points of the class in the national split; `None` where free.
    pub points: Option<Decimal>,
    /// Second-level classes in printed order.
    pub subclasses: Vec<Subclass>,
}

/// A second-level class.
#[derive(Debug, Clone)]
pub struct Subclass {
    /// Concept, see [`concept::subclass`](super::concept::subclass).
    pub id: String,
    /// As printed: `数量指标`.
    pub label: String,
    /// Label keys it is found by.
    pub labels: Vec<String>,
    /// Whether a form without an indicator of it is faulty.
    pub required: bool,
}

/// Figures of a form that must be equal: `total` and the sum of `parts`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TotalSpec {
    /// What it is about, in messages: `任务预算合计`.
    pub label: String,
    /// The table whose every row, that of totals with them, must agree in itself; its figures are [`Figure::Own`].
    pub rows: Option<String>,
    /// The stated figure.
    pub total: Figure,
    /// What it must be the sum of.
    pub parts: Vec<Figure>,
}

/// A figure of a form, named by concepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Figure {
    /// A cell of the row that is looked at, by column; only where [`TotalSpec::rows`] names a table.
    Own(String),
    /// A field.
    Field(String),
    /// A cell of a grid.
    Cell {
        /// The grid.
        grid: String,
        /// Its row.
        row: String,
        /// Its column.
        column: String,
    },
    /// The sum of a column over all rows of a table.
    Sum {
        /// The table.
        table: String,
        /// Its column.
        column: String,
    },
    /// A cell of the row of totals of a table.
    Last {
        /// The table.
        table: String,
        /// Its column.
        column: String,
    },
    /// How many rows of a table are filled.
    Count {
        /// The table.
        table: String,
    },
}

impl Schema {
    /// The field of this concept.
    #[must_use]
    pub fn field(&self, id: &str) -> Option<&FieldSpec> {
        self.fields.iter().find(|field| field.id == id)
    }

    /// The grid of this id.
    #[must_use]
    pub fn grid(&self, id: &str) -> Option<&GridSpec> {
        self.grids.iter().find(|grid| grid.id == id)
    }

    /// The table of this id.
    #[must_use]
    pub fn table(&self, id: &str) -> Option<&TableSpec> {
        self.tables.iter().find(|table| table.id == id)
    }

    /// The number this schema gives to a rule; `None` where the rule's own default counts.
    #[must_use]
    pub fn setting(&self, rule: &str, key: &str) -> Option<Decimal> {
        self.rule_settings.get(rule)?.get(key).copied()
    }
}

impl FieldSpec {
    /// The answer that a reading of this field gives, by its printed label.
    #[must_use]
    pub fn choice(&self, label: &str) -> Option<&Choice> {
        self.choices.iter().find(|choice| choice.label == label)
    }
}

impl ColumnSpec {
    /// The answer that a reading of this column gives, by its printed label.
    #[must_use]
    pub fn choice(&self, label: &str) -> Option<&Choice> {
        self.choices.iter().find(|choice| choice.label == label)
    }
}

impl Indicators {
    /// The first-level class of this concept.
    #[must_use]
    pub fn class(&self, id: &str) -> Option<&Class> {
        self.classes.iter().find(|class| class.id == id)
    }
}

impl TableSpec {
    /// The column of this concept.
    #[must_use]
    pub fn column(&self, id: &str) -> Option<&ColumnSpec> {
        self.columns.iter().find(|column| column.id == id)
    }
}

impl GridSpec {
    /// The row of this concept.
    #[must_use]
    pub fn row(&self, id: &str) -> Option<&LineSpec> {
        self.rows.iter().find(|row| row.id == id)
    }

    /// The column of this concept.
    #[must_use]
    pub fn column(&self, id: &str) -> Option<&ColumnSpec> {
        self.columns.iter().find(|column| column.id == id)
    }
}
