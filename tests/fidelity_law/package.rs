//! The parts of a package as a zip reader sees them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

use super::tokens::{self, Tag};

/// A part, packed and unpacked.
pub(crate) struct Part {
    pub(crate) bytes: Vec<u8>,
    pub(crate) compressed: Vec<u8>,
    /// What the directory says of it: method, checksum, time, attributes.
    pub(crate) header: String,
}

/// A relationship as written, its target made absolute.
pub(crate) struct Relation {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) target: String,
    pub(crate) external: bool,
}

/// The parts in order.
pub(crate) struct Parts {
    order: Vec<String>,
    parts: BTreeMap<String, Part>,
    /// Names in lower case with `/` → as written.
    plain: BTreeMap<String, String>,
    pub(crate) unreadable: Vec<String>,
}

impl Parts {
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let mut all =
            Self { order: Vec::new(), parts: BTreeMap::new(), plain: BTreeMap::new(), unreadable: Vec::new() };
        let mut archive = match zip::ZipArchive::new(Cursor::new(bytes)) {
            Ok(archive) => archive,
            Err(error) => {
                all.unreadable.push(format!("no zip: {error}"));
                return all;
            }
        };
        for index in 0..archive.len() {
            let (name, header, compressed) = {
                let mut file = archive.by_index_raw(index).expect("an entry of the directory");
                let name = String::from_utf8_lossy(file.name_raw()).into_owned();
                // A month 0 or a day 0, which many programs write, is no date that could be kept.
                let time = file.last_modified().filter(|time| time.is_valid() && time.year() > 1980);
                let header = format!("{:?} {} {time:?} {}", file.compression(), file.crc32(), file.comment());
                let mut compressed = Vec::new();
                file.read_to_end(&mut compressed).expect("bytes of memory");
                (name, header, compressed)
            };
            if name.ends_with('/') || name.ends_with('\\') {
                continue;
            }
            let mut unpacked = Vec::new();
            let read = archive.by_index(index).map_err(|error| error.to_string());
            if let Err(error) = read.and_then(|mut f| f.read_to_end(&mut unpacked).map_err(|error| error.to_string())) {
                all.unreadable.push(format!("{name}: {error}"));
            }
            all.order.push(name.clone());
            all.plain.insert(plain(&name), name.clone());
            all.parts.insert(name, Part { bytes: unpacked, compressed, header });
        }
        all
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Part)> {
        self.order.iter().filter_map(|name| Some((name.as_str(), self.parts.get(name)?)))
    }

    /// The part written exactly so.
    pub(crate) fn get(&self, name: &str) -> Option<&Part> {
        self.parts.get(name)
    }

    /// The bytes of a part in whatever case and with whatever slashes.
    pub(crate) fn find(&self, name: &str) -> Option<&[u8]> {
        self.plain.get(&plain(name)).and_then(|name| self.parts.get(name)).map(|part| part.bytes.as_slice())
    }

    /// The relationships of a part; of the package for an empty name.
    pub(crate) fn relations(&self, part: &str) -> Vec<Relation> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let name = if folder.is_empty() { format!("_rels/{file}.rels") } else { format!("{folder}/_rels/{file}.rels") };
        let Some(bytes) = self.find(&name) else { return Vec::new() };
        tokens::tags(bytes).iter().filter(|tag| tag.is("Relationship")).map(|tag| relation(tag, folder)).collect()
    }

    /// The workbook part.
    pub(crate) fn workbook(&self) -> String {
        let office = self.relations("").into_iter().find(|r| r.kind.ends_with("/officeDocument"));
        office.map_or_else(|| "xl/workbook.xml".to_owned(), |relation| relation.target)
    }

    /// Whether a part is one that a review may change by its role, whatever its name: workbook, styles, notes and
    /// their drawings, properties.
    pub(crate) fn is_role(&self, name: &str) -> bool {
        let book = self.workbook();
        let roles = ["styles", "officeDocument", "extended-properties", "comments", "vmlDrawing", "calcChain"];
        let mut named: BTreeSet<String> = BTreeSet::new();
        let sheets = self.relations(&book);
        let below = sheets.iter().filter(|r| r.kind.ends_with("/worksheet")).flat_map(|r| self.relations(&r.target));
        for relation in self.relations("").into_iter().chain(self.relations(&book)).chain(below) {
            if roles.iter().any(|role| relation.kind.ends_with(&format!("/{role}"))) {
                named.insert(plain(&relation.target));
            }
        }
        named.contains(&plain(name))
    }

    /// Every part's name with `/`, none in front.
    pub(crate) fn names(&self) -> impl Iterator<Item = String> {
        self.order.iter().map(|name| name.replace('\\', "/").trim_start_matches('/').to_owned())
    }
}

fn plain(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_lowercase()
}

fn relation(tag: &Tag, folder: &str) -> Relation {
    let get = |key| tag.value(key).unwrap_or_default();
    let external = get("TargetMode") == "External";
    let written = get("Target");
    let target = if external { written } else { absolute(folder, &written) };
    Relation { id: get("Id"), kind: get("Type"), target, external }
}

fn absolute(folder: &str, target: &str) -> String {
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
