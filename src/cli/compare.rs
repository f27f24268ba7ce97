//! `diff`: two submissions of the same forms compared.

use std::io::{self, IsTerminal};
use std::path::Path;

use anyhow::bail;
use jixiao::diff;
use jixiao::previous::PastForm;
use jixiao::report::{self, Colours, DiffFormat};

use super::args::{DiffArgs, FailOn, JudgeArgs, PlainFormat};
use super::setup::{self, Shelf};
use super::{CLEAN, FOUND, files, say, say_json, settings};

/// Compares both sides, prints what differs, and writes it as a workbook where one is asked for.
pub(super) fn run(args: &DiffArgs) -> anyhow::Result<u8> {
    if let Some(path) = &args.out {
        if !path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xlsx")) {
            bail!("{} 应以 .xlsx 结尾", path.display());
        }
        if path.exists() && !args.force {
            bail!("{} 已经有了，未覆盖。换一个文件名，或加 --force 覆盖", path.display());
        }
        files::refuse_over(path, [&args.old, &args.new])?;
    }
    let judge = judge_args(args, &args.new);
    let settings = settings::find(&judge)?;
    let (engine, catalog) = setup::engine(&judge, &settings)?;
    let shelf = Shelf::read(&judge, &settings, &catalog, engine.limits())?;
    if let Some(path) = &args.out {
        files::refuse_over(path, &shelf.files)?;
    }
    let mut unjudged = false;
    let mut side = |path: &Path| -> anyhow::Result<Vec<PastForm>> {
        if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
            return Ok(setup::read_previous(path, &catalog)?.forms);
        }
        let judge = judge_args(args, path);
        let intake = setup::intake(&judge, engine.limits(), &shelf.files)?;
        let round = setup::run(&judge, &engine, intake, shelf.books(), None)?;
        unjudged |= setup::tell_unjudged(&round);
        let past =
            round.forms().map(|(one, checked)| PastForm::of(&one.source, &checked.form, &checked.findings, Vec::new()));
        Ok(past.collect())
    };
    let (old, new) = (side(&args.old)?, side(&args.new)?);
    let difference = diff::difference(&old, &new, shelf.books().registry);
    let colours = if io::stdout().is_terminal() { Colours::On } else { Colours::Off };
    let format = match args.format {
        PlainFormat::Text => DiffFormat::Text(colours),
        PlainFormat::Json => DiffFormat::Json,
    };
    if let Some(path) = &args.out {
        files::write(path, |out| report::write_difference_workbook(&difference, out))?;
    }
    match args.format {
        PlainFormat::Text => say(|out| report::write_difference(&difference, format, out)),
        PlainFormat::Json => say_json(|out| report::write_difference(&difference, format, out)),
    }?;
    // Two rounds are the same only where both could be read.
    Ok(if difference.is_none() && !unjudged { CLEAN } else { FOUND })
}

/// What judging one side needs.
fn judge_args(args: &DiffArgs, path: &Path) -> JudgeArgs {
    JudgeArgs {
        paths: vec![path.to_owned()],
        switches: args.switches.clone(),
        books: args.books.clone(),
        previous: Vec::new(),
        decisions: None,
        date: None,
        engine: args.engine.clone(),
        fail_on: FailOn::Never,
    }
}
