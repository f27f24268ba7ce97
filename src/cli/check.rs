//! `check`: judges, and writes no file but for `--out`.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use anyhow::bail;
use jixiao::coverage::Facts;
#[cfg(feature = "parquet")]
use jixiao::report::ParquetTable;
use jixiao::report::{self, Colours, Format};
use jixiao::review::Round;

use super::args::{CheckArgs, OutputFormat};
use super::claim::Claim;
use super::outputs::RESULTS;
use super::screen::Kind;
use super::setup::Shelf;
use super::{cache, files, gate, say_as, settings, setup, stop};

/// Judges the paths, or a part of them, and prints or writes the result.
pub(super) fn run(args: &CheckArgs) -> anyhow::Result<u8> {
    let settings = settings::find(&args.judge)?;
    let (engine, catalog) = setup::engine(&args.judge, &settings)?;
    let shelf = Shelf::read(&args.judge, &settings, &catalog, engine.limits())?;
    let claim = args.out.as_deref().map(|out| claimed(out, args)).transpose()?;
    let places = args.out.as_deref().map_or_else(Vec::new, |out| places(out, args));
    refuse_existing(&places, args.force)?;
    let (engine, cache) = cache::attach(engine, args.cache.dir(), &args.judge.paths)?;
    let intake = setup::intake(&args.judge, engine.limits(), &shelf.files)?;
    let round = match args.shard {
        None => setup::run(&args.judge, &engine, intake, shelf.books(), None)?,
        Some(shard) => {
            let made = shelf.made(&settings.policy, &catalog);
            setup::run_part(&args.judge, &engine, intake, shelf.books(), shard, made)?
        }
    };
    cache.tell(&engine);
    if args.shard.is_none() {
        shelf.tell_hints();
    }
    let facts = setup::facts(&round, &args.judge, &settings, &shelf);
    let files = round.submissions.len();
    stop::or(put_out(args, &round, &facts, &places), || {
        format!("{files} 个文件都审完了，结果没有写完。要做完，请重新运行同一条命令")
    })?;
    drop(claim);
    Ok(gate::code(&round, args.judge.fail_on))
}

/// Writes the result, or prints it.
fn put_out(args: &CheckArgs, round: &Round, facts: &Facts, places: &[PathBuf]) -> anyhow::Result<()> {
    #[cfg(feature = "parquet")]
    if args.format == OutputFormat::Parquet {
        // Of an earlier run: beside the tables of this one it would pass for theirs.
        places.first().map_or(Ok(()), |result| files::remove(result))?;
        for (table, path) in ParquetTable::ALL.into_iter().zip(places.iter().skip(1)) {
            files::write(path, |out| report::write_parquet(table, round, facts, out))?;
        }
    }
    // Last: where it stands, everything does.
    if let Some(path) = places.first() {
        files::write(path, |out| report::write(round, Format::Json(facts, args.judge.engine.workers()), out))?;
    }
    let coloured = io::stdout().is_terminal();
    let colours = if coloured { Colours::On } else { Colours::Off };
    let format = match args.format {
        OutputFormat::Text => Some(Format::Text(colours)),
        OutputFormat::Json => Some(Format::Json(facts, args.judge.engine.workers())).filter(|_| places.is_empty()),
        OutputFormat::Csv => Some(Format::Csv),
        #[cfg(feature = "parquet")]
        OutputFormat::Parquet => None,
    };
    if let Some(format) = format {
        let kind = if args.format == OutputFormat::Json { Kind::Json } else { Kind::Text { coloured } };
        say_as(kind, |out| report::write(round, format, out))?;
    }
    Ok(())
}

/// The output folder, if it is none of those that are judged: what one part wrote there would be among the files of the
/// next.
fn claimed(out: &Path, args: &CheckArgs) -> anyhow::Result<Claim> {
    match files::folder_around(out, &args.judge.paths) {
        Some(path) => bail!(
            "输出目录 {} 在所审的文件夹 {} 里面，会和收到的文件混在一起。请换一个位置",
            out.display(),
            path.display()
        ),
        None => Claim::of(out),
    }
}

/// What is written into the output folder, the result first.
fn places(out: &Path, args: &CheckArgs) -> Vec<PathBuf> {
    #[cfg(feature = "parquet")]
    let tables = ParquetTable::ALL.into_iter().filter(|_| args.format == OutputFormat::Parquet).map(ParquetTable::file);
    #[cfg(not(feature = "parquet"))]
    let tables = {
        let _ = args;
        std::iter::empty()
    };
    std::iter::once(RESULTS).chain(tables).map(|name| out.join(name)).collect()
}

/// Refuses to write over what is there unless forced.
fn refuse_existing(places: &[PathBuf], force: bool) -> anyhow::Result<()> {
    match places.iter().find(|path| path.exists()).filter(|_| !force) {
        Some(path) => bail!("{} 已有，未覆盖。换一个输出目录，或加 --force 覆盖", path.display()),
        None => Ok(()),
    }
}
