//! `calibrate`: the rules against workbooks that reviewers marked.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::Context;
use jixiao::calibrate::{self, Calibration, Truth};
use jixiao::error::{Error, ErrorKind};
use jixiao::finding::Severity;
use jixiao::intake::Intake;
use jixiao::report;
use jixiao::review::Submission;
use jixiao::schema::SourceFile;
use jixiao::workbook::Workbook;

use super::args::{CalibrateArgs, FailOn, JudgeArgs, PlainFormat};
use super::settings::source_file;
use super::setup::Shelf;
use super::{CLEAN, FOUND, complain, say, say_json, settings, setup};

/// What the marks are called in the folder of the truth, and the folders beside it.
const MANIFEST: &str = "manifest.json";
const WORKBOOKS: &str = "workbooks";
const READINGS: &str = "truth";

/// Judges the marked workbooks and prints how the rules stand against the marks.
pub(super) fn run(args: &CalibrateArgs) -> anyhow::Result<u8> {
    let truth = read_truth(&args.truth)?;
    let judge = workbooks_of(args);
    let settings = settings::find(&judge)?;
    let (engine, catalog) = setup::engine(&judge, &settings)?;
    let shelf = Shelf::read(&judge, &settings, &catalog, engine.limits())?;
    let mut intake = setup::intake(&judge, engine.limits(), &shelf.files)?;
    let unmarked = keep_marked(&mut intake, &truth);
    require_all(&intake, &truth)?;
    let strays = Mutex::new(Vec::new());
    let stray = |workbook: &Workbook, submission: &Submission| {
        let marked = truth.workbook(file_name(&submission.source));
        let found = marked.map(|marked| marked.strays(workbook)).unwrap_or_default();
        strays.lock().unwrap_or_else(PoisonError::into_inner).extend(found);
    };
    let round = setup::run(&judge, &engine, intake, shelf.books(), Some(&stray))?;
    refuse(&args.truth, strays.into_inner().unwrap_or_else(PoisonError::into_inner))?;
    setup::tell_unjudged(&round);
    if unmarked > 0 {
        complain(&format!("提醒 有 {unmarked} 个文件没有列入 {MANIFEST}，没有核对"));
    }
    let calibration = calibrate::measure(&truth, &round);
    match args.format {
        PlainFormat::Text => say(|out| report::write_calibration_text(&calibration, out)),
        PlainFormat::Json => say_json(|out| report::write_calibration_json(&calibration, out)),
    }?;
    Ok(code(&calibration, args.judge.fail_on))
}

/// The marks of a folder, with the readings by hand that lie beside them.
fn read_truth(folder: &Path) -> anyhow::Result<Truth> {
    let wanted = || format!("--truth 要的是放着 {MANIFEST}（标注）和 {WORKBOOKS}（标注过的工作簿）的文件夹");
    let shown = folder.display().to_string();
    let found = fs::metadata(folder).map_err(|error| Error::new(&shown, ErrorKind::Io(error))).with_context(wanted)?;
    if !found.is_dir() {
        let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let instead =
            if parent.join(MANIFEST).is_file() { parent.display().to_string() } else { "那个文件夹".to_owned() };
        let problem = format!("是文件，不是文件夹。请改写 --truth {instead}");
        return Err(Error::new(shown, ErrorKind::Invalid(vec![problem]))).with_context(wanted);
    }
    let manifest = source_file(&folder.join(MANIFEST)).with_context(wanted)?;
    let mut readings = BTreeMap::new();
    for entry in fs::read_dir(folder.join(READINGS)).into_iter().flatten() {
        let path = entry.map_err(|error| Error::new(folder.display().to_string(), ErrorKind::Io(error)))?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let id = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            readings.insert(id, source_file(&path)?);
        }
    }
    let readings: BTreeMap<String, SourceFile> = readings;
    Truth::read(&manifest, &readings).context("标注有问题，请按所列位置修改")
}

/// What to judge: the workbooks that were named, else those of the truth's folder.
fn workbooks_of(args: &CalibrateArgs) -> JudgeArgs {
    let mut judge = args.judge.clone();
    if judge.paths.is_empty() {
        let folder = args.truth.join(WORKBOOKS);
        judge.paths.push(if folder.is_dir() { folder } else { args.truth.clone() });
    }
    judge
}

/// Leaves only the workbooks that were marked; gives back how many files were not.
fn keep_marked(intake: &mut Intake, truth: &Truth) -> usize {
    let before = intake.inputs.len();
    let is_marked = |source: &str| truth.workbook(file_name(source)).is_some();
    intake.inputs.retain(|input| is_marked(&input.source));
    intake.failed.retain(|error| is_marked(&error.path));
    before - intake.inputs.len()
}

/// Every marked workbook must be there, and once: of two with one name nobody knows which was marked.
fn require_all(intake: &Intake, truth: &Truth) -> anyhow::Result<()> {
    let mut problems = Vec::new();
    for (at, workbook) in truth.workbooks.iter().enumerate() {
        let inputs = intake.inputs.iter().map(|input| input.source.as_str());
        let sources = inputs.chain(intake.failed.iter().map(|error| error.path.as_str()));
        let place = format!("第 {} 个工作簿 {}", at + 1, workbook.file);
        match sources.filter(|source| file_name(source) == workbook.file).count() {
            0 => problems.push(format!("{place}：没有找到这个文件。请放进 {WORKBOOKS} 文件夹，或改正 file")),
            1 => {}
            count => problems.push(format!("{place}：有 {count} 个同名的文件，不知道标注的是哪一个。请改名")),
        }
    }
    refuse(Path::new(MANIFEST), problems)
}

fn refuse(place: &Path, mut problems: Vec<String>) -> anyhow::Result<()> {
    if problems.is_empty() {
        return Ok(());
    }
    problems.sort();
    Err(Error::new(place.display().to_string(), ErrorKind::Invalid(problems)))
        .context("标注与工作簿对不上，请按所列位置修改")
}

fn file_name(source: &str) -> &str {
    source.rsplit('/').next().unwrap_or(source)
}

/// 1 where a mark at or above the gate was missed, or something was said where nothing should be.
fn code(calibration: &Calibration, gate: FailOn) -> u8 {
    let from = match gate {
        FailOn::Error => Severity::Error,
        FailOn::Warning => Severity::Warning,
        FailOn::Info => Severity::Info,
        FailOn::Never => return CLEAN,
    };
    let missed = calibration.misses.iter().any(|miss| miss.severity >= from);
    let alarmed = calibration.alarms.iter().any(|alarm| alarm.severity >= from);
    let unknown = calibration.recognition.part < calibration.recognition.whole;
    if missed || alarmed || unknown { FOUND } else { CLEAN }
}
