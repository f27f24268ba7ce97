//! What the unit wrote beside the findings on the sheet 审核意见 that came back with its workbook.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::REVIEW_SHEET;
use crate::address::CellRef;
use crate::rules;
use crate::text::{fold, one_line, squeeze};
use crate::workbook::{Cell, Content, Sheet};

/// The first line of the sheet; also how it is known again.
pub const REVIEW_TITLE: &str = "绩效表审核意见";

/// Heads of the list of findings, in their order.
pub const HEADS: [&str; 12] =
    ["序号", "级别", PLACE, "问题", FOUND, "应为", "差额", "修改建议", "依据", CODE, ADOPT, STATEMENT];

/// Head of the column behind them, where there is something to tell: what became of a finding, what was decided of it.
pub const STATE: &str = "状态";

const PLACE: &str = "位置";
const FOUND: &str = "填报内容";
const CODE: &str = "编码";
const ADOPT: &str = "采纳";
const STATEMENT: &str = "出错说明";

/// What stands on the bar above a form's findings before and behind the name of its sheet.
const TAB: (&str, &str) = ("（工作表：", "；适用表样：");

/// The unit's answer to a finding of the round before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The sheet the finding stood on.
    pub sheet: String,
    /// Its cell then; `None` for the form as a whole.
    pub cell: Option<CellRef>,
    /// The rule's code.
    pub code: String,
    /// What stood there then, as the list tells it.
    pub found: String,
    /// 采纳: whether the correction is wanted; `None` where nothing, or neither 是 nor 否, can be read.
    pub adopted: Option<bool>,
    /// What is written under 采纳, on one line; empty where nothing is.
    pub choice: String,
    /// 出错说明 as written, on one line; empty where there is none.
    pub statement: String,
}

/// The bar above a form's findings, such as `自评表　（工作表：Sheet1；适用表样：项目支出绩效自评表）`.
#[must_use]
pub fn bar(title: &str, tab: &str, schema: &str) -> String {
    format!("{title}　{}{tab}{}{schema}）", TAB.0, TAB.1)
}

/// Whether the sheet is what an earlier review added: by its title, wherever rows and columns were put before it, and where
/// the title was cut off by the heads of its list.
#[must_use]
pub fn is_review_sheet(sheet: &Sheet) -> bool {
    let is_title = |text: &str| text == REVIEW_TITLE;
    let is_ours = || sheet.cells().any(|(_, cell)| is_title(&cell.shown())) || has_list(sheet);
    sheet.name().starts_with(REVIEW_SHEET) && is_ours()
}

/// Whether the heads of a list of findings with answers stand on the sheet.
fn has_list(sheet: &Sheet) -> bool {
    let is_word = |cell: &Cell| matches!(&cell.content, Content::Text(text) if squeeze(text) == ADOPT);
    let heads = sheet.cells().filter(|(_, cell)| is_word(cell)).map(|(at, _)| at.row);
    let shown = |row| sheet.row(row).map(|(at, cell)| (at.col, cell.shown().into_owned())).collect::<Vec<_>>();
    heads.map(shown).any(|cells| Columns::of(&cells).is_some())
}

/// The answers on the sheet 审核意见, in its order; none where the workbook has no such sheet. Rows and columns may have
/// been moved: columns are known by their heads.
#[must_use]
pub fn answers(sheets: &[Sheet]) -> Vec<Answer> {
    let Some(sheet) = sheets.iter().find(|sheet| is_review_sheet(sheet)) else { return Vec::new() };
    let mut answers = Vec::new();
    let mut tab = None;
    let mut columns: Option<Columns> = None;
    for (row, cells) in rows(sheet) {
        if let Some(name) = cells.iter().find_map(|(_, text)| tab_of(text)) {
            (tab, columns) = (Some(name), None);
        } else if let Some(found) = Columns::of(&cells) {
            columns = Some(found);
        } else if let (Some(tab), Some(columns)) = (&tab, &columns) {
            answers.extend(columns.answer(sheet, tab, row));
        }
    }
    answers
}

/// Whether the workbook has the sheet with findings on it, and its list cannot be read any more: its heads, or the bar over
/// it, are gone, or the sheet has another name.
#[must_use]
pub fn is_damaged(sheets: &[Sheet]) -> bool {
    let is_finding = |text: &str| rules::find(text).is_some_and(|rule| rule.code == text);
    let has_findings = |sheet: &Sheet| sheet.cells().any(|(_, cell)| is_finding(&cell.shown()));
    match sheets.iter().find(|sheet| is_review_sheet(sheet)) {
        Some(sheet) => answers(sheets).is_empty() && has_findings(sheet),
        None => sheets.iter().any(|sheet| has_list(sheet) && has_findings(sheet)),
    }
}

/// Zero-based columns of the list.
struct Columns {
    place: u32,
    code: u32,
    found: Option<u32>,
    adopt: Option<u32>,
    statement: Option<u32>,
}

impl Answer {
    /// Whether anything was answered.
    pub(super) fn says_something(&self) -> bool {
        self.adopted.is_some() || !self.statement.is_empty()
    }
}

impl Columns {
    fn of(cells: &[(u32, String)]) -> Option<Self> {
        let column = |head| cells.iter().find(|(_, text)| squeeze(text) == head).map(|(col, _)| *col);
        Some(Self {
            place: column(PLACE)?,
            code: column(CODE)?,
            found: column(FOUND),
            adopt: column(ADOPT),
            statement: column(STATEMENT),
        })
    }

    fn answer(&self, sheet: &Sheet, tab: &str, row: u32) -> Option<Answer> {
        let text = |col: u32| fold(&sheet.shown(CellRef::new(row, col)));
        let said = |col: Option<u32>| col.map(text).unwrap_or_default();
        let code = text(self.code);
        if code.is_empty() {
            return None;
        }
        let place = text(self.place);
        let cell = place.rsplit('!').next().and_then(|address| address.parse().ok());
        let as_written =
            |col: Option<u32>| col.map(|col| one_line(&sheet.shown(CellRef::new(row, col)))).unwrap_or_default();
        let (mut choice, statement) = (as_written(self.adopt), as_written(self.statement));
        if fold(&choice).is_empty() {
            choice.clear();
        }
        let adopted = choice_of(&choice);
        Some(Answer { sheet: tab.to_owned(), cell, code, found: said(self.found), adopted, choice, statement })
    }
}

/// What is meant under 采纳: 是 and 否 can be chosen from a list, and are typed in other words too. Only words that stand
/// alone are read; whoever writes more means something else.
fn choice_of(typed: &str) -> Option<bool> {
    const YES: [&str; 27] = [
        "是",
        "是的",
        "对",
        "对的",
        "采纳",
        "已采纳",
        "予以采纳",
        "同意",
        "同意采纳",
        "同意修改",
        "采用",
        "接受",
        "要",
        "可",
        "可以",
        "行",
        "好",
        "好的",
        "√",
        "✓",
        "✔",
        "☑",
        "y",
        "yes",
        "ok",
        "1",
        "true",
    ];
    const NO: [&str; 27] = [
        "否",
        "不",
        "不是",
        "不对",
        "不采纳",
        "未采纳",
        "不予采纳",
        "不同意",
        "不同意采纳",
        "不同意修改",
        "不修改",
        "不改",
        "不采用",
        "不接受",
        "不要",
        "不可",
        "不可以",
        "不行",
        "×",
        "✕",
        "✗",
        "✘",
        "☒",
        "n",
        "no",
        "0",
        "false",
    ];
    let word = squeeze(typed).to_lowercase();
    let word = word.trim_matches(|c: char| "。.,，、!;；:\"'“”‘’()[]【】\u{fe0e}\u{fe0f}".contains(c));
    match (YES.contains(&word), NO.contains(&word)) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}

fn tab_of(text: &str) -> Option<String> {
    let (_, behind) = text.split_once(TAB.0)?;
    behind.rsplit_once(TAB.1).map(|(tab, _)| tab.to_owned())
}

/// The written cells of every row, top down.
fn rows(sheet: &Sheet) -> Vec<(u32, Vec<(u32, String)>)> {
    let mut rows: BTreeMap<u32, Vec<(u32, String)>> = BTreeMap::new();
    for (at, cell) in sheet.cells().filter(|(_, cell)| !cell.is_blank()) {
        rows.entry(at.row).or_default().push((at.col, cell.shown().into_owned()));
    }
    rows.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbook::sheet_from_text;

    #[test]
    fn an_answer_is_known_by_the_heads_wherever_the_columns_stand() {
        let drawn = "绩效表审核意见|<|<|<|<\n\
             自评表　（工作表：一、自评（2023）；适用表样：项目支出绩效自评表）|<|<|<|<\n\
             位置|编码|出错说明|采纳|填报内容\n\
             一、自…!H7|A103|系统自动计算|否|9.5\n\
             一、自…（全表）|C103||是|";
        let sheet = sheet_from_text(REVIEW_SHEET, drawn).expect("a valid grid");
        let told: Vec<_> = answers(&[sheet])
            .into_iter()
            .map(|one| (one.sheet, one.cell.map(|at| at.to_string()), one.code, one.adopted, one.statement))
            .collect();
        let tab = || "一、自评（2023）".to_owned();
        assert_eq!(
            told,
            [
                (tab(), Some("H7".to_owned()), "A103".to_owned(), Some(false), "系统自动计算".to_owned()),
                (tab(), None, "C103".to_owned(), Some(true), String::new()),
            ]
        );
    }

    #[test]
    fn the_list_is_known_without_its_title_and_with_cells_before_it_and_is_damaged_under_another_name() {
        let list = "自评表　（工作表：表；适用表样：自评表）|<|<|<\n位置|编码|出错说明|采纳\n表!H7|A103||是";
        let named = |name: &str, drawn: &str| [sheet_from_text(name, drawn).expect("a valid grid")];
        let titled = format!("|\n|绩效表审核意见\n{}", list.replace('\n', "\n|").replace("自评表　", "|自评表　"));
        for drawn in [list.to_owned(), titled] {
            let sheets = named(REVIEW_SHEET, &drawn);
            assert_eq!((answers(&sheets).len(), is_damaged(&sheets)), (1, false), "{drawn}");
            let sheets = named("Sheet2", &drawn);
            assert_eq!((answers(&sheets).len(), is_damaged(&sheets)), (0, true), "{drawn}");
        }
        let own = named(REVIEW_SHEET, "主管部门意见|同意\n编码|A103");
        assert!(!is_review_sheet(&own[0]) && !is_damaged(&own));
    }

    #[test]
    fn a_choice_typed_in_other_words_is_read_and_whatever_says_more_is_not() {
        for typed in
            ["是", " 是 ", "是的。", "“是”", "√", "✔\u{fe0f}", "采纳", "同意", "y", "Ｙ", "YES", "1", "１", "TRUE"]
        {
            assert_eq!(choice_of(typed), Some(true), "{typed}");
        }
        for typed in ["否", "不", "不采纳", "不 同意", "×", "✗", "n", "No", "0", "ＦＡＬＳＥ"] {
            assert_eq!(choice_of(typed), Some(false), "{typed}");
        }
        for typed in
            ["", "是/否", "是否", "√×", "部分采纳", "是，但分值不改", "同意不改", "看情况", "?", "10", "-", "x"]
        {
            assert_eq!(choice_of(typed), None, "{typed}");
        }
    }
}
