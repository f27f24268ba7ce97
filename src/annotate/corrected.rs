//! New contents written into the cells of the unit's own package, before anything is marked.

use std::collections::BTreeMap;

use super::open_styles::OpenStyles;
use crate::address::CellRef;
use crate::error::ErrorKind;
use crate::ooxml::book::Book;
use crate::ooxml::draft::Draft;
use crate::ooxml::sheet::{NewContent, SheetPart};
use crate::review::Corrections;
use crate::value::Value;
use crate::workbook::Workbook;

/// Writes the corrections; programs then calculate all formulas when they open the workbook.
pub(super) fn write(draft: &mut Draft<'_>, workbook: &Workbook, corrections: &Corrections) -> Result<(), ErrorKind> {
    if corrections.is_empty() {
        return Ok(());
    }
    let (book_part, book) = Book::in_draft(draft)?;
    let open = OpenStyles::of(draft, &book_part, &book)?;
    let mut styles = open.read()?;
    for sheet in &workbook.sheets {
        let contents = contents(corrections, sheet.name());
        let Some(part) = workbook.part_of(sheet.name()).filter(|_| !contents.is_empty()) else { continue };
        let bytes = draft.required_part(part)?;
        let here = SheetPart::read(&bytes, &contents.keys().copied().collect()).map_err(|error| error.on(part))?;
        let mut formats = BTreeMap::new();
        for (at, content) in &contents {
            let own = here.style(*at);
            let format = match content {
                NewContent::Result(_) => continue,
                NewContent::Number(_) => styles.of_number(own).map_err(|error| error.on(part))?,
                NewContent::Text(_) => own,
            };
            formats.insert(*at, format);
        }
        draft.edit(part, here.restyle(&formats, &contents))?;
    }
    let edits = styles.into_edits();
    open.write(draft, (&book_part, &book), edits)?;
    if corrections.cells.values().any(|correction| correction.formula.is_some()) {
        drop_calculation_chain(draft, &book_part)?;
    }
    draft.edit(&book_part, vec![book.calculate_on_load()])?;
    draft.write_content_types()
}

/// The new contents of a sheet.
fn contents(corrections: &Corrections, sheet: &str) -> BTreeMap<CellRef, NewContent> {
    let here = |(name, _): &(String, CellRef)| name == sheet;
    let results = corrections.results.iter().filter(|(place, _)| here(place));
    let mut contents: BTreeMap<CellRef, NewContent> =
        results.map(|((_, at), number)| (*at, NewContent::Result(number.normalize().to_string()))).collect();
    for ((_, at), correction) in corrections.cells.iter().filter(|(place, _)| here(place)) {
        let content = match &correction.value {
            Value::Number(number) => NewContent::Number(number.normalize().to_string()),
            other => NewContent::Text(other.to_string()),
        };
        contents.insert(*at, content);
    }
    contents
}

/// Leaves out the list of formulas in the order of their calculation (ECMA-376 part 1, §18.6): one that names a cell
/// without formula is damaged, and programs make it anew where it is missing.
fn drop_calculation_chain(draft: &mut Draft<'_>, book_part: &str) -> Result<(), ErrorKind> {
    let known = draft.relationships(book_part)?;
    if let Some(chain) = known.iter().find(|r| r.is("calcChain") && !r.external) {
        draft.unrelate(book_part, &chain.id)?;
        draft.remove(&chain.target);
    }
    Ok(())
}
