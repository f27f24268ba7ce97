//! How figures are written: thousands apart, money in 万元, shares in per cent.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::coverage::Ratio;

/// `1,234` with its measure word.
pub(super) fn count(count: usize, measure: &str) -> String {
    format!("{}{measure}", apart(&count.to_string()))
}

/// `63,614万元`, to two decimals.
pub(super) fn money(amount: Decimal) -> String {
    format!("{}万元", wan(amount))
}

/// `63,614`, to two decimals.
pub(super) fn wan(amount: Decimal) -> String {
    apart(&rounded(amount, 2).to_string())
}

/// `87.35分`.
pub(super) fn points(points: Decimal) -> String {
    format!("{}分", rounded(points, 2))
}

/// `96.4%`; `None` where there is nothing to divide by.
pub(super) fn share(part: usize, whole: usize) -> Option<String> {
    Ratio::new(part, whole).percent().map(|percent| format!("{}%", percent.normalize()))
}

/// [`share`] of money.
pub(super) fn money_share(part: Decimal, whole: Decimal) -> Option<String> {
    let share = part.checked_div(whole)?.checked_mul(Decimal::ONE_HUNDRED)?;
    Some(format!("{}%", rounded(share, 1)))
}

/// To so many decimals, half up.
pub(super) fn rounded(number: Decimal, decimals: u32) -> Decimal {
    number.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero).normalize()
}

/// Digits before the point in groups of three.
fn apart(number: &str) -> String {
    let (sign, number) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let (whole, fraction) = number.split_once('.').map_or((number, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut out = sign.to_owned();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_written_as_reports_write_it() {
        assert_eq!(money(Decimal::new(6_361_400, 2)), "63,614万元");
        assert_eq!(money(Decimal::new(123_456_785, 3)), "123,456.79万元");
        assert_eq!(money(Decimal::new(-1234, 0)), "-1,234万元");
        assert_eq!(money(Decimal::ZERO), "0万元");
    }
}
