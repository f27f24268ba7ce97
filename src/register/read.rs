//! A register's sheet → what it says of every rule; all problems at once, each with its cell.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{CAP, CAPS, CODE, GROUP, HEADERS, LEVEL, LEVELS, POINTS, SHEET, VETO};
use crate::address::CellRef;
use crate::error::{Error, ErrorKind};
use crate::policy::{Band, RuleLevel};
use crate::rules::{self, Rule};
use crate::text::{fold, squeeze};
use crate::value::parse_number;
use crate::workbook::{Content, Sheet, Visibility};

/// Rows in which the header is looked for: title and head line stand above it.
const HEADER_WITHIN: u32 = 10;

/// A register, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Register {
    /// Id of the policy that its head line names.
    pub policy: String,
    pub(super) entries: Vec<Entry>,
}

/// A line of a register. The outer `None` of a column: the table has no such column.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) rule: &'static Rule,
    pub(super) level: Option<RuleLevel>,
    /// The inner `None`: by the severity.
    pub(super) points: Option<Option<Decimal>>,
    pub(super) cap: Option<Option<Decimal>>,
    pub(super) group: Option<Option<String>>,
    pub(super) veto: Option<Option<Band>>,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        let parts = |entry: &Self| (entry.level, entry.points, entry.cap, entry.veto);
        self.rule.code == other.rule.code && parts(self) == parts(other) && self.group == other.group
    }
}

impl Register {
    /// Reads the sheet 规则登记表, else the first visible one. `path` names the file in messages.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] with every problem and its cell: no head line, unknown or doubled codes, words that are no
    /// level or band, points that are no number or negative.
    pub fn read(sheets: &[Sheet], path: &str) -> Result<Self, Error> {
        let invalid = |problems| Error::new(path, ErrorKind::Invalid(problems));
        let mut visible = sheets.iter().filter(|sheet| sheet.visibility() == Visibility::Visible);
        let named = sheets.iter().find(|sheet| sheet.name() == SHEET);
        let Some(sheet) = named.or_else(|| visible.find(|sheet| sheet.used().is_some())) else {
            return Err(invalid(vec!["规则登记表里没有内容。请用 jixiao rules --format xlsx 重新导出".to_owned()]));
        };
        let Some((header, columns)) = header(sheet) else {
            let message = format!("工作表“{}”没有表头。表头应有：{}", sheet.name(), HEADERS.join("、"));
            return Err(invalid(vec![message]));
        };
        let mut reader = Reader { sheet, columns, problems: Vec::new() };
        let policy = reader.policy(header);
        let entries = reader.entries(header);
        match policy {
            Some(policy) if reader.problems.is_empty() => Ok(Self { policy, entries }),
            _ => Err(invalid(reader.problems)),
        }
    }
}

/// The row that has the code's column and that of the level, with all known columns.
fn header(sheet: &Sheet) -> Option<(u32, BTreeMap<&'static str, u32>)> {
    let first = sheet.used()?.start.row;
    (first..first + HEADER_WITHIN).find_map(|row| {
        let mut columns = BTreeMap::new();
        for (at, cell) in sheet.row(row) {
            let shown = squeeze(&cell.shown());
            if let Some(header) = HEADERS.iter().find(|header| **header == shown) {
                columns.entry(*header).or_insert(at.col);
            }
        }
        (columns.contains_key(CODE) && columns.contains_key(LEVEL)).then_some((row, columns))
    })
}

struct Reader<'a> {
    sheet: &'a Sheet,
    columns: BTreeMap<&'static str, u32>,
    problems: Vec<String>,
}

impl Reader<'_> {
    /// The id in the brackets of `口径：全国通用口径（national）` above the header.
    fn policy(&mut self, header: u32) -> Option<String> {
        let mut above = self.sheet.cells().filter(|(at, _)| at.row < header);
        let line = above.find_map(|(at, cell)| Some((at, squeeze(&cell.shown()).strip_prefix("口径:")?.to_owned())));
        let Some((at, text)) = line else {
            let name = self.sheet.name();
            self.problems.push(format!(
                "{name}：表头上面没有“口径：名称（编号）”一行。请从导出的登记表里补上，如“口径：全国通用口径（national）”"
            ));
            return None;
        };
        let id = text.strip_suffix(')').and_then(|text| text.rsplit_once('(')).map(|(_, id)| id.to_owned());
        if id.as_ref().is_none_or(String::is_empty) {
            self.at(at, &format!("“{text}”没有写口径编号。应如“口径：全国通用口径（national）”"));
        }
        id
    }

    fn entries(&mut self, header: u32) -> Vec<Entry> {
        let last = self.sheet.used().map_or(header, |used| used.end.row);
        let mut seen: BTreeMap<&str, CellRef> = BTreeMap::new();
        let mut entries = Vec::new();
        for row in header + 1..=last {
            let Some((at, code)) = self.text(row, CODE).filter(|(_, code)| !code.is_empty() && !code.starts_with('注'))
            else {
                continue;
            };
            let Some(rule) = rules::find(&code) else {
                self.at(at, &format!("没有编码为“{code}”的规则。规则编码见 jixiao rules"));
                continue;
            };
            if let Some(before) = seen.insert(rule.code, at) {
                self.at(at, &format!("编码“{code}”重复，{before} 已有。每条规则留一行"));
                continue;
            }
            let level = self.level(row);
            let points = self.number(row, POINTS);
            let cap = self.number(row, CAP);
            self.cap_is_enough(row, points, cap);
            let group = self.text(row, GROUP).map(|(_, group)| Some(group).filter(|group| !group.is_empty()));
            let veto = self.veto(row);
            entries.push(Entry { rule, level, points, cap, group, veto });
        }
        if seen.is_empty() && self.problems.is_empty() {
            self.problems.push(format!("工作表“{}”的表头下面没有规则", self.sheet.name()));
        }
        entries
    }

    fn level(&mut self, row: u32) -> Option<RuleLevel> {
        let (at, word) = self.text(row, LEVEL)?;
        let level = LEVELS.iter().find(|(title, _)| *title == word).map(|(_, level)| *level);
        if level.is_none() {
            self.at(at, &format!("级别“{word}”不认识。应为：{}", LEVELS.map(|(title, _)| title).join("、")));
        }
        level
    }

    fn veto(&mut self, row: u32) -> Option<Option<Band>> {
        let (at, word) = self.text(row, VETO)?;
        if word.is_empty() {
            return Some(None);
        }
        let band = CAPS.into_iter().find(|band| band.title() == word);
        if band.is_none() {
            self.at(at, &format!("等级上限“{word}”不认识。应为：良、中、差，或留空（不限）"));
        }
        Some(band)
    }

    /// A figure; a blank and the formula that follows the level are none of the rule's own.
    fn number(&mut self, row: u32, column: &str) -> Option<Option<Decimal>> {
        let (at, text) = self.text(row, column)?;
        let cell = self.sheet.cell(at);
        if text.is_empty() || cell.is_some_and(|cell| cell.formula.is_some()) {
            return Some(None);
        }
        let number = match cell.map(|cell| &cell.content) {
            Some(Content::Number(number)) => Some(*number),
            _ => parse_number(&text),
        };
        match number {
            None => self.at(at, &format!("{column}“{text}”不是数字。请填数字，或留空")),
            Some(number) if number < Decimal::ZERO => {
                self.at(at, &format!("{column} {number} 是负数。扣几分就填几，不写负号"));
            }
            Some(number) => return Some(Some(number.normalize())),
        }
        None
    }

    fn cap_is_enough(&mut self, row: u32, points: Option<Option<Decimal>>, cap: Option<Option<Decimal>>) {
        if let (Some(Some(points)), Some(Some(cap))) = (points, cap)
            && cap < points
            && let Some(at) = self.place(row, CAP)
        {
            self.at(at, &format!("{CAP} {cap} 小于{POINTS} {points}。封顶不能小于每处扣分"));
        }
    }

    fn place(&self, row: u32, column: &str) -> Option<CellRef> {
        self.columns.get(column).map(|col| CellRef::new(row, *col))
    }

    /// A cell's text with its place; `None` where the table has no such column.
    fn text(&self, row: u32, column: &str) -> Option<(CellRef, String)> {
        let at = self.place(row, column)?;
        Some((at, fold(&self.sheet.shown(at))))
    }

    fn at(&mut self, at: CellRef, what: &str) {
        self.problems.push(format!("{}!{at}：{what}", self.sheet.name()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;
    use crate::workbook::sheet_from_text;

    fn read(text: &str) -> Result<Register, String> {
        let sheet = sheet_from_text(SHEET, text).expect("a valid grid");
        Register::read(&[sheet], "登记表.xlsx").map_err(|error| error.kind.to_string())
    }

    #[test]
    fn an_edited_line_changes_its_rule_and_nothing_else() {
        let register = read(
            "规则登记表|<|<|<|<\n\
             口径：全国通用口径（national）|<|<|<|<\n\
             编码|级别|每处扣分|封顶|等级上限\n\
             V101|关闭|2||\n\
             W101|严重|5|10|良\n\
             C102|一般||4|",
        )
        .expect("a good register");
        assert_eq!(register.policy, "national");
        let national = Policy::embedded("national").expect("a preset");
        let policy = register.over(national.clone());
        assert_eq!(policy.severities.get("missing-unit"), Some(&RuleLevel::Off));
        assert_eq!(policy.severities.get("vague-target"), Some(&RuleLevel::Error));
        let vague = policy.rubric.rules.get("vague-target").expect("an entry");
        assert_eq!((vague.points, vague.cap), (Some(Decimal::from(5)), Some(Decimal::TEN)));
        assert_eq!(vague.group.as_deref(), Some("target"), "the table has no such column");
        assert_eq!(policy.rubric.vetoes.get("vague-target"), Some(&Band::Good));
        assert_eq!(policy.rubric.rules.get("blank-header-field"), national.rubric.rules.get("blank-header-field"));
    }

    #[test]
    fn all_problems_of_a_register_are_told_at_once_with_their_cells() {
        let problems = read(
            "口径：全国通用口径|<|<|<|<\n\
             编码|级别|每处扣分|封顶|等级上限\n\
             V101|很重|-2||优\n\
             V101|一般|||\n\
             Z999|一般|||\n\
             W101|一般|5|两分|\n\
             W102|一般|5|3|\n\
             注：说明|<|<|<|<",
        )
        .expect_err("seven mistakes");
        for at in [
            "A1：",
            "B3：级别“很重”不认识。应为：严重、一般、提示、关闭",
            "C3：每处扣分 -2 是负数",
            "E3：等级上限“优”",
            "A4：编码“V101”重复，A3 已有",
            "A5：没有编码为“Z999”的规则",
            "D6：封顶“两分”不是数字",
            "D7：封顶 3 小于每处扣分 5",
        ] {
            assert!(problems.contains(&format!("规则登记表!{at}")), "{at} in\n{problems}");
        }
        assert_eq!(problems.lines().count(), 8, "{problems}");
    }
}
