//! A judged round → its facts.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::facts::{
    DueFact, EarlierFact, FaultFact, FormFact, Item, LARGEST, LightFact, ProjectFact, RoundFacts, UnitFact,
    UnjudgedFact,
};
use crate::finding::Finding;
use crate::form::{Field, Form, GridRow, Row, Table};
use crate::policy::{Light, Policy};
use crate::review::{CheckedForm, Earlier, Round, Submission};
use crate::roster::{Claim, FormKind, Identity, Ledger, Receipts, Registry, Roster, Unit, unit_key};
use crate::rules::{Figures, doubts_full_score, figures};
use crate::schema::concept::{self, amount, field, line, listed};
use crate::schema::{Schema, Stage};
use crate::text::{cut, one_line, squeeze};
use crate::value::{Value, parse_date};

/// 元 in a 万元.
const YUAN_PER_WAN: Decimal = Decimal::from_parts(10_000, 0, 0, false, 0);

/// Characters of a message that is kept as an example.
const EXAMPLE: usize = 160;

/// What a round is counted beside.
#[derive(Debug, Clone, Copy)]
pub struct Beside<'a> {
    /// The books it was judged with.
    pub registry: Registry<'a>,
    /// When forms were received; without it the day that a form says counts.
    pub receipts: Option<&'a Receipts>,
    /// The policy it was judged by.
    pub policy: &'a Policy,
    /// The place.
    pub region: &'a str,
    /// The round's name.
    pub name: &'a str,
    /// The day of the review.
    pub day: Option<NaiveDate>,
}

impl RoundFacts {
    /// The facts of a round.
    #[must_use]
    pub fn of(round: &Round, beside: Beside<'_>) -> Self {
        let Registry { roster, ledger } = beside.registry;
        let lists = Lists::of(round, beside.registry);
        let forms = (0..).zip(round.forms()).map(|(at, (submission, checked))| {
            let mut fact = form_fact(submission, checked, beside);
            match lists.0.get(&at) {
                Some(items) => fact.items.clone_from(items),
                None => fact.items.push(whole_item(checked)),
            }
            fact
        });
        let mut forms: Vec<FormFact> = forms.collect();
        // In the order of merged facts, as the files that were not judged: a result read back alone says the same.
        forms.sort_by(|a, b| a.place().cmp(&b.place()));
        Self {
            region: beside.region.to_owned(),
            name: beside.name.to_owned(),
            day: beside.day,
            policy: round.policy.clone(),
            policy_title: round.policy_title.clone(),
            against_roster: roster.is_some(),
            part: round.part.clone(),
            units: unit_facts(roster.map_or(&[][..], Roster::units), round),
            projects: ledger.map_or_else(Vec::new, project_facts),
            forms,
            unjudged: unjudged(round),
        }
    }
}

fn unit_facts(units: &[Unit], round: &Round) -> Vec<UnitFact> {
    let unjudged = round.submissions.iter().filter(|submission| submission.forms().is_empty());
    let unjudged: Vec<_> =
        unjudged.map(|submission| (submission.source.as_str(), squeeze(&submission.source))).collect();
    units.iter().map(|unit| unit_fact(unit, &unjudged)).collect()
}

/// `unjudged` are the files that were not judged, as they are called and squeezed.
fn unit_fact(unit: &Unit, unjudged: &[(&str, String)]) -> UnitFact {
    let due = unit.expected.iter().map(|expected| DueFact {
        form: expected.form.clone(),
        stage: expected.kind.stage,
        subject: expected.kind.subject,
        year: expected.year,
        turn: expected.turn,
        projects: expected.projects,
        amount: expected.amount,
        deadline: expected.deadline,
    });
    UnitFact {
        department: unit.department.clone(),
        name: unit.name.clone(),
        key: unit_key(&unit.name),
        code: unit.code.clone(),
        kind: unit.kind.clone(),
        due: due.collect(),
        hint: hint(unit, unjudged).map(str::to_owned),
    }
}

/// The first file that was not judged and whose path bears a name or the code of the unit.
fn hint<'r>(unit: &Unit, unjudged: &[(&'r str, String)]) -> Option<&'r str> {
    let names = [&unit.name, &unit.code].into_iter().chain(&unit.aliases).filter(|name| name.chars().count() > 2);
    let names: Vec<String> = names.map(|name| squeeze(name)).collect();
    let bears = |(_, squeezed): &&(&str, String)| names.iter().any(|name| squeezed.contains(name));
    unjudged.iter().find(bears).map(|(source, _)| *source)
}

fn project_facts(ledger: &Ledger) -> Vec<ProjectFact> {
    let fact = |project: &crate::roster::Project| ProjectFact {
        key: project.key(),
        name: project.name.clone(),
        unit_key: unit_key(&project.unit),
        year: project.year,
        amount: project.amount,
        bond: project.bond,
    };
    ledger.projects().iter().map(fact).collect()
}

fn unjudged(round: &Round) -> Vec<UnjudgedFact> {
    let not_judged = round.submissions.iter().filter_map(|submission| {
        let (kind, reason) = submission.unjudged()?;
        Some(UnjudgedFact { source: submission.source.clone(), kind: kind.to_owned(), reason: reason.into_owned() })
    });
    let passed_over = round.passed_over.iter().map(|(source, reason)| UnjudgedFact {
        source: source.clone(),
        kind: "未审".to_owned(),
        reason: reason.clone(),
    });
    let mut unjudged: Vec<UnjudgedFact> = not_judged.chain(passed_over).collect();
    unjudged.sort_by(|a, b| a.place().cmp(&b.place()));
    unjudged
}

/// A form without its items.
fn form_fact(submission: &Submission, checked: &CheckedForm, beside: Beside<'_>) -> FormFact {
    let CheckedForm { form, identity, findings, grade, earlier, .. } = checked;
    let Figures { month, light, quantitative, qualitative, deviation } = figures(form, beside.policy);
    let unit = &identity.unit;
    let on_roster = beside.registry.roster.filter(|_| unit.known == Some(true)).and_then(|r| r.find(&unit.name));
    let department = match on_roster {
        Some(unit) => unit.department.clone(),
        None => form.record.filled(field::DEPARTMENT).map(one_line).unwrap_or_default(),
    };
    let year = form.record.field(field::YEAR).and_then(Field::number).and_then(|year| year.to_u16());
    let turn = month.and_then(|month| beside.policy.monitoring.round_of(month));
    let kind = FormKind { stage: form.schema.stage, subject: form.schema.subject };
    let received = beside.receipts.and_then(|receipts| receipts.day(&submission.source, &unit.key, kind, year, turn));
    FormFact {
        source: submission.source.clone(),
        sheet: form.sheet.clone(),
        range: form.range.to_string(),
        schema: form.schema.id.clone(),
        title: form.schema.title.clone(),
        stage: form.schema.stage,
        subject: form.schema.subject,
        year,
        month: month.and_then(|month| u8::try_from(month).ok()),
        turn,
        department,
        unit: unit.name.clone(),
        unit_key: unit.key.clone(),
        unit_known: unit.known,
        unit_suggestion: unit.suggestion.clone(),
        items: Vec::new(),
        own_score: form.record.field(field::TOTAL_SCORE).and_then(Field::number),
        score: grade.score.normalize(),
        band: grade.band,
        passed: grade.band <= beside.policy.counting.passing,
        faults: faults(findings),
        accepted: checked.accepted(),
        quantitative,
        qualitative,
        deviation: deviation.filter(|it| it.abs() <= LARGEST).map(|deviation| deviation.round_dp(4).normalize()),
        light: light.map(|light| match light {
            Light::Red => LightFact::Red,
            Light::Yellow => LightFact::Yellow,
            Light::Green | Light::Blue => LightFact::Green,
        }),
        suspect: findings.iter().any(|finding| doubts_full_score(finding.code)),
        received: received.or_else(|| form.record.filled(field::REPORT_DATE).and_then(parse_date)),
        earlier: earlier.as_ref().and_then(|earlier| earlier_fact(earlier, checked, beside.policy)),
    }
}

fn faults(findings: &[Finding]) -> Vec<FaultFact> {
    let mut faults: BTreeMap<&str, FaultFact> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| !finding.is_accepted()) {
        let fault = faults.entry(finding.code).or_insert_with(|| FaultFact {
            code: finding.code.to_owned(),
            severity: finding.severity,
            count: 0,
            cell: finding.cell.map(|cell| cell.to_string()).unwrap_or_default(),
            message: cut(&finding.message, EXAMPLE).into_owned(),
        });
        fault.count += 1;
        fault.severity = fault.severity.max(finding.severity);
    }
    faults.into_values().collect()
}

fn earlier_fact(earlier: &Earlier, checked: &CheckedForm, policy: &Policy) -> Option<EarlierFact> {
    let passed = earlier.band.map(|band| band <= policy.counting.passing);
    Some(EarlierFact { passed, fates: checked.tally()? })
}

/// The one thing a form speaks of: its project, else its unit.
fn whole_item(checked: &CheckedForm) -> Item {
    let CheckedForm { form, identity: Identity { unit, project }, .. } = checked;
    let name = [field::PROJECT, field::UNIT, field::DEPARTMENT].iter().find_map(|id| form.record.field(id));
    let cell = name.map(|name| name.cell().to_string()).unwrap_or_default();
    let item = match project {
        Some(project) => Item {
            key: project.key.clone(),
            name: project.name.clone(),
            known: project.known,
            suggestion: project.suggestion.clone(),
            cell,
            ..Item::default()
        },
        // Where no project is named the form stands for itself.
        None if form.schema.subject.is_project() => Item { cell, ..Item::default() },
        None => Item { key: unit.key.clone(), name: unit.name.clone(), cell, ..Item::default() },
    };
    let Some(funding) = form.record.funding() else { return item };
    let wan = |number: Option<Decimal>| in_wan(form, number?);
    let row = |id| wan(funding.number(id, amount::BUDGET).or_else(|| funding.number(id, amount::INITIAL)));
    let parts = funding.rows.iter().filter(|row| row.id != line::TOTAL);
    let total = funding.row(line::TOTAL);
    let budget = total.and_then(|row| {
        row.cells.get(amount::BUDGET).filter(|cell| cell.is_filled()).or_else(|| row.cells.get(amount::INITIAL))
    });
    Item {
        cell: budget.map_or_else(|| item.cell.clone(), |cell| cell.cell().to_string()),
        budget: row(line::TOTAL),
        executed: wan(funding.number(line::TOTAL, amount::EXECUTED)),
        sources: parts.filter_map(|part| Some((source_of(form, part), row(&part.id)?))).collect(),
        ..item
    }
}

/// 资金来源 as the official form prints it, whatever the words of this one; a line that no schema knows by its own words.
fn source_of(form: &Form, part: &GridRow) -> String {
    let spec = form.schema.grid(concept::FUNDING).and_then(|grid| grid.row(&part.id));
    let label = spec.map_or_else(|| one_line(&part.label.text), |spec| spec.label.clone());
    let bare = squeeze(&label);
    ["其中:", "其中"].iter().find_map(|lead| bare.strip_prefix(lead)).unwrap_or(&bare).to_owned()
}

/// An amount of a form in 万元. A form that names no unit of money counts in 万元, as the official forms are printed.
fn in_wan(form: &Form, number: Decimal) -> Option<Decimal> {
    let yuan = number.checked_mul(form.record.money_factor().unwrap_or(YUAN_PER_WAN))?;
    yuan.checked_div(YUAN_PER_WAN).map(|wan| wan.normalize()).filter(|wan| wan.abs() <= LARGEST)
}

/// The items of lists, by the index of the form in the round.
struct Lists(BTreeMap<usize, Vec<Item>>);

impl Lists {
    /// A line of a list is a claim like that of a form: all are looked at together, so that a project in a list and on a
    /// form of its own is one.
    fn of(round: &Round, registry: Registry<'_>) -> Self {
        let lists: Vec<(usize, &Form, &Table)> = (0..)
            .zip(round.forms())
            .filter_map(|(at, (_, checked))| Some((at, &checked.form, list_of(&checked.form)?)))
            .collect();
        if lists.is_empty() {
            return Self(BTreeMap::new());
        }
        let mut claims: Vec<Claim> = round.forms().map(|(_, checked)| Claim::of(&checked.form)).collect();
        let of_forms = claims.len();
        for (_, form, table) in &lists {
            claims.extend(table.rows.iter().map(|row| claim(form, row)));
        }
        let mut identities = registry.identify(&claims).into_iter().skip(of_forms);
        let items = lists.into_iter().map(|(at, form, table)| {
            let identities = identities.by_ref().take(table.rows.len());
            (at, table.rows.iter().zip(identities).map(|(row, identity)| list_item(form, row, identity)).collect())
        });
        Self(items.collect())
    }
}

/// The table of a list of projects or evaluations.
fn list_of(form: &Form) -> Option<&Table> {
    let has = |id: &str| {
        let spec = form.schema.table(id)?;
        spec.column(listed::AMOUNT)?;
        spec.column(listed::PROJECT).or_else(|| spec.column(listed::OBJECT))
    };
    let is_list = form.schema.subject == crate::schema::Subject::Several;
    form.record.tables.iter().filter(|_| is_list).find_map(|(id, table)| has(id.as_str()).map(|_| table))
}

fn claim(form: &Form, row: &Row) -> Claim {
    let unit = row.filled(listed::APPLICANT).or_else(|| row.filled(listed::DEPARTMENT));
    Claim {
        unit: unit.map(str::to_owned).or_else(|| form.unit()),
        project: row.filled(listed::PROJECT).or_else(|| row.filled(listed::OBJECT)).map(str::to_owned),
        ..Claim::default()
    }
}

fn list_item(form: &Form, row: &Row, identity: Identity) -> Item {
    let choice = |column| choice_of(&form.schema, row, column);
    let project = identity.project.unwrap_or_else(|| crate::roster::ProjectIdentity {
        key: String::new(),
        name: String::new(),
        known: None,
        suggestion: None,
    });
    let is_project = row.cell(listed::PROJECT).is_some();
    Item {
        key: project.key,
        name: project.name,
        cell: row.at(listed::AMOUNT).map(|at| at.to_string()).unwrap_or_default(),
        // What is evaluated is a department or a fund as often as a project.
        known: project.known.filter(|_| is_project),
        suggestion: project.suggestion.filter(|_| is_project),
        category: match form.schema.stage {
            Stage::ExAnte => "bond".to_owned(),
            _ => choice(listed::CATEGORY).unwrap_or_default(),
        },
        budget: row.number(listed::AMOUNT).and_then(|amount| in_wan(form, amount)),
        done: choice(listed::STATUS).map(|status| status == listed::DONE),
        published: choice(listed::PUBLISHED).map(|published| published == listed::YES),
        ..Item::default()
    }
}

/// The id of the choice that a cell of a list says.
fn choice_of(schema: &Schema, row: &Row, column: &str) -> Option<String> {
    let Some(Value::Text(label)) = row.cell(column)?.reading.value() else { return None };
    let choices = schema.tables.iter().filter_map(|table| table.column(column)).flat_map(|column| &column.choices);
    choices.into_iter().find(|choice| choice.label == *label).map(|choice| choice.id.clone())
}
