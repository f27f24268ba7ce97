//! A part as the tags and texts it consists of, so that two states of it can be compared: all that was there must
//! still be there, in order.

/// A tag or a text between tags, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token<'a> {
    Tag(&'a str),
    Text(&'a str),
}

/// A tag taken apart.
#[derive(Debug, Clone)]
pub(crate) struct Tag {
    /// `/` in front for a closing tag.
    pub(crate) name: String,
    /// Whether it ends in `/>`.
    pub(crate) empty: bool,
    pub(crate) attributes: Vec<(String, String)>,
}

impl Tag {
    /// Whether it opens this element under whatever prefix.
    pub(crate) fn is(&self, name: &str) -> bool {
        !self.name.starts_with('/') && self.local() == name
    }

    /// The name without prefix; of a closing tag too.
    pub(crate) fn local(&self) -> &str {
        let name = self.name.trim_start_matches('/');
        name.rsplit(':').next().unwrap_or(name)
    }

    /// An attribute of this local name.
    pub(crate) fn value(&self, key: &str) -> Option<String> {
        let exact = self.attributes.iter().find(|(name, _)| name == key);
        let found = exact.or_else(|| self.attributes.iter().find(|(name, _)| name.ends_with(&format!(":{key}"))));
        found.map(|(_, value)| quick_xml::escape::unescape(value).map_or(value.clone(), |plain| plain.into_owned()))
    }

    pub(crate) fn number(&self, key: &str) -> Option<usize> {
        self.value(key)?.trim().parse().ok()
    }
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut all = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = match rest.strip_prefix('<') {
            None => rest.find('<').unwrap_or(rest.len()),
            Some(_) if rest.starts_with("<!--") => rest.find("-->").map_or(rest.len(), |at| at + 3),
            Some(_) if rest.starts_with("<![CDATA[") => rest.find("]]>").map_or(rest.len(), |at| at + 3),
            Some(_) if rest.starts_with("<?") => rest.find("?>").map_or(rest.len(), |at| at + 2),
            Some(_) => tag_end(rest),
        };
        let (token, behind) = rest.split_at(end);
        all.push(if token.starts_with('<') { Token::Tag(token) } else { Token::Text(token) });
        rest = behind;
    }
    all
}

fn tag_end(text: &str) -> usize {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => return at + 1,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
    }
    text.len()
}

/// The text of a part, whatever it is written in.
pub(super) fn text_of(bytes: &[u8]) -> String {
    let text = match bytes {
        [b'<', 0, ..] => encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0,
        [0, b'<', ..] => encoding_rs::UTF_16BE.decode_without_bom_handling(bytes).0,
        _ => encoding_rs::UTF_8.decode(bytes).0,
    };
    text.into_owned()
}

/// The tags of a part; comments and processing instructions are left out.
pub(crate) fn tags(bytes: &[u8]) -> Vec<Tag> {
    let text = text_of(bytes);
    let all = tokens(&text).into_iter();
    all.filter_map(|token| match token {
        Token::Tag(tag) if !tag.starts_with("<!") && !tag.starts_with("<?") => Some(taken_apart(tag)),
        _ => None,
    })
    .collect()
}

/// The tags of a part, each with the text behind it.
pub(crate) fn tags_with_text(bytes: &[u8]) -> Vec<(Tag, String)> {
    let text = text_of(bytes);
    let mut all: Vec<(Tag, String)> = Vec::new();
    for token in tokens(&text) {
        match token {
            Token::Tag(tag) if !tag.starts_with("<!") && !tag.starts_with("<?") => {
                all.push((taken_apart(tag), String::new()));
            }
            Token::Text(text) => all.iter_mut().last().into_iter().for_each(|(_, behind)| behind.push_str(text)),
            Token::Tag(_) => {}
        }
    }
    all
}

fn taken_apart(tag: &str) -> Tag {
    let inner = tag.trim_start_matches('<').trim_end_matches('>');
    let empty = inner.ends_with('/') && !inner.starts_with('/');
    let inner = if empty { inner.strip_suffix('/').unwrap_or(inner) } else { inner };
    let length = inner.find(|c: char| c.is_ascii_whitespace()).unwrap_or(inner.len());
    let (name, mut rest) = inner.split_at(length);
    let mut attributes = Vec::new();
    while let Some((key, behind)) = rest.split_once('=') {
        let behind = behind.trim_start();
        let Some(quote) = behind.chars().next().filter(|c| matches!(c, '"' | '\'')) else { break };
        let behind = behind.strip_prefix(quote).unwrap_or(behind);
        let Some((value, behind)) = behind.split_once(quote) else { break };
        attributes.push((key.trim().to_owned(), value.to_owned()));
        rest = behind;
    }
    Tag { name: name.to_owned(), empty, attributes }
}

/// Attributes that a mark changes, by element.
const CHANGED: [(&str, &[&str]); 12] = [
    ("c", &["s"]),
    ("row", &["spans"]),
    ("dimension", &["ref"]),
    ("sheetView", &["tabSelected"]),
    ("workbookView", &["activeTab"]),
    ("fonts", &["count"]),
    ("fills", &["count"]),
    ("borders", &["count"]),
    ("cellXfs", &["count"]),
    ("vector", &["size"]),
    ("idmap", &["data"]),
    ("mergeCells", &[]),
];

/// A token made comparable: what a mark may change is left out, an empty element is its two tags.
fn comparable(token: &Token<'_>) -> Vec<String> {
    match token {
        Token::Text(text) => vec![(*text).to_owned()],
        Token::Tag(tag) if tag.starts_with("<!") || tag.starts_with("<?") => vec![(*tag).to_owned()],
        Token::Tag(tag) => {
            let parts = taken_apart(tag);
            let changed = CHANGED.iter().find(|(name, _)| *name == parts.local()).map_or(&[][..], |(_, keys)| keys);
            let kept = parts.attributes.iter().filter(|(key, _)| !changed.contains(&key.as_str()));
            let kept: String = kept.map(|(key, value)| format!(" {key}={value}")).collect();
            let open = format!("<{}{kept}>", parts.name);
            if parts.empty { vec![open, format!("</{}>", parts.name)] } else { vec![open] }
        }
    }
}

/// What stood in a part and does not any more, in order.
pub(crate) fn losses(name: &str, before: &[u8], after: &[u8]) -> Vec<String> {
    let (before, after) = (text_of(before), text_of(after));
    let old: Vec<String> = tokens(&before).iter().flat_map(comparable).collect();
    let new: Vec<String> = tokens(&after).iter().flat_map(comparable).collect();
    let mut at = 0;
    let mut inside = String::new();
    for (index, token) in old.iter().enumerate() {
        if token.starts_with('<') {
            inside.clone_from(token);
        }
        // Places of boxes and counts of sheets are meant to change.
        if inside.contains("Anchor>") && !token.starts_with('<') || inside.ends_with("i4>") && !token.starts_with('<') {
            continue;
        }
        let addressed = token.starts_with("<c>") || token.starts_with("<row") || token.contains(":c>");
        let found = new.iter().skip(at).position(|now| {
            now == token || addressed && without_address(now) == without_address(token) && !token.contains(" r=")
        });
        match found {
            Some(found) => at += found + 1,
            None => {
                let around: String =
                    old.get(index.saturating_sub(3)..(index + 3).min(old.len())).unwrap_or_default().concat();
                return vec![format!("{name} lost {token:?} of {around:?}")];
            }
        }
    }
    Vec::new()
}

fn without_address(token: &str) -> String {
    let mut kept = String::new();
    for piece in token.trim_end_matches('>').split(' ').filter(|piece| !piece.starts_with("r=")) {
        kept.push_str(piece);
        kept.push(' ');
    }
    kept
}

/// Whether nothing but the selection of the tab was taken off.
pub(crate) fn is_deselected(before: &[u8], after: &[u8]) -> bool {
    let (before, after) = (text_of(before), text_of(after));
    let plain = |text: &str| tokens(text).iter().flat_map(comparable).collect::<Vec<_>>();
    before.contains("tabSelected") && plain(&before) == plain(&after)
}
