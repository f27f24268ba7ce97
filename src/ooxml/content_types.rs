//! `[Content_Types].xml` (ECMA-376 part 2, §6.2.3): what kind of part each name is.

use super::edit::{Edit, Unpatchable};
use super::tags::{Kind, Tags, escape};

/// Name of the part.
pub(crate) const PART: &str = "[Content_Types].xml";

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
