//! `explain` and `rules`: the rules for people.

use std::io::{self, Write};

use anyhow::anyhow;
use jixiao::rules::{self, RULES};

use super::CLEAN;
use super::args::ExplainArgs;

/// Prints a rule with its documentation.
pub(super) fn explain(args: &ExplainArgs) -> anyhow::Result<u8> {
    let rule =
        rules::find(&args.rule).ok_or_else(|| anyhow!("没有规则“{}”。用 jixiao rules 查看全部规则", args.rule))?;
    let mut out = io::stdout().lock();
    writeln!(out, "{} {}（{}，{}）", rule.code, rule.name, rule.severity, rule.dimension)?;
    writeln!(out, "{}", rule.summary)?;
    writeln!(out, "依据：{}\n\n{}", rule.authority, rule.docs.trim())?;
    Ok(CLEAN)
}

/// Prints one line a rule.
pub(super) fn list() -> anyhow::Result<u8> {
    let mut out = io::stdout().lock();
    let longest = RULES.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    for rule in RULES {
        writeln!(out, "{}  {:longest$}  {}  {}", rule.code, rule.name, rule.severity.title(), rule.summary)?;
    }
    Ok(CLEAN)
}
