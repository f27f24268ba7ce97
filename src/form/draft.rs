//! A schema drafted from a blank sample of a form: title, labels, blocks and levels as they are printed, each with how sure
//! the guess is. A person corrects it.
//!
//! What a label means is known from the schemas at hand; what none of them prints gets an id of its own.

mod blocks;
mod toml;
mod words;

use std::collections::BTreeSet;

use self::words::{Word, Words, find};
use super::extent::Extent;
use super::page::Page;
use crate::address::CellRef;
use crate::ooxml::Limits;
use crate::schema::concept::{INDICATORS, column};
use crate::schema::{Catalog, Choice, FieldKind, Stage, Subject};
use crate::text::{label_key, one_line, squeeze};
use crate::value::Measure;
use crate::workbook::Sheet;

/// How sure a guess is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sure {
    /// The words are known.
    High,
    /// The place speaks for it.
    Middle,
    /// A mere guess.
    Low,
}

/// A labelled value.
#[derive(Debug, Clone, PartialEq)]
struct Field {
    entry: Entry,
    cell: CellRef,
}

/// An entry of the schema: what it is called and printed as.
#[derive(Debug, Clone, PartialEq)]
struct Entry {
    id: String,
    label: String,
    kind: FieldKind,
    choices: Vec<Choice>,
    sure: Sure,
    /// Where a table's column belongs: in a list some are fields or amounts of the project.
    home: Home,
}

/// Where a table's column belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Home {
    Table,
    Field,
    Amount,
}

/// A block of the printed form.
#[derive(Debug, Clone, PartialEq)]
enum Block {
    Fields(Vec<Field>),
    Heads { label: String, fields: Vec<Field> },
    Grid(Grid),
    Table(Table),
}

#[derive(Debug, Clone, PartialEq)]
struct Grid {
    id: String,
    label: String,
    rows: Vec<Entry>,
    columns: Vec<Entry>,
    top: u32,
    bottom: u32,
}

#[derive(Debug, Clone, PartialEq)]
struct Table {
    id: String,
    label: String,
    columns: Vec<Entry>,
    /// Headings over several columns: label and how many columns from which on.
    groups: Vec<(String, usize, usize)>,
    /// First-level classes with their second-level ones.
    classes: Vec<(Entry, Vec<Entry>)>,
    /// Rows that come printed.
    printed: Vec<Vec<String>>,
    /// Blank rows; of the indicator table, for each second-level class.
    blank: u32,
    totals: Vec<String>,
    top: u32,
    bottom: u32,
}

/// A schema drafted from a sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    title: Option<(CellRef, String)>,
    lead: Option<String>,
    stage: (Stage, Sure),
    subject: (Subject, Sure),
    list: bool,
    landscape: bool,
    blocks: Vec<Block>,
    notes: Vec<String>,
    signature: Vec<Field>,
    /// Labels that say the same as one taken before, and so were left out.
    doubled: Vec<String>,
}

impl Draft {
    /// A draft for the first form on a sheet, guessed from the words of the catalog; `None` for a sheet without content.
    #[must_use]
    pub fn of_sheet(sheet: &Sheet, catalog: &Catalog) -> Option<Self> {
        let page = Page::new(sheet, Extent::of(sheet, Limits::default().boxes)?);
        let words = Words::of(catalog);
        Some(
            Drafter {
                page: &page,
                words: &words,
                taken: Vec::new(),
                named: BTreeSet::new(),
                doubled: Vec::new(),
                unknown: 0,
            }
            .draft(),
        )
    }

    /// The draft as a schema file, every guess with a comment that says how sure it is and why.
    #[must_use]
    pub fn to_toml(&self) -> String {
        toml::write(self)
    }
}

/// Whether a label, or the word it is known for, is that of an entry.
fn says_the_same(entry: &Entry, label: &str, word: Option<&Word>) -> bool {
    label_key(&entry.label) == label_key(label) || word.is_some_and(|word| word.id == entry.id)
}

/// The stage that the columns of the indicator table speak of, where the title names none.
fn stage_of(blocks: &[Block]) -> (Stage, Sure) {
    let has = |id: &str| {
        blocks.iter().any(|block| match block {
            Block::Table(table) => table.id == INDICATORS && table.columns.iter().any(|column| column.id == id),
            _ => false,
        })
    };
    if has(column::FORECAST) || has(column::POSSIBILITY) {
        (Stage::Monitoring, Sure::Middle)
    } else if has(column::ACTUAL) {
        (Stage::SelfEvaluation, Sure::Middle)
    } else {
        (Stage::Target, Sure::Low)
    }
}

struct Drafter<'a> {
    page: &'a Page<'a>,
    words: &'a Words,
    /// Field concepts, and labels of no known concept, that were met before.
    taken: Vec<String>,
    /// Ids of the grids and tables so far.
    named: BTreeSet<String>,
    doubled: Vec<String>,
    /// Entries that no known word fits, so far.
    unknown: usize,
}

impl Drafter<'_> {
    fn draft(mut self) -> Draft {
        let page = self.page;
        let title = page.rows().take(12).find_map(|row| page.title(row)).or_else(|| self.first_line());
        let title = title.map(|at| (at, one_line(&page.sheet.shown(at))));
        let title_text = title.as_ref().map_or("", |(_, text)| text.as_str());
        let lead = title.as_ref().and_then(|(at, _)| {
            let above = (*page.rows().start()..at.row).flat_map(|row| page.filled(row));
            above.map(|(at, _)| one_line(&page.sheet.shown(at))).find(|text| text.chars().count() <= 30)
        });
        let top = title.as_ref().map_or(*page.rows().start(), |(at, _)| page.sheet.span(*at).end.row + 1);
        let (mut blocks, end) = self.blocks(top);
        let (notes, signature) = self.foot(end, &mut blocks);
        let list = blocks.iter().any(|block| matches!(block, Block::Table(table) if table.lists_projects()));
        let columns = page.begun_columns().count();
        Draft {
            stage: Stage::named_in(title_text).map_or_else(|| stage_of(&blocks), |stage| (stage, Sure::High)),
            subject: Subject::named_in(title_text)
                .map_or((Subject::Project, Sure::Low), |subject| (subject, Sure::High)),
            title,
            lead,
            list,
            landscape: columns > 10,
            blocks,
            notes,
            signature,
            doubled: self.doubled,
        }
    }

    /// A text that stands alone in one of the first rows.
    fn first_line(&self) -> Option<CellRef> {
        let alone = |row: u32| {
            let mut filled = self.page.filled(row).map(|(at, _)| at);
            filled.next().filter(|_| filled.next().is_none())
        };
        self.page.rows().take(4).find_map(alone).filter(|at| !self.page.key(*at).is_empty())
    }

    /// A field under this label; `None` where another label has said the same before.
    fn field(&mut self, cell: CellRef, value: Option<CellRef>) -> Option<Field> {
        let label = self.printed(cell);
        let word = find(&self.words.fields, &label).cloned();
        let choices = value.map(|at| ticks(&self.page.sheet.shown(at))).unwrap_or_default();
        let key = label_key(&label);
        let id = word.as_ref().map_or(key.as_str(), |word| word.id.as_str()).to_owned();
        if key.is_empty() {
            return None;
        }
        if self.taken.contains(&id) {
            self.doubled.push(label);
            return None;
        }
        self.taken.push(id);
        let mut entry = self.entry(label, word, "field");
        if entry.kind != FieldKind::Choice && choices.len() >= 2 {
            (entry.kind, entry.choices) = (FieldKind::Choice, choices);
        }
        Some(Field { entry, cell })
    }

    /// An entry for a label: what its word names, else an id of its own.
    fn entry(&mut self, label: String, word: Option<Word>, stem: &str) -> Entry {
        match word {
            Some(Word { id, kind, choices }) => Entry { id, label, kind, choices, sure: Sure::High, home: Home::Table },
            None => {
                self.unknown += 1;
                let id = format!("{stem}_{}", self.unknown);
                Entry { id, label, kind: FieldKind::Text, choices: Vec::new(), sure: Sure::Low, home: Home::Table }
            }
        }
    }

    /// An entry for a label among those of its list; `None` where one of them says the same, or where it says nothing.
    fn new_entry<'e>(
        &mut self,
        mut others: impl Iterator<Item = &'e Entry>,
        label: String,
        word: Option<Word>,
        stem: &str,
    ) -> Option<Entry> {
        if label_key(&label).is_empty() {
            return None;
        }
        if others.any(|entry| says_the_same(entry, &label, word.as_ref())) {
            self.doubled.push(label);
            return None;
        }
        Some(self.entry(label, word, stem))
    }

    /// The label of a box as a schema prints it: on one line, without what is typed behind its colon.
    fn printed(&self, at: CellRef) -> String {
        let text = squeeze(&self.page.sheet.shown(at));
        let lead = if text.starts_with("其中:") { "其中:".len() } else { 0 };
        let end = text.get(lead..).and_then(|rest| rest.find(':')).map_or(text.len(), |colon| lead + colon);
        text.get(..end).unwrap_or(&text).trim_start_matches('*').to_owned()
    }

    /// Whether a box holds a short text that may be a label.
    fn is_label(&self, at: CellRef) -> bool {
        let label = self.printed(at);
        let is_figure = Measure::parse(&label).is_some();
        let is_sentence = label.contains(['。', ',', ';']);
        !self.page.key(at).is_empty() && label.chars().count() <= 24 && !is_figure && !is_sentence
    }

    /// The blocks from a row on, and the first row below the last of them.
    fn blocks(&mut self, top: u32) -> (Vec<Block>, u32) {
        let mut blocks = Vec::new();
        let last = *self.page.rows().end();
        let mut row = top;
        let mut end = top;
        while row <= last {
            // A second table of indicators belongs to the next form.
            if self.named.contains(INDICATORS) && self.indicator_header(row).is_some() {
                break;
            }
            if let Some(table) = self.table(row, false) {
                row = table.bottom + 1;
                blocks.push(Block::Table(table));
            } else if let Some(grid) = self.grid(row) {
                row = grid.bottom + 1;
                blocks.push(Block::Grid(grid));
            } else if let Some(table) = self.table(row, true) {
                row = table.bottom + 1;
                blocks.push(Block::Table(table));
            } else if let Some((block, next)) = self.heads(row) {
                row = next;
                blocks.push(block);
            } else {
                let fields = self.row_of_fields(row);
                row += 1;
                if fields.is_empty() {
                    continue;
                }
                blocks.push(Block::Fields(fields));
            }
            end = row;
        }
        (blocks, end)
    }

    /// Labels of a row with their values beside them: known ones, and short texts with room beside them. What stands beside a
    /// known label is its value, be it filled.
    fn row_of_fields(&mut self, row: u32) -> Vec<Field> {
        let page = self.page;
        let starting: Vec<CellRef> = page.filled(row).map(|(at, _)| at).collect();
        let mut fields = Vec::new();
        let mut value_of_last = None;
        for at in starting {
            if value_of_last == Some(at) {
                continue;
            }
            let value = page.right_of(at);
            let text = squeeze(&page.sheet.shown(at));
            let word = find(&self.words.fields, &text);
            let free = value.is_none_or(|value| page.is_blank(value) || !ticks(&page.sheet.shown(value)).is_empty());
            let is_note = text.starts_with('注') || text.starts_with("填报说明") || text.starts_with("填表说明");
            // The year and unit of money have their own place about the title.
            let about = text.contains("年度)") || word.is_some_and(|word| word.kind == FieldKind::MoneyUnit);
            if self.is_label(at) && (free || word.is_some()) && !is_note && ticks(&text).is_empty() && !about {
                value_of_last = value
                    .filter(|value| word.is_some() && find(&self.words.fields, &page.sheet.shown(*value)).is_none());
                fields.extend(self.field(at, value));
            }
        }
        fields
    }

    /// Headings side by side, each over a blank box of its own width, and the row below them.
    fn heads(&mut self, row: u32) -> Option<(Block, u32)> {
        let page = self.page;
        let below = |at: CellRef| {
            let under = page.below(at)?;
            let (own, other) = (page.sheet.span(at), page.sheet.span(under));
            // A sample may be filled; a label with room beside it has its value there.
            let room = page.right_of(at).is_some_and(|right| page.is_blank(right));
            let is_text =
                page.is_blank(under) || (!room && find(&self.words.fields, &page.sheet.shown(under)).is_none());
            (own.start.col == other.start.col && own.end.col == other.end.col && is_text).then_some(under)
        };
        let known = |at: CellRef| find(&self.words.fields, &page.sheet.shown(at)).is_some();
        let heads: Vec<CellRef> = page
            .filled(row)
            .map(|(at, _)| at)
            .filter(|at| self.is_label(*at) && page.sheet.span(*at).height() == 1 && below(*at).is_some() && known(*at))
            .collect();
        let wide = heads.iter().any(|at| page.sheet.span(*at).width() > 1);
        if heads.is_empty() || !wide {
            return None;
        }
        let first = heads.first().map_or(0, |at| at.col);
        let label = page.boxes(row).take_while(|at| at.col < first).filter(|at| !page.is_blank(*at)).last();
        let label = label.map(|at| self.printed(at)).unwrap_or_default();
        let next = heads.iter().filter_map(|at| below(*at)).map(|at| page.sheet.span(at).end.row + 1).max()?;
        let fields: Vec<Field> = heads.into_iter().filter_map(|at| self.field(at, None)).collect();
        Some((Block::Heads { label, fields }, next))
    }

    /// Notes and the line of signatures below the last block. A row of fields at the very end without room for values is the
    /// line of signatures.
    fn foot(&self, end: u32, blocks: &mut Vec<Block>) -> (Vec<String>, Vec<Field>) {
        let page = self.page;
        let text = |at: CellRef| page.sheet.shown(at).trim().to_owned();
        let notes = page.begun(page.rows()).flat_map(|row| page.filled(row)).map(|(at, _)| at).filter(|at| {
            let squeezed = squeeze(&text(*at));
            squeezed.starts_with('注') || squeezed.starts_with("填报说明") || squeezed.starts_with("填表说明")
        });
        let mut notes: Vec<String> = notes.map(text).collect();
        let further = page.begun(end..=*page.rows().end()).flat_map(|row| page.filled(row)).map(|(at, _)| text(at));
        notes.extend(further.filter(|text| text.chars().count() > 24 && !notes.contains(text)).collect::<Vec<_>>());
        let signs = |fields: &[Field]| {
            let signed = |field: &Field| {
                ["人", "电话", "日期", "时间", "签字", "盖章"]
                    .iter()
                    .any(|word| label_key(&field.entry.label).ends_with(word))
            };
            !fields.is_empty() && fields.iter().all(signed)
        };
        let is_signature = blocks.len() > 1 && matches!(blocks.last(), Some(Block::Fields(fields)) if signs(fields));
        match blocks.pop_if(|_| is_signature) {
            Some(Block::Fields(fields)) => (notes, fields),
            _ => (notes, Vec::new()),
        }
    }
}

/// The answers of a box to tick, `□新增 □延续`; none where it has no boxes.
fn ticks(text: &str) -> Vec<Choice> {
    let squeezed = squeeze(text);
    let marks = ['□', '☐', '☑', '√', '■'];
    if !squeezed.contains(marks) {
        return Vec::new();
    }
    let labels = squeezed.split(marks).map(label_key).filter(|label| !label.is_empty());
    let choice = |(at, label): (usize, String)| Choice {
        id: format!("choice_{}", at + 1),
        label: label.clone(),
        labels: vec![label],
    };
    labels.enumerate().map(choice).collect()
}
