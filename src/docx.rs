//! A Word document in the layout of official documents (GB/T 9704): paragraphs and tables in, the bytes of a `.docx` out.
//!
//! Owns the page (A4, margins 37/35/28/26 mm, 22 lines, page numbers at the outer edge) and the fonts by
//! name. What a document says is not known here.
//!
//! Written by hand over `zip`, in a few parts: the best kept writer, docx-rs, repeats no table heads on later pages, counts
//! its footnotes for the whole process, so that a document depends on those made before it, and would compile a second zip
//! and a second quick-xml.

mod notes;
mod parts;

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use self::parts::{CAPTION_AND_END, PARTS, SECTION, core_properties};

/// How a paragraph looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// 标题: 方正小标宋简体, 二号, centred.
    Title,
    /// 发文字号: 仿宋_GB2312, 三号, centred.
    Number,
    /// 一级标题: 黑体, 三号.
    Heading1,
    /// 二级标题: 楷体_GB2312, 三号.
    Heading2,
    /// 三级标题: 仿宋_GB2312, 三号, bold.
    Heading3,
    /// 正文: 仿宋_GB2312, 三号, first line two characters in.
    Body,
    /// 主送机关: as the body, from the edge.
    Flush,
    /// 附件: as the body, the first line two characters in and the others below its text.
    Annex,
    /// 署名: as the body, two characters from the right edge, on one page with what follows.
    Signature,
    /// 成文日期: as the body, four characters from the right edge.
    Date,
    /// Head of a column of a table.
    CellHead,
    /// Words in a table, in the middle.
    CellWord,
    /// Words in a table.
    CellText,
    /// Over a table: 黑体, 四号, centred.
    Caption,
}

/// A piece of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Run<'a> {
    /// Words.
    Words(&'a str),
    /// Words that someone has to replace, on yellow.
    Blank(&'a str),
    /// The mark of a footnote, with what stands at the foot of the page.
    Note(&'a str),
}

impl Style {
    /// The style's id in the part of styles.
    fn id(self) -> &'static str {
        match self {
            Self::Title => "Title",
            Self::Number => "Number",
            Self::Heading1 => "Heading1",
            Self::Heading2 => "Heading2",
            Self::Heading3 => "Heading3",
            Self::Body => "Body",
            Self::Flush => "Normal",
            Self::Annex => "Annex",
            Self::Signature => "Signature",
            Self::Date => "Date",
            Self::CellHead => "CellHead",
            Self::CellWord => "CellWord",
            Self::CellText => "CellText",
            Self::Caption => "Caption",
        }
    }
}

/// A table of texts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// Columns: head and share of the width.
    pub columns: Vec<(String, u32)>,
    /// Columns whose words stand at the left; those of the others stand in the middle.
    pub left: Vec<usize>,
    /// Lines, one text a column.
    pub lines: Vec<Vec<String>>,
}

/// A document being written from the top.
#[derive(Debug, Clone, Default)]
pub struct Document {
    title: String,
    body: String,
    /// The footnotes so far, one element each.
    notes: String,
    note_count: usize,
    has_captions: bool,
    breaks: bool,
}

/// Width of the text on the page, in twentieths of a point: 156 mm.
const WIDTH: u32 = 8845;

impl Document {
    /// An empty document; the title is for its properties.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    /// A paragraph; line ends in it stay.
    pub fn paragraph(&mut self, style: Style, text: &str) {
        self.runs(style, &[Run::Words(text)]);
    }

    /// A paragraph that stands on the page of what comes after it.
    pub fn paragraph_with_next(&mut self, style: Style, text: &str) {
        self.put(style, &[Run::Words(text)], true);
    }

    /// A paragraph of pieces; footnotes are numbered through the document.
    pub fn runs(&mut self, style: Style, runs: &[Run<'_>]) {
        self.put(style, runs, style == Style::Caption);
    }

    /// [`Self::runs`] that stand on the page of what comes after them.
    pub fn runs_with_next(&mut self, style: Style, runs: &[Run<'_>]) {
        self.put(style, runs, true);
    }

    /// What comes next begins a page.
    pub fn page_break(&mut self) {
        self.breaks = true;
    }

    fn put(&mut self, style: Style, runs: &[Run<'_>], with_next: bool) {
        self.has_captions |= style == Style::Caption;
        let breaks = std::mem::take(&mut self.breaks);
        open_paragraph(&mut self.body, style, with_next, breaks);
        for run in runs {
            match run {
                Run::Words(words) => text(&mut self.body, "", words),
                Run::Blank(words) => text(&mut self.body, r#"<w:rPr><w:highlight w:val="yellow"/></w:rPr>"#, words),
                Run::Note(words) => {
                    self.note_count += 1;
                    self.body.push_str(&notes::mark(self.note_count));
                    self.notes.push_str(&notes::note(self.note_count, &escaped(words)));
                }
            }
        }
        self.body.push_str("</w:p>");
    }

    /// A free line on the page of what comes after it.
    pub fn gap(&mut self) {
        self.paragraph_with_next(Style::Flush, "");
    }

    /// A table as wide as the page; its head is repeated on every page it reaches, and no line is torn.
    pub fn table(&mut self, table: &Table) {
        let shares: u32 = table.columns.iter().map(|(_, share)| share).sum();
        let widths: Vec<u32> = table.columns.iter().map(|(_, share)| WIDTH * share / shares.max(1)).collect();
        let out = &mut self.body;
        out.push_str(concat!(
            r#"<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="5000" w:type="pct"/>"#,
            r#"<w:jc w:val="center"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>"#
        ));
        for width in &widths {
            push(out, format_args!(r#"<w:gridCol w:w="{width}"/>"#));
        }
        out.push_str("</w:tblGrid>");
        let heads: Vec<(Style, &str)> =
            table.columns.iter().map(|(head, _)| (Style::CellHead, head.as_str())).collect();
        row(out, &widths, &heads, true);
        for line in &table.lines {
            let style = |col: usize| if table.left.contains(&col) { Style::CellText } else { Style::CellWord };
            let cells: Vec<(Style, &str)> =
                line.iter().enumerate().map(|(col, text)| (style(col), text.as_str())).collect();
            row(out, &widths, &cells, false);
        }
        out.push_str("</w:tbl>");
    }

    /// The file. The same document gives the same bytes.
    ///
    /// # Errors
    /// What the archive writer reports.
    pub fn write(&self) -> io::Result<Vec<u8>> {
        let document = format!(
            concat!(
                r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
                r#"<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" "#,
                r#"xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">"#,
                "<w:body>{}{}</w:body></w:document>"
            ),
            self.body, SECTION
        );
        let core = core_properties(&escaped(&self.title));
        let footnotes = (self.note_count > 0).then(|| notes::part(&self.notes));
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default());
        let own = [("word/document.xml", document.as_str()), ("docProps/core.xml", core.as_str())];
        let same = PARTS.iter().map(|(name, text)| (*name, self.fitted(name, text)));
        let own = own.into_iter().chain(footnotes.as_deref().map(|text| (notes::NAME, text)));
        for (name, text) in same.chain(own.map(|(name, text)| (name, Cow::Borrowed(text)))) {
            archive.start_file(name, options).map_err(io::Error::other)?;
            archive.write_all(text.as_bytes())?;
        }
        Ok(archive.finish().map_err(io::Error::other)?.into_inner())
    }

    /// A part that is the same in all documents, with what only documents with captions or footnotes say in it.
    fn fitted(&self, name: &str, text: &'static str) -> Cow<'static, str> {
        let captioned = match name {
            "word/styles.xml" if self.has_captions => text.replace("</w:styles>", CAPTION_AND_END).into(),
            _ => Cow::Borrowed(text),
        };
        if self.note_count == 0 { captioned } else { notes::with_notes(name, captioned) }
    }
}

fn row(out: &mut String, widths: &[u32], cells: &[(Style, &str)], head: bool) {
    out.push_str("<w:tr><w:trPr><w:cantSplit/>");
    out.push_str(if head { "<w:tblHeader/></w:trPr>" } else { "</w:trPr>" });
    for (width, (style, text)) in widths.iter().zip(cells) {
        push(
            out,
            format_args!(r#"<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>"#),
        );
        paragraph(out, *style, text);
        out.push_str("</w:tc>");
    }
    out.push_str("</w:tr>");
}

fn paragraph(out: &mut String, style: Style, words: &str) {
    open_paragraph(out, style, false, false);
    text(out, "", words);
    out.push_str("</w:p>");
}

fn open_paragraph(out: &mut String, style: Style, with_next: bool, breaks: bool) {
    push(out, format_args!(r#"<w:p><w:pPr><w:pStyle w:val="{}"/>"#, style.id()));
    out.push_str(if with_next { "<w:keepNext/>" } else { "" });
    out.push_str(if breaks { "<w:pageBreakBefore/></w:pPr>" } else { "</w:pPr>" });
}

/// A run with its properties; line ends stay.
fn text(out: &mut String, properties: &str, words: &str) {
    if words.is_empty() {
        return;
    }
    push(out, format_args!("<w:r>{properties}"));
    for (number, line) in words.split('\n').enumerate() {
        if number > 0 {
            out.push_str("<w:br/>");
        }
        push(out, format_args!(r#"<w:t xml:space="preserve">{}</w:t>"#, escaped(line)));
    }
    out.push_str("</w:r>");
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = out.write_fmt(text);
}

/// The text in XML, without what XML 1.0 does not allow.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn part(bytes: &[u8], name: &str) -> String {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
        let mut text = String::new();
        archive.by_name(name).expect("the part").read_to_string(&mut text).expect("UTF-8");
        text
    }

    #[test]
    fn what_a_unit_writes_stays_text() {
        let mut document = Document::new("通知");
        document.paragraph(Style::Body, "填“<w:p/>”\u{0}，应为 A&B\n另起一行");
        let text = part(&document.write().expect("a document"), "word/document.xml");
        assert!(
            text.contains("填“&lt;w:p/&gt;”，应为 A&amp;B</w:t><w:br/><w:t xml:space=\"preserve\">另起一行"),
            "{text}"
        );
    }

    #[test]
    fn words_that_look_like_a_field_stay_words() {
        let mut document = Document::new("通知");
        let words = r#"{ PAGE } =1+1 HYPERLINK "http://x""#;
        document.runs(Style::Body, &[Run::Words(words), Run::Blank(words), Run::Note(words)]);
        let bytes = document.write().expect("a document");
        for part in [part(&bytes, "word/document.xml"), part(&bytes, "word/footnotes.xml")] {
            assert!(part.contains("{ PAGE } =1+1 HYPERLINK &quot;http://x&quot;"), "{part}");
            assert!(
                !part.contains("instrText") && !part.contains("fldSimple") && !part.contains("w:hyperlink"),
                "{part}"
            );
        }
    }

    #[test]
    fn footnotes_are_numbered_through_the_document_and_known_only_where_there_are_any() {
        let mut document = Document::new("说明");
        document.paragraph(Style::Body, "没有脚注");
        let names = |bytes: &[u8]| {
            let archive = zip::ZipArchive::new(Cursor::new(bytes.to_vec())).expect("an archive");
            archive.file_names().map(|name| name.expect("a name").into_owned()).collect::<Vec<_>>()
        };
        let without = document.write().expect("a document");
        assert!(!names(&without).contains(&notes::NAME.to_owned()));
        for known in ["[Content_Types].xml", "word/_rels/document.xml.rels", "word/settings.xml", "word/styles.xml"] {
            assert!(!part(&without, known).to_lowercase().contains("footnote"), "{known}");
        }
        document.runs(Style::Body, &[Run::Words("甲"), Run::Note("表1"), Run::Words("乙"), Run::Note("表2 <合计>")]);
        document.runs(Style::Caption, &[Run::Words("丙"), Run::Note("表3")]);
        let with = document.write().expect("a document");
        for known in ["[Content_Types].xml", "word/_rels/document.xml.rels", "word/settings.xml", "word/styles.xml"] {
            assert!(part(&with, known).to_lowercase().contains("footnote"), "{known}");
        }
        let (body, foot) = (part(&with, "word/document.xml"), part(&with, notes::NAME));
        for (id, text) in [(1, "表1"), (2, "表2 &lt;合计&gt;"), (3, "表3")] {
            assert_eq!(body.matches(&format!(r#"<w:footnoteReference w:id="{id}"/>"#)).count(), 1, "{body}");
            let note = foot.split(&format!(r#"<w:footnote w:id="{id}">"#)).nth(1).expect("the note");
            assert!(note.split("</w:footnote>").next().is_some_and(|note| note.contains(text)), "{note}");
        }
        assert_eq!(with, document.write().expect("a document"), "the same bytes");
    }

    #[test]
    fn every_part_is_well_formed_and_named_by_its_content_type() {
        let mut document = Document::new("通知");
        document.runs(Style::Caption, &[Run::Words("甲"), Run::Blank("乙"), Run::Note("表1 & <表2>")]);
        document.table(&Table { columns: vec![("序号".into(), 1), ("表".into(), 3)], ..Table::default() });
        let bytes = document.write().expect("a document");
        let types = part(&bytes, "[Content_Types].xml");
        let archive = zip::ZipArchive::new(Cursor::new(bytes.as_slice())).expect("an archive");
        for name in archive.file_names().map(|name| name.expect("a name")) {
            let text = part(&bytes, &name);
            let mut reader = quick_xml::Reader::from_str(&text);
            while !matches!(reader.read_event().expect("well-formed"), quick_xml::events::Event::Eof) {}
            let by_extension = name.ends_with(".rels") || name == "[Content_Types].xml";
            assert!(by_extension || types.contains(&format!("\"/{name}\"")), "{name}");
        }
    }
}
