//! The bureau's register of decisions on explanations (出错说明登记表): which explained findings it accepts, by whom, until
//! when.
//!
//! One line an explanation. A decision holds for one finding with one value: the rule at its field of one form of one
//! project. Read from one sheet; all problems at once, each with its cell.

mod usage;

use std::collections::BTreeMap;

use chrono::NaiveDate;

pub use self::usage::Use;
use crate::error::{Error, ErrorKind};
use crate::finding::Finding;
use crate::form::Form;
use crate::roster::table::{Column, Table};
use crate::roster::{Identity, name_key, unit_key};
use crate::rules;
use crate::text::{label_key, squeeze};
use crate::workbook::Sheet;

/// The name of its sheet.
pub const SHEET: &str = "出错说明登记表";

/// What may be decided.
pub const VERDICTS: [&str; 2] = ["接受", "不接受"];

/// The columns in their order, with their widths in characters of Latin text.
pub const COLUMNS: [(&str, u32); 12] = [
    ("单位", 22),
    ("项目", 24),
    ("表单", 22),
    ("规则", 7),
    ("栏目", 24),
    ("填报内容", 20),
    ("出错说明", 34),
    ("处理意见", 9),
    ("处理人", 9),
    ("有效期", 12),
    ("备注", 22),
    ("栏目标识", 26),
];

/// Zero-based column of 处理意见.
pub const VERDICT_COLUMN: u16 = 7;

static UNIT: Column = Column { title: "单位", labels: &["单位", "单位名称"], required: true };
static PROJECT: Column = Column { title: "项目", labels: &["项目", "项目名称"], required: true };
static FORM: Column = Column { title: "表单", labels: &["表单", "表单名称"], required: true };
static RULE: Column = Column { title: "规则", labels: &["规则", "规则编码", "编码"], required: true };
static LABEL: Column = Column { title: "栏目", labels: &["栏目"], required: false };
static FOUND: Column =
    Column { title: "填报内容", labels: &["填报内容", "当时填报内容"], required: true };
static STATEMENT: Column = Column { title: "出错说明", labels: &["出错说明", "说明"], required: false };
static VERDICT: Column = Column { title: "处理意见", labels: &["处理意见"], required: true };
static BY: Column = Column { title: "处理人", labels: &["处理人"], required: true };
static UNTIL: Column = Column { title: "有效期", labels: &["有效期", "有效期至"], required: false };
static REMARK: Column = Column { title: "备注", labels: &["备注"], required: false };
static FIELD: Column = Column { title: "栏目标识", labels: &["栏目标识"], required: true };
static ALL: [&Column; 12] =
    [&UNIT, &PROJECT, &FORM, &RULE, &LABEL, &FOUND, &STATEMENT, &VERDICT, &BY, &UNTIL, &REMARK, &FIELD];

/// The register.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Decisions {
    entries: Vec<Entry>,
    /// Headings of columns that people added, in their order.
    further: Vec<String>,
}

/// A line of the register.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// The unit.
    pub unit: String,
    /// The project; empty for a form about a whole unit.
    pub project: String,
    /// The form by its title.
    pub form: String,
    /// The rule's code.
    pub code: String,
    /// What the cell means, in the words of the form.
    pub label: String,
    /// The same as [`Finding::field`].
    pub field: String,
    /// What stood there when it was explained.
    pub found: String,
    /// 出错说明.
    pub statement: String,
    /// 接受 or 不接受; `None` where nothing is decided yet.
    pub accepted: Option<bool>,
    /// 处理人.
    pub by: String,
    /// 有效期, `None` without end.
    pub until: Option<NaiveDate>,
    /// 备注.
    pub remark: String,
    /// Where the entry stands: `出错说明登记表!A5`; empty for a new one.
    pub place: String,
    /// What stands in the columns that people added.
    pub further: Vec<String>,
}

/// By what an entry is found: unit, project, form, rule, field.
type Key = (String, String, String, String, String);

impl Entry {
    /// An entry for a finding as the unit explained it, not decided yet.
    #[must_use]
    pub fn of(form: &Form, identity: &Identity, finding: &Finding) -> Self {
        let project = identity.project.as_ref().map(|project| project.name.clone());
        let reply = finding.reply.as_ref();
        Self {
            unit: identity.unit.name.clone(),
            project: project.unwrap_or_default(),
            form: form.schema.title.clone(),
            code: finding.code.to_owned(),
            label: form.path_label(&finding.field),
            field: finding.field.clone(),
            found: finding.found.clone().unwrap_or_default(),
            statement: reply.map(|reply| reply.statement.clone()).unwrap_or_default(),
            ..Self::default()
        }
    }

    fn key(&self) -> Key {
        let form = label_key(&self.form);
        (unit_key(&self.unit), name_key(&self.project), form, self.code.clone(), self.field.clone())
    }

    fn is_about(&self, value: &str) -> bool {
        squeeze(&self.found) == squeeze(value)
    }
}

impl Decisions {
    /// Reads the first visible sheet that holds something. `path` names the file in messages.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] with every problem: missing columns by name; entries without unit or form; codes that are no
    /// rule's; words other than 接受 and 不接受; decisions without a name; days that are no dates; an entry twice.
    pub fn read(sheets: &[Sheet], path: &str) -> Result<Self, Error> {
        let invalid = |problems| Err(Error::new(path, ErrorKind::Invalid(problems)));
        let mut table = match Table::find(sheets, SHEET, &ALL) {
            Ok(table) => table,
            Err(problem) => return invalid(vec![problem]),
        };
        let rows = table.filled_rows();
        let mut entries: Vec<Entry> = rows.iter().map(|row| entry(&mut table, *row)).collect();
        let mut seen: BTreeMap<(Key, String), usize> = BTreeMap::new();
        for (index, (row, entry)) in rows.iter().zip(&entries).enumerate() {
            let before = seen.insert((entry.key(), squeeze(&entry.found)), index);
            if let Some(before) = before.and_then(|before| entries.get(before)) {
                let message = format!("与 {} 是同一处、同一个值。请只留一行", before.place);
                table.problem(*row, &UNIT, &message);
            }
        }
        let further = table.further(&rows);
        for (index, entry) in entries.iter_mut().enumerate() {
            entry.further = further.iter().map(|(_, texts)| texts.get(index).cloned().unwrap_or_default()).collect();
        }
        let further = further.into_iter().map(|(heading, _)| heading).collect();
        if table.problems.is_empty() { Ok(Self { entries, further }) } else { invalid(table.problems) }
    }

    /// The entries in the order of the file.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Headings of the columns that people added behind its own.
    #[must_use]
    pub fn further(&self) -> &[String] {
        &self.further
    }

    /// Adds what is not in it yet: the same finding with the same value is one entry, and what was decided stays. Of one
    /// that is undecided the explanation is brought up to date. Returns how many were added.
    pub fn add(&mut self, entries: Vec<Entry>) -> usize {
        let key = |entry: &Entry| (entry.key(), squeeze(&entry.found));
        let mut known: BTreeMap<(Key, String), usize> =
            self.entries.iter().enumerate().map(|(index, entry)| (key(entry), index)).collect();
        let before = self.entries.len();
        for entry in entries {
            match known.get(&key(&entry)).and_then(|index| self.entries.get_mut(*index)) {
                Some(there) if there.accepted.is_none() => there.statement = entry.statement,
                Some(_) => {}
                None => {
                    known.insert(key(&entry), self.entries.len());
                    self.entries.push(entry);
                }
            }
        }
        self.entries.len() - before
    }
}

fn entry(table: &mut Table<'_>, row: u32) -> Entry {
    let code = table.text(row, &RULE).to_uppercase();
    match rules::find(&code) {
        _ if code.is_empty() => table.problem(row, &RULE, "规则空白。请填规则编码，如 A103"),
        Some(_) => {}
        None => table.problem(row, &RULE, &format!("没有规则“{code}”。全部规则见 jixiao rules")),
    }
    for (column, what) in [(&UNIT, "单位"), (&FORM, "表单")] {
        if table.text(row, column).is_empty() {
            table.problem(row, column, &format!("{what}空白。请填写，或删除这一行"));
        }
    }
    let word = squeeze(&table.text(row, &VERDICT));
    let accepted = match word.as_str() {
        "" => None,
        "接受" | "同意" => Some(true),
        "不接受" | "不同意" => Some(false),
        _ => {
            table.problem(row, &VERDICT, &format!("“{word}”认不出。请填“接受”或“不接受”，没有处理的空着"));
            None
        }
    };
    let by = table.written(row, &BY);
    if accepted.is_some() && by.is_empty() {
        table.problem(row, &BY, "有处理意见而没有处理人。请填写谁处理的");
    }
    Entry {
        unit: table.written(row, &UNIT),
        project: table.written(row, &PROJECT),
        form: table.written(row, &FORM),
        code,
        label: table.written(row, &LABEL),
        field: table.written(row, &FIELD),
        found: table.written(row, &FOUND),
        statement: table.written(row, &STATEMENT),
        accepted,
        by,
        until: table.date(row, &UNTIL),
        remark: table.written(row, &REMARK),
        place: table.place(row, &UNIT),
        further: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbook::sheet_from_text;

    const HEAD: &str = "单位|项目|表单|规则|栏目|栏目标识|填报内容|出错说明|处理意见|处理人|有效期|备注|科室意见";

    fn read(rows: &str) -> Result<Decisions, String> {
        let sheet = sheet_from_text("登记", &format!("出错说明登记表|<|<|<|<|<|<|<|<|<|<|<|<\n{HEAD}\n{rows}"));
        let sheet = sheet.expect("a valid grid");
        Decisions::read(&[sheet], "登记.xlsx").map_err(|error| error.kind.to_string())
    }

    #[test]
    fn an_entry_says_what_was_decided_by_whom_and_until_when() {
        let decisions = read(
            "水务局|清水渠维护|项目支出绩效自评表|A103|合计·得分|funding[total].score|9.5|系统，自动算|接受|张某|2026年12月31日||已核\n\
             水务局||部门整体支出绩效自评表|C101|||||||||",
        )
        .expect("a good register");
        let [first, second] = decisions.entries() else { panic!("two entries") };
        assert_eq!((first.accepted, first.by.as_str()), (Some(true), "张某"));
        assert_eq!(first.until, NaiveDate::from_ymd_opt(2026, 12, 31));
        assert_eq!((first.statement.as_str(), first.place.as_str()), ("系统，自动算", "登记!A3"));
        assert_eq!(
            (decisions.further(), first.further.as_slice()),
            (&["科室意见".to_owned()][..], &["已核".to_owned()][..])
        );
        assert_eq!((second.accepted, second.until), (None, None));
    }

    #[test]
    fn all_problems_of_a_register_are_told_at_once_with_their_cells() {
        let problems = read(
            "水务局|渠|自评表|Z999||goal|9||接受||年底|\n\
             |渠|自评表|A103||goal|9||可以|张某||\n\
             水务局|渠|自评表|A103||goal|9|||||\n水 务局|渠|自评表|A103||goal| 9|||||",
        )
        .expect_err("six problems");
        for told in [
            "登记!D3：没有规则“Z999”",
            "登记!J3：有处理意见而没有处理人",
            "登记!K3：有效期“年底”不是日期",
            "登记!A4：单位空白",
            "登记!I4：“可以”认不出",
            "登记!A6：与 登记!A5 是同一处、同一个值",
        ] {
            assert!(problems.contains(told), "{told} in {problems}");
        }
        assert_eq!(problems.lines().count(), 6, "{problems}");
    }

    #[test]
    fn what_is_decided_stays_and_what_is_new_is_added_once() {
        let mut decisions =
            read("水务局|渠|自评表|A103||goal|9|原因|接受|张某||\n水务局|渠|自评表|W102||goal|9|旧|||||")
                .expect("good");
        let entry = |code: &str, found: &str| Entry {
            unit: "水务局".to_owned(),
            project: "渠".to_owned(),
            form: "自评表".to_owned(),
            code: code.to_owned(),
            field: "goal".to_owned(),
            found: found.to_owned(),
            statement: "新".to_owned(),
            ..Entry::default()
        };
        let again = vec![entry("A103", "9"), entry("A103", "8"), entry("A103", "8"), entry("W102", "9")];
        assert_eq!(decisions.add(again), 1);
        let told: Vec<_> = decisions.entries().iter().map(|one| (one.found.as_str(), one.statement.as_str())).collect();
        assert_eq!(told, [("9", "原因"), ("9", "新"), ("8", "新")]);
    }
}
