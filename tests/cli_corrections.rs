//! `review --fix`, `--diff` and `apply` as their users meet them: what is printed, what is written, exit codes.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use jixiao::address::CellRef;
use jixiao::ooxml::Limits;
use jixiao::workbook::{Content, Workbook, sheet_from_text};
use rust_xlsxwriter::{Format, Workbook as NewWorkbook};

/// 执行率 and its score are wrong, and so is the total that counts it; one score is higher than its formula gives.
const FORM: &str = "\
项目支出绩效自评表|<|<|<|<|<|<|<|<
（2023年度）|<|<|<|<|<|<|<|<
项目名称|<|清水渠维护|<|<|<|<|<|<
主管部门|<|青禾区水务局|<|<|实施单位|<|清水渠管理所|<
项目资金（万元）|<||年初预算数|全年预算数|全年执行数|分值|执行率|得分
^|^|年度资金总额|50|50|45|10|95%|9.5
^|^|其中：财政拨款|50|50|45|—|90%|—
^|^|上年结转资金|0|0|0|—|—|—
^|^|其他资金|0|0|0|—|—|—
年度总体目标|预期目标|<|<|<|实际完成情况|<|<|<
^|维护清水渠12公里，保证灌区3200亩农田按时用水。|<|<|<|全年维护清水渠12公里，灌区农田用水有保障，没有发生断水。|<|<|<
一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因分析及改进措施|<
产出指标|数量指标|维护渠道长度|≥12公里|9公里|20|18|连续降雨停工两个月，来年春季补上|<
^|质量指标|工程验收合格率|≥95%|97%|15|15||<
^|时效指标|维护按期完成率|≥90%|92%|15|15||<
效益指标|社会效益指标|受益农田面积|≥3200亩|3210亩|30|30||<
满意度指标|服务对象满意度指标|灌区农户满意度|≥90%|93%|10|10||<
总分|<|<|<|<|100|97.5||<";

fn jixiao(dir: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } =
        Command::new(env!("CARGO_BIN_EXE_jixiao")).current_dir(dir).args(args).output().expect("the command starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (status.code(), text(stdout), text(stderr))
}

fn write(path: &Path, drawn: &str) {
    let sheet = sheet_from_text("表", drawn).expect("a grid");
    let mut book = NewWorkbook::new();
    let page = book.add_worksheet().set_name("表").expect("a name");
    let col = |at: CellRef| u16::try_from(at.col).expect("a drawn column");
    for merge in sheet.merges() {
        let (start, end) = (merge.start, merge.end);
        page.merge_range(start.row, col(start), end.row, col(end), "", &Format::new()).expect("regions");
    }
    for (at, cell) in sheet.cells() {
        match &cell.content {
            Content::Number(number) => {
                let percent = cell.shown().ends_with('%');
                let format = if percent { Format::new().set_num_format("0%") } else { Format::new() };
                let float: f64 = number.to_string().parse().expect("a float");
                page.write_number_with_format(at.row, col(at), float, &format).expect("written");
            }
            _ => drop(page.write_string(at.row, col(at), cell.shown()).expect("written")),
        }
    }
    book.save(path).expect("saved");
}

fn open(path: &Path) -> Workbook {
    Workbook::open(Arc::from(fs::read(path).expect("written")), &Limits::default()).expect("a workbook")
}

fn shown(workbook: &Workbook, sheet: &str, at: &str) -> String {
    let sheet = workbook.sheet(sheet).expect("the sheet");
    sheet.shown(at.parse().expect("an address")).into_owned()
}

#[test]
fn a_diff_alone_lists_every_cell_and_writes_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    write(&dir.path().join("a.xlsx"), FORM);
    let (code, out, _) = jixiao(dir.path(), &["review", "a.xlsx", "--diff"]);
    assert_eq!(code, Some(1));
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(
        lines,
        [
            "a.xlsx 表!H6：“95%” → 90%（A102）",
            "a.xlsx 表!I6：“9.5” → 9（A103）",
            "a.xlsx 表!G18：“97.5” → 97（A202）",
            "可自动改正 3 格，涉及 1 个文件。"
        ]
    );
    assert_eq!(fs::read_dir(dir.path()).expect("the folder").count(), 1);
}

#[test]
fn a_fix_is_written_into_the_returned_workbook_and_the_grade_stays() {
    let dir = tempfile::tempdir().expect("a folder");
    write(&dir.path().join("a.xlsx"), FORM);
    let before = fs::read(dir.path().join("a.xlsx")).expect("the original");
    let (_, plain, _) = jixiao(dir.path(), &["check", "a.xlsx", "--format", "json"]);
    let (code, out, err) = jixiao(dir.path(), &["review", "a.xlsx", "--fix", "--diff", "--out", "出"]);
    assert_eq!(code, Some(1), "{err}");
    assert!(out.starts_with("a.xlsx 表!H6："), "{out}");
    assert_eq!(fs::read(dir.path().join("a.xlsx")).expect("the original"), before);
    let results = fs::read_to_string(dir.path().join("出/结果.json")).expect("results");
    assert_eq!(results, plain, "findings and grade are those of the form as handed in");
    let returned = open(&dir.path().join("出/退回/青禾区水务局/清水渠管理所/a.xlsx"));
    assert_eq!(["H6", "I6", "G18"].map(|at| shown(&returned, "表", at)), ["90%", "9", "97"]);
    let said: Vec<String> =
        returned.sheet("审核意见").expect("the list").cells().map(|(_, cell)| cell.shown().into_owned()).collect();
    let says = |text: &str| said.iter().any(|cell| cell.contains(text));
    assert!(says("已自动改正，H6 原填“95%”，I6 原填“9.5”，G18 原填“97.5”"), "{said:#?}");
    assert!(says("审核等级按报来的表评定"), "{said:#?}");
    assert!(says("采纳选“是”，即：G13 改为 15"), "{said:#?}");
}

#[test]
fn a_fix_needs_an_output_folder() {
    let dir = tempfile::tempdir().expect("a folder");
    write(&dir.path().join("a.xlsx"), FORM);
    for args in [&["review", "a.xlsx", "--fix"][..], &["review", "a.xlsx"], &["review", "a.xlsx", "--fix", "--diff"]] {
        let (code, _, err) = jixiao(dir.path(), args);
        assert_eq!(code, Some(2), "{args:?}");
        assert!(err.contains("--out"), "{args:?} {err}");
    }
}

/// The returned workbook of `FORM`, answered by another program.
fn answered(dir: &Path, answers: &[(&str, &str)]) {
    handed_back(dir, answers, 0, true);
}

/// The same with the form so many rows further down, and with or without the heads of the list.
fn handed_back(dir: &Path, answers: &[(&str, &str)], down: u32, heads: bool) {
    write(&dir.join("a.xlsx"), FORM);
    let (_, _, err) = jixiao(dir, &["review", "a.xlsx", "--fix", "--out", "出"]);
    assert_eq!(err, "");
    let returned = open(&dir.join("出/退回/青禾区水务局/清水渠管理所/a.xlsx"));
    let mut book = NewWorkbook::new();
    for sheet in &returned.sheets {
        let page = book.add_worksheet().set_name(sheet.name()).expect("a name");
        let col = |at: CellRef| u16::try_from(at.col).expect("a column");
        let is_list = sheet.name() == "审核意见";
        let below = |at: CellRef| CellRef::new(at.row + if is_list { 0 } else { down }, at.col);
        for merge in sheet.merges() {
            let (start, end) = (below(merge.start), below(merge.end));
            page.merge_range(start.row, col(start), end.row, col(end), "", &Format::new()).expect("regions");
        }
        let is_head = |text: &str| is_list && !heads && text == "位置";
        for (at, cell) in sheet.cells().filter(|(_, cell)| !cell.is_blank() && !is_head(&cell.shown())) {
            let at = below(at);
            match &cell.content {
                Content::Number(number) => {
                    let float: f64 = number.to_string().parse().expect("a float");
                    let percent = cell.shown().ends_with('%');
                    let format = if percent { Format::new().set_num_format("0%") } else { Format::new() };
                    page.write_number_with_format(at.row, col(at), float, &format).expect("written");
                }
                _ => drop(page.write_string(at.row, col(at), cell.shown()).expect("written")),
            }
            let answer = answers.iter().find(|(code, _)| is_list && cell.shown() == *code);
            if let Some((_, answer)) = answer {
                page.write_string(at.row, 10, *answer).expect("written");
            }
        }
    }
    fs::create_dir(dir.join("回")).expect("a folder");
    book.save(dir.join("回/a.xlsx")).expect("saved");
}

#[test]
fn what_is_ticked_is_written_and_the_rest_is_told_with_its_reason() {
    let dir = tempfile::tempdir().expect("a folder");
    answered(dir.path(), &[("A205", "是"), ("A102", "否")]);
    let before = fs::read(dir.path().join("回/a.xlsx")).expect("the original");
    let (code, out, err) = jixiao(dir.path(), &["apply", "回", "--out", "好"]);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    assert!(out.contains("表!G13 A205 已写入：G13 18 → 15，G18 97 → 94"), "{out}");
    assert!(out.contains("表!H6 A102 没有写入：单位选了“否”"), "{out}");
    assert_eq!(fs::read(dir.path().join("回/a.xlsx")).expect("the original"), before);
    let written = open(&dir.path().join("好/清水渠管理所/a.xlsx"));
    assert_eq!(["G13", "G18"].map(|at| shown(&written, "表", at)), ["15", "94"]);
    // The findings that were mended are no longer listed.
    let (_, checked, _) = jixiao(dir.path(), &["check", "好", "--format", "json"]);
    assert!(!checked.contains("\"A205\",") && !checked.contains("\"code\": \"A205\""), "{checked}");
    let (code, _, err) = jixiao(dir.path(), &["apply", "回", "--out", "好"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("已经存在，未覆盖"), "{err}");
}

#[test]
fn what_was_ticked_and_could_not_be_written_ends_with_1() {
    let dir = tempfile::tempdir().expect("a folder");
    answered(dir.path(), &[("A205", "是")]);
    let path = dir.path().join("回/a.xlsx");
    let text = |book: &Workbook| shown(book, "审核意见", "A1");
    assert_eq!(text(&open(&path)), "绩效表审核意见");
    fs::write(dir.path().join("回/坏.xlsx"), "no workbook").expect("written");
    let (code, out, _) = jixiao(dir.path(), &["apply", "回", "--out", "好"]);
    assert_eq!(code, Some(1), "{out}");
    assert!(out.contains("回/坏.xlsx：无法读取"), "{out}");
    let (code, out, _) = jixiao(dir.path(), &["apply", "a.xlsx", "--out", "再"]);
    assert_eq!(code, Some(0));
    assert!(out.contains("没有“审核意见”"), "{out}");
}

#[test]
fn a_choice_in_other_words_is_followed_and_one_that_cannot_be_read_is_told() {
    let dir = tempfile::tempdir().expect("a folder");
    answered(dir.path(), &[("A205", "同意"), ("A102", "不采纳")]);
    let (code, out, _) = jixiao(dir.path(), &["apply", "回", "--out", "好"]);
    assert!(out.contains("表!G13 A205 已写入"), "{out}");
    assert!(out.contains("表!H6 A102 没有写入：单位选了“否”"), "{out}");
    assert_eq!(code, Some(0), "{out}");
    let dir = tempfile::tempdir().expect("a folder");
    answered(dir.path(), &[("A205", "部分采纳")]);
    let (code, out, _) = jixiao(dir.path(), &["apply", "回", "--out", "好"]);
    let told = "表!G13 A205 没有写入：“采纳”写的是“部分采纳”，看不出是还是否。请选“是”或“否”";
    assert!(out.contains(told) && !dir.path().join("好").exists(), "{out}");
    assert_eq!(code, Some(1), "{out}");
}

#[test]
fn what_could_not_be_written_out_is_not_called_written() {
    let dir = tempfile::tempdir().expect("a folder");
    answered(dir.path(), &[("A205", "是"), ("A102", "否")]);
    fs::create_dir(dir.path().join("好")).expect("a folder");
    fs::write(dir.path().join("好/清水渠管理所"), "no folder").expect("a file in the way");
    let (code, out, err) = jixiao(dir.path(), &["apply", "回", "--out", "好"]);
    assert_eq!(code, Some(2), "{out}");
    assert!(out.contains("回/a.xlsx：未能写出，采纳的都没有写入") && out.contains("没有写出文件"), "{out}");
    assert!(!out.contains("已写入") && out.contains("表!H6 A102 没有写入：单位选了“否”"), "{out}");
    assert!(err.contains("未能写出结果 好/清水渠管理所/a.xlsx：这里是文件，不是文件夹"), "{err}");
}

#[test]
fn what_is_not_found_where_the_list_has_it_is_never_called_mended() {
    let dir = tempfile::tempdir().expect("a folder");
    handed_back(dir.path(), &[("A205", "是")], 2, true);
    let (code, out, _) = jixiao(dir.path(), &["apply", "回", "--out", "好"]);
    assert_eq!(code, Some(1), "{out}");
    assert!(out.contains("表!G13 A205 没有写入：位置或格里的内容与审核意见所列的不同"), "{out}");
    let dir = tempfile::tempdir().expect("a folder");
    handed_back(dir.path(), &[("A205", "是")], 0, false);
    let (code, out, _) = jixiao(dir.path(), &["apply", "回", "--out", "好"]);
    assert_eq!(code, Some(1), "{out}");
    assert!(out.contains("“审核意见”改了名，或者表头") && out.contains("不在了"), "{out}");
}

#[test]
fn no_command_writes_over_what_it_was_given() {
    let dir = tempfile::tempdir().expect("a folder");
    let at = |name: &str| dir.path().join(name);
    fs::create_dir(at("新")).expect("a folder");
    for name in ["旧.xlsx", "新/a.xlsx"] {
        write(&at(name), FORM);
    }
    let roster = "部门|单位|应报表单\n水务局|清水渠管理所|项目支出绩效自评表";
    write(&at("名册.xlsx"), roster);
    let refused = |args: &[&str], kept: &str| {
        let before = fs::read(at(kept)).expect("the file");
        let (code, _, err) = jixiao(dir.path(), args);
        assert_eq!(code, Some(2), "{args:?}: {err}");
        assert!(err.contains("不能写在上面") && err.contains("请换"), "{args:?}: {err}");
        assert!(fs::read(at(kept)).expect("the file") == before, "{args:?} changed {kept}");
    };
    for kept in ["旧.xlsx", "新/a.xlsx"] {
        refused(&["diff", "旧.xlsx", "新", "--out", kept, "--force"], kept);
    }
    let over_roster = ["diff", "旧.xlsx", "新", "--roster", "名册.xlsx", "--out", "名册.xlsx", "--force"];
    refused(&over_roster, "名册.xlsx");

    jixiao(dir.path(), &["review", "新", "--out", "出"]);
    let again = ["review", "新", "--previous", "出/结果.json", "--out", "出", "--force"];
    refused(&again, "出/结果.json");
    fs::copy(at("名册.xlsx"), at("出/统计.xlsx")).expect("a roster where results go");
    refused(&["review", "新", "--roster", "出/统计.xlsx", "--out", "出", "--force"], "出/统计.xlsx");
    refused(&["apply", "新", "--out", "新"], "新/a.xlsx");
    let (code, _, err) = jixiao(dir.path(), &["apply", "新", "--out", "新/改/好"]);
    assert!(code == Some(2) && err.contains("输出目录 新/改/好 在要处理的文件夹 新 里"), "{err}");
}

#[test]
fn clean_gives_back_the_file_as_it_was_handed_in() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = |name: &str| dir.path().join(name);
    write(&path("a.xlsx"), FORM);
    jixiao(dir.path(), &["review", "a.xlsx", "--out", "出"]);
    let marked = "出/退回/青禾区水务局/清水渠管理所/a.xlsx";
    let before = fs::read(path(marked)).expect("the marked file");
    let (code, out, err) = jixiao(dir.path(), &["clean", marked]);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("与标注前逐字节一致") && out.contains("写出 1 个文件"), "{out}");
    let cells = |path: &Path| -> Vec<String> {
        open(path).sheets.iter().flat_map(|sheet| sheet.cells().map(|(at, cell)| format!("{at} {cell:?}"))).collect()
    };
    assert_eq!(cells(&path("出/退回/青禾区水务局/清水渠管理所/a（去标注）.xlsx")), cells(&path("a.xlsx")));
    assert_eq!(fs::read(path(marked)).expect("the marked file"), before, "the original is never written");

    let (code, _, err) = jixiao(dir.path(), &["clean", marked]);
    assert!(code == Some(2) && err.contains("已经存在，未覆盖"), "{err}");
    let (code, out, _) = jixiao(dir.path(), &["clean", "a.xlsx"]);
    assert!(code == Some(0) && out.contains("没有审核标注，未写出"), "{out}");
    let (code, _, err) = jixiao(dir.path(), &["clean", "出"]);
    assert!(code == Some(2) && err.contains("请加 --out"), "{err}");
}
