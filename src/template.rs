//! The blank official workbook of a form, the way back from a schema: laid out and printed as a bureau sends it, with
//! drop-down lists, input checks, a self-check and the instructions.
//!
//! Law: recognising the template of a schema gives that schema, and extraction gives only blanks. `plan` says what
//! stands where, `write` turns that into a workbook. `books` are the lists the bureau keeps itself: roster and project
//! ledger, blank.

mod blocks;
pub mod books;
mod canvas;
mod check_sheet;
mod checks;
mod columns;
mod compute;
mod draw;
mod draw_blocks;
mod draw_page;
mod draw_table;
mod draw_totals;
mod guard;
mod house_style;
mod instructions;
mod parcels;
mod plan;
mod prefill;
mod previous;
mod prompts;
mod sheet_columns;
mod specimen;
mod table_lines;
mod write;

pub use self::canvas::Options;
pub use self::check_sheet::NAME as CHECK_SHEET;
pub use self::compute::{Computation, Points};
pub use self::draw::plan;
pub use self::instructions::{NAME as INSTRUCTION_SHEET, RuleText};
pub use self::parcels::{Parcel, Parcels, parcels};
pub use self::plan::{Entry, Input, Kind, Look, Piece, Plan, Required, Role, SelfCheck};
pub use self::prefill::{Approved, Prefill};
pub use self::previous::Previous;
pub use self::prompts::prompt;
pub use self::specimen::specimen;
pub use self::write::write;
