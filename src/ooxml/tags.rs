//! The tags of an XML part with their byte ranges, and text made fit for XML.
//!
//! An event reader hands out values; an editor needs places. This walks a part once, left to right, and gives each
//! tag and each attribute value as a range of bytes. Comments, CDATA and processing instructions are stepped over;
//! nesting is the caller's business.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memchr2, memmem};

use super::edit::Unpatchable;
use crate::error::ErrorKind;

/// Whether a tag opens, closes, or does both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `<a>`
    Open,
    /// `</a>`
    Close,
    /// `<a/>`
    Empty,
}

/// One tag.
#[derive(Debug, Clone)]
pub(crate) struct Tag<'a> {
    /// Opens, closes or both.
    pub(crate) kind: Kind,
    /// Name without its namespace prefix.
    pub(crate) name: &'a str,
    /// The namespace prefix with its colon, or nothing.
    pub(crate) prefix: &'a str,
    /// From `<` to behind `>`.
    pub(crate) span: Range<usize>,
    /// Behind the name: where an attribute can be inserted.
    pub(crate) name_end: usize,
    attributes: &'a str,
}

/// An attribute's value.
#[derive(Debug, Clone)]
pub(crate) struct Attribute<'a> {
    /// Between the quotes.
    pub(crate) span: Range<usize>,
    /// Entities resolved.
    pub(crate) value: Cow<'a, str>,
}

/// A walk over the tags of a part.
#[derive(Debug, Clone)]
pub(crate) struct Tags<'a> {
    part: &'a str,
    at: usize,
}

impl<'a> Tags<'a> {
    /// The tags of a part.
    ///
    /// # Errors
    /// A part that is not UTF-8 (UTF-16 is legal, but no program we met writes it), or one with a DTD.
    pub(crate) fn of(part: &'a [u8]) -> Result<Self, Unpatchable> {
        let text = std::str::from_utf8(part).ok();
        // UTF-16 of plain ASCII is valid UTF-8 with zero bytes between.
        let text = text.filter(|_| memchr(0, part.get(..256).unwrap_or(part)).is_none());
        Ok(Self { part: text.ok_or_else(|| Unpatchable::new("不是 UTF-8 编码的 XML"))?, at: 0 })
    }

    /// The next tag; `None` at the end.
    ///
    /// # Errors
    /// A tag or comment that never ends, or a DTD.
    pub(crate) fn next(&mut self) -> Result<Option<Tag<'a>>, Unpatchable> {
        let bytes = self.part.as_bytes();
        let cut = || Unpatchable::new("XML 不完整");
        loop {
            let rest = bytes.get(self.at..).unwrap_or_default();
            let Some(found) = memchr(b'<', rest) else { return Ok(None) };
            let start = self.at + found;
            let rest = bytes.get(start..).unwrap_or_default();
            let skip = |end: &str| memmem::find(rest, end.as_bytes()).map(|at| start + at + end.len()).ok_or_else(cut);
            if rest.starts_with(b"<!--") {
                self.at = skip("-->")?;
            } else if rest.starts_with(b"<![CDATA[") {
                self.at = skip("]]>")?;
            } else if rest.starts_with(b"<?") {
                self.at = skip("?>")?;
            } else if rest.starts_with(b"<!") {
                return Err(Unpatchable::new("XML 含有 DTD 声明"));
            } else {
                let end = start + tag_length(rest).ok_or_else(cut)?;
                self.at = end;
                return tag(self.part, start, end).map(Some).ok_or_else(cut);
            }
        }
    }

    /// Goes on behind the next occurrence of `text`: for stretches known to hold nothing of interest.
    pub(crate) fn skip_to(&mut self, text: &str) -> Result<usize, Unpatchable> {
        let rest = self.part.as_bytes().get(self.at..).unwrap_or_default();
        let found = memmem::find(rest, text.as_bytes()).ok_or_else(|| Unpatchable::new("XML 不完整"))?;
        self.at += found;
        Ok(self.at)
    }

    /// The text between two places of the part, entities as written.
    pub(crate) fn raw(&self, range: Range<usize>) -> &'a str {
        self.part.get(range).unwrap_or_default()
    }
}

/// What `read` takes from each tag of a small part, in order.
///
/// # Errors
/// A part that is no XML, with its name.
pub(super) fn each_tag<T>(
    part: &str,
    bytes: &[u8],
    mut read: impl FnMut(&Tag<'_>) -> Option<T>,
) -> Result<Vec<T>, ErrorKind> {
    let mut tags = Tags::of(bytes).map_err(|error| error.on(part))?;
    let mut found = Vec::new();
    while let Some(tag) = tags.next().map_err(|error| error.on(part))? {
        found.extend(read(&tag));
    }
    Ok(found)
}

/// Length of the tag at the start, to behind its `>`; a `>` inside quotes does not end it.
fn tag_length(text: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        let rest = text.get(at..)?;
        let close = memchr(b'>', rest)?;
        let quote = memchr2(b'"', b'\'', rest.get(..close)?);
        let Some(quote) = quote else { return Some(at + close + 1) };
        let mark = *rest.get(quote)?;
        at += quote + 1;
        at += memchr(mark, text.get(at..)?)? + 1;
    }
}

fn tag(part: &str, start: usize, end: usize) -> Option<Tag<'_>> {
    let inner = part.get(start + 1..end - 1)?;
    let (kind, inner) = if let Some(name) = inner.strip_prefix('/') {
        (Kind::Close, name)
    } else if let Some(empty) = inner.strip_suffix('/') {
        (Kind::Empty, empty)
    } else {
        (Kind::Open, inner)
    };
    let length = inner.find(|c: char| c.is_ascii_whitespace()).unwrap_or(inner.len());
    let (full, attributes) = inner.split_at(length);
    let (prefix, name) = full.split_at(full.find(':').map_or(0, |colon| colon + 1));
    let name_end = start + 1 + usize::from(kind == Kind::Close) + length;
    Some(Tag { kind, name, prefix, span: start..end, name_end, attributes })
}

impl<'a> Tag<'a> {
    /// Whether the tag opens or is empty and has this local name.
    pub(crate) fn opens(&self, name: &str) -> bool {
        self.kind != Kind::Close && self.name == name
    }

    /// Whether the tag closes this local name.
    pub(crate) fn closes(&self, name: &str) -> bool {
        self.kind == Kind::Close && self.name == name
    }

    /// The attribute written exactly so, prefix included.
    pub(crate) fn attribute(&self, name: &str) -> Option<Attribute<'a>> {
        self.attributes().find(|(found, _)| *found == name).map(|(_, attribute)| attribute)
    }

    /// The attribute of this local name under any prefix: `r:id`, whatever the producer calls `r`.
    pub(crate) fn prefixed_attribute(&self, local: &str) -> Option<Attribute<'a>> {
        self.attributes().find(|(name, _)| name.split_once(':').is_some_and(|(_, l)| l == local)).map(|(_, a)| a)
    }

    /// The value of an attribute.
    pub(crate) fn value(&self, name: &str) -> Option<Cow<'a, str>> {
        self.attribute(name).map(|attribute| attribute.value)
    }

    /// The value of an attribute as a number.
    pub(crate) fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.value(name)?.trim().parse().ok()
    }

    /// Whether an attribute says true (ECMA-376 part 1, §22.9.2.1).
    pub(crate) fn flag(&self, name: &str) -> bool {
        matches!(self.value(name).as_deref(), Some("1" | "true" | "on" | "t"))
    }

    fn attributes(&self) -> impl Iterator<Item = (&'a str, Attribute<'a>)> {
        let (text, base) = (self.attributes, self.name_end);
        let mut at = 0;
        std::iter::from_fn(move || {
            let rest = text.get(at..)?;
            let name_start = at + rest.find(|c: char| !c.is_ascii_whitespace())?;
            let equals = name_start + text.get(name_start..)?.find('=')?;
            let name = text.get(name_start..equals)?.trim_end();
            let quote_at = equals + 1 + text.get(equals + 1..)?.find(['"', '\''])?;
            let quote = char::from(*text.as_bytes().get(quote_at)?);
            let start = quote_at + 1;
            let end = start + text.get(start..)?.find(quote)?;
            at = end + 1;
            let value = unescape(text.get(start..end)?);
            Some((name, Attribute { span: base + start..base + end, value }))
        })
    }
}

/// The first line of every part we write.
pub(crate) const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// The text with XML's entities resolved; unknown ones stay as they are.
pub(crate) fn unescape(text: &str) -> Cow<'_, str> {
    match quick_xml::escape::unescape(text) {
        Ok(plain) => plain,
        Err(_) => Cow::Borrowed(text),
    }
}

/// The text fit for element content and attribute values: escaped, without characters XML 1.0 forbids.
/// `_x0041_`, which SpreadsheetML would decode (ECMA-376 part 1, §22.9.2.19), is kept literal.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for (at, c) in text.char_indices() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '_' if is_escape_sequence(text.get(at..).unwrap_or_default()) => out.push_str("_x005F_"),
            '\u{fffe}' | '\u{ffff}' => {}
            '\r' => {}
            '\n' | '\t' => out.push(c),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Whether the text starts with `_xHHHH_`.
fn is_escape_sequence(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.starts_with(b"_x")
        && bytes.get(2..6).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
        && bytes.get(6) == Some(&b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_come_with_their_places() {
        let part = br#"<?xml version="1.0"?><!-- <no/> --><x:a b = 'it&apos;s > 1' r:id="r1"><c/></x:a>"#;
        let mut tags = Tags::of(part).expect("UTF-8");
        let a = tags.next().expect("whole").expect("a");
        assert_eq!((a.prefix, a.name, a.kind), ("x:", "a", Kind::Open));
        let b = a.attribute("b").expect("b");
        assert_eq!(b.value, "it's > 1");
        assert_eq!(part.get(b.span), Some(&b"it&apos;s > 1"[..]));
        assert_eq!(a.prefixed_attribute("id").expect("r:id").value, "r1");
        assert!(tags.next().expect("whole").expect("c").opens("c"));
        assert!(tags.next().expect("whole").expect("/a").closes("a"));
        assert!(tags.next().expect("whole").is_none());
    }

    #[test]
    fn what_cannot_be_placed_is_refused() {
        assert!(Tags::of(b"\xff\xfe<\0").is_err());
        assert!(Tags::of(b"<a b='").expect("UTF-8").next().is_err());
        assert!(Tags::of(b"<!DOCTYPE a []>").expect("UTF-8").next().is_err());
    }

    #[test]
    fn text_is_made_fit_for_xml() {
        assert_eq!(escape("a<b & \"c\"\u{7}\r\n_x000A_"), "a&lt;b &amp; &quot;c&quot;\n_x005F_x000A_");
    }
}
