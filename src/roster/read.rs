//! The roster's sheet → [`Roster`]; all problems at once, each with its cell.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::table::{Column, Table, is_example};
use super::units::Index;
use super::{Expected, FormKind, Roster, Unit, unit_key};
use crate::error::{Error, ErrorKind};
use crate::schema::Schema;
use crate::text::squeeze;
use crate::workbook::Sheet;

pub(crate) static DEPARTMENT: Column =
    Column { title: "部门", labels: &["部门", "主管部门", "部门名称"], required: true };
pub(crate) static UNIT: Column =
    Column { title: "单位", labels: &["单位", "单位名称", "预算单位"], required: true };
pub(crate) static FORMS: Column = Column { title: "应报表单", labels: &["应报表单", "应报"], required: true };
pub(crate) static CODE: Column = Column { title: "单位编码", labels: &["单位编码", "编码"], required: false };
pub(crate) static ALIASES: Column =
    Column { title: "简称/别名", labels: &["简称别名", "简称", "别名"], required: false };
pub(crate) static KIND: Column = Column { title: "类型", labels: &["类型", "单位类型"], required: false };
pub(crate) static PROJECTS: Column =
    Column { title: "应报项目数", labels: &["应报项目数", "项目数"], required: false };
pub(crate) static AMOUNT: Column =
    Column { title: "应报金额（万元）", labels: &["应报金额", "金额"], required: false };
static COLUMNS: [&Column; 8] = [&DEPARTMENT, &UNIT, &FORMS, &CODE, &ALIASES, &KIND, &PROJECTS, &AMOUNT];

impl Roster {
    /// Reads the first visible sheet that holds something. A form is known by the id of a schema, its title, or its
    /// words. `path` names the file in messages.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] with every problem: missing columns by name, units without name or listed twice, forms
    /// nobody knows, amounts that are no numbers.
    pub fn read(sheets: &[Sheet], path: &str, schemas: &[std::sync::Arc<Schema>]) -> Result<Self, Error> {
        let invalid = |problems| Err(Error::new(path, ErrorKind::Invalid(problems)));
        let table = match Table::find(sheets, "名册", &COLUMNS) {
            Ok(table) => table,
            Err(problem) => return invalid(vec![problem]),
        };
        let mut reader = Reader { table, schemas, roster: Self::default() };
        for row in reader.table.rows() {
            reader.read_row(row);
        }
        let Reader { table, mut roster, .. } = reader;
        roster.index = Index::of(&roster.units, &roster.names);
        let sheet = table.sheet_name();
        let mut problems = table.problems;
        if roster.units.is_empty() && problems.is_empty() {
            problems.push(format!("工作表“{sheet}”的表头下面还没有单位（示例行不算）。请逐行填写"));
        }
        if problems.is_empty() { Ok(roster) } else { invalid(problems) }
    }
}

/// Row by row into a roster.
struct Reader<'a> {
    table: Table<'a>,
    schemas: &'a [std::sync::Arc<Schema>],
    roster: Roster,
}

impl Reader<'_> {
    fn read_row(&mut self, row: u32) {
        let name = self.table.text(row, &UNIT);
        let department = self.table.text(row, &DEPARTMENT);
        if is_example(&name) {
            return;
        }
        if name.is_empty() {
            self.table.problem(row, &UNIT, "单位名称空白。请填写单位名称，或删除这一行");
            return;
        }
        let expected = self.expected(row);
        let aliases: Vec<String> = self.table.list(row, &ALIASES);
        let key = unit_key(&name);
        let known = self.roster.names.get(&key).copied();
        if let Some(unit) = known.and_then(|at| self.roster.units.get_mut(at)).filter(|u| unit_key(&u.name) == key) {
            // A unit may stand on several lines, each with other forms.
            let twice = expected.iter().find(|new| unit.expected.iter().any(|old| old.kind == new.kind));
            match twice.map(|expected| expected.form.clone()) {
                Some(form) => self.table.problem(row, &UNIT, &format!("“{name}”的“{form}”重复列出。请合并为一行")),
                None => unit.expected.extend(expected),
            }
            return;
        }
        let at = self.roster.units.len();
        for alias in std::iter::once(&name).chain(&aliases) {
            if let Some(other) = self.roster.names.get(&unit_key(alias)).and_then(|at| self.roster.units.get(*at)) {
                let message = format!("“{alias}”已经是“{}”的名称或别名。请区分两个单位", other.name);
                self.table.problem(row, &UNIT, &message);
            }
        }
        let names = std::iter::once(&name).chain(&aliases).map(|alias| (unit_key(alias), at));
        let names: Vec<_> = names.filter(|(key, _)| !self.roster.names.contains_key(key)).collect();
        self.roster.names.extend(names);
        let code = self.table.text(row, &CODE);
        let kind = self.table.text(row, &KIND);
        let (merged_into, merged_year) = (None, None);
        self.roster.units.push(Unit { department, name, code, aliases, kind, expected, merged_into, merged_year });
    }

    /// What the row's unit must hand in; money is counted with the first form about projects.
    fn expected(&mut self, row: u32) -> Vec<Expected> {
        let forms = self.table.list(row, &FORMS);
        if forms.is_empty() {
            self.table.problem(row, &FORMS, "应报表单空白。请填写应报的表，如“项目支出绩效自评表”，多张表用顿号隔开");
        }
        let projects = self.table.number(row, &PROJECTS).and_then(|number| {
            let whole = number.to_u32().filter(|count| Decimal::from(*count) == number);
            if whole.is_none() {
                self.table.problem(row, &PROJECTS, &format!("应报项目数“{number}”不是非负整数"));
            }
            whole
        });
        let mut amount = self.table.number(row, &AMOUNT);
        let mut expected = Vec::new();
        for form in forms {
            let Some(kind) = self.kind(&form) else {
                self.table.problem(
                    row,
                    &FORMS,
                    &format!("认不出“{form}”是哪张表。请写表名（如“项目支出绩效自评表”）或规格编号"),
                );
                continue;
            };
            let projects = if kind.subject.is_project() { projects } else { Some(1) };
            let amount = if kind.subject.is_project() { amount.take() } else { None };
            expected.push(Expected { form, kind, year: None, turn: None, projects, amount, deadline: None });
        }
        expected
    }

    fn kind(&self, form: &str) -> Option<FormKind> {
        let same = |schema: &&std::sync::Arc<Schema>| schema.id == form || squeeze(&schema.title) == squeeze(form);
        match self.schemas.iter().find(same) {
            Some(schema) => Some(FormKind { stage: schema.stage, subject: schema.subject }),
            None => FormKind::of_name(form),
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
