//! The command as its users meet it: exit codes, files, messages.

mod drawn;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use drawn::write;
use serde_json::Value;
use tempfile::TempDir;

const CLEAN: i32 = 0;
const FOUND: i32 = 1;
const FAILED: i32 = 2;

/// A self-evaluation without a fault that a rule of severity 严重 would find; `UNIT` is the name of the unit.
const FORM: &str = include_str!("drawn/self-evaluation.txt");

fn jixiao(dir: &Path, args: &[&str]) -> Output {
    let command = Command::new(env!("CARGO_BIN_EXE_jixiao")).current_dir(dir).args(args).output();
    command.expect("the command starts")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("it ends by itself")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// A folder `round` with one clean form of 青禾区水务局.
fn clean_round() -> TempDir {
    let dir = TempDir::new().expect("a folder");
    write(&dir.path().join("round/自评表.xlsx"), &FORM.replace("UNIT", "青禾区水务局"));
    dir
}

/// The same, with a form whose total score is wrong, a text named `.xlsx`, an empty file and a workbook without form.
fn mixed_round() -> TempDir {
    let dir = clean_round();
    let round = dir.path().join("round");
    let wrong = FORM.replace("UNIT", "青禾区农机站").replace("|100|100||<", "|100|90||<");
    write(&round.join("农机站/自评表.xlsx"), &wrong);
    write(&round.join("通讯录.xlsx"), "姓名|电话\n甲|1\n乙|2");
    fs::write(round.join("文本.xlsx"), "项目,金额\n").expect("a file");
    fs::write(round.join("空.xlsx"), "").expect("a file");
    dir
}

fn results(dir: &Path) -> Value {
    let text = fs::read_to_string(dir.join("out/结果.json")).expect("the results");
    serde_json::from_str(&text).expect("JSON")
}

/// Every file below a folder with its bytes, by path.
fn files(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let found = walkdir::WalkDir::new(dir).sort_by_file_name().into_iter().filter_map(Result::ok);
    let found = found.filter(|entry| entry.file_type().is_file());
    found
        .map(|entry| {
            let name = entry.path().strip_prefix(dir).expect("below the folder").to_owned();
            (name, fs::read(entry.path()).expect("a file"))
        })
        .collect()
}

#[test]
fn a_clean_round_ends_with_0_and_a_faulty_one_with_1() {
    let clean = clean_round();
    let output = jixiao(clean.path(), &["check", "round"]);
    assert_eq!(code(&output), CLEAN, "{}{}", stdout(&output), stderr(&output));
    let mixed = mixed_round();
    assert_eq!(code(&jixiao(mixed.path(), &["check", "round/农机站"])), FOUND);
    assert_eq!(code(&jixiao(mixed.path(), &["check", "round/农机站", "--fail-on", "never"])), CLEAN);
    assert_eq!(code(&jixiao(mixed.path(), &["check", "round/空.xlsx"])), FOUND);
}

#[test]
fn what_cannot_run_ends_with_2_and_says_why_in_chinese() {
    let dir = clean_round();
    for (args, why) in [
        (&["check", "不存在"][..], "不存在：找不到文件或文件夹"),
        (&["check"], "缺少 <路径>"),
        (&["review", "round"], "缺少 --out <目录>"),
        (&["reviw", "round"], "没有命令 reviw，是不是 review"),
        (&["template", "--out", "x", "--month", "13"], "--month <月份> 的值“13”无效，应在 1 与 12 之间"),
        (&["template", "--out", "x", "--year", "99"], "--year <年度> 的值“99”无效，应在 2000 与 2100 之间"),
        (&["check", "round", "--fail-on", "all"], "的值“all”无效，可以是 error、warning、info、never"),
        (&["check", "round", "--policy", "mars"], "没有口径“mars”"),
        (&["explain", "Z999"], "没有规则“Z999”"),
        (&[], "没有写命令"),
    ] {
        let output = jixiao(dir.path(), args);
        assert_eq!(code(&output), FAILED, "{args:?}");
        assert!(stderr(&output).contains(why), "{args:?}: {}", stderr(&output));
        assert!(output.stdout.is_empty(), "{args:?}");
    }
}

#[test]
fn one_bad_file_never_stops_the_batch() {
    let dir = mixed_round();
    let output = jixiao(dir.path(), &["review", "round", "--out", "out"]);
    assert_eq!(code(&output), FOUND, "{}", stderr(&output));
    let said = stdout(&output);
    assert!(said.contains("无法读取 round/文本.xlsx：内容是纯文本"), "{said}");
    assert!(said.contains("无法读取 round/空.xlsx：文件是空的"), "{said}");
    assert!(said.contains("未识别 round/通讯录.xlsx：没有认出表单"), "{said}");
    let names: Vec<String> = files(&dir.path().join("out")).iter().map(|f| f.0.display().to_string()).collect();
    let unit = |unit: &str, letter: &str| {
        [letter, "自评表.xlsx", "问题清单.xlsx"].map(|file| format!("退回/青禾区水务局/{unit}/{file}"))
    };
    let mut expected = ["报告.html", "清单.json", "结果.json", "统计.xlsx"].map(str::to_owned).to_vec();
    expected.extend(unit("青禾区农机站", "整改通知书.docx"));
    expected.extend(unit("青禾区水务局", "审核结果通知书.docx"));
    assert_eq!(names, expected);
    let outcomes: Vec<Value> = results(dir.path())["submissions"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|submission| submission["outcome"].clone())
        .collect();
    assert_eq!(outcomes, ["checked", "unreadable", "unreadable", "checked", "unrecognised"]);
}

#[test]
fn the_originals_stay_as_they_are() {
    let dir = mixed_round();
    let before = files(&dir.path().join("round"));
    jixiao(dir.path(), &["review", "round", "--out", "out"]);
    assert_eq!(files(&dir.path().join("round")), before);
}

#[test]
fn nothing_is_overwritten_without_force() {
    let dir = mixed_round();
    jixiao(dir.path(), &["review", "round", "--out", "out"]);
    let before = files(&dir.path().join("out"));
    let output = jixiao(dir.path(), &["review", "round/农机站", "--out", "out"]);
    assert_eq!(code(&output), FAILED);
    assert!(
        stderr(&output).contains("已有 退回、统计.xlsx、报告.html、结果.json、清单.json，未覆盖"),
        "{}",
        stderr(&output)
    );
    assert_eq!(files(&dir.path().join("out")), before);
    assert_eq!(code(&jixiao(dir.path(), &["review", "round", "--out", "out", "--force"])), FOUND);
    assert_eq!(files(&dir.path().join("out")), before);
}

#[test]
fn the_results_are_as_their_schema_says() {
    let dir = mixed_round();
    jixiao(dir.path(), &["review", "round", "--out", "out"]);
    let schema: Value = serde_json::from_str(include_str!("../docs/result.schema.json")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a JSON Schema");
    let problems: Vec<String> = validator
        .iter_errors(&results(dir.path()))
        .map(|problem| format!("{}: {problem}", problem.instance_path()))
        .collect();
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn a_value_is_given_as_written_and_as_meant() {
    let dir = clean_round();
    let output = jixiao(dir.path(), &["check", "round", "--format", "json"]);
    let round: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let record = &round["submissions"][0]["forms"][0]["record"];
    assert_eq!(record["fields"]["unit"]["value"], "青禾区水务局");
    assert_eq!(record["fields"]["year"]["value"], "2023");
    assert_eq!(record["grids"]["funding"]["total"]["executed"]["value"], "50");
    let indicator = &record["tables"]["indicators"][1];
    assert_eq!((&indicator["target"]["text"], &indicator["target"]["value"]), (&"≥95%".into(), &"≥95%".into()));
    assert_eq!(indicator["level1"]["value"], "产出指标");
    assert_eq!(indicator["operator"], Value::Null);
    assert_eq!(record["fields"]["total_score"]["value"], "100");
}

#[test]
fn a_terminal_report_tells_the_verdict_first_then_cells() {
    let dir = mixed_round();
    let said = stdout(&jixiao(dir.path(), &["check", "round"]));
    let lines: Vec<&str> = said.lines().collect();
    let unit = lines.iter().position(|line| *line == "青禾区农机站").expect("the unit");
    assert!(lines[unit + 1].starts_with("  项目支出绩效自评表 · 清水渠维护"), "{said}");
    assert!(said.contains("严重 表!G18「得分」  A202 score-sum-mismatch"), "{said}");
    assert!(!said.contains('\u{1b}'), "no colours in a pipe");
    assert!(
        lines
            .last()
            .is_some_and(|line| line.starts_with("共 5 个文件：评审 2 个（2 张表），未识别 1 个，无法读取 2 个。"))
    );
}

#[test]
fn what_a_unit_writes_never_becomes_a_formula() {
    let dir = TempDir::new().expect("a folder");
    let evil = "=HYPERLINK(\"http://example.invalid\")";
    write(
        &dir.path().join("round/自评表.xlsx"),
        &FORM.replace("UNIT", &format!("'{evil}")).replace("|100|100||<", "|100|90||<"),
    );
    let csv = stdout(&jixiao(dir.path(), &["check", "round", "--format", "csv"]));
    assert!(csv.starts_with('\u{feff}'));
    assert!(csv.contains("'=HYPERLINK") && !csv.contains(",=HYPERLINK") && !csv.contains(",\"=HYPERLINK"), "{csv}");
    jixiao(dir.path(), &["review", "round", "--out", "out"]);
    let bytes = fs::read(dir.path().join("out/统计.xlsx")).expect("the statistics");
    let book = jixiao::workbook::Workbook::open(bytes.into(), &jixiao::ooxml::Limits::default()).expect("a workbook");
    let cells = book.sheets.iter().flat_map(jixiao::workbook::Sheet::cells);
    let told: Vec<_> = cells.filter(|(_, cell)| cell.shown().contains("HYPERLINK")).collect();
    assert!(!told.is_empty() && told.iter().all(|(_, cell)| cell.formula.is_none()));
}

#[test]
fn one_and_two_threads_give_the_same_bytes() {
    let dir = mixed_round();
    for copy in 0..12 {
        let unit = format!("青禾区第{copy}中学");
        write(&dir.path().join(format!("round/{copy}/自评表.xlsx")), &FORM.replace("UNIT", &unit));
    }
    jixiao(dir.path(), &["review", "round", "--out", "one", "--threads", "1"]);
    jixiao(dir.path(), &["review", "round", "--out", "two", "--threads", "2"]);
    assert_eq!(files(&dir.path().join("one")), files(&dir.path().join("two")));
}

/// The lines of a sheet, blank cells left out.
fn sheet(book: &jixiao::workbook::Workbook, name: &str) -> Vec<String> {
    let mut lines: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for (at, cell) in book.sheet(name).expect("the sheet").cells() {
        lines.entry(at.row).or_default().push(cell.shown().into_owned());
    }
    lines.into_values().map(|cells| cells.join("|")).collect()
}

#[test]
fn the_roster_tells_who_is_missing_and_who_is_unknown() {
    let dir = mixed_round();
    write(
        &dir.path().join("名册.xlsx"),
        "部门|单位|应报表单|应报项目数\n\
         水务局|青禾区水务局|项目支出绩效自评表|2\n\
         农业局|青禾区农机服务站|项目支出绩效自评表|1",
    );
    let output = jixiao(dir.path(), &["review", "round", "--roster", "名册.xlsx", "--out", "out"]);
    assert!(stdout(&output).contains("应报 3 张，未报 2 张，多报 1 张；名册外单位 1 个。"), "{}", stdout(&output));
    let bytes = fs::read(dir.path().join("out/统计.xlsx")).expect("the statistics");
    let book = jixiao::workbook::Workbook::open(bytes.into(), &jixiao::ooxml::Limits::default()).expect("a workbook");
    let missing = sheet(&book, "未报送名单");
    assert!(missing.iter().any(|line| line.ends_with("青禾区水务局|项目支出绩效自评表|2|1|1|催报")), "{missing:?}");
    let open = sheet(&book, "未识别与名册外");
    assert!(open.iter().any(|line| line.contains("如确为“青禾区农机服务站”")), "{open:?}");
}

#[test]
fn the_ledger_tells_which_projects_are_known_and_its_hints_stop_nothing() {
    let dir = mixed_round();
    write(
        &dir.path().join("台账.xlsx"),
        "项目编码|项目名称|单位|金额（万元）|别名\n\
         36900023T01|清水渠养护|青禾区水务局|100|清水渠 维护\n\
         |清水渠维修|青禾区农机站|50|",
    );
    let output = jixiao(dir.path(), &["review", "round", "--ledger", "台账.xlsx", "--out", "out"]);
    assert!(stdout(&output).contains("台账外项目 1 个"), "{}", stdout(&output));
    assert!(stderr(&output).contains("表!A2：项目编码“36900023T01”有 11 位"), "{}", stderr(&output));
    let results = results(dir.path());
    let submissions = results["submissions"].as_array().expect("a list");
    let told: Vec<String> = submissions
        .iter()
        .flat_map(|submission| submission["forms"].as_array().expect("a list"))
        .map(|form| &form["identity"])
        .map(|told| format!("{} {} {}", told["project_key"], told["project_known"], told["project_suggestion"]))
        .collect();
    let unknown = "\"青禾区农机站 / 清水渠维护\" false \"清水渠维修\"";
    assert_eq!(told, [unknown, "\"36900023T01\" true null"]);
    let bytes = fs::read(dir.path().join("out/统计.xlsx")).expect("the statistics");
    let book = jixiao::workbook::Workbook::open(bytes.into(), &jixiao::ooxml::Limits::default()).expect("a workbook");
    let open = sheet(&book, "未识别与名册外");
    assert!(open.iter().any(|line| line.contains("台账外项目") && line.contains("如确为“清水渠维修”")), "{open:?}");
}

#[test]
fn a_roster_with_missing_columns_stops_the_work_before_it_starts() {
    let dir = clean_round();
    write(&dir.path().join("名册.xlsx"), "部门|名称\n水务局|青禾区水务局");
    let output = jixiao(dir.path(), &["review", "round", "--roster", "名册.xlsx", "--out", "out"]);
    assert_eq!(code(&output), FAILED);
    assert!(stderr(&output).contains("名册.xlsx：工作表“表”缺少列：单位、应报表单"), "{}", stderr(&output));
    assert!(!dir.path().join("out").exists());
}

#[test]
fn an_output_folder_that_cannot_be_written_is_told_at_once() {
    let dir = clean_round();
    fs::write(dir.path().join("file"), "").expect("a file");
    // Below a file nothing can be made, whoever runs the test.
    let output = jixiao(dir.path(), &["review", "round", "--out", "file/out"]);
    assert_eq!(code(&output), FAILED);
    assert!(stderr(&output).contains("不能写输出目录"), "{}", stderr(&output));
}

#[test]
fn the_output_folder_and_its_results_are_no_input() {
    let dir = clean_round();
    let output = jixiao(dir.path(), &["review", "round", "--out", "round"]);
    assert_eq!(code(&output), FAILED);
    assert!(stderr(&output).contains("请换一个输出目录"), "{}", stderr(&output));
    assert_eq!(code(&jixiao(dir.path(), &["review", "round", "--out", "."])), CLEAN);
    let again = jixiao(dir.path(), &["review", ".", "--out", ".", "--force"]);
    assert_eq!(code(&again), FAILED);
    assert_eq!(code(&jixiao(dir.path(), &["review", "退回", "--out", ".", "--force"])), FAILED);
}

#[test]
fn returns_of_an_earlier_round_are_told() {
    let dir = mixed_round();
    jixiao(dir.path(), &["review", "round", "--out", "out"]);
    let output = jixiao(dir.path(), &["review", "round/自评表.xlsx", "--out", "out", "--force"]);
    assert!(stderr(&output).contains("退回/青禾区水务局/青禾区农机站/自评表.xlsx"), "{}", stderr(&output));
}

#[test]
fn a_result_that_cannot_be_written_is_named_and_never_claimed() {
    let dir = mixed_round();
    fs::create_dir_all(dir.path().join("out/统计.xlsx/占位")).expect("a folder in the way of a result");
    let output = jixiao(dir.path(), &["review", "round", "--out", "out", "--force"]);
    assert_eq!(code(&output), FAILED);
    assert!(stderr(&output).contains("未能写出结果 out/统计.xlsx"), "{}", stderr(&output));
    let said = stdout(&output);
    assert!(said.lines().last().is_some_and(|line| line.starts_with("结果没有写全：有 1 项未能写出")), "{said}");
    assert!(dir.path().join("out/结果.json").is_file(), "the other results stand");
}

#[test]
fn what_an_interrupted_run_leaves_does_not_stop_the_next() {
    let dir = clean_round();
    fs::create_dir_all(dir.path().join("out/退回")).expect("a folder");
    fs::create_dir_all(dir.path().join("out/.jixiao-未完成")).expect("a folder");
    fs::write(dir.path().join("out/.jixiao-未完成/0.xlsx"), "half").expect("a file");
    assert_eq!(code(&jixiao(dir.path(), &["review", "round", "--out", "out"])), CLEAN);
    assert!(!dir.path().join("out/.jixiao-未完成").exists());
}

#[cfg(unix)]
#[test]
fn a_name_can_neither_steer_the_terminal_nor_be_too_long() {
    let dir = TempDir::new().expect("a folder");
    write(&dir.path().join("round/a\u{1b}[31m\nb.xlsx"), &FORM.replace("UNIT", &"𠮷".repeat(200)));
    let output = jixiao(dir.path(), &["review", "round", "--out", "out"]);
    assert_eq!(code(&output), CLEAN, "{}", stderr(&output));
    let said = stdout(&jixiao(dir.path(), &["check", "round"]));
    assert!(said.contains("round/a\u{fffd}[31m\u{fffd}b.xlsx") && !said.contains('\u{1b}'), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_or_closed_output_ends_without_a_panic() {
    let dir = mixed_round();
    let run = |script: &str| {
        let script = script.replace("jixiao", env!("CARGO_BIN_EXE_jixiao"));
        Command::new("sh").current_dir(dir.path()).args(["-c", &script]).output().expect("a shell")
    };
    let full = run("jixiao check round >/dev/full");
    assert_eq!(code(&full), FAILED);
    assert!(stderr(&full).contains("磁盘已满"), "{}", stderr(&full));
    assert_eq!(code(&run("jixiao check nowhere 2>/dev/full")), FAILED);
    let closed = run("{ jixiao check round; echo $? >&2; } | true");
    assert_eq!(stderr(&closed), "1\n");
}

#[cfg(unix)]
#[test]
fn a_link_to_a_folder_above_is_passed_over() {
    let dir = clean_round();
    std::os::unix::fs::symlink("../..", dir.path().join("round/上级")).expect("a link");
    let said = stdout(&jixiao(dir.path(), &["check", "round"]));
    assert!(said.contains("略过 round/上级：链接指回上级文件夹") && said.contains("共 1 个文件"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_folder_without_permission_is_told_and_the_rest_is_judged() {
    use std::os::unix::fs::PermissionsExt;
    let dir = mixed_round();
    let closed = dir.path().join("round/农机站");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).expect("permissions");
    let readable = fs::read_dir(&closed).is_ok();
    let output = jixiao(dir.path(), &["check", "round"]);
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).expect("permissions");
    assert!(stdout(&output).contains("青禾区水务局"));
    // The superuser may read everything.
    assert!(readable || stdout(&output).contains("无法读取 round/农机站\n    没有读写权限"), "{}", stdout(&output));
}

#[test]
fn help_is_chinese_throughout() {
    let dir = TempDir::new().expect("a folder");
    for args in [
        &["--help"][..],
        &["review", "--help"],
        &["check", "-h"],
        &["schema", "--help"],
        &["explain", "--help"],
        &["rules", "--help"],
        &["init", "--help"],
    ] {
        let output = jixiao(dir.path(), args);
        assert_eq!(code(&output), CLEAN);
        let help = stdout(&output);
        assert!(help.contains("用法：jixiao") && help.contains("选项"), "{help}");
        for english in ["Usage", "Options", "Arguments", "Commands", "Print", "default", "possible"] {
            assert!(!help.contains(english), "{english} in {help}");
        }
    }
}

#[test]
fn a_schema_is_drafted_from_a_sample_and_never_over_a_file() {
    let dir = TempDir::new().expect("a folder");
    write(&dir.path().join("表样.xlsx"), FORM);
    let draft = ["schema", "new", "--from", "表样.xlsx", "--out", "own/本区自评表.toml"];
    let made = jixiao(dir.path(), &draft);
    assert_eq!(code(&made), CLEAN, "{}", stderr(&made));
    assert_eq!(code(&jixiao(dir.path(), &["schema", "check", "own/本区自评表.toml"])), CLEAN);
    let again = jixiao(dir.path(), &draft);
    assert!(code(&again) == FAILED && stderr(&again).contains("已经有了"), "{}", stderr(&again));
    let checked = jixiao(dir.path(), &["check", "表样.xlsx", "--schemas", "own", "--format", "json"]);
    let checked: Value = serde_json::from_str(&stdout(&checked)).expect("JSON");
    assert_eq!(checked["submissions"][0]["forms"][0]["schema"], "本区自评表");
    let missing = jixiao(dir.path(), &["schema", "new", "--from", "表样.xlsx", "--sheet", "没有"]);
    assert!(code(&missing) == FAILED && stderr(&missing).contains("有：表"), "{}", stderr(&missing));
}

#[test]
fn a_returned_workbook_handed_in_again_is_read_without_its_review_sheet() {
    let dir = TempDir::new().expect("a folder");
    assert_eq!(code(&jixiao(dir.path(), &["template", "goal.project.v1", "--out", "in"])), CLEAN);
    jixiao(dir.path(), &["review", "in", "--out", "out"]);
    let again = stdout(&jixiao(dir.path(), &["check", "out/退回"]));
    assert!(again.contains("工作表“审核意见”：退回时附的审核意见，不用评审"), "{again}");
}

#[test]
fn rules_and_schemas_are_listed_and_explained() {
    let dir = TempDir::new().expect("a folder");
    let rules = stdout(&jixiao(dir.path(), &["rules"]));
    assert!(rules.lines().any(|line| line.starts_with("A201  weight-sum-mismatch")), "{rules}");
    let explained = stdout(&jixiao(dir.path(), &["explain", "a201"]));
    assert!(explained.starts_with("A201 weight-sum-mismatch（严重") && explained.contains("怎么改"), "{explained}");
    assert!(stdout(&jixiao(dir.path(), &["schema", "list"])).contains("selfeval.project.v1"));
    fs::write(dir.path().join("bad.toml"), "[form]\nstage = \"自评\"\n").expect("a file");
    let checked = jixiao(dir.path(), &["schema", "check", "bad.toml"]);
    assert_eq!(code(&checked), FAILED);
    assert!(stderr(&checked).contains("bad.toml:2:"), "{}", stderr(&checked));
}

/// A form whose total score is wrong (A202), the only fault of severity 严重.
fn faulty_round() -> TempDir {
    let dir = TempDir::new().expect("a folder");
    let wrong = FORM.replace("UNIT", "青禾区农机站").replace("|100|100||<", "|100|90||<");
    write(&dir.path().join("round/农机站/自评表.xlsx"), &wrong);
    dir
}

#[test]
fn the_settings_above_the_input_folder_count_unless_told_otherwise() {
    let dir = faulty_round();
    let config = dir.path().join("jixiao.toml");
    fs::write(&config, "\u{feff}[policy.severities]\r\nscore-sum-mismatch = \"off\"\r\n").expect("a file");
    let told = jixiao(dir.path(), &["check", "round/农机站/自评表.xlsx"]);
    assert_eq!(code(&told), CLEAN, "{}", stdout(&told));
    assert_eq!(stderr(&told), "使用 jixiao.toml\n");
    for args in [&["check", "round", "--no-config"][..], &["check", "round", "--policy", "national"]] {
        let output = jixiao(dir.path(), args);
        assert_eq!((code(&output), stderr(&output).as_str()), (FOUND, ""), "{args:?}");
    }
    // The nearest one counts, and is no input itself.
    fs::write(dir.path().join("round/jixiao.toml"), "").expect("a file");
    let nearest = jixiao(dir.path(), &["check", "round/农机站"]);
    assert_eq!((code(&nearest), stderr(&nearest).as_str()), (FOUND, "使用 round/jixiao.toml\n"));
    assert!(!stdout(&jixiao(dir.path(), &["check", "round"])).contains("jixiao.toml"));
}

#[test]
fn settings_that_cannot_be_right_stop_the_work_with_their_places() {
    let dir = faulty_round();
    let text = "[round]\nrostr = \"名册.xlsx\"\n[policy.execution]\nreason_below = 90\n";
    fs::write(dir.path().join("jixiao.toml"), text).expect("a file");
    let output = jixiao(dir.path(), &["check", "round"]);
    assert_eq!(code(&output), FAILED);
    for place in ["jixiao.toml:2:1：不认识的键“rostr”", "jixiao.toml:4:1：90 应在 0 与 1 之间"] {
        assert!(stderr(&output).contains(place), "{place} in {}", stderr(&output));
    }
    let text = "[policy.weights]\n\"selfeval.mars\" = { execution = 10, output = 90 }\n";
    fs::write(dir.path().join("jixiao.toml"), text).expect("a file");
    let output = jixiao(dir.path(), &["check", "round"]);
    assert_eq!(code(&output), FAILED);
    assert!(stderr(&output).contains("不认识的表单“selfeval.mars”"), "{}", stderr(&output));
}

#[test]
fn the_roster_of_the_settings_is_used_and_is_no_input() {
    let dir = clean_round();
    write(&dir.path().join("round/名册.xlsx"), "部门|单位|应报表单\n水务局|青禾区水务局|项目支出绩效自评表");
    fs::write(dir.path().join("round/jixiao.toml"), "[round]\nroster = \"名册.xlsx\"\n").expect("a file");
    let output = jixiao(dir.path(), &["review", "round", "--out", "out"]);
    let said = stdout(&output);
    assert_eq!(code(&output), CLEAN, "{said}{}", stderr(&output));
    assert!(said.contains("收到文件 1 个") && said.contains("应报 1 张，未报 0 张"), "{said}");
}

#[test]
fn an_edited_register_is_a_policy_by_itself_and_through_the_settings() {
    let dir = faulty_round();
    let run = |args: &[&str]| jixiao(dir.path(), args);
    let policy = "extends = \"jiangxi\"\n[severities]\nscore-sum-mismatch = \"info\"\n";
    fs::write(dir.path().join("本区.toml"), policy).expect("a file");
    let made = run(&["rules", "--format", "xlsx", "--out", "登记表.xlsx", "--policy", "本区.toml"]);
    assert_eq!(code(&made), CLEAN, "{}", stderr(&made));
    let again = run(&["rules", "--format", "xlsx", "--out", "登记表.xlsx"]);
    assert_eq!(code(&again), FAILED, "a register that a person may have edited is not overwritten");
    assert!(stderr(&again).contains("已经有了，未覆盖"), "{}", stderr(&again));

    assert!(stdout(&made).contains("江西口径（有改动），规则"), "{}", stdout(&made));

    let listed = stdout(&run(&["rules", "--policy", "登记表.xlsx"]));
    assert!(listed.lines().any(|line| line.starts_with("A202") && line.contains("  提示  ")), "{listed}");
    assert_eq!(code(&run(&["check", "round"])), FOUND);
    assert_eq!(code(&run(&["check", "round", "--policy", "登记表.xlsx"])), CLEAN);

    let config = dir.path().join("jixiao.toml");
    fs::write(&config, "[policy]\nextends = \"jiangxi\"\nregister = \"登记表.xlsx\"\n").expect("a file");
    assert_eq!(code(&run(&["check", "round"])), CLEAN);
    fs::write(&config, "[policy]\nregister = \"登记表.xlsx\"\n").expect("a file");
    let other = run(&["check", "round"]);
    assert_eq!(code(&other), FAILED);
    assert!(stderr(&other).contains("登记表的口径是“jiangxi”，这里用的口径是“national”"), "{}", stderr(&other));

    for (args, why) in [
        (&["rules", "--format", "xlsx"][..], "缺少 --out <文件>"),
        (&["rules", "--out", "登记表2.xlsx"], "--out 只用于 --format xlsx"),
        (
            &["check", "round", "--policy", "round/农机站/自评表.xlsx"],
            "规则登记表有问题：\nround/农机站/自评表.xlsx：工作表“表”没有表头",
        ),
    ] {
        let output = run(args);
        assert_eq!(code(&output), FAILED, "{args:?}");
        assert!(stderr(&output).contains(why), "{args:?}: {}", stderr(&output));
    }
}

#[test]
fn a_work_folder_is_made_once_and_changes_nothing_until_edited() {
    let dir = faulty_round();
    let run = |args: &[&str]| jixiao(dir.path(), args);
    let made = run(&["init", "2024年度"]);
    assert_eq!(code(&made), CLEAN, "{}", stderr(&made));
    assert!(stdout(&made).contains("jixiao review 2024年度/收件 --out 2024年度/审核结果"), "{}", stdout(&made));
    let work = dir.path().join("2024年度");
    let names: Vec<PathBuf> = files(&work).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["jixiao.toml", "名册.xlsx", "收件登记.xlsx", "项目台账.xlsx"].map(PathBuf::from));
    fs::rename(dir.path().join("round"), work.join("收件/round")).expect("forms in the inbox");
    let with = run(&["check", "2024年度/收件", "--format", "json"]);
    let without = run(&["check", "2024年度/收件", "--format", "json", "--no-config"]);
    assert_eq!(stderr(&with), "使用 2024年度/jixiao.toml\n");
    assert_eq!(stdout(&with), stdout(&without));

    let config = work.join("jixiao.toml");
    fs::write(&config, "# 改过\n").expect("a file");
    let again = run(&["init", "2024年度"]);
    assert_eq!(code(&again), FAILED);
    assert!(
        stderr(&again).contains("2024年度 里已有 jixiao.toml、名册.xlsx、项目台账.xlsx、收件登记.xlsx，未覆盖"),
        "{}",
        stderr(&again)
    );
    assert_eq!(fs::read_to_string(&config).expect("the file"), "# 改过\n");
}
