//! A form filled in correctly by construction: sums of their parts, rates and scores as the policy says, targets that the
//! goal names, a reason wherever something was missed.

use std::collections::BTreeMap;

use jixiao::schema::concept::{self, amount, column, field, line, subclass};
use jixiao::schema::{FieldKind, Stage};
use jixiao::template::{Entry, Input, Kind, Plan, Role};
use rust_decimal::Decimal;

use crate::trades::{Indicator, TRADES, Trade};

/// Reasons that explain something.
const REASONS: [&str; 3] = [
    "受连续阴雨影响，部分工作推迟到次年一季度完成，已调整进度计划并落实责任人。",
    "供货单位八月停产，到货比合同晚两个月，已更换供货单位，次年二月前补齐。",
    "两个点位的场地移交较晚，未能按原计划实施，已与属地协商，次年三月前完成。",
];

/// Numbers that decide; the same numbers give the same form.
pub(crate) struct Dice<'a> {
    numbers: &'a [u16],
    at: usize,
}

impl Case<'_> {
    /// The indicator as it stood before.
    fn before(&self, indicator: &Indicator) -> Option<&Line> {
        self.before.iter().find(|line| line.name == indicator.name)
    }
}

impl<'a> Dice<'a> {
    pub(crate) fn new(numbers: &'a [u16]) -> Self {
        Self { numbers, at: 0 }
    }

    /// One of so many.
    pub(crate) fn pick(&mut self, count: usize) -> usize {
        let number = self.numbers.get(self.at % self.numbers.len().max(1)).copied().unwrap_or_default();
        self.at += 1;
        usize::from(number) % count.max(1)
    }

    /// A number of a range, both ends included.
    pub(crate) fn between(&mut self, (low, high): (u32, u32)) -> u32 {
        let span = usize::try_from(high - low).unwrap_or_default();
        low + u32::try_from(self.pick(span + 1)).unwrap_or_default()
    }

    pub(crate) fn one_of<'t, T>(&mut self, choices: &'t [T]) -> &'t T {
        &choices[self.pick(choices.len())]
    }
}

/// What a form is filled in for.
pub(crate) struct Case<'a> {
    pub(crate) trade: &'a Trade<'a>,
    pub(crate) year: u32,
    /// Left to chance where it is not given.
    pub(crate) budget: Option<Budget>,
    /// The indicators approved with the targets or monitored before: the same ones with the same targets come again, none of
    /// them with less than was done by then. Empty where the form follows none.
    pub(crate) before: &'a [Line],
    /// The last month that a monitoring form covers.
    pub(crate) month: u32,
    /// Whether there is one indicator of a second-level class at most.
    pub(crate) sparse: bool,
}

/// Money in 万元, to the cent.
#[derive(Clone, Copy)]
pub(crate) struct Budget {
    pub(crate) total: Decimal,
    /// Of the total, 项目支出 of a unit as a whole.
    pub(crate) projects: Decimal,
    /// What was spent by the monitoring before.
    pub(crate) spent: Decimal,
}

/// An indicator as it was filled in.
#[derive(Clone)]
pub(crate) struct Line {
    pub(crate) row: usize,
    pub(crate) name: String,
    pub(crate) subclass: &'static str,
    pub(crate) sign: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) target: Decimal,
    pub(crate) actual: Decimal,
    pub(crate) is_met: bool,
}

/// A filled form.
#[derive(Clone)]
pub(crate) struct Filled {
    pub(crate) plan: Plan,
    pub(crate) year: u32,
    pub(crate) lines: Vec<Line>,
}

/// Fills in a plan whose specimen is given.
pub(crate) fn fill(specimen: &Plan, case: &Case<'_>, dice: &mut Dice<'_>) -> Filled {
    let mut filled = Filled { plan: specimen.clone(), year: case.year, lines: Vec::new() };
    filled.money(case, dice);
    filled.indicators(case, dice);
    filled.printed_rows(dice);
    filled.words(case.trade, dice);
    filled.settle();
    filled
}

impl Filled {
    /// The box of a role.
    pub(crate) fn input(&mut self, role: &Role) -> Option<&mut Input> {
        self.plan.pieces.iter_mut().find_map(|piece| match &mut piece.kind {
            Kind::Input(input) if input.role == *role => Some(input),
            _ => None,
        })
    }

    /// Fills a box in without computing what depends on it; false where there is none.
    pub(crate) fn set(&mut self, role: &Role, entry: Option<Entry>) -> bool {
        self.input(role).map(|input| input.value = entry).is_some()
    }

    /// Computes what depends on the boxes.
    pub(crate) fn settle(&mut self) {
        let any = self.plan.inputs().find_map(|(_, input)| Some((input.role.clone(), input.value.clone()?)));
        let (role, entry) = any.expect("a filled box");
        self.plan.put(&role, entry);
    }

    /// The role of a column of an indicator's row; `None` where the form has no such box.
    pub(crate) fn role(&self, row: usize, id: &str) -> Option<Role> {
        let is_mine = |role: &&Role| {
            matches!(role, Role::Row { table, row: r, column, .. }
                if table == concept::INDICATORS && *r == row && column == id)
        };
        self.plan.inputs().map(|(_, input)| &input.role).find(is_mine).cloned()
    }

    pub(crate) fn value(&self, role: &Role) -> Option<&Entry> {
        self.plan.inputs().find(|(_, input)| input.role == *role)?.1.value.as_ref()
    }

    pub(crate) fn number(&self, role: &Role) -> Option<Decimal> {
        match self.value(role)? {
            Entry::Number(number) => Some(*number),
            Entry::Text(_) | Entry::Own(_) => None,
        }
    }

    /// Every amount of the specimen, so many times, or the budget; what was spent is a share of it.
    fn money(&mut self, case: &Case<'_>, dice: &mut Dice<'_>) {
        let scale = Decimal::new(i64::from(dice.between((5, 40_000))), 2);
        let monitored = self.plan.schema.stage == Stage::Monitoring;
        let reason = Self::money_reason();
        let asked = self.input(&reason).is_some();
        let explained = asked && dice.pick(3) == 0;
        let (spent, initial) = match (monitored, asked, explained) {
            (_, _, true) => (dice.between((55, 88)), dice.between((70, 120))),
            (true, ..) if case.month > 8 => (dice.between((84, 97)), 100),
            (true, ..) => (dice.between((62, 88)), 100),
            // Where the form has no place for a reason nobody can be asked for one.
            (false, false, false) => (*dice.one_of(&[100, 100, 97, 92, 86, 71]), 100),
            (false, true, false) => (dice.between((90, 100)), 100),
        };
        if explained {
            let why = "年中追加任务，经区政府同意调整预算；工程尾款待验收后支付。";
            self.set(&reason, Some(Entry::Text(why.to_owned())));
        }
        let expected = i64::from(spent).max(*dice.one_of(&[100, 98, 95]));
        let blank_zeros = dice.pick(3) == 0;
        let share = |column: &str| match column {
            amount::EXECUTED => i64::from(spent),
            "forecast" => expected,
            amount::INITIAL => i64::from(initial),
            _ => 100,
        };
        match &case.budget {
            Some(budget) => self.exact_money(budget, |column| Decimal::new(share(column), 2), dice),
            None => self.scale_money(scale, share),
        }
        for piece in &mut self.plan.pieces {
            if let Kind::Input(Input { kind: FieldKind::Amount, value, required: false, .. }) = &mut piece.kind {
                value.take_if(|value| blank_zeros && *value == Entry::Number(Decimal::ZERO));
            }
        }
    }

    fn scale_money(&mut self, scale: Decimal, share: impl Fn(&str) -> i64) {
        for piece in &mut self.plan.pieces {
            let Kind::Input(Input { role, kind: FieldKind::Amount, value, .. }) = &mut piece.kind else { continue };
            let Some(Entry::Number(number)) = value else { continue };
            let share = match role {
                Role::Cell { column, .. } => share(column),
                Role::Listed { what, .. } if what.ends_with(amount::EXECUTED) => share(amount::EXECUTED),
                _ => 100,
            };
            *number = (*number * scale * Decimal::new(share, 2)).normalize();
        }
    }

    /// The money block to the cent: the first part of a total takes what the others leave.
    fn exact_money(&mut self, budget: &Budget, share: impl Fn(&str) -> Decimal, dice: &mut Dice<'_>) {
        let cells: Vec<Role> = self
            .plan
            .inputs()
            .filter(|(_, input)| input.kind == FieldKind::Amount)
            .map(|(_, input)| input.role.clone())
            .collect();
        let mut parts: BTreeMap<String, Decimal> = BTreeMap::new();
        let mut rest: BTreeMap<String, (Role, Decimal)> = BTreeMap::new();
        for role in cells {
            let (row, id) = match &role {
                Role::Cell { grid, row, column } if grid == concept::FUNDING => {
                    let id = if column.is_empty() { amount::BUDGET } else { column };
                    (row.clone(), id.to_owned())
                }
                Role::Listed { what, .. } => match what.strip_prefix("funding.") {
                    Some(id) => (line::TOTAL.to_owned(), id.to_owned()),
                    None => continue,
                },
                _ => continue,
            };
            let floor =
                if [amount::EXECUTED, "forecast"].contains(&id.as_str()) { budget.spent } else { Decimal::ZERO };
            let total = (budget.total * share(&id)).round_dp(2).max(floor);
            let of_projects = (budget.projects * share(&id)).round_dp(2);
            let number = match row.as_str() {
                line::TOTAL => total,
                "basic_spending" => total - of_projects,
                "project_spending" => of_projects,
                _ => {
                    let first = rest.entry(id.clone()).or_insert_with(|| (role.clone(), total));
                    if first.0 == role {
                        continue;
                    }
                    let part = parts.entry(row).or_insert_with(|| {
                        (budget.total * Decimal::new(i64::from(*dice.one_of(&[0, 0, 5, 10, 18])), 2)).round_dp(2)
                    });
                    let number = (*part * share(&id)).round_dp(2);
                    first.1 -= number;
                    number
                }
            };
            self.set(&role, Some(Entry::Number(number.normalize())));
        }
        for (role, number) in rest.into_values() {
            self.set(&role, Some(Entry::Number(number.normalize())));
        }
    }

    fn money_reason() -> Role {
        Role::Cell { grid: concept::FUNDING.to_owned(), row: line::TOTAL.to_owned(), column: amount::REASON.to_owned() }
    }

    /// The budget and what was spent, in the form's unit of money.
    pub(crate) fn total(&self, id: &str) -> Option<Decimal> {
        let cell = Role::Cell { grid: concept::FUNDING.to_owned(), row: line::TOTAL.to_owned(), column: id.to_owned() };
        let listed = Role::Listed { project: 0, what: format!("{}.{id}", concept::FUNDING) };
        self.number(&cell).or_else(|| self.number(&listed))
    }

    fn indicators(&mut self, case: &Case<'_>, dice: &mut Dice<'_>) {
        let named: Vec<(usize, &'static str)> = self
            .plan
            .inputs()
            .filter_map(|(_, input)| match (&input.role, &input.value) {
                (Role::Row { table, row, column: id, .. }, Some(Entry::Text(name)))
                    if table == concept::INDICATORS && id == column::LEVEL3 =>
                {
                    let known = TRADES[0].indicators.iter().find(|indicator| indicator.name == name.as_str())?;
                    Some((*row, known.subclass))
                }
                _ => None,
            })
            .collect();
        let mut used: BTreeMap<&str, usize> = BTreeMap::new();
        for (row, subclass) in named {
            let nth = used.entry(subclass).or_default();
            let mut mine = case.trade.indicators.iter().filter(|indicator| indicator.subclass == subclass);
            let Some(indicator) = mine.nth(*nth) else { continue };
            *nth += 1;
            self.indicator(row, indicator, case, dice);
            if let Some(second) = mine.next()
                && !case.sparse
                && (case.before.is_empty() && dice.pick(2) == 1 || case.before(second).is_some())
                && self.split_points(row, dice)
            {
                *nth += 1;
                self.indicator(row + 1, second, case, dice);
            }
        }
        self.shift_points(dice);
        for line in self.lines.clone() {
            self.score(&line, dice);
        }
    }

    fn indicator(&mut self, row: usize, indicator: &Indicator, case: &Case<'_>, dice: &mut Dice<'_>) {
        let stage = self.plan.schema.stage;
        let reasoned = self.role(row, column::REASON).is_some() && self.role(row, column::SCORE).is_some();
        let whole = indicator.unit != "%";
        let before = case.before(indicator);
        let done = before.map_or(Decimal::ZERO, |line| line.actual);
        let aim = |dice: &mut Dice<'_>| {
            let drawn = Decimal::from(dice.between(indicator.targets));
            before.map_or(drawn, |line| line.target)
        };
        let (target, actual, is_met) = if indicator.unit.is_empty() || indicator.sign == "=" {
            let target = aim(dice);
            (target, target, true)
        } else if indicator.targets == (0, 0) {
            let known = case.budget.map_or(Decimal::from(96), |budget| budget.total);
            let budget = self.total(amount::BUDGET).unwrap_or(known);
            (budget, self.total(amount::EXECUTED).unwrap_or(budget), true)
        } else {
            let target = aim(dice);
            let share = |dice: &mut Dice<'_>, range| target * Decimal::new(i64::from(dice.between(range)), 2);
            if indicator.sign == "≤" {
                (target, share(dice, (85, 100)).floor().max(Decimal::ONE).max(done), true)
            } else if stage == Stage::SelfEvaluation && reasoned && dice.pick(4) == 0 {
                let actual = share(dice, (90, 98)).floor().max(Decimal::ONE);
                (target, actual, actual >= target)
            } else if stage == Stage::Monitoring && whole {
                let least = if case.month > 8 { 85 } else { 60 };
                (target, share(dice, (least, 100)).ceil().max(Decimal::ONE).max(done), true)
            } else {
                let most = if whole { Decimal::MAX } else { Decimal::ONE_HUNDRED };
                (target, share(dice, (100, 110)).floor().min(most).max(done), true)
            }
        };
        let line = Line {
            row,
            name: indicator.name.to_string(),
            subclass: indicator.subclass,
            sign: indicator.sign,
            unit: indicator.unit,
            target,
            actual,
            is_met,
        };
        self.write(&line);
        self.lines.push(line);
    }

    /// Writes an indicator into the boxes of its row.
    fn write(&mut self, line: &Line) {
        let has = |id: &str| self.role(line.row, id).is_some();
        let sign = if has(column::OPERATOR) { "" } else { line.sign };
        let unit = if has(column::UNIT) { "" } else { line.unit };
        let target = line.target.normalize();
        let forecast = if line.sign == "≥" { line.actual.max(line.target) } else { line.actual };
        let dated = line.unit.is_empty();
        let on_day = format!("{}年{}月{}日", self.year, line.actual, 10 + line.row);
        let texts = [
            (column::LEVEL3, line.name.clone()),
            (column::OPERATOR, if dated { "定性" } else { line.sign }.to_owned()),
            (
                column::TARGET,
                if dated { format!("{}年{target}月底前", self.year) } else { format!("{sign}{target}{unit}") },
            ),
            (column::UNIT, line.unit.to_owned()),
            (column::ACTUAL, if dated { on_day.clone() } else { format!("{}{unit}", line.actual.normalize()) }),
            ("forecast", if dated { on_day } else { format!("{}{unit}", forecast.normalize()) }),
            ("possibility", "确定能".to_owned()),
        ];
        for (id, text) in texts {
            if let Some(role) = self.role(line.row, id) {
                self.set(&role, Some(Entry::Text(text)).filter(|entry| *entry != Entry::Text(String::new())));
            }
        }
    }

    /// Gives part of a row's weight to the vacant row below it of the same class; false where there is none.
    fn split_points(&mut self, row: usize, dice: &mut Dice<'_>) -> bool {
        let class = |role: Option<Role>| match role {
            Some(Role::Row { class: Some(class), .. }) => Some(class),
            _ => None,
        };
        let (Some(mine), Some(below)) = (self.role(row, column::LEVEL3), self.role(row + 1, column::LEVEL3)) else {
            return false;
        };
        if self.value(&below).is_some()
            || class(Some(mine)) != class(Some(below))
            || class(self.role(row, column::LEVEL3)).is_none()
        {
            return false;
        }
        let (Some(from), Some(to)) = (self.role(row, column::WEIGHT), self.role(row + 1, column::WEIGHT)) else {
            return self.role(row, column::WEIGHT).is_none();
        };
        let Some(weight) = self.number(&from).filter(|weight| *weight >= Decimal::TWO) else { return false };
        let most = u32::try_from(weight.mantissa()).unwrap_or(2);
        let part = Decimal::from(dice.between((1, most.max(2) - 1)));
        self.set(&from, Some(Entry::Number(weight - part)));
        self.set(&to, Some(Entry::Number(part)))
    }

    /// Moves a point or two between the first two rows of a class.
    fn shift_points(&mut self, dice: &mut Dice<'_>) {
        for pair in self.lines.clone().windows(2) {
            let [a, b] = pair else { continue };
            let class = |role: &Option<Role>| match role {
                Some(Role::Row { class: Some((class, _)), .. }) => Some(class.clone()),
                _ => None,
            };
            let (from, to) = (self.role(a.row, column::WEIGHT), self.role(b.row, column::WEIGHT));
            if class(&from) != class(&to) || class(&from).is_none() {
                continue;
            }
            let (Some(from), Some(to)) = (from, to) else { continue };
            let (Some(x), Some(y)) = (self.number(&from), self.number(&to)) else { continue };
            let moved = Decimal::from(dice.between((0, 2)));
            if x > moved {
                self.set(&from, Some(Entry::Number(x - moved)));
                self.set(&to, Some(Entry::Number(y + moved)));
            }
        }
    }

    /// Full points for what was met, a share and a reason for what was not.
    fn score(&mut self, line: &Line, dice: &mut Dice<'_>) {
        let Some(role) = self.role(line.row, column::SCORE) else { return };
        let weight = self.role(line.row, column::WEIGHT).and_then(|role| self.number(&role));
        let Some(weight) = weight else { return };
        let share = if line.is_met { Decimal::ONE } else { line.actual / line.target };
        self.set(&role, Some(Entry::Number((weight * share).round_dp(2).normalize())));
        let Some(reason) = self.role(line.row, column::REASON) else { return };
        // Many units write 无 where there is nothing to explain.
        let words = if line.is_met { *dice.one_of(&["", "", "", "无", "无偏差"]) } else { *dice.one_of(&REASONS) };
        if !words.is_empty() {
            self.set(&reason, Some(Entry::Text(words.to_owned())));
        }
    }

    /// Rows whose points are printed: here and there a point less, and why.
    fn printed_rows(&mut self, dice: &mut Dice<'_>) {
        let printed: Vec<(Role, Decimal)> = self
            .plan
            .inputs()
            .filter_map(|(_, input)| {
                let limit = self.plan.number(input.limit?)?;
                let is_score = matches!(&input.role, Role::Row { column: id, .. } if id == column::SCORE);
                let typed =
                    self.lines.iter().any(|line| matches!(&input.role, Role::Row { row, .. } if *row == line.row));
                (is_score && !typed).then(|| (input.role.clone(), limit))
            })
            .collect();
        for (role, limit) in printed {
            let Role::Row { table, row, class, .. } = &role else { continue };
            let less = dice.pick(6) == 0 && limit > Decimal::ONE;
            self.set(&role, Some(Entry::Number(if less { limit - Decimal::ONE } else { limit })));
            for id in [column::REASON, "opinion"] {
                let role = Role::Row { table: table.clone(), row: *row, column: id.to_owned(), class: class.clone() };
                let why = "佐证材料缺第三季度的会议记录，扣1分。";
                let why = if less { Some(Entry::Text(why.to_owned())) } else { None };
                self.set(&role, why);
            }
        }
    }

    fn words(&mut self, trade: &Trade<'_>, dice: &mut Dice<'_>) {
        let year = self.year;
        let dated = if self.plan.schema.stage == Stage::SelfEvaluation { year + 1 } else { year };
        let (goal, term, done) = (self.goal(), self.term_goal(), self.done());
        let old = &TRADES[0];
        for piece in &mut self.plan.pieces {
            let Kind::Input(input) = &mut piece.kind else { continue };
            let id = match &input.role {
                Role::Field(id) => id.as_str(),
                Role::Listed { what, .. } => what.as_str(),
                _ => "",
            };
            match (&mut input.value, id) {
                (Some(Entry::Number(number)), field::YEAR) => *number = Decimal::from(year),
                (Some(Entry::Text(text)), _) => {
                    *text = match id {
                        field::YEAR => text.replace("2026", &year.to_string()),
                        "report_date" => text.replace("2026", &dated.to_string()),
                        field::GOAL => goal.clone(),
                        field::TERM_GOAL => term.clone(),
                        field::GOAL_ACTUAL => done.clone(),
                        field::UNIT => trade.unit.to_owned(),
                        field::DEPARTMENT => trade.department.to_owned(),
                        field::PROJECT => trade.project.to_owned(),
                        "project_kind" if !input.choices.is_empty() => dice.one_of(&input.choices).clone(),
                        _ => text.replace(old.project, trade.project).replace("区民政局", "主管部门"),
                    };
                    if let Some(most) = input.max_chars.and_then(|most| usize::try_from(most).ok()) {
                        *text = text.chars().take(most).collect();
                    }
                }
                _ => {}
            }
        }
    }

    /// The indicators that a goal speaks of.
    fn told(&self) -> Vec<&Line> {
        let of = |wanted: &str| self.lines.iter().find(|line| line.subclass == wanted);
        [subclass::QUANTITY, subclass::QUALITY, subclass::SOCIAL, subclass::SATISFACTION]
            .into_iter()
            .filter_map(of)
            .collect()
    }

    fn goal(&self) -> String {
        let parts: Vec<String> = (1..)
            .zip(self.told())
            .map(|(at, line)| format!("目标{at}：{}达到{}{}", line.name, line.target.normalize(), line.unit))
            .collect();
        parts.join("；") + "。"
    }

    fn term_goal(&self) -> String {
        let parts: Vec<String> = self.told().iter().map(|line| format!("{}逐年提高", line.name)).collect();
        let first = self.lines.iter().find(|line| line.subclass == subclass::QUANTITY);
        let amount = first.map(|line| format!("三年累计{}{}{}", line.name, line.target * Decimal::from(3), line.unit));
        format!("{}，{}。", amount.unwrap_or_default(), parts.last().cloned().unwrap_or_default())
    }

    fn done(&self) -> String {
        let parts: Vec<String> =
            self.told().iter().map(|line| format!("{}{}{}", line.name, line.actual.normalize(), line.unit)).collect();
        format!("全年{}，相关资料已归档。", parts.join("，"))
    }
}
