//! Parts of a round that were judged apart, on other machines or one after the other, become the round again: the same as
//! if one had judged it all.
//!
//! A part is a result of the published contract that keeps, beside what people and programs read, its forms whole. What
//! only the whole round shows was not looked at in a part; it is looked at when all of them are together.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::settle::{Settled, settle};
use super::workers::Workers;
use super::{Answer, Books, CheckedForm, Outcome, Round, SkippedSheet, Submission};
use crate::address::{CellRange, CellRef};
use crate::error::{Error, ErrorKind};
use crate::finding::{Dimension, Elsewhere, Finding, Fix, FixEdit, Safety, Severity};
use crate::form::{Evidence, Form, Recognition, Record};
use crate::grade::grade;
use crate::policy::Policy;
use crate::roster::Identity;
use crate::rules::{self, RuleOutcome};
use crate::schema::Catalog;
use crate::value::Value;
use crate::workbook::Container;

/// Which part of a round, and of which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartOf {
    /// Which, from 1.
    pub index: u32,
    /// Of how many.
    pub of: u32,
    /// Files of the whole round.
    pub files: usize,
    /// What it was judged by, and of what: versions and digests by name. Parts of one round have the same.
    pub made: BTreeMap<String, String>,
}

/// What a part keeps of a file for the others.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Kept {
    /// [`Submission::sha256`].
    pub sha256: String,
    /// [`Submission::answers`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
    /// Its forms.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forms: Vec<KeptForm>,
}

/// What a part keeps of a form beyond what the contract tells of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeptForm {
    /// [`Form::range`].
    pub range: CellRange,
    /// [`Form::record`].
    pub record: Record,
}

impl Kept {
    /// What is kept of a file.
    #[must_use]
    pub fn of(submission: &Submission) -> Self {
        let form = |checked: &CheckedForm| KeptForm { range: checked.form.range, record: checked.form.record.clone() };
        Self {
            sha256: submission.sha256.clone(),
            answers: submission.answers.clone(),
            forms: submission.forms().iter().map(form).collect(),
        }
    }
}

/// A part, read: its files as they were judged by themselves.
#[derive(Debug)]
pub struct Part {
    submissions: Vec<Submission>,
    passed_over: Vec<(String, String)>,
}

impl Part {
    /// Files in it, those included that were passed over or could not be opened.
    #[must_use]
    pub fn files(&self) -> usize {
        self.submissions.len() + self.passed_over.len()
    }

    /// Reads a part. `path` names it in messages.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] where the text is no part, or has a form that is not known here.
    pub fn read(text: &str, path: &str, catalog: &Catalog, policy: &Policy) -> Result<Self, Error> {
        let invalid = |problem: String| Error::new(path, ErrorKind::Invalid(vec![problem]));
        let PartJson { submissions, passed_over } =
            serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
                let (line, column) = (error.line(), error.column());
                invalid(format!("不是分批审核的一份结果，或已被改动（第 {line} 行第 {column} 列）。请重新审核这一份"))
            })?;
        let submissions = submissions.into_iter().map(|one| one.submission(catalog, policy)).collect::<Result<_, _>>();
        let passed_over = passed_over.into_iter().map(|one| (one.source, one.reason)).collect();
        Ok(Self { submissions: submissions.map_err(invalid)?, passed_over })
    }
}

impl Round {
    /// The round of these parts, all of them: what only the whole shows is looked at now.
    #[must_use]
    pub fn of_parts(parts: Vec<Part>, policy: &Policy, books: Books<'_>) -> Self {
        let (mut submissions, mut passed_over) = (Vec::new(), Vec::new());
        for part in parts {
            submissions.extend(part.submissions);
            passed_over.extend(part.passed_over);
        }
        submissions.sort_by(|a, b| a.source.cmp(&b.source));
        passed_over.sort();
        let Settled { remarks, .. } = settle(&mut submissions, policy, books, &Workers::default().pool(usize::MAX));
        let (id, title) = (policy.id.clone(), policy.title.clone());
        Self { policy: id, policy_title: title, submissions, passed_over, remarks, part: None }
    }
}

/// What keeps parts from being one round, in plain Chinese: `round` names it, each part comes with the file it is from.
/// A part that is there twice and the same both times must be left out before.
#[must_use]
pub fn misfits(round: &str, parts: &[(&str, &PartOf)]) -> Vec<String> {
    let Some((first_path, first)) = parts.first() else { return Vec::new() };
    let mut told = Vec::new();
    for (path, part) in parts {
        if part.of != first.of {
            let (of, other) = (first.of, part.of);
            told.push(format!(
                "{round}：{first_path} 是按 {of} 份分的，{path} 是按 {other} 份分的，不能合在一起。请用同一种分法的各份"
            ));
        }
        for (what, title) in MADE {
            let (then, now) = (first.made.get(what), part.made.get(what));
            if then != now {
                told.push(format!(
                    "{round}：{first_path} 和 {path} {}，不能合在一起。请用同样的{title}重新审核其中一份",
                    unlike(what, title)
                ));
            }
        }
    }
    if !told.is_empty() {
        return told;
    }
    let mut by_index: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for (path, part) in parts {
        by_index.entry(part.index).or_default().push(path);
    }
    for (index, paths) in &by_index {
        if let [one, other, ..] = paths.as_slice() {
            told.push(format!("{round}：第 {index} 份有两个，内容不同：{one}、{other}。请去掉不对的一个"));
        }
    }
    // No number of parts that a result may tell is too large to be answered.
    const SHOWN: usize = 20;
    let known = by_index.keys().filter(|index| (1..=first.of).contains(*index)).count();
    let missing = usize::try_from(first.of).unwrap_or(usize::MAX).saturating_sub(known);
    if missing > 0 {
        let shown = (1..=first.of).filter(|index| !by_index.contains_key(index)).take(SHOWN);
        let shown = shown.map(|index| index.to_string()).collect::<Vec<_>>().join("、");
        let more = if missing > SHOWN { format!(" 等 {missing} 份") } else { String::new() };
        told.push(format!("{round}：共 {} 份，缺第 {shown}{more}。请审完再合", first.of));
    }
    told
}

/// What differs between how parts were made and how they are put together here, in plain Chinese.
#[must_use]
pub fn made_otherwise(then: &BTreeMap<String, String>, now: &BTreeMap<String, String>) -> Vec<String> {
    let differs = |what: &str| then.get(what) != now.get(what);
    let told = MADE.into_iter().filter(|(what, _)| *what != INPUTS && differs(what));
    told.map(|(what, title)| match (then.get(what), now.get(what)) {
        (Some(_), None) => format!(
            "分批审核时用了{title}，这里没有。请写上同一个{title}；审核时用的是 jixiao.toml 的，也可以把各份结果放在它的文件夹里"
        ),
        (None, Some(_)) => format!("分批审核时没有用{title}，这里用了。请去掉，或用它重新审核"),
        _ => format!("这里的{title}与分批审核时的不同。请用同样的{title}"),
    })
    .collect()
}

/// The name by which the list of files is known in [`PartOf::made`].
pub const INPUTS: &str = "inputs";

/// What may stand in [`PartOf::made`], with its name for people.
const MADE: [(&str, &str); 11] = [
    ("tool", "程序版本"),
    ("rules", "规则"),
    ("policy", "口径"),
    ("schemas", "表单定义"),
    (INPUTS, "送审文件"),
    ("roster", "名册"),
    ("ledger", "项目台账"),
    ("received", "收件登记"),
    ("decisions", "出错说明登记表"),
    ("today", "登记表的日期（--date）"),
    ("previous", "以前的结果（--previous）"),
];

fn unlike(what: &str, title: &str) -> String {
    if what == INPUTS {
        "审的时候收到的文件不一样（多了、少了，或路径写法不同）".to_owned()
    } else {
        format!("用的{title}不同")
    }
}

#[derive(Deserialize)]
struct PartJson {
    submissions: Vec<SubmissionJson>,
    #[serde(default)]
    passed_over: Vec<PassedOver>,
}

#[derive(Deserialize)]
struct PassedOver {
    source: String,
    reason: String,
}

#[derive(Deserialize)]
struct SubmissionJson {
    source: String,
    container: String,
    outcome: String,
    reason: Option<String>,
    notes: Vec<String>,
    forms: Vec<FormJson>,
    skipped: Vec<SkippedJson>,
    kept: Kept,
}

#[derive(Deserialize)]
struct SkippedJson {
    sheet: String,
    reason: String,
    nearest: Option<NearestJson>,
}

#[derive(Deserialize)]
struct NearestJson {
    schema: String,
    evidence: Vec<String>,
}

#[derive(Deserialize)]
struct FormJson {
    sheet: String,
    schema: String,
    confidence: f64,
    findings: Vec<FindingJson>,
    rules: BTreeMap<String, RuleOutcome>,
}

#[derive(Deserialize)]
struct FindingJson {
    code: String,
    severity: Severity,
    dimension: Dimension,
    cell: Option<CellRef>,
    field: String,
    related: Vec<CellRef>,
    elsewhere: Vec<ElsewhereJson>,
    found: Option<String>,
    expected: Option<String>,
    difference: Option<String>,
    message: String,
    advice: String,
    fix: Option<FixJson>,
}

#[derive(Deserialize)]
struct ElsewhereJson {
    source: String,
    sheet: String,
    cell: Option<CellRef>,
    text: String,
}

#[derive(Deserialize)]
struct FixJson {
    safety: Safety,
    edits: Vec<EditJson>,
}

#[derive(Deserialize)]
struct EditJson {
    cell: CellRef,
    was: String,
    value: String,
    stored: String,
}

impl SubmissionJson {
    fn submission(self, catalog: &Catalog, policy: &Policy) -> Result<Submission, String> {
        let Self { source, container, outcome, reason, notes, forms, skipped, kept } = self;
        let Kept { sha256, answers, forms: kept } = kept;
        let odd = || format!("{source} 的内容前后不符，这一份结果已被改动或没有传完。请重新审核这一份");
        let reason = reason.unwrap_or_default();
        let skipped = skipped.into_iter().map(SkippedSheet::from).collect();
        let outcome = match outcome.as_str() {
            "checked" if forms.len() == kept.len() && !forms.is_empty() => {
                let forms = forms.into_iter().zip(kept).map(|(form, kept)| form.checked(kept, catalog, policy));
                Outcome::Checked { forms: forms.collect::<Result<_, _>>()?, skipped }
            }
            "unrecognised" => Outcome::Unrecognised { reason, skipped },
            "unreadable" => Outcome::Unreadable(Error::new(&source, ErrorKind::Told(reason))),
            _ => return Err(odd()),
        };
        let container = Container::ALL.map(Container::name).into_iter().find(|name| *name == container);
        Ok(Submission { container: container.unwrap_or_default(), source, sha256, outcome, notes, answers })
    }
}

impl From<SkippedJson> for SkippedSheet {
    fn from(of: SkippedJson) -> Self {
        let evidence = |what| Evidence { cell: None, what, points: 0.0 };
        let nearest = of.nearest.map(|near| (near.schema, near.evidence.into_iter().map(evidence).collect()));
        Self { sheet: of.sheet, reason: of.reason, nearest }
    }
}

impl FormJson {
    fn checked(self, kept: KeptForm, catalog: &Catalog, policy: &Policy) -> Result<CheckedForm, String> {
        let Self { sheet, schema, confidence, findings, rules } = self;
        let unknown = || format!("有这里不认识的表单 {schema}。自定义的表单定义请用 --schemas 指明");
        let schema = Arc::clone(catalog.get(&schema).ok_or_else(unknown)?);
        let code = |code: &str| {
            rules::find(code)
                .map(|rule| rule.code)
                .ok_or_else(|| format!("有这里不认识的规则 {code}。请用同一版本的工具"))
        };
        let rules = rules.into_iter().map(|(name, outcome)| Ok((code(&name)?, outcome)));
        let rules = rules.collect::<Result<_, String>>()?;
        let findings = findings.into_iter().map(|finding| finding.finding(&sheet)).collect::<Result<Vec<_>, _>>()?;
        let recognition = Recognition { confidence, evidence: Vec::new() };
        let form = Form { sheet, range: kept.range, schema, recognition, record: kept.record };
        let grade = grade(&findings, &policy.rubric);
        Ok(CheckedForm { form, identity: Identity::default(), findings, rules, grade, earlier: None })
    }
}

impl FindingJson {
    fn finding(self, sheet: &str) -> Result<Finding, String> {
        let unknown = || format!("有这里不认识的规则 {}。请用同一版本的工具", self.code);
        let rule = rules::find(&self.code).ok_or_else(unknown)?;
        Ok(Finding {
            code: rule.code,
            name: rule.name,
            severity: self.severity,
            dimension: self.dimension,
            sheet: sheet.to_owned(),
            cell: self.cell,
            field: self.field,
            related: self.related,
            elsewhere: self.elsewhere.into_iter().map(Elsewhere::from).collect(),
            found: self.found,
            expected: self.expected,
            difference: self.difference,
            message: self.message,
            advice: self.advice,
            authority: rule.authority,
            fix: self.fix.map(Fix::from),
            // What only the round shows comes when all parts are together.
            fate: None,
            reply: None,
            ruling: None,
        })
    }
}

impl From<ElsewhereJson> for Elsewhere {
    fn from(of: ElsewhereJson) -> Self {
        let ElsewhereJson { source, sheet, cell, text } = of;
        Self { source, sheet, cell, text }
    }
}

impl From<FixJson> for Fix {
    fn from(of: FixJson) -> Self {
        let edit = |edit: EditJson| {
            let number = edit.value.parse().ok().filter(|_| edit.stored == "number").map(Value::Number);
            FixEdit { cell: edit.cell, was: edit.was, value: number.unwrap_or(Value::Text(edit.value)) }
        };
        // What a correction rests on matters only to whoever writes it, with the workbook at hand.
        Self { edits: of.edits.into_iter().map(edit).collect(), safety: of.safety, rests_on: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_parts_are_told_however_many_a_result_says_there_are() {
        let part = |index, of| PartOf { index, of, files: 1, made: BTreeMap::new() };
        let told = |one: &PartOf| misfits("一审", &[("a.json", one)]).concat();
        assert_eq!(told(&part(2, 3)), "一审：共 3 份，缺第 1、3。请审完再合");
        assert!(told(&part(7, u32::MAX)).contains("等 4294967294 份"), "{}", told(&part(7, u32::MAX)));
        // A number that none of them has fills no gap.
        assert!(told(&part(9, 2)).contains("缺第 1、2"));
        assert_eq!(told(&part(1, 1)), "");
    }
}
