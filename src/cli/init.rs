//! `init`: a work folder for a round, ready to be filled.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::bail;
use jixiao::config::{Config, FILE_NAME};
use jixiao::error::{Error, ErrorKind};

use super::args::InitArgs;
use super::{CLEAN, files, say};

/// Writes a file of the work folder.
type Contents = fn(&mut dyn Write) -> io::Result<()>;

/// The files of a work folder.
const FILES: &[(&str, Contents)] = &[(FILE_NAME, config)];

/// Where the workbooks of the units are put.
const INBOX: &str = "收件";

/// Makes the work folder. What is there already stays as it is: then nothing is written.
pub(super) fn run(args: &InitArgs) -> anyhow::Result<u8> {
    let dir = &args.dir;
    let there: Vec<&str> = FILES.iter().map(|(name, _)| *name).filter(|name| dir.join(name).exists()).collect();
    if !there.is_empty() {
        bail!("{} 里已有 {}，未覆盖。换一个文件夹，或先移走", dir.display(), there.join("、"));
    }
    let inbox = dir.join(INBOX);
    fs::create_dir_all(&inbox).map_err(|error| Error::new(inbox.display().to_string(), ErrorKind::Io(error)))?;
    for (name, contents) in FILES {
        files::write(&dir.join(name), contents)?;
    }
    let names: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
    say(|out| {
        writeln!(out, "已建好工作文件夹 {}：{}、{INBOX}/", dir.display(), names.join("、"))?;
        writeln!(out, "把收到的表放进 {INBOX}，要改的口径在 {FILE_NAME} 里启用，然后运行：")?;
        writeln!(out, "  jixiao review {} --out {}", quoted(&inbox), quoted(&dir.join("审核结果")))
    })?;
    Ok(CLEAN)
}

fn config(out: &mut dyn Write) -> io::Result<()> {
    out.write_all(Config::template().as_bytes())
}

/// A path for a command line.
fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    if path.contains(char::is_whitespace) { format!("\"{path}\"") } else { path }
}
