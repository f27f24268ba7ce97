//! `check`: judges, writes no file.

use std::io::{self, BufWriter, IsTerminal, Write};

use jixiao::report::{self, Colours, Format};

use super::args::{CheckArgs, OutputFormat};
use super::{gate, setup};

/// Judges the paths and prints the result.
pub(super) fn run(args: &CheckArgs) -> anyhow::Result<u8> {
    let (engine, _) = setup::engine(&args.judge)?;
    let intake = setup::intake(&args.judge, engine.limits(), &[])?;
    let round = setup::run(&args.judge, &engine, intake, |_, _| {});
    let stdout = io::stdout();
    let colours = if stdout.is_terminal() { Colours::On } else { Colours::Off };
    let format = match args.format {
        OutputFormat::Text => Format::Text(colours),
        OutputFormat::Json => Format::Json,
        OutputFormat::Csv => Format::Csv,
    };
    let mut out = BufWriter::new(stdout.lock());
    report::write(&round, format, &mut out)?;
    out.flush()?;
    Ok(gate::code(&round, args.judge.fail_on))
}
