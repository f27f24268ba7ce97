//! The roster's sheet → [`Roster`]; all problems at once, each with its cell.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{Expected, FormKind, Roster, Unit, unit_key};
use crate::address::CellRef;
use crate::error::{Error, ErrorKind};
use crate::schema::Schema;
use crate::text::{fold, label_key, squeeze};
use crate::value::parse_number;
use crate::workbook::{Content, Sheet, Visibility};

/// Rows in which the header is looked for: a title and a note may stand above it.
const HEADER_WITHIN: u32 = 10;

/// A column of the roster.
struct Column {
    /// As the message names it.
    title: &'static str,
    /// Label keys it is found by.
    labels: &'static [&'static str],
    required: bool,
}

const DEPARTMENT: Column =
    Column { title: "部门", labels: &["部门", "主管部门", "部门名称"], required: true };
const UNIT: Column = Column { title: "单位", labels: &["单位", "单位名称", "预算单位"], required: true };
const FORMS: Column = Column { title: "应报表单", labels: &["应报表单", "应报"], required: true };
const CODE: Column = Column { title: "单位编码", labels: &["单位编码", "编码"], required: false };
const ALIASES: Column =
    Column { title: "简称/别名", labels: &["简称别名", "简称", "别名"], required: false };
const KIND: Column = Column { title: "类型", labels: &["类型", "单位类型"], required: false };
const PROJECTS: Column =
    Column { title: "应报项目数", labels: &["应报项目数", "项目数"], required: false };
const AMOUNT: Column =
    Column { title: "应报金额（万元）", labels: &["应报金额", "金额"], required: false };
const COLUMNS: [&Column; 8] = [&DEPARTMENT, &UNIT, &FORMS, &CODE, &ALIASES, &KIND, &PROJECTS, &AMOUNT];

impl Roster {
    /// Reads the first visible sheet that holds something. A form is known by the id of a schema, its title, or its
    /// words. `path` names the file in messages.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] with every problem: missing columns by name, units without name or listed twice, forms
    /// nobody knows, amounts that are no numbers.
    pub fn read(sheets: &[Sheet], path: &str, schemas: &[std::sync::Arc<Schema>]) -> Result<Self, Error> {
        let invalid = |problems| Err(Error::new(path, ErrorKind::Invalid(problems)));
        let visible = |sheet: &&Sheet| sheet.visibility() == Visibility::Visible && sheet.used().is_some();
        let Some(sheet) = sheets.iter().find(visible) else {
            return invalid(vec!["名册里没有内容。请在第一张工作表填写部门、单位、应报表单各列".to_owned()]);
        };
        let (header, columns) = match find_header(sheet) {
            Ok(found) => found,
            Err(problem) => return invalid(vec![problem]),
        };
        let mut reader = Reader { sheet, columns, schemas, problems: Vec::new(), roster: Self::default() };
        let last = sheet.used().map_or(header, |used| used.end.row);
        for row in header + 1..=last {
            reader.read_row(row);
        }
        if reader.roster.units.is_empty() && reader.problems.is_empty() {
            reader.problems.push(format!("工作表“{}”的表头下面没有单位", sheet.name()));
        }
        if reader.problems.is_empty() { Ok(reader.roster) } else { invalid(reader.problems) }
    }
}

/// Row of the header, and column title → zero-based column.
type Header = (u32, BTreeMap<&'static str, u32>);

/// The row with the most column titles; a message that names the missing ones where a required one is not there.
fn find_header(sheet: &Sheet) -> Result<Header, String> {
    let first = sheet.used().map_or(0, |used| used.start.row);
    let headers = (first..first + HEADER_WITHIN).map(|row| {
        let mut columns = BTreeMap::new();
        for (at, cell) in sheet.row(row) {
            let key = label_key(&cell.shown());
            if let Some(column) = COLUMNS.iter().find(|column| column.labels.contains(&key.as_str())) {
                columns.entry(column.title).or_insert(at.col);
            }
        }
        (row, columns)
    });
    let best = headers.reduce(|best, next| if next.1.len() > best.1.len() { next } else { best });
    let (row, columns) = best.unwrap_or_default();
    let missing: Vec<&str> = COLUMNS
        .iter()
        .filter(|column| column.required && !columns.contains_key(column.title))
        .map(|column| column.title)
        .collect();
    if missing.is_empty() {
        return Ok((row, columns));
    }
    Err(format!(
        "工作表“{}”缺少列：{}。请在表头行补上（可有的列：{}）",
        sheet.name(),
        missing.join("、"),
        COLUMNS.map(|column| column.title).join("、"),
    ))
}

/// Row by row into a roster.
struct Reader<'a> {
    sheet: &'a Sheet,
    columns: BTreeMap<&'static str, u32>,
    schemas: &'a [std::sync::Arc<Schema>],
    problems: Vec<String>,
    roster: Roster,
}

impl Reader<'_> {
    fn read_row(&mut self, row: u32) {
        let name = self.text(row, &UNIT);
        let forms = self.text(row, &FORMS);
        let department = self.text(row, &DEPARTMENT);
        if self.sheet.row(row).all(|(_, cell)| cell.is_blank()) || is_total(&department) || is_total(&name) {
            return;
        }
        if name.is_empty() {
            self.problem(row, &UNIT, "单位名称空白。请填写单位名称，或删除这一行");
            return;
        }
        let expected = self.expected(row, &forms);
        let aliases: Vec<String> = split_list(&self.text(row, &ALIASES)).map(str::to_owned).collect();
        let key = unit_key(&name);
        let known = self.roster.names.get(&key).copied();
        if let Some(unit) = known.and_then(|at| self.roster.units.get_mut(at)).filter(|u| unit_key(&u.name) == key) {
            // A unit may stand on several lines, each with other forms.
            let twice = expected.iter().find(|new| unit.expected.iter().any(|old| old.kind == new.kind));
            match twice.map(|expected| expected.form.clone()) {
                Some(form) => self.problem(row, &UNIT, &format!("“{name}”的“{form}”重复列出。请合并为一行")),
                None => unit.expected.extend(expected),
            }
            return;
        }
        let at = self.roster.units.len();
        for alias in std::iter::once(&name).chain(&aliases) {
            if let Some(other) = self.roster.names.get(&unit_key(alias)).and_then(|at| self.roster.units.get(*at)) {
                let message = format!("“{alias}”已经是“{}”的名称或别名。请区分两个单位", other.name);
                self.problem(row, &UNIT, &message);
            }
        }
        let names = std::iter::once(&name).chain(&aliases).map(|alias| (unit_key(alias), at));
        let names: Vec<_> = names.filter(|(key, _)| !self.roster.names.contains_key(key)).collect();
        self.roster.names.extend(names);
        let code = self.text(row, &CODE);
        let kind = self.text(row, &KIND);
        self.roster.units.push(Unit { department, name, code, aliases, kind, expected });
    }

    /// What the row's unit must hand in; money is counted with the first form about projects.
    fn expected(&mut self, row: u32, forms: &str) -> Vec<Expected> {
        if forms.is_empty() {
            self.problem(row, &FORMS, "应报表单空白。请填写应报的表，如“项目支出绩效自评表”，多张表用顿号隔开");
        }
        let projects = self.number(row, &PROJECTS).and_then(|number| {
            let whole = number.to_u32().filter(|count| Decimal::from(*count) == number);
            if whole.is_none() {
                self.problem(row, &PROJECTS, &format!("应报项目数“{number}”不是非负整数"));
            }
            whole
        });
        let mut amount = self.number(row, &AMOUNT);
        let mut expected = Vec::new();
        for form in split_list(forms) {
            let Some(kind) = self.kind(form) else {
                self.problem(
                    row,
                    &FORMS,
                    &format!("认不出“{form}”是哪张表。请写表名（如“项目支出绩效自评表”）或规格编号"),
                );
                continue;
            };
            let projects = if kind.subject.is_project() { projects } else { Some(1) };
            let amount = if kind.subject.is_project() { amount.take() } else { None };
            expected.push(Expected { form: form.to_owned(), kind, projects, amount });
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

    fn at(&self, row: u32, column: &Column) -> Option<CellRef> {
        self.columns.get(column.title).map(|col| CellRef::new(row, *col))
    }

    fn text(&self, row: u32, column: &Column) -> String {
        self.at(row, column).map(|at| fold(&self.sheet.shown(at))).unwrap_or_default()
    }

    /// The number in a cell, `None` for a blank; anything else is a problem.
    fn number(&mut self, row: u32, column: &Column) -> Option<Decimal> {
        let text = self.text(row, column);
        let at = self.at(row, column)?;
        let number = match self.sheet.cell(at).map(|cell| &cell.content) {
            Some(Content::Number(number)) => Some(*number),
            _ => parse_number(&text),
        };
        if number.is_none() && !text.is_empty() {
            self.problem(row, column, &format!("{}“{text}”不是数字", column.title));
        }
        number
    }

    fn problem(&mut self, row: u32, column: &Column, what: &str) {
        let at = self.at(row, column).map_or_else(|| format!("第 {} 行", u64::from(row) + 1), |at| at.to_string());
        self.problems.push(format!("{}!{at}：{what}", self.sheet.name()));
    }
}

fn is_total(text: &str) -> bool {
    matches!(squeeze(text).as_str(), "合计" | "总计" | "小计")
}

fn split_list(text: &str) -> impl Iterator<Item = &str> {
    text.split(['、', ',', ';', '\n']).map(str::trim).filter(|item| !item.is_empty())
}

#[cfg(test)]
mod tests {
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
        assert_eq!(roster.suggest("城东区畜牧兽医站").map(|u| u.name.as_str()), Some("城东区畜牧站"));
        assert_eq!(roster.suggest("某中学"), None);
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
