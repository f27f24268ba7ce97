//! `docProps/app.xml`: the counts and names of sheets that file explorers show (ECMA-376 part 1, §22.2).

use std::ops::Range;

use super::edit::{Edit, Unpatchable};
use super::tags::{Kind, Tags, escape, unescape};

/// The list of sheets and names of a workbook; it is decoration, so one that is not understood is left as it is.
struct Titles {
    /// Where the number of worksheets stands.
    count: Range<usize>,
    /// Titles before those of the worksheets, and how many worksheets there are.
    worksheets: (usize, usize),
    /// Where the number of all titles stands.
    size: Range<usize>,
    /// Every title: its element and its text.
    all: Vec<(Range<usize>, String)>,
    prefix: String,
}

impl Titles {
    fn read(part: &[u8]) -> Result<Option<Self>, Unpatchable> {
        let mut tags = Tags::of(part)?;
        let (mut in_pairs, mut in_titles, mut label_is_worksheets) = (false, false, false);
        let (mut count, mut before) = (None, 0);
        let mut size = None;
        let mut all: Vec<(Range<usize>, String)> = Vec::new();
        while let Some(tag) = tags.next()? {
            match (tag.kind, tag.name) {
                (Kind::Open, "HeadingPairs") => in_pairs = true,
                (Kind::Close, "HeadingPairs") => in_pairs = false,
                (Kind::Open, "TitlesOfParts") => in_titles = true,
                (Kind::Close, "TitlesOfParts") => break,
                (Kind::Open, "vector") if in_titles => size = tag.attribute("size").map(|size| size.span),
                (Kind::Open, "lpstr") if in_pairs => {
                    let end = tags.skip_to("</")?;
                    label_is_worksheets = matches!(tags.raw(tag.span.end..end), "Worksheets" | "工作表");
                }
                (Kind::Open, "i4") if in_pairs && count.is_none() => {
                    let end = tags.skip_to("</")?;
                    let Ok(number) = tags.raw(tag.span.end..end).trim().parse::<usize>() else { return Ok(None) };
                    if label_is_worksheets {
                        count = Some((tag.span.end..end, number));
                    } else {
                        before += number;
                    }
                }
                (Kind::Open, "lpstr") if in_titles => {
                    let end = tags.skip_to("</")?;
                    all.push((tag.span.start..end, unescape(tags.raw(tag.span.end..end)).into_owned()));
                }
                (Kind::Close, "lpstr") if in_titles => {
                    all.iter_mut().last().into_iter().for_each(|(span, _)| span.end = tag.span.end);
                }
                _ => {}
            }
            if let (Some((count, number)), true) = (&count, tag.closes("vector") && in_titles) {
                let (Some(size), worksheets) = (size, (before, *number)) else { return Ok(None) };
                let whole = before + number <= all.len() && tags.raw(size.clone()).parse() == Ok(all.len());
                let prefix = tag.prefix.to_owned();
                return Ok(whole.then(|| Self { count: count.clone(), worksheets, size, all, prefix }));
            }
        }
        Ok(None)
    }

    /// The edits that write both numbers, changed by one.
    fn counted(&self, change: impl Fn(usize) -> usize) -> Vec<Edit> {
        let written = |place: &Range<usize>, number| Edit::replace(place.clone(), change(number).to_string());
        vec![written(&self.count, self.worksheets.1), written(&self.size, self.all.len())]
    }
}

/// The edits that add one worksheet's name behind the names of worksheets; none where the part has no such list.
///
/// # Errors
/// A part that is no XML.
pub(crate) fn add_sheet(part: &[u8], name: &str) -> Result<Vec<Edit>, Unpatchable> {
    let Some(titles) = Titles::read(part)? else { return Ok(Vec::new()) };
    let (before, worksheets) = titles.worksheets;
    let last = worksheets.checked_sub(1).and_then(|last| titles.all.get(before + last));
    let Some((last, _)) = last else { return Ok(Vec::new()) };
    let prefix = &titles.prefix;
    let mut edits = titles.counted(|number| number + 1);
    edits.push(Edit::insert(last.end, format!("<{prefix}lpstr>{}</{prefix}lpstr>", escape(name))));
    Ok(edits)
}

/// The edits that take one worksheet's name out; none where it is not listed.
///
/// # Errors
/// A part that is no XML.
pub(crate) fn without_sheet(part: &[u8], name: &str) -> Result<Vec<Edit>, Unpatchable> {
    let Some(titles) = Titles::read(part)? else { return Ok(Vec::new()) };
    let (before, worksheets) = titles.worksheets;
    let own = titles.all.iter().skip(before).take(worksheets).find(|(_, title)| title == name);
    let Some((span, _)) = own else { return Ok(Vec::new()) };
    let mut edits = titles.counted(|number| number.saturating_sub(1));
    edits.push(Edit::replace(span.clone(), ""));
    Ok(edits)
}

#[cfg(test)]
mod tests {
    use super::super::edit::apply;
    use super::*;

    #[test]
    fn the_new_sheet_stands_behind_the_sheets_and_before_the_names() {
        let part = "<Properties><HeadingPairs><vt:vector size=\"4\"><vt:variant><vt:lpstr>工作表</vt:lpstr></vt:variant>\
            <vt:variant><vt:i4>1</vt:i4></vt:variant><vt:variant><vt:lpstr>命名范围</vt:lpstr></vt:variant><vt:variant>\
            <vt:i4>1</vt:i4></vt:variant></vt:vector></HeadingPairs><TitlesOfParts><vt:vector size=\"2\">\
            <vt:lpstr>表</vt:lpstr><vt:lpstr>名</vt:lpstr></vt:vector></TitlesOfParts></Properties>";
        let edits = add_sheet(part.as_bytes(), "审核意见").expect("an XML part");
        let after = String::from_utf8(apply(part.as_bytes(), edits).expect("edits fit")).expect("UTF-8");
        let back = without_sheet(after.as_bytes(), "审核意见").expect("an XML part");
        assert_eq!(apply(after.as_bytes(), back).expect("edits fit"), part.as_bytes());
        assert!(after.contains("<vt:i4>2</vt:i4></vt:variant><vt:variant><vt:lpstr>命名范围"), "{after}");
        assert!(
            after.contains("size=\"3\"><vt:lpstr>表</vt:lpstr><vt:lpstr>审核意见</vt:lpstr><vt:lpstr>名"),
            "{after}"
        );
    }

    #[test]
    fn a_list_that_is_not_there_is_not_made_up() {
        assert_eq!(add_sheet(b"<Properties/>", "x"), Ok(Vec::new()));
    }
}
