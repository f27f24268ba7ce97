//! `schema list` and `schema check`.

use std::path::PathBuf;

use jixiao::schema::Catalog;

use super::args::{SchemaArgs, SchemaCommand};
use super::{CLEAN, say, setup};

/// Lists or checks schemas.
pub(super) fn run(args: &SchemaArgs) -> anyhow::Result<u8> {
    match &args.command {
        SchemaCommand::List => list(),
        SchemaCommand::Check { files } => check(files),
    }
}

fn list() -> anyhow::Result<u8> {
    say(|out| {
        Catalog::embedded().schemas.iter().try_for_each(|schema| {
            writeln!(out, "{:22}  {}·{}  {}", schema.id, schema.stage.title(), schema.subject.title(), schema.title)
        })
    })?;
    Ok(CLEAN)
}

/// Loads the files over the built-in schemas, as `--schemas` does: all problems at once.
fn check(files: &[PathBuf]) -> anyhow::Result<u8> {
    setup::catalog_of(files)?;
    say(|out| writeln!(out, "{} 个文件，没有问题", files.len()))?;
    Ok(CLEAN)
}
