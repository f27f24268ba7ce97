//! The project ledger (项目台账): which projects there are, whose, how large.
//!
//! Read from one sheet; all problems at once, each with its cell. Amounts are in 万元 and never converted: one that looks
//! like 元 is a hint. A project may stand in several years; it is one project, with an amount for each.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::names::{code_key, is_project_code, name_key, project_parts, unit_key};
use super::period::{self, YEAR};
use super::table::{Column, Table, is_example};
use super::{Asked, Match, Roster};
use crate::error::{Error, ErrorKind};
use crate::schema::Stage;
use crate::text::squeeze;
use crate::workbook::Sheet;

pub(crate) static CODE: Column =
    Column {
        title: "项目编码", labels: &["项目编码", "项目代码", "项目编号", "编码"], required: false
    };
pub(crate) static NAME: Column = Column { title: "项目名称", labels: &["项目名称", "项目"], required: true };
pub(crate) static UNIT: Column =
    Column {
        title: "单位", labels: &["单位", "单位名称", "预算单位", "实施单位", "项目单位"], required: true
    };
pub(crate) static AMOUNT: Column = Column {
    title: "金额（万元）",
    labels: &["金额", "预算金额", "预算数", "项目金额", "年初预算数", "全年预算数"],
    required: true,
};
pub(crate) static CONTINUATION: Column =
    Column {
        title: "新增/延续", labels: &["新增延续", "新增或延续", "是新增还是延续", "项目属性"], required: false
    };
pub(crate) static KIND: Column =
    Column {
        title: "项目类型", labels: &["项目类型", "项目类别", "项目分类", "类型", "类别"], required: false
    };
pub(crate) static BOND: Column =
    Column {
        title: "专项债券", labels: &["专项债券", "专项债", "是否专项债券", "是否专项债"], required: false
    };
pub(crate) static ALIASES: Column =
    Column {
        title: "别名", labels: &["别名", "简称", "简称别名", "曾用名", "其他名称"], required: false
    };
static COLUMNS: [&Column; 9] = [&CODE, &NAME, &UNIT, &YEAR, &AMOUNT, &CONTINUATION, &KIND, &BOND, &ALIASES];

/// The projects of a year, or of several.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ledger {
    /// In the order of the file.
    projects: Vec<Project>,
    hints: Vec<String>,
    /// Code → indices into `projects`, one for each year.
    codes: BTreeMap<String, Vec<usize>>,
    /// The codes that are not of the 预算一体化 system: these alone must be looked for before every name.
    own_codes: BTreeSet<String>,
    /// Unit key, key of the name or an alias → indices into `projects`, one for each year.
    names: BTreeMap<(String, String), Vec<usize>>,
}

/// A project of the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Project {
    /// 项目编码 in large letters, empty where the ledger has none.
    pub code: String,
    /// The name as the ledger writes it, without a code before it.
    pub name: String,
    /// The unit as the roster names it, without a roster as the ledger does.
    pub unit: String,
    /// 年度 in which the project is listed; `None`: any. One project may be listed in several years, each with its amount.
    pub year: Option<u16>,
    /// In 万元; `None` where the ledger leaves it open.
    pub amount: Option<Decimal>,
    /// Whether the project is new; `None` where the ledger does not say.
    pub continuation: Option<Continuation>,
    /// 项目类型 as written; empty where the ledger has none.
    pub kind: String,
    /// Whether it is paid from 专项债券. Not said is no.
    pub bond: bool,
    /// Other names it goes by in forms.
    pub aliases: Vec<String>,
}

/// 新增 or 延续.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Continuation {
    /// 新增.
    New,
    /// 延续.
    Continued,
}

impl Project {
    /// What it is counted by, the same in every form that means it: its code, else unit and name.
    #[must_use]
    pub fn key(&self) -> String {
        if self.code.is_empty() { pair_key(&unit_key(&self.unit), &name_key(&self.name)) } else { self.code.clone() }
    }
}

/// The key of a project without a code. Keys of names have no spaces, so that no two pairs give one key.
pub(super) fn pair_key(unit: &str, name: &str) -> String {
    format!("{unit} / {name}")
}

impl Ledger {
    /// Reads the first visible sheet that holds something. With a roster every unit must stand on it. `path` names the
    /// file in messages.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] with every problem: missing columns by name; a code twice in one year; a name or alias twice
    /// in one unit and year; amounts that are no numbers or headed 元; years that are none; words other than 新增, 延续, 是,
    /// 否; units that are not on the roster, with the nearest.
    pub fn read(sheets: &[Sheet], path: &str, roster: Option<&Roster>) -> Result<Self, Error> {
        let invalid = |problems| Err(Error::new(path, ErrorKind::Invalid(problems)));
        let table = match Table::find(sheets, "项目台账", &COLUMNS) {
            Ok(table) => table,
            Err(problem) => return invalid(vec![problem]),
        };
        let mut reader = Reader { table, roster, amounts: Vec::new(), inherited: Vec::new(), ledger: Self::default() };
        reader.table.require_wan(&AMOUNT);
        for row in reader.table.rows() {
            reader.read_row(row);
        }
        reader.inherit();
        let amounts = std::mem::take(&mut reader.amounts);
        reader.table.hint_at_yuan(&AMOUNT, &amounts, "项目");
        reader.compare_counts();
        let Reader { table, mut ledger, .. } = reader;
        let sheet = table.sheet_name();
        let mut problems = table.problems;
        if ledger.projects.is_empty() && problems.is_empty() {
            problems.push(format!("工作表“{sheet}”的表头下面还没有项目（示例行不算）。请逐行填写"));
        }
        ledger.hints = table.hints;
        if problems.is_empty() { Ok(ledger) } else { invalid(problems) }
    }

    /// The projects in the order of the file.
    #[must_use]
    pub fn projects(&self) -> &[Project] {
        &self.projects
    }

    /// What a person should look at and nothing stops: amounts that look like 元, text numbers, codes that are not 21
    /// characters, units whose 应报项目数 on the roster is another.
    #[must_use]
    pub fn hints(&self) -> &[String] {
        &self.hints
    }

    /// The project of a code as it is listed in a year, else without one, else in the latest year.
    pub(super) fn by_code(&self, code: &str, year: Option<u16>) -> Option<&Project> {
        self.of_year(self.codes.get(code)?, year)
    }

    /// The project of a unit by its name or an alias, of a year as by code; both are keys.
    pub(super) fn by_name(&self, unit: &str, name: &str, year: Option<u16>) -> Option<&Project> {
        self.of_year(self.names.get(&(unit.to_owned(), name.to_owned()))?, year)
    }

    /// Whether in any year a unit's project of this name, both keys, has the code.
    pub(super) fn is_code_of(&self, code: &str, unit: &str, name: &str) -> bool {
        let listed = self.names.get(&(unit.to_owned(), name.to_owned())).into_iter().flatten();
        listed.filter_map(|at| self.projects.get(*at)).any(|project| project.code == code)
    }

    /// The keys of names and aliases of a unit's projects, in order.
    pub(super) fn names_of<'l, 'u>(
        &'l self,
        unit: &'u str,
    ) -> impl Iterator<Item = (&'l str, &'l Project)> + use<'l, 'u> {
        let of_unit = self.names.range((unit.to_owned(), String::new())..).take_while(move |((u, _), _)| u == unit);
        of_unit.filter_map(|((_, name), listed)| Some((name.as_str(), self.of_year(listed, None)?)))
    }

    fn of_year(&self, listed: &[usize], year: Option<u16>) -> Option<&Project> {
        let projects = listed.iter().filter_map(|at| self.projects.get(*at));
        projects.max_by_key(|project| (year.is_some() && project.year == year, project.year.is_none(), project.year))
    }

    /// The codes of the bureau's own making.
    pub(super) fn own_codes(&self) -> impl Iterator<Item = &str> {
        self.own_codes.iter().map(String::as_str)
    }
}

/// Row by row into a ledger.
struct Reader<'a> {
    table: Table<'a>,
    roster: Option<&'a Roster>,
    /// Amounts with their rows.
    amounts: Vec<(u32, Decimal)>,
    /// Units that a project of no given year came to with a merger, by their keys, and the project.
    inherited: Vec<(String, usize)>,
    ledger: Ledger,
}

impl Reader<'_> {
    fn read_row(&mut self, row: u32) {
        let written = self.table.text(row, &NAME);
        if is_example(&written) {
            return;
        }
        if written.is_empty() {
            self.table.problem(row, &NAME, "项目名称空白。请填写项目名称，或删除这一行");
            return;
        }
        let (code, name) = self.code_and_name(row, &written);
        let year = period::year(&mut self.table, row, &YEAR);
        let unit = self.unit(row, year);
        let amount = self.table.amount(row, &AMOUNT);
        self.amounts.extend(amount.map(|amount| (row, amount)));
        let continuation = self.continuation(row);
        let bond = self.bond(row);
        let kind = self.table.text(row, &KIND);
        let aliases = self.table.list(row, &ALIASES);
        let at = self.ledger.projects.len();
        let project = Project { code, name, unit, year, amount, continuation, kind, bond, aliases };
        self.enter(row, at, &project);
        self.ledger.projects.push(project);
    }

    /// The code of its column, else the one before the name.
    fn code_and_name(&mut self, row: u32, written: &str) -> (String, String) {
        let code = code_key(&self.table.text(row, &CODE));
        let (before, _) = project_parts(written);
        let name = match &before {
            Some(before) => behind(written, before.chars().count()),
            None => written.to_owned(),
        };
        if name.is_empty() {
            self.table.problem(row, &NAME, "项目名称只有编码。请在编码后面写名称");
        }
        match before {
            Some(before) if code.is_empty() => (before, name),
            Some(before) if before != code => {
                let message = format!("名称前的编码“{before}”与项目编码“{code}”不一致。请核对");
                self.table.problem(row, &NAME, &message);
                (code, name)
            }
            _ => {
                if !code.is_empty() && !is_project_code(&code) {
                    let length = code.chars().count();
                    let message = format!(
                        "项目编码“{code}”有 {length} 位，一体化系统的项目编码是 21 位（8 位数字、1 位字母、12 位数字）。请核对是否漏位、错位"
                    );
                    self.table.hint(row, &CODE, &message);
                }
                (code, name)
            }
        }
    }

    /// The unit as the roster names it; of one that was merged by that year the one it was merged into.
    fn unit(&mut self, row: u32, year: Option<u16>) -> String {
        let unit = self.table.text(row, &UNIT);
        if unit.is_empty() {
            self.table.problem(row, &UNIT, "单位空白。请填写项目所属单位");
            return unit;
        }
        match self.roster.map(|roster| (roster, roster.resolve(&unit))) {
            None => unit,
            Some((roster, Match::Known(known))) => {
                let mut heirs = roster.heirs(known, year).into_iter();
                let own = heirs.next().unwrap_or(known).name.clone();
                let at = self.ledger.projects.len();
                self.inherited.extend(heirs.map(|heir| (unit_key(&heir.name), at)));
                own
            }
            Some((_, Match::Unknown(near))) => {
                let advice = match near {
                    Some(near) => {
                        format!("最接近“{}”，如确为该单位，请改用这个名称，或在名册“简称/别名”列加上", near.name)
                    }
                    None => "请核对名册是否漏列".to_owned(),
                };
                self.table.problem(row, &UNIT, &format!("名册上没有“{unit}”。{advice}"));
                unit
            }
        }
    }

    fn continuation(&mut self, row: u32) -> Option<Continuation> {
        let text = squeeze(&self.table.text(row, &CONTINUATION));
        match text.as_str() {
            "" => None,
            "新增" | "新增性" | "新增项目" => Some(Continuation::New),
            "延续" | "延续性" | "延续项目" | "持续" | "持续性" => Some(Continuation::Continued),
            _ => {
                self.table.problem(row, &CONTINUATION, &format!("“{text}”认不出。请填“新增”或“延续”"));
                None
            }
        }
    }

    fn bond(&mut self, row: u32) -> bool {
        let text = squeeze(&self.table.text(row, &BOND));
        match text.as_str() {
            "是" | "√" => true,
            "" | "否" | "×" | "—" | "-" => false,
            _ => {
                self.table.problem(row, &BOND, &format!("“{text}”认不出。请填“是”或“否”"));
                false
            }
        }
    }

    /// Makes the project known by its code and names; what is known in the same year already is a problem.
    fn enter(&mut self, row: u32, at: usize, project: &Project) {
        if !project.code.is_empty() {
            let listed = self.ledger.codes.entry(project.code.clone()).or_default();
            if let Some(other) = rival(&self.ledger.projects, listed, project) {
                let message = format!(
                    "项目编码“{}”已经是“{}”的编码{}。一个编码一个年度只能有一个项目",
                    project.code,
                    other.name,
                    years_of(other, project)
                );
                self.table.problem(row, &CODE, &message);
            }
            listed.push(at);
            if !is_project_code(&project.code) {
                self.ledger.own_codes.insert(project.code.clone());
            }
        }
        let unit = unit_key(&project.unit);
        let columns = std::iter::once(&NAME).chain(std::iter::repeat(&ALIASES));
        for (name, column) in std::iter::once(&project.name).chain(&project.aliases).zip(columns) {
            let listed = self.ledger.names.entry((unit.clone(), name_key(name))).or_default();
            // An alias that is the name again.
            if listed.contains(&at) {
                continue;
            }
            if let Some(other) = rival(&self.ledger.projects, listed, project) {
                let message = format!(
                    "“{}”的项目“{name}”已经列过（“{}”的名称或别名）{}。请合并或区分两个项目",
                    project.unit,
                    other.name,
                    years_of(other, project)
                );
                self.table.problem(row, column, &message);
            }
            listed.push(at);
        }
    }

    /// Makes projects known to the units that inherited them, by names that are no other project's there.
    fn inherit(&mut self) {
        let mut found: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
        for (unit, at) in &self.inherited {
            let Some(project) = self.ledger.projects.get(*at) else { continue };
            let names: BTreeSet<String> =
                std::iter::once(&project.name).chain(&project.aliases).map(|name| name_key(name)).collect();
            for name in names {
                found.entry((unit.clone(), name)).or_default().push(*at);
            }
        }
        for (key, heirlooms) in found {
            if let (1, false) = (heirlooms.len(), self.ledger.names.contains_key(&key)) {
                self.ledger.names.insert(key, heirlooms);
            }
        }
    }

    /// Hints where the roster asks a unit for more projects than the ledger has, or for other than all targets.
    fn compare_counts(&mut self) {
        let Some(roster) = self.roster else { return };
        let years: BTreeSet<Option<u16>> = self.ledger.projects.iter().map(|project| project.year).collect();
        for Asked { unit, kind, year, projects, place } in &roster.asked {
            // Of a year that the ledger does not list, or of no known one among several, nothing can be said.
            let comparable =
                years.contains(&None) || if year.is_some() { years.contains(year) } else { years.len() == 1 };
            let Some(unit) = roster.units().get(*unit).filter(|_| comparable) else { continue };
            let is_its = |project: &&Project| {
                project.unit == unit.name
                    && (year.is_none() || project.year.is_none() || project.year == *year)
                    // As the statistics count: bonds are evaluated before, and have no forms of the year's budget.
                    && (kind.stage == Stage::ExAnte || !project.bond)
            };
            let keys: BTreeSet<String> = self.ledger.projects.iter().filter(is_its).map(Project::key).collect();
            let count = u32::try_from(keys.len()).unwrap_or(u32::MAX);
            if *projects > count || *projects < count && kind.stage == Stage::Target {
                let of_year = year.map(|year| format!(" {year} 年度")).unwrap_or_default();
                let stage = kind.stage.title();
                self.table.hints.push(format!(
                    "{place}：名册上“{}”应报{of_year}{stage}项目 {projects} 个，项目台账里有 {count} 个。请核对哪一个对",
                    unit.name
                ));
            }
        }
    }
}

/// The listed project that is in the way of another: of the same year, or one of them of any.
fn rival<'p>(projects: &'p [Project], listed: &[usize], new: &Project) -> Option<&'p Project> {
    let meets = |other: &&Project| other.year.is_none() || new.year.is_none() || other.year == new.year;
    listed.iter().filter_map(|at| projects.get(*at)).find(meets)
}

/// What to say of the years of two projects that are in each other's way.
fn years_of(other: &Project, new: &Project) -> String {
    match (other.year, new.year) {
        (None, None) => String::new(),
        (Some(year), Some(_)) => format!("（{year} 年度）"),
        _ => "，有一行没有写年度，各年都算；同一项目列几个年度的，每行都写年度".to_owned(),
    }
}

/// The text behind so many characters of code, and what parts it from the name.
fn behind(written: &str, code: usize) -> String {
    let inner = written.trim_start_matches(['(', '[', '【', '〔']);
    let mut left = code;
    let is_code = |c: char| {
        let taken = c == ' ' || left > 0;
        left -= usize::from(c != ' ' && left > 0);
        taken
    };
    inner.trim_start_matches(is_code).trim_start_matches([')', ']', '】', '〕', '-', '—', '_', ':', ' ']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbook::sheet_from_text;

    fn read(text: &str) -> Result<Ledger, String> {
        let roster = sheet_from_text(
            "名册",
            "部门|单位|简称|应报表单\n教育局|澄岚区教育局|区教育局|项目支出绩效自评表\n水务局|澄岚区水务局||项目支出绩效自评表",
        );
        let roster = Roster::read(&[roster.expect("a valid grid")], "名册.xlsx", &[]).expect("a good roster");
        let sheet = sheet_from_text("台账", text).expect("a valid grid");
        Ledger::read(&[sheet], "台账.xlsx", Some(&roster)).map_err(|error| error.kind.to_string())
    }

    #[test]
    fn a_project_has_its_code_unit_amount_and_names() {
        let ledger = read(
            "2023年项目台账|<|<|<|<|<|<|<\n\
             项目编码|项目名称|单位|金额（万元）|新增/延续|项目类型|专项债券|别名\n\
             36900023T000000000011|课桌椅更新|区教育局|86.5|新增|特定目标类|否|课桌椅项目、桌椅更新\n\
             |36900023T000000000012-校园 安防|澄岚区教育局|40|延续性||是|\n\
             |清水渠维护|澄岚区水务局||||\n\
             合计||||126.5|||",
        )
        .expect("a good ledger");
        let told: Vec<_> =
            ledger.projects().iter().map(|p| (p.key(), p.name.as_str(), p.unit.as_str(), p.bond)).collect();
        assert_eq!(
            told,
            [
                ("36900023T000000000011".to_owned(), "课桌椅更新", "澄岚区教育局", false),
                ("36900023T000000000012".to_owned(), "校园 安防", "澄岚区教育局", true),
                ("澄岚区水务局 / 清水渠维护".to_owned(), "清水渠维护", "澄岚区水务局", false),
            ]
        );
        let first = ledger.projects().first().expect("the first");
        assert_eq!((first.amount, first.continuation), (Some(Decimal::new(865, 1)), Some(Continuation::New)));
        assert_eq!(first.aliases, ["课桌椅项目", "桌椅更新"]);
        assert_eq!(ledger.hints(), [] as [&str; 0]);
    }

    #[test]
    fn all_problems_of_a_ledger_are_told_at_once_with_their_cells() {
        let problems = read(
            "项目编码|项目名称|单位|金额（元）|新增/延续|专项债券|别名\n\
             36900023T000000000011|课桌椅更新|区教育局|八十六|新增|否|\n\
             36900023T000000000011|校园安防|区教育局|40|续建|可能|课桌椅 更新\n\
             |课桌椅更新|澄岚区教育局|-3|||\n\
             |清水渠维护|澄岚区水务所|3|||\n\
             ||澄岚区水务局|3|||",
        )
        .expect_err("nine problems");
        for told in [
            "台账!D1：金额列注明单位为元",
            "台账!D2：金额（万元）“八十六”不是数字",
            "台账!A3：项目编码“36900023T000000000011”已经是“课桌椅更新”的编码",
            "台账!E3：“续建”认不出",
            "台账!F3：“可能”认不出",
            "台账!G3：“澄岚区教育局”的项目“课桌椅 更新”已经列过",
            "台账!B4：“澄岚区教育局”的项目“课桌椅更新”已经列过",
            "台账!D4：金额小于零",
            "台账!C5：名册上没有“澄岚区水务所”。最接近“澄岚区水务局”",
            "台账!B6：项目名称空白",
        ] {
            assert!(problems.contains(told), "{told} in {problems}");
        }
        assert_eq!(problems.lines().count(), 10, "{problems}");
    }

    #[test]
    fn a_short_code_and_an_amount_in_yuan_are_hints_and_stop_nothing() {
        let ledger = read(
            "项目编码|项目名称|单位|金额（万元）\n\
             3690002T01|课桌椅更新|区教育局|86.5\n|校园安防|区教育局|1250000\n|泵站|澄岚区水务局|35",
        )
        .expect("a ledger with hints");
        let [code, amount] = ledger.hints() else { panic!("two hints: {:?}", ledger.hints()) };
        assert!(code.starts_with("台账!A2：项目编码“3690002T01”有 10 位"), "{code}");
        assert!(amount.starts_with("台账!D3：金额 1250000 万元"), "{amount}");
        assert_eq!(ledger.projects().get(1).and_then(|p| p.amount), Some(Decimal::from(1_250_000)));
    }

    #[test]
    fn a_project_in_two_years_is_one_project_with_an_amount_for_each() {
        let ledger = read(
            "项目编码|项目名称|单位|年度|金额（万元）\n\
             36900023T000000000011|课桌椅更新|区教育局|2022|80\n\
             36900023T000000000011|课桌椅更新|区教育局|2023年度|90\n\
             |清水渠维护|澄岚区水务局|2022|12\n\
             |清水渠维护|澄岚区水务局|2023|15",
        )
        .expect("a good ledger");
        let keys: BTreeSet<String> = ledger.projects().iter().map(Project::key).collect();
        assert_eq!((ledger.projects().len(), keys.len()), (4, 2));
        let by_code = |year| ledger.by_code("36900023T000000000011", year).and_then(|project| project.amount);
        assert_eq!([by_code(Some(2022)), by_code(Some(2023)), by_code(None)], [80, 90, 90].map(|n| Some(n.into())));
        let by_name = |year| ledger.by_name("澄岚区水务局", "清水渠维护", year).and_then(|project| project.amount);
        assert_eq!([by_name(Some(2022)), by_name(Some(2024))], [12, 15].map(|n| Some(n.into())));
    }

    #[test]
    fn the_same_project_twice_in_one_year_or_once_without_a_year_is_a_problem() {
        let problems = read(
            "项目编码|项目名称|单位|年度|金额（万元）\n\
             36900023T000000000011|课桌椅更新|区教育局|2022|80\n\
             36900023T000000000011|桌椅采购|区教育局|2022|90\n\
             |课桌椅更新|区教育局||70\n\
             |泵站|澄岚区水务局|明年|70",
        )
        .expect_err("three problems");
        for told in [
            "台账!A3：项目编码“36900023T000000000011”已经是“课桌椅更新”的编码（2022 年度）",
            "台账!B4：“澄岚区教育局”的项目“课桌椅更新”已经列过（“课桌椅更新”的名称或别名），有一行没有写年度",
            "台账!D5：年度“明年”不是年度",
        ] {
            assert!(problems.contains(told), "{told} in {problems}");
        }
        assert_eq!(problems.lines().count(), 3, "{problems}");
    }

    #[test]
    fn a_text_number_is_a_hint_and_what_reads_as_none_a_problem() {
        let ledger = read("项目名称|单位|金额\n课桌椅更新|区教育局|'86.5").expect("a ledger with a hint");
        assert_eq!(ledger.hints(), ["台账!C2：“86.5”是以文本形式存储的数字，按 86.5 读入。请在表里改成数字"]);
        let problem = read("项目名称|单位|金额\n课桌椅更新|区教育局|86.5万元").expect_err("no number");
        assert_eq!(problem, "台账!C2：金额（万元）“86.5万元”不是数字。请只填数字");
    }

    #[test]
    fn a_roster_that_asks_for_other_projects_than_the_ledger_has_is_a_hint_at_its_cell() {
        let sheet = |text| sheet_from_text("名册", text).expect("a valid grid");
        let roster = sheet(
            "部门|单位|年度|应报表单|应报项目数\n\
             甲局|甲局|2022|项目支出绩效自评表|3\n\
             甲局|甲局|2023|项目支出绩效目标申报表|1\n\
             甲局|甲局|2023|项目支出绩效监控表|1\n\
             甲局|甲局|2021|项目支出绩效自评表|9",
        );
        let roster = Roster::read(&[roster], "名册.xlsx", &[]).expect("a good roster");
        let ledger = sheet("项目名称|单位|年度|金额\n渠|甲局|2022|1\n闸|甲局|2022|1\n渠|甲局|2023|1\n闸|甲局|2023|1");
        let ledger = Ledger::read(&[ledger], "台账.xlsx", Some(&roster)).expect("a good ledger");
        assert_eq!(
            ledger.hints(),
            [
                "名册!E2：名册上“甲局”应报 2022 年度绩效自评项目 3 个，项目台账里有 2 个。请核对哪一个对",
                "名册!E3：名册上“甲局”应报 2023 年度绩效目标项目 1 个，项目台账里有 2 个。请核对哪一个对",
            ]
        );
    }
}
