//! What one unit gets back: its judged workbooks with the names they have in its folder.

use crate::finding::{Finding, Severity};
use crate::policy::Band;
use crate::review::{CheckedForm, Submission};

/// The workbooks of a unit on their way back.
#[derive(Debug)]
pub struct Handback<'a> {
    /// The unit as it is addressed.
    pub unit: &'a str,
    /// Its files in the order of the round.
    pub files: Vec<HandbackFile<'a>>,
    /// What else lies in its folder, by name: blank templates.
    pub blanks: Vec<String>,
}

/// A file of a unit.
#[derive(Debug)]
pub struct HandbackFile<'a> {
    /// The marked workbook, seen from the unit's folder; `None` where the file could not be judged.
    pub name: Option<String>,
    /// The file as it was handed in.
    pub submission: &'a Submission,
}

impl Handback<'_> {
    /// The judged forms with the files they are in.
    pub fn forms(&self) -> impl Iterator<Item = (&HandbackFile<'_>, &CheckedForm)> {
        self.files.iter().flat_map(|file| file.submission.forms().iter().map(move |form| (file, form)))
    }

    /// The worst grade of its forms; `None` where no form was judged.
    #[must_use]
    pub fn worst(&self) -> Option<Band> {
        self.forms().map(|(_, form)| form.grade.band).max()
    }
}

impl HandbackFile<'_> {
    /// The name by which a person knows it: that of the marked workbook, else of the file handed in.
    #[must_use]
    pub fn shown(&self) -> &str {
        let source = &self.submission.source;
        self.name.as_deref().unwrap_or_else(|| source.rsplit('/').next().unwrap_or(source))
    }
}

/// The findings, the worst first, else in reading order.
pub(super) fn worst_first(form: &CheckedForm) -> Vec<&Finding> {
    let of = |severity: Severity| form.findings.iter().filter(move |finding| finding.severity == severity);
    Severity::WORST_FIRST.into_iter().flat_map(of).collect()
}
