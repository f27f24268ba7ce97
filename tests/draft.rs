//! Schemas drafted from samples: what a draft says, and that it recognises the sample it was drafted from.

use std::collections::BTreeSet;
use std::sync::Arc;

use jixiao::address::CellRef;
use jixiao::form::{Draft, Form, Reader};
use jixiao::ooxml::Limits;
use jixiao::policy::Policy;
use jixiao::rules::RULES;
use jixiao::schema::{Block, Catalog, FieldKind, Schema, SourceFile, Stage, Subject};
use jixiao::template::{self, Options};
use jixiao::workbook::{Sheet, Workbook, sheet_from_text};

/// A form of an invented place: known words, unknown ones, answers to tick, a header of two rows, a grid of texts.
const SAMPLE: &str = "
附件3|<|<|<|<|<|<|<
澄岚区项目支出绩效自评表|<|<|<|<|<|<|<
（2026年度）|<|<|<|<|<|<|<
项目名称|<||<|<|<|<|<
主管部门|<||<|实施单位|<||<
帮扶对口镇街|<||<|项目属性|<|□新增 □延续|<
项目资金（万元）||<|年初预算数|全年预算数|全年执行数|分值|得分
^|年度资金总额|<||||10|
^|其中：财政拨款|<||||—|—
^|乡贤捐助资金|<||||—|—
年度总体目标|预期目标|<|<|实际完成情况|<|<|<
^||<|<||<|<|<
绩效指标|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分
^|产出指标|数量指标|||||
^|^|质量指标|||||
^|效益指标|社会效益指标|||||
^|口碑指标|邻里评价指标|||||
总分|<|<|<|<|<|100|
注：得分不得超过分值。|<|<|<|<|<|<|<
填表人||<|<|联系电话||<|<
";

fn sheet() -> Sheet {
    sheet_from_text("表", SAMPLE).expect("a valid grid")
}

fn drafted(sheet: &Sheet) -> String {
    Draft::of_sheet(sheet, Catalog::embedded()).expect("a sheet with content").to_toml()
}

fn catalog_of(draft: &str) -> Catalog {
    let rules: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    Catalog::load(&[SourceFile::new("起草.toml", draft)], &rules)
        .unwrap_or_else(|problems| panic!("{problems}\n{draft}"))
}

fn read(sheet: &Sheet, catalog: &Catalog) -> Form {
    let mut reading = Reader::new(catalog, &["—".to_owned()]).read_sheet(sheet);
    assert_eq!(reading.forms.len(), 1, "nearest {:#?}", reading.nearest);
    reading.forms.remove(0)
}

#[test]
fn a_draft_takes_over_what_a_sample_prints_known_words_and_unknown() {
    let draft = drafted(&sheet());
    let catalog = catalog_of(&draft);
    let schema = &catalog.schemas[0];
    assert_eq!((schema.stage, schema.subject), (Stage::SelfEvaluation, Subject::Project));
    assert_eq!(schema.field("unit").unwrap().label, "实施单位");
    let own = schema.fields.iter().find(|field| field.label == "帮扶对口镇街").expect("the unknown label");
    assert!(draft.contains("把握：低"), "{draft}");
    assert_eq!(own.kind, FieldKind::Text);
    let attribute = schema.field("project_attribute").expect("项目属性 is known");
    let answers: Vec<&str> = attribute.choices.iter().map(|choice| choice.label.as_str()).collect();
    assert_eq!((attribute.kind, answers), (FieldKind::Choice, vec!["新增", "延续"]));
    let lines: Vec<&str> = schema.grid("funding").unwrap().rows.iter().map(|row| row.label.as_str()).collect();
    assert_eq!(lines, ["年度资金总额", "其中:财政拨款", "乡贤捐助资金"]);
    let classes: Vec<&str> =
        schema.indicators.iter().flat_map(|i| &i.classes).map(|class| class.label.as_str()).collect();
    assert_eq!(classes, ["产出指标", "效益指标", "口碑指标"]);
    assert_eq!(schema.layout.notes, ["注：得分不得超过分值。"]);
    assert_eq!(schema.layout.signature, ["preparer", "phone"]);
    assert!(matches!(schema.layout.blocks.last(), Some(Block::Table { columns, .. }) if columns.len() == 7));
}

#[test]
fn a_draft_recognises_its_sample_alone_and_beside_the_built_in_schemas() {
    let sheet = sheet();
    let draft = drafted(&sheet);
    let form = read(&sheet, &catalog_of(&draft));
    assert!(form.recognition.confidence > 0.9, "{:#?}", form.recognition.evidence);
    assert_eq!(form.record.field("project").map(|field| field.cell().to_string()), Some("C4".to_owned()));
    assert_eq!(form.record.field("goal_actual").map(|field| field.cell().to_string()), Some("E12".to_owned()));
    assert!(
        form.record.fields.values().all(|field| !field.is_filled()
            || field.text().contains("2026")
            || field.text() == "万元"
            || field.text() == "100"),
        "{:#?}",
        form.record.fields
    );
    let rules: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    let beside = Catalog::with_overrides(&[SourceFile::new("起草.toml", draft)], &rules).unwrap();
    assert_eq!(read(&sheet, &beside).schema.id, "起草", "the bureau's own schema is meant");
}

#[test]
fn the_columns_tell_the_stage_where_the_title_does_not() {
    let stage_of = |sample: &str| catalog_of(&drafted(&sheet_from_text("表", sample).unwrap())).schemas[0].stage;
    let silent = SAMPLE.replace("绩效自评表", "花钱问效年终自查表");
    assert_eq!(stage_of(&silent), Stage::SelfEvaluation);
    assert_eq!(stage_of(&silent.replace("|得分\n^|产出", "|完成目标可能性\n^|产出")), Stage::Monitoring);
    assert!(drafted(&sheet_from_text("表", &silent).unwrap()).contains("按指标表的栏目判断"));
}

#[test]
fn a_sheet_without_content_gives_no_draft() {
    let empty = sheet_from_text("表", "").expect("an empty grid");
    assert!(Draft::of_sheet(&empty, Catalog::embedded()).is_none());
}

/// The blank workbook of a built-in form, opened.
fn blank(schema: &Arc<Schema>) -> Sheet {
    let policy = Policy::embedded("national").expect("the preset");
    let plan = template::plan(schema, &policy, &Options::default());
    let bytes = template::write(&plan, &[]).expect("a workbook");
    let workbook = Workbook::open(bytes.into(), &Limits::default()).expect("a workbook that opens");
    workbook.sheets.into_iter().find(|sheet| sheet.name() == plan.sheet).expect("the form's sheet")
}

/// Where a form is read: its fields, the cells of its grids, the rows of its tables; what only the title says aside.
fn places(form: &Form) -> BTreeSet<CellRef> {
    let record = &form.record;
    let title = record.title.as_ref().map(|title| title.cell());
    let fields = record.fields.values().map(|field| field.cell());
    let grids =
        record.grids.values().flat_map(|grid| &grid.rows).flat_map(|row| row.cells.values()).map(|field| field.cell());
    let tables = || record.tables.values();
    let rows = tables()
        .flat_map(|table| table.rows.iter().chain(&table.total))
        .flat_map(|row| row.cells.values())
        .map(|field| field.cell());
    let vacant = tables().flat_map(|table| &table.vacant).map(|row| row.cell);
    fields.chain(grids).chain(rows).chain(vacant).filter(|at| Some(*at) != title).collect()
}

#[test]
fn the_draft_of_every_blank_form_recognises_it_at_once_and_finds_its_parts() {
    let mut failures = Vec::new();
    for schema in &Catalog::embedded().schemas {
        let sheet = blank(schema);
        let draft = drafted(&sheet);
        let catalog = catalog_of(&draft);
        let reading = Reader::new(&catalog, &["—".to_owned()]).read_sheet(&sheet);
        let [form] = &reading.forms[..] else {
            failures.push(format!("{}: {} forms, nearest {:#?}", schema.id, reading.forms.len(), reading.nearest));
            continue;
        };
        if form.recognition.confidence < 0.9 {
            let against = form.recognition.evidence.iter().filter(|piece| piece.points <= 0.0);
            let against: Vec<&str> = against.map(|piece| piece.what.as_str()).collect();
            failures.push(format!("{}: {} {against:?}", schema.id, form.recognition.confidence));
        }
        let own = &catalog.schemas[0];
        if (own.stage, own.subject, own.list) != (schema.stage, schema.subject, schema.list) {
            failures.push(format!("{}: {:?} {:?} list {}", schema.id, own.stage, own.subject, own.list));
        }
        let printed = Reader::new(Catalog::embedded(), &["—".to_owned()]).read_sheet(&sheet);
        let (own, truth) = (places(form), printed.forms.first().map(places).unwrap_or_default());
        let missed: Vec<String> = truth.difference(&own).map(ToString::to_string).collect();
        // A second label of one concept cannot be told apart by it; the draft says that it left it out.
        if missed.len() > draft.matches("# 未列：").count() {
            failures.push(format!("{}: nothing is read at {}", schema.id, missed.join("、")));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
