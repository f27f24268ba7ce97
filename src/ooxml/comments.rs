//! Notes (ECMA-376 part 1, §18.7): the comments part of a sheet. Notes of other authors are kept word for word.

use std::collections::BTreeMap;
use std::ops::Range;

use super::edit::{Edit, Unpatchable};
use super::tags::{DECLARATION, Kind, Tag, Tags, escape};
use crate::address::CellRef;
use crate::text::seen;

/// A note to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Note {
    /// The cell.
    pub(crate) at: CellRef,
    /// First line, bold.
    pub(crate) heading: String,
    /// The rest, behind a line break.
    pub(crate) text: String,
}

/// What became of a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Placed {
    /// The cell had none: it needs a box in the drawing.
    New,
    /// Written below the note the cell had, whose box must grow.
    Below,
    /// The cell holds a threaded comment, whose note programs overwrite: left alone.
    Threaded,
}

/// A comments part that exists.
#[derive(Debug)]
pub(crate) struct Comments {
    prefix: String,
    authors: Vec<String>,
    /// Before the closing tag of the authors, or in place of `<authors/>`.
    authors_place: Range<usize>,
    list_place: Range<usize>,
    existing: BTreeMap<CellRef, Existing>,
}

#[derive(Debug)]
struct Existing {
    author: usize,
    /// The whole comment.
    span: Range<usize>,
    /// Inside `<text>`.
    text: Range<usize>,
    /// Behind the last run, where a further one may stand.
    runs_end: usize,
    /// A bare `<t>`, which must become a run before another run may follow.
    bare: Option<Range<usize>>,
    /// What stands where the text should: the note shows a picture, or nothing.
    hollow: Option<Hollow>,
    /// From the run that starts our own text to the last run: what an earlier review wrote.
    ours: Option<Range<usize>>,
    /// Of the unit's own text; what an earlier review wrote below does not count.
    characters: usize,
    /// Whether it begins as notes of ours do: some programs do not keep who wrote a note.
    headed: bool,
}

/// A note without text.
#[derive(Debug)]
enum Hollow {
    /// `<text/>`, or the place where there is none.
    Text(Range<usize>),
    /// `<comment …/>`.
    Comment(Range<usize>),
}

/// What every note of ours begins with; also how we know it again.
pub(crate) const HEADING: &str = "审核意见【";

/// Between a unit's own note and what we write below it; also how we know our text again.
pub(crate) const DIVIDER: &str = "────────";

impl Comments {
    /// Reads the places.
    ///
    /// # Errors
    /// A part that is not what its name says.
    pub(crate) fn read(part: &[u8]) -> Result<Self, Unpatchable> {
        let mut tags = Tags::of(part)?;
        let mut comments = Self {
            prefix: String::new(),
            authors: Vec::new(),
            authors_place: 0..0,
            list_place: 0..0,
            existing: BTreeMap::new(),
        };
        let mut current: Option<(CellRef, Existing)> = None;
        let (mut run_start, mut in_run) = (0, false);
        while let Some(tag) = tags.next()? {
            match (tag.kind, tag.name) {
                (Kind::Open | Kind::Empty, "comments") => comments.prefix = tag.prefix.to_owned(),
                (Kind::Open, "author") => {
                    let end = tags.skip_to("</")?;
                    comments.authors.push(super::tags::unescape(tags.raw(tag.span.end..end)).into_owned());
                }
                (Kind::Empty, "author") => comments.authors.push(String::new()),
                (Kind::Empty, "authors") => comments.authors_place = tag.span.clone(),
                (Kind::Close, "authors") => comments.authors_place = tag.span.start..tag.span.start,
                (Kind::Empty, "commentList") => comments.list_place = tag.span.clone(),
                (Kind::Close, "commentList") => comments.list_place = tag.span.start..tag.span.start,
                (Kind::Open | Kind::Empty, "comment") => {
                    current = Existing::of(&tag);
                    if tag.kind == Kind::Empty {
                        comments.existing.extend(current.take());
                    }
                }
                (Kind::Close, "comment") => {
                    if let Some((_, place)) = &mut current {
                        place.span.end = tag.span.end;
                        if place.runs_end == 0 && place.hollow.is_none() {
                            place.hollow = Some(Hollow::Text(tag.span.start..tag.span.start));
                        }
                    }
                    comments.existing.extend(current.take());
                }
                (kind, name) => {
                    let Some((_, place)) = &mut current else { continue };
                    match (kind, name) {
                        (Kind::Open, "text") => {
                            place.runs_end = tag.span.end;
                            place.text = tag.span.end..tag.span.end;
                        }
                        (Kind::Empty, "text") => place.hollow = Some(Hollow::Text(tag.span.clone())),
                        (Kind::Close, "text") => place.text.end = tag.span.start,
                        (Kind::Empty, "t") if !in_run && place.runs_end == tag.span.start => {
                            place.bare = Some(tag.span.clone());
                            place.runs_end = tag.span.end;
                        }
                        (Kind::Open, "r") => (run_start, in_run) = (tag.span.start, true),
                        (Kind::Close, "r") => {
                            in_run = false;
                            place.runs_end = tag.span.end;
                            if let Some(ours) = &mut place.ours {
                                ours.end = tag.span.end;
                            }
                        }
                        (Kind::Open, "t") => {
                            let end = tags.skip_to("</")?;
                            let text = tags.raw(tag.span.end..end);
                            let behind = end + "</t>".len() + tag.prefix.len();
                            place.headed |= place.characters == 0 && text.starts_with(HEADING);
                            if in_run {
                                if place.ours.is_none() && text.trim_start().starts_with(DIVIDER) {
                                    place.ours = Some(run_start..end);
                                }
                            } else if place.bare.is_none() && place.runs_end == tag.span.start {
                                place.bare = Some(tag.span.start..behind);
                                place.runs_end = behind;
                            }
                            if place.ours.is_none() {
                                place.characters += text.chars().count();
                            }
                        }
                        _ => {}
                    }
                }
            }
        }
        if comments.authors_place.end == 0 || comments.list_place.end == 0 {
            return Err(Unpatchable::new("批注清单不完整"));
        }
        Ok(comments)
    }

    /// What writing a note to this cell will do.
    pub(crate) fn outcome(&self, at: CellRef, author: &str) -> Placed {
        match self.existing.get(&at).map(|place| self.authors.get(place.author)) {
            None => Placed::New,
            Some(Some(name)) if name.starts_with("tc=") && name != author => Placed::Threaded,
            Some(_) => Placed::Below,
        }
    }

    /// The cells with a note of this author, or with a part of ours below somebody else's.
    pub(crate) fn written_by<'a>(&'a self, author: &'a str) -> impl Iterator<Item = CellRef> + 'a {
        let cells = self.existing.iter();
        cells.filter(|(_, place)| place.ours.is_some() || self.is_by(place, author)).map(|(at, _)| *at)
    }

    /// The cells whose notes stand for threaded comments (their author is named `tc=…`).
    pub(crate) fn threaded(&self) -> impl Iterator<Item = CellRef> {
        let is_thread = |place: &Existing| self.authors.get(place.author).is_some_and(|name| name.starts_with("tc="));
        self.existing.iter().filter(move |(_, place)| is_thread(place)).map(|(at, _)| *at)
    }

    /// How many notes there are.
    pub(crate) fn len(&self) -> usize {
        self.existing.len()
    }

    fn is_by(&self, place: &Existing, author: &str) -> bool {
        place.headed || self.authors.get(place.author).is_some_and(|name| name == author)
    }

    /// The edits that take out what an earlier review wrote at these cells, and the cells that lose their note.
    pub(crate) fn erase(&self, author: &str, cells: &[CellRef]) -> (Vec<Edit>, Vec<CellRef>) {
        let (mut edits, mut emptied) = (Vec::new(), Vec::new());
        for at in cells {
            match self.existing.get(at) {
                Some(place) if self.is_by(place, author) => {
                    edits.push(Edit::replace(place.span.clone(), ""));
                    emptied.push(*at);
                }
                Some(Existing { ours: Some(ours), .. }) => edits.push(Edit::replace(ours.clone(), "")),
                _ => {}
            }
        }
        (edits, emptied)
    }

    /// Characters of the note a cell has that stay above what is written below it; a note of this author is replaced.
    pub(crate) fn characters(&self, at: CellRef, author: &str) -> usize {
        self.existing.get(&at).filter(|place| !self.is_by(place, author)).map_or(0, |place| place.characters)
    }

    /// The edits that write notes; those for threaded comments are left out.
    pub(crate) fn write(&self, author: &str, notes: &[Note]) -> Vec<Edit> {
        let prefix = &self.prefix;
        let mut edits = Vec::new();
        let known = self.authors.iter().position(|name| name == author);
        let mut new_notes = String::new();
        for note in notes {
            let place = self.existing.get(&note.at);
            match (self.outcome(note.at, author), place) {
                (Placed::New, _) => {
                    new_notes.push_str(&comment(prefix, known.unwrap_or(self.authors.len()), note));
                }
                (Placed::Below, Some(place)) => place.extend(prefix, known == Some(place.author), note, &mut edits),
                _ => {}
            }
        }
        if !new_notes.is_empty() {
            if known.is_none() {
                let entry = format!("<{prefix}author>{}</{prefix}author>", escape(author));
                edits.push(filled(&self.authors_place, prefix, "authors", entry));
            }
            edits.push(filled(&self.list_place, prefix, "commentList", new_notes));
        }
        edits
    }
}

impl Existing {
    /// The note that this tag starts, and its cell.
    fn of(tag: &Tag<'_>) -> Option<(CellRef, Self)> {
        let at = tag.value("ref")?.parse().ok()?;
        let author = tag.number("authorId").unwrap_or(usize::MAX);
        let span = tag.span.clone();
        let hollow = (tag.kind == Kind::Empty).then(|| Hollow::Comment(span.clone()));
        Some((
            at,
            Self {
                author,
                span,
                text: 0..0,
                runs_end: 0,
                bare: None,
                hollow,
                ours: None,
                characters: 0,
                headed: false,
            },
        ))
    }

    /// Writes below what the unit has; what an earlier review wrote is replaced.
    fn extend(&self, prefix: &str, by_us: bool, note: &Note, edits: &mut Vec<Edit>) {
        let below = || runs(prefix, &format!("\n{DIVIDER}\n"), note);
        let alone = || runs(prefix, &format!("{DIVIDER}\n"), note);
        let whole = || format!("<{prefix}text>{}</{prefix}text>", alone());
        match &self.hollow {
            Some(Hollow::Text(place)) => return edits.push(Edit::replace(place.clone(), whole())),
            Some(Hollow::Comment(span)) => {
                let text = format!(">{}</{prefix}comment>", whole());
                return edits.push(Edit::replace(span.end - 2..span.end, text));
            }
            None => {}
        }
        match (&self.ours, &self.bare) {
            _ if by_us => edits.push(Edit::replace(self.text.clone(), runs(prefix, "", note))),
            (Some(ours), _) => edits.push(Edit::replace(ours.clone(), below())),
            (None, Some(bare)) => {
                edits.push(Edit::insert(bare.start, format!("<{prefix}r>")));
                edits.push(Edit::insert(bare.end, format!("</{prefix}r>{}", below())));
            }
            (None, None) => edits.push(Edit::insert(self.runs_end, below())),
        }
    }
}

/// A comments part with nothing but these notes.
pub(crate) fn new_part(namespace: &str, author: &str, notes: &[Note]) -> String {
    let list: String = notes.iter().map(|note| comment("", 0, note)).collect();
    format!(
        "{DECLARATION}<comments xmlns=\"{namespace}\"><authors><author>{}</author></authors>\
         <commentList>{list}</commentList></comments>",
        escape(author)
    )
}

fn comment(prefix: &str, author: usize, note: &Note) -> String {
    format!(
        "<{prefix}comment ref=\"{}\" authorId=\"{author}\"><{prefix}text>{}</{prefix}text></{prefix}comment>",
        note.at,
        runs(prefix, "", note)
    )
}

/// The note as rich text: the heading bold, the rest plain, both in the size of Excel's own notes. What it quotes of a unit
/// turns no direction of writing; what stood in the cell's note before stays as it was.
fn runs(p: &str, before: &str, note: &Note) -> String {
    let run = |bold: &str, text: &str| {
        format!(
            "<{p}r><{p}rPr>{bold}<{p}sz val=\"9\"/><{p}color indexed=\"81\"/><{p}rFont val=\"宋体\"/><{p}charset \
             val=\"134\"/></{p}rPr><{p}t xml:space=\"preserve\">{}</{p}t></{p}r>",
            escape(text)
        )
    };
    let first = if before.is_empty() { String::new() } else { run("", before) };
    let heading = run(&format!("<{p}b/>"), &seen(&note.heading));
    format!("{first}{heading}{}", run("", &format!("\n{}", seen(&note.text))))
}

/// Text put before a closing tag, or into an element that was empty.
fn filled(place: &Range<usize>, prefix: &str, name: &str, text: String) -> Edit {
    if place.is_empty() {
        Edit::insert(place.start, text)
    } else {
        Edit::replace(place.clone(), format!("<{prefix}{name}>{text}</{prefix}{name}>"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::edit::apply;
    use super::*;

    fn note(at: &str) -> Note {
        Note { at: at.parse().expect("an address"), heading: "审核意见".into(), text: "=1<2".into() }
    }

    const PART: &str = "<comments><authors><author>甲</author><author>tc={1}</author></authors><commentList>\
        <comment ref=\"A1\" authorId=\"0\"><text><t>旧批注</t></text></comment>\
        <comment ref=\"B1\" authorId=\"1\"><text><t>线程</t></text></comment>\
        <comment ref=\"C1\" authorId=\"0\"><text><r><t>富文本</t></r><phoneticPr fontId=\"1\"/></text></comment>\
        </commentList></comments>";

    fn written(part: &str, notes: &[Note]) -> String {
        let comments = Comments::read(part.as_bytes()).expect("a comments part");
        let after = apply(part.as_bytes(), comments.write("jixiao", notes)).expect("edits fit");
        String::from_utf8(after).expect("UTF-8")
    }

    #[test]
    fn a_units_note_is_kept_and_ours_stands_below_it() {
        let after = written(PART, &[note("A1"), note("C1")]);
        assert!(after.contains("<text><r><t>旧批注</t></r><r>"), "{after}");
        assert!(after.contains("<r><t>富文本</t></r><r>") && after.contains("</r><phoneticPr"), "{after}");
        assert!(after.contains("=1&lt;2") && !after.contains("jixiao"), "{after}");
    }

    #[test]
    fn a_new_note_brings_its_author_and_a_threaded_comment_is_left_alone() {
        let comments = Comments::read(PART.as_bytes()).expect("a comments part");
        assert_eq!(comments.outcome(CellRef::new(0, 1), "jixiao"), Placed::Threaded);
        let after = written(PART, &[note("B1"), note("D1")]);
        assert!(after.contains("<author>jixiao</author></authors>"), "{after}");
        assert!(
            after.contains("<comment ref=\"D1\" authorId=\"2\">") && after.contains("<t>线程</t></text>"),
            "{after}"
        );
    }

    #[test]
    fn a_note_of_ours_is_known_though_its_author_is_forgotten() {
        let ours = Note { heading: format!("{HEADING}严重】A103"), ..note("D1") };
        let once = written(PART, &[ours]).replace("<author>jixiao</author>", "<author> </author>");
        let comments = Comments::read(once.as_bytes()).expect("a comments part");
        assert_eq!(comments.written_by("jixiao").collect::<Vec<_>>(), [CellRef::new(0, 3)]);
        let own = PART.replace("旧批注", "审核意见请见附件");
        let comments = Comments::read(own.as_bytes()).expect("a comments part");
        assert_eq!(comments.written_by("jixiao").count(), 0, "what a person wrote is no note of ours");
    }

    #[test]
    fn a_second_review_replaces_what_the_first_wrote() {
        let once = written(PART, &[note("A1"), note("D1")]);
        assert_eq!(written(&once, &[note("A1"), note("D1")]), once);
    }

    #[test]
    fn what_an_earlier_review_wrote_is_taken_out_and_the_rest_kept() {
        let once = written(PART, &[note("C1"), note("D1")]);
        let comments = Comments::read(once.as_bytes()).expect("a comments part");
        let cells: Vec<CellRef> = comments.written_by("jixiao").collect();
        assert_eq!(cells, [CellRef::new(0, 2), CellRef::new(0, 3)]);
        let (edits, emptied) = comments.erase("jixiao", &cells);
        assert_eq!(emptied, [CellRef::new(0, 3)]);
        let after = apply(once.as_bytes(), edits).expect("edits fit");
        let expected = PART.replace("</author></authors>", "</author><author>jixiao</author></authors>");
        assert_eq!(String::from_utf8(after).expect("UTF-8"), expected);
    }
}
