//! The command line: clap structs, one short function a subcommand, exit codes. The only place that prints, and the
//! only one besides `intake` that touches the file system.

mod apply;
mod args;
mod cache;
mod calibrate;
mod check;
mod claim;
mod clean;
mod compare;
mod decisions;
mod diff;
mod explain;
mod files;
mod gate;
mod handback;
mod init;
mod outputs;
mod parts;
mod progress;
mod record;
mod register;
mod reports;
mod review;
mod sample;
mod schema;
mod screen;
mod settings;
mod setup;
mod stats;
mod stop;
mod template;
mod usage;

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::Parser;
use jixiao::error::{Error, ErrorKind};

use self::args::{Cli, Command};
use self::screen::{Kind, Screen, harmless};

/// Nothing at or above the gate.
const CLEAN: u8 = 0;
/// Something at or above the gate.
const FOUND: u8 = 1;
/// Could not run, or not finish.
const FAILED: u8 = 2;

/// Runs the command line and gives the exit code: 0 nothing at or above the gate, 1 findings, 2 could not run, 130 and 143
/// stopped by Ctrl+C or termination.
pub(crate) fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => return usage::report(&error),
    };
    let result = match &cli.command {
        Command::Review(args) => review::run(args),
        Command::Check(args) => check::run(args),
        Command::Diff(args) => compare::run(args),
        Command::Decisions(args) => decisions::run(args),
        Command::Apply(args) => apply::run(args),
        Command::Clean(args) => clean::run(args),
        Command::Verify(args) => record::verify(args),
        Command::Template(args) => template::run(args),
        Command::Explain(args) => explain::explain(args),
        Command::Rules(args) => register::run(args),
        Command::Calibrate(args) => calibrate::run(args),
        Command::Init(args) => init::run(args),
        Command::Schema(args) => schema::run(args),
        Command::Stats(args) => stats::run(args),
        Command::Sample(args) => sample::run(args),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => match stop::code() {
            Some(code) => {
                complain(&format!("已停止：{}", causes(&error)));
                ExitCode::from(code)
            }
            None => {
                complain(&format!("错误：{}", causes(&error)));
                ExitCode::from(FAILED)
            }
        },
    }
}

/// An error with its causes, each on a line.
fn causes(error: &anyhow::Error) -> String {
    error.chain().map(explain).collect::<Vec<_>>().join("：\n")
}

/// A cause in Chinese. What fails on a file names it, so a bare failure is one of standard output.
fn explain(cause: &(dyn std::error::Error + 'static)) -> String {
    match cause.downcast_ref::<io::Error>() {
        Some(_) if stop::is_called() => "没有输出完".to_owned(),
        Some(error) => Error::new("写到屏幕或管道", ErrorKind::Io(error.kind().into())).to_string(),
        None => cause.to_string(),
    }
}

/// Says something on standard error. Nobody is left to tell when that is gone.
fn complain(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", harmless(text, Kind::Text { coloured: false }));
}

/// Prints on standard output. Who reads through `| head` has seen enough: no failure.
fn say(print: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    say_as(Kind::Text { coloured: io::stdout().is_terminal() }, print)
}

/// Prints JSON on standard output.
fn say_json(print: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    say_as(Kind::Json, print)
}

fn say_as(kind: Kind, print: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = io::BufWriter::new(Screen::new(stop::Stopping(io::stdout().lock()), kind));
    match print(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        printed => printed,
    }
}
