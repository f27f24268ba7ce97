//! Counts of grades, and shares that keep their numerator and denominator.

use std::fmt;

use rust_decimal::Decimal;

use crate::policy::Band;
use crate::previous::Tally;

/// So many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    /// Numerator.
    pub part: usize,
    /// Denominator.
    pub whole: usize,
}

impl Ratio {
    /// `part` of `whole`.
    #[must_use]
    pub fn new(part: usize, whole: usize) -> Self {
        Self { part, whole }
    }

    /// In per cent to one decimal, half up; `None` where there is nothing to divide by.
    #[must_use]
    pub fn percent(self) -> Option<Decimal> {
        let share = Decimal::from(self.part).checked_div(Decimal::from(self.whole))?;
        Some(
            (share * Decimal::ONE_HUNDRED)
                .round_dp_with_strategy(1, rust_decimal::RoundingStrategy::MidpointAwayFromZero),
        )
    }
}

impl fmt::Display for Ratio {
    /// `66.7%（2/3）`, `—（0/0）`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.percent() {
            Some(percent) => write!(f, "{}%（{}/{}）", percent.normalize(), self.part, self.whole),
            None => write!(f, "—（{}/{}）", self.part, self.whole),
        }
    }
}

/// 整改率: what was mended of what was told.
#[must_use]
pub fn mended(fates: Tally) -> Ratio {
    Ratio::new(fates.settled, fates.before())
}

/// How many forms got which grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Grades([usize; 4]);

impl Grades {
    /// Counts bands.
    pub fn of(bands: impl Iterator<Item = Band>) -> Self {
        let mut grades = Self::default();
        bands.for_each(|band| grades.add(band));
        grades
    }

    /// Counts one more.
    pub fn add(&mut self, band: Band) {
        let [excellent, good, fair, poor] = &mut self.0;
        *match band {
            Band::Excellent => excellent,
            Band::Good => good,
            Band::Fair => fair,
            Band::Poor => poor,
        } += 1;
    }

    /// How many got this band.
    #[must_use]
    pub fn count(&self, band: Band) -> usize {
        let [excellent, good, fair, poor] = self.0;
        match band {
            Band::Excellent => excellent,
            Band::Good => good,
            Band::Fair => fair,
            Band::Poor => poor,
        }
    }

    /// 优 and 良 together: the numerator of 优良率.
    #[must_use]
    pub fn good(&self) -> usize {
        self.count(Band::Excellent) + self.count(Band::Good)
    }

    /// All graded forms.
    #[must_use]
    pub fn total(&self) -> usize {
        self.0.iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_shows_what_it_is_a_share_of() {
        assert_eq!(Ratio::new(2, 3).to_string(), "66.7%（2/3）");
        assert_eq!(Ratio::new(0, 0).to_string(), "—（0/0）");
        assert_eq!(Ratio::new(1, 1).to_string(), "100%（1/1）");
    }
}
