//! The bar a person watches during long work.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

/// Fewer files than this are done before a bar could be read.
const LONG: usize = 30;

/// A bar on standard error, hidden for short work and where nobody watches.
pub(super) fn bar(files: usize) -> ProgressBar {
    if files < LONG || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(u64::try_from(files).unwrap_or(u64::MAX));
    if let Ok(style) = ProgressStyle::with_template("审核 {bar:30} {pos}/{len}  剩余约 {eta}") {
        bar.set_style(style);
    }
    bar
}
