//! Units that were merged into others: whom forms written in their names count to.

use super::{Match, Roster, Unit};

impl Roster {
    /// The unit that a unit's forms of a year count to: itself, or what it was merged into by then, through any number of
    /// mergers. Of no known year are counted by the unit itself, unless it is merged for all years.
    #[must_use]
    pub fn standing<'r>(&'r self, unit: &'r Unit, year: Option<u16>) -> &'r Unit {
        let mut standing = unit;
        // A roster that was read has no circles; the bound is for one that was made otherwise.
        for _ in self.units() {
            let by_then = standing.merged_year.is_none_or(|merged| year.is_some_and(|year| year >= merged));
            match self.successor(standing).filter(|_| by_then) {
                Some(next) => standing = next,
                None => break,
            }
        }
        standing
    }

    /// The unit that forms of a year count to which bear this name; else as [`Roster::resolve`].
    #[must_use]
    pub fn resolve_in(&self, written: &str, year: Option<u16>) -> Match<'_, Unit> {
        match self.resolve(written) {
            Match::Known(unit) => Match::Known(self.standing(unit, year)),
            Match::Unknown(near) => Match::Unknown(near.map(|unit| self.standing(unit, year))),
        }
    }

    /// The units that forms in a unit's name may count to: of a year one, else one for each stretch of years.
    pub(super) fn heirs<'r>(&'r self, unit: &'r Unit, year: Option<u16>) -> Vec<&'r Unit> {
        let mut heirs = vec![self.standing(unit, year)];
        while let (None, Some(next)) = (year, heirs.last().and_then(|last| self.successor(last))) {
            if heirs.len() > self.units.len() {
                break;
            }
            heirs.push(self.standing(next, None));
        }
        heirs
    }

    /// Whether following the mergers from a unit leads back to it.
    pub(super) fn is_in_circle(&self, unit: &Unit) -> bool {
        let mut next = self.successor(unit);
        for _ in self.units() {
            match next {
                Some(at) if at.name == unit.name => return true,
                Some(at) => next = self.successor(at),
                None => return false,
            }
        }
        false
    }

    fn successor(&self, unit: &Unit) -> Option<&Unit> {
        self.find(unit.merged_into.as_deref()?)
    }
}
