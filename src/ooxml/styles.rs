//! `xl/styles.xml` (ECMA-376 part 1, §18.8): cell formats appended, none changed.
//!
//! A marked cell gets a clone of its own format with another fill, so font, border, number format, alignment and
//! protection stay. Differential formats (`dxfs`) are never touched.

use std::collections::BTreeMap;
use std::ops::Range;

use super::edit::{Edit, Unpatchable};
use super::tags::{Kind, Tag, Tags, escape};

/// How a cell of ours looks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Look {
    /// Font name.
    pub(crate) font: &'static str,
    /// Font size in points.
    pub(crate) size: u8,
    /// Bold.
    pub(crate) bold: bool,
    /// Underlined: links.
    pub(crate) underline: bool,
    /// Font colour, `RRGGBB`.
    pub(crate) color: &'static str,
    /// Fill colour, `RRGGBB`.
    pub(crate) fill: Option<&'static str>,
    /// Thin lines all round.
    pub(crate) border: bool,
    /// Left or centred; always in the middle of the height.
    pub(crate) centred: bool,
}

/// The colour of the thin lines of [`Look`], `RRGGBB`.
pub(crate) const LINE_COLOR: &str = "8C8C8C";

/// The styles of a workbook and what is to be added.
#[derive(Debug)]
pub(crate) struct Styles<'a> {
    part: &'a str,
    prefix: String,
    fonts: Collection,
    fills: Collection,
    borders: Collection,
    formats: Collection,
    has_named_styles: bool,
    /// The tag of a root without children, which must be opened for what is added.
    empty_root: Option<Range<usize>>,
    filled: BTreeMap<(u32, Option<&'static str>, bool), u32>,
    looks: BTreeMap<Look, u32>,
}

/// One counted list of the part.
#[derive(Debug, Default)]
struct Collection {
    name: &'static str,
    /// What an entry is called.
    entry: &'static str,
    /// Stands in for the first entries where the list is missing.
    default: &'static str,
    entries: Vec<Range<usize>>,
    count: Option<Range<usize>>,
    place: Place,
    added: Vec<String>,
}

#[derive(Debug, Default)]
enum Place {
    /// Not in the part yet.
    #[default]
    Missing,
    /// No list in the part: make it here.
    Create(usize),
    /// `<fonts/>`: this tag is replaced.
    Empty(Range<usize>),
    /// Before the closing tag.
    Before(usize),
}

/// Styles of a workbook that has none.
pub(crate) fn blank_part(namespace: &str) -> String {
    format!("{}<styleSheet xmlns=\"{namespace}\"></styleSheet>", super::tags::DECLARATION)
}

/// Children of `styleSheet` in the order the standard asks for.
const ORDER: [&str; 11] = [
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
    "extLst",
];

impl<'a> Styles<'a> {
    /// Reads the lists' places.
    ///
    /// # Errors
    /// A part that is not a style sheet.
    pub(crate) fn read(part: &'a [u8]) -> Result<Self, Unpatchable> {
        let text = std::str::from_utf8(part).map_err(|_| Unpatchable::new("不是 UTF-8 编码的 XML"))?;
        let mut styles = Self {
            part: text,
            prefix: String::new(),
            fonts: Collection::new("fonts", "font", "<font><sz val=\"11\"/><name val=\"宋体\"/></font>"),
            fills: Collection::new(
                "fills",
                "fill",
                "<fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill>",
            ),
            borders: Collection::new("borders", "border", "<border><left/><right/><top/><bottom/><diagonal/></border>"),
            formats: Collection::new("cellXfs", "xf", "<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/>"),
            has_named_styles: false,
            empty_root: None,
            filled: BTreeMap::new(),
            looks: BTreeMap::new(),
        };
        let mut tags = Tags::of(part)?;
        let mut depth = 0_u32;
        let mut list: Option<&'static str> = None;
        let mut entry_start = 0;
        let mut starts: Vec<(usize, usize)> = Vec::new();
        let mut root_end = None;
        while let Some(tag) = tags.next()? {
            if tag.kind == Kind::Close {
                depth = depth.saturating_sub(1);
            }
            match depth {
                0 if tag.kind == Kind::Close => root_end = Some(tag.span.start),
                0 => {
                    styles.prefix = tag.prefix.to_owned();
                    if tag.kind == Kind::Empty {
                        root_end = Some(tag.span.end);
                        styles.empty_root = Some(tag.span.clone());
                    }
                }
                1 => {
                    let order = ORDER.iter().position(|name| *name == tag.name);
                    if let Some(order) = order.filter(|_| tag.kind != Kind::Close) {
                        starts.push((order, tag.span.start));
                        list = ORDER.get(order).copied();
                        styles.has_named_styles |= tag.name == "cellStyleXfs" && tag.kind == Kind::Open;
                    }
                    if let Some(collection) = list.and_then(|name| styles.collection(name)) {
                        collection.note_list_tag(&tag);
                    }
                    if tag.kind == Kind::Close {
                        list = None;
                    }
                }
                2 => {
                    if tag.kind != Kind::Close {
                        entry_start = tag.span.start;
                    }
                    // What is no entry is passed over, as readers do: the numbers of the others stay what they are.
                    if tag.kind != Kind::Open
                        && let Some(collection) = list.and_then(|name| styles.collection(name))
                        && tag.name == collection.entry
                    {
                        collection.entries.push(entry_start..tag.span.end);
                    }
                }
                _ => {}
            }
            if tag.kind == Kind::Open {
                depth += 1;
            }
        }
        let root_end = root_end.ok_or_else(|| Unpatchable::new("样式表不完整"))?;
        for (order, name) in ORDER.iter().enumerate() {
            let next = starts.iter().filter(|(o, _)| *o > order).map(|(_, at)| *at).min().unwrap_or(root_end);
            if let Some(collection) = styles.collection(name).filter(|c| matches!(c.place, Place::Missing)) {
                collection.create_at(next);
            }
        }
        Ok(styles)
    }

    fn collection(&mut self, name: &str) -> Option<&mut Collection> {
        match name {
            "fonts" => Some(&mut self.fonts),
            "fills" => Some(&mut self.fills),
            "borders" => Some(&mut self.borders),
            "cellXfs" => Some(&mut self.formats),
            _ => None,
        }
    }

    /// The index of a format that is `format` with this fill (`RRGGBB`) instead of its own.
    ///
    /// # Errors
    /// An index the style sheet does not have.
    pub(crate) fn filled(&mut self, format: u32, color: &'static str) -> Result<u32, Unpatchable> {
        self.derived(format, Some(color), false)
    }

    /// The index of a format for a number: `format`, where it is one of texts (`@`, or marked with an apostrophe) as
    /// general.
    ///
    /// # Errors
    /// An index the style sheet does not have.
    pub(crate) fn of_number(&mut self, format: u32) -> Result<u32, Unpatchable> {
        self.derived(format, None, true)
    }

    fn derived(&mut self, format: u32, color: Option<&'static str>, number: bool) -> Result<u32, Unpatchable> {
        if let Some(index) = self.filled.get(&(format, color, number)) {
            return Ok(*index);
        }
        let range = usize::try_from(format).ok().and_then(|index| self.formats.entries.get(index)).cloned();
        let source = match range.and_then(|range| self.part.get(range)) {
            Some(source) => source.to_owned(),
            None if self.formats.entries.is_empty() && format == 0 => {
                format!("<{}xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/>", self.prefix)
            }
            None => return Err(Unpatchable::new(format!("没有编号为 {format} 的单元格样式"))),
        };
        let mut clone = if number { without_text_format(&source)? } else { source };
        if let Some(color) = color {
            let under = self.own_color(&clone)?;
            clone = with_fill(&clone, self.fill_over(color, under.as_deref()))?;
        }
        let index = self.formats.add(self.part, clone);
        self.filled.insert((format, color, number), index);
        Ok(index)
    }

    /// The colour that fills cells of this `xf`, as the attributes that say it; `None` where no plain colour does.
    fn own_color(&self, xf: &str) -> Result<Option<String>, Unpatchable> {
        let fill: Option<usize> = Tags::of(xf.as_bytes())?.next()?.and_then(|tag| tag.number("fillId"));
        match fill.and_then(|fill| self.fills.at(self.part, fill)) {
            Some(fill) => plain_color(fill, "fgColor"),
            None => Ok(None),
        }
    }

    /// The index of a format that is `format` with the fill it had before it was marked, where its fill is one of these
    /// colours (`RRGGBB`); with none where backgrounds say nothing (`kept` is false), because a program put its own there.
    ///
    /// # Errors
    /// A format that cannot be cloned.
    pub(crate) fn cleared(
        &mut self,
        format: u32,
        colors: &[&'static str],
        kept: bool,
    ) -> Result<Option<u32>, Unpatchable> {
        let known = usize::try_from(format).ok().and_then(|format| self.formats.at(self.part, format));
        let Some(source) = known.map(str::to_owned) else { return Ok(None) };
        let fill: Option<usize> = Tags::of(source.as_bytes())?.next()?.and_then(|tag| tag.number("fillId"));
        let fill = fill.and_then(|fill| self.fills.at(self.part, fill)).unwrap_or_default();
        let front = plain_color(fill, "fgColor")?.unwrap_or_default();
        if !colors.iter().any(|color| front.contains(color)) {
            return Ok(None);
        }
        let own = plain_color(fill, "bgColor")?.filter(|color| kept && !color.contains("indexed=\"64\""));
        let before = match own {
            Some(color) => self.solid_fill(&color, PLAIN_BACKGROUND),
            None => 0,
        };
        let clone = with_fill(&source, before)?;
        Ok(Some(self.formats.add(self.part, clone)))
    }

    /// The index of a format with this look.
    pub(crate) fn look(&mut self, look: &Look) -> u32 {
        if let Some(index) = self.looks.get(look) {
            return *index;
        }
        let p = self.prefix.clone();
        let mut font = format!("<{p}font>");
        if look.bold {
            font.push_str(&format!("<{p}b/>"));
        }
        if look.underline {
            font.push_str(&format!("<{p}u/>"));
        }
        font.push_str(&format!(
            "<{p}sz val=\"{}\"/><{p}color rgb=\"FF{}\"/><{p}name val=\"{}\"/><{p}family val=\"3\"/><{p}charset val=\"134\"/></{p}font>",
            look.size,
            look.color,
            escape(look.font)
        ));
        let font = self.fonts.add(self.part, font);
        let fill = look.fill.map_or(0, |color| self.fill(color));
        let border = if look.border {
            let side = |name: &str| format!("<{p}{name} style=\"thin\"><{p}color rgb=\"FF{LINE_COLOR}\"/></{p}{name}>");
            let sides: String = ["left", "right", "top", "bottom"].map(side).concat();
            self.borders.add(self.part, format!("<{p}border>{sides}<{p}diagonal/></{p}border>"))
        } else {
            0
        };
        let parent = if self.has_named_styles { " xfId=\"0\"" } else { "" };
        let horizontal = if look.centred { "center" } else { "left" };
        let format = format!(
            "<{p}xf numFmtId=\"0\" fontId=\"{font}\" fillId=\"{fill}\" borderId=\"{border}\"{parent} applyFont=\"1\" \
             applyFill=\"1\" applyBorder=\"1\" applyAlignment=\"1\"><{p}alignment horizontal=\"{horizontal}\" \
             vertical=\"center\" wrapText=\"1\"/></{p}xf>"
        );
        let index = self.formats.add(self.part, format);
        self.looks.insert(look.clone(), index);
        index
    }

    /// The index of a fill of one colour.
    fn fill(&mut self, color: &'static str) -> u32 {
        self.fill_over(color, None)
    }

    /// The same over another: a solid fill shows no background, so the colour that stood there is kept in it.
    fn fill_over(&mut self, color: &'static str, under: Option<&str>) -> u32 {
        self.solid_fill(&format!(" rgb=\"FF{color}\""), under.unwrap_or(PLAIN_BACKGROUND))
    }

    fn solid_fill(&mut self, front: &str, back: &str) -> u32 {
        let p = &self.prefix;
        let fill = format!(
            "<{p}fill><{p}patternFill patternType=\"solid\"><{p}fgColor{front}/><{p}bgColor{back}/></{p}patternFill>\
             </{p}fill>"
        );
        self.fills.add(self.part, fill)
    }

    /// The edits that append all that was asked for; none where nothing was.
    pub(crate) fn into_edits(self) -> Vec<Edit> {
        let mut edits = Vec::new();
        if [&self.fonts, &self.fills, &self.borders, &self.formats].iter().all(|list| list.is_as_it_was()) {
            return edits;
        }
        for collection in [self.fonts, self.fills, self.borders, self.formats] {
            collection.write(&self.prefix, &mut edits);
        }
        if let Some(root) = self.empty_root {
            edits.push(Edit::replace(root.end - 2..root.end, ">"));
            edits.push(Edit::insert(root.end, format!("</{}styleSheet>", self.prefix)));
        }
        edits
    }
}

impl Collection {
    fn new(name: &'static str, entry: &'static str, default: &'static str) -> Self {
        Self { name, entry, default, ..Self::default() }
    }

    fn note_list_tag(&mut self, tag: &Tag<'_>) {
        match tag.kind {
            Kind::Open => self.count = tag.attribute("count").map(|count| count.span),
            Kind::Empty => self.create_in(Place::Empty(tag.span.clone())),
            Kind::Close if self.entries.is_empty() => self.create_in(Place::Before(tag.span.start)),
            Kind::Close => self.place = Place::Before(tag.span.start),
        }
    }

    fn create_at(&mut self, at: usize) {
        self.create_in(Place::Create(at));
    }

    /// The list must be made: its first entries are the defaults that index 0 stands for.
    fn create_in(&mut self, place: Place) {
        self.place = place;
        let parts = self.default.split_inclusive(if self.name == "fills" { "</fill>" } else { "\0" });
        self.added = parts.map(str::to_owned).collect();
    }

    /// The entry of this index, of the part or added.
    fn at<'b>(&'b self, part: &'b str, index: usize) -> Option<&'b str> {
        match self.entries.get(index) {
            Some(range) => part.get(range.clone()),
            None => self.added.get(index.checked_sub(self.entries.len())?).map(String::as_str),
        }
    }

    /// The index of an entry written exactly so, which is appended where neither the part nor we have it: a workbook
    /// reviewed many times does not grow.
    fn add(&mut self, part: &str, entry: String) -> u32 {
        let known = self.entries.iter().map(|range| part.get(range.clone()).unwrap_or_default());
        let found = known.chain(self.added.iter().map(String::as_str)).position(|known| known == entry);
        let index = found.unwrap_or_else(|| {
            self.added.push(entry);
            self.entries.len() + self.added.len() - 1
        });
        u32::try_from(index).unwrap_or(u32::MAX)
    }

    /// Whether nothing was added but what index 0 stands for where the list is missing.
    fn is_as_it_was(&self) -> bool {
        self.added.is_empty() || (self.entries.is_empty() && self.added.concat() == self.default)
    }

    fn write(self, prefix: &str, edits: &mut Vec<Edit>) {
        if self.added.is_empty() || (self.name != "cellXfs" && self.is_as_it_was()) {
            return;
        }
        let count = self.entries.len() + self.added.len();
        let text = self.added.concat();
        let whole = format!("<{prefix}{0} count=\"{count}\">{text}</{prefix}{0}>", self.name);
        match self.place {
            Place::Missing => {}
            Place::Create(at) => edits.push(Edit::insert(at, whole)),
            Place::Empty(range) => edits.push(Edit::replace(range, whole)),
            Place::Before(at) => {
                edits.extend(self.count.map(|range| Edit::replace(range, count.to_string())));
                edits.push(Edit::insert(at, text));
            }
        }
    }
}

/// The background of a solid fill that stands over nothing.
const PLAIN_BACKGROUND: &str = " indexed=\"64\"";

/// The attributes of a colour (`fgColor`, `bgColor`) of a solid fill, with a space before them; `None` where the fill is
/// no solid one or says no such colour.
fn plain_color(fill: &str, name: &str) -> Result<Option<String>, Unpatchable> {
    let mut tags = Tags::of(fill.as_bytes())?;
    let mut solid = false;
    while let Some(tag) = tags.next()? {
        if tag.opens("patternFill") {
            solid = tag.value("patternType").as_deref() == Some("solid");
        } else if solid && tag.opens(name) {
            // A colour that is none is not written a second time.
            if tag.value("rgb").is_some_and(|rgb| rgb.len() != 8 || !rgb.bytes().all(|byte| byte.is_ascii_hexdigit())) {
                return Ok(None);
            }
            let attributes = fill.get(tag.name_end..tag.span.end).unwrap_or_default();
            return Ok(Some(format!(" {}", attributes.trim_end_matches('>').trim_end_matches('/').trim())));
        }
    }
    Ok(None)
}

/// The `xf` without what makes a number typed there a text.
fn without_text_format(xf: &str) -> Result<String, Unpatchable> {
    let tag = Tags::of(xf.as_bytes())?.next()?.ok_or_else(|| Unpatchable::new("单元格样式不完整"))?;
    let format = tag.attribute("numFmtId").filter(|format| format.value == "49").map(|a| Edit::replace(a.span, "0"));
    let quote = tag.attribute("quotePrefix").map(|a| Edit::replace(a.span, "0"));
    let edits = format.into_iter().chain(quote).collect();
    String::from_utf8(super::edit::apply(xf.as_bytes(), edits)?).map_err(|_| Unpatchable::new("单元格样式不完整"))
}

/// The `xf` with another fill.
fn with_fill(xf: &str, fill: u32) -> Result<String, Unpatchable> {
    let tag = Tags::of(xf.as_bytes())?.next()?.ok_or_else(|| Unpatchable::new("单元格样式不完整"))?;
    let mut edits = Vec::new();
    for (name, value) in [("fillId", fill.to_string()), ("applyFill", "1".to_owned())] {
        edits.push(match tag.attribute(name) {
            Some(attribute) => Edit::replace(attribute.span, value),
            None => Edit::insert(tag.name_end, format!(" {name}=\"{value}\"")),
        });
    }
    String::from_utf8(super::edit::apply(xf.as_bytes(), edits)?).map_err(|_| Unpatchable::new("单元格样式不完整"))
}

#[cfg(test)]
mod tests {
    use super::super::edit::apply;
    use super::*;

    const PART: &str = "<styleSheet xmlns=\"m\"><fonts count=\"1\"><font/></fonts><fills count=\"2\"><fill><a/></fill>\
        <fill/></fills><borders count=\"1\"><border/></borders><cellXfs count=\"2\"><xf fillId=\"0\"/>\
        <xf numFmtId=\"9\" fontId=\"3\" fillId=\"1\" applyFill=\"0\"><alignment wrapText=\"1\"/></xf></cellXfs>\
        <dxfs count=\"1\"><dxf><fill/></dxf></dxfs></styleSheet>";

    fn after(styles: Styles<'_>, part: &str) -> String {
        String::from_utf8(apply(part.as_bytes(), styles.into_edits()).expect("edits fit")).expect("UTF-8")
    }

    #[test]
    fn a_filled_format_keeps_everything_but_its_fill() {
        let mut styles = Styles::read(PART.as_bytes()).expect("a style sheet");
        assert_eq!(styles.filled(1, "FFC7CE"), Ok(2));
        assert_eq!(styles.filled(1, "FFC7CE"), Ok(2));
        let text = after(styles, PART);
        assert!(
            text.contains(
                "<xf numFmtId=\"9\" fontId=\"3\" fillId=\"2\" applyFill=\"1\"><alignment wrapText=\"1\"/></xf></cellXfs>"
            ),
            "{text}"
        );
        assert!(text.contains("<fills count=\"3\">") && text.contains("<cellXfs count=\"3\">"), "{text}");
        assert!(text.contains("<dxfs count=\"1\"><dxf><fill/></dxf></dxfs>"), "{text}");
    }

    #[test]
    fn a_style_sheet_of_which_nothing_is_asked_stays_as_it_was() {
        for part in ["<styleSheet xmlns=\"m\"></styleSheet>", "<styleSheet xmlns=\"m\"/>", PART] {
            let styles = Styles::read(part.as_bytes()).expect("a style sheet");
            assert_eq!(styles.into_edits(), Vec::new());
        }
    }

    #[test]
    fn a_style_sheet_without_lists_gets_them_in_order() {
        let part = "<styleSheet xmlns=\"m\"><dxfs/></styleSheet>";
        let mut styles = Styles::read(part.as_bytes()).expect("a style sheet");
        assert_eq!(styles.filled(0, "FFC7CE"), Ok(1));
        let text = after(styles, part);
        let fills = text.find("<fills count=\"3\">").expect("fills");
        let formats = text.find("<cellXfs count=\"2\">").expect("cellXfs");
        assert!(fills < formats && formats < text.find("<dxfs/>").expect("dxfs"), "{text}");
    }

    #[test]
    fn what_is_no_format_is_not_counted_and_an_empty_list_has_its_default() {
        let part = PART.replace("<xf fillId=\"0\"/>", "<odd fillId=\"0\"/>");
        let mut styles = Styles::read(part.as_bytes()).expect("a style sheet");
        assert!(styles.filled(1, "FFC7CE").is_err(), "there is one format");
        assert_eq!(styles.filled(0, "FFC7CE"), Ok(1));
        let part = "<styleSheet xmlns=\"m\"><cellXfs count=\"0\"></cellXfs></styleSheet>";
        let mut styles = Styles::read(part.as_bytes()).expect("a style sheet");
        assert_eq!(styles.filled(0, "FFC7CE"), Ok(1), "cells without a format are not filled too");
        assert!(after(styles, part).contains("<cellXfs count=\"2\">"));
    }

    #[test]
    fn only_a_fill_of_these_colours_is_cleared() {
        let solid = "<fill><patternFill patternType=\"solid\"><fgColor rgb=\"FFFFC7CE\"/></patternFill></fill>";
        let part = PART.replace("<fill><a/></fill>", solid);
        let mut styles = Styles::read(part.as_bytes()).expect("a style sheet");
        assert_eq!(styles.cleared(1, &["FFC7CE"], true), Ok(None));
        assert_eq!(styles.cleared(0, &["FFC7CE"], true), Ok(Some(2)));
        assert_eq!(styles.cleared(0, &["FFE699"], true), Ok(None));
    }

    #[test]
    fn the_colour_a_cell_had_comes_back_when_the_mark_is_cleared() {
        let own = "<fill><patternFill patternType=\"solid\"><fgColor theme=\"0\" tint=\"-0.15\"/></patternFill></fill>";
        let part = PART.replace("<fill/></fills>", &format!("{own}</fills>"));
        let mut styles = Styles::read(part.as_bytes()).expect("a style sheet");
        assert_eq!(styles.filled(1, "FFC7CE"), Ok(2));
        let marked = after(styles, &part);
        assert!(marked.contains("<fgColor rgb=\"FFFFC7CE\"/><bgColor theme=\"0\" tint=\"-0.15\"/>"), "{marked}");
        let mut styles = Styles::read(marked.as_bytes()).expect("a style sheet");
        assert_eq!(styles.cleared(2, &["FFC7CE"], true), Ok(Some(3)));
        let cleared = after(styles, &marked);
        assert!(cleared.contains("<fgColor theme=\"0\" tint=\"-0.15\"/><bgColor indexed=\"64\"/>"), "{cleared}");
    }

    #[test]
    fn a_format_that_is_not_there_is_an_error() {
        let mut styles = Styles::read(PART.as_bytes()).expect("a style sheet");
        assert!(styles.filled(9, "FFC7CE").is_err());
    }
}
