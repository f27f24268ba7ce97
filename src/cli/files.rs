//! Single files that commands read and write: never half of one is written.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::bail;
use jixiao::error::{Error, ErrorKind};
use jixiao::intake::{UNFINISHED_MARK, read_file};
use jixiao::ooxml::Limits;
use jixiao::workbook::{Workbook, no_text};

use super::stop::Stopping;

/// How often a file is taken that others take away.
const ATTEMPTS: usize = 16;

/// The bytes of a file; messages call it as `shown`.
pub(super) fn bytes(path: &Path, shown: &str) -> Result<Vec<u8>, Error> {
    read_file(path).map_err(|kind| Error::new(shown, kind))
}

/// The workbook of a file; messages call it as `shown`.
pub(super) fn workbook(path: &Path, shown: &str, limits: &Limits) -> Result<Workbook, Error> {
    let bytes = bytes(path, shown)?;
    Workbook::open(bytes.into(), limits).map_err(|kind| Error::new(shown, kind))
}

/// The text of a file; messages call it as `shown`.
pub(super) fn text(path: &Path, shown: &str) -> Result<String, Error> {
    let bytes = bytes(path, shown)?;
    String::from_utf8(bytes).map_err(|error| {
        let kind = match no_text(error.as_bytes()) {
            Some(what) => ErrorKind::Invalid(vec![format!("是{what}，不是文本文件。请核对选的文件")]),
            None => ErrorKind::Io(io::ErrorKind::InvalidData.into()),
        };
        Error::new(shown, kind)
    })
}

/// Writes a file: under another name beside it first, then renamed, so that nobody ever sees half of it. Of a link what it
/// leads to is written, and the link stays.
pub(super) fn write(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Error> {
    let target = path.canonicalize().ok().filter(|_| path.is_symlink());
    let place = target.as_deref().unwrap_or(path);
    let mut name = place.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(UNFINISHED_MARK);
    // What there is may be the only one. It goes when its successor is on the disk, not on its way there.
    let safely = place.exists();
    let written = by_way_of(&place.with_file_name(name), place, safely, write);
    written.map_err(|error| Error::new(path.display().to_string(), ErrorKind::Io(error)))
}

/// The same with a place of one's own for what is unfinished, on the same disk. For many files that can be made again: none
/// is waited for until it is on the disk.
pub(super) fn write_by_way_of(
    unfinished: &Path,
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Error> {
    by_way_of(unfinished, path, false, write)
        .map_err(|error| Error::new(path.display().to_string(), ErrorKind::Io(error)))
}

fn by_way_of(
    unfinished: &Path,
    path: &Path,
    safely: bool,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    make_folder(path)?;
    let file = persistently(|| alone(unfinished))?;
    let whole = whole(&file, write).and_then(|()| if safely { file.sync_all() } else { Ok(()) });
    let done = whole.and_then(|()| fs::rename(unfinished, path));
    if done.is_err() {
        // Nothing to tell beyond what went wrong with the file itself.
        let _ = fs::remove_file(unfinished);
    }
    done
}

/// Removes a file, if there is one.
pub(super) fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Error::new(path.display().to_string(), ErrorKind::Io(error)))
        }
        _ => Ok(()),
    }
}

fn whole(file: &fs::File, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    // An interrupted run may have left more than this one writes.
    file.set_len(0)?;
    let mut out = BufWriter::new(Stopping(file));
    write(&mut out)?;
    out.flush()
}

/// Opens a file for this run alone until it is closed; the system sees to that, however the run ends. `None` where whoever
/// had it before took it away meanwhile.
pub(super) fn alone(path: &Path) -> io::Result<Option<fs::File>> {
    let file = fs::OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
    match file.try_lock() {
        Err(fs::TryLockError::WouldBlock) => return Err(io::ErrorKind::ResourceBusy.into()),
        // Some shares know no locks. There one run at a time is up to those who run it.
        Ok(()) | Err(fs::TryLockError::Error(_)) => {}
    }
    Ok(is_at(&file, path)?.then_some(file))
}

/// Tries again while there is nothing.
pub(super) fn persistently<T>(mut attempt: impl FnMut() -> io::Result<Option<T>>) -> io::Result<T> {
    for _ in 0..ATTEMPTS {
        match attempt() {
            Ok(Some(made)) => return Ok(made),
            Ok(None) => {}
            // Its folder was taken away.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::ResourceBusy.into())
}

/// Whether an open file is the one that has this name now.
#[cfg(unix)]
fn is_at(file: &fs::File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let own = file.metadata()?;
    match fs::metadata(path) {
        Ok(named) => Ok((named.dev(), named.ino()) == (own.dev(), own.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(not(unix))]
fn is_at(_: &fs::File, path: &Path) -> io::Result<bool> {
    path.try_exists()
}

/// What a command says that was stopped while it wrote so many files of all.
pub(super) fn stopped(written: usize, all: usize, dir: &Path) -> String {
    let again = if written == 0 { "" } else { "，并加 --force" };
    format!("共 {all} 个文件，写出 {written} 个，个个完整，在 {}。要做完，请重新运行同一条命令{again}", dir.display())
}

/// Refuses to write over what the command was given, be it forced: `inputs` are files, and folders whose files are meant.
pub(super) fn refuse_over<'a>(path: &Path, inputs: impl IntoIterator<Item = &'a PathBuf>) -> anyhow::Result<()> {
    let Ok(own) = path.canonicalize() else { return Ok(()) };
    let is_given = |input: &&PathBuf| input.canonicalize().is_ok_and(|input| own.starts_with(input));
    match inputs.into_iter().find(is_given) {
        Some(_) => bail!("{} 是这次要读的文件，不能写在上面。请换一个位置", path.display()),
        None => Ok(()),
    }
}

/// The folder among `paths` in which a place lies, be it there yet or not: what is written there would be among what is read.
pub(super) fn folder_around<'a>(place: &Path, paths: &'a [PathBuf]) -> Option<&'a PathBuf> {
    let place = place.ancestors().find_map(|path| {
        // Of a place below the current folder the last ancestor is the empty path.
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        path.canonicalize().ok()
    })?;
    let holds = |path: &&PathBuf| path.canonicalize().is_ok_and(|path| path.is_dir() && place.starts_with(path));
    paths.iter().find(holds)
}

/// Makes the folder a file is to lie in.
pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).map_or(Ok(()), fs::create_dir_all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn behind_a_link_the_file_is_written_and_the_link_stays() {
        let dir = tempfile::tempdir().expect("a folder");
        let [link, target] = ["链.xlsx", "别处/登记.xlsx"].map(|name| dir.path().join(name));
        make_folder(&target).and_then(|()| fs::write(&target, b"old")).expect("a file");
        std::os::unix::fs::symlink(&target, &link).expect("a link");
        write(&link, |out| out.write_all(b"new")).expect("written");
        assert_eq!((link.is_symlink(), fs::read(&target).expect("there")), (true, b"new".to_vec()));
    }

    #[test]
    fn a_file_that_another_run_is_writing_is_left_to_it() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("登记.xlsx");
        write(&path, |out| {
            out.write_all(b"one")?;
            let told = write(&path, |out| out.write_all(b"other")).expect_err("taken").to_string();
            assert!(told.contains("另一个 jixiao 正在写") && told.contains("登记.xlsx"), "{told}");
            Ok(())
        })
        .expect("written");
        assert_eq!(fs::read(&path).expect("there"), b"one");
        // What a run that was killed leaves is no hindrance, and nothing of it stays.
        fs::write(dir.path().join("登记.xlsx.未完成"), b"more than the other writes").expect("a file");
        write(&path, |out| out.write_all(b"other")).expect("written");
        assert_eq!(fs::read(&path).expect("there"), b"other");
        assert_eq!(fs::read_dir(dir.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn a_file_that_fails_half_way_leaves_the_old_one_and_nothing_else() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("统计.xlsx");
        write(&path, |out| out.write_all(b"old")).expect("a file");
        let failed = write(&path, |out| {
            out.write_all(b"half")?;
            Err(io::ErrorKind::StorageFull.into())
        });
        assert!(failed.is_err_and(|error| error.path == path.display().to_string()));
        assert_eq!(fs::read(&path).expect("still there"), b"old");
        assert_eq!(fs::read_dir(dir.path()).expect("a folder").count(), 1);
    }
}
