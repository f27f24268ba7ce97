//! The law of fidelity, for any `.xlsx` or `.xlsm` and what `annotate` made of it.
//!
//! It reads both packages with its own means (`zip`, a walk over tags, calamine), so that an error of the editors is
//! not also an error of their judge. `marks` chooses the cells, `package` reads, `tokens` compares parts.

pub(crate) mod marks;
pub(crate) mod package;
mod shape;
mod tokens;
mod values;

use std::collections::BTreeSet;

use jixiao::annotate::{annotate, clean};
use jixiao::workbook::Workbook;

use self::marks::Chosen;
use self::package::Parts;

/// What became of a workbook.
pub(crate) enum Outcome {
    /// Marked in place, and here is what breaks the law.
    Patched { bytes: Vec<u8>, faults: Vec<String> },
    /// A new workbook with the unit's values.
    Transplanted(Vec<String>),
    /// Not read, or not marked.
    Refused(String),
}

/// Marks some cells of every sheet of a workbook and judges the result.
pub(crate) fn judge(original: &[u8]) -> Outcome {
    let workbook = match Workbook::open(original.into(), &jixiao::ooxml::Limits::default()) {
        Ok(workbook) => workbook,
        Err(error) => return Outcome::Refused(error.to_string()),
    };
    let chosen = marks::choose(&workbook);
    let annotated = match annotate(&workbook, &chosen.forms) {
        Ok(annotated) => annotated,
        Err(error) => return Outcome::Refused(format!("annotate: {error}")),
    };
    if annotated.transplanted {
        return Outcome::Transplanted(annotated.warnings);
    }
    let mut faults = faults(original, &annotated.bytes, &workbook, &chosen);
    faults.extend(unlike_after_cleaning(original, &annotated.bytes, &chosen));
    Outcome::Patched { bytes: annotated.bytes, faults }
}

/// Where a marked workbook breaks the law.
fn faults(original: &[u8], marked: &[u8], workbook: &Workbook, chosen: &Chosen) -> Vec<String> {
    let (before, after) = (Parts::read(original), Parts::read(marked));
    let mut faults: Vec<String> = after.unreadable.clone();
    faults.retain(|fault| !before.unreadable.contains(fault));
    faults.extend(parts_that_must_stay(&before, &after, workbook, chosen));
    for (name, part) in before.iter() {
        if let Some(now) = after.get(name)
            && now.bytes != part.bytes
        {
            faults.extend(tokens::losses(name, &part.bytes, &now.bytes));
        }
    }
    faults.extend(shape::faults(&before, &after));
    faults.extend(shape::missing_marks(&before, &after, workbook, chosen));
    faults.extend(values::differences(original, marked, workbook));
    faults
}

/// What is not as it was once the marks are taken out again, or put in a second time.
fn unlike_after_cleaning(original: &[u8], marked: &[u8], chosen: &Chosen) -> Option<String> {
    let back = match Workbook::open(marked.into(), &jixiao::ooxml::Limits::default()) {
        Ok(back) => back,
        Err(error) => return Some(format!("the marked workbook cannot be read: {error}")),
    };
    match annotate(&back, &chosen.forms) {
        Ok(again) if again.bytes != marked => return Some("marked again it is another file".to_owned()),
        Ok(_) => {}
        Err(error) => return Some(format!("it cannot be marked again: {error}")),
    }
    let parts = |bytes| -> Vec<(String, Vec<u8>)> {
        Parts::read(bytes).iter().map(|(name, part)| (name.to_owned(), part.bytes.clone())).collect()
    };
    match clean(&back) {
        Ok(Some(cleaned)) if cleaned.exact && parts(&cleaned.bytes) == parts(original) => None,
        Ok(Some(cleaned)) => Some(format!("cleaned it is not what it was (by its record: {})", cleaned.exact)),
        Ok(None) => Some("cleaning finds no marks".to_owned()),
        Err(error) => Some(format!("it cannot be cleaned: {error}")),
    }
}

/// Order, names and bytes of the parts that carry no mark.
fn parts_that_must_stay(before: &Parts, after: &Parts, workbook: &Workbook, chosen: &Chosen) -> Vec<String> {
    let mut faults = Vec::new();
    let order: Vec<&str> = before.iter().map(|(name, _)| name).collect();
    let now: Vec<&str> = after.iter().map(|(name, _)| name).take(order.len()).collect();
    if order != now {
        faults.push(format!("the parts stand in another order: {order:?} {now:?}"));
    }
    let marked: BTreeSet<&str> = chosen.cells.keys().filter_map(|sheet| workbook.part_of(sheet)).collect();
    let spelled = |name: &str| name.replace('\\', "/").trim_start_matches('/').to_owned();
    for (name, part) in before.iter() {
        let Some(now) = after.get(name) else { continue };
        if now.compressed == part.compressed && now.header == part.header {
            continue;
        }
        let plain = spelled(name);
        let kinds = ["workbook", "styles", "[Content_Types]", "app.xml", "comment", "vmlDrawing", ".vml", ".rels"];
        let sheets = marked.contains(plain.as_str())
            || tokens::is_deselected(&part.bytes, &now.bytes)
            || kinds.iter().any(|kind| plain.to_lowercase().contains(&kind.to_lowercase()));
        if !sheets && !before.is_role(&plain) {
            faults.push(format!("{name} carries no mark and differs"));
        } else if now.bytes == part.bytes {
            faults.push(format!("{name} was packed anew without need"));
        }
    }
    faults
}
