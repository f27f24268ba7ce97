//! 清单.json of a review, and `verify`, which shows that its grades came from these files under these rules.

use std::path::{Component, Path, PathBuf};

use anyhow::{Context, bail};
use jixiao::digest::sha256;
use jixiao::error::{Error, ErrorKind};
use jixiao::intake::source_of;
use jixiao::manifest::{Command, FileRecord, Given, Manifest, Rulebook, changed, differences};
use jixiao::review::{Engine, Round};
use jixiao::schema::Catalog;

use super::args::{BookArgs, EngineArgs, FailOn, JudgeArgs, PolicyArgs, VerifyArgs};
use super::outputs::{MANIFEST, Outputs, strangers};
use super::settings::{self, Settings};
use super::setup::Shelf;
use super::{CLEAN, FOUND, complain, files, say, setup};

/// The books beside which a round is judged, as they were when they were read.
pub(super) fn books(dir: &Path, shelf: &Shelf) -> Result<Vec<FileRecord>, Error> {
    let seen = |path: &PathBuf| shelf.seen.iter().find(|(seen, _)| seen == path).map(|(_, sha256)| sha256.clone());
    let one = |path: &PathBuf| match seen(path) {
        Some(sha256) => Ok(FileRecord { path: below(dir, path), sha256 }),
        None => record(path, below(dir, path)),
    };
    shelf.files.iter().map(one).collect()
}

/// What a judged round is recorded as, before anything is written.
pub(super) fn manifest(
    round: &Round,
    engine: &Engine,
    catalog: &Catalog,
    command: Command,
    books: Vec<FileRecord>,
) -> Manifest {
    Manifest::of(round, Rulebook::of(engine.policy(), catalog), command, books)
}

/// The command of a review into a folder, as it is recorded.
pub(super) fn command(dir: &Path, args: &JudgeArgs, settings: &Settings, shelf: &Shelf, fix: bool) -> Command {
    let text = |path: &PathBuf| below(dir, path);
    let policy = |policy: &String| match settings::is_file(policy) {
        true => below(dir, Path::new(policy)),
        false => policy.clone(),
    };
    Command {
        paths: args.paths.iter().map(|path| Given { path: below(dir, path), called: source_of(path) }).collect(),
        policy: args.switches.policy.as_ref().map(policy),
        config: settings.config.as_ref().map(text),
        roster: args.books.roster.as_ref().map(text),
        ledger: args.books.ledger.as_ref().map(text),
        received: args.books.received.as_ref().map(text),
        decisions: args.decisions.as_ref().map(text),
        date: shelf.today().map(|day| day.to_string()),
        previous: args.previous.iter().map(text).collect(),
        schemas: args.engine.schemas.as_ref().map(text),
        fix,
    }
}

/// A path as it is reached from a folder: `../收件`. Of one on another disk only the name.
fn below(dir: &Path, path: &Path) -> String {
    let (Ok(dir), Ok(path)) = (dir.canonicalize(), path.canonicalize()) else { return path.display().to_string() };
    let shared = dir.components().zip(path.components()).take_while(|(one, other)| one == other).count();
    if shared == 0 {
        return path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    }
    let up = dir.components().skip(shared).map(|_| "..".to_owned());
    let down = path.components().skip(shared).map(|part| part.as_os_str().to_string_lossy().into_owned());
    let way: Vec<String> = up.chain(down).collect();
    if way.is_empty() { ".".to_owned() } else { way.join("/") }
}

/// The place of a recorded path, as short as it can be told.
fn place(dir: &Path, recorded: &str) -> PathBuf {
    let mut place = dir.to_owned();
    for part in Path::new(recorded).components() {
        match part {
            // `..` behind a name takes that away; a link is followed by whoever opens the path.
            Component::ParentDir if matches!(place.components().next_back(), Some(Component::Normal(_))) => {
                place.pop();
            }
            part => place.push(part),
        }
    }
    if place.as_os_str().is_empty() { PathBuf::from(".") } else { place }
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
    if args.dir.is_file() {
        bail!("{} 是文件。请写审核的输出目录，里面有 {MANIFEST}", args.dir.display());
    }
    if args.dir.is_dir() && !path.exists() {
        bail!("{} 里没有 {MANIFEST}，不是审核的输出目录，或者审核没有做完", args.dir.display());
    }
    let shown = path.display().to_string();
    let text = files::text(&path, &shown)?;
    let then = Manifest::read(&text, &shown)?;
    let records = |files: &[FileRecord]| -> Vec<FileRecord> {
        files.iter().filter_map(|file| record(&place(&args.dir, &file.path), file.path.clone()).ok()).collect()
    };
    let mut told = changed(&then.outputs, &records(&then.outputs));
    match again(args, &then) {
        Ok(again) => told.extend(differences(&then, &again)),
        // What is known to differ is told all the same: it is often why the round cannot be judged again.
        Err(error) => {
            told.extend(changed(&then.books, &records(&then.books)));
            say(|out| told.iter().try_for_each(|line| writeln!(out, "不一致 {line}")))?;
            return Err(error.context("不能重新审核，没有核验完"));
        }
    }
    for stranger in strangers(&args.dir, then.outputs.iter().map(|output| &output.path)) {
        complain(&format!("提醒 {stranger} 不是审核时写出的，清单里没有，没有核验"));
    }
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
            then.rules.codes.len(),
            told.len()
        )
    })?;
    Ok(if told.is_empty() { CLEAN } else { FOUND })
}

/// The round of a record, judged now.
fn again(args: &VerifyArgs, then: &Manifest) -> anyhow::Result<Manifest> {
    let dir = &args.dir;
    let judge = judge_args(dir, &then.command)?;
    let config = then.command.config.as_ref().map(|config| place(dir, config));
    let settings = settings::recorded(judge.switches.policy.as_deref(), config.as_deref())?;
    let (engine, catalog) = setup::engine(&judge, &settings)?;
    let shelf = Shelf::read(&judge, &settings, &catalog, engine.limits())?;
    let books = books(dir, &shelf)?;
    let unwanted: Vec<PathBuf> = Outputs::places(dir).into_iter().chain(shelf.files.clone()).collect();
    let intake = setup::intake_as(&inputs(args, then), engine.limits(), &unwanted)
        .context("送审的文件不在原处。请放回审核时的位置，或用 --inputs 写明现在在哪里")?;
    let round = setup::run(&judge, &engine, intake, shelf.books(), None)?;
    let mut again = manifest(&round, &engine, &catalog, then.command.clone(), books);
    if !args.inputs.is_empty() {
        again.rename_as_in(then);
    }
    Ok(again)
}

/// Where the inputs lie now, and what they were called. Those that were moved one for one keep their names; else they are
/// known by their contents.
fn inputs(args: &VerifyArgs, then: &Manifest) -> Vec<(PathBuf, String)> {
    let given = &then.command.paths;
    if args.inputs.is_empty() {
        return given.iter().map(|given| (place(&args.dir, &given.path), given.called.clone())).collect();
    }
    let one_for_one = args.inputs.len() == given.len();
    let called = |(at, path): (usize, &PathBuf)| match given.get(at).filter(|_| one_for_one) {
        Some(given) => given.called.clone(),
        None => source_of(path),
    };
    args.inputs.iter().enumerate().map(|one| (one.1.clone(), called(one))).collect()
}

fn record(path: &Path, shown: String) -> Result<FileRecord, Error> {
    let sha256 = sha256(&files::bytes(path, &shown)?);
    Ok(FileRecord { path: shown, sha256 })
}

/// The review as it was started.
fn judge_args(dir: &Path, command: &Command) -> anyhow::Result<JudgeArgs> {
    let path = |text: &String| place(dir, text);
    let date = command.date.as_ref().map(|day| day.parse()).transpose();
    let policy = |policy: &String| match settings::is_file(policy) {
        true => place(dir, policy).display().to_string(),
        false => policy.clone(),
    };
    Ok(JudgeArgs {
        paths: Vec::new(),
        switches: PolicyArgs { policy: command.policy.as_ref().map(policy), no_config: true },
        books: BookArgs {
            roster: command.roster.as_ref().map(path),
            ledger: command.ledger.as_ref().map(path),
            received: command.received.as_ref().map(path),
        },
        previous: command.previous.iter().map(path).collect(),
        decisions: command.decisions.as_ref().map(path),
        date: date.with_context(|| format!("{MANIFEST} 里的日期有误"))?,
        engine: EngineArgs { schemas: command.schemas.as_ref().map(path), threads: None },
        fail_on: FailOn::Never,
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_path_leads_from_the_record_and_back() {
        let dir = tempfile::tempdir().expect("a folder");
        let (out, inbox) = (dir.path().join("审核结果"), dir.path().join("收件/教育局"));
        fs::create_dir_all(&out).expect("a folder");
        fs::create_dir_all(&inbox).expect("a folder");
        assert_eq!(below(&out, &inbox), "../收件/教育局");
        assert_eq!(below(&out, &out), ".");
        assert_eq!(place(&out, "../收件/教育局"), inbox);
        assert_eq!(place(Path::new("审核结果"), "../收件"), Path::new("收件"));
        assert_eq!(place(Path::new("../甲"), "../../收件"), Path::new("../../收件"));
        assert_eq!(place(Path::new("审核结果"), ".."), Path::new("."));
    }
}
