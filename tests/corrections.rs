//! Corrections: mending twice changes nothing more, what is mended is no fault any more, nothing else is touched, and what
//! was written is what every reader finds.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use calamine::{Data, Reader, open_workbook_auto_from_rs};
use jixiao::address::CellRef;
use jixiao::annotate::{annotate, correct};
use jixiao::finding::{Finding, Severity};
use jixiao::ooxml::Limits;
use jixiao::policy::Policy;
use jixiao::review::{Adoption, CheckedForm, Corrections, Engine, Submission};
use jixiao::schema::Catalog;
use jixiao::value::Value;
use jixiao::workbook::{Workbook, sheet_from_text};
use proptest::prelude::*;
use rust_xlsxwriter::{Format, Formula, Workbook as NewWorkbook, Worksheet};
use walkdir::WalkDir;

fn engine() -> Engine {
    Engine::new(Catalog::embedded(), Policy::embedded("national").expect("a preset"), Limits::default())
}

fn judge(engine: &Engine, bytes: &[u8]) -> (Submission, Workbook) {
    let (submission, workbook) = engine.judge("表.xlsx", Arc::from(bytes));
    (submission, workbook.expect("a workbook"))
}

/// A drawn sheet as a workbook; formulas with their results, texts under the format of texts where `'` marks them.
fn drawn(grid: &str) -> Vec<u8> {
    let sheet = sheet_from_text("表", grid).expect("a grid");
    let mut book = NewWorkbook::new();
    let worksheet = book.add_worksheet();
    worksheet.set_name("表").expect("a name");
    for merge in sheet.merges() {
        let (start, end) = (merge.start, merge.end);
        worksheet
            .merge_range(start.row, col(start), end.row, col(end), "", &Format::new())
            .expect("regions do not overlap");
    }
    for (at, cell) in sheet.cells() {
        put(worksheet, at, cell);
    }
    book.save_to_buffer().expect("a workbook")
}

fn col(at: CellRef) -> u16 {
    u16::try_from(at.col).expect("a drawn column")
}

fn put(worksheet: &mut Worksheet, at: CellRef, cell: &jixiao::workbook::Cell) {
    use jixiao::workbook::{Content, NumberFormat};
    let format = match cell.format {
        NumberFormat::Percent { .. } => Format::new().set_num_format("0.00%"),
        _ => Format::new(),
    };
    let shown = |number: &rust_decimal::Decimal| number.to_string();
    match (&cell.content, &cell.formula) {
        (Content::Number(number), Some(formula)) => {
            let formula = Formula::new(format!("={formula}")).set_result(shown(number));
            worksheet.write_formula_with_format(at.row, col(at), formula, &format).expect("written");
        }
        (Content::Number(number), None) => {
            let float: f64 = shown(number).parse().expect("a float");
            worksheet.write_number_with_format(at.row, col(at), float, &format).expect("written");
        }
        (content, _) => {
            let Content::Text(text) = content else { panic!("{content:?} is not drawn") };
            worksheet.write_string_with_format(at.row, col(at), text, &format).expect("written");
        }
    }
}

/// What tells findings apart.
fn keys(forms: &[CheckedForm]) -> BTreeSet<(String, Option<CellRef>, &'static str)> {
    all(forms).map(|finding| (finding.sheet.clone(), finding.cell, finding.code)).collect()
}

fn all(forms: &[CheckedForm]) -> impl Iterator<Item = &Finding> {
    forms.iter().flat_map(|form| &form.findings)
}

/// Everything that must hold of a workbook that is mended; in words what does not.
fn broken_laws(engine: &Engine, bytes: &[u8]) -> Vec<String> {
    let (submission, workbook) = judge(engine, bytes);
    let corrections = engine.mend(&workbook, submission.forms());
    if corrections.is_empty() {
        return Vec::new();
    }
    let mut broken = Vec::new();
    let marked = correct(&workbook, submission.forms(), &corrections).expect("a marked workbook");
    let (again, mended) = judge(engine, &marked.bytes);
    for ((sheet, at), correction) in &corrections.cells {
        let before = workbook.sheet(sheet).and_then(|sheet| sheet.stored(*at));
        if before.is_some_and(|cell| cell.formula.is_some()) {
            broken.push(format!("{sheet}!{at} had a formula"));
        }
        if marked.transplanted {
            continue;
        }
        let stored = mended.sheet(sheet).and_then(|sheet| sheet.stored(*at)).map(|cell| &cell.content);
        let wanted = match &correction.value {
            Value::Number(number) => jixiao::workbook::Content::Number(*number),
            other => jixiao::workbook::Content::Text(other.to_string()),
        };
        if stored != Some(&wanted) {
            broken.push(format!("{sheet}!{at} holds {stored:?}, not {wanted:?}"));
        }
    }
    let before = keys(submission.forms());
    let after = keys(again.forms());
    broken.extend(
        corrections.mended.keys().filter(|key| after.contains(*key)).map(|key| format!("{key:?} is still there")),
    );
    for finding in all(again.forms()).filter(|finding| finding.severity > Severity::Info) {
        let formula = finding.cell.and_then(|at| mended.sheet(&finding.sheet)?.stored(at)?.formula.clone());
        let key = (finding.sheet.clone(), finding.cell, finding.code);
        if !before.contains(&key) && formula.is_none() {
            broken.push(format!("new: {key:?} {}", finding.message));
        }
    }
    let more = engine.mend(&mended, again.forms());
    if !more.is_empty() {
        broken.push(format!("mending again changes {:?}", more.cells));
    }
    broken
}

fn workbooks(dirs: &[&str]) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = dirs.iter().flat_map(|dir| WalkDir::new(root.join(dir)).sort_by_file_name());
    let files = files.filter_map(Result::ok).map(walkdir::DirEntry::into_path);
    files.filter(|path| path.extension().is_some_and(|ext| ["xlsx", "xls", "ods"].iter().any(|e| *e == ext))).collect()
}

#[test]
fn a_mended_workbook_keeps_the_laws_whoever_filled_it_in() {
    let engine = engine();
    let mut problems = Vec::new();
    let mut seen = 0;
    for path in workbooks(&["samples", "tests/fixtures"]) {
        let bytes = fs::read(&path).expect("a fixture");
        if engine.judge("表", Arc::from(&bytes[..])).0.forms().is_empty() {
            continue;
        }
        seen += 1;
        problems
            .extend(broken_laws(&engine, &bytes).into_iter().map(|problem| format!("{}: {problem}", path.display())));
    }
    assert!(seen > 20, "{seen} workbooks");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn the_drawn_cases_of_all_rules_keep_the_laws() {
    let engine = engine();
    let mut problems = Vec::new();
    let mut corrected = 0;
    for path in WalkDir::new("tests/fixtures/rules").sort_by_file_name().into_iter().filter_map(Result::ok) {
        if path.path().extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let case: toml::Table = fs::read_to_string(path.path()).expect("a case").parse().expect("TOML");
        let Some(grid) = case.get("grid").and_then(toml::Value::as_str) else { continue };
        let bytes = drawn(grid);
        let (submission, workbook) = judge(&engine, &bytes);
        corrected += usize::from(!engine.mend(&workbook, submission.forms()).is_empty());
        problems.extend(broken_laws(&engine, &bytes).into_iter().map(|p| format!("{}: {p}", path.path().display())));
    }
    assert!(corrected > 15, "{corrected} cases are corrected");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// A self-evaluation that adds up: total and execution computed by formulas or typed.
const FORM: &str = "
项目支出绩效自评表|<|<|<|<|<|<|<|<
（2023年度）|<|<|<|<|<|<|<|<
项目名称|<|<|村医轮训项目|<|<|<|<|<
主管部门|<|<|澄岚区卫生健康委员会|<|实施单位|澄岚区卫生服务中心|<|<
项目资金（万元）||<|年初预算数|全年预算数|全年执行数|分值|执行率|得分
^|年度资金总额|<|30|{total}|27|10|{rate}|{execution}
^|其中：当年财政拨款|<|20|20|18|—|90%|—
^|其他资金|<|10|{other}|9|—|90%|—
年度总体目标|预期目标|<|<|<|实际完成情况|<|<|<
^|全年培训村医 12 期 600 人，考核合格率 95% 以上。|<|<|<|全年培训村医 12 期 612 人，考核合格率 97%。|<|<|<
绩效指标|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因分析及改进措施
^|产出指标|数量指标|培训村医人数|{target}|612人|10|{score}|
^|^|质量指标|{name}|≥95%|97%|10|10|
^|^|时效指标|培训按期完成率|100%|100%|10|10|
^|^|成本指标|培训总成本|≤30万元|27万元|20|20|
^|{level}|社会效益指标|受训村医在岗率|≥90%|93%|30|30|
^|满意度指标|服务对象满意度指标|参训村医满意度|≥90%|96%|10|10|
总分|<|<|<|<|<|100|{sum}|
";

fn form(parts: &[(&str, &str)]) -> String {
    let sound = [
        ("total", "30"),
        ("rate", "90%"),
        ("execution", "9"),
        ("other", "10"),
        ("target", "≥600人"),
        ("score", "10"),
        ("name", "考核合格率"),
        ("level", "效益指标"),
        ("sum", "99"),
    ];
    sound.iter().fold(FORM.to_owned(), |text, (part, plain)| {
        let filled = parts.iter().find(|(of, _)| of == part).map_or(*plain, |(_, other)| *other);
        text.replace(&format!("{{{part}}}"), filled)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn slips_planted_anywhere_are_mended_for_good(
        total in prop::sample::select(vec!["30", "'30", "31", "33", "'３０", "0", "=SUM(E7:E8) ~ 30", "=E7+E8 ~ 29"]),
        rate in prop::sample::select(vec!["90%", "91%", "'９０％", "'91%", "0.9", "", "98"]),
        execution in prop::sample::select(vec!["9", "10", "'9", "", "=H6*10 ~ 9", "12"]),
        other in prop::sample::select(vec!["10", "'10", "'10万", "'10万元", "11", ""]),
        target in prop::sample::select(vec!["≥600人", "≧６００人", "≥ 600 人", "≥≥600人"]),
        score in prop::sample::select(vec!["10", "'10", "9", "11", ""]),
        name in prop::sample::select(vec!["考核合格率", "考核  合格率", "考核合格率95%"]),
        level in prop::sample::select(vec!["效益指标", "郊益指标"]),
        sum in prop::sample::select(vec!["99", "98", "'99", "", "=SUM(H12:H17,I6) ~ 99", "=SUM(H12:H17)+I6 ~ 95"]),
    ) {
        let parts = [("total", total), ("rate", rate), ("execution", execution), ("other", other), ("target", target),
            ("score", score), ("name", name), ("level", level), ("sum", sum)];
        let problems = broken_laws(&engine(), &drawn(&form(&parts)));
        prop_assert!(problems.is_empty(), "{parts:?}\n{}", problems.join("\n"));
    }
}

#[test]
fn a_sound_form_is_not_touched() {
    let engine = engine();
    let (submission, workbook) = judge(&engine, &drawn(&form(&[])));
    assert_eq!(keys(submission.forms()), BTreeSet::new());
    assert!(engine.mend(&workbook, submission.forms()).is_empty());
}

fn mend(grid: &str) -> (Submission, Workbook, Corrections) {
    let engine = engine();
    let (submission, workbook) = judge(&engine, &drawn(grid));
    let corrections = engine.mend(&workbook, submission.forms());
    (submission, workbook, corrections)
}

fn written(corrections: &Corrections) -> Vec<String> {
    let cell =
        |((_, at), one): (&(String, CellRef), &jixiao::review::Correction)| format!("{at} {}→{}", one.was, one.value);
    corrections.cells.iter().map(cell).collect()
}

#[test]
fn what_follows_from_a_mended_figure_is_mended_with_it() {
    let (.., corrections) = mend(&form(&[("rate", "98%"), ("execution", "9.8"), ("sum", "99.8")]));
    assert_eq!(written(&corrections), ["H6 98.00%→0.9", "I6 9.8→9", "H18 99.8→99"]);
}

#[test]
fn a_formula_is_never_lost_and_a_plain_sum_follows_its_cells() {
    let (submission, workbook, corrections) = mend(&form(&[("execution", "10"), ("sum", "=SUM(H12:H17,I6) ~ 100")]));
    assert_eq!(written(&corrections), ["I6 10→9"]);
    let marked = correct(&workbook, submission.forms(), &corrections).expect("marked");
    let (again, mended) = judge(&engine(), &marked.bytes);
    let total = mended.sheet("表").and_then(|sheet| sheet.stored("H18".parse().expect("an address")).cloned());
    let total = total.expect("the total");
    assert_eq!((total.shown().as_ref(), total.formula.as_deref()), ("99", Some("SUM(H12:H17,I6)")));
    assert_eq!(keys(again.forms()), BTreeSet::new());
}

#[test]
fn every_formula_that_rests_on_a_mended_cell_keeps_its_right_result_and_a_stale_one_is_left() {
    let engine = engine();
    let shown = |execution: &str, sum: &str| {
        let (submission, workbook, corrections) =
            mend(&form(&[("rate", "98%"), ("execution", execution), ("sum", sum)]));
        assert_eq!(written(&corrections), ["H6 98.00%→0.9"]);
        let marked = correct(&workbook, submission.forms(), &corrections).expect("marked");
        let (_, mended) = judge(&engine, &marked.bytes);
        let sheet = mended.sheet("表").expect("the sheet").clone();
        ["I6", "H18"].map(|at| sheet.shown(at.parse().expect("an address")).into_owned())
    };
    let sum = "=ROUND(SUM(H12:H17)+I6,2)";
    assert_eq!(shown("=ROUND(H6*10,2) ~ 9.8", &format!("{sum} ~ 99.8")), ["9", "99"]);
    // The score was stale before, and the total that counts it with it.
    assert_eq!(shown("=ROUND(H6*10,2) ~ 7", &format!("{sum} ~ 97")), ["7", "97"]);
}

#[test]
fn a_figure_that_rests_on_doubted_ones_is_only_suggested() {
    // Spending above the budget: which of the two is wrong only the unit knows.
    let (submission, _, corrections) = mend(&form(&[("total", "20"), ("other", ""), ("rate", "98%")]));
    assert!(!written(&corrections).iter().any(|one| one.starts_with("H6")), "{:?}", written(&corrections));
    assert!(all(submission.forms()).any(|finding| finding.code == "A102" && finding.fix.is_some()));
}

#[test]
fn every_part_but_the_touched_ones_stays_byte_for_byte_and_other_readers_see_the_values() {
    let bytes = drawn(&form(&[("total", "'30"), ("target", "≧６００人")]));
    let engine = engine();
    let (submission, workbook) = judge(&engine, &bytes);
    let corrections = engine.mend(&workbook, submission.forms());
    assert_eq!(corrections.cells.len(), 2);
    let marked = correct(&workbook, submission.forms(), &corrections).expect("marked").bytes;
    let before = workbook.package.as_deref().expect("a package");
    let after = Workbook::open(Arc::from(&marked[..]), &Limits::default()).expect("a workbook");
    let after = after.package.as_deref().expect("a package");
    let touched = [
        "xl/workbook.xml",
        "xl/styles.xml",
        "xl/worksheets/sheet1.xml",
        "xl/_rels/workbook.xml.rels",
        "[Content_Types].xml",
        "docProps/app.xml",
    ];
    for part in before.parts().filter(|part| !touched.contains(part)) {
        assert_eq!(before.part(part).expect("read"), after.part(part).expect("read"), "{part}");
    }
    let book = String::from_utf8(after.required_part("xl/workbook.xml").expect("there").to_vec()).expect("UTF-8");
    assert!(book.contains("fullCalcOnLoad=\"1\""), "{book}");
    let mut calamine = open_workbook_auto_from_rs(std::io::Cursor::new(marked)).expect("calamine reads it");
    let range = calamine.worksheet_range("表").expect("the sheet");
    assert_eq!(range.get_value((5, 4)), Some(&Data::Float(30.0)));
    assert_eq!(range.get_value((11, 4)), Some(&Data::String("≥600人".to_owned())));
}

#[test]
fn other_formats_get_the_values_in_the_new_workbook() {
    let engine = engine();
    let mut seen = 0;
    for path in workbooks(&["samples"]).into_iter().filter(|path| path.extension().is_none_or(|e| e != "xlsx")) {
        let (submission, workbook) = engine.judge("表", fs::read(&path).expect("a sample").into());
        let (Some(form), Some(workbook)) = (submission.forms().first(), workbook) else { continue };
        let unit = form.form.record.title.as_ref().map(|title| title.cell()).expect("a title");
        let mut corrections = Corrections::default();
        let correction = jixiao::review::Correction {
            was: workbook.sheet(&form.form.sheet).expect("its sheet").shown(unit).into_owned(),
            value: Value::Text("改过的标题".to_owned()),
            codes: BTreeSet::from(["F104"]),
            formula: None,
        };
        corrections.cells.insert((form.form.sheet.clone(), unit), correction);
        let marked = correct(&workbook, submission.forms(), &corrections).expect("marked");
        assert!(marked.transplanted);
        let (_, new) = judge(&engine, &marked.bytes);
        assert!(new.sheets.iter().any(|sheet| sheet.shown(unit) == "改过的标题"), "{}", path.display());
        seen += 1;
    }
    assert!(seen > 0);
}

/// The workbook as it comes back: its list of findings answered.
fn answered(grid: &str, answers: &[(&str, &str)], change: Option<(&str, f64)>) -> Vec<u8> {
    let (submission, workbook) = judge(&engine(), &drawn(grid));
    let marked = annotate(&workbook, submission.forms()).expect("marked").bytes;
    let returned = Workbook::open(Arc::from(marked), &Limits::default()).expect("a workbook");
    // Written anew by another program, as it happens on the way.
    let mut book = NewWorkbook::new();
    for sheet in &returned.sheets {
        let worksheet = book.add_worksheet();
        worksheet.set_name(sheet.name()).expect("a name");
        for merge in sheet.merges() {
            let (start, end) = (merge.start, merge.end);
            worksheet.merge_range(start.row, col(start), end.row, col(end), "", &Format::new()).expect("regions");
        }
        for (at, cell) in sheet.cells() {
            if !cell.is_blank() {
                put(worksheet, at, cell);
            }
        }
        if sheet.name() == "表" {
            if let Some((at, number)) = change {
                let at: CellRef = at.parse().expect("an address");
                worksheet.write_number(at.row, col(at), number).expect("written");
            }
            continue;
        }
        let codes: Vec<(CellRef, String)> =
            sheet.cells().filter(|(at, _)| at.col == 9).map(|(at, cell)| (at, cell.shown().into_owned())).collect();
        for (code, answer) in answers {
            let (row, _) = codes.iter().find(|(_, shown)| shown == code).expect("the finding is listed");
            worksheet.write_string(row.row, 10, *answer).expect("written");
        }
    }
    book.save_to_buffer().expect("a workbook")
}

fn adopt(bytes: &[u8]) -> (Corrections, Vec<(String, Adoption)>) {
    let engine = engine();
    let (submission, workbook) = judge(&engine, bytes);
    let (corrections, told) = engine.adopt(&workbook, submission.forms());
    (corrections, told.into_iter().map(|one| (one.answer.code, one.adoption)).collect())
}

#[test]
fn only_what_is_ticked_is_written_with_the_total_that_counts_it() {
    let grid = form(&[("target", "≥720人"), ("score", "9.5"), ("sum", "98.5"), ("name", "考核合格率95%")]);
    let (corrections, told) = adopt(&answered(&grid, &[("A205", "是"), ("W104", "否")], None));
    assert_eq!(written(&corrections), ["H12 9.5→8.5", "H18 98.5→97.5"]);
    let of = |code: &str| told.iter().find(|(of, _)| of == code).map(|(_, adoption)| adoption.clone());
    assert!(matches!(of("A205"), Some(Adoption::Written(_))), "{told:?}");
    assert_eq!(of("W104"), Some(Adoption::Declined));
    assert!(told.iter().any(|(code, adoption)| code == "C107" && *adoption == Adoption::Open), "{told:?}");
}

#[test]
fn a_cell_that_was_changed_meanwhile_is_left_alone() {
    let grid = form(&[("target", "≥720人"), ("score", "9.5"), ("sum", "98.5")]);
    let (corrections, told) = adopt(&answered(&grid, &[("A205", "是")], Some(("H12", 9.0))));
    assert!(corrections.is_empty());
    assert!(told.contains(&("A205".to_owned(), Adoption::Changed)), "{told:?}");
    let (corrections, told) = adopt(&answered(&grid, &[("A205", "是"), ("C107", "是")], Some(("H12", 8.5))));
    assert!(corrections.is_empty());
    assert!(told.contains(&("A205".to_owned(), Adoption::Mended)), "{told:?}");
    assert!(told.contains(&("C107".to_owned(), Adoption::Nothing)), "{told:?}");
}

#[test]
fn a_formula_is_dropped_only_where_the_unit_wants_it_and_the_note_keeps_it() {
    let grid = form(&[("sum", "=SUM(H12:H17) ~ 90")]);
    let (submission, _, corrections) = mend(&grid);
    assert!(corrections.is_empty() && all(submission.forms()).any(|finding| finding.code == "A202"));
    let bytes = answered(&grid, &[("A202", "是")], None);
    let engine = engine();
    let (submission, workbook) = judge(&engine, &bytes);
    let (corrections, _) = engine.adopt(&workbook, submission.forms());
    let judged = engine.judge_again(&corrections.applied_to(&workbook));
    let marked = correct(&workbook, &judged, &corrections).expect("marked").bytes;
    let (again, mended) = judge(&engine, &marked);
    let total = mended.sheet("表").and_then(|sheet| sheet.stored("H18".parse().expect("an address")).cloned());
    assert_eq!(total.map(|cell| (cell.shown().into_owned(), cell.formula)), Some(("99".to_owned(), None)));
    assert_eq!(keys(again.forms()), BTreeSet::new());
    let package = mended.package.as_deref().expect("a package");
    let notes = package.parts().find(|part| part.contains("comments")).expect("notes").to_owned();
    let notes = String::from_utf8(package.required_part(&notes).expect("there").to_vec()).expect("UTF-8");
    assert!(notes.contains("原来是公式 =SUM(H12:H17)"), "{notes}");
}

/// The workbook with a list of its formulas, as Excel leaves it.
fn with_calculation_chain(bytes: &[u8]) -> Vec<u8> {
    let workbook = Workbook::open(Arc::from(bytes), &Limits::default()).expect("a workbook");
    let package = workbook.package.as_deref().expect("a package");
    let text = |part: &str| String::from_utf8(package.required_part(part).expect("there").to_vec()).expect("UTF-8");
    let relation = "<Relationship Id=\"rIdChain\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/\
        relationships/calcChain\" Target=\"calcChain.xml\"/></Relationships>";
    let kind = "<Override PartName=\"/xl/calcChain.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.\
        spreadsheetml.calcChain+xml\"/></Types>";
    let changes =
        [("xl/_rels/workbook.xml.rels", "</Relationships>", relation), ("[Content_Types].xml", "</Types>", kind)];
    let changes = changes.map(|(part, end, with)| (part.to_owned(), text(part).replace(end, with).into_bytes()));
    let chain = "<calcChain xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><c r=\"H18\" i=\"1\"/>\
        </calcChain>";
    let added = [("xl/calcChain.xml".to_owned(), chain.as_bytes().to_vec())];
    package.rewrite(&changes.into_iter().collect(), &added).expect("a package")
}

#[test]
fn the_list_of_formulas_goes_where_one_is_dropped_and_stays_where_none_is() {
    let engine = engine();
    let grid = form(&[("sum", "=SUM(H12:H17) ~ 90"), ("execution", "9")]);
    let bytes = with_calculation_chain(&answered(&grid, &[("A202", "是")], None));
    let (submission, workbook) = judge(&engine, &bytes);
    let (corrections, _) = engine.adopt(&workbook, submission.forms());
    let written = correct(&workbook, submission.forms(), &corrections).expect("marked").bytes;
    let chained = |bytes: &[u8]| {
        let workbook = Workbook::open(Arc::from(bytes), &Limits::default()).expect("a workbook");
        let package = workbook.package.as_deref().expect("a package");
        let named =
            |part: &str| package.required_part(part).expect("there").windows(9).any(|text| text == b"calcChain");
        (package.contains("xl/calcChain.xml"), named("xl/_rels/workbook.xml.rels"), named("[Content_Types].xml"))
    };
    assert_eq!(chained(&written), (false, false, false));
    let plain = annotate(&workbook, submission.forms()).expect("marked").bytes;
    assert_eq!(chained(&plain), (true, true, true));
}

#[test]
#[ignore = "needs LibreOffice and openpyxl"]
fn libreoffice_and_openpyxl_read_the_written_values() {
    use std::process::Command;
    let (submission, workbook, corrections) =
        mend(&form(&[("total", "'30"), ("target", "≧６００人"), ("rate", "98%"), ("execution", "10"), ("sum", "100")]));
    let marked = correct(&workbook, submission.forms(), &corrections).expect("marked").bytes;
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("a.xlsx");
    fs::write(&path, &marked).expect("written");
    let script = "import openpyxl, sys; s = openpyxl.load_workbook(sys.argv[1])['表']; \
        print([s[a].value for a in ('E6', 'E12', 'H6', 'I6', 'H18')])";
    let read = |path: &Path| {
        let python = Command::new("python3").args(["-c", script]).arg(path).output().expect("python");
        assert!(python.status.success(), "{python:?}");
        String::from_utf8(python.stdout).expect("UTF-8")
    };
    assert_eq!(read(&path).trim(), "[30, '≥600人', 0.9, 9, 99]");
    let status = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", dir.path().join("profile").display()))
        .args(["--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir"])
        .arg(dir.path().join("saved"))
        .arg(&path)
        .output()
        .expect("LibreOffice");
    assert!(status.status.success(), "{status:?}");
    assert_eq!(read(&dir.path().join("saved/a.xlsx")).trim(), "[30, '≥600人', 0.9, 9, 99]");
}
