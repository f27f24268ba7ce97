//! Layouts of many places, drawn as text with invented contents: what differs from the national print and is read all
//! the same. The national print itself is in `forms.rs`.

use jixiao::form::{Form, Reader};
use jixiao::schema::{Catalog, Stage, Subject};
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

fn text<'a>(form: &'a Form, id: &str) -> &'a str {
    form.record.field(id).unwrap_or_else(|| panic!("{id} was not found")).text()
}

/// An amount of the money block as a plain number; empty where there is none.
fn amount(form: &Form, row: &str, column: &str) -> String {
    let number = form.record.funding().and_then(|grid| grid.number(row, column));
    number.map(|n| n.normalize().to_string()).unwrap_or_default()
}

/// A column of the indicator rows; empty where a cell is.
fn column<'a>(form: &'a Form, id: &str) -> Vec<&'a str> {
    let rows = &form.record.indicators().expect("an indicator table").rows;
    rows.iter().map(|row| row.filled(id).unwrap_or_default()).collect()
}

const SELF_EVALUATION: &str = "
2023年度项目支出绩效自评表|<|<|<|<|<|<
项目名称|<|河道清淤|<|<|<|<
主管部门|<|澄岚区水利局|<|实施单位|澄岚区河道所|<
{money}
年度总体目标|预期目标|<|<|实际完成情况|<|<
^|清淤12公里|<|<|清淤12公里|<|<
一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分
产出指标|数量指标|清淤长度|≥12公里|12公里|50|50
效益指标|生态效益指标|水质达标率|≥90%|92%|30|30
满意度指标|服务对象满意度指标|居民满意度|≥90%|93%|10|10
总分|<|<|<|<|100|99
";

fn with_money(block: &str) -> Form {
    only(&SELF_EVALUATION.replace("{money}", block))
}

const COLUMNS: &str = "资金（万元）|年初预算数|全年预算数|全年执行数|分值|执行率|得分
年度资金总额|120|120|108|10|90%|9";

#[test]
fn a_row_of_numbers_counts_the_columns_only_where_each_is_one_more() {
    let grid = SELF_EVALUATION.replace("{money}", COLUMNS);
    let header = grid.lines().find(|line| line.starts_with("一级指标")).expect("the header");
    let rows = |numbers: &str| {
        let form = only(&grid.replace(header, &format!("{header}\n{numbers}")));
        form.record.indicators().map_or(0, |table| table.rows.len())
    };
    assert_eq!((rows("1|2|3|4|5|6|7"), rows("4294967295|0|1|2|3|4|5")), (3, 4));
}

#[test]
fn an_empty_row_or_column_anywhere_changes_nothing() {
    let grid = SELF_EVALUATION.replace("{money}", COLUMNS);
    let lines: Vec<&str> = grid.trim().lines().collect();
    let insert_row = |at: usize| {
        let (above, below) = (lines.iter().take(at), lines.iter().skip(at));
        let blank = if at == 6 { "^" } else { " " };
        above.copied().chain([blank]).chain(below.copied()).collect::<Vec<_>>().join("\n")
    };
    let insert_column = |at: usize| {
        let widened = lines.iter().map(|line| {
            let mut cells: Vec<&str> = line.split('|').collect();
            let inside_merge = cells.get(at).is_some_and(|cell| *cell == "<");
            cells.insert(at, if inside_merge { "<" } else { "" });
            cells.join("|")
        });
        widened.collect::<Vec<_>>().join("\n")
    };
    let seen = |form: &Form| {
        let fields = ["project", "department", "unit", "year", "goal", "goal_actual", "total_score"];
        let cells = ["level1", "level2", "level3", "target", "actual", "weight", "score"];
        (
            fields.map(|id| text(form, id).to_owned()),
            ["initial", "budget", "executed", "rate", "score"].map(|id| amount(form, "total", id)),
            cells.map(|id| column(form, id).join("/")),
        )
    };
    let plain = seen(&only(&grid));
    for at in 1..lines.len() {
        assert_eq!(seen(&only(&insert_row(at))), plain, "an empty row before row {}", at + 1);
    }
    for at in 1..7 {
        assert_eq!(seen(&only(&insert_column(at))), plain, "an empty column before column {}", at + 1);
    }
}

#[test]
fn amounts_in_one_row_of_labels_and_values_belong_to_the_total() {
    let form = with_money("项目资金（万元）|预算数|240|执行数|216|执行率|90%");
    assert_eq!(["budget", "executed", "rate"].map(|id| amount(&form, "total", id)), ["240", "216", "0.9"]);
}

#[test]
fn one_row_of_amounts_needs_no_label() {
    let form = with_money("资金情况（万元）|<|预算安排金额|<|实际支出金额|支出率|<\n^|<|1000|<|850|85%|<");
    assert_eq!(["budget", "executed", "rate"].map(|id| amount(&form, "total", id)), ["1000", "850", "0.85"]);
}

#[test]
fn parts_under_parts_are_told_apart_by_their_names() {
    let form = with_money(
        "项目资金（万元）|年初预算数|全年预算（A）|全年执行（B）|分值|执行率（B÷A）|得分
年度资金总额|800|1000|990|10|99%|9.9
其中：1.财政拨款|800|900|890|—|98.9%|—
其中：中央财政资金|300|400|400|—|100%|—
2.上年结转资金||100|100|—|100%|—",
    );
    assert_eq!(["fiscal", "central", "carryover"].map(|row| amount(&form, row, "executed")), ["890", "400", "100"]);
}

#[test]
fn amounts_written_out_in_one_box_are_rows_of_their_own() {
    let form = with_money(
        "资金（万元）|年初预算数|全年预算数|全年执行数|分值|执行率|得分
年度资金总额|120|120|108|10|90%|9
按资金来源分|其中：财政拨款：100 其他资金：20|<|<|<|<|<",
    );
    assert_eq!(["fiscal", "other"].map(|row| amount(&form, row, "budget")), ["100", "20"]);
}

#[test]
fn a_goal_adjusted_in_the_year_does_not_hide_the_one_under_its_heading() {
    let grid = SELF_EVALUATION
        .replace("{money}", COLUMNS)
        .replace("预期目标|<|<|实际完成情况|<|<", "年初目标|<|年中修订情况|<|实际完成情况|<")
        .replace("清淤12公里|<|<|清淤12公里|<|<", "清淤12公里|<|清淤10公里|<|清淤11公里|<");
    let form = only(&grid);
    assert_eq!((text(&form, "goal"), text(&form, "goal_actual")), ("清淤12公里", "清淤11公里"));
}

#[test]
fn rows_numbered_and_levels_repeated_are_read_like_merged_ones() {
    let form = only(
        "
部门预算项目支出绩效自评表|<|<|<|<|<|<|<|<|<
（二〇二三年度）|<|<|<|<|<|<|<|<|<
项目名称|36040322T000000012345-道路保洁|<|<|<|<|<|<|<|<
主管部门及实施单位|420-澄岚区城管局|<|<|<|<|<|<|<|<
序号|一级指标①|二级指标①|三级指标①|指标性质|指标值|度量单位|实际完成值|分值|得分
1|产出指标|数量指标|清扫面积|≥|120|万平方米|120|30|30
2|产出指标|质量指标|清扫合格率|≥|95|%|96|20|20
3|效益指标|社会效益指标|城市环境|定性|优||优|30|30
4|满意度指标|服务对象满意度指标|市民满意度|≥|90|%|92|10|10
自评总分|<|<|<|<|<|<|<|100|90
",
    );
    assert_eq!(column(&form, "level3"), ["清扫面积", "清扫合格率", "城市环境", "市民满意度"]);
    assert_eq!(column(&form, "level1"), ["产出指标", "产出指标", "效益指标", "满意度指标"]);
    assert_eq!(text(&form, "unit"), "420-澄岚区城管局");
    assert_eq!(text(&form, "total_score"), "90");
}

#[test]
fn a_list_of_projects_with_their_indicators_is_a_form_for_each() {
    let forms = read(
        "
部门预算项目绩效目标申报表|<|<|<|<|<|<|<|<|<
（2023年度）||||||||金额单位：元|<
单位名称|项目名称|预算数|年度目标|一级指标|二级指标|三级指标|指标性质|指标值|度量单位
820-枫屏镇部门||420,000.00|||||||
枫屏镇人民政府|村级运转|120,000.00|保障运转|产出指标|数量指标|保障村数|≥|12|个
^|^|^|^|效益指标|社会效益指标|服务水平|定性|提升|
枫屏镇人民政府|环境整治|300,000.00|整治环境|产出指标|数量指标|整治村数|≥|8|个
^|^|^|^|满意度指标|服务对象满意度指标|村民满意度|≥|90|%
",
    );
    let seen: Vec<_> = forms
        .iter()
        .map(|form| (text(form, "project"), amount(form, "total", "budget"), column(form, "level3").join("、")))
        .collect();
    let project = |name, budget: &str, indicators: &str| (name, budget.to_owned(), indicators.to_owned());
    assert_eq!(
        seen,
        [project("村级运转", "120000", "保障村数、服务水平"), project("环境整治", "300000", "整治村数、村民满意度")]
    );
    assert!(forms.iter().all(|form| text(form, "unit") == "枫屏镇人民政府" && text(form, "year").contains("2023")));
}

#[test]
fn the_sums_of_a_task_list_are_the_money_of_a_department() {
    let form = only(
        "
部门整体支出绩效目标申报表|<|<|<|<|<
（2024年度）|<|<|<|<|<
部门（单位）名称|<|澄岚区林业局|<|<|<
年度主要任务|任务名称|主要内容|预算金额（万元）|<|<
^|^|^|总额|财政拨款|其他资金
^|造林绿化|造林1万亩|500|450|50
^|森林防火|巡护|200|200|0
^|金额合计|<|700|650|50
年度总体目标|完成造林任务|<|<|<|<
年度绩效指标|一级指标|二级指标|三级指标|指标值|<
^|产出指标|数量指标|造林面积|≥1万亩|<
^|效益指标|生态效益指标|森林覆盖率|≥60%|<
",
    );
    assert_eq!((form.schema.stage, form.schema.subject), (Stage::Target, Subject::Department));
    assert_eq!(["total", "fiscal", "other"].map(|row| amount(&form, row, "budget")), ["700", "650", "50"]);
}

#[test]
fn a_monitoring_form_of_any_round_is_read_with_its_ticks() {
    let form = only(
        "
2023年1-9月项目支出绩效运行监控表|<|<|<|<|<|<|<|<|<
项目名称|<|饮水巩固|<|主管部门|澄岚区水利局|<|实施单位|澄岚区农饮中心|<
项目资金（万元）|年度资金总额|年初预算数|截至9月底执行数|1-9月执行率|全年预计执行数|<|<|<|<
^|^|300|150|50%|300|<|<|<|<
一级指标|二级指标|三级指标|年度指标值|1-9月完成情况|全年预计完成情况|偏差原因|完成目标可能性|<|<
^|^|^|^|^|^|^|确定能|有可能|完全不可能
产出指标|数量指标|供水工程|20处|11处|20处||√||
^|时效指标|完工及时率|100%|60%|95%|资金未到位||√|
效益指标|社会效益指标|受益人口|≥2万人|1.1万人|2万人||√||
注：1.偏差原因分析：有偏差的填写。|<|<|<|<|<|<|<|<|<
",
    );
    assert_eq!(form.schema.stage, Stage::Monitoring);
    let columns = ["budget", "executed", "rate", "forecast"];
    assert_eq!(columns.map(|id| amount(&form, "total", id)), ["300", "150", "0.5", "300"]);
    assert_eq!(column(&form, "actual"), ["11处", "60%", "1.1万人"]);
    assert_eq!(column(&form, "possibility"), ["确定能", "有可能", "确定能"]);
    assert!(form.record.field("deviation_summary").is_none(), "a footnote explains a label, it is none");
}

#[test]
fn an_investment_plan_names_who_receives_it() {
    let form = only(
        "
中央预算内投资计划绩效目标表|<|<|<|<
（2023年度）|<|<|<|<
专项名称|<|污水处理工程|<|<
下达地方或单位名称|<|澄岚区发展和改革局|<|<
项目总投资（万元）|<|5600|<|<
其中：中央预算内投资|<|2000|<|<
总体目标|建设管网12公里|<|<|<
绩效指标|一级指标|二级指标|三级指标|绩效指标值
^|产出指标|数量指标|管网长度|≥12公里
^|实施效果指标|生态效益|污水收集率|≥85%
^|过程管理指标|项目管理指标|按时开工率|100%
",
    );
    assert_eq!((form.schema.stage, form.schema.subject), (Stage::Target, Subject::Project));
    assert_eq!(text(&form, "unit"), "澄岚区发展和改革局");
    assert_eq!(["total", "central"].map(|row| amount(&form, row, "budget")), ["5600", "2000"]);
    assert_eq!(column(&form, "level3").len(), 3);
}

#[test]
fn sheets_about_forms_are_no_forms() {
    let summary = "
2023年度项目支出绩效自评情况汇总表|<|<|<|<|<|<|<
主管部门：澄岚区水利局|<|<|<|<|<|单位：万元|<
序号|项目名称|实施单位|年初预算数|全年预算数|全年执行数|执行率|自评得分
1|山塘整治|澄岚区水利站|100|100|90|90%|95
2|河道清淤|澄岚区河道所|50|50|50|100%|98
合计|<|<|150|150|140|93%|
";
    let approved = "
部门预算项目绩效目标批复汇总表|<|<|<|<|<
序号|项目名称|主管部门|实施单位|预算金额|年度目标
1|山塘整治|澄岚区水利局|水利站|100|整治山塘12座
";
    let indicators = "
部门整体绩效目标指标体系表|<|<|<|<|<
一级指标|二级指标|三级指标|指标说明|评分标准|权重
投入|预算管理|预算编制完整性|说明|标准|5
产出|重点工作|任务完成率|说明|标准|40
";
    let draft = "
项目支出绩效评价评分底稿|<|<|<|<|<|<
一级指标|二级指标|三级指标|分值|评分标准|得分|扣分原因
决策|项目立项|立项依据充分性|3|符合得3分|3|
产出|产出数量|实际完成率|20|按比例|20|
";
    let notes = "
填报说明|<
1.项目名称：按预算批复的名称填写。|<
2.绩效指标：一级指标、二级指标、三级指标、年度指标值按批复填写。|<
";
    let ranked = "
2024年度预算绩效管理考核结果汇总表|<|<|<
序号|单位名称|考核得分|等次
1|澄岚区水利局|95|优
2|澄岚区教育局|88|良
";
    for grid in [summary, approved, indicators, draft, notes, ranked] {
        assert!(read(grid).is_empty(), "{grid}");
    }
}

/// A field of every form on the sheet.
fn all<'a>(forms: &'a [Form], id: &str) -> Vec<&'a str> {
    forms.iter().map(|form| text(form, id)).collect()
}

#[test]
fn a_form_whose_merges_were_lost_is_read_across_the_blank_cells() {
    let form = only(
        "
2023年度财政支出项目绩效自评表
项目名称||全民阅读推广|||||
主管部门||澄岚区文化和旅游局|||实施单位|澄岚区图书馆|
联系人|||||联系电话||
项目资金（万元）||年初预算数|全年预算数|全年执行数|分值|执行率|得分
年度资金总额||60|60|57|10|95%|9.5
年度总体目标|年初设定目标||||年度总体目标完成情况综述||
|举办阅读活动60场||||举办阅读活动63场||
绩效指标|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分
|产出指标|数量指标|活动场次|≥60场|63场|50|50
|效益指标|社会效益指标|参与读者|≥1.2万人次|1.3万人次|30|30
|满意度指标|服务对象满意度指标|读者满意度|≥90%|95%|10|10
总分||||||100|99.5
",
    );
    let seen = ["project", "department", "unit", "goal", "goal_actual"].map(|id| text(&form, id));
    assert_eq!(seen, ["全民阅读推广", "澄岚区文化和旅游局", "澄岚区图书馆", "举办阅读活动60场", "举办阅读活动63场"]);
    assert!(form.record.field("contact").is_none_or(|contact| contact.is_blank()), "nothing was filled in");
}

#[test]
fn the_year_counts_wherever_the_longer_horizon_stands_and_the_better_label_names() {
    let form = only(
        "
2025年度预算项目绩效目标批复表|<|<|<|<|<|<
金额单位：万元|<|<|<|<|<|<
项目名称|感染楼建设|<|<|项目单位|澄岚区人民医院|<
主管部门|澄岚区卫健委|<|<|项目总投资|9600|<
年度预算金额|3200|<|<|其中：财政拨款|3200|<
年度绩效目标|主体结构封顶|<|<|<|<|<
一级指标|二级指标|三级指标|指标内容|年度指标值|实施期指标值|指标值类型
产出指标|数量指标|封顶层数|主体结构|8|16|≥
成本指标|经济成本指标|单方造价|含装修|4800|4800|≤
效益指标|社会效益指标|新增床位数|编制床位|0|150|≥
满意度指标|服务对象满意度指标|患者满意度|问卷|90|90|≥
",
    );
    assert_eq!(["total", "fiscal"].map(|row| amount(&form, row, "budget")), ["3200", "3200"]);
    assert_eq!(column(&form, "level3"), ["封顶层数", "单方造价", "新增床位数", "患者满意度"]);
    let rows = &form.record.indicators().expect("a table").rows;
    let targets: Vec<_> = rows.iter().filter_map(|row| row.target.as_ref()).map(ToString::to_string).collect();
    assert_eq!(targets, ["≥8", "≤4800", "≥0", "≥90"], "the sign stands under 指标值类型");
}

#[test]
fn amounts_stand_under_headings_or_one_after_the_other_in_a_box() {
    let grid = |money: &str| {
        format!(
            "
项目绩效目标申报表（2024年度）|<|<|<|<
项目名称|路灯维护|<|项目编码|36040324T000000112233
预算部门|澄岚区城市管理局|<|实施单位|澄岚区路灯所
{money}
年度目标|维护路灯1.8万盏|<|<|<
一级指标|二级指标|三级指标|指标值|备注
产出指标|数量指标|维护路灯|≥1.8万盏|
效益指标|社会效益指标|亮灯率|≥98%|
满意度指标|服务对象满意度指标|市民满意度|≥90%|
"
        )
    };
    for money in [
        "项目资金（万元）|资金总额|财政拨款|其他资金|<\n^|1238.5|1200|38.5|<",
        "资金总额1,238.50万元，其中：财政拨款1,200万元、其他资金38.50万元|<|<|<|<",
    ] {
        let form = only(&grid(money));
        assert_eq!(["total", "fiscal", "other"].map(|row| amount(&form, row, "budget")), ["1238.5", "1200", "38.5"]);
        assert_eq!(text(&form, "department"), "澄岚区城市管理局");
    }
}

#[test]
fn a_blank_amount_takes_no_word_from_the_cells_behind_it() {
    let form = only(
        "
项目支出绩效目标审批表（2024年度）|<|<|<|<
项目名称|小区改造||实施单位|澄岚区城建中心
项目资金（万元）|当年年度预算|1860|财政资金预算分类|一般公共预算
^|其中：财政资金||财政资金科目代码|2120803
^|其中：其它资金|||备用
年度目标|改造小区12个|||
一级指标|二级指标|三级指标|指标值|备注
产出指标|数量指标|改造小区数|≥12个|
效益指标|社会效益指标|惠及户数|≥2300户|
满意度指标|服务对象满意度指标|居民满意度|≥90%|
",
    );
    let grid = form.record.funding().expect("a money block");
    for row in ["fiscal", "other"] {
        assert!(grid.cell(row, "budget").is_some_and(|amount| amount.is_blank()), "{row}");
    }
}

#[test]
fn a_form_below_without_a_title_belongs_to_the_same_year() {
    let first = SELF_EVALUATION.replace("{money}", COLUMNS);
    let second = first.trim().lines().skip(1).collect::<Vec<_>>().join("\n").replace("河道清淤", "堤防加固");
    let forms = read(&format!("{}\n{second}", first.trim_end()));
    assert_eq!(all(&forms, "project"), ["河道清淤", "堤防加固"]);
    assert!(forms.iter().all(|form| form.record.field("year").is_some_and(|year| year.text().contains("2023"))));
}

#[test]
fn a_scored_form_is_a_project_form_whatever_money_its_title_names() {
    let scored = SELF_EVALUATION.replace("项目支出绩效自评表", "专项资金绩效自评表").replace("{money}", COLUMNS);
    assert_eq!(only(&scored).schema.subject, Subject::Project);
}

#[test]
fn sums_of_a_class_and_the_numbers_of_columns_are_no_indicators() {
    let grid = SELF_EVALUATION.replace("{money}", COLUMNS);
    let grid = grid
        .replace("\n效益指标|", "\n小计|<|<|<|<|50|50\n效益指标|")
        .replace("产出指标|数量", "1|2|3|4|5|6|7\n产出指标|数量");
    let form = only(&grid);
    assert_eq!(column(&form, "level3"), ["清淤长度", "水质达标率", "居民满意度"]);
    assert_eq!(text(&form, "total_score"), "99");
}

#[test]
fn a_list_whose_one_column_names_unit_and_project_is_a_form_for_each() {
    let forms = read(
        "
2024年项目支出绩效目标表（本级下达）|<|<|<|<|<|<|<|<
部门：澄岚区农业农村局|||||||金额单位：元|<
单位名称、项目名称|项目年度绩效目标|一级指标|二级指标|三级指标|指标性质|指标值|度量单位|指标内容
1|2|3|4|5|6|7|8|9
澄岚区农业农村局||||||||
动物防疫|完成集中免疫|产出指标|数量指标|免疫畜禽|>=|120|万头|免疫数量
||效益指标|社会效益指标|重大疫情|=|0|起|疫情
农机补贴|补贴农机300台|产出指标|数量指标|补贴机具|>=|300|台|补贴数量
",
    );
    assert_eq!(all(&forms, "project"), ["动物防疫", "农机补贴"]);
    let names: Vec<_> = forms.iter().map(|form| column(form, "level3")).collect();
    assert_eq!(names, [vec!["免疫畜禽", "重大疫情"], vec!["补贴机具"]]);
}

#[test]
fn a_plan_with_its_total_on_top_and_headings_between_is_read_row_by_row() {
    let form = only(
        "
2026年度绩效评价项目安排表|<|<|<|<
制表单位：澄岚区财政局绩效股|<|<|金额单位：万元|<
序号|评价项目名称|主管部门|预算资金|评价机构
合计|||4900|
一|项目支出绩效评价|||
1|饮水安全巩固|澄岚区水利局|800|甲公司
2|水毁公路修复|澄岚区交通局|1500|乙公司
二|部门整体支出绩效评价|||
3|澄岚区林业局整体支出|澄岚区林业局|2600|
",
    );
    assert_eq!(form.schema.stage, Stage::Evaluation);
    let table = form.record.tables.get("plan").expect("the plan");
    let numbers = |rows: &[jixiao::form::Row]| rows.iter().filter_map(|row| row.number("amount")).count();
    assert_eq!((table.rows.len(), numbers(&table.rows)), (3, 3));
    let total = table.total.as_ref().and_then(|row| row.number("amount")).map(|n| n.to_string());
    assert_eq!(total.as_deref(), Some("4900"));
}

#[test]
fn an_assessment_may_have_blocks_of_its_own() {
    let form = only(
        "
2025年度预算绩效管理考核评分表|<|<|<|<|<
被考核单位|<|澄岚区交通运输局|<|<|<
考核指标|<|分值|评分标准|考核得分|扣分原因
一级指标|二级指标|^|^|^|^
基础工作|组织保障|20|成立领导小组|20|
目标管理|编报质量|30|每项扣1分|27|3个指标不量化
绩效评价|自评质量|50|抽查|50|
合计|<|100||97|
",
    );
    assert_eq!(form.schema.stage, Stage::Assessment);
    assert_eq!(column(&form, "level3"), ["组织保障", "编报质量", "自评质量"]);
    assert_eq!(text(&form, "total_score"), "97");
}
