//! The rule register: written as a workbook, edited, read back as policy.

use jixiao::ooxml::Limits;
use jixiao::policy::{Band, Deduction, Policy, RuleLevel};
use jixiao::register::{HEADERS, LEVELS, Register, SHEET, lines};
use jixiao::report::write_register;
use jixiao::rules::RULES;
use jixiao::schema::SourceFile;
use jixiao::workbook::Workbook;
use rust_decimal::Decimal;

/// The register of a policy, written and read.
fn through_the_workbook(policy: &Policy) -> Register {
    let mut bytes = Vec::new();
    write_register(policy, &mut bytes).expect("a workbook");
    let workbook = Workbook::open(bytes.into(), &Limits::default()).expect("a workbook");
    Register::read(&workbook.sheets, "登记表.xlsx").unwrap_or_else(|error| panic!("{error}"))
}

fn policy(switches: &str) -> Policy {
    let names: Vec<&str> = RULES.iter().flat_map(|rule| [rule.name, rule.code]).collect();
    Policy::load(&[], &SourceFile::new("本区.toml", switches), &names).unwrap_or_else(|error| panic!("{error}"))
}

const EDITED: &str = r#"
id = "benqu"
title = "本区口径（试行）"
[severities]
missing-unit = "off"
W101 = "error"
[rubric.rules]
vague-goal = { points = 3.5, cap = 7 }
missing-year = { points = 0 }
[rubric.vetoes]
vague-target = "差"
"#;

#[test]
fn an_unchanged_register_gives_the_same_policy() {
    let presets = Policy::preset_ids();
    let presets = presets.iter().map(|id| Policy::embedded(id).expect("a preset"));
    for policy in presets.chain([policy(EDITED)]) {
        let register = through_the_workbook(&policy);
        assert_eq!(register.policy, policy.id);
        assert_eq!(register.over(policy.clone()), policy, "{}", policy.id);
    }
}

#[test]
fn an_edited_register_makes_of_every_rule_what_it_says() {
    let edited = policy(EDITED);
    let laid = through_the_workbook(&edited).over(Policy::embedded("national").expect("a preset"));
    for ((rule, line), (_, wanted)) in lines(&laid).into_iter().zip(lines(&edited)) {
        assert_eq!(line, wanted, "{}", rule.code);
    }
    assert_eq!(laid.severities.get("vague-target"), Some(&RuleLevel::Error));
    assert_eq!(laid.rubric.vetoes.get("vague-target"), Some(&Band::Poor));
    let goal = Deduction { points: Some(Decimal::new(35, 1)), cap: Some(Decimal::from(7)), group: None };
    assert_eq!(laid.rubric.rules.get("vague-goal"), Some(&goal));
    assert_eq!(laid.id, "national", "the register changes rules, not the policy's name");
}

#[test]
fn the_register_is_a_printed_table_with_choices_for_the_levels() {
    let mut bytes = Vec::new();
    let national = Policy::embedded("national").expect("a preset");
    write_register(&national, &mut bytes).expect("a workbook");
    let mut again = Vec::new();
    write_register(&national, &mut again).expect("a workbook");
    assert!(bytes == again, "the same policy gives the same bytes");
    let workbook = Workbook::open(bytes.into(), &Limits::default()).expect("a workbook");
    let part = workbook.part_of(SHEET).expect("the sheet");
    let sheet = workbook.package.as_ref().and_then(|package| package.required_part(part).ok()).expect("its XML");
    let sheet = String::from_utf8_lossy(&sheet).into_owned();
    let levels = LEVELS.map(|(title, _)| title).join(",");
    for wanted in [&*levels, "良,中,差", "orientation=\"landscape\"", "paperSize=\"9\"", "ySplit=\"3\"", "IF(C4="] {
        assert!(sheet.contains(wanted), "{wanted}");
    }
    let shown = |row, col| workbook.sheets[0].shown(jixiao::address::CellRef::new(row, col)).into_owned();
    assert_eq!(shown(1, 0), "口径：全国通用口径（national）");
    let headers: Vec<String> = (0..11).map(|col| shown(2, col)).collect();
    assert_eq!(headers, HEADERS);
    let first = RULES[0];
    assert_eq!([shown(3, 0), shown(3, 1), shown(3, 8)], [first.code, first.name, first.authority]);
}
