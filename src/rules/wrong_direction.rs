//! V108 wrong-direction: a comparison sign that rewards the wrong thing.

use super::{Check, Context, Fault, Rule, Verdict, fix, indicator, phrase};
use crate::finding::{Dimension, Severity};
use crate::form::Row;
use crate::schema::concept::{column, subclass};
use crate::text::excerpt;
use crate::value::{Measure, Operator};

pub(super) static RULE: Rule = Rule {
    code: "V108",
    name: "wrong-direction",
    severity: Severity::Error,
    dimension: Dimension::Feasibility,
    authority: "实务（成本指标不用“≥”）；财预〔2015〕88号（绩效目标应当合理可行）",
    summary: "比较符号方向错误（成本用≥、数量用≤）",
    docs: "\
## 检查什么

成本金额用“≥”；建设、购置、培训一类数量用“≤”；满意度、合格率、及时率等比率用“≤”；投诉、事故次数用“≥”。节约额、补助标准和“会议次数不超过”一类确需相反方向的不查。

## 为什么

方向写反，花得越多、做得越少反而算完成，考核结果就反了。

## 正反例

- 反例：`项目成本 ≥65万元`；`新建示范村数量 ≤4个`
- 正例：`项目成本 ≤65万元`；`新建示范村数量 ≥4个`

## 怎么改

成本用“≤”，产出数量、质量、满意度用“≥”，投诉事故用“≤”。
修改建议：把比较符号改为相反方向的，数字不变。

## 依据

财预〔2015〕88号《中央部门预算绩效目标管理办法》：绩效目标应当指向明确、细化量化、合理可行、相互匹配。
",
    check: Check::Form(check),
};

/// Words of names where the opposite direction is meant: what is saved, what people are granted at least.
const SAVED: [&str; 14] = [
    "节约",
    "节省",
    "降低",
    "下降",
    "减少",
    "压减",
    "标准",
    "收入",
    "自筹",
    "补助",
    "补贴",
    "待遇",
    "工资",
    "经费水平",
];
/// Words of deeds of which more is better.
const WANTED: [&str; 23] = [
    "建设", "新建", "改造", "完成", "购置", "采购", "培训", "受益", "覆盖", "服务", "惠及", "开展", "发放", "养护",
    "安装", "清淤", "绿化", "种植", "举办", "印制", "资助", "巡查", "宣传",
];
/// Words of deeds and expenses that a unit keeps low.
const KEPT_LOW: [&str; 14] =
    ["会议", "接待", "公务", "用车", "出国", "差旅", "成本", "费", "时间", "时长", "中断", "故障", "延误", "逾期"];

fn check(ctx: &Context<'_>) -> Verdict {
    indicator::each(ctx, &[column::TARGET], |row| {
        let (operator, expected, why) = wrong(ctx, row)?;
        let target = row.cell(column::TARGET)?;
        Some(Fault {
            cell: Some(target.cell()),
            related: indicator::cells(row, &[column::LEVEL3, column::OPERATOR]),
            found: Some(operator.to_string()),
            expected: Some(expected.to_string()),
            message: format!(
                "{}“{}”用了“{operator}”，{why}",
                phrase::column_at(ctx.form, target, column::TARGET),
                excerpt(target.text(), 20)
            ),
            advice: match &row.target {
                Some(measure) => {
                    let right = Measure { operator: Some(expected), ..measure.clone() };
                    format!("把“{measure}”改为“{right}”，并核对实际完成值达到没有。")
                }
                None => format!("把比较符号改为“{expected}”，并核对实际完成值达到没有。"),
            },
            fix: fix::suggested(fix::operator(row, expected)),
            ..Fault::default()
        })
    })
}

/// The sign, the right one and why, where the sign rewards the wrong thing.
pub(super) fn wrong(ctx: &Context<'_>, row: &Row) -> Option<(Operator, Operator, &'static str)> {
    let target = row.target.as_ref()?;
    let operator = target.operator?;
    let name = indicator::name(row)?;
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let reverse = indicator::has_any(&name, &ctx.policy.words.reverse);
    if operator.is_forward() {
        let money = target.unit.as_deref().is_some_and(indicator::is_money);
        if indicator::is_money_cost(row) && money && !has(&SAVED) {
            return Some((operator, Operator::AtMost, "成本应当控制在目标以内"));
        }
        let harm = indicator::counts_harm(&name, &ctx.policy.words.reverse) && !has(&SAVED);
        return harm.then_some((operator, Operator::AtMost, "该指标越少越好"));
    }
    if !operator.is_reverse() || reverse || has(&SAVED) {
        return None;
    }
    let rate =
        indicator::is_satisfaction(row) || (indicator::is_rate(&name) && target.is_percent() && is_good_rate(&name));
    if rate {
        return Some((operator, Operator::AtLeast, "该比率越高越好"));
    }
    let quantity = indicator::is_subclass(row, subclass::QUANTITY) && has(&WANTED) && !has(&KEPT_LOW);
    quantity.then_some((operator, Operator::AtLeast, "产出数量应当不少于目标"))
}

fn is_good_rate(name: &str) -> bool {
    const GOOD: [&str; 15] = [
        "合格率",
        "及时率",
        "覆盖率",
        "达标率",
        "完成率",
        "满意度",
        "知晓率",
        "到位率",
        "通过率",
        "准确率",
        "完工率",
        "办结率",
        "成活率",
        "整改率",
        "优良率",
    ];
    GOOD.iter().any(|good| indicator::stem(name).ends_with(good))
}
