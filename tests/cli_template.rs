//! `jixiao template` as a bureau meets it: which files it writes, and what it says where it cannot.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use jixiao::roster::name_key;
use serde_json::json;

fn jixiao(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jixiao")).current_dir(dir).args(args).output().expect("the command starts")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

fn sample(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(name).display().to_string()
}

/// Paths of all files below a folder, from there.
fn files(dir: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(dir).sort_by_file_name().into_iter().filter_map(Result::ok);
    let files = entries.filter(|entry| entry.file_type().is_file());
    files.map(|entry| entry.path().strip_prefix(dir).expect("below it").to_owned()).collect()
}

#[test]
fn forms_of_one_title_are_told_apart_by_their_id_and_nothing_is_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let args = ["template", "项目支出绩效目标申报表", "monitor.project", "--out", "空表"];
    let output = jixiao(dir.path(), &args);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let names: Vec<String> = files(&dir.path().join("空表")).iter().map(|path| path.display().to_string()).collect();
    assert_eq!(
        names,
        [
            "项目支出绩效目标申报表（goal.project.v1）.xlsx",
            "项目支出绩效目标申报表（goal.project.v2）.xlsx",
            "项目支出绩效运行监控表.xlsx",
        ]
    );
    let again = jixiao(dir.path(), &args);
    assert_eq!(again.status.code(), Some(2));
    assert!(stderr(&again).contains("3 个同名文件，未覆盖"), "{}", stderr(&again));
    let forced: Vec<&str> = args.iter().copied().chain(["--force"]).collect();
    assert_eq!(jixiao(dir.path(), &forced).status.code(), Some(0));
}

#[test]
fn the_blank_forms_of_a_work_folder_go_by_its_settings() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("jixiao.toml"), "[policy]\nextends = \"jiangxi\"\n").unwrap();
    let base = ["template", "selfeval.project.v1", "--out"];
    let output = jixiao(dir.path(), &[&base[..], &["空表"]].concat());
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), "使用 jixiao.toml\n"));
    let named = jixiao(dir.path(), &[&base[..], &["江西", "--policy", "jiangxi"]].concat());
    let without = jixiao(dir.path(), &[&base[..], &["全国", "--no-config"]].concat());
    assert_eq!((stderr(&named), stderr(&without)), (String::new(), String::new()));
    let form = |folder: &str| fs::read(dir.path().join(folder).join("项目支出绩效自评表.xlsx")).unwrap();
    assert!(form("空表") == form("江西") && form("空表") != form("全国"), "the graded score of 江西 is computed");
}

#[test]
fn an_unknown_form_is_named_with_the_nearest() {
    let dir = tempfile::tempdir().unwrap();
    let output = jixiao(dir.path(), &["template", "项目支出自评表", "--out", "空表"]);
    assert_eq!(output.status.code(), Some(2));
    let said = stderr(&output);
    assert!(said.contains("没有表单“项目支出自评表”，最接近的是 项目支出绩效自评表"), "{said}");
    assert!(!dir.path().join("空表").exists());
}

#[test]
fn each_unit_gets_its_forms_by_project_with_the_approved_targets_filled_in() {
    let dir = tempfile::tempdir().unwrap();
    let cell = |text: &str| json!({ "cell": "A1", "text": text, "value": text });
    let previous = json!({ "version": 1, "submissions": [{ "forms": [{
        "schema": "goal.project.v1", "stage": "target", "subject": "project",
        "record": {
            "fields": { "unit": cell("区教育局"), "project": cell("义务教育学校课桌椅更新"), "goal": cell("更新课桌椅4200套"), "department": null },
            "tables": { "indicators": [{
                "level1": cell("产出指标"), "level2": cell("数量指标"), "level3": cell("更新课桌椅套数"),
                "operator": null, "target": cell("≥4200套"), "unit": null,
            }] },
        },
    }] }] });
    fs::write(dir.path().join("上一轮.json"), previous.to_string()).unwrap();
    let (roster, ledger) = (sample("名册.xlsx"), sample("项目台账.xlsx"));
    let base = ["template", "--roster", &roster, "--ledger", &ledger, "--previous", "上一轮.json", "--year", "2026"];
    let folders: Vec<&str> = base.iter().copied().chain(["--out", "下发"]).collect();
    let output = jixiao(dir.path(), &folders);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let written = files(&dir.path().join("下发"));
    let is_form = |path: &PathBuf| path.ends_with("项目支出绩效自评表-义务教育学校课桌椅更新.xlsx");
    let form = written.iter().find(|path| is_form(path)).unwrap_or_else(|| panic!("{written:?}"));
    let check = jixiao(&dir.path().join("下发"), &["check", &form.display().to_string(), "--format", "json"]);
    let result: serde_json::Value = serde_json::from_slice(&check.stdout).unwrap();
    let record = &result["submissions"][0]["forms"][0]["record"];
    let text = |value: &serde_json::Value| value["text"].as_str().unwrap_or_default().to_owned();
    assert_eq!(text(&record["fields"]["project"]), "义务教育学校课桌椅更新");
    assert_eq!(text(&record["fields"]["goal"]), "更新课桌椅4200套");
    assert_eq!(text(&record["fields"]["year"]), "（2026年度）");
    let unit = text(&record["fields"]["unit"]);
    assert!(form.components().any(|part| name_key(&part.as_os_str().to_string_lossy()) == name_key(&unit)), "{unit}");
    assert!(!text(&record["grids"]["funding"]["total"]["budget"]).is_empty());
    let rows = record["tables"]["indicators"].as_array().unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(text(&rows[0]["level3"]), "更新课桌椅套数");
    assert!(text(&rows[0]["target"]).contains("4200"));

    let zipped: Vec<&str> = base.iter().copied().chain(["--out", "压缩", "--zip"]).collect();
    assert_eq!(jixiao(dir.path(), &zipped).status.code(), Some(0));
    let archives = files(&dir.path().join("压缩"));
    let mut names: Vec<String> = Vec::new();
    for path in &archives {
        let file = fs::File::open(dir.path().join("压缩").join(path)).unwrap();
        let archive = zip::ZipArchive::new(file).unwrap();
        let folder = path.with_extension("");
        names.extend(archive.file_names().map(|name| folder.join(&*name.unwrap()).display().to_string()));
    }
    names.sort();
    let mut expected: Vec<String> = written.iter().map(|path| path.display().to_string()).collect();
    expected.sort();
    assert_eq!(names, expected);
}

#[test]
fn targets_without_indicators_are_told_once_for_monitoring_too() {
    let dir = tempfile::tempdir().unwrap();
    let cell = |text: &str| json!({ "cell": "A1", "text": text, "value": text });
    let previous = json!({ "version": 1, "submissions": [{ "forms": [{
        "schema": "goal.project.v1", "stage": "target", "subject": "project",
        "record": {
            "fields": { "unit": cell("区教育局"), "project": cell("义务教育学校课桌椅更新"), "goal": cell("更新课桌椅4200套") },
            "tables": { "indicators": [] },
        },
    }] }] });
    fs::write(dir.path().join("上一轮.json"), previous.to_string()).unwrap();
    let (roster, ledger) = (sample("名册.xlsx"), sample("项目台账.xlsx"));
    let forms = ["template", "monitor.project", "selfeval.project.v1", "--out", "下发"];
    let known = ["--roster", &roster, "--ledger", &ledger, "--previous", "上一轮.json"];
    let output = jixiao(dir.path(), &forms.iter().chain(&known).copied().collect::<Vec<_>>());
    let said = stderr(&output);
    assert_eq!(said.matches("“义务教育学校课桌椅更新”的绩效目标表上没有指标，没有预填指标").count(), 1, "{said}");
}

#[test]
fn a_previous_result_without_targets_is_told() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("结果.json"), r#"{ "version": 1, "submissions": [] }"#).unwrap();
    let roster = sample("名册.xlsx");
    let args = ["template", "selfeval.dept", "--roster", &roster, "--previous", "结果.json", "--out", "下发"];
    let output = jixiao(dir.path(), &args);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(stderr(&output).matches("上一轮结果里没有绩效目标表").count(), 1, "{}", stderr(&output));
}

#[test]
fn a_previous_result_that_is_none_is_told_with_its_line() {
    let dir = tempfile::tempdir().unwrap();
    let roster = sample("名册.xlsx");
    for (text, why) in [
        ("{ \"version\": 1 }", "第 1 行第 16 列：是 JSON，但没有审核结果应有的内容"),
        ("{ \"version\": 1,\n", "第 2 行第 0 列：内容不完整"),
        ("部门,单位", "第 1 行第 1 列：不是 JSON"),
    ] {
        fs::write(dir.path().join("结果.json"), text).unwrap();
        let output = jixiao(dir.path(), &["template", "--roster", &roster, "--previous", "结果.json", "--out", "下发"]);
        assert_eq!(output.status.code(), Some(2));
        let said = stderr(&output);
        assert!(said.contains(&format!("不是审核结果 结果.json（{why}")), "{said}");
    }
}
