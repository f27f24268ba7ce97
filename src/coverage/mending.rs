//! How far units have mended what they were told: fates counted by unit and in all.

use super::Ratio;
use crate::previous::Tally;
use crate::review::Round;

/// What became of the findings of the submissions before, unit by unit in the order of the round.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mending {
    /// Units by name, with how many of their forms have a submission before.
    pub units: Vec<(String, usize, Tally)>,
}

impl Mending {
    /// All units together; `None` where no form has a submission before.
    #[must_use]
    pub fn total(&self) -> Option<Tally> {
        let mut total = Tally::default();
        for (_, _, tally) in &self.units {
            total += *tally;
        }
        (!self.units.is_empty()).then_some(total)
    }
}

/// 整改率: what was mended of what was told.
#[must_use]
pub fn mended(tally: Tally) -> Ratio {
    Ratio::new(tally.settled, tally.before())
}

/// Counts the forms that have a submission before.
#[must_use]
pub fn mending_of(round: &Round) -> Mending {
    let mut mending = Mending::default();
    for (_, form) in round.forms() {
        let Some(tally) = form.tally() else { continue };
        let unit = &form.identity.unit.name;
        match mending.units.iter_mut().find(|(name, ..)| name == unit) {
            Some((_, forms, sum)) => {
                *forms += 1;
                *sum += tally;
            }
            None => mending.units.push((unit.clone(), 1, tally)),
        }
    }
    mending
}
