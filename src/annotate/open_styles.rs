//! The style sheet of a package that is being rewritten, made where the workbook has none.

use std::sync::Arc;

use crate::error::ErrorKind;
use crate::ooxml::book::Book;
use crate::ooxml::draft::Draft;
use crate::ooxml::edit::Edit;
use crate::ooxml::styles::{self, Styles};

const TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml";
/// Where programs look for the part, some of them whatever the relationship says.
const USUAL: &str = "xl/styles.xml";

/// A style sheet to which formats are being added.
pub(super) struct OpenStyles {
    /// The part that the workbook names; `None` where it names none.
    part: Option<String>,
    /// Whether it is there: some programs name one and write none.
    exists: bool,
    bytes: Arc<[u8]>,
}

impl OpenStyles {
    /// The style sheet of the workbook.
    pub(super) fn of(draft: &Draft<'_>, book_part: &str, book: &Book) -> Result<Self, ErrorKind> {
        let known = draft.relationships(book_part)?.into_iter().find(|r| r.is("styles") && !r.external);
        let part = known.map(|relation| relation.target);
        let bytes = part.as_deref().map_or(Ok(None), |part| draft.part(part))?;
        let blank = || Arc::from(styles::blank_part(book.namespace()).into_bytes());
        Ok(Self { part, exists: bytes.is_some(), bytes: bytes.unwrap_or_else(blank) })
    }

    /// Its formats.
    pub(super) fn read(&self) -> Result<Styles<'_>, ErrorKind> {
        Styles::read(&self.bytes).map_err(|error| error.on(self.part.as_deref().unwrap_or(USUAL)))
    }

    /// Writes what was added to it.
    pub(super) fn write(&self, draft: &mut Draft<'_>, at: (&str, &Book), edits: Vec<Edit>) -> Result<(), ErrorKind> {
        let (book_part, book) = at;
        if edits.is_empty() {
            return Ok(());
        }
        let name = match &self.part {
            Some(part) if self.exists => return draft.edit(part, edits),
            Some(part) => part.clone(),
            None => {
                let name = match draft.contains(USUAL) {
                    false => USUAL.to_owned(),
                    true => draft.free_name(book_part, "styles", "xml"),
                };
                draft.relate(book_part, book.relation_base(), "styles", &name)?;
                name
            }
        };
        draft.add(name.clone(), self.bytes.to_vec(), Some(TYPE));
        draft.edit(&name, edits)
    }
}
