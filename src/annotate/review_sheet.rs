//! The sheet 审核意见 as a table of texts, looks and links, before any file format; what stands where is `layout`'s.

use rust_decimal::Decimal;

use super::marks::{CORRECTED, color};
use crate::address::{CellRange, CellRef, Location};
use crate::finding::Severity;
use crate::ooxml::styles::Look;
use crate::policy::Band;
use crate::text::wrapped_lines;

/// The added sheet.
#[derive(Debug, Clone, Default)]
pub(super) struct ReviewSheet {
    /// Rows from the first on.
    pub(super) rows: Vec<ReviewRow>,
    /// Cells that offer 是 and 否.
    pub(super) dropdowns: Vec<CellRange>,
    /// Rows (zero-based) that start a new page.
    pub(super) page_breaks: Vec<u32>,
    /// The row (zero-based) repeated on every printed page, where one list fills the sheet.
    pub(super) repeated: Option<u32>,
}

/// A row.
#[derive(Debug, Clone)]
pub(super) struct ReviewRow {
    /// In points.
    pub(super) height: f64,
    /// Left to right, without overlap.
    pub(super) cells: Vec<ReviewCell>,
}

/// A cell, or cells merged in one row.
#[derive(Debug, Clone)]
pub(super) struct ReviewCell {
    /// First column, zero-based.
    pub(super) first: u32,
    /// Last column, zero-based.
    pub(super) last: u32,
    /// What it shows.
    pub(super) content: ReviewContent,
    /// How it looks.
    pub(super) style: Style,
    /// Where a click leads.
    pub(super) link: Option<Location>,
}

/// What a cell of the sheet shows.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum ReviewContent {
    /// Words; a leading `=` is no formula.
    Text(String),
    /// A figure to be summed or sorted.
    Number(Decimal),
}

/// How a cell of the sheet looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// The first line.
    Title,
    /// Words about the sheet.
    Remark,
    /// The bar above a form.
    Section,
    /// The name of a value, and the head of a column.
    Label,
    /// Words.
    Text,
    /// Words in the middle.
    Centred,
    /// A working link.
    Link,
    /// The colour key, and the severity of a finding.
    Severity(Severity),
    /// The grade.
    Grade(Band),
    /// Where the reviewer signs.
    Signature,
    /// To be filled in by the unit.
    Input,
    /// The colour of corrected cells.
    Corrected,
}

/// Widths of the columns in characters.
pub(super) const WIDTHS: [f64; 13] = [5.0, 6.0, 22.0, 38.0, 15.0, 15.0, 9.0, 30.0, 17.0, 7.0, 7.0, 15.0, 12.0];
/// The last column, zero-based; behind it one more where findings have a state.
pub(super) const LAST_COLUMN: u32 = 11;
/// Tab colour, `RRGGBB`.
pub(super) const TAB_COLOR: &str = "C00000";
/// Page footer, in the code of headers and footers (ECMA-376 part 1, §18.3.1.46).
pub(super) const FOOTER: &str = "&C第 &P 页，共 &N 页";
/// Margins in inches: left and right, top and bottom, header and footer.
pub(super) const MARGINS: (f64, f64, f64) = (0.4, 0.6, 0.3);
/// What the unit chooses from.
pub(super) const CHOICES: [&str; 2] = ["是", "否"];

impl Style {
    /// The look both writers give it.
    pub(super) fn look(self) -> Look {
        let plain = Look {
            font: "宋体",
            size: 10,
            bold: false,
            underline: false,
            color: "000000",
            fill: None,
            border: true,
            centred: false,
        };
        match self {
            Self::Title => Look { font: "黑体", size: 18, border: false, centred: true, ..plain },
            Self::Remark => Look { color: "595959", border: false, ..plain },
            Self::Section => Look { font: "黑体", size: 12, fill: Some("DCE3EC"), ..plain },
            Self::Label => Look { bold: true, fill: Some("F2F2F2"), centred: true, ..plain },
            Self::Text => plain,
            Self::Centred => Look { centred: true, ..plain },
            Self::Link => Look { underline: true, color: "0563C1", ..plain },
            Self::Severity(severity) => Look { bold: true, centred: true, fill: Some(color(severity)), ..plain },
            Self::Grade(band) => Look { bold: true, size: 12, centred: true, fill: Some(band_color(band)), ..plain },
            Self::Signature => Look { size: 11, border: false, ..plain },
            Self::Input => Look { fill: Some("FFFFE5"), ..plain },
            Self::Corrected => Look { bold: true, centred: true, fill: Some(CORRECTED), ..plain },
        }
    }
}

fn band_color(band: Band) -> &'static str {
    match band {
        Band::Excellent => "C6E0B4",
        Band::Good => "E2EFDA",
        Band::Fair => "FFDC6E",
        Band::Poor => "F8A0A8",
    }
}

impl ReviewCell {
    /// Text in columns `first` to `last`.
    pub(super) fn text(first: u32, last: u32, text: impl Into<String>, style: Style) -> Self {
        Self { first, last, content: ReviewContent::Text(text.into()), style, link: None }
    }

    /// A figure.
    pub(super) fn number(first: u32, last: u32, number: impl Into<Decimal>, style: Style) -> Self {
        Self { first, last, content: ReviewContent::Number(number.into()), style, link: None }
    }

    /// A link whose text names the place.
    pub(super) fn link(first: u32, last: u32, text: impl Into<String>, to: Location) -> Self {
        Self { link: Some(to), ..Self::text(first, last, text, Style::Link) }
    }

    /// Height it needs in points.
    fn height(&self) -> f64 {
        let ReviewContent::Text(text) = &self.content else { return 18.0 };
        let columns = (0_u32..).zip(WIDTHS).filter(|(col, _)| (self.first..=self.last).contains(col));
        let size = f64::from(self.style.look().size);
        // A column's unit is one digit of the default font (11 points); Chinese characters are as wide as high.
        let room = columns.map(|(_, width)| width).sum::<f64>() * 10.4 / size;
        let room = format!("{:.0}", room.floor()).parse().unwrap_or(10);
        f64::from(wrapped_lines(text, room)) * size * 1.4 + 7.0
    }
}

impl ReviewSheet {
    /// Adds a row as high as its texts need, and returns its zero-based index.
    pub(super) fn push(&mut self, cells: Vec<ReviewCell>) -> u32 {
        // 409 points is the limit of a row (ECMA-376 leaves it to programs; Excel refuses more).
        let height = cells.iter().map(ReviewCell::height).fold(18.0, f64::max).min(409.0);
        self.rows.push(ReviewRow { height, cells });
        u32::try_from(self.rows.len() - 1).unwrap_or(u32::MAX)
    }

    /// Stretches what reaches the last column to the one behind it; lists have a column of their own there.
    pub(super) fn widen(&mut self) {
        for cell in self.rows.iter_mut().filter_map(|row| row.cells.last_mut()) {
            if cell.last == LAST_COLUMN {
                cell.last += 1;
            }
        }
    }

    /// The last column that holds something, zero-based.
    pub(super) fn last_column(&self) -> u32 {
        self.placed().map(|(_, cell)| cell.last).max().unwrap_or(LAST_COLUMN)
    }

    /// Adds an empty row.
    pub(super) fn gap(&mut self) {
        self.rows.push(ReviewRow { height: 9.0, cells: Vec::new() });
    }

    /// The merged regions.
    pub(super) fn merges(&self) -> impl Iterator<Item = CellRange> {
        self.placed()
            .filter(|(_, cell)| cell.last > cell.first)
            .map(|(row, cell)| CellRange::new(CellRef::new(row, cell.first), CellRef::new(row, cell.last)))
    }

    /// All cells with their zero-based rows.
    pub(super) fn placed(&self) -> impl Iterator<Item = (u32, &ReviewCell)> {
        (0_u32..).zip(&self.rows).flat_map(|(row, line)| line.cells.iter().map(move |cell| (row, cell)))
    }
}
