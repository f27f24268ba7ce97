//! `review`: judges, hands every workbook back marked, and writes statistics and results.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Mutex;

use jixiao::annotate::annotate;
use jixiao::coverage::{self, Coverage};
use jixiao::error::{Error, ErrorKind};
use jixiao::intake::Input;
use jixiao::ooxml::Limits;
use jixiao::report::{self, Format};
use jixiao::review::{Outcome, Round, Submission};
use jixiao::roster::Roster;
use jixiao::schema::Catalog;
use jixiao::workbook::Workbook;

use super::args::ReviewArgs;
use super::outputs::{Names, Outputs};
use super::{FAILED, gate, setup};

/// Judges the paths and writes `退回/`, `统计.xlsx` and `结果.json`.
pub(super) fn run(args: &ReviewArgs) -> anyhow::Result<u8> {
    let (engine, catalog) = setup::engine(&args.judge)?;
    let roster = args.roster.as_deref().map(|path| read_roster(path, &catalog, engine.limits())).transpose()?;
    let unwanted: Vec<&Path> = std::iter::once(args.out.as_path()).chain(args.roster.as_deref()).collect();
    let inputs = setup::inputs(&args.judge, engine.limits(), &unwanted)?;
    let outputs = Outputs::prepare(&args.out, args.force)?;
    let returns = Returns::new(&outputs);
    let round = setup::run(&args.judge, &engine, &inputs, |index, workbook, submission| {
        returns.stage(index, workbook, submission);
    });
    let (returned, mut failures) = returns.place(&round, &inputs);
    let coverage = coverage::measure(&round, roster.as_ref());
    let statistics = outputs.statistics(|out| report::write_statistics(&round, &coverage, &returned, out));
    let results = outputs.results(|out| report::write(&round, Format::Json, out));
    failures.extend([statistics, results].into_iter().filter_map(Result::err));
    outputs.finish()?;
    for failure in &failures {
        eprintln!("未能写出 {failure}");
    }
    summarise(&coverage, &round, returned.len(), &args.out);
    Ok(if failures.is_empty() { gate::code(&round, args.judge.fail_on) } else { FAILED })
}

fn read_roster(path: &Path, catalog: &Catalog, limits: &Limits) -> anyhow::Result<Roster> {
    let name = path.display().to_string();
    let failed = |kind| Error::new(&name, kind);
    let bytes = fs::read(path).map_err(|error| failed(ErrorKind::Io(error)))?;
    let workbook = Workbook::open(bytes.into(), limits).map_err(failed)?;
    Ok(Roster::read(&workbook.sheets, &name, catalog.schemas())?)
}

/// The marked workbooks on their way to the units.
struct Returns<'a> {
    outputs: &'a Outputs,
    /// By place among the inputs: the extension of the marked workbook, or why there is none.
    staged: Mutex<BTreeMap<usize, Result<&'static str, Error>>>,
}

impl<'a> Returns<'a> {
    fn new(outputs: &'a Outputs) -> Self {
        Self { outputs, staged: Mutex::default() }
    }

    /// Marks a judged workbook and keeps it until all names are known.
    fn stage(&self, index: usize, workbook: &Workbook, submission: &Submission) {
        if !matches!(submission.outcome, Outcome::Checked { .. }) {
            return;
        }
        let staged = annotate(workbook, submission.forms())
            .map_err(|kind| Error::new(&submission.source, kind))
            .and_then(|marked| {
                self.outputs.stage(index, &marked.bytes)?;
                Ok(if marked.transplanted { "xlsx" } else { workbook.container.name() })
            });
        // A worker that panicked while it held the lock left nothing half-written in the map.
        self.staged.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(index, staged);
    }

    /// Gives every marked workbook its place: source → path below the output folder, and what failed.
    fn place(self, round: &Round, inputs: &[Input]) -> (BTreeMap<String, String>, Vec<Error>) {
        let mut staged = self.staged.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        let index_of: BTreeMap<&str, usize> =
            inputs.iter().enumerate().map(|(index, input)| (input.source.as_str(), index)).collect();
        let mut names = Names::default();
        let mut returned = BTreeMap::new();
        let mut failures = Vec::new();
        for submission in &round.submissions {
            let Some(&index) = index_of.get(submission.source.as_str()) else { continue };
            let Some(outcome) = staged.remove(&index) else { continue };
            let unit = submission.forms().iter().find_map(|form| form.unit()).unwrap_or_else(|| "未填单位".to_owned());
            let placed = outcome.and_then(|extension| {
                let path = names.assign(&unit, &submission.source, extension);
                self.outputs.place(index, &path)?;
                Ok(path)
            });
            match placed {
                Ok(path) => drop(returned.insert(submission.source.clone(), path)),
                Err(error) => failures.push(error),
            }
        }
        (returned, failures)
    }
}

/// One paragraph for the clerk.
fn summarise(coverage: &Coverage<'_>, round: &Round, returned: usize, out: &Path) {
    let total = coverage.total();
    println!(
        "收到文件 {} 个，评审表单 {} 张，退回标注工作簿 {returned} 个。优良率 {}。",
        round.submissions.len(),
        total.received,
        coverage::Ratio::new(total.grades.good(), total.grades.total()),
    );
    if coverage.against_roster {
        println!(
            "应报 {} 张，未报 {} 张，多报 {} 张；名册外单位 {} 个。",
            total.expected,
            total.missing(),
            total.surplus,
            coverage.unknown.len()
        );
    }
    for submission in &round.submissions {
        match &submission.outcome {
            Outcome::Checked { .. } => {}
            Outcome::Unrecognised { reason, .. } => println!("未识别 {}：{reason}", submission.source),
            Outcome::Unreadable(error) => println!("无法读取 {error}"),
        }
    }
    println!("结果在 {}：退回/、统计.xlsx、结果.json", out.display());
}
