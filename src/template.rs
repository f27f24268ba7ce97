//! Forms and books that a bureau sends out, blank.
//!
//! `books` are the lists the bureau keeps itself: roster and project ledger, with instructions.

pub mod books;
