//! Workbooks, folders and archives, as units hand them in.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use jixiao::template;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::forms::{Paper, Wrong};
use crate::sheet::{LOOKS, draw};
use crate::tables::workbook;
use crate::truth::{Fault, Truth};

/// Name of the folder that is reviewed.
pub(crate) const RECEIVED: &str = "收件";

/// What a unit hands in: a folder, or an archive.
pub(crate) struct Parcel<'a> {
    /// Folder of the district.
    pub(crate) root: &'a Path,
    /// Folder of the department within what was received.
    pub(crate) folder: String,
    /// The archive's name, of a unit that sends one, and its entries so far.
    pub(crate) archive: Option<(String, BTreeMap<String, Vec<u8>>)>,
    pub(crate) look: usize,
}

impl Parcel<'_> {
    /// The file as a review names it.
    fn source(&self, file: &str) -> String {
        match &self.archive {
            Some((archive, _)) => format!("{RECEIVED}/{}/{archive}/{file}", self.folder),
            None => format!("{RECEIVED}/{}/{file}", self.folder),
        }
    }

    /// Writes papers as sheets of one workbook and notes what is wrong with them; its bytes, for one that comes again.
    pub(crate) fn workbook(&mut self, file: &str, papers: &[Paper], truth: &mut Truth) -> Result<Vec<u8>> {
        let mut workbook = workbook()?;
        let source = self.source(file);
        let mut names: Vec<String> = Vec::new();
        for paper in papers {
            let name = sheet_name(paper, papers.len(), &names);
            let sheet = workbook.add_worksheet().set_name(&name)?;
            draw(sheet, &paper.drawing, &LOOKS[self.look]).with_context(|| format!("{source} {name}"))?;
            note(truth, &source, &name, &paper.faults);
            names.push(name);
        }
        let bytes = workbook.save_to_buffer()?;
        self.save(file, bytes.clone())?;
        Ok(bytes)
    }

    /// Writes a workbook of one paper that came before.
    pub(crate) fn again(&mut self, file: &str, bytes: Vec<u8>, paper: &Paper, truth: &mut Truth) -> Result<()> {
        note(truth, &self.source(file), &paper.drawing.plan.sheet, &paper.faults);
        self.save(file, bytes)
    }

    /// Writes a paper as the bureau's own template filled in.
    pub(crate) fn official(&mut self, file: &str, paper: &Paper, truth: &mut Truth) -> Result<()> {
        let bytes = template::write(&paper.drawing.plan, &[]).with_context(|| file.to_owned())?;
        let source = self.source(file);
        note(truth, &source, &paper.drawing.plan.sheet, &paper.faults);
        self.save(file, bytes)
    }

    /// Writes a file.
    pub(crate) fn save(&mut self, file: &str, bytes: Vec<u8>) -> Result<()> {
        match &mut self.archive {
            Some((_, entries)) => drop(entries.insert(file.to_owned(), bytes)),
            None => write(&self.root.join(RECEIVED).join(&self.folder).join(file), &bytes)?,
        }
        Ok(())
    }

    /// Writes the archive of a unit that sends one.
    pub(crate) fn close(self) -> Result<()> {
        let Some((name, entries)) = self.archive.filter(|(_, entries)| !entries.is_empty()) else { return Ok(()) };
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (file, bytes) in entries {
            zip.start_file(file, SimpleFileOptions::default().last_modified_time(zip::DateTime::default()))?;
            zip.write_all(&bytes)?;
        }
        write(&self.root.join(RECEIVED).join(&self.folder).join(name), &zip.finish()?.into_inner())
    }
}

fn note(truth: &mut Truth, source: &str, sheet: &str, faults: &[Wrong]) {
    for fault in faults {
        truth.faults.push(Fault {
            source: source.to_owned(),
            sheet: sheet.to_owned(),
            cell: fault.cell.map(|cell| cell.to_string()).unwrap_or_default(),
            code: fault.code.to_owned(),
            what: fault.what.clone(),
            companions: fault.companions.iter().map(|code| (*code).to_owned()).collect(),
            round: fault.round,
            among: faults.iter().filter(|other| !other.round && other.code != "C102").count() > 1,
        });
    }
}

/// The form's own name of its sheet, or the project's where there are several.
fn sheet_name(paper: &Paper, count: usize, used: &[String]) -> String {
    let name = if count == 1 { paper.drawing.plan.sheet.clone() } else { paper.title.clone() };
    let name: String = name.chars().filter(|c| !"[]:*?/\\".contains(*c)).take(27).collect();
    let twice = used.iter().filter(|other| **other == name || other.starts_with(&format!("{name}("))).count();
    if twice == 0 { name } else { format!("{name}({})", twice + 1) }
}

fn write(path: &PathBuf, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}
