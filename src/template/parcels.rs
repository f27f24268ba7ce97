//! Who gets which blank form: by the roster for each unit, by the ledger for each of its projects, filled in with what
//! is known.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::prefill::Prefill;
use super::previous::{self, Targets};
use crate::previous::Previous;
use crate::roster::{Continuation, Expected, Ledger, Project, Registry, Roster, Unit, unit_key};
use crate::schema::concept::field;
use crate::schema::{Schema, Stage};
use crate::text::label_key;

/// A blank form for a unit.
#[derive(Debug, Clone)]
pub struct Parcel {
    /// 主管部门.
    pub department: String,
    /// The unit as the roster names it.
    pub unit: String,
    /// 表名, with the project behind it where there is one.
    pub name: String,
    /// The form.
    pub schema: Arc<Schema>,
    /// What is filled in.
    pub prefill: Prefill,
}

/// Who gets what, and what a person should know of it.
#[derive(Debug, Clone, Default)]
pub struct Parcels {
    /// In the order of the roster and the ledger.
    pub parcels: Vec<Parcel>,
    /// In plain Chinese.
    pub notes: Vec<String>,
}

/// The blank forms of a round: what each unit of the roster owes, of these schemas and of this year, where one is given.
/// Where several schemas are the form that the roster names, the bureau's own counts, else the latest. A form that a unit
/// owes for several years or rounds it gets once.
#[must_use]
pub fn parcels(
    roster: &Roster,
    ledger: Option<&Ledger>,
    previous: Option<&Previous>,
    schemas: &[Arc<Schema>],
    year: Option<u16>,
) -> Parcels {
    let registry = Registry { roster: Some(roster), ledger };
    let targets = previous.map(|previous| previous::by_key(previous, registry)).unwrap_or_default();
    let (projects, made) = (BTreeMap::new(), BTreeSet::new());
    let mut sorter = Sorter { roster, ledger, projects, schemas, targets, made, parcels: Parcels::default() };
    if previous.is_some() && sorter.targets.is_empty() {
        sorter
            .parcels
            .notes
            .push("上一轮结果里没有绩效目标表，没有预填指标。请核对是不是目标申报那一轮的结果".to_owned());
    }
    for unit in roster.units() {
        for expected in unit.expected.iter().filter(|expected| expected.is_of(expected.kind, year)) {
            sorter.expected(unit, expected, year.or(expected.year));
        }
    }
    sorter.parcels
}

/// The schema that is meant by what the roster asks for; `None` where it is none of these.
#[must_use]
pub fn schema_of(expected: &Expected, schemas: &[Arc<Schema>]) -> Option<Arc<Schema>> {
    let of_kind = |schema: &&Arc<Schema>| {
        schema.stage == expected.kind.stage && schema.subject == expected.kind.subject && !schema.list
    };
    let key = label_key(&expected.form);
    let rank = |schema: &&Arc<Schema>| (label_key(&schema.title) == key, schema.own, schema.id.clone());
    schemas.iter().filter(of_kind).max_by_key(rank).cloned()
}

struct Sorter<'a> {
    roster: &'a Roster,
    ledger: Option<&'a Ledger>,
    /// The ledger's projects by year and unit.
    projects: BTreeMap<Option<u16>, BTreeMap<String, Vec<&'a Project>>>,
    schemas: &'a [Arc<Schema>],
    targets: BTreeMap<(bool, String), Targets>,
    /// Units, and ids of the schemas that were sorted for them.
    made: BTreeSet<(String, String)>,
    parcels: Parcels,
}

/// The ledger's projects of a year by the unit that they count to then, each once: of several years the latest.
fn projects_of<'l>(
    roster: &Roster,
    ledger: Option<&'l Ledger>,
    year: Option<u16>,
) -> BTreeMap<String, Vec<&'l Project>> {
    let mut latest: BTreeMap<String, Option<u16>> = BTreeMap::new();
    let of_year = |project: &&Project| project.year.is_none() || year.is_none() || project.year == year;
    let listed = || ledger.map_or(&[][..], Ledger::projects).iter().filter(of_year);
    for project in listed() {
        let known = latest.entry(project.key()).or_insert(project.year);
        *known = project.year.max(*known);
    }
    let mut projects: BTreeMap<String, Vec<&Project>> = BTreeMap::new();
    for project in listed().filter(|project| latest.get(&project.key()) == Some(&project.year)) {
        let standing = roster.find(&project.unit).map(|unit| roster.standing(unit, year).name.as_str());
        projects.entry(unit_key(standing.unwrap_or(&project.unit))).or_default().push(project);
    }
    projects
}

impl<'a> Sorter<'a> {
    fn expected(&mut self, unit: &Unit, expected: &Expected, year: Option<u16>) {
        let Some(schema) = schema_of(expected, self.schemas) else { return };
        if !self.made.insert((unit.name.clone(), schema.id.clone())) {
            return;
        }
        if !expected.kind.subject.is_project() {
            self.parcel(unit, &schema, None);
            return;
        }
        let projects = self.projects(unit, year);
        if projects.is_empty() {
            if self.ledger.is_some() {
                self.parcels
                    .notes
                    .push(format!("{}：项目台账里没有该单位的项目，{}没有预填项目", unit.name, schema.title));
            }
            self.parcel(unit, &schema, None);
        }
        for project in projects {
            self.parcel(unit, &schema, Some(project));
        }
    }

    /// The ledger's projects of a unit in a year.
    fn projects(&mut self, unit: &Unit, year: Option<u16>) -> Vec<&'a Project> {
        let (roster, ledger) = (self.roster, self.ledger);
        let of_year = self.projects.entry(year).or_insert_with(|| projects_of(roster, ledger, year));
        of_year.get(&unit_key(&unit.name)).cloned().unwrap_or_default()
    }

    fn parcel(&mut self, unit: &Unit, schema: &Arc<Schema>, project: Option<&Project>) {
        let mut prefill = Prefill::default();
        let mut say = |id: &str, text: &str| {
            if !text.is_empty() {
                prefill.fields.insert(id.to_owned(), text.to_owned());
            }
        };
        say(field::UNIT, &unit.name);
        say(field::DEPARTMENT, &unit.department);
        if let Some(project) = project {
            say(field::PROJECT, &project.name);
            say(field::PROJECT_CODE, &project.code);
            if let Some(word) = attribute(schema, project) {
                say("project_attribute", &word);
            }
            prefill.budget = project.amount;
        }
        if schema.stage != Stage::Target {
            self.approved(unit, schema, project, &mut prefill);
        }
        let name = project.map_or_else(|| schema.title.clone(), |project| format!("{}-{}", schema.title, project.name));
        let (department, unit) = (unit.department.clone(), unit.name.clone());
        self.parcels.parcels.push(Parcel { department, unit, name, schema: Arc::clone(schema), prefill });
    }

    /// The approved targets of the same project, of a form about the whole unit those of the unit.
    fn approved(&mut self, unit: &Unit, schema: &Schema, project: Option<&Project>, prefill: &mut Prefill) {
        let key = project.map_or_else(|| unit_key(&unit.name), Project::key);
        let what = project.map_or("单位整体", |project| project.name.as_str());
        // Said once, though the unit gets a form for each stage.
        let notes = &mut self.parcels.notes;
        let mut miss = |note: String| {
            let is_filled_in = matches!(schema.stage, Stage::SelfEvaluation | Stage::Monitoring);
            if is_filled_in && schema.indicators.is_some() && !notes.contains(&note) {
                notes.push(note);
            }
        };
        let Some(targets) = self.targets.get(&(project.is_some(), key)) else {
            if !self.targets.is_empty() {
                miss(format!("{}：上一轮结果里没有“{what}”的绩效目标，没有预填指标", unit.name));
            }
            return;
        };
        if targets.indicators.is_empty() {
            miss(format!("{}：上一轮“{what}”的绩效目标表上没有指标，没有预填指标", unit.name));
        }
        prefill.indicators.clone_from(&targets.indicators);
        if !targets.goal.is_empty() {
            prefill.fields.insert(field::GOAL.to_owned(), targets.goal.clone());
        }
        let classes = schema.indicators.iter().flat_map(|indicators| &indicators.classes);
        let known: Vec<&String> = classes.flat_map(|class| &class.labels).collect();
        let lost = targets.indicators.iter().filter(|one| !known.contains(&&label_key(&one.level1))).count();
        if lost > 0 && schema.indicators.is_some() {
            self.parcels.notes.push(format!(
                "{}：“{what}”有 {lost} 个指标的一级指标不在{}里，没有带入，请单位自己填",
                unit.name, schema.title
            ));
        }
    }
}

/// 新增 or 延续 in the words of the form.
fn attribute(schema: &Schema, project: &Project) -> Option<String> {
    let word = match project.continuation? {
        Continuation::New => "新增",
        Continuation::Continued => "延续",
    };
    let spec = schema.field("project_attribute")?;
    let choice = spec.choices.iter().find(|choice| choice.labels.iter().any(|label| label.contains(word)));
    match choice {
        Some(choice) => Some(choice.label.clone()),
        None => spec.choices.is_empty().then(|| word.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Catalog;
    use crate::workbook::sheet_from_text;

    #[test]
    fn a_unit_gets_the_forms_and_projects_of_the_year_once_and_those_of_units_that_it_took_in() {
        let sheet = |text| sheet_from_text("表", text).expect("a valid grid");
        let schemas = &Catalog::embedded().schemas;
        let roster = sheet(
            "部门|单位|年度|应报表单|轮次|并入单位|撤并年度\n\
             水务局|水务局|2025|项目支出绩效监控表|1||\n\
             水务局|水务局|2025|项目支出绩效监控表|2||\n\
             水务局|水务局|2024|项目支出绩效自评表|||\n\
             水务局|水利站||||水务局|2025",
        );
        let roster = Roster::read(&[roster], "名册.xlsx", schemas).expect("a good roster");
        let ledger =
            sheet("项目名称|单位|年度|金额\n渠|水务局|2024|1\n闸|水务局|2025|1\n渠|水务局|2025|2\n站房|水利站||3");
        let ledger = Ledger::read(&[ledger], "台账.xlsx", Some(&roster)).expect("a good ledger");
        let told = |year| -> Vec<String> {
            let made = parcels(&roster, Some(&ledger), None, schemas, year).parcels;
            let amount = |one: &Parcel| one.prefill.budget.map(|budget| budget.to_string()).unwrap_or_default();
            made.iter().map(|one| format!("{} {:?} {} {}", one.unit, one.schema.stage, one.name, amount(one))).collect()
        };
        let said = told(Some(2025)).join("\n");
        assert_eq!(said.lines().count(), 3, "{said}");
        assert!(said.lines().all(|line| line.starts_with("水务局 Monitoring ")), "{said}");
        assert!(["-闸 1", "-渠 2", "-站房 3"].iter().all(|end| said.lines().any(|line| line.ends_with(end))), "{said}");
        let earlier = told(Some(2024)).join("\n");
        assert!(earlier.ends_with("-渠 1") && earlier.lines().count() == 1, "{earlier}");
    }
}
