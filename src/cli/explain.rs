//! `explain`: a rule for people.

use anyhow::anyhow;
use jixiao::rules;

use super::args::ExplainArgs;
use super::{CLEAN, say};

/// Prints a rule with its documentation.
pub(super) fn explain(args: &ExplainArgs) -> anyhow::Result<u8> {
    let rule =
        rules::find(&args.rule).ok_or_else(|| anyhow!("没有规则“{}”。用 jixiao rules 查看全部规则", args.rule))?;
    say(|out| {
        writeln!(out, "{} {}（{}，{}）", rule.code, rule.name, rule.severity, rule.dimension)?;
        writeln!(out, "{}", rule.summary)?;
        writeln!(out, "依据：{}\n\n{}", rule.authority, rule.docs.trim())
    })?;
    Ok(CLEAN)
}
