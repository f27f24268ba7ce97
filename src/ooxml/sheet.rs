//! A worksheet part (ECMA-376 part 1, §18.3.1): cells restyled where they stand, made in order where they are
//! missing, and the link to the drawing that carries the notes.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::edit::{Edit, Unpatchable};
use super::tags::{Kind, Tag, Tags, escape};
use crate::address::{CellRange, CellRef};

/// The places of a worksheet part that marks touch.
#[derive(Debug)]
pub(crate) struct SheetPart {
    /// The relationship of the VML drawing, where the sheet has one.
    pub(crate) legacy_drawing: Option<String>,
    prefix: String,
    dimension: Option<(Range<usize>, CellRange)>,
    columns: Vec<Column>,
    default_width: f64,
    default_height: f64,
    data: Data,
    rows: Vec<Row>,
    /// Values of `tabSelected` that say yes.
    selected: Vec<Range<usize>>,
    legacy_place: usize,
}

#[derive(Debug)]
struct Column {
    first: u32,
    last: u32,
    /// In characters, padding included.
    width: Option<f64>,
    hidden: bool,
    style: Option<u32>,
}

/// Where rows go.
#[derive(Debug)]
enum Data {
    /// `<sheetData/>`.
    Empty(Range<usize>),
    /// Before the closing tag.
    Before(usize),
}

#[derive(Debug)]
struct Row {
    row: u32,
    /// Whether the row writes its number.
    numbered: bool,
    tag: Range<usize>,
    name_end: usize,
    empty: bool,
    /// Start of the closing tag.
    end: usize,
    style: Option<u32>,
    height: Option<f64>,
    hidden: bool,
    spans: Option<(Range<usize>, String)>,
    /// Only of rows that were asked for.
    cells: Vec<Cell>,
}

#[derive(Debug)]
struct Cell {
    col: u32,
    /// Whether the cell writes its address.
    addressed: bool,
    start: usize,
    name_end: usize,
    style: Option<(Range<usize>, u32)>,
}

/// Elements that must stand behind `legacyDrawing` in a worksheet; an `mc:AlternateContent` there wraps controls.
const BEHIND_LEGACY_DRAWING: [&str; 9] = [
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
    "AlternateContent",
];

impl SheetPart {
    /// Reads the places that marking these cells touches.
    ///
    /// # Errors
    /// A part that is no worksheet, or whose rows and cells contradict each other.
    pub(crate) fn read(part: &[u8], wanted: &BTreeSet<CellRef>) -> Result<Self, Unpatchable> {
        let wanted: BTreeSet<u32> = wanted.iter().map(|at| at.row).collect();
        let mut tags = Tags::of(part)?;
        let root = tags.next()?.filter(|root| root.opens("worksheet"));
        let root = root.ok_or_else(|| Unpatchable::new("不是工作表"))?;
        let mut sheet = Self {
            legacy_drawing: None,
            prefix: root.prefix.to_owned(),
            dimension: None,
            columns: Vec::new(),
            default_width: 9.0,
            default_height: 15.0,
            data: Data::Empty(0..0),
            rows: Vec::new(),
            selected: Vec::new(),
            legacy_place: 0,
        };
        let mut depth = 1_u32;
        let (mut data_seen, mut place) = (false, None);
        while let Some(tag) = tags.next()? {
            if tag.kind == Kind::Close {
                depth = depth.saturating_sub(1);
            }
            if depth == 0 {
                place = place.or(Some(tag.span.start));
            } else if depth == 1 && tag.kind != Kind::Close {
                if tag.name == "sheetData" {
                    data_seen = true;
                    sheet.data = Data::Empty(tag.span.clone());
                    if tag.kind == Kind::Open {
                        sheet.read_rows(&mut tags, &wanted)?;
                        continue;
                    }
                } else if data_seen && place.is_none() && BEHIND_LEGACY_DRAWING.contains(&tag.name) {
                    place = Some(tag.span.start);
                } else {
                    sheet.note_child(&tag);
                }
            } else if tag.opens("sheetView") {
                sheet.selected.extend(tag.attribute("tabSelected").filter(|_| tag.flag("tabSelected")).map(|a| a.span));
            } else if tag.opens("col") {
                sheet.columns.extend(column(&tag));
            }
            if tag.kind == Kind::Open {
                depth += 1;
            }
        }
        match (data_seen, place) {
            (true, Some(place)) => Ok(Self { legacy_place: place, ..sheet }),
            _ => Err(Unpatchable::new("工作表不完整")),
        }
    }

    fn note_child(&mut self, tag: &Tag<'_>) {
        match tag.name {
            "dimension" => {
                self.dimension = tag.attribute("ref").and_then(|a| Some((a.span, a.value.parse().ok()?)));
            }
            "sheetFormatPr" => {
                self.default_height = tag.number("defaultRowHeight").unwrap_or(self.default_height);
                let base: Option<f64> = tag.number("baseColWidth");
                self.default_width =
                    tag.number("defaultColWidth").or(base.map(|base| base + 1.0)).unwrap_or(self.default_width);
            }
            "legacyDrawing" => {
                self.legacy_drawing = tag.prefixed_attribute("id").map(|id| id.value.into_owned());
            }
            _ => {}
        }
    }

    fn read_rows(&mut self, tags: &mut Tags<'_>, wanted: &BTreeSet<u32>) -> Result<(), Unpatchable> {
        let row_end = format!("</{}row", self.prefix);
        let mut next_row = 0_u32;
        while let Some(tag) = tags.next()? {
            if tag.closes("sheetData") {
                self.data = Data::Before(tag.span.start);
                return Ok(());
            }
            if !tag.opens("row") {
                continue;
            }
            let number: Option<u32> = tag.number("r");
            let index = match number {
                Some(number) => number.checked_sub(1).ok_or_else(|| Unpatchable::new("行号为 0"))?,
                None => next_row,
            };
            next_row = index.saturating_add(1);
            let mut row = Row {
                row: index,
                numbered: number.is_some(),
                tag: tag.span.clone(),
                name_end: tag.name_end,
                empty: tag.kind == Kind::Empty,
                end: tag.span.end,
                style: tag.number("s").filter(|_| tag.flag("customFormat")),
                height: tag.number("ht"),
                hidden: tag.flag("hidden"),
                spans: tag.attribute("spans").map(|a| (a.span, a.value.into_owned())),
                cells: Vec::new(),
            };
            if !row.empty {
                if wanted.contains(&index) {
                    row.end = read_cells(tags, &mut row)?;
                } else {
                    row.end = tags.skip_to(&row_end)?;
                }
            }
            self.rows.push(row);
        }
        Err(Unpatchable::new("工作表不完整"))
    }

    /// The style index of a cell: its own, else that of its row, else that of its column.
    pub(crate) fn style(&self, at: CellRef) -> u32 {
        let row = self.rows.iter().find(|row| row.row == at.row);
        let cell = row.and_then(|row| row.cells.iter().find(|cell| cell.col == at.col));
        if let Some(cell) = cell {
            return cell.style.as_ref().map_or(0, |(_, style)| *style);
        }
        let column = self.columns.iter().find(|column| (column.first..=column.last).contains(&at.col));
        row.and_then(|row| row.style).or_else(|| column.and_then(|column| column.style)).unwrap_or(0)
    }

    /// The edits that give cells these style indices, making rows and cells the part lacks.
    pub(crate) fn restyle(&self, styles: &BTreeMap<CellRef, u32>) -> Vec<Edit> {
        let mut edits = Vec::new();
        let mut by_row: BTreeMap<u32, BTreeMap<u32, u32>> = BTreeMap::new();
        for (at, style) in styles {
            by_row.entry(at.row).or_default().insert(at.col, *style);
        }
        let mut new_rows = String::new();
        let mut made = Vec::new();
        for (index, cells) in &by_row {
            match self.rows.iter().find(|row| row.row == *index) {
                Some(row) => self.restyle_row(row, cells, &mut edits, &mut made),
                None => {
                    let text = self.new_row(*index, cells);
                    made.extend(cells.keys().map(|col| CellRef::new(*index, *col)));
                    match self.rows.iter().position(|row| row.row > *index) {
                        Some(next) => {
                            edits.extend(self.rows.get(next).map(|row| Edit::insert(row.tag.start, text)));
                            self.number_rows_from(next, &mut edits);
                        }
                        None => new_rows.push_str(&text),
                    }
                }
            }
        }
        if !new_rows.is_empty() {
            let prefix = &self.prefix;
            edits.push(match &self.data {
                Data::Before(at) => Edit::insert(*at, new_rows),
                Data::Empty(range) => {
                    Edit::replace(range.clone(), format!("<{prefix}sheetData>{new_rows}</{prefix}sheetData>"))
                }
            });
        }
        edits.extend(self.extend_dimension(&made));
        edits
    }

    fn restyle_row(&self, row: &Row, styles: &BTreeMap<u32, u32>, edits: &mut Vec<Edit>, made: &mut Vec<CellRef>) {
        let prefix = &self.prefix;
        let mut at_end = String::new();
        let mut first_insert = None;
        for (col, style) in styles {
            if let Some(cell) = row.cells.iter().find(|cell| cell.col == *col) {
                edits.push(match &cell.style {
                    Some((range, _)) => Edit::replace(range.clone(), style.to_string()),
                    None => Edit::insert(cell.name_end, format!(" s=\"{style}\"")),
                });
                continue;
            }
            let at = CellRef::new(row.row, *col);
            made.push(at);
            let text = format!("<{prefix}c r=\"{at}\" s=\"{style}\"/>");
            match row.cells.iter().find(|cell| cell.col > *col) {
                Some(next) => {
                    first_insert = first_insert.or(Some(*col));
                    edits.push(Edit::insert(next.start, text));
                }
                None => at_end.push_str(&text),
            }
        }
        // Behind an inserted cell, cells that count their address on from the one before must say it.
        if let Some(first) = first_insert {
            for cell in row.cells.iter().filter(|cell| cell.col > first && !cell.addressed) {
                edits.push(Edit::insert(cell.name_end, format!(" r=\"{}\"", CellRef::new(row.row, cell.col))));
            }
        }
        if !at_end.is_empty() {
            edits.push(if row.empty {
                Edit::replace(row.tag.end - 2..row.tag.end, format!(">{at_end}</{prefix}row>"))
            } else {
                Edit::insert(row.end, at_end)
            });
        }
        if let Some((range, text)) = &row.spans {
            edits.extend(extended_spans(text, styles).map(|spans| Edit::replace(range.clone(), spans)));
        }
    }

    fn new_row(&self, row: u32, cells: &BTreeMap<u32, u32>) -> String {
        let prefix = &self.prefix;
        let cells: String = cells
            .iter()
            .map(|(col, style)| format!("<{prefix}c r=\"{}\" s=\"{style}\"/>", CellRef::new(row, *col)))
            .collect();
        format!("<{prefix}row r=\"{}\">{cells}</{prefix}row>", u64::from(row) + 1)
    }

    /// Behind an inserted row, rows that count on from the one before must say their number.
    fn number_rows_from(&self, first: usize, edits: &mut Vec<Edit>) {
        for row in self.rows.iter().skip(first).take_while(|row| !row.numbered) {
            let edit = Edit::insert(row.name_end, format!(" r=\"{}\"", u64::from(row.row) + 1));
            if !edits.contains(&edit) {
                edits.push(edit);
            }
        }
    }

    fn extend_dimension(&self, made: &[CellRef]) -> Option<Edit> {
        let (range, used) = self.dimension.as_ref()?;
        let all = made.iter().filter(|at| !used.contains(**at)).fold(*used, |all, at| CellRange {
            start: CellRef::new(all.start.row.min(at.row), all.start.col.min(at.col)),
            end: CellRef::new(all.end.row.max(at.row), all.end.col.max(at.col)),
        });
        (all != *used).then(|| Edit::replace(range.clone(), all.to_string()))
    }

    /// The edit that links the VML drawing of the notes; `base` is what relationship types start with.
    pub(crate) fn link_drawing(&self, base: &str, relation: &str) -> Edit {
        let prefix = &self.prefix;
        let relation = escape(relation);
        Edit::insert(self.legacy_place, format!(r#"<{prefix}legacyDrawing xmlns:r="{base}" r:id="{relation}"/>"#))
    }

    /// The edits that deselect the sheet's tab.
    pub(crate) fn deselect(&self) -> Vec<Edit> {
        self.selected.iter().map(|range| Edit::replace(range.clone(), "0")).collect()
    }

    /// A box of this size (pixels at 96 dpi) to the right of a cell or merged region, as VML anchors one.
    pub(crate) fn box_beside(&self, cell: CellRange, width: u32, height: u32) -> NoteBox {
        let (left, left_offset) = self.walk(cell.end.col.saturating_add(1), 12, |col| self.column_pixels(col));
        let (right, right_offset) = self.walk(left, left_offset + width, |col| self.column_pixels(col));
        let (bottom, bottom_offset) = self.walk(cell.start.row, height + 4, |row| self.row_pixels(row));
        NoteBox { numbers: [left, left_offset, cell.start.row, 4, right, right_offset, bottom, bottom_offset] }
    }

    /// The column or row that is `distance` pixels on, with the rest inside it.
    fn walk(&self, from: u32, distance: u32, size: impl Fn(u32) -> u32) -> (u32, u32) {
        let mut left = distance;
        for index in from..from.saturating_add(400) {
            let here = size(index);
            if left < here {
                return (index, left);
            }
            left -= here;
        }
        (from.saturating_add(4), 0)
    }

    fn column_pixels(&self, col: u32) -> u32 {
        let column = self.columns.iter().find(|column| (column.first..=column.last).contains(&col));
        match column {
            Some(column) if column.hidden => 0,
            Some(column) => pixels(column.width.unwrap_or(self.default_width), 7.0),
            None => pixels(self.default_width, 7.0),
        }
    }

    fn row_pixels(&self, row: u32) -> u32 {
        let known = self.rows.binary_search_by_key(&row, |known| known.row).ok().and_then(|at| self.rows.get(at));
        match known {
            Some(row) if row.hidden => 0,
            Some(row) => pixels(row.height.unwrap_or(self.default_height), 4.0 / 3.0),
            None => pixels(self.default_height, 4.0 / 3.0),
        }
    }
}

/// Where a note's box stands: the eight numbers of `x:Anchor` (ECMA-376 part 4, §19.4.2.3): left column and
/// offset, top row and offset, right column and offset, bottom row and offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoteBox {
    /// The numbers.
    pub(crate) numbers: [u32; 8],
}

impl std::fmt::Display for NoteBox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.numbers.map(|number| number.to_string()).join(", "))
    }
}

/// The edits that deselect the tab of a sheet of any kind; chart sheets have views too.
///
/// # Errors
/// A part that is no XML.
pub(crate) fn deselect(part: &[u8]) -> Result<Vec<Edit>, Unpatchable> {
    let mut tags = Tags::of(part)?;
    let mut edits = Vec::new();
    while let Some(tag) = tags.next()? {
        if tag.opens("sheetView") && tag.flag("tabSelected") {
            edits.extend(tag.attribute("tabSelected").map(|a| Edit::replace(a.span, "0")));
        } else if tag.closes("sheetViews") || tag.name == "sheetData" {
            break;
        }
    }
    Ok(edits)
}

fn column(tag: &Tag<'_>) -> Option<Column> {
    Some(Column {
        first: tag.number::<u32>("min")?.checked_sub(1)?,
        last: tag.number::<u32>("max")?.checked_sub(1)?,
        width: tag.number("width"),
        hidden: tag.flag("hidden"),
        style: tag.number("style"),
    })
}

/// Reads the cells of a row; returns the start of its closing tag.
fn read_cells(tags: &mut Tags<'_>, row: &mut Row) -> Result<usize, Unpatchable> {
    let mut next_col = 0_u32;
    while let Some(tag) = tags.next()? {
        if tag.closes("row") {
            return Ok(tag.span.start);
        }
        if !tag.opens("c") {
            continue;
        }
        let address = tag.value("r");
        let col = match &address {
            Some(text) => {
                let at: CellRef = text.parse().map_err(|_| Unpatchable::new(format!("单元格地址“{text}”有误")))?;
                if at.row != row.row {
                    return Err(Unpatchable::new(format!("单元格 {at} 不在自己的行内")));
                }
                at.col
            }
            None => next_col,
        };
        next_col = col.saturating_add(1);
        row.cells.push(Cell {
            col,
            addressed: address.is_some(),
            start: tag.span.start,
            name_end: tag.name_end,
            style: tag.attribute("s").and_then(|a| Some((a.span, a.value.parse().ok()?))),
        });
    }
    Err(Unpatchable::new("工作表不完整"))
}

/// The `spans` that cover the columns too; `None` where they do already.
fn extended_spans(spans: &str, columns: &BTreeMap<u32, u32>) -> Option<String> {
    let mut bounds = spans.split([' ', ':']).filter_map(|number| number.parse::<u32>().ok());
    let start = bounds.clone().min()?;
    let end = bounds.by_ref().max()?;
    let first = columns.keys().next()?.saturating_add(1);
    let last = columns.keys().next_back()?.saturating_add(1);
    (first < start || last > end).then(|| format!("{}:{}", first.min(start), last.max(end)))
}

/// A length in pixels; of what is no sensible length, nothing.
fn pixels(length: f64, each: f64) -> u32 {
    let pixels = (length * each).round();
    // Rows are at most 409 points and columns 255 characters: everything in range is exact.
    if (0.0..=4096.0).contains(&pixels) { format!("{pixels:.0}").parse().unwrap_or(0) } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::super::edit::apply;
    use super::*;

    fn marked(part: &str, cells: &[(&str, u32)]) -> String {
        let styles: BTreeMap<CellRef, u32> =
            cells.iter().map(|(at, style)| (at.parse().expect("an address"), *style)).collect();
        let sheet = SheetPart::read(part.as_bytes(), &styles.keys().copied().collect()).expect("a worksheet");
        let after = apply(part.as_bytes(), sheet.restyle(&styles)).expect("edits fit");
        String::from_utf8(after).expect("UTF-8")
    }

    #[test]
    fn cells_are_restyled_where_they_stand_and_made_in_order() {
        let part = "<worksheet><dimension ref=\"B2:C3\"/><sheetData><row r=\"2\" spans=\"2:3\"><c r=\"B2\" s=\"4\"><v>1</v></c>\
            <c r=\"D2\"/></row><row r=\"4\"/></sheetData></worksheet>";
        let after = marked(part, &[("B2", 9), ("C2", 8), ("D2", 7), ("E2", 6), ("A3", 5), ("B4", 4), ("A9", 3)]);
        assert_eq!(
            after,
            "<worksheet><dimension ref=\"A2:E9\"/><sheetData><row r=\"2\" spans=\"2:5\"><c r=\"B2\" s=\"9\"><v>1</v></c>\
             <c r=\"C2\" s=\"8\"/><c s=\"7\" r=\"D2\"/><c r=\"E2\" s=\"6\"/></row><row r=\"3\"><c r=\"A3\" s=\"5\"/></row>\
             <row r=\"4\"><c r=\"B4\" s=\"4\"/></row><row r=\"9\"><c r=\"A9\" s=\"3\"/></row></sheetData></worksheet>"
        );
    }

    #[test]
    fn an_empty_sheet_gets_its_rows_under_its_own_prefix() {
        let after = marked("<x:worksheet xmlns:x='m'><x:sheetData/></x:worksheet>", &[("B2", 1)]);
        assert!(after.contains("<x:sheetData><x:row r=\"2\"><x:c r=\"B2\" s=\"1\"/></x:row></x:sheetData>"), "{after}");
    }

    #[test]
    fn what_counts_on_from_its_neighbour_says_its_address_behind_an_insertion() {
        let part = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"/><c r=\"C1\"/><c/></row><row r=\"3\"><c/></row><row/>\
            </sheetData></worksheet>";
        let after = marked(part, &[("B1", 1), ("A2", 2)]);
        assert!(after.contains("<c r=\"B1\" s=\"1\"/><c r=\"C1\"/><c r=\"D1\"/></row>"), "{after}");
        assert!(after.contains("<row r=\"2\"><c r=\"A2\" s=\"2\"/></row><row r=\"3\"><c/></row><row/>"), "{after}");
        let unnumbered = "<worksheet><sheetData><row><c/></row><row r=\"5\"/><row/></sheetData></worksheet>";
        assert!(marked(unnumbered, &[("A3", 2)]).contains("</row><row r=\"5\"/><row/>"));
    }

    #[test]
    fn a_missing_cell_takes_the_style_of_its_row_or_column() {
        let part = "<worksheet><cols><col min=\"2\" max=\"3\" style=\"6\"/></cols><sheetData><row r=\"1\" s=\"5\" \
            customFormat=\"1\"/><row r=\"2\" s=\"5\"/></sheetData></worksheet>";
        let wanted: BTreeSet<CellRef> = ["B1", "B2", "A2"].iter().filter_map(|at| at.parse().ok()).collect();
        let sheet = SheetPart::read(part.as_bytes(), &wanted).expect("a worksheet");
        let style = |at: &str| sheet.style(at.parse().expect("an address"));
        assert_eq!((style("B1"), style("B2"), style("A2")), (5, 6, 0));
    }

    #[test]
    fn the_drawing_is_linked_before_everything_that_must_follow_it() {
        let part = "<worksheet><sheetData/><conditionalFormatting><cfRule><extLst/></cfRule></conditionalFormatting>\
            <drawing/><tableParts/><extLst/></worksheet>";
        let sheet = SheetPart::read(part.as_bytes(), &BTreeSet::new()).expect("a worksheet");
        let after = apply(part.as_bytes(), vec![sheet.link_drawing("base", "rId5")]).expect("edits fit");
        let text = String::from_utf8(after).expect("UTF-8");
        assert!(text.contains("<drawing/><legacyDrawing xmlns:r=\"base\" r:id=\"rId5\"/><tableParts/>"), "{text}");
    }

    #[test]
    fn a_note_box_steps_over_hidden_columns() {
        let part = "<worksheet><cols><col min=\"3\" max=\"3\" width=\"10\" hidden=\"1\"/><col min=\"4\" max=\"4\" \
            width=\"10\"/></cols><sheetData/></worksheet>";
        let sheet = SheetPart::read(part.as_bytes(), &BTreeSet::new()).expect("a worksheet");
        let place = sheet.box_beside(CellRef::new(0, 1).into(), 100, 50);
        assert_eq!(place.to_string(), "3, 12, 0, 4, 4, 42, 2, 14");
    }
}
