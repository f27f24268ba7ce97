//! XML of a part, event by event: prefixes ignored, texts with their entities resolved, one kind of error.

use std::borrow::Cow;

use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::error::ErrorKind;
use crate::ooxml::xml_text;

/// A reader over the bytes of a part.
pub(super) type XmlReader<'a> = Reader<&'a [u8]>;

/// A reader over a part; UTF-8 only.
pub(super) fn reader<'a>(part: &str, bytes: &'a [u8]) -> Result<XmlReader<'a>, ErrorKind> {
    Ok(Reader::from_str(xml_text(part, bytes)?))
}

/// The next event. A document type is refused: no honest workbook declares entities.
pub(super) fn next<'a>(part: &str, reader: &mut XmlReader<'a>) -> Result<Event<'a>, ErrorKind> {
    match reader.read_event() {
        Ok(Event::DocType(_)) => Err(ErrorKind::bad_part(part, "含有 DTD 声明")),
        Ok(event) => Ok(event),
        Err(_) => Err(ErrorKind::bad_part(part, format!("不是合法的 XML（第 {} 字节）", reader.error_position()))),
    }
}

/// Passes over an element that has just started.
pub(super) fn skip(part: &str, reader: &mut XmlReader<'_>, element: &BytesStart<'_>) -> Result<(), ErrorKind> {
    match reader.read_to_end(element.name()) {
        Ok(_) => Ok(()),
        Err(_) => Err(ErrorKind::bad_part(part, "元素没有结束")),
    }
}

/// Adds what an event says as text; `false` for events that are no text.
pub(super) fn push_text(event: &Event<'_>, out: &mut String) -> bool {
    match event {
        Event::Text(text) => out.push_str(&text.xml10_content()),
        Event::CData(text) => out.push_str(&text.xml10_content()),
        Event::GeneralRef(reference) => {
            let name: &str = reference;
            match (reference.resolve_char_ref(), quick_xml::escape::resolve_predefined_entity(name)) {
                (Ok(Some(c)), _) => out.push(c),
                (_, Some(text)) => out.push_str(text),
                // Without a document type there are no others; the text stands as written.
                _ => {
                    out.push('&');
                    out.push_str(name);
                    out.push(';');
                }
            }
        }
        _ => return false,
    }
    true
}

/// The value of an attribute without prefix.
pub(super) fn attribute<'a>(element: &'a BytesStart<'_>, key: &str) -> Option<Cow<'a, str>> {
    let attribute = element.try_get_attribute(key).ok()??;
    attribute.normalized_value(XmlVersion::Implicit1_0).ok()
}

/// The values of these attributes without prefix, in one pass over all.
pub(super) fn attributes<'a, const N: usize>(
    element: &'a BytesStart<'_>,
    keys: [&str; N],
) -> [Option<Cow<'a, str>>; N] {
    let mut values = [const { None }; N];
    // What stands behind a malformed one is not looked at.
    for attribute in element.attributes().with_checks(false).map_while(Result::ok) {
        let known = keys.iter().position(|key| *key == attribute.key.as_ref());
        if let Some(slot) = known.and_then(|at| values.get_mut(at)).filter(|slot| slot.is_none()) {
            *slot = attribute.normalized_value(XmlVersion::Implicit1_0).ok();
        }
    }
    values
}

/// The value of an attribute; empty where it is malformed.
pub(super) fn value(attribute: &Attribute<'_>) -> String {
    attribute.normalized_value(XmlVersion::Implicit1_0).map(Cow::into_owned).unwrap_or_default()
}

/// A whole number in an attribute.
pub(super) fn number(element: &BytesStart<'_>, key: &str) -> Option<u32> {
    attribute(element, key)?.trim().parse().ok()
}

/// An `xsd:boolean` in an attribute; absent is false.
pub(super) fn flag(element: &BytesStart<'_>, key: &str) -> bool {
    attribute(element, key).is_some_and(|value| matches!(value.trim(), "1" | "true" | "on"))
}
