//! Which part points to which (ECMA-376 part 2, §6.5): the relationships of a part, and new ones added to them.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use super::edit::{Edit, Unpatchable};
use super::package::Package;
use super::tags::{DECLARATION, Kind, Tags, each_tag, escape};
use crate::error::ErrorKind;

const NAMESPACE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// One relationship of a part (ECMA-376 part 2, §6.5.3.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relationship {
    /// Its id within the part: `rId1`.
    pub id: String,
    /// Its type, a URI.
    pub kind: String,
    /// The part it points to, as a name inside the package; of an external one the text as written.
    pub target: String,
    /// Whether it points out of the package.
    pub external: bool,
}

impl Relationship {
    /// Whether the last piece of the type is this word: `worksheet`, `styles`, `sharedStrings`. The rest of the URI
    /// differs between the transitional and the strict form of the standard.
    #[must_use]
    pub fn is(&self, word: &str) -> bool {
        self.kind.rsplit('/').next() == Some(word)
    }
}

impl Package {
    /// The relationships of a part, in file order; those of the package itself for an empty name. A part without
    /// relationships has none.
    ///
    /// # Errors
    /// The relationship part cannot be read.
    pub fn relationships(&self, part: &str) -> Result<Vec<Relationship>, ErrorKind> {
        let part = part.trim_start_matches('/');
        match self.part(&relations_part(part))? {
            Some(bytes) => parse(part, &bytes),
            None => Ok(Vec::new()),
        }
    }

    /// The name of the workbook part, which the package's own relationships point to: usually `xl/workbook.xml`,
    /// of an `.xlsb` `xl/workbook.bin`. `None` where the package is no workbook.
    ///
    /// # Errors
    /// The relationship part cannot be read.
    pub fn workbook_part(&self) -> Result<Option<String>, ErrorKind> {
        let target = self.relationships("")?.into_iter().find(|r| r.is("officeDocument") && !r.external);
        Ok(target.and_then(|r| self.spelled(&r.target).map(str::to_owned)))
    }
}

/// The relationships that the relationships part of `part` says, in file order.
///
/// # Errors
/// It is no XML.
pub(super) fn parse(part: &str, bytes: &[u8]) -> Result<Vec<Relationship>, ErrorKind> {
    let part = part.trim_start_matches('/');
    let folder = part.rsplit_once('/').map_or("", |(folder, _)| folder);
    each_tag(&relations_part(part), bytes, |tag| {
        let get = |key| tag.value(key).map(Cow::into_owned).unwrap_or_default();
        tag.opens("Relationship").then(|| {
            let external = get("TargetMode") == "External";
            let target = get("Target");
            let target = if external { target } else { resolve(folder, &target) };
            Relationship { id: get("Id"), kind: get("Type"), target, external }
        })
    })
}

/// The part whose relationships a part tells by its name: of `xl/_rels/workbook.xml.rels` it is `xl/workbook.xml`, empty
/// for the package itself. `None` for a part that tells none.
pub(super) fn owner(part: &str) -> Option<String> {
    let (folder, name) = part.rsplit_once('/')?;
    let name = name.strip_suffix(".rels")?;
    match folder {
        "_rels" => Some(name.to_owned()),
        folder => folder.strip_suffix("/_rels").map(|folder| format!("{folder}/{name}")),
    }
}

/// A relationships part to which entries are added.
#[derive(Debug, Default)]
pub(crate) struct NewRelations {
    taken: BTreeSet<String>,
    prefix: String,
    /// The closing tag's start, or the range of the root's `/>`; `None` for a part that does not exist yet.
    place: Option<Range<usize>>,
    added: String,
}

impl NewRelations {
    /// Reads the ids in use; no part gives a new one.
    ///
    /// # Errors
    /// A part without its root element.
    pub(crate) fn of(part: Option<&[u8]>) -> Result<Self, Unpatchable> {
        let mut relations = Self::default();
        let Some(part) = part else { return Ok(relations) };
        let mut tags = Tags::of(part)?;
        while let Some(tag) = tags.next()? {
            if tag.opens("Relationship") {
                relations.taken.extend(tag.value("Id").map(Cow::into_owned));
            } else if tag.name == "Relationships" && tag.kind != Kind::Open {
                let start = if tag.kind == Kind::Empty { tag.span.end - 2 } else { tag.span.start };
                let end = if tag.kind == Kind::Empty { tag.span.end } else { start };
                relations.prefix = tag.prefix.to_owned();
                relations.place = Some(start..end);
            }
        }
        match relations.place {
            Some(_) => Ok(relations),
            None => Err(Unpatchable::new("关系表不完整")),
        }
    }

    /// Adds a relationship of the type `base/kind` and returns its new id. `from` is the part that gets it: an id that it
    /// names and that nothing has is none for us, else what was missing to it would be our part.
    pub(crate) fn add(&mut self, base: &str, kind: &str, target: &str, from: &[u8]) -> String {
        let is_named = |id: &str| {
            ["\"", "'"]
                .iter()
                .any(|quote| memchr::memmem::find(from, format!("{quote}{id}{quote}").as_bytes()).is_some())
        };
        let mut number = self.taken.len() + 1;
        while self.taken.contains(&format!("rId{number}")) || is_named(&format!("rId{number}")) {
            number += 1;
        }
        let id = format!("rId{number}");
        self.added.push_str(&format!(
            r#"<{}Relationship Id="{id}" Type="{base}/{kind}" Target="{}"/>"#,
            self.prefix,
            escape(target)
        ));
        self.taken.insert(id.clone());
        id
    }

    /// The edits that write what was added into the part that was read.
    pub(crate) fn edits(self) -> Vec<Edit> {
        match self.place {
            Some(place) if place.is_empty() => vec![Edit::insert(place.start, self.added)],
            Some(place) => vec![Edit::replace(place, format!(">{}</{}Relationships>", self.added, self.prefix))],
            None => Vec::new(),
        }
    }

    /// A part of its own with what was added.
    pub(crate) fn into_part(self) -> Vec<u8> {
        format!("{DECLARATION}<Relationships xmlns=\"{NAMESPACE}\">{}</Relationships>", self.added).into_bytes()
    }
}

/// The edits that take relationships out of a relationships part, by their ids.
///
/// # Errors
/// A part that is no XML.
pub(crate) fn without(part: &[u8], ids: &[&str]) -> Result<Vec<Edit>, Unpatchable> {
    let mut tags = Tags::of(part)?;
    let mut edits: Vec<Edit> = Vec::new();
    let mut open = None;
    while let Some(tag) = tags.next()? {
        let named = tag.opens("Relationship") && tag.value("Id").is_some_and(|id| ids.contains(&id.as_ref()));
        match tag.kind {
            Kind::Empty if named => edits.push(Edit::replace(tag.span, "")),
            Kind::Open if named => open = Some(tag.span.start),
            Kind::Close if tag.name == "Relationship" => {
                edits.extend(open.take().map(|start| Edit::replace(start..tag.span.end, "")));
            }
            _ => {}
        }
    }
    Ok(edits)
}

/// The name of the relationships part of a part: `xl/workbook.xml` has `xl/_rels/workbook.xml.rels`.
pub(crate) fn relations_part(part: &str) -> String {
    match part.rsplit_once('/') {
        Some((folder, file)) => format!("{folder}/_rels/{file}.rels"),
        None => format!("_rels/{part}.rels"),
    }
}

/// The part name a target means, seen from a folder: `../media/a.png`, `/xl/a.xml`, `worksheets/sheet1.xml`.
fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut pieces: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for piece in target.split('/') {
        match piece {
            "" | "." => {}
            ".." => {
                pieces.pop();
            }
            piece => pieces.push(piece),
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_resolve_from_the_folder_of_their_part() {
        assert_eq!(resolve("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolve("xl/worksheets", "../comments1.xml"), "xl/comments1.xml");
        assert_eq!(resolve("xl", "/xl/styles.xml"), "xl/styles.xml");
        assert_eq!(resolve("", "xl\\workbook.xml"), "xl/workbook.xml");
        assert_eq!(resolve("xl", "../../../etc"), "etc");
    }

    #[test]
    fn a_new_id_is_never_taken() {
        use super::super::edit::apply;
        let part = br#"<Relationships><Relationship Id="rId2" Type="a/styles" Target="s"/></Relationships>"#;
        let mut relations = NewRelations::of(Some(part)).expect("a relationships part");
        assert_eq!(relations.add("b", "worksheet", "w", b""), "rId3");
        // What a part names and nothing has stays without.
        assert_eq!(relations.add("b", "worksheet", "w", b"<sheet r:id='rId4'/><sheet r:id=\"rId50\"/>"), "rId5");
        let after = apply(part, relations.edits()).expect("edits fit");
        assert!(String::from_utf8_lossy(&after).ends_with(r#"Type="b/worksheet" Target="w"/></Relationships>"#));
    }

    #[test]
    fn an_empty_part_and_a_missing_one_are_filled() {
        use super::super::edit::apply;
        for part in [Some(&b"<p:Relationships xmlns:p='x'/>"[..]), None] {
            let mut relations = NewRelations::of(part).expect("nothing to read");
            relations.add("b", "comments", "c", b"");
            let after = match part {
                Some(part) => apply(part, relations.edits()).expect("edits fit"),
                None => relations.into_part(),
            };
            let text = String::from_utf8(after).expect("UTF-8");
            assert!(text.contains("Relationship Id=\"rId1\"") && text.ends_with("Relationships>"), "{text}");
        }
    }
}
