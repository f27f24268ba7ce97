//! Targets that are dates: whether the date of completion came in time.
//!
//! Only where both cells say nothing but a date; `前` counts the day itself, as units mean it.

use std::sync::LazyLock;

use regex::Regex;

use crate::text::squeeze;

/// A date as precise as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Written {
    year: Option<u32>,
    month: u32,
    day: Option<u32>,
}

/// Whether the completion came by the deadline; `None` where one of the two is no plain date, or they do not tell.
pub(super) fn is_met(target: &str, actual: &str) -> Option<bool> {
    let (due, is_deadline) = date(target)?;
    let (done, _) = date(actual)?;
    if !is_deadline {
        return None;
    }
    let (due_year, done_year) = match (due.year, done.year) {
        (Some(due), Some(done)) => (due, done),
        // Of one year without the other nothing is said but the month.
        _ => (0, 0),
    };
    match (done_year, done.month).cmp(&(due_year, due.month)) {
        std::cmp::Ordering::Less => Some(true),
        std::cmp::Ordering::Greater => Some(false),
        std::cmp::Ordering::Equal => match (due.day, done.day) {
            (None, _) => Some(true),
            (Some(due), Some(done)) => Some(done <= due),
            (Some(_), None) => None,
        },
    }
}

/// The date that a text is, and whether it says to be a last day.
fn date(text: &str) -> Option<(Written, bool)> {
    static CHINESE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:≤|<=|于|在)?(?:(20\d{2})年)?(\d{1,2})月(?:(\d{1,2})[日号]|[底末份])?(之?前|以前|止|内)?(?:全部|全面)?(?:完成|完工|竣工|建成|验收|到位)?$")
            .expect("a constant pattern, compiled in tests")
    });
    static PLAIN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:≤|<=)?(20\d{2})[-./](\d{1,2})(?:[-./](\d{1,2}))?(前)?$")
            .expect("a constant pattern, compiled in tests")
    });
    let squeezed = squeeze(text);
    let found = CHINESE.captures(&squeezed).or_else(|| PLAIN.captures(&squeezed))?;
    let number = |at: usize| found.get(at).and_then(|part| part.as_str().parse::<u32>().ok());
    let month = number(2).filter(|month| (1..=12).contains(month))?;
    let is_deadline = found.get(4).is_some() || squeezed.starts_with(['≤', '<']) || squeezed.ends_with(['底', '末']);
    Some((Written { year: number(1), month, day: number(3) }, is_deadline))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_compared_as_far_as_it_is_written() {
        for (target, actual, met) in [
            ("6月30日前", "6月30日", Some(true)),
            ("6月30日前", "7月2日", Some(false)),
            ("2023年6月底前", "2023年9月完成", Some(false)),
            ("2023年12月31日前", "2023-11-20", Some(true)),
            ("2023年12月底前", "2024年1月10日", Some(false)),
            ("6月前", "6月20日", Some(true)),
            ("6月30日前", "6月", None),
            ("2023年6月", "2023年9月", None),
            ("6月30日前", "按时完成", None),
            ("30天内", "28天", None),
        ] {
            assert_eq!(is_met(target, actual), met, "{target} {actual}");
        }
    }
}
