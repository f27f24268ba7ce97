//! `review`: judges, hands every workbook back marked, and writes statistics and results.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use anyhow::bail;
use jixiao::annotate::{Annotated, correct_under, into_template, is_broken};
use jixiao::coverage::{self, Statistics};
use jixiao::digest::sha256;
use jixiao::error::Error;
use jixiao::intake::Input;
use jixiao::report::{self, Format, Material, Views};
use jixiao::review::{Corrections, Engine, Outcome, Round, Submission};
use jixiao::roster::Roster;
use jixiao::workbook::Workbook;

use super::args::ReviewArgs;
use super::cache::{self, Cache};
use super::diff::Diff;
use super::handback::{Packer, Receiver, Selection, Sent};
use super::outputs::{MANIFEST, Names, Outputs, RESULTS};
use super::setup::Shelf;
use super::{FAILED, complain, files, gate, record, reports, say, settings, setup, stop};

/// Judges the paths and writes `退回/`, the reports and `结果.json`.
pub(super) fn run(args: &ReviewArgs) -> anyhow::Result<u8> {
    let settings = settings::find(&args.judge)?;
    let (engine, catalog) = setup::engine(&args.judge, &settings)?;
    let shelf = Shelf::read(&args.judge, &settings, &catalog, engine.limits())?;
    let (engine, cache) = cache::attach(engine, args.cache.dir(), &args.judge.paths)?;
    let Some(out) = args.out.as_deref().filter(|_| args.fix || !args.diff) else {
        return only_diff(args, &engine, &shelf, &cache);
    };
    refuse_own_results(out, &args.judge.paths)?;
    for place in Outputs::places(out) {
        files::refuse_over(&place, &shelf.files)?;
    }
    let unwanted: Vec<PathBuf> = Outputs::places(out).into_iter().chain(shelf.files.clone()).collect();
    let intake = setup::intake(&args.judge, engine.limits(), &unwanted)?;
    let inputs = intake.inputs.clone();
    let outputs = Outputs::prepare(out, args.force)?;
    let books = record::books(out, &shelf)?;
    let returns = Returns::new(&outputs, &engine);
    let diff = Diff::default();
    let stage = |workbook: &Workbook, submission: &Submission| {
        let corrections = if args.fix { engine.mend(workbook, submission.forms()) } else { Corrections::default() };
        diff.note(submission, &corrections);
        returns.stage(workbook, submission, &corrections);
    };
    let is_full = || outputs.full().is_some();
    let round = setup::run_until(&is_full, &args.judge, &engine, intake, shelf.books(), Some(&stage));
    let round = round.map_err(|error| because_full(&outputs, error))?;
    cache.tell(&engine);
    outputs.begin()?;
    let roster = shelf.roster.as_ref();
    let grades = args.only.iter().flat_map(|bands| bands.0.clone()).collect();
    let selection = Selection { grades, units: args.unit.clone() };
    let Placed { sent, left_out, warnings, mut failures } = returns.place(&round, roster, &selection);
    let paths: BTreeMap<String, String> =
        sent.iter().filter_map(|one| Some((one.submission.source.clone(), one.path.clone()?))).collect();
    let ended = |written: usize| ended_early(&outputs, out, &round, written);
    ended(paths.len())?;
    let packer = Packer {
        outputs: &outputs,
        engine: &engine,
        catalog: &catalog,
        roster,
        letterhead: &settings.letterhead,
        day: args.judge.date,
        zip: args.zip,
    };
    let packed = packer.pack(&sent)?;
    failures.extend(packed.failures);
    let returned = paths.len() + packed.paths.len();
    ended(returned)?;
    let facts = setup::facts(&round, &args.judge, &settings, &shelf);
    let statistics = Statistics::of(&facts);
    let assessed = coverage::assess(&statistics, &settings.policy.assessment);
    let material = Material {
        statistics: &statistics,
        assessed: &assessed,
        policy: &settings.policy,
        returned: &paths,
        letterhead: &settings.letterhead,
        round: Some(&round),
    };
    let day = args.judge.date;
    let views = || Views::of(&round, |submission| open_again(submission, &inputs, &engine));
    let (reported, unwritten) =
        reports::write(&material, day, &args.reports.format, views, Some((&round, &facts)), |name, fill| {
            outputs.report(name, fill)
        });
    failures.extend(unwritten);
    ended(returned + reported.len())?;
    let workers = args.judge.engine.workers();
    failures.extend(outputs.results(|out| report::write(&round, Format::Json(&facts, workers), out)).err());
    ended(returned + reported.len())?;
    let mut written: Vec<String> = paths.values().chain(&packed.paths).cloned().collect();
    written.extend(reported.iter().chain(&[RESULTS]).map(|name| (*name).to_owned()));
    if failures.is_empty() {
        let command = record::command(out, &args.judge, &settings, &shelf, args.fix);
        let manifest = record::manifest(&round, &engine, &catalog, command, books);
        failures.extend(record::write(&outputs, manifest, &written).err());
    }
    outputs.finish()?;
    let stale = outputs.stale(paths.values().chain(&packed.paths));
    for failure in &failures {
        complain(&format!("未能写出结果 {failure}"));
    }
    shelf.tell_hints();
    for remark in &round.remarks {
        complain(&format!("提醒 出错说明登记表 {remark}"));
    }
    for warning in &warnings {
        complain(&format!("提醒 {warning}"));
    }
    let receivers = sent.iter().map(|one| &one.receiver).chain(&left_out).collect();
    for stranger in selection.strangers(&receivers, roster) {
        complain(&format!("提醒 --unit 写的“{stranger}”在这批文件里没有"));
    }
    if !left_out.is_empty() {
        let kept = left_out.len();
        complain(&format!("提醒 按 --only、--unit 的选择，有 {kept} 个文件没有退回；统计和 {RESULTS} 仍包括它们"));
    }
    if !stale.is_empty() {
        let some = stale.get(..5).map_or_else(|| stale.join("、"), |first| format!("{} 等", first.join("、")));
        complain(&format!("提醒 退回 里有 {} 个以前留下的文件，不是这次写的，请勿误发：{some}", stale.len()));
    }
    reports::tell_stale(out, &reported);
    let said = say(|print| {
        if args.fix && args.diff {
            diff.print(print)?;
        }
        summarise(&statistics, &round, paths.len(), print)?;
        where_results_are(out, &reported, failures.len(), print)
    });
    stop::or(said, || format!("结果已经写完，在 {}", out.display()))?;
    Ok(if failures.is_empty() { gate::code(&round, args.judge.fail_on) } else { FAILED })
}

/// Ends the work where nothing more is to be written, and says what was.
fn ended_early(outputs: &Outputs, out: &Path, round: &Round, written: usize) -> anyhow::Result<()> {
    if !outputs.is_over() {
        return Ok(());
    }
    let (files, dir) = (round.submissions.len(), out.display());
    let done = format!(
        "{files} 个文件都审完了，写出 {written} 个文件，个个完整；输出目录 {dir} 没有写全，没有 {MANIFEST}，不要用。要做完，请重新运行同一条命令，并加 --force"
    );
    Err(because_full(outputs, anyhow::Error::msg(done)))
}

/// A failure with the reason that the disk takes nothing more, where that is one.
fn because_full(outputs: &Outputs, error: anyhow::Error) -> anyhow::Error {
    match outputs.full() {
        Some(full) if !stop::is_called() => error.context(full.to_string()),
        _ => error,
    }
}

/// The workbook of a submission once more, as it was judged; `None` where its file is not what it was any more.
fn open_again(submission: &Submission, inputs: &[Input], engine: &Engine) -> Option<Workbook> {
    let at = inputs.binary_search_by(|input| input.source.cmp(&submission.source)).ok()?;
    let bytes = inputs.get(at)?.read().ok()?;
    (sha256(&bytes) == submission.sha256).then(|| Workbook::open(bytes, engine.limits()).ok()).flatten()
}

/// Prints what `--fix` would change, and writes nothing.
fn only_diff(args: &ReviewArgs, engine: &Engine, shelf: &Shelf, cache: &Cache) -> anyhow::Result<u8> {
    let intake = setup::intake(&args.judge, engine.limits(), &shelf.files)?;
    let diff = Diff::default();
    let note = |workbook: &Workbook, submission: &Submission| {
        diff.note(submission, &engine.mend(workbook, submission.forms()));
    };
    let round = setup::run(&args.judge, engine, intake, shelf.books(), Some(&note))?;
    cache.tell(engine);
    if args.out.is_some() {
        complain("提醒 只列出会改什么，没有写文件。要写出，加 --fix");
    }
    say(|out| diff.print(out))?;
    Ok(gate::code(&round, args.judge.fail_on))
}

/// Refuses to judge the output folder itself or its results: what goes in and what comes out stay apart.
fn refuse_own_results(out: &Path, paths: &[PathBuf]) -> anyhow::Result<()> {
    let own: Vec<PathBuf> = Outputs::places(out).iter().filter_map(|place| place.canonicalize().ok()).collect();
    let folder = out.canonicalize().ok();
    let is_own = |path: &PathBuf| folder.as_ref() == Some(path) || own.iter().any(|place| path.starts_with(place));
    match paths.iter().find(|path| path.canonicalize().is_ok_and(|path| is_own(&path))) {
        Some(path) => bail!("{} 是输出目录或其中的结果，不能同时作为要审核的内容。请换一个输出目录", path.display()),
        None => Ok(()),
    }
}

/// What the name of a workbook ends with that stands beside the unit's own, with its values in the blank forms.
const IN_TEMPLATE: &str = "（转入模板）";

/// The marked workbooks on their way to the units.
struct Returns<'a> {
    outputs: &'a Outputs,
    engine: &'a Engine,
    count: AtomicUsize,
    /// By source: the staged workbook, or why there is none.
    staged: Mutex<BTreeMap<String, Result<Staged, Error>>>,
}

/// A marked workbook that waits for its name.
struct Staged {
    /// Which staged file it is.
    index: usize,
    /// Of its format.
    extension: &'static str,
    /// The staged file with its values in the blank forms, where its own print is broken.
    in_template: Option<usize>,
    /// Whether it is the unit's own file.
    in_place: bool,
    /// What a person should know about it.
    warnings: Vec<String>,
}

/// The marked workbooks in their places.
#[derive(Default)]
struct Placed<'a> {
    /// What is handed back, in the order of the round; files that could not be judged have no path.
    sent: Vec<Sent<'a>>,
    /// To whom what was not chosen would have gone.
    left_out: Vec<Receiver>,
    /// What a person should know, with the source.
    warnings: Vec<String>,
    /// What could not be written.
    failures: Vec<Error>,
}

impl<'a> Returns<'a> {
    fn new(outputs: &'a Outputs, engine: &'a Engine) -> Self {
        Self { outputs, engine, count: AtomicUsize::new(0), staged: Mutex::default() }
    }

    /// Marks a judged workbook and keeps it until all names are known.
    fn stage(&self, workbook: &Workbook, submission: &Submission, corrections: &Corrections) {
        if submission.forms().is_empty() {
            return;
        }
        // Shown again with what the round found, a workbook takes the place of itself.
        let staged = self.marked(workbook, submission, corrections).and_then(|(marked, in_template)| {
            let (index, beside) = self.indices(&submission.source, in_template.is_some());
            // The staged name says nothing to a clerk: the failure is that of the workbook handed in.
            let keep = |index, bytes: &[u8]| {
                self.outputs.stage(index, bytes).map_err(|error| Error::new(&submission.source, error.kind))
            };
            keep(index, &marked.bytes)?;
            if let (Some(index), Some(beside)) = (beside, &in_template) {
                keep(index, &beside.bytes)?;
            }
            let extension = if marked.transplanted { "xlsx" } else { workbook.container.name() };
            let in_place = !marked.transplanted;
            Ok(Staged { index, extension, in_template: beside, in_place, warnings: marked.warnings })
        });
        // A worker that panicked while it held the lock left nothing half-written in the map.
        let mut all = self.staged.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(submission.source.clone(), staged);
    }

    /// The marked workbook, and where its print is broken beside it one with its values in the blank forms.
    fn marked(
        &self,
        workbook: &Workbook,
        submission: &Submission,
        corrections: &Corrections,
    ) -> Result<(Annotated, Option<Annotated>), Error> {
        let (forms, policy) = (submission.forms(), self.engine.policy());
        let fail = |kind| Error::new(&submission.source, kind);
        let marked = correct_under(workbook, forms, corrections, policy).map_err(fail)?;
        let broken = !marked.transplanted && forms.iter().any(|checked| is_broken(&checked.form));
        let beside = if broken { into_template(workbook, forms, corrections, policy).map_err(fail)? } else { None };
        Ok((marked, beside))
    }

    /// The numbers of the staged files of a source: its own, and that beside it.
    fn indices(&self, source: &str, beside: bool) -> (usize, Option<usize>) {
        let staged = self.staged.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || self.count.fetch_add(1, Ordering::Relaxed);
        let before = staged.get(source).and_then(|staged| staged.as_ref().ok());
        let index = before.map_or_else(new, |before| before.index);
        (index, beside.then(|| before.and_then(|before| before.in_template).unwrap_or_else(new)))
    }

    /// Gives every marked workbook that is chosen its place, in the order of the round.
    fn place<'r>(self, round: &'r Round, roster: Option<&Roster>, selection: &Selection) -> Placed<'r> {
        let mut staged = self.staged.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut names = Names::default();
        let mut placed = Placed::default();
        let receivers = Receiver::all(round, roster, &mut names);
        for (submission, receiver) in round.submissions.iter().zip(receivers) {
            if self.outputs.is_over() {
                break;
            }
            let Some(receiver) = receiver else { continue };
            // A file that could be judged and not be read again is one that was not judged.
            let marked = staged.remove(&submission.source).filter(|_| !submission.forms().is_empty());
            if !selection.takes(submission, &receiver, roster) {
                placed.left_out.push(receiver);
                continue;
            }
            let Some(outcome) = marked else {
                placed.sent.push(Sent { receiver, submission, path: None, beside: None, in_place: true });
                continue;
            };
            let outcome = outcome.and_then(|Staged { index, extension, in_template, in_place, warnings }| {
                let path = names.assign(&receiver.folder, &submission.source, extension);
                self.outputs.place(index, &path)?;
                let mut beside = None;
                if let Some(index) = in_template {
                    let stem = path.rsplit_once('.').map_or(path.as_str(), |(stem, _)| stem);
                    let path = names.free(&format!("{stem}{IN_TEMPLATE}"), "xlsx");
                    self.outputs.place(index, &path)?;
                    placed.warnings.push(format!(
                        "{}：表上的栏目缺得多，另附一份已把填的内容放进空白模板的 {path}",
                        submission.source
                    ));
                    beside = Some(path);
                }
                placed.warnings.extend(warnings.iter().map(|warning| format!("{}：{warning}", submission.source)));
                Ok((path, beside, in_place))
            });
            match outcome {
                Ok((path, beside, in_place)) => {
                    placed.sent.push(Sent { receiver, submission, path: Some(path), beside, in_place });
                }
                Err(error) => placed.failures.push(error),
            }
        }
        placed
    }
}

/// What the clerk should know at the end: what needs a hand first, the counts last, where the eye is.
fn summarise(statistics: &Statistics<'_>, round: &Round, returned: usize, out: &mut dyn Write) -> io::Result<()> {
    for submission in &round.submissions {
        match &submission.outcome {
            Outcome::Checked { .. } => {}
            Outcome::Unrecognised { reason, .. } => writeln!(out, "未识别 {}：{reason}", submission.source)?,
            Outcome::Unreadable(error) => writeln!(out, "无法读取 {error}")?,
        }
    }
    let total = &statistics.total;
    let files = round.submissions.len();
    let good = coverage::Ratio::new(total.grades.good(), total.grades.total());
    let forms = total.forms.received;
    writeln!(out, "收到文件 {files} 个，评审表单 {forms} 张，退回标注工作簿 {returned} 个。优良率 {good}。")?;
    if statistics.against_roster {
        writeln!(
            out,
            "应报 {} 张，未报 {} 张，多报 {} 张；名册外单位 {} 个。",
            total.forms.due,
            total.forms.missing(),
            total.forms.surplus,
            statistics.unknown_units.len()
        )?;
    }
    if let Some(mended) = statistics.mended() {
        writeln!(out, "对照以前的结果：{mended}。整改率 {}。", coverage::mended(mended))?;
    }
    if !statistics.unknown_projects.is_empty() {
        let count = statistics.unknown_projects.len();
        writeln!(out, "台账外项目 {count} 个，逐个列在 统计.xlsx“未识别与名册外”。")?;
    }
    if !round.passed_over.is_empty() {
        let passed_over = round.passed_over.len();
        writeln!(out, "另有 {passed_over} 个文件没有审（锁定文件、文档等），逐个列在 统计.xlsx“未识别与名册外”。")?;
    }
    Ok(())
}

/// The last line: what stands in the output folder, or that it is not complete.
fn where_results_are(dir: &Path, reported: &[&str], failures: usize, out: &mut dyn Write) -> io::Result<()> {
    let dir = dir.display();
    match failures {
        0 => writeln!(out, "结果在 {dir}：退回/、{}、{RESULTS}、{MANIFEST}", reported.join("、")),
        _ => writeln!(
            out,
            "结果没有写全：有 {failures} 项未能写出（逐项列出）。处理后请重新运行，并加 --force。写出的部分在 {dir}"
        ),
    }
}
