//! Archives that were handed in: zip with names in any encoding, archives inside, workbooks at any depth.

use std::path::{Path, PathBuf};
use std::{fs, process};

use jixiao::intake::{self, Intake};
use jixiao::ooxml::Limits;

use super::pack::{split, zip};
use super::workbooks::ENGINE;

/// What an entry of an archive may cost here.
const SMALL: u64 = 4 << 20;

/// An archive of these parts: whatever its entries are called, sources lead nowhere and hold nothing that steers a
/// terminal, each is one of a kind, and each can be read, or it is said why not.
pub(crate) fn archives(input: &[u8]) -> bool {
    // A first part of this name is the file itself.
    let parts = split(input);
    let file = match parts.as_slice() {
        [(b"raw.zip", file)] => file.to_vec(),
        parts => zip(parts),
    };
    let place = Place::new(&file);
    let limits = Limits { file_bytes: SMALL, ..Limits::default() };
    let Intake { inputs, skipped, failed } = intake::collect(std::slice::from_ref(&place.0), &limits);
    let named = inputs.iter().map(|input| input.source.as_str());
    let told = skipped.iter().map(|(source, reason)| {
        assert!(!reason.is_empty(), "{source} is passed over without a reason");
        source.as_str()
    });
    let mut sources: Vec<&str> = named.chain(told).collect();
    sources.extend(failed.iter().map(|error| error.path.as_str()));
    for source in sources {
        is_harmless(source);
    }
    assert!(inputs.windows(2).all(|pair| pair[0].source < pair[1].source), "out of order, or one source twice");
    let mut any = false;
    for input in inputs.iter().take(16) {
        if let Ok(bytes) = input.read() {
            assert!(bytes.len() as u64 <= SMALL, "{} has {} bytes", input.source, bytes.len());
            any |= ENGINE.judge(&input.source, bytes).1.is_some();
        }
    }
    any
}

fn is_harmless(source: &str) {
    let steers = |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    assert!(!source.contains(steers), "{source:?} steers a terminal");
    assert!(!source.starts_with('/') && !source.contains('\\'), "{source:?} is no relative path");
    assert!(
        source.split('/').all(|piece| !matches!(piece, "." | "..") && !piece.ends_with(':')),
        "{source:?} leads away"
    );
    assert!(Path::new(source).is_relative(), "{source:?} is absolute");
}

/// A file that is gone with this.
struct Place(PathBuf);

impl Place {
    fn new(bytes: &[u8]) -> Self {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let path = folder.join(format!("jixiao-archives-{}.zip", process::id()));
        fs::write(&path, bytes).expect("a file can be written");
        Self(path)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
