//! Marks drawn into the unit's own package: edits of byte ranges, and a few new parts; the rest is not touched.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::layout::{Marked, review_sheet};
use super::marks::{Mark, box_size};
use super::open_styles::OpenStyles;
use super::{AUTHOR, Annotated, REVIEW_SHEET, clean, corrected, sheet_xml};
use crate::address::CellRef;
use crate::error::ErrorKind;
use crate::ooxml::book::{Book, quoted};
use crate::ooxml::comments::{self, Comments, Note, Placed};
use crate::ooxml::draft::Draft;
use crate::ooxml::edit::{Edit, Unpatchable};
use crate::ooxml::sheet::{self, SheetPart};
use crate::ooxml::styles::Styles;
use crate::ooxml::vml::{self, Shape, ShapeIds};
use crate::ooxml::{Package, app};
use crate::review::{CheckedForm, Corrections};
use crate::workbook::Workbook;

const WORKSHEET_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml";
const COMMENTS_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml";
const VML_TYPE: &str = "application/vnd.openxmlformats-officedocument.vmlDrawing";

/// The package with the marks of each sheet, the corrections and the review sheet, in place of those of an earlier
/// review.
pub(super) fn patch(
    package: &Package,
    workbook: &Workbook,
    forms: &[CheckedForm],
    marks: &BTreeMap<String, Vec<Mark>>,
    corrections: &Corrections,
) -> Result<Annotated, ErrorKind> {
    let (mut draft, _) = clean::without_marks(package, workbook)?;
    corrected::write(&mut draft, workbook, corrections)?;
    // What is done from here on is what `clean` takes back.
    draft.start_journal();
    let (book_part, book) = Book::in_draft(&draft)?;
    let open = OpenStyles::of(&draft, &book_part, &book)?;
    let mut styles = open.read()?;
    let mut patch = Patch::new(draft, &book)?;
    for (name, marks) in marks {
        match workbook.part_of(name) {
            Some(part) => patch.mark_sheet(part, name, marks, &mut styles)?,
            None => {
                patch.warnings.push(format!("工作表“{name}”找不到内部文件，只在“{REVIEW_SHEET}”中列出问题"));
            }
        }
    }
    let review = review_sheet(forms, Marked::Original, corrections);
    let rows = sheet_xml::Drawn::of(&review, book.namespace(), &mut styles);
    let edits = styles.into_edits();
    let Patch { mut draft, warnings, .. } = patch;
    open.write(&mut draft, (&book_part, &book), edits)?;

    let part = draft.free_name(&book_part, "worksheets/sheet", "xml");
    let id = draft.relate(&book_part, book.relation_base(), "worksheet", &part)?;
    draft.add(part.clone(), Vec::new(), Some(WORKSHEET_TYPE));
    let (name, tab) = (book.unique_name(REVIEW_SHEET), book.sheets.len());
    let mut edits = book.add_sheet(&name, &id);
    edits.push(book.activate(tab));
    edits.extend(review.repeated.map(|row| {
        let row = row + 1;
        book.add_print_titles(tab, &format!("{}!${row}:${row}", quoted(&name)))
    }));
    draft.edit(&book_part, edits)?;
    list_in_properties(&mut draft, &name)?;
    deselect_others(&mut draft, &book_part, &part)?;
    draft.write_content_types()?;
    let record = draft.journal()?.to_xml();
    draft.refill(&part, rows.with_record(record.as_deref()).into_bytes());
    Ok(Annotated { bytes: draft.write()?, transplanted: false, warnings })
}

/// A package whose sheets are being marked.
struct Patch<'a> {
    draft: Draft<'a>,
    /// What relationship types start with.
    base: &'static str,
    namespace: &'static str,
    shape_ids: ShapeIds,
    warnings: Vec<String>,
}

/// The notes a sheet has.
struct ExistingNotes {
    part: String,
    comments: Comments,
}

/// A sheet as far as its notes go.
struct SheetNotes<'a> {
    part: &'a str,
    name: &'a str,
    sheet: &'a SheetPart,
    /// The drawing part of the boxes.
    drawing: Option<&'a str>,
    existing: Option<ExistingNotes>,
}

impl<'a> Patch<'a> {
    fn new(draft: Draft<'a>, book: &Book) -> Result<Self, ErrorKind> {
        let mut shape_ids = ShapeIds::default();
        let drawings: Vec<String> =
            draft.parts().filter(|part| part.to_ascii_lowercase().ends_with(".vml")).map(str::to_owned).collect();
        for part in drawings {
            shape_ids.note(&draft.required_part(&part)?);
        }
        Ok(Self { draft, base: book.relation_base(), namespace: book.namespace(), shape_ids, warnings: Vec::new() })
    }

    /// Colours the cells of a sheet and writes their notes.
    fn mark_sheet(&mut self, part: &str, name: &str, marks: &[Mark], styles: &mut Styles<'_>) -> Result<(), ErrorKind> {
        if marks.is_empty() {
            return Ok(());
        }
        let known = self.draft.relationships(part)?;
        let existing = match known.iter().find(|r| r.is("comments") && !r.external) {
            Some(relation) => {
                let bytes = self.draft.required_part(&relation.target)?;
                let comments = Comments::read(&bytes).map_err(|error| error.on(&relation.target))?;
                Some(ExistingNotes { part: relation.target.clone(), comments })
            }
            None => None,
        };
        let bytes = self.draft.required_part(part)?;
        let wanted: BTreeSet<CellRef> = marks.iter().map(|mark| mark.cell.start).collect();
        let sheet = SheetPart::read(&bytes, &wanted).map_err(|error| error.on(part))?;
        let mut formats = BTreeMap::new();
        for mark in marks {
            let own = sheet.style(mark.cell.start);
            formats.insert(mark.cell.start, styles.filled(own, mark.fill).map_err(|error| error.on(part))?);
        }
        let mut edits = sheet.restyle(&formats, &BTreeMap::new());
        let target = sheet.legacy_drawing.as_ref().map(|id| known.iter().find(|r| r.id == *id));
        let drawing = match target {
            Some(Some(relation)) => Some(relation.target.as_str()),
            Some(None) => return Err(Unpatchable::new("批注图形的关系缺失").on(part)),
            None => None,
        };
        let notes = SheetNotes { part, name, sheet: &sheet, drawing, existing };
        edits.extend(self.write_notes(&notes, marks)?);
        self.draft.edit(part, edits)
    }

    /// Writes the notes of a sheet and their boxes; returns the edit that links a new drawing to the sheet.
    fn write_notes(&mut self, on: &SheetNotes<'_>, marks: &[Mark]) -> Result<Option<Edit>, ErrorKind> {
        let (mut new, mut moved) = (Vec::new(), Vec::new());
        for mark in marks {
            let at = mark.cell.start;
            let (place, above) = on.existing.as_ref().map_or((Placed::New, 0), |notes| {
                (notes.comments.outcome(at, AUTHOR), notes.comments.characters(at, AUTHOR))
            });
            let size = box_size(&mark.note, above);
            let shape = Shape { at, place: on.sheet.box_beside(mark.cell, size.width, size.height) };
            match place {
                Placed::New => new.push(shape),
                Placed::Below => moved.push(shape),
                Placed::Threaded => self
                    .warnings
                    .push(format!("{}!{at} 有多人会话批注，未另加批注，该处问题见“{REVIEW_SHEET}”", on.name)),
            }
        }
        let notes: Vec<Note> = marks.iter().map(|mark| mark.note.clone()).collect();
        match &on.existing {
            Some(existing) => self.draft.edit(&existing.part, existing.comments.write(AUTHOR, &notes))?,
            None => {
                let name = self.draft.free_name(on.part, "../comments", "xml");
                self.draft.relate(on.part, self.base, "comments", &name)?;
                let text = comments::new_part(self.namespace, AUTHOR, &notes);
                self.draft.add(name, text.into_bytes(), Some(COMMENTS_TYPE));
            }
        }
        if new.is_empty() && moved.is_empty() {
            return Ok(None);
        }
        if let Some(drawing) = on.drawing {
            let bytes: Arc<[u8]> = self.draft.required_part(drawing)?;
            let edits = vml::edits(&bytes, &mut self.shape_ids, &new, &moved, &[]);
            self.draft.edit(drawing, edits.map_err(|error| error.on(drawing))?)?;
            return Ok(None);
        }
        // Notes without a drawing cannot be shown, so those that were there get boxes too.
        new.extend(moved);
        let name = self.draft.free_name(on.part, "../drawings/vmlDrawing", "vml");
        let id = self.draft.relate(on.part, vml::RELATION_BASE, "vmlDrawing", &name)?;
        let text = vml::new_part(&mut self.shape_ids, &new);
        self.draft.declare("vml", VML_TYPE);
        self.draft.add(name, text.into_bytes(), None);
        Ok(Some(on.sheet.link_drawing(self.base, &id)))
    }
}

/// Takes the selection off every tab but the review sheet's: two selected tabs would be edited together.
fn deselect_others(draft: &mut Draft<'_>, book_part: &str, review_part: &str) -> Result<(), ErrorKind> {
    for relation in draft.relationships(book_part)? {
        let is_sheet = ["worksheet", "chartsheet", "dialogsheet", "macrosheet"].iter().any(|kind| relation.is(kind));
        if !is_sheet || relation.external || relation.target == review_part {
            continue;
        }
        let Some(bytes) = draft.part(&relation.target)? else { continue };
        let edits = sheet::deselect(&bytes).map_err(|error| error.on(&relation.target))?;
        draft.edit(&relation.target, edits)?;
    }
    Ok(())
}

/// Adds the sheet's name to `docProps/app.xml`. What is odd there is left: it is decoration.
fn list_in_properties(draft: &mut Draft<'_>, name: &str) -> Result<(), ErrorKind> {
    let relations = draft.relationships("")?;
    let Some(relation) = relations.iter().find(|r| r.is("extended-properties") && !r.external) else {
        return Ok(());
    };
    let Some(bytes) = draft.part(&relation.target)? else { return Ok(()) };
    match app::add_sheet(&bytes, name) {
        Ok(edits) => draft.edit(&relation.target, edits),
        Err(_) => Ok(()),
    }
}
