//! What goes back to each unit, a folder a unit: its marked workbooks, the letter, the list of problems, and the blank
//! template where one is needed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Cursor, Write};
use std::sync::Arc;

use anyhow::Context;
use jixiao::config::Letterhead;
use jixiao::error::{Error, ErrorKind};
use jixiao::finding::Severity;
use jixiao::policy::Band;
use jixiao::report::{self, Handback, HandbackFile};
use jixiao::review::{Engine, Submission, rule_texts};
use jixiao::roster::{Match, Roster, Unit, without_code};
use jixiao::schema::concept::field;
use jixiao::schema::{Catalog, Schema};
use jixiao::template::{self, Options};
use zip::write::SimpleFileOptions;

use super::outputs::{Names, Outputs, RETURNED, safe};

/// The letter.
const LETTER: &str = "整改通知书.docx";
/// The letter of a unit that has nothing to mend.
const PRAISE: &str = "审核结果通知书.docx";
/// The list beside it.
const LIST: &str = "问题清单.xlsx";
/// Blank templates.
const BLANKS: &str = "空白模板";

/// Whom a file goes back to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Receiver {
    /// 主管部门.
    pub(super) department: String,
    /// The unit, as the roster names it, else as written.
    pub(super) unit: String,
}

/// What is handed back of a round.
#[derive(Debug, Default)]
pub(super) struct Selection {
    /// Grades; all where none is named.
    pub(super) grades: Vec<Band>,
    /// Units by name or code; all where none is named.
    pub(super) units: Vec<String>,
}

impl Receiver {
    /// The receiver of a file: the unit its first form names; of a file that could not be judged, the unit of the roster
    /// that the file's name or folder names. `None` where nobody is named.
    pub(super) fn of(submission: &Submission, roster: Option<&Roster>) -> Option<Self> {
        let Some(form) = submission.forms().iter().map(|checked| &checked.form).find(|form| form.unit().is_some())
        else {
            if !submission.forms().is_empty() {
                return Some(Self { department: String::new(), unit: "未填单位".to_owned() });
            }
            return by_path(&submission.source, roster?).map(Self::of_unit);
        };
        let written = form.unit()?;
        if let Some(known) = roster.and_then(|roster| roster.resolve(&written).known()) {
            return Some(Self::of_unit(known));
        }
        let unit = without_code(&written).to_owned();
        let department = form.record.filled(field::DEPARTMENT).map(|name| without_code(name.trim()).to_owned());
        let department = department.filter(|name| !name.is_empty()).map(|department| {
            let known = roster.and_then(|roster| roster.resolve(&department).known());
            known.map_or(department, |unit| unit.department.clone())
        });
        Some(Self { department: department.unwrap_or_default(), unit })
    }

    fn of_unit(unit: &Unit) -> Self {
        let department = if unit.department.trim().is_empty() { &unit.name } else { &unit.department };
        Self { department: department.clone(), unit: unit.name.clone() }
    }

    /// Its folder below the output folder.
    pub(super) fn folder(&self) -> String {
        let department = if self.department.is_empty() { "未注明部门" } else { &self.department };
        format!("{RETURNED}/{}/{}", safe(department), safe(&self.unit))
    }
}

/// The unit that a path names, the file's own name first: by a code or a name between dashes, brackets and dots.
fn by_path<'r>(source: &str, roster: &'r Roster) -> Option<&'r Unit> {
    source.rsplit('/').find_map(|piece| {
        let words = piece.split(['-', '_', '—', '－', '.', ' ', '　', '（', '）', '(', ')', '、']);
        words.filter(|word| !word.is_empty()).find_map(|word| match roster.resolve(word) {
            Match::Known(unit) => Some(unit),
            Match::Unknown(_) => None,
        })
    })
}

impl Selection {
    /// Whether a file is handed back.
    pub(super) fn takes(&self, submission: &Submission, receiver: &Receiver, roster: Option<&Roster>) -> bool {
        let graded = || submission.forms().iter().any(|form| self.grades.contains(&form.grade.band));
        // What could not be judged is as good as not accepted.
        let unjudged = submission.forms().is_empty() && self.grades.contains(&Band::Poor);
        let is_unit = |wanted: &String| {
            let known = roster.and_then(|roster| roster.resolve(wanted).known());
            known.map_or(without_code(wanted), |unit| unit.name.as_str()) == receiver.unit
        };
        (self.grades.is_empty() || graded() || unjudged) && (self.units.is_empty() || self.units.iter().any(is_unit))
    }

    /// Units that were named and have nothing in the round.
    pub(super) fn strangers<'s>(&'s self, receivers: &BTreeSet<&Receiver>, roster: Option<&Roster>) -> Vec<&'s str> {
        let has = |wanted: &&String| {
            let known = roster.and_then(|roster| roster.resolve(wanted).known());
            let name = known.map_or(without_code(wanted), |unit| unit.name.as_str());
            receivers.iter().any(|receiver| receiver.unit == name)
        };
        self.units.iter().filter(|wanted| !has(wanted)).map(String::as_str).collect()
    }
}

/// What is written into the folders of the units beside the marked workbooks.
pub(super) struct Packer<'a> {
    pub(super) outputs: &'a Outputs,
    pub(super) engine: &'a Engine,
    pub(super) catalog: &'a Catalog,
    pub(super) roster: Option<&'a Roster>,
    pub(super) letterhead: &'a Letterhead,
    /// Whether each folder is also packed into one file.
    pub(super) zip: bool,
}

/// What the units get, in their order.
#[derive(Default)]
pub(super) struct Packed {
    /// Files beside the marked workbooks, by path below the output folder.
    pub(super) paths: Vec<String>,
    /// What could not be written.
    pub(super) failures: Vec<Error>,
}

/// A marked workbook or a file that could not be judged, with its receiver.
pub(super) type Sent<'a> = (Receiver, &'a Submission, Option<String>);

impl Packer<'_> {
    /// Makes sure that no workbook takes the names of the letter and the list.
    pub(super) fn reserve(names: &mut Names, folder: &str) {
        for name in [LIST, LETTER, PRAISE] {
            if let Some((stem, extension)) = name.rsplit_once('.') {
                names.take(&format!("{folder}/{stem}.{extension}"));
            }
        }
    }

    /// Writes letters, lists, templates and archives. `beside` are workbooks that stand beside the marked ones already.
    pub(super) fn pack(&self, sent: &[Sent<'_>], beside: &[(Receiver, String)]) -> anyhow::Result<Packed> {
        let mut units: BTreeMap<&Receiver, Vec<&Sent<'_>>> = BTreeMap::new();
        for one in sent {
            units.entry(&one.0).or_default().push(one);
        }
        let mut packed = Packed::default();
        for (receiver, sent) in units {
            let own: Vec<&String> = beside.iter().filter(|(of, _)| of == receiver).map(|(_, path)| path).collect();
            self.unit(receiver, (&sent, &own), &mut packed)?;
            packed.paths.extend(own.into_iter().cloned());
        }
        Ok(packed)
    }

    fn unit(
        &self,
        receiver: &Receiver,
        (sent, beside): (&[&Sent<'_>], &[&String]),
        packed: &mut Packed,
    ) -> anyhow::Result<()> {
        let folder = receiver.folder();
        let in_folder = |path: &String| path.strip_prefix(&format!("{folder}/")).unwrap_or(path).to_owned();
        let files =
            sent.iter().map(|(_, submission, path)| HandbackFile { name: path.as_ref().map(in_folder), submission });
        let mut handback = Handback { unit: &receiver.unit, files: files.collect(), blanks: Vec::new() };
        let blanks = self.blanks(receiver, &handback)?;
        handback.blanks = blanks.iter().map(|(name, _)| name.clone()).collect();
        let mut all: Vec<(String, Vec<u8>)> = blanks;
        let mut letter = Vec::new();
        report::write_notice(&handback, self.letterhead, &mut letter).context("整改通知书没有生成")?;
        let praised = handback.worst() == Some(Band::Excellent) && sent.iter().all(|(_, _, path)| path.is_some());
        all.push(((if praised { PRAISE } else { LETTER }).to_owned(), letter));
        if handback.forms().next().is_some() {
            let mut list = Vec::new();
            report::write_unit_list(&handback, &mut list).context("问题清单没有生成")?;
            all.push((LIST.to_owned(), list));
        }
        for (name, bytes) in &all {
            let path = format!("{folder}/{name}");
            match self.outputs.put(&path, bytes) {
                Ok(()) => packed.paths.push(path),
                Err(error) => packed.failures.push(error),
            }
        }
        if self.zip {
            let mut names: Vec<String> = sent.iter().filter_map(|(_, _, path)| path.clone()).collect();
            names.extend(beside.iter().map(|path| (*path).clone()));
            names.extend(all.iter().map(|(name, _)| format!("{folder}/{name}")));
            let archived = self.archive(&folder, &names);
            match archived.and_then(|bytes| self.outputs.put(&format!("{folder}.zip"), &bytes)) {
                Ok(()) => packed.paths.push(format!("{folder}.zip")),
                Err(error) => packed.failures.push(error),
            }
        }
        Ok(())
    }

    /// The folder as one file. Its names are UTF-8 and marked so, which Explorer and WPS go by.
    fn archive(&self, folder: &str, paths: &[String]) -> Result<Vec<u8>, Error> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        // A fixed date, so that the same files give the same bytes; they are packed already.
        let options = SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Stored)
            .last_modified_time(zip::DateTime::default());
        let fail = |error: io::Error| Error::new(format!("{folder}.zip"), ErrorKind::Io(error));
        for path in paths {
            let bytes = self.outputs.get(path)?;
            let name = path.strip_prefix(&format!("{folder}/")).unwrap_or(path);
            writer.start_file(name, options).map_err(|error| fail(error.into()))?;
            writer.write_all(&bytes).map_err(fail)?;
        }
        writer.finish().map(Cursor::into_inner).map_err(|error| fail(error.into()))
    }

    /// Blank templates, by name: of forms whose print is so damaged that filling it in again is better, and of those the
    /// unit owes where something it handed in could not be judged.
    fn blanks(&self, receiver: &Receiver, handback: &Handback<'_>) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
        let mut wanted: BTreeMap<&str, &Arc<Schema>> = BTreeMap::new();
        for (_, form) in handback.forms() {
            let broken = form
                .findings
                .iter()
                .any(|finding| finding.code.starts_with('F') && finding.severity == Severity::Error);
            if broken && !form.form.schema.own {
                wanted.insert(&form.form.schema.id, &form.form.schema);
            }
        }
        let unit = self.roster.and_then(|roster| roster.find(&receiver.unit));
        if handback.files.iter().any(|file| file.name.is_none()) {
            for expected in unit.iter().flat_map(|unit| &unit.expected) {
                let of =
                    |schema: &Schema| (schema.stage, schema.subject) == (expected.kind.stage, expected.kind.subject);
                if !handback.forms().any(|(_, form)| of(&form.form.schema)) {
                    wanted.extend(
                        self.catalog
                            .schemas
                            .iter()
                            .find(|schema| of(schema) && !schema.list)
                            .map(|schema| (schema.id.as_str(), schema)),
                    );
                }
            }
        }
        let policy = self.engine.policy();
        let mut names = Names::default();
        let mut blanks = Vec::new();
        for schema in wanted.into_values() {
            let failed = || format!("不能生成表单 {}（{}）", schema.title, schema.id);
            let rules = rule_texts(schema, policy).with_context(failed)?;
            let plan = template::plan(schema, policy, &Options::default());
            let bytes = template::write(&plan, &rules).with_context(failed)?;
            blanks.push((names.free(&format!("{BLANKS}/{}", safe(&schema.title)), "xlsx"), bytes));
        }
        Ok(blanks)
    }
}
