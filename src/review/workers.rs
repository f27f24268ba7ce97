//! The threads of a run: one task a file, results in the order of the files for any number of threads.

use std::num::NonZeroUsize;

use rayon::ThreadPool;
use rayon::prelude::*;

use super::Stop;

/// Start of the names of worker threads, for a panic hook that stays silent there: a panic in a file is caught and
/// becomes the outcome of that file.
pub const WORKER: &str = "jixiao-worker-";

/// How many results wait in memory for their turn, by thread.
const WAITING: usize = 64;

/// How many threads work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Workers {
    /// `None`: as many as the machine has cores.
    threads: Option<NonZeroUsize>,
}

impl Workers {
    /// So many threads; `None` for as many as the machine has cores.
    #[must_use]
    pub fn new(threads: Option<NonZeroUsize>) -> Self {
        Self { threads }
    }

    /// One thread.
    #[must_use]
    pub fn one() -> Self {
        Self { threads: Some(NonZeroUsize::MIN) }
    }

    /// The threads for so many tasks. A machine that gives none still has this one.
    pub(super) fn pool(self, tasks: usize) -> Pool {
        let pool = rayon::ThreadPoolBuilder::new()
            // More threads than tasks only take time to start.
            .num_threads(self.threads.map_or(0, |threads| threads.get().min(tasks.max(1))))
            .thread_name(|index| format!("{WORKER}{index}"))
            .build();
        Pool(pool.ok())
    }

    /// Makes something of each item on several threads, and takes it in the order of the items; only so many wait that
    /// their memory is small.
    ///
    /// # Errors
    /// What `take` reports; the rest is not made then.
    pub fn in_order<T: Sync, O: Send, E>(
        self,
        items: &[T],
        make: impl Fn(&T) -> O + Sync + Send,
        mut take: impl FnMut(O) -> Result<(), E>,
    ) -> Result<(), E> {
        let pool = self.pool(items.len());
        items
            .chunks(WAITING * pool.width())
            .try_for_each(|some| pool.map(some, &make).into_iter().try_for_each(&mut take))
    }
}

/// Threads that wait for tasks, or none but the own one.
pub(super) struct Pool(Option<ThreadPool>);

impl Pool {
    fn width(&self) -> usize {
        self.0.as_ref().map_or(1, ThreadPool::current_num_threads)
    }

    /// What comes of each item, in their order.
    pub(super) fn map<T: Send, O: Send>(
        &self,
        items: impl IntoParallelIterator<Item = T, Iter: IndexedParallelIterator> + IntoIterator<Item = T> + Send,
        one: impl Fn(T) -> O + Sync + Send,
    ) -> Vec<O> {
        match &self.0 {
            Some(pool) => pool.install(|| items.into_par_iter().map(one).collect()),
            None => items.into_iter().map(one).collect(),
        }
    }

    /// The same; `None` where it was stopped before all were begun.
    pub(super) fn map_until<T: Send, O: Send>(
        &self,
        stop: Stop<'_>,
        items: impl IntoParallelIterator<Item = T, Iter: IndexedParallelIterator> + IntoIterator<Item = T> + Send,
        one: impl Fn(T) -> O + Sync + Send,
    ) -> Option<Vec<O>> {
        let one = |item| if stop() { None } else { Some(one(item)) };
        match &self.0 {
            Some(pool) => pool.install(|| items.into_par_iter().map(one).collect()),
            None => items.into_iter().map(one).collect(),
        }
    }
}
