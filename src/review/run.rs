//! Many files at once: one task a file, the same round for any number of threads.

use std::any::Any;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use super::engine::unreadable;
use super::{Engine, Round, Submission};
use crate::error::{ErrorKind, Unreadable};
use crate::intake::{Input, Intake};
use crate::workbook::Workbook;

/// Start of the names of worker threads, for a panic hook that stays silent there: a panic in a file is caught and
/// becomes the outcome of that file.
pub const WORKER: &str = "jixiao-worker-";

/// Judges what was taken in, each file read when its turn comes and dropped when it is done. `each` sees a workbook
/// with its submission while it is at hand; `done` is called after every file.
pub fn run(
    intake: Intake,
    engine: &Engine,
    threads: Option<NonZeroUsize>,
    each: impl Fn(&Workbook, &Submission) + Sync,
    done: impl Fn() + Sync,
) -> Round {
    let one = |input: &Input| {
        let submission = judge_one(input, engine, &each);
        done();
        submission
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads.map_or(0, NonZeroUsize::get))
        .thread_name(|index| format!("{WORKER}{index}"))
        .build();
    let mut submissions: Vec<Submission> = match pool {
        Ok(pool) => pool.install(|| intake.inputs.par_iter().map(one).collect()),
        // A machine that gives no threads still has this one.
        Err(_) => intake.inputs.iter().map(one).collect(),
    };
    submissions.extend(intake.failed.into_iter().map(|error| unreadable(&error.path, error.kind)));
    submissions.sort_by(|a, b| a.source.cmp(&b.source));
    let policy = engine.policy();
    Round { policy: policy.id.clone(), policy_title: policy.title.clone(), submissions, passed_over: intake.skipped }
}

fn judge_one(input: &Input, engine: &Engine, each: &(impl Fn(&Workbook, &Submission) + Sync)) -> Submission {
    let work = || {
        let bytes = match input.read() {
            Ok(bytes) => bytes,
            Err(error) => return unreadable(&input.source, error.kind),
        };
        let (submission, workbook) = engine.judge(&input.source, bytes);
        if let Some(workbook) = &workbook {
            each(workbook, &submission);
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
