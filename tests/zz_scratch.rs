//! Throw-away.
use jixiao::form::Reader;
use jixiao::policy::Policy;
use jixiao::rules::{self, RULES};
use jixiao::schema::{Catalog, SourceFile};
use jixiao::workbook::sheet_from_text;

#[test]
fn scratch() {
    let names: Vec<&str> = RULES.iter().flat_map(|rule| [rule.name, rule.code]).collect();
    let policy = Policy::load(&[], &SourceFile::new("case.toml", String::new()), &names).unwrap();
    let mut files: Vec<_> = std::fs::read_dir("/tmp/j/t2/grids").unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    for file in files {
        let grid = std::fs::read_to_string(&file).unwrap();
        let sheet = sheet_from_text("表", &grid).unwrap();
        let reading = Reader::new(Catalog::embedded(), &policy.words.empty_marks).read_sheet(&sheet);
        println!("=== {} : {} forms", file.file_name().unwrap().to_string_lossy(), reading.forms.len());
        for form in &reading.forms {
            let cols: Vec<String> = form
                .record
                .tables
                .iter()
                .map(|(id, t)| {
                    format!("{id}:{:?}", t.columns.iter().map(|(c, h)| format!("{c}={}", h.cell)).collect::<Vec<_>>())
                })
                .collect();
            let money: Vec<String> = form
                .record
                .grids
                .iter()
                .map(|(id, t)| {
                    format!(
                        "{id}:{:?} rows {:?}",
                        t.columns.iter().map(|(c, h)| format!("{c}={}", h.cell)).collect::<Vec<_>>(),
                        t.rows.iter().map(|r| r.id.clone()).collect::<Vec<_>>()
                    )
                })
                .collect();
            println!(
                "  {} {:.2}\n   {cols:?}\n   {money:?}\n   fields {:?}",
                form.schema.id,
                form.recognition.confidence,
                form.record.fields.iter().map(|(k, f)| format!("{k}={}", f.cell())).collect::<Vec<_>>()
            );
            let (findings, outcomes) = rules::check_form(form, &policy);
            for f in findings {
                println!("   ! {} {:?} {:?} {}", f.code, f.severity, f.cell.map(|c| c.to_string()), f.message);
            }
            let na: Vec<_> = outcomes
                .iter()
                .filter(|(_, o)| matches!(o, rules::RuleOutcome::NotApplicable | rules::RuleOutcome::InsufficientData))
                .map(|(c, o)| format!("{c}{}", if matches!(o, rules::RuleOutcome::NotApplicable) { "" } else { "?" }))
                .collect();
            println!("   n/a {}", na.join(" "));
        }
        if reading.forms.is_empty() {
            println!(
                "   nearest {:?}",
                reading.nearest.map(|n| (
                    n.schema,
                    n.confidence,
                    n.evidence.iter().map(|e| e.what.clone()).collect::<Vec<_>>()
                ))
            );
        }
    }
}
