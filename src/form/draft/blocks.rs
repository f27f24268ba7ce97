//! Tables and grids of a sample: header rows, row labels, levels.

use super::words::find;
use super::{Drafter, Entry, Grid, Home, Sure, Table, says_the_same};
use crate::address::CellRef;
use crate::schema::FieldKind;
use crate::schema::concept::{self, column, field};
use crate::text::{bracketed, label_key, squeeze};

/// Rows of a table that are looked at: a form is not longer.
const LONGEST: u32 = 400;

impl Table {
    /// Whether 项目名称 is one of the columns beside indicators.
    pub(super) fn lists_projects(&self) -> bool {
        let is_project = |column: &Entry| column.id == field::PROJECT && column.home == Home::Field;
        self.id == concept::INDICATORS && self.columns.iter().any(is_project)
    }
}

impl Drafter<'_> {
    /// The table whose header begins in a row: the indicator table, or with `any` another.
    pub(super) fn table(&mut self, row: u32, any: bool) -> Option<Table> {
        let page = self.page;
        let known = |at: CellRef| self.column_word(at);
        let header = self.indicator_header(row);
        let indicators = header.is_some();
        let bottom = header.unwrap_or_else(|| row + u32::from(any && self.has_second_row(row)));
        let heads: Vec<CellRef> = self.header_boxes(row, bottom);
        let found = indicators || (any && self.heads_blank_rows(&heads, row, bottom));
        if !found {
            return None;
        }
        // What stands left of a list's 项目名称 tells of the project too; left of other indicators stands the block's label.
        let first = if indicators && !heads.iter().any(|at| self.is_project(*at)) {
            heads.iter().find(|at| known(**at).is_some())?.col
        } else {
            heads.iter().find(|at| indicators || page.sheet.span(**at).end.row == bottom)?.col
        };
        let label = page.boxes(row).take_while(|at| at.col < first).filter(|at| !page.is_blank(*at)).last();
        let label = label.map(|at| self.printed(at)).unwrap_or_default();
        let heads: Vec<CellRef> = heads.into_iter().filter(|at| at.col >= first).collect();
        let (heads, columns): (Vec<CellRef>, Vec<Entry>) = self.columns(&heads, indicators).into_iter().unzip();
        let groups = self.groups(row, bottom, &heads);
        let mut table = Table {
            id: self.block_id(if indicators { Some(concept::INDICATORS) } else { None }, &label, row),
            label: if label.is_empty() && indicators { "绩效指标".to_owned() } else { label },
            columns,
            groups,
            classes: Vec::new(),
            printed: Vec::new(),
            blank: 1,
            totals: Vec::new(),
            top: row,
            bottom,
        };
        self.body(&mut table, &heads);
        Some(table)
    }

    fn is_project(&self, at: CellRef) -> bool {
        find(&self.words.fields, &self.page.sheet.shown(at)).is_some_and(|word| word.id == field::PROJECT)
    }

    /// What a box names as a column of indicators.
    fn column_word(&self, at: CellRef) -> Option<&str> {
        find(&self.words.columns, &self.page.sheet.shown(at)).map(|word| word.id.as_str())
    }

    /// The last row of the indicator header that begins in a row; `None` where none does.
    pub(super) fn indicator_header(&self, row: u32) -> Option<u32> {
        let page = self.page;
        let names_levels = |row: u32| {
            let named: Vec<&str> = page.boxes(row).filter_map(|at| self.column_word(at)).collect();
            let levels = named.iter().filter(|id| id.starts_with("level")).count();
            levels >= 2 || (levels == 1 && named.contains(&column::TARGET) && named.len() >= 3)
        };
        if names_levels(row) {
            return Some(self.header_bottom(row));
        }
        // The levels may stand in the second row of a header whose other columns begin in the first.
        let begins_here = || page.boxes(row + 1).any(|at| at.row == row && self.column_word(at).is_some());
        (names_levels(row + 1) && begins_here()).then_some(row + 1)
    }

    /// The last row of a header: a level merged downward says that it has two.
    fn header_bottom(&self, row: u32) -> u32 {
        let page = self.page;
        let level =
            |at: &CellRef| find(&self.words.columns, &page.sheet.shown(*at)).is_some_and(|w| w.id.starts_with("level"));
        page.boxes(row).filter(level).map(|at| page.sheet.span(at).end.row).max().unwrap_or(row)
    }

    /// The boxes that name columns: those of the header's last row, and above blanks those of its first.
    fn header_boxes(&self, top: u32, bottom: u32) -> Vec<CellRef> {
        let page = self.page;
        let mut heads: Vec<CellRef> = Vec::new();
        for col in page.begun_columns() {
            let mut at = page.sheet.anchor(CellRef::new(bottom, col));
            if page.is_blank(at) && bottom > top {
                at = page.sheet.anchor(CellRef::new(top, col));
            }
            if at.row >= top && !page.is_blank(at) && heads.last() != Some(&at) {
                heads.push(at);
            }
        }
        heads
    }

    /// Whether a header that begins in a row goes on below: one box is two rows high, another wide over several boxes.
    fn has_second_row(&self, row: u32) -> bool {
        let page = self.page;
        let starting: Vec<CellRef> = page.filled(row).map(|(at, _)| at).collect();
        let high = starting.iter().filter(|at| page.sheet.span(**at).height() == 2).count();
        let covers = |at: &CellRef| {
            let span = page.sheet.span(*at);
            let under = page.filled(row + 1).filter(|(below, _)| (span.start.col..=span.end.col).contains(&below.col));
            span.height() == 1 && span.width() >= 2 && under.count() >= 2
        };
        high >= 1 && starting.iter().any(covers)
    }

    /// Whether at least three short texts side by side stand over boxes of their own width that are blank, or numbered.
    fn heads_blank_rows(&self, heads: &[CellRef], top: u32, bottom: u32) -> bool {
        let page = self.page;
        let stands_over = |at: &&CellRef| {
            let Some(under) = page.below(**at) else { return false };
            let (own, other) = (page.sheet.span(**at), page.sheet.span(under));
            let free = page.is_blank(under) || page.sheet.shown(under).trim().parse::<u32>().is_ok();
            own.start.col == other.start.col && own.end.col == other.end.col && free
        };
        let ends_here = |at: &&CellRef| at.row >= top && page.sheet.span(**at).end.row == bottom;
        let starting: Vec<&CellRef> = heads.iter().filter(ends_here).collect();
        // A label with its value in the same row is none of a header.
        let pairs = starting.iter().any(|at| page.right_of(**at).is_some_and(|right| page.is_blank(right)));
        starting.len() >= 3 && !pairs && starting.iter().filter(|at| stands_over(at)).count() >= 3
    }

    /// The columns with their headings; of headings that say the same the first. In a list some tell of the project: as
    /// fields, where no field above has said the same, and as its amounts, where no block of money stands above.
    fn columns(&mut self, heads: &[CellRef], indicators: bool) -> Vec<(CellRef, Entry)> {
        let mut columns: Vec<(CellRef, Entry)> = Vec::new();
        let list = indicators && heads.iter().any(|at| self.is_project(*at));
        for at in heads.iter().copied() {
            let label = self.printed(at);
            let words = self.words;
            let of_indicators =
                [(&words.columns, Home::Table), (&words.fields, Home::Field), (&words.amounts, Home::Amount)];
            let of_others =
                [(&words.other_columns, Home::Table), (&words.columns, Home::Table), (&words.fields, Home::Table)];
            let places = if indicators { of_indicators } else { of_others };
            let known = places.into_iter().find_map(|(words, home)| Some((find(words, &label)?.clone(), home)));
            let (word, home) = known.map_or((None, Home::Table), |(word, home)| (Some(word), home));
            let home = match (home, &word) {
                (Home::Amount, _) if !list || self.named.contains(concept::FUNDING) => Home::Table,
                (Home::Field, _) if !list => Home::Table,
                (Home::Field, Some(word)) if self.taken.contains(&word.id) => {
                    self.doubled.push(label);
                    continue;
                }
                (home, _) => home,
            };
            let others = columns.iter().map(|(_, entry)| entry).filter(|entry| entry.home == home);
            let Some(entry) = self.new_entry(others, label, word, "column") else { continue };
            if home == Home::Field {
                self.taken.push(entry.id.clone());
            }
            columns.push((at, Entry { home, ..entry }));
        }
        columns
    }

    /// Headings of the upper header row that cover several columns.
    fn groups(&self, top: u32, bottom: u32, heads: &[CellRef]) -> Vec<(String, usize, usize)> {
        let page = self.page;
        if bottom == top {
            return Vec::new();
        }
        let covers = |at: CellRef| {
            let span = page.sheet.span(at);
            let under = |head: &&CellRef| head.row > at.row && (span.start.col..=span.end.col).contains(&head.col);
            let first = heads.iter().position(|head| under(&head))?;
            let count = heads.iter().filter(under).count();
            (count >= 2).then(|| (self.printed(at), first, count))
        };
        page.filled(top).map(|(at, _)| at).filter_map(covers).collect()
    }

    /// The id of a grid or table: what it is, else what its label names, else the row where it begins. Each once.
    fn block_id(&mut self, known: Option<&str>, label: &str, row: u32) -> String {
        let is_free = |word: &&str| ![concept::INDICATORS, concept::FUNDING].contains(word);
        let named = || find(&self.words.blocks, label).map(|word| word.id.as_str()).filter(is_free);
        let id = known.or_else(named).filter(|id| !self.named.contains(*id));
        let id = id.map_or_else(|| format!("block_{}", row + 1), str::to_owned);
        self.named.insert(id.clone());
        id
    }

    /// What stands below the header: levels, printed rows, the row of totals.
    fn body(&mut self, table: &mut Table, heads: &[CellRef]) {
        let page = self.page;
        let place = |id: &str| {
            table.columns.iter().position(|column| column.id == id).and_then(|at| heads.get(at)).map(|at| at.col)
        };
        let (level1, level2, level3) = (place(column::LEVEL1), place(column::LEVEL2), place(column::LEVEL3));
        let is_indicators = table.id == concept::INDICATORS;
        let header = table.bottom;
        let last = (*page.rows().end()).min(header.saturating_add(LONGEST));
        let mut rows: Vec<u32> = Vec::new();
        for row in header + 1..=last {
            let first = page.filled(row).map(|(at, _)| at).next();
            let key = first.map_or("", |at| page.key(at));
            if self.words.totals.contains(key) {
                table.totals.push(first.map(|at| self.printed(at)).unwrap_or_default());
                table.bottom = row;
                break;
            }
            let closes = first.is_some_and(|at| {
                let text = squeeze(&page.sheet.shown(at));
                let span = page.sheet.span(at);
                let across = heads.last().is_some_and(|last| span.end.col >= last.col && span.width() > 1);
                let level = Some(at.col) == level1 || Some(at.col) == level2;
                let end = self.words.ends.contains(key);
                let foreign = !is_indicators && find(&self.words.fields, key).is_some();
                text.starts_with('注') || across || end || (foreign && !level)
            });
            if closes {
                break;
            }
            rows.push(row);
            table.bottom = row;
        }
        if let (true, Some(level1)) = (is_indicators, level1) {
            table.classes = self.classes(&rows, level1, level2);
        }
        // A scoring sheet prints its rows; an indicator form leaves them free or says `指标1`.
        let anchor = level3.or(level2).or_else(|| heads.first().map(|at| at.col));
        let says = |row: &u32| {
            anchor.is_some_and(|col| {
                let at = CellRef::new(*row, col);
                page.sheet.anchor(at) == at
                    && page.key(at).chars().filter(|c| !c.is_ascii_digit() && !"指标.…".contains(*c)).count() >= 2
            })
        };
        if level3.is_some() && rows.iter().filter(|row| says(row)).count() * 2 > rows.len() {
            let text = |row: u32, at: &CellRef| {
                let own = CellRef::new(row, at.col);
                if page.sheet.anchor(own) == own { page.sheet.shown(own).trim().to_owned() } else { String::new() }
            };
            table.printed = rows.iter().map(|row| heads.iter().map(|at| text(*row, at)).collect()).collect();
        } else if !is_indicators {
            table.blank = u32::try_from(rows.len()).unwrap_or(1).max(1);
        } else {
            let kinds: usize = table.classes.iter().map(|(_, subclasses)| subclasses.len().max(1)).sum();
            table.blank = u32::try_from(rows.len() / kinds.max(1)).unwrap_or(1).clamp(1, 5);
        }
    }

    /// The printed levels.
    fn classes(&mut self, rows: &[u32], level1: u32, level2: Option<u32>) -> Vec<(Entry, Vec<Entry>)> {
        let page = self.page;
        let own = |row: u32, col: u32| {
            let at = CellRef::new(row, col);
            (page.sheet.anchor(at) == at && !page.key(at).is_empty()).then_some(at)
        };
        let mut classes: Vec<(Entry, Vec<Entry>)> = Vec::new();
        // The class that the rows stand under.
        let mut current = 0;
        for row in rows {
            if let Some(at) = own(*row, level1) {
                let label = self.level(at);
                let word = find(&self.words.classes, &label).cloned();
                if let Some(earlier) = classes.iter().position(|(class, _)| says_the_same(class, &label, word.as_ref()))
                {
                    current = earlier;
                } else if !label_key(&label).is_empty() {
                    current = classes.len();
                    classes.push((self.entry(label, word, "class"), Vec::new()));
                }
            }
            let Some(at) = level2.and_then(|col| own(*row, col)) else { continue };
            let label = self.level(at);
            let word = find(&self.words.subclasses, &label).cloned();
            let mut all = classes.iter().flat_map(|(_, subs)| subs);
            let is_new = !label_key(&label).is_empty() && all.clone().all(|sub| sub.label != label);
            // Under another class the same words may stand for something else.
            let other = word.clone().filter(|word| all.all(|sub| sub.id != word.id));
            let Some((_, subclasses)) = classes.get_mut(current).filter(|_| is_new) else { continue };
            if !subclasses.iter().any(|sub| says_the_same(sub, &label, word.as_ref())) {
                subclasses.push(self.entry(label, other, "subclass"));
            }
        }
        classes
    }

    /// A level's label without the points in its brackets.
    fn level(&self, at: CellRef) -> String {
        let text = squeeze(&self.page.sheet.shown(at));
        match bracketed(&text) {
            Some(inside) if inside.contains('分') => label_key(&text),
            _ => text,
        }
    }

    /// The grid that begins in a row: headings over amounts or texts with labelled rows below, or labelled amounts beside one
    /// block label.
    pub(super) fn grid(&mut self, row: u32) -> Option<Grid> {
        let page = self.page;
        let block = page.filled(row).map(|(at, _)| at).next()?;
        let span = page.sheet.span(block);
        let heads: Vec<CellRef> =
            page.filled(row).map(|(at, _)| at).filter(|at| at.col > span.end.col && self.is_label(*at)).collect();
        let money = heads.iter().filter(|at| self.is_amount(**at)).count();
        let label_free = page.right_of(block).is_some_and(|right| page.is_blank(right));
        if money >= 2 || (span.height() >= 3 && heads.len() >= 2 && label_free) {
            return self.grid_of_columns(row, block, heads);
        }
        self.grid_of_pairs(block)
    }

    fn grid_of_columns(&mut self, row: u32, block: CellRef, heads: Vec<CellRef>) -> Option<Grid> {
        let page = self.page;
        let is_amount = |at: &CellRef| find(&self.words.amounts, &page.sheet.shown(*at)).is_some();
        let money = heads.iter().any(|at| self.is_amount(*at));
        let heads: Vec<CellRef> = if money {
            let first = heads.iter().find(|at| is_amount(at))?.col;
            heads.into_iter().filter(|at| at.col >= first).collect()
        } else {
            heads
        };
        let first = heads.first()?.col;
        let height = page.sheet.span(block).height();
        let end = if height > 1 { page.sheet.span(block).end.row } else { *page.rows().end() };
        let mut rows: Vec<Entry> = Vec::new();
        let mut bottom = row;
        for below in row + 1..=end {
            let label = page
                .boxes(below)
                .take_while(|at| at.col < first)
                .filter(|at| at.row == below && !page.is_blank(*at))
                .last();
            let Some(label) = label.filter(|at| self.is_label(*at)) else { break };
            let known = find(&self.words.lines, &page.sheet.shown(label)).cloned();
            if height == 1 && known.is_none() {
                break;
            }
            let label = self.printed(label);
            rows.extend(self.new_entry(rows.iter(), label, known, "line"));
            bottom = below;
        }
        if rows.is_empty() {
            return None;
        }
        let mut columns: Vec<Entry> = Vec::new();
        for at in heads {
            let label = self.printed(at);
            let word = find(&self.words.amounts, &label).cloned();
            columns.extend(self.new_entry(columns.iter(), label, word, "column"));
        }
        let label = squeeze(&page.sheet.shown(block));
        let id = self.block_id(if money { Some(concept::FUNDING) } else { None }, &label, row);
        Some(Grid { id, label, rows, columns, top: row, bottom })
    }

    /// Whether a heading stands over amounts of money or rates.
    fn is_amount(&self, at: CellRef) -> bool {
        let word = find(&self.words.amounts, &self.page.sheet.shown(at));
        word.is_some_and(|word| matches!(word.kind, FieldKind::Amount | FieldKind::Rate))
    }

    /// `项目资金（万元）` beside `年度资金总额 | `, `其中：财政拨款 | `: one amount a row.
    fn grid_of_pairs(&mut self, block: CellRef) -> Option<Grid> {
        let page = self.page;
        let span = page.sheet.span(block);
        if span.height() < 2 {
            return None;
        }
        let mut rows: Vec<Entry> = Vec::new();
        for row in span.start.row..=span.end.row {
            let label = page.filled(row).map(|(at, _)| at).find(|at| at.col > span.end.col)?;
            let word = find(&self.words.lines, &page.sheet.shown(label)).cloned()?;
            if !page.right_of(label).is_some_and(|value| page.is_blank(value))
                || rows.iter().any(|row| row.id == word.id)
            {
                return None;
            }
            let label = self.printed(label);
            let entry = self.entry(label, Some(word), "line");
            rows.push(entry);
        }
        let amount = Entry {
            id: concept::amount::BUDGET.to_owned(),
            label: "金额".to_owned(),
            kind: FieldKind::Amount,
            choices: Vec::new(),
            sure: Sure::Middle,
            home: Home::Amount,
        };
        let label = squeeze(&page.sheet.shown(block));
        Some(Grid {
            id: self.block_id(Some(concept::FUNDING), &label, span.start.row),
            label,
            rows,
            columns: vec![amount],
            top: span.start.row,
            bottom: span.end.row,
        })
    }
}
