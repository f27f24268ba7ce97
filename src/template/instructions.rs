//! The sheet 填报说明: how to fill the form in, box by box, and what it will be checked for.

use std::collections::BTreeSet;

use super::plan::{Plan, Role};
use super::prompts::prompt;

/// Name of the sheet.
pub(super) const NAME: &str = "填报说明";

/// A rule as the instructions state it. The texts are those of the table of rules, so that unit and checker read the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleText {
    /// `A101`.
    pub code: String,
    /// 严重, 一般 or 提示.
    pub severity: String,
    /// One line.
    pub summary: String,
    /// 检查什么.
    pub checks: String,
    /// 怎么改.
    pub mend: String,
    /// 依据.
    pub authority: String,
}

/// What the sheet says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Instructions {
    /// How to work with the workbook, point by point.
    pub(super) steps: Vec<String>,
    /// Box, how to fill it in, whether it must be.
    pub(super) boxes: Vec<[String; 3]>,
    /// Code, severity, fault, what is checked, how to mend it, authority.
    pub(super) rules: Vec<[String; 6]>,
}

/// The instructions of a form.
pub(super) fn instructions(plan: &Plan, rules: &[RuleText]) -> Instructions {
    let mut seen = BTreeSet::new();
    let boxes = plan.inputs().filter_map(|(_, input)| {
        let label = input.label.replace('\n', "");
        let line = [label, prompt(input).replace("必填。", ""), if input.required { "是" } else { "" }.to_owned()];
        seen.insert((line[0].clone(), line[1].clone())).then_some(line)
    });
    let boxes = boxes.collect();
    let rules = rules.iter().map(|rule| {
        [&rule.code, &rule.severity, &rule.summary, &rule.checks, &rule.mend, &rule.authority].map(Clone::clone)
    });
    Instructions { steps: steps(plan), boxes, rules: rules.collect() }
}

fn steps(plan: &Plan) -> Vec<String> {
    let has = |wanted: fn(&Role) -> bool| plan.inputs().any(|(_, input)| wanted(&input.role));
    let mut steps = vec![
        "只填白色和浅黄色的格；浅黄色是必填、还没有填的，填好后变白。印好的文字和带公式的格锁定，不用动。".to_owned(),
        "选中一格会显示怎么填；有下拉箭头的从列表中选。填错时会提示，按提示改。".to_owned(),
    ];
    if !plan.checks.is_empty() {
        steps.push(
            "合计、执行率、得分自动计算和核对：一致的显示绿色，不一致的显示红色，逐项结果见“自检”。报送前“自检”应没有“✗”。"
                .to_owned(),
        );
    }
    if has(|role| matches!(role, Role::Row { .. })) {
        steps.push(
            "行不够时，在该类两行之间插入：选中该类第二行的行号，右键“插入”，合计会自动包括新行；不要插在一类的最后一行之后。多余的空行不用删，空着即可。"
                .to_owned(),
        );
        steps.push(
            "工作表带保护，没有密码。确需删行或改版面时，在“审阅”里撤销工作表保护；表的标题、各栏名称不要改，改了就认不出是哪种表。"
                .to_owned(),
        );
    }
    steps.push("填好后按 .xlsx 保存报送；用 WPS、LibreOffice 存成 .xls、.et、.ods 也可以。".to_owned());
    steps
}
