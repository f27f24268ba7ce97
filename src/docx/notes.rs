//! Footnotes (ECMA-376 part 1, 17.11): their part, and what the other parts say where a document has any.

use std::borrow::Cow;

/// The part's name.
pub(super) const NAME: &str = "word/footnotes.xml";

/// The two separators that Word wants in every part of footnotes.
const HEAD: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">"#,
    r#"<w:footnote w:type="separator" w:id="-1"><w:p><w:pPr><w:spacing w:line="240" w:lineRule="auto"/></w:pPr>"#,
    r#"<w:r><w:separator/></w:r></w:p></w:footnote>"#,
    r#"<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:pPr><w:spacing w:line="240" w:lineRule="auto"/></w:pPr>"#,
    r#"<w:r><w:continuationSeparator/></w:r></w:p></w:footnote>"#
);

/// 小五 at the foot, the second line below the words of the first; the mark raised.
const STYLES: &str = concat!(
    r#"<w:style w:type="paragraph" w:styleId="FootnoteText"><w:name w:val="footnote text"/><w:basedOn w:val="Normal"/>"#,
    r#"<w:pPr><w:snapToGrid w:val="0"/><w:spacing w:line="240" w:lineRule="auto"/><w:ind w:left="360" w:hanging="360"/>"#,
    r#"<w:jc w:val="left"/></w:pPr><w:rPr><w:sz w:val="18"/><w:szCs w:val="18"/></w:rPr></w:style>"#,
    r#"<w:style w:type="character" w:styleId="FootnoteReference"><w:name w:val="footnote reference"/>"#,
    r#"<w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style></w:styles>"#
);

/// In brackets: a raised number alone, behind a figure, would be read as its power.
pub(super) fn mark(id: usize) -> String {
    format!(
        concat!(
            r#"<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:t>[</w:t></w:r>"#,
            r#"<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteReference w:id="{}"/></w:r>"#,
            r#"<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:t>]</w:t></w:r>"#
        ),
        id
    )
}

/// A footnote with its escaped text. No brackets here: LibreOffice puts the number before all that stands in the note.
pub(super) fn note(id: usize, text: &str) -> String {
    format!(
        concat!(
            r#"<w:footnote w:id="{}"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr>"#,
            r#"<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>"#,
            r#"<w:r><w:t xml:space="preserve"> {}</w:t></w:r>"#,
            "</w:p></w:footnote>"
        ),
        id, text
    )
}

/// The part with these notes.
pub(super) fn part(notes: &str) -> String {
    format!("{HEAD}{notes}</w:footnotes>")
}

/// A part that knows of footnotes.
pub(super) fn with_notes(name: &str, text: Cow<'static, str>) -> Cow<'static, str> {
    let (before, more) = match name {
        "[Content_Types].xml" => (
            "</Types>",
            concat!(
                r#"<Override PartName="/word/footnotes.xml" "#,
                r#"ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"/></Types>"#
            ),
        ),
        "word/_rels/document.xml.rels" => (
            "</Relationships>",
            concat!(
                r#"<Relationship Id="rId6" "#,
                r#"Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes" "#,
                r#"Target="footnotes.xml"/></Relationships>"#
            ),
        ),
        "word/settings.xml" => {
            ("<w:compat>", r#"<w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr><w:compat>"#)
        }
        "word/styles.xml" => ("</w:styles>", STYLES),
        _ => return text,
    };
    Cow::Owned(text.replace(before, more))
}
