//! `check`: judges, and writes no file but for `--out`.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use anyhow::bail;
#[cfg(feature = "parquet")]
use jixiao::report::ParquetTable;
use jixiao::report::{self, Colours, Format};

use super::args::{CheckArgs, OutputFormat};
use super::outputs::RESULTS;
use super::setup::Shelf;
use super::{cache, files, gate, say, settings, setup};

/// Judges the paths, or a part of them, and prints or writes the result.
pub(super) fn run(args: &CheckArgs) -> anyhow::Result<u8> {
    let settings = settings::find(&args.judge)?;
    let (engine, catalog) = setup::engine(&args.judge, settings.policy.clone())?;
    let shelf = Shelf::read(&args.judge, &settings, &catalog, engine.limits())?;
    let places = match &args.out {
        Some(out) => places(out, args)?,
        None => Vec::new(),
    };
    let (engine, cache) = cache::attach(engine, args.cache.dir(), &args.judge.paths)?;
    let intake = setup::intake(&args.judge, engine.limits(), &shelf.files)?;
    let round = match args.shard {
        None => setup::run(&args.judge, &engine, intake, shelf.books(), None),
        Some(shard) => {
            let made = shelf.made(&settings.policy, &catalog);
            setup::run_part(&args.judge, &engine, intake, shelf.books(), shard, made)
        }
    };
    cache.tell(&engine);
    if args.shard.is_none() {
        shelf.tell_hints();
    }
    let facts = setup::facts(&round, &args.judge, &settings, &shelf);
    #[cfg(feature = "parquet")]
    if args.format == OutputFormat::Parquet {
        for (table, path) in ParquetTable::ALL.into_iter().zip(places.iter().skip(1)) {
            files::write(path, |out| report::write_parquet(table, &round, &facts, out))?;
        }
    }
    // Last: where it stands, everything does.
    if let Some(path) = places.first() {
        files::write(path, |out| report::write(&round, Format::Json(&facts, args.judge.engine.workers()), out))?;
    }
    let colours = if io::stdout().is_terminal() { Colours::On } else { Colours::Off };
    let format = match args.format {
        OutputFormat::Text => Some(Format::Text(colours)),
        OutputFormat::Json => Some(Format::Json(&facts, args.judge.engine.workers())).filter(|_| places.is_empty()),
        OutputFormat::Csv => Some(Format::Csv),
        #[cfg(feature = "parquet")]
        OutputFormat::Parquet => None,
    };
    if let Some(format) = format {
        say(|out| report::write(&round, format, out))?;
    }
    Ok(gate::code(&round, args.judge.fail_on))
}

/// What is written into the output folder, the result first.
fn places(out: &Path, args: &CheckArgs) -> anyhow::Result<Vec<PathBuf>> {
    // What one part wrote there would be among the files of the next.
    if let Some(path) = files::folder_around(out, &args.judge.paths) {
        bail!(
            "输出目录 {} 在所审的文件夹 {} 里面，会和收到的文件混在一起。请换一个位置",
            out.display(),
            path.display()
        );
    }
    #[cfg(feature = "parquet")]
    let tables = ParquetTable::ALL.into_iter().filter(|_| args.format == OutputFormat::Parquet).map(ParquetTable::file);
    #[cfg(not(feature = "parquet"))]
    let tables = std::iter::empty();
    let places: Vec<PathBuf> = std::iter::once(RESULTS).chain(tables).map(|name| out.join(name)).collect();
    match places.iter().find(|path| path.exists()).filter(|_| !args.force) {
        Some(path) => bail!("{} 已有，未覆盖。换一个输出目录，或加 --force 覆盖", path.display()),
        None => Ok(places),
    }
}
