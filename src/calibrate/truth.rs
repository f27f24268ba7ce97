//! What reviewers wrote: the marks of `manifest.json`, and readings by hand of whole forms, where there are any.
//!
//! A mark names its fault by a rule of ours (code or name) or by a word of the reviewer's own. Nobody has to know our rules
//! to mark a workbook.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::json::{Node, Problems, parse};
use crate::address::CellRef;
use crate::error::{Error, ErrorKind};
use crate::finding::Severity;
use crate::rules::{self, Rule};
use crate::schema::{SourceFile, Stage, Subject};
use crate::text::squeeze;
use crate::workbook::Workbook;

/// The arithmetic that a reading by hand decides, by the rule that does it.
const CHECKS: [(&str, &str); 6] = [
    ("weight_sum", "weight-sum-mismatch"),
    ("score_sum", "score-sum-mismatch"),
    ("score_le_weight", "score-exceeds-weight"),
    ("exec_rate", "execution-rate-mismatch"),
    ("exec_score", "execution-score-mismatch"),
    ("fund_parts", "funding-sum-mismatch"),
];

/// Marked workbooks.
#[derive(Debug, Clone)]
pub struct Truth {
    /// By file name, each once.
    pub workbooks: Vec<MarkedWorkbook>,
}

/// A workbook that somebody read.
#[derive(Debug, Clone)]
pub struct MarkedWorkbook {
    /// Its file name without folders.
    pub file: String,
    /// Its sheets that were read.
    pub sheets: Vec<MarkedSheet>,
}

/// A sheet that somebody read.
#[derive(Debug, Clone)]
pub struct MarkedSheet {
    /// Its name.
    pub sheet: String,
    /// Whether a person sees it; hidden sheets are not compared.
    pub visible: bool,
    /// Id of the form it holds; `None` where it holds none and none should be recognised.
    pub form: Option<String>,
    /// Whether part of the form is missing: then what should be quiet cannot be told.
    pub truncated: bool,
    /// What is wrong with the form.
    pub marks: Vec<Mark>,
    /// What looks odd and is right.
    pub quiet: Vec<Quiet>,
    /// The form read by hand.
    pub reading: Option<HandReading>,
}

/// A fault as the reviewer saw it.
#[derive(Debug, Clone)]
pub struct Mark {
    /// The reviewer's word for it, or the rule's code or name.
    pub kind: String,
    /// How bad. 提示 is a reviewer's remark: it is not asked for, but what is said there was not unheard-of.
    pub severity: Severity,
    /// The cell; `None` for the form as a whole.
    pub at: Option<CellRef>,
    /// The rule that `kind` names, where it names one: then only this rule's findings are hits.
    pub rule: Option<&'static Rule>,
    /// What the reviewer wrote.
    pub why: String,
}

/// Where nothing should be said.
#[derive(Debug, Clone)]
pub struct Quiet {
    /// By this rule; `None` for all.
    pub rule: Option<&'static Rule>,
    /// At this cell; `None` for the whole form.
    pub at: Option<CellRef>,
}

/// A form read by hand.
#[derive(Debug, Clone, Default)]
pub struct HandReading {
    /// What kind of form it is, in words.
    pub kind: String,
    /// Its stage; `None` for a form of a kind that the tool knows none of.
    pub stage: Option<Stage>,
    /// Its subject; `None` where the kind leaves that open.
    pub subject: Option<Subject>,
    /// Fields by concept, as they should be read.
    pub fields: BTreeMap<String, String>,
    /// Rules that must find something.
    pub found: Vec<&'static Rule>,
    /// Rules that must be quiet.
    pub quiet: Vec<&'static Rule>,
}

impl Truth {
    /// Reads a manifest and the readings by hand, by the id that a sheet's `form` names. Forms without a reading have only
    /// their marks.
    ///
    /// # Errors
    /// Everything that is wrong with the files, each with its place.
    pub fn read(manifest: &SourceFile, readings: &BTreeMap<String, SourceFile>) -> Result<Self, Error> {
        let document = parse(manifest)?;
        let mut problems = Problems::default();
        let workbooks = workbooks(&document, &mut problems);
        if !problems.0.is_empty() {
            return Err(Error::new(manifest.name.clone(), ErrorKind::Invalid(problems.0)));
        }
        let mut truth = Self { workbooks };
        let mut known = BTreeMap::new();
        for (id, file) in readings {
            known.insert(id.as_str(), HandReading::read(file)?);
        }
        for sheet in truth.workbooks.iter_mut().flat_map(|workbook| &mut workbook.sheets) {
            sheet.reading = sheet.form.as_deref().and_then(|form| known.get(form)).cloned();
        }
        Ok(truth)
    }

    /// The workbook of this file name.
    #[must_use]
    pub fn workbook(&self, file: &str) -> Option<&MarkedWorkbook> {
        self.workbooks.iter().find(|workbook| workbook.file == file)
    }
}

impl MarkedWorkbook {
    /// What the marks name and the workbook does not have: sheets, and cells outside everything that is written there.
    #[must_use]
    pub fn strays(&self, workbook: &Workbook) -> Vec<String> {
        let mut strays = Vec::new();
        for marked in &self.sheets {
            let Some(sheet) = workbook.sheet(&marked.sheet) else {
                let names: Vec<&str> = workbook.sheets.iter().map(|sheet| sheet.name()).collect();
                strays.push(format!("{}：没有工作表“{}”，有的是“{}”", self.file, marked.sheet, names.join("”“")));
                continue;
            };
            let cells = marked.marks.iter().filter_map(|mark| mark.at).chain(marked.quiet.iter().filter_map(|q| q.at));
            let used = sheet.used();
            for at in cells.filter(|at| !used.is_some_and(|used| used.contains(sheet.anchor(*at)))) {
                let place = used.map_or_else(|| "是空的".to_owned(), |used| format!("有内容的是 {used}"));
                strays.push(format!("{}：工作表“{}”的标注落在 {at}，这张表{place}", self.file, marked.sheet));
            }
        }
        strays
    }
}

impl HandReading {
    fn read(file: &SourceFile) -> Result<Self, Error> {
        let document = parse(file)?;
        let mut problems = Problems::default();
        let reading = reading(&document, &mut problems).unwrap_or_default();
        if problems.0.is_empty() {
            Ok(reading)
        } else {
            Err(Error::new(file.name.clone(), ErrorKind::Invalid(problems.0)))
        }
    }
}

fn reading(document: &Value, problems: &mut Problems) -> Option<HandReading> {
    let node = Node::new(document, String::new(), problems)?;
    let kind = node.text("kind", problems)?.to_owned();
    let mut reading =
        HandReading { stage: Stage::named_in(&kind), subject: subject(&kind), kind, ..Default::default() };
    let truth = Node::new(node.get("truth")?, "truth".to_owned(), problems)?;
    for (id, value) in truth.entries() {
        let text = match value {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => continue,
        };
        if !text.is_empty() {
            reading.fields.insert(id.clone(), text);
        }
    }
    let Some(checks) = truth.get("checks") else { return Some(reading) };
    let checks = Node::new(checks, "truth.checks".to_owned(), problems)?;
    for (id, value) in checks.entries() {
        let name = CHECKS.iter().find(|(check, _)| check == id).map_or(id.as_str(), |(_, name)| name);
        match (rules::find(name), value.as_str()) {
            (None, _) => problems.add(checks.place(), &format!("没有规则“{id}”。规则见 jixiao rules")),
            (Some(rule), Some("fail")) => reading.found.push(rule),
            (Some(rule), Some("pass")) => reading.quiet.push(rule),
            (Some(_), Some("na")) => {}
            (Some(_), _) => problems.add(checks.place(), &format!("{id} 只能写 fail、pass 或 na")),
        }
    }
    Some(reading)
}

/// The subject of a kind of form; open where the kind offers several.
fn subject(kind: &str) -> Option<Subject> {
    let subjects: BTreeSet<Option<Subject>> = kind.split('/').map(Subject::named_in).collect();
    if subjects.len() == 1 { subjects.into_iter().next().flatten() } else { None }
}

fn workbooks(document: &Value, problems: &mut Problems) -> Vec<MarkedWorkbook> {
    let Some(entries) = document.as_array() else {
        let is_result = document.get("submissions").is_some();
        let found = if is_result { "这是审核结果（结果.json），不是标注。标注的" } else { "" };
        problems.add("", &format!("{found}最外层应是列表 […]，每个工作簿一项"));
        return Vec::new();
    };
    let mut names: BTreeSet<&str> = BTreeSet::new();
    let mut workbooks = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        let Some(node) = Node::new(entry, format!("第 {} 个工作簿", at + 1), problems) else { continue };
        let Some(file) = node.text("file", problems) else { continue };
        let node = node.named(file);
        if !names.insert(file) {
            problems.add(node.place(), "前面已经列过同名的工作簿，请合成一项");
        }
        let sheets = node.list("sheets", "工作表", problems);
        let sheets: Vec<MarkedSheet> = sheets.into_iter().filter_map(|sheet| marked_sheet(sheet, problems)).collect();
        let mut tabs: BTreeSet<&str> = BTreeSet::new();
        for sheet in sheets.iter().filter(|sheet| !tabs.insert(&sheet.sheet)) {
            problems.add(node.place(), &format!("工作表“{}”列了不止一次，请合成一项", sheet.sheet));
        }
        workbooks.push(MarkedWorkbook { file: file.to_owned(), sheets });
    }
    if problems.0.is_empty() && workbooks.iter().all(|workbook| workbook.sheets.is_empty()) {
        let what = if workbooks.is_empty() {
            "没有列任何工作簿"
        } else {
            "列出的工作簿都没有写工作表（sheets）"
        };
        problems.add("", &format!("{what}，没有可以核对的。请至少标注一张工作表，写法见手册“拿审核人的标注检验规则”"));
    }
    workbooks
}

fn marked_sheet(node: Node<'_>, problems: &mut Problems) -> Option<MarkedSheet> {
    let sheet = node.text("sheet", problems)?;
    let node = node.named(sheet);
    let form = node.optional_text("form", problems);
    let state = node.optional_text("state", problems);
    let truncated = node.flag("truncated", problems);
    let marks = node.list("defects", "标注", problems).iter().filter_map(|mark| self::mark(mark, problems)).collect();
    let quiet = node.list("quiet", "无误标注", problems).iter().filter_map(|mark| quiet(mark, problems)).collect();
    Some(MarkedSheet {
        sheet: sheet.to_owned(),
        visible: state.is_none_or(|state| state == "visible"),
        form: form.filter(|form| !form.is_empty()).map(str::to_owned),
        truncated,
        marks,
        quiet,
        reading: None,
    })
}

fn mark(node: &Node<'_>, problems: &mut Problems) -> Option<Mark> {
    let (kind, severity, at) =
        (node.text("kind", problems), node.text("severity", problems), node.text("at", problems));
    let severity = severity.and_then(|word| severity_of(word, node.place(), problems));
    let at = at.and_then(|at| cell(at, node.place(), problems));
    let why = node.optional_text("why", problems).unwrap_or_default().to_owned();
    let kind = kind?;
    let rule = rules::find(&squeeze(kind));
    if rule.is_none() && is_code(&squeeze(kind)) {
        let problem =
            format!("kind 写的“{kind}”是规则编码的样子，但没有这条规则。规则见 jixiao rules；自己的叫法请写成文字");
        problems.add(node.place(), &problem);
    }
    Some(Mark { kind: kind.to_owned(), severity: severity?, at: at?, rule, why })
}

/// Whether a word looks like the code of a rule: a letter and three digits.
fn is_code(word: &str) -> bool {
    match word.as_bytes() {
        [letter, digits @ ..] => {
            letter.is_ascii_alphabetic() && digits.len() == 3 && digits.iter().all(u8::is_ascii_digit)
        }
        [] => false,
    }
}

fn quiet(node: &Node<'_>, problems: &mut Problems) -> Option<Quiet> {
    let rule = match node.optional_text("rule", problems) {
        None => None,
        Some(name) => Some(rules::find(name).or_else(|| {
            problems.add(node.place(), &format!("没有规则“{name}”。规则见 jixiao rules"));
            None
        })?),
    };
    let at = match node.optional_text("at", problems) {
        None => None,
        Some(at) => cell(at, node.place(), problems)?,
    };
    if rule.is_none() && at.is_none() {
        problems.add(node.place(), "要写明哪条规则（rule）或哪一格（at）");
        return None;
    }
    Some(Quiet { rule, at })
}

fn severity_of(word: &str, place: &str, problems: &mut Problems) -> Option<Severity> {
    match word {
        "error" => Some(Severity::Error),
        "warn" | "warning" => Some(Severity::Warning),
        "info" => Some(Severity::Info),
        other => {
            problems
                .add(place, &format!("severity 写的是“{other}”，只能写 error（严重）、warn（一般）或 info（提示）"));
            None
        }
    }
}

/// A cell, or `-` for the whole form.
fn cell(text: &str, place: &str, problems: &mut Problems) -> Option<Option<CellRef>> {
    if text == "-" {
        return Some(None);
    }
    let first = text.split(':').next().unwrap_or(text);
    match first.parse() {
        Ok(at) => Some(Some(at)),
        Err(bad) => {
            problems.add(place, &format!("at 写的{bad}，如 H7；整张表的问题写 -"));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(manifest: &str) -> Result<Truth, String> {
        let file = SourceFile::new("manifest.json", manifest);
        Truth::read(&file, &BTreeMap::new()).map_err(|error| error.to_string())
    }

    #[test]
    fn every_problem_of_a_manifest_is_told_with_its_place() {
        let told = read(
            r#"[{"file": "甲.xlsx", "sheets": [{"sheet": "表", "form": "1", "defects": [
                {"kind": "missing_value", "severity": "bad", "at": "D6"},
                {"kind": "missing_value", "severity": "warn", "at": "6D"},
                {"kind": "missing_value", "severity": "warn"},
                {"kind": "a999", "severity": "warn", "at": "D6"}],
                "quiet": [{"rule": "A999"}, {}]}]},
               {"file": "甲.xlsx"}, {"sheets": []},
               {"file": "乙.xlsx", "sheets": [{"sheet": "表"}, {"sheet": "表"}]}]"#,
        )
        .unwrap_err();
        for part in [
            "第 1 个工作簿（甲.xlsx）的第 1 个工作表（表）的第 1 个标注：severity 写的是“bad”",
            "第 2 个标注：at 写的“6D”不是单元格地址",
            "第 3 个标注：缺少 at",
            "第 4 个标注：kind 写的“a999”是规则编码的样子，但没有这条规则",
            "第 1 个无误标注：没有规则“A999”",
            "第 2 个无误标注：要写明哪条规则（rule）或哪一格（at）",
            "第 2 个工作簿（甲.xlsx）：前面已经列过",
            "第 3 个工作簿：缺少 file",
            "第 4 个工作簿（乙.xlsx）：工作表“表”列了不止一次",
        ] {
            assert!(told.contains(part), "{part} is not in\n{told}");
        }
    }

    #[test]
    fn a_manifest_that_is_no_json_is_told_with_line_and_column() {
        assert!(read("[{\n\"file\" \"甲.xlsx\"}]").unwrap_err().contains("第 2 行第 8 列"));
        assert!(read("{}").unwrap_err().contains("最外层应是列表"));
        assert!(read("{\"submissions\": []}").unwrap_err().contains("这是审核结果（结果.json），不是标注"));
    }

    #[test]
    fn a_manifest_without_anything_to_compare_is_refused() {
        assert!(read("[]").unwrap_err().contains("没有列任何工作簿"));
        assert!(read(r#"[{"file": "甲.xlsx", "sheets": []}]"#).unwrap_err().contains("都没有写工作表"));
    }

    #[test]
    fn a_reading_by_hand_says_which_rules_must_find_and_which_must_be_quiet() {
        let manifest = SourceFile::new(
            "manifest.json",
            r#"[{"file": "甲.xlsx", "sheets": [{"sheet": "表", "form": "1", "defects": []}]}]"#,
        );
        let reading = r#"{"kind": "项目支出绩效自评表", "truth": {"unit": "澄岚区水务局", "year": 2026,
            "checks": {"weight_sum": "fail", "A102": "pass", "score_sum": "na"}}}"#;
        let readings = [("1".to_owned(), SourceFile::new("truth/1.json", reading))].into();
        let truth = Truth::read(&manifest, &readings).unwrap();
        let reading = truth.workbooks[0].sheets[0].reading.as_ref().unwrap();
        assert_eq!((reading.stage, reading.subject), (Some(Stage::SelfEvaluation), Some(Subject::Project)));
        assert_eq!(reading.fields.get("year").map(String::as_str), Some("2026"));
        let codes = |rules: &[&Rule]| rules.iter().map(|rule| rule.code).collect::<Vec<_>>();
        assert_eq!((codes(&reading.found), codes(&reading.quiet)), (vec!["A201"], vec!["A102"]));
    }

    #[test]
    fn the_subject_of_a_kind_that_offers_several_is_open() {
        assert_eq!(subject("转移支付绩效自评表"), Some(Subject::Transfer));
        assert_eq!(subject("转移支付/县级专项资金绩效自评表"), None);
    }
}
