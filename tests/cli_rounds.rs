//! Round after round: what became of findings, what units explained, what the bureau decided.

mod drawn;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use drawn::{copy, write};
use jixiao::address::CellRef;
use jixiao::ooxml::Limits;
use jixiao::workbook::{Sheet, Workbook};
use serde_json::Value;
use tempfile::TempDir;

/// A self-evaluation with two faults: `TARGET` is vague (W101), `TOTAL` is no sum (A202).
const FORM: &str = "\
项目支出绩效自评表|<|<|<|<|<|<|<|<
（2023年度）|<|<|<|<|<|<|<|<
项目名称|<|清水渠维护|<|<|<|<|<|<
主管部门|<|澄岚区水务局|<|<|实施单位|<|澄岚区水利工作站|<
项目资金（万元）|<||年初预算数|全年预算数|全年执行数|分值|执行率|得分
^|^|年度资金总额|50|50|50|10|100%|10
^|^|其中：财政拨款|50|50|50|—|100%|—
年度总体目标|预期目标|<|<|<|实际完成情况|<|<|<
^|维护清水渠12公里，保证灌区农田按时用水。|<|<|<|全年维护清水渠12公里，灌区农田用水有保障，没有发生断水。|<|<|<
一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因分析及改进措施|<
产出指标|数量指标|维护渠道长度|≥12公里|12公里|20|20||<
^|质量指标|工程验收合格率|≥95%|97%|15|15||<
^|时效指标|维护按期完成率|≥90%|92%|15|15||<
效益指标|社会效益指标|灌溉条件|TARGET|明显改善|30|30||<
满意度指标|服务对象满意度指标|灌区农户满意度|≥90%|93%|10|10||<
总分|<|<|<|<|100|TOTAL||<";

const VAGUE: &str = "明显改善";

fn form(target: &str, total: &str) -> String {
    FORM.replace("TARGET", target).replace("TOTAL", total)
}

fn jixiao(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jixiao")).current_dir(dir).args(args).output().expect("the command starts")
}

/// Runs the command, makes sure of its exit code and gives what it said.
fn ran(dir: &Path, args: &[&str], code: i32) -> String {
    let output = jixiao(dir, args);
    let said = [output.stdout, output.stderr].map(|said| String::from_utf8(said).expect("UTF-8")).concat();
    assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
    said
}

/// The first form of a result.
fn first_form(dir: &Path, out: &str) -> Value {
    let text = fs::read_to_string(dir.join(out).join("结果.json")).expect("the results");
    let results: Value = serde_json::from_str(&text).expect("JSON");
    let schema: Value = serde_json::from_str(include_str!("../docs/result.schema.json")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a JSON Schema");
    let problems: Vec<String> =
        validator.iter_errors(&results).map(|one| format!("{}: {one}", one.instance_path())).collect();
    assert!(problems.is_empty(), "{problems:#?}");
    results["submissions"][0]["forms"][0].clone()
}

/// Code and fate of every finding.
fn fates(form: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let findings = form["findings"].as_array().expect("a list");
    findings.iter().map(|finding| (text(&finding["code"]), text(&finding["fate"]))).collect()
}

fn finding<'v>(form: &'v Value, code: &str) -> &'v Value {
    let findings = form["findings"].as_array().expect("a list");
    findings.iter().find(|finding| finding["code"] == code).expect("the finding")
}

fn told(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(code, fate)| ((*code).to_owned(), (*fate).to_owned())).collect()
}

fn open(path: &Path) -> Workbook {
    Workbook::open(fs::read(path).expect("a file").into(), &Limits::default()).expect("a workbook")
}

/// The returned workbook of the only unit.
fn returned(dir: &Path, out: &str) -> Workbook {
    open(&dir.join(out).join("退回/澄岚区水务局/澄岚区水利工作站/自评表.xlsx"))
}

/// The cell of the list of findings in the line of this rule, under this head.
fn in_list(sheet: &Sheet, code: &str, head: &str) -> CellRef {
    let at = |text: &str| sheet.cells().find(|(_, cell)| cell.shown() == text).map(|(at, _)| at);
    CellRef::new(at(code).expect("the line").row, at(head).expect("the head").col)
}

/// Hands a workbook in again: texts written into 审核意见, and so many rows inserted above the form.
fn hand_in(book: &Workbook, path: &Path, answers: &[(&str, &str, &str)], down: u32) {
    let mut new = rust_xlsxwriter::Workbook::new();
    for sheet in &book.sheets {
        let page = new.add_worksheet().set_name(sheet.name()).expect("a name");
        let is_list = sheet.name() == "审核意见";
        copy(sheet, page, if is_list { 0 } else { down });
        for (code, head, text) in answers.iter().filter(|_| is_list) {
            let at = in_list(sheet, code, head);
            page.write_string(at.row, u16::try_from(at.col).expect("a column"), *text).expect("a text");
        }
    }
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    new.save(path).expect("a workbook");
}

#[test]
fn what_was_mended_stays_out_and_what_comes_back_is_told() {
    let dir = TempDir::new().expect("a folder");
    let dir = dir.path();
    for (round, target, total) in [
        ("1", VAGUE, "90"),
        ("2", "改善3200亩", "90"),
        ("3", VAGUE, "100"),
        ("4", VAGUE, "100"),
        ("5", "改善3200亩", "90"),
    ] {
        write(&dir.join(round).join("自评表.xlsx"), &form(target, total));
    }
    ran(dir, &["review", "1", "--out", "o1"], 1);
    assert_eq!(fates(&first_form(dir, "o1")), told(&[("W101", ""), ("A202", "")]));
    assert!(
        returned(dir, "o1").sheet("审核意见").is_some_and(|list| list.cells().all(|(_, cell)| cell.shown() != "状态"))
    );
    let said = ran(dir, &["review", "2", "--previous", "o1/结果.json", "--out", "o2"], 1);
    assert!(said.contains("上次 2 处：已改 1，未改 1；新增 0，反复 0。整改率 50%（1/2）。"), "{said}");
    assert_eq!(fates(&first_form(dir, "o2")), told(&[("A202", "unchanged")]));
    ran(dir, &["review", "3", "--previous", "o2/结果.json", "--out", "o3"], 0);
    assert_eq!(fates(&first_form(dir, "o3")), told(&[("W101", "again"), ("X161", "")]));
    // The same where each result is given and none knows of the one before.
    ran(dir, &["review", "2", "--out", "alone"], 1);
    let both = ["review", "3", "--previous", "o1/结果.json", "--previous", "alone/结果.json", "--out", "both"];
    ran(dir, &both, 0);
    assert_eq!(first_form(dir, "both")["earlier"]["counts"], first_form(dir, "o3")["earlier"]["counts"]);
    ran(dir, &["review", "4", "--previous", "o3/结果.json", "--out", "o4"], 0);
    let fourth = first_form(dir, "o4");
    assert_eq!(fates(&fourth), told(&[("X160", ""), ("W101", "unchanged")]));
    ran(dir, &["review", "5", "--previous", "o4/结果.json", "--out", "o5"], 1);
    let fifth = first_form(dir, "o5");
    assert_eq!(fates(&fifth), told(&[("A202", "again"), ("X161", "")]));
    let message = finding(&fifth, "X161")["message"].as_str().unwrap_or_default().to_owned();
    assert!(message.contains("100 → 90"), "{message}");

    let list = returned(dir, "o3");
    let list = list.sheet("审核意见").expect("the list");
    assert_eq!(list.shown(in_list(list, "W101", "状态")), "反复");
    assert!(list.cells().any(|(_, cell)| cell.shown() == "上次 1 处：已改 1，未改 0；新增 0，反复 1"));
    let statistics = open(&dir.join("o3/统计.xlsx"));
    let mending = statistics.sheet("整改情况").expect("the sheet");
    let line: Vec<String> = mending.row(3).map(|(_, cell)| cell.shown().into_owned()).collect();
    assert_eq!(line, ["1", "澄岚区水务局", "澄岚区水利工作站", "1", "1", "1", "0", "0", "0", "1", "100.0%"]);
    let csv = ran(dir, &["check", "3", "--previous", "o2/结果.json", "--format", "csv"], 0);
    assert!(csv.contains(r#","已改","","","""#) && csv.contains(r#","反复","","","""#), "{csv}");
}

#[test]
fn an_explanation_is_read_back_wherever_its_row_is_and_carried_over_while_the_value_stays() {
    let dir = TempDir::new().expect("a folder");
    let dir = dir.path();
    write(&dir.join("1/自评表.xlsx"), &form(VAGUE, "90"));
    ran(dir, &["review", "1", "--out", "o1"], 1);
    let answers = [("W101", "采纳", "否"), ("W101", "出错说明", "上级文件就是这样写的，没有数量")];
    hand_in(&returned(dir, "o1"), &dir.join("2/自评表.xlsx"), &answers, 2);
    let said = ran(dir, &["check", "2", "--previous", "o1/结果.json"], 1);
    assert!(said.contains("单位说明：上级文件就是这样写的，没有数量（不采纳）"), "{said}");
    ran(dir, &["review", "2", "--previous", "o1/结果.json", "--out", "o2"], 1);
    let second = first_form(dir, "o2");
    let reply = &finding(&second, "W101")["reply"];
    assert_eq!((&reply["adopted"], &reply["found"]), (&Value::Bool(false), &VAGUE.into()));
    let list = returned(dir, "o2");
    let list = list.sheet("审核意见").expect("the list");
    assert_eq!(list.shown(in_list(list, "W101", "出错说明")), "上级文件就是这样写的，没有数量");
    assert_eq!(list.shown(in_list(list, "W101", "采纳")), "否");
    // Without an earlier result it is found by its cell.
    hand_in(&returned(dir, "o1"), &dir.join("alone/自评表.xlsx"), &answers, 0);
    assert!(ran(dir, &["check", "alone"], 1).contains("单位说明："));
    // The next workbook has no such sheet: the result knows of it.
    write(&dir.join("3/自评表.xlsx"), &form(VAGUE, "100"));
    ran(dir, &["review", "3", "--previous", "o2/结果.json", "--out", "o3"], 0);
    let third = first_form(dir, "o3");
    assert_eq!(finding(&third, "W101")["reply"], *reply);
    // Explained, it is not handed in for nothing.
    ran(dir, &["review", "3", "--previous", "o3/结果.json", "--out", "o4"], 0);
    assert_eq!(fates(&first_form(dir, "o4")), told(&[("W101", "unchanged")]));
    // Another value, and the explanation is no longer one of it.
    write(&dir.join("5/自评表.xlsx"), &form("显著提升", "100"));
    ran(dir, &["review", "5", "--previous", "o3/结果.json", "--out", "o5"], 0);
    let said = ran(dir, &["check", "5", "--previous", "o3/结果.json"], 0);
    assert!(said.contains("（不采纳）（说明时填的是“明显改善”）"), "{said}");
    let list = returned(dir, "o5");
    let list = list.sheet("审核意见").expect("the list");
    assert_eq!(list.shown(in_list(list, "W101", "出错说明")), "");
}

#[test]
fn what_the_bureau_accepts_costs_nothing_as_long_as_it_holds() {
    let dir = TempDir::new().expect("a folder");
    let dir = dir.path();
    write(&dir.join("1/自评表.xlsx"), &form(VAGUE, "90"));
    ran(dir, &["review", "1", "--out", "o1"], 1);
    let answers =
        [("W101", "出错说明", "上级文件没有数量"), ("A202", "采纳", "否"), ("A202", "出错说明", "另扣审计整改 10 分")];
    hand_in(&returned(dir, "o1"), &dir.join("2/自评表.xlsx"), &answers, 0);
    let said = ran(dir, &["decisions", "2", "--out", "登记.xlsx"], 0);
    assert!(said.contains("新增说明 2 条，共 2 条，未处理 2 条"), "{said}");
    // Decided: 处理意见, 处理人, 有效期, 备注 by the row of the rule.
    let decide = |decisions: &[(&str, [&str; 4])]| {
        let book = open(&dir.join("登记.xlsx"));
        let sheet = book.sheets.first().expect("a sheet");
        let mut new = rust_xlsxwriter::Workbook::new();
        let page = new.add_worksheet();
        copy(sheet, page, 0);
        for (code, words) in decisions {
            for (head, word) in ["处理意见", "处理人", "有效期", "备注"].iter().zip(words) {
                let at = in_list(sheet, code, head);
                page.write_string(at.row, u16::try_from(at.col).expect("a column"), *word).expect("a text");
            }
        }
        new.save(dir.join("登记.xlsx")).expect("a workbook");
    };
    decide(&[("A202", ["接受", "张某", "2026年12月31日", ""]), ("W101", ["不接受", "张某", "", "须写数量"])]);
    let review = |out: &str, date: &str, input: &str, code: i32| {
        ran(dir, &["review", input, "--decisions", "登记.xlsx", "--date", date, "--out", out], code)
    };
    let said = review("o2", "2026-12-31", "2", 0);
    assert!(!said.contains("提醒"), "{said}");
    let form_now = first_form(dir, "o2");
    assert_eq!(finding(&form_now, "A202")["ruling"]["said"], "已接受（张某，至 2026-12-31）");
    assert_eq!(finding(&form_now, "W101")["ruling"]["said"], "不接受（张某）：须写数量");
    assert_eq!((&form_now["grade"]["score"], &form_now["grade"]["veto"]), (&"98.0".into(), &Value::Null));
    let list = returned(dir, "o2");
    let list = list.sheet("审核意见").expect("the list");
    assert_eq!(list.shown(in_list(list, "A202", "状态")), "已接受（张某，至 2026-12-31）");
    // One day later it costs again, and is told.
    let said = review("o3", "2027-01-01", "2", 1);
    assert!(said.contains("A202 合计·得分（接受）：有效期至 2026-12-31，已过期"), "{said}");
    assert_eq!(first_form(dir, "o3")["grade"]["score"], "91.0");
    // Another value, another question.
    write(&dir.join("4/自评表.xlsx"), &form("改善3200亩", "95"));
    let said = review("o4", "2026-12-31", "4", 1);
    assert!(said.contains("没有用上：当时填的是“90”，现在不同"), "{said}");
    assert!(said.contains("W101 灌溉条件·年度指标值（不接受）：没有用上：这张表上已经没有这个问题"), "{said}");
    let fourth = first_form(dir, "o4");
    assert_eq!(
        finding(&fourth, "A202")["ruling"]["said"],
        "原已接受（张某，至 2026-12-31），当时填的是“90”，现在不同，不再适用"
    );
    // More explanations come in: what was decided stays.
    hand_in(&returned(dir, "o4"), &dir.join("5/自评表.xlsx"), &[("A202", "出错说明", "扣 5 分")], 0);
    assert!(
        ran(dir, &["decisions", "2", "5", "--out", "登记.xlsx"], 0).contains("新增说明 1 条，共 3 条，未处理 1 条")
    );
    assert_eq!(first_form(dir, "o2")["findings"], {
        review("o6", "2026-12-31", "2", 0);
        first_form(dir, "o6")["findings"].clone()
    });
    // Judged in parts, the round hears answers and decisions all the same, also on another day.
    let beside = ["--decisions", "登记.xlsx", "--previous", "o1/结果.json"];
    for (args, out) in [(&[][..], "at-once"), (&["--shard", "1/2"], "p1"), (&["--shard", "2/2"], "p2")] {
        let check = ["check", "2", "--date", "2026-12-31", "--fail-on", "never", "--out", out];
        ran(dir, &[&check[..], &beside[..], args].concat(), 0);
    }
    ran(dir, &[&["stats", "p1", "p2", "--out", "parts"], &beside[..]].concat(), 0);
    let together = first_form(dir, "parts");
    assert_eq!(finding(&together, "A202")["ruling"]["accepted"], true);
    assert_eq!(together, first_form(dir, "at-once"));
    decide(&[("A202", ["可以", "", "年底", ""])]);
    let said = ran(dir, &["check", "2", "--decisions", "登记.xlsx"], 2);
    assert!(said.contains("H5：“可以”认不出") && said.contains("J5：有效期“年底”不是日期"), "{said}");
}

#[test]
fn jixiao_toml_names_the_register() {
    let dir = TempDir::new().expect("a folder");
    let dir = dir.path();
    fs::write(dir.join("jixiao.toml"), "[round]\ndecisions = \"登记.xlsx\"\n").expect("a file");
    write(&dir.join("收件/自评表.xlsx"), &form(VAGUE, "90"));
    write(
        &dir.join("登记.xlsx"),
        "单位|项目|表单|规则|栏目标识|填报内容|处理意见|处理人\n\
         澄岚区水利工作站|清水渠维护|项目支出绩效自评表|A202|indicators[合计].score|90|接受|张某",
    );
    let said = ran(dir, &["check", "收件"], 0);
    assert!(said.contains("处理意见：已接受（张某）") && said.contains("严重 0  一般 1  提示 0  已接受 1"), "{said}");
}

#[test]
fn two_submissions_are_compared_finding_by_finding_and_value_by_value() {
    let dir = TempDir::new().expect("a folder");
    let dir = dir.path();
    write(&dir.join("旧/自评表.xlsx"), &form(VAGUE, "90"));
    write(&dir.join("新/自评表.xlsx"), &form("改善3200亩", "90").replace("50|50|50|10", "50|60|50|10"));
    write(&dir.join("新/另一项目.xlsx"), &form("改善3200亩", "100").replace("清水渠维护|", "北山泵站改造|"));
    assert!(ran(dir, &["diff", "旧", "旧"], 0).contains("改动的内容 0 处"));
    let said = ran(dir, &["diff", "旧", "新", "--out", "对比.xlsx"], 1);
    for line in [
        "澄岚区水利工作站 · 清水渠维护 · 项目支出绩效自评表",
        "已改 一般 W101 D14「灌溉条件·年度指标值」",
        "未改 严重 A202 G16「合计·得分」",
        "E6「年度资金总额·全年预算数」 50 → 60",
        "D14「灌溉条件·年度指标值」 明显改善 → 改善3200亩",
        "只在新的里：澄岚区水利工作站 · 北山泵站改造 · 项目支出绩效自评表",
    ] {
        assert!(said.contains(line), "{line} in {said}");
    }
    ran(dir, &["review", "旧", "--out", "o1"], 1);
    let json = ran(dir, &["diff", "o1/结果.json", "新/自评表.xlsx", "--format", "json"], 1);
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((&json["counts"]["settled"], &json["counts"]["unchanged"]), (&1.into(), &1.into()));
    assert_eq!(json["forms"][0]["changes"].as_array().map(Vec::len), Some(2));
    let book = open(&dir.join("对比.xlsx"));
    assert_eq!(book.sheets.iter().map(Sheet::name).collect::<Vec<_>>(), ["汇总", "问题", "改动的内容"]);
    let said = ran(dir, &["diff", "旧", "新", "--out", "对比.xlsx"], 2);
    assert!(said.contains("已经有了，未覆盖"), "{said}");
    assert!(ran(dir, &["diff", "旧", "没有"], 2).contains("没有：找不到文件或文件夹"));
}

#[test]
fn forms_that_a_finding_compares_stand_side_by_side_in_the_statistics() {
    let dir = TempDir::new().expect("a folder");
    let dir = dir.path();
    for file in ["收件/自评表.xlsx", "收件/自评表（改）.xlsx"] {
        write(&dir.join(file), &form("≥95%", "100"));
    }
    ran(dir, &["review", "收件", "--out", "o"], 0);
    let statistics = open(&dir.join("o/统计.xlsx"));
    let pairs = statistics.sheet("跨表对照").expect("the sheet");
    let line = |row| pairs.row(row).map(|(_, cell)| cell.shown().into_owned()).collect::<Vec<String>>();
    let heads = line(2);
    assert_eq!(heads.get(4..), Some(&["本表", "本表内容", "对照的表", "位置", "对照内容"].map(str::to_owned)[..]));
    let lines = [line(3), line(4)];
    let shown = lines.iter().map(|line| [&line[1], &line[5], &line[6], &line[8]].map(String::as_str));
    assert_eq!(
        shown.collect::<Vec<_>>(),
        [
            ["X101", "清水渠维护", "收件/自评表（改）.xlsx", "清水渠维护"],
            ["X101", "清水渠维护", "收件/自评表.xlsx", "清水渠维护"],
        ]
    );
}

#[test]
fn a_register_kept_with_other_sheets_in_one_workbook_is_not_written_anew() {
    let dir = TempDir::new().expect("a folder");
    let dir = dir.path();
    write(&dir.join("收件/a.xlsx"), &form(VAGUE, "100"));
    ran(dir, &["decisions", "收件", "--out", "登记.xlsx"], 0);
    let register = Workbook::open(fs::read(dir.join("登记.xlsx")).expect("written").into(), &Limits::default());
    let mut book = rust_xlsxwriter::Workbook::new();
    for sheet in &register.expect("a workbook").sheets {
        copy(sheet, book.add_worksheet().set_name(sheet.name()).expect("a name"), 0);
    }
    book.add_worksheet().set_name("底稿").expect("a name").write_string(0, 0, "依据").expect("written");
    book.save(dir.join("登记.xlsx")).expect("saved");
    let before = fs::read(dir.join("登记.xlsx")).expect("there");
    let said = ran(dir, &["decisions", "收件", "--out", "登记.xlsx"], 2);
    assert!(said.contains("登记.xlsx 里除了登记表还有工作表“底稿”，重写登记表会丢掉"), "{said}");
    assert!(fs::read(dir.join("登记.xlsx")).expect("there") == before);
}

#[test]
fn a_file_that_could_not_be_judged_is_told_and_is_never_nothing() {
    let dir = TempDir::new().expect("a folder");
    let dir = dir.path();
    fs::create_dir(dir.join("收件")).expect("a folder");
    write(&dir.join("收件/通讯录.xlsx"), "姓名|电话\n张某|1");
    fs::write(dir.join("收件/空.xlsx"), "").expect("a file");
    for args in [&["decisions", "收件", "--out", "登记.xlsx"][..], &["diff", "收件", "收件"]] {
        let said = ran(dir, args, 1);
        assert!(said.contains("无法读取 收件/空.xlsx：文件是空的（0 字节）"), "{said}");
        assert!(said.contains("未识别 收件/通讯录.xlsx："), "{said}");
    }
}
