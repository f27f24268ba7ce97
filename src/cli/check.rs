//! `check`: judges, writes no file.

use std::io::{self, IsTerminal};

use jixiao::report::{self, Colours, Format};

use super::args::{CheckArgs, OutputFormat};
use super::setup::Shelf;
use super::{gate, say, settings, setup};

/// Judges the paths and prints the result.
pub(super) fn run(args: &CheckArgs) -> anyhow::Result<u8> {
    let settings = settings::find(&args.judge)?;
    let (engine, catalog) = setup::engine(&args.judge, settings.policy.clone())?;
    let shelf = Shelf::read(&args.judge, &settings, &catalog, engine.limits())?;
    let intake = setup::intake(&args.judge, engine.limits(), &shelf.files)?;
    let round = setup::run(&args.judge, &engine, intake, shelf.books(), None);
    shelf.tell_hints();
    let colours = if io::stdout().is_terminal() { Colours::On } else { Colours::Off };
    let facts = setup::facts(&round, &args.judge, &settings, &shelf);
    let format = match args.format {
        OutputFormat::Text => Format::Text(colours),
        OutputFormat::Json => Format::Json(&facts),
        OutputFormat::Csv => Format::Csv,
    };
    say(|out| report::write(&round, format, out))?;
    Ok(gate::code(&round, args.judge.fail_on))
}
