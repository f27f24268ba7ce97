//! Judgements kept from one run for the next: a file that is what it was, judged by what it was judged by, is not judged
//! again.
//!
//! What a judgement depends on stands in its key, whole, so that another one of them is another key:
//!
//! * the bytes of the file. Neither its name, extension nor folder: what a file is is told by its content, and no rule that
//!   looks at one form is told where it came from;
//! * the schemas, the policy and the limits as the engine holds them, in every field, and not the files they came from;
//! * the program. Its version would not do, for a rule may be mended under the same one; nor would a digest of its sources,
//!   for they do not tell which dependencies it was built with. So whoever starts the run gives the digest of the program
//!   itself.
//!
//! Day, books, earlier results and decisions come in when the round is settled, which is never kept. What could not be read
//! is tried again every time: the reason may be the machine's. An entry tells its key and the digest of the rest; one that
//! does not fit is as good as none, and is replaced.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Engine, Submission, entry};
use crate::digest::sha256;

/// Gives what was kept under a name (64 hexadecimal digits); `None` for nothing.
pub type Find = dyn Fn(&str) -> Option<Vec<u8>> + Send + Sync;

/// Keeps something under a name, in the place of what was there. May fail: then it is not found.
pub type Keep = dyn Fn(&str, &[u8]) + Send + Sync;

/// Where judgements are kept; the library knows no files.
pub struct Store {
    /// How they are found.
    pub find: Box<Find>,
    /// How they are kept.
    pub keep: Box<Keep>,
}

/// What came of a store in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recalled {
    /// Files whose judgement was found.
    pub unchanged: usize,
    /// Files that were judged.
    pub judged: usize,
    /// Those of them whose entry was damaged, or of something else.
    pub damaged: usize,
}

/// A store and what is kept in it: judgements by one engine of one program.
pub(super) struct Cache {
    store: Store,
    /// Digest of what judges.
    by: String,
    unchanged: AtomicUsize,
    judged: AtomicUsize,
    damaged: AtomicUsize,
}

/// What entries begin with; another number for another form of them.
const MARK: &str = "jixiao-judged 1";

impl Cache {
    /// For the judgements by what is told here, field by field.
    pub(super) fn new(store: Store, told: &[&str]) -> Self {
        let digests: Vec<String> = told.iter().map(|text| sha256(text.as_bytes())).collect();
        let (unchanged, judged, damaged) = Default::default();
        Self { store, by: sha256(digests.join("\n").as_bytes()), unchanged, judged, damaged }
    }

    /// How the file of this digest was judged; `None` where it must be now.
    pub(super) fn recall(&self, engine: &Engine, source: &str, sha256: &str) -> Option<Submission> {
        let key = self.key(sha256);
        let found = (self.store.find)(&key);
        let is_there = found.is_some();
        let recalled = found.and_then(|bytes| {
            let schema = |id: &str| engine.schema(id);
            entry::read(unsealed(&bytes, &key)?, source, sha256, schema, engine.policy())
        });
        let count = |counter: &AtomicUsize, more: bool| counter.fetch_add(usize::from(more), Ordering::Relaxed);
        count(&self.unchanged, recalled.is_some());
        count(&self.judged, recalled.is_none());
        count(&self.damaged, recalled.is_none() && is_there);
        recalled
    }

    /// Keeps how a file was judged by itself.
    pub(super) fn keep(&self, submission: &Submission) {
        let key = self.key(&submission.sha256);
        if let Some(body) = entry::write(submission) {
            (self.store.keep)(&key, &sealed(&body, &key));
        }
    }

    pub(super) fn recalled(&self) -> Recalled {
        let [unchanged, judged, damaged] =
            [&self.unchanged, &self.judged, &self.damaged].map(|counter| counter.load(Ordering::Relaxed));
        Recalled { unchanged, judged, damaged }
    }

    fn key(&self, file: &str) -> String {
        sha256(format!("{}\n{file}", self.by).as_bytes())
    }
}

/// An entry: a line that tells what it is, then the judgement.
fn sealed(body: &[u8], key: &str) -> Vec<u8> {
    let mut entry = format!("{MARK} {key} {}\n", sha256(body)).into_bytes();
    entry.extend_from_slice(body);
    entry
}

/// The judgement in an entry; `None` where it is not the one of this key, or not what it was.
fn unsealed<'a>(entry: &'a [u8], key: &str) -> Option<&'a [u8]> {
    let end = entry.iter().position(|byte| *byte == b'\n')?;
    let (line, body) = (entry.get(..end)?, entry.get(end + 1..)?);
    (line == format!("{MARK} {key} {}", sha256(body)).as_bytes()).then_some(body)
}
