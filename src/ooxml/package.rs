//! An OPC package held in memory: its parts, each inflated at most once and under limits, and its rewriting.
//!
//! Owns the checks that make a package safe to read (count, size, ratio, checksum, names) and the copying of
//! untouched entries. Does not know what is in a part, except for relationships and content types.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::encoding::Encoding;
use super::limits::Limits;
use crate::error::{ErrorKind, Unreadable};

/// A package. Reading needs only `&self`, so one package serves reading, patching and several threads.
#[derive(Debug)]
pub struct Package {
    archive: ZipArchive<Cursor<Arc<[u8]>>>,
    entries: Vec<Entry>,
    /// Lower-case name → index into `entries`: part names are compared without case (ECMA-376 part 2, §6.2.2.3).
    index: BTreeMap<String, usize>,
    limits: Limits,
    inflated: AtomicU64,
}

#[derive(Debug)]
struct Entry {
    name: String,
    is_folder: bool,
    compressed: u64,
    size: u64,
    held: Mutex<Option<Held>>,
}

/// A part that was inflated.
#[derive(Debug, Clone)]
struct Held {
    /// XML in UTF-8, whatever it is written in.
    bytes: Arc<[u8]>,
    /// What XML is written in, where that is not UTF-8.
    encoding: Option<Encoding>,
}

impl Package {
    /// The package in these bytes. Only the directory is read; parts are inflated when asked for.
    ///
    /// # Errors
    /// Too many entries, a damaged directory, a password, names that occur twice or lead out of the package, and
    /// compression other than deflate.
    pub fn open(bytes: Arc<[u8]>, limits: &Limits) -> Result<Self, ErrorKind> {
        Limits::check("文件字节数", bytes.len() as u64, limits.file_bytes)?;
        // Counted before the directory is parsed: every entry costs memory there. Each has this signature.
        let entries = memchr::memmem::find_iter(&bytes, b"PK\x01\x02").count() as u64;
        Limits::check("压缩包内的文件数", entries, limits.entries)?;
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
        if archive.has_duplicate_names() {
            return Err(refused("压缩包内有同名文件"));
        }
        let mut entries = Vec::with_capacity(archive.len());
        let mut index = BTreeMap::new();
        for at in 0..archive.len() {
            let file = archive.by_index_raw(at).map_err(|error| damaged(&error))?;
            if file.encrypted() {
                return Err(ErrorKind::NotReadable(Unreadable::Encrypted));
            }
            if !matches!(file.compression(), CompressionMethod::Stored | CompressionMethod::Deflated) {
                return Err(refused("压缩包用了少见的压缩方式"));
            }
            let name = part_name(&String::from_utf8_lossy(file.name_raw()))?;
            if index.insert(name.to_lowercase(), entries.len()).is_some() {
                return Err(refused("压缩包内有同名文件"));
            }
            entries.push(Entry {
                is_folder: name.ends_with('/'),
                name,
                compressed: file.compressed_size(),
                size: file.size(),
                held: Mutex::new(None),
            });
        }
        Ok(Self { archive, entries, index, limits: limits.clone(), inflated: AtomicU64::new(0) })
    }

    /// Names of the parts in the order of the package, with `/` and without a leading one: `xl/workbook.xml`.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().filter(|entry| !entry.is_folder).map(|entry| entry.name.as_str())
    }

    /// Whether there is a part of this name; the case of letters and a leading `/` do not matter.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.position(name).is_some()
    }

    /// The name as the package spells it, of a part asked for in any case of letters.
    #[must_use]
    pub fn spelled(&self, name: &str) -> Option<&str> {
        self.position(name).and_then(|at| self.entries.get(at)).map(|entry| entry.name.as_str())
    }

    /// The inflated part, its checksum verified; `None` where the package has no such part. The first call inflates,
    /// later calls share the bytes. XML comes in UTF-8, whatever it is written in.
    ///
    /// # Errors
    /// A limit was passed, or the part is damaged.
    pub fn part(&self, name: &str) -> Result<Option<Arc<[u8]>>, ErrorKind> {
        match self.position(name) {
            Some(at) => Ok(self.held(at)?.map(|held| held.bytes)),
            None => Ok(None),
        }
    }

    fn held(&self, at: usize) -> Result<Option<Held>, ErrorKind> {
        let Some(entry) = self.entries.get(at) else { return Ok(None) };
        let mut kept = entry.held.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.is_none() {
            let bytes = self.inflate(at, entry)?;
            let is_xml = entry
                .name
                .rsplit('.')
                .next()
                .is_some_and(|kind| ["xml", "rels", "vml"].iter().any(|known| kind.eq_ignore_ascii_case(known)));
            let decoded = if is_xml { Encoding::decode(&bytes) } else { None };
            *kept = Some(match decoded {
                Some((text, encoding)) => Held { bytes: text.into_bytes().into(), encoding: Some(encoding) },
                None => Held { bytes: bytes.into(), encoding: None },
            });
        }
        Ok(kept.clone())
    }

    /// The inflated part.
    ///
    /// # Errors
    /// As [`Package::part`], and [`ErrorKind::BadPart`] where the package has no such part.
    pub fn required_part(&self, name: &str) -> Result<Arc<[u8]>, ErrorKind> {
        self.part(name)?.ok_or_else(|| ErrorKind::bad_part(name, "缺少这个内部文件"))
    }

    fn position(&self, name: &str) -> Option<usize> {
        let name = name.replace('\\', "/").to_lowercase();
        let at = *self.index.get(name.trim_start_matches('/'))?;
        self.entries.get(at).filter(|entry| !entry.is_folder).map(|_| at)
    }

    fn inflate(&self, at: usize, entry: &Entry) -> Result<Vec<u8>, ErrorKind> {
        let limits = &self.limits;
        // The declared size first, then what really comes out: the declaration may lie.
        let named = |kind: ErrorKind| kind.in_part(&entry.name);
        Limits::check("解压后的字节数", entry.size, limits.part_bytes).map_err(named)?;
        limits.check_ratio("解压后与解压前的倍数", entry.size, entry.compressed).map_err(named)?;
        let all = self.inflated.fetch_add(entry.size, Ordering::Relaxed).saturating_add(entry.size);
        Limits::check("全部内部文件解压后的字节数", all, limits.total_bytes)?;
        // A clone shares directory and bytes; it only has an own position.
        let mut archive = self.archive.clone();
        let file = archive.by_index(at).map_err(|_| ErrorKind::bad_part(&entry.name, "文件头损坏"))?;
        let mut bytes = Vec::with_capacity(usize::try_from(entry.size).unwrap_or(0));
        file.take(entry.size.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|_| ErrorKind::bad_part(&entry.name, "内容损坏，校验不符"))?;
        if bytes.len() as u64 != entry.size {
            return Err(ErrorKind::bad_part(&entry.name, "实际大小与登记的不符"));
        }
        Ok(bytes)
    }

    /// The package with some parts changed and some added. Every other entry, folders included, is copied
    /// compressed, byte for byte and in order; additions come last. What a part was written in it is written in again.
    /// The same call gives the same bytes.
    ///
    /// # Errors
    /// A changed part that is not there, an added one that is, or a damaged entry.
    pub fn rewrite(
        &self,
        changes: &BTreeMap<String, Vec<u8>>,
        additions: &[(String, Vec<u8>)],
    ) -> Result<Vec<u8>, ErrorKind> {
        self.rewrite_without(changes, additions, &BTreeSet::new())
    }

    /// The same without some parts, whose names added ones may take. What names them elsewhere is the caller's business.
    ///
    /// # Errors
    /// Those of [`Self::rewrite`]; a part to be left out that is not there is none.
    pub(crate) fn rewrite_without<B: AsRef<[u8]>>(
        &self,
        changes: &BTreeMap<String, B>,
        additions: &[(String, B)],
        removals: &BTreeSet<String>,
    ) -> Result<Vec<u8>, ErrorKind> {
        let removed: BTreeSet<usize> = removals.iter().filter_map(|name| self.position(name)).collect();
        let mut changed = BTreeMap::new();
        for (name, bytes) in changes {
            let at = self.position(name).ok_or_else(|| ErrorKind::bad_part(name, "要修改的内部文件不存在"))?;
            changed.insert(at, bytes);
        }
        // The date is fixed (1980-01-01), else no two runs would give the same bytes.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(6))
            .last_modified_time(DateTime::default());
        let mut archive = self.archive.clone();
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.set_raw_comment(archive.comment().into()).map_err(|error| damaged(&error))?;
        for (at, entry) in self.entries.iter().enumerate().filter(|(at, _)| !removed.contains(at)) {
            let fail = |error: &dyn std::fmt::Display| ErrorKind::bad_part(&entry.name, format!("无法复制（{error}）"));
            if let Some(bytes) = changed.get(&at) {
                let name =
                    String::from_utf8_lossy(archive.by_index_raw(at).map_err(|e| fail(&e))?.name_raw()).into_owned();
                writer.start_file(name, options).map_err(|e| fail(&e))?;
                let encoding = self.held(at)?.and_then(|held| held.encoding);
                let bytes = encoding.map_or(Cow::Borrowed(bytes.as_ref()), |to| Cow::Owned(to.encode(bytes.as_ref())));
                writer.write_all(&bytes).map_err(|e| fail(&e))?;
            } else {
                let file = archive.by_index_raw(at).map_err(|e| fail(&e))?;
                writer.raw_copy_file(file).map_err(|e| fail(&e))?;
            }
        }
        for (name, bytes) in additions {
            if self.index.get(&name.to_lowercase()).is_some_and(|at| !removed.contains(at)) {
                return Err(ErrorKind::bad_part(name, "要新增的内部文件已经存在"));
            }
            let fail = |error: &dyn std::fmt::Display| ErrorKind::bad_part(name, format!("无法新增（{error}）"));
            writer.start_file(name.as_str(), options).map_err(|e| fail(&e))?;
            writer.write_all(bytes.as_ref()).map_err(|e| fail(&e))?;
        }
        writer.finish().map(Cursor::into_inner).map_err(|error| damaged(&error))
    }
}

/// The text of an XML part, without a byte order mark.
///
/// # Errors
/// [`ErrorKind::BadPart`] for bytes in no encoding that the part declares.
pub(crate) fn xml_text<'a>(name: &str, bytes: &'a [u8]) -> Result<&'a str, ErrorKind> {
    let text = std::str::from_utf8(bytes).map_err(|_| ErrorKind::bad_part(name, "不是 UTF-8 编码"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // UTF-16 of plain ASCII is valid UTF-8 with zero bytes between.
    if text.contains('\0') { Err(ErrorKind::bad_part(name, "不是 UTF-8 编码")) } else { Ok(text) }
}

/// A part name as the package compares them: `/` between folders, none in front.
fn part_name(raw: &str) -> Result<String, ErrorKind> {
    let name = raw.replace('\\', "/");
    let name = name.trim_start_matches('/');
    let inner = name.strip_suffix('/').unwrap_or(name);
    if inner.split('/').any(|piece| matches!(piece, "" | "." | "..")) || name.contains('\0') {
        return Err(refused("压缩包内有不合规的文件名"));
    }
    Ok(name.to_owned())
}

fn refused(reason: &str) -> ErrorKind {
    ErrorKind::NotReadable(Unreadable::Refused(format!("{reason}。请用 Excel 或 WPS 打开后另存为 .xlsx")))
}

fn damaged(error: &ZipError) -> ErrorKind {
    let detail = match error {
        ZipError::InvalidArchive(_) | ZipError::Io(_) => "压缩结构不完整，可能没有传完".to_owned(),
        other => format!("压缩结构有误：{other}"),
    };
    ErrorKind::damaged(detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in entries {
            if name.ends_with('/') {
                writer.add_directory(*name, SimpleFileOptions::default()).expect("a folder entry");
            } else {
                let method = if bytes.len() < 8 { CompressionMethod::Stored } else { CompressionMethod::Deflated };
                let options = SimpleFileOptions::default().compression_method(method);
                writer.start_file(*name, options).expect("an entry");
                writer.write_all(bytes).expect("its bytes");
            }
        }
        writer.finish().expect("a zip").into_inner()
    }

    fn open(bytes: Vec<u8>) -> Result<Package, ErrorKind> {
        Package::open(bytes.into(), &Limits::default())
    }

    /// Replaces every occurrence, so that local and central headers stay in step.
    fn replaced(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
        assert_eq!(from.len(), to.len());
        let places: Vec<usize> = memchr::memmem::find_iter(&bytes, from).collect();
        assert!(!places.is_empty());
        for at in places {
            bytes[at..at + to.len()].copy_from_slice(to);
        }
        bytes
    }

    #[test]
    fn a_rewrite_touches_nothing_but_what_it_is_told_to() {
        let long = "预算绩效".repeat(50);
        let package = open(zip(&[
            ("a.xml", long.as_bytes()),
            ("dir/", b""),
            ("dir\\B.xml", b"<b/>"),
            ("c.bin", long.as_bytes()),
        ]))
        .expect("a package");
        assert_eq!(package.parts().collect::<Vec<_>>(), ["a.xml", "dir/B.xml", "c.bin"]);
        let changes = BTreeMap::from([("/DIR/b.xml".to_owned(), b"<b>changed</b>".to_vec())]);
        let bytes = package.rewrite(&changes, &[("new.xml".to_owned(), b"<n/>".to_vec())]).expect("rewritten");
        assert_eq!(bytes, package.rewrite(&changes, &[("new.xml".to_owned(), b"<n/>".to_vec())]).expect("again"));
        let after = open(bytes).expect("still a package");
        assert_eq!(after.parts().collect::<Vec<_>>(), ["a.xml", "dir/B.xml", "c.bin", "new.xml"]);
        assert_eq!(&*after.required_part("dir/b.xml").expect("the changed part"), b"<b>changed</b>");
        for at in [0, 1, 3] {
            let raw = |package: &Package| {
                let mut archive = package.archive.clone();
                let mut file = archive.by_index_raw(at).expect("the entry");
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes).expect("its compressed bytes");
                (file.name_raw().to_vec(), file.crc32(), file.last_modified(), bytes)
            };
            assert_eq!(raw(&package), raw(&after));
        }
    }

    #[test]
    fn a_rewrite_refuses_to_change_what_is_missing_or_add_what_is_there() {
        let package = open(zip(&[("a.xml", b"<a/>")])).expect("a package");
        assert!(package.rewrite(&BTreeMap::from([("b.xml".to_owned(), Vec::new())]), &[]).is_err());
        assert!(package.rewrite(&BTreeMap::new(), &[("A.xml".to_owned(), Vec::new())]).is_err());
    }

    #[test]
    fn names_that_occur_twice_or_lead_outside_are_refused() {
        let twice = replaced(zip(&[("a1.xml", b"<a/>"), ("a2.xml", b"<b/>")]), b"a2.xml", b"a1.xml");
        for bytes in [twice, zip(&[("a.xml", b"1"), ("A.XML", b"2")]), zip(&[("x/../../a.xml", b"1")])] {
            assert!(matches!(open(bytes), Err(ErrorKind::NotReadable(Unreadable::Refused(_)))));
        }
    }

    #[test]
    fn a_part_with_a_wrong_checksum_is_named() {
        let bytes = replaced(zip(&[("a.xml", b"<a/>")]), b"<a/>", b"<b/>");
        let package = open(bytes).expect("the directory is sound");
        assert!(matches!(package.part("a.xml"), Err(ErrorKind::BadPart { part, .. }) if part == "a.xml"));
    }

    #[test]
    fn a_bomb_is_stopped_by_ratio_and_by_size() {
        let bytes = zip(&[("a.xml", vec![b' '; 5 << 20].as_slice())]);
        let package = open(bytes.clone()).expect("the directory is sound");
        assert!(matches!(package.part("a.xml"), Err(ErrorKind::TooLarge { .. })));
        let limits = Limits { ratio: u64::MAX, total_bytes: 4 << 20, ..Limits::default() };
        let package = Package::open(bytes.into(), &limits).expect("the directory is sound");
        assert!(matches!(package.part("a.xml"), Err(ErrorKind::TooLarge { .. })));
    }
}
