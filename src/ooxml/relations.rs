//! Relationship parts (ECMA-376 part 2, §6.5): which part uses which, by id.

use super::edit::{Edit, Unpatchable};
use super::tags::{Kind, Tags, escape};

/// The relationships of one part.
#[derive(Debug, Clone, Default)]
pub(crate) struct Relations {
    entries: Vec<Relation>,
    /// Where new entries go; `None` for a part that does not exist yet.
    place: Option<Place>,
    added: Vec<Relation>,
}

#[derive(Debug, Clone)]
struct Place {
    prefix: String,
    at: usize,
    /// The root is `<Relationships/>`: the range of its `/>`.
    empty_root: bool,
}

/// One relationship.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Relation {
    /// `rId1`, or anything else.
    pub(crate) id: String,
    /// The type's last path segment: `worksheet`, `comments`; the same in strict and transitional documents.
    pub(crate) kind: String,
    /// The full type.
    type_uri: String,
    /// The target as written.
    pub(crate) target: String,
    /// Whether it leads out of the package.
    pub(crate) external: bool,
}

impl Relations {
    /// Reads a relationships part; no bytes give an empty list that will be a new part.
    ///
    /// # Errors
    /// A part that is no well-formed XML of one root.
    pub(crate) fn read(part: Option<&[u8]>) -> Result<Self, Unpatchable> {
        let Some(part) = part else { return Ok(Self::default()) };
        let mut tags = Tags::of(part)?;
        let mut relations = Self::default();
        while let Some(tag) = tags.next()? {
            if tag.opens("Relationship") {
                let text = |name| tag.value(name).map(|value| value.into_owned()).unwrap_or_default();
                let type_uri = text("Type");
                relations.entries.push(Relation {
                    id: text("Id"),
                    kind: type_uri.rsplit('/').next().unwrap_or_default().to_owned(),
                    type_uri,
                    target: text("Target"),
                    external: tag.value("TargetMode").as_deref() == Some("External"),
                });
            } else if tag.name == "Relationships" && tag.kind != Kind::Open {
                let empty_root = tag.kind == Kind::Empty;
                let at = if empty_root { tag.span.end - 2 } else { tag.span.start };
                relations.place = Some(Place { prefix: tag.prefix.to_owned(), at, empty_root });
            }
        }
        if relations.place.is_none() {
            return Err(Unpatchable::new("关系表不完整"));
        }
        Ok(relations)
    }

    /// All relationships of a kind, in the order of the part.
    pub(crate) fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Relation> {
        self.entries.iter().filter(move |relation| relation.kind == kind && !relation.external)
    }

    /// The relationship of this id.
    pub(crate) fn get(&self, id: &str) -> Option<&Relation> {
        self.entries.iter().find(|relation| relation.id == id)
    }

    /// Adds a relationship and returns its new id.
    pub(crate) fn add(&mut self, base: &str, kind: &str, target: &str) -> String {
        let taken = |id: &str| self.entries.iter().chain(&self.added).any(|relation| relation.id == id);
        let mut number = self.entries.len() + self.added.len() + 1;
        while taken(&format!("rId{number}")) {
            number += 1;
        }
        let id = format!("rId{number}");
        self.added.push(Relation {
            id: id.clone(),
            kind: kind.to_owned(),
            type_uri: format!("{base}/{kind}"),
            target: target.to_owned(),
            external: false,
        });
        id
    }

    /// Whether anything was added.
    pub(crate) fn is_changed(&self) -> bool {
        !self.added.is_empty()
    }

    /// The edits that write what was added, for a part that exists; else the whole new part.
    pub(crate) fn into_change(self) -> Change {
        let entry = |prefix: &str, relation: &Relation| {
            format!(
                r#"<{prefix}Relationship Id="{}" Type="{}" Target="{}"/>"#,
                escape(&relation.id),
                escape(&relation.type_uri),
                escape(&relation.target)
            )
        };
        let Some(place) = self.place else {
            let entries: String = self.added.iter().map(|relation| entry("", relation)).collect();
            return Change::New(format!("{DECLARATION}<Relationships xmlns=\"{NAMESPACE}\">{entries}</Relationships>"));
        };
        let entries: String = self.added.iter().map(|relation| entry(&place.prefix, relation)).collect();
        Change::Edits(vec![if place.empty_root {
            Edit::replace(place.at..place.at + 2, format!(">{entries}</{}Relationships>", place.prefix))
        } else {
            Edit::insert(place.at, entries)
        }])
    }
}

/// How a part changes: in places, or it is new.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    /// Edits of the part.
    Edits(Vec<Edit>),
    /// The text of a new part.
    New(String),
}

const NAMESPACE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
/// The first line of every part we write.
pub(crate) const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// The name of the relationships part of a part: `xl/workbook.xml` has `xl/_rels/workbook.xml.rels`.
pub(crate) fn relations_of(part: &str) -> String {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let slash = if folder.is_empty() { "" } else { "/" };
    format!("{folder}{slash}_rels/{file}.rels")
}

/// The part a target names, seen from the part that has the relationship: `../comments1.xml` from
/// `xl/worksheets/sheet1.xml` is `xl/comments1.xml`.
pub(crate) fn resolve(from: &str, target: &str) -> String {
    let absolute = target.starts_with('/');
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut segments: Vec<&str> = if absolute { Vec::new() } else { folder.split('/').collect() };
    for segment in target.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    segments.retain(|segment| !segment.is_empty());
    segments.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_resolve_from_the_part_that_names_them() {
        assert_eq!(resolve("xl/worksheets/sheet1.xml", "../comments1.xml"), "xl/comments1.xml");
        assert_eq!(resolve("xl/workbook.xml", "/xl/styles.xml"), "xl/styles.xml");
        assert_eq!(resolve("", "xl/workbook.xml"), "xl/workbook.xml");
        assert_eq!(relations_of("xl/workbook.xml"), "xl/_rels/workbook.xml.rels");
        assert_eq!(relations_of(""), "_rels/.rels");
    }

    #[test]
    fn a_new_id_is_never_taken() {
        let part = br#"<Relationships xmlns="x"><Relationship Id="rId2" Type="a/styles" Target="s"/></Relationships>"#;
        let mut relations = Relations::read(Some(part)).expect("a relationships part");
        assert_eq!(relations.add("b", "worksheet", "w"), "rId3");
        assert_eq!(relations.add("b", "worksheet", "w"), "rId4");
    }
}
