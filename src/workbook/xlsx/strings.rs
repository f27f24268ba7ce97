//! Texts of cells: the shared strings, inline strings, and the escapes both use.

use std::borrow::Cow;

use quick_xml::events::{BytesStart, Event};

use crate::error::ErrorKind;
use crate::ooxml::Limits;
use crate::workbook::xml::{self, XmlReader};

/// The shared strings in order (ECMA-376 part 1, §18.4.9). Counts the part claims are not believed.
pub(super) fn read(part: &str, bytes: &[u8], limits: &Limits) -> Result<Vec<String>, ErrorKind> {
    let mut reader = xml::reader(part, bytes)?;
    let mut strings = Vec::new();
    loop {
        match xml::next(part, &mut reader)? {
            Event::Start(element) if element.local_name().as_ref() == "si" => {
                strings.push(rich_text(part, &mut reader, &element)?);
            }
            Event::Empty(element) if element.local_name().as_ref() == "si" => strings.push(String::new()),
            Event::Eof => return Ok(strings),
            _ => continue,
        }
        Limits::check("共享文字条数", strings.len() as u64, limits.cells)?;
    }
}

/// The text of `<si>` or `<is>`: all runs joined, the reading aids (`rPh`) left out.
pub(super) fn rich_text(part: &str, reader: &mut XmlReader<'_>, outer: &BytesStart<'_>) -> Result<String, ErrorKind> {
    let mut text = String::new();
    let mut in_text = false;
    loop {
        let event = xml::next(part, reader)?;
        match &event {
            Event::Start(element) => match element.local_name().as_ref() {
                "t" => in_text = true,
                "r" => {}
                _ => xml::skip(part, reader, element)?,
            },
            Event::End(element) if element.name() == outer.name() => return Ok(unescaped(&text).into_owned()),
            Event::End(_) => in_text = false,
            Event::Eof => return Err(ErrorKind::bad_part(part, "没有结束就断了")),
            _ if in_text => {
                xml::push_text(&event, &mut text);
            }
            _ => {}
        }
    }
}

/// The text with `_x000D_` and its like turned into characters (ECMA-376 part 1, §22.4.2.4).
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains("_x") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let code = escape.get(2..6).filter(|_| escape.get(6..7) == Some("_"));
        let c = code.filter(|code| code.bytes().all(|b| b.is_ascii_hexdigit()));
        match c.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32) {
            Some(c) => {
                out.push(c);
                rest = escape.get(7..).unwrap_or("");
            }
            None => {
                out.push_str("_x");
                rest = escape.get(2..).unwrap_or("");
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_become_characters_and_look_alikes_stay() {
        assert_eq!(unescaped("甲_x000D_\n乙"), "甲\r\n乙");
        assert_eq!(unescaped("_x005F_x000D_"), "_x000D_");
        assert_eq!(unescaped("a_xyz_x12_乙"), "a_xyz_x12_乙");
    }

    #[test]
    fn runs_are_joined_and_reading_aids_left_out() {
        let part = "<x:sst xmlns:x='u' uniqueCount='4294967295'><x:si><x:r><x:rPr><x:b/></x:rPr><x:t>绩&amp;</x:t></x:r>\
            <x:r><x:t xml:space='preserve'> 效</x:t></x:r><x:rPh sb='0' eb='1'><x:t>ji</x:t></x:rPh></x:si><x:si/></x:sst>";
        let strings = read("s", part.as_bytes(), &Limits::default()).expect("two strings");
        assert_eq!(strings, ["绩& 效", ""]);
    }
}
