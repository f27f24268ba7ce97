//! The catalog: all schemas at hand, those built in and those a bureau lays over them.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::load::load_schema;
use super::model::Schema;
use super::vocabulary::Vocabulary;
use crate::digest::sha256;
use crate::error::ErrorKind;
use crate::toml_file::{Problems, SourceFile};

/// The built-in files, by the name messages give them.
const EMBEDDED: &[(&str, &str)] = &[
    ("schemas/vocabulary.toml", include_str!("../../schemas/vocabulary.toml")),
    ("schemas/assessment.unit.toml", include_str!("../../schemas/assessment.unit.toml")),
    ("schemas/evaluation.plan.toml", include_str!("../../schemas/evaluation.plan.toml")),
    ("schemas/exante.bonds.toml", include_str!("../../schemas/exante.bonds.toml")),
    ("schemas/exante.project.toml", include_str!("../../schemas/exante.project.toml")),
    ("schemas/goal.dept.toml", include_str!("../../schemas/goal.dept.toml")),
    ("schemas/goal.list.toml", include_str!("../../schemas/goal.list.toml")),
    ("schemas/goal.project.v1.toml", include_str!("../../schemas/goal.project.v1.toml")),
    ("schemas/goal.project.v2.toml", include_str!("../../schemas/goal.project.v2.toml")),
    ("schemas/monitor.dept.toml", include_str!("../../schemas/monitor.dept.toml")),
    ("schemas/monitor.project.toml", include_str!("../../schemas/monitor.project.toml")),
    ("schemas/selfeval.dept.toml", include_str!("../../schemas/selfeval.dept.toml")),
    ("schemas/selfeval.list.toml", include_str!("../../schemas/selfeval.list.toml")),
    ("schemas/selfeval.project.hb.toml", include_str!("../../schemas/selfeval.project.hb.toml")),
    ("schemas/selfeval.project.sc.toml", include_str!("../../schemas/selfeval.project.sc.toml")),
    ("schemas/selfeval.project.v1.toml", include_str!("../../schemas/selfeval.project.v1.toml")),
    ("schemas/selfeval.project.v2.toml", include_str!("../../schemas/selfeval.project.v2.toml")),
    ("schemas/selfeval.transfer.toml", include_str!("../../schemas/selfeval.transfer.toml")),
    ("schemas/selfeval.transfer.v2.toml", include_str!("../../schemas/selfeval.transfer.v2.toml")),
];

/// The vocabulary's file is known by this stem; every other file is a schema.
const VOCABULARY: &str = "vocabulary";

/// Schemas by id.
#[derive(Debug, Clone)]
pub struct Catalog {
    /// In the order of their ids.
    pub schemas: Vec<Arc<Schema>>,
    /// SHA-256 of the files they were read from, vocabulary and all, line ends aside; empty of a catalog put together from
    /// schemas.
    pub sha256: String,
}

impl Catalog {
    /// The built-in schemas.
    #[must_use]
    pub fn embedded() -> &'static Self {
        static EMBEDDED_CATALOG: OnceLock<Catalog> = OnceLock::new();
        EMBEDDED_CATALOG.get_or_init(|| {
            let loaded = load(&embedded_files(), None);
            loaded.expect("the built-in schemas are sound: tests/schemas.rs loads them")
        })
    }

    /// The schemas of these files alone, with the words of `vocabulary.toml` where it is among them and of the built-in
    /// one beneath it. `known_rules` are the names that `[rules]` may use.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] with every problem of every file as `file:line:column：message`.
    pub fn load(files: &[SourceFile], known_rules: &[&str]) -> Result<Self, ErrorKind> {
        let built_in = embedded_files().into_iter().filter(|file| file.id() == VOCABULARY);
        let all: Vec<SourceFile> = built_in.chain(files.iter().cloned()).collect();
        load(&all, Some(known_rules))
    }

    /// The built-in schemas with these files laid over them: one of the same id replaces the built-in schema, the
    /// entries of a `vocabulary.toml` replace built-in entries.
    ///
    /// # Errors
    ///
    /// As [`Catalog::load`].
    pub fn with_overrides(files: &[SourceFile], known_rules: &[&str]) -> Result<Self, ErrorKind> {
        let replaced =
            |built_in: &SourceFile| built_in.id() != VOCABULARY && files.iter().any(|file| file.id() == built_in.id());
        let built_in = embedded_files().into_iter().filter(|file| !replaced(file));
        let all: Vec<SourceFile> = built_in.chain(files.iter().cloned()).collect();
        let mut catalog = load(&all, Some(known_rules))?;
        for schema in &mut catalog.schemas {
            if files.iter().any(|file| file.id() == schema.id) {
                Arc::make_mut(schema).own = true;
            }
        }
        Ok(catalog)
    }

    /// These schemas, wherever they come from.
    #[must_use]
    pub fn of(schemas: Vec<Arc<Schema>>) -> Self {
        Self { schemas, sha256: String::new() }
    }

    /// The schema of this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Arc<Schema>> {
        self.schemas.iter().find(|schema| schema.id == id)
    }
}

fn embedded_files() -> Vec<SourceFile> {
    EMBEDDED.iter().map(|(name, text)| SourceFile::new(*name, *text)).collect()
}

fn load(files: &[SourceFile], known_rules: Option<&[&str]>) -> Result<Catalog, ErrorKind> {
    let mut problems = Problems::default();
    let mut vocabulary = Vocabulary::default();
    for file in files.iter().filter(|file| file.id() == VOCABULARY) {
        vocabulary.add(file, &mut problems);
    }
    let mut schemas: BTreeMap<String, Arc<Schema>> = BTreeMap::new();
    for file in files.iter().filter(|file| file.id() != VOCABULARY) {
        let Some(schema) = load_schema(file, &vocabulary, known_rules, &mut problems) else { continue };
        if schemas.contains_key(&schema.id) {
            problems.add(file, 0, format!("表单编号“{}”重复：已有同名文件", schema.id));
        }
        schemas.insert(schema.id.clone(), Arc::new(schema));
    }
    problems.or(Catalog { schemas: schemas.into_values().collect(), sha256: sha256_of(files) })
}

/// Of names and texts in the order of the names.
fn sha256_of(files: &[SourceFile]) -> String {
    let mut texts: Vec<(&str, String)> = files.iter().map(|file| (file.id(), file.text.replace('\r', ""))).collect();
    texts.sort();
    let told: String = texts.iter().map(|(id, text)| format!("{id}\0{text}\0")).collect();
    sha256(told.as_bytes())
}
