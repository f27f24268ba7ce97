//! Workbooks of every format and oddity into cells. Fixtures hold what only a real program writes; crafted and hostile
//! files are built here.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::sync::Arc;

use calamine::{Data, Reader};
use jixiao::address::{CellRange, CellRef};
use jixiao::error::{ErrorKind, Unreadable};
use jixiao::ooxml::Limits;
use jixiao::value::decimal_of_float;
use jixiao::workbook::{Container, Content, NumberFormat, Sheet, Visibility, Workbook};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn fixture(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/workbooks").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn open(bytes: impl Into<Arc<[u8]>>) -> Result<Workbook, ErrorKind> {
    Workbook::open(bytes.into(), &Limits::default())
}

fn read(name: &str) -> Workbook {
    open(fixture(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn at(address: &str) -> CellRef {
    address.parse().expect("an address")
}

fn unreadable(result: Result<Workbook, ErrorKind>) -> Unreadable {
    match result {
        Err(ErrorKind::NotReadable(why)) => why,
        other => panic!("expected an unreadable file, got {other:?}"),
    }
}

/// Everything a person sees on a sheet, by address.
fn shown(sheet: &Sheet) -> BTreeMap<String, String> {
    sheet
        .cells()
        .filter(|(_, cell)| !cell.is_blank())
        .map(|(at, cell)| (at.to_string(), cell.shown().into_owned()))
        .collect()
}

fn zip_of<T: AsRef<[u8]>>(parts: &[(&str, T)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).expect("an entry");
        writer.write_all(bytes.as_ref()).expect("its bytes");
    }
    writer.finish().expect("a zip").into_inner()
}

const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// An xlsx around one sheet part and, where given, a shared strings part.
fn xlsx(sheet: &str, strings: &str) -> Vec<u8> {
    let relation = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id='{id}' Type='{RELATIONS}/{kind}' Target='{target}'/>")
    };
    zip_of(&[
        ("[Content_Types].xml", "<Types/>"),
        (
            "_rels/.rels",
            &format!("<Relationships>{}</Relationships>", relation("a", "officeDocument", "/xl/workbook.xml")),
        ),
        (
            "xl/workbook.xml",
            &format!(
                "<workbook xmlns:q='{RELATIONS}'><sheets><sheet name='表' sheetId='1' q:id='s'/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            &format!(
                "<Relationships>{}{}</Relationships>",
                relation("s", "worksheet", "worksheets/Sheet1.xml"),
                relation("t", "sharedStrings", "sharedStrings.xml")
            ),
        ),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", strings),
    ])
}

fn xlsx_rows(rows: &str) -> Vec<u8> {
    xlsx(&format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"), "<sst/>")
}

fn first(bytes: Vec<u8>) -> Sheet {
    open(bytes).unwrap_or_else(|error| panic!("{error}")).sheets.remove(0)
}

#[test]
fn one_form_reads_alike_from_every_format() {
    let expected = shown(&read("form.xlsx").sheets[0]);
    assert_eq!(expected.get("B3").map(String::as_str), Some("100%"));
    assert_eq!(expected.get("C3").map(String::as_str), Some("86.55%"));
    assert_eq!(expected.get("D4").map(String::as_str), Some("0.3"));
    assert_eq!(expected.get("B5").map(String::as_str), Some("2023-07-01"));
    assert_eq!(expected.get("D6").map(String::as_str), Some("#DIV/0!"));
    for (name, container) in [("form.xls", Container::Xls), ("form.ods", Container::Ods)] {
        let workbook = read(name);
        assert_eq!(workbook.container, container);
        let mut found = shown(&workbook.sheets[0]);
        if container == Container::Ods {
            // The program that made the fixture turned the truth value into a number on its way to ODS.
            found.insert("C6".to_owned(), "TRUE".to_owned());
        }
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn merges_and_hidden_rows_columns_and_sheets_are_known_in_every_format() {
    for name in ["form.xlsx", "form.xls", "form.ods", "uncached-formulas.xlsx"] {
        let workbook = read(name);
        let sheet = &workbook.sheets[0];
        assert_eq!(sheet.span(at("C1")).to_string(), "A1:D1", "{name}");
        assert_eq!(sheet.span(at("D2")).to_string(), "B2:D2", "{name}");
        assert_eq!((sheet.hidden_rows(), sheet.hidden_columns()), ([6].as_slice(), [5].as_slice()), "{name}");
        assert_eq!(sheet.visibility(), Visibility::Visible, "{name}");
        assert_eq!(workbook.sheet("参考").map(Sheet::visibility), Some(Visibility::Hidden), "{name}");
    }
    let very = read("uncached-formulas.xlsx");
    assert_eq!(very.sheet("代码表").map(Sheet::visibility), Some(Visibility::VeryHidden));
}

#[test]
fn a_workbook_whose_only_sheet_part_is_missing_names_the_part() {
    let relation = format!("<Relationship Id='s' Type='{RELATIONS}/worksheet' Target='gone.xml'/>");
    let bytes = zip_of(&[
        (
            "[Content_Types].xml",
            "<Types><Override PartName='/xl/workbook.xml' ContentType='x.macroEnabled.main+xml'/></Types>",
        ),
        (
            "_rels/.rels",
            &format!(
                "<Relationships><Relationship Id='a' Type='{RELATIONS}/officeDocument' Target='xl/workbook.xml'/></Relationships>"
            ),
        ),
        ("xl/workbook.xml", "<workbook xmlns:r='r'><sheets><sheet name='表' r:id='s'/></sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", &format!("<Relationships>{relation}</Relationships>")),
    ]);
    let error = open(bytes).expect_err("no sheet is left").to_string();
    assert!(error.contains("xl/gone.xml"), "{error}");
}

#[test]
fn macros_are_named_a_signature_is_warned_of_and_missing_texts_are_flagged() {
    let relation =
        |kind: &str, target: &str| format!("<Relationship Id='{kind}' Type='{RELATIONS}/{kind}' Target='{target}'/>");
    let relations = relation("worksheet", "sheet.xml") + &relation("sharedStrings", "gone.xml");
    let workbook = open(zip_of(&[
        (
            "[Content_Types].xml",
            "<Types><Override PartName='/xl/workbook.xml' ContentType='application/vnd.ms-excel.sheet.macroEnabled.main+xml'/></Types>",
        ),
        ("_rels/.rels", &format!("<Relationships>{}</Relationships>", relation("officeDocument", "xl/workbook.xml"))),
        ("xl/workbook.xml", "<workbook xmlns:r='r'><sheets><sheet name='表' r:id='worksheet'/></sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", &format!("<Relationships>{relations}</Relationships>")),
        ("xl/sheet.xml", "<worksheet><sheetData><row><c t='s'><v>0</v></c><c><v>1</v></c></row></sheetData></worksheet>"),
        ("_xmlsignatures/sig1.xml", "<s/>"),
    ]))
    .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(workbook.container, Container::Xlsm);
    assert_eq!(workbook.sheets[0].shown(at("B1")), "1");
    assert_eq!(workbook.warnings.len(), 2);
    assert!(workbook.warnings[0].contains("签名") && workbook.warnings[1].contains("A1"), "{:?}", workbook.warnings);
}

#[test]
fn chart_sheets_are_left_out() {
    assert!(read("uncached-formulas.xlsx").sheet("图").is_none());
}

#[test]
fn numbers_typed_as_text_stay_text() {
    for name in ["form.xlsx", "form.xls", "form.ods"] {
        let workbook = read(name);
        for address in ["C4", "B8"] {
            let cell = workbook.sheets[0].stored(at(address)).expect("the cell");
            assert!(matches!(cell.content, Content::Text(_)), "{name} {address}: {cell:?}");
        }
    }
    let workbook = read("form.xls");
    assert_eq!(workbook.sheets[0].stored(at("B8")).map(|cell| cell.format), Some(NumberFormat::Text));
}

#[test]
fn formulas_are_kept_with_and_without_a_cached_value() {
    for name in ["form.xlsx", "form.xls", "form.ods", "uncached-formulas.xlsx"] {
        let workbook = read(name);
        let cell = workbook.sheets[0].stored(at("B6")).expect("the cell");
        assert_eq!(cell.formula.as_deref(), Some("B4*2"), "{name}");
        assert_eq!(cell.content == Content::Blank, name == "uncached-formulas.xlsx", "{name}");
    }
}

#[test]
fn a_percentage_in_an_et_file_is_read_as_one() {
    let workbook = read("percent.et");
    assert_eq!(workbook.container, Container::Xls);
    assert_eq!(workbook.sheets[0].shown(at("A2")), "100%");
    assert_eq!(workbook.sheets[0].hidden_rows(), [2]);
}

#[test]
fn dates_counted_from_1904_are_moved_and_said() {
    let workbook = read("dates-from-1904.xlsx");
    assert_eq!(workbook.sheets[0].shown(at("A1")), "2023-07-01");
    assert!(workbook.warnings.iter().any(|warning| warning.contains("1904")));
}

#[test]
fn a_sheet_leads_to_its_part_in_the_package() {
    let workbook = read("form.xlsx");
    let part = workbook.part_of("自评表").expect("the part");
    assert!(workbook.package.as_ref().is_some_and(|package| package.contains(part)));
    assert!(read("form.xls").package.is_none());
}

/// The reader of `.xlsx` and `.ods` is our own; calamine is the second opinion.
#[test]
fn our_reader_and_calamine_see_the_same_values() {
    for name in ["form.xlsx", "uncached-formulas.xlsx", "form.ods", "dates-from-1904.xlsx"] {
        let workbook = read(name);
        let mut second = calamine::open_workbook_auto_from_rs(Cursor::new(fixture(name))).expect("calamine opens it");
        for sheet in &workbook.sheets {
            let range = second.worksheet_range(sheet.name()).expect("calamine has the sheet");
            let theirs: BTreeMap<CellRef, &Data> = range
                .used_cells()
                .map(|(row, col, data)| {
                    let (first_row, first_col) = range.start().unwrap_or_default();
                    let index = |start, offset: usize| start + u32::try_from(offset).expect("a small index");
                    (CellRef::new(index(first_row, row), index(first_col, col)), data)
                })
                .filter(|(_, data)| !matches!(data, Data::String(text) if text.is_empty()))
                .collect();
            let ours: BTreeMap<CellRef, &Content> =
                sheet.cells().map(|(at, cell)| (at, &cell.content)).filter(|(_, c)| **c != Content::Blank).collect();
            assert_eq!(ours.keys().collect::<Vec<_>>(), theirs.keys().collect::<Vec<_>>(), "{name} {}", sheet.name());
            for (at, content) in ours {
                let same = match (content, theirs[&at]) {
                    (Content::Text(ours), Data::String(theirs)) => ours.trim() == theirs.trim(),
                    (Content::Number(ours), Data::Float(theirs)) => Some(*ours) == decimal_of_float(*theirs),
                    (Content::Date(ours), Data::DateTime(theirs)) => Some(*ours) == theirs.as_datetime(),
                    (Content::Date(ours), Data::DateTimeIso(theirs)) => theirs.starts_with(&ours.date().to_string()),
                    (Content::Bool(ours), Data::Bool(theirs)) => ours == theirs,
                    (Content::Error(ours), Data::Error(theirs)) => ours.0 == theirs.to_string(),
                    // calamine takes the error of an ODS cell for a text.
                    (Content::Error(ours), Data::String(theirs)) => ours.0 == *theirs,
                    _ => false,
                };
                assert!(same, "{name} {} {at}: {content:?} against {:?}", sheet.name(), theirs[&at]);
            }
        }
    }
}

#[test]
fn rows_and_cells_without_an_address_stand_behind_the_ones_before() {
    let sheet = first(xlsx_rows(
        "<row><c><v>1</v></c><c/><c t='inlineStr'><is><r><t>绩</t></r><r><t>效</t></r></is></c></row>\
         <row r='4'><c r='C4'><v>2</v></c><c><v>3</v></c></row><row/><row><c t='str'><v>甲_x000D_</v></c></row>",
    ));
    let expected = [("A1", "1"), ("A6", "甲\r"), ("C1", "绩效"), ("C4", "2"), ("D4", "3")];
    assert_eq!(shown(&sheet), expected.map(|(at, text)| (at.to_owned(), text.to_owned())).into());
}

#[test]
fn prefixed_and_strict_xml_is_read() {
    let sheet = first(xlsx(
        "<?xml version='1.0'?><x:worksheet xmlns:x='http://purl.oclc.org/ooxml/spreadsheetml/main'><x:sheetData>\
         <x:row r='1'><x:c r='A1' t='s'><x:v>0</x:v></x:c><x:c r='B1' t='d'><x:v>2023-07-01</x:v></x:c></x:row>\
         </x:sheetData><x:mergeCells><x:mergeCell ref='A1:A2'/></x:mergeCells></x:worksheet>",
        "<x:sst xmlns:x='u'><x:si><x:t>甲</x:t></x:si></x:sst>",
    ));
    assert_eq!(sheet.shown(at("A2")), "甲");
    assert_eq!(sheet.shown(at("B1")), "2023-07-01");
}

#[test]
fn values_of_unknown_kinds_flag_their_cell_and_lose_no_sheet() {
    let bytes = xlsx_rows(
        "<row><c t='e'><v>#SPILL!</v></c><c t='z'/><c t='b'><v>maybe</v></c><c t='s'><v>7</v></c>\
         <c><f t='shared' si='9999999999' ref='E1:F1'>A1*2</f><v>0.1</v></c><c><f t='shared' si='9999999999'/><v>7.0000000000000009</v></c>\
         <c><v>5</v><extLst><ext><v>9</v></ext></extLst></c></row>",
    );
    let workbook = open(bytes).expect("the workbook");
    let sheet = &workbook.sheets[0];
    let texts: Vec<_> = ["A1", "C1", "D1", "E1", "F1", "G1"].map(|a| sheet.shown(at(a)).into_owned()).into();
    assert_eq!(texts, ["#SPILL!", "maybe", "", "0.1", "7", "5"]);
    assert_eq!(sheet.stored(at("E1")).and_then(|cell| cell.formula.as_deref()), Some("A1*2"));
    assert_eq!(sheet.stored(at("F1")).and_then(|cell| cell.formula.as_deref()), Some(""));
    assert!(workbook.warnings[0].contains("D1"), "{:?}", workbook.warnings);
}

#[test]
fn cells_at_the_far_corner_cost_nothing() {
    let sheet = first(xlsx(
        "<worksheet><cols><col min='1' max='16384' hidden='1'/><col min='1' max='16384' hidden='1'/></cols><sheetData>\
         <row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='XFD1048576'><v>2</v></c></row></sheetData>\
         <mergeCells><mergeCell ref='A1:XFC1048576'/><mergeCell ref='A:B'/></mergeCells></worksheet>",
        "<sst uniqueCount='4294967295'/>",
    ));
    assert_eq!(sheet.used().map(|used| used.to_string()).as_deref(), Some("A1:XFD1048576"));
    assert_eq!(sheet.shown(at("M5000")), "1");
    assert_eq!(sheet.hidden_columns().len(), 16_384);
    assert_eq!(sheet.merges().len(), 1);
}

#[test]
fn addresses_outside_a_sheet_are_refused_with_the_part() {
    for row in
        ["<row r='0'/>", "<row r='1048577'/>", "<row><c r='XFE1'><v>1</v></c></row>", "<row><c r='A1'><v>1</row>"]
    {
        match open(xlsx_rows(row)) {
            Err(ErrorKind::BadPart { part, .. }) => assert_eq!(part, "xl/worksheets/sheet1.xml"),
            other => panic!("{row}: {other:?}"),
        }
    }
}

#[test]
fn utf_16_is_read_and_a_document_type_is_refused() {
    let sheet = "<worksheet><sheetData><row><c><v>7</v></c></row></sheetData></worksheet>";
    let wide: String = sheet.chars().flat_map(|c| [c, '\0']).collect();
    let book = open(xlsx(&wide, "<sst/>")).expect("Excel reads it too");
    assert_eq!(book.sheets[0].shown(at("A1")), "7");
    for sheet in ["<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet><sheetData/></worksheet>", "<html/>"] {
        assert!(matches!(open(xlsx(sheet, "<sst/>")), Err(ErrorKind::BadPart { .. })), "{sheet}");
    }
}

#[test]
fn one_long_text_in_many_cells_is_stopped() {
    let long = "绩".repeat(10_000);
    let cells = "<c t='s'><v>0</v></c>".repeat(10_000);
    let bytes = xlsx(
        &format!("<worksheet><sheetData><row>{cells}</row></sheetData></worksheet>"),
        &format!("<sst><si><t>{long}</t></si></sst>"),
    );
    assert!(matches!(open(bytes), Err(ErrorKind::TooLarge { .. })));
}

#[test]
fn a_small_ods_that_asks_for_the_whole_sheet_is_stopped() {
    let ods = |cells: &str| {
        let table = format!("<table:table table:name='表'>{cells}</table:table>");
        let content = format!(
            "<office:document-content><office:body><office:spreadsheet>{table}</office:spreadsheet></office:body></office:document-content>"
        );
        zip_of(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &content)])
    };
    let bomb = "<table:table-row table:number-rows-repeated='1048576'><table:table-cell table:number-columns-repeated='16384' \
        office:value-type='float' office:value='1'><text:p>1</text:p></table:table-cell></table:table-row>";
    assert!(matches!(open(ods(bomb)), Err(ErrorKind::TooLarge { .. })));
    // What every program writes below the last row: blanks to the end.
    let honest = "<table:table-row table:number-rows-repeated='2'><table:table-cell table:number-columns-spanned='2' \
        office:value-type='percentage' office:value='0.5'><text:p>50.0%</text:p></table:table-cell><table:covered-table-cell/>\
        <table:table-cell office:value-type='string'><office:annotation><text:p>批注</text:p></office:annotation>\
        <text:p>甲<text:s text:c='2'/>乙</text:p><text:p>丙</text:p></table:table-cell></table:table-row>\
        <table:table-row table:number-rows-repeated='1048574'><table:table-cell table:number-columns-repeated='16384'/></table:table-row>";
    let sheet = first(ods(honest));
    assert_eq!(sheet.shown(at("B1")), "50.0%");
    assert_eq!(sheet.shown(at("C2")), "甲  乙\n丙");
    assert_eq!(sheet.cells().count(), 4);
}

#[test]
fn content_decides_and_the_reason_is_named() {
    let form = fixture("form.xlsx");
    let cut = form[..form.len() / 2].to_vec();
    assert!(matches!(unreadable(open(cut)), Unreadable::Damaged(_)));
    let xls = fixture("form.xls");
    assert!(matches!(unreadable(open(xls[..600].to_vec())), Unreadable::Damaged(_)));
    assert_eq!(unreadable(open(fixture("password.xlsx"))), Unreadable::Encrypted);
    assert_eq!(unreadable(open(Vec::new())), Unreadable::Empty);
    assert_eq!(unreadable(open(b"<html><table><tr><td>1</td></tr></table>".to_vec())), Unreadable::Html);
    assert_eq!(unreadable(open(zip_of(&[("a.xlsx", "1")]))), Unreadable::OtherZip);
    let word = zip_of(&[
        ("[Content_Types].xml", "<Types/>"),
        (
            "_rels/.rels",
            &format!(
                "<Relationships><Relationship Id='a' Type='{RELATIONS}/officeDocument' Target='word/document.xml'/></Relationships>"
            ),
        ),
        ("word/document.xml", "<w/>"),
    ]);
    assert_eq!(unreadable(open(word)), Unreadable::Word);
}

/// One binary record of an xlsb: id and length in seven bits a byte.
fn brt(id: u16, data: &[u8]) -> Vec<u8> {
    let low = |value: u16| value.to_le_bytes()[0];
    let id = if id < 128 { vec![low(id)] } else { vec![low(id & 0x7F) | 0x80, low(id >> 7)] };
    let length = u8::try_from(data.len()).expect("a short record");
    assert!(length < 128);
    [id, vec![length], data.to_vec()].concat()
}

fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let count = u32::try_from(units.len()).expect("a short text");
    count.to_le_bytes().into_iter().chain(units.into_iter().flat_map(u16::to_le_bytes)).collect()
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

#[test]
fn an_xlsb_gives_values_percentages_and_merges() {
    let relation = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{RELATIONS}/{kind}\" Target=\"{target}\"/>")
    };
    let workbook = [brt(156, &[words(&[0, 1]), wide("s"), wide("表")].concat()), brt(144, &[]), brt(157, &[])];
    let format = |id: u16| [[0, 0], id.to_le_bytes()].concat();
    let styles = [
        brt(615, &words(&[1])),
        brt(44, &[vec![200, 0], wide("0.0%")].concat()),
        brt(616, &[]),
        brt(617, &words(&[2])),
        brt(47, &format(0)),
        brt(47, &format(200)),
        brt(618, &[]),
    ];
    let row = |row: u32| brt(0, &[words(&[row, 0]), vec![0; 9]].concat());
    let sheet = [
        brt(129, &[]),
        brt(148, &words(&[0, 1, 0, 1])),
        brt(145, &[]),
        row(0),
        brt(6, &[words(&[0, 0]), wide("执行率")].concat()),
        row(1),
        brt(5, &[words(&[1, 1]), 0.5_f64.to_le_bytes().to_vec()].concat()),
        brt(146, &[]),
        brt(176, &words(&[0, 0, 0, 1])),
    ];
    let bytes = zip_of(&[
        ("[Content_Types].xml", b"<Types/>".to_vec()),
        (
            "_rels/.rels",
            format!("<Relationships>{}</Relationships>", relation("a", "officeDocument", "xl/workbook.bin"))
                .into_bytes(),
        ),
        (
            "xl/_rels/workbook.bin.rels",
            format!(
                "<Relationships>{}{}</Relationships>",
                relation("s", "worksheet", "worksheets/sheet1.bin"),
                relation("t", "styles", "styles.bin")
            )
            .into_bytes(),
        ),
        ("xl/workbook.bin", workbook.concat()),
        ("xl/styles.bin", styles.concat()),
        ("xl/worksheets/sheet1.bin", sheet.concat()),
    ]);
    let workbook = open(bytes).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(workbook.container, Container::Xlsb);
    let sheet = &workbook.sheets[0];
    assert_eq!((sheet.name(), sheet.shown(at("B1")).as_ref()), ("表", "执行率"));
    assert_eq!(sheet.shown(at("B2")), "50.0%");
}

/// The place of a record in the stream of an xls whose sectors lie in order.
fn record(bytes: &[u8], id: u16, length: u16) -> usize {
    let header = [id.to_le_bytes(), length.to_le_bytes()].concat();
    memchr::memmem::find(bytes, &header).expect("the record") + 4
}

#[test]
fn an_xls_that_lies_about_its_size_is_stopped_before_memory_is_reserved() {
    let mut lying = fixture("form.xls");
    let dimensions = record(&lying, 0x0200, 14);
    lying[dimensions + 4..dimensions + 8].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(matches!(open(lying.clone()), Err(ErrorKind::TooLarge { .. })));
    lying[dimensions..dimensions + 8].copy_from_slice(&[10, 0, 0, 0, 1, 0, 0, 0]);
    assert!(matches!(unreadable(open(lying)), Unreadable::Damaged(_)));
    // A cell in the last corner makes calamine lay out 16 million cells.
    let mut far = fixture("form.xls");
    let number = record(&far, 0x0203, 14);
    far[number..number + 4].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0]);
    assert!(matches!(open(far), Err(ErrorKind::TooLarge { .. })));
}

#[test]
fn no_damage_to_an_xls_or_xlsx_ends_the_process() {
    for name in ["form.xls", "percent.et", "form.xlsx", "form.ods"] {
        let clean = fixture(name);
        let mut seed = 1_u64;
        for _ in 0..150 {
            let mut bytes = clean.clone();
            for _ in 0..4 {
                // A fixed pseudo-random walk: the same damage in every run.
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let place = usize::try_from(seed >> 33).expect("31 bits") % bytes.len();
                bytes[place] = bytes[place].wrapping_add(seed.to_le_bytes()[2] | 1);
            }
            // Whatever comes out, it comes out.
            let _ = open(bytes);
        }
    }
}

#[test]
fn a_merge_is_one_cell_to_whoever_looks() {
    let sheet = first(xlsx(
        "<worksheet><sheetData><row r='2'><c r='B2'><v>9</v></c></row></sheetData>\
         <mergeCells><mergeCell ref='B2:D5'/></mergeCells></worksheet>",
        "<sst/>",
    ));
    assert_eq!(sheet.span(at("D5")), CellRange::new(at("B2"), at("D5")));
    assert_eq!(sheet.shown(at("C4")), "9");
}
