//! 清单.json of a review, and `verify`, which shows that its grades came from these files under these rules.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use jixiao::digest::sha256;
use jixiao::error::{Error, ErrorKind};
use jixiao::manifest::{Command, FileRecord, Manifest, Rulebook, changed, differences};
use jixiao::review::{Engine, Round};
use jixiao::schema::Catalog;

use super::args::{BookArgs, EngineArgs, FailOn, JudgeArgs, PolicyArgs, VerifyArgs};
use super::outputs::{MANIFEST, Outputs};
use super::setup::Shelf;
use super::{CLEAN, FOUND, say, settings, setup};

/// What a judged round is recorded as, before anything is written.
pub(super) fn manifest(
    round: &Round,
    engine: &Engine,
    catalog: &Catalog,
    command: Command,
    shelf: &Shelf,
) -> Result<Manifest, Error> {
    let books = shelf.files.iter().map(|path| record(path, path.display().to_string()));
    let books = books.collect::<Result<Vec<FileRecord>, Error>>()?;
    Ok(Manifest::of(round, Rulebook::of(engine.policy(), catalog), command, books))
}

/// The command of a review, as it is recorded.
pub(super) fn command(args: &JudgeArgs, shelf: &Shelf, fix: bool) -> Command {
    let text = |path: &PathBuf| path.display().to_string();
    Command {
        paths: args.paths.iter().map(text).collect(),
        policy: args.switches.policy.clone(),
        no_config: args.switches.no_config,
        roster: args.books.roster.as_ref().map(text),
        ledger: args.books.ledger.as_ref().map(text),
        decisions: args.decisions.as_ref().map(text),
        date: shelf.today().map(|day| day.to_string()),
        previous: args.previous.iter().map(text).collect(),
        schemas: args.engine.schemas.as_ref().map(text),
        fix,
    }
}

/// Writes the record with what was written; last of all, so that a folder with a record is a whole one.
pub(super) fn write(outputs: &Outputs, mut manifest: Manifest, paths: &[String]) -> Result<(), Error> {
    for path in paths {
        manifest.outputs.push(FileRecord { path: path.clone(), sha256: sha256(&outputs.get(path)?) });
    }
    manifest.outputs.sort();
    let text = manifest.to_json().map_err(|error| Error::new(MANIFEST, ErrorKind::Io(error)))?;
    outputs.put(MANIFEST, &text)
}

/// Judges the recorded files again and compares everything.
pub(super) fn verify(args: &VerifyArgs) -> anyhow::Result<u8> {
    let path = args.dir.join(MANIFEST);
    if args.dir.is_dir() && !path.exists() {
        bail!("{} 里没有 {MANIFEST}，不是审核的输出目录，或者审核没有做完", args.dir.display());
    }
    let shown = path.display().to_string();
    let text = fs::read_to_string(&path).map_err(|error| Error::new(&shown, ErrorKind::Io(error)))?;
    let then = Manifest::read(&text, &shown)?;
    let mut told = Vec::new();
    let now: Vec<FileRecord> = then
        .outputs
        .iter()
        .filter_map(|output| record(&args.dir.join(&output.path), output.path.clone()).ok())
        .collect();
    told.extend(changed(&then.outputs, &now));
    let judge = judge_args(&then.command)?;
    let settings = settings::find(&judge)?;
    let (engine, catalog) = setup::engine(&judge, settings.policy.clone())?;
    let shelf = Shelf::read(&judge, &settings, &catalog, engine.limits())?;
    let unwanted: Vec<PathBuf> = Outputs::places(&args.dir).into_iter().chain(shelf.files.clone()).collect();
    let intake = setup::intake(&judge, engine.limits(), &unwanted)
        .context("送审的文件不在原处。请在审核时所在的目录运行，送审文件放回原处")?;
    let round = setup::run(&judge, &engine, intake, shelf.books(), None);
    let again = manifest(&round, &engine, &catalog, then.command.clone(), &shelf)?;
    told.extend(differences(&then, &again));
    say(|out| {
        for line in &told {
            writeln!(out, "不一致 {line}")?;
        }
        let (files, forms, outputs) = (then.inputs.len(), then.grades.len(), then.outputs.len());
        let verdict = if told.is_empty() { "一致" } else { "不一致" };
        writeln!(
            out,
            "{verdict}：送审文件 {files} 个、表单 {forms} 张、输出文件 {outputs} 个，口径 {}，{} 条规则。不一致 {} 处。",
            then.rules.policy,
            then.rules.count,
            told.len()
        )
    })?;
    Ok(if told.is_empty() { CLEAN } else { FOUND })
}

fn record(path: &Path, shown: String) -> Result<FileRecord, Error> {
    let bytes = fs::read(path).map_err(|error| Error::new(&shown, ErrorKind::Io(error)))?;
    Ok(FileRecord { path: shown, sha256: sha256(&bytes) })
}

/// The review as it was started.
fn judge_args(command: &Command) -> anyhow::Result<JudgeArgs> {
    let path = |text: &String| PathBuf::from(text);
    let date = command.date.as_ref().map(|day| day.parse()).transpose();
    Ok(JudgeArgs {
        paths: command.paths.iter().map(path).collect(),
        switches: PolicyArgs { policy: command.policy.clone(), no_config: command.no_config },
        books: BookArgs { roster: command.roster.as_ref().map(path), ledger: command.ledger.as_ref().map(path) },
        previous: command.previous.iter().map(path).collect(),
        decisions: command.decisions.as_ref().map(path),
        date: date.with_context(|| format!("{MANIFEST} 里的日期有误"))?,
        engine: EngineArgs { schemas: command.schemas.as_ref().map(path), threads: None },
        fail_on: FailOn::Never,
    })
}
