//! The vocabulary (词汇表): how each concept is printed on forms, shared by all schemas.
//!
//! Vocabulary files are laid one over the other: a later one replaces entries of the same id and adds to the table
//! words.

use std::collections::BTreeMap;

use super::file::{ChoiceFile, VocabularyFile, WordFile};
use super::model::FieldKind;
use crate::toml_file::{At, Problems, SourceFile, read};

/// Words by the list they belong to.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    pub(super) fields: Words,
    pub(super) lines: Words,
    pub(super) amounts: Words,
    pub(super) columns: Words,
    pub(super) classes: Words,
    pub(super) subclasses: Words,
    /// Labels that end a table, as printed.
    pub(super) ends: Vec<String>,
    /// Labels of rows of totals, as printed.
    pub(super) totals: Vec<String>,
}

/// Words by concept.
pub(super) type Words = BTreeMap<String, Word>;

/// How a concept is printed.
#[derive(Debug)]
pub(super) struct Word {
    pub(super) label: String,
    /// Other ways to print it, best first.
    pub(super) labels: Vec<String>,
    pub(super) kind: Option<FieldKind>,
    pub(super) choices: Vec<At<ChoiceFile>>,
}

impl Vocabulary {
    /// Lays a file over what is known.
    pub(super) fn add(&mut self, source: &SourceFile, problems: &mut Problems) {
        let Some(file) = read::<VocabularyFile>(source, problems) else { return };
        let lists = [
            (&mut self.fields, file.field),
            (&mut self.lines, file.line),
            (&mut self.amounts, file.amount),
            (&mut self.columns, file.column),
            (&mut self.classes, file.class),
            (&mut self.subclasses, file.subclass),
        ];
        for (words, entries) in lists {
            add_words(words, entries, source, problems);
        }
        self.ends.extend(file.table.ends.iter().map(|label| label.value().clone()));
        self.totals.extend(file.table.totals.iter().map(|label| label.value().clone()));
    }
}

fn add_words(words: &mut Words, entries: Vec<At<WordFile>>, source: &SourceFile, problems: &mut Problems) {
    let mut seen = Vec::new();
    for entry in &entries {
        let word = entry.value();
        let (Some(id), Some(label)) = (&word.id, &word.label) else {
            problems.add(source, entry.offset(), "词汇表的每一条都要写 id 和 label");
            continue;
        };
        if seen.contains(&id.value()) {
            problems.add(source, id.offset(), format!("词汇表里“{}”重复", id.value()));
        }
        seen.push(id.value());
        let labels = word.labels.iter().map(|label| label.value().clone()).collect();
        let word = Word { label: label.value().clone(), labels, kind: word.kind, choices: word.choices.clone() };
        words.insert(id.value().clone(), word);
    }
}
