//! Single files written by commands: never half of one.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use jixiao::error::{Error, ErrorKind};

/// Writes a file: under another name beside it first, then renamed, so that nobody ever sees half of it.
pub(super) fn write(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Error> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".未完成");
    let unfinished = path.with_file_name(name);
    let whole = make_folder(path).and_then(|()| fs::File::create(&unfinished)).and_then(|file| {
        let mut out = BufWriter::new(file);
        write(&mut out)?;
        out.flush()
    });
    let done = whole.and_then(|()| fs::rename(&unfinished, path));
    done.map_err(|error| {
        // Nothing to tell beyond what went wrong with the file itself.
        let _ = fs::remove_file(&unfinished);
        Error::new(path.display().to_string(), ErrorKind::Io(error))
    })
}

/// Makes the folder a file is to lie in.
pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).map_or(Ok(()), fs::create_dir_all)
}
