//! A printed figure and what it may stand for: rounded or cut off at its last place, a rate with or without `%`.

use rust_decimal::Decimal;

use crate::form::Field;
use crate::text::squeeze;
use crate::value::parse_number;

/// A figure with the value of one unit in its last printed place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Figure {
    pub(super) value: Decimal,
    pub(super) place: Decimal,
}

impl Figure {
    /// Whether the exact number, rounded or cut off at this figure's last place, gives the figure.
    pub(super) fn shows(self, exact: Decimal) -> bool {
        let rest = exact - self.value;
        rest >= -self.place / Decimal::TWO && rest < self.place
    }
}

/// The figure as printed: `8.60` has hundredths as its last place, whatever the file stores behind it.
pub(super) fn printed(field: &Field) -> Option<Figure> {
    let number = field.number()?;
    // A figure with its unit (`10分`) is read by the form, not here: its value counts then.
    let shown = parse_number(field.text()).unwrap_or(number);
    Some(Figure { value: shown, place: last_place(shown.scale()) })
}

/// What a printed rate may mean, as fractions: `86%` is 0.86 to the hundredth; `86` and `0.86` may be either.
pub(super) fn printed_rate(field: &Field) -> Vec<Figure> {
    let text = squeeze(field.text());
    let hundredth = Decimal::new(1, 2);
    let as_percent = |shown: Decimal| Figure { value: shown * hundredth, place: last_place(shown.scale() + 2) };
    if let Some(percent) = text.strip_suffix('%').and_then(parse_number) {
        return vec![as_percent(percent)];
    }
    let Some(shown) = parse_number(&text).or_else(|| field.number()) else { return Vec::new() };
    // A whole `1` or `0` means exactly that, not anything from half to one and a half.
    let fraction = Figure { value: shown, place: last_place(shown.scale().max(2)) };
    vec![fraction, as_percent(shown)]
}

/// One unit in the last of so many decimal places; of more than a [`Decimal`] has, in its last.
fn last_place(places: u32) -> Decimal {
    Decimal::new(1, places.min(Decimal::MAX_SCALE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_shows_what_rounds_or_is_cut_to_it() {
        let rate = Figure { value: Decimal::new(86, 2), place: Decimal::new(1, 2) };
        for (exact, agrees) in [(862, true), (869, true), (855, true), (854, false), (870, false)] {
            assert_eq!(rate.shows(Decimal::new(exact, 3)), agrees, "{exact}");
        }
    }
}
