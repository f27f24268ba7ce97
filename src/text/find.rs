//! Many names found in a text at once.

use std::collections::HashMap;
use std::ops::Range;

/// The fewest characters of a name that is looked for.
pub(crate) const SHORTEST: usize = 4;

/// The first characters of a name.
type Head = [char; SHORTEST];

/// The names that are looked for. Of names that begin at one place the longest is found; names found never overlap.
///
/// Own code: the automaton of a province's names (such as the crate aho-corasick builds) is larger than any cache and takes
/// a step with every byte of a text; here a look at a table of bits says of nearly every place that no name begins there.
#[derive(Debug, Clone, Default)]
pub(crate) struct Finder {
    /// Which heads there may be.
    may: Vec<u64>,
    /// The names by their heads, longest first, each with its number.
    names: HashMap<Head, Vec<(String, usize)>>,
}

impl Finder {
    /// So many bits of a head's hash say its place among the bits.
    const BITS: u32 = 20;

    /// Looks for these names, known by their place in the order; ones that are too short are never found.
    pub(crate) fn of<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let mut finder = Self { may: vec![0; 1 << (Self::BITS - 6)], names: HashMap::new() };
        for (number, name) in names.into_iter().enumerate() {
            let Some((_, head)) = heads(name).next() else { continue };
            let (word, bit) = Self::place(head);
            if let Some(word) = finder.may.get_mut(word) {
                *word |= bit;
            }
            finder.names.entry(head).or_default().push((name.to_owned(), number));
        }
        for names in finder.names.values_mut() {
            names.sort_by_key(|(name, number)| (std::cmp::Reverse(name.len()), *number));
        }
        finder
    }

    /// The names in a text, each with its number, in order.
    pub(crate) fn find(&self, text: &str) -> Vec<(usize, Range<usize>)> {
        let mut found: Vec<(usize, Range<usize>)> = Vec::new();
        let mut from = 0;
        for (at, head) in heads(text) {
            let (word, bit) = Self::place(head);
            if at < from || self.may.get(word).is_none_or(|word| word & bit == 0) {
                continue;
            }
            let names = self.names.get(&head).into_iter().flatten();
            let rest = text.get(at..).unwrap_or_default();
            if let Some((name, number)) = names.into_iter().find(|(name, _)| rest.starts_with(name.as_str())) {
                from = at + name.len();
                found.push((*number, at..from));
            }
        }
        found
    }

    /// Where among the bits a head stands.
    fn place(head: Head) -> (usize, u64) {
        let [a, b, c, d] = head.map(u64::from);
        let spread = ((a | b << 21 | c << 42) ^ d.rotate_left(32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let place = spread >> (64 - Self::BITS);
        (usize::try_from(place >> 6).unwrap_or_default(), 1 << (place & 63))
    }
}

/// Every place of a text at which so many characters begin as the shortest name has.
fn heads(text: &str) -> impl Iterator<Item = (usize, Head)> + '_ {
    let next = |skip: usize| text.chars().skip(skip);
    let rest = next(1).zip(next(2)).zip(next(3));
    text.char_indices().zip(rest).map(|((at, a), ((b, c), d))| (at, [a, b, c, d]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What is found, as one would say it.
    fn plainly(names: &[String], text: &str) -> Vec<(usize, Range<usize>)> {
        let (mut found, mut at) = (Vec::new(), 0);
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let begins = |name: &&String| name.chars().count() >= SHORTEST && rest.starts_with(name.as_str());
            match names.iter().filter(begins).max_by_key(|name| name.len()) {
                Some(name) => {
                    let number = names.iter().position(|other| other == name).expect("one of them");
                    found.push((number, at..at + name.len()));
                    at += name.len();
                }
                None => at += rest.chars().next().map_or(1, char::len_utf8),
            }
        }
        found
    }

    #[test]
    fn the_longest_name_is_found_where_it_begins() {
        let finder = Finder::of(["澄岚区水务局", "澄岚区水务局排水所", "水务局排水所", "水务局"]);
        assert_eq!(finder.find("拨给澄岚区水务局排水所和澄岚区水务局"), [(1, 6..33), (0, 36..54)]);
        assert!(finder.find("水务局").is_empty() && finder.find("").is_empty());
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_a_look_at_every_place_finds(
            names in prop::collection::vec("[甲乙a]{0,7}", 0..12),
            text in "[甲乙a丙]{0,40}",
        ) {
            let finder = Finder::of(names.iter().map(String::as_str));
            prop_assert_eq!(finder.find(&text), plainly(&names, &text));
        }
    }
}
