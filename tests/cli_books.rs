//! Bad books: everything that is wrong with them is told at once, with its cells, before anything is judged.

mod drawn;

use std::path::Path;
use std::process::Command;

use drawn::write;
use tempfile::TempDir;

const FORM: &str = include_str!("drawn/self-evaluation.txt");

/// Reviews a clean form of 青禾区水务局 with these books; the exit code and what was said.
fn review(books: &[(&str, &str, &str)]) -> (i32, String, bool) {
    let dir = TempDir::new().expect("a folder");
    write(&dir.path().join("收件/自评表.xlsx"), &FORM.replace("UNIT", "青禾区水务局"));
    let mut args = vec!["review", "收件", "--out", "出"];
    for (option, name, drawn) in books {
        write(&dir.path().join(name), drawn);
        args.extend([option, name]);
    }
    let output = Command::new(env!("CARGO_BIN_EXE_jixiao")).current_dir(dir.path()).args(&args).output();
    let output = output.expect("the command starts");
    let said = [output.stdout, output.stderr].map(|said| String::from_utf8(said).expect("UTF-8")).concat();
    (output.status.code().expect("it ends by itself"), said, Path::new(&dir.path().join("出")).exists())
}

#[test]
fn all_that_is_wrong_with_the_books_is_told_in_one_run_with_its_cells() {
    let roster = "\
部门|单位|单位编码|应报表单|截止日期|应报项目数|应报金额（元）
青禾区水务局|青禾区水务局|219001|项目支出绩效自评表|2026-03-15|1|500000
青禾区水务局|青禾区河道管理所|219001|项目支出绩效自评表|三月中旬|1|500000
青禾区农业农村局|青禾区河道管理所|219003|部门整体支出绩效自评表|2026-03-15|两个|500000";
    let ledger = "\
项目编码|项目名称|单位|年度|金额（万元）|专项债券
36900022T000000004417|清水渠维护|青禾区水务局|2023|五十|否
36900022T000000004417|河道清淤|青禾区水务局|2023|50|也许";
    let received = "\
单位|收到日期
青禾区水务局|前天
青禾区林业局|2026-03-10";
    let books = [
        ("--roster", "名册.xlsx", roster),
        ("--ledger", "台账.xlsx", ledger),
        ("--received", "收件登记.xlsx", received),
    ];
    let (code, said, written) = review(&books);
    assert_eq!((code, written), (2, false), "{said}");
    for told in [
        "名册.xlsx：表!G1：金额列注明单位为元",
        "表!E3：截止日期“三月中旬”不是日期",
        "表!C3：单位编码“219001”已经是“青禾区水务局”的（表!C2）",
        "表!F4：应报项目数“两个”不是数字",
        "表!A4：“青禾区河道管理所”的部门在 表!A3 是“青禾区水务局”，这里是“青禾区农业农村局”",
        "台账.xlsx：表!E2：金额（万元）“五十”不是数字",
        "表!F3：“也许”认不出",
        "表!A3：项目编码“36900022T000000004417”已经是“清水渠维护”的编码",
        "收件登记.xlsx：表!B2：收到日期“前天”不是日期",
    ] {
        assert!(said.contains(told), "{told}\n{said}");
    }
}

#[test]
fn what_can_be_read_all_the_same_is_told_and_stops_nothing() {
    let roster = "\
部门|单位|单位编码|应报表单|截止日期|应报项目数|应报金额（万元）
青禾区水务局|青禾区水务局|219001|项目支出绩效自评表|2026-03-15|'1|50
青禾区水务局|青禾区河道管理所|219002|项目支出绩效自评表|2026-03-15|1|60
青禾区水务局|青禾区水文站|219003|项目支出绩效自评表|2026-03-15|1|700000";
    let ledger = "\
项目编码|项目名称|单位|年度|金额（万元）
36900022T000000004417|清水渠维护|青禾区水务局|2023|50
4418|河道清淤|青禾区河道管理所|2023|'60
36900022T000000004419|水文监测|青禾区水文站|2023|700000";
    let (code, said, written) = review(&[("--roster", "名册.xlsx", roster), ("--ledger", "台账.xlsx", ledger)]);
    assert_eq!((code, written), (0, true), "{said}");
    for told in [
        "提醒 名册 表!F2：“1”是以文本形式存储的数字，按 1 读入",
        "提醒 名册 表!G4：金额 700000 万元是其他单位的一万倍以上，可能填成了元",
        "提醒 项目台账 表!A3：项目编码“4418”有 4 位",
        "提醒 项目台账 表!E3：“60”是以文本形式存储的数字，按 60 读入",
        "提醒 项目台账 表!E4：金额 700000 万元是其他项目的一万倍以上，可能填成了元",
    ] {
        assert!(said.contains(told), "{told}\n{said}");
    }
}
