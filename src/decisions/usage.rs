//! The register beside a round: which entry speaks of which finding, and which of none.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{Decisions, Entry, Key};
use crate::finding::{Finding, Lapse, Ruling};
use crate::form::Form;
use crate::roster::{Identity, name_key, unit_key};
use crate::text::{excerpt, label_key};

/// Unit, project, form.
type FormKey = (String, String, String);

/// What became of an entry, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fortune {
    /// The form has not come.
    NoForm,
    /// The form has come without the finding.
    NoFinding,
    /// The finding is there with another value.
    OtherValue,
    /// It was used.
    Used,
}

/// A register being used.
#[derive(Debug)]
pub struct Use<'a> {
    decisions: &'a Decisions,
    by_finding: BTreeMap<Key, Vec<usize>>,
    by_form: BTreeMap<FormKey, Vec<usize>>,
    fortunes: Vec<Fortune>,
}

impl<'a> Use<'a> {
    /// Of a register, before any form was seen.
    #[must_use]
    pub fn of(decisions: &'a Decisions) -> Self {
        let fortunes = vec![Fortune::NoForm; decisions.entries.len()];
        let mut using = Self { decisions, by_finding: BTreeMap::new(), by_form: BTreeMap::new(), fortunes };
        for (index, entry) in decisions.entries.iter().enumerate() {
            let key = entry.key();
            let form = (key.0.clone(), key.1.clone(), key.2.clone());
            using.by_finding.entry(key).or_default().push(index);
            using.by_form.entry(form).or_default().push(index);
        }
        using
    }

    /// Notes that a form has come.
    pub fn see(&mut self, form: &Form, identity: &Identity) {
        for key in form_keys(form, identity) {
            for index in self.by_form.get(&key).into_iter().flatten() {
                raise(&mut self.fortunes, *index, Fortune::NoFinding);
            }
        }
    }

    /// What was decided on a finding of a form; of several entries the one on the value that stands there. An entry on another
    /// value, or one that has expired by `today`, is told and holds no more.
    pub fn ruling(
        &mut self,
        form: &Form,
        identity: &Identity,
        finding: &Finding,
        today: Option<NaiveDate>,
    ) -> Option<Ruling> {
        let found = finding.found.as_deref().unwrap_or_default();
        let keys = form_keys(form, identity).into_iter().map(|(unit, project, title)| {
            let key: Key = (unit, project, title, finding.code.to_owned(), finding.field.clone());
            key
        });
        let indices: Vec<usize> = keys.filter_map(|key| self.by_finding.get(&key)).flatten().copied().collect();
        let decided = |index: &usize| {
            let entry = self.decisions.entries.get(*index)?;
            Some((*index, entry, entry.accepted?))
        };
        let decided: Vec<(usize, &Entry, bool)> = indices.iter().filter_map(decided).collect();
        let same = decided.iter().find(|(_, entry, _)| entry.is_about(found));
        for (index, ..) in &decided {
            raise(&mut self.fortunes, *index, Fortune::OtherValue);
        }
        let (index, entry, accepted) = *same.or_else(|| decided.last())?;
        let lapse = if same.is_none() {
            Some(Lapse::Changed(entry.found.clone()))
        } else {
            raise(&mut self.fortunes, index, Fortune::Used);
            has_expired(entry, today).then_some(Lapse::Expired)
        };
        Some(Ruling { accepted, by: entry.by.clone(), until: entry.until, remark: entry.remark.clone(), lapse })
    }

    /// The entries that a person should look at: expired, of no use, or still to be decided. In plain Chinese.
    #[must_use]
    pub fn remarks(&self, today: Option<NaiveDate>) -> Vec<String> {
        let mut remarks = Vec::new();
        for (entry, fortune) in self.decisions.entries.iter().zip(&self.fortunes) {
            let Some(accepted) = entry.accepted else { continue };
            let state = match fortune {
                _ if has_expired(entry, today) => {
                    let until = entry.until.map(|until| until.to_string()).unwrap_or_default();
                    format!("有效期至 {until}，已过期，问题照常计算。继续接受的请改有效期，否则删去这一行")
                }
                Fortune::Used => continue,
                Fortune::NoForm => "没有用上：这一批没有这张表".to_owned(),
                Fortune::NoFinding => "没有用上：这张表上已经没有这个问题，可以删去这一行".to_owned(),
                Fortune::OtherValue => {
                    format!("没有用上：当时填的是“{}”，现在不同，请重新处理", excerpt(&entry.found, 30))
                }
            };
            let verdict = if accepted { "接受" } else { "不接受" };
            let whose: Vec<&str> = [entry.unit.as_str(), &entry.project, &entry.form]
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect();
            remarks.push(format!(
                "{} {}，{} {}（{verdict}）：{state}",
                entry.place,
                whose.join(" "),
                entry.code,
                entry.label
            ));
        }
        let undecided = self.decisions.entries.iter().filter(|entry| entry.accepted.is_none()).count();
        if undecided > 0 {
            remarks.push(format!("有 {undecided} 条说明还没有处理意见，问题照常计算"));
        }
        remarks
    }
}

fn raise(fortunes: &mut [Fortune], index: usize, to: Fortune) {
    if let Some(fortune) = fortunes.get_mut(index) {
        *fortune = to.max(*fortune);
    }
}

fn has_expired(entry: &Entry, today: Option<NaiveDate>) -> bool {
    entry.until.zip(today).is_some_and(|(until, today)| until < today)
}

/// The keys under which entries of a form may stand: by the names of the books, and by those written.
fn form_keys(form: &Form, identity: &Identity) -> BTreeSet<FormKey> {
    let project = identity.project.as_ref().map(|project| name_key(&project.name)).unwrap_or_default();
    let written = form.project().filter(|_| identity.project.is_some()).map(|project| name_key(&project));
    let title = label_key(&form.schema.title);
    let mut keys = BTreeSet::new();
    for unit in [unit_key(&identity.unit.name), identity.unit.key.clone()] {
        for project in std::iter::once(&project).chain(&written) {
            keys.insert((unit.clone(), project.clone(), title.clone()));
        }
    }
    keys
}
