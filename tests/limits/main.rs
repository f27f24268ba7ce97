//! What a hostile file may cost: the command is given 256 MiB by the system, ends by itself, and says what it found, what is
//! allowed and what to do.

#[path = "../drawn/mod.rs"]
mod drawn;

mod bombs;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use bombs::{CORNER, Pack, TITLE, biff_number, noise, ods, one_sheet, xls, xlsb, xlsx, xlsx_shared};

/// Memory that a file may take, in KiB, with the program itself.
const MEMORY: u64 = 256 << 10;
const FORM: &str = include_str!("../drawn/self-evaluation.txt");

/// A file that is not read to its end, and how it is told.
struct Bomb {
    name: &'static str,
    draw: fn(&Path),
    told: &'static [&'static str],
}

fn bomb(name: &'static str, told: &'static [&'static str], draw: fn(&Path)) -> Bomb {
    Bomb { name, draw, told }
}

/// The command on these paths with so much memory. Where a system knows no such bound, without one.
fn run(dir: &Path, memory: u64, args: &[&str]) -> Output {
    let bounded = format!("ulimit -d {memory} 2>/dev/null; exec \"$0\" \"$@\"");
    let mut command = match cfg!(target_os = "linux") {
        true => {
            let mut shell = Command::new("sh");
            shell.args(["-c", &bounded, env!("CARGO_BIN_EXE_jixiao")]);
            shell
        }
        false => Command::new(env!("CARGO_BIN_EXE_jixiao")),
    };
    command.current_dir(dir).args(args).output().expect("the command starts")
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Draws each file, runs the command on it, and takes it away: some are large. With `JIXIAO_BOMBS=DIR` they stay there, to be
/// measured.
fn defused(bombs: &[Bomb]) {
    let home = tempfile::tempdir().expect("a folder");
    let mut faults = Vec::new();
    for Bomb { name, draw, told } in bombs {
        let path = home.path().join(name);
        draw(&path);
        let output = run(home.path(), MEMORY, &["check", name, "--threads", "1", "--no-config"]);
        let text = said(&output);
        if !matches!(output.status.code(), Some(0..=2)) {
            faults.push(format!("{name} ends the program: {} {text}", output.status));
        }
        let missing = told.iter().filter(|word| !text.contains(**word));
        faults.extend(missing.map(|word| format!("{name} does not say {word}: {text:.600}")));
        if let Some(kept) = std::env::var_os("JIXIAO_BOMBS") {
            fs::create_dir_all(&kept).and_then(|()| fs::copy(&path, Path::new(&kept).join(name))).expect("a copy");
        }
        fs::remove_file(path).expect("the file goes");
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn bombs_in_a_package_are_stopped_before_they_are_inflated() {
    defused(&[
        bomb("ratio.xlsx", &["内部文件 xl/s.xml 的", "倍数", "超过上限 400", "删去多余"], |path| {
            xlsx(path, std::iter::repeat_n(vec![b' '; 1 << 20], 40), "");
        }),
        bomb("part.xlsx", &["内部文件 xl/s.xml 的", "超过上限 50331648", "[limits]"], |path| {
            xlsx(path, std::iter::repeat_n(vec![b' '; 1 << 20], 100), "");
        }),
        bomb("parts.xlsx", &["压缩包内的文件数达到 10005，超过上限 10000"], |path| {
            let pack = (0..10_000).fold(one_sheet(path), |pack, number| pack.add(&format!("x/{number}"), [""]));
            pack.add("xl/s.xml", ["<worksheet/>"]).done();
        }),
    ]);
}

#[test]
fn sheets_cells_and_texts_beyond_any_form_are_refused_by_number() {
    defused(&[
        bomb("cells.xlsx", &["内部文件 xl/s.xml 的", "单元格数达到 400001，超过上限 400000"], |path| {
            let row = format!("<row>{}</row>", "<c><v>1</v></c>".repeat(100));
            xlsx(path, std::iter::repeat_n(row, 4_100), "");
        }),
        bomb("sheets.xlsx", &["工作表数达到 100000，超过上限 512"], |path| {
            let sheets: Vec<_> = (0..100_000).map(|number| (format!("表{number}"), "s.xml".to_owned())).collect();
            Pack::new(path).book(&sheets, "").add("xl/s.xml", ["<worksheet/>"]).done();
        }),
        bomb("strings.xlsx", &["内部文件 xl/t.xml 的", "共享文字条数达到 400001"], |path| {
            xlsx_shared(path, [TITLE], (0..1_000_000).map(|number| format!("<si><t>{number}</t></si>")));
        }),
        // A count that only claims to be large costs nothing.
        bomb("claims.xlsx", &["没有认出表单"], |path| {
            xlsx_shared(path, [TITLE], ["<si><t>甲</t></si>".to_owned()])
        }),
        bomb("texts.xlsx", &["单元格文字和公式的总字节数", "超过上限 33554432"], |path| {
            let row = |number| {
                format!("<row><c t='inlineStr'><is><t>{}</t></is></c></row>", noise(10_000, number).repeat(105))
            };
            xlsx(path, (0..33).map(row), "");
        }),
        bomb("formulas.xlsx", &["单元格文字和公式的总字节数", "超过上限 33554432"], |path| {
            let formula = |number| format!("<row><c><f>{}</f><v>1</v></c></row>", noise(10_000, number).repeat(105));
            xlsx(path, (0..33).map(formula), "");
        }),
    ]);
}

#[test]
fn what_is_far_hidden_merged_or_wrong_a_million_times_costs_what_it_is() {
    defused(&[
        bomb("corner.xlsx", &["XFD1048576 离表太远"], |path| xlsx(path, [TITLE, CORNER], "")),
        bomb("merges.xlsx", &["没有认出表单"], |path| {
            let whole = "<mergeCell ref='A1:XFD1048576'/>".repeat(49_000);
            xlsx(path, [TITLE, CORNER], &format!("<mergeCells>{whole}</mergeCells>"));
        }),
        bomb("steps.xlsx", &["没有认出表单"], |path| {
            let step = |number: u32| format!("<row r='{}'><c r='{}1'><v>1</v></c></row>", number * 900 + 1, "A");
            xlsx(path, (0..1_100).map(step), "");
        }),
        bomb("wrong.xlsx", &["指向不存在的文字"], |path| {
            let row = format!("<row>{}</row>", "<c t='s'><v>99</v></c>".repeat(100));
            let filler = (0..4_000).map(|number| format!("<!--{}-->{row}", noise(40, number)));
            xlsx_shared(path, filler, ["<si><t>甲</t></si>".to_owned()]);
        }),
        bomb("one-part.xlsx", &["几张工作表指向同一个内部文件"], |path| {
            let sheets: Vec<_> = (0..500).map(|number| (format!("表{number}"), "s.xml".to_owned())).collect();
            let merges: String = (1..9_000).map(|row| format!("<mergeCell ref='A{row}:XFD{row}'/>")).collect();
            let part =
                format!("<worksheet><sheetData>{TITLE}</sheetData><mergeCells>{merges}</mergeCells></worksheet>");
            Pack::new(path).book(&sheets, "").add("xl/s.xml", [part]).done();
        }),
        bomb("hidden.ods", &["隐藏的行数和列数", "超过上限 2000000"], |path| {
            let columns = "<table:table-column table:number-columns-repeated='16384' table:visibility='collapse'/>";
            let rows = "<table:table-row table:number-rows-repeated='1048576' table:visibility='collapse'/>";
            ods(path, (0..500).map(|name| format!("<table:table table:name='{name}'>{columns}{rows}</table:table>")));
        }),
        bomb("covered.ods", &["离表太远"], |path| {
            let cell =
                "<table:table-cell office:value-type='float' office:value='1'><text:p>1</text:p></table:table-cell>";
            let wide = "<table:table-cell table:number-columns-spanned='500' table:number-rows-spanned='500'/>";
            let gap = "<table:table-row table:number-rows-repeated='1048000'/>";
            let row = |inside: &str| format!("<table:table-row>{inside}</table:table-row>");
            let table = [row(cell), row(wide), gap.to_owned(), row(cell)].concat();
            ods(path, (0..500).map(|name| format!("<table:table table:name='{name}'>{table}</table:table>")));
        }),
        bomb("formulas.ods", &["单元格文字和公式的总字节数"], |path| {
            let cell = format!(
                "<table:table-cell table:formula='of:={}' office:value-type='float' office:value='1' \
                 table:number-columns-repeated='100'><text:p>1</text:p></table:table-cell>",
                noise(2_000, 1)
            );
            let row = format!("<table:table-row table:number-rows-repeated='3999'>{cell}</table:table-row>");
            ods(path, [format!("<table:table table:name='a'>{row}</table:table>")]);
        }),
        bomb("rows.ods", &["单元格数达到 17179869184，超过上限 400000"], |path| {
            let cell = "<table:table-cell office:value-type='float' office:value='1' \
                        table:number-columns-repeated='16384'><text:p>1</text:p></table:table-cell>";
            let row = format!("<table:table-row table:number-rows-repeated='1048576'>{cell}</table:table-row>");
            ods(path, [format!("<table:table table:name='a'>{row}</table:table>")]);
        }),
    ]);
}

#[test]
fn xml_that_is_deep_has_entities_or_goes_round_in_circles_ends() {
    defused(&[
        bomb("deep.xlsx", &["没有认出表单"], |path| {
            let deep = (0..60_000).map(|number| format!("<{}>", noise(12, number)));
            one_sheet(path).add("xl/s.xml", std::iter::once("<worksheet>".to_owned()).chain(deep)).done();
        }),
        bomb("entity.xlsx", &["xl/s.xml 有问题：含有 DTD 声明"], |path| {
            let doctype = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>";
            one_sheet(path).add("xl/s.xml", [doctype, "<worksheet><sheetData/></worksheet>"]).done();
        }),
        bomb("entity-rels.xlsx", &["_rels/.rels 有问题", "DTD"], |path| {
            let file = "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><Relationships>&a;</Relationships>";
            Pack::new(path).add("[Content_Types].xml", ["<Types/>"]).add("_rels/.rels", [file]).done();
        }),
        bomb("circle.xlsx", &["xl/workbook.xml 有问题：不是工作表"], |path| {
            Pack::new(path).book(&[("表".to_owned(), "workbook.xml".to_owned())], "").done();
        }),
        bomb("outside.xlsx", &["压缩包内有不合规的文件名"], |path| {
            one_sheet(path).add("xl/../../../outside.xml", [""]).done();
        }),
    ]);
}

#[test]
fn binary_workbooks_keep_to_the_same_limits() {
    defused(&[
        bomb("area.xls", &["工作表的行数×列数达到", "超过上限 2000000"], |path| {
            xls(path, 1, &[[biff_number(0, 0), biff_number(65_535, 255)].concat()]);
        }),
        bomb("just-so.xls", &["离表太远"], |path| {
            xls(path, 1, &[[biff_number(0, 0), biff_number(7_811, 255)].concat()]);
        }),
        bomb("one-stream.xls", &["几张工作表指向同一处内容"], |path| {
            xls(path, 500, &[(0..5_000).flat_map(|row| biff_number(row, 0)).collect()]);
        }),
        bomb("cells.xls", &["单元格数达到 400001"], |path| {
            let stream = |_| (0..2_100).flat_map(|row| (0..100).flat_map(move |col| biff_number(row, col))).collect();
            xls(path, 2, &(0..2).map(stream).collect::<Vec<_>>());
        }),
        bomb("cells.xlsb", &["单元格数达到 400001"], |path| xlsb(path, 4_100, 100)),
    ]);
}

#[test]
fn archives_are_listed_as_far_as_they_may_go() {
    defused(&[
        bomb(
            "many.zip",
            &["压缩包内的文件数达到 20000，超过上限 10000", "分成几个压缩包"],
            |path| {
                (0..20_000).fold(Pack::new(path), |pack, number| pack.add(&format!("{number}.xlsx"), [""])).done();
            },
        ),
        bomb(
            "ratio.zip",
            &["无法读取 ratio.zip/b.zip", "压缩包内这个文件展开后与展开前的倍数", "请解压后放入文件夹"],
            |path| {
                let zeros = || std::iter::repeat_n(vec![0_u8; 1 << 20], 20);
                Pack::new(path).add("a.xlsx", zeros()).add("b.zip", zeros()).done();
            },
        ),
        bomb("nested.zip", &["没有找到要审核的文件"], |path| {
            let inner = path.with_extension("inner");
            Pack::new(&inner).add("a.xlsx", ["1"]).done();
            for level in 0..6 {
                let bytes = fs::read(&inner).expect("an archive");
                Pack::new(&inner).add(&format!("{level}.zip"), [bytes]).done();
            }
            fs::rename(inner, path).expect("the archive");
        }),
    ]);
}

#[test]
fn a_form_beside_a_cell_at_the_end_of_the_sheet_is_judged_and_the_cell_told() {
    let home = tempfile::tempdir().expect("a folder");
    let near = home.path().join("近.xlsx");
    drawn::write(&near, FORM);
    let mut archive = zip::ZipArchive::new(fs::File::open(&near).expect("a file")).expect("a workbook");
    let mut pack = Pack::new(&home.path().join("远.xlsx"));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).expect("a part");
        let mut bytes = Vec::new();
        std::io::copy(&mut part, &mut bytes).expect("its bytes");
        let name = part.name().expect("a name").into_owned();
        let text = String::from_utf8(bytes).expect("XML");
        let far = text.replace("</sheetData>", &format!("{CORNER}</sheetData>"));
        assert_eq!(far != text, name.contains("worksheets/"), "{name}");
        pack = pack.add(&name, [far]);
    }
    pack.done();
    let judged = |file: &str| said(&run(home.path(), MEMORY, &["check", file, "--no-config"])).replace(file, "表.xlsx");
    let lines = |text: String| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let (near, far) = (lines(judged("近.xlsx")), lines(judged("远.xlsx")));
    let told: Vec<&String> = far.iter().filter(|line| !near.contains(line)).collect();
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0].contains("XFD1048576 离表太远"), "{}", told[0]);
    assert!(near.iter().all(|line| far.contains(line)), "{near:#?} {far:#?}");
}

#[test]
fn two_at_once_take_no_more_than_twice_as_much() {
    let home = tempfile::tempdir().expect("a folder");
    for name in ["甲.xlsx", "乙.xlsx"] {
        let row =
            |number| format!("<row><c t='inlineStr'><is><t>{}</t></is></c></row>", noise(10_000, number).repeat(105));
        xlsx(&home.path().join(name), (0..31).map(row), "");
    }
    let output = run(home.path(), 2 * MEMORY, &["check", ".", "--threads", "2", "--no-config"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("未识别 2 个，无法读取 0 个"), "{}", said(&output));
}

#[test]
fn a_limit_in_the_settings_is_the_one_that_counts_and_one_that_makes_no_sense_is_refused() {
    let home = tempfile::tempdir().expect("a folder");
    drawn::write(&home.path().join("表.xlsx"), FORM);
    let with = |settings: &str| {
        fs::write(home.path().join("jixiao.toml"), format!("[limits]\n{settings}\n")).expect("a file");
        said(&run(home.path(), MEMORY, &["check", "表.xlsx"]))
    };
    for (settings, told) in [
        ("cells = 20", "内部文件 xl/sharedStrings.xml 的共享文字条数达到 21，超过上限 20"),
        ("merges = 2", "合并区域数达到 3，超过上限 2"),
        ("entries = 3", "压缩包内的文件数达到"),
        ("boxes = 20", "表太大，从这里起没有看"),
        ("sheets = 0", "jixiao.toml:2:10：[limits] 的 sheets 不能是 0"),
        ("cells = 99000000", "jixiao.toml:2:9：[limits] 的 cells = 99000000 太大，最大 3200000"),
        ("nesting = 9", "最大 4"),
        ("total_mib = -1", "jixiao.toml:2:13"),
        ("total = 1", "不认识的键“total”"),
    ] {
        let text = with(settings);
        assert!(text.contains(told), "{settings}: {text}");
    }
    assert!(with("cells = 3200000\nnesting = 0").contains("评审 1 个"));
}

#[test]
fn names_in_an_archive_lead_nowhere_and_come_back_as_windows_takes_them() {
    let home = tempfile::tempdir().expect("a folder");
    let form = home.path().join("表.xlsx");
    drawn::write(&form, FORM);
    let bytes = fs::read(&form).expect("a workbook");
    fs::remove_file(form).expect("the file goes");
    const NAMES: [&str; 10] = [
        "../../../up.xlsx",
        "/etc/absolute.xlsx",
        "C:\\Windows\\drive.xlsx",
        "\\\\host\\share\\remote.xlsx",
        "CON.xlsx",
        "aux/NUL.et",
        "COM¹.xlsx",
        "a:b|c?.xlsx",
        "end. /tail .xlsx",
        "\u{1b}[31m\u{202e}turned.xlsx",
    ];
    fs::create_dir(home.path().join("in")).expect("a folder");
    let pack = Pack::new(&home.path().join("in/报来.zip"));
    NAMES.iter().fold(pack, |pack, name| pack.add(name, [&bytes])).done();
    let output = run(home.path(), MEMORY, &["review", "in", "--out", "out", "--no-config", "--fail-on", "never"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let files = paths(&home.path().join("out/退回"));
    let workbooks = files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "xlsx"));
    assert!(workbooks.count() >= NAMES.len(), "{files:#?}");
    let devices = ["con", "prn", "aux", "nul", "com1", "com¹", "conin$"];
    for path in &files {
        for piece in path.strip_prefix(home.path()).expect("below").components() {
            let piece = piece.as_os_str().to_string_lossy();
            let stem = piece.split('.').next().unwrap_or_default().trim_end().to_lowercase();
            assert!(!devices.contains(&stem.as_str()), "{piece} is a device");
            assert!(
                !piece.contains(|c: char| "<>:\"\\|?*".contains(c) || c.is_control() || c == '\u{202e}'),
                "{piece:?}"
            );
            assert!(!piece.ends_with(['.', ' ']), "{piece:?}");
        }
    }
    let beside: Vec<_> =
        fs::read_dir(home.path()).expect("a folder").flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(beside.len(), 2, "{beside:?}");
}

/// The files below a folder.
fn paths(dir: &Path) -> Vec<PathBuf> {
    let found = walkdir::WalkDir::new(dir).into_iter().map(|entry| entry.expect("an entry"));
    found.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path).collect()
}
