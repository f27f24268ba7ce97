//! What was expected, what came: by unit, form and project.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::count::{Grades, Ratio};
use crate::form::Form;
use crate::review::{CheckedForm, Round, Submission};
use crate::roster::{Expected, FormKind, Roster, Unit, unit_key};
use crate::schema::Stage;
use crate::schema::concept::{amount, field, line};
use crate::text::squeeze;

/// 元 in a 万元.
const YUAN_PER_WAN: Decimal = Decimal::from_parts(10_000, 0, 0, false, 0);

/// The statistics of a round.
#[derive(Debug)]
pub struct Coverage<'a> {
    /// Whether a roster says what was expected.
    pub against_roster: bool,
    /// Units of the roster in its order, then units it does not know, by name.
    pub units: Vec<UnitLine>,
    /// Judged forms in the order of the round.
    pub forms: Vec<FormLine<'a>>,
    /// Forms that were expected and did not come.
    pub missing: Vec<MissingForms>,
    /// Units the roster does not know.
    pub unknown: Vec<UnknownUnit>,
    /// Projects the ledger does not know; none without a ledger.
    pub unknown_projects: Vec<UnknownProject>,
}

/// A unit's line.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitLine {
    /// 主管部门, of the roster or as the form says.
    pub department: String,
    /// The roster's name, or as the form says.
    pub unit: String,
    /// Whether the roster has it; true without a roster.
    pub known: bool,
    /// Forms expected (应报); 0 for an unknown unit and without a roster.
    pub expected: usize,
    /// Forms that came (实报), repeated ones included.
    pub received: usize,
    /// Forms among the expected that came.
    pub delivered: usize,
    /// Forms that nobody expected or that came again (多报).
    pub surplus: usize,
    /// Grades of its forms.
    pub grades: Grades,
    /// Different projects that its forms speak of.
    pub projects: usize,
    /// Money of its projects.
    pub money: Money,
    /// Rule codes by how often they were found, most first, at most three.
    pub chief_faults: Vec<(&'static str, usize)>,
}

/// Money of projects, in 万元, each project once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Money {
    /// Of the projects that came.
    pub received: Decimal,
    /// That the roster expects.
    pub expected: Decimal,
}

/// A judged form with what the statistics know of it.
#[derive(Debug)]
pub struct FormLine<'a> {
    /// The file.
    pub submission: &'a Submission,
    /// The form.
    pub judged: &'a CheckedForm,
    /// Total budget in 万元, where one could be read.
    pub amount: Option<Decimal>,
    /// Whether the same form of the same project came before.
    pub repeated: bool,
}

/// A form that a unit still owes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingForms {
    /// 主管部门.
    pub department: String,
    /// The unit.
    pub unit: String,
    /// The form as the roster names it.
    pub form: String,
    /// How many came of how many.
    pub received: Ratio,
    /// A file that was not judged and by its name is likely this unit's.
    pub hint: Option<String>,
}

/// A unit that hands in and is not on the roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownUnit {
    /// As the form writes it; empty where it names none.
    pub unit: String,
    /// The nearest unit of the roster, for a person to confirm.
    pub suggestion: Option<String>,
    /// Where it was read.
    pub sources: BTreeSet<String>,
}

/// A project that is handed in and is not in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownProject {
    /// The unit as the roster names it, else as the form does.
    pub unit: String,
    /// Whether the unit is one that the roster does not know: it has to be told first.
    pub unit_unknown: bool,
    /// As the form writes it.
    pub project: String,
    /// The nearest project of the unit, for a person to confirm.
    pub suggestion: Option<String>,
    /// Where it was read.
    pub sources: BTreeSet<String>,
}

impl Coverage<'_> {
    /// The sum of all units.
    #[must_use]
    pub fn total(&self) -> UnitLine {
        let mut total = UnitLine::new("", "合计", true);
        for unit in &self.units {
            total.expected += unit.expected;
            total.received += unit.received;
            total.delivered += unit.delivered;
            total.surplus += unit.surplus;
            total.projects += unit.projects;
            total.money.received += unit.money.received;
            total.money.expected += unit.money.expected;
            total.grades.merge(unit.grades);
        }
        total
    }

    /// Units of the roster that handed in anything, of all units of the roster.
    #[must_use]
    pub fn units_received(&self) -> Ratio {
        let known = || self.units.iter().filter(|unit| unit.known);
        Ratio::new(known().filter(|unit| unit.received > 0).count(), known().count())
    }

    /// Money of the projects of the roster's units, against what the roster expects.
    #[must_use]
    pub fn money_of_roster(&self) -> Money {
        let mut money = Money::default();
        for unit in self.units.iter().filter(|unit| unit.known) {
            money.received += unit.money.received;
            money.expected += unit.money.expected;
        }
        money
    }

    /// Expected forms that came, of all expected.
    #[must_use]
    pub fn forms_received(&self) -> Ratio {
        let total = self.total();
        Ratio::new(total.delivered, total.expected)
    }
}

impl UnitLine {
    fn new(department: &str, unit: &str, known: bool) -> Self {
        Self {
            department: department.to_owned(),
            unit: unit.to_owned(),
            known,
            expected: 0,
            received: 0,
            delivered: 0,
            surplus: 0,
            grades: Grades::default(),
            projects: 0,
            money: Money::default(),
            chief_faults: Vec::new(),
        }
    }

    /// 未报: expected and did not come.
    #[must_use]
    pub fn missing(&self) -> usize {
        self.expected.saturating_sub(self.delivered)
    }
}

/// Measures a round against the roster it was judged with; without one only what came is counted.
#[must_use]
pub fn measure<'a>(round: &'a Round, roster: Option<&Roster>) -> Coverage<'a> {
    let forms = form_lines(round);
    let mut by_unit: BTreeMap<&str, Vec<&FormLine<'a>>> = BTreeMap::new();
    for form in &forms {
        by_unit.entry(&form.judged.identity.unit.key).or_default().push(form);
    }
    let mut units = Vec::new();
    let mut missing = Vec::new();
    for unit in roster.map_or(&[][..], Roster::units) {
        let forms = by_unit.remove(unit_key(&unit.name).as_str()).unwrap_or_default();
        units.push(expected_unit(unit, &forms, hint(unit, round), &mut missing));
    }
    let unknown = match roster {
        Some(_) => by_unit.values().map(|forms| unknown_unit(forms)).collect(),
        None => Vec::new(),
    };
    units.extend(by_unit.values().map(|forms| unexpected_unit(forms, roster.is_none())));
    let unknown_projects = unknown_projects(&forms);
    Coverage { against_roster: roster.is_some(), units, forms, missing, unknown, unknown_projects }
}

/// The forms in the order of the round.
fn form_lines(round: &Round) -> Vec<FormLine<'_>> {
    let mut seen = BTreeSet::new();
    let line = |(submission, judged)| {
        let mut line = FormLine { submission, judged, amount: amount_of(&judged.form), repeated: false };
        line.repeated = !seen.insert((judged.identity.unit.key.clone(), kind(&judged.form), project_key(&line)));
        line
    };
    round.forms().map(line).collect()
}

fn kind(form: &Form) -> FormKind {
    FormKind { stage: form.schema.stage, subject: form.schema.subject }
}

/// What a form's project is counted by; a form that names none stands for itself.
fn project_key(line: &FormLine<'_>) -> String {
    let form = &line.judged.form;
    match &line.judged.identity.project {
        _ if !form.schema.subject.is_project() => String::new(),
        Some(project) => project.key.clone(),
        None => format!("{}!{}!{}", line.submission.source, form.sheet, form.range),
    }
}

/// The total budget in 万元: the adjusted budget, else the one of the year's beginning. A form that names no unit of
/// money counts in 万元, as the official forms are printed.
fn amount_of(form: &Form) -> Option<Decimal> {
    let funding = form.record.funding()?;
    let number = |column| funding.number(line::TOTAL, column);
    let amount = number(amount::BUDGET).or_else(|| number(amount::INITIAL))?;
    let yuan = amount.checked_mul(form.record.money_factor().unwrap_or(YUAN_PER_WAN))?;
    yuan.checked_div(YUAN_PER_WAN)
}

/// What counts the same with and without a roster.
fn received(mut line: UnitLine, forms: &[&FormLine<'_>]) -> UnitLine {
    line.received = forms.len();
    line.grades = Grades::of(forms.iter().map(|form| form.judged.grade.band));
    // A project's money is that of its latest stage: the self-evaluation knows the adjusted budget.
    let mut projects: BTreeMap<String, (Stage, Option<Decimal>)> = BTreeMap::new();
    let mut faults: BTreeMap<&'static str, usize> = BTreeMap::new();
    for form in forms {
        for finding in &form.judged.findings {
            *faults.entry(finding.code).or_default() += 1;
        }
        if !form.judged.form.schema.subject.is_project() {
            continue;
        }
        let stage = form.judged.form.schema.stage;
        let known = projects.entry(project_key(form)).or_insert((stage, form.amount));
        if stage > known.0 && form.amount.is_some() || known.1.is_none() {
            *known = (stage, form.amount);
        }
    }
    line.projects = projects.len();
    line.money.received = projects.values().filter_map(|(_, amount)| *amount).sum();
    line.chief_faults = faults.into_iter().collect();
    // Stable: of equally frequent ones the lowest code comes first.
    line.chief_faults.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    line.chief_faults.truncate(3);
    line
}

fn unexpected_unit(forms: &[&FormLine<'_>], without_roster: bool) -> UnitLine {
    let first = forms.first();
    let department = first.and_then(|form| form.judged.form.record.filled(field::DEPARTMENT)).unwrap_or_default();
    let name = first.map_or("", |form| form.judged.identity.unit.name.as_str());
    let repeated = forms.iter().filter(|form| form.repeated).count();
    let surplus = if without_roster { repeated } else { forms.len() };
    UnitLine { surplus, ..received(UnitLine::new(department, name, without_roster), forms) }
}

fn unknown_unit(forms: &[&FormLine<'_>]) -> UnknownUnit {
    let unit = forms.first().map(|form| &form.judged.identity.unit);
    UnknownUnit {
        unit: unit.map(|unit| unit.name.clone()).unwrap_or_default(),
        suggestion: unit.and_then(|unit| unit.suggestion.clone()),
        sources: forms.iter().map(|form| form.submission.source.clone()).collect(),
    }
}

/// The projects that the ledger does not have, by unit and key.
fn unknown_projects(forms: &[FormLine<'_>]) -> Vec<UnknownProject> {
    let mut unknown: BTreeMap<(&str, &str), UnknownProject> = BTreeMap::new();
    for form in forms {
        let unit = &form.judged.identity.unit;
        let Some(project) = form.judged.identity.project.as_ref().filter(|project| project.known == Some(false)) else {
            continue;
        };
        let entry = unknown.entry((&unit.key, &project.key)).or_insert_with(|| UnknownProject {
            unit: unit.name.clone(),
            unit_unknown: unit.known == Some(false),
            project: project.name.clone(),
            suggestion: project.suggestion.clone(),
            sources: BTreeSet::new(),
        });
        entry.sources.insert(form.submission.source.clone());
    }
    unknown.into_values().collect()
}

fn expected_unit(
    unit: &Unit,
    forms: &[&FormLine<'_>],
    hint: Option<&str>,
    missing: &mut Vec<MissingForms>,
) -> UnitLine {
    let mut line = received(UnitLine::new(&unit.department, &unit.name, true), forms);
    for expected in &unit.expected {
        let came = forms.iter().filter(|form| kind(&form.judged.form) == expected.kind && !form.repeated).count();
        let due = due(expected, came);
        line.expected += due;
        line.delivered += came.min(due);
        line.money.expected += expected.amount.unwrap_or_default();
        if came < due {
            missing.push(MissingForms {
                department: unit.department.clone(),
                unit: unit.name.clone(),
                form: expected.form.clone(),
                received: Ratio::new(came, due),
                hint: hint.map(str::to_owned),
            });
        }
    }
    line.surplus = forms.len() - line.delivered;
    line
}

/// The first file that was not judged and whose path bears a name or the code of the unit.
fn hint<'r>(unit: &Unit, round: &'r Round) -> Option<&'r str> {
    let names = || [&unit.name, &unit.code].into_iter().chain(&unit.aliases).filter(|name| name.chars().count() > 2);
    let bears = |source: &str| names().any(|name| squeeze(source).contains(&squeeze(name)));
    let unjudged = round.submissions.iter().filter(|submission| submission.forms().is_empty());
    unjudged.map(|submission| submission.source.as_str()).find(|source| bears(source))
}

/// How many forms are due: as the roster says; where it leaves the projects open, at least one and all that came.
fn due(expected: &Expected, came: usize) -> usize {
    match expected.projects {
        Some(projects) => usize::try_from(projects).unwrap_or(usize::MAX),
        None => came.max(1),
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use super::*;
    use crate::form::Reader;
    use crate::grade::grade;
    use crate::policy::Policy;
    use crate::review::Outcome;
    use crate::roster::{Claim, Identity, Ledger, Registry};
    use crate::schema::Catalog;
    use crate::workbook::sheet_from_text;

    /// A submission with one self-evaluation.
    fn submission(source: &str, unit: &str, project: &str, money_unit: &str, amount: &str) -> Submission {
        let drawn = format!(
            "项目支出绩效自评表|<|<|<|<|<|<|<|<\n\
             （2023年度）|<|<|<|<|<|<|<|<\n\
             项目名称|<|{project}|<|<|<|<|<|<\n\
             主管部门|<|水务局|<|<|实施单位|<|{unit}|<\n\
             项目资金（{money_unit}）|<||年初预算数|全年预算数|全年执行数|分值|执行率|得分\n\
             ^|^|年度资金总额|1|{amount}|1|10|100%|10\n\
             ^|^|其中：财政拨款|1|{amount}|1|—|100%|—\n\
             年度总体目标|预期目标|<|<|<|实际完成情况|<|<|<\n\
             ^|维护清水渠|<|<|<|维护完成|<|<|<\n\
             一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因分析及改进措施|<\n\
             产出指标|数量指标|维护渠道长度|≥12公里|12公里|50|50||<\n\
             总分|<|<|<|<|100|100||<"
        );
        let sheet = sheet_from_text("表", &drawn).expect("a valid grid");
        let policy = Policy::embedded("national").expect("a built-in policy");
        let reading = Reader::new(Catalog::embedded(), &policy.words.empty_marks).read_sheet(&sheet);
        let forms = reading.forms.into_iter().map(|form| CheckedForm {
            form,
            identity: Identity::default(),
            findings: Vec::new(),
            rules: BTreeMap::new(),
            grade: grade(&[], &policy.rubric),
            earlier: None,
        });
        let outcome = Outcome::Checked { forms: forms.collect(), skipped: Vec::new() };
        let sha256 = String::new();
        Submission {
            source: source.to_owned(),
            sha256,
            container: "xlsx",
            outcome,
            notes: Vec::new(),
            answers: Vec::new(),
        }
    }

    /// The round with its forms identified.
    fn round(mut submissions: Vec<Submission>, registry: Registry<'_>) -> Round {
        let mut forms: Vec<&mut CheckedForm> = submissions
            .iter_mut()
            .flat_map(|submission| match &mut submission.outcome {
                Outcome::Checked { forms, .. } => forms.iter_mut(),
                _ => [].iter_mut(),
            })
            .collect();
        let claims: Vec<Claim> = forms.iter().map(|checked| Claim::of(&checked.form)).collect();
        for (form, identity) in forms.iter_mut().zip(registry.identify(&claims)) {
            form.identity = identity;
        }
        Round {
            policy: String::new(),
            policy_title: String::new(),
            submissions,
            passed_over: Vec::new(),
            remarks: Vec::new(),
        }
    }

    fn roster(drawn: &str) -> Roster {
        let sheet = sheet_from_text("名册", drawn).expect("a valid grid");
        Roster::read(&[sheet], "名册.xlsx", &[]).expect("a good roster")
    }

    #[test]
    fn a_project_counts_once_and_yuan_become_wan() {
        let submissions = vec![
            submission("a.xlsx", "水务局本级", "清水渠", "万元", "12.5"),
            submission("b.xlsx", "水务局 本级", "清水渠", "万元", "12.5"),
            submission("c.xlsx", "水务局本级", "泵站", "元", "75000"),
        ];
        let round = round(submissions, Registry::default());
        let total = measure(&round, None).total();
        assert_eq!((total.received, total.surplus, total.projects), (3, 1, 2));
        assert_eq!(total.money.received, Decimal::from(20));
    }

    #[test]
    fn expected_received_missing_and_surplus_are_four_counts() {
        let submissions = vec![
            submission("a.xlsx", "001-水务局本级", "清水渠", "万元", "1"),
            submission("b.xlsx", "水务局本级", "清水渠", "万元", "1"),
            submission("c.xlsx", "水利站", "泵站", "万元", "2"),
        ];
        let roster = roster(
            "部门|单位|应报表单|应报项目数|应报金额（万元）\n\
             水务局|水务局本级|项目支出绩效自评表|3|30.5\n\
             水务局|水利工作站|项目支出绩效自评表||",
        );
        let round = round(submissions, Registry { roster: Some(&roster), ledger: None });
        let coverage = measure(&round, Some(&roster));
        let lines: Vec<_> = coverage
            .units
            .iter()
            .map(|line| (line.unit.as_str(), line.expected, line.delivered, line.missing(), line.surplus))
            .collect();
        assert_eq!(lines, [("水务局本级", 3, 1, 2, 1), ("水利工作站", 1, 0, 1, 0), ("水利站", 0, 0, 0, 1)]);
        assert_eq!(coverage.units_received(), Ratio::new(1, 2));
        assert_eq!(coverage.forms_received(), Ratio::new(1, 4));
        assert_eq!(coverage.money_of_roster().expected, Decimal::from_str("30.5").expect("a number"));
        let unknown: Vec<_> = coverage.unknown.iter().map(|u| (u.unit.as_str(), u.suggestion.as_deref())).collect();
        assert_eq!(unknown, [("水利站", Some("水利工作站"))]);
    }

    #[test]
    fn a_project_with_and_without_its_code_counts_once_and_one_that_the_ledger_lacks_is_listed() {
        let code = "36900023T000000000011";
        let submissions = || {
            vec![
                submission("a.xlsx", "水务局", &format!("{code}-清水渠维护"), "万元", "8"),
                submission("b.xlsx", "水务局", "清水渠 维护", "万元", "8"),
                submission("c.xlsx", "水务局", "2023年度清水渠维护", "万元", "5"),
            ]
        };
        let alone = round(submissions(), Registry::default());
        let total = measure(&alone, None).total();
        assert_eq!((total.projects, total.surplus, total.money.received), (2, 1, Decimal::from(13)));
        let drawn = format!("项目编码|项目名称|单位|金额\n{code}|清水渠维护|水务局|8");
        let sheet = sheet_from_text("台账", &drawn).expect("a valid grid");
        let ledger = Ledger::read(&[sheet], "台账.xlsx", None).expect("a good ledger");
        let round = round(submissions(), Registry { roster: None, ledger: Some(&ledger) });
        let coverage = measure(&round, None);
        let unknown: Vec<_> =
            coverage.unknown_projects.iter().map(|p| (p.project.as_str(), p.suggestion.as_deref())).collect();
        assert_eq!(unknown, [("2023年度清水渠维护", Some("清水渠维护"))]);
    }
}
