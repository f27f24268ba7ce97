//! A result of which every clause is hollow: whatever a rule holds to be hollow, the fault is the same.
//!
//! It reads the place for what became of the goal; which words are hollow is the rules' to say.

use super::{Context, Fault, Verdict, phrase};
use crate::schema::concept::field;
use crate::text::{excerpt, squeeze};

/// The fault of a result that consists of hollow clauses alone; `lack` says what is missing behind the quoted text.
pub(super) fn judge(ctx: &Context<'_>, is_hollow: impl Fn(&str) -> bool, lack: &str, advice: &str) -> Verdict {
    let record = &ctx.form.record;
    let Some(result) = record.field(field::GOAL_ACTUAL) else {
        return Verdict::NotApplicable;
    };
    if !result.is_filled() {
        return Verdict::InsufficientData;
    }
    let text = squeeze(result.text());
    let mut clauses = text.split([',', ';', '。', '!']).filter(|clause| !clause.is_empty()).peekable();
    if clauses.peek().is_none() || !clauses.all(is_hollow) {
        return Verdict::Checked(Vec::new());
    }
    Verdict::Checked(vec![Fault {
        cell: Some(result.cell()),
        related: record.field(field::GOAL).map(|goal| goal.cell()).into_iter().collect(),
        found: Some(result.text().to_owned()),
        message: format!(
            "{}只写了“{}”，{lack}",
            phrase::at(result.cell(), phrase::field_label(ctx.form, field::GOAL_ACTUAL)),
            excerpt(result.text(), 30)
        ),
        advice: advice.to_owned(),
        ..Fault::default()
    }])
}
