//! The output folder: what may be written there, under which names, and never half a file.
//!
//! A returned workbook is staged while the batch runs and gets its name when all are judged, in the order of the
//! round: so the names are the same for any number of threads.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Cursor, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::bail;
use jixiao::error::{Error, ErrorKind};
use jixiao::intake::UNFINISHED;
use jixiao::text::is_steering;
use walkdir::WalkDir;
use zip::write::SimpleFileOptions;

use super::claim::Claim;
use super::{files, reports, stop};

/// Folder of the returned workbooks.
const RETURNED: &str = "退回";
/// The statistics.
pub(super) const STATISTICS: &str = "统计.xlsx";
/// The same as a page, with the forms as they stand.
pub(super) const PAGE: &str = "报告.html";
/// The results for programs.
pub(super) const RESULTS: &str = "结果.json";
/// The facts of several results together.
pub(super) const SUMMARY: &str = "汇总.json";
/// What was judged, by what, and what was written.
pub(super) const MANIFEST: &str = "清单.json";
/// Longest name of a folder or stem, in characters: Windows paths are short.
const NAME_LIMIT: usize = 80;
/// And in bytes: Linux takes 255 with number and extension.
const NAME_BYTES: usize = 230;

/// An output folder made ready, this run's alone.
pub(super) struct Outputs {
    dir: PathBuf,
    claim: Claim,
    /// Why the disk takes nothing more, once it does not.
    full: OnceLock<Error>,
}

impl Outputs {
    /// What a run writes into this folder: no input, whoever wrote it.
    pub(super) fn places(dir: &Path) -> Vec<PathBuf> {
        [RETURNED, RESULTS, MANIFEST, UNFINISHED].into_iter().chain(reports::FILES).map(|name| dir.join(name)).collect()
    }

    /// Takes the folder and makes sure that it can be written. Refuses where results stand already, unless forced.
    pub(super) fn prepare(dir: &Path, force: bool) -> anyhow::Result<Self> {
        let claim = Claim::of(dir)?;
        let existing = existing(dir);
        if !force && !existing.is_empty() {
            let unfinished = match existing.contains(&RETURNED) && !existing.contains(&MANIFEST) {
                true => format!("。没有 {MANIFEST}，是上一次没有做完留下的"),
                false => "，未覆盖".to_owned(),
            };
            bail!(
                "输出目录 {} 里已有 {}{unfinished}。换一个输出目录，或加 --force 覆盖",
                dir.display(),
                existing.join("、")
            );
        }
        let folder = dir.join(RETURNED);
        fs::create_dir_all(&folder)
            .map_err(|error| anyhow::Error::new(at(&folder, error)).context("不能写输出目录"))?;
        Ok(Self { dir: dir.to_owned(), claim, full: OnceLock::new() })
    }

    /// Takes the record of an earlier run away: while a folder is being written it has none. Until then what that run wrote
    /// is as it was.
    pub(super) fn begin(&self) -> Result<(), Error> {
        files::remove(&self.dir.join(MANIFEST))
    }

    /// Why the disk takes nothing more; `None` while it does.
    pub(super) fn full(&self) -> Option<&Error> {
        self.full.get()
    }

    /// Whether nothing more is to be written: somebody stopped the work, or the disk takes nothing.
    pub(super) fn is_over(&self) -> bool {
        stop::is_called() || self.full.get().is_some()
    }

    /// Tells of a disk that takes nothing more: one file after the other would fail.
    fn seen<T>(&self, done: Result<T, Error>) -> Result<T, Error> {
        use io::ErrorKind::{QuotaExceeded, ReadOnlyFilesystem, StorageFull};
        done.inspect_err(|error| match &error.kind {
            ErrorKind::Io(cause) if matches!(cause.kind(), StorageFull | QuotaExceeded | ReadOnlyFilesystem) => {
                let dir = self.dir.display().to_string();
                // The first is as good as any.
                let _ = self.full.set(Error::new(dir, ErrorKind::Io(cause.kind().into())));
            }
            _ => {}
        })
    }

    /// Keeps a workbook until its name is known.
    pub(super) fn stage(&self, index: usize, bytes: &[u8]) -> Result<(), Error> {
        let path = self.staged(index);
        self.seen(fs::write(&path, bytes).map_err(|error| at(&path, error)))
    }

    /// Gives a staged workbook its place below the folder.
    pub(super) fn place(&self, index: usize, relative: &str) -> Result<(), Error> {
        let path = self.dir.join(relative);
        let moved = path.parent().map_or(Ok(()), fs::create_dir_all);
        self.seen(moved.and_then(|()| fs::rename(self.staged(index), &path)).map_err(|error| at(&path, error)))
    }

    /// Writes a file below the folder.
    pub(super) fn put(&self, relative: &str, bytes: &[u8]) -> Result<(), Error> {
        self.write(relative, |out| out.write_all(bytes))
    }

    /// A file that was written below the folder.
    pub(super) fn get(&self, relative: &str) -> Result<Vec<u8>, Error> {
        let path = self.dir.join(relative);
        fs::read(&path).map_err(|error| at(&path, error))
    }

    /// Writes a report of this name.
    pub(super) fn report(&self, name: &str, write: &dyn Fn(&mut dyn Write) -> io::Result<()>) -> Result<(), Error> {
        self.write(name, write)
    }

    /// Writes 结果.json.
    pub(super) fn results(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Error> {
        self.write(RESULTS, write)
    }

    /// Files of an earlier run below `退回` that this one did not write, by path below the folder.
    pub(super) fn stale<'p>(&self, written: impl IntoIterator<Item = &'p String>) -> Vec<String> {
        strangers(&self.dir, written)
    }

    /// Gives the folder back, without what was staged.
    pub(super) fn finish(&self) -> Result<(), Error> {
        self.claim.release()
    }

    fn staged(&self, index: usize) -> PathBuf {
        self.claim.unfinished(&format!("{index}.xlsx"))
    }

    fn write(&self, name: &str, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Error> {
        self.seen(files::write_by_way_of(&self.claim.unfinished("件"), &self.dir.join(name), write))
    }
}

/// What stands in a folder of what a run writes.
fn existing(dir: &Path) -> Vec<&'static str> {
    // What an interrupted run leaves behind, an empty folder, is no result.
    let holds = |name: &&str| match fs::read_dir(dir.join(name)) {
        Ok(mut entries) => entries.next().is_some(),
        Err(_) => dir.join(name).exists(),
    };
    [RETURNED].into_iter().chain(reports::FILES).chain([RESULTS, MANIFEST]).filter(holds).collect()
}

fn at(path: &Path, error: io::Error) -> Error {
    Error::new(path.display().to_string(), ErrorKind::Io(error))
}

/// Files among what goes back to the units that are none of these, by path below the output folder.
pub(super) fn strangers<'p>(dir: &Path, known: impl IntoIterator<Item = &'p String>) -> Vec<String> {
    let known: BTreeSet<PathBuf> = known.into_iter().map(|path| dir.join(path)).collect();
    let found = WalkDir::new(dir.join(RETURNED)).sort_by_file_name().into_iter().filter_map(Result::ok);
    let found = found.filter(|entry| entry.file_type().is_file() && !known.contains(entry.path()));
    found.map(|entry| entry.path().strip_prefix(dir).unwrap_or(entry.path()).display().to_string()).collect()
}

/// Files by their names as one archive, in this order. Names that are not ASCII are UTF-8 and marked so, which Explorer and
/// WPS go by.
pub(super) fn archive(files: &[(String, Vec<u8>)]) -> io::Result<Vec<u8>> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    // A fixed date, so that the same files give the same bytes; they are packed already.
    let options = SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Stored)
        .last_modified_time(zip::DateTime::default());
    for (name, bytes) in files {
        writer.start_file(name.as_str(), options)?;
        writer.write_all(bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}

/// Hands out paths below the output folder, each once, also on file systems that take `A` for `a`.
#[derive(Default)]
pub(super) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// The folder of a unit, `退回/<department>/<unit>`, numbered where it is taken; its archive lies beside it. What a
    /// department hands in itself lies in a folder of its own name below it, as in what `template` sends out.
    pub(super) fn folder(&mut self, department: &str, unit: &str) -> String {
        let path = format!("{RETURNED}/{}/{}", safe(department), safe(unit));
        let mut free = path.clone();
        let mut number = 2_u64;
        while !self.taken.insert(free.to_lowercase()) {
            free = format!("{path}-{number}");
            number += 1;
        }
        self.take(&format!("{free}.zip"));
        free
    }

    /// `<folder>/<file name>` for a source; the name ends in `extension` where the file had another one.
    pub(super) fn assign(&mut self, folder: &str, source: &str, extension: &str) -> String {
        let file = source.rsplit('/').next().unwrap_or(source);
        let (stem, old) = file.rsplit_once('.').unwrap_or((file, ""));
        let extension = if old.eq_ignore_ascii_case(extension) { old } else { extension };
        self.free(&format!("{folder}/{}", safe(stem)), extension)
    }

    /// Takes a path away from those that are free.
    pub(super) fn take(&mut self, path: &str) {
        self.taken.insert(path.to_lowercase());
    }

    /// The path with this extension, numbered where it is taken; its parts must be [`safe`].
    pub(super) fn free(&mut self, path: &str, extension: &str) -> String {
        let mut free = format!("{path}.{extension}");
        let mut number = 2_u64;
        while !self.taken.insert(free.to_lowercase()) {
            free = format!("{path}-{number}.{extension}");
            number += 1;
        }
        free
    }
}

/// The text as a name that Windows takes: no forbidden characters, no device names, no dot or space at the end.
pub(super) fn safe(text: &str) -> String {
    const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];
    let allowed = |c: char| if is_steering(c) || "<>:\"/\\|?*".contains(c) { '_' } else { c };
    let mut bytes = 0;
    let short = text.trim().chars().take(NAME_LIMIT).take_while(|c| {
        bytes += c.len_utf8();
        bytes <= NAME_BYTES
    });
    let name: String = short.map(allowed).collect();
    let name = name.trim_end_matches(['.', ' ']);
    // Windows takes `nul.txt` for the device too.
    let lower = name.split('.').next().unwrap_or(name).trim_end().to_lowercase();
    let port = lower.strip_prefix("com").or_else(|| lower.strip_prefix("lpt"));
    let device = DEVICES.contains(&lower.as_str())
        || port.is_some_and(|n| matches!(n, "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³"));
    match name {
        "" => "未命名".to_owned(),
        name if device || name.starts_with('.') => format!("_{name}"),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_files_of_one_name_both_get_a_place() {
        let mut names = Names::default();
        assert_eq!([names.folder("甲局", "A/B"), names.folder("甲局", "a:b")], ["退回/甲局/A_B", "退回/甲局/a_b-2"]);
        assert_eq!(names.assign("退回/甲局", "a/自评表.xlsx", "xlsx"), "退回/甲局/自评表.xlsx");
        assert_eq!(names.assign("退回/甲局", "b/自评表.xlsx", "xlsx"), "退回/甲局/自评表-2.xlsx");
        assert_eq!(names.assign("退回/甲局", "b/自评表.XLSX", "xlsx"), "退回/甲局/自评表-3.XLSX");
        assert_eq!(names.assign("退回/甲局", "c/老表.et", "xlsx"), "退回/甲局/老表.xlsx");
    }

    #[test]
    fn names_that_windows_refuses_are_mended() {
        for (text, name) in [
            ("甲/乙:丙?", "甲_乙_丙_"),
            ("局. ", "局"),
            ("CON", "_CON"),
            ("com1", "_com1"),
            ("LPT².表", "_LPT².表"),
            ("CONIN$", "_CONIN$"),
            ("NUL.tar", "_NUL.tar"),
            ("甲\u{202e}局\n", "甲_局"),
            ("..", "未命名"),
            ("", "未命名"),
        ] {
            assert_eq!(safe(text), name);
        }
        assert_eq!(safe("../../etc"), "_.._.._etc");
        assert_eq!(safe(&"𠮷".repeat(300)).len(), 228);
    }
}
