//! Footnotes of a text: which figures share one, and what it says.

use super::text::{Piece, Row, Source};

/// A piece of a paragraph with its figures' notes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Noted<'t> {
    /// Words, figures among them.
    Words(&'t str),
    /// What a person has to add.
    Blank(&'t str),
    /// The mark of a note, with its text.
    Note(String),
}

/// The pieces with their notes. Figures of one line of a table share a note behind the last of them, as far as the sentence
/// goes: a mark at each would bury the sentence.
pub(super) fn noted(pieces: &[Piece]) -> Vec<Noted<'_>> {
    let mut noted = Vec::with_capacity(pieces.len() * 2);
    let mut open: Vec<&Source> = Vec::new();
    // Words since the last figure stand behind the note.
    let mut since = 0;
    for piece in pieces {
        match piece {
            Piece::Words(words) | Piece::Quoted(words) => {
                if words.contains('。') {
                    close(&mut noted, &mut open, &mut since);
                }
                noted.push(Noted::Words(words));
                since += 1;
            }
            Piece::Blank(words) => {
                noted.push(Noted::Blank(words));
                since += 1;
            }
            Piece::Figure(figure, source) => {
                if open.last().is_some_and(|last| last.at != source.at) {
                    close(&mut noted, &mut open, &mut since);
                }
                noted.push(Noted::Words(figure));
                open.push(source);
                since = 0;
            }
        }
    }
    close(&mut noted, &mut open, &mut since);
    noted
}

fn close(noted: &mut Vec<Noted<'_>>, open: &mut Vec<&Source>, since: &mut usize) {
    if !open.is_empty() {
        let at = noted.len().saturating_sub(*since);
        noted.insert(at, Noted::Note(told(open)));
    }
    open.clear();
    *since = 0;
}

/// `统计.xlsx“汇总”，“2022年度项目支出绩效目标”行，“已报单位”“已报项目”栏。` of sources of one line.
pub(super) fn told(sources: &[&Source]) -> String {
    let Some(place) = sources.first().map(|source| &source.at) else { return String::new() };
    let mut columns: Vec<&str> = Vec::new();
    for source in sources {
        if !source.column.is_empty() && !columns.contains(&source.column) {
            columns.push(source.column);
        }
    }
    if place.row == Row::Policy {
        return format!("本轮口径的设置 {}。", columns.join("、"));
    }
    let columns: String = columns.iter().map(|column| format!("“{column}”")).collect();
    let block = if place.block.is_empty() { String::new() } else { format!("“{}”", place.block) };
    let row = match &place.row {
        Row::Named(name) => format!("{block}“{name}”行"),
        Row::Total => format!("{block}合计行"),
        Row::All(what) if what.is_empty() => block,
        Row::All(what) => format!("{block}“{what}”各行"),
        Row::Lead => "表上方的说明".to_owned(),
        Row::Policy => String::new(),
    };
    let columns = if columns.is_empty() { columns } else { format!("{columns}栏") };
    let parts = [format!("统计.xlsx“{}”", place.table), row, columns];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{}。", parts.join("，"))
}

#[cfg(test)]
mod tests {
    use super::super::text::{Place, Sentences};
    use super::*;

    #[test]
    fn figures_of_one_line_share_a_note_within_their_sentence() {
        let place = |table, row| Place { table, block: String::new(), row };
        let (one, other) = (place("表1", Row::Total), place("表2", Row::All(String::new())));
        let mut sentences = Sentences::of("共");
        sentences.figure("56个", one.column("部门")).say("部门、").figure("92个", one.column("单位")).say("单位，");
        sentences.figure("2次", other.column("")).say("。又").figure("1个", other.column("")).say("。");
        let marks: Vec<String> = noted(&sentences.0)
            .into_iter()
            .map(|piece| match piece {
                Noted::Words(words) | Noted::Blank(words) => words.to_owned(),
                Noted::Note(note) => format!("[{note}]"),
            })
            .collect();
        assert_eq!(
            marks.concat(),
            "共56个部门、92个[统计.xlsx“表1”，合计行，“部门”“单位”栏。]单位，2次[统计.xlsx“表2”。]。又1个[统计.xlsx“表2”。]。"
        );
    }
}
