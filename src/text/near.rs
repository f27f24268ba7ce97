//! Which of many sets are nearly the same: sets of character triples of texts, or of whatever is told apart by a number.
//!
//! An exact join with prefix filtering: of two sets that share nine tenths of the larger one, each must hold one of the
//! other's few rarest members, so only sets that meet there are compared. Sets that are the same are one group and are
//! compared once. Locality-sensitive hashing (such as the crate gaoya) would find most near sets and miss some by chance;
//! a reviewer's tool should say the same of the same forms, and this is no longer than the glue to a hashing crate.
//!
//! Nothing is quadratic, whatever is handed in: a set looks at [`LOOKS`] others that share a rare member and keeps
//! [`KEPT`] that are near. As long as no rare member is shared by more sets than that, every set with a near one has one.

use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasherDefault, Hasher};
use std::rc::Rc;

/// Spreads numbers over all bits; odd, so that different ones stay different.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// How many sets that share a rare member one set is compared with.
const LOOKS: usize = 256;

/// How many groups of near sets are kept for each, beside those that are the same.
const KEPT: usize = 8;

/// How many of the same set are told to each side of an item, so that those handed in beside it come first.
const BESIDE: usize = 12;

/// The most characters of a text that count: longer ones differ before.
const READ: usize = 1_000;

/// A set as it is compared: in order, each member once. Items that say the same may share one.
pub(crate) type Set = Rc<[u64]>;

/// The set of these members.
pub(crate) fn set(members: impl IntoIterator<Item = u64>) -> Set {
    let mut members: Vec<u64> = members.into_iter().collect();
    members.sort_unstable();
    members.dedup();
    members.into()
}

/// Items whose sets are the same or nearly so.
#[derive(Debug, Clone, Default)]
pub(crate) struct Near {
    /// Item → group; `None` for an empty set.
    group_of: Vec<Option<usize>>,
    groups: Vec<Group>,
}

/// Items with one set, in order, and the groups that are near.
#[derive(Debug, Clone, Default)]
struct Group {
    members: Vec<usize>,
    near: BTreeSet<usize>,
}

impl Near {
    /// Finds, among these [sets](set), those that share at least `percent` of the larger one.
    pub(crate) fn of(sets: &[Set], percent: usize) -> Self {
        let mut near = Self { group_of: vec![None; sets.len()], groups: Vec::new() };
        let mut seen: HashMap<&[u64], usize> = HashMap::with_capacity(sets.len());
        let mut distinct: Vec<&[u64]> = Vec::new();
        for ((item, set), group_of) in sets.iter().enumerate().zip(&mut near.group_of) {
            if set.is_empty() {
                continue;
            }
            let group = *seen.entry(set).or_insert(near.groups.len());
            if group == near.groups.len() {
                near.groups.push(Group::default());
                distinct.push(set);
            }
            if let Some(group) = near.groups.get_mut(group) {
                group.members.push(item);
            }
            *group_of = Some(group);
        }
        for (one, other) in join(&distinct, percent) {
            near.link(one, other);
            near.link(other, one);
        }
        near
    }

    fn link(&mut self, from: usize, to: usize) {
        if let Some(group) = self.groups.get_mut(from)
            && group.near.len() < KEPT
        {
            group.near.insert(to);
        }
    }

    /// Whether the item has a set that is not empty.
    pub(crate) fn has(&self, item: usize) -> bool {
        self.group_of.get(item).is_some_and(Option::is_some)
    }

    /// Other items whose sets are the same, then those whose are near, each in order; of many those beside it.
    pub(crate) fn like(&self, item: usize) -> impl Iterator<Item = usize> + '_ {
        let own = self.group_of.get(item).copied().flatten().and_then(|group| self.groups.get(group));
        let same = own.into_iter().flat_map(move |group| beside(&group.members, item, BESIDE));
        let near = own.into_iter().flat_map(|group| &group.near).filter_map(|other| self.groups.get(*other));
        same.chain(near.flat_map(move |group| beside(&group.members, item, 1))).filter(move |other| *other != item)
    }
}

/// So many of the members before and after this item, and the first.
fn beside(members: &[usize], item: usize, reach: usize) -> impl Iterator<Item = usize> + '_ {
    let at = members.partition_point(|member| *member < item);
    let from = at.saturating_sub(reach);
    let first = members.first().filter(|_| from > 0);
    first.into_iter().chain(members.iter().skip(from).take(2 * reach + 1)).copied()
}

/// How many sets hold the members of each of so many drawers: enough to tell rare members from common ones, without a
/// map of millions.
struct Rarity(Vec<u32>);

impl Rarity {
    const DRAWERS: u32 = 20;

    fn of(sets: &[&[u64]]) -> Self {
        let mut rarity = Self(vec![0; 1 << Self::DRAWERS]);
        for member in sets.iter().flat_map(|set| set.iter()) {
            if let Some(count) = rarity.0.get_mut(Self::drawer(*member)) {
                *count = count.saturating_add(1);
            }
        }
        rarity
    }

    fn drawer(member: u64) -> usize {
        usize::try_from(member.wrapping_mul(SPREAD) >> (64 - Self::DRAWERS)).unwrap_or_default()
    }

    /// In how many sets the member stands, or a few more.
    fn count(&self, member: u64) -> u32 {
        self.0.get(Self::drawer(member)).copied().unwrap_or_default()
    }

    /// The members that a set must meet a near one in: so many of its rarest. Those that no other set holds meet none.
    fn prefix(&self, set: &[u64], length: usize) -> impl Iterator<Item = u64> {
        let mut ranked: Vec<(u32, u64)> = set.iter().map(|member| (self.count(*member), *member)).collect();
        ranked.sort_unstable();
        ranked.into_iter().take(length).filter(|(count, _)| *count > 1).map(|(_, member)| member)
    }
}

/// Finds members in a map: they are numbers and need no more than to be spread.
#[derive(Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0 ^ number).wrapping_mul(SPREAD);
    }

    fn finish(&self) -> u64 {
        // What a map looks at first are the lowest bits, and those are spread least.
        self.0 ^ (self.0 >> 32)
    }
}

/// The pairs of near sets, later one first.
fn join(sets: &[&[u64]], percent: usize) -> Vec<(usize, usize)> {
    let needed = |length: usize| (length * percent).div_ceil(100).max(1);
    let rarity = Rarity::of(sets);
    let mut index: HashMap<u64, Vec<usize>, BuildHasherDefault<Spread>> = HashMap::default();
    let mut compared: Vec<usize> = vec![usize::MAX; sets.len()];
    let mut found: Vec<usize> = vec![0; sets.len()];
    let mut pairs = Vec::new();
    for (at, set) in sets.iter().enumerate() {
        let mut looks = LOOKS;
        for member in rarity.prefix(set, set.len() + 1 - needed(set.len()).min(set.len())) {
            let known = index.entry(member).or_default();
            // The nearest before: units hand in their forms side by side.
            for other in known.iter().rev().copied().take(looks) {
                looks -= 1;
                let enough = found.get(at).is_some_and(|found| *found >= KEPT)
                    && found.get(other).is_some_and(|found| *found > 0);
                let seen = compared.get_mut(other).is_none_or(|seen| std::mem::replace(seen, at) == at);
                let Some(theirs) = sets.get(other).filter(|_| !seen && !enough) else { continue };
                let longer = needed(set.len().max(theirs.len()));
                if longer <= set.len().min(theirs.len()) && shares(set, theirs, longer) {
                    pairs.push((at, other));
                    for one in [at, other] {
                        if let Some(found) = found.get_mut(one) {
                            *found += 1;
                        }
                    }
                }
            }
            known.push(at);
        }
    }
    pairs
}

/// Whether two sorted sets have so many members in common; given up as soon as they cannot.
fn shares(one: &[u64], other: &[u64], needed: usize) -> bool {
    let (mut left, mut right, mut shared) = (one, other, 0);
    while let ([a, rest_left @ ..], [b, rest_right @ ..]) = (left, right) {
        if shared + left.len().min(right.len()) < needed {
            return false;
        }
        match a.cmp(b) {
            std::cmp::Ordering::Less => left = rest_left,
            std::cmp::Ordering::Greater => right = rest_right,
            std::cmp::Ordering::Equal => (left, right, shared) = (rest_left, rest_right, shared + 1),
        }
    }
    shared >= needed
}

/// The triples of neighbouring characters of a text, as numbers; texts of another scope have others.
pub(crate) fn triples(text: &str, scope: u64) -> Set {
    // Three characters take 63 bits.
    let next = |skip: usize| text.chars().take(READ).skip(skip).map(u64::from);
    let packed = next(0).zip(next(1)).zip(next(2)).map(|((a, b), c)| a | b << 21 | c << 42);
    set(packed.map(|triple| (triple ^ scope).wrapping_mul(SPREAD) ^ scope.rotate_left(32)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Whether two sets share so much of the larger one, as one would say it.
    fn is_near(one: &[u64], other: &[u64], percent: usize) -> bool {
        let one: BTreeSet<_> = one.iter().collect();
        let other: BTreeSet<_> = other.iter().collect();
        one.intersection(&other).count() * 100 >= percent * one.len().max(other.len())
    }

    #[test]
    fn the_same_first_then_the_near_and_never_itself() {
        let sets = [vec![1, 2, 3, 4, 5], vec![9], vec![5, 4, 3, 2, 1, 1], vec![1, 2, 3, 4, 6], vec![], vec![]];
        let near = Near::of(&sets.map(set), 80);
        assert_eq!(near.like(0).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(near.like(3).collect::<Vec<_>>(), [0, 2]);
        assert!(near.like(1).next().is_none() && near.like(4).next().is_none());
    }

    #[test]
    fn of_very_many_that_are_the_same_those_beside_an_item_are_told() {
        let near = Near::of(&vec![set([1, 2, 3]); 50_000], 90);
        let like: Vec<usize> = near.like(30_000).collect();
        assert!(like.len() <= 2 * BESIDE + 1 && like.contains(&0) && like.contains(&29_999) && like.contains(&30_001));
    }

    #[test]
    fn very_many_that_are_nearly_the_same_are_each_known_to_be_near_another() {
        let sets: Vec<Set> = (0..20_000_u64).map(|own| set((1..20).chain([1_000 + own]))).collect();
        let near = Near::of(&sets, 90);
        assert!((0..20_000).all(|item| near.like(item).next().is_some()));
    }

    #[test]
    fn a_scope_keeps_its_texts_apart() {
        assert_eq!(triples("渠道维护", 1).len(), 2);
        let (own, other) = (triples("渠道维护", 1), triples("渠道维护", 2));
        assert!(own.iter().all(|triple| !other.contains(triple)));
    }

    proptest! {
        #[test]
        fn near_sets_are_those_that_a_comparison_of_all_with_all_finds(
            sets in prop::collection::vec(prop::collection::vec(0..14_u64, 0..9), 0..24),
            percent in prop::sample::select(vec![60_usize, 75, 80, 90, 100]),
        ) {
            let made: Vec<Set> = sets.iter().map(|members| set(members.iter().copied())).collect();
            let near = Near::of(&made, percent);
            for (item, set) in sets.iter().enumerate() {
                let like: BTreeSet<usize> = near.like(item).collect();
                let all: BTreeSet<usize> = (0..sets.len())
                    .filter(|other| *other != item && !set.is_empty() && is_near(set, &sets[*other], percent))
                    .collect();
                prop_assert!(like.is_subset(&all), "{item}: {like:?} of {all:?}");
                prop_assert_eq!(like.is_empty(), all.is_empty(), "{}: {:?} of {:?}", item, like, all);
            }
        }
    }
}
