//! `stats` and `sample` as their users meet them: parts and places put together, contradictions, messages, the same bytes.

mod drawn;

use std::fs;
use std::path::Path;
use std::process::Command;

use drawn::write;
use jixiao::address::CellRef;
use jixiao::ooxml::Limits;
use jixiao::workbook::Workbook;
use tempfile::TempDir;

/// A self-evaluation without a fault of severity 严重; `UNIT` is the name of the unit.
const FORM: &str = include_str!("drawn/self-evaluation.txt");

const ROSTER: &str = "\
部门|单位|类型|应报表单|截止日期|应报项目数|应报金额（万元）
青禾区水务局|青禾区水务局|区直|项目支出绩效自评表|2026-03-15|1|50
青禾区水务局|青禾区河道管理所|区直|项目支出绩效自评表|2026-03-15|1|50
青禾区农业农村局|青禾区农机站|区直|项目支出绩效自评表|2026-03-15|1|50
柳浦街道|柳浦街道办事处|街道|项目支出绩效自评表|2026-03-15|1|50";

const UNITS: [&str; 3] = ["青禾区水务局", "青禾区河道管理所", "青禾区农机站"];

fn run(dir: &Path, args: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_jixiao")).current_dir(dir).args(args).output();
    let output = output.expect("the command starts");
    let said = [output.stdout, output.stderr].map(|said| String::from_utf8(said).expect("UTF-8")).concat();
    (output.status.code().expect("it ends by itself"), said)
}

/// Runs the command, makes sure of its exit code and gives what it said.
fn ran(dir: &Path, args: &[&str], code: i32) -> String {
    let (ended, said) = run(dir, args);
    assert_eq!(ended, code, "{args:?}: {said}");
    said
}

/// A work folder with a form of each unit, each checked apart into `部分/<number>/结果.json`.
fn parts(region: &str) -> TempDir {
    let dir = TempDir::new().expect("a folder");
    write(&dir.path().join("名册.xlsx"), &ROSTER.replace("青禾区", region));
    let config = format!("[round]\nregion = \"{region}\"\nname = \"2023年度自评\"\ndate = \"2026-03-20\"\n");
    fs::write(dir.path().join("jixiao.toml"), config).expect("a file");
    for (number, unit) in UNITS.iter().enumerate() {
        let form = FORM.replace("UNIT", &unit.replace("青禾区", region));
        // One of them is poor: its total is wrong.
        let form = if number == 2 { form.replace("|100|100||<", "|100|90||<") } else { form };
        write(&dir.path().join(format!("收件/{number}/自评表.xlsx")), &form);
        let folder = dir.path().join(format!("部分/{number}"));
        fs::create_dir_all(&folder).expect("a folder");
        check(dir.path(), &format!("收件/{number}"), &folder.join("结果.json"));
    }
    dir
}

fn check(dir: &Path, input: &str, result: &Path) {
    let output = Command::new(env!("CARGO_BIN_EXE_jixiao"))
        .current_dir(dir)
        .args(["check", input, "--roster", "名册.xlsx", "--format", "json", "--fail-on", "never"])
        .output()
        .expect("the command starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fs::write(result, output.stdout).expect("a file");
}

/// What `stats` writes of these results.
fn merged(dir: &Path, results: &[&str], out: &str) -> [Vec<u8>; 3] {
    ran(dir, &[&["stats"], results, &["--out", out, "--format", "xlsx,html"]].concat(), 0);
    ["汇总.json", "统计.xlsx", "报告.html"].map(|name| fs::read(dir.join(out).join(name)).expect("a file"))
}

/// The cells of the first line of a sheet whose second cell is this, by their heads.
fn line(workbook: &[u8], sheet: &str, name: &str) -> std::collections::BTreeMap<String, String> {
    let workbook = Workbook::open(workbook.to_vec().into(), &Limits::default()).expect("a workbook");
    let sheet = workbook.sheet(sheet).unwrap_or_else(|| panic!("no sheet {sheet}"));
    let used = sheet.used().expect("cells");
    let of_row = |text: &str| {
        let rows = 0..=used.end.row;
        rows.into_iter().find(|row| (0..2).any(|col| sheet.shown(CellRef::new(*row, col)) == text))
    };
    let (heads, row) = (of_row("序号").expect("the heads"), of_row(name).expect("the line"));
    let cell = |row, col| sheet.shown(CellRef::new(row, col)).into_owned();
    (0..=used.end.col).map(|col| (cell(heads, col), cell(row, col))).collect()
}

#[test]
fn parts_of_a_round_give_the_same_bytes_in_any_order_and_grouping() {
    let dir = parts("青禾区");
    let dir = dir.path();
    let all = merged(dir, &["部分/0", "部分/1", "部分/2"], "甲");
    let total = line(&all[1], "汇总", "2023年度项目支出绩效自评");
    let told =
        ["应报单位", "已报单位", "应报项目", "已报项目", "应报金额", "已报金额"].map(|head| total[head].as_str());
    assert_eq!(told, ["4", "3", "4", "3", "200", "150"]);
    assert!(merged(dir, &["部分/2/结果.json", "部分/0", "部分/1/结果.json"], "乙") == all);
    merged(dir, &["部分/2", "部分/1"], "丙");
    assert!(merged(dir, &["丙", "部分/0"], "丁") == all);
    assert!(merged(dir, &["部分/0", "丙/汇总.json", "甲/汇总.json"], "戊") == all);
    // What is merged can be merged with itself, and a file may be given twice.
    assert!(merged(dir, &["甲", "甲/汇总.json"], "己") == all);
}

#[test]
fn two_places_add_up_and_stand_side_by_side() {
    let (one, two) = (parts("青禾区"), parts("白湾区"));
    let city = TempDir::new().expect("a folder");
    let city = city.path();
    for (name, dir) in [("甲", &one), ("乙", &two)] {
        merged(dir.path(), &["部分/0", "部分/1", "部分/2"], "汇总");
        fs::create_dir_all(city.join(name)).expect("a folder");
        for file in ["jixiao.toml", "汇总/汇总.json"] {
            let to = city.join(name).join(file.trim_start_matches("汇总/"));
            fs::copy(dir.path().join(file), to).expect("a file");
        }
    }
    let both = merged(city, &["甲", "乙"], "全市");
    assert!(merged(city, &["乙", "甲"], "另") == both, "the order of results changes what is written");
    let total = line(&both[1], "汇总", "2023年度项目支出绩效自评");
    let told = ["应报部门", "应报单位", "已报单位", "应报金额", "已报金额"].map(|head| total[head].as_str());
    assert_eq!(told, ["6", "8", "6", "400", "300"]);
    for place in ["青禾区", "白湾区"] {
        let own = line(&both[1], "按地区", place);
        let told = ["应报单位", "已报单位", "已报金额"].map(|head| own[head].as_str());
        assert_eq!(told, ["4", "3", "150"]);
    }
}

#[test]
fn settings_of_one_work_folder_are_not_those_of_several_places() {
    let (one, two) = (parts("青禾区"), parts("白湾区"));
    for dir in [&one, &two] {
        let config = dir.path().join("jixiao.toml");
        let text = fs::read_to_string(&config).expect("a file");
        let region = if text.contains("青禾区") { "青禾区" } else { "白湾区" };
        fs::write(&config, format!("{text}\n[letter]\nbureau = \"{region}财政局\"\n")).expect("a file");
    }
    let results = [&one, &two].map(|dir| dir.path().join("部分/0").display().to_string());
    let out = TempDir::new().expect("a folder");
    let out = out.path().join("全市");
    let said =
        ran(one.path(), &["stats", &results[0], &results[1], "--out", &out.display().to_string(), "--format", "md"], 0);
    assert!(said.contains("不在同一个工作文件夹"), "{said}");
    let account = fs::read_to_string(out.join("说明.md")).expect("a text");
    assert!(!account.contains("青禾区财政局") && !account.contains("白湾区财政局"), "{account}");
}

#[test]
fn results_that_contradict_each_other_are_refused_in_words() {
    let dir = parts("青禾区");
    let dir = dir.path();
    // The same file, mended since.
    write(&dir.join("收件/2/自评表.xlsx"), &FORM.replace("UNIT", "青禾区农机站"));
    fs::create_dir_all(dir.join("后来")).expect("a folder");
    check(dir, "收件/2", &dir.join("后来/结果.json"));
    let said = ran(dir, &["stats", "部分/2", "后来", "--out", "合"], 2);
    for told in ["这些结果不能合在一起", "青禾区2023年度自评", "收件/2/自评表.xlsx", "内容不同", "jixiao.toml"]
    {
        assert!(said.contains(told), "{told}: {said}");
    }
    // Another roster.
    write(&dir.join("名册.xlsx"), &ROSTER.replace("|50\n", "|60\n"));
    check(dir, "收件/1", &dir.join("后来/结果.json"));
    let said = ran(dir, &["stats", "部分/0", "后来", "--out", "合"], 2);
    assert!(said.contains("名册不同，不能合在一起"), "{said}");
    // Another policy.
    let other =
        ["check", "收件/0", "--roster", "名册.xlsx", "--policy", "hubei", "--format", "json", "--fail-on", "never"];
    let (_, json) = run(dir, &other);
    fs::write(dir.join("后来/结果.json"), json).expect("a file");
    // Another policy's round has no name or place: it is another round, unless all say none.
    let (_, national) = run(dir, &[&other[..4], &["--no-config", "--format", "json", "--fail-on", "never"]].concat());
    fs::write(dir.join("部分/0/结果.json"), national).expect("a file");
    let said = ran(dir, &["stats", "部分/0", "后来", "--out", "合"], 2);
    assert!(said.contains("没有写地区和轮次的两份结果口径不同"), "{said}");
    assert!(!dir.join("合").exists(), "nothing is written");
}

#[test]
fn what_is_no_result_is_told_with_what_to_choose() {
    let dir = parts("青禾区");
    let dir = dir.path();
    fs::create_dir_all(dir.join("空文件夹")).expect("a folder");
    let whole = fs::read_to_string(dir.join("部分/0/结果.json")).expect("a result");
    let half: String = whole.chars().take(whole.chars().count() / 2).collect();
    let mut old: serde_json::Value = serde_json::from_str(&whole).expect("JSON");
    let mut newer = old.clone();
    old.as_object_mut().expect("an object").remove("facts");
    newer["version"] = 2.into();
    for (name, text) in [
        ("断了.json", half.as_str()),
        ("空.json", ""),
        ("别的.json", "{\"a\": 1}"),
        ("文字.json", "你好"),
        ("旧.json", &old.to_string()),
        ("新.json", &newer.to_string()),
    ] {
        fs::write(dir.join(name), text).expect("a file");
    }
    for (given, told) in [
        ("断了.json", "内容不完整"),
        ("空.json", "空文件"),
        ("别的.json", "没有这个版本的审核结果应有的内容"),
        ("文字.json", "不是 JSON"),
        ("旧.json", "较早的版本写的。请用现在的版本重新审核"),
        ("新.json", "只认版本 1"),
        ("名册.xlsx", "不是文本文件"),
        ("没有.json", "找不到"),
        ("空文件夹", "里没有 结果.json"),
    ] {
        let said = ran(dir, &["stats", "部分/0", given, "--out", "合"], 2);
        assert!(said.contains(given) && said.contains(told), "{given}: {said}");
    }
    let said = ran(dir, &["sample", "旧.json", "--rate", "15%", "--out", "名单.xlsx"], 2);
    assert!(said.contains("旧.json") && said.contains("较早的版本"), "{said}");
    assert!(!dir.join("合").exists() && !dir.join("名单.xlsx").exists());
}

#[test]
fn reports_of_another_run_are_not_taken_for_this_one_s() {
    let dir = parts("青禾区");
    let dir = dir.path();
    ran(dir, &["stats", "部分/0", "--out", "合", "--format", "xlsx,md"], 0);
    let said = ran(dir, &["stats", "部分/1", "--out", "合"], 2);
    assert!(said.contains("已有") && said.contains("--force"), "{said}");
    let said = ran(dir, &["stats", "部分/1", "--out", "合", "--format", "xlsx", "--force"], 0);
    assert!(said.contains("说明.md、通报.md、催报.txt 是以前留下的"), "{said}");
    let said = ran(dir, &["stats", "合", "--out", "合", "--force"], 2);
    assert!(said.contains("不能写在上面"), "{said}");
}

#[test]
fn the_same_seed_draws_the_same_list_and_says_why() {
    let dir = parts("青禾区");
    let dir = dir.path();
    merged(dir, &["部分/0", "部分/1", "部分/2"], "合");
    let draw = |seed: &str, out: &str, from: &str| {
        let said = ran(dir, &["sample", from, "--rate", "50%", "--seed", seed, "--out", out], 0);
        assert!(said.contains("2 个部门的项目绩效自评 3 个，抽取 2 个"), "{said}");
        fs::read(dir.join(out)).expect("a list")
    };
    let list = draw("7", "一.xlsx", "合");
    assert!(draw("7", "二.xlsx", "合/汇总.json") == list);
    let seeds = ["1", "2", "3", "4", "5", "6"].map(|seed| draw(seed, &format!("{seed}.xlsx"), "合"));
    assert!(seeds.iter().any(|other| *other != list));
    let drawn = line(&list, "抽查名单", "青禾区农业农村局");
    assert_eq!(drawn["单位"], "青禾区农机站");
    assert!(drawn["抽取理由"].contains("必抽") && drawn["抽取理由"].contains("有严重问题"), "{drawn:?}");
    assert_eq!(line(&list, "抽查情况", "合计")["抽查率"], "66.7%");
    for (args, told) in [
        (&["--rate", "0%", "--out", "三.xlsx"][..], "不超过 100%"),
        (&["--rate", "101%", "--out", "三.xlsx"], "不超过 100%"),
        (&["--rate", "甲", "--out", "三.xlsx"], "15% 或 0.15"),
        (&["--rate", "15%", "--seed", "甲", "--out", "三.xlsx"], "--seed"),
        (&["--rate", "15%", "--out", "一.xlsx"], "已有，未覆盖"),
        (&["--rate", "15%", "--out", "合/汇总.json", "--force"], "不能写在上面"),
        (&["--rate", "15%", "--stage", "monitoring", "--out", "三.xlsx"], "没有绩效监控的项目表"),
    ] {
        let said = ran(dir, &[&["sample", "合"], args].concat(), 2);
        assert!(said.contains(told), "{args:?}: {said}");
    }
}
