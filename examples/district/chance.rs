//! Numbers that look like chance and follow from a seed and words, the same on every machine.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// A source of numbers (splitmix64).
#[derive(Clone)]
pub(crate) struct Chance(u64);

impl Chance {
    /// The source that belongs to a seed and what the numbers are for.
    pub(crate) fn of(seed: u64, words: &[&str]) -> Self {
        // FNV-1a, with a stop behind each word.
        let bytes = words.iter().flat_map(|word| word.bytes().chain([0xff]));
        let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64 ^ seed, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(hash)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// One of so many.
    pub(crate) fn pick(&mut self, count: usize) -> usize {
        let count = u64::try_from(count).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % count).unwrap_or_default()
    }

    /// Whether it happens, so many times in a hundred.
    pub(crate) fn happens(&mut self, percent: usize) -> bool {
        self.pick(100) < percent
    }

    pub(crate) fn one_of<'t, T>(&mut self, choices: &'t [T]) -> &'t T {
        &choices[self.pick(choices.len())]
    }

    /// Numbers that decide on a form.
    pub(crate) fn numbers(&mut self) -> Vec<u16> {
        (0..128).map(|_| u16::try_from(self.next() >> 48).unwrap_or_default()).collect()
    }

    /// So many amounts of at least `least` that make the total to the cent: many small ones, a few large ones.
    pub(crate) fn amounts(&mut self, total: Decimal, count: usize, least: Decimal) -> Vec<Decimal> {
        // The cube of an even draw is skewed as budgets are.
        let draw = |chance: &mut Self| {
            let even = Decimal::from(chance.pick(1_000) + 30) / Decimal::from(1_030);
            // One in thirty is a project by which the district is known.
            even * even * even * if chance.pick(30) == 0 { Decimal::from(5) } else { Decimal::ONE }
        };
        let weights: Vec<Decimal> = (0..count).map(|_| draw(self)).collect();
        let all: Decimal = weights.iter().sum();
        let free = total - least * Decimal::from(count);
        let mut amounts: Vec<Decimal> =
            weights.iter().map(|weight| least + (free * weight / all).round_dp(self.decimals())).collect();
        let rest = total - amounts.iter().sum::<Decimal>();
        if let Some(largest) = amounts.iter_mut().max() {
            *largest += rest;
        }
        amounts
    }

    /// Whole 万元 as often as not.
    fn decimals(&mut self) -> u32 {
        [0, 0, 1, 2, 2][self.pick(5)]
    }

    /// So many counts of at least `least` that make the total, in proportion to weights.
    pub(crate) fn counts(&mut self, total: usize, weights: &[usize], least: usize) -> Vec<usize> {
        let mut counts = vec![least; weights.len()];
        let all: usize = weights.iter().sum();
        for _ in least * weights.len()..total {
            let mut at = self.pick(all);
            for (count, weight) in counts.iter_mut().zip(weights) {
                if at < *weight {
                    *count += 1;
                    break;
                }
                at -= weight;
            }
        }
        counts
    }
}

/// A number of 万元 as a cell holds it.
pub(crate) fn float(number: Decimal) -> f64 {
    number.to_f64().unwrap_or_default()
}
