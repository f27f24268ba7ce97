//! Chance that is the same on every machine, and blows dealt by it.

/// What becomes of an input.
#[derive(Clone, Copy)]
enum Blow {
    Bit,
    Lose,
    Double,
    Cut,
    /// A figure becomes another.
    Figure,
    Letter,
    Word,
}

const HARD: &[Blow] =
    &[Blow::Bit, Blow::Bit, Blow::Lose, Blow::Double, Blow::Cut, Blow::Figure, Blow::Word, Blow::Word];
const SOFT: &[Blow] = &[Blow::Figure, Blow::Figure, Blow::Letter];

/// A sequence of SplitMix64.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// A number below `sides`.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % sides as u64).expect("below `sides`")
    }

    /// The same for rows and columns.
    pub(crate) fn index(&mut self, sides: u32) -> u32 {
        u32::try_from(self.roll(sides as usize)).expect("below `sides`")
    }

    /// One of these.
    pub(crate) fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.roll(words.len())]
    }

    /// A range of at most `longest` bytes of so many.
    fn range(&mut self, bytes: usize, longest: usize) -> std::ops::Range<usize> {
        let start = self.roll(bytes + 1);
        start..(start + self.roll(longest) + 1).min(bytes)
    }

    /// The input with some of its bytes struck, moved, doubled, left out, cut off, or one of the words put among them.
    pub(crate) fn blow(&mut self, input: &[u8], words: &[&str]) -> Vec<u8> {
        let mut input = input.to_vec();
        // Most blows break what holds a file together and are refused for it; half of them leave that as it is.
        let (blows, kinds) = if self.roll(2) == 0 { (2, SOFT) } else { (6, HARD) };
        for _ in 0..=self.roll(blows) {
            let at = self.range(input.len(), 48);
            match kinds[self.roll(kinds.len())] {
                Blow::Bit if !input.is_empty() => {
                    let place = self.roll(input.len());
                    input[place] ^= 1 << self.roll(8);
                }
                Blow::Lose => drop(input.drain(at)),
                Blow::Double => {
                    let again = input[at.clone()].to_vec();
                    let place = self.roll(input.len() + 1);
                    input.splice(place..place, again);
                }
                Blow::Cut if self.roll(6) == 0 => input.truncate(at.start),
                Blow::Figure => {
                    let digits = |byte: &u8| byte.is_ascii_digit();
                    if let Some(first) = input[at.start..].iter().position(digits) {
                        let first = at.start + first;
                        let length = input[first..].iter().take_while(|byte| digits(byte)).count();
                        input.splice(first..first + length, self.pick(FIGURES).bytes());
                    }
                }
                Blow::Letter => {
                    // A letter or digit becomes another.
                    let is_word = |byte: &u8| byte.is_ascii_alphanumeric();
                    if let Some(first) = input[at.start..].iter().position(is_word) {
                        input[at.start + first] = self.pick(&["A", "9", "x", "0"]).as_bytes()[0];
                    }
                }
                Blow::Bit | Blow::Cut | Blow::Word => drop(input.splice(at.start..at.start, self.pick(words).bytes())),
            }
        }
        input
    }
}

/// Figures at the edges of what counts as a number, and what only looks like one.
pub(crate) const FIGURES: &[&str] = &[
    "0",
    "-1",
    "100",
    "120%",
    "99999999999999",
    "100000000000000",
    "-100000000000000",
    "1e30",
    "0.0000000000000000000000000001",
    "0.00000000000001",
    "1,234.5",
    "≥95%",
    "≤0",
    "12个",
    "100000000000000%",
    "1-12月",
    "20/20",
    "2026",
    "#DIV/0!",
    "—",
    "万元",
    "10个/年",
    "0分",
    "99999999999999999999999999999999",
    "79228162514264337593543950335",
    "1048577",
    "65536",
    "4294967296",
    "18446744073709551615",
];
