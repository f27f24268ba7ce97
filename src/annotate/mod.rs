//! The unit's workbook, marked: coloured cells, notes, and the sheet 审核意见.
//!
//! `marks` turns findings into marks of cells, `review_sheet` builds the added sheet as a table of texts and looks.
//! Two writers draw both: `patch` into the unit's own package, `transplant` into the blank official form for formats that
//! cannot be patched and forms whose print is broken. Nothing here judges or opens a file.

mod broken;
mod clean;
mod corrected;
mod layout;
mod marks;
mod open_styles;
mod patch;
mod review_sheet;
mod sheet_xml;
mod transplant;

pub use self::broken::is_broken;
use crate::error::ErrorKind;
use crate::policy::Policy;
pub use crate::review::REVIEW_SHEET;
use crate::review::{CheckedForm, Corrections};
use crate::workbook::Workbook;

/// Who signs the notes.
const AUTHOR: &str = "jixiao";

/// A marked workbook.
#[derive(Debug)]
pub struct Annotated {
    /// The file: of an `.xlsx` or `.xlsm` the unit's own, with every part that carries no mark byte for byte as it
    /// was; of other formats a new `.xlsx`.
    pub bytes: Vec<u8>,
    /// Whether the file is a new `.xlsx` holding the unit's values instead of the unit's own file.
    pub transplanted: bool,
    /// What a person should know, in plain Chinese.
    pub warnings: Vec<String>,
}

/// The workbook with the findings of its forms marked at their cells and listed on an added last sheet, which is
/// the one shown when the file is opened.
///
/// # Errors
/// A part of the package that is damaged in a way that reading did not touch, or values no `.xlsx` can hold.
pub fn annotate(workbook: &Workbook, forms: &[CheckedForm]) -> Result<Annotated, ErrorKind> {
    correct(workbook, forms, &Corrections::default())
}

/// The same with corrections written into its cells: those are marked in a colour of their own, and what stood there is
/// in their notes. Where there are any, programs calculate all formulas when they open the workbook.
///
/// # Errors
/// Those of [`annotate`].
pub fn correct(workbook: &Workbook, forms: &[CheckedForm], corrections: &Corrections) -> Result<Annotated, ErrorKind> {
    marked(workbook, forms, corrections, None)
}

/// The same, and where the unit's own file cannot be marked its values stand in the blank forms of the policy, instead of
/// copies of its sheets.
///
/// # Errors
/// Those of [`annotate`].
pub fn correct_under(
    workbook: &Workbook,
    forms: &[CheckedForm],
    corrections: &Corrections,
    policy: &Policy,
) -> Result<Annotated, ErrorKind> {
    marked(workbook, forms, corrections, Some(policy))
}

/// The values of a workbook in the blank forms of the policy, marked, whatever the format of the workbook is; `None` where no
/// form can be placed so.
///
/// # Errors
/// Values no `.xlsx` can hold.
pub fn into_template(
    workbook: &Workbook,
    forms: &[CheckedForm],
    corrections: &Corrections,
    policy: &Policy,
) -> Result<Option<Annotated>, ErrorKind> {
    let new = transplanted(workbook, forms, corrections, Some(policy))?;
    Ok((new.forms > 0).then_some(Annotated { bytes: new.bytes, transplanted: true, warnings: new.warnings }))
}

fn transplanted(
    workbook: &Workbook,
    forms: &[CheckedForm],
    corrections: &Corrections,
    policy: Option<&Policy>,
) -> Result<transplant::Transplanted, ErrorKind> {
    let corrected = if corrections.is_empty() { None } else { Some(corrections.applied_to(workbook)) };
    transplant::transplant((workbook, corrected.as_ref().unwrap_or(workbook)), forms, corrections, policy)
}

fn marked(
    workbook: &Workbook,
    forms: &[CheckedForm],
    corrections: &Corrections,
    policy: Option<&Policy>,
) -> Result<Annotated, ErrorKind> {
    let anew = || {
        let new = transplanted(workbook, forms, corrections, policy)?;
        Ok(Annotated { bytes: new.bytes, transplanted: true, warnings: new.warnings })
    };
    let Some(package) = workbook.package.as_deref() else { return anew() };
    let marks = marks::of(workbook, forms, corrections);
    match patch::patch(package, workbook, forms, &marks, corrections) {
        // What cannot be patched without harm is still handed back, as a new workbook.
        Err(ErrorKind::BadPart { part, detail }) => {
            let mut annotated: Annotated = anew()?;
            annotated
                .warnings
                .push(format!("原文件的内部文件 {part} 不能安全修改（{detail}），退回件为按原表内容新建的 .xlsx"));
            Ok(annotated)
        }
        outcome => outcome,
    }
}

/// A workbook without the marks of a review.
#[derive(Debug)]
pub struct Cleaned {
    /// The file.
    pub bytes: Vec<u8>,
    /// Whether every part is byte for byte what it was before the workbook was marked. Else a program has written the
    /// workbook anew since: notes, colours and the review sheet are gone, and what that program changed stands.
    pub exact: bool,
}

/// The workbook without our notes, colours and review sheet; `None` where it carries none, or is of a format that is
/// never marked. Corrected values stay.
///
/// # Errors
/// A part of the package that is damaged or cannot be edited without harm.
pub fn clean(workbook: &Workbook) -> Result<Option<Cleaned>, ErrorKind> {
    let Some(package) = workbook.package.as_deref() else { return Ok(None) };
    let (draft, exact) = clean::without_marks(package, workbook)?;
    if draft.is_untouched() { Ok(None) } else { Ok(Some(Cleaned { bytes: draft.write()?, exact })) }
}
