//! What goes back to each unit, a folder a unit: its marked workbooks, the letter, the list of problems, and the blank
//! template where one is needed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::Context;
use chrono::NaiveDate;
use jixiao::config::Letterhead;
use jixiao::error::{Error, ErrorKind};
use jixiao::finding::{Dimension, Severity};
use jixiao::policy::Band;
use jixiao::report::{self, Handback, HandbackFile};
use jixiao::review::{CheckedForm, Engine, Round, Submission, rule_texts};
use jixiao::roster::{FormKind, Match, Roster, Unit, unit_key, without_code};
use jixiao::schema::concept::field;
use jixiao::schema::{Catalog, Schema};
use jixiao::template::{self, Options};
use jixiao::text::one_line;

use super::outputs::{Names, Outputs, archive, safe};

/// The letter.
const LETTER: &str = "整改通知书.docx";
/// The letter of a unit that has nothing to mend.
const PRAISE: &str = "审核结果通知书.docx";
/// The list beside it.
const LIST: &str = "问题清单.xlsx";
/// Blank templates.
const BLANKS: &str = "空白模板";
/// The folder of units whose department nobody says.
const NO_DEPARTMENT: &str = "未注明部门";
/// The unit of forms that name none.
const NO_UNIT: &str = "未填单位";

/// Whom a file goes back to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Receiver {
    /// 主管部门; empty where nobody says.
    pub(super) department: String,
    /// The unit, as the roster names it, else as written.
    pub(super) unit: String,
    /// Its folder below the output folder; no other has it.
    pub(super) folder: String,
}

/// What one file says of whom it goes back to.
struct Claim {
    /// The same for every file of the unit.
    key: String,
    department: String,
    unit: String,
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
    /// The receivers of the files of a round, in their order; `None` for a file that names nobody. However the forms of a
    /// unit spell it and its department, it has one folder; of several departments the first counts.
    pub(super) fn all(round: &Round, roster: Option<&Roster>, names: &mut Names) -> Vec<Option<Self>> {
        let claims: Vec<Option<Claim>> = round.submissions.iter().map(|one| Claim::of(one, roster)).collect();
        let mut units: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
        for claim in claims.iter().flatten() {
            let (department, _) = units.entry(&claim.key).or_insert((&claim.department, &claim.unit));
            if department.is_empty() {
                *department = &claim.department;
            }
        }
        let receiver = |(key, (department, unit)): (&str, (&str, &str))| {
            let folder = names.folder(if department.is_empty() { NO_DEPARTMENT } else { department }, unit);
            Packer::reserve(names, &folder);
            (key.to_owned(), Self { department: department.to_owned(), unit: unit.to_owned(), folder })
        };
        let receivers: BTreeMap<String, Self> = units.into_iter().map(receiver).collect();
        claims.iter().map(|claim| receivers.get(&claim.as_ref()?.key).cloned()).collect()
    }
}

impl Claim {
    /// The unit that the first form names which names one; of a file that could not be judged, the unit of the roster that
    /// the file's name or folder names.
    fn of(submission: &Submission, roster: Option<&Roster>) -> Option<Self> {
        if submission.forms().is_empty() {
            return by_path(&submission.source, roster?).map(Self::of_unit);
        }
        let Some(form) = submission.forms().iter().find(|form| !form.identity.unit.key.is_empty()) else {
            return Some(Self { key: String::new(), department: String::new(), unit: NO_UNIT.to_owned() });
        };
        let identity = &form.identity.unit;
        if let Some(known) =
            roster.and_then(|roster| roster.find(&identity.name)).filter(|_| identity.known == Some(true))
        {
            return Some(Self::of_unit(known));
        }
        let department = form.form.record.filled(field::DEPARTMENT).map(one_line).unwrap_or_default();
        // A department that is a unit of the roster is called as the roster calls its department.
        let known = roster.and_then(|roster| roster.resolve(&department).known());
        let department =
            known.map_or_else(|| without_code(&department).to_owned(), |unit| department_of(unit).to_owned());
        Some(Self { key: identity.key.clone(), department, unit: without_code(&identity.name).to_owned() })
    }

    fn of_unit(unit: &Unit) -> Self {
        let (department, name) = (department_of(unit).to_owned(), unit.name.clone());
        Self { key: unit_key(&name), department, unit: name }
    }
}

/// The department of a unit of the roster; of one that has none above it, the unit itself.
fn department_of(unit: &Unit) -> &str {
    if unit.department.trim().is_empty() { &unit.name } else { &unit.department }
}

/// The unit that a path names, the file's own name first: by a code or a name between dashes, brackets and dots.
fn by_path<'r>(source: &str, roster: &'r Roster) -> Option<&'r Unit> {
    source.rsplit('/').find_map(|piece| {
        let words = piece.split(['-', '_', '—', '－', '.', ' ', '　', '（', '）', '(', ')', '、']);
        words.filter(|word| !word.is_empty()).find_map(|word| match roster.resolve_in(word, None) {
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
        let is_meant = |wanted: &String| names(wanted, receiver, roster);
        (self.grades.is_empty() || graded() || unjudged) && (self.units.is_empty() || self.units.iter().any(is_meant))
    }

    /// Units that were named and have nothing in the round.
    pub(super) fn strangers<'s>(&'s self, receivers: &BTreeSet<&Receiver>, roster: Option<&Roster>) -> Vec<&'s str> {
        let has = |wanted: &&String| receivers.iter().any(|receiver| names(wanted, receiver, roster));
        self.units.iter().filter(|wanted| !has(wanted)).map(String::as_str).collect()
    }
}

/// Whether a name or code means this receiver.
fn names(wanted: &str, receiver: &Receiver, roster: Option<&Roster>) -> bool {
    let known = roster.and_then(|roster| roster.resolve_in(wanted, None).known());
    known.map_or(without_code(wanted), |unit| unit.name.as_str()) == receiver.unit
}

/// What is written into the folders of the units beside the marked workbooks.
pub(super) struct Packer<'a> {
    pub(super) outputs: &'a Outputs,
    pub(super) engine: &'a Engine,
    pub(super) catalog: &'a Catalog,
    pub(super) roster: Option<&'a Roster>,
    pub(super) letterhead: &'a Letterhead,
    /// The date of the letters; `None` as the letterhead says.
    pub(super) day: Option<NaiveDate>,
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

/// A file with its receiver.
#[derive(Debug)]
pub(super) struct Sent<'a> {
    pub(super) receiver: Receiver,
    pub(super) submission: &'a Submission,
    /// Of the marked workbook, below the output folder; `None` where the file could not be judged.
    pub(super) path: Option<String>,
    /// Of the workbook with its values in the blank forms, where its own print is broken.
    pub(super) beside: Option<String>,
    /// Whether the marked workbook is the unit's own file; else it was made anew, in the blank forms.
    pub(super) in_place: bool,
}

impl Packer<'_> {
    /// Makes sure that no workbook takes the names of the letter and the list.
    pub(super) fn reserve(names: &mut Names, folder: &str) {
        for name in [LIST, LETTER, PRAISE] {
            if let Some((stem, extension)) = name.rsplit_once('.') {
                names.take(&format!("{folder}/{stem}.{extension}"));
            }
        }
    }

    /// Writes letters, lists, templates and archives.
    pub(super) fn pack(&self, sent: &[Sent<'_>]) -> anyhow::Result<Packed> {
        let mut units: BTreeMap<&Receiver, Vec<&Sent<'_>>> = BTreeMap::new();
        for one in sent {
            units.entry(&one.receiver).or_default().push(one);
        }
        let mut packed = Packed::default();
        for (receiver, sent) in units {
            if self.outputs.is_over() {
                break;
            }
            self.unit(receiver, &sent, &mut packed)?;
            packed.paths.extend(sent.iter().filter_map(|one| one.beside.clone()));
        }
        Ok(packed)
    }

    fn unit(&self, receiver: &Receiver, sent: &[&Sent<'_>], packed: &mut Packed) -> anyhow::Result<()> {
        let folder = &receiver.folder;
        let in_folder = |path: &String| path.strip_prefix(&format!("{folder}/")).unwrap_or(path).to_owned();
        let files = sent.iter().map(|one| HandbackFile {
            name: one.path.as_ref().map(in_folder),
            submission: one.submission,
            in_place: one.in_place,
        });
        let mut handback = Handback { unit: &receiver.unit, files: files.collect(), blanks: Vec::new() };
        let blanks = self.blanks(receiver, &handback)?;
        handback.blanks = blanks.iter().map(|(name, _)| name.clone()).collect();
        let mut all: Vec<(String, Vec<u8>)> = blanks;
        let mut letter = Vec::new();
        report::write_notice(&handback, self.letterhead, self.day, &mut letter).context("整改通知书没有生成")?;
        let praised = handback.strictest() == Band::Excellent;
        all.push(((if praised { PRAISE } else { LETTER }).to_owned(), letter));
        let mut list = Vec::new();
        report::write_unit_list(&handback, &mut list).context("问题清单没有生成")?;
        all.push((LIST.to_owned(), list));
        for (name, bytes) in &all {
            let path = format!("{folder}/{name}");
            match self.outputs.put(&path, bytes) {
                Ok(()) => packed.paths.push(path),
                Err(error) => packed.failures.push(error),
            }
        }
        if self.zip {
            let paths = |one: &&Sent<'_>| [one.path.clone(), one.beside.clone()].into_iter().flatten();
            let mut names: Vec<String> = sent.iter().flat_map(paths).collect();
            names.extend(all.iter().map(|(name, _)| format!("{folder}/{name}")));
            let archived = self.archive(folder, &names);
            match archived.and_then(|bytes| self.outputs.put(&format!("{folder}.zip"), &bytes)) {
                Ok(()) => packed.paths.push(format!("{folder}.zip")),
                Err(error) => packed.failures.push(error),
            }
        }
        Ok(())
    }

    /// The folder as one file.
    fn archive(&self, folder: &str, paths: &[String]) -> Result<Vec<u8>, Error> {
        let in_folder = |path: &String| path.strip_prefix(&format!("{folder}/")).unwrap_or(path).to_owned();
        let files = paths.iter().map(|path| Ok((in_folder(path), self.outputs.get(path)?)));
        let files = files.collect::<Result<Vec<_>, Error>>()?;
        archive(&files).map_err(|error| Error::new(format!("{folder}.zip"), ErrorKind::Io(error)))
    }

    /// Blank templates, by name.
    fn blanks(&self, receiver: &Receiver, handback: &Handback<'_>) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
        let policy = self.engine.policy();
        let mut names = Names::default();
        let mut blanks = Vec::new();
        for (schema, options) in self.needed(receiver, handback).into_values() {
            let failed = || format!("不能生成表单 {}（{}）", schema.title, schema.id);
            let rules = rule_texts(&schema, policy).with_context(failed)?;
            let bytes = template::write(&template::plan(&schema, policy, &options), &rules).with_context(failed)?;
            blanks.push((names.free(&format!("{BLANKS}/{}", safe(&schema.title)), "xlsx"), bytes));
        }
        Ok(blanks)
    }

    /// The forms that are better filled in anew, by the id of their schema: those graded 差 for what is missing from them
    /// (a workbook made anew is in the blank form already), and those the unit owes where it handed in something that could
    /// not be judged or that nobody asked for.
    fn needed(&self, receiver: &Receiver, handback: &Handback<'_>) -> BTreeMap<String, (Arc<Schema>, Options)> {
        let mut needed: BTreeMap<String, (Arc<Schema>, Options)> = BTreeMap::new();
        for (_, form) in handback.forms().filter(|(file, form)| file.in_place && is_beyond_mending(form)) {
            let own = options(receiver, Some(form));
            let (_, all) = needed
                .entry(form.form.schema.id.clone())
                .or_insert_with(|| (Arc::clone(&form.form.schema), own.clone()));
            // Of two projects neither's name is printed.
            all.prefill.fields.retain(|id, text| own.prefill.fields.get(id) == Some(text));
            all.year = all.year.filter(|year| own.year == Some(*year));
        }
        let Some(unit) = self.roster.and_then(|roster| roster.find(&receiver.unit)) else { return needed };
        let is_of = |form: &CheckedForm, kind: FormKind| {
            (form.form.schema.stage, form.form.schema.subject) == (kind.stage, kind.subject)
        };
        let asked = |form: &CheckedForm| unit.expected.iter().any(|expected| is_of(form, expected.kind));
        if handback.unjudged().next().is_none() && handback.forms().all(|(_, form)| asked(form)) {
            return needed;
        }
        let owed = unit.expected.iter().filter(|one| !handback.forms().any(|(_, form)| is_of(form, one.kind)));
        for schema in owed.filter_map(|expected| template::schema_of(expected, &self.catalog.schemas)) {
            needed.entry(schema.id.clone()).or_insert_with(|| (schema, options(receiver, None)));
        }
        needed
    }
}

/// Whether it is easier to fill in a new form than to mend this one.
fn is_beyond_mending(form: &CheckedForm) -> bool {
    let mut serious = form.findings.iter().filter(|one| one.severity == Severity::Error && !one.is_accepted());
    form.grade.band == Band::Poor
        && serious.any(|one| one.dimension == Dimension::Completeness || one.code.starts_with('F'))
}

/// What is filled into a blank form: whose it is, and of a form handed in its project and year.
fn options(receiver: &Receiver, form: Option<&CheckedForm>) -> Options {
    let mut options = Options::default();
    let project = form.and_then(|form| form.form.project()).unwrap_or_default();
    let unit = if receiver.unit == NO_UNIT { "" } else { receiver.unit.as_str() };
    for (id, text) in
        [(field::UNIT, unit), (field::DEPARTMENT, receiver.department.as_str()), (field::PROJECT, project.as_str())]
    {
        if !text.is_empty() {
            options.prefill.fields.insert(id.to_owned(), text.to_owned());
        }
    }
    let year = form.and_then(|form| form.form.record.field(field::YEAR)).and_then(|year| year.reading.value());
    options.year = year.and_then(|year| year.to_string().parse().ok());
    options
}
