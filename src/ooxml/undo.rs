//! How to take back what was done to a package: the parts added, and for each part changed the bytes that stood where
//! others stand now, in the form that is kept inside the package itself.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use super::edit::Edit;
use super::tags::{Kind, Tags};
use crate::digest::sha256;
use crate::error::ErrorKind;

/// The namespace of the record.
const NAMESPACE: &str = "urn:jixiao:marks";

/// What takes changes of a package back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Undo {
    /// In the order in which they were made; each undoes one round of edits of a part.
    steps: Vec<(String, Vec<Edit>)>,
    added: Vec<String>,
    /// Of each part that was changed and not added: SHA-256 of what it became.
    sealed: BTreeMap<String, String>,
}

impl Undo {
    pub(super) fn note_edits(&mut self, part: &str, back: Vec<Edit>) {
        self.steps.push((part.to_owned(), back));
    }

    pub(super) fn note_added(&mut self, name: &str) {
        if !self.added.iter().any(|known| known == name) {
            self.added.push(name.to_owned());
        }
    }

    /// Notes what the changed parts have become.
    pub(super) fn seal(&mut self, part: impl Fn(&str) -> Result<Arc<[u8]>, ErrorKind>) -> Result<(), ErrorKind> {
        for (name, _) in &self.steps {
            if !self.sealed.contains_key(name) {
                self.sealed.insert(name.clone(), sha256(&part(name)?));
            }
        }
        Ok(())
    }

    /// Whether the parts are what they had become.
    pub(super) fn fits(&self, part: impl Fn(&str) -> Result<Option<Arc<[u8]>>, ErrorKind>) -> Result<bool, ErrorKind> {
        for (name, sealed) in &self.sealed {
            if part(name)?.is_none_or(|bytes| sha256(&bytes) != *sealed) {
                return Ok(false);
            }
        }
        let known = |part: &String| self.sealed.contains_key(part);
        Ok(!self.steps.is_empty() && self.steps.iter().all(|(part, _)| known(part)))
    }

    /// The edits that go back, the last change first.
    pub(super) fn steps_back(&self) -> impl Iterator<Item = (&str, &[Edit])> {
        self.steps.iter().rev().map(|(part, edits)| (part.as_str(), edits.as_slice()))
    }

    /// The parts that were added.
    pub(super) fn added(&self) -> &[String] {
        &self.added
    }

    /// The record as an element; `None` where bytes taken away were no text that XML can hold.
    pub(crate) fn to_xml(&self) -> Option<String> {
        let mut out = format!("<jx:marks xmlns:jx=\"{NAMESPACE}\">");
        for name in &self.added {
            write!(out, "<jx:added name=\"{}\"/>", kept(name)).ok()?;
        }
        for (name, sealed) in &self.sealed {
            write!(out, "<jx:part name=\"{}\" sha256=\"{sealed}\"/>", kept(name)).ok()?;
        }
        for (part, edits) in &self.steps {
            write!(out, "<jx:step part=\"{}\">", kept(part)).ok()?;
            for Edit { range, bytes } in edits {
                let text = std::str::from_utf8(bytes).ok().filter(|text| !text.contains(is_unwritable))?;
                let text = kept(text);
                write!(out, "<jx:b at=\"{}\" n=\"{}\" t=\"{text}\"/>", range.start, range.len()).ok()?;
            }
            out.push_str("</jx:step>");
        }
        out.push_str("</jx:marks>");
        Some(out)
    }

    /// The record in a part; `None` where it holds none, or one that is not whole.
    pub(crate) fn from_xml(part: &[u8]) -> Option<Self> {
        memchr::memmem::find(part, NAMESPACE.as_bytes())?;
        let mut tags = Tags::of(part).ok()?;
        let mut undo = Self::default();
        let mut inside = false;
        while let Some(tag) = tags.next().ok()? {
            if tag.prefix != "jx:" {
                continue;
            }
            match (tag.kind, tag.name) {
                (Kind::Open, "marks") => inside = true,
                (Kind::Close, "marks") => return inside.then_some(undo),
                (Kind::Empty, "added") => undo.added.push(tag.value("name")?.into_owned()),
                (Kind::Empty, "part") => {
                    undo.sealed.insert(tag.value("name")?.into_owned(), tag.value("sha256")?.into_owned());
                }
                (Kind::Open | Kind::Empty, "step") => undo.steps.push((tag.value("part")?.into_owned(), Vec::new())),
                (Kind::Empty, "b") => {
                    let (at, length): (usize, usize) = (tag.number("at")?, tag.number("n")?);
                    let edit = Edit::replace(at..at.checked_add(length)?, tag.value("t")?.into_owned());
                    undo.steps.last_mut()?.1.push(edit);
                }
                _ => {}
            }
        }
        None
    }
}

/// Whether XML 1.0 has no way to write the character (§2.2).
fn is_unwritable(c: char) -> bool {
    (c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// Text as an attribute value that gives back every character, line ends included (XML 1.0, §3.3.3).
fn kept(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\r' | '\t' => {
                // Writing to a String cannot fail.
                let _ = write!(out, "&#{};", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}
