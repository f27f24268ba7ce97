//! The VML drawing that carries the boxes of notes (ECMA-376 part 4, §19.4).
//!
//! Real drawings are often no well-formed XML (`<br>`), so they are edited by text search and never parsed.

use std::collections::BTreeSet;
use std::ops::Range;

use memchr::memmem;

use super::edit::{Edit, Unpatchable};
use super::sheet::NoteBox;
use crate::address::CellRef;

/// A box to be drawn: the cell it belongs to and where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    /// The cell.
    pub(crate) at: CellRef,
    /// Where.
    pub(crate) place: NoteBox,
}

/// The ids in use in a workbook's drawings: a shape's number and a drawing's id block are unique in the workbook.
#[derive(Debug, Default)]
pub(crate) struct ShapeIds {
    blocks: BTreeSet<u32>,
    last_shape: u32,
}

impl ShapeIds {
    /// Notes the ids of a drawing.
    pub(crate) fn note(&mut self, drawing: &[u8]) {
        self.blocks.extend(numbers_behind(drawing, b"<o:idmap").filter(|block| *block < 1 << 20));
        let shapes = numbers_behind(drawing, b"_x0000_s").filter(|shape| *shape < 1 << 30);
        self.last_shape = shapes.chain([self.last_shape]).max().unwrap_or(0);
    }

    /// A new id block, and the number before its first shape. Blocks hold 1024 shapes each.
    fn new_block(&mut self) -> u32 {
        let block = self.blocks.last().map_or(1, |last| last + 1).max(self.last_shape / 1024 + 1);
        self.blocks.insert(block);
        self.last_shape = block * 1024;
        block
    }

    fn new_shape(&mut self) -> u32 {
        self.last_shape += 1;
        self.last_shape
    }
}

/// The first number in each stretch of text behind `mark`: of `<o:idmap v:ext="edit" data="2,5"/>` 2.
fn numbers_behind<'a>(text: &'a [u8], mark: &'a [u8]) -> impl Iterator<Item = u32> + 'a {
    memmem::find_iter(text, mark).filter_map(move |at| first_number(text.get(at + mark.len()..)?))
}

/// The first number of a text, where it begins among the first characters.
fn first_number(text: &[u8]) -> Option<u32> {
    let start = text.iter().take(80).position(u8::is_ascii_digit)?;
    let digits = text.get(start..)?.iter().take_while(|b| b.is_ascii_digit()).copied().collect();
    String::from_utf8(digits).ok()?.parse().ok()
}

/// A drawing with nothing but these boxes.
pub(crate) fn new_part(ids: &mut ShapeIds, shapes: &[Shape]) -> String {
    let block = ids.new_block();
    let shapes: String = shapes.iter().map(|shape| shape_text(ids, shape)).collect();
    format!(
        "<xml {NAMESPACES}><o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"{block}\"/></o:shapelayout>\
         {SHAPE_TYPE}{shapes}</xml>"
    )
}

/// The edits that add boxes to a drawing, give boxes that exist a new place, and take boxes away.
///
/// # Errors
/// A drawing without an end.
pub(crate) fn edits(
    drawing: &[u8],
    ids: &mut ShapeIds,
    new: &[Shape],
    moved: &[Shape],
    removed: &[CellRef],
) -> Result<Vec<Edit>, Unpatchable> {
    let mut edits: Vec<Edit> = removed.iter().filter_map(|at| removed_box(drawing, *at)).collect();
    // Some producers write notes and forget boxes.
    let mut new = new.to_vec();
    for shape in moved {
        match moved_box(drawing, shape) {
            Some(edit) => edits.push(edit),
            None => new.push(*shape),
        }
    }
    if !new.is_empty() {
        let mut text = String::new();
        if memmem::find(drawing, b"_x0000_t202\"").is_none() {
            text.push_str(&SHAPE_TYPE.replacen("<v:shapetype ", &format!("<v:shapetype {NAMESPACES} "), 1));
        }
        text.extend(new.iter().map(|shape| shape_text(ids, shape)));
        edits.push(match memmem::rfind(drawing, b"</xml>") {
            Some(end) => Edit::insert(end, text),
            // A drawing whose last box was taken away.
            None => {
                let root = elements(drawing, b"xml").next().filter(|root| root.is_empty(drawing));
                let root = root.ok_or_else(|| Unpatchable::new("批注图形不完整"))?;
                Edit::replace(root.span.end - 2..root.span.end, format!(">{text}</xml>"))
            }
        });
    }
    Ok(edits)
}

/// The edit that gives a note's box another anchor; some producers write none and only a style.
fn moved_box(drawing: &[u8], shape: &Shape) -> Option<Edit> {
    let data = note_data(drawing, shape.at)?;
    let block = drawing.get(..data.end)?;
    let place = shape.place;
    let Some(anchor) = elements(block, b"Anchor").find(|anchor| anchor.span.start > data.start) else {
        let own = elements(block, b"ClientData").find(|own| own.span.start == data.start)?;
        let prefix = String::from_utf8_lossy(own.prefix(drawing)?);
        return Some(Edit::insert(own.span.end, format!("<{prefix}Anchor>{place}</{prefix}Anchor>")));
    };
    if anchor.is_empty(drawing) {
        let prefix = String::from_utf8_lossy(anchor.prefix(drawing)?);
        return Some(Edit::replace(anchor.span.clone(), format!("<{prefix}Anchor>{place}</{prefix}Anchor>")));
    }
    let length = memmem::find(block.get(anchor.span.end..)?, b"</")?;
    Some(Edit::replace(anchor.span.end..anchor.span.end + length, place.to_string()))
}

/// The edit that takes a note's box away.
fn removed_box(drawing: &[u8], at: CellRef) -> Option<Edit> {
    let data = note_data(drawing, at)?;
    let shape = elements(drawing.get(..data.start)?, b"shape").last()?;
    let end = data.end + memmem::find(drawing.get(data.end..)?, b"shape>")? + b"shape>".len();
    Some(Edit::replace(shape.span.start..end, ""))
}

/// How many shapes a drawing has.
pub(crate) fn shapes(drawing: &[u8]) -> usize {
    elements(drawing, b"shape").count()
}

/// The data of a cell's note: from `<x:ClientData …>` to before its closing tag.
fn note_data(drawing: &[u8], at: CellRef) -> Option<Range<usize>> {
    elements(drawing, b"ClientData").find_map(|data| {
        let (start, opened) = (data.span.start, data.span.end);
        let end = opened + memmem::find(drawing.get(opened..)?, b"ClientData>")?;
        let is = |name: &'static [u8], number: u32| {
            let block = drawing.get(..end).unwrap_or_default();
            let own = elements_from(block, opened, name).next();
            own.and_then(|own| first_number(block.get(own.span.end..)?)) == Some(number)
        };
        let kind = drawing.get(start..opened)?;
        let is_note = memmem::find(kind, b"\"Note\"").or(memmem::find(kind, b"'Note'")).is_some();
        (is_note && is(b"Row", at.row) && is(b"Column", at.col)).then_some(start..end)
    })
}

/// The opening tag of an element, whatever its prefix: producers bind the same namespaces to other names.
struct Element {
    /// From `<` to behind `>`.
    span: Range<usize>,
    name: Range<usize>,
}

impl Element {
    fn is_empty(&self, drawing: &[u8]) -> bool {
        drawing.get(self.span.clone()).is_some_and(|tag| tag.ends_with(b"/>"))
    }

    /// The prefix with its colon.
    fn prefix<'a>(&self, drawing: &'a [u8]) -> Option<&'a [u8]> {
        drawing.get(self.span.start + 1..self.name.start)
    }
}

fn elements<'a>(drawing: &'a [u8], name: &'static [u8]) -> impl Iterator<Item = Element> + 'a {
    elements_from(drawing, 0, name)
}

/// The elements of this local name that start at `from` or behind.
fn elements_from<'a>(drawing: &'a [u8], from: usize, name: &'static [u8]) -> impl Iterator<Item = Element> + 'a {
    let rest = drawing.get(from..).unwrap_or_default();
    memmem::find_iter(rest, name).filter_map(move |found| {
        let at = from + found;
        let end = at + name.len();
        let before = drawing.get(..at)?;
        let prefix = before.iter().rev().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b':'));
        let start = at.checked_sub(prefix.count() + 1)?;
        let is_tag = drawing.get(start) == Some(&b'<') && (start + 1 == at || before.ends_with(b":"));
        let follows = drawing.get(end).is_some_and(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/'));
        if !is_tag || !follows {
            return None;
        }
        let close = end + memchr::memchr(b'>', drawing.get(end..)?)? + 1;
        Some(Element { span: start..close, name: at..end })
    })
}

/// What the type of a relationship to a drawing starts with, in the strict form too: VML is no part of it.
pub(crate) const RELATION_BASE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

const NAMESPACES: &str = "xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" \
                          xmlns:x=\"urn:schemas-microsoft-com:office:excel\"";

const SHAPE_TYPE: &str = "<v:shapetype id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\" \
                          path=\"m,l,21600r21600,l21600,xe\"><v:stroke joinstyle=\"miter\"/><v:path \
                          gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype>";

/// One hidden box. It declares its own namespaces: producers declare them in different places.
fn shape_text(ids: &mut ShapeIds, shape: &Shape) -> String {
    let id = ids.new_shape();
    let CellRef { row, col } = shape.at;
    format!(
        "<v:shape {NAMESPACES} id=\"_x0000_s{id}\" type=\"#_x0000_t202\" style='position:absolute;visibility:hidden' \
         fillcolor=\"#ffffe1\" o:insetmode=\"auto\"><v:fill color2=\"#ffffe1\"/><v:shadow on=\"t\" color=\"black\" \
         obscured=\"t\"/><v:path o:connecttype=\"none\"/><v:textbox style='mso-direction-alt:auto'><div \
         style='text-align:left'></div></v:textbox><x:ClientData ObjectType=\"Note\"><x:MoveWithCells/>\
         <x:SizeWithCells/><x:Anchor>{}</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{col}\
         </x:Column></x:ClientData></v:shape>",
        shape.place
    )
}

#[cfg(test)]
mod tests {
    use super::super::edit::apply;
    use super::*;

    const DRAWING: &[u8] = b"<xml><o:idmap v:ext=\"edit\" data=\"2\"/><v:shape id=\"_x0000_s2051\"><br><x:ClientData \
        ObjectType=\"Note\"><x:Anchor>1, 2, 3, 4, 5, 6, 7, 8</x:Anchor><x:Row>4</x:Row><x:Column>1</x:Column>\
        </x:ClientData></v:shape></xml>";

    fn shape(row: u32) -> Shape {
        Shape { at: CellRef::new(row, 1), place: NoteBox { numbers: [9; 8] } }
    }

    #[test]
    fn boxes_are_added_to_a_drawing_that_is_no_xml() {
        let mut ids = ShapeIds::default();
        ids.note(DRAWING);
        let edits = edits(DRAWING, &mut ids, &[shape(7)], &[shape(4)], &[]).expect("an end");
        let after = String::from_utf8(apply(DRAWING, edits).expect("edits fit")).expect("UTF-8");
        assert!(after.contains("_x0000_s2052") && after.contains("<x:Row>7</x:Row>"), "{after}");
        assert!(after.contains("<x:Anchor>9, 9, 9, 9, 9, 9, 9, 9</x:Anchor><x:Row>4</x:Row>"), "{after}");
    }

    #[test]
    fn a_box_is_taken_away_whole() {
        let edits = edits(DRAWING, &mut ShapeIds::default(), &[], &[], &[CellRef::new(4, 1)]).expect("nothing new");
        let after = apply(DRAWING, edits).expect("edits fit");
        assert_eq!(after, b"<xml><o:idmap v:ext=\"edit\" data=\"2\"/></xml>");
    }

    #[test]
    fn a_new_drawing_uses_a_block_of_ids_of_its_own() {
        let mut ids = ShapeIds::default();
        ids.note(DRAWING);
        let part = new_part(&mut ids, &[shape(0)]);
        assert!(part.contains("data=\"3\"") && part.contains("_x0000_s3073"), "{part}");
    }
}
