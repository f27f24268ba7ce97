//! Which part points to which (`_rels/*.rels`) and what kind of part each is (`[Content_Types].xml`).

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::package::{Package, xml_text};
use crate::error::ErrorKind;

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
        let (folder, file) = part.trim_start_matches('/').rsplit_once('/').unwrap_or(("", part));
        let name = if folder.is_empty() { format!("_rels/{file}.rels") } else { format!("{folder}/_rels/{file}.rels") };
        let Some(bytes) = self.part(&name)? else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        each_element(&name, &bytes, |element| {
            if element.local_name().as_ref() != "Relationship" {
                return;
            }
            let get = |key| attribute(element, key).unwrap_or_default();
            let external = get("TargetMode") == "External";
            let target = get("Target");
            let target = if external { target } else { resolve(folder, &target) };
            found.push(Relationship { id: get("Id"), kind: get("Type"), target, external });
        })?;
        Ok(found)
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

    /// The content type of a part, from its own entry or its extension; `None` where the package names none.
    ///
    /// # Errors
    /// `[Content_Types].xml` cannot be read.
    pub fn content_type(&self, part: &str) -> Result<Option<String>, ErrorKind> {
        const NAME: &str = "[Content_Types].xml";
        let Some(bytes) = self.part(NAME)? else { return Ok(None) };
        let part = part.trim_start_matches('/');
        let extension = part.rsplit_once('.').map_or("", |(_, extension)| extension);
        let (mut own, mut default) = (None, None);
        each_element(NAME, &bytes, |element| match element.local_name().as_ref() {
            "Override"
                if attribute(element, "PartName")
                    .is_some_and(|name| name.trim_start_matches('/').eq_ignore_ascii_case(part)) =>
            {
                own = attribute(element, "ContentType");
            }
            "Default" if attribute(element, "Extension").is_some_and(|e| e.eq_ignore_ascii_case(extension)) => {
                default = attribute(element, "ContentType");
            }
            _ => {}
        })?;
        Ok(own.or(default))
    }
}

/// Calls `visit` for each start tag of a small part.
fn each_element(name: &str, bytes: &[u8], mut visit: impl FnMut(&BytesStart<'_>)) -> Result<(), ErrorKind> {
    let mut reader = Reader::from_str(xml_text(name, bytes)?);
    loop {
        match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element)) => visit(&element),
            Ok(Event::Eof) => return Ok(()),
            Ok(_) => {}
            Err(_) => return Err(ErrorKind::bad_part(name, "不是合法的 XML")),
        }
    }
}

fn attribute(element: &BytesStart<'_>, key: &str) -> Option<String> {
    let attribute = element.try_get_attribute(key).ok()??;
    attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
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
}
