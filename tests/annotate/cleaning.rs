//! Marks taken out again: laws over workbooks of many writers and any choice of findings.

use std::collections::BTreeSet;

use jixiao::address::CellRef;
use jixiao::annotate::{REVIEW_SHEET, annotate, clean, correct};
use jixiao::finding::{Finding, Severity};
use jixiao::review::{Correction, Corrections};
use jixiao::value::Value;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::marked::{
    SHEET, annotated, at, checked, corpus, finding, findings, open, ordered_parts, originals, with_part,
};

/// Findings at any cells of the form's page, in any number: also where there is no cell yet.
fn any_findings() -> impl Strategy<Value = Vec<Finding>> {
    let severity = prop_oneof![Just(Severity::Error), Just(Severity::Warning), Just(Severity::Info)];
    let one = (0_u32..40, 0_u32..16, severity).prop_map(|(row, col, severity)| {
        let cell = CellRef::new(row, col).to_string();
        finding("A103", severity, Some(&cell), "得分与公式不符。")
    });
    prop::collection::vec(one, 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn what_was_marked_is_clean_again_to_the_byte(chosen in any_findings(), others in any_findings()) {
        let corpus = corpus();
        let own = originals().into_iter().map(|(name, bytes)| (name.to_owned(), bytes));
        for (name, original) in own.chain(corpus) {
            let once = annotate(&open(&original), &[checked(chosen.clone())]).expect("marked");
            prop_assert!(!once.transplanted, "{}: {:?}", name, once.warnings);
            let cleaned = clean(&open(&once.bytes)).expect("a sound package").expect("marks");
            prop_assert!(cleaned.exact, "{}", name);
            prop_assert!(ordered_parts(&cleaned.bytes) == ordered_parts(&original), "{}", name);

            let again = annotate(&open(&once.bytes), &[checked(chosen.clone())]).expect("marked again");
            prop_assert!(again.bytes == once.bytes, "{}: marks were stacked", name);
            let other = annotate(&open(&once.bytes), &[checked(others.clone())]).expect("marked otherwise");
            let straight = annotate(&open(&original), &[checked(others.clone())]).expect("marked");
            prop_assert!(ordered_parts(&other.bytes) == ordered_parts(&straight.bytes), "{}: old marks are left", name);
        }
    }
}

/// Everything a reader sees of the sheet's cells: values, styles by what they say, notes.
fn seen(bytes: &[u8]) -> Vec<String> {
    let workbook = open(bytes);
    let mut seen: Vec<String> = Vec::new();
    for sheet in &workbook.sheets {
        seen.push(sheet.name().to_owned());
        seen.extend(sheet.cells().filter(|(_, cell)| !cell.is_blank()).map(|(at, cell)| format!("{at} {cell:?}")));
    }
    seen
}

#[test]
fn a_marked_workbook_that_was_saved_again_loses_its_marks_and_nothing_else() {
    for (name, original) in originals() {
        let marked = annotated(&original).bytes;
        // A program that saved it wrote the sheet anew; here, a space more.
        let part = open(&marked).part_of(SHEET).map(str::to_owned).expect("the form's part");
        let saved =
            with_part(&marked, &part, |sheet| sheet.replacen(" r=\"", "  r=\"", 1).replacen("\"/>", "\" />", 1));
        // And some programs forget who wrote a note.
        let notes: Vec<String> = ordered_parts(&saved).into_iter().map(|(part, _)| part).collect();
        let saved = notes
            .iter()
            .filter(|part| part.contains("comment") && part.ends_with(".xml"))
            .fold(saved, |book, part| with_part(&book, part, |notes| notes.replace("author>jixiao<", "author> <")));
        let cleaned = clean(&open(&saved)).expect("a sound package").expect("marks");
        assert!(!cleaned.exact, "{name}");
        assert_eq!(seen(&cleaned.bytes), seen(&original), "{name}");
        let all = ordered_parts(&cleaned.bytes);
        let text = |wanted: &str| {
            let found = all.iter().filter(|(part, _)| part.contains(wanted));
            found.map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned()).collect::<String>()
        };
        let notes = text("comment");
        assert!(!notes.contains("修改：") && !notes.contains("────"), "{name}: {notes}");
        let had_notes =
            ordered_parts(&original).iter().any(|(_, bytes)| String::from_utf8_lossy(bytes).contains("按批复数填列"));
        assert_eq!(notes.contains("按批复数填列"), had_notes, "{name}");
        assert!(!text("workbook.xml").contains(REVIEW_SHEET) && !text("app.xml").contains(REVIEW_SHEET), "{name}");
        let boxes = text(".vml").matches("ObjectType=\"Note\"").count();
        assert_eq!(boxes, notes.matches("</comment>").count(), "{name}");
        assert!(clean(&open(&cleaned.bytes)).expect("a sound package").is_none(), "{name}: cleaned once is clean");
    }
}

#[test]
fn a_workbook_without_marks_is_left_alone() {
    for (name, original) in originals() {
        assert!(clean(&open(&original)).expect("a sound package").is_none(), "{name}");
    }
}

#[test]
fn corrections_stay_when_the_marks_go() {
    for (name, original) in originals() {
        let mut corrections = Corrections::default();
        let cell = (SHEET.to_owned(), at("H7"));
        let correction = Correction {
            was: "9.5".to_owned(),
            value: Value::Number(Decimal::new(832, 2)),
            codes: BTreeSet::from(["A103"]),
            formula: Some("F7/E7*10".to_owned()),
        };
        corrections.cells.insert(cell, correction);
        let corrected = correct(&open(&original), &[checked(findings())], &corrections).expect("corrected");
        let cleaned = clean(&open(&corrected.bytes)).expect("a sound package").expect("marks");
        assert!(cleaned.exact, "{name}");
        let sheet = open(&cleaned.bytes);
        assert_eq!(sheet.sheet(SHEET).expect("the form").shown(at("H7")), "8.32", "{name}");
        assert!(sheet.sheet(REVIEW_SHEET).is_none(), "{name}");
    }
}
