//! Forms as other places print and fill them, a folder of drawn ones: each is recognised, read at its cells, and judged.
//!
//! A case is a TOML file `tests/fixtures/places/*.toml`: `note` (what differs), `schema`, `grid` (a sheet as text, see
//! `workbook::sheet_from_text`), `reads` (values that must be read, `unit@C3=…`, `funding.total.budget@D5=90`,
//! `indicators.1.target@E9=≥3万件`), and `findings`: all findings above 提示, as code and cell.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use jixiao::finding::Severity;
use jixiao::form::{Field, Form, Reader};
use jixiao::policy::Policy;
use jixiao::rules::{self, RULES};
use jixiao::schema::{Catalog, SourceFile};
use jixiao::workbook::sheet_from_text;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    note: String,
    schema: String,
    grid: String,
    reads: Vec<String>,
    findings: Vec<String>,
}

#[test]
fn forms_of_other_places_are_read_at_their_cells_and_only_their_faults_are_found() {
    let names: Vec<&str> = RULES.iter().flat_map(|rule| [rule.name, rule.code]).collect();
    let none = SourceFile::new("none.toml", String::new());
    let policy = Policy::load(&[], &none, &names).expect("the national preset");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/places");
    let entries = folder.read_dir().expect("the folder of cases");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    assert!(!files.is_empty());
    let mut problems = Vec::new();
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).expect("a readable case");
        let case: Case = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!case.note.is_empty() && !case.reads.is_empty(), "{name}");
        problems.extend(judge(&case, &policy).into_iter().map(|problem| format!("{name}: {problem}")));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

fn judge(case: &Case, policy: &Policy) -> Vec<String> {
    let sheet = sheet_from_text("表", &case.grid).expect("a valid grid");
    let mut forms = Reader::new(Catalog::embedded(), &policy.words.empty_marks).read_sheet(&sheet).forms;
    let (Some(form), true) = (forms.pop(), forms.is_empty()) else { return vec!["not one form".to_owned()] };
    let mut problems = Vec::new();
    if form.schema.id != case.schema {
        problems.push(format!("recognised as {}", form.schema.id));
    }
    let facts = facts(&form);
    problems.extend(case.reads.iter().filter(|read| !facts.contains(*read)).map(|read| {
        let place = read.split('@').next().unwrap_or_default();
        let near: Vec<_> = facts.iter().filter(|fact| fact.split('@').next() == Some(place)).collect();
        format!("{read} was not read, but {near:?}")
    }));
    let (findings, _) = rules::check_form(&form, policy);
    let told = findings.iter().filter(|finding| finding.severity > Severity::Info).map(|finding| {
        let cell = finding.cell.map_or_else(|| "form".to_owned(), |cell| cell.to_string());
        format!("{} {cell}", finding.code)
    });
    let told: BTreeSet<String> = told.collect();
    let wanted: BTreeSet<String> = case.findings.iter().cloned().collect();
    if told != wanted {
        problems.push(format!("found {told:?}, wanted {wanted:?}"));
    }
    problems
}

/// All that was read, one line a cell: `place@cell=value`.
fn facts(form: &Form) -> BTreeSet<String> {
    let record = &form.record;
    let fact =
        |place: String, field: &Field| field.reading.value().map(|value| format!("{place}@{}={value}", field.cell()));
    let fields = record.fields.iter().filter_map(|(id, field)| fact(id.to_string(), field));
    let grids = record.grids.iter().flat_map(|(grid, read)| {
        let rows = read.rows.iter().flat_map(|row| row.cells.iter().map(move |(id, field)| (&row.id, id, field)));
        rows.filter_map(move |(row, id, field)| fact(format!("{grid}.{row}.{id}"), field))
    });
    let tables = record.tables.iter().flat_map(|(table, read)| {
        let rows = read.rows.iter().enumerate().map(|(at, row)| ((at + 1).to_string(), row));
        let rows = rows.chain(read.total.iter().map(|row| ("total".to_owned(), row)));
        rows.flat_map(move |(at, row)| {
            let cells: Vec<_> = row.cells.iter().collect();
            cells.into_iter().filter_map(move |(id, field)| fact(format!("{table}.{at}.{id}"), field))
        })
    });
    fields.chain(grids).chain(tables).collect()
}
