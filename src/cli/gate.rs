//! The gate: which round ends with exit code 1.

use jixiao::finding::Severity;
use jixiao::review::{Outcome, Round};

use super::args::FailOn;
use super::{CLEAN, FOUND};

/// The exit code of a round. A file that could not be judged weighs as much as the worst finding.
pub(super) fn code(round: &Round, gate: FailOn) -> u8 {
    let from = match gate {
        FailOn::Error => Severity::Error,
        FailOn::Warning => Severity::Warning,
        FailOn::Info => Severity::Info,
        FailOn::Never => return CLEAN,
    };
    let unjudged = round.submissions.iter().any(|submission| !matches!(submission.outcome, Outcome::Checked { .. }));
    let found = || {
        round
            .forms()
            .flat_map(|(_, form)| &form.findings)
            .any(|finding| finding.severity >= from && !finding.is_accepted())
    };
    if unjudged || found() { FOUND } else { CLEAN }
}
