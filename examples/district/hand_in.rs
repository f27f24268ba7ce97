//! Who hands in what, when and how: a year of a district's forms, unit by unit.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use rust_decimal::Decimal;

use crate::books;
use crate::calls::{
    ASSESSMENT, Call, EXANTE, FIRST_MONITORING, Habits, Packing, SECOND_MONITORING, SELF_EVALUATIONS, TARGETS_2022,
    TARGETS_2023, TRANSFERS, schema, whole,
};
use crate::district::{District, Project, Source, UNITS, Unit};
use crate::fill::{Budget, Line};
use crate::forms::{Before, Maker, Order, Paper, Wrong, list};
use crate::lists;
use crate::pack::{Parcel, RECEIVED};
use crate::sheet::LOOKS;
use crate::truth::{Truth, figures};

/// What a unit owes of one form, and when it came.
pub(crate) struct Due {
    pub(crate) unit: usize,
    /// The form as the roster names it.
    pub(crate) form: &'static str,
    pub(crate) year: u16,
    pub(crate) turn: Option<u8>,
    /// Forms about projects, or 1.
    pub(crate) projects: usize,
    pub(crate) amount: Option<Decimal>,
    pub(crate) deadline: &'static str,
    /// `None` for what did not come.
    pub(crate) received: Option<String>,
}

/// A unit whose indicators another copies, or it itself for a project of another kind. Their kind of work is nobody else's.
const COPIES: [(usize, usize); 8] = [(2, 2), (5, 5), (7, 7), (9, 9), (13, 13), (1, 21), (3, 38), (8, 52)];
/// Units that do not hand in the second monitoring.
const SILENT: [usize; 3] = [10, 46, 88];
/// A department that does not hand in its first monitoring.
const SILENT_DEPARTMENT: usize = 14;
/// Units that hand a form in twice.
const TWICE: [usize; 5] = [3, 22, 51, 66, 90];

/// Makes districts.
pub(crate) struct Office {
    maker: Maker,
}

/// A district being written.
struct Desk<'a> {
    office: &'a Office,
    district: &'a District,
    root: &'a Path,
    truth: Truth,
    dues: Vec<Due>,
    /// 万元 of departments as a whole, by unit and year.
    whole: BTreeMap<(usize, u16), Decimal>,
}

impl Office {
    pub(crate) fn new() -> Self {
        let schemas = [
            "goal.project.v1",
            "goal.project.v2",
            "goal.list",
            "goal.dept",
            "monitor.project",
            "monitor.dept",
            "selfeval.project.v1",
            "selfeval.project.v2",
            "selfeval.project.sc",
            "selfeval.project.hb",
            "selfeval.list",
            "selfeval.dept",
            "selfeval.transfer",
            "selfeval.transfer.v2",
            "exante.project",
            "assessment.unit",
        ];
        Self { maker: Maker::new(&schemas) }
    }

    /// Writes a district into a folder; what is true of it.
    pub(crate) fn write(&self, number: usize, seed: u64, root: &Path) -> Result<Truth> {
        let district = District::new(number, seed);
        fs::create_dir_all(root).with_context(|| format!("cannot make {}", root.display()))?;
        let truth = Truth { region: district.region.clone(), figures: figures(), ..Truth::default() };
        let mut desk =
            Desk { office: self, district: &district, root, truth, dues: Vec::new(), whole: whole_budgets(&district) };
        for unit in 0..district.units.len() {
            desk.unit(unit).with_context(|| district.units[unit].name.clone())?;
        }
        desk.bureau()?;
        books::write(&district, &desk.dues, root)?;
        desk.truth.write(&root.join("真值.json"))?;
        Ok(desk.truth)
    }
}

/// What departments spend in all: their projects, and people and running costs besides. That of 2021 is the seed's.
fn whole_budgets(district: &District) -> BTreeMap<(usize, u16), Decimal> {
    let mut budgets = BTreeMap::new();
    for (year, total) in [(2021, 173_382), (2022, 181_460), (2023, 190_275)] {
        let exists = |unit: &Unit| unit.is_head() && (year == 2021 || unit.merged_into.is_none());
        let heads: Vec<usize> = (0..district.units.len()).filter(|at| exists(&district.units[*at])).collect();
        let projects: Decimal = heads.iter().map(|head| district.project_money(*head, year)).sum();
        let mut chance = district.chance(&format!("whole {year}"));
        let basics = chance.amounts(Decimal::from(total) - projects, heads.len(), Decimal::from(180));
        for (head, basic) in heads.into_iter().zip(basics) {
            budgets.insert((head, year), basic + district.project_money(head, year));
        }
    }
    budgets
}

impl Desk<'_> {
    fn unit(&mut self, at: usize) -> Result<()> {
        let district = self.district;
        let unit = &district.units[at];
        let habits = self.habits(at);
        let short = unit.aliases.first().cloned().unwrap_or_default();
        let (folder, archive) = match habits.archive {
            true => (self.folder(at), Some((format!("{short}绩效材料.zip"), BTreeMap::new()))),
            false => (format!("{}/{short}", self.folder(at)), None),
        };
        let mut parcel = Parcel { root: self.root, folder, archive, look: habits.look };
        self.projects(at, &SELF_EVALUATIONS, Source::Own, &habits, &mut parcel, &mut BTreeMap::new())?;
        self.projects(at, &TRANSFERS, Source::Transfer, &habits, &mut parcel, &mut BTreeMap::new())?;
        if unit.merged_into.is_none() {
            let mut before = BTreeMap::new();
            self.projects(at, &TARGETS_2022, Source::Own, &habits, &mut parcel, &mut before)?;
            for call in [&FIRST_MONITORING, &SECOND_MONITORING] {
                self.projects(at, call, Source::Own, &habits, &mut parcel, &mut before)?;
            }
            self.projects(at, &TARGETS_2023, Source::Own, &habits, &mut parcel, &mut BTreeMap::new())?;
            self.exante(at, &habits, &mut parcel)?;
        }
        if unit.is_head() {
            self.whole(at, &SELF_EVALUATIONS, &habits, &mut parcel, &mut Before::default())?;
            if unit.merged_into.is_none() {
                let mut before = Before::default();
                for call in [&TARGETS_2022, &FIRST_MONITORING, &SECOND_MONITORING] {
                    self.whole(at, call, &habits, &mut parcel, &mut before)?;
                }
                self.whole(at, &TARGETS_2023, &habits, &mut parcel, &mut Before::default())?;
            }
        }
        if at % 31 == 17 {
            parcel.save(&format!("~${short}绩效目标申报表.xlsx"), vec![0; 165])?;
        }
        parcel.close()
    }

    /// Folder of the unit's department.
    fn folder(&self, at: usize) -> String {
        let unit = &self.district.units[at];
        let head = self.district.units.iter().find(|head| head.name == unit.department).unwrap_or(unit);
        let bare = head.name.strip_prefix(&self.district.region).unwrap_or(&head.name);
        format!("{}-{bare}", head.code.get(..3).unwrap_or_default())
    }

    fn habits(&self, at: usize) -> Habits {
        let mut chance = self.district.chance(&format!("habits {at}"));
        let copies = COPIES.iter().any(|(from, to)| at == *from || at == *to);
        let packing = match chance.pick(20) {
            _ if copies => Packing::Workbooks,
            0..8 => Packing::Workbooks,
            8..11 => Packing::Templates,
            11..16 => Packing::Sheets,
            _ => Packing::List,
        };
        Habits {
            packing,
            look: chance.pick(LOOKS.len()),
            layout: if copies { 0 } else { chance.pick(20) },
            yuan: chance.happens(9) && !copies,
            casual: chance.happens(45),
            archive: chance.happens(9),
        }
    }

    /// The forms about a unit's projects.
    fn projects(
        &mut self,
        at: usize,
        call: &Call,
        source: Source,
        habits: &Habits,
        parcel: &mut Parcel<'_>,
        before: &mut BTreeMap<usize, Before>,
    ) -> Result<()> {
        let projects = self.district.of_unit(at, call.year, source);
        if projects.is_empty() {
            return Ok(());
        }
        let amounts = projects.iter().filter_map(|project| self.district.projects[*project].amounts.get(&call.year));
        let silent = call.turn == Some(2) && SILENT.contains(&at);
        self.owe(at, call, call.form, projects.len(), Some(amounts.sum()), silent);
        if silent {
            return Ok(());
        }
        let schema = schema(call, habits);
        let mut papers = Vec::new();
        for (nth, project) in projects.iter().enumerate() {
            papers.push(self.project(at, *project, nth, call, schema, habits, before));
        }
        self.truth.forms += papers.len();
        self.pack(at, call, schema, habits, papers, parcel)
    }

    /// One form about a project.
    #[expect(clippy::too_many_arguments, reason = "all of them are what the form is about")]
    fn project(
        &mut self,
        at: usize,
        project: usize,
        nth: usize,
        call: &Call,
        schema: &'static str,
        habits: &Habits,
        before: &mut BTreeMap<usize, Before>,
    ) -> Paper {
        let Project { amounts, new_in, evaluated, theme, .. } = &self.district.projects[project];
        let total = amounts.get(&call.year).copied().unwrap_or_default();
        let known = before.entry(project).or_default();
        let of_2023 = std::ptr::eq(call, &TARGETS_2023);
        let is_first = |own| of_2023 && self.district.first_of_2023(at, own) == Some(project);
        let lender = COPIES.iter().find(|(_, to)| at == *to && is_first(false)).map(|(from, _)| *from);
        let lent = lender.and_then(|unit| self.lent(unit));
        // Numbers aside the goals of a unit's projects of one kind say the same: what copies one copies all.
        let lends = of_2023 && COPIES.iter().any(|(from, _)| at == *from) && !theme.of.is_empty();
        let yuan = habits.yuan && of_2023 && schema != "goal.list";
        let mut chance = self.district.chance(&format!("faults {} {project}", call.deadline));
        let faults = match chance.pick(100) {
            // What follows a target must not contradict it; copies and what is copied stay as they are.
            _ if call.year == 2022 && call.turn.is_none() || yuan || lends || lent.is_some() => 0,
            _ if habits.packing == Packing::Templates => 0,
            0..36 => 1,
            36..40 => 3 + chance.pick(4),
            40..43 => 9 + chance.pick(6),
            _ => 0,
        };
        let order = Order {
            schema,
            year: call.year,
            month: call.month,
            unit: at,
            project: Some(project),
            budget: Budget { total, projects: Decimal::ZERO, spent: known.spent },
            before: &known.lines,
            is_followed: call.year == 2022,
            copied: lent.as_ref().map(|(project, lines)| (*project, lines.as_slice())),
            faults,
            yuan,
            casual: habits.casual,
            day: call.day.to_owned(),
        };
        let (mut paper, now) = self.office.maker.form(self.district, &order);
        let beside = |code, what: &str, companions: &[&'static str]| Wrong {
            code,
            what: what.to_owned(),
            cell: None,
            companions: companions.to_vec(),
            round: true,
        };
        if lent.is_some() {
            let code = if lender == Some(at) { "X102" } else { "X103" };
            paper.faults.push(beside(code, "the indicators are those of another project", &["X105"]));
        }
        if lends {
            paper.faults.push(beside("X105", "the goal is what another project copied", &["X102", "X103"]));
        }
        if of_2023 && habits.packing == Packing::Workbooks && nth == 0 && TWICE.contains(&at) {
            paper.faults.push(beside("X101", "the form comes twice", &[]));
        }
        if of_2023 && *new_in == Some(2023) && total >= Decimal::from(200) && !evaluated {
            paper.faults.push(beside("X132", "a large new project without its ex-ante evaluation", &[]));
        }
        *known = now;
        paper
    }

    /// The project of a unit that others copy, and its indicators.
    fn lent(&self, at: usize) -> Option<(usize, Vec<Line>)> {
        let project = self.district.first_of_2023(at, true)?;
        let habits = self.habits(at);
        let order = Order {
            schema: schema(&TARGETS_2023, &habits),
            year: 2023,
            month: 0,
            unit: at,
            project: Some(project),
            budget: Budget {
                total: self.district.projects[project].amounts.get(&2023).copied()?,
                projects: Decimal::ZERO,
                spent: Decimal::ZERO,
            },
            before: &[],
            is_followed: false,
            copied: None,
            faults: 0,
            yuan: false,
            casual: habits.casual,
            day: TARGETS_2023.day.to_owned(),
        };
        Some((project, self.office.maker.form(self.district, &order).1.lines))
    }

    /// Packs the forms of a unit as it is used to.
    fn pack(
        &mut self,
        at: usize,
        call: &Call,
        schema: &str,
        habits: &Habits,
        papers: Vec<Paper>,
        parcel: &mut Parcel<'_>,
    ) -> Result<()> {
        let short = self.district.units[at].aliases.first().cloned().unwrap_or_default();
        let stem = format!("{}年{}", call.year, call.file);
        let twice = TWICE.contains(&at) && std::ptr::eq(call, &TARGETS_2023);
        match habits.packing {
            Packing::List | Packing::Sheets if schema.ends_with(".list") => {
                let Some(paper) = list(papers) else { return Ok(()) };
                parcel.workbook(&format!("{short}{stem}（一览表）.xlsx"), &[paper], &mut self.truth)?;
            }
            Packing::Sheets | Packing::List => {
                parcel.workbook(&format!("{short}{stem}.xlsx"), &papers, &mut self.truth)?;
            }
            Packing::Workbooks | Packing::Templates => {
                for (number, paper) in (1..).zip(&papers) {
                    let file = match habits.look {
                        0 => format!("{stem}/{number}.{}.xlsx", paper.title),
                        1 => format!("{stem}-{}.xlsx", paper.title),
                        _ => format!("{stem}/{short}{}{}.xlsx", paper.title, call.file),
                    };
                    if habits.packing == Packing::Templates {
                        parcel.official(&file, paper, &mut self.truth)?;
                        continue;
                    }
                    let bytes = parcel.workbook(&file, std::slice::from_ref(paper), &mut self.truth)?;
                    if twice && number == 1 {
                        let file = format!("补报/{short}{}（再报）.xlsx", paper.title);
                        parcel.again(&file, bytes, paper, &mut self.truth)?;
                        self.truth.forms += 1;
                    }
                }
            }
        }
        Ok(())
    }

    /// A form about a department as a whole.
    fn whole(
        &mut self,
        at: usize,
        call: &Call,
        habits: &Habits,
        parcel: &mut Parcel<'_>,
        before: &mut Before,
    ) -> Result<()> {
        let (schema, title) = whole(call);
        let total = self.whole.get(&(at, call.year)).copied().unwrap_or_default();
        let silent = call.turn == Some(1) && at == SILENT_DEPARTMENT;
        self.owe(at, call, title, 1, None, silent);
        if silent {
            return Ok(());
        }
        let mut chance = self.district.chance(&format!("faults {title} {} {at}", call.deadline));
        let planted = call.year != 2022 || call.turn.is_some();
        let projects = self.district.project_money(at, call.year);
        let order = Order {
            schema,
            year: call.year,
            month: call.month,
            unit: at,
            project: None,
            budget: Budget { total, projects, spent: before.spent },
            before: &before.lines,
            is_followed: call.year == 2022,
            copied: None,
            faults: usize::from(planted && chance.happens(30)),
            yuan: false,
            casual: habits.casual,
            day: call.day.to_owned(),
        };
        let (paper, now) = self.office.maker.form(self.district, &order);
        *before = now;
        self.truth.forms += 1;
        let short = self.district.units[at].aliases.first().cloned().unwrap_or_default();
        let file = format!("{short}{}年部门整体{}.xlsx", call.year, call.file);
        parcel.workbook(&file, &[paper], &mut self.truth)?;
        Ok(())
    }

    /// The ex-ante evaluations of large new projects.
    fn exante(&mut self, at: usize, habits: &Habits, parcel: &mut Parcel<'_>) -> Result<()> {
        let short = self.district.units[at].aliases.first().cloned().unwrap_or_default();
        let large: Vec<usize> = self
            .district
            .of_unit(at, 2023, Source::Own)
            .into_iter()
            .filter(|project| {
                let Project { amounts, new_in, .. } = &self.district.projects[*project];
                *new_in == Some(2023) && amounts.get(&2023).is_some_and(|amount| *amount >= Decimal::from(200))
            })
            .collect();
        if large.is_empty() {
            return Ok(());
        }
        let came: Vec<usize> = large.iter().copied().filter(|at| self.district.projects[*at].evaluated).collect();
        self.owe(at, &EXANTE, EXANTE.form, large.len(), None, came.is_empty());
        for project in came {
            let total = self.district.projects[project].amounts.get(&2023).copied().unwrap_or_default();
            let order = Order {
                schema: "exante.project",
                year: 2023,
                month: 0,
                unit: at,
                project: Some(project),
                budget: Budget { total, projects: Decimal::ZERO, spent: Decimal::ZERO },
                before: &[],
                is_followed: false,
                copied: None,
                faults: 0,
                yuan: false,
                casual: habits.casual,
                day: EXANTE.day.to_owned(),
            };
            let (paper, _) = self.office.maker.form(self.district, &order);
            self.truth.forms += 1;
            let file = format!("{short}{}事前绩效评估表.xlsx", paper.title);
            parcel.workbook(&file, &[paper], &mut self.truth)?;
        }
        Ok(())
    }

    /// Notes what is due.
    fn owe(
        &mut self,
        at: usize,
        call: &Call,
        form: &'static str,
        projects: usize,
        amount: Option<Decimal>,
        silent: bool,
    ) {
        let late = self.district.chance(&format!("late {at} {form} {}", call.deadline)).happens(8);
        let received = if late { call.late } else { call.in_time };
        self.dues.push(Due {
            unit: at,
            form,
            year: call.year,
            turn: call.turn,
            projects,
            amount,
            deadline: call.deadline,
            received: (!silent).then(|| received.to_owned()),
        });
    }

    /// What the bureau itself keeps: its lists, its examinations of units, and what is no form.
    fn bureau(&mut self) -> Result<()> {
        let region = &self.district.region;
        let Some(bureau) = self.district.units.iter().position(|unit| unit.name == format!("{region}财政局")) else {
            return Ok(());
        };
        let folder = format!("{}/绩效股", self.folder(bureau));
        let mut parcel = Parcel { root: self.root, folder, archive: None, look: 0 };
        parcel.save("2022年专项债券项目事前绩效评估清单.xlsx", lists::bonds(self.district)?)?;
        parcel.save("2022年财政重点绩效评价计划表.xlsx", lists::evaluations(self.district)?)?;
        let call = Call { ..ASSESSMENT };
        self.owe(bureau, &call, "专项债券项目事前绩效评估清单", 1, None, false);
        self.owe(bureau, &call, "财政重点绩效评价计划表", 1, None, false);
        self.truth.forms += 2;
        for at in (0..UNITS).step_by(8) {
            self.owe(at, &ASSESSMENT, ASSESSMENT.form, 1, None, false);
            let order = Order {
                schema: "assessment.unit",
                year: 2022,
                month: 0,
                unit: at,
                project: None,
                budget: Budget { total: Decimal::ZERO, projects: Decimal::ZERO, spent: Decimal::ZERO },
                before: &[],
                is_followed: false,
                copied: None,
                faults: 0,
                yuan: false,
                casual: false,
                day: ASSESSMENT.day.to_owned(),
            };
            let (paper, _) = self.office.maker.form(self.district, &order);
            self.truth.forms += 1;
            let file = format!("考核/{}{}.xlsx", self.district.units[at].name, ASSESSMENT.file);
            parcel.workbook(&file, &[paper], &mut self.truth)?;
        }
        parcel.save("通讯录.xlsx", lists::contacts(self.district)?)?;
        parcel.save("收件说明.txt", format!("{RECEIVED}材料由绩效股登记。\n").into_bytes())
    }
}
