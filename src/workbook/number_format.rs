//! What a number format makes of a number, from its id or code (ECMA-376 part 1, §18.8.30 and §18.8.31), and the
//! dates behind serial numbers.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::cell::{Content, NumberFormat};

/// The meaning of a built-in format id; [`NumberFormat::General`] for ids without a fixed meaning.
pub(super) fn builtin(id: u32) -> NumberFormat {
    match id {
        1 | 3 | 5 | 6 | 37 | 38 | 41 | 42 => NumberFormat::Fixed { decimals: 0 },
        2 | 4 | 7 | 8 | 39 | 40 | 43 | 44 => NumberFormat::Fixed { decimals: 2 },
        9 => NumberFormat::Percent { decimals: 0 },
        10 => NumberFormat::Percent { decimals: 2 },
        14..=22 | 27..=36 | 45 | 47 | 50..=58 => NumberFormat::Date,
        49 => NumberFormat::Text,
        _ => NumberFormat::General,
    }
}

/// The meaning of a format code; only its first section (for positive numbers) counts.
pub(super) fn from_code(code: &str) -> NumberFormat {
    let mut digits = false;
    // Placeholders behind the decimal point; `None` before it.
    let mut decimals: Option<u32> = None;
    let (mut percent, mut date, mut text, mut scientific, mut general) = (false, false, false, false, false);
    let mut rest = code.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            ';' => break,
            '"' => {
                rest.by_ref().find(|c| *c == '"');
            }
            // The next character is a literal, a width or a filler.
            '\\' | '_' | '*' => {
                rest.next();
            }
            '[' => {
                let inside: String = rest.by_ref().take_while(|c| *c != ']').collect();
                // Elapsed time, `[h]:mm`, is an amount and no moment.
                if inside.chars().all(|c| matches!(c.to_ascii_lowercase(), 'h' | 'm' | 's')) && !inside.is_empty() {
                    return NumberFormat::General;
                }
            }
            '%' => percent = true,
            '@' => text = true,
            'E' | 'e' if matches!(rest.peek(), Some('+' | '-')) => scientific = true,
            'G' => {
                // `General`, also spelled `G/通用格式`: its letters are no date.
                general = true;
                break;
            }
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' | 'e' => date = true,
            'a' if rest.peek() == Some(&'a') => date = true,
            '.' => decimals = decimals.or(Some(0)),
            '0' | '#' | '?' => {
                digits = true;
                decimals = decimals.map(|count| count.saturating_add(1));
            }
            _ => {}
        }
    }
    // No format shows more than 30 decimals (Excel's own limit), no decimal can hold more than 28.
    let decimals = decimals.unwrap_or(0).min(20);
    match () {
        () if percent && digits => NumberFormat::Percent { decimals },
        () if date => NumberFormat::Date,
        () if text => NumberFormat::Text,
        () if digits && !scientific && !general => NumberFormat::Fixed { decimals },
        () => NumberFormat::General,
    }
}

/// What a cell with this number and format holds: the date, where the format shows one that exists.
pub(super) fn content(number: Decimal, format: NumberFormat, date1904: bool) -> Content {
    match format {
        NumberFormat::Date => moment(number, date1904).map_or(Content::Number(number), Content::Date),
        _ => Content::Number(number),
    }
}

/// The moment of a serial number, to the second; `None` before 1900 and after 9999.
fn moment(serial: Decimal, date1904: bool) -> Option<NaiveDateTime> {
    let days = serial.floor().to_i64().filter(|days| (0..2_958_466).contains(days))?;
    let seconds = ((serial - serial.floor()) * Decimal::from(86_400)).round().to_i64()?;
    let base = if date1904 {
        NaiveDate::from_ymd_opt(1904, 1, 1)?
    } else {
        // Serial 60 is a 29 February 1900 that never was; days before it count from one day later.
        NaiveDate::from_ymd_opt(1899, 12, if days < 60 { 31 } else { 30 })?
    };
    base.and_hms_opt(0, 0, 0)?.checked_add_signed(TimeDelta::days(days) + TimeDelta::seconds(seconds))
}

/// An ISO 8601 date as strict OOXML and ODF write it.
pub(super) fn iso_date(text: &str) -> Option<NaiveDateTime> {
    let text = text.trim_end_matches('Z');
    let day = |text| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().and_then(|day| day.and_hms_opt(0, 0, 0));
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok().or_else(|| day(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_mean_what_a_person_sees() {
        for (code, format) in [
            ("General", NumberFormat::General),
            ("G/通用格式", NumberFormat::General),
            ("0%", NumberFormat::Percent { decimals: 0 }),
            ("0.00%;[Red]-0.00%", NumberFormat::Percent { decimals: 2 }),
            ("0.00_);[Red]\\(0.00\\)", NumberFormat::Fixed { decimals: 2 }),
            ("#,##0.0\"万元\"", NumberFormat::Fixed { decimals: 1 }),
            ("yyyy\"年\"m\"月\"d\"日\"", NumberFormat::Date),
            ("[$-804]aaaa;@", NumberFormat::Date),
            ("[DBNum1][$-804]yyyy年m月", NumberFormat::Date),
            ("[h]:mm", NumberFormat::General),
            ("0.00E+00", NumberFormat::General),
            ("\"day\"0", NumberFormat::Fixed { decimals: 0 }),
            ("@", NumberFormat::Text),
            ("", NumberFormat::General),
        ] {
            assert_eq!(from_code(code), format, "{code}");
        }
    }

    #[test]
    fn serial_numbers_are_dates_in_both_calendars() {
        let day = |serial: i64, date1904| moment(Decimal::from(serial), date1904).map(|at| at.to_string());
        assert_eq!(day(45_108, false).as_deref(), Some("2023-07-01 00:00:00"));
        assert_eq!(day(43_646, true).as_deref(), Some("2023-07-01 00:00:00"));
        assert_eq!(day(1, false).as_deref(), Some("1900-01-01 00:00:00"));
        assert_eq!(day(-1, false), None);
        let noon = moment(Decimal::new(451_085, 1), false).map(|at| at.to_string());
        assert_eq!(noon.as_deref(), Some("2023-07-01 12:00:00"));
    }
}
