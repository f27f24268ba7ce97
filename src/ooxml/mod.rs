//! The package behind an `.xlsx`: parts inflated once under limits, relationships, and a rewrite that copies every
//! untouched part byte for byte (ECMA-376 part 2, Open Packaging Conventions).
//!
//! The editors (`styles`, `sheet`, `comments`, …) read the places of one part and return edits of byte ranges.
//! Knows bytes, part names and addresses; knows no form or finding.

pub(crate) mod app;
pub(crate) mod book;
pub(crate) mod comments;
pub(crate) mod content_types;
pub(crate) mod draft;
pub(crate) mod edit;
mod encoding;
mod limits;
mod package;
pub(crate) mod relationships;
pub(crate) mod sheet;
pub(crate) mod styles;
pub(crate) mod tags;
pub(crate) mod undo;
pub(crate) mod vml;

pub use limits::Limits;
pub use package::Package;
pub(crate) use package::xml_text;
pub use relationships::Relationship;
