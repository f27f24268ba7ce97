//! 结果.json or 汇总.json → facts.

use std::io::Read;

use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::error::Category;

use super::facts::{FormFact, LARGEST, RoundFacts};
use super::{DueFact, Facts, ProjectFact};
use crate::error::{Error, ErrorKind};

/// The version of the contract that is understood.
const VERSION: u32 = 1;

/// What a form is counted to have at most of anything: findings, indicators.
const MOST: usize = 1_000_000;

#[derive(Deserialize)]
struct Holder {
    version: u32,
    facts: Option<Facts>,
}

impl Facts {
    /// Reads the facts of a result. `path` names it in messages.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] where the text is no result, one without facts, or one with numbers that no form has, with
    /// what to do.
    pub fn read(text: &str, path: &str) -> Result<Self, Error> {
        Self::of(serde_json::from_str(text.trim_start_matches('\u{feff}')), path)
    }

    /// The same of a file, without keeping it: of a large result only the facts take memory. Knows no byte order mark.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_from(reader: impl Read, path: &str) -> Result<Self, Error> {
        Self::of(serde_json::from_reader(reader), path)
    }

    fn of(holder: serde_json::Result<Holder>, path: &str) -> Result<Self, Error> {
        let invalid = |problem: String| Error::new(path, ErrorKind::Invalid(vec![problem]));
        let holder = holder.map_err(|error| {
            let why = match error.classify() {
                Category::Eof => "内容不完整，可能是空文件或没有传完",
                Category::Syntax | Category::Io => "不是 JSON",
                Category::Data => "是 JSON，但没有这个版本的审核结果应有的内容，可能是别的文件，或由别的版本写出，要用现在的版本重新审核",
            };
            let (line, column) = (error.line(), error.column());
            invalid(format!("不是审核结果（第 {line} 行第 {column} 列：{why}）。请选审核输出文件夹里的 结果.json，或汇总输出的 汇总.json"))
        })?;
        if holder.version != VERSION {
            let version = holder.version;
            return Err(invalid(format!(
                "结果的版本是 {version}，这个版本的工具只认版本 {VERSION}。请用同一版本的工具重新审核"
            )));
        }
        let facts = holder
            .facts
            .ok_or_else(|| invalid("这份结果里没有统计数据，是较早的版本写的。请用现在的版本重新审核".to_owned()))?;
        match facts.rounds.iter().find_map(beyond_counting) {
            Some(what) => Err(invalid(format!("{what}大得不可能，结果文件被改动过或已损坏。请重新审核"))),
            None => Ok(facts),
        }
    }
}

/// What has a number that no workbook can give, and that sums could not hold.
fn beyond_counting(round: &RoundFacts) -> Option<String> {
    let is_beyond = |number: &Option<Decimal>| number.is_some_and(|number| number.abs() > LARGEST);
    let is_due_beyond = |due: &DueFact| is_beyond(&due.amount);
    let unit = round.units.iter().find(|unit| unit.due.iter().any(is_due_beyond));
    if let Some(unit) = unit {
        return Some(format!("单位“{}”的应报金额", unit.name));
    }
    let is_project_beyond = |project: &&ProjectFact| is_beyond(&project.amount);
    if let Some(project) = round.projects.iter().find(is_project_beyond) {
        return Some(format!("项目“{}”的金额", project.name));
    }
    let form = round.forms.iter().find(|form| is_form_beyond(form))?;
    Some(format!("{} 工作表“{}”的金额、得分或个数", form.source, form.sheet))
}

fn is_form_beyond(form: &FormFact) -> bool {
    let amounts =
        form.items.iter().flat_map(|item| item.sources.values().copied().chain(item.budget).chain(item.executed));
    let mut numbers = amounts.chain([form.score]).chain(form.own_score).chain(form.deviation);
    let fates = form.earlier.iter().map(|earlier| earlier.fates);
    let fates = fates.flat_map(|it| [it.settled, it.unchanged, it.accepted, it.new, it.again]);
    let counts = form.faults.iter().map(|fault| fault.count).chain(fates);
    let mut counts = counts.chain([form.accepted, form.quantitative, form.qualitative]);
    numbers.any(|number| number.abs() > LARGEST) || counts.any(|count| count > MOST)
}

#[cfg(test)]
mod tests {
    use super::super::made_up::{form, round, unit};
    use super::*;

    fn read(round: RoundFacts) -> Result<Facts, String> {
        let json = serde_json::json!({ "version": VERSION, "facts": Facts { rounds: vec![round] } });
        Facts::read(&json.to_string(), "结果.json").map_err(|error| error.to_string())
    }

    #[test]
    fn numbers_that_no_form_has_are_refused_with_their_place() {
        let good = round("一审", vec![unit("水务局", Some(1))], vec![form("a.xlsx", "水务局", "清水渠", 1)]);
        assert!(read(good.clone()).is_ok());
        let mut large = good.clone();
        large.forms[0].own_score = Some(Decimal::MAX);
        assert!(read(large).is_err_and(|said| said.contains("a.xlsx") && said.contains("大得不可能")));
        let mut many = good.clone();
        many.forms[0].quantitative = usize::MAX;
        assert!(read(many).is_err_and(|said| said.contains("a.xlsx")));
        let mut due = good;
        due.units[0].due[0].amount = Some(Decimal::MAX);
        assert!(read(due).is_err_and(|said| said.contains("水务局")));
    }
}
