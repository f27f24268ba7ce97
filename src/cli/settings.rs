//! What a command judges by: `--policy`, else the jixiao.toml of the input folder or of one above it, else the national
//! policy; and the files that were used for it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Context;
use jixiao::config::{Config, FILE_NAME, Letterhead, RoundName};
use jixiao::error::{Error, ErrorKind};
use jixiao::ooxml::Limits;
use jixiao::policy::Policy;
use jixiao::register::Register;
use jixiao::rules::RULES;
use jixiao::schema::SourceFile;

use super::args::{JudgeArgs, PolicyArgs};
use super::{complain, files};

/// Spreadsheets that may hold a register.
const SPREADSHEETS: [&str; 6] = ["xlsx", "xlsm", "xlsb", "xls", "et", "ods"];

/// What to judge by.
pub(super) struct Settings {
    pub(super) policy: Policy,
    /// The roster that jixiao.toml names.
    pub(super) roster: Option<PathBuf>,
    /// The ledger that it names.
    pub(super) ledger: Option<PathBuf>,
    /// The register of receipts that it names.
    pub(super) received: Option<PathBuf>,
    /// The register of decisions that it names.
    pub(super) decisions: Option<PathBuf>,
    /// Files of the desk's own: no input, wherever they lie.
    pub(super) own: Vec<PathBuf>,
    /// The jixiao.toml, where one was used.
    pub(super) config: Option<PathBuf>,
    /// Whom and what the round is counted for.
    pub(super) round: RoundName,
    /// Who writes to the units.
    pub(super) letterhead: Letterhead,
    /// What one file may cost.
    pub(super) limits: Limits,
}

impl Settings {
    fn of(policy: Policy, own: Vec<PathBuf>) -> Self {
        let (config, round, letterhead, limits) =
            (None, RoundName::default(), Letterhead::default(), Limits::default());
        Self {
            policy,
            roster: None,
            ledger: None,
            received: None,
            decisions: None,
            own,
            config,
            round,
            letterhead,
            limits,
        }
    }
}

/// The settings of a command that judges, and on standard error which jixiao.toml they come from.
pub(super) fn find(args: &JudgeArgs) -> anyhow::Result<Settings> {
    let from = args.paths.first().map_or(Path::new(""), PathBuf::as_path);
    settings(&args.switches, from)
}

/// The policy of a command that writes for the work folder at or above a path: as [`find`] gives it to those that judge
/// there.
pub(super) fn policy_at(switches: &PolicyArgs, from: &Path) -> anyhow::Result<Policy> {
    at(switches, from).map(|settings| settings.policy)
}

/// The settings of a command that writes for the work folder at or above a path.
pub(super) fn at(switches: &PolicyArgs, from: &Path) -> anyhow::Result<Settings> {
    settings(switches, from)
}

/// The settings of a command that reads results, the same in whatever order they are given: of the work folder that they lie
/// in; of several work folders what these agree on, else of the one above them all.
pub(super) fn of_results(switches: &PolicyArgs, results: &[PathBuf]) -> anyhow::Result<Settings> {
    let above: BTreeSet<Option<PathBuf>> = results.iter().map(|result| config_above(result)).collect();
    if above.len() < 2 || switches.policy.is_some() || switches.no_config {
        return at(switches, results.first().map_or(Path::new(""), PathBuf::as_path));
    }
    let own: Vec<Settings> = above.iter().flatten().map(|path| of_config(path)).collect::<Result<_, _>>()?;
    let agree = |two: &[Settings]| matches!(two, [a, b] if a.policy == b.policy && a.letterhead == b.letterhead);
    if above.iter().all(Option::is_some) && own.windows(2).all(agree) {
        return at(switches, results.first().map_or(Path::new(""), PathBuf::as_path));
    }
    let names: Vec<String> = above.iter().flatten().map(|path| shown(path)).collect();
    complain(&format!(
        "提醒 这些结果不在同一个工作文件夹，没有用各自的 {}；要写明口径、编制单位的，在它们共同的上级文件夹放一个 {FILE_NAME}",
        names.join("、")
    ));
    at(switches, &shared_folder(results))
}

/// The nearest folder that all the paths lie in.
fn shared_folder(paths: &[PathBuf]) -> PathBuf {
    let mut paths = paths.iter().filter_map(|path| path.canonicalize().ok());
    let Some(first) = paths.next() else { return PathBuf::new() };
    let start = first.parent().map(Path::to_owned).unwrap_or(first);
    paths.fold(start, |shared, path| {
        shared.ancestors().find(|folder| path.starts_with(folder)).map_or_else(PathBuf::new, Path::to_owned)
    })
}

/// The settings of a judgement on record: by `policy`, else by a jixiao.toml, else the national ones.
pub(super) fn recorded(policy: Option<&str>, config: Option<&Path>) -> anyhow::Result<Settings> {
    let mut settings = match (policy, config) {
        (Some(policy), _) => of_policy(policy)?,
        (None, Some(config)) => of_config(config)?,
        (None, None) => Settings::of(Policy::embedded("national")?, Vec::new()),
    };
    settings.policy = owning_up(settings.policy);
    Ok(settings)
}

/// Whether `--policy` names a file.
pub(super) fn is_file(policy: &str) -> bool {
    let extension = Path::new(policy).extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    extension.is_some_and(|extension| extension == "toml" || SPREADSHEETS.contains(&extension.as_str()))
}

fn settings(switches: &PolicyArgs, from: &Path) -> anyhow::Result<Settings> {
    let mut settings = named(switches, from)?;
    settings.policy = owning_up(settings.policy);
    Ok(settings)
}

/// A preset with switches changed under its own name says so in its title: results must not pass for the preset's.
fn owning_up(mut policy: Policy) -> Policy {
    if Policy::embedded(&policy.id).is_ok_and(|preset| preset.title == policy.title && preset != policy) {
        policy.title.push_str("（有改动）");
    }
    policy
}

fn named(switches: &PolicyArgs, from: &Path) -> anyhow::Result<Settings> {
    if let Some(policy) = &switches.policy {
        return of_policy(policy);
    }
    match config_above(from).filter(|_| !switches.no_config) {
        None => Ok(Settings::of(Policy::embedded("national")?, Vec::new())),
        Some(path) => {
            complain(&format!("使用 {}", shown(&path)));
            of_config(&path)
        }
    }
}

/// A text file of this path.
pub(super) fn source_file(path: &Path) -> anyhow::Result<SourceFile> {
    let text = files::text(path, &shown(path))?;
    // Notepad marks UTF-8 by a byte order mark, which is no TOML.
    Ok(SourceFile::new(shown(path), text.trim_start_matches('\u{feff}')))
}

fn of_policy(id_or_path: &str) -> anyhow::Result<Settings> {
    let path = Path::new(id_or_path);
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    let (policy, own) = match extension.as_deref() {
        Some("toml") => {
            let file = source_file(path)?;
            let policy = Policy::load(&[], &file, &rule_names()).context(PROBLEM)?;
            let register = Policy::register_of(&file).map(|register| beside(path, &register));
            (with_register(policy, register.as_deref())?, std::iter::once(path.to_owned()).chain(register).collect())
        }
        Some(extension) if SPREADSHEETS.contains(&extension) => (of_register(path)?, vec![path.to_owned()]),
        _ => (Policy::embedded(id_or_path).context(PROBLEM)?, Vec::new()),
    };
    Ok(Settings::of(policy, own))
}

const PROBLEM: &str = "口径有问题";

fn of_config(path: &Path) -> anyhow::Result<Settings> {
    let config = Config::load(&source_file(path)?, &rule_names());
    let config = config.with_context(|| format!("{FILE_NAME} 有问题（不用这个文件，加 --no-config）"))?;
    let register = config.register.map(|register| beside(path, &register));
    let roster = config.roster.map(|roster| beside(path, &roster));
    let ledger = config.ledger.map(|ledger| beside(path, &ledger));
    let received = config.received.map(|received| beside(path, &received));
    let decisions = config.decisions.map(|decisions| beside(path, &decisions));
    let policy = with_register(config.policy, register.as_deref())?;
    let books = [register, roster.clone(), ledger.clone(), received.clone(), decisions.clone()];
    let own = std::iter::once(path.to_owned()).chain(books.into_iter().flatten()).collect();
    let (round, letterhead, limits) = (config.round, config.letterhead, config.limits);
    Ok(Settings {
        policy,
        roster,
        ledger,
        received,
        decisions,
        own,
        config: Some(path.to_owned()),
        round,
        letterhead,
        limits,
    })
}

/// A register alone: over the built-in policy that its head line names.
fn of_register(path: &Path) -> anyhow::Result<Policy> {
    let register = read_register(path)?;
    match Policy::embedded(&register.policy) {
        Ok(policy) => Ok(register.over(policy)),
        Err(_) => Err(bad_register(
            path,
            format!(
                "登记表的口径“{}”不是内置口径。请在 {FILE_NAME} 的 [policy] 里写明该口径，并写 register = \"…\"",
                register.policy
            ),
        )),
    }
}

/// A register named by the file of a policy: over that policy, which must be the one it was made from.
fn with_register(policy: Policy, register: Option<&Path>) -> anyhow::Result<Policy> {
    let Some(path) = register else { return Ok(policy) };
    let register = read_register(path)?;
    if register.policy != policy.id {
        return Err(bad_register(
            path,
            format!("登记表的口径是“{}”，这里用的口径是“{}”。请按这里的口径重新导出登记表", register.policy, policy.id),
        ));
    }
    Ok(register.over(policy))
}

fn bad_register(path: &Path, problem: String) -> anyhow::Error {
    anyhow::Error::new(Error::new(shown(path), ErrorKind::Invalid(vec![problem]))).context("规则登记表有问题")
}

fn read_register(path: &Path) -> anyhow::Result<Register> {
    let shown = shown(path);
    let read = || Register::read(&files::workbook(path, &shown, &Limits::default())?.sheets, &shown);
    read().context("规则登记表有问题")
}

/// What one file at a path may cost, for a command that judges nothing.
pub(super) fn limits_at(from: &Path) -> anyhow::Result<Limits> {
    match config_above(from) {
        Some(path) => Ok(of_config(&path)?.limits),
        None => Ok(Limits::default()),
    }
}

/// The jixiao.toml of the path's folder, or of the nearest one above. Of a path that is yet to be made the part counts that
/// is there.
fn config_above(path: &Path) -> Option<PathBuf> {
    let here = Path::new(".");
    let path = path.ancestors().find(|path| path.exists()).unwrap_or(here).canonicalize().ok()?;
    let folders = if path.is_dir() { path.ancestors() } else { path.parent()?.ancestors() };
    folders.map(|folder| folder.join(FILE_NAME)).find(|file| file.is_file())
}

/// A path written in a file: from the file's folder.
fn beside(file: &Path, written: &str) -> PathBuf {
    file.parent().unwrap_or(Path::new("")).join(written)
}

/// A path as a person knows it: from where the command was started, if it lies there.
fn shown(path: &Path) -> String {
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).ok();
    let short = here.and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path);
    // What Windows puts before a path without links.
    match short.display().to_string().trim_start_matches(r"\\?\") {
        "" => ".".to_owned(),
        shown => shown.to_owned(),
    }
}

fn rule_names() -> Vec<&'static str> {
    RULES.iter().flat_map(|rule| [rule.name, rule.code]).collect()
}
