//! The forms of a district, filled in: one a project or unit, with what the unit got wrong.

use std::collections::{BTreeMap, BTreeSet};

use jixiao::address::{CellRange, CellRef};
use jixiao::policy::Policy;
use jixiao::schema::concept::{self, amount, field};
use jixiao::schema::{Catalog, FieldKind, Stage};
use jixiao::template::{self, Entry, Kind, Look, Options, Plan, Role};
use rust_decimal::Decimal;

use crate::chance::Chance;
use crate::district::{District, Source, Unit};
use crate::fill::{Budget, Case, Dice, Filled, Line, fill};
use crate::names::person;
use crate::plant::{PLANTERS, Place, Planted};
use crate::sheet::Drawing;
use crate::trades::Trade;

/// A form as it is handed in.
pub(crate) struct Paper {
    pub(crate) drawing: Drawing,
    pub(crate) faults: Vec<Wrong>,
    /// What its sheet and its file are called: the project, or the form.
    pub(crate) title: String,
}

/// A fault of a form.
#[derive(Clone)]
pub(crate) struct Wrong {
    pub(crate) code: &'static str,
    pub(crate) what: String,
    /// `None` for a form as a whole.
    pub(crate) cell: Option<CellRef>,
    pub(crate) companions: Vec<&'static str>,
    /// Whether it shows only beside other forms.
    pub(crate) round: bool,
}

/// What a form is asked for with.
pub(crate) struct Order<'a> {
    /// Id of the schema.
    pub(crate) schema: &'static str,
    pub(crate) year: u16,
    /// The last month covered, of monitoring.
    pub(crate) month: u32,
    pub(crate) unit: usize,
    /// The project, of a form about one.
    pub(crate) project: Option<usize>,
    pub(crate) budget: Budget,
    /// The indicators of the form before.
    pub(crate) before: &'a [Line],
    /// Whether a monitoring form follows, which has room for one indicator of each class.
    pub(crate) is_followed: bool,
    /// The project whose indicators and goal are copied, with these.
    pub(crate) copied: Option<(usize, &'a [Line])>,
    /// How many faults are planted.
    pub(crate) faults: usize,
    /// Whether amounts are written in 元.
    pub(crate) yuan: bool,
    /// Whether names are written as people say them.
    pub(crate) casual: bool,
    /// The day on the form.
    pub(crate) day: String,
}

/// What the next form of a project or unit follows.
#[derive(Clone, Default)]
pub(crate) struct Before {
    pub(crate) lines: Vec<Line>,
    /// 万元 spent so far.
    pub(crate) spent: Decimal,
}

/// Faults that change what a form is counted by or under.
const UNCOUNTABLE: [(&str, &str); 3] =
    [("C101", "the project has no name"), ("F101", "the year is blank"), ("V116", "")];

/// Faults that a monitoring form can have without contradicting the approved target.
const BEHIND: [&str; 5] = ["C301", "L306", "A101", "V111", "V112"];

/// Rows of a project in a list as it is printed.
const LIST_ROWS: u32 = 8;

/// Makes forms.
pub(crate) struct Maker {
    /// By schema and month: filled in as an example.
    specimens: BTreeMap<(&'static str, u32), Plan>,
}

impl Maker {
    /// Prepares the forms of these schemas, of monitoring once for each month.
    pub(crate) fn new(schemas: &[&'static str]) -> Self {
        let policy = Policy::embedded("national").expect("a built-in policy");
        let mut specimens = BTreeMap::new();
        for id in schemas {
            let Some(schema) = Catalog::embedded().schemas.iter().find(|schema| schema.id == *id) else { continue };
            let months: &[u32] = if schema.stage == Stage::Monitoring { &[7, 10] } else { &[0] };
            for month in months {
                let options = Options { month: Some(*month).filter(|month| *month > 0), ..Options::default() };
                let plan = template::specimen(&template::plan(schema, &policy, &options));
                specimens.insert((*id, *month), plan);
            }
        }
        Self { specimens }
    }

    /// A filled form, and what the one that follows must know of it.
    pub(crate) fn form(&self, district: &District, order: &Order<'_>) -> (Paper, Before) {
        let unit = &district.units[order.unit];
        let project = order.project.map(|at| &district.projects[at]);
        let what = project.map_or(unit.name.as_str(), |project| project.name.as_str());
        let whose = format!("{} {} {}", order.unit, what, order.year);
        let mut chance = district.chance(&format!("{whose} {} {}", order.schema, order.month));
        let specimen = &self.specimens[&(order.schema, order.month)];

        let theme = match (order.copied, project) {
            (Some((other, _)), _) => district.projects[other].theme,
            (None, Some(project)) => project.theme,
            (None, None) => unit.theme(),
        };
        let (indicators, names) = (theme.indicators(), Names::of(district, order, &mut chance));
        let trade = Trade {
            unit: &names.unit,
            department: &names.department,
            project: &names.project,
            indicators: &indicators,
        };
        let before = order.copied.map_or(order.before, |(_, lines)| lines);
        let year = u32::from(order.year);
        let case = Case {
            trade: &trade,
            year,
            budget: Some(order.budget),
            before,
            month: order.month,
            sparse: order.is_followed,
        };
        let numbers = chance.numbers();
        let mut filled = fill(specimen, &case, &mut Dice::new(&numbers));
        sign(&mut filled, unit, order, &mut chance);
        if let Some(project) = project {
            let written = Some(&project.code).filter(|code| !code.is_empty() && !chance.happens(8));
            let code = Role::Field(field::PROJECT_CODE.to_owned());
            filled.set(&code, written.map(|code| Entry::Text(code.clone())));
        }
        if order.schema == "goal.dept" {
            tasks(&mut filled, district, order);
        }
        filled.settle();
        if order.yuan {
            in_yuan(&mut filled);
        }
        let mut before =
            Before { lines: filled.lines.clone(), spent: filled.total(amount::EXECUTED).unwrap_or_default() };
        if filled.plan.schema.stage == Stage::Target {
            before.lines.iter_mut().for_each(|line| line.actual = Decimal::ZERO);
        }
        let (planted, faults) = spoil(filled, order, &mut chance);
        let mut faults = faults;
        faults.extend(uncoded(&planted));
        let typed = planted.typed || chance.happens(60);
        let drawing = Drawing { plan: planted.filled.plan, faults: planted.faults, typed };
        let title = project.map_or_else(|| drawing.plan.schema.title.clone(), |project| project.name.clone());
        (Paper { drawing, faults, title }, before)
    }
}

/// The blank box for the code of a project that has none, or whose code is not known at the unit.
fn uncoded(planted: &Planted) -> Option<Wrong> {
    let role = Role::Field(field::PROJECT_CODE.to_owned());
    let plan = &planted.filled.plan;
    let is_blank = |input: &&template::Input| input.role == role && input.value.is_none();
    plan.inputs().map(|(_, input)| input).find(is_blank)?;
    let cell = plan.place(&role).map(|range| range.start);
    let what = "the project has no code".to_owned();
    Some(Wrong { code: "C102", what, cell, companions: Vec::new(), round: false })
}

/// Unit, department and project as the form writes them.
struct Names {
    unit: String,
    department: String,
    project: String,
}

impl Names {
    fn of(district: &District, order: &Order<'_>, chance: &mut Chance) -> Self {
        let unit = &district.units[order.unit];
        let head = district.units.iter().find(|head| head.name == unit.department).unwrap_or(unit);
        let project = order.project.map(|at| &district.projects[at]);
        let mut written = project.map(|project| project.name.clone()).unwrap_or_default();
        if let Some(project) = project.filter(|project| !project.code.is_empty() && order.casual && chance.happens(40))
        {
            written = format!("{}-{written}", project.code);
        }
        let mut name = |unit: &Unit| match chance.pick(if order.casual { 4 } else { 1 }) {
            1 => format!("{}-{}", unit.code, unit.name),
            2 | 3 => chance.one_of(&unit.aliases).clone(),
            _ => unit.name.clone(),
        };
        Self { unit: name(unit), department: name(head), project: written }
    }
}

/// Who filled the form in and when.
fn sign(filled: &mut Filled, unit: &Unit, order: &Order<'_>, chance: &mut Chance) {
    let at = Chance::of(0, &[&unit.name]).pick(256);
    let people = [("contact", person(at)), ("finance_contact", person(at + 91)), ("preparer", person(at + 37))];
    let phone = format!("888{:05}", chance.pick(90_000) + 1_000);
    let others = [("phone", phone), ("report_date", order.day.clone()), ("evaluation_date", order.day.clone())];
    for (id, text) in people.into_iter().chain(others) {
        filled.set(&Role::Field(id.to_owned()), Some(Entry::Text(text)));
    }
}

/// The chief tasks of a department: its largest projects, the others, and what is no project.
fn tasks(filled: &mut Filled, district: &District, order: &Order<'_>) {
    let units = district.units_of(order.unit);
    let mut own: Vec<(Decimal, &str)> = district
        .projects
        .iter()
        .filter(|project| project.source == Source::Own && units.contains(&project.unit))
        .filter_map(|project| Some((*project.amounts.get(&order.year)?, project.name.as_str())))
        .collect();
    own.sort_by(|a, b| b.cmp(a));
    let mut tasks: Vec<(String, String, Decimal)> = own
        .iter()
        .take(2)
        .map(|(amount, name)| ((*name).to_owned(), format!("按实施方案完成{name}的年度任务"), *amount))
        .collect();
    let rest: Decimal = own.iter().skip(2).map(|(amount, _)| *amount).sum();
    if !rest.is_zero() {
        tasks.push(("其他项目".to_owned(), format!("完成其余{}个项目的年度任务", own.len() - 2), rest));
    }
    let basic = order.budget.total - order.budget.projects;
    tasks.push(("机关运转".to_owned(), "保障人员工资和日常公用支出".to_owned(), basic));
    for row in 0..4 {
        let task = tasks.get(row);
        let other = task.map(|(.., amount)| (*amount * Decimal::new(i64::from(row == 0) * 4, 2)).round_dp(2));
        let number = |number: Option<Decimal>| number.map(|number| Entry::Number(number.normalize()));
        let cells = [
            ("task", task.map(|(name, ..)| Entry::Text(name.clone()))),
            ("content", task.map(|(_, content, _)| Entry::Text(content.clone()))),
            ("amount", number(task.map(|(.., amount)| *amount))),
            ("fiscal", number(task.zip(other).map(|((.., amount), other)| *amount - other))),
            ("other", number(other)),
        ];
        for (column, entry) in cells {
            filled.set(&Role::Row { table: "tasks".to_owned(), row, column: column.to_owned(), class: None }, entry);
        }
    }
}

/// Writes the money in 元.
fn in_yuan(filled: &mut Filled) {
    for piece in &mut filled.plan.pieces {
        match &mut piece.kind {
            Kind::Text { text, look: Look::Label | Look::Line | Look::Remark | Look::Caption } => {
                *text = text.replace("万元", "元");
            }
            Kind::Input(input) if input.kind == FieldKind::Amount => {
                let is_money = matches!(&input.role, Role::Cell { grid, .. } if grid == concept::FUNDING);
                if let Some(Entry::Number(number)) = input.value.as_mut().filter(|_| is_money) {
                    *number = (*number * Decimal::from(10_000)).normalize();
                }
            }
            _ => {}
        }
    }
    filled.settle();
}

/// Plants faults, none of which touches another's cells.
fn spoil(filled: Filled, order: &Order<'_>, chance: &mut Chance) -> (Planted, Vec<Wrong>) {
    let mut planted = Planted::new(filled);
    let mut faults: Vec<Wrong> = Vec::new();
    let first = chance.pick(PLANTERS.len());
    let behind = !order.before.is_empty();
    for planter in PLANTERS.iter().cycle().skip(first).take(PLANTERS.len()) {
        if faults.len() == order.faults {
            break;
        }
        let uncountable =
            UNCOUNTABLE.iter().any(|(code, what)| planter.code == *code && planter.what.starts_with(what));
        let known = faults.iter().any(|fault| fault.code == planter.code);
        // Less than was spent by July is no fault of its own.
        let fell = order.month > 7 && planter.code == "L306";
        if uncountable || fell || known || behind && !BEHIND.contains(&planter.code) {
            continue;
        }
        let mut tried = planted.clone();
        let Some(place) = (planter.plant)(&mut tried) else { continue };
        tried.filled.settle();
        let cell = match place {
            Place::Cell(at) => Some(at),
            Place::Form => None,
        };
        let changed = changes(&planted, &tried);
        let touches = |fault: &Wrong| fault.cell.is_some_and(|at| changed.contains(&at));
        let lies_within = cell.is_none() && !faults.is_empty();
        if faults.iter().any(touches) || lies_within {
            continue;
        }
        planted = tried;
        let companions = planter.companions.to_vec();
        faults.push(Wrong { code: planter.code, what: planter.what.to_owned(), cell, companions, round: false });
    }
    (planted, faults)
}

/// The cells that say something else.
fn changes(before: &Planted, after: &Planted) -> BTreeSet<CellRef> {
    let (old, new) = (before.filled.plan.drawn(), after.filled.plan.drawn());
    let mut all: BTreeSet<CellRef> = before.filled.plan.pieces.iter().map(|piece| piece.range.start).collect();
    all.retain(|at| old.shown(*at) != new.shown(*at) || before.faults.get(at) != after.faults.get(at));
    all
}

/// Several projects as one list, as a system prints it.
pub(crate) fn list(papers: Vec<Paper>) -> Option<Paper> {
    let first = papers.first()?;
    let mut plan = first.drawing.plan.clone();
    let body = |plan: &Plan| {
        let rows = plan.pieces.iter().filter(|piece| matches!(piece.role(), Some(Role::Row { row: 0, .. })));
        rows.map(|piece| piece.range.start.row).min()
    };
    let top = body(&plan)?;
    let end = plan
        .pieces
        .iter()
        .filter(|piece| matches!(piece.role(), Some(Role::Row { .. })))
        .map(|piece| piece.range.end.row)
        .max()?
        + 1;
    let used = u32::try_from(
        first.drawing.plan.inputs().filter(|(_, input)| is_name(&input.role) && input.value.is_some()).count(),
    )
    .ok()?;
    let (mut pieces, mut rows) = (Vec::new(), Vec::new());
    let (mut faults, mut wrongs) = (BTreeMap::new(), Vec::new());
    pieces.extend(plan.pieces.iter().filter(|piece| piece.range.start.row < top).cloned());
    rows.extend(plan.rows.iter().take(usize::try_from(top).ok()?));
    let mut next = top;
    for paper in papers {
        // What is planted in the head belongs to all of them.
        let moved = |at: CellRef| if at.row < top { at } else { CellRef::new(at.row - top + next, at.col) };
        for piece in &paper.drawing.plan.pieces {
            let (start, end) = (piece.range.start, piece.range.end);
            if start.row < top || start.row >= top + used {
                continue;
            }
            let end = CellRef::new(end.row.min(top + used - 1), end.col);
            let mut piece = piece.clone();
            piece.range = CellRange::new(moved(start), moved(end));
            pieces.push(piece);
        }
        rows.extend(paper.drawing.plan.rows.iter().skip(usize::try_from(top).ok()?).take(usize::try_from(used).ok()?));
        faults.extend(paper.drawing.faults.into_iter().map(|(at, cell)| (moved(at), cell)));
        wrongs.extend(paper.faults.into_iter().map(|fault| Wrong { cell: fault.cell.map(moved), ..fault }));
        next += used;
    }
    for piece in plan.pieces.iter().filter(|piece| piece.range.start.row >= end) {
        let moved = |at: CellRef| CellRef::new(at.row - end + next, at.col);
        let mut piece = piece.clone();
        piece.range = CellRange::new(moved(piece.range.start), moved(piece.range.end));
        pieces.push(piece);
    }
    rows.extend(plan.rows.iter().skip(usize::try_from(end).ok()?));
    (plan.pieces, plan.rows) = (pieces, rows);
    let title = plan.schema.title.clone();
    Some(Paper { drawing: Drawing { plan, faults, typed: true }, faults: wrongs, title })
}

fn is_name(role: &Role) -> bool {
    matches!(role, Role::Row { table, row, column, .. }
        if table == concept::INDICATORS && column == concept::column::LEVEL3 && *row < LIST_ROWS as usize)
}
