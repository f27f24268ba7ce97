//! New relationships of a part (ECMA-376 part 2, §6.5): entries appended to its relationships part, or a new one.

use std::collections::BTreeSet;

use super::edit::{Edit, Unpatchable, apply};
use super::tags::{DECLARATION, Kind, Tags, escape};

/// A relationships part to which entries are added.
#[derive(Debug, Default)]
pub(crate) struct NewRelations {
    taken: BTreeSet<String>,
    prefix: String,
    /// The closing tag's start, or the range of the root's `/>`; `None` for a part that does not exist yet.
    place: Option<std::ops::Range<usize>>,
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
                relations.taken.extend(tag.value("Id").map(std::borrow::Cow::into_owned));
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

    /// Adds a relationship of the type `base/kind` and returns its new id.
    pub(crate) fn add(&mut self, base: &str, kind: &str, target: &str) -> String {
        let mut number = self.taken.len() + 1;
        while self.taken.contains(&format!("rId{number}")) {
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

    /// The part with what was added; `None` where nothing was.
    ///
    /// # Errors
    /// `part` is not the one that was read.
    pub(crate) fn write(self, part: Option<&[u8]>) -> Result<Option<Vec<u8>>, Unpatchable> {
        if self.added.is_empty() {
            return Ok(None);
        }
        let text = match (part, self.place) {
            (Some(part), Some(place)) if place.is_empty() => {
                return apply(part, vec![Edit::insert(place.start, self.added)]).map(Some);
            }
            (Some(part), Some(place)) => {
                let root = format!(">{}</{}Relationships>", self.added, self.prefix);
                return apply(part, vec![Edit::replace(place, root)]).map(Some);
            }
            _ => format!("{DECLARATION}<Relationships xmlns=\"{NAMESPACE}\">{}</Relationships>", self.added),
        };
        Ok(Some(text.into_bytes()))
    }
}

const NAMESPACE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// The name of the relationships part of a part: `xl/workbook.xml` has `xl/_rels/workbook.xml.rels`.
pub(crate) fn relations_part(part: &str) -> String {
    match part.rsplit_once('/') {
        Some((folder, file)) => format!("{folder}/_rels/{file}.rels"),
        None => format!("_rels/{part}.rels"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_id_is_never_taken() {
        let part = br#"<Relationships><Relationship Id="rId2" Type="a/styles" Target="s"/></Relationships>"#;
        let mut relations = NewRelations::of(Some(part)).expect("a relationships part");
        assert_eq!(relations.add("b", "worksheet", "w"), "rId3");
        assert_eq!(relations.add("b", "worksheet", "w"), "rId4");
        let after = relations.write(Some(part)).expect("fits").expect("changed");
        assert!(String::from_utf8_lossy(&after).ends_with(r#"Type="b/worksheet" Target="w"/></Relationships>"#));
    }

    #[test]
    fn an_empty_part_and_a_missing_one_are_filled() {
        for part in [Some(&b"<p:Relationships xmlns:p='x'/>"[..]), None] {
            let mut relations = NewRelations::of(part).expect("nothing to read");
            relations.add("b", "comments", "c");
            let after = relations.write(part).expect("fits").expect("changed");
            let text = String::from_utf8(after).expect("UTF-8");
            assert!(text.contains("Relationship Id=\"rId1\"") && text.ends_with("Relationships>"), "{text}");
        }
    }
}
