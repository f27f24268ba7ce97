//! `clean`: workbooks without our marks.

use std::path::{Path, PathBuf};

use anyhow::bail;
use jixiao::annotate::{Cleaned, clean};
use jixiao::error::Error;
use jixiao::intake::Input;
use jixiao::ooxml::Limits;
use jixiao::workbook::{Container, Workbook};

use super::args::CleanArgs;
use super::claim::Claim;
use super::outputs::{Names, safe};
use super::{CLEAN, FAILED, FOUND, complain, files, say, settings, setup, stop};

/// What a cleaned file is called beside the marked one.
const BESIDE: &str = "（去标注）";

/// Writes each marked workbook without its marks, beside it or below the output folder.
pub(super) fn run(args: &CleanArgs) -> anyhow::Result<u8> {
    if let Some(out) = &args.out {
        files::refuse_over(out, &args.paths)?;
    }
    let limits = settings::limits_at(args.paths.first().map_or(Path::new(""), PathBuf::as_path))?;
    let intake = setup::intake_of(&args.paths, &limits, &[])?;
    let mut names = Names::default();
    let (mut left, mut failed, mut written) = (!intake.failed.is_empty(), false, 0_usize);
    let mut lines: Vec<String> = Vec::new();
    let _claim = args.out.as_deref().map(Claim::of).transpose()?;
    stop::watch();
    let all = intake.inputs.len();
    let told = |done, written| {
        format!(
            "共 {all} 个文件，看完 {done} 个，写出 {written} 个，个个完整。要做完，请重新运行同一条命令，并加 --force"
        )
    };
    for (done, input) in intake.inputs.iter().enumerate() {
        stop::here(|| told(done, written))?;
        let source = &input.source;
        match taken_out(input, &limits) {
            Err(error) => {
                left = true;
                lines.push(format!("{source}：无法读取：{}", error.kind));
            }
            Ok((None, _)) => lines.push(format!("{source}：没有审核标注，未写出")),
            Ok((Some(cleaned), container)) => {
                let place = place(args, input, container, &mut names)?;
                match files::write(&place, |out| out.write_all(&cleaned.bytes)) {
                    Ok(()) => {
                        written += 1;
                        lines.push(format!("{source} → {}（{}）", place.display(), said(cleaned.exact)));
                    }
                    Err(error) => {
                        failed = true;
                        complain(&format!("未能写出结果 {error}"));
                    }
                }
            }
        }
    }
    if failed {
        stop::here(|| told(all, written))?;
    }
    lines.extend(intake.failed.iter().map(ToString::to_string));
    lines.push(format!("写出 {written} 个文件"));
    say(|out| lines.iter().try_for_each(|line| writeln!(out, "{line}")))?;
    Ok(match (failed, left) {
        (true, _) => FAILED,
        (false, true) => FOUND,
        (false, false) => CLEAN,
    })
}

fn said(exact: bool) -> &'static str {
    match exact {
        true => "与标注前逐字节一致",
        false => "标注后又保存过，已去掉标注，其他内容保持现状",
    }
}

fn taken_out(input: &Input, limits: &Limits) -> Result<(Option<Cleaned>, Container), Error> {
    let fail = |kind| Error::new(&input.source, kind);
    let workbook = Workbook::open(input.read()?, limits).map_err(fail)?;
    Ok((clean(&workbook).map_err(fail)?, workbook.container))
}

/// Where the cleaned file goes; never over anything that is there, unless forced, and never over what was given.
fn place(args: &CleanArgs, input: &Input, container: Container, names: &mut Names) -> anyhow::Result<PathBuf> {
    let file = input.source.rsplit('/').next().unwrap_or(&input.source);
    let stem = safe(file.rsplit_once('.').map_or(file, |(stem, _)| stem));
    let is_it = |path: &&PathBuf| path.canonicalize().is_ok_and(|path| path == input.path() && is_workbook(&path));
    let stem = match (&args.out, args.paths.iter().find(is_it)) {
        (Some(out), _) => out.join(stem),
        (None, Some(path)) => path.with_file_name(format!("{stem}{BESIDE}")),
        (None, None) => bail!("{} 在文件夹或压缩包里，请加 --out 写明输出目录", input.source),
    };
    let place = PathBuf::from(names.free(&stem.display().to_string(), container.name()));
    files::refuse_over(&place, &args.paths)?;
    if place.exists() && !args.force {
        bail!("{} 已经存在，未覆盖。换一个输出目录，或加 --force 覆盖", place.display());
    }
    Ok(place)
}

fn is_workbook(path: &Path) -> bool {
    !path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"))
}
