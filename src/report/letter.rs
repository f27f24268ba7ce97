//! Words that every official letter writes alike: days, ordinals, blanks, full stops.

use chrono::{Datelike, NaiveDate};

use crate::text::one_line;
use crate::value::parse_date;

/// The text on one line, or what stands for none.
pub(super) fn or_blank(text: &str, blank: &str) -> String {
    let text = one_line(text);
    if text.is_empty() { blank.to_owned() } else { text }
}

/// A day as letters write it, however the letterhead does.
pub(super) fn written_day(text: &str, blank: &str) -> String {
    parse_date(text).map_or_else(|| or_blank(text, blank), chinese_day)
}

/// `2026年3月10日`.
pub(super) fn chinese_day(day: NaiveDate) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// The text on one line, with a full stop at its end.
pub(super) fn sentence(text: &str) -> String {
    let text = one_line(text);
    let text = text.trim_end_matches(['；', '，', '.']);
    if text.is_empty() || text.ends_with(['。', '！', '？']) { text.to_owned() } else { format!("{text}。") }
}

/// 一 to 九十九; beyond, digits.
pub(super) fn chinese(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |at: usize| DIGITS.get(at).copied().unwrap_or_default();
    match (number / 10, number % 10) {
        (0, ones) => digit(ones).to_owned(),
        (1, ones) => format!("十{}", digit(ones)),
        (tens @ 2..=9, ones) => format!("{}十{}", digit(tens), digit(ones)),
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_of_the_letterhead_is_written_as_letters_do() {
        assert_eq!(written_day("2026-3-10", "　"), "2026年3月10日");
        assert_eq!(written_day("二〇二六年三月十日", "　"), "二〇二六年三月十日");
        assert_eq!(written_day(" ", "　"), "　");
    }

    #[test]
    fn every_sentence_ends_once() {
        let ended = [sentence("填 9，应为 8"), sentence("改正。"), sentence("核对；")];
        assert_eq!(ended, ["填 9，应为 8。", "改正。", "核对。"]);
    }
}
