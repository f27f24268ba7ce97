//! The tables for query engines hold what 结果.json holds, in the types that docs/大规模.md promises.
#![cfg(feature = "parquet")]

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use parquet::basic::{LogicalType, Type as Physical};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use serde_json::Value;
use tempfile::TempDir;

const TABLES: [&str; 4] = ["submissions", "forms", "indicators", "findings"];

/// The sample round as tables, and its result.
fn checked() -> (TempDir, Value) {
    let dir = TempDir::new().expect("a folder");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = dir.path().join("out");
    let done = Command::new(env!("CARGO_BIN_EXE_jixiao"))
        .current_dir(root)
        .args(["check", "samples/round", "--roster", "samples/名册.xlsx", "--ledger", "samples/项目台账.xlsx"])
        .args(["--date", "2023-03-01", "--format", "parquet", "--fail-on", "never", "--out"])
        .arg(&out)
        .output()
        .expect("the command starts");
    assert!(done.status.success() && done.stdout.is_empty(), "{}", String::from_utf8_lossy(&done.stderr));
    let result = serde_json::from_str(&fs::read_to_string(out.join("结果.json")).expect("a result")).expect("JSON");
    (dir, result)
}

fn open(dir: &Path, table: &str) -> SerializedFileReader<File> {
    let file = File::open(dir.join(format!("out/{table}.parquet"))).expect("a table");
    SerializedFileReader::new(file).expect("a Parquet file")
}

/// The columns that docs/大规模.md promises of a table, with their kinds.
fn promised() -> Vec<(String, String, String)> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/大规模.md")).expect("the page");
    let mut promised = Vec::new();
    let mut table = None;
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("### ") {
            table = TABLES.into_iter().find(|table| title.starts_with(table));
        }
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let (Some(table), ["", column, kind, _, ""]) = (table, cells.as_slice()) else { continue };
        let kind = match *kind {
            "文字" => "Text",
            "整数" => "Int",
            "是否" => "Bool",
            "小数" => "Decimal",
            "日期" => "Date",
            _ => continue,
        };
        for name in column.split('、') {
            promised.push((table.to_owned(), name.trim_matches('`').to_owned(), kind.to_owned()));
        }
    }
    promised
}

#[test]
fn the_columns_are_those_that_the_page_promises() {
    let (dir, _) = checked();
    let promised = promised();
    for table in TABLES {
        let reader = open(dir.path(), table);
        let schema = reader.metadata().file_metadata().schema_descr().columns().to_vec();
        let told: Vec<(String, String)> = schema
            .iter()
            .map(|column| {
                let kind = match (column.physical_type(), column.logical_type_ref()) {
                    (Physical::BYTE_ARRAY, Some(LogicalType::String)) => "Text",
                    (Physical::INT32, None) => "Int",
                    (Physical::BOOLEAN, None) => "Bool",
                    (Physical::INT32, Some(LogicalType::Date)) => "Date",
                    (Physical::INT64, Some(LogicalType::Decimal(_)))
                        if (column.type_precision(), column.type_scale()) == (18, 6) =>
                    {
                        "Decimal"
                    }
                    other => panic!("{}: {other:?}", column.name()),
                };
                (column.name().to_owned(), kind.to_owned())
            })
            .collect();
        let on_page = promised.iter().filter(|(of, ..)| of == table);
        let on_page: Vec<(String, String)> = on_page.map(|(_, name, kind)| (name.clone(), kind.clone())).collect();
        assert_eq!(told, on_page, "{table}");
    }
}

#[test]
fn what_is_read_back_is_what_the_result_says() {
    let (dir, result) = checked();
    let rows = |table: &str| -> Vec<Vec<(String, Field)>> {
        let reader = open(dir.path(), table);
        let rows = reader.get_row_iter(None).expect("rows").map(|row| row.expect("a row"));
        rows.map(|row| row.get_column_iter().map(|(name, field)| (name.clone(), field.clone())).collect()).collect()
    };
    let text = |row: &[(String, Field)], column: &str| match row.iter().find(|(name, _)| name == column) {
        Some((_, Field::Str(text))) => Value::from(text.as_str()),
        Some((_, Field::Null)) => Value::Null,
        Some((_, Field::Decimal(number))) => {
            let bytes = number.data().try_into().map(i64::from_be_bytes).expect("64 bits");
            Value::from(rust_decimal::Decimal::new(bytes, 6).normalize().to_string())
        }
        other => panic!("{column}: {other:?}"),
    };
    let list = |of: &Value| of.as_array().cloned().unwrap_or_default();
    let submissions = list(&result["submissions"]);
    let forms: Vec<Value> = submissions.iter().flat_map(|one| list(&one["forms"])).collect();
    let score = |form: &Value| {
        let score: rust_decimal::Decimal = form["grade"]["score"].as_str().expect("points").parse().expect("a number");
        Value::from(score.normalize().to_string())
    };
    let read = rows("forms");
    assert_eq!(read.len(), forms.len());
    for (row, form) in read.iter().zip(&forms) {
        assert_eq!((text(row, "sheet"), text(row, "band")), (form["sheet"].clone(), form["grade"]["band"].clone()));
        assert_eq!((text(row, "unit"), text(row, "score")), (form["identity"]["unit"].clone(), score(form)));
    }
    let findings: Vec<Value> = forms.iter().flat_map(|form| list(&form["findings"])).collect();
    let read = rows("findings");
    assert_eq!(read.len(), findings.len());
    for (row, finding) in read.iter().zip(&findings) {
        for key in ["code", "cell", "severity", "found", "message", "advice"] {
            assert_eq!(text(row, key), finding[key], "{key}");
        }
    }
    let indicators: usize = forms.iter().map(|form| list(&form["record"]["tables"]["indicators"]).len()).sum();
    assert_eq!(rows("indicators").len(), indicators);
    assert_eq!(rows("submissions").len(), submissions.len() + list(&result["passed_over"]).len());
}

#[test]
#[ignore = "needs Python with pyarrow"]
fn pyarrow_reads_what_the_result_says() {
    let (dir, _) = checked();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parquet/check_tables.py");
    let mut python = Command::new("python3")
        .arg(script)
        .arg(dir.path().join("out"))
        .stdin(Stdio::piped())
        .spawn()
        .expect("Python starts");
    let lines: String =
        promised().into_iter().map(|(table, column, kind)| format!("{table} {column} {kind}\n")).collect();
    python.stdin.take().expect("a pipe").write_all(lines.as_bytes()).expect("written");
    assert!(python.wait().expect("it ends").success());
}
