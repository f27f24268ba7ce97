//! One fault of each kind, planted into a form that has none.
//!
//! A planter changes what a careless unit would change, and no more: what the workbook computes follows. Where one mistake
//! rightly wakes a second rule, that rule is named beside it.

use std::collections::BTreeMap;

use jixiao::address::CellRef;
use jixiao::schema::concept::{self, amount, column, field, line, subclass};
use jixiao::schema::{FieldKind, Stage};
use jixiao::template::{Entry, Kind, Plan, Role};
use jixiao::workbook::Cell;
use rust_decimal::Decimal;

use crate::fill::{Filled, Line};

/// A kind of fault.
pub(crate) struct Planter {
    /// The rule that must find it.
    pub(crate) code: &'static str,
    pub(crate) what: &'static str,
    /// Plants it and gives back the cell at fault, or the whole form; `None` where the form has no place for it.
    pub(crate) plant: fn(&mut Planted) -> Option<Place>,
    /// Rules that rightly speak too.
    pub(crate) companions: &'static [&'static str],
}

/// Where a fault stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Cell(CellRef),
    Form,
}

/// A form with a fault in it.
#[derive(Clone)]
pub(crate) struct Planted {
    pub(crate) filled: Filled,
    /// Cells that say something else than the plan.
    pub(crate) faults: BTreeMap<CellRef, Option<Cell>>,
    /// Whether the unit typed every figure, also those that the form would compute.
    pub(crate) typed: bool,
}

impl Planted {
    pub(crate) fn new(filled: Filled) -> Self {
        Self { filled, faults: BTreeMap::new(), typed: false }
    }

    fn plan(&self) -> &Plan {
        &self.filled.plan
    }

    fn stage(&self) -> Stage {
        self.plan().schema.stage
    }

    /// Whether a target may be changed without anything having been measured against it.
    fn is_target(&self) -> bool {
        self.stage() == Stage::Target
    }

    fn is_evaluated(&self) -> bool {
        self.stage() == Stage::SelfEvaluation
    }

    fn at(&self, role: &Role) -> Option<CellRef> {
        self.plan().place(role).map(|range| range.start)
    }

    fn place(&self, role: &Role) -> Option<Place> {
        self.at(role).map(Place::Cell)
    }

    /// Fills a box in; the place of the box.
    fn put(&mut self, role: &Role, entry: Option<Entry>) -> Option<Place> {
        self.filled.set(role, entry).then(|| self.place(role)).flatten()
    }

    fn text(&mut self, role: &Role, text: &str) -> Option<Place> {
        self.put(role, Some(Entry::Text(text.to_owned())))
    }

    /// Writes a field that the form has filled.
    fn field(&mut self, id: &str, text: &str) -> Option<Place> {
        let role = Role::Field(id.to_owned());
        self.filled.value(&role)?;
        self.text(&role, text)
    }

    fn filled_field(&self, id: &str) -> Option<String> {
        self.filled.value(&Role::Field(id.to_owned())).map(ToString::to_string)
    }

    /// The indicator of a second-level class.
    fn line(&self, wanted: &str) -> Option<Line> {
        self.filled.lines.iter().find(|line| line.subclass == wanted && !line.sign.is_empty()).cloned()
    }

    /// An indicator with a figure as its target that no goal speaks of.
    fn untold(&self, fits: impl Fn(&Line) -> bool) -> Option<Line> {
        let told = [subclass::QUANTITY, subclass::QUALITY, subclass::SOCIAL, subclass::SATISFACTION, subclass::COST];
        let is_plain = |line: &&Line| !told.contains(&line.subclass) && ["≥", "≤"].contains(&line.sign);
        self.filled.lines.iter().filter(is_plain).find(|line| fits(line)).cloned()
    }

    fn cell_of(&mut self, line: &Line, id: &str, text: &str) -> Option<Place> {
        let role = self.filled.role(line.row, id)?;
        self.text(&role, text)
    }

    /// Writes a target with its sign and unit, where the form asks for them.
    fn target(&mut self, line: &Line, sign: &str, number: &str, unit: &str) -> Option<Place> {
        let (mut target, mut whole) = (String::new(), number.to_owned());
        if self.filled.role(line.row, column::OPERATOR).is_some() {
            self.cell_of(line, column::OPERATOR, sign);
        } else {
            target.push_str(sign);
        }
        if let Some(role) = self.filled.role(line.row, column::UNIT) {
            self.put(&role, Some(Entry::Text(unit.to_owned())).filter(|_| !unit.is_empty()));
        } else {
            whole.push_str(unit);
        }
        target.push_str(&whole);
        self.cell_of(line, column::TARGET, &target)
    }

    /// Writes a target of words: the sign gives way.
    fn words_as_target(&mut self, line: &Line, words: &str) -> Option<Place> {
        for id in [column::OPERATOR, column::UNIT] {
            if let Some(role) = self.filled.role(line.row, id) {
                let entry = (id == column::OPERATOR).then(|| Entry::Text("定性".to_owned()));
                self.put(&role, entry);
            }
        }
        self.cell_of(line, column::TARGET, words)
    }

    fn weight(&self, line: &Line) -> Option<Decimal> {
        self.filled.number(&self.filled.role(line.row, column::WEIGHT)?)
    }

    fn number(&mut self, line: &Line, id: &str, number: Decimal) -> Option<Place> {
        let role = self.filled.role(line.row, id)?;
        self.put(&role, Some(Entry::Number(number)))
    }

    fn clear(&mut self, line: &Line, id: &str) -> Option<Place> {
        let role = self.filled.role(line.row, id)?;
        self.put(&role, None)
    }

    /// Makes a met indicator miss its target by a fifth; gives back its weight and the points it still deserves.
    fn miss(&mut self) -> Option<(Line, Decimal, Decimal)> {
        if !self.is_evaluated() {
            return None;
        }
        let enough = |line: &Line| line.sign == "≥" && line.is_met && line.target >= Decimal::TEN;
        let line = self.untold(enough)?;
        self.filled.role(line.row, column::REASON)?;
        let weight = self.weight(&line).filter(|weight| *weight >= Decimal::TWO)?;
        let actual = (line.target * Decimal::new(80, 2)).floor();
        let unit = if self.filled.role(line.row, column::UNIT).is_some() { "" } else { line.unit };
        self.cell_of(&line, column::ACTUAL, &format!("{actual}{unit}"))?;
        let due = (weight * actual / line.target).round_dp(2);
        self.number(&line, column::SCORE, due)?;
        self.cell_of(&line, column::REASON, "设备到货晚两个月，已更换供货单位，次年二月前补齐。")?;
        Some((line, weight, due))
    }

    fn money(row: &str, id: &str) -> Role {
        Role::Cell { grid: concept::FUNDING.to_owned(), row: row.to_owned(), column: id.to_owned() }
    }

    /// Multiplies a column of the money block.
    fn times(&mut self, id: &str, factor: Decimal) -> Option<Place> {
        let of_column = |role: &Role| match role {
            Role::Cell { grid, column, .. } => grid == concept::FUNDING && column == id,
            Role::Listed { what, .. } => *what == format!("{}.{id}", concept::FUNDING),
            _ => false,
        };
        let roles: Vec<Role> =
            self.plan().inputs().map(|(_, input)| input.role.clone()).filter(|role| of_column(role)).collect();
        for role in &roles {
            if let Some(number) = self.filled.number(role) {
                self.put(role, Some(Entry::Number((number * factor).round_dp(6).normalize())));
            }
        }
        let total = roles.iter().find(|role| matches!(role, Role::Cell { row, .. } if row == line::TOTAL));
        total.or(roles.first()).and_then(|role| self.place(role))
    }

    /// Makes what was spent this share of the budget.
    fn spend(&mut self, share: Decimal) -> Option<Place> {
        let (budget, executed) = (self.filled.total(amount::BUDGET)?, self.filled.total(amount::EXECUTED)?);
        self.times(amount::EXECUTED, budget / executed * share)
    }

    /// Makes the budget as it was first approved this share of what it became.
    fn adjust(&mut self, share: Decimal) -> Option<Place> {
        let (budget, initial) = (self.filled.total(amount::BUDGET)?, self.filled.total(amount::INITIAL)?);
        self.times(amount::INITIAL, budget / initial * share)
    }

    /// Where the money block asks for reasons.
    fn money_reason(&self) -> Option<Role> {
        let reason = Self::money(line::TOTAL, amount::REASON);
        self.at(&reason).map(|_| reason)
    }

    /// A computed box with its result.
    fn computed(&self, wanted: impl Fn(&Role) -> bool) -> Option<(CellRef, Decimal)> {
        self.plan().pieces.iter().find_map(|piece| match &piece.kind {
            Kind::Computed { role, result: Some(result), .. } if wanted(role) => Some((piece.range.start, *result)),
            _ => None,
        })
    }

    fn total_rate(&self) -> Option<(CellRef, Decimal)> {
        self.computed(|role| match role {
            Role::Cell { row, column, .. } => row == line::TOTAL && column == amount::RATE,
            Role::Listed { what, .. } => what.ends_with(".rate"),
            _ => false,
        })
    }

    fn execution_score(&self) -> Option<(CellRef, Decimal)> {
        self.computed(|role| match role {
            Role::Cell { row, column, .. } => row == line::TOTAL && column == amount::SCORE,
            Role::Listed { what, .. } => what.ends_with(".score"),
            _ => false,
        })
    }

    fn total_score(&self) -> Option<(CellRef, Decimal)> {
        self.computed(|role| match role {
            Role::Total { table, column } => table == concept::INDICATORS && column == column::SCORE,
            Role::Field(id) => id == field::TOTAL_SCORE,
            _ => false,
        })
    }

    /// Types a figure where the workbook would have computed it.
    fn type_over(&mut self, at: CellRef, number: Decimal) -> Place {
        self.typed = true;
        self.faults.insert(at, Some(Cell::number(number)));
        Place::Cell(at)
    }

    /// Where the sum of the weights stands, else the head of their column.
    fn total_weight(&self) -> Option<Place> {
        let first =
            self.filled.lines.iter().find_map(|line| self.at(&self.filled.role(line.row, column::WEIGHT)?))?;
        let texts = || {
            self.plan().pieces.iter().filter_map(|piece| match &piece.kind {
                Kind::Text { text, .. } if piece.range.start.col == first.col => Some((piece.range.start, text)),
                _ => None,
            })
        };
        if self.plan().schema.list {
            return Some(Place::Cell(first));
        }
        let total = texts().find(|(at, text)| at.row > first.row && text.as_str() == "100");
        let head = || texts().rfind(|(at, text)| at.row < first.row && text.contains("分值"));
        total.or_else(head).map(|(at, _)| Place::Cell(at))
    }
}

fn dec(number: i64) -> Decimal {
    Decimal::from(number)
}

macro_rules! planter {
    ($code:literal, $what:literal, $plant:expr) => {
        planter!($code, $what, [], $plant)
    };
    ($code:literal, $what:literal, $companions:expr, $plant:expr) => {
        Planter { code: $code, what: $what, companions: &$companions, plant: $plant }
    };
}

pub(crate) static PLANTERS: &[Planter] = &[
    planter!("A101", "a part of the money is higher than the total allows", |form| {
        let role = Planted::money(line::OTHER, amount::INITIAL);
        let number = form.filled.number(&role)?;
        form.put(&role, Some(Entry::Number(number + dec(7))))?;
        form.place(&Planted::money(line::TOTAL, amount::INITIAL))
    }),
    planter!("A102", "the rate is typed, and wrong", |form| {
        let (at, _) = form.total_rate()?;
        Some(form.type_over(at, Decimal::new(35, 2)))
    }),
    planter!("A103", "the score of the execution is typed, and a point too high", |form| {
        let (at, score) = form.execution_score()?;
        let (total, sum) = form.total_score().or(form.plan().schema.list.then_some((at, score)))?;
        let wrong = if score >= dec(1) { score - dec(1) } else { score + dec(1) };
        if total != at {
            form.type_over(total, sum - score + wrong);
        }
        Some(form.type_over(at, wrong))
    }),
    planter!("A104", "more was spent than there was", ["L129"], |form| {
        form.is_evaluated().then_some(())?;
        let spent = form.spend(Decimal::new(110, 2));
        form.total_rate().map(|(at, _)| Place::Cell(at)).or(spent)
    }),
    planter!("A201", "the weights make more than the full mark", ["A203", "A204"], |form| {
        let line = form.untold(|line| line.is_met)?;
        let weight = form.weight(&line)?;
        form.number(&line, column::WEIGHT, weight + dec(3))?;
        form.number(&line, column::SCORE, weight + dec(3));
        form.total_weight()
    }),
    planter!("A202", "the total score is typed, and two points too low", |form| {
        let (at, sum) = form.total_score()?;
        Some(form.type_over(at, sum - dec(2)))
    }),
    planter!("A203", "an indicator has a point more than its weight", ["A203"], |form| {
        let line = form.untold(|line| line.is_met)?;
        let weight = form.weight(&line)?;
        form.number(&line, column::SCORE, weight + dec(1))
    }),
    planter!("A205", "a target is missed by a fifth, and a tenth of a point deducted", |form| {
        let (line, weight, _) = form.miss()?;
        form.number(&line, column::SCORE, weight - Decimal::new(1, 1))
    }),
    planter!("A207", "the grade is the worst, the score is not", |form| form.field(field::TOTAL_GRADE, "差")),
    planter!("A301", "the stated number of entries is one too high", |form| {
        let role = ["stated_count", "planned_count"].map(|id| Role::Field(id.to_owned()));
        let role = role.into_iter().find(|role| form.filled.number(role).is_some())?;
        let number = form.filled.number(&role)?;
        form.put(&role, Some(Entry::Number(number + dec(1))))
    }),
    planter!("A302", "a sum was not calculated anew", |form| {
        let (at, sum) = form.computed(|role| matches!(role, Role::Total { .. }))?;
        let formula = form.plan().pieces.iter().find_map(|piece| match &piece.kind {
            Kind::Computed { computation, .. } if piece.range.start == at => Some(computation.formula()),
            _ => None,
        });
        form.faults.insert(at, Some(Cell { formula, ..Cell::number(sum + dec(5)) }));
        Some(Place::Cell(at))
    }),
    planter!("C101", "a target is blank", |form| {
        let line = form.untold(|line| line.is_met)?;
        form.filled.role(line.row, column::LEVEL3)?;
        if let Some(unit) = form.filled.role(line.row, column::UNIT) {
            form.put(&unit, None);
        }
        form.is_target().then_some(())?;
        form.clear(&line, column::TARGET)
    }),
    planter!("C101", "an actual value is blank", |form| {
        form.is_evaluated().then_some(())?;
        let line = form.untold(|line| line.is_met)?;
        form.clear(&line, column::ACTUAL)
    }),
    planter!("C101", "the goal is blank", |form| {
        let role = Role::Field(field::GOAL.to_owned());
        let required = form.plan().inputs().any(|(_, input)| input.role == role && input.required);
        if required { form.put(&role, None) } else { None }
    }),
    planter!("C101", "the project has no name", |form| {
        let role = Role::Field(field::PROJECT.to_owned());
        let required = form.plan().inputs().any(|(_, input)| input.role == role && input.required);
        if required { form.put(&role, None) } else { None }
    }),
    planter!("C106", "an indicator has a target and no name", |form| {
        let line = form.untold(|line| line.is_met)?;
        form.clear(&line, column::LEVEL3)
    }),
    planter!("C107", "a target is missed and nobody says why", |form| {
        let (line, ..) = form.miss()?;
        form.clear(&line, column::REASON)
    }),
    planter!("C107", "a reason is only a figure of speech", |form| {
        let (line, ..) = form.miss()?;
        form.cell_of(&line, column::REASON, "客观原因")
    }),
    planter!("C108", "half of the money is left and nobody says why", |form| {
        let reason = form.money_reason()?;
        form.spend(Decimal::new(55, 2))?;
        form.adjust(Decimal::ONE);
        form.put(&reason, None)
    }),
    planter!("C109", "the budget was changed and nobody says why", |form| {
        let reason = form.money_reason()?;
        form.spend(Decimal::ONE)?;
        form.adjust(Decimal::new(80, 2))?;
        form.put(&reason, None)
    }),
    planter!("C301", "a target will not be met and nobody says why", ["L304"], |form| {
        let line = form.untold(|line| line.is_met)?;
        form.cell_of(&line, "possibility", "完全不可能")?;
        form.place(&form.filled.role(line.row, column::REASON)?)
    }),
    planter!("C321", "an evaluation is done, and nobody says whether it was published", |form| {
        let column = |id: &str| Role::Row { table: "plan".to_owned(), row: 0, column: id.to_owned(), class: None };
        form.text(&column("status"), "已完成")?;
        form.put(&column("published"), None)
    }),
    planter!("F101", "the year is blank", |form| {
        let year = Role::Field(field::YEAR.to_owned());
        let boxed = form.filled.input(&year)?.bordered;
        form.put(&year, None).map(|place| if boxed { place } else { Place::Form })
    }),
    planter!("L101", "a target is missed and has full points", |form| {
        let (line, weight, _) = form.miss()?;
        form.number(&line, column::SCORE, weight)
    }),
    planter!("L102", "a target is met and a point is lost without a reason", |form| {
        form.is_evaluated().then_some(())?;
        let line = form.untold(|line| line.is_met)?;
        form.filled.role(line.row, column::REASON)?;
        let weight = form.weight(&line).filter(|weight| *weight >= dec(2))?;
        form.number(&line, column::SCORE, weight - dec(1))
    }),
    planter!("L103", "an indicator stands twice", |form| {
        let lines = form.filled.lines.clone();
        let (first, again) = lines.windows(2).find_map(|pair| match pair {
            [a, b] if a.subclass == b.subclass && b.is_met && a.is_met => Some((a.clone(), b.clone())),
            _ => None,
        })?;
        for id in [column::TARGET, column::ACTUAL, column::OPERATOR, column::UNIT, "forecast"] {
            let (Some(from), Some(to)) = (form.filled.role(first.row, id), form.filled.role(again.row, id)) else {
                continue;
            };
            let entry = form.filled.value(&from).cloned();
            form.put(&to, entry);
        }
        form.cell_of(&again, column::LEVEL3, &first.name)
    }),
    planter!("L104", "a satisfaction rate stands under the ecological benefit", |form| {
        form.is_target().then_some(())?;
        let line = form.line(subclass::ECOLOGICAL)?;
        form.target(&line, "≥", "91", "%");
        form.cell_of(&line, column::LEVEL3, "周边居民满意度")
    }),
    planter!("L105", "the rate of spending is an indicator", |form| {
        let line = form.line(subclass::TIMELINESS).filter(|line| line.is_met)?;
        form.cell_of(&line, column::LEVEL3, "预算执行率")
    }),
    planter!("L106", "a quantity is an amount of money", |form| {
        form.is_target().then_some(())?;
        let line = form.filled.lines.iter().filter(|line| line.subclass == subclass::QUANTITY).nth(1).cloned()?;
        form.target(&line, "≥", "50", "万元");
        form.cell_of(&line, column::LEVEL3, "发放补助资金")?;
        form.place(&form.filled.role(line.row, column::TARGET)?)
    }),
    planter!("L107", "what was achieved is the goal, word for word", |form| {
        let goal = form.filled_field(field::GOAL)?;
        form.field(field::GOAL_ACTUAL, &goal)
    }),
    planter!("L109", "a reason says that all is done", |form| {
        let (line, ..) = form.miss()?;
        form.cell_of(&line, column::REASON, "已完成")
    }),
    planter!("L110", "a target is met twice over and nobody says why", |form| {
        form.is_evaluated().then_some(())?;
        let line = form.untold(|line| line.sign == "≥" && line.unit != "%" && line.is_met)?;
        let unit = if form.filled.role(line.row, column::UNIT).is_some() { "" } else { line.unit };
        form.cell_of(&line, column::ACTUAL, &format!("{}{unit}", line.target * dec(2)))
    }),
    planter!("L111", "hardly any money is spent, and everything done", ["L129"], |form| {
        form.is_evaluated().then_some(())?;
        form.at(&Planted::money(line::TOTAL, amount::EXECUTED))?;
        form.money_reason().is_none().then_some(())?;
        form.untold(|line| line.is_met).and_then(|line| form.weight(&line))?;
        form.spend(Decimal::new(2, 2))
    }),
    planter!("L302", "rejected with a good score", ["L303"], |form| {
        (form.stage() == Stage::ExAnte).then_some(())?;
        form.field("conclusion", "不予支持")
    }),
    planter!("L306", "a fifth is spent by July", |form| {
        (form.stage() == Stage::Monitoring).then_some(())?;
        form.spend(Decimal::new(20, 2))
    }),
    planter!("V101", "a quantity has no unit", |form| {
        let counted = ["量", "里程", "长度", "面积"];
        let line = form.filled.lines.iter().find(|line| counted.iter().any(|end| line.name.ends_with(end))).cloned()?;
        form.target(&line, line.sign, &line.target.normalize().to_string(), "")
    }),
    planter!("V102", "an amount is stored as text", |form| {
        let role = Planted::money(line::TOTAL, amount::BUDGET);
        let (at, number) = (form.at(&role)?, form.filled.number(&role)?);
        form.typed = true;
        form.faults.insert(at, Some(Cell::text(number.normalize().to_string())));
        Some(Place::Cell(at))
    }),
    planter!("V103", "an amount has its unit in the cell", |form| {
        let role = Planted::money(line::TOTAL, amount::BUDGET);
        let (at, number) = (form.at(&role)?, form.filled.number(&role)?);
        form.typed = true;
        form.faults.insert(at, Some(Cell::text(format!("{}万元", number.normalize()))));
        Some(Place::Cell(at))
    }),
    planter!("V104", "a placeholder is left in a target", |form| {
        form.is_target().then_some(())?;
        let line = form.untold(|line| line.is_met)?;
        form.target(&line, line.sign, "**", line.unit)
    }),
    planter!("V105", "the prompt is left where the goal should stand", |form| {
        form.field(field::GOAL, "（请填写年度目标，200字以内）")
    }),
    planter!("V106", "a cost has no sign", |form| {
        let line = form.untold(|line| line.sign == "≤")?;
        form.filled.role(line.row, column::OPERATOR).is_none().then_some(())?;
        form.target(&line, "", &line.target.normalize().to_string(), line.unit)
    }),
    planter!("V107", "a target has two signs", |form| {
        form.is_target().then_some(())?;
        let line = form.untold(|line| line.is_met)?;
        form.filled.role(line.row, column::OPERATOR).is_none().then_some(())?;
        form.target(&line, "≥>=", &line.target.normalize().to_string(), line.unit)
    }),
    planter!("V108", "a cost is to be as high as possible", |form| {
        form.is_target().then_some(())?;
        let line = form.line(subclass::COST).or_else(|| form.line(subclass::ECONOMIC_COST))?;
        form.target(&line, "≥", &line.target.normalize().to_string(), line.unit)
    }),
    planter!("V109", "a rate is to be above a hundred per cent", ["L116"], |form| {
        form.is_target().then_some(())?;
        let line = form.line(subclass::QUALITY)?;
        form.target(&line, "≥", "120", "%")
    }),
    planter!("V110", "a rate is counted in days", |form| {
        form.is_target().then_some(())?;
        let line = form.line(subclass::TIMELINESS)?;
        form.target(&line, "≥", &line.target.normalize().to_string(), "天")
    }),
    planter!("V111", "an actual value has a sign", |form| {
        form.is_evaluated().then_some(())?;
        let line = form.untold(|line| line.is_met)?;
        let unit = if form.filled.role(line.row, column::UNIT).is_some() { "" } else { line.unit };
        form.cell_of(&line, column::ACTUAL, &format!("{}{}{unit}", line.sign, line.actual.normalize()))
    }),
    planter!("V112", "an actual value says only that it is done", |form| {
        form.is_evaluated().then_some(())?;
        let line = form.untold(|line| line.is_met)?;
        form.cell_of(&line, column::ACTUAL, "已完成")
    }),
    planter!("V113", "an amount has nine decimals", |form| {
        form.money_reason().is_none().then_some(())?;
        let tiny = Decimal::new(123_456_789, 9);
        for row in [line::TOTAL, line::OTHER] {
            let role = Planted::money(row, amount::INITIAL);
            let number = form.filled.number(&role)?;
            form.put(&role, Some(Entry::Number(number.trunc() + tiny + number.fract().round_dp(1))))?;
        }
        form.place(&Planted::money(line::TOTAL, amount::INITIAL))
    }),
    planter!("V115", "a date lies years before the form's year", |form| {
        form.is_target().then_some(())?;
        let line = form.line(subclass::TIMELINESS)?;
        form.cell_of(&line, column::LEVEL3, "全部任务完成时间");
        form.words_as_target(&line, "2019年12月底前")
    }),
    planter!("V116", "a column of amounts is in 元, the others in 万元", |form| {
        form.money_reason().is_none().then_some(())?;
        form.at(&Planted::money(line::TOTAL, amount::INITIAL))?;
        form.times(amount::INITIAL, dec(10_000))
    }),
    planter!("V117", "a satisfaction rate is to be exactly so high", |form| {
        form.is_target().then_some(())?;
        let line = form.line(subclass::SATISFACTION)?;
        form.target(&line, "=", &line.target.normalize().to_string(), "%")
    }),
    planter!("V301", "an answer that is none of those to choose from", |form| {
        let choice = form.plan().inputs().find_map(|(_, input)| {
            let wanted = input.kind == FieldKind::Choice && input.required && matches!(input.role, Role::Field(_));
            (wanted && input.value.is_some()).then(|| input.role.clone())
        })?;
        form.text(&choice, "以后再说")
    }),
    planter!("V321", "a text is longer than the form allows", |form| {
        let (role, most) = form.plan().inputs().find_map(|(_, input)| {
            let most = usize::try_from(input.max_chars?).ok()?;
            (input.value.is_some() && input.kind == FieldKind::Text).then(|| (input.role.clone(), most))
        })?;
        let text = form.filled.value(&role)?.to_string();
        let long: String = text.chars().cycle().take(most + 20).collect();
        form.text(&role, &long)
    }),
    planter!("W101", "a target is only words", |form| {
        form.is_target().then_some(())?;
        let line = form.untold(|line| line.is_met && line.sign == "≥")?;
        form.words_as_target(&line, "明显提升")
    }),
    planter!("W102", "the goal is only words", |form| {
        form.field(field::GOAL, "做好年度各项任务，不断提高服务水平。")
    }),
    planter!("W103", "an indicator is a wish", |form| {
        form.is_target().then_some(())?;
        let line = form.line(subclass::ECONOMIC)?;
        form.target(&line, "≥", "100", "%");
        form.cell_of(&line, column::LEVEL3, "促进经济健康发展")?;
        form.place(&form.filled.role(line.row, column::TARGET)?)
    }),
    planter!("W104", "the target stands in the name too", |form| {
        let line = form.untold(|line| line.is_met)?;
        let name = format!("{}{}{}{}", line.name, line.sign, line.target.normalize(), line.unit);
        form.cell_of(&line, column::LEVEL3, &name)
    }),
    planter!("W105", "name and target say different figures", ["W104"], |form| {
        let line = form.line(subclass::TIMELINESS).filter(|line| line.is_met)?;
        form.cell_of(&line, column::LEVEL3, &format!("{}达到100%", line.name))?;
        let at = form.filled.role(line.row, column::TARGET)?;
        form.place(&at)
    }),
    planter!("W106", "an indicator is called as its class", |form| {
        let line = form.line(subclass::TIMELINESS)?;
        form.cell_of(&line, column::LEVEL3, "时效指标")
    }),
    planter!("W107", "the goal is the project's name", |form| {
        let project = form.filled_field(field::PROJECT)?;
        form.field(field::GOAL, &project)
    }),
    planter!("W108", "a cost has no figure", |form| {
        form.is_target().then_some(())?;
        let line = form.line(subclass::COST).or_else(|| form.line(subclass::ECONOMIC_COST))?;
        form.words_as_target(&line, "不超预算")
    }),
];
