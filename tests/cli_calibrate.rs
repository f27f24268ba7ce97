//! `calibrate` as its users meet it: the sample forms, marked by hand.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

const FOUND: i32 = 1;
const FAILED: i32 = 2;
const MARKED: &str = "219003-澄岚区实验小学2022年项目支出绩效自评表.xlsx";

fn calibrate(dir: &Path, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jixiao"));
    command.current_dir(dir).args(["calibrate", "--truth", "标注", "--no-config"]).args(more);
    command.output().expect("the command starts")
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A folder `标注` with the marks of the fixture and the workbooks they are of.
fn truth() -> TempDir {
    let dir = TempDir::new().expect("a folder");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = dir.path().join("标注");
    for (from, to) in [
        (format!("tests/fixtures/calibrate/{}", "manifest.json"), "manifest.json".to_owned()),
        ("tests/fixtures/calibrate/truth/219003.json".to_owned(), "truth/219003.json".to_owned()),
        (format!("samples/round/219-区教育局/{MARKED}"), format!("workbooks/{MARKED}")),
        ("samples/round/联络员通讯录.xlsx".to_owned(), "workbooks/联络员通讯录.xlsx".to_owned()),
    ] {
        let to = folder.join(to);
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        fs::copy(root.join(&from), to).unwrap_or_else(|error| panic!("{from}: {error}"));
    }
    dir
}

#[test]
fn hits_misses_and_false_alarms_are_counted_by_rule() {
    let dir = truth();
    let output = calibrate(dir.path(), &["--format", "json"]);
    assert_eq!(output.status.code(), Some(FOUND), "{}", told(&output));
    let result: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let share = |part: u32, whole: u32| json!({"part": part, "whole": whole});
    assert_eq!(result["recognition"], share(2, 2));
    assert_eq!(result["fields"], share(2, 2));
    assert_eq!(result["quiet"], share(3, 4), "V109 speaks where it should not");
    assert_eq!(
        result["marks"],
        json!([
            {"severity": "error", "cell": share(1, 2), "row": share(1, 2), "form": share(0, 0)},
            {"severity": "warning", "cell": share(2, 4), "row": share(3, 4), "form": share(0, 0)},
        ])
    );
    let rules = result["rules"].as_array().expect("rules");
    let counts = |code: &str| {
        let rule = rules.iter().find(|rule| rule["code"] == code).unwrap_or_else(|| panic!("{code} is not listed"));
        ["hits", "row_hits", "misses", "false_alarms", "unmarked"].map(|key| rule[key].as_u64().expect("a count"))
    };
    assert_eq!(counts("L107"), [1, 0, 0, 0, 0]);
    assert_eq!(counts("L101"), [1, 0, 0, 0, 0]);
    assert_eq!(
        counts("A205"),
        [0, 0, 1, 0, 0],
        "another rule's finding at the cell is no hit of a mark that names one"
    );
    assert_eq!(counts("V101"), [0, 1, 0, 0, 0], "hit in the row only");
    assert_eq!(counts("W103"), [0, 0, 0, 0, 0], "a remark is asked of nobody, and what is said there is no surprise");
    assert_eq!(counts("V109"), [0, 0, 0, 1, 0]);
    let kinds: Vec<&str> =
        result["misses"].as_array().expect("misses").iter().filter_map(|m| m["kind"].as_str()).collect();
    assert_eq!(kinds, ["A205", "cross_block_inconsistent"]);
    assert_eq!(result["alarms"][0]["at"], "G24");
    let shown = told(&calibrate(dir.path(), &["--fail-on", "never"]));
    for part in ["严重的标注：同一格查出 50%（1/2）", "漏报（同一行没有任何问题）：", "误报（不应提出而提出）："]
    {
        assert!(shown.contains(part), "{part} is not in\n{shown}");
    }
}

#[test]
fn a_rule_that_a_policy_turns_off_misses_its_marks() {
    let dir = truth();
    let policy =
        "extends = \"national\"\nid = \"x\"\ntitle = \"试\"\n[severities]\nfull-score-though-missed = \"off\"\n";
    fs::write(dir.path().join("口径.toml"), policy).expect("a file");
    let shown = told(&calibrate(dir.path(), &["--policy", "口径.toml"]));
    assert!(shown.contains("I15 严重 full-score-though-missed：差两天仍得满分"), "{shown}");
    assert!(shown.lines().any(|line| line.starts_with("L101") && line.contains("0%（0/1）")), "{shown}");
}

#[test]
fn what_is_wrong_with_the_truth_is_told_with_its_place() {
    let dir = truth();
    let manifest = dir.path().join("标注/manifest.json");
    let sound = fs::read_to_string(&manifest).expect("the marks");
    for (from, to, why) in [
        ("\"at\": \"F11\"", "\"at\": \"11F\"", "第 1 个标注：at 写的“11F”不是单元格地址"),
        ("\"at\": \"F11\"", "\"at\": \"ZZ999\"", "工作表“营养改善计划”的标注落在 ZZ999，这张表有内容的是 A1:"),
        ("\"sheet\": \"营养改善计划\"", "\"sheet\": \"别的\"", "没有工作表“别的”，有的是“营养改善计划”"),
        ("\"联络员通讯录.xlsx\"", "\"没有.xlsx\"", "第 2 个工作簿 没有.xlsx：没有找到这个文件"),
        ("\"file\": ", "\"file\" ", "行第 "),
        ("\"kind\": \"A205\"", "\"kind\": \"A999\"", "个标注：kind 写的“A999”是规则编码的样子，但没有这条规则"),
        ("\"rule\": \"V109\"", "\"rule\": \"V999\"", "第 1 个无误标注：没有规则“V999”"),
    ] {
        assert!(sound.contains(from), "{from}");
        fs::write(&manifest, sound.replacen(from, to, 1)).expect("a file");
        let output = calibrate(dir.path(), &[]);
        assert_eq!(output.status.code(), Some(FAILED), "{}", told(&output));
        assert!(told(&output).contains(why), "{why} is not in\n{}", told(&output));
    }
    fs::remove_file(&manifest).expect("the file");
    let output = calibrate(dir.path(), &[]);
    assert_eq!(output.status.code(), Some(FAILED));
    assert!(told(&output).contains("manifest.json：找不到文件或文件夹"), "{}", told(&output));
}

#[test]
fn a_truth_that_is_no_folder_of_marks_is_told_with_what_to_give_instead() {
    let dir = truth();
    let root = dir.path();
    let said = |truth: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jixiao"));
        let output = command.current_dir(root).args(["calibrate", "--truth", truth]).output().expect("it starts");
        assert_eq!(output.status.code(), Some(FAILED), "{}", told(&output));
        told(&output)
    };
    let wanted = "--truth 要的是放着 manifest.json（标注）和 workbooks（标注过的工作簿）的文件夹";
    for (truth, why) in [
        ("标注/manifest.json".to_owned(), "是文件，不是文件夹。请改写 --truth 标注"),
        (format!("标注/workbooks/{MARKED}"), "是文件，不是文件夹。请改写 --truth 那个文件夹"),
        ("标注/workbooks".to_owned(), "manifest.json：找不到文件或文件夹"),
        ("没有".to_owned(), "没有：找不到文件或文件夹"),
    ] {
        let said = said(&truth);
        assert!(said.contains(wanted) && said.contains(why), "{said}");
    }
    for (text, why) in [("[]", "没有列任何工作簿，没有可以核对的"), ("", "第 1 行第 0 列起不合 JSON 的写法")]
    {
        fs::write(root.join("标注/manifest.json"), text).expect("a file");
        assert!(said("标注").contains(why), "{}", said("标注"));
    }
    fs::copy(root.join("标注/workbooks/联络员通讯录.xlsx"), root.join("标注/manifest.json")).expect("a file");
    assert!(said("标注").contains("manifest.json：是工作簿或压缩包，不是文本文件"), "{}", said("标注"));
}
