//! The parts of a document that are the same in all: styles, fonts, settings, page numbers, relationships.

/// Where a page ends and what stands at its edges: A4, margins 37/35/28/26 mm, 22 lines. No grid of characters: LibreOffice
/// spreads the text by it.
pub(super) const SECTION: &str = concat!(
    r#"<w:sectPr><w:footerReference w:type="default" r:id="rId4"/><w:footerReference w:type="even" r:id="rId5"/>"#,
    r#"<w:pgSz w:w="11906" w:h="16838"/>"#,
    r#"<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1587" w:header="851" w:footer="1247" w:gutter="0"/>"#,
    r#"<w:docGrid w:type="lines" w:linePitch="579"/></w:sectPr>"#
);

macro_rules! xml {
    ($($text:expr),* $(,)?) => {
        concat!(r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#, $($text),*)
    };
}

/// The page number between dashes, 四号, one character from the outer edge.
macro_rules! footer {
    ($edge:literal) => {
        xml!(
            r#"<w:ftr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:pPr>"#,
            r#"<w:pStyle w:val="Footer"/><w:ind w:"#,
            $edge,
            r#"="280" w:"#,
            $edge,
            r#"Chars="100"/><w:jc w:val=""#,
            $edge,
            r#""/></w:pPr><w:r><w:t xml:space="preserve">— </w:t></w:r>"#,
            r#"<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>"#,
            r#"<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>"#,
            r#"<w:r><w:t xml:space="preserve"> —</w:t></w:r></w:p></w:ftr>"#
        )
    };
}

/// A style of paragraphs: id, name, what it is based on; then its paragraph and its run.
macro_rules! style {
    ($id:literal, $name:literal, $base:literal, $paragraph:expr, $run:expr) => {
        concat!(
            r#"<w:style w:type="paragraph" w:styleId=""#,
            $id,
            r#""><w:name w:val=""#,
            $name,
            r#""/><w:basedOn w:val=""#,
            $base,
            r#""/><w:qFormat/><w:pPr>"#,
            $paragraph,
            "</w:pPr><w:rPr>",
            $run,
            "</w:rPr></w:style>"
        )
    };
}

/// An East Asian font by its name; digits and Latin letters stay in Times New Roman.
macro_rules! font {
    ($name:literal) => {
        concat!(r#"<w:rFonts w:eastAsia=""#, $name, r#""/>"#)
    };
}

/// Part names and their texts, the content types first.
pub(super) const PARTS: [(&str, &str); 9] = [
    (
        "[Content_Types].xml",
        xml!(
            r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">"#,
            r#"<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>"#,
            r#"<Default Extension="xml" ContentType="application/xml"/>"#,
            r#"<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>"#,
            r#"<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>"#,
            r#"<Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/>"#,
            r#"<Override PartName="/word/fontTable.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml"/>"#,
            r#"<Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/>"#,
            r#"<Override PartName="/word/footer2.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/>"#,
            r#"<Override PartName="/docProps/app.xml" ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/>"#,
            r#"<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>"#,
            "</Types>"
        ),
    ),
    (
        "_rels/.rels",
        xml!(
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#,
            r#"<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>"#,
            r#"<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>"#,
            r#"<Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties" Target="docProps/app.xml"/>"#,
            "</Relationships>"
        ),
    ),
    (
        "docProps/app.xml",
        xml!(
            r#"<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">"#,
            "<Application>jixiao</Application></Properties>"
        ),
    ),
    (
        "word/_rels/document.xml.rels",
        xml!(
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#,
            r#"<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>"#,
            r#"<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/settings" Target="settings.xml"/>"#,
            r#"<Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/fontTable" Target="fontTable.xml"/>"#,
            r#"<Relationship Id="rId4" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" Target="footer1.xml"/>"#,
            r#"<Relationship Id="rId5" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" Target="footer2.xml"/>"#,
            "</Relationships>"
        ),
    ),
    ("word/styles.xml", STYLES),
    (
        "word/settings.xml",
        xml!(
            r#"<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">"#,
            r#"<w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>"#,
            r#"<w:drawingGridVerticalSpacing w:val="156"/><w:characterSpacingControl w:val="compressPunctuation"/>"#,
            r#"<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>"#,
            r#"<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>"#
        ),
    ),
    // What stands in for a font that a machine has not got: the one of newer systems.
    (
        "word/fontTable.xml",
        xml!(
            r#"<w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">"#,
            r#"<w:font w:name="方正小标宋简体"><w:altName w:val="方正小标宋_GBK"/><w:charset w:val="86"/><w:family w:val="script"/></w:font>"#,
            r#"<w:font w:name="仿宋_GB2312"><w:altName w:val="仿宋"/><w:charset w:val="86"/><w:family w:val="modern"/></w:font>"#,
            r#"<w:font w:name="楷体_GB2312"><w:altName w:val="楷体"/><w:charset w:val="86"/><w:family w:val="modern"/></w:font>"#,
            r#"<w:font w:name="黑体"><w:altName w:val="SimHei"/><w:charset w:val="86"/><w:family w:val="modern"/></w:font>"#,
            r#"<w:font w:name="宋体"><w:altName w:val="SimSun"/><w:charset w:val="86"/><w:family w:val="auto"/></w:font>"#,
            r#"<w:font w:name="Times New Roman"><w:charset w:val="00"/><w:family w:val="roman"/></w:font>"#,
            "</w:fonts>"
        ),
    ),
    ("word/footer1.xml", footer!("right")),
    ("word/footer2.xml", footer!("left")),
];

/// 二号 is 22 points, 三号 16, 四号 14, 小四 12; a line is 28.95 points.
const STYLES: &str = xml!(
    r#"<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:docDefaults><w:rPrDefault><w:rPr>"#,
    r#"<w:rFonts w:ascii="Times New Roman" w:eastAsia="仿宋_GB2312" w:hAnsi="Times New Roman" w:cs="Times New Roman"/>"#,
    r#"<w:kern w:val="2"/><w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>"#,
    r#"</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"#,
    r#"<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>"#,
    r#"<w:pPr><w:spacing w:line="579" w:lineRule="exact"/><w:jc w:val="both"/></w:pPr></w:style>"#,
    r#"<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>"#,
    r#"<w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>"#,
    r#"<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>"#,
    r#"<w:top w:val="single" w:sz="4" w:space="0" w:color="auto"/><w:left w:val="single" w:sz="4" w:space="0" w:color="auto"/>"#,
    r#"<w:bottom w:val="single" w:sz="4" w:space="0" w:color="auto"/><w:right w:val="single" w:sz="4" w:space="0" w:color="auto"/>"#,
    r#"<w:insideH w:val="single" w:sz="4" w:space="0" w:color="auto"/><w:insideV w:val="single" w:sz="4" w:space="0" w:color="auto"/>"#,
    r#"</w:tblBorders></w:tblPr></w:style>"#,
    style!(
        "Title",
        "Title",
        "Normal",
        r#"<w:keepNext/><w:spacing w:line="700" w:lineRule="exact"/><w:jc w:val="center"/><w:outlineLvl w:val="0"/>"#,
        concat!(font!("方正小标宋简体"), r#"<w:sz w:val="44"/><w:szCs w:val="44"/>"#)
    ),
    style!("Number", "发文字号", "Normal", r#"<w:jc w:val="center"/>"#, ""),
    style!("Body", "正文", "Normal", r#"<w:ind w:firstLine="640" w:firstLineChars="200"/>"#, ""),
    style!(
        "Heading1",
        "heading 1",
        "Normal",
        r#"<w:keepNext/><w:ind w:firstLine="640" w:firstLineChars="200"/><w:outlineLvl w:val="0"/>"#,
        font!("黑体")
    ),
    style!(
        "Heading2",
        "heading 2",
        "Normal",
        r#"<w:keepNext/><w:ind w:firstLine="640" w:firstLineChars="200"/><w:outlineLvl w:val="1"/>"#,
        font!("楷体_GB2312")
    ),
    style!(
        "Heading3",
        "heading 3",
        "Normal",
        r#"<w:keepNext/><w:ind w:firstLine="640" w:firstLineChars="200"/><w:outlineLvl w:val="2"/>"#,
        r#"<w:b/><w:bCs/>"#
    ),
    style!(
        "Annex",
        "附件",
        "Normal",
        r#"<w:ind w:left="1600" w:leftChars="500" w:hanging="960" w:hangingChars="300"/><w:jc w:val="left"/>"#,
        ""
    ),
    style!(
        "Signature",
        "Signature",
        "Normal",
        r#"<w:keepNext/><w:ind w:right="640" w:rightChars="200"/><w:jc w:val="right"/>"#,
        ""
    ),
    style!("Date", "Date", "Normal", r#"<w:ind w:right="1280" w:rightChars="400"/><w:jc w:val="right"/>"#, ""),
    style!(
        "CellText",
        "表格文字",
        "Normal",
        r#"<w:snapToGrid w:val="0"/><w:spacing w:before="40" w:after="40" w:line="340" w:lineRule="exact"/><w:jc w:val="left"/>"#,
        r#"<w:sz w:val="24"/><w:szCs w:val="24"/>"#
    ),
    style!("CellWord", "表格文字居中", "CellText", r#"<w:jc w:val="center"/>"#, ""),
    style!("CellHead", "表头", "CellText", r#"<w:keepNext/><w:jc w:val="center"/>"#, font!("黑体")),
    style!(
        "Footer",
        "footer",
        "Normal",
        r#"<w:spacing w:line="240" w:lineRule="auto"/>"#,
        r#"<w:rFonts w:ascii="宋体" w:eastAsia="宋体" w:hAnsi="宋体"/><w:sz w:val="28"/><w:szCs w:val="28"/>"#
    ),
    "</w:styles>"
);

/// The style of captions, before the end of the part of styles.
pub(super) const CAPTION_AND_END: &str = concat!(
    style!(
        "Caption",
        "caption",
        "Normal",
        r#"<w:keepNext/><w:jc w:val="center"/>"#,
        concat!(font!("黑体"), r#"<w:sz w:val="28"/><w:szCs w:val="28"/>"#)
    ),
    "</w:styles>"
);

/// The properties of a document with its title, which is escaped.
pub(super) fn core_properties(title: &str) -> String {
    format!(
        xml!(
            r#"<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" "#,
            r#"xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title></cp:coreProperties>"#
        ),
        title
    )
}
