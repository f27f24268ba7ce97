//! Years, and rounds of a year, as lists write them: `2023`, `2023年度`; `2`, `第2次`.

use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use regex::Regex;

use super::table::{Column, Table};
use crate::schema::Stage;
use crate::text::squeeze;

pub(crate) static YEAR: Column =
    Column {
        title: "年度", labels: &["年度", "年份", "预算年度", "表单年度", "所属年度"], required: false
    };
pub(crate) static TURN: Column =
    Column {
        title: "轮次", labels: &["轮次", "次数", "第几次", "监控次数", "监控轮次"], required: false
    };

/// A round within the name of a form: `（第2次）`.
static IN_NAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("[(\\[【〔]?第([0-9]{1,2}|[一二三四五六七八九十]{1,2})[次轮][)\\]】〕]?").expect("a pattern that holds")
});

/// More rounds a year than one a month there are not.
const MOST_TURNS: u8 = 12;

/// The year of a row, `None` for a blank; anything else is a problem.
pub(super) fn year(table: &mut Table<'_>, row: u32, column: &Column) -> Option<u16> {
    let text = squeeze(&table.text(row, column));
    let year = year_of(&text);
    if year.is_none() && !text.is_empty() {
        table.problem(row, column, &format!("{}“{text}”不是年度。请填四位数字，如 2026", column.title));
    }
    year
}

/// The round of a row, from 1, `None` for a blank; anything else is a problem.
pub(super) fn turn(table: &mut Table<'_>, row: u32) -> Option<u8> {
    let text = squeeze(&table.text(row, &TURN));
    let turn = turn_of(text.trim_start_matches('第').trim_end_matches(['次', '轮']));
    if turn.is_none() && !text.is_empty() {
        table.problem(row, &TURN, &format!("轮次“{text}”认不出。请填第几次，如 1 或 2，一次一行"));
    }
    turn
}

/// A form's name without the round that it names, and that round.
pub(super) fn without_turn(form: &str) -> (String, Option<u8>) {
    let turn = IN_NAME.captures(form).and_then(|found| turn_of(found.get(1)?.as_str()));
    match turn {
        Some(_) => (IN_NAME.replace(form, "").trim().to_owned(), turn),
        None => (form.to_owned(), None),
    }
}

/// Whether a form of that year cannot have been due or received on a day: what plans a year is handed in with the budget,
/// the year before.
pub(super) fn is_too_early(day: NaiveDate, year: u16, stage: Stage) -> bool {
    let first = match stage {
        Stage::ExAnte | Stage::Target => year.saturating_sub(1),
        _ => year,
    };
    day.year() < i32::from(first)
}

fn year_of(text: &str) -> Option<u16> {
    let year = text.trim_end_matches('度').trim_end_matches('年');
    year.parse().ok().filter(|year| (2000..=2100).contains(year))
}

fn turn_of(text: &str) -> Option<u8> {
    let digit =
        |c: char| "一二三四五六七八九".chars().position(|digit| digit == c).and_then(|at| u8::try_from(at + 1).ok());
    let turn = match text.strip_prefix('十') {
        Some("") => Some(10),
        Some(rest) => {
            rest.parse().ok().or_else(|| only(rest).and_then(digit)).map(|units: u8| units.saturating_add(10))
        }
        None => text.parse().ok().or_else(|| only(text).and_then(digit)),
    };
    turn.filter(|turn| (1..=MOST_TURNS).contains(turn))
}

fn only(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_and_rounds_are_read_however_they_are_written() {
        assert_eq!(
            ["2023", "2023年", "2023年度", "23", "二〇二三"].map(year_of),
            [Some(2023), Some(2023), Some(2023), None, None]
        );
        assert_eq!(
            ["1", "二", "十", "十二", "13", "两"].map(turn_of),
            [Some(1), Some(2), Some(10), Some(12), None, None]
        );
    }

    #[test]
    fn a_round_in_the_name_of_a_form_is_told_apart_from_the_name() {
        let told = |form: &str| without_turn(form);
        assert_eq!(told("项目支出绩效监控表(第2次)"), ("项目支出绩效监控表".to_owned(), Some(2)));
        assert_eq!(told("第一次项目支出绩效监控表"), ("项目支出绩效监控表".to_owned(), Some(1)));
        assert_eq!(told("项目支出绩效监控表(第13次)"), ("项目支出绩效监控表(第13次)".to_owned(), None));
    }

    #[test]
    fn targets_may_be_due_the_year_before_and_evaluations_not() {
        let day = NaiveDate::from_ymd_opt(2022, 11, 30).expect("a day");
        assert!(!is_too_early(day, 2023, Stage::Target));
        assert!(is_too_early(day, 2024, Stage::Target) && is_too_early(day, 2023, Stage::SelfEvaluation));
    }
}
