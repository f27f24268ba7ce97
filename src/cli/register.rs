//! `rules`: the rules for people, as lines on the screen or as the register to be printed and edited.

use std::path::Path;

use anyhow::{anyhow, bail};
use jixiao::policy::Policy;
use jixiao::register::{self, level_title};
use jixiao::report;

use super::args::{RulesArgs, RulesFormat};
use super::{CLEAN, files, say, settings};

/// Lists the rules as a policy has them.
pub(super) fn run(args: &RulesArgs) -> anyhow::Result<u8> {
    let policy = || settings::policy_at(&args.switches, Path::new("."));
    match (args.format, &args.out) {
        (RulesFormat::Text, None) => list(&policy()?),
        (RulesFormat::Text, Some(_)) => bail!("--out 只用于 --format xlsx"),
        (RulesFormat::Xlsx, None) => Err(anyhow!("缺少 --out <文件>：登记表写到哪里，如 --out 规则登记表.xlsx")),
        (RulesFormat::Xlsx, Some(path)) => write(&policy()?, path, args.force),
    }
}

/// One line a rule.
fn list(policy: &Policy) -> anyhow::Result<u8> {
    let lines = register::lines(policy);
    let longest = lines.iter().map(|(rule, _)| rule.name.len()).max().unwrap_or(0);
    say(|out| {
        lines.iter().try_for_each(|(rule, line)| {
            let level = level_title(line.level);
            writeln!(out, "{}  {:longest$}  {level}  {}", rule.code, rule.name, rule.summary)
        })
    })?;
    Ok(CLEAN)
}

fn write(policy: &Policy, path: &Path, force: bool) -> anyhow::Result<u8> {
    if !path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xlsx")) {
        bail!("{} 应以 .xlsx 结尾", path.display());
    }
    if path.exists() && !force {
        bail!("{} 已经有了，未覆盖。换一个文件名，或加 --force 覆盖", path.display());
    }
    files::write(path, |out| report::write_register(policy, out))?;
    say(|out| writeln!(out, "{}：{}，规则 {} 条", path.display(), policy.title, register::lines(policy).len()))?;
    Ok(CLEAN)
}
