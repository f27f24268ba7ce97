//! `init`: a work folder for a round, ready to be filled.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::bail;
use jixiao::config::{Config, FILE_NAME};
use jixiao::error::{Error, ErrorKind};
use jixiao::schema::{Catalog, Subject};
use jixiao::template::books;

use super::args::InitArgs;
use super::{CLEAN, files, say};

/// Writes a file of the work folder.
type Contents = fn(&mut dyn Write) -> io::Result<()>;

/// The files of a work folder.
const FILES: &[(&str, Contents)] =
    &[(FILE_NAME, config), ("名册.xlsx", roster), ("项目台账.xlsx", books::ledger), ("收件登记.xlsx", receipts)];

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
        writeln!(
            out,
            "填好名册和项目台账（要看是否按时的，填收件登记），在 {FILE_NAME} 里启用（要改的口径也在那里），把收到的表放进 {INBOX}，然后运行："
        )?;
        writeln!(out, "  jixiao review {} --out {}", quoted(&inbox), quoted(&dir.join("审核结果")))
    })?;
    Ok(CLEAN)
}

fn config(out: &mut dyn Write) -> io::Result<()> {
    out.write_all(Config::template().as_bytes())
}

fn roster(out: &mut dyn Write) -> io::Result<()> {
    books::roster(&titles(), out)
}

fn receipts(out: &mut dyn Write) -> io::Result<()> {
    books::receipts(&titles(), out)
}

/// The forms that units may owe.
fn titles() -> Vec<&'static str> {
    // Lists over many units are the bureau's own work; no unit owes one.
    let schemas = Catalog::embedded().schemas.iter().filter(|schema| schema.subject != Subject::Several);
    let titles: BTreeSet<&str> = schemas.map(|schema| schema.title.as_str()).collect();
    titles.into_iter().collect()
}

/// A path for a command line.
fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    if path.contains(char::is_whitespace) { format!("\"{path}\"") } else { path }
}
