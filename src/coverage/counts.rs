//! Counts of a selection of forms against what was due: by forms, departments, units, projects and money at once.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::count::{Grades, Ratio};
use super::facts::{FormFact, Item, LightFact};
use super::standing::{Due, Line, Standing};
use crate::schema::Stage;

/// What is counted of a selection: everything, a department, a kind of unit, a form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// Forms.
    pub forms: Forms,
    /// 部门.
    pub departments: Covered,
    /// 单位.
    pub units: Covered,
    /// 项目; of a list every line. Forms about units as a whole count as none.
    pub projects: Covered,
    /// 万元, each project or unit once.
    pub money: Money,
    /// 预算数 and 执行数 in 万元 of what tells both.
    pub execution: (Decimal, Decimal),
    /// Of monitoring: the part of that 预算数 due by the calendar (序时进度), and its 执行数.
    pub due_by_month: (Decimal, Decimal),
    /// 质量等级.
    pub grades: Grades,
    /// 质量得分.
    pub score: Mean,
    /// 自评得分.
    pub own_score: Mean,
    /// Forms that scored themselves 100.
    pub perfect: usize,
    /// Forms whose full score is doubtful (满分疑似不实).
    pub suspect: usize,
    /// 指标偏离度 of the forms that have one.
    pub deviation: Mean,
    /// 定量 and 定性 indicators.
    pub indicators: (usize, usize),
    /// 绿灯, 黄灯, 红灯.
    pub lights: [usize; 3],
    /// Rule codes by how often they were found, most first, at most three.
    pub chief_faults: Vec<(String, usize)>,
}

/// Counts of forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Forms {
    /// 应报; 0 without a roster.
    pub due: usize,
    /// 实报: all that came, repeated ones included.
    pub received: usize,
    /// 应报已报: of those due.
    pub delivered: usize,
    /// 按时: of those delivered, on or before the deadline.
    pub on_time: usize,
    /// 逾期: of those delivered, after the deadline.
    pub late: usize,
    /// 审核通过: the grade is enough.
    pub passed: usize,
    /// 退回: those whose grade was not enough, now or before.
    pub returned: usize,
    /// 已整改: of those returned, whose grade is enough now.
    pub corrected: usize,
    /// 多报: that nobody expected, those of strangers included.
    pub surplus: usize,
    /// 重复: of the surplus, that came again.
    pub repeated: usize,
    /// 报错表: of the surplus, another form, year or round than one that the unit still owes.
    pub wrong: usize,
    /// Of the surplus, of units that the roster does not know.
    pub strangers: usize,
}

impl Forms {
    /// 未报.
    #[must_use]
    pub fn missing(&self) -> usize {
        self.due.saturating_sub(self.delivered)
    }

    /// 报送率.
    #[must_use]
    pub fn rate(&self) -> Ratio {
        Ratio::new(self.delivered, self.due)
    }
}

/// Different things that came, and those of the roster against what was due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Covered {
    /// All that came.
    pub received: usize,
    /// Of those due.
    pub part: usize,
    /// Due; 0 without a roster.
    pub whole: usize,
}

impl Covered {
    /// 覆盖率.
    #[must_use]
    pub fn ratio(&self) -> Ratio {
        Ratio::new(self.part, self.whole)
    }
}

/// Money in 万元.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Money {
    /// Of all that came.
    pub received: Decimal,
    /// Of the units of the roster.
    pub part: Decimal,
    /// That the roster expects.
    pub whole: Decimal,
}

/// A sum with how many were summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mean {
    /// The sum.
    pub sum: Decimal,
    /// How many.
    pub count: usize,
}

impl Mean {
    fn add(&mut self, value: Option<Decimal>) {
        if let Some(value) = value {
            self.sum += value;
            self.count += 1;
        }
    }

    /// To two decimals, half up; `None` of nothing.
    #[must_use]
    pub fn mean(&self) -> Option<Decimal> {
        self.rounded(2)
    }

    /// To so many decimals, half up; `None` of nothing.
    #[must_use]
    pub fn rounded(&self, decimals: u32) -> Option<Decimal> {
        let mean = self.sum.checked_div(Decimal::from(self.count))?;
        Some(mean.round_dp_with_strategy(decimals, rust_decimal::RoundingStrategy::MidpointAwayFromZero))
    }
}

/// The money of a thing, as the form of its latest stage tells it.
#[derive(Debug, Clone, Copy)]
struct Told {
    stage: Stage,
    budget: Option<Decimal>,
    executed: Option<Decimal>,
    of_roster: bool,
    month: Option<u8>,
}

/// What the money of a thing is known by: the place, and its key there.
type Thing<'f> = (&'f str, String);

/// Counts being made.
#[derive(Debug, Default)]
pub(super) struct Tally<'f> {
    counts: Counts,
    departments: [BTreeSet<(&'f str, &'f str)>; 3],
    units: [BTreeSet<(&'f str, &'f str)>; 3],
    projects: [BTreeSet<Thing<'f>>; 2],
    money: BTreeMap<Thing<'f>, Told>,
    faults: BTreeMap<&'f str, usize>,
}

/// Chief faults of a selection.
const CHIEF: usize = 3;

const RECEIVED: usize = 0;
const PART: usize = 1;
const WHOLE: usize = 2;

impl<'f> Tally<'f> {
    /// Counts what is due in.
    pub(super) fn expect(&mut self, due: &Due<'f>) {
        let place = due.place;
        self.departments[WHOLE].insert((place, &due.unit.department));
        self.units[WHOLE].insert((place, &due.unit.key));
        if due.delivered > 0 {
            self.departments[PART].insert((place, &due.unit.department));
            self.units[PART].insert((place, &due.unit.key));
        }
        self.counts.forms.due += due.forms;
        self.counts.forms.delivered += due.delivered;
        if due.occasion.subject.is_project() {
            self.counts.projects.whole += due.forms;
            self.counts.projects.part += due.delivered;
        }
        self.counts.money.whole += due.amount;
    }

    /// Counts a form in.
    pub(super) fn add(&mut self, line: &Line<'f>) {
        let form = line.form;
        let forms = &mut self.counts.forms;
        forms.received += 1;
        match line.standing {
            Standing::Delivered | Standing::Free => {}
            Standing::Repeated => (forms.surplus, forms.repeated) = (forms.surplus + 1, forms.repeated + 1),
            Standing::Wrong => (forms.surplus, forms.wrong) = (forms.surplus + 1, forms.wrong + 1),
            Standing::Surplus => forms.surplus += 1,
            Standing::Stranger => (forms.surplus, forms.strangers) = (forms.surplus + 1, forms.strangers + 1),
        }
        match line.on_time {
            Some(true) => forms.on_time += 1,
            Some(false) => forms.late += 1,
            None => {}
        }
        if line.standing != Standing::Repeated {
            self.quality(line);
        }
        let place = line.place;
        self.departments[RECEIVED].insert((place, &form.department));
        self.units[RECEIVED].insert((place, &form.unit_key));
        let of_roster = form.unit_known != Some(false);
        for (at, item) in form.items.iter().enumerate() {
            self.item(line, at, item, of_roster);
        }
    }

    fn quality(&mut self, line: &Line<'f>) {
        let form: &'f FormFact = line.form;
        let counts = &mut self.counts;
        for fault in &form.faults {
            *self.faults.entry(&fault.code).or_default() += fault.count;
        }
        counts.forms.passed += usize::from(form.passed);
        counts.forms.returned += usize::from(line.returned);
        counts.forms.corrected += usize::from(line.returned && form.passed);
        counts.grades.add(form.band);
        counts.score.add(Some(form.score));
        counts.own_score.add(form.own_score);
        counts.perfect += usize::from(form.is_perfect());
        counts.suspect += usize::from(form.suspect);
        counts.deviation.add(form.deviation);
        counts.indicators.0 += form.quantitative;
        counts.indicators.1 += form.qualitative;
        let [green, yellow, red] = &mut counts.lights;
        match form.light {
            Some(LightFact::Green) => *green += 1,
            Some(LightFact::Yellow) => *yellow += 1,
            Some(LightFact::Red) => *red += 1,
            None => {}
        }
    }

    fn item(&mut self, line: &Line<'f>, at: usize, item: &Item, of_roster: bool) {
        let form = line.form;
        let thing = (line.place, form.thing(at, item));
        if form.speaks_of_projects() {
            self.projects[RECEIVED].insert(thing.clone());
            if of_roster {
                self.projects[PART].insert(thing.clone());
            }
        }
        // A project's money is that of its latest stage: the self-evaluation knows the adjusted budget.
        let told =
            Told { stage: form.stage, budget: item.budget, executed: item.executed, of_roster, month: form.month };
        let known = self.money.entry(thing).or_insert(told);
        if told.stage > known.stage && told.budget.is_some() || known.budget.is_none() {
            *known = told;
        }
    }

    /// The counts.
    pub(super) fn finish(self) -> Counts {
        let Self { mut counts, departments, units, projects, money, faults } = self;
        let size = |sets: &[BTreeSet<(&str, &str)>; 3]| Covered {
            received: sets[RECEIVED].len(),
            part: sets[PART].len(),
            whole: sets[WHOLE].len(),
        };
        counts.departments = size(&departments);
        counts.units = size(&units);
        counts.projects.received = projects[RECEIVED].len();
        for told in money.into_values() {
            let amount = told.budget.unwrap_or_default();
            counts.money.received += amount;
            if told.of_roster {
                counts.money.part += amount;
            }
            let (Some(budget), Some(executed)) = (told.budget, told.executed) else { continue };
            counts.execution.0 += budget;
            counts.execution.1 += executed;
            let due = told.month.and_then(|month| budget.checked_mul(month.into())?.checked_div(12.into()));
            if let Some(due) = due {
                counts.due_by_month.0 += due;
                counts.due_by_month.1 += executed;
            }
        }
        let mut faults: Vec<(&str, usize)> = faults.into_iter().collect();
        // Stable: of equally frequent ones the lowest code comes first.
        faults.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        counts.chief_faults = faults.into_iter().take(CHIEF).map(|(code, count)| (code.to_owned(), count)).collect();
        counts
    }
}
