//! 结果.json or 汇总.json → facts.

use std::io::Read;

use serde::Deserialize;
use serde_json::error::Category;

use super::Facts;
use crate::error::{Error, ErrorKind};

/// The version of the contract that is understood.
const VERSION: u32 = 1;

#[derive(Deserialize)]
struct Holder {
    version: u32,
    facts: Option<Facts>,
}

impl Facts {
    /// Reads the facts of a result. `path` names it in messages.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] where the text is no result, or one without facts, with what to do.
    pub fn read(text: &str, path: &str) -> Result<Self, Error> {
        Self::of(serde_json::from_str(text.trim_start_matches('\u{feff}')), path)
    }

    /// The same of a file, without keeping it: of a large result only the facts take memory. Knows no byte order mark.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_from(reader: impl Read, path: &str) -> Result<Self, Error> {
        Self::of(serde_json::from_reader(reader), path)
    }

    fn of(holder: serde_json::Result<Holder>, path: &str) -> Result<Self, Error> {
        let invalid = |problem: String| Error::new(path, ErrorKind::Invalid(vec![problem]));
        let holder = holder.map_err(|error| {
            let why = match error.classify() {
                Category::Eof => "内容不完整，可能是空文件或没有传完",
                Category::Syntax | Category::Io => "不是 JSON",
                Category::Data => "是 JSON，但没有这个版本的审核结果应有的内容，可能是别的文件，或由别的版本写出，要用现在的版本重新审核",
            };
            let (line, column) = (error.line(), error.column());
            invalid(format!("不是审核结果（第 {line} 行第 {column} 列：{why}）。请选审核输出文件夹里的 结果.json，或汇总输出的 汇总.json"))
        })?;
        if holder.version != VERSION {
            let version = holder.version;
            return Err(invalid(format!(
                "结果的版本是 {version}，这个版本的工具只认版本 {VERSION}。请用同一版本的工具重新审核"
            )));
        }
        holder
            .facts
            .ok_or_else(|| invalid("这份结果里没有统计数据，是较早的版本写的。请用现在的版本重新审核".to_owned()))
    }
}
