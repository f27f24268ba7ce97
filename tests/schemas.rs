//! The built-in schemas and policies load, and what people get wrong in theirs is told all at once with its place.

use std::collections::BTreeSet;
use std::fs;

use jixiao::error::ErrorKind;
use jixiao::policy::{Band, ExecutionScore, Policy, ZeroBudget};
use jixiao::rules::RULES;
use jixiao::schema::{Catalog, SourceFile, json_schema};
use rust_decimal::Decimal;

const PUBLISHED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/schema.json");

fn rule_names() -> Vec<&'static str> {
    RULES.iter().flat_map(|rule| [rule.name, rule.code]).collect()
}

fn lines<T>(result: Result<T, ErrorKind>) -> Vec<String> {
    match result {
        Err(ErrorKind::Invalid(lines)) => lines,
        Err(other) => vec![other.to_string()],
        Ok(_) => Vec::new(),
    }
}

fn policy_problems(text: &str) -> Vec<String> {
    lines(Policy::load(&[], &SourceFile::new("本区.toml", text), &rule_names()))
}

#[test]
fn the_built_in_schemas_load() {
    let ids: Vec<&str> = Catalog::embedded().schemas.iter().map(|schema| schema.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "assessment.unit",
            "evaluation.plan",
            "exante.bonds",
            "exante.project",
            "goal.dept",
            "goal.list",
            "goal.project.v1",
            "goal.project.v2",
            "monitor.dept",
            "monitor.project",
            "selfeval.dept",
            "selfeval.list",
            "selfeval.project.hb",
            "selfeval.project.sc",
            "selfeval.project.v1",
            "selfeval.project.v2",
            "selfeval.transfer",
            "selfeval.transfer.v2"
        ]
    );
    assert!(lines(Catalog::with_overrides(&[], &rule_names())).is_empty());
}

#[test]
fn ten_mistakes_in_one_schema_are_told_at_once() {
    let text = r#"
[form]
title = "某表"
stage = "自评"
subject = "project"
sauce = "某文"

[signature]
title = ["(自评"]

[[field]]
id = "unit"
required = "是"

[[field]]
id = "unit"

[[field]]
id = "nickname"

[[field]]
id = "year"
from_title = '20\d\d'

[[table]]
id = "indicators"
label = "绩效指标"
[[table.column]]
id = "target"
[[table.column]]
id = "goal"
label = "指标值"

[indicators]
execution_points = 10
total_points = 100
[[indicators.class]]
id = "output"
points = 50

[rules]
off = ["no-such-rule"]
"#;
    let found = lines(Catalog::load(&[SourceFile::new("某表.toml", text)], &["missing-value"]));
    let places: Vec<&str> = found.iter().filter_map(|line| line.split('：').next()).collect();
    let expected = [
        ("某表.toml:2:1", "缺少 stage"),
        ("某表.toml:4:9", "不认识的取值“自评”"),
        ("某表.toml:6:1", "不认识的键“sauce”"),
        ("某表.toml:9:10", "正则表达式“(自评”写法不对"),
        ("某表.toml:13:12", "类型不对"),
        ("某表.toml:15:1", "“unit”重复"),
        ("某表.toml:19:6", "词汇表里没有“nickname”"),
        ("某表.toml:23:14", "from_title 要有一对括号"),
        ("某表.toml:30:1", "同时指“target”和“goal”"),
        ("某表.toml:36:16", "与 total_points 100 不符"),
        ("某表.toml:42:8", "没有名为“no-such-rule”的规则"),
    ];
    assert_eq!(places, expected.map(|(place, _)| place), "{found:#?}");
    for ((_, message), line) in expected.iter().zip(&found) {
        assert!(line.contains(message), "{line}");
    }
}

#[test]
fn mistakes_in_choices_totals_and_layout_are_told_at_once() {
    let text = r#"
[form]
title = "某清单"
stage = "evaluation"
subject = "several"

[signature]
prints = ["(20分"]

[[field]]
id = "stated"
label = "合计数"
kind = "number"

[[field]]
id = "verdict"
label = "结论"
kind = "choice"
choices = [{ id = "yes", label = "支持" }]

[[table]]
id = "items"
label = "清单"
[[table.column]]
id = "name"
label = "名称"
choices = [{ id = "a", label = "甲" }, { id = "b", label = "乙" }]
[[table.column]]
id = "size"
label = "数额"
kind = "amount"

[[total]]
label = "个数"
total = { field = "stated" }
parts = [{ count = "item" }, { sum = "items" }]

[[total]]
label = "没有各项"
total = { field = "stated" }

[layout]
month = 13
signature = ["signer"]
print = [
    { fields = ["stated"], table = "items" },
    { table = "items", columns = ["name", "sizes"], groups = [{ label = "大标题", columns = ["size"] }] },
    { grid = "funding" },
]
"#;
    let found = lines(Catalog::load(&[SourceFile::new("某清单.toml", text)], &[]));
    let places: Vec<&str> = found.iter().filter_map(|line| line.split('：').next()).collect();
    let expected = [
        ("某清单.toml:8:11", "正则表达式“(20分”写法不对"),
        ("某清单.toml:15:1", "至少要有两个 choices"),
        ("某清单.toml:24:1", "kind 应为 choice"),
        ("某清单.toml:36:10", "本表没有表“item”"),
        ("某清单.toml:36:30", "一个数要写成"),
        ("某清单.toml:38:1", "[[total]] 要写 label"),
        ("某清单.toml:42:1", "month 应为 1 到 12"),
        ("某清单.toml:44:14", "本表没有栏目“signer”"),
        ("某清单.toml:46:5", "只写一个"),
        ("某清单.toml:47:43", "“items”没有“sizes”一列"),
        ("某清单.toml:47:63", "大标题“大标题”下面要有两列以上"),
        ("某清单.toml:48:14", "本表没有资金块“funding”"),
    ];
    assert_eq!(places, expected.map(|(place, _)| place), "{found:#?}");
    for ((_, message), line) in expected.iter().zip(&found) {
        assert!(line.contains(message), "{line}");
    }
}

#[test]
fn a_schema_that_recognises_nothing_is_refused() {
    let text = "[form]\ntitle = \"某表\"\nstage = \"target\"\nsubject = \"project\"\n[signature]\n";
    let found = lines(Catalog::load(&[SourceFile::new("某表.toml", text)], &[]));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("某表.toml:5:1：[signature] 是空的"), "{found:?}");
}

#[test]
fn a_file_that_is_no_toml_is_refused_with_its_place() {
    let found = lines(Catalog::load(&[SourceFile::new("某表.toml", "[form\ntitle = 1")], &[]));
    assert!(found.iter().any(|line| line.starts_with("某表.toml:1:6：TOML 写法不对")), "{found:?}");
}

#[test]
fn a_file_of_the_same_id_replaces_the_built_in_schema() {
    let text = "[form]\ntitle = \"本区自评表\"\nstage = \"self-evaluation\"\nsubject = \"project\"\n\
                [signature]\ntitle = [\"本区自评\"]\n";
    let file = SourceFile::new("schemas/selfeval.project.v1.toml", text);
    let catalog = Catalog::with_overrides(&[file], &rule_names()).unwrap();
    assert_eq!(catalog.get("selfeval.project.v1").unwrap().title, "本区自评表");
    assert_eq!(catalog.schemas.len(), Catalog::embedded().schemas.len());
}

#[test]
fn words_of_a_bureau_reach_every_schema() {
    let words = "[[field]]\nid = \"unit\"\nlabel = \"实施单位\"\nlabels = [\"经费归口单位\"]\n";
    let catalog = Catalog::with_overrides(&[SourceFile::new("vocabulary.toml", words)], &rule_names()).unwrap();
    for schema in &catalog.schemas {
        let unit = schema.field("unit").unwrap();
        assert!(unit.labels.iter().any(|label| label == "经费归口单位"), "{}", schema.id);
    }
}

#[test]
fn the_published_json_schema_is_up_to_date() {
    let mut current = serde_json::to_string_pretty(&json_schema()).unwrap();
    current.push('\n');
    if std::env::var_os("UPDATE").is_some() {
        fs::write(PUBLISHED, &current).unwrap();
    }
    let published = fs::read_to_string(PUBLISHED).unwrap_or_default();
    assert!(published == current, "schemas/schema.json is stale: UPDATE=1 cargo test --test schemas");
}

#[test]
fn every_built_in_schema_passes_the_published_json_schema() {
    let published = serde_json::to_value(json_schema()).unwrap();
    let validator = jsonschema::validator_for(&published).unwrap();
    for schema in &Catalog::embedded().schemas {
        let path = format!("{}/schemas/{}.toml", env!("CARGO_MANIFEST_DIR"), schema.id);
        let file: serde_json::Value = toml::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let faults: Vec<String> = validator.iter_errors(&file).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{}: {faults:#?}", schema.id);
    }
}

#[test]
fn the_built_in_policies_load() {
    assert_eq!(Policy::preset_ids(), ["hubei", "jiangxi", "national", "sichuan", "zhejiang"]);
    for id in Policy::preset_ids() {
        assert_eq!(Policy::embedded(&id).unwrap().id, id);
        let extending = SourceFile::new("本区.toml", format!("extends = \"{id}\""));
        assert_eq!(lines(Policy::load(&[], &extending, &rule_names())), Vec::<String>::new());
    }
    assert_eq!(lines(Policy::embedded("mars")), ["没有口径“mars”，可用：hubei、jiangxi、national、sichuan、zhejiang"]);
}

#[test]
fn jiangxi_differs_from_national_in_the_execution_score_alone() {
    let (mut jiangxi, national) = (Policy::embedded("jiangxi").unwrap(), Policy::embedded("national").unwrap());
    assert_eq!(jiangxi.execution.score, ExecutionScore::Steps);
    jiangxi.execution = national.execution.clone();
    (jiangxi.id, jiangxi.title) = (national.id.clone(), national.title.clone());
    assert_eq!(jiangxi, national);
}

#[test]
fn the_other_presets_differ_from_national_in_what_they_say_alone() {
    let national = Policy::embedded("national").unwrap();
    let as_national = |id: &str| {
        let mut policy = Policy::embedded(id).unwrap();
        (policy.id, policy.title) = (national.id.clone(), national.title.clone());
        policy
    };
    let mut hubei = as_national("hubei");
    assert_eq!(hubei.scoring.bands, [Decimal::new(8, 1), Decimal::new(5, 1)]);
    hubei.scoring.bands = national.scoring.bands;
    let mut zhejiang = as_national("zhejiang");
    assert!(!zhejiang.execution.over_full_is_fault && zhejiang.execution.zero_budget == ZeroBudget::Full);
    zhejiang.execution = national.execution.clone();
    for policy in [hubei, zhejiang, as_national("sichuan")] {
        assert_eq!(policy, national);
    }
}

#[test]
fn a_round_overrides_single_switches() {
    let text = "[round]\nroster = \"名册.xlsx\"\n[policy]\nextends = \"jiangxi\"\n[policy.money]\nsum_tolerance = 0.01\n\
                [policy.severities]\nmissing-unit = \"off\"\n";
    let policy = Policy::load(&[], &SourceFile::new("jixiao.toml", text), &rule_names()).unwrap();
    assert_eq!(policy.money.sum_tolerance, Decimal::new(1, 2));
    assert_eq!(policy.execution.score, ExecutionScore::Steps);
    assert!(policy.severities.contains_key("missing-unit"));
}

#[test]
fn mistakes_in_a_policy_are_told_at_once() {
    let found = policy_problems(
        r#"
extends = "national"
[execution]
score = "steps"
steps = [
    { from = 0.6, share = 0.5 },
    { from = 0.8, share = 0.7 },
]
rate = 3
[scoring]
bands = [0.6, 0.8]
[words]
placeholders = ["好", "(坏"]
[severities]
no-such-rule = "off"
[rubric]
bands = [
    { band = "优", from = 90 },
    { band = "良", from = 95 },
    { band = "中", from = 60 },
    { band = "差", from = 10 },
]
[rubric.points]
completeness = 30
[rubric.vetoes]
missing-value = "优"
"#,
    );
    let expected = [
        ("本区.toml:7:5", "从高到低"),
        ("本区.toml:9:1", "不认识的键“rate”"),
        ("本区.toml:11:1", "0.6、0.8"),
        ("本区.toml:13:22", "正则表达式“(坏”"),
        ("本区.toml:15:1", "没有名为“no-such-rule”的规则"),
        ("本区.toml:19:5", "“良”与“优”重叠"),
        ("本区.toml:21:5", "应从 0 起"),
        ("本区.toml:23:9", "合计 110，应为 100"),
        ("本区.toml:26:1", "没有限制"),
    ];
    let places: Vec<&str> = found.iter().filter_map(|line| line.split('：').next()).collect();
    assert_eq!(places, expected.map(|(place, _)| place), "{found:#?}");
    for ((_, message), line) in expected.iter().zip(&found) {
        assert!(line.contains(message), "{line}");
    }
}

#[test]
fn weights_and_month_lines_that_make_no_sense_are_refused_with_their_places() {
    let found = policy_problems(
        r#"
[weights]
"selfeval.project.v1" = { execution = 20, output = 40, benefit = 30 }
"selfeval.project.v2" = { execution = 10, outputs = 90 }
[monitoring]
lines = [
    { month = 6, rate = 0.4 },
    { month = 4, rate = 0.5 },
    { month = 13, rate = 1.2 },
]
yellow_below = 0.5
[scoring]
over_completion_note = 1.4
equal_exceeded = "punish"
[execution]
zero_budget = 1
[exante]
required_from = -1
[assessment]
cut_below = 900
[satisfaction]
ask_below = 90
"#,
    );
    let expected = [
        ("本区.toml:3:1", "合计 90，应为 100"),
        ("本区.toml:4:43", "没有名为“outputs”的一级指标，可用：execution、cost、output、benefit、satisfaction"),
        ("本区.toml:8:5", "从早到晚"),
        ("本区.toml:9:5", "1.2 应在 0 与 1 之间"),
        ("本区.toml:9:5", "month = 13 不是月份"),
        ("本区.toml:11:1", "0.6、0.5、1.2 应从低到高"),
        ("本区.toml:13:1", "over_completion_warn"),
        ("本区.toml:14:18", "不认识的取值“punish”，可用：full、explain"),
        ("本区.toml:16:15", "应为文字，要加引号"),
        ("本区.toml:18:1", "不能是负数"),
        ("本区.toml:20:1", "0 与 100"),
        ("本区.toml:22:1", "0 与 1"),
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for ((place, message), line) in expected.iter().zip(&found) {
        assert!(line.starts_with(place) && line.contains(message), "{line}, wanted {place} {message}");
    }
}

#[test]
fn a_policy_that_extends_nothing_known_or_itself_is_refused() {
    let found = policy_problems("extends = \"mars\"");
    assert_eq!(found, ["本区.toml:1:11：没有口径“mars”，可用：hubei、jiangxi、national、sichuan、zhejiang"]);
    let circle = [SourceFile::new("甲.toml", "extends = \"乙\""), SourceFile::new("乙.toml", "extends = \"甲\"")];
    let found = lines(Policy::load(&circle, &circle[0], &[]));
    assert_eq!(found, ["乙.toml:1:11：extends 绕成了圈：“甲”已在链上"]);
}

#[test]
fn word_lists_by_class_use_the_concepts_of_the_schemas() {
    let classes = Catalog::embedded().schemas.iter().flat_map(|schema| &schema.indicators).flat_map(|i| &i.classes);
    let concepts: BTreeSet<&str> = classes
        .flat_map(|class| class.subclasses.iter().map(|sub| sub.id.as_str()).chain([class.id.as_str()]))
        .collect();
    let words = Policy::embedded("national").unwrap().words;
    for concept in words.class_words.keys().chain(words.misplaced.keys()) {
        assert!(concepts.contains(concept.as_str()), "{concept}");
    }
}

#[test]
fn every_severe_rule_keeps_a_form_from_the_best_band() {
    let rubric = Policy::embedded("national").unwrap().rubric;
    for rule in RULES.iter().filter(|rule| rule.severity == jixiao::finding::Severity::Error) {
        assert!(rubric.vetoes.get(rule.name).is_some_and(|band| *band > Band::Excellent), "{}", rule.name);
    }
}
