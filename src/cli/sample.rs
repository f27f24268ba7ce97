//! `sample`: which forms a person looks at.

use anyhow::bail;
use jixiao::coverage::{Draw, Statistics, sample};
use jixiao::report;

use super::args::SampleArgs;
use super::{CLEAN, files, say, settings, stats};

/// Draws from results and writes the list.
pub(super) fn run(args: &SampleArgs) -> anyhow::Result<u8> {
    let facts = stats::read(&args.results)?;
    let settings = settings::of_results(&args.switches, &args.results)?;
    let statistics = Statistics::of(&facts);
    let draw = Draw {
        stage: args.stage.into(),
        rate: args.rate.0,
        each_department: args.each_department,
        seed: args.seed,
        policy: &settings.policy.sampling,
    };
    let sample = sample(&statistics, &draw);
    if sample.departments.is_empty() {
        bail!("这些结果里没有{}的项目表，没有可抽的。环节用 --stage 指定", draw.stage.title());
    }
    files::refuse_over(&args.out, &args.results)?;
    if args.out.exists() && !args.force {
        bail!("{} 已有，未覆盖。换一个文件名，或加 --force 覆盖", args.out.display());
    }
    files::write(&args.out, |out| report::write_sample(&sample, &draw, out))?;
    let forms: usize = sample.departments.iter().map(|(_, quota)| quota.forms).sum();
    say(|out| {
        let (drawn, departments) = (sample.drawn.len(), sample.departments.len());
        writeln!(out, "{departments} 个部门的项目{} {forms} 个，抽取 {drawn} 个。", draw.stage.title())?;
        writeln!(out, "名单在 {}", args.out.display())
    })?;
    Ok(CLEAN)
}
