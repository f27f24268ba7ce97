//! Writes `samples/`: a small returned round of an invented district, the roster, the project ledger, and the list of
//! planted faults.
//!
//! `cargo run --example samples` writes the same bytes every time. What Rust cannot write (`.xls`, `.ods`, a workbook
//! with a password) is prepared in `target/samples/` and finished by `samples/make_other_formats.py`.

mod agriculture;
mod culture;
mod draw;
mod education;
mod health;
mod housing;
mod ledger;
mod other_files;
mod roster;
mod streets;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet};

use draw::{Fault, Look, draw};

/// A workbook under way.
struct Book {
    workbook: Workbook,
    faults: Vec<(String, Fault)>,
}

impl Book {
    fn new() -> Result<Self> {
        let mut workbook = Workbook::new();
        let created = ExcelDateTime::from_ymd(2023, 1, 16)?.and_hms(9, 30, 0)?;
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
        Ok(Self { workbook, faults: Vec::new() })
    }

    /// Adds a sheet with a form; the sheet is returned for what a picture cannot say.
    fn sheet(&mut self, name: &str, look: &Look<'_>, picture: &str) -> Result<&mut Worksheet> {
        let sheet = self.workbook.add_worksheet().set_name(name)?;
        let faults = draw(sheet, look, picture).with_context(|| format!("sheet {name}"))?;
        self.faults.extend(faults.into_iter().map(|fault| (name.to_owned(), fault)));
        Ok(sheet)
    }
}

/// Where the round is written, and what was planted in it so far.
struct Round {
    faults: Vec<[String; 6]>,
}

impl Round {
    const ROOT: &'static str = "samples/round";
    /// For the script that finishes the other formats.
    const PREPARED: &'static str = "target/samples";

    /// Writes a workbook as `samples/round/<path>`.
    fn save(&mut self, path: &str, book: Book) -> Result<()> {
        let bytes = self.finish(path, book)?;
        write(&Path::new(Self::ROOT).join(path), &bytes)
    }

    /// Writes a workbook as `target/samples/<name>`, to be handed in as `samples/round/<path>` in another format.
    fn prepare(&mut self, name: &str, path: &str, book: Book) -> Result<()> {
        let bytes = self.finish(path, book)?;
        write(&Path::new(Self::PREPARED).join(name), &bytes)
    }

    /// The bytes of a workbook, its faults noted under `path`.
    fn finish(&mut self, path: &str, mut book: Book) -> Result<Vec<u8>> {
        for (sheet, Fault { cell, code, note }) in book.faults {
            let Some((_, name)) = RULES.iter().find(|(known, _)| *known == code) else {
                bail!("{path}: no rule {code}");
            };
            self.faults.push([path.to_owned(), sheet, cell, code, (*name).to_owned(), note]);
        }
        book.workbook.save_to_buffer().with_context(|| format!("cannot write {path}"))
    }

    fn write_list(&self) -> Result<()> {
        let mut list = csv::Writer::from_writer(b"\xef\xbb\xbf".to_vec());
        list.write_record(["文件", "工作表", "单元格", "编码", "规则", "说明"])?;
        for fault in &self.faults {
            list.write_record(fault)?;
        }
        write(Path::new("samples/错误清单.csv"), &list.into_inner().context("cannot close the list")?)
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

fn main() -> Result<()> {
    let mut round = Round { faults: Vec::new() };
    education::write(&mut round)?;
    agriculture::write(&mut round)?;
    health::write(&mut round)?;
    housing::write(&mut round)?;
    culture::write(&mut round)?;
    streets::write(&mut round)?;
    other_files::write(&mut round)?;
    round.write_list()?;
    roster::write()?;
    ledger::write()
}

/// Code and name of the rules whose faults are planted.
const RULES: &[(&str, &str)] = &[
    ("F101", "missing-year"),
    ("F102", "missing-money-unit"),
    ("C101", "missing-value"),
    ("C102", "blank-header-field"),
    ("C103", "missing-indicator-class"),
    ("C104", "missing-indicator-subclass"),
    ("C105", "too-few-indicators"),
    ("C106", "missing-indicator-name"),
    ("C107", "missing-deviation-reason"),
    ("C108", "missing-rate-reason"),
    ("C109", "missing-adjustment-reason"),
    ("C110", "missing-score-column"),
    ("A101", "funding-sum-mismatch"),
    ("R101", "unknown-unit"),
    ("R102", "unknown-project"),
    ("X130", "budget-unlike-ledger"),
    ("A102", "execution-rate-mismatch"),
    ("A103", "execution-score-mismatch"),
    ("A104", "execution-over-budget"),
    ("A201", "weight-sum-mismatch"),
    ("A202", "score-sum-mismatch"),
    ("A203", "score-exceeds-weight"),
    ("A204", "class-weight-mismatch"),
    ("A205", "score-not-proportional"),
    ("A206", "band-score-mismatch"),
    ("A207", "grade-contradicts-score"),
    ("V101", "missing-unit"),
    ("V102", "amount-as-text"),
    ("V103", "unit-in-amount"),
    ("V104", "placeholder-left"),
    ("V105", "prompt-left"),
    ("V106", "missing-operator"),
    ("V107", "double-operator"),
    ("V108", "wrong-direction"),
    ("V109", "ratio-over-100"),
    ("V110", "unit-contradicts-name"),
    ("V111", "operator-in-actual"),
    ("V112", "actual-not-number"),
    ("V113", "excess-decimals"),
    ("V127", "full-width-figure"),
    ("V115", "date-outside-year"),
    ("V116", "money-magnitude-jump"),
    ("W101", "vague-target"),
    ("W102", "vague-goal"),
    ("W103", "unmeasurable-indicator"),
    ("W104", "number-in-name"),
    ("W105", "name-contradicts-target"),
    ("W106", "name-is-class-label"),
    ("W107", "goal-not-filled"),
    ("W108", "cost-without-figure"),
    ("L101", "full-score-though-missed"),
    ("L102", "points-lost-though-met"),
    ("L103", "duplicate-indicator"),
    ("L104", "misclassified-indicator"),
    ("L105", "execution-as-indicator"),
    ("L106", "money-as-quantity"),
    ("L107", "copied-goal-actual"),
    ("L108", "copied-term-goal"),
    ("L109", "empty-reason"),
    ("L110", "over-completion-unexplained"),
    ("L111", "little-spent-all-done"),
    ("L112", "uniform-targets"),
    ("L113", "actual-repeats-target"),
    ("L114", "inputs-as-goal"),
    ("L115", "satisfaction-without-object"),
    ("L116", "goal-figure-differs"),
    ("L117", "goal-figure-without-indicator"),
    ("L125", "satisfaction-equals-target"),
];
