//! The blank official workbook of a form, the way back from a schema: laid out and printed as a bureau sends it, with
//! drop-down lists, input checks, a self-check and the instructions.
//!
//! Law: recognising the template of a schema gives that schema, and extraction gives only blanks. `plan` says what
//! stands where, `write` turns that into a workbook. `books` are the lists the bureau keeps itself: roster and project
//! ledger, blank.

mod blocks;
mod book_columns;
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
mod own;
mod own_cell;
mod own_draw;
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
pub use self::house_style::{LEFT_SHEET, REVIEW_SHEET};
pub use self::instructions::RuleText;
pub use self::own::{Overruled, Own, OwnLine, OwnRow, OwnTable};
pub use self::own_cell::{in_format_of, write_cell};
pub use self::parcels::{Parcel, Parcels, parcels, schema_of};
pub use self::plan::{Entry, Input, Kind, Look, Piece, Plan, Required, Role, SelfCheck};
pub use self::prefill::{Approved, Prefill};
pub use self::specimen::specimen;
pub use self::write::{marked_sheets, write};

use crate::address::CellRef;
use crate::workbook::Sheet;

/// Whether a sheet came with the blank form and is none itself: 自检 or 填报说明, by its name and its title line.
#[must_use]
pub fn is_companion(sheet: &Sheet) -> bool {
    let name = sheet.name();
    let title = sheet.shown(CellRef::new(0, 0));
    // A workbook with several forms has a 自检 for each, numbered.
    let name = name.split_once(" (").map_or(name, |(name, _)| name);
    [check_sheet::NAME, instructions::NAME].contains(&name) && title.ends_with(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbook::sheet_from_text;

    #[test]
    fn a_form_on_a_sheet_of_that_name_is_judged_all_the_same() {
        let sheet = |name, text| sheet_from_text(name, text).expect("a valid grid");
        assert!(is_companion(&sheet("填报说明", "项目支出绩效自评表填报说明|<")));
        assert!(is_companion(&sheet("自检", "自检|<")));
        assert!(!is_companion(&sheet("填报说明", "项目支出绩效自评表|<")));
        assert!(!is_companion(&sheet("自检", "项目支出绩效自评表|<")));
    }
}
