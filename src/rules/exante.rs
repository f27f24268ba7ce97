//! What came of 事前绩效评估: which projects were evaluated, and to what conclusion.

use std::collections::BTreeMap;

use super::{RoundContext, RoundForm, chain};
use crate::form::{Field, Row};
use crate::roster::name_key;
use crate::schema::concept::field;
use crate::schema::{Choice, Stage, Subject};

/// The evaluations of a round and those before it.
pub(super) struct Evaluations<'a> {
    /// By project.
    projects: BTreeMap<&'a str, Vec<&'a RoundForm<'a>>>,
    /// By the key of the name that a list of projects prints.
    listed: BTreeMap<String, (&'a RoundForm<'a>, &'a Row)>,
}

/// The conclusion of an evaluation.
pub(super) struct Conclusion<'a> {
    pub(super) form: &'a RoundForm<'a>,
    pub(super) field: &'a Field,
    /// 不予支持.
    pub(super) rejected: bool,
}

impl<'a> Evaluations<'a> {
    pub(super) fn of(round: &RoundContext<'a>) -> Self {
        let mut found = Self { projects: BTreeMap::new(), listed: BTreeMap::new() };
        let all = round.past.iter().chain(round.forms);
        for one in all.filter(|one| one.form.schema.stage == Stage::ExAnte) {
            if one.form.schema.subject == Subject::Several {
                found.list(one);
            } else if let Some(project) = &one.identity.project {
                found.projects.entry(project.key.as_str()).or_default().push(one);
            }
        }
        found
    }

    /// Takes in a list of projects, such as that of 专项债券.
    fn list(&mut self, one: &'a RoundForm<'a>) {
        for spec in &one.form.schema.tables {
            let name = spec.columns.iter().find(|column| column.unique);
            let (Some(name), Some(table)) = (name, one.form.record.tables.get(&spec.id)) else { continue };
            for row in &table.rows {
                if let Some(written) = row.filled(&name.id) {
                    self.listed.insert(name_key(written), (one, row));
                }
            }
        }
    }

    /// Whether no evaluation came at all.
    pub(super) fn is_empty(&self) -> bool {
        self.projects.is_empty() && self.listed.is_empty()
    }

    /// Whether the project of a form was evaluated, in whatever year.
    pub(super) fn has(&self, one: &RoundForm<'_>) -> bool {
        self.forms(one).next().is_some() || self.listed(one).is_some()
    }

    /// The last conclusion on the project of a form in its year; `None` where none was reached.
    pub(super) fn conclusion(&self, one: &RoundForm<'_>) -> Option<Conclusion<'a>> {
        let year = chain::year(one.form);
        let in_year = |form: &RoundForm<'_>| {
            let other = chain::year(form.form);
            year.is_none() || other.is_none() || year == other
        };
        let of_form = |form: &'a RoundForm<'a>| {
            let choices = &form.form.schema.field(field::CONCLUSION)?.choices;
            conclusion(form, form.form.record.field(field::CONCLUSION)?, choices)
        };
        let single = self.forms(one).filter(|form| in_year(form)).filter_map(of_form).last();
        single.or_else(|| {
            let (form, row) = self.listed(one).filter(|(form, _)| in_year(form))?;
            let column = form.form.schema.tables.iter().find_map(|table| table.column(field::CONCLUSION))?;
            conclusion(form, row.cell(field::CONCLUSION)?, &column.choices)
        })
    }

    fn forms(&self, one: &RoundForm<'_>) -> impl Iterator<Item = &'a RoundForm<'a>> {
        let key = one.identity.project.as_ref().map_or("", |project| project.key.as_str());
        let forms = self.projects.get(key).filter(|_| !key.is_empty());
        forms.into_iter().flatten().copied()
    }

    fn listed(&self, one: &RoundForm<'_>) -> Option<(&'a RoundForm<'a>, &'a Row)> {
        let project = one.identity.project.as_ref()?;
        self.listed.get(&name_key(&project.name)).copied()
    }
}

fn conclusion<'a>(form: &'a RoundForm<'a>, field: &'a Field, choices: &[Choice]) -> Option<Conclusion<'a>> {
    let given = field.reading.value()?.to_string();
    let rejected = choices.iter().any(|choice| choice.id == "reject" && choice.label == given);
    Some(Conclusion { form, field, rejected })
}
