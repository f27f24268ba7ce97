//! The targets of an earlier round, out of its 结果.json: what was approved goes into the self-evaluation.
//!
//! A small mirror of the published contract (`docs/result.schema.json`): only what is used, so that later versions of it
//! that add something are read too.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::error::Category;

use super::prefill::Approved;
use crate::error::{Error, ErrorKind};
use crate::roster::{Claim, Registry};
use crate::schema::concept::{self, column, field};
use crate::schema::{Stage, Subject};
use crate::value::parse_number;

/// The version of the contract that is understood.
const VERSION: u32 = 1;

/// The target forms of an earlier round.
#[derive(Debug, Clone, Default)]
pub struct Previous {
    targets: Vec<Targets>,
}

/// What a target form says.
#[derive(Debug, Clone)]
pub(super) struct Targets {
    subject: Subject,
    claim: Claim,
    /// 年度目标, empty where the form has none.
    pub(super) goal: String,
    pub(super) indicators: Vec<Approved>,
}

impl Previous {
    /// Reads a 结果.json. `path` names it in messages.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] where the text is no result of this contract, with what is wrong.
    pub fn read(text: &str, path: &str) -> Result<Self, Error> {
        let invalid = |problem: String| Error::new(path, ErrorKind::Invalid(vec![problem]));
        let results: Results =
            serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| invalid(not_a_result(&error)))?;
        if results.version != VERSION {
            return Err(invalid(format!("结果的版本是 {}，本工具只认版本 {VERSION}", results.version)));
        }
        let forms = results.submissions.into_iter().flat_map(|submission| submission.forms);
        Ok(Self { targets: forms.filter(|form| form.stage == Stage::Target).map(Form::targets).collect() })
    }

    /// The target forms by project, those about whole units by unit; of several the last one with the most indicators.
    pub(super) fn by_key(&self, registry: Registry<'_>) -> BTreeMap<(bool, String), &Targets> {
        let claims: Vec<Claim> = self.targets.iter().map(|targets| targets.claim.clone()).collect();
        let mut found: BTreeMap<(bool, String), &Targets> = BTreeMap::new();
        for (targets, identity) in self.targets.iter().zip(registry.identify(&claims)) {
            let is_project = targets.subject.is_project();
            let key = match identity.project {
                Some(project) if is_project => project.key,
                _ => identity.unit.key,
            };
            let place = found.entry((is_project, key)).or_insert(targets);
            if targets.indicators.len() >= place.indicators.len() {
                *place = targets;
            }
        }
        found
    }
}

/// Why a text is no result, with its line.
fn not_a_result(error: &serde_json::Error) -> String {
    let why = match error.classify() {
        Category::Eof => "内容不完整，可能是空文件或没有传完",
        Category::Syntax | Category::Io => "不是 JSON",
        Category::Data => "没有审核结果应有的内容，或内容的种类不对",
    };
    format!("不是上一轮审核的 结果.json（第 {} 行：{why}）。请选审核输出文件夹里的 结果.json", error.line())
}

#[derive(Deserialize)]
struct Results {
    version: u32,
    submissions: Vec<Submission>,
}

#[derive(Deserialize)]
struct Submission {
    #[serde(default)]
    forms: Vec<Form>,
}

#[derive(Deserialize)]
struct Form {
    stage: Stage,
    subject: Subject,
    record: Record,
}

#[derive(Deserialize)]
struct Record {
    #[serde(default)]
    fields: BTreeMap<String, Option<Cell>>,
    #[serde(default)]
    tables: BTreeMap<String, Vec<BTreeMap<String, Option<Cell>>>>,
}

#[derive(Deserialize)]
struct Cell {
    #[serde(default)]
    text: String,
    #[serde(default)]
    value: Option<String>,
}

impl Form {
    fn targets(self) -> Targets {
        let Record { fields, tables } = self.record;
        let word = |id: &str| said(fields.get(id));
        let some = |id: &str| Some(word(id)).filter(|text| !text.is_empty());
        let rows = tables.get(concept::INDICATORS).map_or(&[][..], Vec::as_slice);
        Targets {
            subject: self.subject,
            claim: Claim {
                unit: some(field::UNIT).or_else(|| some(field::DEPARTMENT)),
                project: some(field::PROJECT).filter(|_| self.subject.is_project()),
                code: some(field::PROJECT_CODE).filter(|_| self.subject.is_project()),
            },
            goal: word(field::GOAL),
            indicators: rows.iter().map(approved).filter(|one| !one.level3.is_empty()).collect(),
        }
    }
}

fn approved(row: &BTreeMap<String, Option<Cell>>) -> Approved {
    let word = |id: &str| said(row.get(id));
    Approved {
        level1: word(column::LEVEL1),
        level2: word(column::LEVEL2),
        level3: word(column::LEVEL3),
        operator: word(column::OPERATOR),
        target: word(column::TARGET),
        unit: word(column::UNIT),
        weight: parse_number(&word(column::WEIGHT)),
    }
}

/// What a cell says: as written; nothing where it holds no value, such as a mark for "not here".
fn said(cell: Option<&Option<Cell>>) -> String {
    match cell {
        Some(Some(cell)) if cell.value.is_some() => cell.text.trim().to_owned(),
        _ => String::new(),
    }
}
