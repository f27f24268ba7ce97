//! Who and what forms speak of: one unit and one project, however forms name them.
//!
//! A project is known by its code, else by unit and name or alias. Forms are identified together, because a form without
//! a code may meet one with it; the order of the forms changes nothing. What contradicts itself is never merged: it keeps
//! a key of its own and gets a suggestion.

use std::collections::{BTreeMap, BTreeSet};

use super::ledger::{Ledger, Project, pair_key};
use super::names::{behind_code, code_key, compatible, is_project_code, name_key, project_parts, unit_key};
use super::units::SUGGEST_FROM;
use super::{Match, Roster, Unit};
use crate::form::Form;
use crate::schema::concept::field;
use crate::text::{one_line, similarity};

/// What is known of units and projects; either book may be missing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Registry<'r> {
    /// 名册.
    pub roster: Option<&'r Roster>,
    /// 项目台账.
    pub ledger: Option<&'r Ledger>,
}

/// What a form says of who and what it is, as written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Claim {
    /// The unit it names: 实施单位, else 主管部门.
    pub unit: Option<String>,
    /// 项目名称, `None` for a form about a whole unit.
    pub project: Option<String>,
    /// 项目编码 in a cell of its own.
    pub code: Option<String>,
    /// 年度.
    pub year: Option<u16>,
}

impl Claim {
    /// What a form says. One about a whole department often names only that.
    #[must_use]
    pub fn of(form: &Form) -> Self {
        let whole = !form.schema.subject.is_project();
        Self {
            unit: form.unit(),
            project: form.project().filter(|_| !whole),
            code: form.record.filled(field::PROJECT_CODE).filter(|_| !whole).map(one_line),
            year: form.year(),
        }
    }

    fn unit(&self) -> &str {
        self.unit.as_deref().unwrap_or_default()
    }
}

/// Who and what a form speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    /// The unit.
    pub unit: UnitIdentity,
    /// The project; `None` where the form names none.
    pub project: Option<ProjectIdentity>,
}

/// A unit as forms are counted by it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UnitIdentity {
    /// The same for every form of the unit; empty where the form names none.
    pub key: String,
    /// The name on the roster, else as written; empty where the form names none.
    pub name: String,
    /// Whether it is on the roster; `None` without a roster.
    pub known: Option<bool>,
    /// The unit of the roster it perhaps is.
    pub suggestion: Option<String>,
}

/// A project as forms are counted by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectIdentity {
    /// The same for every form of the project: its code, else unit and name.
    pub key: String,
    /// The name in the ledger, else as written.
    pub name: String,
    /// Whether it is in the ledger; `None` without a ledger.
    pub known: Option<bool>,
    /// The project of the same unit it perhaps is.
    pub suggestion: Option<String>,
}

/// What a written project code comes to beside the name and the ledger.
#[derive(Debug, Clone, PartialEq)]
pub enum CodeState<'r> {
    /// No code is written.
    None,
    /// Nothing speaks against it; the ledger may not have it.
    Sound,
    /// The cell for the code and the name say two.
    Two(String, String),
    /// It is that of another project.
    OfAnother(String, &'r Project),
    /// The ledger has the project under another code.
    Stale(String, &'r Project),
}

/// A claim on its way to an identity.
struct Reading<'r> {
    unit: UnitIdentity,
    /// The unit whose projects are suggested: the known one, else the suggested one.
    near_unit: String,
    year: Option<u16>,
    /// As written; `None` where the form names no project.
    written: Option<String>,
    /// Empty for a code alone.
    name: String,
    code: Option<String>,
    /// The ledger's project that the code means, or why it means none.
    coded: Coded<'r>,
}

/// What a written code means in the ledger.
#[derive(Clone, Copy)]
enum Coded<'r> {
    /// There is no code, or the ledger does not have it.
    Nothing,
    /// This project.
    Known(&'r Project),
    /// The code of this project beside a name that cannot be its own.
    Contradiction(&'r Project),
}

impl<'r> Registry<'r> {
    /// The identities of these forms, in their order.
    #[must_use]
    pub fn identify(self, claims: &[Claim]) -> Vec<Identity> {
        // A unit hands in many forms; its name is looked up once.
        let mut units: BTreeMap<(&str, Option<u16>), (UnitIdentity, String)> = BTreeMap::new();
        let read = |claim| {
            let (written, year) = (Claim::unit(claim), claim.year);
            self.read(claim, units.entry((written, year)).or_insert_with(|| self.unit(written, year)).clone())
        };
        let readings: Vec<Reading<'r>> = claims.iter().map(read).collect();
        let meeting = Meeting::of(self.ledger, &readings);
        readings.into_iter().map(|reading| self.identity(reading, &meeting)).collect()
    }

    /// What the code of a claim comes to; `unit` is the key of its unit.
    #[must_use]
    pub fn code_state(self, claim: &Claim, unit: &str) -> CodeState<'r> {
        let (before, name) = match project_parts(claim.project.as_deref().unwrap_or_default()) {
            (None, key) => self.behind_known_code(key),
            found => found,
        };
        let digits = |code: &String| code.bytes().any(|byte| byte.is_ascii_digit());
        let code = match (claim.code.as_deref().map(code_key).filter(digits), before) {
            (Some(cell), Some(before)) if cell != before => return CodeState::Two(cell, before),
            (cell, before) => cell.or(before),
        };
        let Some(code) = code else { return CodeState::None };
        match self.coded(Some(&code), unit, &name, claim.year) {
            Coded::Known(_) => CodeState::Sound,
            Coded::Contradiction(project) => CodeState::OfAnother(code, project),
            Coded::Nothing => {
                let named = self.ledger.and_then(|ledger| ledger.by_name(unit, &name, claim.year));
                match named.filter(|project| !project.code.is_empty()) {
                    Some(project) => CodeState::Stale(code, project),
                    None => CodeState::Sound,
                }
            }
        }
    }

    fn read(self, claim: &Claim, (unit, near_unit): (UnitIdentity, String)) -> Reading<'r> {
        let written = claim.project.clone().or_else(|| claim.code.clone()).filter(|text| !text.trim().is_empty());
        let (code, name) = self.code_and_name(claim);
        let coded = self.coded(code.as_deref(), &unit.key, &name, claim.year);
        Reading { unit, near_unit, year: claim.year, written, name, code, coded }
    }

    fn unit(self, written: &str, year: Option<u16>) -> (UnitIdentity, String) {
        let key = unit_key(written);
        let resolved = match self.roster {
            Some(roster) if !key.is_empty() => roster.resolve_in(written, year),
            _ => Match::Unknown(None),
        };
        let known = self.roster.map(|_| resolved.known().is_some());
        let key_of = |unit: &Unit| unit_key(&unit.name);
        // A code of the roster beside a name that is not its unit's: the name alone could be the key of another unit.
        let torn = || self.roster.is_some_and(|roster| roster.knows_code_of(written));
        let own = match resolved.known() {
            Some(unit) => key_of(unit),
            None if torn() => name_key(written),
            None => key,
        };
        let near = resolved.suggestion();
        let near_key = near.map_or(own.clone(), key_of);
        let name = resolved.known().map_or(written, |unit| unit.name.as_str()).to_owned();
        (UnitIdentity { key: own, name, known, suggestion: near.map(|unit| unit.name.clone()) }, near_key)
    }

    /// The code of its cell, else the one before the name. Two codes that differ say nothing.
    fn code_and_name(self, claim: &Claim) -> (Option<String>, String) {
        let written = claim.project.as_deref().unwrap_or_default();
        let (before, name) = match project_parts(written) {
            (None, key) => self.behind_known_code(key),
            found => found,
        };
        let is_code = |code: &String| {
            is_project_code(code) || self.ledger.is_some_and(|ledger| ledger.by_code(code, None).is_some())
        };
        match (claim.code.as_deref().map(code_key).filter(is_code), before) {
            (Some(cell), Some(before)) if cell != before => (None, name),
            (cell, before) => (cell.or(before), name),
        }
    }

    /// A ledger may use codes of its own: one of them before a name is a code too.
    fn behind_known_code(self, key: String) -> (Option<String>, String) {
        let mut codes = self.ledger.into_iter().flat_map(Ledger::own_codes);
        match codes.find_map(|code| Some((code.to_owned(), behind_code(&key, code)?.to_owned()))) {
            Some((code, name)) => (Some(code), name),
            None => (None, key),
        }
    }

    fn coded(self, code: Option<&str>, unit: &str, name: &str, year: Option<u16>) -> Coded<'r> {
        let known = self.ledger.zip(code).and_then(|(ledger, code)| Some((ledger, ledger.by_code(code, year)?)));
        let Some((ledger, project)) = known else { return Coded::Nothing };
        let mut names = std::iter::once(&project.name).chain(&project.aliases).map(|own| name_key(own));
        let fits = match ledger.by_name(unit, name, year) {
            Some(_) => ledger.is_code_of(&project.code, unit, name),
            None => name.is_empty() || names.any(|own| compatible(name, &own)),
        };
        if fits { Coded::Known(project) } else { Coded::Contradiction(project) }
    }

    fn identity(self, reading: Reading<'r>, meeting: &Meeting<'r>) -> Identity {
        let Some(written) = reading.written.clone() else { return Identity { unit: reading.unit, project: None } };
        let found = meeting.find(self.ledger, &reading);
        let nearest = || self.nearest(&reading.near_unit, &reading.name);
        let (key, project) = match found {
            Found::Project(project) => (project.key(), Match::Known(project)),
            Found::Key(key, near) => (key, Match::Unknown(near.or_else(nearest))),
        };
        let project = ProjectIdentity {
            key,
            name: project.known().map_or(written, |project| project.name.clone()),
            known: self.ledger.map(|_| project.known().is_some()),
            suggestion: project.suggestion().map(|project| project.name.clone()),
        };
        Identity { unit: reading.unit, project: Some(project) }
    }

    /// The unit's project with the nearest name; of equally near ones the first by name.
    fn nearest(self, unit: &str, name: &str) -> Option<&'r Project> {
        let scored = self.ledger?.names_of(unit).map(|(known, project)| (similarity(known, name), project));
        let best = scored.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
        Some(best.1).filter(|_| best.0 >= SUGGEST_FROM)
    }
}

/// What a reading comes to.
enum Found<'r> {
    /// A project of the ledger.
    Project(&'r Project),
    /// None: the key it counts by, and the project it contradicts.
    Key(String, Option<&'r Project>),
}

/// The codes that forms write beside names: what lets a form without a code meet one with it.
struct Meeting<'r> {
    /// Unit and name → codes written beside them, and the ledger's projects these mean.
    pairs: BTreeMap<(String, String), BTreeMap<String, Option<&'r Project>>>,
    /// Key of a project that has no code in the ledger → codes written beside its names.
    codeless: BTreeMap<String, BTreeSet<String>>,
}

impl<'r> Meeting<'r> {
    fn of(ledger: Option<&'r Ledger>, readings: &[Reading<'r>]) -> Self {
        let mut meeting = Self { pairs: BTreeMap::new(), codeless: BTreeMap::new() };
        for reading in readings.iter().filter(|reading| !reading.name.is_empty() && !reading.unit.key.is_empty()) {
            let Some(code) = reading.code.clone() else { continue };
            let known = match reading.coded {
                Coded::Contradiction(_) => continue,
                Coded::Known(project) => Some(project),
                Coded::Nothing => None,
            };
            let named = ledger.and_then(|ledger| ledger.by_name(&reading.unit.key, &reading.name, reading.year));
            if let Some(project) = named.filter(|project| project.code.is_empty()) {
                meeting.codeless.entry(project.key()).or_default().insert(code.clone());
            }
            meeting.pairs.entry((reading.unit.key.clone(), reading.name.clone())).or_default().insert(code, known);
        }
        meeting
    }

    fn find(&self, ledger: Option<&'r Ledger>, reading: &Reading<'r>) -> Found<'r> {
        let (unit, name, year) = (&reading.unit.key, &reading.name, reading.year);
        match reading.coded {
            Coded::Known(project) => return Found::Project(project),
            // With the code: the name alone could be the key of another project.
            Coded::Contradiction(project) => {
                return Found::Key(pair_key(unit, &format!("{}-{name}", project.code)), Some(project));
            }
            Coded::Nothing => {}
        }
        let named = ledger.and_then(|ledger| ledger.by_name(unit, name, year));
        match (&reading.code, named) {
            (None, Some(project)) => Found::Project(project),
            (None, None) => match self.pairs.get(&(unit.clone(), name.clone())).and_then(only) {
                // As it is listed in this form's year: the form that wrote the code may be of another.
                Some((code, Some(project))) => {
                    Found::Project(ledger.and_then(|ledger| ledger.by_code(code, year)).unwrap_or(project))
                }
                Some((code, None)) => Found::Key(code.clone(), None),
                None => Found::Key(pair_key(unit, name), None),
            },
            // A code is new to the ledger beside a name it knows: the project's own where only one form of code claims it.
            (Some(_), Some(project)) if self.codeless.get(&project.key()).is_some_and(|codes| codes.len() == 1) => {
                Found::Project(project)
            }
            (Some(code), near) => Found::Key(code.clone(), near),
        }
    }
}

/// The one code with its project, where there is just one.
fn only<'m, 'r>(codes: &'m BTreeMap<String, Option<&'r Project>>) -> Option<(&'m String, Option<&'r Project>)> {
    codes.first_key_value().filter(|_| codes.len() == 1).map(|(code, project)| (code, *project))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::workbook::sheet_from_text;

    const A: &str = "36900023T000000000011";
    const B: &str = "36900023T000000000012";
    const NEW: &str = "36900023T000000000099";

    fn ledger() -> Ledger {
        let sheet = sheet_from_text(
            "台账",
            &format!(
                "项目编码|项目名称|单位|金额（万元）|别名\n\
                 {A}|义务教育学校课桌椅更新|教育局|86|课桌椅项目\n\
                 {B}|校园安防设施改造（二期）|教育局|40|\n\
                 |农村学生营养改善计划|教育局|30|2022年度农村学生营养改善计划\n\
                 XM-07|清水渠维护|水务局|12|"
            ),
        );
        Ledger::read(&[sheet.expect("a valid grid")], "台账.xlsx", None).expect("a good ledger")
    }

    fn claim(unit: &str, project: &str) -> Claim {
        Claim { unit: Some(unit.to_owned()), project: Some(project.to_owned()), code: None, year: None }
    }

    /// Key, and whether the ledger knows it, or what it suggests.
    fn said(registry: Registry<'_>, claims: &[Claim]) -> Vec<(String, String)> {
        let told = registry.identify(claims).into_iter().filter_map(|identity| identity.project);
        told.map(|project| {
            let state = match (project.known, project.suggestion) {
                (Some(true), _) => "known".to_owned(),
                (_, near) => format!("?{}", near.unwrap_or_default()),
            };
            (project.key, state)
        })
        .collect()
    }

    #[test]
    fn a_project_is_known_by_code_by_unit_and_name_and_by_alias() {
        let ledger = ledger();
        let registry = Registry { roster: None, ledger: Some(&ledger) };
        for (unit, written, key) in [
            ("教育局", "义务教育学校课桌椅更新", A),
            ("219001-教育局", "课桌椅 项目", A),
            ("第二中学", &format!("{A}-课桌椅更新"), A),
            ("教育局", A, A),
            ("教育局", "校园安防设施改造〔二期〕", B),
            ("教育局", "2022年度农村学生营养改善计划", "教育局 / 农村学生营养改善计划"),
            ("水务局", "xm-07-清水渠维护", "XM-07"),
        ] {
            assert_eq!(said(registry, &[claim(unit, written)]), [(key.to_owned(), "known".to_owned())], "{written}");
        }
    }

    #[test]
    fn an_unknown_project_gets_the_nearest_of_its_own_unit() {
        let ledger = ledger();
        let registry = Registry { roster: None, ledger: Some(&ledger) };
        let told = |unit, written| said(registry, &[claim(unit, written)]).remove(0);
        assert_eq!(told("教育局", "2023年度课桌椅项目").1, "?义务教育学校课桌椅更新");
        assert_eq!(told("水务局", "义务教育学校课桌椅更新").1, "?");
        // A year is part of the name until the ledger says otherwise.
        assert_eq!(
            told("水务局", "2022年度清水渠维护"),
            ("水务局 / 2022年度清水渠维护".to_owned(), "?清水渠维护".to_owned())
        );
    }

    #[test]
    fn a_code_beside_the_name_of_another_project_is_suggested_and_not_merged() {
        let ledger = ledger();
        let registry = Registry { roster: None, ledger: Some(&ledger) };
        let told = |written: String| said(registry, &[claim("教育局", &written)]).remove(0);
        let own = |name: &str, near: &str| (format!("教育局 / {name}"), format!("?{near}"));
        assert_eq!(
            told(format!("{A}-校园安防设施改造（二期）")),
            own(&format!("{A}-校园安防设施改造(二期)"), "义务教育学校课桌椅更新")
        );
        assert_eq!(
            told(format!("{B}-校园安防设施改造（三期）")),
            own(&format!("{B}-校园安防设施改造(三期)"), "校园安防设施改造(二期)")
        );
        // A name of the ledger under a code that is not its own.
        let renamed = (NEW.to_owned(), "?义务教育学校课桌椅更新".to_owned());
        assert_eq!(told(format!("{NEW}-义务教育学校课桌椅更新")), renamed);
    }

    #[test]
    fn a_form_without_a_code_meets_the_one_with_it_where_only_one_code_is_written() {
        let with = |code: &str, name: &str| claim("教育局", &format!("{code}-{name}"));
        let keys = |claims: &[Claim]| -> Vec<String> {
            said(Registry::default(), claims).into_iter().map(|(key, _)| key).collect()
        };
        assert_eq!(keys(&[claim("教育局", "食堂改造"), with(A, "食堂 改造")]), [A, A]);
        assert_eq!(keys(&[claim("水务局", "食堂改造"), with(A, "食堂改造")]), ["水务局 / 食堂改造", A]);
        assert_eq!(
            keys(&[claim("教育局", "食堂改造"), with(A, "食堂改造"), with(B, "食堂改造")]),
            ["教育局 / 食堂改造", A, B]
        );
        let cell = Claim { code: Some(A.to_owned()), ..claim("教育局", "食堂改造") };
        assert_eq!(keys(&[claim("教育局", "食堂改造"), cell]), [A, A]);
        let torn = Claim { code: Some(A.to_owned()), ..with(B, "食堂改造") };
        assert_eq!(keys(&[torn]), ["教育局 / 食堂改造"]);
    }

    #[test]
    fn one_code_for_a_project_that_has_none_in_the_ledger_is_its_own_and_two_are_not() {
        let ledger = ledger();
        let registry = Registry { roster: None, ledger: Some(&ledger) };
        let with = |code: &str| claim("教育局", &format!("{code}-农村学生营养改善计划"));
        let key = "教育局 / 农村学生营养改善计划".to_owned();
        let known = || (key.clone(), "known".to_owned());
        let without = claim("教育局", "农村学生营养改善计划");
        assert_eq!(said(registry, &[with(NEW), without.clone()]), [known(), known()]);
        let other = NEW.replace("99", "98");
        let near = |code: &str| (code.to_owned(), "?农村学生营养改善计划".to_owned());
        assert_eq!(said(registry, &[with(NEW), without, with(&other)]), [near(NEW), known(), near(&other)]);
    }

    /// Unit, code, name, and whether the code stands in a cell of its own.
    type Written = (&'static str, &'static str, &'static str, bool);

    fn written() -> impl Strategy<Value = Vec<Written>> {
        let unit = prop_oneof![Just("教育局"), Just("水务局")];
        let code = prop_oneof![2 => Just(""), 1 => Just(A), 1 => Just(B), 1 => Just(NEW), 1 => Just("XM-07")];
        let name = prop_oneof![
            Just("义务教育学校课桌椅更新"),
            Just("课桌椅项目"),
            Just("校园安防设施改造(二期)"),
            Just("农村学生营养改善计划"),
            Just("食堂改造"),
        ];
        proptest::collection::vec((unit, code, name, any::<bool>()), 1..7)
    }

    fn claims(written: &[Written]) -> Vec<Claim> {
        let one = |(unit, code, name, cell): &Written| match *code {
            "" => claim(unit, name),
            code if *cell => Claim { code: Some(code.to_owned()), ..claim(unit, name) },
            code => claim(unit, &format!("{code}-{name}")),
        };
        written.iter().map(one).collect()
    }

    #[test]
    fn a_unit_that_contradicts_itself_never_counts_as_one_of_the_roster() {
        let sheet = sheet_from_text(
            "名册",
            "部门|单位|单位编码|应报表单\n教育局|教育局|219001|自评\n教育局|第二中学|219002|自评",
        );
        let roster = Roster::read(&[sheet.expect("a valid grid")], "名册.xlsx", &[]).expect("a good roster");
        let registry = Registry { roster: Some(&roster), ledger: None };
        let units = ["219001-第二中学", "219002-第二中学", "999-第二中学", "999-财政所", "财政所"];
        let told: Vec<_> = registry.identify(&units.map(|unit| claim(unit, ""))).into_iter().map(|i| i.unit).collect();
        let keys: Vec<_> = told.iter().map(|unit| (unit.key.as_str(), unit.known)).collect();
        let (yes, no) = (Some(true), Some(false));
        let expected = [("219001-第二中学", no), ("第二中学", yes), ("第二中学", yes), ("财政所", no), ("财政所", no)];
        assert_eq!(keys, expected);
        assert_eq!(told.first().and_then(|unit| unit.suggestion.as_deref()), Some("第二中学"));
    }

    /// Two units that were merged in 2023, of one the old name, and a unit that was renamed.
    fn merged_district() -> (Roster, Ledger) {
        let sheet = |name, text| sheet_from_text(name, text).expect("a valid grid");
        let roster = sheet(
            "名册",
            "部门|单位|曾用名|应报表单|并入单位|撤并年度\n\
             水务局|水务局|水利局|项目支出绩效自评表||\n\
             水务局|水利站|||水务局|2023\n\
             水务局|水保站|||水务局|2023",
        );
        let roster = Roster::read(&[roster], "名册.xlsx", &[]).expect("a good roster");
        let ledger = sheet(
            "台账",
            "项目编码|项目名称|单位|年度|金额\n\
             |清水渠维护|水利站||12\n\
             |站房修缮|水利站||3\n\
             |站房修缮|水保站||5\n\
             |泵站改造|水利局||86\n\
             XM-9|堤防加固|水务局|2022|40\n\
             XM-9|堤防加固提升|水务局|2023|60",
        );
        let ledger = Ledger::read(&[ledger], "台账.xlsx", Some(&roster)).expect("a good ledger");
        (roster, ledger)
    }

    #[test]
    fn merged_and_renamed_units_keep_their_projects_with_and_without_codes() {
        let (roster, ledger) = merged_district();
        let registry = Registry { roster: Some(&roster), ledger: Some(&ledger) };
        let told = |unit: &str, project: &str, year| {
            let claim = Claim { year: Some(year), ..claim(unit, project) };
            let identity = registry.identify(&[claim]).remove(0);
            let project = identity.project.expect("a project");
            (identity.unit.key, project.key, project.known == Some(true))
        };
        let is = |unit: &str, key: &str| (unit.to_owned(), key.to_owned(), true);
        assert_eq!(told("水利站", "清水渠维护", 2022), is("水利站", "水利站 / 清水渠维护"));
        assert_eq!(told("水利站", "清水渠维护", 2023), is("水务局", "水利站 / 清水渠维护"));
        assert_eq!(told("水务局", "清水渠维护", 2023), is("水务局", "水利站 / 清水渠维护"));
        assert_eq!(told("水利局", "泵站改造", 2022), is("水务局", "水务局 / 泵站改造"));
        assert_eq!(told("水保站", "站房修缮", 2022), is("水保站", "水保站 / 站房修缮"));
        // Two units brought a project of this name: nobody knows which one is meant.
        assert_eq!(told("水务局", "站房修缮", 2023), ("水务局".to_owned(), "水务局 / 站房修缮".to_owned(), false));
        for (written, year) in [("堤防加固", 2022), ("堤防加固", 2023), ("XM-9-堤防加固提升", 2022), ("XM-9", 2024)]
        {
            assert_eq!(told("水务局", written, year), is("水务局", "XM-9"), "{written}");
        }
    }

    #[test]
    fn many_units_may_hand_in_under_one_project_and_the_project_counts_once() {
        let (roster, ledger) = merged_district();
        let registry = Registry { roster: Some(&roster), ledger: Some(&ledger) };
        let claims = ["水利站", "水保站", "水务局"].map(|unit| claim(unit, "XM-9-堤防加固"));
        let keys: Vec<(String, String)> = said(registry, &claims);
        assert_eq!(keys, vec![("XM-9".to_owned(), "known".to_owned()); 3]);
    }

    proptest! {
        #[test]
        fn the_order_of_the_forms_changes_nothing(written in written(), turn in 0..7_usize, with_ledger in any::<bool>()) {
            let ledger = ledger();
            let registry = Registry { roster: None, ledger: with_ledger.then_some(&ledger) };
            let turn = turn % written.len();
            let mut turned = written.clone();
            turned.rotate_left(turn);
            turned.reverse();
            let mut told = said(registry, &claims(&turned));
            told.reverse();
            told.rotate_right(turn);
            prop_assert_eq!(said(registry, &claims(&written)), told);
        }

        #[test]
        fn a_form_counts_as_a_project_only_by_its_code_its_unit_and_name_or_an_alias(
            written in written(), with_ledger in any::<bool>(),
        ) {
            let ledger = ledger();
            let registry = Registry { roster: None, ledger: with_ledger.then_some(&ledger) };
            // Only a ledger tells that XM-07 is a code.
            let is_code = |one: &Written| with_ledger || one.1 != "XM-07";
            let written: Vec<Written> = written.into_iter().filter(is_code).collect();
            let known: Vec<String> = ledger.projects().iter().map(Project::key).collect();
            for ((key, state), (unit, code, name, _)) in said(registry, &claims(&written)).into_iter().zip(&written) {
                prop_assert_eq!(with_ledger && known.contains(&key), state == "known", "{} of {:?}", key, written);
                let beside = |other: &&Written| (other.0, other.2) == (*unit, *name) && !other.1.is_empty();
                // Its own pair; with a code that contradicts the name, one that nothing else has.
                let mut reasons = vec![pair_key(unit, name), pair_key(unit, &format!("{code}-{name}"))];
                if !code.is_empty() {
                    reasons.push((*code).to_owned());
                } else {
                    reasons.extend(written.iter().filter(beside).map(|other| other.1.to_owned()));
                }
                reasons.extend(ledger.by_name(unit, name, None).filter(|_| with_ledger).map(Project::key));
                prop_assert!(reasons.contains(&key), "{} of {:?}", key, written);
            }
        }

        #[test]
        fn a_project_typed_differently_is_the_same_project(
            at in 0..4_usize, spaces in any::<u8>(), style in 0..4_usize, coded in 0..3_usize,
        ) {
            let ledger = ledger();
            let project = &ledger.projects()[at];
            let (open, close) = [("（", "）"), ("(", ")"), ("〔", "〕"), ("［", "］")][style];
            let name = project.name.replace('(', open).replace(')', close);
            let gap = |at: usize| if spaces >> (at % 8) & 1 == 1 { "\u{3000}" } else { "" };
            let spaced: String = name.chars().enumerate().map(|(at, c)| format!("{c}{}", gap(at))).collect();
            let written = match coded {
                0 if !project.code.is_empty() => format!("{}-{spaced}", project.code),
                1 if !project.code.is_empty() => format!("[{}] {spaced}", project.code),
                _ => spaced,
            };
            let told = said(Registry { roster: None, ledger: Some(&ledger) }, &[claim(&project.unit, &written)]);
            prop_assert_eq!(told, [(project.key(), "known".to_owned())], "{}", written);
        }
    }
}
