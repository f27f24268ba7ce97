//! All that is made of the statistics says the same: 统计.xlsx, 报告.html, 说明, 通报 and 结果.json of one round.

mod agreement;
mod drawn;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use agreement::{Book, of_docx, of_markdown, page_against_book, text_against_book};
use drawn::write;
use serde_json::Value;

/// The sample round with its books, reviewed into `out` in every format.
static REVIEWED: LazyLock<PathBuf> = LazyLock::new(|| {
    let dir = empty_folder("agree");
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    for name in ["名册.xlsx", "项目台账.xlsx"] {
        fs::copy(samples.join(name), dir.join(name)).expect("a book");
    }
    for file in walkdir::WalkDir::new(samples.join("round")).into_iter().filter_map(Result::ok) {
        let to = dir.join(file.path().strip_prefix(&samples).expect("below it"));
        match file.file_type().is_dir() {
            true => fs::create_dir_all(to).expect("a folder"),
            false => drop(fs::copy(file.path(), to).expect("a file")),
        }
    }
    write(
        &dir.join("收件登记.xlsx"),
        "\
单位|表单|年度|轮次|文件|收到日期
澄岚区教育局|||||2026-03-10
澄岚区第二中学|||||2026-03-21
澄岚区水产技术站|||||2026-03-12",
    );
    fs::write(dir.join("jixiao.toml"), TOML).expect("a file");
    let files = ["--roster", "名册.xlsx", "--ledger", "项目台账.xlsx", "--received", "收件登记.xlsx"];
    let out = ["--format", "xlsx,html,docx,md", "--date", "2026-03-25", "--out", "out"];
    ran(&dir, &[&["review", "round"], &files[..], &out].concat(), 1);
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

const TOML: &str = "\
[round]
region = \"澄岚区\"
name = \"2022年度自评\"
date = \"2026-03-20\"

[letter]
bureau = \"澄岚区财政局\"
number = \"澄财绩〔2026〕3号\"
deadline = \"2026-04-10\"
contact = \"绩效股，0000-0000000\"
";

/// Runs the command, makes sure of its exit code and gives what it said.
fn ran(dir: &Path, args: &[&str], code: i32) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_jixiao")).current_dir(dir).args(args).output();
    let output = output.expect("the command starts");
    let said = [output.stdout, output.stderr].map(|said| String::from_utf8(said).expect("UTF-8")).concat();
    assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
    said
}

fn out(name: &str) -> PathBuf {
    REVIEWED.join("out").join(name)
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn book(path: &Path) -> Book {
    Book::read(fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

#[test]
fn every_table_of_the_page_has_the_cells_of_its_sheet() {
    let faults = page_against_book(&text(&out("报告.html")), &book(&out("统计.xlsx")));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_figure_of_the_texts_stands_in_the_cell_that_its_footnote_names() {
    let book = book(&out("统计.xlsx"));
    for name in ["说明", "通报"] {
        let markdown = of_markdown(&text(&out(&format!("{name}.md"))));
        let figures = markdown.spans.iter().flat_map(agreement::figures_of).count();
        assert!(figures > 20, "{name} has {figures} figures");
        let faults = text_against_book(&markdown, &book);
        assert!(faults.is_empty(), "{name}\n{}", faults.join("\n"));
        let document = of_docx(&fs::read(out(&format!("{name}.docx"))).expect("a document"));
        let faults = text_against_book(&document, &book);
        assert!(faults.is_empty(), "{name}\n{}", faults.join("\n"));
        assert_eq!(document.notes, markdown.notes);
        let told = |text: &agreement::Text| text.spans.iter().map(agreement::figures_of).collect::<Vec<_>>();
        assert_eq!(told(&document), told(&markdown));
    }
}

/// All cells of a workbook by sheet, without the sheets that need the forms themselves.
fn all_cells(book: &Book) -> Vec<(&str, &[Vec<String>])> {
    let sheets = book.sheets().iter().filter(|sheet| sheet.name != "跨表对照");
    sheets.filter(|sheet| sheet.name != "封面").map(|sheet| (sheet.name.as_str(), sheet.rows())).collect()
}

#[test]
fn the_statistics_follow_from_the_result_alone() {
    let dir = &*REVIEWED;
    let stats = ["stats", "out/结果.json", "--date", "2026-03-25", "--format", "xlsx,html,docx,md", "--out"];
    ran(dir, &[&stats[..], &["alone"]].concat(), 0);
    let (round, alone) = (book(&out("统计.xlsx")), book(&dir.join("alone/统计.xlsx")));
    let (round, alone) = (all_cells(&round), all_cells(&alone));
    assert_eq!(round.len(), alone.len());
    for ((name, one), (other, two)) in round.iter().zip(&alone) {
        assert_eq!((name, one), (other, two));
    }
    for name in ["说明.md", "通报.md", "催报.txt", "说明.docx", "通报.docx", "催报.docx"] {
        let [one, other] = [out(name), dir.join("alone").join(name)].map(|path| fs::read(path).expect("a file"));
        assert_eq!(one, other, "{name}");
    }
}

#[test]
fn the_list_of_forms_says_what_the_judged_forms_say() {
    let results: Value = serde_json::from_str(&text(&out("结果.json"))).expect("JSON");
    let words = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut judged = Vec::new();
    for submission in results["submissions"].as_array().expect("a list") {
        for form in submission["forms"].as_array().expect("a list") {
            let severe = |severity: &str| {
                let findings = form["findings"].as_array().expect("a list").iter();
                findings.filter(|finding| finding["severity"] == severity).count().to_string()
            };
            let grade = &form["grade"];
            let score = grade["score"].as_str().map_or_else(|| grade["score"].to_string(), str::to_owned);
            judged.push([
                words(&submission["source"]),
                words(&form["sheet"]),
                words(&form["identity"]["unit"]),
                score.parse::<rust_decimal::Decimal>().expect("a number").normalize().to_string(),
                severe("error"),
                severe("warning"),
            ]);
        }
    }
    let book = book(&out("统计.xlsx"));
    let sheet = book.sheet("表单明细").expect("the list");
    let columns = ["文件", "工作表", "单位", "质量得分", "严重", "一般"];
    let head = (0..sheet.count()).find(|row| sheet.row(*row).iter().any(|cell| cell == "文件")).expect("the heads");
    let at = columns.map(|title| sheet.row(head).iter().position(|cell| cell == title).expect("the column"));
    let lines = sheet.rows()[head + 1..].iter();
    let mut listed: Vec<[String; 6]> = lines.map(|row| at.map(|at| row[at].clone())).collect();
    judged.sort();
    listed.sort();
    assert_eq!(listed, judged);
}

#[test]
fn every_count_leads_to_as_many_lines_as_it_says() {
    let faults = agreement::links_that_mislead(&fs::read(out("统计.xlsx")).expect("a workbook"));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn verify_knows_every_report_and_names_the_one_that_was_changed() {
    let dir = &*REVIEWED;
    let (from, to) = (dir.join("out"), dir.join("核"));
    for file in walkdir::WalkDir::new(&from).into_iter().filter_map(Result::ok) {
        let place = to.join(file.path().strip_prefix(&from).expect("below it"));
        match file.file_type().is_dir() {
            true => fs::create_dir_all(place).expect("a folder"),
            false => drop(fs::copy(file.path(), place).expect("a file")),
        }
    }
    assert!(ran(dir, &["verify", "核"], 0).contains("一致"));
    let page = text(&to.join("报告.html")).replacen("优良率", "优秀率", 1);
    fs::write(to.join("报告.html"), page).expect("a file");
    fs::remove_file(to.join("通报.docx")).expect("a file");
    fs::write(to.join("说明.md"), "").expect("a file");
    let said = ran(dir, &["verify", "核"], 1);
    for name in ["报告.html", "通报.docx", "说明.md"] {
        assert!(said.contains(name), "{name}: {said}");
    }
    assert!(!said.contains("统计.xlsx") && !said.contains("催报"), "{said}");
}
