//! Single files that commands read and write: never half of one is written.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::bail;
use jixiao::error::{Error, ErrorKind};
use jixiao::ooxml::Limits;
use jixiao::workbook::{Workbook, no_text};

/// The workbook of a file; messages call it as `shown`.
pub(super) fn workbook(path: &Path, shown: &str, limits: &Limits) -> Result<Workbook, Error> {
    let bytes = fs::read(path).map_err(|error| Error::new(shown, ErrorKind::Io(error)))?;
    Workbook::open(bytes.into(), limits).map_err(|kind| Error::new(shown, kind))
}

/// The text of a file; messages call it as `shown`.
pub(super) fn text(path: &Path, shown: &str) -> Result<String, Error> {
    let bytes = fs::read(path).map_err(|error| Error::new(shown, ErrorKind::Io(error)))?;
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
    name.push(".未完成");
    let written = write_by_way_of(&place.with_file_name(name), place, write);
    written.map_err(|error| Error { path: path.display().to_string(), ..error })
}

/// The same with a place of one's own for what is unfinished, on the same disk.
pub(super) fn write_by_way_of(
    unfinished: &Path,
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Error> {
    let whole = make_folder(path).and_then(|()| fs::File::create(unfinished)).and_then(|file| {
        let mut out = BufWriter::new(file);
        write(&mut out)?;
        out.flush()
    });
    let done = whole.and_then(|()| fs::rename(unfinished, path));
    done.map_err(|error| {
        // Nothing to tell beyond what went wrong with the file itself.
        let _ = fs::remove_file(unfinished);
        Error::new(path.display().to_string(), ErrorKind::Io(error))
    })
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
