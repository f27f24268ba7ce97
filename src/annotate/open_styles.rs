//! The style sheet of a package that is being rewritten, made where the workbook has none.

use std::sync::Arc;

use crate::error::ErrorKind;
use crate::ooxml::Relationship;
use crate::ooxml::book::Book;
use crate::ooxml::draft::Draft;
use crate::ooxml::edit::Edit;
use crate::ooxml::styles::{self, Styles};

const TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml";
/// Where programs look for the part, some of them whatever the relationship says.
const USUAL: &str = "xl/styles.xml";

/// A style sheet to which formats are being added.
pub(super) struct OpenStyles {
    /// The part; `None` where there is none yet.
    part: Option<String>,
    /// The part that a relationship names, though the package lacks it.
    promised: Option<String>,
    bytes: Arc<[u8]>,
}

impl OpenStyles {
    /// The style sheet of the workbook.
    pub(super) fn of(draft: &Draft<'_>, book_part: &str, book: &Book) -> Result<Self, ErrorKind> {
        let known = draft.relationships(book_part)?.into_iter().find(|r| r.is("styles") && !r.external);
        Ok(match known {
            Some(Relationship { target, .. }) if draft.contains(&target) => {
                Self { bytes: draft.required_part(&target)?, part: Some(target), promised: None }
            }
            known => Self {
                bytes: Arc::from(styles::blank_part(book.namespace()).into_bytes()),
                part: None,
                promised: known.map(|relation| relation.target),
            },
        })
    }

    /// Its formats.
    pub(super) fn read(&self) -> Result<Styles<'_>, ErrorKind> {
        Styles::read(&self.bytes).map_err(|error| error.on(self.part.as_deref().unwrap_or(USUAL)))
    }

    /// Writes what was added to it.
    pub(super) fn write(&self, draft: &mut Draft<'_>, at: (&str, &Book), edits: Vec<Edit>) -> Result<(), ErrorKind> {
        let (book_part, book) = at;
        if let Some(part) = &self.part {
            return draft.edit(part, edits);
        }
        if edits.is_empty() {
            return Ok(());
        }
        let name = match &self.promised {
            Some(name) => name.clone(),
            None => {
                let is_free = !draft.contains(USUAL);
                let name = if is_free { USUAL.to_owned() } else { draft.free_name(book_part, "styles", "xml") };
                draft.relate(book_part, book.relation_base(), "styles", &name)?;
                name
            }
        };
        draft.add(name.clone(), self.bytes.to_vec(), Some(TYPE));
        draft.edit(&name, edits)
    }
}
