//! Marks taken out again: exactly, where the workbook still is as it was marked; else by what marks look like.

use std::collections::{BTreeMap, BTreeSet};

use super::AUTHOR;
use super::marks::colors;
use super::open_styles::OpenStyles;
use crate::address::CellRef;
use crate::error::ErrorKind;
use crate::ooxml::book::{self, Book};
use crate::ooxml::comments::Comments;
use crate::ooxml::draft::Draft;
use crate::ooxml::relationships::relations_part;
use crate::ooxml::sheet::SheetPart;
use crate::ooxml::styles::Styles;
use crate::ooxml::undo::Undo;
use crate::ooxml::vml::{self, ShapeIds};
use crate::ooxml::{Limits, Package, app};
use crate::review::is_review_sheet;
use crate::workbook::{Cell, Sheet, Workbook};

/// The package without the marks of an earlier review, and whether every part is byte for byte what it was before it
/// was marked.
pub(super) fn without_marks<'a>(package: &'a Package, workbook: &Workbook) -> Result<(Draft<'a>, bool), ErrorKind> {
    let reviews: Vec<&str> = workbook.sheets.iter().filter(|sheet| is_review_sheet(sheet)).map(|s| s.name()).collect();
    for part in reviews.iter().filter_map(|name| workbook.part_of(name)) {
        let Some(journal) = Undo::from_xml(&package.required_part(part)?) else { continue };
        let mut draft = Draft::of(package);
        // A record that does not fit is no reason to keep the marks, and one that was tampered with must not give the cells
        // other values than those that were judged.
        if matches!(draft.take_back(&journal), Ok(true)) && says_the_same(&draft, workbook) {
            return Ok((draft, true));
        }
    }
    let mut draft = Draft::of(package);
    let (book_part, book) = Book::in_draft(&draft)?;
    let open = OpenStyles::of(&draft, &book_part, &book)?;
    let mut styles = open.read()?;
    let kept = !is_saved_by_libreoffice(&draft)?;
    for sheet in workbook.sheets.iter().filter(|sheet| !is_review_sheet(sheet)) {
        if let Some(part) = workbook.part_of(sheet.name()) {
            erase(&mut draft, part, &mut styles, kept)?;
        }
    }
    let edits = styles.into_edits();
    open.write(&mut draft, (&book_part, &book), edits)?;
    for name in reviews {
        if let Some(part) = workbook.part_of(name) {
            remove_sheet(&mut draft, &book_part, name, part)?;
        }
    }
    if !draft.is_untouched() {
        draft.write_content_types()?;
    }
    Ok((draft, false))
}

/// Whether the package opens and its sheets, reviews aside, hold what those of the workbook hold.
fn says_the_same(draft: &Draft<'_>, workbook: &Workbook) -> bool {
    let Ok(bytes) = draft.write() else { return false };
    let Ok(back) = Workbook::open(bytes.into(), &Limits::default()) else { return false };
    let filled = |sheet: &Sheet| -> Vec<(CellRef, Cell)> {
        sheet.cells().filter(|(_, cell)| !cell.is_blank()).map(|(at, cell)| (at, cell.clone())).collect()
    };
    let same = |one: &Sheet, other: &Sheet| {
        one.name() == other.name() && one.merges() == other.merges() && filled(one) == filled(other)
    };
    let own = |sheet: &&Sheet| !is_review_sheet(sheet);
    let (now, then) = (workbook.sheets.iter().filter(own), back.sheets.iter().filter(own));
    now.clone().count() == then.clone().count() && now.zip(then).all(|(one, other)| same(one, other))
}

/// Whether LibreOffice saved the workbook: it writes a background of its own choice behind every solid fill.
fn is_saved_by_libreoffice(draft: &Draft<'_>) -> Result<bool, ErrorKind> {
    let properties = draft.relationships("")?.into_iter().find(|r| r.is("extended-properties") && !r.external);
    let part = properties.map_or(Ok(None), |relation| draft.part(&relation.target))?;
    Ok(part.is_some_and(|part| memchr::memmem::find(&part, b"LibreOffice").is_some()))
}

/// Takes our notes off a sheet and the colour of a mark off the cells that carry them.
fn erase(draft: &mut Draft<'_>, part: &str, styles: &mut Styles<'_>, kept: bool) -> Result<(), ErrorKind> {
    let known = draft.relationships(part)?;
    let Some(notes) = known.iter().find(|r| r.is("comments") && !r.external) else { return Ok(()) };
    let bytes = draft.required_part(&notes.target)?;
    let comments = Comments::read(&bytes).map_err(|error| error.on(&notes.target))?;
    let ours: Vec<CellRef> = comments.written_by(AUTHOR).collect();
    // A cell with a threaded comment takes no note of ours, only the colour.
    let marked: BTreeSet<CellRef> = ours.iter().copied().chain(comments.threaded()).collect();
    if marked.is_empty() {
        return Ok(());
    }
    let sheet_bytes = draft.required_part(part)?;
    let sheet = SheetPart::read(&sheet_bytes, &marked).map_err(|error| error.on(part))?;
    let mut formats = BTreeMap::new();
    for at in &marked {
        let format = styles.cleared(sheet.style(*at), &colors(), kept).map_err(|error| error.on(part))?;
        formats.extend(format.map(|format| (*at, format)));
    }
    let mut edits = sheet.restyle(&formats, &BTreeMap::new());
    let (erased, emptied) = comments.erase(AUTHOR, &ours);
    let drawing = sheet.legacy_drawing.as_ref().and_then(|id| known.iter().find(|r| r.id == *id));
    let boxes = match drawing {
        Some(relation) => {
            let bytes = draft.required_part(&relation.target)?;
            let edits = vml::edits(&bytes, &mut ShapeIds::default(), &[], &[], &emptied);
            let edits = edits.map_err(|error| error.on(&relation.target))?;
            Some((relation, vml::shapes(&bytes) == edits.len(), edits))
        }
        None => None,
    };
    // Notes and drawing that held nothing but ours go as they came.
    let unlink = sheet.unlink_drawing().filter(|_| emptied.len() == comments.len());
    match (unlink, boxes) {
        (Some(unlink), Some((drawing, true, _))) => {
            edits.push(unlink);
            for relation in [notes, drawing] {
                draft.unrelate(part, &relation.id)?;
                draft.remove(&relation.target);
            }
        }
        (_, boxes) => {
            draft.edit(&notes.target, erased)?;
            if let Some((drawing, _, edits)) = boxes {
                draft.edit(&drawing.target, edits)?;
            }
        }
    }
    draft.edit(part, edits)
}

/// Takes a review sheet out of the workbook, with the parts only it needs.
fn remove_sheet(draft: &mut Draft<'_>, book_part: &str, name: &str, part: &str) -> Result<(), ErrorKind> {
    let (_, book) = Book::in_draft(draft)?;
    let Some(tab) = book.sheets.iter().position(|sheet| sheet.name == name) else { return Ok(()) };
    let edits = book::without_sheet(&draft.required_part(book_part)?, tab).map_err(|error| error.on(book_part))?;
    draft.edit(book_part, edits)?;
    let own: Vec<String> = draft.relationships(part)?.into_iter().filter(|r| !r.external).map(|r| r.target).collect();
    for relation in draft.relationships(book_part)?.iter().filter(|r| !r.external && r.target == part) {
        draft.unrelate(book_part, &relation.id)?;
    }
    draft.remove(part);
    draft.remove(&relations_part(part));
    for target in own {
        if !is_needed(draft, &target)? {
            draft.remove(&target);
            draft.remove(&relations_part(&target));
        }
    }
    let properties = draft.relationships("")?.into_iter().find(|r| r.is("extended-properties") && !r.external);
    if let Some(relation) = properties
        && let Some(bytes) = draft.part(&relation.target)?
        // What is odd there is left: it is decoration.
        && let Ok(edits) = app::without_sheet(&bytes, name)
    {
        draft.edit(&relation.target, edits)?;
    }
    Ok(())
}

/// Whether any part left points to this one.
fn is_needed(draft: &Draft<'_>, part: &str) -> Result<bool, ErrorKind> {
    let all: Vec<String> = draft.parts().filter(|part| !part.ends_with(".rels")).map(str::to_owned).collect();
    for from in all.iter().map(String::as_str).chain([""]) {
        if draft.relationships(from)?.iter().any(|r| !r.external && r.target.eq_ignore_ascii_case(part)) {
            return Ok(true);
        }
    }
    Ok(false)
}
