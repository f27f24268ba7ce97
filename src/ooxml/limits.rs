//! What one file may cost.

use crate::error::ErrorKind;

/// What one file may cost, so that no single file stops a batch. The defaults are far above any honest form and keep
/// the memory of a hostile one below 256 MiB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file itself.
    pub file_bytes: u64,
    /// Entries of a package or archive.
    pub entries: u64,
    /// Inflated bytes of one part.
    pub part_bytes: u64,
    /// Inflated bytes of all parts that are read.
    pub total_bytes: u64,
    /// Inflated bytes per compressed byte, asked only of parts above 4 MiB.
    pub ratio: u64,
    /// Sheets of a workbook.
    pub sheets: u64,
    /// Filled cells of a workbook, and its shared strings.
    pub cells: u64,
    /// Bytes of all texts and formulas of a workbook's cells together; a shared string counts in each cell that shows it.
    pub text_bytes: u64,
    /// Merged regions of a workbook.
    pub merges: u64,
    /// Rows × columns of all sheets of an `.xls`, whose reader lays them out as full rectangles; and hidden rows and
    /// columns of any workbook.
    pub area: u64,
    /// Rows × columns of all sheets of a workbook that are looked through for forms. What lies beyond is told, and the rest
    /// is judged.
    pub boxes: u64,
    /// How deep archives may lie in an archive: 1 for archives in one that was handed in.
    pub nesting: u64,
    /// Inflated bytes of all files of an archive that are read.
    pub archive_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 64 << 20,
            entries: 10_000,
            part_bytes: 48 << 20,
            total_bytes: 96 << 20,
            ratio: 400,
            sheets: 512,
            cells: 400_000,
            text_bytes: 32 << 20,
            merges: 50_000,
            area: 2_000_000,
            boxes: 200_000,
            nesting: 1,
            archive_bytes: 4 << 30,
        }
    }
}

/// Up to here a part may be packed as tightly as it likes: blank forms are.
const RATIO_FROM: u64 = 4 << 20;

impl Limits {
    /// Nothing where `found` is at most `limit`.
    ///
    /// # Errors
    /// [`ErrorKind::TooLarge`] above it.
    pub(crate) fn check(what: &'static str, found: u64, limit: u64) -> Result<(), ErrorKind> {
        if found > limit { Err(ErrorKind::TooLarge { what, part: String::new(), found, limit }) } else { Ok(()) }
    }

    /// Nothing where what inflates to `size` bytes is not packed tighter than allowed.
    ///
    /// # Errors
    /// [`ErrorKind::TooLarge`].
    pub(crate) fn check_ratio(&self, what: &'static str, size: u64, compressed: u64) -> Result<(), ErrorKind> {
        if size > RATIO_FROM { Self::check(what, size / compressed.max(1), self.ratio) } else { Ok(()) }
    }
}
