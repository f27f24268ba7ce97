//! What units get back, and the record of it: folders, letters, lists, archives, 清单.json, `verify`; and that no half file
//! ever stands under a final name.

mod drawn;

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use drawn::write as draw;
use jixiao::ooxml::Limits;
use jixiao::workbook::Workbook;
use tempfile::TempDir;

/// A self-evaluation without a fault that a rule of severity 严重 would find; `UNIT` is the name of the unit.
const FORM: &str = include_str!("drawn/self-evaluation.txt");
/// What its last line ends in: points, and the score in all.
const TOTAL: &str = "|100|100||<";

const GOOD: &str = "青禾区水务局";
const BAD: &str = "清水渠管理所";

fn jixiao(dir: &Path, args: &[&str]) -> Output {
    let command = Command::new(env!("CARGO_BIN_EXE_jixiao")).current_dir(dir).args(args).output();
    command.expect("the command starts")
}

/// What was printed, where it ended with this code.
fn ran(dir: &Path, args: &[&str], code: i32) -> String {
    let output = jixiao(dir, args);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let all = text(&output.stdout) + &text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{all}");
    all
}

/// The form of a unit with this total.
fn form(unit: &str, total: &str) -> String {
    assert!(FORM.ends_with(TOTAL));
    FORM.replace("UNIT", unit).replace(TOTAL, &format!("|100|{total}||<"))
}

fn write(path: &Path, unit: &str, total: &str) {
    draw(path, &form(unit, total));
}

/// `round` with a form of 青禾区水务局 that is right and one of 清水渠管理所 whose total is not, and a file that is none.
fn round() -> TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    write(&dir.path().join("round/甲.xlsx"), GOOD, "100");
    write(&dir.path().join("round/乙.xlsx"), BAD, "60");
    dir
}

fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let found = walkdir::WalkDir::new(dir).into_iter().filter_map(Result::ok);
    let found = found.filter(|entry| entry.file_type().is_file());
    let name = |path: &Path| path.strip_prefix(dir).expect("below").to_string_lossy().replace('\\', "/");
    found.map(|entry| (name(entry.path()), fs::read(entry.path()).expect("a file"))).collect()
}

/// The running text of a letter.
fn letter(bytes: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a docx");
    let mut xml = String::new();
    archive.by_name("word/document.xml").expect("the text").read_to_string(&mut xml).expect("UTF-8");
    let mut reader = quick_xml::Reader::from_str(&xml);
    let mut text = String::new();
    loop {
        match reader.read_event().expect("XML") {
            quick_xml::events::Event::Eof => return text,
            quick_xml::events::Event::Text(piece) => text.push_str(&piece),
            quick_xml::events::Event::End(tag) if tag.local_name().as_ref() == "p" => text.push('\n'),
            _ => {}
        }
    }
}

#[test]
fn each_unit_gets_its_workbook_a_letter_by_its_grade_and_the_list_of_problems() {
    let dir = round();
    fs::write(
        dir.path().join("jixiao.toml"),
        "[letter]\nbureau = \"青禾区财政局\"\ndeadline = \"2026年3月20日前\"\ncontact = \"绩效股\"\ndate = \"2026年3月10日\"\n",
    )
    .expect("settings");
    ran(dir.path(), &["review", "round", "--out", "出", "--zip"], 1);
    let all = files(&dir.path().join("出/退回"));
    let names: Vec<&str> = all.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "青禾区水务局/清水渠管理所.zip",
            "青禾区水务局/清水渠管理所/乙.xlsx",
            "青禾区水务局/清水渠管理所/整改通知书.docx",
            "青禾区水务局/清水渠管理所/问题清单.xlsx",
            "青禾区水务局/青禾区水务局.zip",
            "青禾区水务局/青禾区水务局/审核结果通知书.docx",
            "青禾区水务局/青禾区水务局/甲.xlsx",
            "青禾区水务局/青禾区水务局/问题清单.xlsx",
        ]
    );
    let bad = letter(&all["青禾区水务局/清水渠管理所/整改通知书.docx"]);
    for part in [
        "清水渠管理所：",
        "乙.xlsx",
        "请按审核意见",
        "严重问题（必须改正）\n1. G18「总分」填 60",
        "于2026年3月20日前修改完毕",
        "绩效股",
        "青禾区财政局",
        "2026年3月10日",
    ] {
        assert!(bad.contains(part), "{part} is not in\n{bad}");
    }
    let good = letter(&all["青禾区水务局/青禾区水务局/审核结果通知书.docx"]);
    assert!(good.contains("予以通过。感谢你单位认真填报") && !good.contains("修改完毕"), "{good}");

    let list = &all["青禾区水务局/清水渠管理所/问题清单.xlsx"];
    let book = Workbook::open(Arc::from(list.as_slice()), &Limits::default()).expect("a workbook");
    let relations = book.package.expect("a package").relationships("xl/worksheets/sheet1.xml").expect("links");
    assert!(relations.iter().any(|link| link.external && link.target.contains("乙.xlsx")), "{relations:?}");

    let archive = &all["青禾区水务局/清水渠管理所.zip"];
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).expect("an archive");
    let mut packed = BTreeMap::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).expect("an entry");
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("its bytes");
        let name = String::from_utf8(file.name_raw().to_vec()).expect("a name in UTF-8");
        packed.insert(format!("青禾区水务局/清水渠管理所/{name}"), bytes);
    }
    let folder: BTreeMap<String, Vec<u8>> = all
        .iter()
        .filter(|(name, _)| name.contains("管理所/"))
        .map(|(name, bytes)| (name.clone(), bytes.clone()))
        .collect();
    assert_eq!(packed, folder);
    // Bit 11 of the flags says that names are UTF-8 (APPNOTE 4.4.4); without it Explorer reads them as GBK.
    let raw = &all["青禾区水务局/清水渠管理所.zip"];
    let directory = u32::from_le_bytes(raw[raw.len() - 6..raw.len() - 2].try_into().expect("four bytes")) as usize;
    let entries: Vec<usize> = raw[directory..]
        .windows(4)
        .enumerate()
        .filter(|(_, mark)| *mark == b"PK\x01\x02")
        .map(|(at, _)| directory + at)
        .collect();
    assert_eq!(entries.len(), 3);
    assert!(entries.iter().all(|at| raw[at + 9] & 8 != 0));
}

#[test]
fn only_what_is_chosen_goes_back_and_the_results_stay_those_of_all() {
    let dir = round();
    ran(dir.path(), &["review", "round", "--out", "全"], 1);
    let said = ran(dir.path(), &["review", "round", "--out", "选", "--only", "良，中、差"], 1);
    assert!(said.contains("有 1 个文件没有退回"), "{said}");
    let names: Vec<String> = files(&dir.path().join("选/退回")).into_keys().collect();
    assert!(names.iter().all(|name| name.contains("清水渠管理所")) && names.len() == 3, "{names:?}");
    let result = |out: &str| fs::read(dir.path().join(out).join("结果.json")).expect("results");
    assert_eq!(result("全"), result("选"));
    let said = ran(dir.path(), &["review", "round", "--out", "一", "--unit", GOOD, "--unit", "没有的站"], 1);
    assert!(said.contains("--unit 写的“没有的站”在这批文件里没有"), "{said}");
    let names: Vec<String> = files(&dir.path().join("一/退回")).into_keys().collect();
    assert!(names.iter().all(|name| name.starts_with("青禾区水务局/青禾区水务局/")) && names.len() == 3, "{names:?}");
    let said = ran(dir.path(), &["review", "round", "--out", "二", "--only", "及格"], 2);
    assert!(said.contains("“及格”无效：等级写 优、良、中、差"), "{said}");
}

#[test]
fn verify_shows_that_the_grades_came_from_these_files_and_names_what_does_not_fit() {
    let dir = round();
    ran(dir.path(), &["review", "round", "--out", "出"], 1);
    let said = ran(dir.path(), &["verify", "出"], 0);
    assert!(said.contains("一致：送审文件 2 个、表单 2 张、输出文件 9 个"), "{said}");

    let returned = dir.path().join("出/退回/青禾区水务局/清水渠管理所/乙.xlsx");
    let whole = fs::read(&returned).expect("a returned file");
    fs::write(&returned, [&whole[..], b" "].concat()).expect("a changed file");
    let said = ran(dir.path(), &["verify", "出"], 1);
    assert!(said.contains("不一致 退回/青禾区水务局/清水渠管理所/乙.xlsx：内容改动过"), "{said}");
    fs::write(&returned, whole).expect("the file as it was");

    let added = dir.path().join("出/退回/青禾区水务局/清水渠管理所/附言.docx");
    fs::write(&added, "一封信").expect("a file");
    let said = ran(dir.path(), &["verify", "出"], 0);
    assert!(said.contains("附言.docx 不是审核时写出的"), "{said}");
    fs::remove_file(&added).expect("the added file");

    let input = dir.path().join("round/乙.xlsx");
    write(&input, BAD, "100");
    let said = ran(dir.path(), &["verify", "出"], 1);
    assert!(said.contains("不一致 round/乙.xlsx：内容改动过"), "{said}");
    assert!(said.contains("不一致 round/乙.xlsx 工作表“表”：审核时 "), "{said}");
    fs::remove_file(&input).expect("the input");
    let said = ran(dir.path(), &["verify", "出"], 1);
    assert!(said.contains("round/乙.xlsx：现在没有这个文件"), "{said}");

    fs::write(dir.path().join("出/清单.json"), "{}").expect("a record");
    assert!(ran(dir.path(), &["verify", "出"], 2).contains("不是审核输出的 清单.json"));
    assert!(ran(dir.path(), &["verify", "round"], 2).contains("里没有 清单.json"));
}

#[test]
fn verify_goes_by_the_books_of_then_wherever_it_is_started_and_the_files_were_moved() {
    let dir = round();
    let settings = dir.path().join("jixiao.toml");
    fs::write(&settings, "[policy]\nextends = \"national\"\n").expect("settings");
    ran(dir.path(), &["review", "round", "--out", "果/出"], 1);
    ran(&dir.path().join("果"), &["verify", "出"], 0);
    ran(dir.path(), &["verify", &dir.path().join("果/出").display().to_string()], 0);
    let record = fs::read_to_string(dir.path().join("果/出/清单.json")).expect("a record");
    assert!(!record.contains(&dir.path().display().to_string()), "no path of the machine\n{record}");

    // Both were taken elsewhere, the inputs under another name.
    fs::create_dir_all(dir.path().join("归档")).expect("a folder");
    fs::rename(dir.path().join("round"), dir.path().join("归档/送审")).expect("moved");
    let said = ran(dir.path(), &["verify", "果/出"], 2);
    assert!(said.contains("送审的文件不在原处"), "{said}");
    ran(dir.path(), &["verify", "果/出", "--inputs", "归档/送审"], 0);
    ran(dir.path(), &["verify", "果/出", "--inputs", "归档/送审/甲.xlsx", "归档/送审/乙.xlsx"], 0);

    fs::write(&settings, "[policy]\nextends = \"jiangxi\"\n").expect("settings");
    let said = ran(dir.path(), &["verify", "果/出", "--inputs", "归档/送审"], 1);
    assert!(said.contains("口径与审核时不同") && said.contains("../../jixiao.toml：内容改动过"), "{said}");
    fs::remove_file(&settings).expect("the settings");
    let said = ran(dir.path(), &["verify", "果/出", "--inputs", "归档/送审"], 2);
    assert!(said.contains("../../jixiao.toml：现在没有这个文件") && said.contains("没有核验完"), "{said}");
}

#[test]
fn the_register_of_receipts_is_no_input_and_verify_knows_it() {
    let dir = round();
    let roster = "部门|单位|应报表单\n水务局|清水渠管理所|项目支出绩效自评表\n水务局|青禾区水务局|项目支出绩效自评表";
    draw(&dir.path().join("round/名册.xlsx"), roster);
    let received = dir.path().join("round/收件登记.xlsx");
    draw(&received, "单位|年度|收到日期\n清水渠管理所|2099|2024-03-01");
    fs::write(dir.path().join("round/jixiao.toml"), "[round]\nroster = \"名册.xlsx\"\n").expect("settings");
    let named = ["review", "round", "--received", "round/收件登记.xlsx", "--out", "出"];
    let said = ran(dir.path(), &named, 1);
    assert!(said.contains("提醒 收件登记 表!C2：收到日期 2024-03-01 早于表的年度 2099"), "{said}");
    assert!(said.contains("收到文件 2 个"), "{said}");
    ran(dir.path(), &["verify", "出"], 0);
    draw(&received, "单位|年度|收到日期\n清水渠管理所|2023|2024-03-02");
    let said = ran(dir.path(), &["verify", "出"], 1);
    assert!(said.contains("不一致 ../round/收件登记.xlsx：内容改动过"), "{said}");

    let settings = "[round]\nroster = \"名册.xlsx\"\nreceived = \"收件登记.xlsx\"\n";
    fs::write(dir.path().join("round/jixiao.toml"), settings).expect("settings");
    draw(&received, "单位|收到日期\n清水渠管理局|三月");
    let said = ran(dir.path(), &["check", "round"], 2);
    assert!(said.contains("收件登记有问题") && said.contains("表!A2：名册上没有“清水渠管理局”"), "{said}");
    assert!(said.contains("表!B2：收到日期“三月”不是日期"), "{said}");
}

#[test]
fn a_unit_has_one_folder_however_its_forms_spell_it_and_two_units_never_share_one() {
    let dir = tempfile::tempdir().expect("a folder");
    for (name, unit) in
        [("甲", "219001-清水渠管理所"), ("乙", "清水渠 管理所"), ("丙", "清水渠/管理所"), ("丁", "清水渠:管理所")]
    {
        write(&dir.path().join(format!("round/{name}.xlsx")), unit, "60");
    }
    ran(dir.path(), &["review", "round", "--out", "出"], 1);
    let all = files(&dir.path().join("出/退回"));
    let letters: Vec<&String> = all.keys().filter(|name| name.ends_with("整改通知书.docx")).collect();
    assert_eq!(letters.len(), 3, "{letters:?}");
    let one =
        all.keys().find(|name| name.ends_with("甲.xlsx")).expect("a workbook").rsplit_once('/').expect("a folder").0;
    assert!(all.contains_key(&format!("{one}/乙.xlsx")), "{:?}", all.keys());
    let said = letter(&all[&format!("{one}/整改通知书.docx")]);
    assert!(said.contains("文件 2 个，表单 2 张") && said.contains("第 1、2 项，等级为“"), "{said}");
}

#[test]
fn a_letter_tells_at_most_so_many_problems_of_a_form_and_is_dated_by_the_command() {
    let dir = tempfile::tempdir().expect("a folder");
    let form = form(BAD, "60").replace("≥12公里|12公里", "良好|良好").replace("|97%|", "||");
    draw(&dir.path().join("round/乙.xlsx"), &form);
    fs::write(dir.path().join("jixiao.toml"), "[letter]\nproblems = 1\ndeadline = \"2026-4-30\"\n").expect("settings");
    ran(dir.path(), &["review", "round", "--out", "出", "--date", "2026-04-01"], 1);
    let all = files(&dir.path().join("出/退回"));
    let (_, bytes) = all.iter().find(|(name, _)| name.ends_with(".docx")).expect("a letter");
    let said = letter(bytes);
    assert!(said.contains("\n1. ") && !said.contains("\n2. ") && said.contains("条见“问题清单.xlsx”"), "{said}");
    assert!(said.contains("于2026年4月30日前修改完毕") && said.ends_with("2026年4月1日\n"), "{said}");
}

#[test]
fn who_must_begin_anew_gets_the_blank_form() {
    let dir = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(dir.path().join("round")).expect("a folder");
    // One hands in a text named .xlsx, one the wrong form, one a form with nothing in it.
    fs::write(dir.path().join("round/清水渠管理所.xlsx"), "项目,金额").expect("a file");
    write(&dir.path().join("round/甲.xlsx"), GOOD, "100");
    let blank: String = FORM
        .lines()
        .enumerate()
        .map(|(row, line)| match row {
            0..=3 | 9 | 11 => line.replace("清水渠维护|", "|").replace("UNIT", "青禾区农机站"),
            4..=8 => line.replace("|50|50|50|10|100%|10", "||||10||").replace("|50|50|50|—|100%|—", "||||—|—|—"),
            10 => "^||<|<|<||<|<|<".to_owned(),
            _ => line.split('|').take(2).chain(["|||||<"]).collect::<Vec<_>>().join("|"),
        })
        .collect::<Vec<_>>()
        .join("\n");
    draw(&dir.path().join("round/农机站.xlsx"), &blank);
    let roster = "部门|单位|应报表单\n水务局|清水渠管理所|项目支出绩效自评表\n水务局|青禾区水务局|项目支出绩效目标申报表\n农业局|青禾区农机站|项目支出绩效自评表";
    draw(&dir.path().join("名册.xlsx"), roster);
    ran(dir.path(), &["review", "round", "--roster", "名册.xlsx", "--out", "出"], 1);
    let blanks: Vec<String> =
        files(&dir.path().join("出/退回")).into_keys().filter(|name| name.contains("空白模板")).collect();
    assert_eq!(
        blanks,
        [
            "农业局/青禾区农机站/空白模板/项目支出绩效自评表.xlsx",
            "水务局/清水渠管理所/空白模板/项目支出绩效自评表.xlsx",
            "水务局/青禾区水务局/空白模板/项目支出绩效目标申报表.xlsx",
        ]
    );
    let bytes = fs::read(dir.path().join("出/退回").join(&blanks[1])).expect("a blank form");
    let book = Workbook::open(bytes.into(), &Limits::default()).expect("a workbook");
    let texts: Vec<String> = book.sheets[0].cells().map(|(_, cell)| cell.shown().into_owned()).collect();
    assert!(texts.iter().any(|text| text == BAD), "whose form it is stands in it: {texts:?}");
    let all = files(&dir.path().join("出/退回/水务局/清水渠管理所"));
    let said = letter(&all["整改通知书.docx"]);
    assert!(said.contains("“清水渠管理所.xlsx”没有审核：内容是纯文本") && said.contains("空白模板"), "{said}");
}

/// Every file below a folder under its final name is whole; what is being written lies in the staging folder.
fn all_are_whole(dir: &Path) {
    for (name, bytes) in files(dir).iter().filter(|(name, _)| !name.starts_with(".jixiao-未完成/")) {
        match name.rsplit('.').next().expect("an extension") {
            "xlsx" => drop(Workbook::open(Arc::from(bytes.as_slice()), &Limits::default()).expect(name)),
            "docx" => drop(letter(bytes)),
            "zip" => drop(zip::ZipArchive::new(Cursor::new(bytes)).expect(name)),
            "json" => drop(serde_json::from_slice::<serde_json::Value>(bytes).expect(name)),
            "html" => assert!(bytes.ends_with(b"</body>\n</html>\n"), "{name} is cut"),
            _ => panic!("{name} has no place here"),
        }
    }
}

/// A round of forty forms, and how long it takes.
fn large_round() -> (TempDir, BTreeMap<String, Vec<u8>>, Duration) {
    let dir = tempfile::tempdir().expect("a folder");
    for number in 0..40 {
        write(&dir.path().join(format!("round/{number}.xlsx")), &format!("清水渠第{number}管理所"), "60");
    }
    let before = files(&dir.path().join("round"));
    let start = Instant::now();
    ran(dir.path(), &["review", "round", "--out", "满"], 1);
    (dir, before, start.elapsed())
}

#[test]
fn a_kill_at_any_moment_leaves_whole_files_and_the_originals() {
    let (dir, before, took) = large_round();
    for step in 1..=8_u32 {
        let out: PathBuf = dir.path().join(format!("断{step}"));
        let mut child = Command::new(env!("CARGO_BIN_EXE_jixiao"))
            .current_dir(dir.path())
            .args(["review", "round", "--zip", "--out"])
            .arg(&out)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the command starts");
        std::thread::sleep(took * step / 9);
        // It may be done by now; then there was nothing to break.
        let _ = child.kill();
        child.wait().expect("it ends");
        all_are_whole(&out);
        assert_eq!(files(&dir.path().join("round")), before, "the originals");
    }
    // A folder that an interrupted run left can be written by the next one, and then be verified.
    ran(dir.path(), &["review", "round", "--out", "断4", "--force"], 1);
    ran(dir.path(), &["verify", "断4"], 0);
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_whole_files_and_the_originals() {
    let (dir, before, _) = large_round();
    // No file may grow beyond so many blocks: the statistics do not fit, the first returned workbooks do. Beyond that the
    // system ends the program, or, where it is told to leave it, refuses to write as a full disk does.
    for (at, (blocks, trap)) in
        [(4, ""), (4, "trap '' XFSZ; "), (16, "trap '' XFSZ; "), (24, "trap '' XFSZ; ")].into_iter().enumerate()
    {
        let out = format!("少{at}");
        let line = format!("{trap}ulimit -f {blocks}; exec \"$0\" review round --zip --out {out}");
        let output = Command::new("sh")
            .current_dir(dir.path())
            .args(["-c", &line, env!("CARGO_BIN_EXE_jixiao")])
            .output()
            .expect("a shell");
        all_are_whole(&dir.path().join(&out));
        assert!(!dir.path().join(&out).join("清单.json").exists(), "what is not whole has no record");
        assert_eq!(files(&dir.path().join("round")), before, "the originals");
        if !trap.is_empty() {
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{said}");
            assert!(said.contains("未能写出结果 ") && said.contains("磁盘"), "{said}");
            assert!(!dir.path().join(&out).join(".jixiao-未完成").exists(), "nothing half done is left");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_told_and_the_originals_stay() {
    use std::os::unix::fs::PermissionsExt;
    let dir = round();
    let before = files(&dir.path().join("round"));
    ran(dir.path(), &["review", "round", "--out", "出"], 1);
    let returned = dir.path().join("出/退回/青禾区水务局");
    let closed = [returned.join("青禾区水务局"), returned.join("清水渠管理所"), returned.clone()];
    closed.iter().for_each(|folder| fs::set_permissions(folder, fs::Permissions::from_mode(0o555)).expect("closed"));
    // The superuser may write everywhere: for him a file stands where a folder has to be.
    let superuser = fs::write(returned.join("试"), "").is_ok();
    closed.iter().for_each(|folder| fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).expect("open"));
    fs::remove_dir_all(&returned).expect("removed");
    if superuser {
        fs::write(&returned, "").expect("a file in the way");
    } else {
        fs::create_dir(&returned).expect("a folder");
        fs::set_permissions(&returned, fs::Permissions::from_mode(0o555)).expect("closed");
    }
    let said = ran(dir.path(), &["review", "round", "--out", "出", "--force"], 2);
    assert!(said.contains("未能写出结果 ") && said.contains("结果没有写全"), "{said}");
    assert!(!dir.path().join("出/清单.json").exists(), "what is not whole has no record");
    assert_eq!(files(&dir.path().join("round")), before, "the originals");
    if !superuser {
        fs::set_permissions(&returned, fs::Permissions::from_mode(0o755)).expect("open");
    }
}
