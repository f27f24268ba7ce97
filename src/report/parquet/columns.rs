//! Rows → columns → bytes: the only place that knows the crate.

use std::io;
use std::sync::Arc;

use chrono::NaiveDate;
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;
use rust_decimal::Decimal;

use super::{PRECISION, SCALE, scaled};

/// Rows that are kept before they are written: a group of rows is what an engine reads at once.
const GROUP: usize = 50_000;

/// What a column holds; in every one a value may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// UTF-8.
    Text,
    /// 32 bits.
    Int,
    /// Yes or no.
    Bool,
    /// decimal(18, 6).
    Decimal,
    /// A calendar date.
    Date,
}

/// A value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cell {
    Null,
    Text(Box<str>),
    Int(i32),
    Bool(bool),
    /// In millionths.
    Decimal(i64),
    /// Days since 1970-01-01.
    Date(i32),
}

impl Cell {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    /// A text; an empty one is none.
    pub(super) fn filled(text: &str) -> Self {
        if text.is_empty() { Self::Null } else { Self::text(text) }
    }

    pub(super) fn count(count: usize) -> Self {
        Self::Int(i32::try_from(count).unwrap_or(i32::MAX))
    }

    pub(super) fn bool(value: Option<bool>) -> Self {
        value.map_or(Self::Null, Self::Bool)
    }

    /// A number; one that the column cannot take is none.
    pub(super) fn decimal(number: Option<Decimal>) -> Self {
        number.and_then(scaled).map_or(Self::Null, Self::Decimal)
    }

    pub(super) fn date(day: Option<NaiveDate>) -> Self {
        let days = |day: NaiveDate| i32::try_from((day - NaiveDate::default()).num_days()).ok();
        day.and_then(days).map_or(Self::Null, Self::Date)
    }
}

/// A table in the making.
pub(super) struct Columns {
    spec: &'static [(&'static str, Kind)],
    writer: SerializedFileWriter<Vec<u8>>,
    /// By column.
    held: Vec<Vec<Cell>>,
}

impl Columns {
    pub(super) fn new(spec: &'static [(&'static str, Kind)]) -> io::Result<Self> {
        let fields = spec.iter().map(|(name, kind)| kind.field(name).map(Arc::new)).collect::<Result<_, _>>();
        let schema = Type::group_type_builder("jixiao").with_fields(fields.map_err(failed)?).build().map_err(failed)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(format!("jixiao {}", env!("CARGO_PKG_VERSION")))
            .build();
        let writer = SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties)).map_err(failed)?;
        Ok(Self { spec, writer, held: spec.iter().map(|_| Vec::new()).collect() })
    }

    /// Adds a row: a value for each column.
    pub(super) fn push(&mut self, row: impl IntoIterator<Item = Cell>) -> io::Result<()> {
        let mut row = row.into_iter();
        for column in &mut self.held {
            column.push(row.next().unwrap_or(Cell::Null));
        }
        debug_assert!(row.next().is_none(), "a value for no column");
        if self.held.first().is_some_and(|column| column.len() >= GROUP) {
            self.flush().map_err(failed)
        } else {
            Ok(())
        }
    }

    /// The file.
    pub(super) fn finish(mut self) -> io::Result<Vec<u8>> {
        if self.held.first().is_some_and(|column| !column.is_empty()) {
            self.flush().map_err(failed)?;
        }
        self.writer.into_inner().map_err(failed)
    }

    fn flush(&mut self) -> Result<(), ParquetError> {
        let mut group = self.writer.next_row_group()?;
        for ((_, kind), cells) in self.spec.iter().zip(&mut self.held) {
            let cells = std::mem::take(cells);
            let Some(mut column) = group.next_column()? else { break };
            match kind {
                Kind::Text => fill::<ByteArrayType>(&mut column, cells, |cell| match cell {
                    Cell::Text(text) => Some(ByteArray::from(text.into_string().into_bytes())),
                    _ => None,
                })?,
                Kind::Int => fill::<Int32Type>(&mut column, cells, |cell| match cell {
                    Cell::Int(number) => Some(number),
                    _ => None,
                })?,
                Kind::Bool => fill::<BoolType>(&mut column, cells, |cell| match cell {
                    Cell::Bool(value) => Some(value),
                    _ => None,
                })?,
                Kind::Decimal => fill::<Int64Type>(&mut column, cells, |cell| match cell {
                    Cell::Decimal(number) => Some(number),
                    _ => None,
                })?,
                Kind::Date => fill::<Int32Type>(&mut column, cells, |cell| match cell {
                    Cell::Date(days) => Some(days),
                    _ => None,
                })?,
            }
            column.close()?;
        }
        group.close()?;
        Ok(())
    }
}

/// Writes the cells of a column; one of another kind, as a null, is missing.
fn fill<T: DataType>(
    column: &mut SerializedColumnWriter<'_>,
    cells: Vec<Cell>,
    value: impl Fn(Cell) -> Option<T::T>,
) -> Result<(), ParquetError> {
    let cells: Vec<Option<T::T>> = cells.into_iter().map(value).collect();
    let levels: Vec<i16> = cells.iter().map(|cell| i16::from(cell.is_some())).collect();
    let values: Vec<T::T> = cells.into_iter().flatten().collect();
    column.typed::<T>().write_batch(&values, Some(&levels), None)?;
    Ok(())
}

impl Kind {
    fn field(self, name: &str) -> Result<Type, ParquetError> {
        let (physical, logical) = match self {
            Self::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Self::Int => (Physical::INT32, None),
            Self::Bool => (Physical::BOOLEAN, None),
            Self::Decimal => (Physical::INT64, Some(LogicalType::decimal(places(SCALE), places(PRECISION)))),
            Self::Date => (Physical::INT32, Some(LogicalType::Date)),
        };
        let field = Type::primitive_type_builder(name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical);
        match self {
            Self::Decimal => field.with_precision(places(PRECISION)).with_scale(places(SCALE)).build(),
            _ => field.build(),
        }
    }
}

fn places(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(0)
}

fn failed(error: ParquetError) -> io::Error {
    io::Error::other(error)
}
