//! A worksheet part (ECMA-376 part 1, §18.3.1): the places that marks touch, read once.
//!
//! `restyle` gives cells their styles and, where asked, new contents where they stand, and makes those that are missing;
//! `note_box` measures where a note's box goes. Values are touched where new ones are given, nowhere else.

mod note_box;
mod restyle;

use std::collections::BTreeSet;
use std::ops::Range;

pub(crate) use self::note_box::NoteBox;
use super::edit::{Edit, Unpatchable};
use super::tags::{Kind, Tag, Tags, escape};
use crate::address::{CellRange, CellRef};

/// The places of a worksheet part that marks touch.
#[derive(Debug)]
pub(crate) struct SheetPart {
    /// The relationship of the VML drawing, where the sheet has one.
    pub(crate) legacy_drawing: Option<String>,
    /// The element that names it.
    legacy_span: Option<Range<usize>>,
    prefix: String,
    dimension: Option<(Range<usize>, CellRange)>,
    columns: Vec<Column>,
    default_width: f64,
    default_height: f64,
    /// Whether rows that are not written are hidden.
    default_hidden: bool,
    data: Data,
    rows: Vec<Row>,
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
    /// The whole element.
    span: Range<usize>,
    formula: Option<Formula>,
    /// The element of the stored value, tags included.
    value: Option<Range<usize>>,
    /// The value of the attribute that says how the value is stored.
    kind: Option<Range<usize>>,
}

/// The formula of a cell as far as others hang on it.
#[derive(Debug)]
struct Formula {
    /// The whole element.
    span: Range<usize>,
    /// `t`: shared, array, dataTable.
    kind: String,
    /// Whether it names the cells it is meant for.
    has_range: bool,
}

/// New content for a cell; the texts are not yet fit for XML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NewContent {
    /// A number; a formula is dropped.
    Number(String),
    /// A text; a formula is dropped.
    Text(String),
    /// The result of the formula that stands there.
    Result(String),
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

/// Around what only programs that draw VML read (ECMA-376 part 3, §9.3).
const WRAP: &str = "<mc:AlternateContent xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\"><mc:Choice \
                    xmlns:v=\"urn:schemas-microsoft-com:vml\" Requires=\"v\">";
const UNWRAP: &str = "</mc:Choice></mc:AlternateContent>";

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
            legacy_span: None,
            prefix: root.prefix.to_owned(),
            dimension: None,
            columns: Vec::new(),
            default_width: 9.0,
            default_height: 15.0,
            default_hidden: false,
            data: Data::Empty(0..0),
            rows: Vec::new(),
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
            } else if data_seen && tag.opens("legacyDrawing") {
                // Workbooks in the strict form wrap it, as what the standard no longer knows.
                sheet.note_child(&tag);
            } else if tag.opens("col") {
                sheet.columns.extend(column(&tag));
            }
            if tag.kind == Kind::Open {
                depth += 1;
            }
        }
        sheet.refuse_repeats()?;
        match (data_seen, place) {
            (true, Some(place)) => Ok(Self { legacy_place: place, ..sheet }),
            _ => Err(Unpatchable::new("工作表不完整")),
        }
    }

    /// Some programs write a row in pieces, one tag a cell; a cell that is there twice has no certain content.
    fn refuse_repeats(&self) -> Result<(), Unpatchable> {
        let mut seen = BTreeSet::new();
        let mut cells = self.rows.iter().flat_map(|row| row.cells.iter().map(|cell| CellRef::new(row.row, cell.col)));
        match cells.find(|at| !seen.insert(*at)) {
            Some(at) => Err(Unpatchable::new(format!("单元格 {at} 写了两次"))),
            None => Ok(()),
        }
    }

    /// The cell, where it is there and its row was asked for.
    fn cell(&self, at: CellRef) -> Option<&Cell> {
        let pieces = self.rows.iter().filter(|row| row.row == at.row);
        pieces.flat_map(|row| &row.cells).find(|cell| cell.col == at.col)
    }

    fn note_child(&mut self, tag: &Tag<'_>) {
        match tag.name {
            "dimension" => {
                self.dimension = tag.attribute("ref").and_then(|a| Some((a.span, a.value.parse().ok()?)));
            }
            "sheetFormatPr" => {
                self.default_height = tag.number("defaultRowHeight").unwrap_or(self.default_height);
                self.default_hidden = tag.flag("zeroHeight");
                let base: Option<f64> = tag.number("baseColWidth");
                self.default_width =
                    tag.number("defaultColWidth").or(base.map(|base| base + 1.0)).unwrap_or(self.default_width);
            }
            "legacyDrawing" => {
                self.legacy_drawing = tag.prefixed_attribute("id").map(|id| id.value.into_owned());
                self.legacy_span = Some(tag.span.clone()).filter(|_| tag.kind == Kind::Empty);
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
            if index.saturating_add(1) < next_row {
                return Err(Unpatchable::new(format!("第 {} 行写在第 {next_row} 行之后，行序颠倒", index + 1)));
            }
            next_row = index.saturating_add(1);
            let mut row = Row {
                row: index,
                numbered: tag.attribute("r").is_some(),
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
        if let Some(cell) = self.cell(at) {
            return cell.style.as_ref().map_or(0, |(_, style)| *style);
        }
        let row = self.rows.iter().filter(|row| row.row == at.row).find(|row| row.style.is_some());
        let column = self.columns.iter().find(|column| (column.first..=column.last).contains(&at.col));
        row.and_then(|row| row.style).or_else(|| column.and_then(|column| column.style)).unwrap_or(0)
    }

    /// The edit that links the VML drawing of the notes; `base` is what relationship types start with. In the strict
    /// form, which has no such element, it is wrapped as Excel does it.
    pub(crate) fn link_drawing(&self, base: &str, relation: &str) -> Edit {
        let prefix = &self.prefix;
        let relation = escape(relation);
        let link = format!(r#"<{prefix}legacyDrawing xmlns:r="{base}" r:id="{relation}"/>"#);
        let is_strict = base.starts_with("http://purl.oclc.org/");
        Edit::insert(self.legacy_place, if is_strict { format!("{WRAP}{link}{UNWRAP}") } else { link })
    }

    /// The edit that unlinks the VML drawing; `None` where there is none, or one written in an odd way.
    pub(crate) fn unlink_drawing(&self) -> Option<Edit> {
        self.legacy_span.clone().map(|span| Edit::replace(span, ""))
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
        let mut cell = Cell {
            col,
            addressed: address.is_some(),
            start: tag.span.start,
            name_end: tag.name_end,
            // What is no number counts as none, and must not be written a second time.
            style: tag.attribute("s").map(|a| (a.span, a.value.trim().parse().unwrap_or(0))),
            span: tag.span.clone(),
            formula: None,
            value: None,
            kind: tag.attribute("t").map(|a| a.span),
        };
        if tag.kind == Kind::Open {
            read_cell(tags, &mut cell)?;
        }
        row.cells.push(cell);
    }
    Err(Unpatchable::new("工作表不完整"))
}

/// Reads what stands in a cell, to behind its closing tag.
fn read_cell(tags: &mut Tags<'_>, cell: &mut Cell) -> Result<(), Unpatchable> {
    while let Some(tag) = tags.next()? {
        let end = tag.span.end;
        match (tag.kind, tag.name) {
            (Kind::Close, "c") => {
                cell.span.end = end;
                return Ok(());
            }
            (Kind::Open | Kind::Empty, "f") => {
                cell.formula = Some(Formula {
                    span: tag.span.clone(),
                    kind: tag.value("t").map(|kind| kind.into_owned()).unwrap_or_default(),
                    has_range: tag.attribute("ref").is_some(),
                });
            }
            (Kind::Close, "f") => cell.formula.iter_mut().for_each(|formula| formula.span.end = end),
            (Kind::Open | Kind::Empty, "v") => cell.value = Some(tag.span.clone()),
            (Kind::Close, "v") => cell.value.iter_mut().for_each(|value| value.end = end),
            _ => {}
        }
    }
    Err(Unpatchable::new("工作表不完整"))
}

/// Why the formula of a cell cannot be dropped without harm to others: it is the one that they share, or fills several
/// cells. `None` where nothing hangs on it.
///
/// # Errors
/// A part that is no worksheet.
pub(crate) fn lock(part: &[u8], at: CellRef) -> Result<Option<&'static str>, Unpatchable> {
    let sheet = SheetPart::read(part, &BTreeSet::from([at]))?;
    let formula = sheet.cell(at).and_then(|cell| cell.formula.as_ref());
    Ok(formula.and_then(|formula| match formula.kind.as_str() {
        "shared" if formula.has_range => Some("的公式由几格共用"),
        "array" | "dataTable" => Some("的公式属于数组或模拟运算表"),
        _ => None,
    }))
}

#[cfg(test)]
mod tests {
    use super::super::edit::apply;
    use super::*;

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
}
