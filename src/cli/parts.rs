//! Results that are parts of a round become the round: what only the whole shows is looked at here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use jixiao::config::RoundName;
use jixiao::coverage::{Facts, RoundFacts};
use jixiao::error::Error;
use jixiao::review::{Part, PartOf, Round, made_otherwise, misfits};

use super::args::{EngineArgs, FailOn, JudgeArgs, StatsArgs};
use super::settings::Settings;
use super::setup::Shelf;
use super::{files, setup};

/// A result that is a part.
pub(super) struct PartFile {
    path: PathBuf,
    /// What the round is called.
    called: RoundName,
    part: PartOf,
    sha256: String,
}

impl PartFile {
    /// The part that a result is; `None` for the result of a whole round.
    pub(super) fn of(path: &Path, facts: &Facts) -> Result<Option<Self>, Error> {
        let found = facts.rounds.iter().find_map(|round| Some((round, round.part.clone()?)));
        let Some((round, part)) = found else { return Ok(None) };
        let RoundFacts { region, name, day, .. } = round;
        Ok(Some(Self {
            path: path.to_owned(),
            called: RoundName { region: region.clone(), name: name.clone(), day: *day },
            part,
            sha256: setup::digest(path)?,
        }))
    }

    /// Its file, as it was given.
    pub(super) fn shown(&self) -> String {
        self.path.display().to_string()
    }
}

/// The rounds that the parts are of, with their facts.
pub(super) fn together(
    parts: Vec<PartFile>,
    args: &StatsArgs,
    settings: &Settings,
) -> anyhow::Result<Vec<(Round, Facts)>> {
    type Name = (String, String, Option<chrono::NaiveDate>);
    let mut rounds: BTreeMap<Name, Vec<PartFile>> = BTreeMap::new();
    for part in parts {
        let RoundName { region, name, day } = part.called.clone();
        rounds.entry((region, name, day)).or_default().push(part);
    }
    rounds.into_values().map(|parts| round(parts, args, settings)).collect()
}

fn round(mut parts: Vec<PartFile>, args: &StatsArgs, settings: &Settings) -> anyhow::Result<(Round, Facts)> {
    parts.sort_by(|a, b| (a.part.index, &a.sha256, &a.path).cmp(&(b.part.index, &b.sha256, &b.path)));
    // The same part twice is one.
    parts.dedup_by(|a, b| a.sha256 == b.sha256);
    let Some(first) = parts.first() else { bail!("没有分批审核的结果") };
    let called = first.called.clone();
    let title = match [called.region.as_str(), called.name.as_str()].concat() {
        title if title.is_empty() => "这一轮".to_owned(),
        title => format!("“{title}”"),
    };
    let shown: Vec<String> = parts.iter().map(PartFile::shown).collect();
    let of: Vec<(&str, &PartOf)> = shown.iter().map(String::as_str).zip(parts.iter().map(|one| &one.part)).collect();
    let told = misfits(&title, &of);
    if !told.is_empty() {
        bail!("分批审核的结果合不起来：\n{}", told.join("\n"));
    }
    let judge = judge_args(args, first)?;
    let catalog = setup::catalog(args.parts.schemas.as_deref())?;
    let shelf = Shelf::read(&judge, settings, &catalog, &settings.limits)?;
    let told = made_otherwise(&first.part.made, &shelf.made(&settings.policy, &catalog));
    if !told.is_empty() {
        bail!("{title}分批审核的结果合不起来：\n{}", told.join("\n"));
    }
    let files = first.part.files;
    let read = |one: &PartFile| -> anyhow::Result<Part> {
        let shown = one.shown();
        let text = files::text(&one.path, &shown)?;
        Ok(Part::read(&text, &shown, &catalog, &settings.policy)?)
    };
    let read = parts.iter().map(read).collect::<anyhow::Result<Vec<_>>>().context("审核结果读不了")?;
    let held: usize = read.iter().map(Part::files).sum();
    if held != files {
        bail!("{title}共有文件 {files} 个，各份合起来是 {held} 个。有的结果被改动过，请重新审核");
    }
    let round = Round::of_parts(read, &settings.policy, shelf.books());
    shelf.tell_hints();
    let facts = setup::facts_of(&round, &called, &settings.policy, &shelf);
    Ok((round, facts))
}

/// How the whole round would have been judged.
fn judge_args(args: &StatsArgs, first: &PartFile) -> anyhow::Result<JudgeArgs> {
    let today = first.part.made.get("today").map(|day| day.parse()).transpose();
    Ok(JudgeArgs {
        paths: Vec::new(),
        switches: args.switches.clone(),
        books: args.parts.books.clone(),
        previous: args.parts.previous.clone(),
        decisions: args.parts.decisions.clone(),
        date: today.with_context(|| format!("{} 里的日期有误", first.shown()))?,
        engine: EngineArgs { schemas: args.parts.schemas.clone(), threads: None },
        fail_on: FailOn::Never,
    })
}
