//! What the commands share before the work starts: schemas, books, inputs, threads.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::SystemTime;

use anyhow::{Context, bail};
use chrono::{Days, NaiveDate};
use jixiao::config::{FILE_NAME, RoundName};
use jixiao::coverage::{Beside, Facts, RoundFacts};
use jixiao::decisions::Decisions;
use jixiao::digest::sha256;
use jixiao::error::{Error, ErrorKind, Unreadable};
use jixiao::intake::{self, Intake, Listing, Shard};
use jixiao::manifest::Rulebook;
use jixiao::ooxml::Limits;
use jixiao::policy::Policy;
use jixiao::previous::{PastForm, Previous};
use jixiao::review::{self, Books, Each, Engine, INPUTS, PartOf, Round, Stop, WORKER};
use jixiao::roster::{Ledger, Receipts, Registry, Roster};
use jixiao::rules::RULES;
use jixiao::schema::Catalog;

use super::args::JudgeArgs;
use super::settings::{Settings, source_file};
use super::{complain, files, progress, stop};

/// The engine and the schemas it knows.
pub(super) fn engine(args: &JudgeArgs, settings: &Settings) -> anyhow::Result<(Engine, Catalog)> {
    engine_of(args.engine.schemas.as_deref(), settings)
}

/// The engine for the built-in schemas with those of a folder laid over them.
pub(super) fn engine_of(schemas: Option<&Path>, settings: &Settings) -> anyhow::Result<(Engine, Catalog)> {
    let catalog = catalog(schemas)?;
    weights_are_known(&settings.policy, &catalog)?;
    let engine = Engine::new(&catalog, settings.policy.clone(), settings.limits.clone());
    Ok((engine, catalog))
}

/// Refuses weights for a form that there is not: they would be silently without effect.
pub(super) fn weights_are_known(policy: &Policy, catalog: &Catalog) -> anyhow::Result<()> {
    match policy.weights.keys().find(|schema| catalog.get(schema).is_none()) {
        Some(unknown) => bail!("口径的 [weights] 里有不认识的表单“{unknown}”，表单编号见 jixiao schema list"),
        None => Ok(()),
    }
}

/// The built-in schemas, with those of a folder laid over them.
pub(super) fn catalog(dir: Option<&Path>) -> anyhow::Result<Catalog> {
    match dir {
        Some(dir) => catalog_of(&toml_files(dir)?),
        None => Ok(Catalog::embedded().clone()),
    }
}

/// The built-in schemas with these files laid over them.
pub(super) fn catalog_of(files: &[PathBuf]) -> anyhow::Result<Catalog> {
    let files = files.iter().map(|path| source_file(path)).collect::<anyhow::Result<Vec<_>>>()?;
    let names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    Catalog::with_overrides(&files, &names).context("表单定义有问题，请按所列位置修改")
}

/// The `.toml` files of a folder, by name.
fn toml_files(dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(dir).map_err(|error| Error::new(dir.display().to_string(), ErrorKind::Io(error)))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.with_context(|| format!("不能读取目录 {}", dir.display()))?.path();
        if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml")) {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        bail!("目录 {} 里没有表单定义文件（.toml）", dir.display());
    }
    Ok(files)
}

/// What a round is seen beside: 名册, 项目台账, 收件登记, earlier results.
pub(super) struct Shelf {
    pub(super) roster: Option<Roster>,
    pub(super) ledger: Option<Ledger>,
    pub(super) receipts: Option<Receipts>,
    decisions: Option<Decisions>,
    /// Digests of the books, by kind.
    made: BTreeMap<String, String>,
    today: Option<NaiveDate>,
    past: Vec<PastForm>,
    /// The files: no input, wherever they lie.
    pub(super) files: Vec<PathBuf>,
    /// Digests of those that were read, as they were then.
    pub(super) seen: Vec<(PathBuf, String)>,
}

impl Shelf {
    /// The books that the command names, else those of jixiao.toml.
    pub(super) fn read(
        args: &JudgeArgs,
        settings: &Settings,
        catalog: &Catalog,
        limits: &Limits,
    ) -> anyhow::Result<Self> {
        let roster = args.books.roster.as_ref().or(settings.roster.as_ref());
        let ledger = args.books.ledger.as_ref().or(settings.ledger.as_ref());
        let received = args.books.received.as_ref().or(settings.received.as_ref());
        let decisions = args.decisions.as_ref().or(settings.decisions.as_ref());
        let named = [("roster", roster), ("ledger", ledger), ("received", received), ("decisions", decisions)];
        let mut made = BTreeMap::new();
        let mut seen = Vec::new();
        let mut digest = |path: &PathBuf| -> Result<String, Error> {
            let sha256 = digest(path)?;
            seen.push((path.clone(), sha256.clone()));
            Ok(sha256)
        };
        for (what, path) in named.into_iter().filter_map(|(what, path)| Some((what, path?))) {
            made.insert(what.to_owned(), digest(path)?);
        }
        let previous = args.previous.iter().map(&mut digest).collect::<Result<Vec<_>, _>>()?;
        if !previous.is_empty() {
            made.insert("previous".to_owned(), previous.join(" "));
        }
        let books = [roster, ledger, received, decisions].into_iter().flatten();
        let files = books.chain(&args.previous).chain(&settings.own).cloned().collect();
        // What is wrong with any of them is told at once: a person mends all and comes back once.
        let mut problems = Vec::new();
        let roster = kept(roster.map(|path| read_roster(path, catalog, limits)), &mut problems);
        let ledger = kept(ledger.map(|path| read_ledger(path, roster.as_ref(), limits)), &mut problems);
        let receipts = kept(received.map(|path| read_receipts(path, roster.as_ref(), catalog, limits)), &mut problems);
        let decisions = kept(decisions.map(|path| read_decisions(path, limits)), &mut problems);
        if !problems.is_empty() {
            bail!(problems.iter().map(super::causes).collect::<Vec<_>>().join("\n"));
        }
        // Without a register no day is asked for: the result stays the same tomorrow.
        let today = decisions.as_ref().map(|_| args.date.unwrap_or_else(today));
        made.extend(today.map(|day| ("today".to_owned(), day.to_string())));
        let mut past = Vec::new();
        for (result, path) in args.previous.iter().enumerate() {
            let forms = read_previous(path, catalog)?.forms;
            past.extend(forms.into_iter().map(|form| PastForm { result, ..form }));
        }
        unchanged(&seen)?;
        Ok(Self { roster, ledger, receipts, decisions, made, today, past, files, seen })
    }

    /// The day by which decisions count; `None` where there are none.
    pub(super) fn today(&self) -> Option<NaiveDate> {
        self.today
    }

    /// Tells on standard error what a person should look at in the books.
    pub(super) fn tell_hints(&self) {
        tell_hints("名册", self.roster.as_ref().map_or(&[], Roster::hints));
        tell_hints("项目台账", self.ledger.as_ref().map_or(&[], Ledger::hints));
        tell_hints("收件登记", self.receipts.as_ref().map_or(&[], Receipts::hints));
    }

    /// What a part of a round is made by, but for the list of its files.
    pub(super) fn made(&self, policy: &Policy, catalog: &Catalog) -> BTreeMap<String, String> {
        let rules = Rulebook::of(policy, catalog);
        let of_tool = [
            ("tool", env!("CARGO_PKG_VERSION").to_owned()),
            ("rules", rules.rules),
            ("policy", rules.policy_sha256),
            ("schemas", rules.schemas_sha256),
        ];
        let mut made = self.made.clone();
        made.extend(of_tool.map(|(what, digest)| (what.to_owned(), digest)));
        made
    }

    pub(super) fn books(&self) -> Books<'_> {
        Books {
            registry: Registry { roster: self.roster.as_ref(), ledger: self.ledger.as_ref() },
            past: &self.past,
            decisions: self.decisions.as_ref(),
            today: self.today,
        }
    }
}

/// Makes sure that files are what they were: what was read of them is then what their digests say.
fn unchanged(seen: &[(PathBuf, String)]) -> Result<(), Error> {
    match seen.iter().find(|(path, before)| digest(path).is_ok_and(|now| now != *before)) {
        Some((path, _)) => Err(Error::new(path.display().to_string(), ErrorKind::NotReadable(Unreadable::Changed))),
        None => Ok(()),
    }
}

/// A book that could be read; of one that could not, why.
fn kept<T>(book: Option<anyhow::Result<T>>, problems: &mut Vec<anyhow::Error>) -> Option<T> {
    book?.map_err(|problem| problems.push(problem)).ok()
}

/// Tells on standard error what a person should look at in a book.
pub(super) fn tell_hints(book: &str, hints: &[String]) {
    hints.iter().for_each(|hint| complain(&format!("提醒 {book} {hint}")));
}

/// The result of an earlier round; forms that this run does not know are told on standard error.
pub(super) fn read_previous(path: &Path, catalog: &Catalog) -> anyhow::Result<Previous> {
    let shown = path.display().to_string();
    let read = files::text(path, &shown).and_then(|text| Previous::read(&text, &shown, catalog));
    let previous = read.context("审核结果读不了，这里要的是审核输出文件夹里的 结果.json")?;
    if !previous.unknown.is_empty() {
        let unknown = previous.unknown.join("、");
        complain(&format!(
            "提醒 {shown} 里有本次不认识的表单 {unknown}，没有比对。自定义的表单定义请用 --schemas 指明"
        ));
    }
    Ok(previous)
}

/// What a file is.
pub(super) fn digest(path: &Path) -> Result<String, Error> {
    Ok(sha256(&files::bytes(path, &path.display().to_string())?))
}

/// The register of decisions of this file.
pub(super) fn read_decisions(path: &Path, limits: &Limits) -> anyhow::Result<Decisions> {
    let shown = path.display().to_string();
    let read = || Decisions::read(&files::workbook(path, &shown, limits)?.sheets, &shown);
    read().context("出错说明登记表有问题")
}

/// Today in 北京时间, by which offices in China work wherever the machine's clock is set.
fn today() -> NaiveDate {
    const EAST: u64 = 8 * 60 * 60;
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let days = (since.as_secs() + EAST) / (24 * 60 * 60);
    NaiveDate::default() + Days::new(days)
}

/// The roster of this file.
pub(super) fn read_roster(path: &Path, catalog: &Catalog, limits: &Limits) -> anyhow::Result<Roster> {
    let shown = path.display().to_string();
    let read = || Roster::read(&files::workbook(path, &shown, limits)?.sheets, &shown, &catalog.schemas);
    read().context("名册有问题")
}

/// The ledger of this file.
pub(super) fn read_ledger(path: &Path, roster: Option<&Roster>, limits: &Limits) -> anyhow::Result<Ledger> {
    let shown = path.display().to_string();
    let read = || Ledger::read(&files::workbook(path, &shown, limits)?.sheets, &shown, roster);
    read().context("项目台账有问题")
}

/// The register of receipts of this file.
fn read_receipts(path: &Path, roster: Option<&Roster>, catalog: &Catalog, limits: &Limits) -> anyhow::Result<Receipts> {
    let shown = path.display().to_string();
    let read = || Receipts::read(&files::workbook(path, &shown, limits)?.sheets, &shown, roster, &catalog.schemas);
    read().context("收件登记有问题")
}

/// The files below the paths, without those at or below `unwanted` paths. A path that is not there stops the work;
/// what cannot be looked into below it does not.
pub(super) fn intake(args: &JudgeArgs, limits: &Limits, unwanted: &[PathBuf]) -> anyhow::Result<Intake> {
    intake_of(&args.paths, limits, unwanted)
}

/// The same for a command that takes only paths.
pub(super) fn intake_of(paths: &[PathBuf], limits: &Limits, unwanted: &[PathBuf]) -> anyhow::Result<Intake> {
    let named: Vec<(PathBuf, String)> = paths.iter().map(|path| (path.clone(), intake::source_of(path))).collect();
    intake_as(&named, limits, unwanted)
}

/// The same under names of one's own.
pub(super) fn intake_as(paths: &[(PathBuf, String)], limits: &Limits, unwanted: &[PathBuf]) -> anyhow::Result<Intake> {
    for (path, _) in paths {
        let closed = |error| Error::new(path.display().to_string(), intake::not_opened(path, error));
        let meta = fs::metadata(path).map_err(closed)?;
        if !meta.is_dir() && !meta.is_file() {
            let kind = ErrorKind::NotReadable(Unreadable::NoFile);
            return Err(Error::new(path.display().to_string(), kind).into());
        }
    }
    let mut intake = intake::collect_as(paths, limits);
    let unwanted: Vec<PathBuf> = unwanted.iter().filter_map(|path| path.canonicalize().ok()).collect();
    intake.inputs.retain(|input| !unwanted.iter().any(|path| input.path().starts_with(path)));
    intake.skipped.retain(|(source, _)| source.rsplit('/').next() != Some(FILE_NAME));
    if intake.inputs.is_empty() && intake.failed.is_empty() {
        bail!("没有找到要审核的文件。请核对路径（支持 .xlsx .xlsm .xlsb .xls .et .ods 和 .zip）");
    }
    Ok(intake)
}

/// Judges what was taken in under a progress bar, until someone stops it.
pub(super) fn run(
    args: &JudgeArgs,
    engine: &Engine,
    intake: Intake,
    books: Books<'_>,
    each: Option<Each<'_>>,
) -> anyhow::Result<Round> {
    run_until(&|| false, args, engine, intake, books, each)
}

/// The same, until `stop` says so.
pub(super) fn run_until(
    stop: Stop<'_>,
    args: &JudgeArgs,
    engine: &Engine,
    intake: Intake,
    books: Books<'_>,
    each: Option<Each<'_>>,
) -> anyhow::Result<Round> {
    under_bar(intake.inputs.len(), |done| {
        review::run_until(&|| stop::is_called() || stop(), intake, engine, books, args.engine.workers(), each, done)
    })
}

/// Judges a part of what was taken in under a progress bar.
pub(super) fn run_part(
    args: &JudgeArgs,
    engine: &Engine,
    mut intake: Intake,
    books: Books<'_>,
    shard: Shard,
    mut made: BTreeMap<String, String>,
) -> anyhow::Result<Round> {
    let Listing { files, sha256 } = intake.listing();
    made.insert(INPUTS.to_owned(), sha256);
    intake.keep(shard);
    let part = PartOf { index: shard.index(), of: shard.of(), files, made };
    under_bar(intake.inputs.len(), |done| {
        review::run_part(&stop::is_called, intake, engine, books, args.engine.workers(), part, done)
    })
}

/// Judges so many files; where it was stopped, says how many were.
fn under_bar(files: usize, judge: impl FnOnce(&(dyn Fn() + Sync)) -> Option<Round>) -> anyhow::Result<Round> {
    silence_workers();
    stop::watch();
    let bar = progress::bar(files);
    let judged = AtomicUsize::new(0);
    let round = judge(&|| {
        judged.fetch_add(1, Ordering::Relaxed);
        bar.inc(1);
    });
    bar.finish_and_clear();
    let judged = judged.into_inner();
    round.with_context(|| format!("共 {files} 个文件，审完 {judged} 个，没有写出文件。要做完，请重新运行同一条命令"))
}

/// What the statistics know of a round.
pub(super) fn facts(round: &Round, args: &JudgeArgs, settings: &Settings, shelf: &Shelf) -> Facts {
    let RoundName { region, name, day } = &settings.round;
    facts_of(
        round,
        &RoundName { day: args.date.or(*day), region: region.clone(), name: name.clone() },
        &settings.policy,
        shelf,
    )
}

/// The same of a round whose name is known.
pub(super) fn facts_of(round: &Round, called: &RoundName, policy: &Policy, shelf: &Shelf) -> Facts {
    let RoundName { region, name, day } = called;
    let beside =
        Beside { registry: shelf.books().registry, receipts: shelf.receipts.as_ref(), policy, region, name, day: *day };
    Facts { rounds: vec![RoundFacts::of(round, beside)] }
}

/// Tells on standard error which files of a round could not be judged; returns whether there are any.
pub(super) fn tell_unjudged(round: &Round) -> bool {
    let mut any = false;
    for submission in &round.submissions {
        if let Some((kind, reason)) = submission.unjudged() {
            complain(&format!("{kind} {}：{reason}", submission.source));
            any = true;
        }
    }
    any
}

/// A panic in a worker becomes the outcome of its file; nobody needs its trace on the screen.
fn silence_workers() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let current = std::thread::current();
        if !current.name().is_some_and(|name| name.starts_with(WORKER)) {
            usual(info);
        }
    }));
}
