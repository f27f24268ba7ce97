//! `decisions`: the explanations of the units as a register, for the bureau to decide on.

use std::path::Path;

use anyhow::bail;
use jixiao::decisions::{Decisions, Entry};
use jixiao::ooxml::Limits;
use jixiao::report;
use jixiao::review::Round;
use jixiao::workbook::{Sheet, Visibility};

use super::args::DecisionsArgs;
use super::setup::{self, Shelf};
use super::{CLEAN, FOUND, files, say, settings};

/// Judges the paths and enters their explanations.
pub(super) fn run(args: &DecisionsArgs) -> anyhow::Result<u8> {
    let path = &args.out;
    if !path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xlsx")) {
        bail!("{} 应以 .xlsx 结尾", path.display());
    }
    let settings = settings::find(&args.judge)?;
    let (engine, catalog) = setup::engine(&args.judge, &settings)?;
    // What is decided is read before anything takes time: a register with a mistake stops the work.
    let there = path.exists().then(|| setup::read_decisions(path, engine.limits())).transpose()?;
    if there.is_some() {
        refuse_other_sheets(path, engine.limits())?;
    }
    let shelf = Shelf::read(&args.judge, &settings, &catalog, engine.limits())?;
    let unwanted: Vec<_> = shelf.files.iter().cloned().chain([path.clone()]).collect();
    let intake = setup::intake(&args.judge, engine.limits(), &unwanted)?;
    let round = setup::run(&args.judge, &engine, intake, shelf.books(), None)?;
    let mut decisions: Decisions = there.unwrap_or_default();
    let added = decisions.add(explained(&round));
    files::write(path, |out| report::write_decisions(&decisions, out))?;
    let all = decisions.entries().len();
    let open = decisions.entries().iter().filter(|entry| entry.accepted.is_none()).count();
    say(|out| writeln!(out, "{}：新增说明 {added} 条，共 {all} 条，未处理 {open} 条", path.display()))?;
    Ok(if setup::tell_unjudged(&round) { FOUND } else { CLEAN })
}

/// Refuses to write a register anew in whose workbook people keep more than the register.
fn refuse_other_sheets(path: &Path, limits: &Limits) -> anyhow::Result<()> {
    let shown = path.display().to_string();
    let workbook = files::workbook(path, &shown, limits)?;
    let holds = |sheet: &&Sheet| sheet.cells().any(|(_, cell)| !cell.is_blank());
    let register = workbook.sheets.iter().filter(|sheet| sheet.visibility() == Visibility::Visible).find(holds);
    let is_other = |sheet: &&Sheet| register.is_none_or(|register| register.name() != sheet.name());
    let others: Vec<&str> = workbook.sheets.iter().filter(holds).filter(is_other).map(Sheet::name).collect();
    match others[..] {
        [] => Ok(()),
        _ => bail!("{shown} 里除了登记表还有工作表“{}”，重写登记表会丢掉。请先移到别的文件", others.join("”“")),
    }
}

/// The findings that a unit explained and did not agree to mend.
fn explained(round: &Round) -> Vec<Entry> {
    let mut entries = Vec::new();
    for (_, checked) in round.forms() {
        let explained = checked.findings.iter().filter(|finding| {
            let reply = finding.standing_reply();
            reply.is_some_and(|reply| !reply.statement.is_empty() && reply.adopted != Some(true))
        });
        entries.extend(explained.map(|finding| Entry::of(&checked.form, &checked.identity, finding)));
    }
    entries
}
