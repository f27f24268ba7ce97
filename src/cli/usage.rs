//! A command line that cannot be understood, explained in Chinese.

use std::process::ExitCode;

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::{CLEAN, FAILED, complain};

/// Prints help or version where they were asked for, and says what is wrong otherwise.
pub(super) fn report(error: &Error) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // Nobody is left to tell when standard output is gone.
            let _ = error.print();
            ExitCode::from(CLEAN)
        }
        _ => {
            complain(&format!("错误：{}\n查看用法：jixiao --help，或 jixiao <命令> --help", explain(error)));
            ExitCode::from(FAILED)
        }
    }
}

fn explain(error: &Error) -> String {
    let get = |kind| error.get(kind).map(plain).unwrap_or_default();
    let argument = get(ContextKind::InvalidArg);
    let value = get(ContextKind::InvalidValue);
    // The likeliest comes last.
    let hint = |kind| match error.get(kind) {
        None => String::new(),
        Some(ContextValue::Strings(near)) => {
            format!("，是不是 {}？", near.iter().rev().cloned().collect::<Vec<_>>().join("、"))
        }
        Some(near) => format!("，是不是 {}？", plain(near)),
    };
    match error.kind() {
        ErrorKind::UnknownArgument => format!("没有参数 {argument}{}", hint(ContextKind::SuggestedArg)),
        ErrorKind::InvalidSubcommand => {
            format!("没有命令 {}{}", get(ContextKind::InvalidSubcommand), hint(ContextKind::SuggestedSubcommand))
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "没有写命令（init、template、review、check、diff、decisions、apply、clean、verify、explain、rules、calibrate、schema）".to_owned()
        }
        ErrorKind::MissingRequiredArgument => format!("缺少 {argument}"),
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} 后面没有写值"),
        ErrorKind::InvalidValue => match get(ContextKind::ValidValue) {
            valid if valid.is_empty() => format!("{argument} 的值“{value}”无效"),
            valid => format!("{argument} 的值“{value}”无效，可以是 {valid}"),
        },
        ErrorKind::ValueValidation => format!("{argument} 的值“{value}”无效{}", allowed(error)),
        ErrorKind::ArgumentConflict => format!("{argument} 写重复了，或与别的参数冲突"),
        ErrorKind::InvalidUtf8 => "参数里有无法识别的字符".to_owned(),
        _ => format!("命令行有误（{}）", error.kind()),
    }
}

/// What a value must be: the numbers out of `13 is not in 1..=12`, or what our own parser says.
fn allowed(error: &Error) -> String {
    let reason = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    let range = reason.rsplit_once(' ').and_then(|(_, range)| range.split_once("..="));
    match range {
        Some((first, last)) => format!("，应在 {first} 与 {last} 之间"),
        // What our own parsers say is Chinese.
        None if reason.chars().any(|c| ('一'..='龥').contains(&c)) => format!("：{reason}"),
        None => String::new(),
    }
}

fn plain(value: &ContextValue) -> String {
    match value {
        ContextValue::Strings(values) => values.join("、"),
        ContextValue::StyledStrs(values) => values.iter().map(ToString::to_string).collect::<Vec<_>>().join("、"),
        other => other.to_string(),
    }
}
