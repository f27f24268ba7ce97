//! The law of templates, for every schema of the catalog: what is written is recognised as that form, and everything in
//! it that a unit fills in is read as blank.

mod template_law;

use std::io::Read;
use std::sync::Arc;

use jixiao::policy::Policy;
use jixiao::review::rule_texts;
use jixiao::schema::{Catalog, Schema};
use jixiao::template::{self, Options, Plan, Role};
use template_law::{check_law, faults_of};

fn policy() -> Policy {
    Policy::embedded("national").unwrap()
}

fn blank(schema: &Arc<Schema>) -> (Plan, Vec<u8>) {
    let policy = policy();
    let plan = template::plan(schema, &policy, &Options::default());
    let bytes = template::write(&plan, &rule_texts(schema, &policy).unwrap()).unwrap();
    (plan, bytes)
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_template_is_recognised_and_holds_only_blanks() {
    let failures: Vec<String> = Catalog::embedded()
        .schemas
        .iter()
        .flat_map(|schema| {
            let (plan, bytes) = blank(schema);
            check_law(&plan, bytes).into_iter().map(|failure| format!("{}: {failure}", schema.id))
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_template_with_a_year_and_a_month_is_recognised_too() {
    let options = Options { year: Some(2027), month: Some(9), ..Options::default() };
    for schema in &Catalog::embedded().schemas {
        let plan = template::plan(schema, &policy(), &options);
        let failures = check_law(&plan, template::write(&plan, &[]).unwrap());
        assert!(failures.is_empty(), "{}: {}", schema.id, failures.join("\n"));
    }
}

#[test]
fn a_template_filled_in_soundly_has_no_fault_of_severity_or_weight() {
    let failures: Vec<String> = Catalog::embedded()
        .schemas
        .iter()
        .flat_map(|schema| {
            let filled = template::specimen(&template::plan(schema, &policy(), &Options::default()));
            let bytes = template::write(&filled, &[]).unwrap();
            faults_of(bytes).into_iter().map(|fault| format!("{}: {fault}", schema.id))
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_same_schema_gives_the_same_bytes() {
    let schema = Catalog::embedded().get("selfeval.project.v2").unwrap();
    assert_eq!(blank(schema).1, blank(schema).1);
}

#[test]
fn the_form_and_its_edition_are_stamped_in_the_document_properties() {
    for schema in &Catalog::embedded().schemas {
        let (_, bytes) = blank(schema);
        let custom = part(&bytes, "docProps/custom.xml");
        for stamped in [&schema.id, &schema.fingerprint, &env!("CARGO_PKG_VERSION").to_owned()] {
            assert!(custom.contains(&format!(">{stamped}<")), "{}: {stamped} is not in {custom}", schema.id);
        }
        assert!(part(&bytes, "docProps/core.xml").contains(&schema.title));
    }
}

#[test]
fn exactly_the_boxes_to_fill_in_are_unlocked() {
    for schema in &Catalog::embedded().schemas {
        let (plan, bytes) = blank(schema);
        let styles = part(&bytes, "xl/styles.xml");
        let cell_formats = styles.split("<cellXfs").nth(1).unwrap().split("</cellXfs>").next().unwrap();
        let unlocked: Vec<bool> =
            cell_formats.split("<xf ").skip(1).map(|format| format.contains("locked=\"0\"")).collect();
        let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
        assert!(sheet.contains("<sheetProtection"), "{}", schema.id);
        for cell in sheet.split("<c r=\"").skip(1) {
            let (address, rest) = cell.split_once('"').unwrap();
            let style = rest.strip_prefix(" s=\"").and_then(|rest| rest.split('"').next());
            let open = style.and_then(|style| unlocked.get(style.parse::<usize>().ok()?)).copied().unwrap_or(false);
            let at = address.parse().unwrap();
            let is_input = plan.inputs().any(|(range, _)| range.contains(at));
            assert_eq!(open, is_input, "{} {address}", schema.id);
        }
    }
}

#[test]
fn boxes_do_not_overlap_and_every_printed_table_can_be_filled_in() {
    for schema in &Catalog::embedded().schemas {
        let (plan, _) = blank(schema);
        for (at, piece) in plan.pieces.iter().enumerate() {
            let others = plan.pieces.iter().skip(at + 1);
            let clash = others.clone().find(|other| other.range.intersects(&piece.range));
            assert!(clash.is_none(), "{}: {:?} and {:?}", schema.id, piece, clash);
        }
        let filled_in =
            |id: &str| plan.inputs().any(|(_, input)| matches!(&input.role, Role::Row { table, .. } if table == id));
        assert!(schema.tables.iter().any(|table| filled_in(&table.id)) || schema.tables.is_empty(), "{}", schema.id);
    }
}
