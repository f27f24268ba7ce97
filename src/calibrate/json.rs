//! JSON that people write by hand, walked so that every problem is told with its place, all at once and in Chinese.

use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind};
use crate::schema::SourceFile;

/// The document of a file.
pub(super) fn parse(file: &SourceFile) -> Result<Value, Error> {
    serde_json::from_str(&file.text).map_err(|error| {
        let problem = format!(
            "第 {} 行第 {} 列起不合 JSON 的写法。请检查这里和前一行的逗号、引号、括号",
            error.line(),
            error.column()
        );
        Error::new(file.name.clone(), ErrorKind::Invalid(vec![problem]))
    })
}

/// An object and where it stands in the document, for messages.
pub(super) struct Node<'a> {
    object: &'a Map<String, Value>,
    place: String,
}

/// What was found wrong so far.
#[derive(Default)]
pub(super) struct Problems(pub(super) Vec<String>);

impl Problems {
    pub(super) fn add(&mut self, place: &str, problem: &str) {
        self.0.push(if place.is_empty() { problem.to_owned() } else { format!("{place}：{problem}") });
    }
}

impl<'a> Node<'a> {
    /// The value as an object; a problem where it is none.
    pub(super) fn new(value: &'a Value, place: String, problems: &mut Problems) -> Option<Self> {
        let object = value.as_object();
        if object.is_none() {
            problems.add(&place, "应是一个对象 {…}");
        }
        object.map(|object| Self { object, place })
    }

    /// Where it stands.
    pub(super) fn place(&self) -> &str {
        &self.place
    }

    /// The same with words that tell more of the place.
    pub(super) fn named(mut self, name: &str) -> Self {
        self.place = format!("{}（{name}）", self.place);
        self
    }

    /// What stands under a key; `null` counts as nothing.
    pub(super) fn get(&self, key: &str) -> Option<&'a Value> {
        self.object.get(key).filter(|value| !value.is_null())
    }

    /// Every key with its value.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'a String, &'a Value)> {
        self.object.iter()
    }

    /// A text that must be there and say something.
    pub(super) fn text(&self, key: &str, problems: &mut Problems) -> Option<&'a str> {
        match self.optional_text(key, problems) {
            Some(text) if !text.trim().is_empty() => Some(text),
            Some(_) => {
                problems.add(&self.place, &format!("{key} 是空的"));
                None
            }
            None if self.get(key).is_none() => {
                problems.add(&self.place, &format!("缺少 {key}"));
                None
            }
            None => None,
        }
    }

    /// A text that may be missing.
    pub(super) fn optional_text(&self, key: &str, problems: &mut Problems) -> Option<&'a str> {
        let value = self.get(key)?;
        let text = value.as_str();
        if text.is_none() {
            problems.add(&self.place, &format!("{key} 应是文字（带引号）"));
        }
        text
    }

    /// A yes or no that may be missing: then no.
    pub(super) fn flag(&self, key: &str, problems: &mut Problems) -> bool {
        let Some(value) = self.get(key) else { return false };
        value.as_bool().unwrap_or_else(|| {
            problems.add(&self.place, &format!("{key} 应是 true 或 false"));
            false
        })
    }

    /// The objects of a list that may be missing, each called `<name>N`.
    pub(super) fn list(&self, key: &str, name: &str, problems: &mut Problems) -> Vec<Node<'a>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let Some(items) = value.as_array() else {
            problems.add(&self.place, &format!("{key} 应是列表 […]"));
            return Vec::new();
        };
        let place = |at: usize| format!("{}的第 {} 个{name}", self.place, at + 1);
        items.iter().enumerate().filter_map(|(at, item)| Node::new(item, place(at), problems)).collect()
    }
}
