//! `stats`: the statistics of results that were written before, of several rounds or places together.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::{Context, bail};
use jixiao::coverage::{self, Facts, Statistics};
use jixiao::report::{self, Material, Views};

use super::args::StatsArgs;
use super::outputs::{RESULTS, SUMMARY};
use super::{CLEAN, files, reports, say, settings};

/// Merges the results and writes the same tables as a review, and the facts for a further merge.
pub(super) fn run(args: &StatsArgs) -> anyhow::Result<u8> {
    let facts = read(&args.results)?;
    let settings = settings::of_results(&args.switches, &args.results)?;
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
    for name in reports::FILES.into_iter().chain([SUMMARY]) {
        let path = args.out.join(name);
        files::refuse_over(&path, &args.results)?;
        if path.exists() && !args.force {
            bail!("{} 已有，未覆盖。换一个输出目录，或加 --force 覆盖", path.display());
        }
    }
    let put = |name: &str, fill: &dyn Fn(&mut dyn Write) -> io::Result<()>| files::write(&args.out.join(name), fill);
    // The forms themselves are not at hand: the page shows the figures.
    let (written, failures) = reports::write(&material, args.date, &args.reports.format, Views::default, put);
    if let Some(failure) = failures.into_iter().next() {
        return Err(failure.into());
    }
    files::write(&args.out.join(SUMMARY), |out| report::write_facts(&facts, out))?;
    reports::tell_stale(&args.out, &written);
    say(|out| {
        for sentence in report::verdict(&statistics) {
            writeln!(out, "{sentence}")?;
        }
        writeln!(out, "结果在 {}：{}、{SUMMARY}", args.out.display(), written.join("、"))
    })?;
    Ok(CLEAN)
}

/// The facts of these results together. An output folder stands for its result.
pub(super) fn read(results: &[PathBuf]) -> anyhow::Result<Facts> {
    let mut all = Vec::new();
    for path in results {
        let inside = [RESULTS, SUMMARY].map(|name| path.join(name)).into_iter().find(|file| file.is_file());
        if path.is_dir() && inside.is_none() {
            bail!("{} 里没有 {RESULTS}，也没有 {SUMMARY}。请选审核的输出目录，或其中的文件", path.display());
        }
        let file = inside.as_ref().filter(|_| path.is_dir()).unwrap_or(path);
        let shown = file.display().to_string();
        let facts = files::text(file, &shown).and_then(|text| Facts::read(&text, &shown));
        all.push(facts.context("审核结果读不了")?);
    }
    Facts::merged(all).map_err(|problems| anyhow::anyhow!("这些结果不能合在一起：\n{}", problems.join("\n")))
}
