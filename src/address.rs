//! Places in a workbook: one cell, a rectangle of cells, a rectangle on a named sheet.
//!
//! All indices are zero-based; the A1 texts that people read are made and parsed here only.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Rows of a sheet in SpreadsheetML (ECMA-376 part 1, §18.3.1.73).
pub const MAX_ROWS: u32 = 1_048_576;
/// Columns of a sheet in SpreadsheetML (ECMA-376 part 1, §18.3.1.13).
pub const MAX_COLUMNS: u32 = 16_384;

/// One cell, zero-based. Ordered by row, then column: the order in which a person reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CellRef {
    /// Zero-based row.
    pub row: u32,
    /// Zero-based column.
    pub col: u32,
}

impl CellRef {
    /// The cell at a zero-based row and column.
    #[must_use]
    pub const fn new(row: u32, col: u32) -> Self {
        Self { row, col }
    }
}

impl fmt::Display for CellRef {
    /// The A1 form: `CellRef::new(6, 7)` is `H7`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", column_letters(self.col), u64::from(self.row) + 1)
    }
}

/// A text that is not an A1 address inside the limits of a sheet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}”不是单元格地址")]
pub struct BadAddress(pub String);

impl FromStr for CellRef {
    type Err = BadAddress;

    /// Reads `H7`, `$H$7` or `h7`. Errors where letters or digits are missing, or outside the sheet's limits.
    fn from_str(text: &str) -> Result<Self, BadAddress> {
        let bad = || BadAddress(text.to_owned());
        let mut col: u32 = 0;
        let mut row: u32 = 0;
        let mut digits = false;
        for byte in text.bytes().filter(|b| *b != b'$') {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' if !digits => {
                    col = col * 26 + u32::from(byte.to_ascii_uppercase() - b'A') + 1;
                    if col > MAX_COLUMNS {
                        return Err(bad());
                    }
                }
                b'0'..=b'9' if col > 0 => {
                    digits = true;
                    row = row * 10 + u32::from(byte - b'0');
                    if row > MAX_ROWS {
                        return Err(bad());
                    }
                }
                _ => return Err(bad()),
            }
        }
        if row == 0 || col == 0 {
            return Err(bad());
        }
        Ok(Self::new(row - 1, col - 1))
    }
}

/// The letters of a zero-based column: 0 is `A`, 27 is `AB`.
#[must_use]
pub fn column_letters(col: u32) -> String {
    let mut letters = Vec::with_capacity(3);
    let mut rest = u64::from(col) + 1;
    while rest > 0 {
        // The remainder is below 26, so the letter is within A..=Z.
        letters.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// A rectangle of cells, both corners included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CellRange {
    /// Top-left cell.
    pub start: CellRef,
    /// Bottom-right cell; never above or left of `start`.
    pub end: CellRef,
}

impl CellRange {
    /// The rectangle between two corners given in any order.
    #[must_use]
    pub fn new(a: CellRef, b: CellRef) -> Self {
        Self {
            start: CellRef::new(a.row.min(b.row), a.col.min(b.col)),
            end: CellRef::new(a.row.max(b.row), a.col.max(b.col)),
        }
    }

    /// Whether the cell lies inside.
    #[must_use]
    pub fn contains(&self, at: CellRef) -> bool {
        (self.start.row..=self.end.row).contains(&at.row) && (self.start.col..=self.end.col).contains(&at.col)
    }

    /// Whether the two rectangles share a cell.
    #[must_use]
    pub fn intersects(&self, other: &Self) -> bool {
        self.start.row <= other.end.row
            && other.start.row <= self.end.row
            && self.start.col <= other.end.col
            && other.start.col <= self.end.col
    }

    /// Number of rows, at least 1.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.end.row - self.start.row + 1
    }

    /// Number of columns, at least 1.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.end.col - self.start.col + 1
    }
}

impl From<CellRef> for CellRange {
    fn from(at: CellRef) -> Self {
        Self { start: at, end: at }
    }
}

impl fmt::Display for CellRange {
    /// `H7`, or `A4:B6` for more than one cell.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.start == self.end { self.start.fmt(f) } else { write!(f, "{}:{}", self.start, self.end) }
    }
}

impl FromStr for CellRange {
    type Err = BadAddress;

    /// Reads `H7` or `A4:B6`.
    fn from_str(text: &str) -> Result<Self, BadAddress> {
        match text.split_once(':') {
            Some((a, b)) => Ok(Self::new(a.parse()?, b.parse()?)),
            None => Ok(text.parse::<CellRef>()?.into()),
        }
    }
}

impl Serialize for CellRef {
    /// The A1 form.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CellRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        written(deserializer)
    }
}

impl Serialize for CellRange {
    /// The A1 form.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CellRange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        written(deserializer)
    }
}

fn written<'de, D: Deserializer<'de>, T: FromStr<Err = BadAddress>>(deserializer: D) -> Result<T, D::Error> {
    let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
    text.parse().map_err(de::Error::custom)
}

/// A rectangle on a named sheet: what the writing half of the tool takes from the reading half.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The sheet's name as the workbook has it.
    pub sheet: String,
    /// The cells meant.
    pub range: CellRange,
}

impl fmt::Display for Location {
    /// `项目自评表!H7`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}!{}", self.sheet, self.range)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_survives_the_way_to_a1_and_back() {
        for (row, col, text) in [(0, 0, "A1"), (6, 7, "H7"), (0, 26, "AA1"), (1_048_575, 16_383, "XFD1048576")] {
            let at = CellRef::new(row, col);
            assert_eq!(at.to_string(), text);
            assert_eq!(text.parse(), Ok(at));
        }
        assert_eq!("$b$2".parse(), Ok(CellRef::new(1, 1)));
    }

    #[test]
    fn what_lies_outside_a_sheet_is_no_address() {
        for text in ["", "A", "7", "A0", "XFE1", "A1048577", "A1B", "甲1", "A99999999999999999999"] {
            assert!(text.parse::<CellRef>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_range_prints_as_one_cell_when_it_is_one() {
        assert_eq!("C3:A1".parse::<CellRange>().map(|r| r.to_string()), Ok("A1:C3".to_owned()));
        assert_eq!(CellRange::from(CellRef::new(0, 0)).to_string(), "A1");
    }
}
