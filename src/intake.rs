//! Paths into inputs: files, folders, and submitted `.zip` archives, listed in a stable order and read when asked for.
//!
//! The only place of the library that touches the file system, and it only reads. Decides what is worth opening; what a
//! file really is, reading decides.

mod shard;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs::{self, File, Metadata};
use std::io::{BufReader, Cursor, ErrorKind as Io, Read, Seek, SeekFrom};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use walkdir::WalkDir;
use zip::ZipArchive;

use crate::error::{Error, ErrorKind, Unreadable};
use crate::ooxml::Limits;
use crate::text::is_steering;

pub use shard::{Listing, Shard};

/// What the paths hold.
#[derive(Debug, Default)]
pub struct Intake {
    /// The files to read, ordered by source; each file once.
    pub inputs: Vec<Input>,
    /// What was passed over: source and reason, ordered by source.
    pub skipped: Vec<(String, String)>,
    /// What could not be looked into: a missing path, a folder without permission, a damaged archive.
    pub failed: Vec<Error>,
}

/// A file to read.
#[derive(Debug, Clone)]
pub struct Input {
    /// The path as given, relative, `/` between its parts; of an absolute path from the given folder or file on.
    /// Inside an archive `returned.zip/inner.xlsx`.
    pub source: String,
    place: Place,
    file_bytes: u64,
}

/// Where the bytes lie.
#[derive(Debug, Clone)]
struct Place {
    file: PathBuf,
    /// Index of the entry where the file is an archive, then of the entry in the archive that this entry is.
    entries: Vec<usize>,
    /// Of an archive, as it was when its entries were listed.
    listed: Option<Stamp>,
}

/// By what a file that was written to is known without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    fn of(meta: &Metadata) -> Self {
        Self { length: meta.len(), modified: meta.modified().ok() }
    }
}

impl Input {
    /// The file on disk, without links; of an input inside an archive the archive.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.place.file
    }

    /// The bytes, read now.
    ///
    /// # Errors
    /// The file is gone or cannot be read any more, is larger than the limit, changes while it is read, or its archive is
    /// damaged there or not the one that was listed.
    pub fn read(&self) -> Result<Arc<[u8]>, Error> {
        let bytes = read_once(&self.place.file, |file, stamp| {
            let limit = self.file_bytes;
            let Some((first, inner)) = self.place.entries.split_first() else {
                Limits::check("文件字节数", stamp.length, limit)?;
                return contents(file, stamp, limit);
            };
            // In another archive the same place is another unit's file.
            if self.place.listed.is_some_and(|listed| listed != stamp) {
                return Err(ErrorKind::NotReadable(Unreadable::Changed));
            }
            let mut bytes = entry(BufReader::new(file), *first, limit)?;
            for index in inner {
                bytes = entry(Cursor::new(bytes), *index, limit)?;
            }
            Ok(bytes)
        });
        bytes.map(Into::into).map_err(|kind| Error::new(&self.source, gone(kind)))
    }
}

/// The bytes of a regular file as they are at one moment.
///
/// # Errors
/// It cannot be read, is a folder, a pipe or a device, or changes while it is read.
pub fn read_file(path: &Path) -> Result<Vec<u8>, ErrorKind> {
    read_once(path, |file, stamp| contents(file, stamp, u64::MAX))
}

/// What is read of a regular file, if that stayed as it was meanwhile.
fn read_once<T>(path: &Path, read: impl FnOnce(&File, Stamp) -> Result<T, ErrorKind>) -> Result<T, ErrorKind> {
    // Before it is opened: to open a pipe waits for who writes into it.
    let kind = fs::metadata(path)?.file_type();
    if kind.is_dir() {
        return Err(ErrorKind::Io(Io::IsADirectory.into()));
    }
    if !kind.is_file() {
        return Err(ErrorKind::NotReadable(Unreadable::NoFile));
    }
    let file = File::open(path)?;
    let before = Stamp::of(&file.metadata()?);
    let read = read(&file, before);
    // First of all: half of a file that is being written looks damaged, and no unit is to blame for it.
    if Stamp::of(&file.metadata()?) != before {
        return Err(ErrorKind::NotReadable(Unreadable::Changed));
    }
    read
}

fn contents(file: &File, stamp: Stamp, limit: u64) -> Result<Vec<u8>, ErrorKind> {
    let mut bytes = Vec::with_capacity(usize::try_from(stamp.length.min(limit)).unwrap_or(0));
    // The file may grow while it is read.
    file.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Why a file cannot be read that was there when the work began.
fn gone(kind: ErrorKind) -> ErrorKind {
    match kind {
        ErrorKind::Io(error) if error.kind() == Io::NotFound => ErrorKind::NotReadable(Unreadable::Gone),
        other => other,
    }
}

/// Lists the inputs behind the paths: a file is an input; a folder gives the spreadsheets in it, at any depth; a zip
/// archive that is no workbook gives the spreadsheets in it, and those in archives directly inside.
#[must_use]
pub fn collect(paths: &[PathBuf], limits: &Limits) -> Intake {
    let named: Vec<(PathBuf, String)> = paths.iter().map(|path| (path.clone(), source_of(path))).collect();
    collect_as(&named, limits)
}

/// The same under other names: each path with the source that it gets, or that sources below it begin with.
#[must_use]
pub fn collect_as(paths: &[(PathBuf, String)], limits: &Limits) -> Intake {
    let mut listing = Search {
        limits,
        inputs: BTreeMap::new(),
        seen: BTreeSet::new(),
        skipped: BTreeMap::new(),
        failed: Vec::new(),
        inflated: 0,
        entries: 0,
    };
    for (path, source) in paths {
        match fs::metadata(path) {
            Ok(meta) if meta.is_dir() => listing.folder(path, source),
            Ok(meta) if meta.is_file() => listing.file(path, source, true),
            Ok(_) => listing.skip(source.clone(), NO_FILE),
            Err(error) => listing.failed.push(Error::new(given(path), not_opened(path, error))),
        }
    }
    listing.into_intake()
}

/// What the names of unfinished files end with, behind a dot.
pub const UNFINISHED_MARK: &str = "未完成";
/// The folder of what is unfinished in an output folder.
pub const UNFINISHED: &str = ".jixiao-未完成";

const LINK_UPWARDS: &str = "链接指回上级文件夹";
const NO_FILE: &str = "不是普通文件";

/// What was found so far.
struct Search<'a> {
    limits: &'a Limits,
    /// By source.
    inputs: BTreeMap<String, Place>,
    /// Files and archives that were added: each once, whatever ways lead to it.
    seen: BTreeSet<PathBuf>,
    skipped: BTreeMap<String, String>,
    failed: Vec<Error>,
    /// Bytes that the files of the archive at hand inflate to.
    inflated: u64,
    /// How many files the archive that is listed holds, with those of the archives in it.
    entries: u64,
}

impl Search<'_> {
    fn folder(&mut self, folder: &Path, source: &str) {
        let own = fs::canonicalize(folder).ok();
        let leads_up = |path: &Path| {
            fs::canonicalize(path).is_ok_and(|target| own.as_ref().is_some_and(|own| own.starts_with(target)))
        };
        let below = |path: &Path| joined(source, &source_of(path.strip_prefix(folder).unwrap_or(path)));
        let mut walk = WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter();
        while let Some(found) = walk.next() {
            match found {
                // The walk itself notices only links to folders it is in, not to those above them.
                Ok(found) if found.depth() > 0 && found.path_is_symlink() && leads_up(found.path()) => {
                    if found.file_type().is_dir() {
                        walk.skip_current_dir();
                    }
                    self.skip(below(found.path()), LINK_UPWARDS);
                }
                Ok(found) if found.file_type().is_dir() => {}
                Ok(found) if found.file_type().is_file() => self.file(found.path(), &below(found.path()), false),
                // Reading a pipe would wait for ever.
                Ok(found) => self.skip(below(found.path()), NO_FILE),
                Err(error) => {
                    let inner = error.path().and_then(|path| path.strip_prefix(folder).ok()).map(source_of);
                    let source = joined(source, &inner.unwrap_or_default());
                    if error.loop_ancestor().is_some() {
                        self.skip(source, LINK_UPWARDS);
                    } else {
                        let path = error.path().map(Path::to_owned).unwrap_or_default();
                        let kind = error.into_io_error().map(|error| not_opened(&path, error));
                        self.failed.extend(kind.map(|kind| Error::new(source, kind)));
                    }
                }
            }
        }
    }

    /// A file on disk; `named` where the user named it and did not only name its folder.
    fn file(&mut self, path: &Path, source: &str, named: bool) {
        let worth = worth(source);
        let open = match worth {
            Worth::Never(reason) => return self.skip(source.to_owned(), reason),
            Worth::Spreadsheet => false,
            Worth::Archive => true,
            Worth::Other(_) if named => true,
            Worth::Other(reason) => return self.skip(source.to_owned(), reason),
        };
        let file = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if !self.seen.insert(file.clone()) {
            return;
        }
        let mut place = Place { file, entries: Vec::new(), listed: None };
        if open {
            let opened = File::open(path).map_err(ErrorKind::Io).and_then(|file| {
                let stamp = Stamp::of(&file.metadata()?);
                Ok(archive(BufReader::new(file), self.limits)?.map(|archive| (archive, stamp)))
            });
            match opened {
                Ok(Some((archive, stamp))) => {
                    (self.inflated, self.entries) = (0, 0);
                    place.listed = Some(stamp);
                    return self.archive(archive, source, &place);
                }
                Ok(None) => {}
                Err(kind) => return self.failed.push(Error::new(source, kind)),
            }
        }
        self.add(place, source);
    }

    /// The entries of an archive; of archives inside only the first level.
    fn archive<R: Read + Seek>(&mut self, mut archive: ZipArchive<R>, outer: &str, place: &Place) {
        // Two hundred small archives in one list as much as they like, too.
        self.entries = self.entries.saturating_add(archive.len() as u64);
        let all = Limits::check("压缩包内的文件数（连同里面的压缩包）", self.entries, self.limits.entries);
        if let Err(kind) = all {
            return self.failed.push(Error::new(outer, kind));
        }
        for index in 0..archive.len() {
            let file = match archive.by_index_raw(index) {
                Ok(file) if file.is_dir() => continue,
                Ok(file) => file,
                Err(_) => {
                    self.failed.push(Error::new(outer, ErrorKind::damaged("压缩包目录有误")));
                    continue;
                }
            };
            let source = joined(outer, &entry_name(file.name_raw()));
            let encrypted = file.encrypted();
            let (size, compressed) = (file.size(), file.compressed_size());
            drop(file);
            let mut place = place.clone();
            place.entries.push(index);
            let worth = worth(&source);
            if !matches!(worth, Worth::Never(_) | Worth::Other(_)) {
                if let Err(kind) = self.limits.check_ratio("压缩包内这个文件展开后与展开前的倍数", size, compressed)
                {
                    self.failed.push(Error::new(source, kind));
                    continue;
                }
                self.inflated = self.inflated.saturating_add(size);
                let all = Limits::check("压缩包内的文件展开后的总字节数", self.inflated, self.limits.archive_bytes);
                if let Err(kind) = all {
                    // The rest is not listed: it may go on for as long as the archive likes.
                    return self.failed.push(Error::new(outer, kind));
                }
            }
            match worth {
                Worth::Never(reason) | Worth::Other(reason) => self.skip(source, reason),
                _ if encrypted => self.failed.push(Error::new(source, ErrorKind::NotReadable(Unreadable::Encrypted))),
                Worth::Archive if place.entries.len() as u64 > self.limits.nesting => {
                    let levels = self.limits.nesting + 1;
                    self.skip(source, &format!("压缩包套压缩包超过 {levels} 层，没有展开。请解压后放入文件夹"));
                }
                Worth::Archive => self.nested(&mut archive, index, &source, &place),
                Worth::Spreadsheet => self.add(place, &source),
            }
        }
    }

    fn nested<R: Read + Seek>(&mut self, outer: &mut ZipArchive<R>, index: usize, source: &str, place: &Place) {
        let inner =
            inflated(outer, index, self.limits.file_bytes).and_then(|bytes| archive(Cursor::new(bytes), self.limits));
        match inner {
            Ok(Some(inner)) => self.archive(inner, source, place),
            Ok(None) => self.add(place.clone(), source),
            Err(kind) => self.failed.push(Error::new(source, kind)),
        }
    }

    fn skip(&mut self, source: String, reason: &str) {
        self.skipped.insert(source, reason.to_owned());
    }

    /// Notes an input. Different files of one source (two folders of the same name) are told apart by a number.
    fn add(&mut self, place: Place, source: &str) {
        let mut own = source.to_owned();
        let mut number = 2_u32;
        while self.inputs.contains_key(&own) {
            own = format!("{source}（{number}）");
            number += 1;
        }
        self.inputs.insert(own, place);
    }

    fn into_intake(mut self) -> Intake {
        let file_bytes = self.limits.file_bytes;
        let inputs = self.inputs.into_iter().map(|(source, place)| Input { source, place, file_bytes }).collect();
        self.failed.sort_by(|a, b| a.path.cmp(&b.path));
        Intake { inputs, skipped: self.skipped.into_iter().collect(), failed: self.failed }
    }
}

/// Why what lies at a path cannot be opened.
#[must_use]
pub fn not_opened(path: &Path, error: std::io::Error) -> ErrorKind {
    match path.is_symlink() && error.kind() != Io::PermissionDenied {
        true => ErrorKind::NotReadable(Unreadable::BrokenLink),
        false => ErrorKind::Io(error),
    }
}

/// Whether a name is worth opening.
enum Worth {
    Spreadsheet,
    Archive,
    /// Only where the user named it.
    Other(&'static str),
    Never(&'static str),
}

fn worth(source: &str) -> Worth {
    let (folder, name) = source.rsplit_once('/').unwrap_or(("", source));
    if name.starts_with("~$") || name.starts_with(".~") {
        return Worth::Never("Office 或 WPS 打开文件时留下的锁定文件");
    }
    if folder.split('/').any(|piece| piece == UNFINISHED) || name.ends_with(&format!(".{UNFINISHED_MARK}")) {
        return Worth::Never("审核没有做完时留下的临时文件");
    }
    let is_system = matches!(name, ".DS_Store" | "Thumbs.db" | "desktop.ini");
    if is_system || name.starts_with("._") || folder.split('/').any(|piece| piece == "__MACOSX") {
        return Worth::Never("系统自动生成的文件");
    }
    let extension = Path::new(name).extension().and_then(OsStr::to_str).unwrap_or("").to_lowercase();
    match extension.as_str() {
        "xlsx" | "xlsm" | "xlsb" | "xls" | "et" | "ods" | "xltx" | "xltm" | "xlt" | "ett" | "ots" => Worth::Spreadsheet,
        "zip" => Worth::Archive,
        "rar" | "7z" | "gz" | "tar" => Worth::Other("这种压缩包无法展开，请解压后放入文件夹"),
        "doc" | "docx" | "wps" | "pdf" => Worth::Other("文档，不是表格"),
        "csv" | "txt" => Worth::Other("纯文本，不是 Excel 工作簿"),
        _ => Worth::Other("不是表格文件"),
    }
}

/// The archive in these bytes; `None` where they are no zip, or a document that is one (a workbook).
fn archive<R: Read + Seek>(mut bytes: R, limits: &Limits) -> Result<Option<ZipArchive<R>>, ErrorKind> {
    let mut magic = Vec::with_capacity(4);
    bytes.by_ref().take(4).read_to_end(&mut magic)?;
    if !matches!(magic.as_slice(), b"PK\x03\x04" | b"PK\x05\x06") {
        return Ok(None);
    }
    // A zip64 directory may claim billions of entries; the plain one counts in 16 bits, which bounds its memory.
    let length = bytes.seek(SeekFrom::End(0))?;
    bytes.seek(SeekFrom::Start(length.saturating_sub(66 << 10)))?;
    let mut tail = Vec::new();
    bytes.by_ref().read_to_end(&mut tail)?;
    if memchr::memmem::find(&tail, b"PK\x06\x07").is_some() {
        let reason = "压缩包是 zip64 格式，请解压后放入文件夹".to_owned();
        return Err(ErrorKind::NotReadable(Unreadable::Refused(reason)));
    }
    bytes.rewind()?;
    let archive = ZipArchive::new(bytes).map_err(|_| ErrorKind::damaged("压缩包结尾缺失，可能没有传完"))?;
    Limits::check("压缩包内的文件数", archive.len() as u64, limits.entries)?;
    if archive.has_duplicate_names() {
        return Err(ErrorKind::NotReadable(Unreadable::Refused(
            "压缩包内有同名文件，无法分辨。请解压后放入文件夹".to_owned(),
        )));
    }
    let is_document = ["[Content_Types].xml", "mimetype"].iter().any(|name| archive.index_for_name(name).is_some());
    Ok((!is_document).then_some(archive))
}

/// The bytes of an entry of an archive.
fn entry<R: Read + Seek>(archive: R, index: usize, limit: u64) -> Result<Vec<u8>, ErrorKind> {
    let mut archive = ZipArchive::new(archive).map_err(|_| ErrorKind::damaged("压缩包结尾缺失，可能没有传完"))?;
    inflated(&mut archive, index, limit)
}

fn inflated<R: Read + Seek>(archive: &mut ZipArchive<R>, index: usize, limit: u64) -> Result<Vec<u8>, ErrorKind> {
    let file = archive.by_index(index).map_err(|_| ErrorKind::damaged("压缩包内的文件无法展开"))?;
    Limits::check("文件字节数", file.size(), limit)?;
    let mut bytes = Vec::new();
    // The size may lie; one byte more tells.
    file.take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|_| ErrorKind::damaged("压缩包内的文件校验不符"))?;
    Limits::check("文件字节数", bytes.len() as u64, limit)?;
    Ok(bytes)
}

/// The name of an entry as a relative path: UTF-8 where it is that, else GBK, which Windows and WPS write in China.
/// Drives, absolute paths and `..` are gone.
fn entry_name(raw: &[u8]) -> String {
    let name = match std::str::from_utf8(raw) {
        Ok(name) => name.into(),
        Err(_) => encoding_rs::GBK.decode_without_bom_handling(raw).0,
    };
    let pieces = name.split(['/', '\\']).filter(|piece| !matches!(*piece, "" | "." | "..") && !piece.ends_with(':'));
    pieces.map(one_line_name).collect::<Vec<_>>().join("/")
}

/// A name without the characters that end lines, steer a terminal or turn the direction of writing.
fn one_line_name(name: &str) -> String {
    name.replace(is_steering, "\u{fffd}")
}

/// The source of a given path: relative ones as given without `.` and `..`, of absolute ones the last name.
#[must_use]
pub fn source_of(path: &Path) -> String {
    let names: Vec<_> = path
        .components()
        .filter_map(|piece| match piece {
            Component::Normal(name) => Some(one_line_name(&name.to_string_lossy())),
            _ => None,
        })
        .collect();
    match names.last() {
        Some(last) if path.is_absolute() => last.clone(),
        _ => names.join("/"),
    }
}

/// A path as the user wrote it, with `/`.
fn given(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

fn joined(folder: &str, inner: &str) -> String {
    match (folder, inner) {
        ("", inner) => inner.to_owned(),
        (folder, "") => folder.to_owned(),
        (folder, inner) => format!("{folder}/{inner}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entry_names_are_decoded_and_kept_inside() {
        let (gbk, _, _) = encoding_rs::GBK.encode("单位甲\\自评表.xlsx");
        assert_eq!(entry_name(&gbk), "单位甲/自评表.xlsx");
        assert_eq!(entry_name("C:\\..\\..\\etc/表.xls".as_bytes()), "etc/表.xls");
        assert_eq!(entry_name(b"/abs/./a.xls"), "abs/a.xls");
        assert_eq!(entry_name("\u{1b}[31m甲\n\u{202e}.xls".as_bytes()), "\u{fffd}[31m甲\u{fffd}\u{fffd}.xls");
    }

    #[test]
    fn a_file_that_changes_while_it_is_read_is_neither_the_old_nor_the_new() {
        use std::io::Write;
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("表.xlsx");
        fs::write(&path, b"old").expect("a file");
        assert_eq!(read_file(&path).expect("readable"), b"old");
        let read = read_once(&path, |file, stamp| {
            let half = contents(file, stamp, 2);
            fs::OpenOptions::new()
                .append(true)
                .open(&path)
                .and_then(|mut file| file.write_all(b"er"))
                .expect("written");
            half
        });
        assert!(matches!(read, Err(ErrorKind::NotReadable(Unreadable::Changed))), "{read:?}");
        assert!(matches!(read_file(dir.path()), Err(ErrorKind::Io(error)) if error.kind() == Io::IsADirectory));
    }

    #[test]
    fn sources_are_relative_and_never_lead_upwards() {
        assert_eq!(source_of(Path::new("./a/../b.xlsx")), "a/b.xlsx");
        assert_eq!(source_of(Path::new("/data/returned")), "returned");
        assert_eq!(source_of(Path::new(".")), "");
    }
}
