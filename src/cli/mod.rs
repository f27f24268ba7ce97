//! The command line: clap structs, one short function a subcommand, exit codes. The only place that prints, and the
//! only one besides `intake` that touches the file system.

#![allow(clippy::print_stdout, clippy::print_stderr)]

mod args;
mod check;
mod explain;
mod gate;
mod outputs;
mod progress;
mod review;
mod schema;
mod setup;
mod usage;

use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

use clap::Parser;

use self::args::{Cli, Command};

/// Nothing at or above the gate.
const CLEAN: u8 = 0;
/// Something at or above the gate.
const FOUND: u8 = 1;
/// Could not run, or not finish.
const FAILED: u8 = 2;

/// Runs the command line and gives the exit code: 0 nothing at or above the gate, 1 findings, 2 could not run.
pub(crate) fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => return usage::report(&error),
    };
    let result = match &cli.command {
        Command::Review(args) => review::run(args),
        Command::Check(args) => check::run(args),
        Command::Explain(args) => explain::explain(args),
        Command::Rules => explain::list(),
        Command::Schema(args) => schema::run(args),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        // Who reads through `| head` has seen enough.
        Err(error) if is_broken_pipe(&error) => ExitCode::from(CLEAN),
        Err(error) => {
            let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
            eprintln!("错误：{}", causes.join("：\n"));
            ExitCode::from(FAILED)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let io_error = |cause: &(dyn std::error::Error + 'static)| cause.downcast_ref::<io::Error>().map(io::Error::kind);
    error.chain().any(|cause| io_error(cause) == Some(io::ErrorKind::BrokenPipe))
}
