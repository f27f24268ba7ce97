//! A part of what was handed in, for a machine of many: which files are its own.

use std::fmt;
use std::str::FromStr;

use super::Intake;
use crate::digest::sha256;

/// Part `index` of `of`, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shard {
    index: u32,
    of: u32,
}

/// Everything that was found, by which parts know that they are parts of the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Files that were found, those included that were passed over or could not be opened.
    pub files: usize,
    /// Of their sources.
    pub sha256: String,
}

/// The most parts; a province has fewer processors.
const MOST: u32 = 100_000;

impl Shard {
    /// Which part, from 1.
    #[must_use]
    pub fn index(self) -> u32 {
        self.index
    }

    /// Of how many.
    #[must_use]
    pub fn of(self) -> u32 {
        self.of
    }

    /// Whether the file of this source falls into the part: by its source alone, so that a file more moves no other.
    #[must_use]
    pub fn takes(self, source: &str) -> bool {
        let digest = sha256(source.as_bytes());
        let number = digest.get(..16).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or_default();
        number % u64::from(self.of) == u64::from(self.index - 1)
    }
}

impl FromStr for Shard {
    type Err = String;

    /// Reads `2/7`.
    fn from_str(text: &str) -> Result<Self, String> {
        let parts =
            text.split_once('/').and_then(|(index, of)| Some((index.trim().parse().ok()?, of.trim().parse().ok()?)));
        match parts {
            Some((index, of)) if index >= 1 && index <= of && of <= MOST => Ok(Self { index, of }),
            _ => Err(format!("应写成“第几份/共几份”，如 2/7，从 1 起，最多 {MOST} 份")),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

impl Intake {
    /// Everything that was found.
    #[must_use]
    pub fn listing(&self) -> Listing {
        let inputs = self.inputs.iter().map(|input| ("读", input.source.as_str()));
        let failed = self.failed.iter().map(|error| ("不能读", error.path.as_str()));
        let skipped = self.skipped.iter().map(|(source, _)| ("不读", source.as_str()));
        let lines: Vec<String> =
            inputs.chain(failed).chain(skipped).map(|(what, source)| format!("{what}\0{source}\n")).collect();
        Listing { files: lines.len(), sha256: sha256(lines.concat().as_bytes()) }
    }

    /// Keeps what falls into a part.
    pub fn keep(&mut self, shard: Shard) {
        self.inputs.retain(|input| shard.takes(&input.source));
        self.failed.retain(|error| shard.takes(&error.path));
        self.skipped.retain(|(source, _)| shard.takes(source));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_falls_into_one_part_and_the_parts_are_of_like_size() {
        for of in [1, 2, 3, 7, 64] {
            let shards: Vec<Shard> = (1..=of).map(|index| Shard { index, of }).collect();
            let mut sizes = vec![0_usize; shards.len()];
            for number in 0..6_400 {
                let source = format!("收件/单位{}/表{number}.xlsx", number % 90);
                let mine: Vec<usize> =
                    (0..).zip(&shards).filter(|(_, one)| one.takes(&source)).map(|(at, _)| at).collect();
                assert_eq!(mine.len(), 1, "{source}");
                sizes[mine[0]] += 1;
            }
            let (fewest, most) = (sizes.iter().min(), sizes.iter().max());
            assert!(most <= fewest.map(|fewest| fewest * 2).as_ref(), "{sizes:?}");
        }
    }

    #[test]
    fn a_part_is_written_as_two_numbers() {
        assert_eq!("2/7".parse::<Shard>().map(|shard| shard.to_string()), Ok("2/7".to_owned()));
        for text in ["", "2", "0/7", "8/7", "2/", "/7", "-1/7", "1/0", "1/100001", "一/七"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
