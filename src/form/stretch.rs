//! A stretch of rows that may be one form, with what every schema is held against: found once, not once a schema.

use std::ops::RangeInclusive;

use foldhash::HashSet;

use super::header::inline_pairs;
use super::lexicon::{HeadWords, Lexicon};
use super::page::Page;
use crate::address::CellRef;
use crate::text::label_key;

/// Rows below the first in which a title may stand.
const HEAD: usize = 12;

/// A stretch of rows.
pub(super) struct Stretch<'p> {
    pub(super) rows: RangeInclusive<u32>,
    /// Titles in the head, with their label keys.
    pub(super) titles: Vec<(CellRef, String)>,
    /// Rows that name two columns at least, of whatever tables: only among them are headers.
    pub(super) headers: Vec<u32>,
    /// The same of money blocks.
    pub(super) amounts: Vec<u32>,
    /// The label keys of all boxes.
    keys: HashSet<&'p str>,
    /// Texts that labels may stand in before their values.
    spoken: Vec<&'p str>,
}

impl<'p> Stretch<'p> {
    pub(super) fn of(page: &'p Page<'_>, rows: RangeInclusive<u32>, words: &HeadWords) -> Self {
        let begun: Vec<u32> = page.begun(rows.clone()).collect();
        let two =
            |row: &u32, names: &dyn Fn(CellRef) -> bool| page.boxes(*row).filter(|at| names(*at)).nth(1).is_some();
        let names_column = |at: CellRef| words.has_column(page.key(at), page.first_key(at));
        let names_amount = |at: CellRef| words.has_amount(page.key(at));
        let filled = || begun.iter().flat_map(|row| page.filled(*row)).map(|(at, _)| at);
        let head = rows.clone().take(HEAD).filter_map(|row| page.title(row));
        Self {
            titles: head.map(|at| (at, label_key(&page.sheet.shown(at)))).collect(),
            headers: begun.iter().copied().filter(|row| two(row, &names_column)).collect(),
            amounts: begun.iter().copied().filter(|row| two(row, &names_amount)).collect(),
            keys: filled().map(|at| page.key(at)).filter(|key| !key.is_empty()).collect(),
            spoken: filled().filter_map(|at| page.spoken(at)).collect(),
            rows,
        }
    }

    /// The labels as a schema sees them.
    pub(super) fn labels<'s>(&'s self, lexicon: &Lexicon) -> Printed<'s> {
        let inline = self.spoken.iter().flat_map(|text| inline_pairs(text, lexicon)).map(|(key, _)| key);
        Printed { keys: &self.keys, inline: inline.collect() }
    }
}

/// The labels that are printed: in boxes of their own, and before their values in one box with them.
pub(super) struct Printed<'s> {
    keys: &'s HashSet<&'s str>,
    inline: Vec<String>,
}

impl Printed<'_> {
    /// Whether a label stands anywhere.
    pub(super) fn has(&self, key: &str) -> bool {
        self.keys.contains(key) || self.inline.iter().any(|label| label == key)
    }
}
