//! Wording as units write it, sound and faulty, each put into a form that is otherwise well filled: what the rules say is
//! what the lists in `tests/fixtures/wording` expect, no more and no less. Every list tells its columns.

use std::collections::BTreeSet;
use std::fs;
use std::sync::LazyLock;

use jixiao::finding::Finding;
use jixiao::form::Reader;
use jixiao::policy::Policy;
use jixiao::rules::{self, RULES};
use jixiao::schema::{Catalog, SourceFile};
use jixiao::workbook::sheet_from_text;

/// Second level, name and target of a target form.
const ROWS: [[&str; 4]; 9] = [
    ["产出指标", "数量指标", "培训村医人数", "≥600人"],
    ["产出指标", "质量指标", "考核合格率", "≥95%"],
    ["产出指标", "时效指标", "培训按期完成率", "100%"],
    ["产出指标", "成本指标", "培训总成本", "≤30万元"],
    ["效益指标", "经济效益指标", "节约群众就医支出", "≥12万元"],
    ["效益指标", "社会效益指标", "受训村医在岗率", "≥90%"],
    ["效益指标", "生态效益指标", "医疗废物规范处置率", "≥99%"],
    ["效益指标", "可持续影响指标", "培训成果应用年限", "≥3年"],
    ["满意度指标", "服务对象满意度指标", "参训村医满意度", "≥90%"],
];

/// A target form whose row of this second level is the indicator in question.
fn target_form(level2: &str, name: &str, target: &str) -> String {
    let mut grid = "项目支出绩效目标申报表|<|<|<|<\n（2023年度）|<|<|<|<\n项目名称|村医轮训项目|<|<|<\n\
        主管部门|澄岚区卫生健康委员会|<|实施单位|澄岚区卫生服务中心\n资金情况（万元）|年度资金总额：|30|<|<\n\
        ^|其中：财政拨款|30|<|<\n^|其他资金|0|<|<\n年度绩效目标|组织村医轮训，方便群众就近看病就医。|<|<|<\n\
        绩效指标|一级指标|二级指标|三级指标|指标值\n"
        .to_owned();
    let (mut above, mut found) = ("", false);
    for [class, subclass, own, value] in ROWS {
        let here = subclass.starts_with(level2) || class.starts_with(level2);
        let (own, value) = if here { (name, target) } else { (own, value) };
        found |= here;
        grid.push_str(&format!("^|{}|{subclass}|{own}|{value}\n", if class == above { "^" } else { class }));
        above = class;
    }
    assert!(found, "there is no {level2}");
    grid
}

/// A self-evaluation with this goal and result, and with this actual value, score and reason of its first indicator.
fn evaluation(goal: &str, result: &str, [actual, score, reason]: [&str; 3]) -> String {
    let rate = |text: &str| text.parse::<f64>().expect("a score");
    format!(
        "项目支出绩效自评表|<|<|<|<|<|<|<|<\n（2023年度）|<|<|<|<|<|<|<|<\n项目名称|<|<|村医轮训项目|<|<|<|<|<\n\
        主管部门|<|<|澄岚区卫生健康委员会|<|实施单位|澄岚区卫生服务中心|<|<\n\
        项目资金（万元）||<|年初预算数|全年预算数|全年执行数|分值|执行率|得分\n\
        ^|年度资金总额|<|30|30|29.4|10|98%|9.8\n^|其中：当年财政拨款|<|30|30|29.4|—|98%|—\n^|其他资金|<||||—||—\n\
        年度总体目标|预期目标|<|<|<|实际完成情况|<|<|<\n^|{goal}|<|<|<|{result}|<|<|<\n\
        绩效指标|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因分析及改进措施\n\
        ^|产出指标|数量指标|培训村医人数|≥600人|{actual}|10|{score}|{reason}\n^|^|^|培训期数|≥12期|12期|5|5|\n\
        ^|^|质量指标|考核合格率|≥95%|97%|10|10|\n^|^|时效指标|培训按期完成率|100%|100%|10|10|\n\
        ^|^|成本指标|培训总成本|≤30万元|29.4万元|15|15|\n^|效益指标|社会效益指标|受训村医在岗率|≥90%|93%|30|30|\n\
        ^|满意度指标|服务对象满意度指标|参训村医满意度|≥90%|96%|10|10|\n总分|<|<|<|<|<|100|{}|\n",
        rate(score) + 89.8
    )
}

fn findings(grid: &str) -> Vec<Finding> {
    static POLICY: LazyLock<Policy> = LazyLock::new(|| {
        let names: Vec<&str> = RULES.iter().flat_map(|rule| [rule.name, rule.code]).collect();
        Policy::load(&[], &SourceFile::new("case.toml", String::new()), &names).expect("the national preset")
    });
    let sheet = sheet_from_text("表", grid).expect("a grid");
    let mut reading = Reader::new(Catalog::embedded(), &POLICY.words.empty_marks).read_sheet(&sheet);
    let form = reading.forms.pop().unwrap_or_else(|| panic!("no form: {grid}"));
    rules::check_form(&form, &POLICY).0
}

/// Judges a list: `form` makes of a line's columns the form in question; the last column holds the codes.
fn judge<const N: usize>(list: &str, form: impl Fn([&str; N]) -> String) {
    let text = fs::read_to_string(format!("tests/fixtures/wording/{list}.txt")).expect("the list");
    let mut problems = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let mut columns: Vec<&str> = line.split('|').map(str::trim).collect();
        let codes = columns.pop().unwrap_or_default();
        let columns: [&str; N] = columns.try_into().unwrap_or_else(|_| panic!("{N} columns and the codes: {line}"));
        let findings = findings(&form(columns));
        let wanted: BTreeSet<&str> = codes.split_whitespace().collect();
        let found: BTreeSet<&str> = findings.iter().map(|finding| finding.code).collect();
        if wanted != found {
            let said: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
            problems.push(format!("{line}\n  found {found:?}: {said:#?}"));
        }
    }
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn sound_indicators_pass_and_faulty_ones_are_told_by_their_rule() {
    judge("indicators", |[level2, name, target]| target_form(level2, name, target));
}

#[test]
fn goals_and_results_are_compared_with_the_indicators() {
    judge("goals", |[goal, result]| evaluation(goal, result, ["612人", "10", ""]));
}

#[test]
fn reasons_are_asked_for_and_weighed() {
    let goal = "组织村医轮训，提高诊疗水平。";
    judge("reasons", |[actual, score, reason]| evaluation(goal, "办了轮训班，村医普遍参加。", [actual, score, reason]));
}
