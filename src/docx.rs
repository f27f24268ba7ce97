//! A Word document in the layout of official documents (GB/T 9704): paragraphs and tables in, the bytes of a `.docx` out.
//!
//! Owns the page (A4, margins 37/35/28/26 mm, 22 lines, page numbers at the outer edge) and the fonts by
//! name. What a document says is not known here.
//!
//! Written by hand over `zip`, in a few parts: the best kept writer, docx-rs, repeats no table heads on later pages, counts
//! its footnotes for the whole process, so that a document depends on those made before it, and would compile a second zip
//! and a second quick-xml.

mod parts;

use std::fmt::Write as _;
use std::io::{self, Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use self::parts::{PARTS, SECTION, core_properties};

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
}

/// Width of the text on the page, in twentieths of a point: 156 mm.
const WIDTH: u32 = 8845;

impl Document {
    /// An empty document; the title is for its properties.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), body: String::new() }
    }

    /// A paragraph; line ends in it stay.
    pub fn paragraph(&mut self, style: Style, text: &str) {
        paragraph(&mut self.body, style, text, false);
    }

    /// A paragraph that stands on the page of what comes after it.
    pub fn paragraph_with_next(&mut self, style: Style, text: &str) {
        paragraph(&mut self.body, style, text, true);
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
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default());
        let own = [("word/document.xml", document.as_str()), ("docProps/core.xml", core.as_str())];
        for (name, text) in PARTS.iter().copied().chain(own) {
            archive.start_file(name, options).map_err(io::Error::other)?;
            archive.write_all(text.as_bytes())?;
        }
        Ok(archive.finish().map_err(io::Error::other)?.into_inner())
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
        paragraph(out, *style, text, false);
        out.push_str("</w:tc>");
    }
    out.push_str("</w:tr>");
}

fn paragraph(out: &mut String, style: Style, text: &str, with_next: bool) {
    push(out, format_args!(r#"<w:p><w:pPr><w:pStyle w:val="{}"/>"#, style.id()));
    out.push_str(if with_next { "<w:keepNext/></w:pPr>" } else { "</w:pPr>" });
    if !text.is_empty() {
        out.push_str("<w:r>");
        for (number, line) in text.split('\n').enumerate() {
            if number > 0 {
                out.push_str("<w:br/>");
            }
            push(out, format_args!(r#"<w:t xml:space="preserve">{}</w:t>"#, escaped(line)));
        }
        out.push_str("</w:r>");
    }
    out.push_str("</w:p>");
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
    fn every_part_is_well_formed_and_named_by_its_content_type() {
        let mut document = Document::new("通知");
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
