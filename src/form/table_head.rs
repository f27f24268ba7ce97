//! The header of a table: where it stands and what its columns mean.

use std::collections::BTreeMap;

use super::choice;
use super::lexicon::Lexicon;
use super::page::Page;
use super::reading::{self, Habits};
use super::record::{ColumnHead, Field};
use crate::address::CellRef;
use crate::schema::concept::{self, column};
use crate::schema::{ColumnSpec, FieldKind, TableSpec};
use crate::text::{bracketed, squeeze};

/// Where the header of a table stands and what its columns mean.
#[derive(Debug, Clone)]
pub(super) struct TableHead {
    /// Which table of the schema it heads.
    pub(super) table: usize,
    /// The row of the header in which most columns are named; the body starts below it.
    pub(super) row: u32,
    /// Column concept → zero-based column on the sheet.
    pub(super) columns: BTreeMap<String, u32>,
    /// The same for a second, longer horizon (中期 beside 年度), where the form prints one.
    pub(super) term: BTreeMap<String, u32>,
    /// Column concept → the headings of its answers, where each has a column of its own to tick.
    pub(super) answers: BTreeMap<String, Vec<CellRef>>,
    /// Header texts that no word of the schema fits.
    pub(super) unknown: Vec<CellRef>,
}

/// The header of a table of the schema among the rows; `None` where there is none.
pub(super) fn find(
    page: &Page<'_>,
    rows: impl Iterator<Item = u32>,
    lexicon: &Lexicon,
    table: usize,
) -> Option<TableHead> {
    let spec = lexicon.schema.tables.get(table)?;
    let enough = |concepts: &[&str]| {
        if spec.id == concept::INDICATORS {
            let levels = concepts.iter().filter(|id| id.starts_with("level")).count();
            return levels >= 2 || (levels == 1 && concepts.contains(&column::TARGET) && concepts.len() >= 3);
        }
        let required = || spec.columns.iter().filter(|column| column.required);
        let named = required().filter(|column| concepts.contains(&&*column.id)).count();
        concepts.len() >= 2 && 2 * named >= required().count()
    };
    let mut best: Option<(usize, u32)> = None;
    for row in rows {
        let heads = page.boxes(row).filter_map(|at| Some((at, named(page, at, lexicon, table)?)));
        let (mut concepts, mut starts_here): (Vec<&str>, bool) = (Vec::new(), false);
        for (at, column) in heads {
            concepts.push(&column.id);
            starts_here |= at.row == row;
        }
        concepts.sort_unstable();
        concepts.dedup();
        if enough(&concepts)
            && starts_here
            && best.is_none_or(|(count, found)| concepts.len() > count || (concepts.len() == count && row == found + 1))
        {
            best = Some((concepts.len(), row));
        }
    }
    let (_, row) = best?;
    // A level merged downward says that the header has a second row.
    let merged = |spec: &ColumnSpec| spec.id.starts_with("level") || spec.required;
    let levels = page.boxes(row).filter(|at| named(page, *at, lexicon, table).is_some_and(merged));
    let row = levels.map(|at| page.sheet.span(at).end.row).max().unwrap_or(row);
    let row = if has_lower_row(page, row, lexicon, table) { row + 1 } else { row };
    Some(read(page, row, lexicon, table))
}

/// Whether the header goes on in the next row without being merged: all that stands there names columns or answers.
fn has_lower_row(page: &Page<'_>, row: u32, lexicon: &Lexicon, table: usize) -> bool {
    let heads =
        |at: CellRef| named(page, at, lexicon, table).is_some() || answer_of(page, at, lexicon, table).is_some();
    let below: Vec<CellRef> = page.filled(row + 1).map(|(at, _)| at).collect();
    below.len() >= 2 && below.iter().all(|at| heads(*at))
}

/// Whether a row prints the header again: it names at least three columns.
pub(super) fn is_repeated(page: &Page<'_>, row: u32, lexicon: &Lexicon, table: usize) -> bool {
    page.filled(row).filter(|(at, _)| named(page, *at, lexicon, table).is_some()).count() >= 3
}

/// Whether the first box of a row closes the table: a label that ends it, or a note.
pub(super) fn closes(page: &Page<'_>, first: CellRef, spec: &TableSpec) -> bool {
    let key = page.key(first);
    let ends = |end: &String| key == end || (end.chars().count() >= 2 && key.starts_with(end.as_str()));
    let text = squeeze(&page.sheet.shown(first));
    let notes = ["注:", "注1", "备注:", "说明:", "填报说明", "填表说明"];
    spec.ends.iter().any(ends) || notes.iter().any(|note| text.starts_with(note))
}

/// The column of a table that the box at an address names.
pub(super) fn named<'a>(page: &Page<'_>, at: CellRef, lexicon: &'a Lexicon, table: usize) -> Option<&'a ColumnSpec> {
    let key = page.key(at);
    if key.is_empty() {
        return None;
    }
    lexicon.column(table, key, page.first_key(at))
}

/// The header that ends in a row.
pub(super) fn read(page: &Page<'_>, row: u32, lexicon: &Lexicon, table: usize) -> TableHead {
    // Concept → the headings it was found under.
    let mut found: BTreeMap<String, Vec<Heading>> = BTreeMap::new();
    let mut unknown = Vec::new();
    let mut answers: BTreeMap<String, Vec<CellRef>> = BTreeMap::new();
    let mut last = None;
    for col in page.begun_columns() {
        let mut at = page.sheet.anchor(CellRef::new(row, col));
        // An unmerged header of two rows: what the lower row leaves blank stands above.
        if page.is_blank(at)
            && let Some(upper) = page.above(at)
            && named(page, upper, lexicon, table).is_some()
        {
            at = upper;
        }
        if last.replace(at) == Some(at) || page.is_blank(at) {
            continue;
        }
        match named(page, at, lexicon, table) {
            Some(spec) => {
                let rank = spec.labels.iter().position(|label| label == page.key(at)).unwrap_or(usize::MAX);
                let measure = spec.kind == FieldKind::Measure;
                let text = squeeze(&page.sheet.shown(at));
                found.entry(spec.id.clone()).or_default().push(Heading { col, rank, measure, text });
            }
            None => match answer_of(page, at, lexicon, table) {
                Some(spec) => answers.entry(spec.id.clone()).or_default().push(at),
                // What stands left of the levels names the block.
                None if !found.is_empty() => unknown.push(at),
                None => {}
            },
        }
    }
    let mut columns = BTreeMap::new();
    let mut term = BTreeMap::new();
    for (id, places) in found {
        let chosen = chosen(&places);
        let horizon = |other: &&Heading| Some(other.col) != chosen && is_horizon(other, &places);
        if let Some(other) = places.iter().find(horizon) {
            term.insert(id.clone(), other.col);
        }
        if let Some(col) = chosen {
            columns.insert(id, col);
        }
    }
    answers.retain(|id, _| !columns.contains_key(id));
    for (id, heads) in &answers {
        columns.extend(heads.first().map(|head| (id.clone(), head.col)));
    }
    TableHead { table, row, columns, term, answers, unknown }
}

/// A heading that names a column.
struct Heading {
    col: u32,
    /// How good its label is for the concept, best 0.
    rank: usize,
    /// Whether values stand under it.
    measure: bool,
    text: String,
}

/// Of several columns of one concept the one that counts: of two horizons the year, of two different labels the better
/// one, of two values the later one (年初指标值 and 调整指标值).
fn chosen(places: &[Heading]) -> Option<u32> {
    let of_year = |heading: &&Heading| bracketed(&heading.text).is_some_and(|inside| inside.contains("年度"));
    let longer =
        |heading: &Heading| ["实施期", "中期", "长期", "全周期"].iter().any(|word| heading.text.contains(word));
    if let Some(yearly) = places.iter().find(of_year) {
        return Some(yearly.col);
    }
    let shorter: Vec<&Heading> = places.iter().filter(|heading| !longer(heading)).collect();
    let measured = shorter.iter().any(|heading| heading.measure);
    let best = shorter.iter().map(|heading| heading.rank).min();
    // 88号 prints 中期 on the left and 年度 on the right under the same labels.
    let last = shorter.iter().rfind(|heading| measured || Some(heading.rank) == best).copied();
    last.or(places.last()).map(|heading| heading.col)
}

/// Whether a heading beside the one that counts is that of another horizon, and no other word for the same concept.
fn is_horizon(heading: &Heading, places: &[Heading]) -> bool {
    heading.measure || places.iter().filter(|other| other.rank == heading.rank).count() > 1
}

/// The column whose answers have a column each to tick: 确定能, 有可能 and 完全不可能, known as such or by the merged
/// heading 完成目标可能性 above.
fn answer_of<'a>(page: &Page<'_>, at: CellRef, lexicon: &'a Lexicon, table: usize) -> Option<&'a ColumnSpec> {
    let spec = lexicon.schema.tables.get(table)?;
    let key = page.key(at);
    let answers = |column: &&ColumnSpec| column.choices.iter().any(|choice| choice.labels.iter().any(|l| l == key));
    if let Some(column) = spec.columns.iter().find(answers).filter(|_| !key.is_empty()) {
        return Some(column);
    }
    let above = page.above(at)?;
    let wide = page.sheet.span(above).width() > page.sheet.span(at).width();
    let ticked = |spec: &&ColumnSpec| wide && matches!(spec.kind, FieldKind::Text | FieldKind::Choice);
    named(page, above, lexicon, table).filter(ticked)
}

/// The heading of a column as printed: of an unmerged header of two rows the upper one where the lower one is blank.
pub(super) fn heading(page: &Page<'_>, header: &TableHead, col: u32) -> ColumnHead {
    let at = page.sheet.anchor(CellRef::new(header.row, col));
    page.head(if page.is_blank(at) { page.above(at).unwrap_or(at) } else { at })
}

/// What is ticked in a row under the answers of a column: the cell and the heading's words; `None` where nothing is.
pub(super) fn ticked(
    page: &Page<'_>,
    row: u32,
    heads: &[CellRef],
    spec: &ColumnSpec,
    habits: Habits<'_>,
) -> Option<Field> {
    let cells = heads.iter().map(|head| (*head, CellRef::new(row, head.col)));
    let ticked: Vec<_> = cells.filter(|(_, at)| choice::is_ticked(&page.sheet.shown(*at))).collect();
    let (_, at) = ticked.first()?;
    let words: Vec<String> = ticked.iter().map(|(head, _)| squeeze(&page.sheet.shown(*head))).collect();
    let mut answer = reading::part(*at, &words.join("、"), FieldKind::Text, habits);
    if words.len() > 1 {
        answer.reading = choice::several(&words.iter().map(|word| format!("“{word}”")).collect::<Vec<_>>());
        return Some(answer);
    }
    Some(choice::answer(answer, &spec.choices))
}

/// Whether the template printed a name and nobody replaced it: `指标2`, `任务1：`, `……`. `stems` are the words before the
/// number.
pub(super) fn is_leftover(text: &str, stems: &[&str]) -> bool {
    let squeezed = squeeze(text);
    match stems.iter().find_map(|stem| squeezed.strip_prefix(stem)) {
        Some(rest) => rest.chars().all(|c| c.is_ascii_digit() || "….·:、。—-_一二三四五六七八九十".contains(c)),
        None => !squeezed.is_empty() && squeezed.chars().all(|c| "….·—-_。".contains(c)),
    }
}
