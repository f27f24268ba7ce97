//! The roster's sheet → [`Roster`]; all problems at once, each with its cell.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::period::{self, TURN, YEAR};
use super::table::{Column, Table, is_example};
use super::units::Index;
use super::{Asked, Expected, FormKind, Match, Roster, Unit, unit_key};
use crate::error::{Error, ErrorKind};
use crate::schema::{Schema, Stage, Subject};
use crate::text::label_key;
use crate::workbook::Sheet;

pub(crate) static DEPARTMENT: Column =
    Column { title: "部门", labels: &["部门", "主管部门", "部门名称"], required: true };
pub(crate) static UNIT: Column =
    Column { title: "单位", labels: &["单位", "单位名称", "预算单位"], required: true };
pub(crate) static FORMS: Column = Column { title: "应报表单", labels: &["应报表单", "应报"], required: true };
pub(crate) static CODE: Column = Column { title: "单位编码", labels: &["单位编码", "编码"], required: false };
pub(crate) static ALIASES: Column =
    Column { title: "简称/别名", labels: &["简称别名", "简称", "别名"], required: false };
/// Beside 简称/别名, for rosters that keep old names in a column of their own.
static FORMER: Column = Column { title: "曾用名", labels: &["曾用名", "原名称", "原名"], required: false };
pub(crate) static KIND: Column = Column { title: "类型", labels: &["类型", "单位类型"], required: false };
pub(crate) static PROJECTS: Column =
    Column { title: "应报项目数", labels: &["应报项目数", "项目数"], required: false };
pub(crate) static AMOUNT: Column =
    Column { title: "应报金额（万元）", labels: &["应报金额", "金额"], required: false };
pub(crate) static DEADLINE: Column = Column {
    title: "截止日期",
    labels: &["截止日期", "截止时间", "报送截止日期", "报送期限", "报送时限"],
    required: false,
};
pub(crate) static MERGED_INTO: Column =
    Column {
        title: "并入单位", labels: &["并入单位", "并入", "撤并后单位", "合并到"], required: false
    };
pub(crate) static MERGED_YEAR: Column =
    Column {
        title: "撤并年度", labels: &["撤并年度", "并入年度", "合并年度", "撤销年度"], required: false
    };
static COLUMNS: [&Column; 14] = [
    &DEPARTMENT,
    &UNIT,
    &FORMS,
    &CODE,
    &ALIASES,
    &FORMER,
    &KIND,
    &YEAR,
    &TURN,
    &DEADLINE,
    &PROJECTS,
    &AMOUNT,
    &MERGED_INTO,
    &MERGED_YEAR,
];

impl Roster {
    /// Reads the first visible sheet that holds something. A form is known by the id of a schema, its title, or its
    /// words. `path` names the file in messages.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] with every problem: missing columns by name; units without name or department, under two
    /// departments, with another's name or code; forms nobody knows, or listed twice for one year and round; what is no
    /// number, date, year or round, amounts headed 元; deadlines before their year; mergers into units that are not there,
    /// in circles, or of units that still owe forms.
    pub fn read(sheets: &[Sheet], path: &str, schemas: &[std::sync::Arc<Schema>]) -> Result<Self, Error> {
        let invalid = |problems| Err(Error::new(path, ErrorKind::Invalid(problems)));
        let table = match Table::find(sheets, "名册", &COLUMNS) {
            Ok(table) => table,
            Err(problem) => return invalid(vec![problem]),
        };
        let mut reader = Reader {
            table,
            schemas,
            roster: Self::default(),
            rows: Vec::new(),
            codes: BTreeMap::new(),
            due: Vec::new(),
            mergers: Vec::new(),
            amounts: Vec::new(),
        };
        reader.table.require_wan(&AMOUNT);
        for row in reader.table.rows() {
            reader.read_row(row);
        }
        reader.roster.index = Index::of(&reader.roster.units, &reader.roster.names);
        reader.merge();
        let amounts = std::mem::take(&mut reader.amounts);
        reader.table.hint_at_yuan(&AMOUNT, &amounts, "单位");
        let Reader { table, mut roster, .. } = reader;
        let sheet = table.sheet_name();
        let mut problems = table.problems;
        if roster.units.is_empty() && problems.is_empty() {
            problems.push(format!("工作表“{sheet}”的表头下面还没有单位（示例行不算）。请逐行填写"));
        }
        roster.hints = table.hints;
        if problems.is_empty() { Ok(roster) } else { invalid(problems) }
    }
}

/// Row by row into a roster.
struct Reader<'a> {
    table: Table<'a>,
    schemas: &'a [std::sync::Arc<Schema>],
    roster: Roster,
    /// The first row of each unit.
    rows: Vec<u32>,
    /// 单位编码 → its unit.
    codes: BTreeMap<String, usize>,
    /// The row of every form that is due, with its unit and place there.
    due: Vec<(u32, usize, usize)>,
    /// Rows that name what a unit was merged into, and their units.
    mergers: Vec<(u32, usize)>,
    /// Amounts with their rows.
    amounts: Vec<(u32, Decimal)>,
}

/// What a row says of when its forms are due.
#[derive(Clone, Copy)]
struct Period {
    year: Option<u16>,
    turn: Option<u8>,
    deadline: Option<NaiveDate>,
}

impl Reader<'_> {
    fn read_row(&mut self, row: u32) {
        let name = self.table.text(row, &UNIT);
        if is_example(&name) {
            return;
        }
        if name.is_empty() {
            self.table.problem(row, &UNIT, "单位名称空白。请填写单位名称，或删除这一行");
            return;
        }
        let expected = self.expected(row);
        let key = unit_key(&name);
        let known = self.roster.names.get(&key).copied();
        let known = known.filter(|at| self.roster.units.get(*at).is_some_and(|unit| unit_key(&unit.name) == key));
        let at = known.unwrap_or_else(|| self.enter(row, &name));
        self.describe(row, at, known.is_none());
        self.owe(row, at, expected);
        self.merger(row, at);
    }

    /// A unit that is new to the roster.
    fn enter(&mut self, row: u32, name: &str) -> usize {
        let at = self.roster.units.len();
        self.know(row, at, name, &UNIT);
        self.rows.push(row);
        self.roster.units.push(Unit {
            department: String::new(),
            name: name.to_owned(),
            code: String::new(),
            aliases: Vec::new(),
            kind: String::new(),
            expected: Vec::new(),
            merged_into: None,
            merged_year: None,
        });
        at
    }

    /// Makes a unit known by a name, which no other unit may bear.
    fn know(&mut self, row: u32, at: usize, name: &str, column: &Column) {
        let key = unit_key(name);
        match self.roster.names.get(&key).filter(|other| **other != at).and_then(|other| self.roster.units.get(*other))
        {
            Some(other) => {
                let message = format!("“{name}”已经是“{}”的名称或别名。请区分两个单位", other.name);
                self.table.problem(row, column, &message);
            }
            None => drop(self.roster.names.insert(key, at)),
        }
    }

    /// What a row says of its unit beside the forms. A unit may stand on several rows, which must not contradict each
    /// other.
    fn describe(&mut self, row: u32, at: usize, is_first: bool) {
        let department = self.table.text(row, &DEPARTMENT);
        if is_first && department.is_empty() {
            self.table.problem(row, &DEPARTMENT, "主管部门空白。请填写主管部门；部门自己报的，填单位名称");
        }
        let code = self.table.text(row, &CODE);
        let texts = [(&DEPARTMENT, department), (&CODE, code.clone()), (&KIND, self.table.text(row, &KIND))];
        let first = self.rows.get(at).copied().unwrap_or(row);
        for (column, text) in texts {
            let Some(unit) = self.roster.units.get_mut(at) else { return };
            let known = match column.title {
                title if title == DEPARTMENT.title => &mut unit.department,
                title if title == CODE.title => &mut unit.code,
                _ => &mut unit.kind,
            };
            if known.is_empty() {
                *known = text;
            } else if !text.is_empty() && unit_key(known) != unit_key(&text) {
                let (title, place) = (column.title, self.table.place(first, column));
                let message = format!(
                    "“{}”的{title}在 {place} 是“{known}”，这里是“{text}”。一个单位只能有一个，请改成一致",
                    unit.name
                );
                self.table.problem(row, column, &message);
            }
        }
        self.code(row, at, &code);
        for column in [&ALIASES, &FORMER] {
            for alias in self.table.list(row, column) {
                self.know(row, at, &alias, column);
                if let Some(unit) = self.roster.units.get_mut(at).filter(|unit| !unit.aliases.contains(&alias)) {
                    unit.aliases.push(alias);
                }
            }
        }
    }

    /// A code is one unit's.
    fn code(&mut self, row: u32, at: usize, code: &str) {
        if code.is_empty() {
            return;
        }
        let owner = *self.codes.entry(unit_key(code)).or_insert(at);
        if let Some(other) = self.roster.units.get(owner).filter(|_| owner != at) {
            let place = self.rows.get(owner).map(|row| self.table.place(*row, &CODE)).unwrap_or_default();
            let message =
                format!("单位编码“{code}”已经是“{}”的（{place}）。一个编码只能有一个单位，请核对", other.name);
            self.table.problem(row, &CODE, &message);
        }
    }

    /// Adds what a row asks for; the same form for the same year and round stands on one row.
    fn owe(&mut self, row: u32, at: usize, expected: Vec<Expected>) {
        let Some(unit) = self.roster.units.get_mut(at) else { return };
        let before = unit.expected.len();
        for new in expected {
            let (old, own) = unit.expected.split_at(before);
            let period = |one: &Expected| (one.kind, one.year, one.turn);
            let again = old.iter().any(|old| period(old) == period(&new))
                || own.iter().any(|own| period(own) == period(&new) && label_key(&own.form) == label_key(&new.form));
            let meets = |one: Option<u16>, other: Option<u16>| one.is_none() || other.is_none() || one == other;
            let turn = |one: &Expected| one.turn.map(u16::from);
            let overlaps =
                |old: &&Expected| old.kind == new.kind && meets(old.year, new.year) && meets(turn(old), turn(&new));
            if again {
                let message =
                    format!("“{}”的“{}”重复列出。请合并为一行，或写明各是哪个年度、第几次", unit.name, new.form);
                self.table.problem(row, &UNIT, &message);
                continue;
            }
            if old.iter().any(|old| overlaps(&old)) {
                let message = format!(
                    "“{}”的“{}”在别的行没有写年度或轮次，与这一行重叠，同一张表会算两次。请都写明年度、轮次",
                    unit.name, new.form
                );
                self.table.hint(row, &FORMS, &message);
            }
            if let Some(projects) = new.projects.filter(|_| new.kind.subject == Subject::Project) {
                let place = self.table.place(row, &PROJECTS);
                self.roster.asked.push(Asked { unit: at, kind: new.kind, year: new.year, projects, place });
            }
            self.due.push((row, at, unit.expected.len()));
            unit.expected.push(new);
        }
    }

    /// What the row's unit must hand in; money is counted with the first form about projects.
    fn expected(&mut self, row: u32) -> Vec<Expected> {
        let forms = self.table.list(row, &FORMS);
        if forms.is_empty() && self.table.text(row, &MERGED_INTO).is_empty() {
            self.table.problem(row, &FORMS, "应报表单空白。请填写应报的表，如“项目支出绩效自评表”，多张表用顿号隔开");
        }
        let projects = self.table.number(row, &PROJECTS).and_then(|number| {
            let whole = number.to_u32().filter(|count| Decimal::from(*count) == number);
            if whole.is_none() {
                self.table.problem(row, &PROJECTS, &format!("应报项目数“{number}”不是非负整数"));
            }
            whole
        });
        let mut amount = self.table.amount(row, &AMOUNT);
        self.amounts.extend(amount.map(|amount| (row, amount)));
        let period = Period {
            year: period::year(&mut self.table, row, &YEAR),
            turn: period::turn(&mut self.table, row),
            deadline: self.table.date(row, &DEADLINE),
        };
        let mut expected: Vec<Expected> = Vec::new();
        for form in forms {
            let (name, turn) = period::without_turn(&form);
            let Some(kind) = FormKind::of_form(&name, self.schemas) else {
                self.table.problem(
                    row,
                    &FORMS,
                    &format!("认不出“{form}”是哪张表。请写表名（如“项目支出绩效自评表”）或规格编号"),
                );
                continue;
            };
            let turn = self.turn(row, &form, kind, turn, period.turn);
            let projects = if kind.subject.is_project() { projects } else { Some(1) };
            let amount = if kind.subject.is_project() { amount.take() } else { None };
            let Period { year, deadline, .. } = period;
            expected.push(Expected { form, kind, year, turn, projects, amount, deadline });
        }
        if period.turn.is_some() && !expected.is_empty() && expected.iter().all(|one| one.turn.is_none()) {
            self.table.problem(row, &TURN, "只有监控表分第几次，这一行没有监控表。请空着轮次，或核对应报表单");
        }
        self.deadline(row, period, &expected);
        expected
    }

    /// The round of a form: of its name, else of the row's column, which only concerns monitoring.
    fn turn(&mut self, row: u32, form: &str, kind: FormKind, named: Option<u8>, column: Option<u8>) -> Option<u8> {
        if kind.stage != Stage::Monitoring {
            return None;
        }
        if let (Some(named), Some(column)) = (named, column)
            && named != column
        {
            self.table.problem(row, &TURN, &format!("轮次填 {column}，应报表单写“{form}”。请改成一致"));
        }
        named.or(column)
    }

    /// A form cannot be due before its year.
    fn deadline(&mut self, row: u32, period: Period, expected: &[Expected]) {
        let (Some(day), Some(year)) = (period.deadline, period.year) else { return };
        if let Some(form) = expected.iter().find(|one| period::is_too_early(day, year, one.kind.stage)) {
            let message = format!("截止日期 {day} 早于“{}”的年度 {year}。请核对年份", form.form);
            self.table.problem(row, &DEADLINE, &message);
        }
    }

    /// What a row says its unit was merged into; looked for once all units are known.
    fn merger(&mut self, row: u32, at: usize) {
        let (into, year) = (self.table.text(row, &MERGED_INTO), period::year(&mut self.table, row, &MERGED_YEAR));
        if into.is_empty() {
            if year.is_some() {
                self.table.problem(
                    row,
                    &MERGED_INTO,
                    "填了撤并年度，没有填并入单位。请填并入了哪个单位；没有撤并的，撤并年度空着",
                );
            }
            return;
        }
        let Some(unit) = self.roster.units.get_mut(at) else { return };
        let new = (Some(into), year);
        if unit.merged_into.is_none() {
            (unit.merged_into, unit.merged_year) = new;
            self.mergers.push((row, at));
        } else if (&unit.merged_into, unit.merged_year) != (&new.0, new.1) {
            let message = format!("“{}”的并入单位、撤并年度与前面的行不一致。一个单位只能并入一个单位", unit.name);
            self.table.problem(row, &MERGED_INTO, &message);
        }
    }

    /// Finds the units that others were merged into.
    fn merge(&mut self) {
        for (row, at) in self.mergers.clone() {
            let Some(unit) = self.roster.units.get(at) else { continue };
            let written = unit.merged_into.clone().unwrap_or_default();
            let found = match self.roster.resolve(&written) {
                Match::Known(other) if other.name == unit.name => {
                    Err("并入单位写的是单位自己。没有撤并的请空着".to_owned())
                }
                Match::Known(other) => Ok(other.name.clone()),
                Match::Unknown(near) => {
                    let likely = near.map(|near| format!("，最接近“{}”", near.name)).unwrap_or_default();
                    Err(format!("并入单位“{written}”不在名册上{likely}。请用名册上的名称，或把这个单位加进名册"))
                }
            };
            let (into, problem) = match found {
                Ok(into) => (Some(into), None),
                Err(problem) => (None, Some(problem)),
            };
            if let Some(problem) = problem {
                self.table.problem(row, &MERGED_INTO, &problem);
            }
            if let Some(unit) = self.roster.units.get_mut(at) {
                unit.merged_into = into;
            }
        }
        for (row, at) in self.mergers.clone() {
            if let Some(unit) = self.roster.units.get(at).filter(|unit| self.roster.is_in_circle(unit)) {
                let message = format!("“{}”并来并去又回到自己。请核对是谁并入谁", unit.name);
                self.table.problem(row, &MERGED_INTO, &message);
            }
        }
        self.owed_by_the_merged();
    }

    /// A unit that was merged owes nothing more: what it owes is the other's.
    fn owed_by_the_merged(&mut self) {
        for (row, at, place) in &self.due {
            let Some(unit) = self.roster.units.get(*at) else { continue };
            let (Some(into), Some(due)) = (&unit.merged_into, unit.expected.get(*place)) else { continue };
            let of_other = unit.merged_year.is_none_or(|merged| due.year.is_some_and(|year| year >= merged));
            if of_other {
                let message = format!("“{}”已并入“{into}”，“{}”由“{into}”报。请移到那个单位的行", unit.name, due.form);
                self.table.problem(*row, &FORMS, &message);
            } else if let (Some(merged), None) = (unit.merged_year, due.year) {
                let message = format!(
                    "“{}”{merged} 年并入“{into}”，这一年起的表算“{into}”的；“{}”没有写年度，请写明",
                    unit.name, due.form
                );
                self.table.hint(*row, &FORMS, &message);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Match;
    use super::*;
    use crate::schema::{Stage, Subject};
    use crate::workbook::sheet_from_text;

    fn read(text: &str) -> Result<Roster, String> {
        let sheet = sheet_from_text("名册", text).expect("a valid grid");
        Roster::read(&[sheet], "名册.xlsx", &[]).map_err(|error| error.kind.to_string())
    }

    #[test]
    fn units_are_known_by_name_and_alias_and_a_stranger_gets_a_suggestion() {
        let roster = read(
            "2024年预算单位名册|<|<|<|<|<\n\
             部门|单位|单位编码|简称/别名|应报表单|应报项目数\n\
             农业农村局|城东区农业农村局|219001|区农业局、农业局|项目支出绩效自评表、部门整体支出绩效自评表|3\n\
             ^|城东区畜牧站|219002||项目支出绩效自评表|1",
        )
        .expect("a good roster");
        let unit = roster.find("219001-城东区农业农村局").expect("known by name");
        assert_eq!(roster.find("区农业局").map(|u| &u.name), Some(&unit.name));
        assert_eq!(roster.find("城东区畜牧站").map(|u| u.department.as_str()), Some("农业农村局"));
        let counts: Vec<_> = unit.expected.iter().map(|e| (e.kind.stage, e.kind.subject, e.projects)).collect();
        assert_eq!(
            counts,
            [(Stage::SelfEvaluation, Subject::Project, Some(3)), (Stage::SelfEvaluation, Subject::Department, Some(1))]
        );
        assert_eq!(roster.find("城东区畜牧兽医站"), None);
        assert_eq!(roster.resolve("城东区畜牧兽医站").suggestion().map(|u| u.name.as_str()), Some("城东区畜牧站"));
        assert_eq!(roster.resolve("某中学"), Match::Unknown(None));
    }

    #[test]
    fn missing_columns_are_named() {
        let problems = read("部门|名称\n农业农村局|畜牧站").expect_err("two columns are missing");
        assert!(problems.starts_with("工作表“名册”缺少列：单位、应报表单。"), "{problems}");
    }

    #[test]
    fn all_problems_of_a_roster_are_told_at_once_with_their_cells() {
        let problems = read(
            "部门|单位|应报表单|应报项目数\n\
             甲局|甲局本级|项目支出绩效自评表|两个\n\
             甲局||项目支出绩效自评表|1\n\
             甲局|甲局 本级|项目支出绩效自评表|1\n\
             乙局|乙局本级|工资表|1.5",
        )
        .expect_err("four bad lines");
        for at in ["名册!D2：应报项目数“两个”不是数字", "名册!B3：", "名册!B4：", "名册!C5：", "名册!D5："]
        {
            assert!(problems.contains(at), "{at} in {problems}");
        }
    }

    #[test]
    fn forms_are_due_by_year_round_and_day() {
        let roster = read(
            "部门|单位|曾用名|年度|应报表单|轮次|截止日期\n\
             甲局|甲局本级|甲委本级|2023年度|项目支出绩效目标申报表||2022-12-10\n\
             ^|甲局本级||2022|项目支出绩效自评表、部门整体支出绩效自评表||2023年3月15日\n\
             ^|甲局本级||2022|项目支出绩效监控表|第1次|2022/7/31\n\
             ^|甲局本级||2022|项目支出绩效监控表（第2次）||2022-10-31",
        )
        .expect("a good roster");
        let unit = roster.find("甲委本级").expect("known by its former name");
        let told: Vec<String> = unit
            .expected
            .iter()
            .map(|one| format!("{:?} {:?} {:?} {:?}", one.kind.stage, one.year, one.turn, one.deadline))
            .collect();
        assert_eq!(
            told,
            [
                "Target Some(2023) None Some(2022-12-10)",
                "SelfEvaluation Some(2022) None Some(2023-03-15)",
                "SelfEvaluation Some(2022) None Some(2023-03-15)",
                "Monitoring Some(2022) Some(1) Some(2022-07-31)",
                "Monitoring Some(2022) Some(2) Some(2022-10-31)",
            ]
        );
        assert_eq!(roster.hints(), [] as [&str; 0]);
    }

    #[test]
    fn two_lines_that_contradict_each_other_are_told_with_the_cells_of_both() {
        let problems = read(
            "部门|单位|单位编码|简称|年度|应报表单|轮次|截止日期\n\
             甲局|甲局本级|219001|甲局|2022|项目支出绩效监控表|1|2021-07-31\n\
             乙局|甲局本级|219002||2022|项目支出绩效监控表（第一次）||2022年秋\n\
             乙局|乙局本级|219001|丙局、甲局|2022|项目支出绩效自评表|1|\n\
             |丙局|||2022|项目支出绩效监控表（第2次）|1|",
        )
        .expect_err("ten problems");
        for told in [
            "名册!H2：截止日期 2021-07-31 早于“项目支出绩效监控表”的年度 2022",
            "名册!A3：“甲局本级”的部门在 名册!A2 是“甲局”，这里是“乙局”",
            "名册!C3：“甲局本级”的单位编码在 名册!C2 是“219001”，这里是“219002”",
            "名册!B3：“甲局本级”的“项目支出绩效监控表(第一次)”重复列出",
            "名册!H3：截止日期“2022年秋”不是日期",
            "名册!C4：单位编码“219001”已经是“甲局本级”的（名册!C2）",
            "名册!D4：“甲局”已经是“甲局本级”的名称或别名",
            "名册!G4：只有监控表分第几次",
            "名册!A5：主管部门空白",
            "名册!B5：“丙局”已经是“乙局本级”的名称或别名",
            "名册!G5：轮次填 1，应报表单写“项目支出绩效监控表(第2次)”",
        ] {
            assert!(problems.contains(told), "{told} in {problems}");
        }
        assert_eq!(problems.lines().count(), 11, "{problems}");
    }

    #[test]
    fn text_numbers_amounts_like_yuan_and_overlapping_years_are_hints_and_stop_nothing() {
        let roster = read(
            "部门|单位|年度|应报表单|应报项目数|应报金额（万元）\n\
             甲局|甲局本级||项目支出绩效自评表|'3|'1,200.5\n\
             甲局|甲局本级|2022|项目支出绩效自评表|2|300\n\
             乙局|乙局本级||项目支出绩效自评表|1|30000000",
        )
        .expect("a roster with hints");
        let [count, amount, overlap, yuan] = roster.hints() else { panic!("four hints: {:?}", roster.hints()) };
        assert!(count.starts_with("名册!E2：“3”是以文本形式存储的数字，按 3 读入"), "{count}");
        assert!(amount.starts_with("名册!F2：“1,200.5”是以文本形式存储的数字，按 1200.5 读入"), "{amount}");
        assert!(overlap.starts_with("名册!D3：“甲局本级”的“项目支出绩效自评表”在别的行没有写年度或轮次"), "{overlap}");
        assert!(yuan.starts_with("名册!F4：金额 30000000 万元是其他单位的一万倍以上"), "{yuan}");
        let yuan = read("部门|单位|应报表单|应报金额（元）\n甲局|甲局本级|项目支出绩效自评表|3").expect_err("元");
        assert!(
            yuan.starts_with("名册!D1：金额列注明单位为元。请把金额换算成万元，列名改为“应报金额（万元）”"),
            "{yuan}"
        );
    }

    #[test]
    fn forms_of_a_merged_unit_count_to_itself_before_its_year_and_then_to_the_last_of_the_chain() {
        let roster = read(
            "部门|单位|应报表单|并入单位|撤并年度\n\
             甲局|甲站||乙中心|2022\n\
             甲局|甲所||甲站|\n\
             乙局|乙中心||丙局|2024\n\
             丙局|丙局|项目支出绩效自评表||",
        )
        .expect("a good roster");
        let of = |name: &str, year| roster.resolve_in(name, year).known().map(|unit| unit.name.as_str());
        assert_eq!([of("甲站", Some(2021)), of("甲站", None)], [Some("甲站"); 2]);
        assert_eq!([of("甲站", Some(2022)), of("甲所", Some(2023))], [Some("乙中心"); 2]);
        assert_eq!(of("甲所", None), Some("甲站"));
        assert_eq!([of("甲站", Some(2024)), of("甲所", Some(2030)), of("丙局", None)], [Some("丙局"); 3]);
    }

    #[test]
    fn mergers_into_nowhere_into_themselves_in_circles_and_with_forms_still_due_are_problems() {
        let problems = read(
            "部门|单位|年度|应报表单|并入单位|撤并年度\n\
             甲局|甲站|2023|项目支出绩效自评表|丙局中心|2023\n\
             甲局|甲所|||丙局分中心|\n\
             甲局|甲室|||甲室|2022\n\
             乙局|乙站|||乙所|2022\n\
             乙局|乙所|||乙站|2023\n\
             丙局|丙局中心|2022|项目支出绩效自评表||2022",
        )
        .expect_err("six problems");
        for told in [
            "名册!D2：“甲站”已并入“丙局中心”，“项目支出绩效自评表”由“丙局中心”报",
            "名册!E3：并入单位“丙局分中心”不在名册上，最接近“丙局中心”",
            "名册!E4：并入单位写的是单位自己",
            "名册!E5：“乙站”并来并去又回到自己",
            "名册!E6：“乙所”并来并去又回到自己",
            "名册!E7：填了撤并年度，没有填并入单位",
        ] {
            assert!(problems.contains(told), "{told} in {problems}");
        }
        assert_eq!(problems.lines().count(), 6, "{problems}");
    }

    #[test]
    fn a_unit_on_two_lines_with_different_forms_is_one_unit() {
        let roster = read(
            "部门|单位|应报表单|应报项目数\n\
             甲局|甲局本级|项目支出绩效自评表|2\n\
             甲局|甲局本级|项目支出绩效目标申报表|3",
        )
        .expect("a good roster");
        assert_eq!(roster.units().len(), 1);
        assert_eq!(roster.units().first().map(|unit| unit.expected.len()), Some(2));
    }
}
