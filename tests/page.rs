//! 报告.html in a browser: nothing that a unit writes runs, and lists are filtered, sorted and paged. Where no Chromium is
//! found the tests say so and pass; `JIXIAO_BROWSER=needed` makes that a failure.

mod drawn;

use regex::Regex;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use drawn::write as draw;
use tempfile::TempDir;

/// A self-evaluation without a fault that a rule of severity 严重 would find; `UNIT` is the name of the unit.
const FORM: &str = include_str!("drawn/self-evaluation.txt");

/// What the browser holds after the page's script ran, and what it complained of.
struct Seen {
    dom: String,
    complaints: Vec<String>,
}

/// The browser; `None` where there is none, which is said past the test's own output.
fn browser() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&paths).flat_map(|dir| names.map(|name| dir.join(name))).find(|it| it.is_file());
    if found.is_none() {
        assert_ne!(std::env::var("JIXIAO_BROWSER").as_deref(), Ok("needed"), "no Chromium in PATH");
        let said = writeln!(std::io::stderr(), "\nNOT TESTED: 报告.html in a browser, there is no Chromium in PATH");
        said.expect("standard error");
    }
    found
}

/// Opens a page at a fragment of its address.
fn open(browser: &Path, page: &Path, fragment: &str) -> Seen {
    let profile = TempDir::new().expect("a folder");
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--enable-logging=stderr"])
        .args(["--virtual-time-budget=20000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("file://{}{fragment}", page.display()))
        .output()
        .expect("the browser starts");
    let dom = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(dom.contains("</html>"), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let complaints = said.lines().filter(|line| line.contains("CONSOLE")).map(str::to_owned).collect();
    Seen { dom, complaints }
}

/// Reviews the round of a folder; gives the page.
fn review(dir: &Path) -> PathBuf {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jixiao"));
    let output = command.current_dir(dir).args(["review", "round", "--out", "out", "--no-config"]).output();
    let output = output.expect("the command starts");
    assert!(output.status.code() < Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    dir.join("out/报告.html")
}

/// A text in the form of a fragment.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        write!(out, "%{byte:02X}").expect("a text");
        out
    })
}

/// The section of a table.
fn section<'d>(dom: &'d str, name: &str) -> &'d str {
    let (_, rest) = dom.split_once(&format!("data-name=\"{name}\"")).expect("the section");
    rest.split_once("</section>").expect("its end").0
}

/// The texts of a column, from 0, of the lines of a section.
fn column(section: &str, at: usize) -> Vec<String> {
    let body = section.split_once("<tbody").expect("lines").1;
    let lines = body.split("<tr").skip(1);
    lines.map(|line| bare(line.split("<td").nth(at + 1).expect("a cell").split_once('>').expect("a tag").1)).collect()
}

/// The text without tags.
fn bare(html: &str) -> String {
    let outside = html.split('<').enumerate().map(|(at, piece)| match at {
        0 => piece,
        _ => piece.split_once('>').map_or("", |(_, text)| text),
    });
    outside.collect::<String>().trim().to_owned()
}

/// Names that would run or break something where they are not mere text.
const HOSTILE: [&str; 8] = [
    "<script>document.title='坏'</script>",
    "\"><img src=x onerror=\"document.title='坏'\">",
    "</script><script>document.title='坏'</script>",
    "</title></style><svg onload=document.title='坏'>",
    "javascript:document.title='坏'",
    "甲\u{202e}乙\u{7}丙😀",
    "__proto__",
    "=1+2&lt;",
];

#[test]
fn nothing_that_a_unit_writes_runs() {
    let Some(browser) = browser() else { return };
    let dir = TempDir::new().expect("a folder");
    for (number, name) in HOSTILE.iter().enumerate() {
        let project = format!("清水渠{}", "长".repeat(if number == 5 { 10_000 } else { 0 }));
        let form =
            FORM.replace("UNIT", name).replace("青禾区水务局", name).replace("清水渠维护", &format!("{project}{name}"));
        // A total that is not right, so that the form is marked and its cells are told.
        draw(
            &dir.path().join(format!("round/{number}'onload=alert(1) #%.xlsx")),
            &form.replace("|100|100||<", "|100|60||<"),
        );
    }
    let page = review(dir.path());
    let text = fs::read_to_string(&page).expect("the page");
    assert_eq!(text.matches("<script").count(), text.matches("</script").count());
    assert!(
        !text.contains("<img")
            && !text.contains("<svg onload")
            && !text.contains('\u{202e}')
            && !text.contains('\u{7}')
    );
    assert!(!text.contains("href=\"javascript") && text.len() < 3_000_000, "{} bytes", text.len());
    for fragment in ["", "#f0", &format!("#list={}&q={}", encoded("表单明细"), encoded("<script>"))] {
        let Seen { dom, complaints } = open(&browser, &page, fragment);
        assert_eq!(complaints, [""; 0], "{fragment}");
        assert!(dom.contains("预算绩效管理审核报告</title>"), "{fragment}");
        let lines = column(section(&dom, "表单明细"), 0);
        assert_eq!(lines.len(), if fragment.contains("&q=") { 2 } else { HOSTILE.len() }, "{fragment}");
    }
}

/// Does what a reader does and writes down what is then to be seen, a line a step.
const DRIVER: &str = r"
var told = [];
function part(name) { return document.querySelector('section[data-name=' + JSON.stringify(name) + ']'); }
function tell(what) {
  var list = part('表单明细'), rows = list.querySelectorAll('tbody tr');
  var chip = list.querySelector('.chip');
  told.push(what + '|' + rows.length + '|' + (rows.length ? rows[0].cells[0].textContent : '') + '|' +
    (chip ? chip.textContent : '') + '|' + list.querySelector('.count').textContent);
}
function key(el) { var e = document.createEvent('Event'); e.initEvent('keydown', true, true); e.keyCode = 13; el.dispatchEvent(e); }
var forms = part('表单明细'), heads = forms.querySelectorAll('thead th'), steps = [
  function () { tell('start'); },
  function () { forms.querySelectorAll('.pager button')[1].click(); tell('next page'); },
  function () { key(heads[0]); key(heads[0]); tell('sorted downwards'); },
  function () { key(heads[0]); part('报送质量').querySelector('a[data-to]').click(); },
  function () { tell('drilled'); },
  function () { forms.querySelector('.chip button').click(); },
  function () { tell('undone'); },
  function () { forms.querySelector('input').value = '第17站'; var e = document.createEvent('Event'); e.initEvent('input', true, true); forms.querySelector('input').dispatchEvent(e); },
  function () { tell('found'); },
  function () { location.hash = 'f1'; },
  function () {
    var shown = [].filter.call(document.querySelectorAll('.form'), function (f) { return f.offsetHeight > 0; });
    told.push('form|' + shown.length + '|' + shown[0].id + '|' + document.querySelectorAll('.form').length);
    var cell = shown[0].querySelector('td.m'), tip = cell.querySelector('.tip');
    told.push('tip|' + getComputedStyle(tip).display); cell.focus(); told.push('tip|' + getComputedStyle(tip).display);
  },
  function () { var pre = document.createElement('pre'); pre.id = 'told'; pre.textContent = told.join('\n'); document.body.appendChild(pre); }
];
function run() { if (steps.length) { steps.shift()(); setTimeout(run, 400); } }
run();
";

#[test]
fn a_count_leads_to_what_was_counted_and_lists_are_sorted_searched_and_paged() {
    let Some(browser) = browser() else { return };
    let dir = TempDir::new().expect("a folder");
    for number in 1..=104 {
        let form =
            FORM.replace("UNIT", &format!("青禾区第{number}站")).replace("清水渠维护", &format!("清水渠维护{number}"));
        draw(&dir.path().join(format!("round/{number:03}.xlsx")), &form.replace("|100|100||<", "|100|60||<"));
    }
    draw(&dir.path().join("round/年.xlsx"), &FORM.replace("UNIT", "青禾区水务局").replace("2023年度", "2022年度"));
    let page = review(dir.path());
    let text = fs::read_to_string(&page).expect("the page");
    // Without a script the first lines are there, and it is said where the others are.
    assert_eq!(column(section(&text, "表单明细"), 0).len(), 100);
    assert!(section(&text, "表单明细").contains("下面列前 100 行，共 105 行；其余见 统计.xlsx“表单明细”"));
    assert!(text.contains("共 105 张表。有颜色的格有问题"), "the forms that are shown");
    // The script draws the lines that stand in the page already just as they stand there.
    let again = open(&browser, &page, &format!("#list={}", encoded("表单明细")));
    assert_eq!(again.complaints, [""; 0]);
    let body = |dom: &str| {
        let (_, rest) =
            section(dom, "表单明细").split_once("<tbody>").map(|(a, b)| (a.to_owned(), b.to_owned())).expect("lines");
        let lines = rest.split_once("</tbody>").expect("their end").0.replace('\n', "");
        // What a link's tip says is all that the script leaves out.
        Regex::new(" title=\"(看这张表|打开退回的工作簿)[^\"]*\"")
            .expect("a pattern")
            .replace_all(&lines, "")
            .into_owned()
    };
    assert_eq!(body(&again.dom), body(&text));

    // A copy without the policy, so that a reader's hand can be a script.
    let (before, rest) = text.split_once("<meta http-equiv=\"Content-Security-Policy\"").expect("the policy");
    let rest = rest.split_once('>').expect("its end").1;
    let driven =
        format!("{before}{}<script>{DRIVER}</script></body></html>", rest.trim_end().trim_end_matches("</html>"));
    let copy = page.with_file_name("driven.html");
    fs::write(&copy, driven).expect("a copy");
    let Seen { dom, complaints } = open(&browser, &copy, "");
    assert_eq!(complaints, [""; 0]);
    let told = dom.split_once("<pre id=\"told\">").expect("what was done").1.split_once("</pre>").expect("its end").0;
    let steps: Vec<&str> = told.lines().collect();
    assert_eq!(
        steps,
        [
            "start|100|1||第 1—100 行，共 105 行",
            "next page|5|101||第 101—105 行，共 105 行",
            "sorted downwards|100|105||第 1—100 行，共 105 行",
            "drilled|1|1|筛选：2022年度项目支出绩效自评×|第 1—1 行，共 1 行（全部 105 行）",
            "undone|100|1||第 1—100 行，共 105 行",
            "found|1|14||第 1—1 行，共 1 行（全部 105 行）",
            "form|1|f1|105",
            "tip|none",
            "tip|block",
        ]
    );
}
