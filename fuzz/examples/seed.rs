//! Writes what the fuzzer starts from, into `fuzz/corpus/TARGET/` and `fuzz/dictionaries/`: the samples and fixtures of the
//! project, whole and taken apart, forms as text, marked workbooks, results. The same files each time.

#[path = "../../tests/fuzz/xlsb.rs"]
mod xlsb;

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use jixiao::address::CellRef;
use jixiao::annotate::annotate;
use jixiao::config::Config;
use jixiao::coverage::{Beside, Facts, RoundFacts};
use jixiao::intake;
use jixiao::ooxml::Limits;
use jixiao::policy::Policy;
use jixiao::register::Register;
use jixiao::report::{self, Format};
use jixiao::review::{Books, Engine, PartOf, Workers, is_review_sheet, run, run_part};
use jixiao::roster::{Ledger, Registry, Roster};
use jixiao::schema::{Catalog, SourceFile};
use jixiao::workbook::{Sheet, Workbook};

use jixiao_fuzz::{join, unpack};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Larger seeds make every try slow.
const LARGEST: usize = 96 << 10;

fn main() -> Outcome<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut seeds = Seeds { root: root.join("fuzz"), words: BTreeMap::new() };
    workbooks(&root, &mut seeds)?;
    forms(&root, &mut seeds)?;
    results(&root, &mut seeds)?;
    archives(&root, &mut seeds)?;
    settings(&root, &mut seeds)?;
    seeds.write_words()
}

/// Where seeds go, and the words that were in them.
struct Seeds {
    root: PathBuf,
    words: BTreeMap<&'static str, BTreeSet<Vec<u8>>>,
}

impl Seeds {
    fn put(&self, target: &str, name: &str, bytes: &[u8]) -> Outcome<()> {
        if bytes.len() > LARGEST {
            return Ok(());
        }
        let folder = self.root.join("corpus").join(target);
        fs::create_dir_all(&folder)?;
        let name: String = name.chars().map(|c| if c.is_alphanumeric() || c == '.' { c } else { '-' }).collect();
        Ok(fs::write(folder.join(name), bytes)?)
    }

    /// Notes the words of a text, split where `is_between` says.
    fn note(&mut self, dictionary: &'static str, text: &[u8], is_between: impl Fn(char) -> bool) {
        let text = String::from_utf8_lossy(text);
        let words = text.split(is_between).map(str::trim).filter(|word| (2..=40).contains(&word.len()));
        self.words.entry(dictionary).or_default().extend(words.map(|word| word.as_bytes().to_vec()));
    }

    fn write_words(&self) -> Outcome<()> {
        let folder = self.root.join("dictionaries");
        fs::create_dir_all(&folder)?;
        for (name, words) in &self.words {
            let mut text = String::new();
            for word in words.iter().take(6000) {
                let escaped: String = word.iter().map(|byte| format!("\\x{byte:02x}")).collect();
                text.push_str(&format!("\"{escaped}\"\n"));
            }
            fs::write(folder.join(format!("{name}.dict")), text)?;
        }
        Ok(())
    }
}

/// The files below a folder with one of these extensions, by their path in it.
fn files(folder: &Path, kinds: &[&str]) -> Outcome<Vec<(String, PathBuf)>> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next)? {
            let path = entry?.path();
            let kind = path.extension().map(|kind| kind.to_string_lossy().to_lowercase()).unwrap_or_default();
            if path.is_dir() {
                folders.push(path);
            } else if kinds.contains(&kind.as_str()) {
                found.push((path.strip_prefix(folder)?.to_string_lossy().into_owned(), path));
            }
        }
    }
    found.sort();
    Ok(found)
}

fn engine() -> Outcome<Engine> {
    Ok(Engine::new(Catalog::embedded(), Policy::embedded("national")?, Limits::default()))
}

/// Parts that nobody reads only make seeds larger.
fn is_read(part: &str) -> bool {
    let part = part.to_lowercase();
    !["theme", "printersettings", "docprops/core", "thumbnail", "/media/", "docprops/custom"]
        .iter()
        .any(|unread| part.contains(unread))
}

fn workbooks(root: &Path, seeds: &mut Seeds) -> Outcome<()> {
    let engine = engine()?;
    for folder in ["tests/fixtures/workbooks", "tests/fixtures/annotate", "samples/round"] {
        for (name, path) in files(&root.join(folder), &["xlsx", "xlsm", "xls", "et", "ods", "xlsb"])? {
            let bytes = fs::read(path)?;
            seeds.put("workbook_bytes", &name, &bytes)?;
            let Some(parts) = unpack(&bytes, is_read) else { continue };
            seeds.put("workbook_parts", &name, &parts)?;
            seeds.put("marking", &name, &parts)?;
            seeds.note("ooxml", &parts, |c| !c.is_ascii_alphanumeric() && !":./-_".contains(c));
            let (submission, Some(workbook)) = engine.judge(&name, bytes.into()) else { continue };
            if workbook.package.is_none() || submission.forms().is_empty() {
                continue;
            }
            let marked = annotate(&workbook, submission.forms())?.bytes;
            let answered = unpack(&marked, is_read).unwrap_or_default();
            seeds.put("cleaning", &name, &answered)?;
            seeds.put("cleaning", &format!("answered-{name}"), &with_yes(&marked, answered)?)?;
        }
    }
    let binary: Vec<(Vec<u8>, Vec<u8>)> = xlsb::parts().into_iter().map(|(name, bytes)| (name.into(), bytes)).collect();
    seeds.put("workbook_parts", "binary.xlsb", &join(&binary))?;
    for word in ["worksheet", "sheetData", "mergeCell ref=\"A1:XFD1048576\"", "t=\"inlineStr\"", "<f>SUM(A1:B2)</f>"] {
        seeds.words.entry("ooxml").or_default().insert(word.as_bytes().to_vec());
    }
    Ok(())
}

/// The same parts with 是 in the empty cells below 采纳, as if the unit adopted all of it.
fn with_yes(marked: &[u8], parts: Vec<u8>) -> Outcome<Vec<u8>> {
    let workbook = Workbook::open(marked.into(), &Limits::default())?;
    let Some(sheet) = workbook.sheets.iter().find(|sheet| is_review_sheet(sheet)) else { return Ok(parts) };
    let Some((head, _)) = sheet.cells().find(|(_, cell)| cell.shown() == "采纳") else { return Ok(parts) };
    let mut parts = parts;
    for row in head.row + 1..head.row + 40 {
        let cell = format!("<c r=\"{}\" ", CellRef::new(row, head.col));
        // The review sheet is the last part that has such a cell.
        let Some(start) = memchr::memmem::rfind(&parts, cell.as_bytes()) else { continue };
        let Some(length) = memchr::memchr(b'>', &parts[start..]) else { continue };
        let end = start + length;
        if parts[end - 1] == b'/' {
            parts.splice(end - 1..=end, " t=\"inlineStr\"><is><t>是</t></is></c>".bytes());
        }
    }
    Ok(parts)
}

/// The grids of a case file: the heading each stands under, and the text.
fn grids(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut pieces = text.split("'''");
    let mut heading = "form".to_owned();
    while let (Some(before), Some(grid)) = (pieces.next(), pieces.next()) {
        if let Some(last) = before.lines().rfind(|line| line.starts_with("[[")) {
            heading = last.trim_matches(['[', ']', ' ']).to_owned();
        }
        let key = before.lines().last().unwrap_or_default().trim_end_matches(['=', ' ']);
        found.push((if key == "grid" { heading.clone() } else { key.to_owned() }, grid.to_owned()));
    }
    found
}

fn forms(root: &Path, seeds: &mut Seeds) -> Outcome<()> {
    let bar = |c: char| "|\n^<：".contains(c);
    for (name, path) in files(&root.join("tests/fixtures/forms"), &["txt"])? {
        let text = fs::read_to_string(path)?;
        let text: String =
            text.lines().filter(|line| !line.starts_with("//")).map(|line| format!("{line}\n")).collect();
        seeds.put("forms", &name, &join(&[(name.clone().into_bytes(), text.clone().into_bytes())]))?;
        seeds.note("forms", text.as_bytes(), bar);
    }
    for (number, (name, path)) in files(&root.join("tests/fixtures/rules"), &["toml"])?.into_iter().enumerate() {
        let (mut drawn, mut books) = (Vec::new(), Vec::new());
        for (key, grid) in grids(&fs::read_to_string(path)?) {
            match key.as_str() {
                "roster" | "ledger" => books.push((key.into_bytes(), grid.into_bytes())),
                _ => drawn.push((key.into_bytes(), grid.into_bytes())),
            }
        }
        // There are many, and what one rule looks at others look at too.
        if number % 3 == 0 {
            seeds.put("forms", &name, &join(&drawn))?;
            if number % 12 == 0 {
                seeds.put("reports", &name, &join(&drawn))?;
            }
        }
        if !books.is_empty() {
            seeds.put("books", &name, &join(&books))?;
            for (_, grid) in &books {
                seeds.note("books", grid, bar);
            }
        }
    }
    let mut own = vec![("名册", "samples/名册.xlsx"), ("台账", "samples/项目台账.xlsx")];
    let mut books = Vec::new();
    for (name, path) in own.drain(..) {
        let workbook = Workbook::open(fs::read(root.join(path))?.into(), &Limits::default())?;
        let sheet = workbook.sheets.first().ok_or("no sheet")?;
        books.push((name.as_bytes().to_vec(), drawn(sheet).into_bytes()));
    }
    let receipts = "收件登记|<|<\n单位|表单|收到日期|文件\n区教育局|项目支出绩效自评表|2026-03-01|a/表.xlsx\n";
    books.push(("收件".into(), receipts.into()));
    let decided = "出错说明登记表|<|<|<|<|<|<|<|<|<|<|<\n单位|项目|表单|规则|栏目|栏目标识|填报内容|出错说明|处理意见|处理人|有效期|备注\n\
                   区教育局|某项目|项目支出绩效自评表|A103|得分|funding[total].score|9.5|系统自动算|接受|张某|2026年12月31日|\n";
    books.push(("出错说明".into(), decided.into()));
    let policy = Policy::embedded("national")?;
    let mut register = Vec::new();
    report::write_register(&policy, &mut register)?;
    let register = Workbook::open(register.into(), &Limits::default())?;
    for sheet in register.sheets.iter().filter(|sheet| Register::read(std::slice::from_ref(*sheet), "表").is_ok()) {
        books.push(("规则登记表".into(), drawn(sheet).into_bytes()));
    }
    for (number, book) in books.iter().enumerate() {
        seeds.put("books", &format!("own-{number}"), &join(std::slice::from_ref(book)))?;
    }
    seeds.put("books", "own-all", &join(&books))
}

/// A sheet as the text that draws it, merged regions apart.
fn drawn(sheet: &Sheet) -> String {
    let Some(used) = sheet.used() else { return String::new() };
    let mut text = String::new();
    for row in 0..=used.end.row.min(60) {
        let cells = (0..=used.end.col.min(20)).map(|col| {
            let shown = sheet.shown(CellRef::new(row, col)).into_owned();
            shown.replace('\n', "\\n").replace('|', "/")
        });
        text.push_str(&cells.collect::<Vec<_>>().join("|"));
        text.push('\n');
    }
    text
}

fn results(root: &Path, seeds: &mut Seeds) -> Outcome<()> {
    let engine = engine()?;
    let schemas = &Catalog::embedded().schemas;
    let sheets = |path: &str| -> Outcome<Vec<Sheet>> {
        Ok(Workbook::open(fs::read(root.join(path))?.into(), &Limits::default())?.sheets)
    };
    let roster = Roster::read(&sheets("samples/名册.xlsx")?, "名册.xlsx", schemas)?;
    let ledger = Ledger::read(&sheets("samples/项目台账.xlsx")?, "项目台账.xlsx", Some(&roster))?;
    let both = Registry { roster: Some(&roster), ledger: Some(&ledger) };
    let inputs = files(&root.join("samples/round"), &["xlsx"])?;
    parts(&inputs, &engine, seeds)?;
    seeds.put("results", "earlier", &join(&[(b"a".to_vec(), jixiao_fuzz::earlier().into_bytes())]))?;
    for (number, (_, path)) in inputs.iter().enumerate() {
        let registry = if number % 6 == 0 { both } else { Registry::default() };
        let taken = intake::collect(std::slice::from_ref(path), &Limits::default());
        let round = run(taken, &engine, Books { registry, ..Books::default() }, Workers::default(), None, || ());
        let day = chrono_day(number);
        let beside =
            Beside { registry, receipts: None, policy: engine.policy(), region: "澄岚区", name: "一审", day };
        let facts = Facts { rounds: vec![RoundFacts::of(&round, beside)] };
        let mut json = Vec::new();
        report::write_facts(&facts, &mut json)?;
        seeds.put("results", &format!("facts-{number}"), &join(&[(b"a".to_vec(), json.clone())]))?;
        seeds.note("results", &json, |c| "{}[],\n".contains(c));
        let mut whole = Vec::new();
        report::write(&round, Format::Json(&facts, Workers::one()), &mut whole)?;
        seeds.put("results", &format!("whole-{number}"), &join(&[(b"a".to_vec(), whole), (b"b".to_vec(), json)]))?;
    }
    Ok(())
}

/// Rounds of a few files, judged one by one.
fn parts(inputs: &[(String, PathBuf)], engine: &Engine, seeds: &Seeds) -> Outcome<()> {
    for (number, few) in inputs.chunks(2).enumerate() {
        let mut parts = Vec::new();
        for (index, (_, path)) in (1..).zip(few) {
            let taken = intake::collect(std::slice::from_ref(path), &Limits::default());
            let made = BTreeMap::from([("inputs".to_owned(), "1".to_owned()), ("tool".to_owned(), "1".to_owned())]);
            let part = PartOf { index, of: 2, files: few.len(), made };
            let round = run_part(&|| false, taken, engine, Books::default(), Workers::default(), part, || ()).ok_or("stopped")?;
            let (registry, policy) = (Registry::default(), engine.policy());
            let beside = Beside { registry, receipts: None, policy, region: "澄岚区", name: "一审", day: None };
            let facts = Facts { rounds: vec![RoundFacts::of(&round, beside)] };
            let mut json = Vec::new();
            report::write(&round, Format::Json(&facts, Workers::one()), &mut json)?;
            parts.push((index.to_string().into_bytes(), json));
        }
        seeds.put("parts", &format!("parts-{number}"), &join(&parts))?;
    }
    Ok(())
}

/// Some with a day, some without.
fn chrono_day(number: usize) -> Option<chrono::NaiveDate> {
    (number % 2 == 0).then(|| chrono::NaiveDate::from_ymd_opt(2026, 3, 1)).flatten()
}

fn archives(root: &Path, seeds: &mut Seeds) -> Outcome<()> {
    let book = fs::read(root.join("tests/fixtures/annotate/corpus/no-styles.xlsx"))?;
    let gbk = b"\xb5\xa5\xce\xbb\xbc\xd7\\\xd7\xd4\xc6\xc0\xb1\xed.xlsx".to_vec();
    let named = |name: &[u8]| (name.to_vec(), book.clone());
    seeds.put("archives", "plain", &join(&[named("单位甲/自评表.xlsx".as_bytes()), named(&gbk)]))?;
    let odd: [&[u8]; 8] = [
        b"../../etc/a.xlsx",
        b"C:\\Windows\\a.xls",
        b"/abs/a.xlsx",
        b"CON.xlsx",
        b"a/./b//c.xlsx",
        b"~$a.xlsx",
        b"__MACOSX/._a.xlsx",
        b"\x1b[31m\xe2\x80\xae.xlsx",
    ];
    for (number, name) in odd.iter().enumerate() {
        seeds.put("archives", &format!("odd-{number}"), &join(&[(name.to_vec(), b"x".to_vec()), named(b"b.xlsx")]))?;
    }
    let mut nested = Vec::new();
    {
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(&mut nested));
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file("内/表.xlsx", options)?;
        std::io::Write::write_all(&mut writer, &book)?;
        writer.finish()?;
    }
    seeds.put("archives", "nested", &join(&[(b"in.zip".to_vec(), nested.clone()), named(b"c.xlsx")]))?;
    seeds.put("archives", "raw", &join(&[(b"raw.zip".to_vec(), nested)]))?;
    for word in [".xlsx", ".zip", "../", "..\\", "C:", "raw.zip", "PK\x01\x02", "PK\x03\x04", "PK\x05\x06"] {
        seeds.words.entry("archives").or_default().insert(word.as_bytes().to_vec());
    }
    Ok(())
}

fn settings(root: &Path, seeds: &mut Seeds) -> Outcome<()> {
    let between = |c: char| c.is_whitespace() || "=[]\"{},#".contains(c);
    for (name, path) in files(&root.join("schemas"), &["toml"])? {
        let text = fs::read(path)?;
        let target = if name.starts_with("policy") { "policies" } else { "schemas" };
        seeds.put(target, &name, &text)?;
        seeds.note(target, &text, between);
    }
    let template = Config::template();
    seeds.put("policies", "template", template.as_bytes())?;
    let live: String = template
        .lines()
        .filter(|line| !line.starts_with("##"))
        .map(|line| format!("{}\n", line.strip_prefix("# ").unwrap_or(line)))
        .collect();
    let names: Vec<&str> = jixiao::rules::RULES.iter().map(|rule| rule.name).collect();
    Config::load(&SourceFile::new("jixiao.toml", live.as_str()), &names)?;
    seeds.note("policies", live.as_bytes(), between);
    seeds.put("policies", "live", live.as_bytes())
}
