//! `schema list`, `schema new` and `schema check`.

use std::path::PathBuf;

use anyhow::bail;
use jixiao::form::Draft;
use jixiao::ooxml::Limits;
use jixiao::schema::Catalog;
use jixiao::workbook::{Sheet, Visibility, Workbook};

use super::args::{SchemaArgs, SchemaCommand, SchemaNewArgs};
use super::{CLEAN, complain, files, say, setup};

/// Lists, drafts or checks schemas.
pub(super) fn run(args: &SchemaArgs) -> anyhow::Result<u8> {
    match &args.command {
        SchemaCommand::List => list(),
        SchemaCommand::New(args) => new(args),
        SchemaCommand::Check { files } => check(files),
    }
}

/// Drafts a schema from a sample: on standard output, or into a new file.
fn new(args: &SchemaNewArgs) -> anyhow::Result<u8> {
    let path = args.from.display().to_string();
    let workbook = files::workbook(&args.from, &path, &Limits::default())?;
    let sheet = sample(&workbook, args.sheet.as_deref(), &path)?;
    let Some(draft) = Draft::of_sheet(sheet, Catalog::embedded()) else {
        bail!("{path} 的工作表“{}”里没有内容，起草不了", sheet.name());
    };
    let text = draft.to_toml();
    let Some(out) = &args.out else {
        say(|out| out.write_all(text.as_bytes()))?;
        return Ok(CLEAN);
    };
    if out.exists() {
        bail!("{} 已经有了，未覆盖。换一个文件名", out.display());
    }
    files::write(out, |file| file.write_all(text.as_bytes()))?;
    complain(&format!(
        "已由 {path} 的工作表“{}”起草 {}。请逐条核对，再用 jixiao schema check 检查",
        sheet.name(),
        out.display()
    ));
    Ok(CLEAN)
}

/// The sheet of this name, else the first one shown that holds something.
fn sample<'a>(workbook: &'a Workbook, name: Option<&str>, path: &str) -> anyhow::Result<&'a Sheet> {
    let shown = |sheet: &&Sheet| sheet.visibility() == Visibility::Visible && sheet.used().is_some();
    let found = match name {
        Some(name) => workbook.sheets.iter().find(|sheet| sheet.name() == name),
        None => workbook.sheets.iter().find(shown),
    };
    match (found, name) {
        (Some(sheet), _) => Ok(sheet),
        (None, Some(name)) => {
            let names: Vec<&str> = workbook.sheets.iter().map(Sheet::name).collect();
            bail!("{path} 里没有工作表“{name}”，有：{}", names.join("、"))
        }
        (None, None) => bail!("{path} 里没有有内容的工作表"),
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
