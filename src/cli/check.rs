//! `check`: judges, writes no file.

use std::io::{self, IsTerminal};

use jixiao::report::{self, Colours, Format};

use super::args::{CheckArgs, OutputFormat};
use super::settings::{self, Settings};
use super::{gate, say, setup};

/// Judges the paths and prints the result.
pub(super) fn run(args: &CheckArgs) -> anyhow::Result<u8> {
    let Settings { policy, own, .. } = settings::find(&args.judge)?;
    let (engine, _) = setup::engine(&args.judge, policy)?;
    let intake = setup::intake(&args.judge, engine.limits(), &own)?;
    let round = setup::run(&args.judge, &engine, intake, |_, _| {});
    let colours = if io::stdout().is_terminal() { Colours::On } else { Colours::Off };
    let format = match args.format {
        OutputFormat::Text => Format::Text(colours),
        OutputFormat::Json => Format::Json,
        OutputFormat::Csv => Format::Csv,
    };
    say(|out| report::write(&round, format, out))?;
    Ok(gate::code(&round, args.judge.fail_on))
}
