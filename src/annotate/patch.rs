//! Marks drawn into the unit's own package: edits of byte ranges, and a few new parts; the rest is not touched.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::layout::review_sheet;
use super::marks::{Mark, box_size, colors};
use super::review_sheet::ReviewSheet;
use super::{AUTHOR, Annotated, REVIEW_SHEET, sheet_xml};
use crate::address::CellRef;
use crate::error::ErrorKind;
use crate::ooxml::book::{Book, quoted};
use crate::ooxml::comments::{self, Comments, Note, Placed};
use crate::ooxml::edit::{Edit, Unpatchable, apply};
use crate::ooxml::relationships::{self, NewRelations, relations_part};
use crate::ooxml::sheet::{self, NewContent, SheetPart};
use crate::ooxml::styles::{self, Styles};
use crate::ooxml::vml::{self, Shape, ShapeIds};
use crate::ooxml::{Package, app, content_types};
use crate::review::{CheckedForm, Corrections, is_review_sheet};
use crate::value::Value;
use crate::workbook::Workbook;

const WORKSHEET_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml";
const COMMENTS_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml";
const STYLES_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml";
const RELATIONS_TYPE: &str = "application/vnd.openxmlformats-package.relationships+xml";
const VML_TYPE: &str = "application/vnd.openxmlformats-officedocument.vmlDrawing";

/// The package with the marks of each sheet, the corrections and the review sheet.
pub(super) fn patch(
    package: &Package,
    workbook: &Workbook,
    forms: &[CheckedForm],
    marks: &BTreeMap<String, Vec<Mark>>,
    corrections: &Corrections,
) -> Result<Annotated, ErrorKind> {
    let book_part = package.workbook_part()?.ok_or_else(|| Unpatchable::new("找不到工作簿主文件").on("_rels/.rels"))?;
    let book_bytes = package.required_part(&book_part)?;
    let book = Book::read(&book_bytes).map_err(|error| error.on(&book_part))?;
    let mut patch = Patch::new(package, book.relation_base(), book.namespace())?;
    patch.recalculated = !corrections.is_empty();
    let styles_part = package.relationships(&book_part)?.into_iter().find(|r| r.is("styles") && !r.external);
    let styles_bytes = match &styles_part {
        Some(relation) => package.required_part(&relation.target)?,
        None => Arc::from(styles::blank_part(book.namespace()).into_bytes()),
    };
    let styles_name = styles_part.as_ref().map_or("xl/styles.xml", |relation| &relation.target);
    let mut styles = Styles::read(&styles_bytes).map_err(|error| error.on(styles_name))?;

    for name in marks.keys().filter(|name| workbook.part_of(name).is_none()) {
        patch.warnings.push(format!("工作表“{name}”找不到内部文件，只在“{REVIEW_SHEET}”中列出问题"));
    }
    // A workbook that was reviewed before may carry marks on cells mended since, on any sheet.
    let earlier = earlier_review(workbook);
    for sheet in &workbook.sheets {
        let marks = marks.get(sheet.name()).map_or(&[][..], Vec::as_slice);
        let contents = contents(corrections, sheet.name());
        match workbook.part_of(sheet.name()).filter(|part| Some(*part) != earlier) {
            Some(part) if earlier.is_some() || !marks.is_empty() || !contents.is_empty() => {
                patch.mark_sheet(part, sheet.name(), marks, &contents, &mut styles)?;
            }
            _ => {}
        }
    }

    let review = review_sheet(forms, true, corrections);
    let review_text = sheet_xml::write(&review, book.namespace(), &mut styles);
    let styled = apply(&styles_bytes, styles.into_edits()).map_err(|error| error.on(styles_name))?;
    let mut relations = patch.relations(&book_part)?;
    if corrections.cells.values().any(|correction| correction.formula.is_some()) {
        patch.drop_calculation_chain(&book_part, &mut relations)?;
    }
    match styles_part {
        Some(relation) => patch.change(&relation.target, styled),
        None => {
            // Some programs find the part by its usual name, not by the relationship.
            let usual = "xl/styles.xml";
            let name = match package.contains(usual) {
                false => usual.to_owned(),
                true => patch.new_name(&book_part, "styles", "xml"),
            };
            relations.new.add(patch.base, "styles", &format!("/{name}"));
            patch.add(name, styled, Some(STYLES_TYPE));
        }
    }
    patch.place_review(&book, (&book_part, &book_bytes), workbook, &review, review_text, relations)?;
    patch.finish()
}

/// What is changed and added so far.
struct Patch<'a> {
    package: &'a Package,
    /// What relationship types start with.
    base: &'static str,
    namespace: &'static str,
    changes: BTreeMap<String, Vec<u8>>,
    additions: Vec<(String, Vec<u8>)>,
    overrides: Vec<(String, &'static str)>,
    shape_ids: ShapeIds,
    warnings: Vec<String>,
    removals: Vec<String>,
    /// Whether values were changed that formulas may rest on.
    recalculated: bool,
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

/// The notes a sheet has.
struct ExistingNotes {
    part: String,
    bytes: Arc<[u8]>,
    comments: Comments,
}

impl ExistingNotes {
    fn open(package: &Package, part: &str) -> Result<Self, ErrorKind> {
        let bytes = package.required_part(part)?;
        let comments = Comments::read(&bytes).map_err(|error| error.on(part))?;
        Ok(Self { part: part.to_owned(), bytes, comments })
    }

    /// Cells that carry a note of an earlier review and no mark any more.
    fn stale(&self, marks: &[Mark]) -> Vec<CellRef> {
        let marked = |at: &CellRef| marks.iter().any(|mark| mark.cell.start == *at);
        self.comments.written_by(AUTHOR).filter(|at| !marked(at)).collect()
    }
}

/// A sheet as far as its notes go.
struct SheetNotes<'a> {
    part: &'a str,
    name: &'a str,
    sheet: &'a SheetPart,
    /// The drawing part of the boxes.
    drawing: Option<&'a str>,
    existing: Option<ExistingNotes>,
    stale: Vec<CellRef>,
}

/// The part of the sheet that an earlier review added.
fn earlier_review(workbook: &Workbook) -> Option<&str> {
    let sheet = workbook.sheet(REVIEW_SHEET).filter(|sheet| is_review_sheet(sheet))?;
    workbook.part_of(sheet.name())
}

/// A relationships part to which entries are being added.
struct OpenRelations {
    part: String,
    /// As it was; `None` for a part that does not exist yet.
    bytes: Option<Arc<[u8]>>,
    new: NewRelations,
    /// Whether entries were taken out of `bytes`.
    thinned: bool,
}

impl<'a> Patch<'a> {
    fn new(package: &'a Package, base: &'static str, namespace: &'static str) -> Result<Self, ErrorKind> {
        let mut shape_ids = ShapeIds::default();
        for part in package.parts().filter(|part| part.to_ascii_lowercase().ends_with(".vml")) {
            shape_ids.note(&package.required_part(part)?);
        }
        Ok(Self {
            package,
            base,
            namespace,
            changes: BTreeMap::new(),
            additions: Vec::new(),
            overrides: Vec::new(),
            shape_ids,
            warnings: Vec::new(),
            removals: Vec::new(),
            recalculated: false,
        })
    }

    /// Colours the cells of a sheet, writes their new contents and their notes; takes an earlier review's marks off all
    /// other cells.
    fn mark_sheet(
        &mut self,
        part: &str,
        name: &str,
        marks: &[Mark],
        contents: &BTreeMap<CellRef, NewContent>,
        styles: &mut Styles<'_>,
    ) -> Result<(), ErrorKind> {
        let known = self.package.relationships(part)?;
        let existing = match known.iter().find(|r| r.is("comments") && !r.external) {
            Some(relation) => Some(ExistingNotes::open(self.package, &relation.target)?),
            None => None,
        };
        let stale: Vec<CellRef> = existing.iter().flat_map(|notes| notes.stale(marks)).collect();
        if marks.is_empty() && stale.is_empty() && contents.is_empty() {
            return Ok(());
        }
        let bytes = self.package.required_part(part)?;
        let marked = marks.iter().map(|mark| mark.cell.start);
        let wanted: BTreeSet<CellRef> = marked.chain(stale.iter().copied()).chain(contents.keys().copied()).collect();
        let sheet = SheetPart::read(&bytes, &wanted).map_err(|error| error.on(part))?;
        let mut formats = BTreeMap::new();
        for mark in marks {
            let own = sheet.style(mark.cell.start);
            let format = match contents.get(&mark.cell.start) {
                Some(NewContent::Number(_)) => styles.of_number(own, Some(mark.fill)),
                _ => styles.filled(own, mark.fill),
            };
            formats.insert(mark.cell.start, format.map_err(|error| error.on(part))?);
        }
        for (at, content) in contents.iter().filter(|(_, content)| !matches!(content, NewContent::Result(_))) {
            if formats.contains_key(at) {
                continue;
            }
            let own = sheet.style(*at);
            let format = match content {
                NewContent::Number(_) => styles.of_number(own, None).map_err(|error| error.on(part))?,
                _ => own,
            };
            formats.insert(*at, format);
        }
        for at in &stale {
            let format = styles.cleared(sheet.style(*at), &colors()).map_err(|error| error.on(part))?;
            formats.extend(format.map(|format| (*at, format)));
        }
        let mut edits = sheet.restyle(&formats, contents);
        edits.extend(sheet.deselect());
        let target = sheet.legacy_drawing.as_ref().map(|id| known.iter().find(|r| r.id == *id));
        let drawing = match target {
            Some(Some(relation)) => Some(relation.target.as_str()),
            Some(None) => return Err(Unpatchable::new("批注图形的关系缺失").on(part)),
            None => None,
        };
        let notes = SheetNotes { part, name, sheet: &sheet, drawing, existing, stale };
        if !marks.is_empty() || !notes.stale.is_empty() {
            edits.extend(self.write_notes(&notes, marks)?);
        }
        self.change(part, apply(&bytes, edits).map_err(|error| error.on(part))?);
        Ok(())
    }

    /// Writes the notes of a sheet and their boxes; returns the edit that links a new drawing to the sheet.
    fn write_notes(&mut self, on: &SheetNotes<'_>, marks: &[Mark]) -> Result<Option<Edit>, ErrorKind> {
        let mut relations = self.relations(on.part)?;
        let (mut new, mut moved, mut removed) = (Vec::new(), Vec::new(), Vec::new());
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
            Some(existing) => {
                let (mut edits, emptied) = existing.comments.erase(AUTHOR, &on.stale);
                removed = emptied;
                edits.extend(existing.comments.write(AUTHOR, &notes));
                let written = apply(&existing.bytes, edits).map_err(|error| error.on(&existing.part))?;
                self.change(&existing.part, written);
            }
            None => {
                let name = self.new_name(on.part, "../comments", "xml");
                relations.new.add(self.base, "comments", &format!("/{name}"));
                let text = comments::new_part(self.namespace, AUTHOR, &notes);
                self.add(name, text.into_bytes(), Some(COMMENTS_TYPE));
            }
        }
        let link = match on.drawing {
            Some(drawing) => {
                let bytes = self.package.required_part(drawing)?;
                let edits = vml::edits(&bytes, &mut self.shape_ids, &new, &moved, &removed);
                let drawn = edits.and_then(|edits| apply(&bytes, edits)).map_err(|error| error.on(drawing))?;
                self.change(drawing, drawn);
                None
            }
            None => {
                // Notes without a drawing cannot be shown, so those that were there get boxes too.
                new.extend(moved);
                let name = self.new_name(on.part, "../drawings/vmlDrawing", "vml");
                let id = relations.new.add(self.base, "vmlDrawing", &format!("/{name}"));
                let text = vml::new_part(&mut self.shape_ids, &new);
                self.add(name, text.into_bytes(), None);
                Some(on.sheet.link_drawing(self.base, &id))
            }
        };
        self.close(relations)?;
        Ok(link)
    }

    /// Adds the review sheet, or puts it in place of an earlier review's, and makes it the sheet that is shown.
    fn place_review(
        &mut self,
        book: &Book,
        (book_part, book_bytes): (&str, &[u8]),
        workbook: &Workbook,
        review: &ReviewSheet,
        text: String,
        mut relations: OpenRelations,
    ) -> Result<(), ErrorKind> {
        let earlier_part = earlier_review(workbook);
        let earlier_tab = book.sheets.iter().position(|sheet| sheet.name == REVIEW_SHEET);
        let mut edits = Vec::new();
        let (name, tab) = match (earlier_part, earlier_tab) {
            (Some(part), Some(tab)) => {
                self.change(part, text.into_bytes());
                (REVIEW_SHEET.to_owned(), tab)
            }
            _ => {
                let part = self.new_name(book_part, "worksheets/sheet", "xml");
                let id = relations.new.add(self.base, "worksheet", &format!("/{part}"));
                self.add(part, text.into_bytes(), Some(WORKSHEET_TYPE));
                let name = book.unique_name(REVIEW_SHEET);
                edits.extend(book.add_sheet(&name, &id));
                self.list_in_properties(&name)?;
                (name, book.sheets.len())
            }
        };
        edits.push(book.activate(tab));
        let repeated = review.repeated.map(|row| row + 1);
        edits.extend(
            book.set_print_titles(tab, repeated.map(|row| format!("{}!${row}:${row}", quoted(&name))).as_deref()),
        );
        if self.recalculated {
            edits.push(book.calculate_on_load());
        }
        self.change(book_part, apply(book_bytes, edits).map_err(|error| error.on(book_part))?);
        self.close(relations)?;
        self.deselect_others(book_part, earlier_part)
    }

    /// Leaves out the list of formulas in the order of their calculation (ECMA-376 part 1, §18.6): one that names a cell
    /// without formula is damaged, and programs make it anew where it is missing.
    fn drop_calculation_chain(&mut self, book_part: &str, relations: &mut OpenRelations) -> Result<(), ErrorKind> {
        let known = self.package.relationships(book_part)?;
        let Some(chain) = known.iter().find(|r| r.is("calcChain") && !r.external) else { return Ok(()) };
        let Some(bytes) = &relations.bytes else { return Ok(()) };
        let thinned = relationships::without(bytes, &[&chain.id]).and_then(|edits| apply(bytes, edits));
        let thinned = thinned.map_err(|error| error.on(&relations.part))?;
        relations.new = NewRelations::of(Some(&thinned)).map_err(|error| error.on(&relations.part))?;
        relations.bytes = Some(Arc::from(thinned));
        relations.thinned = true;
        self.removals.push(chain.target.clone());
        Ok(())
    }

    /// Takes the selection off every tab not touched yet: two selected tabs would be edited together.
    fn deselect_others(&mut self, book_part: &str, review_part: Option<&str>) -> Result<(), ErrorKind> {
        for relation in self.package.relationships(book_part)? {
            let is_sheet =
                ["worksheet", "chartsheet", "dialogsheet", "macrosheet"].iter().any(|kind| relation.is(kind));
            let done = self.changes.contains_key(&relation.target) || review_part == Some(relation.target.as_str());
            if !is_sheet || done || relation.external {
                continue;
            }
            let Some(bytes) = self.package.part(&relation.target)? else { continue };
            let edits = sheet::deselect(&bytes).map_err(|error| error.on(&relation.target))?;
            if !edits.is_empty() {
                self.change(&relation.target, apply(&bytes, edits).map_err(|error| error.on(&relation.target))?);
            }
        }
        Ok(())
    }

    /// Adds the sheet's name to `docProps/app.xml`. What is odd there is left: it is decoration.
    fn list_in_properties(&mut self, name: &str) -> Result<(), ErrorKind> {
        let relations = self.package.relationships("")?;
        let Some(relation) = relations.iter().find(|r| r.is("extended-properties") && !r.external) else {
            return Ok(());
        };
        let Some(bytes) = self.package.part(&relation.target)? else { return Ok(()) };
        let edited = app::add_sheet(&bytes, name)
            .and_then(|edits| if edits.is_empty() { Ok(None) } else { apply(&bytes, edits).map(Some) });
        if let Ok(Some(edited)) = edited {
            self.change(&relation.target, edited);
        }
        Ok(())
    }

    /// Writes content types and hands back the package.
    fn finish(mut self) -> Result<Annotated, ErrorKind> {
        let types = self.package.required_part(content_types::PART)?;
        // Some producers name each relationships part on its own and declare no type for the extension.
        let defaults: Vec<(&str, &str)> = [("vml", VML_TYPE), ("rels", RELATIONS_TYPE)]
            .into_iter()
            .filter(|(extension, _)| self.additions.iter().any(|(name, _)| name.rsplit('.').next() == Some(*extension)))
            .collect();
        let removed = |name: &String| content_types::without(&types, name);
        let removed: Result<Vec<Vec<Edit>>, Unpatchable> = self.removals.iter().map(removed).collect();
        let typed = content_types::add(&types, &self.overrides, &defaults).and_then(|mut edits| {
            edits.extend(removed?.into_iter().flatten());
            apply(&types, edits)
        });
        let typed = typed.map_err(|error| error.on(content_types::PART))?;
        if typed != *types {
            self.change(content_types::PART, typed);
        }
        let bytes = self.package.rewrite_without(&self.changes, &self.additions, &self.removals)?;
        Ok(Annotated { bytes, transplanted: false, warnings: self.warnings })
    }

    fn change(&mut self, part: &str, bytes: Vec<u8>) {
        self.changes.insert(self.package.spelled(part).unwrap_or(part).to_owned(), bytes);
    }

    fn add(&mut self, name: String, bytes: Vec<u8>, content_type: Option<&'static str>) {
        self.overrides.extend(content_type.map(|kind| (name.clone(), kind)));
        self.additions.push((name, bytes));
    }

    /// A name no part has: `stem` seen from the folder of `from`, with the first free number.
    fn new_name(&self, from: &str, stem: &str, extension: &str) -> String {
        let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        let (folder, stem) = match stem.strip_prefix("../") {
            Some(stem) => (folder.rsplit_once('/').map_or("", |(folder, _)| folder), stem),
            None => (folder, stem),
        };
        let slash = if folder.is_empty() { "" } else { "/" };
        let mut number = 1;
        loop {
            let name = format!("{folder}{slash}{stem}{number}.{extension}");
            if !self.package.contains(&name) && !self.additions.iter().any(|(added, _)| *added == name) {
                return name;
            }
            number += 1;
        }
    }

    fn relations(&self, part: &str) -> Result<OpenRelations, ErrorKind> {
        let part = relations_part(part);
        let bytes = self.package.part(&part)?;
        let new = NewRelations::of(bytes.as_deref()).map_err(|error| error.on(&part))?;
        Ok(OpenRelations { part, bytes, new, thinned: false })
    }

    fn close(&mut self, OpenRelations { part, bytes, new, thinned }: OpenRelations) -> Result<(), ErrorKind> {
        match new.write(bytes.as_deref()).map_err(|error| error.on(&part))? {
            Some(written) if bytes.is_some() => self.change(&part, written),
            Some(written) => self.add(part, written, None),
            None if thinned => self.change(&part, bytes.map(|bytes| bytes.to_vec()).unwrap_or_default()),
            None => {}
        }
        Ok(())
    }
}
