//! `stats`: the statistics of results that were written before, of several rounds or places together.

use std::fs::File;
use std::io::{self, BufReader, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use jixiao::coverage::{self, Facts, Statistics};
use jixiao::error::Error;
use jixiao::report::{self, Format, Material, Views};
use jixiao::review::{Round, Workers};

#[cfg(feature = "parquet")]
use super::args::ReportFormat;
use super::args::{PartsArgs, StatsArgs};
use super::claim::Claim;
use super::outputs::{RESULTS, SUMMARY};
use super::parts::{self, PartFile};
use super::{CLEAN, complain, files, reports, say, settings};

/// Merges the results and writes the same tables as a review, and the facts for a further merge.
pub(super) fn run(args: &StatsArgs) -> anyhow::Result<u8> {
    let (whole, parts) = read_all(&args.results)?;
    if parts.is_empty() && speaks(&args.parts) {
        bail!(
            "--roster、--ledger、--received、--previous、--decisions、--schemas 只在合分批审核的结果时用，这里的结果都是整轮的。请去掉"
        );
    }
    let settings = settings::of_results(&args.switches, &args.results)?;
    let alone = whole.is_empty();
    let rounds = parts::together(parts, args, &settings)?;
    let facts = whole.into_iter().chain(rounds.iter().map(|(_, facts)| facts.clone()));
    let facts = merged(facts)?;
    // The round that parts became; of several, or among others, nobody could say which one a result is of.
    let round: Option<&(Round, Facts)> = match rounds.as_slice() {
        [round] if alone => Some(round),
        _ => None,
    };
    #[cfg(feature = "parquet")]
    if round.is_none() && args.reports.format.contains(&ReportFormat::Parquet) {
        bail!("--format parquet 要有各张表的内容，只在合分批审核的一轮时可用。整轮的结果，审核时加 --format parquet");
    }
    let statistics = Statistics::of(&facts);
    let assessed = coverage::assess(&statistics, &settings.policy.assessment);
    let returned = std::collections::BTreeMap::new();
    let material = Material {
        statistics: &statistics,
        assessed: &assessed,
        policy: &settings.policy,
        returned: &returned,
        letterhead: &settings.letterhead,
        round: None,
    };
    let _claim = Claim::of(&args.out)?;
    for name in reports::FILES.into_iter().chain([SUMMARY]).chain(round.map(|_| RESULTS)) {
        let path = args.out.join(name);
        files::refuse_over(&path, &args.results)?;
        if path.exists() && !args.force {
            bail!("{} 已有，未覆盖。换一个输出目录，或加 --force 覆盖", path.display());
        }
    }
    // Written last, they say that all is written: those of an earlier run go first.
    for name in [SUMMARY, RESULTS].into_iter().filter(|name| *name == SUMMARY || round.is_some()) {
        files::remove(&args.out.join(name))?;
    }
    let put = |name: &str, fill: &dyn Fn(&mut dyn Write) -> io::Result<()>| files::write(&args.out.join(name), fill);
    // The forms themselves are not at hand: the page shows the figures.
    let rows = round.map(|(round, facts)| (round, facts));
    let (written, failures) = reports::write(&material, args.date, &args.reports.format, Views::default, rows, put);
    if let Some(failure) = failures.into_iter().next() {
        return Err(failure.into());
    }
    files::write(&args.out.join(SUMMARY), |out| report::write_facts(&facts, out))?;
    if let Some((round, facts)) = round {
        files::write(&args.out.join(RESULTS), |out| {
            report::write(round, Format::Json(facts, Workers::default()), out)
        })?;
        for remark in &round.remarks {
            complain(&format!("提醒 出错说明登记表 {remark}"));
        }
    }
    reports::tell_stale(&args.out, &written);
    say(|out| {
        for sentence in report::verdict(&statistics) {
            writeln!(out, "{sentence}")?;
        }
        let result = if round.is_some() { format!("、{RESULTS}") } else { String::new() };
        writeln!(out, "结果在 {}：{}、{SUMMARY}{result}", args.out.display(), written.join("、"))
    })?;
    Ok(CLEAN)
}

/// Whether anything is said of what parts were judged beside.
fn speaks(args: &PartsArgs) -> bool {
    let PartsArgs { books, previous, decisions, schemas } = args;
    let books = [&books.roster, &books.ledger, &books.received, decisions, schemas];
    !previous.is_empty() || books.into_iter().any(Option::is_some)
}

/// The facts of these results together, for a command that takes whole rounds only.
pub(super) fn read(results: &[PathBuf]) -> anyhow::Result<Facts> {
    let (whole, parts) = read_all(results)?;
    match parts.first() {
        None => merged(whole),
        Some(part) => bail!("{} 是分批审核的一份，请先用 jixiao stats 把各份合起来", part.shown()),
    }
}

fn merged(all: impl IntoIterator<Item = Facts>) -> anyhow::Result<Facts> {
    Facts::merged(all).map_err(|problems| anyhow::anyhow!("这些结果不能合在一起：\n{}", problems.join("\n")))
}

/// The facts of a result. It is read piece by piece: that takes twice the time that it takes to read it as a whole, which is
/// little beside the rest, and not the memory.
fn facts_of(path: &Path, shown: &str) -> Result<Facts, Error> {
    const PIECE: usize = 1 << 16;
    // A pipe is told of below; to open it here would wait.
    let file = path.is_file().then(|| File::open(path).ok()).flatten();
    let piecewise = file.map(|file| Facts::read_from(BufReader::with_capacity(PIECE, file), shown));
    match piecewise {
        Some(Ok(facts)) => Ok(facts),
        // As a whole it is known what is wrong with it: no text, another encoding.
        _ => files::text(path, shown).and_then(|text| Facts::read(&text, shown)),
    }
}

/// The facts of the results of whole rounds, and the results that are parts. An output folder stands for its result.
fn read_all(results: &[PathBuf]) -> anyhow::Result<(Vec<Facts>, Vec<PartFile>)> {
    let (mut whole, mut parts) = (Vec::new(), Vec::new());
    for path in results {
        let inside = [RESULTS, SUMMARY].map(|name| path.join(name)).into_iter().find(|file| file.is_file());
        if path.is_dir() && inside.is_none() {
            bail!("{} 里没有 {RESULTS}，也没有 {SUMMARY}。请选审核的输出目录，或其中的文件", path.display());
        }
        let file = inside.as_ref().filter(|_| path.is_dir()).unwrap_or(path);
        let shown = file.display().to_string();
        let facts = facts_of(file, &shown).context("审核结果读不了")?;
        match PartFile::of(file, &facts)? {
            Some(part) => parts.push(part),
            None => whole.push(facts),
        }
    }
    Ok((whole, parts))
}
