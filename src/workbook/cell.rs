//! One cell as the file has it and as a person sees it.

use std::borrow::Cow;
use std::fmt;

use chrono::NaiveDateTime;
use rust_decimal::Decimal;

/// What a cell holds; of a formula, its cached result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Nothing, or a formula without a cached result.
    Blank,
    /// Words, and numbers typed as text.
    Text(String),
    /// A number, to 15 significant digits as Excel shows them.
    Number(Decimal),
    /// A number shown as date or time.
    Date(NaiveDateTime),
    /// TRUE or FALSE.
    Bool(bool),
    /// `#DIV/0!` and its like.
    Error(CellError),
}

/// An error value as the cell shows it, such as `#REF!`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellError(pub String);

/// What the number format makes of a number; only what changes its meaning is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NumberFormat {
    /// Shown as it is (also every format the reader cannot know).
    #[default]
    General,
    /// Shown times 100 with a percent sign and so many decimals: `1` is `100%`.
    Percent {
        /// Decimals shown.
        decimals: u32,
    },
    /// Shown with a fixed number of decimals: `10` is `10.00`.
    Fixed {
        /// Decimals shown.
        decimals: u32,
    },
    /// Shown as a date or time.
    Date,
    /// Formatted as text (`@`).
    Text,
}

/// A cell that holds something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// What it holds.
    pub content: Content,
    /// The formula without `=`, where there is one; empty where a formula is known to be there but its text is not
    /// kept: all but the first cell of a shared formula, and data tables.
    pub formula: Option<String>,
    /// How its number is shown.
    pub format: NumberFormat,
}

impl Cell {
    /// A cell of text without formula or format.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self { content: Content::Text(text.into()), formula: None, format: NumberFormat::General }
    }

    /// A cell holding a number in the general format.
    #[must_use]
    pub fn number(number: Decimal) -> Self {
        Self { content: Content::Number(number), formula: None, format: NumberFormat::General }
    }

    /// Whether a person sees nothing in it.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match &self.content {
            Content::Blank => true,
            Content::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// The text a person sees: the number in its format (`100%`), a date as `2023-07-01`, words as they are.
    /// Rounding by a `Fixed` format is not applied, so that no digit is hidden from a check.
    #[must_use]
    pub fn shown(&self) -> Cow<'_, str> {
        match &self.content {
            Content::Blank => Cow::Borrowed(""),
            Content::Text(text) => Cow::Borrowed(text),
            Content::Number(number) => Cow::Owned(match self.format {
                NumberFormat::Percent { decimals } => {
                    let mut percent = (number * Decimal::ONE_HUNDRED).round_dp(decimals);
                    percent.rescale(decimals);
                    format!("{percent}%")
                }
                _ => number.normalize().to_string(),
            }),
            Content::Date(at) => Cow::Owned(if at.time() == chrono::NaiveTime::MIN {
                at.format("%Y-%m-%d").to_string()
            } else {
                at.format("%Y-%m-%d %H:%M:%S").to_string()
            }),
            Content::Bool(true) => Cow::Borrowed("TRUE"),
            Content::Bool(false) => Cow::Borrowed("FALSE"),
            Content::Error(error) => Cow::Borrowed(&error.0),
        }
    }
}

impl fmt::Display for CellError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
