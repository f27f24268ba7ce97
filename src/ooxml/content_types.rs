//! `[Content_Types].xml` (ECMA-376 part 2, §6.2.3): what kind of part each name is.

use std::borrow::Cow;

use super::edit::{Edit, Unpatchable};
use super::package::Package;
use super::tags::{Kind, Tag, Tags, each_tag, escape};
use crate::error::ErrorKind;

/// Name of the part.
pub(crate) const PART: &str = "[Content_Types].xml";

impl Package {
    /// The content type of a part, from its own entry or its extension; `None` where the package names none.
    ///
    /// # Errors
    /// `[Content_Types].xml` cannot be read.
    pub fn content_type(&self, part: &str) -> Result<Option<String>, ErrorKind> {
        let Some(bytes) = self.part(PART)? else { return Ok(None) };
        let part = part.trim_start_matches('/');
        let extension = part.rsplit_once('.').map_or("", |(_, extension)| extension);
        let says = |tag: &Tag<'_>, key, wanted: &str| {
            tag.value(key).is_some_and(|value| value.trim_start_matches('/').eq_ignore_ascii_case(wanted))
        };
        // Own entries count before those of the extension, wherever they stand.
        let mut found = each_tag(PART, &bytes, |tag| {
            let own = tag.opens("Override") && says(tag, "PartName", part);
            let default = tag.opens("Default") && says(tag, "Extension", extension);
            (own || default).then(|| (own, tag.value("ContentType").map(Cow::into_owned)))
        })?;
        found.sort_by_key(|(own, _)| *own);
        Ok(found.pop().and_then(|(_, kind)| kind))
    }
}

/// The edits that take the own entry of a part away.
///
/// # Errors
/// A part that is no XML.
pub(crate) fn without(part: &[u8], name: &str) -> Result<Vec<Edit>, Unpatchable> {
    let mut tags = Tags::of(part)?;
    let mut edits = Vec::new();
    while let Some(tag) = tags.next()? {
        let is_own = |found: &str| found.trim_start_matches('/').eq_ignore_ascii_case(name);
        if tag.kind == Kind::Empty && tag.name == "Override" && tag.value("PartName").is_some_and(|n| is_own(&n)) {
            edits.push(Edit::replace(tag.span, ""));
        }
    }
    Ok(edits)
}

/// The edits that add overrides (part name without leading slash, content type) and, where a default for the
/// extension is missing, defaults (extension, content type).
///
/// # Errors
/// A part that is not what its name says.
pub(crate) fn add(
    part: &[u8],
    overrides: &[(String, &str)],
    defaults: &[(&str, &str)],
) -> Result<Vec<Edit>, Unpatchable> {
    let mut tags = Tags::of(part)?;
    let mut known_defaults = Vec::new();
    let mut known_overrides = Vec::new();
    // Defaults and overrides may stand in any order, so everything goes behind the last one.
    while let Some(tag) = tags.next()? {
        if tag.opens("Default") {
            known_defaults.extend(tag.value("Extension").map(|e| e.to_ascii_lowercase()));
        } else if tag.opens("Override") {
            known_overrides.extend(tag.value("PartName").map(|name| name.trim_start_matches('/').to_ascii_lowercase()));
        } else if tag.closes("Types") {
            let prefix = tag.prefix;
            let mut text = String::new();
            for (extension, kind) in defaults.iter().filter(|(e, _)| !known_defaults.iter().any(|known| known == e)) {
                text.push_str(&format!(r#"<{prefix}Default Extension="{extension}" ContentType="{kind}"/>"#));
            }
            for (name, kind) in overrides.iter().filter(|(n, _)| !known_overrides.contains(&n.to_ascii_lowercase())) {
                let name = escape(name);
                text.push_str(&format!(r#"<{prefix}Override PartName="/{name}" ContentType="{kind}"/>"#));
            }
            return Ok(vec![Edit::insert(tag.span.start, text)]);
        } else if tag.kind == Kind::Empty && tag.name == "Types" {
            break;
        }
    }
    Err(Unpatchable::new("内容类型表不完整"))
}
