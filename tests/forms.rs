//! Forms drawn as text, recognised and read: layouts that units really use, with invented contents.

use jixiao::form::{Form, Reader};
use jixiao::schema::Catalog;
use jixiao::workbook::sheet_from_text;

fn read(grid: &str) -> Vec<Form> {
    let sheet = sheet_from_text("表", grid).expect("a valid grid");
    Reader::new(Catalog::embedded(), &["—".to_owned()]).read_sheet(&sheet).forms
}

fn only(grid: &str) -> Form {
    let mut forms = read(grid);
    assert_eq!(forms.len(), 1, "one form expected");
    forms.remove(0)
}

fn field<'a>(form: &'a Form, id: &str) -> (&'a str, String) {
    let field = form.record.field(id).unwrap_or_else(|| panic!("{id} was not found"));
    (field.text(), field.cell().to_string())
}

fn names(form: &Form) -> Vec<String> {
    let table = form.record.indicators().expect("an indicator table");
    table.rows.iter().map(|row| row.filled("level3").unwrap_or_default().to_owned()).collect()
}

const CLASSIC: &str = "
项目支出绩效自评表|<|<|<|<|<|<|<|<
（2023年度）|<|<|<|<|<|<|<|<
项目名称|<|<|河道清淤工程|<|<|<|<|<
主管部门|<|<|澄岚区水利局|<|实施单位|澄岚区河道管理所|<|<
项目资金（万元）||<|年初预算数|全年预算数|全年执行数|分值|执行率|得分
^|年度资金总额：|<|120|120|108|10|90%|9
^|其中：当年财政拨款|<|120|120|108|—|90%|—
^|上年结转资金|<||||—||—
^|其他资金|<||||—||—
年度\\n总体\\n目标|预期目标|<|<|<|实际完成情况|<|<|<
^|清淤河道12公里|<|<|<|清淤河道12公里，通过验收|<|<|<
绩\\n效\\n指\\n标|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因分析及改进措施
^|产出指标（50分）|数量指标|清淤河道长度|≥12公里|12公里|20|20|
^|^|质量指标|验收合格率|100%|100%|15|15|
^|^|时效指标|按期完工率|≥95％|100%|15|15|
^|效益指标|经济效益指标||||||
^|^|生态效益指标|河道水质达标率|≥90%|92%|30|30|
^|满意度指标|服务对象满意度指标|沿河居民满意度|≥90%|93%|10|10|
总分|<|<|<|<|<|100|99|
";

#[test]
fn the_classic_self_evaluation_is_read_cell_by_cell() {
    let form = only(CLASSIC);
    assert_eq!(form.schema.id, "selfeval.project.v1");
    assert_eq!(field(&form, "project"), ("河道清淤工程", "D3".into()));
    assert_eq!(field(&form, "unit"), ("澄岚区河道管理所", "G4".into()));
    assert_eq!(field(&form, "year"), ("（2023年度）", "A2".into()));
    assert_eq!(field(&form, "money_unit").0, "万元");
    assert_eq!(field(&form, "goal_actual"), ("清淤河道12公里，通过验收", "F11".into()));
    assert_eq!(field(&form, "total_score"), ("99", "H19".into()));
    let funding = form.record.funding().expect("a money block");
    assert_eq!(funding.cell("total", "executed").map(|f| f.cell().to_string()).as_deref(), Some("F6"));
    assert_eq!(funding.number("total", "rate").map(|n| n.normalize().to_string()).as_deref(), Some("0.9"));
    let table = form.record.indicators().expect("a table");
    assert_eq!(table.rows.len(), 5);
    assert_eq!(table.vacant.iter().map(|v| v.cell.to_string()).collect::<Vec<_>>(), ["D16"]);
    let last = table.rows.last().expect("rows");
    assert_eq!((last.class.as_deref(), last.subclass.as_deref()), (Some("satisfaction"), Some("service_satisfaction")));
    let third = table.rows.get(2).expect("rows");
    assert_eq!(third.class.as_deref(), Some("output"), "the level is inherited through the merge");
    assert_eq!(third.target.as_ref().map(ToString::to_string).as_deref(), Some("≥95%"));
}

#[test]
fn a_total_printed_above_the_table_counts_where_no_row_of_totals_stands() {
    let above = CLASSIC.replace("总分|<|<|<|<|<|100|99|", "").replace(
        "主管部门|<|<|澄岚区水利局|<|实施单位|澄岚区河道管理所|<|<",
        "主管部门|<|<|澄岚区水利局|<|实施单位|澄岚区河道管理所|<|<\n自评总分|<|<|98分|<|自评等级|优|<|<",
    );
    let form = only(&above);
    assert_eq!(field(&form, "total_score"), ("98分", "D5".into()));
    assert_eq!(field(&form, "total_grade").0, "优");
    let both = CLASSIC.replace("主管部门|<|<|澄岚区", "自评总分|<|<|98分|<|自评等级|优|<|<\n主管部门|<|<|澄岚区");
    assert_eq!(field(&only(&both), "total_score").0, "99", "the row of totals goes before");
}

#[test]
fn cost_as_a_first_level_class_makes_it_the_later_generation() {
    let grid =
        CLASSIC.replace("^|效益指标|经济效益指标||||||", "^|成本指标|经济成本指标|清淤单价|≤10万元/公里|9|20|20|");
    assert_eq!(only(&grid).schema.id, "selfeval.project.v2");
}

#[test]
fn shifted_rows_and_columns_and_spaced_labels_change_nothing() {
    let plain = only(CLASSIC);
    let shifted: String = CLASSIC
        .lines()
        .map(|line| if line.is_empty() { "\n \n \n".to_owned() } else { format!("||{line}\n") })
        .collect::<String>()
        .replace("项目名称", "项 目 名 称：")
        .replace("二级指标", "二级\\n指标")
        .replace("||总分", "\n||总 分");
    let moved = only(&format!(".\n{shifted}").replacen('.', "|", 1));
    assert_eq!(names(&moved), names(&plain));
    assert_eq!(field(&moved, "project").0, "河道清淤工程");
    assert_eq!(field(&moved, "total_score").0, "99");
}

#[test]
fn levels_without_merges_are_inherited_downward() {
    let grid = CLASSIC.replace("^|^|质量", "^||质量").replace("^|^|时效", "^||时效").replace("^|^|生态", "^||生态");
    let form = only(&grid);
    let classes: Vec<_> = form
        .record
        .indicators()
        .expect("a table")
        .rows
        .iter()
        .map(|row| row.class.clone().unwrap_or_default())
        .collect();
    assert_eq!(classes, ["output", "output", "output", "benefit", "satisfaction"]);
}

#[test]
fn a_target_split_into_sign_value_and_unit_is_one_measure() {
    let form = only(
        "
2022年度项目支出绩效自评表|<|<|<|<|<|<|<|<|<
部门：澄岚区教育局|<|<|<|<|<|<|<|公开14表|<
项目名称|<|营养改善计划|<|<|<|<|<|<|<
主管部门|<|澄岚区教育局|<|<|实施单位|<|澄岚区第一小学|<|<
项目资金（元）|||年初预算数|全年预算数|全年执行数|分值|执行率|得分|<
^|年度资金总额|<||387,600.00|387600|10|100%|10|<
^|其中：当年财政拨款|<||387600|387600|—||—|<
年度总体目标|预期目标|<|<|<|实际完成情况|<|<|<|<
^|保障730名学生用餐|<|<|<|保障735名学生用餐|<|<|<|<
绩效指标|<|<|年度指标值|<|<|实际完成值|分值|得分|偏差原因分析及改进措施
一级指标|二级指标|三级指标|指标性质|指标值|度量单位|^|^|^|^
产出指标|数量指标|受益学生人数|≧|730|人|735|50|50|
效益指标|社会效益指标|政策知晓率|﹦|100|%|0.98|30|29|两户外出未访到
满意度指标|服务对象满意度指标等|家长满意度|≥|95|%|96%|10|10|
总分|<|<|<|<|<|<|100|99|优
",
    );
    assert_eq!(form.schema.id, "selfeval.project.v1");
    assert_eq!(field(&form, "money_unit").0, "元");
    assert_eq!(field(&form, "total_grade"), ("优", "J15".into()));
    let rows = &form.record.indicators().expect("a table").rows;
    let shown: Vec<_> = rows
        .iter()
        .map(|r| (r.target.clone().map(|m| m.to_string()), r.actual.clone().map(|m| m.to_string())))
        .collect();
    let text = |t: &str, a: &str| (Some(t.to_owned()), Some(a.to_owned()));
    assert_eq!(shown, [text("≥730人", "735人"), text("=100%", "98%"), text("≥95%", "96%")]);
}

#[test]
fn of_two_horizons_the_yearly_one_counts_and_the_longer_one_is_kept() {
    let form = only(
        "
项目支出绩效目标申报表|<|<|<|<|<|<|<
（ 2024 年度）|<|<|<|<|<|<|<
项目名称|<|农产品质检|<|<|<|<|<
主管部门及代码|<|[066]澄岚区农业农村局|<|实施单位|<|澄岚区农业农村局|<
项目资金（万元）|<|中期资金总额：|68.5|年度资金总额：|<|51.35|<
^|^|其中：财政拨款|68.5|其中：财政拨款|<|50|<
^|^|其他资金|0|其他资金|<|1.35|<
总体目标|中期目标（2024年—2026年）|<|<|年度目标|<|<|<
^|三年抽检3000批次|<|<|当年抽检1000批次|<|<|<
绩效指标|一级指标|二级指标|三级指标|指标值|二级指标|三级指标|指标值
|产出指标|数量指标|监督抽检批次|≥3000批次|数量指标|监督抽检批次|≥1000批次
|^|质量指标|抽检合格率|≥98%|质量指标|抽检合格率|≥98%
|效益指标|社会效益指标|重大安全事故|0起|社会效益指标|重大安全事故|0起
|满意度指标|服务对象满意度指标|群众满意度|≥90%|服务对象满意度指标|群众满意度|≥90%
",
    );
    assert_eq!(form.schema.id, "goal.project.v1");
    assert_eq!(field(&form, "goal").0, "当年抽检1000批次");
    assert_eq!(field(&form, "term_goal").0, "三年抽检3000批次");
    let funding = form.record.funding().expect("a money block");
    let amounts: Vec<_> =
        ["total", "fiscal", "other"].map(|row| funding.number(row, "budget").map(|n| n.to_string())).into();
    assert_eq!(amounts, [Some("51.35".to_owned()), Some("50".to_owned()), Some("1.35".to_owned())]);
    let first = form.record.indicators().expect("a table").rows.first().expect("rows").clone();
    assert_eq!(first.filled("target"), Some("≥1000批次"));
    assert_eq!(first.filled("term_target"), Some("≥3000批次"));
}

#[test]
fn a_table_for_the_longer_horizon_above_the_yearly_one_is_told_apart() {
    let form = only(
        "
项目绩效目标表|<|<|<|<
（2021年度）|<|<|<|<
项目名称|集镇基础设施建设|<|项目属性|新增项目□ 延续项目√
主管部门|枫屏乡|<|项目单位|枫屏乡人民政府
年度资金总额及构成|总额：106.75万元 财政拨款：69.25万元 其他资金：37.5万元|<|<|<
项目绩效目标|长期目标|<|年度目标|<
^|五年改造集镇|<|改造立面20户|<
长期绩效指标|一级指标|二级指标|指标内容|指标值
^|产出指标|数量指标|改造户数|≥100户
^|效益指标|社会效益指标|受益人数|≥500人
年度绩效指标|一级指标|二级指标|指标内容|指标值
^|产出指标|数量指标|改造户数|≥20户
^|^|质量指标|验收合格率|100%
^|满意度指标|服务对象满意度指标|居民满意度|≥90%
",
    );
    let rows = &form.record.indicators().expect("a table").rows;
    assert_eq!(rows.iter().map(|row| row.term).collect::<Vec<_>>(), [true, true, false, false, false]);
    let funding = form.record.funding().expect("a money block");
    let amounts = ["total", "fiscal", "other"].map(|row| funding.number(row, "budget").map(|n| n.to_string()));
    assert_eq!(amounts.map(Option::unwrap_or_default), ["106.75", "69.25", "37.5"], "amounts written into one cell");
}

#[test]
fn two_forms_under_each_other_are_two_forms() {
    let second = CLASSIC
        .replace("河道清淤工程", "水闸维修工程")
        .replace("项目支出绩效自评表", "附件2：|<|<|<|<|<|<|<|<\n项目支出绩效自评表");
    let forms = read(&format!("{}\n{}", CLASSIC.trim_end(), second.trim_start()));
    let projects: Vec<_> = forms.iter().map(|form| field(form, "project").0.to_owned()).collect();
    assert_eq!(projects, ["河道清淤工程", "水闸维修工程"]);
    assert!(forms.iter().all(|form| form.record.indicators().is_some_and(|t| t.rows.len() == 5)));
}

#[test]
fn several_labels_in_one_cell_are_told_apart() {
    let form = only(
        "
2023年项目支出绩效目标申报表|<|<|<|<|<
填报单位：（盖章）                单位：万元|<|<|<|<|<
项目支出名称|<|道路清扫|<|预算部门|澄岚区环境卫生所
年度本级预算金额|<|250万|<|上级资金|0
本年度绩效目标|<|清扫道路40公里|<|<|<
本年度绩效指标|一级指标|二级指标|三级指标|指标值及单位|绩效标准
|产出指标|数量指标|清扫道路长度|≥40公里|计划标准
|效益指标|社会效益指标|市民投诉|≤5起|历史标准
|满意度指标|社会公众或服务对象满意度指标|市民满意度|≥90%|计划标准
财政部门审核意见|<||<|<|<
填表人：王某 联系电话：0000 填报日期：      单位负责人签字：|<|<|<|<|<
",
    );
    assert_eq!(form.schema.id, "goal.project.v1");
    assert_eq!(field(&form, "unit").0, "澄岚区环境卫生所");
    assert_eq!(field(&form, "money_unit"), ("万元", "A2".into()));
    let total = form.record.funding().and_then(|grid| grid.cell("total", "budget")).expect("an amount").clone();
    assert_eq!((total.text(), total.number().map(|n| n.to_string()).as_deref()), ("250万", Some("250")));
    assert_eq!(names(&form).len(), 3);
}

#[test]
fn recognising_alone_knows_the_form_that_reading_finds() {
    let sheet = sheet_from_text("表", CLASSIC).expect("a valid grid");
    let known = Reader::new(Catalog::embedded(), &["—".to_owned()]).recognize(&sheet);
    let form = only(CLASSIC);
    let known: Vec<_> = known.iter().map(|(schema, recognition)| (schema.id.as_str(), recognition)).collect();
    assert_eq!(known, [(form.schema.id.as_str(), &form.recognition)]);
}

#[test]
fn a_list_of_phone_numbers_is_no_form_and_like_none() {
    let sheet = sheet_from_text("表", "通讯录|<|<\n填报单位|澄岚区水利局|\n序号|姓名|电话\n1|甲|123\n").unwrap();
    let reading = Reader::new(Catalog::embedded(), &["—".to_owned()]).read_sheet(&sheet);
    assert!(reading.forms.is_empty() && reading.nearest.is_none(), "{:?}", reading.nearest);
}

#[test]
fn of_a_form_with_a_broken_header_the_nearest_is_named() {
    let broken =
        CLASSIC.replace("项目支出绩效自评表", "附件").replace("|三级指标|年度指标值|实际完成值|分值|得分|", "||||||");
    let sheet = sheet_from_text("表", &broken).unwrap();
    let reading = Reader::new(Catalog::embedded(), &["—".to_owned()]).read_sheet(&sheet);
    assert!(reading.forms.is_empty(), "not recognised");
    let nearest = reading.nearest.expect("a nearest form");
    assert!(nearest.evidence.iter().any(|piece| piece.what.starts_with("缺少")), "{nearest:?}");
}

const LEDGER: &str = "
2025年专项债券项目事前绩效评估清单|<|<|<|<
填报单位：澄岚区财政局|<|<|单位：万元|<
序号|项目名称|申报单位|金额（万元）|评估结论
1|云谷产业园厂房|澄岚区工业园区管委会|7000|支持
2|老旧小区改造|柳浦街道办事处|2,544|□予以支持 ☑调整完善后支持 □不予支持
3||||
合计|<|<|9544|
合计：2个项目，9,544万元。|<|<|<|<
";

#[test]
fn a_list_is_read_row_by_row_with_its_totals_and_what_a_sentence_says() {
    let form = only(LEDGER);
    assert_eq!(form.schema.id, "exante.bonds");
    let table = form.record.tables.get("projects").expect("the list");
    let amounts: Vec<_> = table.rows.iter().map(|row| row.number("amount").map(|n| n.to_string())).collect();
    assert_eq!(amounts, [Some("7000".to_owned()), Some("2544".to_owned())]);
    let answers: Vec<_> = table.rows.iter().filter_map(|row| row.cell("conclusion")?.reading.value()).collect();
    assert_eq!(answers.iter().map(ToString::to_string).collect::<Vec<_>>(), ["予以支持", "调整完善后支持"]);
    assert_eq!(table.vacant.len(), 1, "a printed number alone is no entry");
    assert_eq!(
        table.total.as_ref().and_then(|row| row.number("amount")).map(|n| n.to_string()).as_deref(),
        Some("9544")
    );
    assert_eq!(field(&form, "stated_count"), ("2", "A8".into()));
    let stated = form.record.field("stated_amount").and_then(|field| field.number());
    assert_eq!(stated.map(|n| n.to_string()).as_deref(), Some("9544"));
}

#[test]
fn a_blank_label_before_the_unit_of_money_stays_blank() {
    let form = only(&LEDGER.replace("填报单位：澄岚区财政局", "填报单位："));
    assert!(form.record.field("unit").is_some_and(|unit| unit.is_blank()));
    assert_eq!(field(&form, "money_unit").0, "万元");
}

#[test]
fn statements_about_the_money_are_a_grid_of_texts_beside_the_amounts() {
    let form = only(
        "
教育补助经费转移支付绩效目标自评表|<|<|<|<|<
（2025年度）|<|<|<|<|<
转移支付（项目）名称|<|教育补助经费|<|<|<
地方主管部门|<|澄岚区教育局|资金使用单位|澄岚区教育中心|<
资金投入情况（万元）|<|全年预算数（A）|全年执行数（B）|预算执行率|<
年度资金总额|<|100|90|90%|<
资金管理情况|<|情况说明|<|存在问题和改进措施|<
分配科学性|<|按在校人数分配|<|无|<
下达及时性|<|6月到账|<|无|<
支出责任履行情况|<|配套到位|<|无|<
总体目标完成情况|总体目标|<|全年实际完成情况|<|<
^|保障31所学校|<|保障31所学校运转|<|<
一级指标|二级指标|三级指标|指标值|全年实际完成值|未完成原因和改进措施
产出指标|数量指标|受益学校|31所|31所|
效益指标|社会效益指标|巩固率|≥99%|99.2%|
满意度指标|服务对象满意度指标|家长满意度|≥90%|93%|
",
    );
    assert_eq!(form.schema.id, "selfeval.transfer.v2");
    let grid = form.record.grids.get("management").expect("the block");
    assert_eq!(grid.cell("delivery", "statement").map(|cell| cell.text()), Some("6月到账"));
    assert_eq!(grid.cell("duty", "remedy").map(|cell| cell.text()), Some("无"));
    let funding = form.record.funding().expect("the amounts");
    assert_eq!(funding.number("total", "executed").map(|n| n.to_string()).as_deref(), Some("90"));
}

#[test]
fn a_half_year_round_is_read_with_its_month_and_ticks() {
    let form = only(
        "
澄岚区项目支出绩效监控表|<|<|<|<|<|<
（2025年度）|<|<|<|<|<|<
项目名称|养老服务补贴|<|<|<|<|<
主管部门|澄岚区民政局|<|项目执行单位|澄岚区养老中心|<|<
项目属性|1、持续性项目 □   2、新增性项目 □|<|<|<|<|<
项目类型|1、常年性项目 □ √  2、延续性项目 □  3、一次性项目 □|<|<|<|<|<
^|1、部门预算项目 □  2、省直专项 ☑  3、省对下转移支付项目 □|<|<|<|<|<
项目资金（万元）|<|<|年初预算数|1-6月执行数|全年预计执行数|<
年度资金总额：|<|<|320|166|320|<
一级指标|指标名称|指标值|半年度指标执行情况|完成目标可能性（确定能、有可能、不可能）|备注|<
产出指标|享受补贴人数|≥2600人|2540人|能||<
效益指标|服务覆盖率|≥85%|83%|不可能|机构不足|<
",
    );
    assert_eq!(form.schema.id, "monitor.project");
    let said = |id: &str| form.record.field(id).map(|field| field.reading.value().map(ToString::to_string));
    assert_eq!(said("month"), Some(Some("6".to_owned())));
    assert_eq!(said("project_attribute"), Some(None), "boxes without a tick");
    assert_eq!(said("project_kind"), Some(Some("常年性项目".to_owned())));
    assert_eq!(said("project_source"), Some(Some("省直专项".to_owned())));
    let rows = &form.record.indicators().expect("a table").rows;
    let answers: Vec<_> = rows.iter().filter_map(|row| row.cell("possibility")?.reading.value()).collect();
    assert_eq!(answers.iter().map(ToString::to_string).collect::<Vec<_>>(), ["确定能", "完全不可能"]);
}

#[test]
fn the_target_at_the_start_of_the_year_counts_where_none_was_adjusted() {
    let grid = "
部门整体绩效自评表|<|<|<|<|<|<|<|<|<
（2025年度）|<|<|<|<|<|<|<|<|<
部门（单位）名称|<|澄岚区融媒体中心|<|<|<|自评总分|99|<|<
年度资金总额|<|年初预算数|全年（调整）预算数|全年执行数|执行率|执行率权重|执行率得分|<|<
^|<|380|412|412|100%|10|10|<|<
一级指标|二级指标|指标名称|计量单位|指标性质|年初指标值|调整指标值|全年完成值|指标权重|指标得分
产出指标|数量指标|新闻发布数量|条|≥|4000|4200|4365|50|50
效益指标|社会效益指标|日均阅读量|万次|≥|6||6.4|30|30
满意度指标|服务对象满意度指标|受众满意度|%|≥|90||92|10|10
";
    let form = only(grid);
    assert_eq!(form.schema.id, "selfeval.dept");
    let rows = &form.record.indicators().expect("a table").rows;
    let targets: Vec<_> = rows.iter().filter_map(|row| row.target.as_ref()).map(ToString::to_string).collect();
    assert_eq!(targets, ["≥4200条", "≥6万次", "≥90%"]);
}

/// The tables of sums on the forms of a list: form, table, cell of the stated budget, projects summed up.
fn sums(forms: &[Form]) -> Vec<(String, String, String, usize)> {
    let mut seen = Vec::new();
    for form in forms {
        for (id, table) in form.record.tables.iter().filter(|(id, _)| id.contains("total")) {
            let stated = table.total.as_ref().and_then(|row| row.cell("budget")).expect("a stated budget");
            seen.push((
                field(form, "project").0.to_owned(),
                id.to_string(),
                stated.cell().to_string(),
                table.rows.len(),
            ));
        }
    }
    seen
}

#[test]
fn rows_that_sum_up_a_list_are_told_from_projects_and_know_what_they_sum_up() {
    let forms = read(
        "
部门预算项目绩效目标申报表|<|<|<|<|<|<|<|<|<
（2026年度）||||||||金额单位：元|<
单位名称|项目名称|预算数|年度目标|绩效指标||||| 
||||一级指标|二级指标|三级指标|指标性质|指标值|度量单位
820-枫屏镇部门||600.00|||||||
820001-枫屏镇人民政府||300.00|||||||
820001-枫屏镇人民政府|公用经费|100.00|保障运转|产出指标|数量指标|保障村数|≥|12|个
820001-枫屏镇人民政府|公用经费|100.00|保障运转|效益指标|社会效益指标|办结率|≥|95|%
820001-枫屏镇人民政府|环境整治|200.00|整治环境|||||
||||产出指标|数量指标|整治村数|≥|8|个
||||满意度指标|服务对象满意度指标|村民满意度|≥|90|%
820002-枫屏镇卫生院||300.00|||||||
820002-枫屏镇卫生院|公用经费|300.00|保障门诊|产出指标|数量指标|门诊人次|≥|9000|人次
830-柳浦街道部门||50.00|||||||
830001-柳浦街道办事处|公用经费|50.00|保障运转|产出指标|数量指标|服务社区数|≥|4|个
合计||650.00|||||||
",
    );
    let seen: Vec<_> = forms.iter().map(|form| (field(form, "unit").0, field(form, "project"), names(form))).collect();
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        seen,
        [
            ("820001-枫屏镇人民政府", ("公用经费", "B7".into()), names(&["保障村数", "办结率"])),
            ("820001-枫屏镇人民政府", ("环境整治", "B9".into()), names(&["整治村数", "村民满意度"])),
            ("820002-枫屏镇卫生院", ("公用经费", "B13".into()), names(&["门诊人次"])),
            ("830001-柳浦街道办事处", ("公用经费", "B15".into()), names(&["服务社区数"])),
        ]
    );
    assert!(forms.iter().all(|form| form.schema.id == "goal.list"));
    let sum = |project: &str, id: &str, cell: &str, count| (project.to_owned(), id.to_owned(), cell.to_owned(), count);
    assert_eq!(
        sums(&forms),
        [
            sum("公用经费", "list_total", "C16", 4),
            sum("公用经费", "subtotal", "C5", 3),
            sum("公用经费", "subtotal.2", "C6", 2),
            sum("公用经费", "subtotal", "C12", 1),
            sum("公用经费", "subtotal", "C14", 1),
        ]
    );
}

#[test]
fn a_list_of_self_evaluations_is_no_single_form_and_a_single_form_is_no_list() {
    let forms = read(
        "
部门预算项目支出绩效自评表|<|<|<|<|<|<|<|<|<
（2025年度）|||||||金额单位：元|<
单位名称|项目名称|全年预算数|全年执行数|一级指标|二级指标|三级指标|指标值|实际完成值|分值|得分
澄岚区图书馆|阅读推广|1,000.00|900.00|产出指标|数量指标|活动场次|≥20场|21场|90|90
小计||1,000.00|900.00|||||||
",
    );
    assert_eq!(forms.iter().map(|form| form.schema.id.as_str()).collect::<Vec<_>>(), ["selfeval.list"]);
    assert_eq!(sums(&forms).len(), 1);
    // A single form under the title that the lists have.
    let single = CLASSIC.replace("项目支出绩效自评表", "部门预算项目支出绩效自评表");
    assert_eq!(only(&single).schema.id, "selfeval.project.v1");
}

#[test]
fn indicators_know_the_goal_they_stand_under_with_a_header_each_or_with_one_for_all() {
    let header = "一级指标|二级指标|三级指标|年初目标值（A）|实际完成值（B）|得分";
    let grid = |second: &str| {
        format!(
            "
2025年度公厕改造项目自评表|<|<|<|<|<|<
项目名称|<|公厕改造|<|<|<|<
主管部门|<|澄岚区城市管理局|<|项目实施单位|澄岚区环境卫生所|<
预算执行情况（20分）||<|预算数（A）|执行数（B）|执行率（B/A）|得分
^|年度财政资金总额|<|80|80|100%|20
年度目标1（40分）|{header}
^|产出指标|数量指标|改造数量|≥16座|16座|40
{second}
^|效益指标|社会效益指标|受益人数|≥3万人|3.2万人|30
^|^|服务对象满意度指标|居民满意度|≥90%|95%|10
"
        )
    };
    for second in
        [format!("年度目标2（40分）|{header}"), "年度目标2（40分）|产出指标|质量指标|合格率|100%|100%|0".to_owned()]
    {
        let form = only(&grid(&second));
        assert_eq!(form.schema.id, "selfeval.project.hb");
        let rows = &form.record.indicators().expect("a table").rows;
        let goals: Vec<&str> =
            rows.iter().filter_map(|row| row.block.as_ref()).map(|block| block.text.as_str()).collect();
        assert_eq!(goals.len(), rows.len());
        assert_eq!((goals.first(), goals.last()), (Some(&"年度目标1（40分）"), Some(&"年度目标2（40分）")));
    }
}
