//! Edits of byte ranges: the only way a part of a package is changed.
//!
//! What no edit names stays as the unit's program wrote it, to the byte.

use std::ops::Range;

use crate::error::ErrorKind;

/// Bytes to stand in place of a range of a part; an empty range inserts, empty bytes delete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edit {
    /// Zero-based, end excluded.
    pub(crate) range: Range<usize>,
    /// What stands there afterwards.
    pub(crate) bytes: Vec<u8>,
}

impl Edit {
    /// Puts text in place of a range.
    pub(crate) fn replace(range: Range<usize>, text: impl Into<String>) -> Self {
        Self { range, bytes: text.into().into_bytes() }
    }

    /// Inserts text before the byte at `at`.
    pub(crate) fn insert(at: usize, text: impl Into<String>) -> Self {
        Self::replace(at..at, text)
    }
}

/// Why a part cannot be edited without harm, in plain Chinese.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Unpatchable(pub(crate) String);

impl Unpatchable {
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }

    /// The error with the part's name.
    pub(crate) fn on(self, part: &str) -> ErrorKind {
        ErrorKind::bad_part(part, self.0)
    }
}

/// The part with all edits made. Insertions at one place keep their order.
///
/// # Errors
/// Edits that overlap or lie outside the part: a program error, said instead of damaging the file.
pub(crate) fn apply(part: &[u8], mut edits: Vec<Edit>) -> Result<Vec<u8>, Unpatchable> {
    let outside = || Unpatchable::new("修改位置相互冲突");
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let grown: usize = edits.iter().map(|edit| edit.bytes.len()).sum();
    let mut out = Vec::with_capacity(part.len() + grown);
    let mut at = 0;
    for edit in &edits {
        out.extend_from_slice(part.get(at..edit.range.start).ok_or_else(outside)?);
        out.extend_from_slice(&edit.bytes);
        at = edit.range.end;
    }
    out.extend_from_slice(part.get(at..).ok_or_else(outside)?);
    Ok(out)
}

/// The edits that undo edits of this part, in the places of what it becomes; ranges outside the part count as empty.
pub(crate) fn inverse(part: &[u8], edits: &[Edit]) -> Vec<Edit> {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let (mut taken, mut given) = (0, 0);
    let mut back = Vec::with_capacity(sorted.len());
    for Edit { range, bytes } in sorted {
        let start = range.start.saturating_add(given).saturating_sub(taken);
        let old = part.get(range.clone()).unwrap_or_default();
        back.push(Edit { range: start..start.saturating_add(bytes.len()), bytes: old.to_vec() });
        taken += old.len();
        given += bytes.len();
    }
    back
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_touch_only_their_ranges_whatever_their_order() {
        let edits = vec![Edit::insert(5, "!"), Edit::replace(1..3, "xyz"), Edit::insert(5, "?")];
        assert_eq!(apply(b"abcde", edits).expect("edits fit"), b"axyzde!?");
    }

    #[test]
    fn what_undoes_edits_gives_back_the_part() {
        let edits =
            vec![Edit::insert(5, "!"), Edit::replace(1..3, "xyz"), Edit::insert(0, "<"), Edit::replace(3..4, "")];
        let back = inverse(b"abcde", &edits);
        let after = apply(b"abcde", edits).expect("edits fit");
        assert_eq!(apply(&after, back).expect("they fit too"), b"abcde");
    }

    #[test]
    fn overlapping_edits_are_refused() {
        assert!(apply(b"abcde", vec![Edit::replace(0..3, ""), Edit::replace(2..4, "")]).is_err());
        assert!(apply(b"abc", vec![Edit::insert(9, "x")]).is_err());
    }
}
