//! A judgement as bytes, and back: how a file was judged by itself, whole, so that whoever reads it cannot tell it from one
//! made now. Of forms what parts of a round keep of them; beside that what the workbook's marks rest on.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Answer, CheckedForm, Outcome, SkippedSheet, Submission};
use crate::address::{CellRange, CellRef};
use crate::finding::{Dimension, Elsewhere, Finding, Fix, Severity};
use crate::form::{Evidence, Form, Recognition, Record};
use crate::grade::grade;
use crate::policy::Policy;
use crate::roster::Identity;
use crate::rules::{self, RULES, RuleOutcome};
use crate::schema::Schema;
use crate::workbook::Container;

/// A judged file. Neither its name nor its digest: another file of the same bytes is judged the same.
#[derive(Serialize, Deserialize)]
struct Entry<'a> {
    container: Cow<'a, str>,
    notes: Cow<'a, [String]>,
    answers: Cow<'a, [Answer]>,
    forms: Vec<FormEntry<'a>>,
    skipped: Cow<'a, [SkippedSheet]>,
    /// Why no form was found; `None` where one was.
    reason: Option<Cow<'a, str>>,
}

#[derive(Serialize, Deserialize)]
struct FormEntry<'a> {
    sheet: Cow<'a, str>,
    range: CellRange,
    schema: Cow<'a, str>,
    /// To the last bit.
    confidence: u64,
    evidence: Cow<'a, [Evidence]>,
    record: Cow<'a, Record>,
    findings: Vec<FindingEntry<'a>>,
    /// A letter for each rule of the table.
    rules: String,
}

/// Code, severity, dimension, cell, field, related, elsewhere; found, expected, difference; message, advice, fix.
#[derive(Serialize, Deserialize)]
struct FindingEntry<'a>(
    Cow<'a, str>,
    Severity,
    Dimension,
    Option<CellRef>,
    Cow<'a, str>,
    Cow<'a, [CellRef]>,
    Cow<'a, [Elsewhere]>,
    [Option<Cow<'a, str>>; 3],
    Cow<'a, str>,
    Cow<'a, str>,
    Cow<'a, Option<Fix>>,
);

/// The judgement of a file by itself as bytes; `None` of a file that could not be read, and of one that the round has
/// something to say of already.
pub(super) fn write(submission: &Submission) -> Option<Vec<u8>> {
    let Submission { container, notes, answers, .. } = submission;
    let (reason, forms) = match &submission.outcome {
        Outcome::Checked { forms, .. } => (None, forms.iter().map(FormEntry::of).collect::<Option<Vec<_>>>()?),
        Outcome::Unrecognised { reason, .. } => (Some(Cow::Borrowed(reason.as_str())), Vec::new()),
        // The disk, the memory or the program may be better next time.
        Outcome::Unreadable(_) => return None,
    };
    let (notes, answers, skipped) = (notes.into(), answers.into(), submission.skipped().into());
    serde_json::to_vec(&Entry { container: Cow::Borrowed(container), notes, answers, forms, skipped, reason }).ok()
}

/// The judgement that the bytes tell, as that of the file `source` with this digest; `None` where they tell none.
pub(super) fn read<'s>(
    bytes: &[u8],
    source: &str,
    sha256: &str,
    schema: impl Fn(&str) -> Option<&'s Arc<Schema>>,
    policy: &Policy,
) -> Option<Submission> {
    let Entry { container, notes, answers, forms, skipped, reason } = serde_json::from_slice(bytes).ok()?;
    let skipped = skipped.into_owned();
    let outcome = match reason {
        None if forms.is_empty() => return None,
        None => {
            let forms = forms.into_iter().map(|form| form.checked(&schema, policy));
            Outcome::Checked { forms: forms.collect::<Option<_>>()?, skipped }
        }
        Some(reason) => Outcome::Unrecognised { reason: reason.into_owned(), skipped },
    };
    Some(Submission {
        source: source.to_owned(),
        sha256: sha256.to_owned(),
        container: Container::ALL.map(Container::name).into_iter().find(|name| *name == container)?,
        outcome,
        notes: notes.into_owned(),
        answers: answers.into_owned(),
    })
}

impl<'a> FormEntry<'a> {
    fn of(checked: &'a CheckedForm) -> Option<Self> {
        let CheckedForm { form, findings, rules, earlier, .. } = checked;
        let Form { sheet, range, schema, recognition, record } = form;
        let of_finding = |finding| FindingEntry::of(finding, sheet);
        earlier.is_none().then_some(())?;
        Some(Self {
            sheet: sheet.into(),
            range: *range,
            schema: Cow::Borrowed(&schema.id),
            confidence: recognition.confidence.to_bits(),
            evidence: Cow::Borrowed(&recognition.evidence),
            record: Cow::Borrowed(record),
            findings: findings.iter().map(of_finding).collect::<Option<_>>()?,
            rules: RULES.iter().map(|rule| letter(rules.get(rule.code).copied())).collect(),
        })
    }

    fn checked<'s>(self, schema: impl Fn(&str) -> Option<&'s Arc<Schema>>, policy: &Policy) -> Option<CheckedForm> {
        let Self { sheet, range, schema: id, confidence, evidence, record, findings, rules } = self;
        let findings = findings.into_iter().map(|finding| finding.finding(&sheet)).collect::<Option<Vec<_>>>()?;
        let recognition = Recognition { confidence: f64::from_bits(confidence), evidence: evidence.into_owned() };
        Some(CheckedForm {
            form: Form {
                sheet: sheet.into_owned(),
                range,
                schema: Arc::clone(schema(&id)?),
                recognition,
                record: record.into_owned(),
            },
            identity: Identity::default(),
            rules: outcomes(&rules)?,
            grade: grade(&findings, &policy.rubric),
            findings,
            earlier: None,
        })
    }
}

impl<'a> FindingEntry<'a> {
    fn of(finding: &'a Finding, on: &str) -> Option<Self> {
        let Finding { code, severity, dimension, sheet, cell, field, related, elsewhere, .. } = finding;
        let Finding { found, expected, difference, message, advice, fix, fate, reply, ruling, .. } = finding;
        let alone = sheet == on && fate.is_none() && reply.is_none() && ruling.is_none();
        alone.then(|| {
            Self(
                Cow::Borrowed(code),
                *severity,
                *dimension,
                *cell,
                field.into(),
                related.into(),
                elsewhere.into(),
                [found, expected, difference].map(|text| text.as_deref().map(Cow::Borrowed)),
                message.into(),
                advice.into(),
                Cow::Borrowed(fix),
            )
        })
    }

    fn finding(self, sheet: &str) -> Option<Finding> {
        let Self(code, severity, dimension, cell, field, related, elsewhere, texts, message, advice, fix) = self;
        let rule = rules::find(&code)?;
        let [found, expected, difference] = texts.map(|text| text.map(Cow::into_owned));
        Some(Finding {
            code: rule.code,
            name: rule.name,
            severity,
            dimension,
            sheet: sheet.to_owned(),
            cell,
            field: field.into_owned(),
            related: related.into_owned(),
            elsewhere: elsewhere.into_owned(),
            found,
            expected,
            difference,
            message: message.into_owned(),
            advice: advice.into_owned(),
            authority: rule.authority,
            fix: fix.into_owned(),
            fate: None,
            reply: None,
            ruling: None,
        })
    }
}

/// Outcomes and their letters; `None` is a rule that did not look at the form by itself.
const LETTERS: [(Option<RuleOutcome>, char); 5] = [
    (None, '-'),
    (Some(RuleOutcome::Passed), 'p'),
    (Some(RuleOutcome::Found), 'f'),
    (Some(RuleOutcome::NotApplicable), 'n'),
    (Some(RuleOutcome::InsufficientData), 'i'),
];

fn letter(outcome: Option<RuleOutcome>) -> char {
    LETTERS.iter().find(|(of, _)| *of == outcome).map_or('-', |(_, letter)| *letter)
}

fn outcomes(letters: &str) -> Option<BTreeMap<&'static str, RuleOutcome>> {
    let of = |letter: char| LETTERS.iter().find(|(_, own)| *own == letter).map(|(outcome, _)| *outcome);
    let told = letters.chars().map(of).collect::<Option<Vec<_>>>()?;
    let outcomes = RULES.iter().zip(&told).filter_map(|(rule, outcome)| Some((rule.code, (*outcome)?)));
    (told.len() == RULES.len()).then(|| outcomes.collect())
}
