//! Indicators of many trades, sound and faulty, each put into a form that is otherwise well filled: what the rules say of
//! its row is what the list expects, no more and no less.
//!
//! A line of `tests/fixtures/wording/indicators.txt`: second level, name, target, codes of the rules that must speak.

use std::collections::BTreeSet;
use std::fs;

use jixiao::finding::Finding;
use jixiao::form::Reader;
use jixiao::policy::Policy;
use jixiao::rules::{self, RULES};
use jixiao::schema::{Catalog, SourceFile};
use jixiao::workbook::sheet_from_text;

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

/// A target form whose row of this second level is the indicator in question, and that row, from one.
fn form(level2: &str, name: &str, target: &str) -> (String, u32) {
    let head = "项目支出绩效目标申报表|<|<|<|<\n（2023年度）|<|<|<|<\n项目名称|村医轮训项目|<|<|<\n\
        主管部门|澄岚区卫生健康委员会|<|实施单位|澄岚区卫生服务中心\n资金情况（万元）|年度资金总额：|30|<|<\n\
        ^|其中：财政拨款|30|<|<\n^|其他资金|0|<|<\n年度绩效目标|组织村医轮训，方便群众就近看病就医。|<|<|<\n\
        绩效指标|一级指标|二级指标|三级指标|指标值\n";
    let mut grid = head.to_owned();
    let mut at = 0;
    let mut above = "";
    for (row, [class, subclass, own, value]) in (10..).zip(ROWS) {
        let here = subclass.starts_with(level2) || (level2 == "满意度" && class.starts_with(level2));
        let (own, value) = if here { (name, target) } else { (own, value) };
        at = if here { row } else { at };
        let printed = if class == above { "^" } else { class };
        grid.push_str(&format!("^|{printed}|{subclass}|{own}|{value}\n"));
        above = class;
    }
    assert!(at > 0, "there is no {level2}");
    (grid, at)
}

fn stands_in(row: u32, finding: &Finding) -> bool {
    finding.cell.iter().chain(&finding.related).any(|cell| cell.row + 1 == row)
}

#[test]
fn sound_indicators_pass_and_faulty_ones_are_told_by_their_rule() {
    let names: Vec<&str> = RULES.iter().flat_map(|rule| [rule.name, rule.code]).collect();
    let policy = Policy::load(&[], &SourceFile::new("case.toml", String::new()), &names).expect("the national preset");
    let list = fs::read_to_string("tests/fixtures/wording/indicators.txt").expect("the list");
    let mut problems = Vec::new();
    for line in list.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let [level2, name, target, codes] = line.splitn(4, '|').map(str::trim).collect::<Vec<_>>()[..] else {
            panic!("four columns: {line}")
        };
        let (grid, row) = form(level2, name, target);
        let sheet = sheet_from_text("表", &grid).expect("a grid");
        let mut reading = Reader::new(Catalog::embedded(), &policy.words.empty_marks).read_sheet(&sheet);
        let form = reading.forms.pop().unwrap_or_else(|| panic!("no form: {line}"));
        let (findings, _) = rules::check_form(&form, &policy);
        let wanted: BTreeSet<&str> = codes.split_whitespace().collect();
        let found: BTreeSet<&str> = findings.iter().map(|finding| finding.code).collect();
        let elsewhere: Vec<&str> = findings.iter().filter(|f| !stands_in(row, f)).map(|f| f.message.as_str()).collect();
        if wanted != found || !elsewhere.is_empty() {
            let said: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
            problems.push(format!("{level2}|{name}|{target}: wanted {wanted:?}, found {found:?}: {said:?}"));
        }
    }
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n"));
}
