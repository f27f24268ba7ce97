//! Paths into inputs: what is read, what is passed over, and in which order.

use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use jixiao::intake::{Intake, collect};
use jixiao::ooxml::Limits;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn zip_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).expect("an entry");
        writer.write_all(bytes).expect("its bytes");
    }
    writer.finish().expect("a zip").into_inner()
}

fn put(folder: &Path, name: &str, bytes: &[u8]) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("the folder");
    fs::write(path, bytes).expect("the file");
}

fn sources(intake: &Intake) -> Vec<&str> {
    intake.inputs.iter().map(|input| input.source.as_str()).collect()
}

/// A folder `returned` inside a temporary one, which lives as long as the first value.
fn returned() -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().expect("a temporary folder");
    let folder = home.path().join("returned");
    fs::create_dir(&folder).expect("the folder");
    (home, folder)
}

#[test]
fn a_folder_gives_its_spreadsheets_and_says_what_it_passed_over() {
    let (_home, folder) = returned();
    put(&folder, "乙局/b.XLSX", b"2");
    put(&folder, "a.xls", b"1");
    put(&folder, "~$a.xls", b"lock");
    put(&folder, ".~b.xlsx", b"lock");
    put(&folder, "Thumbs.db", b"");
    put(&folder, "说明.doc", b"");
    put(&folder, "包.rar", b"");
    let intake = collect(&[folder.clone(), folder.join("a.xls")], &Limits::default());
    assert_eq!(sources(&intake), ["returned/a.xls", "returned/乙局/b.XLSX"]);
    assert_eq!(&*intake.inputs[1].read().expect("the bytes"), b"2");
    let skipped: Vec<&str> = intake.skipped.iter().map(|(source, _)| source.as_str()).collect();
    assert_eq!(
        skipped,
        ["returned/.~b.xlsx", "returned/Thumbs.db", "returned/~$a.xls", "returned/包.rar", "returned/说明.doc"]
    );
    assert!(intake.failed.is_empty());
}

#[test]
fn an_archive_gives_its_spreadsheets_one_archive_deep() {
    let (_home, folder) = returned();
    let deepest = zip_of(&[("d.xlsx", b"4")]);
    let inner = zip_of(&[("c.xlsx", b"3"), ("deeper.zip", &deepest)]);
    let archive = zip_of(&[
        ("../../up.xlsx", b"1"),
        ("科室\\b.et", b"2"),
        ("inner.zip", &inner),
        ("__MACOSX/._b.xlsx", b""),
        ("read.me", b""),
    ]);
    put(&folder, "in.zip", &archive);
    let intake = collect(&[folder.join("in.zip")], &Limits::default());
    assert_eq!(sources(&intake), ["in.zip/inner.zip/c.xlsx", "in.zip/up.xlsx", "in.zip/科室/b.et"]);
    let bytes: Vec<Vec<u8>> = intake.inputs.iter().map(|input| input.read().expect("the bytes").to_vec()).collect();
    assert_eq!(bytes, [b"3", b"1", b"2"]);
    assert_eq!(intake.skipped.len(), 3);
}

#[test]
fn gbk_names_in_an_archive_are_read() {
    let (_home, folder) = returned();
    // The writer only takes UTF-8, so a name of equal length is replaced in the bytes.
    let (gbk, _, _) = encoding_rs::GBK.encode("单位甲.xlsx");
    let plain = "x".repeat(gbk.len() - 5) + ".xlsx";
    let mut bytes = zip_of(&[(&plain, b"1")]);
    let places: Vec<usize> = memchr::memmem::find_iter(&bytes, plain.as_bytes()).collect();
    for at in places {
        bytes[at..at + gbk.len()].copy_from_slice(&gbk);
    }
    put(&folder, "in.zip", &bytes);
    let intake = collect(&[folder], &Limits::default());
    assert_eq!(sources(&intake), ["returned/in.zip/单位甲.xlsx"]);
    assert_eq!(&*intake.inputs[0].read().expect("the bytes"), b"1");
}

#[test]
fn a_workbook_named_zip_is_an_input_and_a_cut_archive_a_failure() {
    let (_home, folder) = returned();
    let archive = zip_of(&[("a.xlsx", b"1")]);
    put(&folder, "book.zip", &zip_of(&[("[Content_Types].xml", b"<Types/>")]));
    put(&folder, "cut.zip", &archive[..archive.len() - 10]);
    let intake = collect(&[folder.clone(), folder.join("missing")], &Limits::default());
    assert_eq!(sources(&intake), ["returned/book.zip"]);
    let failed: Vec<String> = intake.failed.iter().map(|error| error.to_string()).collect();
    assert_eq!(failed.len(), 2);
    assert!(failed.iter().any(|message| message.contains("cut.zip") && message.contains("没有传完")), "{failed:?}");
    assert!(failed.iter().any(|message| message.contains("找不到")), "{failed:?}");
}

#[test]
fn archives_in_an_archive_count_their_files_together() {
    let (_home, folder) = returned();
    let inner = zip_of(&[("1.xlsx", b"1"), ("2.xlsx", b"2"), ("3.xlsx", b"3")]);
    put(&folder, "in.zip", &zip_of(&[("甲.zip", &inner), ("乙.zip", &inner)]));
    let intake = collect(&[folder], &Limits { entries: 6, ..Limits::default() });
    assert_eq!(intake.inputs.len(), 3);
    let told: Vec<String> = intake.failed.iter().map(ToString::to_string).collect();
    assert!(told.len() == 1 && told[0].contains("达到 8，超过上限 6"), "{told:?}");
}

#[test]
fn a_file_above_the_limit_is_refused_when_it_is_read() {
    let (_home, folder) = returned();
    put(&folder, "a.xls", &[0; 100]);
    put(&folder, "in.zip", &zip_of(&[("b.xls", &[0; 100])]));
    let intake = collect(&[folder], &Limits { file_bytes: 99, ..Limits::default() });
    assert_eq!(sources(&intake), ["returned/a.xls", "returned/in.zip/b.xls"]);
    for input in &intake.inputs {
        assert!(input.read().expect_err("too large").to_string().contains("超过上限"));
    }
}

#[cfg(unix)]
#[test]
fn a_folder_that_links_to_itself_ends() {
    let (_home, folder) = returned();
    put(&folder, "a.xls", b"1");
    std::os::unix::fs::symlink(&folder, folder.join("again")).expect("a link");
    let intake = collect(&[folder], &Limits::default());
    assert_eq!(sources(&intake), ["returned/a.xls"]);
    assert_eq!(intake.skipped.len(), 1);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_or_to_itself_is_told_in_plain_words() {
    let (_home, folder) = returned();
    put(&folder, "a.xls", b"1");
    for (name, target) in [("断.xlsx", "没有.xlsx"), ("圈.xlsx", "圈.xlsx")] {
        std::os::unix::fs::symlink(folder.join(target), folder.join(name)).expect("a link");
    }
    for paths in [vec![folder.clone()], vec![folder.join("断.xlsx"), folder.join("圈.xlsx")]] {
        let told: Vec<String> = collect(&paths, &Limits::default()).failed.iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told.iter().all(|one| one.contains("是指向别处的链接，指到的文件打不开")), "{told:?}");
    }
}

#[test]
fn folders_of_the_same_name_lose_no_file() {
    let (_home, folder) = returned();
    put(&folder, "甲/表/a.xls", b"1");
    put(&folder, "乙/表/a.xls", b"2");
    let intake = collect(&[folder.join("甲/表"), folder.join("乙/表")], &Limits::default());
    assert_eq!(sources(&intake), ["表/a.xls", "表/a.xls（2）"]);
}
