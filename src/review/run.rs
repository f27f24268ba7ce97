//! Many files at once: one task a file, the same round for any number of threads.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::engine::unreadable;
use super::settle::{Settled, acquaint, settle};
use super::workers::{Pool, Workers};
use super::{Books, Engine, PartOf, Round, Submission};
use crate::digest::sha256;
use crate::error::{Error, ErrorKind, Unreadable};
use crate::intake::{Input, Intake};
use crate::policy::Policy;
use crate::workbook::Workbook;

/// What is done with a workbook while it is at hand, beside its submission.
pub type Each<'a> = &'a (dyn Fn(&Workbook, &Submission) + Sync);

/// Whether the work is to end early.
pub type Stop<'a> = &'a (dyn Fn() -> bool + Sync);

/// Judges what was taken in, each file read when its turn comes and dropped when it is done; then all of them together.
/// `each` sees every workbook that could be read, and sees it again where the round added findings to it. `done` is called
/// after every file.
pub fn run(
    intake: Intake,
    engine: &Engine,
    books: Books<'_>,
    workers: Workers,
    each: Option<Each<'_>>,
    done: impl Fn() + Sync,
) -> Round {
    run_until(&|| false, intake, engine, books, workers, each, done).expect("nothing stops it")
}

/// The same. Once `stop` says so no further file is begun, and there is no round: `None`.
pub fn run_until(
    stop: Stop<'_>,
    intake: Intake,
    engine: &Engine,
    books: Books<'_>,
    workers: Workers,
    each: Option<Each<'_>>,
    done: impl Fn() + Sync,
) -> Option<Round> {
    let Intake { inputs, failed, skipped } = intake;
    let pool = workers.pool(inputs.len());
    let mut submissions = judge_all(stop, &pool, &inputs, failed, engine, each, done)?;
    let policy = engine.policy();
    let Settled { changed, remarks } = settle(&mut submissions, policy, books, &pool);
    if stop() {
        return None;
    }
    if let Some(each) = each {
        let changed: Vec<&mut Submission> =
            (0..).zip(&mut submissions).filter(|(index, _)| changed.contains(index)).map(|(_, one)| one).collect();
        show_again(stop, &pool, changed, &inputs, engine, each)?;
    }
    let (id, title) = (policy.id.clone(), policy.title.clone());
    Some(Round { policy: id, policy_title: title, submissions, passed_over: skipped, remarks, part: None })
}

/// Judges what was taken in of a part of a round: each file by itself. What only the whole round shows is not looked at;
/// [`Round::of_parts`] does when all parts are together. `None` where `stop` ended it.
pub fn run_part(
    stop: Stop<'_>,
    intake: Intake,
    engine: &Engine,
    books: Books<'_>,
    workers: Workers,
    part: PartOf,
    done: impl Fn() + Sync,
) -> Option<Round> {
    let Intake { inputs, failed, skipped } = intake;
    let pool = workers.pool(inputs.len());
    let mut submissions = judge_all(stop, &pool, &inputs, failed, engine, None, done)?;
    acquaint(&mut submissions, books);
    let Policy { id, title, .. } = engine.policy();
    let (policy, policy_title) = (id.clone(), title.clone());
    Some(Round { policy, policy_title, submissions, passed_over: skipped, remarks: Vec::new(), part: Some(part) })
}

/// Every file by itself, by source.
fn judge_all(
    stop: Stop<'_>,
    pool: &Pool,
    inputs: &[Input],
    failed: Vec<Error>,
    engine: &Engine,
    each: Option<Each<'_>>,
    done: impl Fn() + Sync,
) -> Option<Vec<Submission>> {
    let one = |input: &Input| {
        let submission = judge_one(input, engine, each);
        done();
        submission
    };
    let mut submissions = pool.map_until(stop, inputs, one)?;
    submissions.extend(failed.into_iter().map(|error| unreadable(&error.path, error.kind)));
    submissions.sort_by(|a, b| a.source.cmp(&b.source));
    Some(submissions)
}

fn judge_one(input: &Input, engine: &Engine, each: Option<Each<'_>>) -> Submission {
    guarded(|| {
        let bytes = input.read().map_err(|error| error.kind)?;
        let (submission, workbook) = engine.judge_or_recall(&input.source, bytes, each.is_some())?;
        if let (Some(workbook), Some(each)) = (&workbook, each) {
            each(workbook, &submission);
        }
        Ok(submission)
    })
    .unwrap_or_else(|kind| unreadable(&input.source, kind))
}

/// Shows workbooks once more, with what the round found in them. Judging a form needs that form alone, so the files were
/// let go in the meantime.
fn show_again(
    stop: Stop<'_>,
    pool: &Pool,
    changed: Vec<&mut Submission>,
    inputs: &[Input],
    engine: &Engine,
    each: Each<'_>,
) -> Option<()> {
    let inputs: BTreeMap<&str, &Input> = inputs.iter().map(|input| (input.source.as_str(), input)).collect();
    pool.map_until(stop, changed, |submission: &mut Submission| {
        let Some(input) = inputs.get(submission.source.as_str()) else { return };
        let shown = guarded(|| {
            let bytes = input.read().map_err(|error| error.kind)?;
            // What was found in one version is no mark on another.
            if sha256(&bytes) != submission.sha256 {
                return Err(ErrorKind::NotReadable(Unreadable::Changed));
            }
            let workbook = engine.open(bytes)?;
            each(&workbook, submission);
            Ok(())
        });
        if let Err(kind) = shown {
            *submission = unreadable(&input.source, kind);
        }
    })
    .map(drop)
}

/// A panic in a file becomes the outcome of that file.
fn guarded<T>(work: impl FnOnce() -> Result<T, ErrorKind>) -> Result<T, ErrorKind> {
    // The closure leaves nothing half-changed behind: what it makes is dropped with the panic.
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|panic| Err(ErrorKind::NotReadable(Unreadable::Interrupted(said(&*panic)))))
}

/// What a panic said.
fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("原因不明").to_owned()
}
