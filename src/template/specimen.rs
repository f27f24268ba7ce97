//! A form filled in as a careful unit would: for the instructions, which state the rules that look at such a form, and
//! for every test that a template can be filled in soundly.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::plan::{Entry, Input, Kind, Look, Piece, Plan, Role};
use crate::schema::concept::{self, amount, class, column, field, line, subclass};
use crate::schema::{FieldKind, Figure, Indicators, TotalSpec};

/// An invented indicator: second-level class, name, sign, value, unit, actual value.
type Sample = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

const SAMPLES: [Sample; 12] = [
    (subclass::ECONOMIC_COST, "单个服务站修缮成本", "≤", "8", "万元", "7.8"),
    (subclass::SOCIAL_COST, "施工噪声投诉次数", "≤", "3", "次", "2"),
    (subclass::ECOLOGICAL_COST, "建筑垃圾清运量", "≤", "30", "吨", "28"),
    (subclass::COST, "修缮项目总成本", "≤", "96", "万元", "95"),
    (subclass::QUANTITY, "修缮社区养老服务站数量", "≥", "12", "个", "13"),
    (subclass::QUALITY, "工程验收合格率", "≥", "98", "%", "99"),
    (subclass::TIMELINESS, "按期完工率", "≥", "95", "%", "97"),
    (subclass::ECONOMIC, "户均照料支出下降比例", "≥", "5", "%", "6"),
    (subclass::SOCIAL, "日间照料服务覆盖率", "≥", "80", "%", "82"),
    (subclass::ECOLOGICAL, "修缮材料回收利用率", "≥", "60", "%", "63"),
    (subclass::SUSTAINABLE, "设施管护制度执行年限", "≥", "5", "年", "6"),
    (subclass::SATISFACTION, "入站老年人满意度", "≥", "90", "%", "93"),
];

/// First- and second-level class of the indicators of a project in a list.
const LISTED: [(&str, &str); 5] = [
    (class::OUTPUT, subclass::QUANTITY),
    (class::OUTPUT, subclass::QUALITY),
    (class::OUTPUT, subclass::TIMELINESS),
    (class::BENEFIT, subclass::SOCIAL),
    (class::SATISFACTION, subclass::SATISFACTION),
];

/// Parts of the money block, in the form's unit of money.
const PARTS: [(&str, i64); 3] = [(line::FISCAL, 80), (line::CARRYOVER, 10), (line::OTHER, 6)];

/// The plan, filled in.
#[must_use]
pub fn specimen(plan: &Plan) -> Plan {
    let mut filled = plan.clone();
    let weights = weights(plan);
    let inputs: Vec<Input> = plan.inputs().map(|(_, input)| input.clone()).collect();
    let mut entries: BTreeMap<Role, Entry> = BTreeMap::new();
    for input in &inputs {
        if let Some(entry) = entry(plan, input, &weights) {
            entries.insert(input.role.clone(), entry);
        }
    }
    for (role, entry) in entries {
        filled.put(&role, entry);
    }
    settle(&mut filled);
    filled
}

/// Rows of a table that are filled in: of classed indicators the first of each second-level class, of a list those of
/// its first project, else those that come printed and the first two.
fn is_used(plan: &Plan, role: &Role) -> bool {
    match role {
        Role::Listed { project, .. } => *project == 0,
        Role::Row { class: Some(_), .. } => first_of_class(plan, role),
        Role::Row { table, row, .. } if plan.schema.list && table == concept::INDICATORS => *row < LISTED.len(),
        Role::Row { row, .. } => *row < 2 || comes_printed(plan, role),
        Role::Field(_) | Role::Cell { .. } | Role::Total { .. } => true,
    }
}

/// Whether words are printed in the row of a role.
fn comes_printed(plan: &Plan, role: &Role) -> bool {
    let Some(range) = plan.place(role) else { return false };
    plan.pieces.iter().filter(|piece| piece.range.start.row == range.start.row).any(|piece| {
        matches!(&piece.kind, Kind::Text { text, look: Look::Line | Look::Printed }
            if text.parse::<Decimal>().is_err() && !text.is_empty())
    })
}

fn first_of_class(plan: &Plan, role: &Role) -> bool {
    let Role::Row { table, row, class, .. } = role else { return false };
    !plan.inputs().any(|(_, input)| {
        matches!(&input.role, Role::Row { table: t, row: r, class: c, .. } if t == table && c == class && r < row)
    })
}

/// The weight of each used row of the indicator table.
fn weights(plan: &Plan) -> BTreeMap<usize, Decimal> {
    let Some(indicators) = &plan.indicators else { return BTreeMap::new() };
    let mut rows: BTreeMap<usize, String> = BTreeMap::new();
    for (_, input) in plan.inputs() {
        if let Role::Row { table, row, column: id, class } = &input.role
            && table == concept::INDICATORS
            && id == column::WEIGHT
            && is_used(plan, &input.role)
        {
            rows.insert(*row, class.as_ref().map(|(class, _)| class.clone()).unwrap_or_default());
        }
    }
    let mut weights = BTreeMap::new();
    let classes: BTreeSet<&String> = rows.values().collect();
    let free = free_points(indicators, &classes);
    for (class, points) in free {
        let mine: Vec<usize> = rows.iter().filter(|(_, of)| **of == class).map(|(row, _)| *row).collect();
        let count = Decimal::from(mine.len().max(1));
        let each = (points / count).floor();
        for (at, row) in mine.iter().enumerate() {
            let rest = if at + 1 == mine.len() { points - each * count } else { Decimal::ZERO };
            weights.insert(*row, each + rest);
        }
    }
    weights
}

/// The points of the classes that are printed: their own, or equal shares of all.
fn free_points(indicators: &Indicators, classes: &BTreeSet<&String>) -> Vec<(String, Decimal)> {
    let all = indicators.total_points.unwrap_or(Decimal::ONE_HUNDRED) - indicators.execution_points;
    let own: Option<Vec<(String, Decimal)>> =
        classes.iter().map(|class| Some(((*class).clone(), indicators.class(class)?.points?))).collect();
    if let Some(own) = own.filter(|own| own.iter().map(|(_, points)| points).sum::<Decimal>() == all) {
        return own;
    }
    let count = Decimal::from(classes.len().max(1));
    let each = (all / count).floor();
    let share = |at: usize| if at + 1 == classes.len() { all - each * (count - Decimal::ONE) } else { each };
    classes.iter().enumerate().map(|(at, class)| ((*class).clone(), share(at))).collect()
}

fn entry(plan: &Plan, input: &Input, weights: &BTreeMap<usize, Decimal>) -> Option<Entry> {
    let text = |text: &str| Some(Entry::Text(text.to_owned()));
    if !is_used(plan, &input.role) {
        return None;
    }
    match &input.role {
        Role::Field(id) => field_entry(input, id),
        Role::Cell { grid, row, column: id } => match id.as_str() {
            amount::REASON => None,
            _ if input.kind == FieldKind::Amount => {
                let part = PARTS.iter().find(|(part, _)| part == row).map_or(0, |(_, part)| *part);
                // What is no part of the total known here stays 0; `settle` makes the total.
                Some(Entry::Number(Decimal::from(if grid == concept::FUNDING { part } else { 12 })))
            }
            _ => kind_entry(input),
        },
        Role::Row { row, column: id, .. } if id == column::WEIGHT || id == column::SCORE => {
            weights.get(row).copied().or_else(|| printed_weight(plan, &input.role)).map(Entry::Number)
        }
        Role::Row { table, row, column: id, class }
            if table == concept::INDICATORS && !comes_printed(plan, &input.role) =>
        {
            let listed = LISTED.get(*row).filter(|_| plan.schema.list);
            let indicators = plan.schema.indicators.as_ref()?;
            let own = listed.map(|(class, subclass)| ((*class).to_owned(), Some((*subclass).to_owned())));
            let class =
                class.clone().or(own).or_else(|| Some((class::OUTPUT.to_owned(), Some(subclass::QUANTITY.to_owned()))));
            let has = |id: &str| plan.place(&with_column(&input.role, id)).is_some();
            let (_, name, sign, value, unit, actual) = sample(class.as_ref()?)?;
            let signed = if has(column::OPERATOR) { "" } else { sign };
            let own_unit = if has(column::UNIT) { "" } else { unit };
            match id.as_str() {
                column::LEVEL1 => text(&indicators.class(&class.as_ref()?.0)?.label),
                column::LEVEL2 => {
                    let (class, subclass) = class.as_ref()?;
                    let known =
                        indicators.class(class)?.subclasses.iter().find(|one| Some(&one.id) == subclass.as_ref());
                    text(&known?.label)
                }
                column::LEVEL3 => text(name),
                column::OPERATOR => text(sign),
                column::TARGET => text(&format!("{signed}{value}{own_unit}")),
                column::UNIT => text(unit),
                column::ACTUAL | "forecast" => text(&format!("{actual}{own_unit}")),
                column::WEIGHT | column::SCORE => {
                    weights.get(row).copied().or_else(|| printed_weight(plan, &input.role)).map(Entry::Number)
                }
                column::REASON => None,
                _ => kind_entry(input),
            }
        }
        Role::Row { row, .. } => match input.kind {
            FieldKind::Amount => Some(Entry::Number(Decimal::from(48))),
            FieldKind::Text => text(&format!("{}第{}项", input.label.replace('\n', ""), row + 1)),
            _ => kind_entry(input),
        },
        Role::Listed { what, .. } if plan.schema.field(what).is_some() => field_entry(input, what),
        Role::Listed { .. } => kind_entry(input),
        Role::Total { .. } => None,
    }
}

/// A weight that the form prints for a row.
fn printed_weight(plan: &Plan, role: &Role) -> Option<Decimal> {
    let Role::Row { .. } = role else { return None };
    let own = plan.inputs().find(|(_, input)| input.role == *role)?;
    plan.number(own.1.limit?)
}

fn with_column(role: &Role, id: &str) -> Role {
    match role {
        Role::Row { table, row, class, .. } => {
            Role::Row { table: table.clone(), row: *row, column: id.to_owned(), class: class.clone() }
        }
        other => other.clone(),
    }
}

fn sample((class, subclass): &(String, Option<String>)) -> Option<Sample> {
    match subclass {
        Some(subclass) => SAMPLES.iter().copied().find(|(of, ..)| of == subclass),
        None if class == class::SATISFACTION => SAMPLES.last().copied(),
        None => SAMPLES.get(4).copied(),
    }
}

fn field_entry(input: &Input, id: &str) -> Option<Entry> {
    let text = match id {
        field::UNIT => "澄岚区民政服务中心",
        field::DEPARTMENT => "澄岚区民政局",
        field::PROJECT => "社区养老服务站修缮",
        field::YEAR if input.bordered => return Some(Entry::Number(Decimal::from(2026))),
        field::YEAR => "（2026年度）",
        field::GOAL => {
            "目标1：修缮社区养老服务站12个，工程验收合格率98%以上；目标2：日间照料服务覆盖率达到80%，入站老年人满意度90%以上。"
        }
        field::TERM_GOAL => "三年内完成全区36个社区养老服务站修缮，日间照料服务覆盖率达到95%。",
        field::GOAL_ACTUAL => "已修缮社区养老服务站13个，全部通过验收；日间照料服务覆盖率82%，入站老年人满意度93%。",
        field::PROJECT_CODE => "360000260000000012",
        "phone" => "88880012",
        "contact" | "preparer" => "林晓禾",
        "report_date" => "2026年3月1日",
        field::TOTAL_GRADE => "优",
        _ if input.kind == FieldKind::Text => return Some(words(input)),
        _ => return kind_entry(input),
    };
    Some(Entry::Text(text.to_owned()))
}

/// Words for a field that nothing more is known of.
fn words(input: &Input) -> Entry {
    const WORDS: &str = "社区养老服务站修缮按批复的实施方案执行，区民政局组织验收。";
    let most = usize::try_from(input.max_chars.unwrap_or(u32::MAX)).unwrap_or(usize::MAX);
    Entry::Text(WORDS.chars().take(most).collect())
}

fn kind_entry(input: &Input) -> Option<Entry> {
    match input.kind {
        FieldKind::Choice => input.choices.first().cloned().map(Entry::Text),
        FieldKind::Amount => Some(Entry::Number(Decimal::from(96))),
        FieldKind::Rate => Some(Entry::Number(Decimal::ONE)),
        FieldKind::Points => input.limit.is_none().then(|| Entry::Number(Decimal::from(85))),
        FieldKind::Number => Some(Entry::Number(Decimal::from(2))),
        FieldKind::Year => Some(Entry::Number(Decimal::from(2026))),
        FieldKind::Measure => Some(Entry::Text("13个".to_owned())),
        FieldKind::Text => input.required.then(|| Entry::Text(format!("{}已核实", input.label.replace('\n', "")))),
        FieldKind::MoneyUnit | FieldKind::Month => None,
    }
}

/// Makes totals what their parts are.
fn settle(plan: &mut Plan) {
    let schema = plan.schema.clone();
    for grid in &schema.grids {
        let mut columns: Vec<&str> =
            grid.columns.iter().filter(|c| c.kind == FieldKind::Amount).map(|c| c.id.as_str()).collect();
        if grid.columns.is_empty() {
            columns.push(amount::BUDGET);
        }
        for id in columns {
            let role = |row: &str| Role::Cell { grid: grid.id.clone(), row: row.to_owned(), column: id.to_owned() };
            let number = |plan: &Plan, row: &str| plan.place(&role(row)).and_then(|at| plan.number(at.start));
            let parts = grid.rows.iter().filter(|row| !row.total).filter_map(|row| number(plan, &row.id));
            let sum: Decimal = parts.sum();
            let sum = if sum.is_zero() { Decimal::from(96) } else { sum };
            for total in grid.rows.iter().filter(|row| row.total) {
                plan.put(&role(&total.id), Entry::Number(sum));
            }
            for (row, share) in [("basic_spending", Decimal::from(60)), ("project_spending", sum - Decimal::from(60))] {
                plan.put(&role(row), Entry::Number(share));
            }
        }
    }
    // A total may be part of another.
    for _ in 0..2 {
        for total in &schema.totals {
            if let Some(table) = &total.rows {
                settle_rows(plan, table, total);
                continue;
            }
            let parts: Option<Decimal> = total.parts.iter().map(|part| figure(plan, part)).sum();
            if let (Some(sum), Some(role)) = (parts, role_of(&total.total)) {
                plan.put(&role, Entry::Number(sum));
            }
        }
    }
}

/// Makes the stated figure of each used row what the others are.
fn settle_rows(plan: &mut Plan, table: &str, total: &TotalSpec) {
    let Figure::Own(stated) = &total.total else { return };
    let of_column = |piece: &Piece, column: &str| matches!(piece.role(), Some(Role::Row { table: t, column: c, .. }) if t == table && c == column);
    let rows: Vec<Role> =
        plan.pieces.iter().filter(|piece| of_column(piece, stated)).filter_map(|piece| piece.role().cloned()).collect();
    for role in rows {
        let number = |figure: &Figure| match figure {
            Figure::Own(id) => plan.number(plan.place(&with_column(&role, id))?.start),
            _ => None,
        };
        let parts: Option<Decimal> = total.parts.iter().map(number).sum();
        if let Some(sum) = parts {
            plan.put(&role, Entry::Number(sum));
        }
    }
}

fn role_of(figure: &Figure) -> Option<Role> {
    match figure {
        Figure::Own(_) => None,
        Figure::Field(id) => Some(Role::Field(id.clone())),
        Figure::Cell { grid, row, column } => {
            Some(Role::Cell { grid: grid.clone(), row: row.clone(), column: column.clone() })
        }
        Figure::Last { table, column } => Some(Role::Total { table: table.clone(), column: column.clone() }),
        Figure::Sum { .. } | Figure::Count { .. } => None,
    }
}

fn figure(plan: &Plan, of: &Figure) -> Option<Decimal> {
    match of {
        Figure::Sum { table, column } => {
            let cells = plan.pieces.iter().filter(|piece| {
                matches!(piece.role(), Some(Role::Row { table: t, column: c, .. }) if t == table && c == column)
            });
            Some(cells.filter_map(|piece| plan.number(piece.range.start)).sum())
        }
        Figure::Count { table } => {
            let filled: BTreeSet<usize> = plan
                .inputs()
                .filter_map(|(_, input)| match &input.role {
                    Role::Row { table: t, row, .. } if t == table && input.value.is_some() => Some(*row),
                    _ => None,
                })
                .collect();
            Some(Decimal::from(filled.len()))
        }
        single => plan.number(plan.place(&role_of(single)?)?.start),
    }
}
