//! `docProps/app.xml`: the counts and names of sheets that file explorers show (ECMA-376 part 1, §22.2).

use super::edit::{Edit, Unpatchable};
use super::tags::{Kind, Tags, escape};

/// The edits that add one worksheet's name behind the names of worksheets; none where the part has no such list.
/// The list is decoration: whatever is not understood is left as it is.
///
/// # Errors
/// A part that is no XML.
pub(crate) fn add_sheet(part: &[u8], name: &str) -> Result<Vec<Edit>, Unpatchable> {
    let mut tags = Tags::of(part)?;
    let mut in_pairs = false;
    let mut in_titles = false;
    let mut label_is_worksheets = false;
    // Place and value of the worksheet count, and how many titles stand before the worksheets'.
    let mut count: Option<(std::ops::Range<usize>, usize)> = None;
    let mut before = 0;
    let mut size = None;
    let mut titles = 0;
    while let Some(tag) = tags.next()? {
        match (tag.kind, tag.name) {
            (Kind::Open, "HeadingPairs") => in_pairs = true,
            (Kind::Close, "HeadingPairs") => in_pairs = false,
            (Kind::Open, "TitlesOfParts") => in_titles = true,
            (Kind::Close, "TitlesOfParts") => break,
            (Kind::Open, "vector") if in_titles => {
                size = tag.attribute("size").map(|size| size.span);
            }
            (Kind::Open, "lpstr") if in_pairs => {
                let end = tags.skip_to("</")?;
                label_is_worksheets = matches!(tags.raw(tag.span.end..end), "Worksheets" | "工作表");
            }
            (Kind::Open, "i4") if in_pairs && count.is_none() => {
                let end = tags.skip_to("</")?;
                let Ok(number) = tags.raw(tag.span.end..end).trim().parse::<usize>() else { return Ok(Vec::new()) };
                if label_is_worksheets {
                    count = Some((tag.span.end..end, number));
                } else {
                    before += number;
                }
            }
            (Kind::Close, "lpstr") if in_titles => {
                titles += 1;
                let Some((count, worksheets)) = count.clone().filter(|(_, n)| before + n == titles) else { continue };
                let Some(size) = size else { break };
                let Ok(all) = tags.raw(size.clone()).parse::<usize>() else { break };
                let prefix = tag.prefix;
                return Ok(vec![
                    Edit::replace(count, (worksheets + 1).to_string()),
                    Edit::replace(size, (all + 1).to_string()),
                    Edit::insert(tag.span.end, format!("<{prefix}lpstr>{}</{prefix}lpstr>", escape(name))),
                ]);
            }
            _ => {}
        }
    }
    Ok(Vec::new())
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
