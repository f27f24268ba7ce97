//! The law of templates, for every schema of the catalog: what is written is recognised as that form, and everything in
//! it that a unit fills in is read as blank.

mod template_law;

use std::collections::BTreeSet;
use std::io::Read;
use std::sync::{Arc, OnceLock};

use jixiao::policy::Policy;
use jixiao::review::rule_texts;
use jixiao::schema::{Catalog, Layout, Schema};
use jixiao::template::{self, Approved, Kind, Options, Plan, Prefill, Role};
use template_law::{check_law, faults_of, form_of, skipped_of};

fn policy() -> Policy {
    Policy::embedded("national").expect("a built-in policy")
}

fn write(schema: &Arc<Schema>) -> (Plan, Vec<u8>) {
    let policy = policy();
    let plan = template::plan(schema, &policy, &Options::default());
    let bytes = template::write(&plan, &rule_texts(schema, &policy).expect("rules")).expect("a workbook");
    (plan, bytes)
}

/// The blank form of every schema, written once.
fn blanks() -> &'static [(Plan, Vec<u8>)] {
    static BLANKS: OnceLock<Vec<(Plan, Vec<u8>)>> = OnceLock::new();
    BLANKS.get_or_init(|| Catalog::embedded().schemas.iter().map(write).collect())
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a package");
    let mut text = String::new();
    archive.by_name(name).expect("the part").read_to_string(&mut text).expect("text");
    text
}

#[test]
fn a_template_is_recognised_and_holds_only_blanks() {
    let failures: Vec<String> = blanks()
        .iter()
        .flat_map(|(plan, bytes)| {
            check_law(plan, bytes.clone()).into_iter().map(|failure| format!("{}: {failure}", plan.schema.id))
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_sheets_beside_a_form_are_passed_over_as_its_own() {
    for (plan, bytes) in blanks() {
        let skipped = skipped_of(bytes.clone());
        let names: Vec<&str> = skipped.iter().map(|sheet| sheet.sheet.as_str()).collect();
        assert_eq!(names, ["自检", "填报说明"], "{}", plan.schema.id);
        assert!(skipped.iter().all(|sheet| sheet.reason == "下发的表自带，不用评审"), "{skipped:?}");
    }
}

#[test]
fn a_template_of_any_policy_with_a_year_and_a_month_is_recognised_too() {
    let options = Options { year: Some(2027), month: Some(9), ..Options::default() };
    let policies: Vec<Policy> = Policy::preset_ids().iter().map(|id| Policy::embedded(id).unwrap()).collect();
    for schema in &Catalog::embedded().schemas {
        // Most policies print most forms alike; what is the same workbook is read the same.
        let mut read: BTreeSet<Vec<u8>> = BTreeSet::new();
        for policy in &policies {
            let plan = template::plan(schema, policy, &options);
            let bytes = template::write(&plan, &[]).unwrap();
            if read.insert(bytes.clone()) {
                let failures = check_law(&plan, bytes);
                assert!(failures.is_empty(), "{} {}: {}", policy.id, schema.id, failures.join("\n"));
            }
        }
    }
}

#[test]
fn a_form_whose_schema_prints_nothing_has_a_template_all_the_same() {
    let mut failures = Vec::new();
    for schema in &Catalog::embedded().schemas {
        let bare = Schema { layout: Layout::default(), ..Schema::clone(schema) };
        let plan = template::plan(&Arc::new(bare), &policy(), &Options::default());
        let broken = check_law(&plan, template::write(&plan, &[]).unwrap());
        failures.extend(broken.into_iter().map(|failure| format!("{}: {failure}", schema.id)));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_headings_of_a_monitoring_form_name_the_month_that_is_asked_for() {
    let schema = Catalog::embedded().get("monitor.project").unwrap();
    let plan = template::plan(schema, &policy(), &Options { month: Some(9), ..Options::default() });
    let texts = || {
        plan.pieces.iter().filter_map(|piece| match &piece.kind {
            Kind::Text { text, .. } => Some(text.as_str()),
            _ => None,
        })
    };
    assert!(texts().any(|text| text == "1—9月执行数"));
    assert!(texts().all(|text| !text.contains("7月")));
}

#[test]
fn the_self_check_takes_a_part_of_fiscal_money_for_a_source_of_its_own_too() {
    let text = std::fs::read_to_string("schemas/selfeval.project.v1.toml").unwrap();
    let text = text.replace(r#""fiscal", "carryover""#, r#""fiscal", "upper", "carryover""#);
    let catalog = Catalog::load(&[jixiao::schema::SourceFile::new("local.toml", text)], &[]).unwrap();
    let plan = template::plan(&catalog.schemas[0], &policy(), &Options::default());
    let sum = plan.checks.iter().find(|check| check.what.contains("全年预算数")).unwrap();
    let all = "SUM(@$E$7,@$E$9,@$E$10,@$E$8)";
    assert_eq!(sum.should, format!("IF(ABS(N(@$E$6)-{all})<=0.1,{all},SUM(@$E$7,@$E$9,@$E$10))"));
}

#[test]
fn approved_targets_fill_the_rows_of_their_class_in_the_words_of_the_form() {
    let approved = |level1: &str, level2: &str, level3: &str, target: &str| Approved {
        level1: level1.to_owned(),
        level2: level2.to_owned(),
        level3: level3.to_owned(),
        target: target.to_owned(),
        ..Approved::default()
    };
    let indicators = vec![
        approved("产出指标", "数量指标", "修缮站点", "≥12个"),
        approved("产出指标", "数量", "培训护理员", "≥60人次"),
        approved("产出指标", "数量指标", "配备床位", "≥240张"),
        approved("成本指标", "经济成本指标", "单站成本", "≤8万元"),
        approved("效益指标", "社会效益", "服务改善情况", "明显改善"),
    ];
    let prefill = Prefill {
        fields: [("unit", "澄岚区民政服务中心"), ("goal", "修缮站点12个")]
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .into(),
        budget: Some(96.into()),
        indicators,
    };
    let schema = Catalog::embedded().get("selfeval.project.v2").unwrap();
    let plan = template::plan(schema, &policy(), &Options { prefill, ..Options::default() });
    let form = form_of(template::write(&plan, &[]).unwrap());
    assert_eq!(form.record.filled("unit"), Some("澄岚区民政服务中心"));
    assert_eq!(form.record.filled("goal"), Some("修缮站点12个"));
    let budgets = ["initial", "budget"].map(|id| form.record.funding().unwrap().number("total", id));
    assert_eq!(budgets, [Some(96.into()); 2]);
    let rows = &form.record.indicators().unwrap().rows;
    let told: Vec<String> = rows
        .iter()
        .map(|row| {
            let word = |id: &str| row.filled(id).unwrap_or("-").to_owned();
            let class = row.class.clone().unwrap() + "/" + row.subclass.as_deref().unwrap();
            [class, word("level3"), word("operator"), word("target"), word("unit")].join(" ")
        })
        .collect();
    assert_eq!(
        told,
        [
            "cost/economic_cost 单站成本 ≤ 8 万元",
            "output/quantity 修缮站点 ≥ 12 个",
            "output/quantity 培训护理员 ≥ 60 人次",
            "output/quantity 配备床位 ≥ 240 张",
            "benefit/social 服务改善情况 定性 明显改善 -",
        ]
    );
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
    assert_eq!(write(schema).1, write(schema).1);
}

#[test]
fn the_form_and_its_edition_are_stamped_in_the_document_properties() {
    for (plan, bytes) in blanks() {
        let schema = &plan.schema;
        let custom = part(bytes, "docProps/custom.xml");
        for stamped in [&schema.id, &schema.fingerprint, &env!("CARGO_PKG_VERSION").to_owned()] {
            assert!(custom.contains(&format!(">{stamped}<")), "{}: {stamped} is not in {custom}", schema.id);
        }
        assert!(part(bytes, "docProps/core.xml").contains(&schema.title));
    }
}

#[test]
fn exactly_the_boxes_to_fill_in_are_unlocked() {
    for (plan, bytes) in blanks() {
        let schema = &plan.schema;
        let styles = part(bytes, "xl/styles.xml");
        let cell_formats = styles.split("<cellXfs").nth(1).unwrap().split("</cellXfs>").next().unwrap();
        let unlocked: Vec<bool> =
            cell_formats.split("<xf ").skip(1).map(|format| format.contains("locked=\"0\"")).collect();
        let sheet = part(bytes, "xl/worksheets/sheet1.xml");
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
    for (plan, _) in blanks() {
        let schema = &plan.schema;
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

#[test]
fn the_colour_of_a_blank_yields_to_the_marks_of_a_returned_workbook() {
    let schema = Catalog::embedded().get("selfeval.project.v1").expect("the form");
    let plan = template::plan(schema, &policy(), &Options::default());
    let sheet = part(&template::write(&plan, &[]).unwrap(), "xl/worksheets/sheet1.xml");
    let rules = sheet.split("<formula>").skip(1).filter_map(|rest| rest.split("</formula>").next());
    let blanks: Vec<&str> = rules.filter(|rule| rule.contains("TRIM(") || rule.contains("COUNTA(")).collect();
    assert!(!blanks.is_empty() && blanks.iter().all(|rule| rule.contains("INDIRECT(\"'审核意见'!A1\")")), "{blanks:?}");
}
