//! `review --diff`: what `--fix` changes, one line a cell.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use jixiao::finding::told;
use jixiao::review::{Corrections, Submission};
use jixiao::text::one_line;

/// The lines of each file, gathered while the round runs.
#[derive(Default)]
pub(super) struct Diff {
    lines: Mutex<BTreeMap<String, Vec<String>>>,
}

impl Diff {
    /// Notes the corrections of a file; those of a file that is seen again take the place of what was noted.
    pub(super) fn note(&self, submission: &Submission, corrections: &Corrections) {
        let source = &submission.source;
        let line = |((sheet, at), correction): (&(String, _), &jixiao::review::Correction)| {
            let was = one_line(&correction.was);
            let was = if was.is_empty() { "（空）".to_owned() } else { shown(&correction.was) };
            let codes: Vec<&str> = correction.codes.iter().copied().collect();
            format!(
                "{source} {sheet}!{at}：{was} → {}（{}）",
                told(&correction.was, &correction.value),
                codes.join("、")
            )
        };
        let lines = corrections.cells.iter().map(line).collect();
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).insert(source.clone(), lines);
    }

    /// Prints the lines in the order of the files, and how many there are.
    pub(super) fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let files = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        for line in files.values().flatten() {
            writeln!(out, "{line}")?;
        }
        let changed = files.values().filter(|lines| !lines.is_empty()).count();
        let cells: usize = files.values().map(Vec::len).sum();
        match cells {
            0 => writeln!(out, "没有可以自动改正的格。"),
            _ => writeln!(out, "可自动改正 {cells} 格，涉及 {changed} 个文件。"),
        }
    }
}

/// A content on one line; spaces at its ends are what the change may be about, so it is quoted.
fn shown(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("“{line}”")
}
