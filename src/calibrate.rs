//! The tool against reviewers: marks that people set on real workbooks, beside what the rules say of the same cells.
//!
//! `truth` reads what the reviewers wrote, `measure` compares it with a judged round. Pure: nothing here opens a file or
//! prints; what is compared is decided by place, never by wording.

mod json;
mod measure;
mod truth;

pub use measure::{Alarm, Calibration, KindTally, MarkShares, Miss, RuleTally, measure};
pub use truth::{HandReading, Mark, MarkedSheet, MarkedWorkbook, Quiet, Truth};
