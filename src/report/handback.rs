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
    /// Whether the cells of the marked workbook are where they were: not so in one made anew.
    pub in_place: bool,
}

impl Handback<'_> {
    /// The judged forms with the files they are in.
    pub fn forms(&self) -> impl Iterator<Item = (&HandbackFile<'_>, &CheckedForm)> {
        self.files.iter().flat_map(|file| file.submission.forms().iter().map(move |form| (file, form)))
    }

    /// Its files that could not be judged, each with the reason.
    pub fn unjudged(&self) -> impl Iterator<Item = (&HandbackFile<'_>, String)> {
        self.files.iter().filter_map(|file| Some((file, file.submission.unjudged()?.1.into_owned())))
    }

    /// The strictest grade of its forms; what could not be judged counts as 差.
    #[must_use]
    pub fn strictest(&self) -> Band {
        let unjudged = self.unjudged().map(|_| Band::Poor);
        self.forms().map(|(_, form)| form.grade.band).chain(unjudged).max().unwrap_or(Band::Excellent)
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

/// The findings that have to be mended or looked at, the worst first, else in reading order; without those that the bureau
/// accepts.
pub(super) fn worst_first(form: &CheckedForm) -> Vec<&Finding> {
    let open = || form.findings.iter().filter(|finding| !finding.is_accepted());
    let of = |severity: Severity| open().filter(move |finding| finding.severity == severity);
    Severity::WORST_FIRST.into_iter().flat_map(of).collect()
}
