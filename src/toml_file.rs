//! TOML files that people write (schemas, policies): read with all their problems, each at file:line:column.
//!
//! serde stops at the first problem. Here the entry at fault is noted, taken out, and the file read again, until
//! nothing is left to complain about; so a person mends a file in one go. What a file means is not known here.

use std::collections::BTreeSet;
use std::ops::Range;

use regex::Regex;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

use crate::error::ErrorKind;

/// A file as text; the library opens none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Name as the caller knows it; messages start with it, and its stem is the id of what the file describes.
    pub name: String,
    /// Contents.
    pub text: String,
}

impl SourceFile {
    /// A file of this name and text.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into() }
    }

    /// The name without folders and `.toml`.
    #[must_use]
    pub fn id(&self) -> &str {
        let file = self.name.rsplit(['/', '\\']).next().unwrap_or(&self.name);
        file.strip_suffix(".toml").unwrap_or(file)
    }

    /// One-based line and column of a byte offset; columns count characters.
    fn position(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
        (before.matches('\n').count() + 1, column)
    }
}

/// What is wrong with some files, in the order of file, line and column.
#[derive(Debug, Default)]
pub(crate) struct Problems(BTreeSet<(String, usize, usize, String)>);

impl Problems {
    /// A problem at a byte offset of a file.
    pub(crate) fn add(&mut self, file: &SourceFile, offset: usize, message: impl Into<String>) {
        let (line, column) = file.position(offset);
        self.0.insert((file.name.clone(), line, column, message.into()));
    }

    /// The value if nothing was wrong, else one line per problem.
    pub(crate) fn or<T>(self, value: T) -> Result<T, ErrorKind> {
        if self.0.is_empty() { Ok(value) } else { Err(self.into_error()) }
    }

    /// One line per problem.
    pub(crate) fn into_error(self) -> ErrorKind {
        let line = |(file, line, column, message)| format!("{file}:{line}:{column}：{message}");
        ErrorKind::Invalid(self.0.into_iter().map(line).collect())
    }
}

/// A value and the byte offset where it is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(transparent)]
pub(crate) struct At<T>(Spanned<T>);

impl<T> At<T> {
    pub(crate) fn value(&self) -> &T {
        self.0.get_ref()
    }

    pub(crate) fn offset(&self) -> usize {
        self.0.span().start
    }
}

impl<T: JsonSchema> JsonSchema for At<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// A file whose syntax was read.
#[derive(Debug, Clone)]
pub(crate) struct Layer<'a> {
    pub(crate) file: &'a SourceFile,
    pub(crate) table: DeTable<'a>,
}

impl<'a> Layer<'a> {
    /// The file's entries; what is no TOML goes to the problems.
    pub(crate) fn parse(file: &'a SourceFile, problems: &mut Problems) -> Self {
        let (table, errors) = DeTable::parse_recoverable(&file.text);
        for error in errors {
            let offset = error.span().map_or(0, |span| span.start);
            problems.add(file, offset, format!("TOML 写法不对（{}）", error.message()));
        }
        Self { file, table: table.into_inner() }
    }

    /// Where the entry of this path is written, or the item of the list it holds; `None` where the file has neither.
    pub(crate) fn offset(&self, path: &[&str], item: Option<usize>) -> Option<usize> {
        let (last, tables) = path.split_last()?;
        let mut table = &self.table;
        for name in tables {
            table = table.get(*name)?.get_ref().as_table()?;
        }
        let (key, value) = table.get_key_value(*last)?;
        let item = item.and_then(|index| value.get_ref().as_array()?.get(index));
        Some(item.map_or(key.span().start, |item| item.span().start))
    }

    /// Takes a text entry out of the file's top level, with the place of the text.
    pub(crate) fn take_text(&mut self, name: &str, problems: &mut Problems) -> Option<(String, usize)> {
        let value = self.table.remove(name)?;
        let offset = value.span().start;
        let text = value.get_ref().as_str().map(|text| (text.to_owned(), offset));
        if text.is_none() {
            problems.add(self.file, offset, format!("{name} 应为文字"));
        }
        text
    }

    /// The same file seen from one of its top-level tables; the file as it is where it has no such table.
    pub(crate) fn section(mut self, name: &str) -> Self {
        if let Some(DeValue::Table(table)) = self.table.remove(name).map(Spanned::into_inner) {
            self.table = table;
        }
        self
    }
}

/// Reads one file into its mirror; `None` where too little of it is sound.
pub(crate) fn read<T: DeserializeOwned>(file: &SourceFile, problems: &mut Problems) -> Option<T> {
    let layer = Layer::parse(file, problems);
    read_layers(&[layer], problems)
}

/// Reads files laid one over the other: tables are merged entry by entry, everything else is replaced by the later
/// file. A problem is told at the file that brings it in.
pub(crate) fn read_layers<T: DeserializeOwned>(layers: &[Layer<'_>], problems: &mut Problems) -> Option<T> {
    let mut below = DeTable::new();
    let mut value = None;
    for layer in layers {
        let mut top = layer.table.clone();
        let mut removed = BTreeSet::new();
        loop {
            let merged = overlay(below.clone(), top.clone());
            let error = match T::deserialize(Deserializer::from(Spanned::new(0..0, merged.clone()))) {
                Ok(read) => {
                    value = Some(read);
                    below = merged;
                    break;
                }
                Err(error) => error,
            };
            if let Some(name) = quoted_after(error.message(), "missing field ")
                && removed.contains(name)
            {
                return None;
            }
            let span = error.span().unwrap_or(0..0);
            problems.add(layer.file, span.start, in_chinese(error.message()));
            removed.insert(remove(&mut top, &span)?);
        }
    }
    value
}

fn overlay<'a>(mut below: DeTable<'a>, top: DeTable<'a>) -> DeTable<'a> {
    for (key, value) in top {
        let span = value.span();
        let value = match (below.remove(key.get_ref().as_ref()), value.into_inner()) {
            (Some(old), DeValue::Table(new)) => match old.into_inner() {
                DeValue::Table(old) => DeValue::Table(overlay(old, new)),
                _ => DeValue::Table(new),
            },
            (_, new) => new,
        };
        below.insert(key, Spanned::new(span, value));
    }
    below
}

/// Takes out the innermost entry or list item that is written at this span; its name, `None` where there is none.
fn remove(table: &mut DeTable<'_>, span: &Range<usize>) -> Option<String> {
    let at_fault = table
        .iter()
        .find(|(key, value)| key.span() == *span || value.span() == *span)
        .map(|(key, _)| key.get_ref().clone().into_owned());
    if let Some(name) = at_fault {
        table.remove(name.as_str());
        return Some(name);
    }
    table.iter_mut().find_map(|(_, value)| remove_within(value.get_mut(), span))
}

fn remove_within(value: &mut DeValue<'_>, span: &Range<usize>) -> Option<String> {
    match value {
        DeValue::Table(table) => remove(table, span),
        DeValue::Array(items) if items.iter().any(|item| item.span() == *span) => {
            *items = items.clone().into_iter().filter(|item| item.span() != *span).collect();
            Some(String::new())
        }
        DeValue::Array(items) => items.iter_mut().find_map(|item| remove_within(item.get_mut(), span)),
        _ => None,
    }
}

/// The pattern, or what is wrong with it in words for a problem.
pub(crate) fn regex(pattern: &str) -> Result<Regex, String> {
    Regex::new(pattern).map_err(|error| {
        let reason = error.to_string();
        let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ");
        format!("正则表达式“{pattern}”写法不对（{reason}）")
    })
}

/// The text in backquotes right behind a phrase.
fn quoted_after<'a>(message: &'a str, phrase: &str) -> Option<&'a str> {
    message.split_once(phrase)?.1.strip_prefix('`')?.split_once('`').map(|(quoted, _)| quoted)
}

/// serde's messages in the words of those who write these files.
fn in_chinese(message: &str) -> String {
    let choices = message.split_once("expected ").map_or("", |(_, rest)| rest);
    let choices =
        choices.trim_start_matches("one of ").replace("` or `", "、").replace(['`', ' '], "").replace(',', "、");
    if let Some(name) = quoted_after(message, "unknown field ") {
        return format!("不认识的键“{name}”，这里可用：{choices}");
    }
    if let Some(name) = quoted_after(message, "unknown variant ") {
        return format!("不认识的取值“{name}”，可用：{choices}");
    }
    if let Some(name) = quoted_after(message, "missing field ") {
        return format!("缺少“{name}”");
    }
    let mismatch = message.strip_prefix("invalid type: ").or_else(|| message.strip_prefix("invalid value: "));
    if let Some((found, expected)) = mismatch.and_then(|rest| rest.split_once(", expected ")) {
        return format!("类型不对：写的是 {}，应为 {}", type_name(found), type_name(expected));
    }
    if message == "wanted string or table" {
        return "类型不对：应为文字，要加引号".to_owned();
    }
    format!("内容不对（{message}）")
}

fn type_name(serde_name: &str) -> &str {
    let names = [
        ("string", "文字"),
        ("a string", "文字"),
        ("a borrowed string", "文字"),
        ("integer", "整数"),
        ("floating point", "小数"),
        ("a Decimal", "数"),
        ("u32", "非负整数"),
        ("bool", "true 或 false"),
        ("a bool", "true 或 false"),
        ("map", "表"),
        ("a map", "表"),
        ("struct", "表"),
        ("seq", "列表"),
        ("a seq", "列表"),
    ];
    let known = names.iter().filter(|(name, _)| serde_name.starts_with(name)).max_by_key(|(name, _)| name.len());
    known.map_or(serde_name, |(_, chinese)| chinese)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[allow(dead_code)]
        count: Option<u32>,
        #[serde(default)]
        names: Vec<At<String>>,
        #[serde(default)]
        inner: BTreeMap<String, u32>,
    }

    fn problems_of(layers: &[&str]) -> Vec<String> {
        let files: Vec<SourceFile> =
            layers.iter().enumerate().map(|(i, text)| SourceFile::new(format!("{i}.toml"), *text)).collect();
        let mut problems = Problems::default();
        let layers: Vec<Layer<'_>> = files.iter().map(|file| Layer::parse(file, &mut problems)).collect();
        let _: Option<Sample> = read_layers(&layers, &mut problems);
        match problems.or(()) {
            Err(ErrorKind::Invalid(lines)) => lines,
            _ => Vec::new(),
        }
    }

    #[test]
    fn every_problem_of_a_file_is_told_at_its_line_and_column() {
        let lines = problems_of(&["count = \"二\"\nnamez = 1\nnames = [\"甲\", 2]\n"]);
        assert_eq!(
            lines,
            [
                "0.toml:1:9：类型不对：写的是 文字，应为 非负整数",
                "0.toml:2:1：不认识的键“namez”，这里可用：count、names、inner",
                "0.toml:3:15：类型不对：写的是 整数，应为 文字",
            ]
        );
    }

    #[test]
    fn a_problem_is_told_at_the_layer_that_brings_it_in() {
        let lines = problems_of(&["[inner]\na = 1\n", "[inner]\nb = \"x\"\n"]);
        assert_eq!(lines, ["1.toml:2:5：类型不对：写的是 文字，应为 非负整数"]);
    }

    #[test]
    fn later_layers_replace_single_entries_of_tables() {
        let files = [SourceFile::new("0.toml", "[inner]\na = 1\nb = 2"), SourceFile::new("1.toml", "[inner]\nb = 3")];
        let mut problems = Problems::default();
        let layers: Vec<Layer<'_>> = files.iter().map(|file| Layer::parse(file, &mut problems)).collect();
        let read: Sample = read_layers(&layers, &mut problems).unwrap();
        assert_eq!(read.inner, BTreeMap::from([("a".to_owned(), 1), ("b".to_owned(), 3)]));
        assert!(read.names.is_empty());
    }

    #[test]
    fn the_id_is_the_stem_of_the_name() {
        assert_eq!(SourceFile::new("schemas/selfeval.project.v1.toml", "").id(), "selfeval.project.v1");
    }
}
