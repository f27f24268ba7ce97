//! Marks: whoever wrote the original, only what carries a mark is touched, and every program can read the result.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use calamine::{Data, Reader, open_workbook_auto_from_rs};
use jixiao::annotate::{REVIEW_SHEET, annotate};
use jixiao::finding::Severity;
use jixiao::workbook::{Cell, Sheet, Visibility};

use crate::marked::{
    SHEET, annotated, at, checked, finding, findings, fixture, open, originals, parts, with_part, written_by_rust,
};

#[test]
fn parts_without_a_mark_stay_byte_for_byte() {
    for (name, original) in originals() {
        let after = annotated(&original);
        assert!(!after.transplanted, "{name}: {:?}", after.warnings);
        let (before, after) = (parts(&original), parts(&after.bytes));
        let changed: BTreeSet<&str> = before
            .iter()
            .filter(|(part, bytes)| after.get(*part) != Some(bytes))
            .map(|(part, _)| part.as_str())
            .collect();
        for part in changed {
            let expected =
                ["workbook.xml", "styles.xml", "[Content_Types].xml", "app.xml", "comment", "vmlDrawing", "sheet1.xml"];
            assert!(expected.iter().any(|known| part.contains(known)), "{name}: {part}");
            assert!(!part.contains("comment2") && !part.contains("comments2"), "{name}: {part} has no marked cell");
        }
    }
}

#[test]
fn touched_parts_keep_all_they_had() {
    for (name, original) in originals() {
        let (before, after) = (parts(&original), parts(&annotated(&original).bytes));
        for (part, old) in &before {
            let new = after.get(part).unwrap_or_else(|| panic!("{name}: {part} is lost"));
            let (old, new) = (String::from_utf8_lossy(old), String::from_utf8_lossy(new));
            // Every value, formula, rule and setting stands in the text between tags or in a tag of its own.
            for kept in [
                "<f>",
                "<v>",
                "<mergeCell ",
                "conditionalFormatting ",
                "dataValidation ",
                "definedName ",
                "<font>",
                "dxf>",
                "x:Anchor>",
            ] {
                assert!(new.matches(kept).count() >= old.matches(kept).count(), "{name}: {part} lost {kept}");
            }
        }
    }
}

#[test]
fn every_part_is_well_formed_and_every_relation_leads_somewhere() {
    for (name, original) in originals() {
        let after = annotated(&original);
        let all = parts(&after.bytes);
        for (part, bytes) in all.iter().filter(|(part, _)| part.ends_with(".xml") || part.ends_with(".rels")) {
            let mut reader = quick_xml::Reader::from_str(std::str::from_utf8(bytes).expect("UTF-8"));
            loop {
                match reader.read_event() {
                    Ok(quick_xml::events::Event::Eof) => break,
                    Ok(_) => {}
                    Err(error) => panic!("{name}: {part}: {error}"),
                }
            }
        }
        let package = open(&after.bytes).package.expect("a package");
        for part in all.keys() {
            for relation in package.relationships(part).expect("relationships") {
                assert!(relation.external || package.contains(&relation.target), "{name}: {part}: {relation:?}");
            }
            assert!(
                package.content_type(part).expect("types").is_some()
                    || part.ends_with('/')
                    || part == "[Content_Types].xml",
                "{name}: {part}"
            );
        }
    }
}

#[test]
fn every_value_reads_as_before() {
    for (name, original) in originals() {
        let after = annotated(&original);
        let mut before = open_workbook_auto_from_rs(Cursor::new(&original)).expect("calamine reads the original");
        let mut reader = open_workbook_auto_from_rs(Cursor::new(&after.bytes)).expect("calamine reads the result");
        let mut sheets = before.sheet_names();
        for sheet in &sheets {
            let old = before.worksheet_range(sheet).expect("a sheet");
            let new = reader.worksheet_range(sheet).expect("the sheet");
            let filled = |range: &calamine::Range<Data>| -> Vec<String> {
                let start = range.start().unwrap_or((0, 0));
                range
                    .used_cells()
                    .map(|(row, col, cell)| format!("{},{} {cell:?}", row + start.0 as usize, col + start.1 as usize))
                    .collect()
            };
            assert_eq!(filled(&old), filled(&new), "{name}: {sheet}");
        }
        sheets.push(REVIEW_SHEET.to_owned());
        assert_eq!(reader.sheet_names(), sheets, "{name}");
    }
}

#[test]
fn every_faulty_cell_has_one_note_and_the_units_own_notes_stay() {
    for (name, original) in originals() {
        let after = annotated(&original);
        let package = open(&after.bytes).package.expect("a package");
        let sheet = open(&after.bytes).part_of(SHEET).map(str::to_owned).expect("the form's part");
        let relations = package.relationships(&sheet).expect("relationships");
        let comments = relations.iter().find(|r| r.is("comments")).expect("notes");
        let text = String::from_utf8(package.required_part(&comments.target).expect("notes").to_vec()).expect("UTF-8");
        let drawing = relations.iter().find(|r| r.is("vmlDrawing")).expect("boxes");
        let boxes = String::from_utf8(package.required_part(&drawing.target).expect("boxes").to_vec()).expect("UTF-8");
        for cell in ["C4", "H7", "C9", "B10", "H10", "D12", "J20"] {
            assert_eq!(text.matches(&format!("ref=\"{cell}\"")).count(), 1, "{name}: {cell}");
        }
        assert_eq!(text.matches("</comment>").count(), boxes.matches("ObjectType=\"Note\"").count(), "{name}");
        if name.contains("everything") || name == "rust_xlsxwriter" {
            assert!(text.contains("按批复数填列") && text.contains("统计口径"), "{name}: {text}");
        }
        let warned = after.warnings.iter().any(|warning| warning.contains("C9"));
        assert_eq!(warned, name == "threaded-comment", "{name}: {:?}", after.warnings);
    }
}

#[test]
fn the_review_sheet_is_shown_first_and_its_links_lead_to_cells() {
    for (name, original) in originals() {
        let all = parts(&annotated(&original).bytes);
        let book = String::from_utf8_lossy(&all["xl/workbook.xml"]).into_owned();
        let sheets = book.matches("<sheet ").count();
        assert!(book.contains(&format!("activeTab=\"{}\"", sheets - 1)), "{name}: {book}");
        let worksheets: Vec<String> = all
            .iter()
            .filter(|(part, _)| part.starts_with("xl/worksheets/sheet"))
            .map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned())
            .collect();
        let selected = worksheets
            .iter()
            .filter(|text| text.contains("tabSelected=\"1\"") || text.contains("tabSelected=\"true\""));
        assert_eq!(selected.count(), 1, "{name}");
        let review = worksheets.iter().find(|text| text.contains("采纳")).expect("the review sheet");
        assert_eq!(review.matches(&format!("location=\"'{SHEET}'!")).count(), findings().len(), "{name}");
        assert!(review.contains("<formula1>\"是,否\"</formula1>") && review.contains("=HYPERLINK"), "{name}");
        assert!(!review.contains("<f>"), "{name}: no text became a formula");
    }
}

#[test]
fn a_second_review_replaces_the_first() {
    let once = annotated(&fixture("openpyxl-everything"));
    let twice = annotated(&once.bytes);
    for (part, before) in parts(&once.bytes) {
        assert_eq!(parts(&twice.bytes).get(&part), Some(&before), "{part}");
    }
    assert_eq!(parts(&once.bytes).len(), parts(&twice.bytes).len());
}

/// A workbook with one figure and nothing else.
fn plain() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().set_name(SHEET).and_then(|sheet| sheet.write(6, 7, 9.5)).expect("a figure");
    book.save_to_buffer().expect("a workbook")
}

#[test]
fn a_new_relationships_part_has_a_type_where_old_ones_are_named_one_by_one() {
    let original = with_part(&plain(), "[Content_Types].xml", |types| {
        let kind = "application/vnd.openxmlformats-package.relationships+xml";
        let own = ["_rels/.rels", "xl/_rels/workbook.xml.rels"]
            .map(|part| format!("<Override PartName=\"/{part}\" ContentType=\"{kind}\"/>"));
        let default = format!("<Default Extension=\"rels\" ContentType=\"{kind}\"/>");
        types.replace(&default, "").replace("</Types>", &format!("{}</Types>", own.concat()))
    });
    let new = "xl/worksheets/_rels/sheet1.xml.rels";
    assert_eq!(open(&original).package.expect("a package").content_type(new).expect("types"), None);
    let package = open(&annotated(&original).bytes).package.expect("a package");
    assert!(package.contains(new) && package.content_type(new).expect("types").is_some());
}

#[test]
fn styles_that_are_missing_are_added_under_the_name_programs_look_for() {
    let unlinked = with_part(&plain(), "xl/_rels/workbook.xml.rels", |relations| {
        let entries = relations.split_inclusive("/>").filter(|entry| !entry.contains("\"styles.xml\""));
        entries.collect()
    });
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (part, bytes) in parts(&unlinked).into_iter().filter(|(part, _)| part != "xl/styles.xml") {
        writer.start_file(part, zip::write::SimpleFileOptions::default()).expect("an entry");
        std::io::Write::write_all(&mut writer, &bytes).expect("its bytes");
    }
    let after = annotated(&writer.finish().expect("a zip").into_inner());
    assert!(!after.transplanted && parts(&after.bytes).contains_key("xl/styles.xml"), "{:?}", after.warnings);
}

#[test]
fn styles_that_are_one_empty_tag_are_filled() {
    let empty = |styles: &str| format!("{}/>", styles.split_once("><").expect("a root with children").0);
    let original = with_part(&plain(), "xl/styles.xml", empty);
    let after = annotated(&original);
    assert!(!after.transplanted, "{:?}", after.warnings);
    let styles = String::from_utf8_lossy(&parts(&after.bytes)["xl/styles.xml"]).into_owned();
    assert!(styles.ends_with("</cellXfs></styleSheet>") && styles.contains("rgb=\"FFF8A0A8\""), "{styles}");
}

#[test]
fn a_second_review_takes_the_marks_off_what_was_mended() {
    let original = fixture("openpyxl-everything");
    let once = annotated(&original);
    let rest = vec![finding("A103", Severity::Error, Some("H7"), "H7 仍然不符。")];
    let twice = annotate(&open(&once.bytes), &[checked(rest)]).expect("annotated again");
    let all = parts(&twice.bytes);
    let notes = all.iter().find(|(part, _)| part.contains("comment1")).map(|(_, bytes)| String::from_utf8_lossy(bytes));
    let notes = notes.expect("notes");
    assert_eq!(notes.matches("</comment>").count(), 2, "{notes}");
    assert!(notes.contains("按批复数填列") && !notes.contains("统计口径"), "{notes}");
    let fills = |bytes: &[u8], cell: &str| {
        let mut book = open_workbook_auto_from_rs(Cursor::new(bytes)).expect("calamine reads it");
        assert!(book.worksheet_range(SHEET).is_ok());
        let sheet = String::from_utf8_lossy(&parts(bytes)["xl/worksheets/sheet1.xml"]).into_owned();
        let style = sheet.split(&format!("r=\"{cell}\"")).nth(1).and_then(|rest| rest.split("s=\"").nth(1));
        let style: usize = style.and_then(|rest| rest.split('"').next()?.parse().ok()).expect("a style");
        let styles = String::from_utf8_lossy(&parts(bytes)["xl/styles.xml"]).into_owned();
        let formats =
            styles.split("<cellXfs").nth(1).expect("formats").split("<xf ").skip(1).nth(style).map(str::to_owned);
        formats.expect("the format").contains("fillId=\"0\"")
    };
    assert!(!fills(&once.bytes, "D12") && fills(&twice.bytes, "D12"));
    assert!(!fills(&twice.bytes, "H7"));
}

#[test]
fn a_file_that_cannot_be_patched_is_copied_clean_and_marked() {
    let mut workbook = open(&fixture("openpyxl-everything"));
    workbook.package = None;
    let after = annotate(&workbook, &[checked(findings())]).expect("a clean copy");
    assert!(after.transplanted);
    let copy = open(&after.bytes);
    let (old, new) = (workbook.sheet(SHEET).expect("the form"), copy.sheet(SHEET).expect("its copy"));
    for (cell, old) in old.cells().filter(|(_, cell)| !cell.is_blank()) {
        assert_eq!(new.shown(cell), old.shown(), "{cell}");
    }
    assert_eq!(copy.sheets.last().map(|sheet| sheet.name()), Some(REVIEW_SHEET));
    assert_eq!(annotate(&workbook, &[checked(findings())]).expect("again").bytes, after.bytes);
}

#[test]
fn what_excel_would_refuse_does_not_stop_a_clean_copy() {
    let long = "青禾县二〇二四年度[项目]支出绩效自评表：村级文化活动室修缮及设备购置（含附表）";
    let cells = BTreeMap::from([(at("A1"), Cell::text("甲")), (at("B2"), Cell::text("乙"))]);
    let merges = ["A1:B1", "B1:C2", "D4:D4"].map(|range| range.parse().expect("a range")).to_vec();
    let mut workbook = open(&fixture("openpyxl-everything"));
    workbook.package = None;
    workbook.sheets = vec![Sheet::new(long, Visibility::Visible, cells, merges)];
    let mut form = checked(findings());
    form.form.sheet = long.to_owned();
    form.findings.iter_mut().for_each(|finding| finding.sheet = long.to_owned());
    let after = annotate(&workbook, &[form]).expect("a clean copy");
    assert!(after.warnings.iter().any(|warning| warning.contains("1 处合并单元格")), "{:?}", after.warnings);
    let copy = open(&after.bytes);
    assert_eq!(copy.sheets[0].name(), "青禾县二〇二四年度项目支出绩效自评表：村级文化活动室修缮及设备");
    assert_eq!(copy.sheets[0].shown(at("B2")), "乙");
}

#[test]
fn a_clean_copy_keeps_hidden_sheets_hidden_and_says_what_it_cuts() {
    let cells = BTreeMap::from([(at("A1"), Cell::text("甲".repeat(40_000)))]);
    let mut workbook = open(&plain());
    workbook.package = None;
    workbook.sheets.push(Sheet::new("参数", Visibility::VeryHidden, cells, Vec::new()));
    let after = annotate(&workbook, &[checked(Vec::new())]).expect("a clean copy");
    assert!(after.warnings.iter().any(|warning| warning.starts_with("参数!A1")), "{:?}", after.warnings);
    let copy = open(&after.bytes);
    assert_eq!(copy.sheet("参数").map(Sheet::visibility), Some(Visibility::VeryHidden));
}

#[test]
fn a_package_that_contradicts_itself_is_copied_instead_of_damaged() {
    let package = open(&written_by_rust()).package.expect("a package");
    let part = "xl/worksheets/sheet1.xml";
    let sheet = String::from_utf8(package.required_part(part).expect("the form").to_vec()).expect("UTF-8");
    let sheet = sheet.replacen("<c r=\"H7\"", "<c r=\"H7\" s=\"999\"", 1);
    let broken = package.rewrite(&BTreeMap::from([(part.to_owned(), sheet.into_bytes())]), &[]).expect("a package");
    let after = annotated(&broken);
    assert!(after.transplanted && after.warnings.iter().any(|warning| warning.contains("999")), "{:?}", after.warnings);
}

#[test]
fn a_form_without_findings_gets_a_clean_review_sheet() {
    let workbook = open(&fixture("openpyxl-everything"));
    let after = annotate(&workbook, &[checked(Vec::new())]).expect("an annotated workbook");
    let sheet = open(&after.bytes);
    let sheet = sheet.sheet(REVIEW_SHEET).expect("the review sheet");
    assert!(sheet.cells().any(|(_, cell)| cell.shown() == "未发现问题。"));
}

/// Writes the results for looking at: `cargo test --test annotate -- --ignored`.
#[test]
#[ignore = "writes files to look at into target/annotated"]
fn results_to_look_at() {
    let folder = format!("{}/annotated", env!("CARGO_TARGET_TMPDIR"));
    std::fs::create_dir_all(&folder).expect("a folder");
    for (name, original) in originals() {
        std::fs::write(format!("{folder}/{name}.xlsx"), annotated(&original).bytes).expect("a file");
    }
    let mut workbook = open(&fixture("openpyxl-everything"));
    workbook.package = None;
    let forms = [checked(findings()), checked(findings()[..2].to_vec())];
    std::fs::write(format!("{folder}/transplanted.xlsx"), annotate(&workbook, &forms).expect("a copy").bytes)
        .expect("a file");
}
