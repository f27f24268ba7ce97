//! The package behind an `.xlsx`: parts inflated once under limits, relationships, and a rewrite that copies every
//! untouched part byte for byte (ECMA-376 part 2, Open Packaging Conventions).
//!
//! Knows bytes, part names and addresses; knows no cell, form or finding.

mod package;
mod relationships;

pub use package::{Limits, Package, xml_text};
pub use relationships::Relationship;
