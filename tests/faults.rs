//! Faults of the machine: nothing is lost, nothing half is left under a final name, and what happened is said.

mod drawn;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use drawn::write;
use jixiao::intake::collect;
use jixiao::ooxml::Limits;
use jixiao::policy::Policy;
use jixiao::review::{self, Books, Engine, Outcome, Workers};
use jixiao::schema::Catalog;
use tempfile::TempDir;

const CLEAN: i32 = 0;
const FOUND: i32 = 1;
const FAILED: i32 = 2;

const FORM: &str = include_str!("drawn/self-evaluation.txt");

/// A folder `round` with so many forms, each of a unit of its own; the texts are the same, which rules of the round find.
fn round(forms: usize) -> TempDir {
    let dir = TempDir::new().expect("a folder");
    for number in 1..=forms {
        form(&dir.path().join(format!("round/{number:03}.xlsx")), &format!("青禾区第{number}站"));
    }
    dir
}

fn form(path: &Path, unit: &str) {
    write(path, &FORM.replace("UNIT", unit));
}

fn command(dir: &Path, args: &[&str]) -> Command {
    // .ci/run names a faster one.
    let binary = std::env::var_os("JIXIAO_BINARY").unwrap_or_else(|| env!("CARGO_BIN_EXE_jixiao").into());
    let mut command = Command::new(binary);
    command.current_dir(dir).args(args);
    command
}

fn jixiao(dir: &Path, args: &[&str]) -> Output {
    command(dir, args).output().expect("the command starts")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("it ends by itself")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

/// Every file below a folder with its bytes, by path.
fn files(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let found = walkdir::WalkDir::new(dir).into_iter().filter_map(Result::ok);
    let found = found.filter(|entry| entry.file_type().is_file());
    let named = |path: &Path| path.strip_prefix(dir).expect("below the folder").to_owned();
    found.map(|entry| (named(entry.path()), fs::read(entry.path()).expect("a file"))).collect()
}

fn engine() -> Engine {
    let policy = Policy::embedded("national").expect("the preset is there");
    Engine::new(Catalog::embedded(), policy, Limits::default())
}

/// Why each file of a round was not judged, where it was not.
fn unread(round: &review::Round) -> Vec<(String, String)> {
    let why = |one: &review::Submission| match &one.outcome {
        Outcome::Unreadable(error) => Some((one.source.clone(), error.kind.to_string())),
        _ => None,
    };
    round.submissions.iter().filter_map(why).collect()
}

#[test]
fn a_file_that_changes_before_it_is_marked_is_not_marked_with_what_was_found_in_another() {
    let dir = TempDir::new().expect("a folder");
    let path = |name: &str| dir.path().join(format!("round/{name}.xlsx"));
    // The same form three times: only the round shows that.
    for name in ["001", "002", "003"] {
        form(&path(name), "青禾区水务局");
    }
    let intake = collect(&[dir.path().join("round")], &Limits::default());
    let last = intake.inputs.len();
    let judged = std::sync::atomic::AtomicUsize::new(0);
    let marks: std::sync::Mutex<Vec<String>> = std::sync::Mutex::default();
    let each = |_: &_, submission: &review::Submission| {
        marks.lock().expect("no panic").push(submission.source.clone());
    };
    let done = || {
        // When all are judged, before the round marks them once more.
        if judged.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1 == last {
            form(&path("002"), "青禾区农机站");
        }
    };
    let round = review::run(intake, &engine(), Books::default(), Workers::default(), Some(&each), done);
    let unread = unread(&round);
    assert!(
        matches!(&unread[..], [(source, why)] if source == "round/002.xlsx" && why.contains("运行期间文件有改动")),
        "{unread:?}"
    );
    let mut marks = marks.into_inner().expect("no panic");
    marks.sort();
    let twice = ["001", "001", "002", "003", "003"].map(|name| format!("round/{name}.xlsx"));
    assert_eq!(marks, twice, "the others are marked once more");
}

#[test]
fn a_file_that_vanishes_before_its_turn_is_told_and_the_rest_is_judged() {
    let dir = round(3);
    let intake = collect(&[dir.path().join("round")], &Limits::default());
    let path = dir.path().join("round/003.xlsx");
    let done = || drop(fs::remove_file(&path));
    let round = review::run(intake, &engine(), Books::default(), Workers::one(), None, done);
    let unread = unread(&round);
    assert!(
        matches!(&unread[..], [(source, why)] if source == "round/003.xlsx" && why.contains("读的时候找不到了")),
        "{unread:?}"
    );
    assert_eq!(round.forms().count(), 2);
}

#[test]
fn an_archive_that_is_another_one_now_gives_no_file_under_the_name_of_another() {
    let dir = TempDir::new().expect("a folder");
    let zip = dir.path().join("收件.zip");
    for name in ["甲", "乙站"] {
        form(&dir.path().join(format!("{name}.xlsx")), &format!("青禾区{name}"));
    }
    let pack = |names: &[&str]| {
        use std::io::Write;
        let mut archive = zip::ZipWriter::new(fs::File::create(&zip).expect("a file"));
        for name in names {
            archive.start_file(format!("{name}.xlsx"), zip::write::SimpleFileOptions::default()).expect("an entry");
            archive.write_all(&fs::read(dir.path().join(format!("{name}.xlsx"))).expect("a file")).expect("written");
        }
        archive.finish().expect("an archive");
    };
    pack(&["甲"]);
    let intake = collect(std::slice::from_ref(&zip), &Limits::default());
    assert!(intake.inputs[0].read().is_ok());
    pack(&["乙站", "甲"]);
    let why = intake.inputs[0].read().expect_err("another file").to_string();
    assert!(why.contains("甲.xlsx：运行期间文件有改动"), "{why}");
}

#[test]
fn an_interrupted_folder_is_told_from_a_finished_one() {
    let dir = round(1);
    let review = ["review", "round", "--out", "out"];
    assert_ne!(code(&jixiao(dir.path(), &review)), FAILED);
    let finished = jixiao(dir.path(), &review);
    assert!(stderr(&finished).contains("未覆盖"), "{}", stderr(&finished));
    fs::remove_file(dir.path().join("out/清单.json")).expect("there");
    let interrupted = jixiao(dir.path(), &review);
    assert_eq!(code(&interrupted), FAILED);
    let told = "没有 清单.json，是上一次没有做完留下的。换一个输出目录，或加 --force 覆盖";
    assert!(stderr(&interrupted).contains(told), "{}", stderr(&interrupted));
    assert_eq!(code(&jixiao(dir.path(), &["verify", "out"])), FAILED);
}

#[test]
fn what_stands_in_the_way_of_the_output_is_named() {
    let dir = round(1);
    fs::write(dir.path().join("文件"), "").expect("a file");
    fs::create_dir_all(dir.path().join("甲")).expect("a folder");
    fs::write(dir.path().join("甲/退回"), "").expect("a file");
    fs::create_dir_all(dir.path().join("乙")).expect("a folder");
    fs::write(dir.path().join("乙/.jixiao-未完成"), "").expect("a file");
    for (args, named) in [
        (vec!["review", "round", "--out", "文件"], "文件：这里是文件，不是文件夹"),
        (vec!["review", "round", "--out", "文件/出"], "文件/出：这里是文件，不是文件夹"),
        (vec!["review", "round", "--out", "甲", "--force"], "甲/退回：这里是文件，不是文件夹"),
        (vec!["review", "round", "--out", "乙"], "乙/.jixiao-未完成：这里是文件，不是文件夹"),
        (vec!["check", "round", "--out", "文件"], "文件：这里是文件，不是文件夹"),
        (vec!["template", "--out", "文件"], "文件：这里是文件，不是文件夹"),
        (vec!["decisions", "round", "--out", "文件/登记.xlsx"], "文件/登记.xlsx：这里是文件，不是文件夹"),
        (vec!["rules", "--format", "xlsx", "--out", "甲/新.xlsx/规则.xlsx"], ""),
    ] {
        let output = jixiao(dir.path(), &args);
        if named.is_empty() {
            assert_eq!(code(&output), CLEAN, "{args:?}: {}", stderr(&output));
            continue;
        }
        assert_eq!(code(&output), FAILED, "{args:?}");
        assert!(stderr(&output).contains(named), "{args:?}: {}", stderr(&output));
    }
    assert_eq!(fs::read(dir.path().join("文件")).expect("still there"), b"");
}

#[cfg(unix)]
mod unix {
    use std::io::Read;
    use std::os::unix::fs::PermissionsExt;
    use std::process::{Child, Stdio};
    use std::thread::sleep;
    use std::time::{Duration, Instant};

    use jixiao::digest::sha256;
    use jixiao::manifest::Manifest;
    use jixiao::workbook::Workbook;

    use super::*;

    /// Longer than any wait of these tests on a busy machine.
    const PATIENCE: Duration = Duration::from_secs(60);

    /// Waits until something holds.
    fn until(what: &str, mut holds: impl FnMut() -> bool) {
        let start = Instant::now();
        while !holds() {
            assert!(start.elapsed() < PATIENCE, "{what} does not come");
            sleep(Duration::from_millis(1));
        }
    }

    fn started(dir: &Path, args: &[&str]) -> Child {
        command(dir, args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command starts")
    }

    fn signal(child: &Child, name: &str) {
        let sent = Command::new("kill").args([name, &child.id().to_string()]).status().expect("kill runs");
        assert!(sent.success(), "{name}");
    }

    /// Whether anything stands where it goes back to the units.
    fn has_returned(out: &Path) -> bool {
        walkdir::WalkDir::new(out.join("退回")).into_iter().flatten().any(|entry| entry.file_type().is_file())
    }

    /// Makes sure that what stands under a final name is whole, and that a record tells the truth. Tells how far the run
    /// came: whether anything stands there, and whether there is a record.
    fn whole(out: &Path) -> (bool, bool) {
        let found: BTreeMap<PathBuf, Vec<u8>> =
            files(out).into_iter().filter(|(path, _)| !path.starts_with(".jixiao-未完成")).collect();
        for (path, bytes) in &found {
            let shown = path.display();
            match path.extension().and_then(|extension| extension.to_str()) {
                Some("xlsx") => {
                    let opened = Workbook::open(bytes.clone().into(), &Limits::default());
                    assert!(opened.is_ok(), "{shown}: {:?}", opened.err());
                }
                Some("docx") => {
                    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("an archive");
                    for at in 0..archive.len() {
                        let mut part = Vec::new();
                        archive.by_index(at).expect("a part").read_to_end(&mut part).expect("a whole part");
                    }
                }
                Some("json") => drop(serde_json::from_slice::<serde_json::Value>(bytes).expect("JSON")),
                Some("html") => assert!(bytes.trim_ascii_end().ends_with(b"</html>"), "{shown}"),
                other => panic!("{shown}: {other:?} is no name of ours"),
            }
        }
        let record = found.get(Path::new("清单.json"));
        if let Some(text) = record {
            let text = String::from_utf8(text.clone()).expect("UTF-8");
            let manifest = Manifest::read(&text, "清单.json").expect("a record");
            for output in &manifest.outputs {
                let bytes = found.get(Path::new(&output.path)).unwrap_or_else(|| panic!("{} is gone", output.path));
                assert_eq!(sha256(bytes), output.sha256, "{}", output.path);
            }
        }
        (!found.is_empty(), record.is_some())
    }

    #[test]
    fn a_pipe_in_place_of_a_file_is_refused_and_never_waited_for() {
        let dir = round(1);
        let pipe = |name: &str| {
            let made = Command::new("mkfifo").arg(dir.path().join(name)).status().expect("mkfifo runs");
            assert!(made.success());
        };
        pipe("管.xlsx");
        pipe("round/管.xlsx");
        for args in [
            ["check", "管.xlsx", "--fail-on", "never"],
            ["check", "/dev/zero", "--fail-on", "never"],
            ["check", "round", "--roster", "管.xlsx"],
            ["check", "round", "--ledger", "管.xlsx"],
            ["check", "round", "--received", "管.xlsx"],
            ["check", "round", "--decisions", "管.xlsx"],
            ["check", "round", "--previous", "管.xlsx"],
            ["check", "round", "--policy", "管.xlsx"],
            ["stats", "管.xlsx", "--out", "out"],
            ["schema", "new", "--from", "管.xlsx"],
        ] {
            let output = jixiao(dir.path(), &args);
            assert_eq!(code(&output), FAILED, "{args:?}");
            assert!(stderr(&output).contains("是管道或设备，不是普通文件"), "{args:?}: {}", stderr(&output));
        }
        let output = jixiao(dir.path(), &["check", "round"]);
        assert!(stdout(&output).contains("round/管.xlsx：不是普通文件"), "{}", stdout(&output));
    }

    #[test]
    fn without_permission_the_file_is_told_and_the_output_refused() {
        let dir = round(2);
        let binary = dir.path().join("jixiao");
        // A superuser may do everything: then another user does it.
        let is_superuser = fs::read("/proc/self/status").is_ok_and(|text| {
            String::from_utf8_lossy(&text).lines().any(|line| line.split_whitespace().eq(["Uid:", "0", "0", "0", "0"]))
        });
        fs::copy(env!("CARGO_BIN_EXE_jixiao"), &binary).expect("a copy");
        let mode = |path: &str, mode| {
            fs::set_permissions(dir.path().join(path), fs::Permissions::from_mode(mode)).expect("permissions");
        };
        mode("", 0o755);
        mode("round/002.xlsx", 0o000);
        fs::create_dir(dir.path().join("out")).expect("a folder");
        mode("out", 0o555);
        let run = |args: &[&str]| {
            let mut command = match is_superuser {
                true => {
                    let mut command = Command::new("setpriv");
                    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(&binary);
                    command
                }
                false => Command::new(&binary),
            };
            command.current_dir(dir.path()).args(args).output().expect("the command starts")
        };
        let output = run(&["check", "round"]);
        assert_eq!(code(&output), FOUND, "{}", stderr(&output));
        let said = stdout(&output);
        assert!(said.contains("无法读取 round/002.xlsx\n    没有读写权限") && said.contains("评审 1 个"), "{said}");
        let output = run(&["review", "round", "--out", "out"]);
        assert_eq!(code(&output), FAILED);
        let told = stderr(&output);
        assert!(told.contains("不能写输出目录") && told.contains("out/.jixiao-未完成：没有读写权限"), "{told}");
        mode("out", 0o755);
    }

    #[test]
    fn past_the_limit_of_a_file_nothing_half_is_left() {
        let dir = round(2);
        let review = |ulimit: &str| {
            // Blocks of 512 bytes. Without the trap the system ends the process.
            let script = format!("trap '' XFSZ; ulimit -f {ulimit}; exec \"$0\" review round --out out --force");
            let mut command = Command::new("sh");
            command.current_dir(dir.path()).args(["-c", &script, env!("CARGO_BIN_EXE_jixiao")]);
            command.output().expect("the shell starts")
        };
        let output = review("unlimited");
        assert_ne!(code(&output), FAILED, "{}", stderr(&output));
        let before = files(&dir.path().join("out"));
        let most = before.get(Path::new("报告.html")).expect("the page").len();
        let output = review(&(most / 512 / 2).to_string());
        assert_eq!(code(&output), FAILED, "{}", stderr(&output));
        let told = "未能写出结果 out/报告.html：磁盘配额已用完，或文件大小超过限制";
        assert!(stderr(&output).contains(told), "{}", stderr(&output));
        let after = files(&dir.path().join("out"));
        let page = Path::new("报告.html");
        assert!(after.get(page) == before.get(page), "the old one stands");
        assert_eq!(whole(&dir.path().join("out")), (true, false), "a folder that is not whole has no record");
    }

    #[test]
    fn two_runs_never_write_into_one_folder_at_once() {
        let dir = round(60);
        let out = dir.path().join("out");
        let review = ["review", "round", "--out", "out", "--threads", "1"];
        let mut first = started(dir.path(), &review);
        until("the first file", || out.join(".jixiao-未完成/0.xlsx").exists());
        // It holds what it has, and is no nearer to its end when the others have been refused.
        signal(&first, "-STOP");
        for second in [&review[..], &["check", "round", "--out", "out"], &["template", "--out", "out"]] {
            let output = jixiao(dir.path(), second);
            assert_eq!(code(&output), FAILED);
            let told = "另一个 jixiao 正在往输出目录 out 里写，还没有做完。请等它做完，或换一个输出目录";
            assert!(stderr(&output).contains(told), "{}", stderr(&output));
        }
        first.kill().expect("killed");
        first.wait().expect("ended");
        // The system frees what a killed run held.
        let output = jixiao(dir.path(), &review);
        assert_ne!(code(&output), FAILED, "{}", stderr(&output));
        assert_eq!(whole(&out), (true, true));
        assert!(!out.join(".jixiao-未完成").exists());
    }

    #[test]
    fn stopped_while_it_judges_a_run_says_how_far_it_came_and_leaves_everything_as_it_was() {
        let dir = round(60);
        let out = dir.path().join("out");
        let review = ["review", "round", "--out", "out", "--threads", "1", "--force"];
        assert_ne!(code(&jixiao(dir.path(), &["review", "round/001.xlsx", "--out", "out"])), FAILED);
        let before = files(&out);
        for (name, expected) in [("-INT", 130), ("-TERM", 143)] {
            let child = started(dir.path(), &review);
            until("the first file", || out.join(".jixiao-未完成/0.xlsx").exists());
            signal(&child, name);
            let output = child.wait_with_output().expect("ended");
            assert_eq!(code(&output), expected, "{}", stderr(&output));
            let told = stderr(&output);
            let judged = told.split_once("已停止：共 60 个文件，审完 ").and_then(|(_, rest)| rest.split_once(' '));
            let judged: usize = judged.and_then(|(number, _)| number.parse().ok()).unwrap_or_else(|| panic!("{told}"));
            assert!((1..60).contains(&judged), "{told}");
            assert!(told.contains("没有写出文件。要做完，请重新运行同一条命令"), "{told}");
            assert!(files(&out) == before, "the earlier round stands as it was, with its record");
        }
    }

    #[test]
    fn stopped_while_it_writes_a_run_leaves_whole_files_and_says_so() {
        let dir = round(60);
        let out = dir.path().join("out");
        let child = started(dir.path(), &["review", "round", "--out", "out"]);
        until("the first returned file", || has_returned(&out));
        signal(&child, "-INT");
        let output = child.wait_with_output().expect("ended");
        assert_eq!(code(&output), 130, "{}", stderr(&output));
        let told = stderr(&output);
        assert!(told.contains("已停止：60 个文件都审完了，写出 ") && told.contains("并加 --force"), "{told}");
        assert_eq!(whole(&out), (true, false));
        assert!(!out.join(".jixiao-未完成").exists());
        let output = jixiao(dir.path(), &["review", "round", "--out", "out", "--force"]);
        assert_ne!(code(&output), FAILED, "{}", stderr(&output));
        assert_eq!(whole(&out), (true, true));
    }

    #[test]
    fn stopped_while_it_makes_blank_forms_a_run_says_how_many_there_are() {
        let dir = TempDir::new().expect("a folder");
        let out = dir.path().join("out");
        let child = started(dir.path(), &["template", "--out", "out"]);
        let is_form = |path: &Path| path.extension().is_some_and(|extension| extension == "xlsx");
        let count = || walkdir::WalkDir::new(&out).into_iter().flatten().filter(|entry| is_form(entry.path())).count();
        until("the first form", || count() > 0);
        signal(&child, "-TERM");
        let output = child.wait_with_output().expect("ended");
        assert_eq!(code(&output), 143, "{}", stderr(&output));
        let told = format!("写出 {} 个，个个完整，在 out。要做完，请重新运行同一条命令，并加 --force", count());
        assert!(stderr(&output).contains(&told), "{}", stderr(&output));
        assert_eq!(files(&out).len(), count(), "nothing but forms");
    }

    #[test]
    fn a_run_whose_output_nobody_reads_ends_with_the_second_interrupt_at_the_latest() {
        let dir = round(240);
        let mut child = started(dir.path(), &["check", "round", "--format", "json"]);
        // It waits for whoever reads its output, which is more than a pipe holds.
        let mut first = [0];
        child.stdout.as_mut().expect("a pipe").read_exact(&mut first).expect("the result begins");
        sleep(Duration::from_millis(300));
        assert!(child.try_wait().expect("a child").is_none(), "it waits for its reader");
        signal(&child, "-INT");
        sleep(Duration::from_millis(300));
        if child.try_wait().expect("a child").is_none() {
            signal(&child, "-INT");
        }
        until("the end", || child.try_wait().expect("a child").is_some());
        assert_eq!(child.wait().expect("ended").code(), Some(130));
    }

    #[cfg(target_os = "linux")]
    #[test]
    #[ignore = "mounts small disks"]
    fn on_a_full_or_read_only_disk_the_run_ends_early_and_the_next_completes() {
        let dir = round(8);
        let script = "
            mkdir disk && mount -t tmpfs -o size=$1 small disk || exit 99
            review() { \"$0\" review round --out disk/out --fail-on never \"$@\"; echo $? >> codes; }
            review 2> full
            cp -r disk/out written
            mount -o remount,size=100m disk
            review --force 2> free
            cp -r disk/out complete
            mount -o remount,ro disk
            review --force 2> closed
            cmp -s disk/out/结果.json complete/结果.json && cp -r disk/out kept";
        let review = |size: &str| {
            let dir = dir.path();
            for old in
                ["disk", "written", "complete", "kept"].map(|name| dir.join(name)).iter().filter(|old| old.exists())
            {
                fs::remove_dir_all(old).expect("an old folder goes");
            }
            fs::write(dir.join("codes"), "").expect("a file");
            // A name space of its own: the disks go with the script.
            let mut command = Command::new("unshare");
            command.current_dir(dir).args(["-rm", "sh", "-c", script, env!("CARGO_BIN_EXE_jixiao"), size]);
            let output = command.output().expect("unshare runs");
            assert_eq!(code(&output), CLEAN, "no disk could be mounted: {}", stderr(&output));
            let said = ["codes", "full", "closed"].map(|name| fs::read_to_string(dir.join(name)).expect("said"));
            let [codes, full, closed] = said;
            assert_eq!(codes, "2\n0\n2\n", "{size}: {full}");
            assert!(full.contains("disk/out：磁盘已满。请清理空间后重试"), "{size}: {full}");
            assert_eq!(full.lines().count(), 2, "not a line a file: {full}");
            assert!(closed.contains("不能写输出目录") && closed.contains("磁盘是只读的"), "{closed}");
            assert!(!whole(&dir.join("written")).1, "{size}: a folder that is not whole has no record");
            assert!(whole(&dir.join("complete")).1, "{size}");
            assert!(files(&dir.join("kept")) == files(&dir.join("complete")), "{size}");
            full
        };
        assert!(review("60k").contains("没有写出文件"), "too little for the marked workbooks");
        assert!(review("250k").contains("个个完整"), "too little for what comes after them");
    }

    /// Chance with a seed.
    struct Chance(u64);

    impl Chance {
        /// A number below a bound: splitmix64.
        fn below(&mut self, bound: u64) -> u64 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = self.0;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            (mixed ^ (mixed >> 31)) % bound
        }
    }

    /// Kills reviews at moments of chance, half of them while they write, half of them over an earlier round. After each all
    /// that stands is whole, and the next run makes it what an undisturbed run makes. Gives the kills that came before, while
    /// and after the results were written.
    fn killed(kills: u64) -> [usize; 3] {
        let dir = round(8);
        let review = ["review", "round", "--out", "out", "--force"];
        let out = dir.path().join("out");
        let start = Instant::now();
        assert_ne!(code(&jixiao(dir.path(), &review)), FAILED);
        let all = u64::try_from(start.elapsed().as_micros()).expect("not for ages");
        let undisturbed = files(&out);
        assert_ne!(code(&jixiao(dir.path(), &["review", "round/001.xlsx", "--out", "before"])), FAILED);
        let before = files(&dir.path().join("before"));
        let mut chance = Chance(7);
        let mut hit = [0; 3];
        for kill in 0..kills {
            fs::remove_dir_all(&out).expect("a folder");
            let over = kill % 4 >= 2;
            let earlier = if over { before.clone() } else { BTreeMap::new() };
            for (path, bytes) in &earlier {
                let path = out.join(path);
                fs::create_dir_all(path.parent().expect("a folder"))
                    .and_then(|()| fs::write(path, bytes))
                    .expect("a file");
            }
            let mut child = started(dir.path(), &review);
            if kill % 2 == 0 {
                sleep(Duration::from_micros(chance.below(all)));
            } else {
                let begun = || has_returned(&out) && !(over && out.join("清单.json").exists());
                until("writing", || begun() || child.try_wait().is_ok_and(|ended| ended.is_some()));
                sleep(Duration::from_micros(chance.below(all / 2)));
            }
            child.kill().expect("killed");
            child.wait().expect("ended");
            let (any, record) = whole(&out);
            let stands: BTreeMap<PathBuf, Vec<u8>> =
                files(&out).into_iter().filter(|(path, _)| !path.starts_with(".jixiao-未完成")).collect();
            let when = match (any, record) {
                _ if stands == earlier => 0,
                (_, false) => 1,
                (_, true) => 2,
            };
            hit[when] += 1;
            let output = jixiao(dir.path(), &review);
            assert_ne!(code(&output), FAILED, "kill {kill}: {}", stderr(&output));
            let made = files(&out);
            let same = undisturbed.iter().all(|(path, bytes)| made.get(path) == Some(bytes));
            let strange = made.keys().find(|path| !undisturbed.contains_key(*path) && !earlier.contains_key(*path));
            assert!(same && strange.is_none(), "kill {kill}: another round than undisturbed: {strange:?}");
        }
        hit
    }

    #[test]
    fn a_killed_run_leaves_nothing_half_and_the_next_one_completes() {
        let [before, during, after] = killed(8);
        assert_eq!(before + during + after, 8);
        assert!(during > 0, "at least one kill comes while results are written");
    }

    #[test]
    #[ignore = "a hundred kills take a minute"]
    #[expect(clippy::print_stdout, reason = "docs/可靠性.md tells the numbers")]
    fn a_hundred_kills_leave_nothing_half() {
        let [before, during, after] = killed(100);
        println!("killed before writing {before}, while writing {during}, after writing {after}");
        assert!(before > 0 && during >= 10, "{before} {during} {after}");
    }
}
