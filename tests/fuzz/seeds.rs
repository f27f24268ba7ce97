//! What the laws are tried on before chance strikes it: a few good inputs for each.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jixiao::annotate::annotate;
use jixiao::config::Config;
use jixiao::coverage::{Beside, Facts, RoundFacts};
use jixiao::intake;
use jixiao::ooxml::Limits;
use jixiao::report::{self, Format};
use jixiao::review::{Books, PartOf, Workers, run, run_part};
use jixiao::roster::Registry;
use jixiao::rules::RULES;

use crate::laws::{ENGINE, earlier, join, unpack};

/// Words that are put among the bytes.
pub(crate) const WORDS: &[&str] = &[
    "<c r=\"XFD1048576\"/>",
    "<mergeCell ref=\"A1:XFD1048576\"/>",
    "<row r=\"0\">",
    "</row>",
    "<!--",
    "]]>",
    "&#0;",
    "&lol;",
    " s=\"4294967295\"",
    " t=\"s\"",
    "<f>1/0</f>",
    "<f>SUM(A1:XFD1048576)</f>",
    "<v>1e308</v>",
    "xl/worksheets/../workbook.xml",
    "\u{202e}",
    "\0",
    "|",
    "|<|<",
    "\n^|",
    "≥100%",
    "项目名称",
    "绩效指标",
    "总分",
    "null",
    "[]",
    "{}",
    "\"",
    "''",
    "= 1e400\n",
    "-0.00000000000000000000000000001",
    "审核意见",
    "是",
    "..\\..\\a.xlsx",
];

/// The seeds of a law.
pub(crate) fn of(law: &str) -> Vec<Vec<u8>> {
    let corpus = ["prefixed.xlsx", "threaded.xlsx", "odd-notes.xlsx", "utf-16.xlsx", "streamed.xlsx", "no-styles.xlsx"];
    let corpus = || corpus.iter().map(|name| file(&format!("tests/fixtures/annotate/corpus/{name}")));
    match law {
        "workbook_bytes" => ["form.xls", "percent.et", "form.ods", "form.xlsx"]
            .iter()
            .map(|name| file(&format!("tests/fixtures/workbooks/{name}")))
            .collect(),
        "workbook_parts" | "marking" => {
            let old = file("tests/fixtures/workbooks/form.xls");
            let binary = join(&crate::xlsb::parts());
            corpus().chain([old]).filter_map(|bytes| unpack(&bytes, |_| true)).chain([binary]).collect()
        }
        "cleaning" => round(1).iter().filter_map(|path| unpack(&marked(&fs::read(path).ok()?), |_| true)).collect(),
        "forms" | "reports" => ["selfeval.project.v1/flawed.txt", "monitor.project/flawed-july.txt", "selfeval.list/good.txt"]
            .iter()
            .filter_map(|name| fs::read(root().join("tests/fixtures/forms").join(name)).ok())
            .map(|grid| join(&[("now", grid.as_slice()), ("past", grid.as_slice())]))
            .collect(),
        "results" => {
            let earlier = join(&[("a", earlier())]);
            let own = round(2).into_iter().map(|path| join(&[("a", result(&path, None))]));
            own.chain([earlier]).collect()
        }
        "parts" => vec![join(&[1, 2].map(|index| (index.to_string(), part(index))))],
        "books" => ["名册|<|<\n主管部门|单位|单位编码|应报表单|应报项目数|应报金额\n水务局|清水渠管理处|820001|项目支出绩效自评表|2|35.5\n水务局|水务局|820|部门整体支出绩效自评表||\n",
            "项目台账|<\n单位|项目名称|项目编码|金额（万元）|年度|是否专项债券\n清水渠管理处|渠道清淤|100000000000000000001|20|2026|否\n",
            "收件登记\n单位|表单|收到日期|文件\n清水渠管理处|项目支出绩效自评表|2026-03-01|a/表.xlsx\n"]
            .iter()
            .map(|grid| join(&[("名册", grid.as_bytes())]))
            .collect(),
        "archives" => corpus().take(1).map(|book| join(&[("甲/表.xlsx", &book), ("../乙.xls", &book), ("丙.zip", &book)])).collect(),
        "schemas" => vec![file("schemas/selfeval.project.v1.toml"), file("schemas/vocabulary.toml")],
        "policies" => vec![live_settings(), file("schemas/policy/hubei.toml")],
        _ => Vec::new(),
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn file(name: &str) -> Vec<u8> {
    fs::read(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The first workbooks of the sample round, of so many folders.
fn round(folders: usize) -> Vec<PathBuf> {
    let below = |path: &Path| -> Vec<PathBuf> {
        let mut found: Vec<PathBuf> =
            fs::read_dir(path).expect("a folder").filter_map(|entry| Some(entry.ok()?.path())).collect();
        found.sort();
        found
    };
    let units = below(&root().join("samples/round")).into_iter().filter(|path| path.is_dir());
    let first = |folder: PathBuf| below(&folder).into_iter().find(|path| path.extension().is_some_and(|e| e == "xlsx"));
    units.filter_map(first).take(folders).collect()
}

fn marked(bytes: &[u8]) -> Vec<u8> {
    let (submission, workbook) = ENGINE.judge("表.xlsx", bytes.into());
    annotate(&workbook.expect("a workbook"), submission.forms()).expect("it can be marked").bytes
}

/// 结果.json of a round of two files, judged one by one.
fn part(index: u32) -> Vec<u8> {
    let made = BTreeMap::from([("inputs".to_owned(), "1".to_owned())]);
    let path = round(2).into_iter().nth(index as usize - 1).expect("a workbook");
    result(&path, Some(PartOf { index, of: 2, files: 2, made }))
}

/// 结果.json of one file.
fn result(path: &Path, part: Option<PartOf>) -> Vec<u8> {
    let taken = intake::collect(std::slice::from_ref(&path.to_owned()), &Limits::default());
    let (books, workers) = (Books::default(), Workers::default());
    let round = match part {
        Some(part) => run_part(&|| false, taken, &ENGINE, books, workers, part, || ()).expect("nothing stops it"),
        None => run(taken, &ENGINE, books, workers, None, || ()),
    };
    let policy = ENGINE.policy();
    let beside =
        Beside {
            registry: Registry::default(), receipts: None, policy, region: "澄岚区", name: "一审", day: None
        };
    let facts = Facts { rounds: vec![RoundFacts::of(&round, beside)] };
    let mut whole = Vec::new();
    report::write(&round, Format::Json(&facts, Workers::one()), &mut whole).expect("memory takes all");
    whole
}

/// A jixiao.toml in which every switch is on.
fn live_settings() -> Vec<u8> {
    let template = Config::template();
    let live = template.lines().filter(|line| !line.starts_with("##"));
    let live: String = live.map(|line| format!("{}\n", line.strip_prefix("# ").unwrap_or(line))).collect();
    let names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    let file = jixiao::schema::SourceFile::new("jixiao.toml", live.as_str());
    Config::load(&file, &names).expect("every switch is as it is explained");
    live.into_bytes()
}
