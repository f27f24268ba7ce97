//! 清单.json: what a round was judged from, by which rules, and what was written, each with its SHA-256; so that anybody
//! can show later that a grade came from this file under these rules.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::digest::sha256;
use crate::error::{Error, ErrorKind};
use crate::policy::{Band, Policy};
use crate::review::Round;
use crate::rules::{Check, RULES, Rule};
use crate::schema::Catalog;

/// The version of the file.
const VERSION: u32 = 1;

/// A round on record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of this file's form.
    pub version: u32,
    /// `jixiao 0.1.0`.
    pub tool: String,
    /// By what it was judged.
    pub rules: Rulebook,
    /// How the command was given: what is needed to judge again.
    pub command: Command,
    /// Every file that was handed in, in the order of the round, also inside archives. One that could not be read has no
    /// digest.
    pub inputs: Vec<FileRecord>,
    /// What it was judged beside: 名册, 项目台账, registers, earlier results, settings.
    pub books: Vec<FileRecord>,
    /// Every form with its grade, in the order of the round.
    pub grades: Vec<GradeRecord>,
    /// Every file that was written, by path.
    pub outputs: Vec<FileRecord>,
}

/// What decides a grade beside the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rulebook {
    /// Of everything the table of rules says: codes, names, severities, dimensions, documents, texts. What a rule does is
    /// the tool's, whose version stands beside.
    pub rules: String,
    /// Their codes, ascending.
    pub codes: Vec<String>,
    /// Id of the policy.
    pub policy: String,
    /// Of the policy with every switch.
    pub policy_sha256: String,
    /// Of the files of all schemas, and of the vocabulary.
    pub schemas_sha256: String,
}

/// How a review was started. Paths lead from the folder of the record, so that both can be taken elsewhere together.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Command {
    /// What was judged.
    pub paths: Vec<Given>,
    /// `--policy`: the id of a built-in one, or a file.
    pub policy: Option<String>,
    /// The jixiao.toml that was used.
    pub config: Option<String>,
    /// 名册, where the command named it.
    pub roster: Option<String>,
    /// 项目台账.
    pub ledger: Option<String>,
    /// 收件登记.
    pub received: Option<String>,
    /// 出错说明登记表.
    pub decisions: Option<String>,
    /// The day by which decisions count, `2026-12-31`.
    pub date: Option<String>,
    /// Earlier results.
    pub previous: Vec<String>,
    /// Folder of own schemas.
    pub schemas: Option<String>,
    /// `--fix`.
    pub fix: bool,
}

/// A path that was to be judged.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// The way to it.
    pub path: String,
    /// What it is called in results: the paths of inputs begin with it.
    pub called: String,
}

/// A file as it was.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileRecord {
    /// Its path: of an input as given, of an output below the folder of the manifest.
    pub path: String,
    /// Its SHA-256.
    pub sha256: String,
}

/// The grade of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GradeRecord {
    /// The file, one of the inputs.
    pub source: String,
    /// The sheet.
    pub sheet: String,
    /// The cells of the form.
    pub range: String,
    /// Id of its schema.
    pub schema: String,
    /// The points.
    pub score: String,
    /// The grade.
    pub band: Band,
    /// Codes and cells of its findings, `A101!H7`.
    pub findings: Vec<String>,
}

impl Rulebook {
    /// The rules of this version under a policy and schemas.
    #[must_use]
    pub fn of(policy: &Policy, catalog: &Catalog) -> Self {
        let rules: String = RULES
            .iter()
            .map(|rule| {
                let Rule { code, name, severity, dimension, authority, summary, docs, check } = rule;
                let of = match check {
                    Check::Form(_) => "form",
                    Check::Round(_) => "round",
                };
                [code, name, severity.title(), dimension.title(), authority, summary, docs, of].join("\0") + "\0"
            })
            .collect();
        // Maps of a policy are ordered, so the same policy gives the same text.
        let policy_text = serde_json::to_string(policy).unwrap_or_default();
        Self {
            rules: sha256(rules.as_bytes()),
            codes: RULES.iter().map(|rule| rule.code.to_owned()).collect(),
            policy: policy.id.clone(),
            policy_sha256: sha256(policy_text.as_bytes()),
            schemas_sha256: catalog.sha256.clone(),
        }
    }
}

impl Manifest {
    /// A record without outputs.
    #[must_use]
    pub fn of(round: &Round, rules: Rulebook, command: Command, books: Vec<FileRecord>) -> Self {
        let inputs = round
            .submissions
            .iter()
            .map(|submission| FileRecord { path: submission.source.clone(), sha256: submission.sha256.clone() });
        let grades = round.forms().map(|(submission, form)| GradeRecord {
            source: submission.source.clone(),
            sheet: form.form.sheet.clone(),
            range: form.form.range.to_string(),
            schema: form.form.schema.id.clone(),
            score: form.grade.score.normalize().to_string(),
            band: form.grade.band,
            findings: form
                .findings
                .iter()
                .map(|finding| match finding.cell {
                    Some(cell) => format!("{}!{cell}", finding.code),
                    None => finding.code.to_owned(),
                })
                .collect(),
        });
        let tool = format!("jixiao {}", env!("CARGO_PKG_VERSION"));
        Self {
            version: VERSION,
            tool,
            rules,
            command,
            inputs: inputs.collect(),
            books,
            grades: grades.collect(),
            outputs: Vec::new(),
        }
    }

    /// Calls files that were only moved what they were called in another record: those of the same contents, each once.
    pub fn rename_as_in(&mut self, then: &Self) {
        let here: BTreeSet<&str> = self.inputs.iter().map(|input| input.path.as_str()).collect();
        let mut gone: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for input in then.inputs.iter().rev().filter(|input| !here.contains(input.path.as_str())) {
            gone.entry(&input.sha256).or_default().push(&input.path);
        }
        let known: BTreeSet<&str> = then.inputs.iter().map(|input| input.path.as_str()).collect();
        let mut renamed: BTreeMap<String, String> = BTreeMap::new();
        for input in self.inputs.iter().filter(|input| !known.contains(input.path.as_str())) {
            let as_then = gone.get_mut(input.sha256.as_str()).filter(|_| !input.sha256.is_empty()).and_then(Vec::pop);
            renamed.extend(as_then.map(|path| (input.path.clone(), path.to_owned())));
        }
        let sources = self.grades.iter_mut().map(|grade| &mut grade.source);
        for path in self.inputs.iter_mut().map(|input| &mut input.path).chain(sources) {
            if let Some(then) = renamed.get(path) {
                path.clone_from(then);
            }
        }
    }

    /// Reads a record; `path` names it in messages.
    ///
    /// # Errors
    /// A text that is none, or one of another version.
    pub fn read(text: &str, path: &str) -> Result<Self, Error> {
        let invalid = |problem: String| Error::new(path, ErrorKind::Invalid(vec![problem]));
        let manifest: Self = serde_json::from_str(text.trim_start_matches('\u{feff}'))
            .map_err(|error| invalid(format!("不是审核输出的 清单.json（第 {} 行），或已被改动", error.line())))?;
        match manifest.version {
            VERSION => Ok(manifest),
            other => Err(invalid(format!("清单的版本是 {other}，本工具只认版本 {VERSION}"))),
        }
    }

    /// The record as text.
    ///
    /// # Errors
    /// What the writer reports.
    pub fn to_json(&self) -> std::io::Result<Vec<u8>> {
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        Ok(text)
    }
}

/// What differs between a record and the same round judged now, in plain Chinese; none where nothing does.
#[must_use]
pub fn differences(then: &Manifest, now: &Manifest) -> Vec<String> {
    let mut told = Vec::new();
    if then.tool != now.tool {
        told.push(format!("审核时用的是 {}，现在是 {}", then.tool, now.tool));
    }
    for (what, then, now) in [
        ("规则", &then.rules.rules, &now.rules.rules),
        ("口径", &then.rules.policy_sha256, &now.rules.policy_sha256),
        ("表单定义", &then.rules.schemas_sha256, &now.rules.schemas_sha256),
    ] {
        if then != now {
            told.push(format!("{what}与审核时不同"));
        }
    }
    told.extend(changed(&then.inputs, &now.inputs));
    told.extend(changed(&then.books, &now.books));
    told.extend(regraded(&then.grades, &now.grades));
    told
}

/// Files that are not what they were.
#[must_use]
pub fn changed(then: &[FileRecord], now: &[FileRecord]) -> Vec<String> {
    let by_path = |files: &'_ [FileRecord]| -> BTreeMap<String, String> {
        files.iter().map(|file| (file.path.clone(), file.sha256.clone())).collect()
    };
    let (then, now) = (by_path(then), by_path(now));
    let gone = then.iter().filter_map(|(path, sha256)| match now.get(path) {
        None => Some(format!("{path}：现在没有这个文件")),
        Some(now) if now != sha256 => Some(format!("{path}：内容改动过")),
        Some(_) => None,
    });
    let new = now.keys().filter(|path| !then.contains_key(*path)).map(|path| format!("{path}：审核时没有这个文件"));
    gone.chain(new).collect()
}

/// Forms whose grade or findings are not what they were.
fn regraded(then: &[GradeRecord], now: &[GradeRecord]) -> Vec<String> {
    let key = |grade: &GradeRecord| (grade.source.clone(), grade.sheet.clone(), grade.range.clone());
    let now: BTreeMap<_, &GradeRecord> = now.iter().map(|grade| (key(grade), grade)).collect();
    let known: BTreeSet<_> = then.iter().map(key).collect();
    let told = |grade: &GradeRecord| {
        let place = format!("{} 工作表“{}”", grade.source, grade.sheet);
        match now.get(&key(grade)) {
            None => Some(format!("{place}：现在没有这张表")),
            Some(now) if (&now.score, now.band) != (&grade.score, grade.band) => {
                let said = |grade: &GradeRecord| format!("{} 分“{}”", grade.score, grade.band.title());
                Some(format!("{place}：审核时 {}，现在 {}", said(grade), said(now)))
            }
            Some(now) if now.findings != grade.findings => Some(format!("{place}：等级相同，问题有出入")),
            Some(_) => None,
        }
    };
    let new = now.iter().filter(|(key, _)| !known.contains(key));
    let new = new.map(|(_, grade)| format!("{} 工作表“{}”：审核时没有这张表", grade.source, grade.sheet));
    then.iter().filter_map(told).chain(new).collect()
}
