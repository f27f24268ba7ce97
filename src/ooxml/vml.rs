//! The VML drawing that carries the boxes of notes (ECMA-376 part 4, §19.4).
//!
//! Real drawings are often no well-formed XML (`<br>`), so they are edited by text search and never parsed.

use std::collections::BTreeSet;

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
    memmem::find_iter(text, mark).filter_map(move |at| {
        let rest = text.get(at + mark.len()..at + mark.len() + 80).or(text.get(at + mark.len()..))?;
        let start = rest.iter().position(u8::is_ascii_digit)?;
        let digits = rest.get(start..)?.iter().take_while(|b| b.is_ascii_digit()).copied().collect();
        String::from_utf8(digits).ok()?.parse().ok()
    })
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
    let mut edits: Vec<Edit> = moved.iter().filter_map(|shape| moved_box(drawing, shape)).collect();
    edits.extend(removed.iter().filter_map(|at| removed_box(drawing, *at)));
    if !new.is_empty() {
        let end = memmem::rfind(drawing, b"</xml>").ok_or_else(|| Unpatchable::new("批注图形不完整"))?;
        let mut text = String::new();
        if memmem::find(drawing, b"_x0000_t202\"").is_none() {
            text.push_str(&SHAPE_TYPE.replacen("<v:shapetype ", &format!("<v:shapetype {NAMESPACES} "), 1));
        }
        text.extend(new.iter().map(|shape| shape_text(ids, shape)));
        edits.push(Edit::insert(end, text));
    }
    Ok(edits)
}

/// The edit that gives a note's box another anchor; some producers write none and only a style.
fn moved_box(drawing: &[u8], shape: &Shape) -> Option<Edit> {
    let start = note_data(drawing, shape.at)?;
    let block = drawing.get(start..)?;
    let block = block.get(..memmem::find(block, b"</x:ClientData>")?)?;
    let Some(anchor) = memmem::find(block, b"<x:Anchor>") else {
        let behind = memmem::find(block, b">")? + 1;
        return Some(Edit::insert(start + behind, format!("<x:Anchor>{}</x:Anchor>", shape.place)));
    };
    let open = anchor + b"<x:Anchor>".len();
    let length = memmem::find(block.get(open..)?, b"</x:Anchor>")?;
    Some(Edit::replace(start + open..start + open + length, shape.place.to_string()))
}

/// The edit that takes a note's box away.
fn removed_box(drawing: &[u8], at: CellRef) -> Option<Edit> {
    const END: &[u8] = b"</v:shape>";
    let data = note_data(drawing, at)?;
    let start = memmem::rfind(drawing.get(..data)?, b"<v:shape ")?;
    let end = data + memmem::find(drawing.get(data..)?, END)? + END.len();
    Some(Edit::replace(start..end, ""))
}

/// How many shapes a drawing has.
pub(crate) fn shapes(drawing: &[u8]) -> usize {
    memmem::find_iter(drawing, b"<v:shape ").count()
}

/// Where the data of a cell's note begin.
fn note_data(drawing: &[u8], at: CellRef) -> Option<usize> {
    memmem::find_iter(drawing, b"<x:ClientData").find(|start| {
        let rest = drawing.get(*start..).unwrap_or_default();
        let block = memmem::find(rest, b"</x:ClientData>").and_then(|end| rest.get(..end)).unwrap_or_default();
        let is = |mark: &[u8], number: u32| numbers_behind(block, mark).next() == Some(number);
        memmem::find(block, b"\"Note\"").is_some() && is(b"<x:Row>", at.row) && is(b"<x:Column>", at.col)
    })
}

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
