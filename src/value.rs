//! What a cell means: numbers, dates, and measures such as `≥95%` or `150万元`.
//!
//! Amounts are [`Decimal`]; no float leaves the readers. Nothing here knows a form.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::text::{fold, squeeze};

/// The largest figure that is taken for a number, 10^14: what is larger is an identity number or a slip, and the sums and
/// products of figures up to here fit a [`Decimal`], whose arithmetic panics where it overflows.
const LARGEST: Decimal = Decimal::from_parts(276_447_232, 23_283, 0, false, 0);

/// The meaning of a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// Words.
    Text(String),
    /// A plain number; a percentage stands as its fraction (`98%` is 0.98).
    Number(#[serde(deserialize_with = "figure")] Decimal),
    /// A calendar date.
    Date(NaiveDate),
    /// Yes or no.
    Bool(bool),
}

impl Value {
    /// The number, where it is one.
    #[must_use]
    pub fn number(&self) -> Option<Decimal> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{}", number.normalize()),
            Self::Date(date) => write!(f, "{}", date.format("%Y-%m-%d")),
            Self::Bool(true) => f.write_str("是"),
            Self::Bool(false) => f.write_str("否"),
        }
    }
}

/// Whether a figure is taken for a number: sums and products of those that are fit a [`Decimal`].
#[must_use]
pub(crate) fn is_figure(number: Decimal) -> bool {
    number.abs() <= LARGEST
}

/// A figure that was kept. One that no reader gives was written by another hand.
fn figure<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    let number = <Decimal as Deserialize>::deserialize(deserializer)?;
    if is_figure(number) { Ok(number) } else { Err(de::Error::custom(format!("{number} is no figure of a form"))) }
}

/// The day that a text names in figures: `2026-12-31`, `2026/12/31`, `2026年12月31日`.
#[must_use]
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let text = squeeze(text);
    let separates = |c: char| "-/.年月日".contains(c);
    let mut parts = text.trim_end_matches('日').split(separates);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if year.len() != 4 || parts.next().is_some() {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// The comparison an indicator's target asks for (指标性质, 计算符号).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Operator {
    /// `≥`
    AtLeast,
    /// `>`
    MoreThan,
    /// `≤`
    AtMost,
    /// `<`
    LessThan,
    /// `=`
    Equal,
}

impl Operator {
    /// Whether more is better (正向指标).
    #[must_use]
    pub fn is_forward(self) -> bool {
        matches!(self, Self::AtLeast | Self::MoreThan)
    }

    /// Whether less is better (反向指标).
    #[must_use]
    pub fn is_reverse(self) -> bool {
        matches!(self, Self::AtMost | Self::LessThan)
    }

    /// The operator at the start of a folded text, with the rest: signs and their Chinese words.
    #[must_use]
    pub fn split(text: &str) -> Option<(Self, &str)> {
        const SPELLINGS: [(&str, Operator); 20] = [
            (">=", Operator::AtLeast),
            ("=>", Operator::AtLeast),
            ("≥", Operator::AtLeast),
            ("<=", Operator::AtMost),
            ("=<", Operator::AtMost),
            ("≤", Operator::AtMost),
            (">", Operator::MoreThan),
            ("<", Operator::LessThan),
            ("=", Operator::Equal),
            ("大于等于", Operator::AtLeast),
            ("大于或等于", Operator::AtLeast),
            ("不低于", Operator::AtLeast),
            ("不少于", Operator::AtLeast),
            ("小于等于", Operator::AtMost),
            ("小于或等于", Operator::AtMost),
            ("不超过", Operator::AtMost),
            ("不高于", Operator::AtMost),
            ("大于", Operator::MoreThan),
            ("小于", Operator::LessThan),
            ("等于", Operator::Equal),
        ];
        SPELLINGS.iter().find_map(|(sign, op)| text.strip_prefix(sign).map(|rest| (*op, rest.trim_start())))
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AtLeast => "≥",
            Self::MoreThan => ">",
            Self::AtMost => "≤",
            Self::LessThan => "<",
            Self::Equal => "=",
        })
    }
}

/// A quantity with what stands around it: `≥95%`, `<=475元/亩`, `10辆`, `150万`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// The comparison sign, where one is written.
    pub operator: Option<Operator>,
    /// The number as written: `95` of `95%`, `150` of `150万`.
    #[serde(deserialize_with = "figure")]
    pub number: Decimal,
    /// What stands behind the number, folded: `%`, `元/亩`, `万`; `百分比` is given as `%`.
    pub unit: Option<String>,
}

impl Measure {
    /// Reads a text that is one measure and nothing else, as people write it: any width, with or without spaces,
    /// thousands separators, sign or unit. `None` where the text is words, a date, a range or more than one number.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let folded = fold(text);
        let (operator, rest) = match Operator::split(&folded) {
            Some((op, rest)) => (Some(op), rest),
            None => (None, folded.as_str()),
        };
        let (number, rest) = leading_number(rest)?;
        let unit = rest.trim().trim_end_matches(['。', ';', ',', '、']);
        // `以上` and its like are the sign in words; they stand behind.
        let (unit, trailing) = [
            ("及以上", Operator::AtLeast),
            ("以上", Operator::AtLeast),
            ("及以下", Operator::AtMost),
            ("以下", Operator::AtMost),
            ("以内", Operator::AtMost),
        ]
        .iter()
        .find_map(|(word, op)| unit.strip_suffix(word).map(|rest| (rest, Some(*op))))
        .unwrap_or((unit, None));
        if unit.contains(|c: char| c.is_ascii_digit() || "≥≤<>=~".contains(c)) || unit.chars().count() > 8 {
            return None;
        }
        let unit = match squeeze(unit) {
            empty if empty.is_empty() => None,
            percent if percent == "百分比" || percent == "百分之" => Some("%".to_owned()),
            unit => Some(unit),
        };
        Some(Self { operator: operator.or(trailing), number, unit })
    }

    /// Whether the number is a percentage.
    #[must_use]
    pub fn is_percent(&self) -> bool {
        self.unit.as_deref() == Some("%")
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(op) = self.operator {
            write!(f, "{op}")?;
        }
        write!(f, "{}", self.number.normalize())?;
        self.unit.as_deref().map_or(Ok(()), |unit| f.write_str(unit))
    }
}

/// A plain number as people type it: `1,234.50`, `１２`, `-3`, `+0.5`. `None` for anything with words or signs.
#[must_use]
pub fn parse_number(text: &str) -> Option<Decimal> {
    let folded = fold(text);
    match leading_number(&folded) {
        Some((number, "")) => Some(number),
        _ => None,
    }
}

/// The number at the start of a folded text and the text behind it. Commas count only as thousands separators.
fn leading_number(text: &str) -> Option<(Decimal, &str)> {
    let signed = text.strip_prefix(['+', '-']).map_or(0, |_| 1);
    let mut digits = String::with_capacity(text.len());
    if text.starts_with('-') {
        digits.push('-');
    }
    let bytes = text.as_bytes();
    let mut at = signed;
    let mut point = false;
    let mut seen = false;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'0'..=b'9' => {
                digits.push(char::from(byte));
                seen = true;
            }
            b'.' if !point && seen && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) => {
                digits.push('.');
                point = true;
            }
            b',' if !point && seen && is_thousands_group(bytes, at) => {}
            _ => break,
        }
        at += 1;
    }
    if !seen {
        return None;
    }
    let number = Decimal::from_str(&digits).ok().filter(|number| number.abs() <= LARGEST)?;
    Some((number, text.get(at..)?))
}

/// Whether exactly three digits stand behind the comma.
fn is_thousands_group(bytes: &[u8], comma: usize) -> bool {
    let group = bytes.get(comma + 1..comma + 4).is_some_and(|g| g.iter().all(u8::is_ascii_digit));
    group && !bytes.get(comma + 4).is_some_and(u8::is_ascii_digit)
}

/// The decimal with the digits that the shortest text of a float shows, at most 15 significant ones (Excel's own
/// rule). `None` for what is not finite or larger than 10^14.
#[must_use]
pub fn decimal_of_float(float: f64) -> Option<Decimal> {
    if !float.is_finite() {
        return None;
    }
    let number = Decimal::from_scientific(&format!("{float:.14e}"));
    // What float arithmetic leaves behind, such as 5.6e-17, has more decimals than a `Decimal` can: round it.
    let number = number.or_else(|_| Decimal::from_str(&format!("{float:.28}"))).ok()?;
    (number.abs() <= LARGEST).then(|| number.normalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure(text: &str) -> Option<String> {
        Measure::parse(text).map(|m| format!("{:?} {} {:?}", m.operator, m.number, m.unit))
    }

    #[test]
    fn one_meaning_whatever_the_spelling() {
        for text in ["≥95%", ">=95 %", "≧９５％", "≥95百分比", "95%以上", "不低于95%"] {
            let m = Measure::parse(text).map(|m| m.to_string());
            assert_eq!(m.as_deref(), Some("≥95%"), "{text}");
        }
    }

    #[test]
    fn units_and_thousands_are_read() {
        assert_eq!(measure("<=475元/亩").as_deref(), Some("Some(AtMost) 475 Some(\"元/亩\")"));
        assert_eq!(measure("1,234.50万元").as_deref(), Some("None 1234.50 Some(\"万元\")"));
        assert_eq!(measure("150万").as_deref(), Some("None 150 Some(\"万\")"));
        assert_eq!(parse_number("８，８２７，６２０．５３").map(|n| n.to_string()).as_deref(), Some("8827620.53"));
    }

    #[test]
    fn float_dust_is_a_number_and_infinity_is_none() {
        assert_eq!(decimal_of_float(0.1 + 0.2), Some(Decimal::new(3, 1)));
        assert!(decimal_of_float(0.1 + 0.2 - 0.3).is_some_and(|dust| !dust.is_zero() && dust < Decimal::new(1, 16)));
        assert_eq!(decimal_of_float(f64::INFINITY), None);
        assert_eq!(decimal_of_float(1e300), None);
    }

    #[test]
    fn what_is_too_large_to_reckon_with_stays_text() {
        assert_eq!(decimal_of_float(1.1e14), None);
        assert_eq!(parse_number("530100200001011234"), None);
        assert_eq!(parse_number("-100,000,000,000,000").and_then(|n| n.checked_mul(n)).map(|n| n.scale()), Some(0));
    }

    #[test]
    fn dates_ranges_and_words_are_no_measure() {
        for text in ["2023.07-2024.01", "2023-01-01", "显著提升", "(≥**株)>=17600株", "9月前/7月8日", "", "—"]
        {
            assert_eq!(measure(text), None, "{text}");
        }
    }

    #[test]
    fn a_float_keeps_the_digits_a_person_typed() {
        for (float, text) in
            [(0.1 + 0.2, "0.3"), (7.000_000_000_000_001, "7"), (89.974, "89.974"), (1e14, "100000000000000")]
        {
            assert_eq!(decimal_of_float(float).map(|n| n.to_string()).as_deref(), Some(text));
        }
        assert_eq!(decimal_of_float(f64::NAN), None);
    }

    #[test]
    fn a_figure_that_no_reader_gives_is_not_read_back() {
        let kept = |figure: &str| serde_json::from_str::<Value>(&format!("{{\"Number\":\"{figure}\"}}"));
        assert!(kept("-100000000000000").is_ok());
        assert!(kept("100000000000001").is_err() && kept(&Decimal::MAX.to_string()).is_err());
        let measure = r#"{"operator":null,"number":"79228162514264337593543950335","unit":"%"}"#;
        assert!(serde_json::from_str::<Measure>(measure).is_err());
    }
}
