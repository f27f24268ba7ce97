//! Many files at once: one task a file, the same round for any number of threads.

use std::any::Any;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use super::engine::unreadable;
use super::{Engine, Round, Submission};
use crate::error::{ErrorKind, Unreadable};
use crate::intake::Input;
use crate::workbook::Workbook;

/// Start of the names of worker threads, for a panic hook that stays silent there: a panic in a file is caught and
/// becomes the outcome of that file.
pub const WORKER: &str = "jixiao-worker-";

/// Judges the inputs, each read when its turn comes and dropped when it is done. `each` sees a file's place among the
/// inputs, its workbook and its submission while the workbook is at hand; `done` is called after every file.
pub fn run(
    inputs: &[Input],
    engine: &Engine,
    threads: Option<NonZeroUsize>,
    each: impl Fn(usize, &Workbook, &Submission) + Sync,
    done: impl Fn() + Sync,
) -> Round {
    let one = |(index, input): (usize, &Input)| {
        let submission = judge_one(index, input, engine, &each);
        done();
        submission
    };
    let threads = threads.map_or(0, NonZeroUsize::get);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .thread_name(|index| format!("{WORKER}{index}"))
        .build();
    let mut submissions: Vec<Submission> = match pool {
        Ok(pool) => pool.install(|| inputs.par_iter().enumerate().map(one).collect()),
        // A machine that gives no threads still has this one.
        Err(_) => inputs.iter().enumerate().map(one).collect(),
    };
    submissions.sort_by(|a, b| a.source.cmp(&b.source));
    Round { policy: engine.policy().id.clone(), submissions }
}

fn judge_one(
    index: usize,
    input: &Input,
    engine: &Engine,
    each: &(impl Fn(usize, &Workbook, &Submission) + Sync),
) -> Submission {
    let work = || {
        let bytes = match input.read(engine.limits()) {
            Ok(bytes) => bytes,
            Err(kind) => return unreadable(&input.source, kind),
        };
        let (submission, workbook) = engine.judge(&input.source, bytes);
        if let Some(workbook) = &workbook {
            each(index, workbook, &submission);
        }
        submission
    };
    // The closure leaves nothing half-changed behind: what it makes is dropped with the panic.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let kind = ErrorKind::NotReadable(Unreadable::Interrupted(said(&*panic)));
        unreadable(&input.source, kind)
    })
}

/// What a panic said.
fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("原因不明").to_owned()
}
