//! `apply`: workbooks that came back, with what their units adopted written in.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::bail;
use jixiao::annotate::correct_under;
use jixiao::error::{Error, ErrorKind};
use jixiao::intake::Input;
use jixiao::review::{Adoption, Engine, Told, is_damaged};

use super::args::ApplyArgs;
use super::claim::Claim;
use super::outputs::{Names, safe};
use super::{CLEAN, FAILED, FOUND, complain, files, say, settings, setup, stop};

/// What was done with one file.
enum Done {
    /// The workbook, the path it goes to without extension, and what became of each line of its list.
    Written { bytes: Vec<u8>, place: String, extension: &'static str, told: Vec<Told>, warnings: Vec<String> },
    /// Nothing was ticked 是 that could be written.
    Nothing(Vec<Told>),
    /// The file is no judged form, or could not be written; in plain Chinese why.
    Unjudged(String),
}

/// Writes what is ticked 是 into copies below the output folder.
pub(super) fn run(args: &ApplyArgs) -> anyhow::Result<u8> {
    let settings = settings::at(&args.switches, args.paths.first().map_or(Path::new(""), PathBuf::as_path))?;
    let (engine, _) = setup::engine_of(args.schemas.as_deref(), &settings)?;
    files::refuse_over(&args.out, &args.paths)?;
    refuse_inside(&args.out, &args.paths)?;
    let intake = setup::intake_of(&args.paths, engine.limits(), &[])?;
    let _claim = Claim::of(&args.out)?;
    stop::watch();
    let files = intake.inputs.len();
    let mut results: Vec<(&Input, Done)> = Vec::with_capacity(files);
    for input in &intake.inputs {
        let looked_at = results.len();
        stop::here(|| format!("共 {files} 个文件，看完 {looked_at} 个，没有写出文件。要做完，请重新运行同一条命令"))?;
        results.push((input, one(&engine, input)));
    }
    let places = placed(&args.out, &results);
    refuse_taken(args, &intake.inputs, &places)?;
    let (mut left, mut failures) = (!intake.failed.is_empty(), Vec::new());
    let mut written = 0_usize;
    let said = say(|out| {
        for ((input, done), place) in results.iter().zip(&places) {
            if stop::is_called() {
                break;
            }
            left |= matches!(done, Done::Unjudged(_)) || told(done).iter().any(|one| one.adoption.is_left());
            let mut path = None;
            if let (Done::Written { bytes, .. }, Some(place)) = (done, place) {
                match files::write(place, |file| file.write_all(bytes)) {
                    Ok(()) => path = Some(place.as_path()),
                    Err(error) => failures.push(error),
                }
            }
            written += usize::from(path.is_some());
            report(input, done, path, out)?;
        }
        for error in &intake.failed {
            writeln!(out, "{error}")?;
        }
        match written {
            0 => writeln!(out, "没有写出文件"),
            _ => writeln!(out, "写出 {written} 个文件，在 {}", args.out.display()),
        }
    });
    let due = places.iter().flatten().count();
    if written < due {
        stop::here(|| files::stopped(written, due, &args.out))?;
    }
    said?;
    for failure in &failures {
        complain(&format!("未能写出结果 {failure}"));
    }
    Ok(match (failures.is_empty(), left) {
        (false, _) => FAILED,
        (true, true) => FOUND,
        (true, false) => CLEAN,
    })
}

/// Refuses an output folder, be it there or not, below a folder of inputs: what comes out must not be taken in the next
/// time.
fn refuse_inside(out: &Path, paths: &[PathBuf]) -> anyhow::Result<()> {
    let here = Path::new(".");
    let above = out.ancestors().map(|path| if path.as_os_str().is_empty() { here } else { path });
    let Some(there) = above.filter_map(|path| path.canonicalize().ok()).next() else { return Ok(()) };
    match paths.iter().find(|path| path.is_dir() && path.canonicalize().is_ok_and(|path| there.starts_with(path))) {
        Some(path) => bail!(
            "输出目录 {} 在要处理的文件夹 {} 里，下一次会被当成报来的表。请换一个位置",
            out.display(),
            path.display()
        ),
        None => Ok(()),
    }
}

fn one(engine: &Engine, input: &Input) -> Done {
    adopt(engine, input).unwrap_or_else(|error| Done::Unjudged(format!("无法读取：{}", error.kind)))
}

fn adopt(engine: &Engine, input: &Input) -> Result<Done, Error> {
    let fail = |kind: ErrorKind| Error::new(&input.source, kind);
    let (submission, workbook) = engine.judge(&input.source, input.read()?);
    let Some(workbook) = workbook.filter(|_| !submission.forms().is_empty()) else {
        let why = submission.unjudged().map_or_else(String::new, |(word, why)| format!("{word}：{why}"));
        return Ok(Done::Unjudged(why));
    };
    if is_damaged(&workbook.sheets) {
        let why = "“审核意见”改了名，或者表头（位置、编码、采纳）、表单名称一行不在了，读不出采纳了哪些。请单位在退回的原件上重填";
        return Ok(Done::Unjudged(why.to_owned()));
    }
    let (corrections, told) = engine.adopt(&workbook, submission.forms());
    if corrections.is_empty() {
        return Ok(Done::Nothing(told));
    }
    // What is marked is what is left once the corrections are in.
    let judged = engine.judge_again(&corrections.applied_to(&workbook));
    let marked = correct_under(&workbook, &judged, &corrections, engine.policy()).map_err(fail)?;
    let extension = if marked.transplanted { "xlsx" } else { workbook.container.name() };
    let unit = submission.forms().iter().find_map(|form| form.form.unit());
    let unit = unit.map_or_else(|| "未填单位".to_owned(), |unit| jixiao::roster::without_code(&unit).to_owned());
    let file = input.source.rsplit('/').next().unwrap_or(&input.source);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let place = format!("{}/{}", safe(&unit), safe(stem));
    Ok(Done::Written { bytes: marked.bytes, place, extension, told, warnings: marked.warnings })
}

fn told(done: &Done) -> &[Told] {
    match done {
        Done::Written { told, .. } | Done::Nothing(told) => told,
        Done::Unjudged(_) => &[],
    }
}

/// Where each file goes, in their order; `None` for one that is not written.
fn placed(dir: &Path, results: &[(&Input, Done)]) -> Vec<Option<PathBuf>> {
    let mut names = Names::default();
    let place = |(_, done): &(&Input, Done)| match done {
        Done::Written { place, extension, .. } => Some(dir.join(names.free(place, extension))),
        _ => None,
    };
    results.iter().map(place).collect()
}

/// Refuses to write over what is there, and over an input at any price.
fn refuse_taken(args: &ApplyArgs, inputs: &[Input], places: &[Option<PathBuf>]) -> anyhow::Result<()> {
    for place in places.iter().flatten() {
        let own = fs::canonicalize(place).ok();
        if own.as_deref().is_some_and(|own| inputs.iter().any(|input| input.path() == own)) {
            bail!("{} 是要处理的文件本身，不能写在上面。请换一个输出目录", place.display());
        }
        if place.exists() && !args.force {
            bail!("{} 已经存在，未覆盖。换一个输出目录，或加 --force 覆盖", place.display());
        }
    }
    Ok(())
}

/// What was written into a file and what was not, a line each.
fn report(input: &Input, done: &Done, place: Option<&Path>, out: &mut dyn Write) -> io::Result<()> {
    let source = &input.source;
    match done {
        Done::Unjudged(why) => return writeln!(out, "{source}：{why}"),
        Done::Nothing(told) if told.is_empty() => {
            return writeln!(out, "{source}：没有“审核意见”，或上面没有问题，未写出");
        }
        Done::Nothing(_) => writeln!(out, "{source}：没有写入，未写出")?,
        Done::Written { .. } => match place {
            Some(place) => writeln!(out, "{source} → {}", place.display())?,
            None => writeln!(out, "{source}：未能写出，采纳的都没有写入")?,
        },
    }
    let open = told(done).iter().filter(|one| one.adoption == Adoption::Open).count();
    for one in told(done).iter().filter(|one| one.adoption != Adoption::Open) {
        let answer = &one.answer;
        let at = answer.cell.map_or_else(|| "（全表）".to_owned(), |cell| format!("!{cell}"));
        let became = match (&one.adoption, place) {
            (Adoption::Written(_), None) => "没有写入：改好的文件未能写出".to_owned(),
            (adoption, _) => adoption.title(),
        };
        writeln!(out, "  {}{at} {} {became}", answer.sheet, answer.code)?;
    }
    if open > 0 {
        writeln!(out, "  另有 {open} 条没有选“是”或“否”，没有写入")?;
    }
    if let (Done::Written { warnings, .. }, Some(_)) = (done, place) {
        for warning in warnings {
            writeln!(out, "  提醒 {warning}")?;
        }
    }
    Ok(())
}
