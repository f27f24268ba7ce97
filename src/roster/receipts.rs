//! The register of receipts (收件登记): when what was handed in came.
//!
//! A file does not tell when it was received; a list that is kept at the desk does. Of several lines that fit a form the
//! most specific counts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;

use super::period::{self, TURN, YEAR};
use super::table::{Column, Table, is_example};
use super::{FormKind, Match, Roster, unit_key};
use crate::error::{Error, ErrorKind};
use crate::schema::{Schema, Stage};
use crate::text::fold;
use crate::workbook::Sheet;

pub(crate) static UNIT: Column =
    Column { title: "单位", labels: &["单位", "单位名称", "预算单位", "报送单位"], required: true };
pub(crate) static FORM: Column =
    Column { title: "表单", labels: &["表单", "表单名称", "表名", "应报表单"], required: false };
pub(crate) static FILE: Column =
    Column { title: "文件", labels: &["文件", "文件名", "文件名称"], required: false };
pub(crate) static RECEIVED: Column =
    Column {
        title: "收到日期", labels: &["收到日期", "收件日期", "报送日期", "收到时间"], required: true
    };
static COLUMNS: [&Column; 6] = [&UNIT, &FORM, &YEAR, &TURN, &FILE, &RECEIVED];

/// When what was handed in came.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Receipts {
    /// The lines that name a file, by the name of that; those that only name a unit, by the key of that. Both in the order
    /// of the register: a form is asked for beside the lines that may speak of it, not beside all.
    of_files: BTreeMap<String, Vec<Arc<Line>>>,
    of_units: BTreeMap<String, Vec<Arc<Line>>>,
    hints: Vec<String>,
}

/// A line of the register: what it says restricts it, what it leaves blank does not.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    /// Keys of the units that its forms may count to; empty where it names none.
    units: BTreeSet<String>,
    kind: Option<FormKind>,
    year: Option<u16>,
    turn: Option<u8>,
    /// The end of a path, as [`path_of`] gives it; empty where it names none.
    file: Vec<String>,
    day: NaiveDate,
}

impl Receipts {
    /// Reads the first visible sheet that holds something. With a roster every unit must stand on it. `path` names the
    /// file in messages.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] with every problem: missing columns by name; lines with neither unit nor file, or without a
    /// day; what is no day, year or round; forms nobody knows; units that are not on the roster, with the nearest.
    pub fn read(sheets: &[Sheet], path: &str, roster: Option<&Roster>, schemas: &[Arc<Schema>]) -> Result<Self, Error> {
        let invalid = |problems| Err(Error::new(path, ErrorKind::Invalid(problems)));
        let table = match Table::find(sheets, "收件登记", &COLUMNS) {
            Ok(table) => table,
            Err(problem) => return invalid(vec![problem]),
        };
        let mut reader = Reader { table, roster, schemas };
        let rows = reader.table.rows();
        let mut receipts = Self::default();
        for line in rows.into_iter().filter_map(|row| reader.line(row)) {
            receipts.enter(line);
        }
        let Table { mut problems, hints, .. } = reader.table;
        receipts.hints = hints;
        if receipts.of_files.is_empty() && receipts.of_units.is_empty() && problems.is_empty() {
            problems
                .push("收件登记的表头下面还没有登记（示例行不算）。请逐行填写；不登记的，不要写这个文件".to_owned());
        }
        if problems.is_empty() { Ok(receipts) } else { invalid(problems) }
    }

    fn enter(&mut self, line: Line) {
        let line = Arc::new(line);
        match line.file.first() {
            Some(name) => self.of_files.entry(name.clone()).or_default().push(line),
            None => {
                for unit in &line.units {
                    self.of_units.entry(unit.clone()).or_default().push(Arc::clone(&line));
                }
            }
        }
    }

    /// What a person should look at and nothing stops: forms received before their year.
    #[must_use]
    pub fn hints(&self) -> &[String] {
        &self.hints
    }

    /// The day a form was received: by the line that names its file, else by the one that says most of its kind, year and
    /// round; of equally specific ones the first day, which is what being on time goes by: a form that was sent on time and
    /// again after it was mended is not late. A line that says a year or a round speaks of no form that tells
    /// none. `None` where no line fits.
    #[must_use]
    pub fn day(
        &self,
        source: &str,
        unit_key: &str,
        kind: FormKind,
        year: Option<u16>,
        turn: Option<u8>,
    ) -> Option<NaiveDate> {
        let path = path_of(source);
        let of_file = path.first().and_then(|name| self.of_files.get(name));
        let lines = of_file.into_iter().chain(self.of_units.get(unit_key)).flatten();
        let fits = |line: &&Arc<Line>| {
            let by_file = !line.file.is_empty();
            // A file is known even where the form in it names no unit.
            let of_unit = line.units.is_empty() || line.units.contains(unit_key) || by_file && unit_key.is_empty();
            (!by_file || is_end(&path, &line.file))
                && of_unit
                && line.kind.is_none_or(|of| of == kind)
                && (line.year.is_none() || line.year == year)
                && (line.turn.is_none() || line.turn == turn)
        };
        let rank = |line: &Arc<Line>| {
            let said = [!line.units.is_empty(), line.kind.is_some(), line.year.is_some(), line.turn.is_some()];
            (line.file.len(), said.into_iter().filter(|said| *said).count(), std::cmp::Reverse(line.day))
        };
        lines.filter(fits).map(rank).max().map(|(.., std::cmp::Reverse(day))| day)
    }
}

/// Row by row into lines.
struct Reader<'a> {
    table: Table<'a>,
    roster: Option<&'a Roster>,
    schemas: &'a [Arc<Schema>],
}

impl Reader<'_> {
    /// `None` for an example, and for a line with a problem.
    fn line(&mut self, row: u32) -> Option<Line> {
        let unit = self.table.text(row, &UNIT);
        if is_example(&unit) {
            return None;
        }
        let file = path_of(&self.table.text(row, &FILE));
        if unit.is_empty() && file.is_empty() {
            self.table.problem(row, &UNIT, "单位和文件都空着，不知道登记的是谁的表。请填写单位");
        }
        let year = period::year(&mut self.table, row, &YEAR);
        let units = self.units(row, &unit, year);
        let (kind, named) = self.kind(row);
        let turn = period::turn(&mut self.table, row).or(named);
        if self.table.text(row, &RECEIVED).is_empty() {
            self.table.problem(
                row,
                &RECEIVED,
                "收到日期空白。请填写收到的日期，如 2026-03-10；还没有收到的，删去这一行",
            );
        }
        let day = self.table.date(row, &RECEIVED)?;
        let stage = kind.map_or(Stage::Target, |kind| kind.stage);
        if let Some(year) = year.filter(|year| period::is_too_early(day, *year, stage)) {
            self.table.hint(row, &RECEIVED, &format!("收到日期 {day} 早于表的年度 {year}。请核对年份"));
        }
        Some(Line { units, kind, year, turn, file, day })
    }

    fn units(&mut self, row: u32, unit: &str, year: Option<u16>) -> BTreeSet<String> {
        if unit.is_empty() {
            return BTreeSet::new();
        }
        match self.roster.map(|roster| (roster, roster.resolve(unit))) {
            None => BTreeSet::from([unit_key(unit)]),
            Some((roster, Match::Known(known))) => {
                roster.heirs(known, year).into_iter().map(|heir| unit_key(&heir.name)).collect()
            }
            Some((_, Match::Unknown(near))) => {
                let advice = match near {
                    Some(near) => format!("最接近“{}”，如确为该单位，请改用这个名称", near.name),
                    None => "请核对名册是否漏列".to_owned(),
                };
                self.table.problem(row, &UNIT, &format!("名册上没有“{unit}”。{advice}"));
                BTreeSet::new()
            }
        }
    }

    /// The kind of form that a row names, and the round within its name.
    fn kind(&mut self, row: u32) -> (Option<FormKind>, Option<u8>) {
        let form = self.table.text(row, &FORM);
        if form.is_empty() {
            return (None, None);
        }
        let (name, turn) = period::without_turn(&form);
        let kind = FormKind::of_form(&name, self.schemas);
        if kind.is_none() {
            let what = format!("认不出“{form}”是哪张表。请写表名（如“项目支出绩效自评表”）或规格编号，或空着");
            self.table.problem(row, &FORM, &what);
        }
        (kind, turn)
    }
}

/// The names of a path, last first, without the ending of the file, which people often do not see.
fn path_of(path: &str) -> Vec<String> {
    let mut names: Vec<String> = path.split(['/', '\\']).map(fold).filter(|name| !name.is_empty()).collect();
    names.reverse();
    if let Some((stem, ending)) = names.first().and_then(|file| file.rsplit_once('.'))
        && (1..=4).contains(&ending.len())
        && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
    {
        let stem = stem.to_owned();
        names.splice(..1, [stem]);
    }
    names
}

/// Whether a path ends with these names; both are last first.
fn is_end(path: &[String], end: &[String]) -> bool {
    path.starts_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Subject;
    use crate::workbook::sheet_from_text;

    const SELF_EVALUATION: FormKind = FormKind { stage: Stage::SelfEvaluation, subject: Subject::Project };
    const MONITORING: FormKind = FormKind { stage: Stage::Monitoring, subject: Subject::Project };

    fn roster() -> Roster {
        let sheet = sheet_from_text(
            "名册",
            "部门|单位|简称|应报表单|并入单位|撤并年度\n\
             教育局|澄岚区教育局|区教育局|项目支出绩效自评表||\n\
             教育局|澄岚区教研室|||澄岚区教育局|2023\n\
             水务局|澄岚区水务局||项目支出绩效自评表||",
        );
        Roster::read(&[sheet.expect("a valid grid")], "名册.xlsx", &[]).expect("a good roster")
    }

    fn read(text: &str) -> Result<Receipts, String> {
        let sheet = sheet_from_text("收件登记", text).expect("a valid grid");
        Receipts::read(&[sheet], "收件登记.xlsx", Some(&roster()), &[]).map_err(|error| error.kind.to_string())
    }

    #[test]
    fn the_most_specific_line_tells_when_a_form_came_and_of_equal_ones_the_first() {
        let receipts = read(
            "单位|表单|年度|轮次|文件|收到日期\n\
             示例：澄岚区教育局|||||2022-01-01\n\
             区教育局|||||2023-03-01\n\
             区教育局|||||2023-03-02\n\
             区教育局|项目支出绩效自评表|2022|||2023-03-10\n\
             区教育局|项目支出绩效监控表|2022|2||2022年10月12日\n\
             区教育局||||补报/课桌椅.xlsx|2023-04-01\n\
             ||||课桌椅|2023-03-31",
        )
        .expect("a good register");
        let day = |source: &str, kind, year, turn| {
            receipts.day(source, "澄岚区教育局", kind, year, turn).map(|day| day.to_string()).unwrap_or_default()
        };
        assert_eq!(day("收件/甲.xlsx", SELF_EVALUATION, Some(2022), None), "2023-03-10");
        assert_eq!(day("收件/甲.xlsx", SELF_EVALUATION, Some(2021), None), "2023-03-01");
        assert_eq!(day("收件/甲.xlsx", SELF_EVALUATION, None, None), "2023-03-01");
        assert_eq!(day("收件/甲.xlsx", MONITORING, Some(2022), Some(2)), "2022-10-12");
        assert_eq!(day("收件/甲.xlsx", MONITORING, Some(2022), Some(1)), "2023-03-01");
        assert_eq!(day("收件/补报/课桌椅.xlsx", SELF_EVALUATION, Some(2022), None), "2023-04-01");
        assert_eq!(day("收件/课桌椅.xls", SELF_EVALUATION, Some(2022), None), "2023-03-31");
        assert_eq!(receipts.day("收件/旧课桌椅.xlsx", "澄岚区水务局", SELF_EVALUATION, Some(2022), None), None);
    }

    #[test]
    fn what_a_merged_unit_handed_in_is_found_by_the_unit_it_counts_to() {
        let receipts = read(
            "单位|年度|收到日期\n\
             澄岚区教研室|2022|2023-03-01\n\
             澄岚区教研室|2023|2024-03-01",
        )
        .expect("a good register");
        let day = |unit, year| receipts.day("甲.xlsx", unit, SELF_EVALUATION, Some(year), None).map(|d| d.to_string());
        assert_eq!(day("澄岚区教研室", 2022).as_deref(), Some("2023-03-01"));
        assert_eq!(day("澄岚区教育局", 2023).as_deref(), Some("2024-03-01"));
        assert_eq!(day("澄岚区教研室", 2023), None);
    }

    #[test]
    fn all_problems_of_a_register_are_told_at_once_with_their_cells() {
        let problems = read(
            "单位|表单|年度|轮次|收到日期\n\
             澄岚区教育所|工资表|22|第三十次|三月十日\n\
             ||||2023-03-01\n\
             区教育局||||",
        )
        .expect_err("seven problems");
        for told in [
            "收件登记!A2：名册上没有“澄岚区教育所”。最接近“澄岚区教育局”",
            "收件登记!B2：认不出“工资表”",
            "收件登记!C2：年度“22”不是年度",
            "收件登记!D2：轮次“第三十次”认不出",
            "收件登记!E2：收到日期“三月十日”不是日期",
            "收件登记!A3：单位和文件都空着",
            "收件登记!E4：收到日期空白",
        ] {
            assert!(problems.contains(told), "{told} in {problems}");
        }
        assert_eq!(problems.lines().count(), 7, "{problems}");
    }
}
