//! Sheets that nobody would draw: labels, boxes and figures of the vocabulary thrown together, and good forms with cells
//! struck by them. Reading, drafting and judging must come to an end, and a draft must be a schema.
//!
//! Deterministic: the sheets come from a counter, not from chance.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use jixiao::address::{CellRange, CellRef};
use jixiao::form::{Draft, Reader};
use jixiao::policy::Policy;
use jixiao::rules::{self, RULES};
use jixiao::schema::{Catalog, SourceFile};
use jixiao::workbook::{Cell, Sheet, Visibility, sheet_from_text};

/// Random sheets, and random blows to each good form.
const SHEETS: u64 = 60;
const BLOWS: u64 = 2;

/// Figures at the edges of what counts as a number, and what only looks like one.
const FIGURES: [&str; 24] = [
    "0",
    "-1",
    "100",
    "120%",
    "99999999999999",
    "100000000000000",
    "-100000000000000",
    "1e30",
    "0.0000000000000000000000000001",
    "0.00000000000001",
    "1,234.5",
    "≥95%",
    "≤0",
    "12个",
    "100000000000000%",
    "1-12月",
    "20/20",
    "2026",
    "#DIV/0!",
    "—",
    "万元",
    "10个/年",
    "0分",
    "99999999999999999999999999999999",
];

/// Answers, prompts, and characters that do not show.
const ODDITIES: [&str; 22] = [
    "□",
    "☑是 □否",
    "□优 □良 ☑中 ☑差",
    "√",
    "（盖章）",
    "合计：13个项目，74263万元",
    "合计",
    "小计",
    "820-某部门",
    "820001-某单位",
    "1.",
    "：",
    "其中：",
    "其中：：",
    "\"\"\"'''\\\\",
    "\u{202e}单位\u{200b}名称",
    "\u{1}\u{7f}",
    "ｗｉｄｅ　：　值",
    "注：1.",
    "附件1",
    "澄岚区2026年度项目支出绩效自评表",
    "{ } [ ] # = ,",
];

/// A sequence that is the same on every machine (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % sides as u64).expect("below `sides`")
    }

    fn index(&mut self, sides: u32) -> u32 {
        u32::try_from(self.roll(sides as usize)).expect("below `sides`")
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.roll(words.len())]
    }
}

/// Every label that the schemas print.
fn labels(catalog: &Catalog) -> Vec<&str> {
    let mut labels = Vec::new();
    for schema in &catalog.schemas {
        labels.push(schema.title.as_str());
        labels.extend(schema.fields.iter().map(|field| field.label.as_str()));
        for grid in &schema.grids {
            labels.extend(grid.rows.iter().map(|row| row.label.as_str()));
            labels.extend(grid.columns.iter().map(|column| column.label.as_str()));
        }
        labels.extend(schema.tables.iter().flat_map(|table| &table.columns).map(|column| column.label.as_str()));
        let classes = schema.indicators.iter().flat_map(|indicators| &indicators.classes);
        labels.extend(classes.map(|class| class.label.as_str()));
    }
    labels
}

fn cell(dice: &mut Dice, labels: &[&str]) -> Cell {
    let text = match dice.roll(6) {
        0..=2 => dice.pick(labels),
        3 | 4 => dice.pick(&FIGURES),
        _ => dice.pick(&ODDITIES),
    };
    match text.parse() {
        Ok(number) => Cell::number(number),
        Err(_) if dice.roll(8) == 0 => Cell::text(format!("{}：{text}", dice.pick(labels))),
        Err(_) => Cell::text(text),
    }
}

/// Merges anywhere, over one another too: what a damaged file holds.
fn merges(dice: &mut Dice, count: usize, rows: u32, columns: u32) -> Vec<CellRange> {
    let mut merge = || {
        let start = CellRef::new(dice.index(rows), dice.index(columns));
        CellRange::new(start, CellRef::new(start.row + dice.index(4), start.col + dice.index(4)))
    };
    (0..count).map(|_| merge()).collect()
}

fn random_sheet(dice: &mut Dice, labels: &[&str]) -> Sheet {
    let (rows, columns) = (1 + dice.index(24), 1 + dice.index(10));
    let mut cells = BTreeMap::new();
    for at in (0..rows).flat_map(|row| (0..columns).map(move |col| CellRef::new(row, col))) {
        if dice.roll(3) > 0 {
            cells.insert(at, cell(dice, labels));
        }
    }
    let count = dice.roll(8);
    Sheet::new("表", Visibility::Visible, cells, merges(dice, count, rows, columns))
}

/// A form with some of its cells struck; the head is left, so that it is still known.
fn struck(dice: &mut Dice, labels: &[&str], sheet: &Sheet) -> Sheet {
    let end = sheet.used().expect("a form").end;
    let mut cells: BTreeMap<CellRef, Cell> = sheet.cells().map(|(at, cell)| (at, cell.clone())).collect();
    for at in cells.keys().copied().collect::<Vec<_>>() {
        if at.row > 2 && dice.roll(7) == 0 {
            cells.insert(at, cell(dice, labels));
        }
    }
    for _ in 0..12 {
        // Where a form asks for figures, mostly.
        let at = CellRef::new(3 + dice.index(end.row), dice.index(end.col + 2));
        let text = dice.pick(&FIGURES);
        cells.insert(at, text.parse().map_or_else(|_| Cell::text(text), Cell::number));
    }
    let count = dice.roll(3);
    let merges = sheet.merges().iter().copied().chain(merges(dice, count, end.row + 1, end.col + 1)).collect();
    Sheet::new("表", Visibility::Visible, cells, merges)
}

/// The good forms of the case files.
fn good_forms() -> Vec<Sheet> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/forms");
    let mut paths = Vec::new();
    for folder in fs::read_dir(root).expect("the case files") {
        let files = fs::read_dir(folder.expect("an entry").path()).expect("a folder of cases");
        paths.extend(files.map(|file| file.expect("an entry").path()).filter(|path| path.ends_with("good.txt")));
    }
    paths.sort();
    let sheet = |path: &std::path::PathBuf| {
        let text = fs::read_to_string(path).expect("a readable case");
        sheet_from_text("表", &text).expect("a valid grid")
    };
    paths.iter().map(sheet).collect()
}

#[test]
fn sheets_thrown_together_are_read_judged_and_drafted_to_an_end() {
    let catalog = Catalog::embedded();
    let policy = Policy::embedded("national").expect("the preset");
    let reader = Reader::new(catalog, &policy.words.empty_marks);
    let labels = labels(catalog);
    let names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    let good = good_forms();
    assert!(good.len() >= 10, "the good forms are missing");
    let random = (0..SHEETS).map(|seed| random_sheet(&mut Dice(seed), &labels));
    let hit = good.iter().flat_map(|form| (0..BLOWS).map(|seed| struck(&mut Dice(seed), &labels, form)));
    let mut judged = 0;
    for sheet in random.chain(hit) {
        for form in reader.read_sheet(&sheet).forms {
            let _ = rules::check_form(&form, &policy);
            judged += 1;
        }
        let Some(draft) = Draft::of_sheet(&sheet, catalog).map(|draft| draft.to_toml()) else { continue };
        if let Err(problem) = Catalog::load(&[SourceFile::new("起草.toml", draft.clone())], &names) {
            panic!("{problem}\n{draft}");
        }
    }
    assert!(judged >= good.len(), "only {judged} forms were known: the blows are too hard");
}
