//! Input that nobody would hand in: sheets thrown together, and every door of the library knocked at with samples struck by
//! chance. `laws` says what must hold; `fuzz/` holds the same laws for hours, and what it found is kept in
//! `tests/fixtures/fuzz`.
//!
//! Deterministic: chance comes from a counter.

mod dice;
#[path = "../fidelity_law/mod.rs"]
#[allow(dead_code, reason = "the laws choose and read by it, and do not judge all that it judges")]
mod fidelity_law;
mod laws;
mod seeds;
mod xlsb;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use jixiao::address::{CellRange, CellRef};
use jixiao::form::{Draft, Reader};
use jixiao::policy::Policy;
use jixiao::rules::{self, RULES};
use jixiao::schema::{Catalog, SourceFile};
use jixiao::workbook::{Cell, Sheet, Visibility, sheet_from_text};

use self::dice::{Dice, FIGURES};
use self::laws::LAWS;

/// Random sheets, and random blows to each good form.
const SHEETS: u64 = 60;
const BLOWS: u64 = 2;

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
        3 | 4 => dice.pick(FIGURES),
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
        let text = dice.pick(FIGURES);
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

/// What the fuzzer found: the law that was broken, the input, and what was wrong.
const FOUND: &[(&str, &str, &str)] = &[
    ("cleaning", "record-tampered", "the record of the marks was changed, and what it gave back was no workbook"),
    ("forms", "class-twice", "a draft had two classes that the same label names"),
    ("marking", "odd-formats", "what is no cell format was counted as one, and marks were not taken out exactly"),
    ("marking", "sheet-part-missing", "a sheet without a part was given the part of the review"),
];

#[test]
fn what_the_fuzzer_found_is_found_no_more() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/fuzz");
    let kept =
        walkdir::WalkDir::new(&root).into_iter().filter_map(Result::ok).filter(|entry| entry.file_type().is_file());
    assert_eq!(kept.count(), FOUND.len(), "an input is not listed, or one that is listed is missing");
    for (law, input, wrong) in FOUND {
        let bytes = fs::read(root.join(law).join(input)).expect("a kept input");
        let (_, hold) = LAWS.iter().find(|(name, _)| name == law).expect("a law");
        let held = std::panic::catch_unwind(|| hold(&bytes));
        assert!(held.is_ok(), "{law}/{input} is back: {wrong}");
    }
}

/// Strikes the seeds of a law so many times. Of what was struck a part must be let in still: a law that only sees refusals
/// holds nothing.
fn strike(law: &str, times: usize) {
    let (number, (_, hold)) = LAWS.iter().enumerate().find(|(_, (name, _))| *name == law).expect("a law");
    let seeds = seeds::of(law);
    assert!(!seeds.is_empty(), "no seeds for {law}");
    for (number, seed) in seeds.iter().enumerate() {
        assert!(hold(seed), "seed {number} of {law} is refused");
    }
    let (mut dice, mut let_in) = (Dice(number as u64), 0);
    for round in 0..times {
        let struck = dice.blow(&seeds[round % seeds.len()], seeds::WORDS);
        if let Ok(any) = std::panic::catch_unwind(|| hold(&struck)) {
            let_in += usize::from(any);
        } else {
            let kept = format!("{}/struck-{law}", env!("CARGO_TARGET_TMPDIR"));
            fs::write(&kept, &struck).expect("a file can be written");
            panic!("blow {round} breaks the law {law}; the input is {kept}");
        }
    }
    assert!(let_in * 8 >= times, "{law}: of {times} blows {let_in} were let in, the blows are too hard");
}

#[test]
fn a_workbook_that_was_struck_is_read_or_refused() {
    strike("workbook_bytes", 150);
    strike("workbook_parts", 150);
}

#[test]
fn a_workbook_that_was_struck_keeps_all_but_the_marks() {
    strike("marking", 60);
    strike("cleaning", 30);
}

#[test]
fn forms_that_were_struck_are_judged_together_and_reported() {
    strike("forms", 60);
    strike("reports", 15);
}

#[test]
fn results_that_were_struck_are_read_or_refused() {
    strike("results", 60);
    strike("parts", 40);
}

#[test]
fn books_and_archives_that_were_struck_are_read_or_refused() {
    strike("books", 200);
    strike("archives", 100);
}

#[test]
fn schemas_and_policies_that_were_struck_are_loaded_or_refused_with_their_places() {
    strike("schemas", 30);
    strike("policies", 30);
}
