//! Workbooks of many writers, and a judged form whose findings are marked in them.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::sync::Arc;

use jixiao::address::{CellRange, CellRef};
use jixiao::annotate::{Annotated, annotate};
use jixiao::finding::{Dimension, Finding, Severity};
use jixiao::form::{Field, Form, Provenance, Reading, Recognition, Record, Stored};
use jixiao::grade::{DeductionEntry, Grade, LedgerEntry, NextStep};
use jixiao::ooxml::Limits;
use jixiao::policy::Band;
use jixiao::review::CheckedForm;
use jixiao::roster::Identity;
use jixiao::schema::{Layout, Schema, Signature, Stage, Subject};
use jixiao::value::Value;
use jixiao::workbook::Workbook;
use rust_decimal::Decimal;

pub(crate) const SHEET: &str = "项目自评表";

pub(crate) fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/fixtures/annotate/{name}.xlsx", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).expect("a committed fixture")
}

pub(crate) fn open(bytes: &[u8]) -> Workbook {
    Workbook::open(Arc::from(bytes), &Limits::default()).expect("a workbook")
}

pub(crate) fn at(address: &str) -> CellRef {
    address.parse().expect("an address")
}

pub(crate) fn finding(code: &'static str, severity: Severity, cell: Option<&str>, message: &str) -> Finding {
    Finding {
        code,
        name: "sample",
        severity,
        dimension: Dimension::Consistency,
        sheet: SHEET.to_owned(),
        cell: cell.map(at),
        field: String::new(),
        related: vec![at("G7")],
        elsewhere: Vec::new(),
        found: Some("9.5".to_owned()),
        expected: Some("8.32".to_owned()),
        difference: Some("1.18".to_owned()),
        message: message.to_owned(),
        advice: "将 H7 改为 8.32，并同步修改总分。".to_owned(),
        authority: "财预〔2020〕10号 自评打分要求",
        fix: None,
        fate: None,
        reply: None,
        ruling: None,
    }
}

pub(crate) fn findings() -> Vec<Finding> {
    use Severity::{Error, Info, Warning};
    vec![
        finding("C101", Error, None, "缺少“成本指标”一级指标，表内没有任何成本类三级指标。"),
        finding("W301", Info, Some("C4"), "项目名称与批复名称相近但不完全一致，请核实是否为同一项目。"),
        finding("A103", Error, Some("H7"), "H7「得分」= min(1, F7 98.6 ÷ E7 118.5) × G7 10 = 8.32，填的是 9.5。"),
        finding("V201", Warning, Some("H7"), "H7「得分」只保留了一位小数，得分一般保留两位小数。"),
        finding("W102", Warning, Some("C9"), "三级指标“修缮活动室数量”已有批注，仍须写明统计口径。"),
        finding("C204", Error, Some("B10"), "=HYPERLINK(\"x\") 质量指标完成 95%，低于 100%，未说明偏差原因。"),
        finding("C204", Error, Some("H10"), "H10「偏差原因分析及改进措施」为空，但实际完成值未达到年度指标值。"),
        finding("W101", Warning, Some("D12"), "“明显提高”无法核查：没有数量，也没有可对照的基准。"),
        finding("F101", Info, Some("J20"), "表外单元格应当留空；这里原来没有单元格和行。"),
    ]
}

fn field(address: &str, text: &str) -> Field {
    Field {
        reading: Reading::Value(Value::Text(text.to_owned())),
        provenance: Provenance {
            cell: at(address),
            text: text.to_owned(),
            stored: Stored::Text,
            formula: None,
            stale: None,
        },
    }
}

pub(crate) fn checked(findings: Vec<Finding>) -> CheckedForm {
    let none = Vec::new;
    let schema = Schema {
        id: "selfeval.project".to_owned(),
        title: "项目支出绩效自评表".to_owned(),
        stage: Stage::SelfEvaluation,
        subject: Subject::Project,
        source: String::new(),
        fingerprint: String::new(),
        own: false,
        list: false,
        signature: Signature {
            title: none(),
            title_not: none(),
            labels: Vec::new(),
            labels_not: Vec::new(),
            prints: Vec::new(),
            classes: Vec::new(),
            classes_not: Vec::new(),
        },
        fields: Vec::new(),
        grids: Vec::new(),
        tables: Vec::new(),
        totals: Vec::new(),
        indicators: None,
        layout: Layout::default(),
        rule_settings: BTreeMap::new(),
        rules_off: Vec::new(),
    };
    let fields = [
        ("unit", "G5", "青禾县群众文化馆"),
        ("department", "C5", "青禾县文化和旅游局"),
        ("project", "C4", "村级文化活动室修缮"),
        ("total_score", "G14", "98.5"),
    ];
    let record = Record {
        title: Some(field("A2", "项目支出绩效自评表")),
        fields: fields.iter().map(|(id, address, text)| ((*id).into(), field(address, text))).collect(),
        ..Record::default()
    };
    let form = Form {
        sheet: SHEET.to_owned(),
        range: CellRange::new(at("A2"), at("H14")),
        schema: Arc::new(schema),
        recognition: Recognition { confidence: 0.98, evidence: Vec::new() },
        record,
    };
    CheckedForm { form, identity: Identity::default(), findings, rules: BTreeMap::new(), grade: grade(), earlier: None }
}

fn grade() -> Grade {
    let points = Decimal::from;
    let taken = |code, findings, taken: i64, reason: &str| DeductionEntry {
        code,
        name: "sample",
        findings,
        points: points(taken),
        reason: reason.to_owned(),
    };
    let entry = |dimension, full: i64, left: i64, deductions| LedgerEntry {
        dimension,
        full: points(full),
        left: points(left),
        deductions,
    };
    Grade {
        score: points(76),
        band: Band::Fair,
        ledger: vec![
            entry(
                Dimension::Completeness,
                30,
                18,
                vec![taken("C101", 1, 6, "缺一级指标 1 类"), taken("C204", 2, 6, "2 处，每处 3 分")],
            ),
            entry(Dimension::Relevance, 20, 20, Vec::new()),
            entry(Dimension::Adequacy, 15, 15, Vec::new()),
            entry(Dimension::Feasibility, 15, 9, vec![taken("W101", 1, 6, "不可衡量的指标值 1 处")]),
            entry(Dimension::Consistency, 20, 14, vec![taken("A103", 1, 6, "勾稽不符 1 处")]),
        ],
        veto: None,
        next: vec![NextStep { code: "C101", name: "sample", points: points(6), score: points(82), band: Band::Good }],
    }
}

pub(crate) fn annotated(bytes: &[u8]) -> Annotated {
    annotate(&open(bytes), &[checked(findings())]).expect("an annotated workbook")
}

pub(crate) fn parts(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    ordered_parts(bytes).into_iter().collect()
}

/// The parts in the order of the package, by the names as they stand there; what there is of a damaged one.
pub(crate) fn ordered_parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let mut parts = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).expect("an entry");
        let mut part = Vec::new();
        let _ = file.read_to_end(&mut part);
        let name = String::from_utf8_lossy(file.name_raw()).into_owned();
        parts.push((name, part));
    }
    parts
}

/// A workbook as this crate's users write one in Rust: cached formula results, a note, a picture-less text box.
pub(crate) fn written_by_rust() -> Vec<u8> {
    use rust_xlsxwriter::{Formula, Note, Shape, Workbook as New};
    let mut book = New::new();
    let sheet = book.add_worksheet();
    sheet.set_name(SHEET).expect("a name");
    sheet.write(6, 4, 118.5).expect("a number");
    sheet.write(6, 5, 98.6).expect("a number");
    sheet.write(6, 7, Formula::new("F7/E7*10").set_result("8.32")).expect("a formula");
    sheet.write(8, 2, "修缮活动室数量").expect("a text");
    sheet.insert_note(8, 2, &Note::new("按批复数填列").set_author("填表人")).expect("a note");
    sheet.insert_shape(1, 9, &Shape::textbox().set_text("填报说明")).expect("a shape");
    sheet.set_header("&L内部资料");
    book.save_to_buffer().expect("a workbook")
}

pub(crate) fn originals() -> Vec<(&'static str, Vec<u8>)> {
    let mut all: Vec<(&'static str, Vec<u8>)> = [
        "openpyxl-everything",
        "libreoffice-everything",
        "prefixed-worksheet",
        "cells-without-addresses",
        "strict",
        "drawing-that-is-no-xml",
        "threaded-comment",
    ]
    .map(|name| (name, fixture(name)))
    .into();
    all.push(("rust_xlsxwriter", written_by_rust()));
    all
}

/// The workbook with one part's text changed.
pub(crate) fn with_part(original: &[u8], part: &str, change: impl Fn(&str) -> String) -> Vec<u8> {
    let package = open(original).package.expect("a package");
    let text = String::from_utf8(package.required_part(part).expect("the part").to_vec()).expect("UTF-8");
    let changes = BTreeMap::from([(part.to_owned(), change(&text).into_bytes())]);
    package.rewrite(&changes, &[]).expect("a package")
}

/// The corpus of `tests/fidelity.rs` that can be marked where it stands, by file name.
pub(crate) fn corpus() -> Vec<(String, Vec<u8>)> {
    let folder = format!("{}/tests/fixtures/annotate/corpus", env!("CARGO_MANIFEST_DIR"));
    let entries = std::fs::read_dir(folder).expect("the corpus").map(|entry| entry.expect("an entry").path());
    let named = entries.map(|path| {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        (name, std::fs::read(path).expect("a file"))
    });
    // In these two the rows contradict themselves, and a copy is marked instead.
    named.filter(|(name, _)| !["rows-reversed.xlsx", "cells-twice.xlsx"].contains(&name.as_str())).collect()
}
